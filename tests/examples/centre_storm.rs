//! A province comes back: stations that were all cut off at once send what they have within a
//! minute. What the centre refuses meanwhile, what memory that takes, and when all is there.
#![allow(
    clippy::unwrap_used,
    reason = "a measurement that cannot go on has failed"
)]
#![allow(clippy::print_stdout, reason = "the figures are the result")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use domain::digest::Digest;
use support::memory_station::MemoryStation;
use support::test_centre::TestCentre;
use sync::{Backoff, Centre, Fault, HttpCentre, Stop, Store as _};
use wire::{PartStored, Progress, State};

/// A signed copy of a page or two.
const FILE_BYTES: usize = 30_000;
/// The most that a centre may hold in memory.
const MEMORY_KB: u64 = 1 << 20;
const SAMPLE: Duration = Duration::from_millis(200);

fn number_of(variable: &str, short: u64) -> u64 {
    let given = std::env::var(variable).ok();
    given.and_then(|given| given.parse().ok()).unwrap_or(short)
}

/// What requests came to, by name.
type Counts = Arc<Mutex<BTreeMap<String, u64>>>;

/// A centre of which every answer is counted.
struct Counted {
    there: HttpCentre,
    counts: Counts,
}

impl Counted {
    fn count<T>(&self, answer: Result<T, Fault>) -> Result<T, Fault> {
        let name = match &answer {
            Ok(_) => "granted".to_owned(),
            Err(Fault::Refused(problem)) => {
                let wait = if problem.retry_after_s.is_some() {
                    "with a time to wait"
                } else {
                    "without a time to wait"
                };
                format!("{}, {wait}", problem.code.name())
            }
            Err(fault) => format!("{fault:?}"),
        };
        *self.counts.lock().unwrap().entry(name).or_default() += 1;
        answer
    }
}

impl Centre for Counted {
    fn state(&self) -> Result<State, Fault> {
        self.count(self.there.state())
    }

    fn announce(&self, envelope: &[u8]) -> Result<Progress, Fault> {
        self.count(self.there.announce(envelope))
    }

    fn progress(&self, envelope: &Digest) -> Result<Progress, Fault> {
        self.count(self.there.progress(envelope))
    }

    fn put_part(&self, sealed: &Digest, offset: u64, bytes: &[u8]) -> Result<PartStored, Fault> {
        self.count(self.there.put_part(sealed, offset, bytes))
    }
}

fn main() {
    let stations = number_of("SOHOA_STORM_STATIONS", 1_200);
    let records = number_of("SOHOA_STORM_RECORDS", 5);
    let window_ms = 1_000 * number_of("SOHOA_STORM_WINDOW_S", 60);
    let centre = TestCentre::start();
    println!("{stations} stations with {records} records of {FILE_BYTES} bytes each come back");
    let began = Instant::now();
    let prepared: Vec<MemoryStation> = (0..stations)
        .map(|number| {
            let station = MemoryStation::enrolled(&centre, number as u32);
            for _ in 0..records {
                station.deposit(&[FILE_BYTES]);
            }
            station
        })
        .collect();
    println!("prepared in {:.0} s", began.elapsed().as_secs_f32());
    let counts = Counts::default();
    let done = Arc::new(AtomicUsize::new(0));
    let before = resident_kb(&centre);
    let began = Instant::now();
    let threads: Vec<_> = prepared
        .into_iter()
        .enumerate()
        .map(|(number, station)| {
            let (counts, done) = (Arc::clone(&counts), Arc::clone(&done));
            // Any order, but the same in each run.
            let chance = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(chance % window_ms));
                send(&station, counts, chance);
                done.fetch_add(1, Ordering::SeqCst);
            })
        })
        .collect();
    let mut samples = vec![before];
    while done.load(Ordering::SeqCst) < threads.len() {
        std::thread::sleep(SAMPLE);
        samples.push(resident_kb(&centre));
    }
    for thread in threads {
        thread.join().unwrap();
    }
    let all = began.elapsed();
    let there = centre.postgres.ask(
        "SELECT count(*), count(DISTINCT document_id), count(DISTINCT log_index) FROM record
         WHERE state = 'received'",
    );
    let total = stations * records;
    assert_eq!(
        there,
        format!("{total}|{total}|{total}"),
        "none lost, none doubled"
    );
    println!("{total} records are there after {:.1} s", all.as_secs_f32());
    for (name, count) in counts.lock().unwrap().iter() {
        println!("  {count} {name}");
    }
    let quarter = |of: usize| samples[(samples.len() - 1) * of / 4];
    println!(
        "memory of the centre: {before} KB before; {}, {}, {}, {} KB after each quarter; {} KB at most (bar {MEMORY_KB})",
        quarter(1),
        quarter(2),
        quarter(3),
        quarter(4),
        samples.iter().max().unwrap()
    );
}

/// Sends as a desk does, until all is there.
fn send(station: &MemoryStation, counts: Counts, chance: u64) {
    let there = Counted {
        there: station.http(),
        counts,
    };
    let mut backoff = Backoff::default();
    let mut chance = chance;
    while !station.waiting().unwrap().is_empty() {
        let stop = station.pass(&there);
        if let Some(stop) = stop {
            assert!(matches!(stop, Stop::Later(_)), "{stop:?}");
            chance = chance
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            std::thread::sleep(backoff.after_failure(chance >> 33, stop.retry_after()));
        }
    }
}

fn resident_kb(centre: &TestCentre) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", centre.process())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or(0)
}
