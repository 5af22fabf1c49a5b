//! The trash: back out of it with one verb, and erased when its days are over.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use desk::{
    Clock, Desk, Error, Refusal, Settings, audit, export, review, scan, session, signatures, trash,
};
use domain::copy::Awaited;
use domain::ids::{DocumentId, PageId};
use domain::page::VoidReason;
use domain::retention::{EraseReason, Held};
use packaging::Standard;
use support::test_desk::{TestDesk, now, passphrase, sample, settings};
use support::test_token::{Key, Purpose, TestAuthority, TestTokens};

use crate::command_line::{code, lines, sohoa, text};
use crate::signatures::signed_with;

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

pub(crate) fn sealed_files(vault: &Path) -> Vec<PathBuf> {
    let shards = fs::read_dir(vault.join("sealed")).unwrap();
    let files = shards.flat_map(|shard| fs::read_dir(shard.unwrap().path()).unwrap());
    files.map(|file| file.unwrap().path()).collect()
}

/// The same desk, so many days later.
pub(crate) fn later(vault: &Path, days: i64) -> (Settings, Desk) {
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

/// A paper of two sheets that is read; then its first sheet is taken out and it is read
/// again. Of the two copies the older one shows the sheet.
fn with_a_page_on_an_older_copy(test: &TestDesk) -> (DocumentId, PageId) {
    let desk = test.desk();
    let paper = crate::scan::document(test).id;
    for name in ["3-application-page-1.jpg", "3-application-page-2.jpg"] {
        scan::add_file(desk, paper, &sample(name), &mut |_| {}).unwrap();
    }
    review::extract_document(desk, paper, None, &|_| {}).unwrap();
    let first = scan::pages(desk, paper).unwrap()[0].id;
    scan::void_page(desk, first, VoidReason::WrongDocument).unwrap();
    review::extract_document(desk, paper, None, &|_| {}).unwrap();
    (paper, first)
}

#[test]
fn with_a_page_go_the_older_copies_in_which_it_stands() {
    let mut test = TestDesk::new();
    let (paper, first) = with_a_page_on_an_older_copy(&test);
    let copy = test.folder().join("medium");
    desk::backup::back_up(test.desk(), &copy).unwrap();
    assert_eq!(
        sealed_files(test.vault()).len(),
        4,
        "two images, two copies"
    );
    let latest = export::copy_of(test.desk(), paper).unwrap();
    let code = review::review(test.desk(), paper)
        .unwrap()
        .document
        .local_code;
    test.close();
    let (_, desk) = later(test.vault(), 31);
    let stones = trash::erase(&desk).unwrap();
    assert_eq!(stones.len(), 1);
    assert_eq!((stones[0].page_id, stones[0].files.len()), (first, 1));
    assert_eq!(sealed_files(test.vault()).len(), 2, "one image, one copy");
    assert!(desk.check_vault().unwrap().is_sound());
    assert_eq!(export::copy_of(&desk, paper).unwrap(), latest);
    let history = signatures::history(&desk, &code).unwrap();
    assert_eq!(history.len(), 1, "the erased copy is offered nowhere");
    // What is gone is named in the signed trail, the copy as well as the image.
    let trail = test.folder().join("trail.jsonl");
    audit::export(&desk, &trail).unwrap();
    let told = fs::read_to_string(&trail).unwrap();
    assert!(told.contains(&stones[0].inscription()));
    // It goes from the other medium too.
    desk::backup::back_up(&desk, &copy).unwrap();
    assert_eq!(sealed_files(&copy).len(), 2);
}

#[test]
fn a_copy_that_waits_for_a_signature_waits_no_more_when_it_is_erased() {
    let mut test = TestDesk::new();
    let desk = test.desk();
    let paper = crate::scan::document(&test).id;
    scan::add_file(desk, paper, &sample("2-birth-certificate.jpg"), &mut |_| {}).unwrap();
    review::extract_document(desk, paper, None, &|_| {}).unwrap();
    scan::discard_pages(desk, paper).unwrap();
    let waiting = |desk: &Desk| signatures::waiting(desk, Awaited::Signature).unwrap().len();
    assert_eq!(waiting(desk), 1);
    test.close();
    let (_, desk) = later(test.vault(), 31);
    trash::erase(&desk).unwrap();
    assert_eq!(sealed_files(test.vault()), Vec::<PathBuf>::new());
    assert_eq!(waiting(&desk), 0, "nobody signs what is not there");
    assert!(desk.check_vault().unwrap().is_sound());
}

// Circular 01/2023/TT-VPCP, art. 8(1): what an officer has signed stays as it was signed.
#[test]
fn a_page_on_a_signed_copy_is_held_and_the_refusal_says_so() {
    let (authority, tokens, test) = (TestAuthority::new(), TestTokens::new(), TestDesk::new());
    let officer = test.desk().officer().name.clone();
    tokens.add(
        "Thử",
        &authority.issue(&officer, Key::Rsa(2_048), Purpose::Signing),
    );
    let desk = test.desk();
    let paper = crate::scan::document(&test).id;
    for name in ["3-application-page-1.jpg", "3-application-page-2.jpg"] {
        scan::add_file(desk, paper, &sample(name), &mut |_| {}).unwrap();
    }
    review::extract_document(desk, paper, None, &|_| {}).unwrap();
    crate::sign::sign_all(&test, &[paper]);
    let first = scan::pages(desk, paper).unwrap()[0].id;
    scan::void_page(desk, first, VoidReason::WrongDocument).unwrap();
    assert_eq!(trash::list(desk).unwrap()[0].held, Some(Held::BySignature));
    let refused = trash::erase_now(desk, first, EraseReason::OfAnother);
    assert!(
        matches!(
            refused,
            Err(Error::Refused(Refusal::Held(Held::BySignature)))
        ),
        "{refused:?}"
    );
    let files = sealed_files(test.vault()).len();
    let mut test = test;
    test.close();
    let (_, desk) = later(test.vault(), 31);
    assert_eq!(trash::erase(&desk).unwrap(), []);
    assert_eq!(sealed_files(test.vault()).len(), files);
}

#[test]
fn a_page_that_shows_what_nobody_handed_in_is_erased_at_once_with_the_reason() {
    let test = TestDesk::new();
    let (paper, first) = with_a_page_on_an_older_copy(&test);
    let desk = test.desk();
    let kept = scan::pages(desk, paper).unwrap()[0].id;
    let refused = trash::erase_now(desk, kept, EraseReason::OfAnother);
    assert!(
        matches!(refused, Err(Error::Refused(Refusal::NoSuchPlace))),
        "what is not in the trash is not erased: {refused:?}"
    );
    let stones = trash::erase_now(desk, first, EraseReason::OfAnother).unwrap();
    assert!(stones[0].inscription().starts_with("of_another "));
    assert_eq!(sealed_files(test.vault()).len(), 2, "one image, one copy");
    assert!(trash::list(desk).unwrap().is_empty());
    assert!(desk.check_vault().unwrap().is_sound());
}

#[test]
fn with_its_pages_goes_a_signed_file_that_was_given_up() {
    let mut test = TestDesk::new();
    let signed = signed_with(Key::Rsa(2_048), Standard::PdfA2b).pdf;
    let file = test.folder().join("signed.pdf");
    fs::write(&file, &signed).unwrap();
    let paper = crate::scan::document(&test).id;
    scan::add_file(test.desk(), paper, &file, &mut |_| {}).unwrap();
    review::extract_document(test.desk(), paper, None, &|_| {}).unwrap();
    scan::discard_pages(test.desk(), paper).unwrap();
    test.close();
    let (_, desk) = later(test.vault(), 31);
    assert_eq!(
        trash::erase(&desk).unwrap()[0].files.len(),
        2,
        "the file, as an original and as the copy that it was"
    );
    assert_eq!(sealed_files(test.vault()), Vec::<PathBuf>::new());
    assert!(desk.check_vault().unwrap().is_sound());
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
