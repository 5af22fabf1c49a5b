//! Killed at any moment, the vault opens again with all that it acknowledged.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use domain::audit::Act;
use domain::digest::Digest;
use domain::local_code::LocalCode;

use super::{TestVault, create, open, passphrase};
use crate::{AuditTrail, RecoveryKey, Vault, durable};

#[test]
fn a_crash_between_sealing_and_the_row_leaves_a_usable_vault() {
    let test = TestVault::new();
    let document = test.begun();
    let kept = test.vault.seal(b"kept").unwrap();
    let page = test.page(document.id, 0, kept);
    test.vault
        .write(|writer| writer.insert_page(&page))
        .unwrap();
    let orphan = test.vault.seal(b"its row never came").unwrap();
    let partial = test
        .vault
        .sealed
        .path_of(&Digest::of(b"x"))
        .with_extension("age.partial");
    fs::write(&partial, b"half of it").unwrap();
    let key_partial = test.dir.path().join("keys.json.partial");
    fs::write(&key_partial, b"half of it").unwrap();

    let test = test.reopened();
    assert!(
        !partial.exists() && !key_partial.exists(),
        "what was never acknowledged goes"
    );
    let report = test.vault.check().unwrap();
    assert!(report.is_sound());
    assert_eq!((report.sealed_files, report.unreferenced), (1, 1));
    assert!(test.vault.unseal(&orphan.sealed_digest).is_ok());
    test.begun();
}

#[test]
fn a_name_that_points_at_other_bytes_is_never_left_behind() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    let wrong = durable::write_file(&path, b"these bytes", &Digest::of(b"other bytes"));
    assert!(wrong.is_err(), "reading back shows it");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

/// Where the child finds its vault. Unset in an ordinary run.
const CHILD_DIR: &str = "VAULT_TEST_CHILD_DIR";
/// Set for a child that acknowledges before its transaction is on the disk.
const CHILD_IS_HASTY: &str = "VAULT_TEST_CHILD_IS_HASTY";
const KILLS: usize = 30;

/// The program that is killed: seals, writes rows, and says so after each.
#[test]
fn child_that_is_killed() {
    let Some(dir) = std::env::var_os(CHILD_DIR) else {
        return;
    };
    let hasty = std::env::var_os(CHILD_IS_HASTY).is_some();
    let dir = Path::new(&dir);
    let (vault, officer) = open(dir, &passphrase()).unwrap();
    let test = TestVault {
        vault,
        officer,
        recovery_key: RecoveryKey::generate(),
        dir: tempfile::tempdir().unwrap(),
    };
    loop {
        let sealed = test.vault.seal(&vec![b'p'; 30_000]).unwrap();
        let document = test
            .vault
            .write(|writer| {
                let document = test.begin_document(writer, domain::dossier::Owner::default())?;
                let page = test.page(document.id, 0, sealed);
                writer.insert_page(&page)?;
                writer.append_audit(&test.event(Act::PageStored(document.id, page.id)))?;
                if hasty {
                    say(&format!(
                        "ACK {} {}",
                        document.local_code, sealed.sealed_digest
                    ));
                    std::thread::sleep(Duration::from_millis(20));
                }
                Ok::<_, crate::Error>(document)
            })
            .unwrap();
        if !hasty {
            say(&format!(
                "ACK {} {}",
                document.local_code, sealed.sealed_digest
            ));
        }
        let record = test.deposit_version(&document, 1, &[("title", "Giấy")], "chữ");
        say(&format!("DEPOSITED {}", record.local_code));
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "\n{line}").unwrap();
    out.flush().unwrap();
}

/// Runs the child, kills it after `life`, and gives the lines that it wrote.
fn run_and_kill(dir: &Path, life: Duration, hasty: bool) -> Vec<String> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([
            "--exact",
            "tests::crash::child_that_is_killed",
            "--nocapture",
        ])
        .env(CHILD_DIR, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if hasty {
        command.env(CHILD_IS_HASTY, "1");
    }
    let mut child = command.spawn().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let reader = std::thread::spawn(move || out.lines().map_while(Result::ok).collect());
    std::thread::sleep(life);
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}

