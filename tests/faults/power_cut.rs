//! What was acknowledged survives a power cut: a disk that keeps only what was forced to
//! it, and of the rest what chance leaves.

use crate::chance::Chance;
use crate::disk::mounted::Mounted;
use crate::disk::{Sabotage, Step, Tree, after_power_cut};
use crate::work::{Told, Work, Worker, times};

/// Cuts in the short form; `SOHOA_CUTS` sets the long one.
const CUTS: usize = 14;
const PAPERS: u32 = 3;
const PAGE_BYTES: u32 = 60_000;

/// Work at a vault, step by step, with what was said at which step.
struct Recorded {
    steps: Vec<Step>,
    said: Vec<(usize, String)>,
}

impl Recorded {
    /// A vault is made, papers are digitised, and the vault is opened again and goes on.
    fn new() -> Option<Self> {
        let mounted = Mounted::new(Tree::default())?;
        let mut said = Vec::new();
        let mut told = Told::default();
        for number in [1, 2] {
            let work = Work {
                number,
                papers: PAPERS,
                page_bytes: PAGE_BYTES,
            };
            let worker = Worker::start(mounted.path(), work, &told);
            worker.work(|line| {
                told.take(line);
                said.push((mounted.disk().steps.len(), line.to_owned()));
            });
            assert_eq!((told.errors, &told.wrong), (0, &Vec::new()));
        }
        let steps = std::mem::take(&mut mounted.disk().steps);
        Some(Self { steps, said })
    }

    /// What had been said when so many steps were done.
    fn told_by(&self, step: usize) -> Told {
        let mut told = Told::default();
        for (_, line) in self.said.iter().filter(|(at, _)| *at <= step) {
            told.take(line);
        }
        told
    }

    /// A moment: right before or after the disk was told to keep something, or any.
    fn moment(&self, chance: &mut Chance) -> usize {
        let any = chance.below(self.steps.len() as u64) as usize;
        if chance.below(3) == 0 {
            return any;
        }
        let from_there = self.steps[any..].iter().position(Step::forces);
        let boundary = any + from_there.unwrap_or(0);
        boundary + chance.below(2) as usize
    }

    /// Cuts the power so often; what is amiss after each cut.
    fn cut(&self, cuts: usize, sabotage: Sabotage, chance: &mut Chance) -> Vec<Vec<String>> {
        let cut = |_| {
            let moment = self.moment(chance);
            let steps = &self.steps[..moment];
            let left = after_power_cut(&Tree::default(), steps, sabotage, chance);
            let mut amiss = self.told_by(moment).amiss(left.laid_out().path());
            if !amiss.is_empty() {
                amiss.insert(0, format!("after step {moment} of {}", self.steps.len()));
            }
            amiss
        };
        (0..cuts).map(cut).collect()
    }
}

#[test]
fn what_was_acknowledged_survives_a_power_cut() {
    let Some(recorded) = Recorded::new() else {
        return;
    };
    let cuts = times("SOHOA_CUTS", CUTS);
    let forced = recorded.steps.iter().filter(|step| step.forces()).count();
    let amiss = recorded.cut(cuts, Sabotage::None, &mut Chance::new());
    println!(
        "{cuts} power cuts over {} steps, {forced} of them forced; {} things acknowledged",
        recorded.steps.len(),
        recorded.said.len()
    );
    let amiss: Vec<_> = amiss
        .into_iter()
        .filter(|amiss| !amiss.is_empty())
        .collect();
    assert_eq!(amiss, Vec::<Vec<String>>::new());
}

/// The negative control: the same cuts on a disk that forgets to keep what it was told to.
/// A log that is not forced at each commit is what `synchronous = NORMAL` would be.
#[test]
fn a_disk_that_keeps_nothing_when_told_to_is_found_out() {
    let Some(recorded) = Recorded::new() else {
        return;
    };
    let mut chance = Chance::new();
    for sabotage in [
        Sabotage::NeverForced("vault.db-wal"),
        Sabotage::NamesNeverForced,
    ] {
        let mut tried = 0;
        let found = (0..100).any(|_| {
            tried += 1;
            let amiss = recorded.cut(1, sabotage, &mut chance);
            amiss.iter().any(|amiss| !amiss.is_empty())
        });
        println!("{sabotage:?}: found out at cut {tried}");
        assert!(found, "{sabotage:?} must lose something");
    }
}
