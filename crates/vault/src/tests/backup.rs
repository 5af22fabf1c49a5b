//! A copy that is brought back.

use std::collections::HashSet;

use super::{TestVault, open, passphrase};
use crate::{Error, OpenedBy, Passphrase, Vault};

/// Nobody can know how often a copy was brought back, nor where: side by side, or again
/// after the first of them was lost.
#[test]
fn vaults_from_one_copy_never_give_one_code_twice() {
    let test = TestVault::new();
    let copy = tempfile::tempdir().unwrap();
    test.vault.back_up(copy.path()).unwrap();
    let mut given = HashSet::new();
    let mut give = |vault: &Vault| {
        for _ in 0..20 {
            let code = vault.write(|writer| writer.next_local_code()).unwrap();
            assert!(given.insert(code.to_string()), "{code} was given twice");
        }
    };
    give(&test.vault);
    for _ in 0..6 {
        let dir = tempfile::tempdir().unwrap();
        let passphrase = passphrase();
        let opened_by = OpenedBy::Officer(None, &passphrase);
        Vault::restore(copy.path(), dir.path(), &opened_by).unwrap();
        give(&open(dir.path(), &passphrase).unwrap().0);
    }
}

#[test]
fn a_station_that_was_brought_back_too_often_says_so() {
    let test = TestVault::new();
    let mut times = 0;
    let end = loop {
        match test.vault.write(|writer| writer.begin_epoch()) {
            Ok(()) => times += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(end, Error::LocalCodesUsedUp), "{end:?}");
    assert!(times >= 32, "only {times} times");
    let code = test.vault.write(|writer| writer.next_local_code()).unwrap();
    assert!(code.counter() > 0);
}

#[test]
fn a_backup_is_tried_without_being_brought_back_and_damage_in_it_is_found() {
    let test = TestVault::new();
    let document = test.begun();
    let sealed = test.vault.seal(&[7; 2_000]).unwrap();
    let page = test.page(document.id, 0, sealed);
    test.vault
        .write(|writer| writer.insert_page(&page))
        .unwrap();
    let copy = tempfile::tempdir().unwrap();
    test.vault.back_up(copy.path()).unwrap();
    let passphrase = passphrase();
    let opened_by = OpenedBy::Officer(None, &passphrase);
    let report = test.vault.try_backup(copy.path(), &opened_by).unwrap();
    assert_eq!(report.sealed_files, 1);
    assert!(report.opened > 0);
    assert!(!test.vault.path().join("trial").exists(), "nothing stays");
    let wrong = Passphrase::new("Khong-phai-2026".to_owned());
    let refused = test
        .vault
        .try_backup(copy.path(), &OpenedBy::Officer(None, &wrong));
    assert!(matches!(refused, Err(Error::WrongPassphrase)));
    let name = sealed.sealed_digest.to_string();
    let file = copy.path().join("sealed").join(&name[..2]);
    let file = file.join(format!("{name}.age"));
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let damaged = test.vault.try_backup(copy.path(), &opened_by);
    assert!(matches!(damaged, Err(Error::Damaged(_))), "{damaged:?}");
}
