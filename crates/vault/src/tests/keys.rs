//! Passphrase, recovery key, lock, and the moments of making and opening.

use std::fs;
use std::path::Path;

use domain::digest::Digest;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

use super::{PASSPHRASE, TestVault, create, office, passphrase, sign_in};
use crate::key_file::{self, Cost};
use crate::{DamagedPart, Error, NewVault, Passphrase, RecoveryKey, Vault, database};

fn open(dir: &Path, passphrase: &str) -> Result<Vault, Error> {
    super::open(dir, &Passphrase::new(passphrase.to_owned())).map(|(vault, _)| vault)
}

#[test]
fn a_vault_opens_again_and_knows_its_office_and_officer() {
    let test = TestVault::new();
    assert!(Vault::exists(test.dir.path()));
    assert_eq!(test.vault.path(), test.dir.path());
    let test = test.reopened();
    assert_eq!(test.vault.read(|reader| reader.office()).unwrap(), office());
}

#[test]
fn the_product_stretches_a_passphrase_at_full_cost() {
    let dir = tempfile::tempdir().unwrap();
    let test = TestVault::new();
    let new = NewVault {
        office: &office(),
        officer: &test.officer,
        passphrase: &passphrase(),
        now: super::now(),
    };
    let (vault, recovery_key) = Vault::create(dir.path(), &new).unwrap();
    drop(vault);
    let costs = || {
        let file: Value =
            serde_json::from_slice(&fs::read(dir.path().join(key_file::NAME)).unwrap()).unwrap();
        let wrap = &file["keys"]["officers"][0];
        (wrap["memory_kib"].as_u64(), wrap["passes"].as_u64())
    };
    assert_eq!(costs(), (Some(65_536), Some(3)));
    assert!(open(dir.path(), PASSPHRASE).is_ok());
    let new = passphrase();
    Vault::open_with_recovery_key(dir.path(), &recovery_key, &sign_in(None, &new)).unwrap();
    assert_eq!(costs(), (Some(65_536), Some(3)));
}

#[test]
fn a_wrong_passphrase_is_told_apart_from_a_damaged_key_file() {
    let dir = TestVault::new().close();
    assert!(matches!(
        open(dir.path(), "bông lúa xanh"),
        Err(Error::WrongPassphrase)
    ));
    let path = dir.path().join(key_file::NAME);
    let whole = fs::read_to_string(&path).unwrap();
    let file: Value = serde_json::from_str(&whole).unwrap();
    let wrapped = file["keys"]["officers"][0]["wrapped"].as_str().unwrap();
    let flipped = wrapped.replacen(
        &wrapped[..1],
        if wrapped.starts_with('0') { "1" } else { "0" },
        1,
    );
    for damaged in [
        whole.replace(wrapped, &flipped),
        whole[..whole.len() / 2].to_owned(),
        String::new(),
        "{}".to_owned(),
        whole.replace("\"memory_kib\": 64", "\"memory_kib\": 4294967295"),
    ] {
        assert_ne!(damaged, whole, "the damage must be one");
        fs::write(&path, &damaged).unwrap();
        let opened = open(dir.path(), PASSPHRASE);
        assert!(
            matches!(opened, Err(Error::Damaged(DamagedPart::KeyFile))),
            "{opened:?}"
        );
    }
    fs::write(&path, &whole).unwrap();
    assert!(open(dir.path(), PASSPHRASE).is_ok());
}

#[test]
fn a_key_file_that_asks_for_all_memory_is_refused() {
    let dir = TestVault::new().close();
    let path = dir.path().join(key_file::NAME);
    let mut file: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    file["keys"]["officers"][0]["memory_kib"] = Value::from(u32::MAX);
    // With a checksum that fits, as somebody who means harm would write it.
    let keys = serde_json::from_value(file["keys"].clone()).unwrap();
    file["digest"] = Value::from(key_file::digest_of(&keys).to_string());
    fs::write(&path, serde_json::to_vec(&file).unwrap()).unwrap();
    assert!(matches!(
        open(dir.path(), PASSPHRASE),
        Err(Error::Damaged(DamagedPart::KeyFile))
    ));
}

#[test]
fn both_ways_of_sending_vietnamese_letters_are_one_passphrase() {
    let dir = TestVault::new().close();
    let decomposed: String = PASSPHRASE.nfd().collect();
    assert_ne!(decomposed, PASSPHRASE);
    assert!(open(dir.path(), &decomposed).is_ok());
}

