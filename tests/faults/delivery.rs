//! From vault to centre while desk, centre and database are killed at any moment: in the end
//! each record lies there once, and what a receipt stands for can be read.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use domain::digest::Digest;
use domain::dossier::Owner;
use support::test_centre::TestCentre;
use support::test_desk::program;
use support::vault_maker::{Maker, create, office, open, passphrase};

use crate::chance::{Chance, number_of};

/// The largest page: of several parts.
const PAGE_BYTES: usize = 300_000;

fn sohoa(vault: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program("sohoa"));
    command
        .arg("--json")
        .args(arguments)
        .arg("--vault")
        .arg(vault)
        .env("SOHOA_PASSPHRASE", "Thu-nghiem-0000")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// Deposits papers with pages of differing length in a vault that is not open elsewhere.
fn deposit(vault: &Path, number: u32, papers: u32, mut length: impl FnMut() -> usize) {
    let (vault, officer) = open(vault, &passphrase(0)).unwrap();
    let mut maker = Maker::new(number, officer.id);
    for paper in 0..papers {
        let document = maker.begin(&vault, &Owner::default()).unwrap();
        let pages: Vec<_> = (0..2)
            .map(|page| {
                let image = vec![page as u8; length()];
                maker.page(&vault, &document, &image).unwrap()
            })
            .collect();
        let text = format!("giấy {number} {paper}");
        maker.deposit(&vault, &document, &pages, &text).unwrap();
    }
}

fn end(mut child: Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// What a receipt stands for that cannot be read: digests of files, in order.
pub(crate) fn unreadable(centre: &TestCentre) -> Vec<String> {
    let named = centre.postgres.ask(
        "SELECT DISTINCT encode(sealed, 'hex') FROM record r JOIN record_file f ON f.record_id = r.id
         WHERE r.state = 'received' ORDER BY 1",
    );
    let is_there = |name: &&str| {
        let path = centre.objects().join("files").join(&name[..2]).join(name);
        std::fs::read(path).is_ok_and(|bytes| Digest::of(&bytes).to_string() == **name)
    };
    let missing = named.lines().filter(|name| !is_there(name));
    missing.map(str::to_owned).collect()
}

/// Who else than the desk is killed.
enum Victim {
    Centre,
    Database,
    Bucket,
}

/// Promises C3 and C10.
#[test]
fn whoever_is_killed_each_record_is_delivered_once_and_its_bytes_are_there() {
    let rounds = number_of("SOHOA_DELIVERY_KILLS", 12);
    check(TestCentre::start(), rounds);
}

/// The same where the bytes go to a server that may be killed, too.
#[test]
fn whoever_is_killed_what_went_to_a_bucket_is_there_as_well() {
    let rounds = number_of("SOHOA_DELIVERY_KILLS", 8);
    check(TestCentre::start_on_s3(), rounds);
}

fn check(mut centre: TestCentre, rounds: u32) {
    let mut chance = Chance::new();
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault");
    drop(create(&vault, &office()).unwrap());
    let enrolled = sohoa(&vault, &["enrol", &centre.ticket("H55.242")]).status();
    assert!(enrolled.unwrap().success());
    let mut papers = 0;
    for round in 0..rounds {
        deposit(&vault, round + 2, 2, || {
            1_000 + chance.below(PAGE_BYTES as u64) as usize
        });
        papers += 2;
        let mut sending = sohoa(&vault, &["sync", "--once"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(150 + chance.below(700)));
        let victim = match (round % 4, &mut centre.s3) {
            (0, _) => {
                end(sending);
                continue;
            }
            (3, Some(s3)) => {
                s3.kill();
                Victim::Bucket
            }
            (1 | 3, _) => {
                centre.kill();
                Victim::Centre
            }
            _ => {
                centre.postgres.kill();
                Victim::Database
            }
        };
        // Whoever lost the centre comes to an end by himself, and says what waits.
        sending.wait().unwrap();
        match victim {
            Victim::Centre => centre.restart(),
            Victim::Database => centre.postgres.restart(),
            Victim::Bucket => centre.s3.as_mut().unwrap().restart(),
        }
        assert_eq!(unreadable(&centre), Vec::<String>::new());
    }
    let healed = Instant::now();
    let sent = sohoa(&vault, &["sync", "--once"]).output().unwrap();
    let said = String::from_utf8_lossy(&sent.stdout).into_owned();
    assert!(sent.status.success(), "{said}");
    assert!(healed.elapsed() < Duration::from_mins(1));
    let there = centre.postgres.ask(
        "SELECT count(*), count(DISTINCT document_id), count(DISTINCT log_index), max(log_index) + 1
         FROM record WHERE state = 'received'",
    );
    assert_eq!(there, format!("{papers}|{papers}|{papers}|{papers}"));
    assert_eq!(unreadable(&centre), Vec::<String>::new());
    let lines = sohoa(&vault, &["outbox", "--limit", "100000"])
        .output()
        .unwrap();
    let lines = String::from_utf8(lines.stdout).unwrap();
    let delivered = lines.matches(r#""state":"delivered""#).count();
    assert_eq!(delivered as u32, papers);
    let (vault, _) = open(&vault, &passphrase(0)).unwrap();
    assert!(vault.check().unwrap().is_sound());
    println!(
        "{rounds} kills, {papers} records delivered once; healed in {} ms",
        healed.elapsed().as_millis()
    );

    // The negative control: a centre that lost one file is found out.
    let named = centre
        .postgres
        .ask("SELECT encode(sealed, 'hex') FROM file LIMIT 1");
    let lost = centre
        .objects()
        .join("files")
        .join(&named[..2])
        .join(&named);
    std::fs::remove_file(lost).unwrap();
    assert_eq!(unreadable(&centre), [named]);
}

fn size_of(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let sizes = entries.map(|entry| match entry.metadata().unwrap() {
        of if of.is_dir() => size_of(&entry.path()),
        of => of.len(),
    });
    sizes.sum()
}

/// What a desk was weeks without a network for would else lie on its disk twice.
#[test]
fn a_backlog_is_sealed_for_the_centre_piece_by_piece() {
    const PAGE: u64 = 12 << 20;
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault");
    drop(create(&vault, &office()).unwrap());
    let mut centre = TestCentre::start();
    let ticket = centre.ticket("H55.242");
    let enrolled = sohoa(&vault, &["enrol", &ticket]).status().unwrap();
    assert!(enrolled.success());
    deposit(&vault, 2, 6, || PAGE as usize);
    let before = size_of(&vault);
    assert!(before > 12 * PAGE);
    centre.kill();
    let cut = sohoa(&vault, &["sync", "--once"]).output().unwrap();
    let said = String::from_utf8_lossy(&cut.stdout).into_owned();
    assert!(said.contains(r#""waiting":6"#), "{said}");
    let ready = size_of(&vault) - before;
    assert!((1..=8 * PAGE).contains(&ready), "{ready}");
    centre.restart();
    let sent = sohoa(&vault, &["sync", "--once"]).output().unwrap();
    let said = String::from_utf8_lossy(&sent.stdout).into_owned();
    assert!(sent.status.success(), "{said}");
    assert!(said.contains(r#""delivered":6"#), "{said}");
    assert!(size_of(&vault) - before < PAGE);
}
