//! Several officers in one vault: each with a passphrase of his own, each with his own
//! wrong tries, and old key files.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::TimeDelta;
use domain::ids::OfficerId;
use domain::office::Officer;
use domain::rights::{Role, Roles};
use serde_json::Value;
use uuid::Uuid;

use super::{
    BEFORE_ROLES, PASSPHRASE, RULES, TestVault, now, old_vault, open, passphrase, sign_in,
};
use crate::key_file::{self, Cost};
use crate::{Error, Passphrase, RecoveryKey, SignIn, Vault, door};

const SECOND: &str = "Lê Văn Mẫu";
const OTHER_PASSPHRASE: &str = "con trâu đi trước";

fn other() -> Passphrase {
    Passphrase::new(OTHER_PASSPHRASE.to_owned())
}

/// Adds a second officer, with the other passphrase.
fn add_second(test: &TestVault) -> Officer {
    let second = Officer {
        id: OfficerId::from_uuid(Uuid::now_v7()),
        name: SECOND.to_owned(),
    };
    let roles = Roles::of(&[Role::Digitiser]);
    test.vault
        .write(|writer| writer.insert_officer(&second, roles, true, now()))
        .unwrap();
    test.vault
        .put_passphrase_at_cost(&second, &other(), now(), Cost::TEST)
        .unwrap();
    second
}

fn try_as(dir: &Path, officer: &str, passphrase: &Passphrase) -> Result<Officer, Error> {
    Vault::open(dir, &sign_in(Some(officer), passphrase)).map(|(_, officer)| officer)
}

/// Makes the key file one of the first version, as an older program wrote it.
fn as_version_1(dir: &Path) {
    let path = dir.join(key_file::NAME);
    let mut file: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    file["version"] = 1.into();
    for wrap in file["keys"]["officers"].as_array_mut().unwrap() {
        wrap.as_object_mut().unwrap().remove("name");
    }
    let keys = serde_json::from_value(file["keys"].clone()).unwrap();
    file["digest"] = key_file::digest_of(&keys).to_string().into();
    fs::write(&path, serde_json::to_vec_pretty(&file).unwrap()).unwrap();
}

fn version(dir: &Path) -> u64 {
    let file = fs::read(dir.join(key_file::NAME)).unwrap();
    serde_json::from_slice::<Value>(&file).unwrap()["version"]
        .as_u64()
        .unwrap()
}

#[test]
fn each_officer_opens_the_vault_with_the_own_passphrase_only() {
    let test = TestVault::new();
    let second = add_second(&test);
    let first = test.officer.clone();
    let dir = test.close();
    assert_eq!(
        try_as(dir.path(), &first.name, &passphrase()).unwrap(),
        first
    );
    assert_eq!(
        try_as(dir.path(), "  lê văn  MẪU", &other()).unwrap(),
        second
    );
    for (name, passphrase) in [(SECOND, passphrase()), (first.name.as_str(), other())] {
        assert!(matches!(
            try_as(dir.path(), name, &passphrase),
            Err(Error::WrongPassphrase)
        ));
    }
    assert!(matches!(
        try_as(dir.path(), "Nobody", &other()),
        Err(Error::UnknownOfficer)
    ));
    assert!(matches!(
        open(dir.path(), &passphrase()),
        Err(Error::OfficerNotNamed)
    ));
}

#[test]
fn the_door_shows_who_may_come_the_last_one_first() {
    let test = TestVault::new();
    add_second(&test);
    let first = test.officer.name.clone();
    let dir = test.close();
    let names = || -> Vec<String> {
        let officers = Vault::officers(dir.path()).unwrap();
        officers.into_iter().filter_map(|one| one.name).collect()
    };
    assert_eq!(names(), [first.as_str(), SECOND]);
    try_as(dir.path(), SECOND, &other()).unwrap();
    assert_eq!(names(), [SECOND, first.as_str()]);
}

#[test]
fn a_new_passphrase_rewraps_one_key_and_changes_no_other() {
    let test = TestVault::new();
    let second = add_second(&test);
    let sealed = test.vault.seal(b"a page").unwrap();
    let before = fs::read_to_string(test.dir.path().join(key_file::NAME)).unwrap();
    let new = Passphrase::new("mèo nằm ổ rơm".to_owned());
    test.vault
        .put_passphrase_at_cost(&second, &new, now(), Cost::TEST)
        .unwrap();
    let first = test.officer.clone();
    let dir = test.close();
    let after = fs::read_to_string(dir.path().join(key_file::NAME)).unwrap();
    let wraps =
        |text: &str| -> Value { serde_json::from_str::<Value>(text).unwrap()["keys"].clone() };
    let (before, after) = (wraps(&before), wraps(&after));
    assert_eq!(before["check"], after["check"], "the database key stays");
    assert_eq!(before["recovery"], after["recovery"]);
    assert_eq!(before["officers"][0], after["officers"][0]);
    assert_ne!(before["officers"][1], after["officers"][1]);
    assert!(matches!(
        try_as(dir.path(), SECOND, &other()),
        Err(Error::WrongPassphrase)
    ));
    let (vault, _) = Vault::open(dir.path(), &sign_in(Some(SECOND), &new)).unwrap();
    assert_eq!(*vault.unseal(&sealed.sealed_digest).unwrap(), b"a page");
    drop(vault);
    try_as(dir.path(), &first.name, &passphrase()).unwrap();
}