#[test]
fn the_recovery_key_opens_the_vault_and_gives_a_new_passphrase() {
    let test = TestVault::new();
    let sealed = test.vault.seal(b"a page").unwrap();
    let printed = test.recovery_key.to_string();
    let officer = test.officer.clone();
    let dir = test.close();
    let typed: RecoveryKey = format!(" {} \n", printed.to_lowercase()).parse().unwrap();
    let new = Passphrase::new("con trâu đi trước".to_owned());
    let (vault, opened_by) =
        Vault::recover_at_cost(dir.path(), &typed, &sign_in(None, &new), Cost::TEST).unwrap();
    assert_eq!(opened_by, officer);
    assert_eq!(*vault.unseal(&sealed.sealed_digest).unwrap(), b"a page");
    drop(vault);
    assert!(matches!(
        open(dir.path(), PASSPHRASE),
        Err(Error::WrongPassphrase)
    ));
    assert!(open(dir.path(), "con trâu đi trước").is_ok());
    // It stays good for the next time.
    let new = passphrase();
    Vault::recover_at_cost(dir.path(), &typed, &sign_in(None, &new), Cost::TEST).unwrap();
    assert!(open(dir.path(), PASSPHRASE).is_ok());
}

#[test]
fn the_recovery_key_opens_sealed_files_without_the_vault() {
    let test = TestVault::new();
    let sealed = test.vault.seal(b"a page").unwrap();
    let file = fs::read(test.vault.sealed.path_of(&sealed.sealed_digest)).unwrap();
    let plain = age::decrypt(test.recovery_key.identity(), &file).unwrap();
    assert_eq!(plain, b"a page");
}

#[test]
fn a_wrong_or_mistyped_recovery_key_is_said_to_be_so() {
    let test = TestVault::new();
    let printed = test.recovery_key.to_string();
    let dir = test.close();
    let other = RecoveryKey::generate();
    let new = passphrase();
    let opened = Vault::open_with_recovery_key(dir.path(), &other, &sign_in(None, &new));
    assert!(matches!(opened, Err(Error::WrongRecoveryKey)));
    for position in [20, 40, printed.len() - 1] {
        let mut mistyped = printed.clone().into_bytes();
        mistyped[position] = if mistyped[position] == b'Q' {
            b'P'
        } else {
            b'Q'
        };
        let mistyped = String::from_utf8(mistyped).unwrap();
        assert!(matches!(
            mistyped.parse::<RecoveryKey>(),
            Err(Error::RecoveryKeyMistyped)
        ));
    }
    assert!(open(dir.path(), PASSPHRASE).is_ok());
}

#[test]
fn a_second_program_is_refused_until_the_first_ends() {
    let test = TestVault::new();
    assert!(matches!(
        open(test.dir.path(), PASSPHRASE),
        Err(Error::InUse)
    ));
    let dir = test.close();
    assert!(open(dir.path(), PASSPHRASE).is_ok());
}

#[test]
fn a_short_passphrase_is_refused_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let test = TestVault::new();
    let new = NewVault {
        office: &office(),
        officer: &test.officer,
        passphrase: &Passphrase::new("lúa vàn".to_owned()),
        now: super::now(),
    };
    assert!(matches!(
        Vault::create(dir.path(), &new),
        Err(Error::WeakPassphrase { minimum_length: 8 })
    ));
    assert!(!Vault::exists(dir.path()));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_folder_without_a_vault_and_one_with_are_told_apart() {
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(
        open(empty.path(), PASSPHRASE),
        Err(Error::NotAVault)
    ));
    assert!(matches!(
        open(&empty.path().join("absent"), PASSPHRASE),
        Err(Error::NotAVault)
    ));
    let test = TestVault::new();
    let officer = test.officer.clone();
    let dir = test.close();
    assert!(matches!(
        create(dir.path(), &officer),
        Err(Error::AlreadyAVault)
    ));
    assert!(open(dir.path(), PASSPHRASE).is_ok());
}

#[test]
fn a_lost_part_is_named_and_never_overwritten() {
    let test = TestVault::new();
    let officer = test.officer.clone();
    let dir = test.close();
    let aside = |name: &str| {
        let path = dir.path().join(name);
        let other = path.with_extension("aside");
        fs::rename(&path, &other).unwrap();
        move || fs::rename(other, path).unwrap()
    };
    let back = aside(key_file::NAME);
    assert!(matches!(
        open(dir.path(), PASSPHRASE),
        Err(Error::Damaged(DamagedPart::KeyFile))
    ));
    assert!(matches!(
        create(dir.path(), &officer),
        Err(Error::AlreadyAVault)
    ));
    back();
    let back = aside(database::NAME);
    assert!(matches!(
        open(dir.path(), PASSPHRASE),
        Err(Error::Damaged(DamagedPart::Database))
    ));
    back();
    assert!(open(dir.path(), PASSPHRASE).is_ok());
}

