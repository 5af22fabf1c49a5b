//! A file that is put into a watched folder is taken once, whenever the watch is killed.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use support::test_desk::{PASSPHRASE, passphrase, program, sample, settings};

use crate::chance::{Chance, kills};

/// Files put into the folder before each watch.
const FILES: u32 = 2;

/// The longest wait before a kill: opening the vault and looking twice take most of it.
const LONGEST_MS: u64 = 5_000;

#[test]
fn a_watched_file_is_taken_once_whenever_the_watch_is_killed() {
    let mut chance = Chance::new();
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("vault"));
    let office = "H55.242".parse().unwrap();
    drop(desk::session::create(&settings, office, "Trần Thị Thử", &passphrase()).unwrap());
    let drop_folder = folder.path().join("drop");
    fs::create_dir(&drop_folder).unwrap();
    let watch = || {
        let mut command = Command::new(program("sohoa"));
        command
            .args(["watch", "--json"])
            .arg(&drop_folder)
            .arg("--vault")
            .arg(&settings.vault)
            .env("SOHOA_PASSPHRASE", PASSPHRASE)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    };
    let page = fs::read(sample("3-application-page-1.jpg")).unwrap();
    let mut put = 0;
    for _ in 0..kills().div_ceil(2) {
        for _ in 0..FILES {
            put += 1;
            // Padding after the end of a JPEG makes other bytes of the same picture.
            let bytes = [page.as_slice(), format!("{put:08}").as_bytes()].concat();
            fs::write(drop_folder.join(format!("{put}.jpg")), bytes).unwrap();
        }
        let mut child = watch().spawn().unwrap();
        std::thread::sleep(Duration::from_millis(1_000 + chance.below(LONGEST_MS)));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let rest = watch().arg("--once").status().unwrap();
    assert!(rest.success(), "{rest}");
    assert_eq!(fs::read_dir(drop_folder.join("done")).unwrap().count(), put);
    assert_eq!(
        fs::read_dir(drop_folder.join("refused")).unwrap().count(),
        0
    );
    let desk = desk::session::sign_in(&settings, &passphrase()).unwrap();
    let mut stored: BTreeMap<_, usize> = BTreeMap::new();
    for dossier in desk::reception::recent(&desk, 100).unwrap() {
        let documents = dossier.components.iter().filter_map(|one| one.document_id);
        for document in documents {
            for page in desk::scan::pages(&desk, document).unwrap() {
                *stored.entry(page.raw.digest).or_default() += 1;
            }
        }
    }
    println!("{put} files, {} kills", kills().div_ceil(2));
    assert_eq!(stored.len(), put, "every file became a page");
    assert!(
        stored.values().all(|count| *count == 1),
        "and only once: {stored:?}"
    );
    assert!(desk.check_vault().unwrap().is_sound());
}