#[test]
fn who_has_no_passphrase_any_more_stays_outside() {
    let test = TestVault::new();
    let second = add_second(&test);
    test.vault.remove_passphrase(second.id).unwrap();
    let dir = test.close();
    assert!(matches!(
        try_as(dir.path(), SECOND, &other()),
        Err(Error::WrongPassphrase)
    ));
    assert!(open(dir.path(), &passphrase()).is_ok());
}

#[test]
fn the_key_file_names_nobody_where_there_is_nothing_to_choose() {
    let test = TestVault::new();
    let names_in_file = || {
        let file = fs::read_to_string(test.dir.path().join(key_file::NAME)).unwrap();
        [&test.officer.name, SECOND].map(|name| file.contains(name))
    };
    assert_eq!(names_in_file(), [false, false]);
    let second = add_second(&test);
    assert_eq!(names_in_file(), [true, true]);
    test.vault.remove_passphrase(second.id).unwrap();
    assert_eq!(names_in_file(), [false, false]);
}

#[test]
fn a_vault_made_before_there_were_roles_opens_with_all_rights_and_a_signed_trail() {
    let dir = tempfile::tempdir().unwrap();
    let (first, recovery_key) = old_vault(dir.path(), BEFORE_ROLES);
    let id = first.id;
    as_version_1(dir.path());

    let (vault, officer) = open(dir.path(), &passphrase()).unwrap();
    assert_eq!(officer, first);
    let account = vault.read(|reader| reader.account(id)).unwrap();
    assert_eq!(account.roles, Roles::ALONE);
    assert!(!account.must_change && !account.is_asleep(45, now()));
    let test = TestVault {
        vault,
        officer,
        recovery_key,
        dir,
    };
    for _ in 0..3 {
        let event = test.event(domain::audit::Act::SignedIn);
        test.vault
            .write(|writer| writer.append_audit(&event))
            .unwrap();
    }
    let export = test
        .vault
        .read(|reader| reader.export_audit(now()))
        .unwrap();
    let report = crate::verify_audit_export(&export, &crate::KnownOfAudit::default());
    assert_eq!((report.events, report.heads, report.flaw), (3, 3, None));
}

#[test]
fn a_key_file_of_an_older_program_opens_and_the_first_write_renews_it() {
    let test = TestVault::new();
    let first = test.officer.clone();
    let dir = test.close();
    as_version_1(dir.path());
    assert_eq!(Vault::officers(dir.path()).unwrap()[0].name, None);
    // Half a renewal that a kill left behind is nothing.
    fs::write(dir.path().join("keys.json.partial"), b"{").unwrap();
    let (vault, officer) = open(dir.path(), &passphrase()).unwrap();
    assert_eq!(officer, first);
    assert_eq!(version(dir.path()), 1, "opening writes nothing");
    drop(vault);
    assert!(matches!(
        try_as(dir.path(), SECOND, &passphrase()),
        Err(Error::UnknownOfficer)
    ));
    let (vault, officer) =
        Vault::open(dir.path(), &sign_in(Some(&first.name), &passphrase())).unwrap();
    let test = TestVault {
        vault,
        officer,
        recovery_key: RecoveryKey::generate(),
        dir,
    };
    add_second(&test);
    let dir = test.close();
    assert_eq!(version(dir.path()), 2);
    try_as(dir.path(), &first.name, &passphrase()).unwrap();
    try_as(dir.path(), SECOND, &other()).unwrap();
}

#[test]
fn the_recovery_key_gives_the_named_officer_a_new_passphrase() {
    let test = TestVault::new();
    add_second(&test);
    let recovery_key = test.recovery_key.clone();
    let first = test.officer.name.clone();
    let dir = test.close();
    let new = Passphrase::new("mèo nằm ổ rơm".to_owned());
    let unnamed =
        Vault::recover_at_cost(dir.path(), &recovery_key, &sign_in(None, &new), Cost::TEST);
    assert!(matches!(unnamed, Err(Error::OfficerNotNamed)));
    Vault::recover_at_cost(
        dir.path(),
        &recovery_key,
        &sign_in(Some(SECOND), &new),
        Cost::TEST,
    )
    .unwrap();
    try_as(dir.path(), SECOND, &new).unwrap();
    try_as(dir.path(), &first, &passphrase()).unwrap();
}

fn guess(dir: &Path, passphrase: &str, minute: i64) -> Result<(), Error> {
    let passphrase = Passphrase::new(passphrase.to_owned());
    let guess = SignIn {
        officer: None,
        passphrase: &passphrase,
        rules: &RULES,
        now: now() + TimeDelta::minutes(minute),
    };
    Vault::open(dir, &guess).map(|_| ())
}

