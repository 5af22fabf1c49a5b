//! A centre after years: how long it takes to find a record by its code or its owner among so
//! many rows, and how much room they take.
#![allow(
    clippy::unwrap_used,
    reason = "a measurement that cannot go on has failed"
)]
#![allow(clippy::print_stdout, reason = "the figures are the result")]

use std::process::Command;
use std::time::Instant;

use support::memory_station::MemoryStation;
use support::test_centre::{TestCentre, postgres_tool};

/// What a large province takes in within five years.
const FIVE_YEARS: u64 = 31_000_000;
/// So many rows are made in one statement.
const BATCH: u64 = 50_000;
const BAR_MS: f64 = 50.;

fn number_of(variable: &str, short: u64) -> u64 {
    let given = std::env::var(variable).ok();
    given.and_then(|given| given.parse().ok()).unwrap_or(short)
}

fn main() {
    let rows = number_of("SOHOA_CENTRE_ROWS", 300_000);
    let centre = TestCentre::start();
    let station = MemoryStation::enrolled(&centre, 1);
    station.deposit(&[2_000]);
    assert_eq!(station.pass(&station.http()), None);
    let empty = size(&centre);
    let began = Instant::now();
    for begin in (0..rows).step_by(BATCH as usize) {
        fill(&centre, begin + 1, (begin + BATCH).min(rows));
    }
    centre.postgres.ask("ANALYZE");
    println!(
        "{rows} records made in {:.0} s",
        began.elapsed().as_secs_f32()
    );
    let grown = size(&centre) - empty;
    println!(
        "{} bytes a record with its envelope, files, code and indexes; {:.0} GB for {FIVE_YEARS}",
        grown / rows,
        (grown / rows * FIVE_YEARS) as f64 / 1e9
    );
    let check = |what: &str, sql: &str| {
        let (p50, p99) = latency(&centre, rows, sql);
        println!("{what}: p50 {p50:.2} ms, p99 {p99:.2} ms (bar {BAR_MS})");
    };
    check(
        "by local code",
        "SELECT body FROM record WHERE local_code = 'L' || :n;\n",
    );
    check(
        "by digitisation code",
        "SELECT body FROM record r JOIN code c USING (document_id) WHERE c.base = 'C' || :n AND r.state <> 'conflict';\n",
    );
    check(
        "by owner",
        "SELECT id FROM record WHERE owner_id = 'P' || (:n % 100000) ORDER BY id LIMIT 50;\n",
    );
    check(
        "by place of the log",
        "SELECT receipt FROM record WHERE log_index = :n;\n",
    );
}

/// Copies of the one record that was really received, each with names of its own.
fn fill(centre: &TestCentre, begin: u64, end: u64) {
    let sql = "SET session_replication_role = replica; SET synchronous_commit = off;
        WITH one AS (SELECT * FROM record WHERE log_index = 0),
             sent AS (SELECT bytes FROM envelope LIMIT 1),
             made AS (
            INSERT INTO record (document_id, version, manifest, envelope, station, state, local_code,
                document_type, owner_id, code_base, body, received_at, code_ordinal, log_index, receipt)
            SELECT gen_random_uuid(), 1, sha256(('m' || n)::bytea), sha256(('e' || n)::bytea), station,
                state, 'L' || n, document_type, 'P' || (n % 100000), 'C' || n, body, received_at, 0, n, receipt
            FROM one, generate_series(BEGIN_AT::bigint, END_AT) n
            RETURNING id, document_id, envelope, station, code_base, log_index),
             envelopes AS (
            INSERT INTO envelope (digest, station, epoch, sequence, bytes, record_id)
            SELECT envelope, station, 9, log_index, sent.bytes, id FROM made, sent),
             codes AS (INSERT INTO code SELECT code_base, 0, document_id FROM made),
             files AS (
            INSERT INTO file SELECT station, sha256(envelope), 2000, 2000, now() FROM made)
        INSERT INTO record_file SELECT id, 'copy', 0, station, sha256(envelope), envelope, 2000 FROM made";
    let sql = sql.replace("BEGIN_AT", &begin.to_string());
    centre
        .postgres
        .ask(&sql.replace("END_AT", &end.to_string()));
}

fn size(centre: &TestCentre) -> u64 {
    let size = centre
        .postgres
        .ask("SELECT pg_database_size(current_database())");
    size.parse().unwrap()
}

/// How long a question with a random number takes, in milliseconds, as `pgbench` measures it.
fn latency(centre: &TestCentre, rows: u64, question: &str) -> (f64, f64) {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("script");
    std::fs::write(&script, format!("\\set n random(1, {rows})\n{question}")).unwrap();
    let said = Command::new(postgres_tool("pgbench"))
        .current_dir(&folder)
        .args([
            "--no-vacuum",
            "--client=4",
            "--jobs=2",
            "--time=5",
            "--log",
            "--protocol=prepared",
        ])
        .args(["--log-prefix", "took", "--file"])
        .arg(&script)
        .args([
            "--host",
            &centre.postgres.socket(),
            "--username=postgres",
            "postgres",
        ])
        .output()
        .unwrap();
    assert!(said.status.success(), "{said:?}");
    let mut took: Vec<u64> = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap().map(Result::unwrap) {
        if entry.file_name().to_string_lossy().starts_with("took") {
            let log = std::fs::read_to_string(entry.path()).unwrap();
            let third = |line: &str| line.split(' ').nth(2)?.parse::<u64>().ok();
            took.extend(log.lines().filter_map(third));
        }
    }
    took.sort_unstable();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize] as f64 / 1_000.;
    (at(0.5), at(0.99))
}
