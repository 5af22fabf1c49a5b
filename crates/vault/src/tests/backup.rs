//! A copy that is brought back.

use std::collections::HashSet;

use super::{TestVault, open, passphrase};
use crate::{Error, OpenedBy, Vault};

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
