//! What keeps a desk safe: room on the disk, and backups that somebody has tried.

use chrono::TimeDelta;
use desk::{Clock, Error, Passphrase, Refusal, backup, session};
use support::test_desk::{TestDesk, now, passphrase, sample, settings};

use crate::command_line::{code, sohoa, text};

#[test]
fn a_backup_is_due_until_it_is_made_and_again_after_a_week() {
    let mut test = TestDesk::new();
    let medium = test.folder().join("medium");
    let state = backup::state(test.desk()).unwrap();
    assert!(state.is_due && state.last.is_none());
    let none = backup::try_out(test.desk(), &passphrase());
    assert!(matches!(none, Err(Error::Refused(Refusal::NoBackup))));
    backup::back_up(test.desk(), &medium).unwrap();
    let state = backup::state(test.desk()).unwrap();
    let last = state.last.unwrap();
    assert!(!state.is_due);
    assert_eq!((last.made_at, last.tried_at), (now(), None));
    assert_eq!(last.folder, medium.to_string_lossy());
    let wrong = backup::try_out(test.desk(), &Passphrase::new("Khong-phai-2026".to_owned()));
    assert!(matches!(wrong, Err(Error::Vault(_))), "{wrong:?}");
    backup::try_out(test.desk(), &passphrase()).unwrap();
    let tried = |desk: &desk::Desk| backup::state(desk).unwrap().last.unwrap().tried_at;
    assert_eq!(tried(test.desk()), Some(now()));
    // What was tried is that backup, not the next one.
    backup::back_up(test.desk(), &medium).unwrap();
    assert_eq!(tried(test.desk()), None);
    test.close();
    let mut settings = settings(test.vault());
    settings.clock = Clock::Fixed(now() + TimeDelta::days(8));
    let desk = session::sign_in(&settings, &passphrase()).unwrap();
    assert!(backup::state(&desk).unwrap().is_due);
}

#[test]
fn no_scan_begins_where_little_room_is_left() {
    let mut test = TestDesk::new();
    let page = sample("1-official-document.jpg");
    let vault = test.vault().to_owned();
    test.close();
    let arguments = ["stack", text(&page), "--vault", text(&vault)];
    let output = std::process::Command::new(support::test_desk::program("sohoa"))
        .args(arguments)
        .env("SOHOA_PASSPHRASE", support::test_desk::PASSPHRASE)
        // More than any disk has.
        .env("SOHOA_LEAST_ROOM_MB", "9000000000")
        .output()
        .unwrap();
    assert_eq!(code(&output), 4);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("MB are free where the vault lies"), "{said}");
    assert_eq!(
        code(&sohoa(&arguments)),
        0,
        "with room the same is taken in"
    );
}
