//! How many records a centre takes from stations that send at once, beside what its database
//! alone commits in the same run.
#![allow(
    clippy::unwrap_used,
    reason = "a measurement that cannot go on has failed"
)]
#![allow(clippy::print_stdout, reason = "the figures are the result")]

use std::process::Command;
use std::time::{Duration, Instant};

use support::memory_station::MemoryStation;
use support::test_centre::TestCentre;
use sync::Centre as _;
use wire::Progress;

/// A small file: what is measured is the commit, not the disk.
const FILE_BYTES: usize = 2_000;

fn number_of(variable: &str, short: usize) -> usize {
    let given = std::env::var(variable).ok();
    given.and_then(|given| given.parse().ok()).unwrap_or(short)
}

fn main() {
    let stations = number_of("SOHOA_LOAD_STATIONS", 100);
    let records = number_of("SOHOA_LOAD_RECORDS", 100);
    let centre = TestCentre::start();
    println!("{stations} stations with {records} records each");
    let alone = database_alone(&centre);
    let memory_before = resident_kb(&centre);
    let began = Instant::now();
    let sending: Vec<_> = (0..stations)
        .map(|number| {
            let station = MemoryStation::enrolled(&centre, number as u32);
            for _ in 0..records {
                station.deposit(&[FILE_BYTES]);
            }
            station
        })
        .collect();
    println!(
        "enrolled and prepared in {:.1} s",
        began.elapsed().as_secs_f32()
    );
    let began = Instant::now();
    let threads: Vec<_> = sending
        .into_iter()
        .map(|station| std::thread::spawn(move || send(&station)))
        .collect();
    let mut took: Vec<Duration> = threads
        .into_iter()
        .flat_map(|thread| thread.join().unwrap())
        .collect();
    let all = began.elapsed().as_secs_f64();
    took.sort_unstable();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_millis();
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
    let rate = total as f64 / all;
    println!(
        "{total} records in {all:.1} s: {rate:.0} commits/s (bar 500), ×{:.2} of the database alone",
        rate / alone
    );
    println!(
        "last word of a record: p50 {} ms, p99 {} ms (bar 300)",
        at(0.5),
        at(0.99)
    );
    println!(
        "memory of the centre: {memory_before} KB before, {} KB after",
        resident_kb(&centre)
    );
}

/// Sends all records of a station, and says how long the commit of each took.
fn send(station: &MemoryStation) -> Vec<Duration> {
    let there = station.http();
    let log = station.log.borrow();
    log.iter()
        .map(|(entry, envelope)| {
            let Progress::Waiting { missing } = there.announce(envelope).unwrap() else {
                panic!("its files are missing");
            };
            for file in missing {
                let bytes = &station.files.borrow()[&file.sealed_sha256];
                there.put_part(&file.sealed_sha256, 0, bytes).unwrap();
            }
            let began = Instant::now();
            let progress = there.progress(&entry.envelope).unwrap();
            assert!(matches!(progress, Progress::Received { .. }));
            began.elapsed()
        })
        .collect()
}

/// Commits per second of the database itself: rows as long as those of a record, by as many
/// clients as it has cores.
fn database_alone(centre: &TestCentre) -> f64 {
    centre
        .postgres
        .ask("CREATE TABLE alone (id bigserial PRIMARY KEY, body text, receipt bytea)");
    let script = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(
        script.path(),
        "INSERT INTO alone (body, receipt) VALUES (repeat('x', 1500), decode(repeat('00', 900), 'hex'));\n",
    )
    .unwrap();
    let said = Command::new(support::test_centre::postgres_tool("pgbench"))
        .args([
            "--no-vacuum",
            "--client=8",
            "--jobs=2",
            "--time=5",
            "--file",
        ])
        .arg(script.path())
        .args([
            "--host",
            &centre.postgres.socket(),
            "--username=postgres",
            "postgres",
        ])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let rate = said
        .lines()
        .find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    let rate = rate.unwrap_or_else(|| panic!("pgbench says its rate: {said}"));
    println!("the database alone: {rate:.0} commits/s with 8 clients");
    rate
}

fn resident_kb(centre: &TestCentre) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", centre.process())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or(0)
}