#[test]
fn an_interrupted_making_is_no_vault_and_can_be_done_again() {
    let test = TestVault::new();
    let officer = test.officer.clone();
    let dir = test.close();
    fs::write(dir.path().join("unfinished"), b"").unwrap();
    assert!(!Vault::exists(dir.path()));
    assert!(matches!(
        open(dir.path(), PASSPHRASE),
        Err(Error::NotAVault)
    ));
    create(dir.path(), &officer).unwrap();
    assert!(open(dir.path(), PASSPHRASE).is_ok());
}

#[test]
fn a_newer_vault_is_refused_and_left_as_it_is() {
    let test = TestVault::new();
    let known = crate::table::MIGRATIONS.len() as u32;
    test.vault
        .writer_connection()
        .pragma_update(None, "user_version", known + 1)
        .unwrap();
    let dir = test.close();
    let digest = |name: &str| Digest::of(&fs::read(dir.path().join(name)).unwrap());
    let before = digest(database::NAME);
    assert!(matches!(
        open(dir.path(), PASSPHRASE),
        Err(Error::NewerThanProgram { found, known: k }) if found == known + 1 && k == known
    ));
    assert_eq!(digest(database::NAME), before);

    let path = dir.path().join(key_file::NAME);
    let file = fs::read_to_string(&path).unwrap();
    fs::write(&path, file.replace("\"version\": 2", "\"version\": 3")).unwrap();
    assert!(matches!(
        open(dir.path(), PASSPHRASE),
        Err(Error::NewerThanProgram { found: 3, known: 2 })
    ));
}

#[test]
fn both_connections_have_the_promised_settings() {
    let test = TestVault::new();
    let expected = [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("foreign_keys", "1"),
        ("secure_delete", "1"),
        ("temp_store", "2"),
        ("trusted_schema", "0"),
    ];
    let found = |connection: &rusqlite::Connection, name: &str| {
        connection
            .query_row(&format!("PRAGMA {name}"), [], |row| {
                row.get::<_, rusqlite::types::Value>(0)
            })
            .map(|value| match value {
                rusqlite::types::Value::Integer(number) => number.to_string(),
                rusqlite::types::Value::Text(text) => text,
                other => format!("{other:?}"),
            })
            .unwrap()
    };
    for (name, value) in expected {
        assert_eq!(
            found(&test.vault.writer_connection(), name),
            value,
            "{name}"
        );
        let reader = test.vault.reader_connection();
        assert_eq!(found(&reader, name), value, "{name}");
    }
    assert_eq!(found(&test.vault.reader_connection(), "query_only"), "1");
    let strict: i64 = test
        .vault
        .writer_connection()
        .query_row(
            "SELECT count(*) FROM pragma_table_list
             WHERE schema = 'main' AND type = 'table' AND strict = 0
               AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_word%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(strict, 0, "every table of ours is strict");
}

#[test]
fn a_vault_may_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Vault>();
    shared::<Passphrase>();
    shared::<RecoveryKey>();
    shared::<Error>();
}

#[test]
fn there_is_no_vault_before_its_recovery_key_was_taken_over() {
    let dir = tempfile::tempdir().unwrap();
    let officer = domain::office::Officer {
        id: domain::ids::OfficerId::from_uuid(uuid::Uuid::now_v7()),
        name: "Trần Thị Mẫu".to_owned(),
    };
    let new = crate::NewVault {
        office: &super::office(),
        officer: &officer,
        passphrase: &super::passphrase(),
        now: super::now(),
    };
    let (unfinished, _lost_key) = Vault::begin(dir.path(), &new).unwrap();
    assert!(!Vault::exists(dir.path()));
    assert!(matches!(
        super::open(dir.path(), &super::passphrase()),
        Err(Error::NotAVault)
    ));
    // The program ends here: whoever comes next begins anew, with another key.
    drop(unfinished);
    let (unfinished, key) = Vault::begin(dir.path(), &new).unwrap();
    drop(unfinished.finish().unwrap());
    assert!(Vault::exists(dir.path()));
    let sign_in = crate::SignIn {
        officer: None,
        passphrase: &super::passphrase(),
        rules: &super::RULES,
        now: super::now(),
    };
    assert!(Vault::open_with_recovery_key(dir.path(), &key, &sign_in).is_ok());
}