#[test]
fn five_wrong_tries_bring_a_wait_that_nothing_shortens() {
    let dir = TestVault::new().close();
    let dir = dir.path();
    for _ in 0..5 {
        assert!(matches!(
            guess(dir, "sai rồi mà", 0),
            Err(Error::WrongPassphrase)
        ));
    }
    let must_wait = |minute, minutes_left: u32| {
        let refused = guess(dir, PASSPHRASE, minute);
        assert!(
            matches!(refused, Err(Error::MustWait { left_s }) if left_s == minutes_left * 60),
            "{refused:?} at {minute}"
        );
    };
    // Even the right passphrase waits, and a clock that was turned back changes nothing.
    must_wait(0, 15);
    must_wait(4, 11);
    must_wait(-600, 11);
    must_wait(-599, 10);
    assert!(guess(dir, PASSPHRASE, -589).is_ok());
    // One that was right is a new beginning.
    assert!(matches!(
        guess(dir, "sai rồi mà", -589),
        Err(Error::WrongPassphrase)
    ));
    assert!(guess(dir, PASSPHRASE, -589).is_ok());
}

#[test]
fn the_tries_of_one_officer_are_not_those_of_another() {
    let test = TestVault::new();
    add_second(&test);
    let first = test.officer.name.clone();
    let dir = test.close();
    for _ in 0..5 {
        assert!(try_as(dir.path(), SECOND, &passphrase()).is_err());
    }
    assert!(matches!(
        try_as(dir.path(), SECOND, &other()),
        Err(Error::MustWait { .. })
    ));
    try_as(dir.path(), &first, &passphrase()).unwrap();
}

#[test]
fn a_passphrase_set_by_somebody_else_ends_the_wait() {
    let test = TestVault::new();
    let second = add_second(&test);
    let first = test.officer.clone();
    let dir = test.close();
    for _ in 0..5 {
        assert!(try_as(dir.path(), SECOND, &passphrase()).is_err());
    }
    let (vault, _) = Vault::open(dir.path(), &sign_in(Some(&first.name), &passphrase())).unwrap();
    vault
        .put_passphrase_at_cost(&second, &other(), now(), Cost::TEST)
        .unwrap();
    drop(vault);
    try_as(dir.path(), SECOND, &other()).unwrap();
}

#[test]
fn wrong_tries_are_told_once_the_vault_is_open() {
    let dir = TestVault::new().close();
    for minute in [1, 2] {
        assert!(guess(dir.path(), "sai rồi mà", minute).is_err());
    }
    let (vault, officer) = open(dir.path(), &passphrase()).unwrap();
    let told = || {
        let mut told = Vec::new();
        vault
            .tell_wrong_tries(|tries| {
                told.extend_from_slice(tries);
                Ok::<_, Error>(())
            })
            .unwrap();
        told
    };
    let tries = told();
    assert_eq!(tries.len(), 2, "the right one is no wrong one");
    assert!(tries.iter().all(|one| one.officer_id == officer.id));
    assert_eq!(tries[0].tried_at, now() + TimeDelta::minutes(1));
    assert_eq!(told(), []);
}

#[test]
fn a_damaged_door_keeps_nobody_out() {
    let dir = TestVault::new().close();
    fs::write(dir.path().join(door::NAME), b"no JSON").unwrap();
    assert!(open(dir.path(), &passphrase()).is_ok());
}

/// Where the child finds its vault. Unset in an ordinary run.
const CHILD_DIR: &str = "VAULT_TEST_OFFICERS_DIR";

/// The program that is killed: it changes a passphrase again and again.
#[test]
fn child_that_is_killed_while_it_changes_passphrases() {
    let Some(dir) = std::env::var_os(CHILD_DIR) else {
        return;
    };
    let (vault, officer) = open(Path::new(&dir), &passphrase()).unwrap();
    loop {
        for new in [other(), passphrase()] {
            vault
                .put_passphrase_at_cost(&officer, &new, now(), Cost::TEST)
                .unwrap();
        }
    }
}

#[test]
fn killed_while_a_passphrase_changes_exactly_one_of_both_opens() {
    let dir = TestVault::new().close();
    let mut seen = [0, 0];
    for round in 0..12_u64 {
        as_version_1(dir.path());
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "tests::officers::child_that_is_killed_while_it_changes_passphrases",
                "--nocapture",
            ])
            .env(CHILD_DIR, dir.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(150 + round * 17));
        child.kill().unwrap();
        child.wait().unwrap();
        let opens = [passphrase(), other()].map(|one| match open(dir.path(), &one) {
            Ok((vault, officer)) => {
                // Set back for the next round.
                vault
                    .put_passphrase_at_cost(&officer, &passphrase(), now(), Cost::TEST)
                    .unwrap();
                true
            }
            Err(Error::WrongPassphrase) => false,
            Err(error) => panic!("neither open nor shut: {error:?}"),
        });
        // The first was tried first; set back, it would open again at the second look.
        assert!(opens[0] != opens[1], "{opens:?}");
        seen[usize::from(opens[1])] += 1;
    }
    assert_eq!(seen[0] + seen[1], 12);
}
