//! Local codes of many stations that never meet, with clocks that are years off, one of
//! them brought back from an old copy; and what shows when a vault is cloned or put back
//! behind everybody's back.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use chrono::TimeDelta;
use domain::dossier::Owner;
use domain::local_code::Station;
use domain::office::Office;
use support::vault_maker::{Maker, create, office, open, passphrase};
use vault::{AuditMark, KnownOfAudit, OpenedBy, Vault, verify_audit_export};

use crate::chance::Chance;
use crate::work::{folder_in_memory, times};

/// Stations and records of each in the short form; `SOHOA_STATIONS` and
/// `SOHOA_STATION_RECORDS` set the long one.
const STATIONS: usize = 5;
const RECORDS: usize = 60;

/// Who gave which code, and which were given twice.
#[derive(Default)]
struct Given {
    by: HashMap<String, String>,
    twice: Vec<String>,
}

impl Given {
    fn take(&mut self, code: &str, by: &str) {
        if let Some(other) = self.by.insert(code.to_owned(), by.to_owned()) {
            self.twice.push(format!("{code} by {other} and {by}"));
        }
    }
}

/// Begins papers at a vault, by a clock that jumps up to three years either way.
fn work(vault: &Vault, number: u32, records: usize, chance: &mut Chance) -> Vec<String> {
    let officer = vault.read(|read| read.accounts()).unwrap()[0].officer.id;
    let mut maker = Maker::new(number, officer);
    let begin = |_| {
        let off = TimeDelta::days(chance.below(6 * 365) as i64 - 3 * 365);
        maker.now = support::test_desk::now() + off;
        let document = maker.begin(vault, &Owner::default()).unwrap();
        document.local_code.to_string()
    };
    (0..records).map(begin).collect()
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn opened(dir: &Path) -> Vault {
    open(dir, &passphrase(0)).unwrap().0
}

#[test]
fn no_two_stations_give_one_code_whatever_their_clocks_say() {
    let (stations, records) = (
        times("SOHOA_STATIONS", STATIONS),
        times("SOHOA_STATION_RECORDS", RECORDS),
    );
    let mut chance = Chance::new();
    let mut given = Given::default();
    let folder = folder_in_memory();
    for number in 1..=stations as u32 {
        let dir = folder.path().join("vault");
        let station = Station { number, epoch: 0 };
        let vault = create(
            &dir,
            &Office {
                station,
                ..office()
            },
        )
        .unwrap();
        for code in work(&vault, number, records, &mut chance) {
            given.take(&code, &format!("station {number}"));
        }
        drop(vault);
        // The last of them is brought back twice from a copy of its early days.
        if number == stations as u32 {
            brought_back(&dir, folder.path(), records, &mut chance, &mut given);
        }
        fs::remove_dir_all(&dir).unwrap();
    }
    println!(
        "{} codes of {stations} stations, {} twice",
        given.by.len(),
        given.twice.len()
    );
    assert_eq!(given.twice, Vec::<String>::new());
    assert_eq!(given.by.len(), (stations + 3) * records);
}

fn brought_back(dir: &Path, folder: &Path, records: usize, chance: &mut Chance, given: &mut Given) {
    let (copy, passphrase) = (folder.join("copy"), passphrase(0));
    let vault = opened(dir);
    vault.back_up(&copy).unwrap();
    for code in work(&vault, 1_000, records, chance) {
        given.take(&code, "after the copy");
    }
    for name in ["first", "second"] {
        let back = folder.join(name);
        let opened_by = OpenedBy::Officer(None, &passphrase);
        Vault::restore(&copy, &back, &opened_by).unwrap();
        for code in work(&opened(&back), 2_000, records, chance) {
            given.take(&code, name);
        }
    }
}

fn mark(vault: &Vault) -> AuditMark {
    vault.read(|read| read.audit_mark()).unwrap()
}

/// What whoever gets the trails of two vaults of one station finds, knowing how far the
/// one had come: the position from which the other is another trail, or is not there.
fn named_by(vault: &Vault, known: AuditMark) -> Option<u64> {
    let now = support::test_desk::now();
    let export = vault.read(|read| read.export_audit(now)).unwrap();
    let known = KnownOfAudit {
        marks: vec![known],
        public_key: None,
    };
    let flaw = verify_audit_export(&export, &known).flaw;
    flaw.map(|flaw| flaw.position)
}

/// A vault that was cloned with the whole disk knows nothing of it, and gives the codes
/// that the other one gives: this cannot be helped without a centre. It shows as soon as
/// somebody sees the marks of both trails, and where they part is named.
#[test]
fn a_clone_and_a_vault_that_was_put_back_are_named_by_their_trails() {
    let mut chance = Chance::new();
    let folder = folder_in_memory();
    let (dir, clone) = (folder.path().join("vault"), folder.path().join("clone"));
    let vault = create(&dir, &office()).unwrap();
    work(&vault, 1, 10, &mut chance);
    let before = mark(&vault);
    drop(vault);
    copy_folder(&dir, &clone);

    // One that only waited is no other trail: the negative control.
    let vault = opened(&dir);
    assert_eq!(named_by(&vault, before), None);
    let codes = work(&vault, 2, 10, &mut chance);
    let cloned = opened(&clone);
    let codes_of_clone = work(&cloned, 3, 10, &mut chance);
    assert_eq!(codes, codes_of_clone, "it cannot know");
    let position = named_by(&cloned, mark(&vault));
    assert_eq!(position, Some(mark(&vault).position), "the clone is named");

    // The old disk image in the place of the vault: what came after it is not there.
    let seen = mark(&vault);
    drop((vault, cloned));
    fs::remove_dir_all(&clone).unwrap();
    copy_folder(&dir, &clone);
    let vault = opened(&dir);
    work(&vault, 4, 5, &mut chance);
    let newest = mark(&vault);
    let put_back = opened(&clone);
    assert_eq!(named_by(&put_back, seen), None);
    assert!(
        named_by(&put_back, newest).is_some(),
        "the rollback is named"
    );
}