/// What the children of one vault have acknowledged.
#[derive(Default)]
struct Acknowledged {
    pages: Vec<(LocalCode, Digest)>,
    deposits: Vec<LocalCode>,
    /// Codes that were given although they had been given before.
    given_twice: usize,
}

impl Acknowledged {
    /// A line that the kill has cut short acknowledges nothing.
    fn take(&mut self, lines: &[String]) {
        for line in lines {
            match *line.split(' ').collect::<Vec<_>>() {
                ["ACK", code, digest] => {
                    if let (Ok(code), Ok(digest)) = (code.parse(), digest.parse()) {
                        let known = self.pages.iter().any(|(other, _)| *other == code);
                        self.given_twice += usize::from(known);
                        self.pages.push((code, digest));
                    }
                }
                ["DEPOSITED", code] => self.deposits.extend(code.parse::<LocalCode>()),
                _ => {}
            }
        }
    }

    /// How much of it the vault has lost. Half documents and a broken trail fail at once.
    fn lost(&self, vault: &Vault) -> usize {
        let lost = vault.read(|reader| {
            let mut lost = 0;
            for (code, digest) in &self.pages {
                let pages = match reader.document_by_local_code(code)? {
                    Some(document) => {
                        let pages = reader.pages_of(document.id)?;
                        assert_eq!(pages.len(), 1, "no half document");
                        pages
                    }
                    None => Vec::new(),
                };
                let there = pages.iter().any(|page| page.raw.sealed_digest == *digest);
                let whole = vault
                    .unseal(digest)
                    .is_ok_and(|plain| plain.len() == 30_000);
                lost += usize::from(!there || !whole);
            }
            for code in &self.deposits {
                lost += usize::from(reader.record_by_code(&code.to_string())?.is_none());
            }
            assert!(matches!(reader.verify_audit()?, AuditTrail::Whole { .. }));
            Ok::<_, crate::Error>(lost)
        });
        lost.unwrap()
    }
}

/// Kills children at random moments; gives what they acknowledged, how many were
/// killed after they had begun to, and how much was lost or given twice.
fn kill_often(kills: usize, hasty: bool) -> (Acknowledged, usize, usize) {
    let test = TestVault::new();
    let dir = tempfile::tempdir().unwrap();
    let (vault, _) = create(dir.path(), &test.officer).unwrap();
    drop(vault);
    let mut acknowledged = Acknowledged::default();
    let mut at_work = 0;
    let mut lost = 0;
    for _ in 0..kills {
        let mut random = [0; 2];
        getrandom::fill(&mut random).unwrap();
        let life = Duration::from_millis(u64::from(u16::from_le_bytes(random) % 400));
        let lines = run_and_kill(dir.path(), life, hasty);
        let before = acknowledged.pages.len();
        acknowledged.take(&lines);
        at_work += usize::from(acknowledged.pages.len() > before);
        let (vault, _) = open(dir.path(), &passphrase()).unwrap();
        lost = acknowledged.lost(&vault);
        if lost > 0 || acknowledged.given_twice > 0 {
            break;
        }
    }
    let (vault, _) = open(dir.path(), &passphrase()).unwrap();
    let report = vault.check().unwrap();
    assert!(report.is_sound(), "{report:?}");
    (acknowledged, at_work, lost)
}

#[test]
fn killed_at_any_moment_nothing_acknowledged_is_lost() {
    let (acknowledged, at_work, lost) = kill_often(KILLS, false);
    say(&format!(
        "{KILLS} kills, {at_work} at work, {} pages and {} deposits acknowledged",
        acknowledged.pages.len(),
        acknowledged.deposits.len()
    ));
    assert_eq!((lost, acknowledged.given_twice), (0, 0));
    assert!(
        at_work >= KILLS / 3 && !acknowledged.deposits.is_empty(),
        "the child must have been at work, or this shows nothing: {at_work}"
    );
}

#[test]
fn a_program_that_acknowledges_too_early_is_caught() {
    let (acknowledged, _, lost) = kill_often(KILLS * 3, true);
    assert!(
        lost + acknowledged.given_twice > 0,
        "the kills must be able to show a loss, or the test beside this one shows nothing"
    );
}
