//! Bytes that changed on the disk are noticed, and named.

use std::fs;

use domain::digest::Digest;
use domain::dossier::Owner;

use super::{PASSPHRASE, TestVault};
use crate::{DamagedPart, Error, Passphrase, Sealed, database};

/// A vault with a stored page.
fn with_page(plain: &[u8]) -> (TestVault, Sealed) {
    let test = TestVault::new();
    let document = test.begun();
    let sealed = test.vault.seal(plain).unwrap();
    let page = test.page(document.id, 0, sealed);
    test.vault
        .write(|writer| writer.insert_page(&page))
        .unwrap();
    (test, sealed)
}

#[test]
fn a_sealed_file_comes_back_whatever_its_length() {
    let test = TestVault::new();
    for length in [0, 1, 65_535, 65_536, 65_537, 1_000_000] {
        let plain: Vec<u8> = (0..length)
            .map(|index: u32| (index * 7 % 251) as u8)
            .collect();
        let sealed = test.vault.seal(&plain).unwrap();
        assert_eq!(sealed.digest, Digest::of(&plain));
        assert_eq!(sealed.size_bytes, plain.len() as u64);
        assert_ne!(sealed.sealed_digest, sealed.digest);
        assert_eq!(*test.vault.unseal(&sealed.sealed_digest).unwrap(), plain);
        let again = test.vault.seal(&plain).unwrap();
        assert_ne!(
            again.sealed_digest, sealed.sealed_digest,
            "equal pages do not look equal"
        );
    }
}

#[test]
fn every_flipped_byte_of_a_sealed_file_is_noticed_by_reading_and_by_checking() {
    let (test, sealed) = with_page(&[7; 3000]);
    assert!(test.vault.check().unwrap().is_sound());
    let path = test.vault.sealed.path_of(&sealed.sealed_digest);
    let whole = fs::read(&path).unwrap();
    for position in (0..whole.len()).step_by(61).chain([whole.len() - 1]) {
        let mut damaged = whole.clone();
        damaged[position] ^= 1;
        fs::write(&path, &damaged).unwrap();
        let read = test.vault.unseal(&sealed.sealed_digest);
        assert!(
            matches!(&read, Err(Error::Damaged(DamagedPart::SealedFile(named))) if *named == sealed.sealed_digest),
            "byte {position}: {read:?}"
        );
    }
    let report = test.vault.check().unwrap();
    assert_eq!(report.damaged, [sealed.sealed_digest]);
    assert!(!report.is_sound());
    fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    assert!(
        test.vault.unseal(&sealed.sealed_digest).is_err(),
        "cut short"
    );
    fs::write(&path, &whole).unwrap();
    assert!(test.vault.check().unwrap().is_sound());
}

#[test]
fn a_file_renamed_to_fit_its_bytes_is_still_refused_by_its_seal() {
    let (test, sealed) = with_page(b"a page");
    let mut forged = fs::read(test.vault.sealed.path_of(&sealed.sealed_digest)).unwrap();
    *forged.last_mut().unwrap() ^= 1;
    let name = Digest::of(&forged);
    fs::write(test.vault.sealed.path_of(&name), &forged).unwrap();
    let read = test.vault.unseal(&name);
    assert!(matches!(
        read,
        Err(Error::Damaged(DamagedPart::SealedFile(_)))
    ));
}

#[test]
fn a_sealed_file_that_is_gone_is_named() {
    let (test, sealed) = with_page(b"a page");
    fs::remove_file(test.vault.sealed.path_of(&sealed.sealed_digest)).unwrap();
    let read = test.vault.unseal(&sealed.sealed_digest);
    assert!(matches!(
        read,
        Err(Error::Damaged(DamagedPart::SealedFileMissing(_)))
    ));
    let report = test.vault.check().unwrap();
    assert_eq!(report.missing, [sealed.sealed_digest]);
    assert!(!report.is_sound());
}

#[test]
fn flipped_bytes_of_the_database_are_noticed() {
    let test = TestVault::new();
    for _ in 0..20 {
        test.deposit(
            Owner::default(),
            &[("title", "Giấy khai sinh")],
            &"chữ ".repeat(200),
        );
    }
    assert!(test.vault.check().unwrap().is_sound());
    let dir = test.close();
    let path = dir.path().join(database::NAME);
    let whole = fs::read(&path).unwrap();
    for part in 0..12 {
        let mut damaged = whole.clone();
        let position = 16 + (whole.len() - 17) * part / 11;
        damaged[position] ^= 0x10;
        fs::write(&path, &damaged).unwrap();
        let noticed = match super::open(dir.path(), &Passphrase::new(PASSPHRASE.to_owned())) {
            Err(error) => {
                assert!(
                    matches!(error, Error::Damaged(_)),
                    "byte {position}: the right key and a damaged database, said to be {error:?}"
                );
                true
            }
            Ok((vault, _)) => !vault.check().is_ok_and(|report| report.is_sound()),
        };
        assert!(noticed, "byte {position} of {}", whole.len());
    }
    fs::write(&path, &whole).unwrap();
    let (vault, _) = super::open(dir.path(), &super::passphrase()).unwrap();
    assert!(vault.check().unwrap().is_sound());
}

