//! Beside the way of a dossier: the trash, papers used again, the own passphrase, backups.

use std::time::Duration;

use support::test_desk::sample;
use thirtyfour::prelude::*;

use crate::first_run::{PASSPHRASE, in_hand, lock, make_vault, sign_in as enter};
use crate::program::{Kind, LONG, Window, has_display};
use crate::whole_way::{has_picture, receive, sign_in};

const SOON: Duration = Duration::from_secs(20);
const OTHER_PASSPHRASE: &str = "Mua roi 2028 ngoai hien";
/// The owner and the first component of the dossier that `receive` makes.
const OWNER: &str = "0100109106";
const COMPONENT: &str = "TP-G15.900011";

async fn tiles(window: &Window, count: usize) {
    let there = format!("document.querySelectorAll('.tile').length === {count}");
    window.until(&there, LONG).await;
    let ready = "!document.querySelector('.foot button').disabled";
    window.until(ready, LONG).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_comes_back_from_the_trash_or_is_erased_with_a_reason() {
    if !has_display() {
        return;
    }
    let window = Window::open(Kind::Demonstration).await;
    sign_in(&window).await;
    receive(&window).await;
    let page = |name: &str| std::fs::read(sample(name)).unwrap();
    window.load(&[
        ("1.jpg", &page("3-application-page-1.jpg")),
        ("2.jpg", &page("3-application-page-2.jpg")),
    ]);
    window.press(&[], Key::F2).await;
    tiles(&window, 2).await;
    for left in [1, 0] {
        // A key that comes while the scan still runs is not heard.
        window
            .until("document.querySelector('.foot button:enabled')", LONG)
            .await;
        window.press(&[], Key::Delete).await;
        window.wait(".why").await;
        window.press(&[], '4').await;
        let gone = format!("document.querySelectorAll('.tile').length === {left}");
        window.until(&gone, SOON).await;
        window.until("!document.querySelector('.why')", SOON).await;
    }
    window.press(&[Key::Alt], 't').await;
    rows(&window, 2).await;
    has_picture(&window, ".sheet img").await;
    window.keep_picture("30-trash").await;
    // Back into its paper, and out again by undo.
    window.press(&[], Key::Enter).await;
    rows(&window, 1).await;
    window.keep_picture("31-put-back").await;
    window.press(&[Key::Control], 'z').await;
    rows(&window, 2).await;
    window.until("!document.querySelector('.bar')", SOON).await;
    // Erasing asks why; Esc leaves everything as it is.
    window.press(&[], Key::Delete).await;
    window.wait(".bar:not(.done)").await;
    window.keep_picture("32-erase").await;
    window.press(&[], Key::Escape).await;
    window.until("!document.querySelector('.bar')", SOON).await;
    rows(&window, 2).await;
    window.press(&[], Key::Delete).await;
    window.wait(".bar:not(.done)").await;
    window.press(&[], '1').await;
    rows(&window, 1).await;
    window.wait(".bar.done").await;
    window.keep_picture("33-erased").await;
    window.press(&[], Key::Enter).await;
    rows(&window, 0).await;
    window.press(&[], Key::Escape).await;
    tiles(&window, 1).await;
    window.close().await;
}

async fn rows(window: &Window, count: usize) {
    let there = format!(
        "document.querySelector('.trash') && document.querySelectorAll('.trash li').length === {count}"
    );
    window.until(&there, SOON).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_that_is_digitised_already_is_used_again_at_one_key() {
    if !has_display() {
        return;
    }
    let window = Window::open(Kind::FirstDay).await;
    make_vault(&window).await;
    lock(&window).await;
    let file = sample("1-official-document.jpg");
    let digitise = [
        "digitise",
        file.to_str().unwrap(),
        "--owner",
        OWNER,
        "--component",
        COMPONENT,
        "--accept",
        "all",
    ];
    window
        .run_program(&digitise, &[("SOHOA_PASSPHRASE", PASSPHRASE)])
        .await;
    enter(&window, PASSPHRASE).await;
    window.wait_for("input[name=owner_id]", LONG).await;
    receive(&window).await;
    window.wait(".reuse").await;
    window.keep_picture("34-already-digitised").await;
    window.press(&[], 'd').await;
    let used = "document.querySelector('.reuse')?.innerText.includes('không quét lại')";
    window.until(used, SOON).await;
    window.keep_picture("35-used-again").await;
    // Undone, it is offered again; and once more, the next paper comes into the hand.
    window.press(&[Key::Control], 'z').await;
    window.until(&format!("!({used})"), SOON).await;
    window.wait(".reuse").await;
    window.press(&[], 'd').await;
    window.until(used, SOON).await;
    window.press(&[Key::Control], Key::Enter).await;
    window
        .until("!document.querySelector('.reuse')", SOON)
        .await;
    let done = "document.querySelector('nav[aria-label] .paper')?.innerText.includes('dùng bản đã số hóa')";
    window.until(done, SOON).await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_own_passphrase_is_changed_and_a_backup_made_and_tried() {
    if !has_display() {
        return;
    }
    let window = Window::open(Kind::FirstDay).await;
    make_vault(&window).await;
    in_hand(&window, "owner_id").await;
    window.press(&[Key::Alt], 'p').await;
    in_hand(&window, "old").await;
    for text in ["Khong phai 2026", OTHER_PASSPHRASE, OTHER_PASSPHRASE] {
        window.type_in(text).await;
        window.press(&[], Key::Tab).await;
    }
    let submit = "(document.querySelector('input[name=again]').focus(), true)";
    window.until(submit, SOON).await;
    window.press(&[], Key::Enter).await;
    window.wait_for("[role=alert]", LONG).await;
    window.keep_picture("36-passphrase-wrong").await;
    let again = "(document.querySelector('input[name=old]').select(), true)";
    window.until(again, SOON).await;
    window.type_in(PASSPHRASE).await;
    window.press(&[], Key::Enter).await;
    window.wait_for(".done", LONG).await;
    window.keep_picture("37-passphrase-changed").await;
    window.press(&[Key::Alt], 'b').await;
    in_hand(&window, "folder").await;
    window.keep_picture("38-no-backup").await;
    let folder = window.folder("medium");
    window.type_in(folder.to_str().unwrap()).await;
    window.press(&[], Key::Enter).await;
    window.wait_for(".done", LONG).await;
    assert!(folder.join("vault.db").is_file());
    window.keep_picture("39-backup-made").await;
    // The old passphrase opens it no more than the vault.
    let focus = "(document.querySelector('input[name=passphrase]:enabled')?.focus(), \
                 document.activeElement.name === 'passphrase')";
    window.until(focus, SOON).await;
    window.type_in(PASSPHRASE).await;
    window.press(&[], Key::Enter).await;
    window.wait_for("[role=alert]", LONG).await;
    window.until(focus, SOON).await;
    window.type_in(OTHER_PASSPHRASE).await;
    window.press(&[], Key::Enter).await;
    window.wait_for(".done", LONG).await;
    window.keep_picture("40-backup-tried").await;
    window.press(&[], Key::Escape).await;
    window.press(&[], Key::Escape).await;
    lock(&window).await;
    enter(&window, OTHER_PASSPHRASE).await;
    window.wait_for("input[name=owner_id]", LONG).await;
    window.close().await;
}
