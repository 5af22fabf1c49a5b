//! A full disk never changes what is true, and once there is room again the work goes on by
//! itself.

use crate::disk::mounted::Mounted;
use crate::disk::{BLOCK, Tree};
use crate::work::{Told, Work, Worker, times};

/// Megabytes of the small disk in the short form; `SOHOA_DISK_MB` sets the long one.
const DISK_MB: usize = 16;
/// Rounds in the short form, each with other spare bytes; `SOHOA_FULL_DISKS` sets more.
const ROUNDS: usize = 3;

/// Works on a small disk until it is full; gives what it said it had done by then, and
/// what lies there.
fn filled() -> Option<(Told, Tree)> {
    let mounted = Mounted::new(Tree::default())?;
    let disk_mb = times("SOHOA_DISK_MB", DISK_MB);
    mounted.disk().capacity_bytes = Some(disk_mb << 20);
    let mut told = Told::default();
    let work = Work {
        number: 1,
        papers: 10,
        page_bytes: (disk_mb << 20) as u32 / 16,
    };
    Worker::start(mounted.path(), work, &Told::default()).work(|line| told.take(line));
    let tree = mounted.disk().tree.clone();
    Some((told, tree))
}

#[test]
fn a_disk_that_fills_up_during_the_work_loses_nothing() {
    let Some((told, tree)) = filled() else {
        return;
    };
    assert!(
        told.errors > 0,
        "ten papers of an eighth of it do not go onto it"
    );
    assert_eq!(told.amiss(tree.laid_out().path()), Vec::<String>::new());
    println!(
        "{} verbs said that the disk was full; all that was acknowledged is there",
        told.errors
    );
}

/// The disk fills up at a step of its own in every round; then there is room, and the same
/// process does what it could not do before.
#[test]
fn once_there_is_room_the_same_process_goes_on() {
    let rounds = times("SOHOA_FULL_DISKS", ROUNDS);
    let mut full = 0;
    for round in 0..rounds {
        let Some(mounted) = Mounted::new(Tree::default()) else {
            return;
        };
        let mut told = Told::default();
        let mut errors = Vec::new();
        let work = Work {
            number: 1,
            papers: 3,
            page_bytes: 100_000,
        };
        // From not enough for an empty vault to enough for all but the copy.
        let capacity = (40 + round * 360 / rounds) * BLOCK;
        mounted.disk().capacity_bytes = Some(capacity);
        Worker::start(mounted.path(), work, &Told::default()).work(|line| {
            if line.starts_with("error") {
                errors.push(line.to_owned());
                mounted.disk().capacity_bytes = None;
            }
            told.take(line);
        });
        let tree = mounted.disk().tree.clone();
        let amiss = told.amiss(tree.laid_out().path());
        assert_eq!(amiss, Vec::<String>::new(), "{capacity} bytes");
        assert!(errors.len() <= 1, "{capacity} bytes: {errors:?}");
        let says_so = errors
            .iter()
            .all(|error| error.ends_with("the disk is full"));
        assert!(says_so, "{capacity} bytes: {errors:?}");
        full += errors.len();
    }
    println!("{rounds} disks, {full} of them full at some step; each went on once there was room");
    assert!(full > 0, "some disk must have been full");
}
