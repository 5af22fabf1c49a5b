//! Killed at any moment, the vault opens again with all that it acknowledged.

use std::collections::HashSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use domain::audit::Act;
use domain::digest::Digest;
use domain::local_code::LocalCode;

use super::{TestVault, create, passphrase};
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
const KILLS: usize = 30;

/// The program that is killed: seals, writes rows, and says so after each.
#[test]
fn child_that_is_killed() {
    let Some(dir) = std::env::var_os(CHILD_DIR) else {
        return;
    };
    let dir = Path::new(&dir);
    let (vault, officer) = Vault::open(dir, &passphrase()).unwrap();
    let test = TestVault {
        vault,
        officer,
        recovery_key: RecoveryKey::generate(),
        dir: tempfile::tempdir().unwrap(),
    };
    let mut out = std::io::stdout();
    loop {
        let plain = vec![b'p'; 30_000];
        let sealed = test.vault.seal(&plain).unwrap();
        let document = test
            .vault
            .write(|writer| {
                let document = test.begin_document(writer, domain::dossier::Owner::default())?;
                let page = test.page(document.id, 0, sealed);
                writer.insert_page(&page)?;
                writer.append_audit(&test.event(Act::PageStored(document.id, page.id)))?;
                Ok::<_, crate::Error>(document)
            })
            .unwrap();
        writeln!(
            out,
            "\nACK {} {}",
            document.local_code, sealed.sealed_digest
        )
        .unwrap();
        out.flush().unwrap();
        let record = test.deposit_version(&document, 1, &[("title", "Giấy")], "chữ");
        writeln!(out, "\nDEPOSITED {}", record.local_code).unwrap();
        out.flush().unwrap();
    }
}

/// Runs the child, kills it after `life`, and gives the lines that it wrote whole.
fn run_and_kill(dir: &Path, life: Duration) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "tests::crash::child_that_is_killed",
            "--nocapture",
        ])
        .env(CHILD_DIR, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let reader = std::thread::spawn(move || out.lines().map_while(Result::ok).collect());
    std::thread::sleep(life);
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}

#[test]
fn killed_at_any_moment_nothing_acknowledged_is_lost() {
    let test = TestVault::new();
    let dir = tempfile::tempdir().unwrap();
    let (vault, _) = create(dir.path(), &test.officer).unwrap();
    drop(vault);
    let mut acknowledged: Vec<(LocalCode, Digest)> = Vec::new();
    let mut deposited: Vec<LocalCode> = Vec::new();
    let mut codes = HashSet::new();
    let mut kills_after_work = 0;
    for _ in 0..KILLS {
        let mut random = [0; 2];
        getrandom::fill(&mut random).unwrap();
        let life = Duration::from_millis(u64::from(u16::from_le_bytes(random) % 400));
        let lines = run_and_kill(dir.path(), life);
        let before = acknowledged.len();
        for line in &lines {
            let mut words = line.split(' ');
            match (words.next(), words.next(), words.next()) {
                (Some("ACK"), Some(code), Some(digest)) => {
                    // The last line may be cut short by the kill.
                    if let (Ok(code), Ok(digest)) = (code.parse(), digest.parse()) {
                        assert!(codes.insert(code), "{code} was given twice");
                        acknowledged.push((code, digest));
                    }
                }
                (Some("DEPOSITED"), Some(code), None) => deposited.extend(code.parse()),
                _ => {}
            }
        }
        kills_after_work += usize::from(acknowledged.len() > before);

        let (vault, _) = Vault::open(dir.path(), &passphrase()).unwrap();
        vault
            .read(|reader| {
                for (code, digest) in &acknowledged {
                    let document = reader.document_by_local_code(code)?.expect("acknowledged");
                    let pages = reader.pages_of(document.id)?;
                    assert_eq!(pages.len(), 1, "no half document");
                    assert_eq!(pages[0].raw.sealed_digest, *digest);
                }
                for code in &deposited {
                    let record = reader.record_by_code(&code.to_string())?;
                    assert!(record.is_some(), "deposited and acknowledged");
                }
                assert!(matches!(reader.verify_audit()?, AuditTrail::Whole { .. }));
                Ok::<_, crate::Error>(())
            })
            .unwrap();
        for (_, digest) in &acknowledged[before..] {
            assert_eq!(vault.unseal(digest).unwrap().len(), 30_000);
        }
    }
    let (vault, _) = Vault::open(dir.path(), &passphrase()).unwrap();
    let report = vault.check().unwrap();
    assert!(report.is_sound(), "{report:?}");
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{KILLS} kills, {kills_after_work} in the midst of work, {} pages and {} deposits acknowledged",
        acknowledged.len(),
        deposited.len()
    )
    .unwrap();
    assert!(
        kills_after_work >= KILLS / 3 && !deposited.is_empty(),
        "the child must have been at work, or this shows nothing: {kills_after_work}"
    );
}
