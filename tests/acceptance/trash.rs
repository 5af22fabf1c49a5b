//! The trash: back out of it with one verb, and erased when its days are over.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use desk::{Clock, Desk, Error, Settings, audit, scan, session, trash};
use domain::ids::PageId;
use domain::page::VoidReason;
use support::test_desk::{TestDesk, now, passphrase, sample, settings};

use crate::command_line::{code, lines, sohoa, text};

/// Two pages of a paper, the first of them taken out.
fn with_a_page_in_the_trash(test: &TestDesk) -> (PageId, PageId) {
    let desk = test.desk();
    let paper = crate::scan::document(test).id;
    let add = || {
        let file = sample("3-application-page-1.jpg");
        scan::add_file(desk, paper, &file, &mut |_| {}).unwrap();
    };
    add();
    add();
    let pages = scan::pages(desk, paper).unwrap();
    scan::void_page(desk, pages[0].id, VoidReason::Duplicate).unwrap();
    (pages[0].id, pages[1].id)
}

fn sealed_files(vault: &Path) -> Vec<PathBuf> {
    let shards = fs::read_dir(vault.join("sealed")).unwrap();
    let files = shards.flat_map(|shard| fs::read_dir(shard.unwrap().path()).unwrap());
    files.map(|file| file.unwrap().path()).collect()
}

/// The same desk, so many days later.
fn later(vault: &Path, days: i64) -> (Settings, Desk) {
    let mut settings = settings(vault);
    settings.clock = Clock::Fixed(now() + TimeDelta::days(days));
    let desk = session::sign_in(&settings, &passphrase()).unwrap();
    (settings, desk)
}

#[test]
fn a_page_comes_back_from_the_trash_to_where_it_was() {
    let test = TestDesk::new();
    let (first, second) = with_a_page_in_the_trash(&test);
    let trashed = trash::list(test.desk()).unwrap();
    assert_eq!(trashed.len(), 1);
    assert_eq!(trashed[0].page.id, first);
    assert_eq!(trashed[0].erasable_at, now() + TimeDelta::days(30));
    trash::restore(test.desk(), first).unwrap();
    assert!(trash::list(test.desk()).unwrap().is_empty());
    let pages = scan::pages(test.desk(), trashed[0].document.id).unwrap();
    let order: Vec<PageId> = pages.iter().map(|page| page.id).collect();
    assert_eq!(order, [first, second]);
}

#[test]
fn nothing_is_erased_before_its_days_are_over() {
    let mut test = TestDesk::new();
    with_a_page_in_the_trash(&test);
    test.close();
    let (_, desk) = later(test.vault(), 29);
    assert_eq!(trash::erase(&desk).unwrap(), []);
    assert_eq!(sealed_files(test.vault()).len(), 2);
}

// Circular 01/2023/TT-VPCP, art. 6: personal data is protected, and what was done is known.
#[test]
fn what_is_erased_leaves_its_row_and_a_signed_word_and_no_image() {
    let mut test = TestDesk::new();
    let (first, second) = with_a_page_in_the_trash(&test);
    let copy = test.folder().join("medium");
    desk::backup::back_up(test.desk(), &copy).unwrap();
    test.close();
    let (settings, desk) = later(test.vault(), 31);
    let stones = trash::erase(&desk).unwrap();
    let [stone] = &stones[..] else {
        panic!("one page: {stones:?}")
    };
    assert_eq!(
        (stone.page_id, stone.erased_at),
        (first, settings.clock.now())
    );
    assert_eq!(sealed_files(test.vault()).len(), 1);
    assert!(
        desk.check_vault().unwrap().is_sound(),
        "gone, as the trail says"
    );
    assert!(trash::list(&desk).unwrap().is_empty());
    let paper = stone.document_id;
    assert!(scan::voided_pages(&desk, paper).unwrap().is_empty());
    assert_eq!(scan::pages(&desk, paper).unwrap()[0].id, second);
    let back = trash::restore(&desk, first);
    assert!(matches!(back, Err(Error::Vault(_))), "{back:?}");

    let trail = test.folder().join("trail.jsonl");
    audit::export(&desk, &trail).unwrap();
    let report = audit::verify_file(&trail, &desk::KnownOfAudit::default()).unwrap();
    assert!(report.flaw.is_none());
    let told = fs::read_to_string(&trail).unwrap();
    let word = format!("trash_days_over {}", stone.sealed_digest);
    assert!(told.contains(&word), "when, who, why and what");

    // It goes from the other medium as well, at the next copy.
    assert_eq!(sealed_files(&copy).len(), 2);
    desk::backup::back_up(&desk, &copy).unwrap();
    assert_eq!(sealed_files(&copy).len(), 1);
    drop(desk);
    // And nothing else may be gone.
    fs::remove_file(&sealed_files(test.vault())[0]).unwrap();
    let (_, desk) = later(test.vault(), 31);
    assert_eq!(desk.check_vault().unwrap().missing.len(), 1);
}

#[test]
fn the_trash_is_listed_and_emptied_from_the_command_line() {
    let mut test = TestDesk::new();
    let (first, _) = with_a_page_in_the_trash(&test);
    test.close();
    let vault = text(test.vault()).to_owned();
    let run = |arguments: &[&str]| {
        let output = sohoa(&[arguments, &["--json", "--vault", &vault]].concat());
        assert_eq!(
            code(&output),
            0,
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        lines(&output)
    };
    let listed = run(&["trash", "list"]);
    assert_eq!(listed[0]["id"], first.to_string());
    assert_eq!(listed[0]["reason"], "duplicate");
    let restored = run(&["trash", "restore", &first.to_string()]);
    assert_eq!(restored[0]["position"], 0);
    assert_eq!(run(&["trash", "list"]).len(), 0);
    assert_eq!(run(&["trash", "erase"]).len(), 0);
}