#[test]
fn a_value_that_no_program_wrote_is_damage_and_not_repeated() {
    let test = TestVault::new();
    let document = test.begun();
    let connection = test.vault.writer_connection();
    connection
        .execute("UPDATE document SET state = 'Nguyễn'", [])
        .unwrap();
    drop(connection);
    let error = test
        .vault
        .read(|reader| reader.document(document.id))
        .unwrap_err();
    assert!(matches!(
        error,
        Error::Damaged(DamagedPart::Row {
            table: "document",
            column: "state"
        })
    ));
    let shown = format!("{error:?} {error}");
    assert!(!shown.contains("Nguy"), "{shown}");
}

/// The files of the vault as a kill leaves them: the log is there, and was not read back.
fn as_after_a_kill(test: &TestVault, to: &std::path::Path) {
    let from = test.vault.path();
    for name in database::FILES
        .into_iter()
        .chain([crate::key_file::NAME, crate::acknowledged::NAME])
    {
        fs::copy(from.join(name), to.join(name)).unwrap();
    }
}

#[test]
fn a_bit_that_turns_over_in_the_log_after_a_kill_is_found() {
    let test = TestVault::new();
    for _ in 0..6 {
        test.deposit(Owner::default(), &[("title", "Giấy khai sinh")], "chữ");
    }
    let killed = tempfile::tempdir().unwrap();
    let look = || {
        let opened = super::open(killed.path(), &super::passphrase());
        let (vault, _) = opened?;
        let report = vault.check()?;
        // Found once, it stays known.
        drop(vault);
        let (vault, _) = super::open(killed.path(), &super::passphrase())?;
        assert_eq!(vault.check()?.lost_writes, report.lost_writes);
        Ok::<_, Error>(report)
    };
    as_after_a_kill(&test, killed.path());
    let report = look().unwrap();
    assert_eq!(
        (report.lost_writes, report.database_faults),
        (0, 0),
        "the negative control"
    );
    let log = killed.path().join("vault.db-wal");
    for part in 0..24 {
        as_after_a_kill(&test, killed.path());
        let mut bytes = fs::read(&log).unwrap();
        let position = (bytes.len() - 1) * part / 23;
        bytes[position] ^= 1 << (part % 8);
        fs::write(&log, &bytes).unwrap();
        let noticed = match look() {
            Ok(report) => report.lost_writes > 0 && !report.is_sound(),
            Err(error) => matches!(error, Error::Damaged(_)),
        };
        assert!(noticed, "byte {position} of {}", bytes.len());
    }
}

#[test]
fn an_older_database_in_the_place_of_the_newer_one_is_found() {
    let test = TestVault::new();
    test.deposit(Owner::default(), &[("title", "Giấy khai sinh")], "chữ");
    let dir = test.close();
    let database = dir.path().join(database::NAME);
    let older = fs::read(&database).unwrap();
    let (vault, officer) = super::open(dir.path(), &super::passphrase()).unwrap();
    vault
        .write(|writer| writer.set_active(officer.id, super::now()))
        .unwrap();
    drop(vault);
    fs::write(&database, older).unwrap();
    let (vault, _) = super::open(dir.path(), &super::passphrase()).unwrap();
    assert_eq!(vault.check().unwrap().lost_writes, 1);
}

#[test]
fn a_capital_in_the_key_file_changes_no_key_and_is_found() {
    let test = TestVault::new();
    let path = test.vault.path().join(crate::key_file::NAME);
    let whole = fs::read(&path).unwrap();
    let letter = whole.iter().rposition(u8::is_ascii_lowercase).unwrap();
    let hex = (0..letter)
        .rev()
        .find(|at| matches!(whole[*at], b'a'..=b'f') && whole[at + 1].is_ascii_digit())
        .unwrap();
    let mut damaged = whole.clone();
    damaged[hex] ^= 0x20;
    fs::write(&path, damaged).unwrap();
    assert!(test.vault.check().unwrap().key_file_damaged);
    fs::write(&path, whole).unwrap();
    assert!(test.vault.check().unwrap().is_sound());
}
