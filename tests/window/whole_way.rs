//! From signing in to finding the paper again, without touching the mouse.

use std::time::Duration;

use support::test_centre::TestCentre;
use support::test_token::{Key as KeyKind, PIN, Purpose, TestAuthority, TestTokens};
use thirtyfour::prelude::*;

use crate::program::{Kind, LONG, Window, has_display};

/// The office of the demonstration desk.
const OFFICE: &str = "H55.242";
/// Who signs in at the demonstration desk.
const OFFICER: &str = "Trần Minh Anh";
const SOON: Duration = Duration::from_secs(20);
/// More fields than any form has; reaching it means that Enter leads nowhere.
const MOST_FIELDS: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn one_paper_goes_the_whole_way_by_keyboard() {
    if !has_display() {
        return;
    }
    let centre = TestCentre::start();
    let tokens = TestTokens::new();
    let authority = TestAuthority::new();
    tokens.add(
        "Thẻ thử nghiệm",
        &authority.issue(OFFICER, KeyKind::Rsa(2_048), Purpose::Signing),
    );
    let window = Window::open(Kind::Demonstration).await;
    sign_in(&window).await;
    receive(&window).await;
    scan(&window).await;
    review(&window).await;
    let (code, local_code) = deposit(&window).await;
    assert!(local_code.len() >= 17, "a local code: {local_code}");
    find(&window, &code, &local_code).await;
    sign(&window).await;
    send(&window, &centre.ticket(OFFICE)).await;
    window.close().await;
}

/// The desk joins its centre, and what it deposited goes there by itself.
async fn send(window: &Window, ticket: &str) {
    window.press(&[Key::Alt], 'c').await;
    window.wait("textarea[name=ticket]").await;
    window.keep_picture("9-no-centre").await;
    // Pasted, as a person does it.
    let ticket = serde_json::to_string(ticket).unwrap();
    let paste = format!(
        "(() => {{
            const field = document.querySelector('textarea[name=ticket]');
            field.focus();
            return document.execCommand('insertText', false, {ticket});
        }})()"
    );
    window.until(&paste, SOON).await;
    window.press(&[Key::Control], Key::Enter).await;
    // The deposit and the signed copy that came after it.
    let delivered = "document.querySelectorAll('li .sure').length === 2";
    window.until(delivered, LONG).await;
    window
        .until(
            "document.body.innerText.includes('Trung tâm đã nhận hết')",
            SOON,
        )
        .await;
    window.keep_picture("9-delivered").await;
    // Without a network the same goes into a file.
    let folder = tempfile::tempdir().unwrap();
    let focus = "(document.querySelector('input[name=folder]').focus(), true)";
    window.until(focus, SOON).await;
    window.type_in(&folder.path().to_string_lossy()).await;
    window.press(&[Key::Control], 's').await;
    window
        .until("document.body.innerText.includes('Đã ghi station-')", SOON)
        .await;
    window.keep_picture("9-carried").await;
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    window.press(&[], Key::Escape).await;
}

pub(crate) async fn sign_in(window: &Window) {
    window.wait("input[name=passphrase]").await;
    window
        .until("document.activeElement.name === 'passphrase'", SOON)
        .await;
    window.keep_picture("1-sign-in").await;
    // A wrong passphrase opens nothing and says so.
    window.type_in("x").await;
    window.press(&[], Key::Enter).await;
    window.wait("[role=alert]").await;
    window.press(&[], Key::Backspace).await;
    window.press(&[], Key::Enter).await;
    window.wait_for("input[name=owner_id]", LONG).await;
}

pub(crate) async fn receive(window: &Window) {
    window
        .until("document.activeElement.name === 'owner_id'", SOON)
        .await;
    window.type_in("0100109106").await;
    window.press(&[], Key::Tab).await;
    window.press(&[], Key::Tab).await;
    // The procedure is found without accents, and chosen from the list.
    window.type_in("ban sao giay khai sinh").await;
    window.wait("[role=option][data-highlighted]").await;
    window.keep_picture("2-reception").await;
    window.press(&[], Key::Enter).await;
    window
        .until("document.querySelectorAll('fieldset').length === 3", SOON)
        .await;
    window.press(&[Key::Control], Key::Enter).await;
    window.wait("select[name=device]").await;
}

pub(crate) async fn scan(window: &Window) {
    window.press(&[], Key::F2).await;
    window.wait_for(".tile", LONG).await;
    window
        .until("!document.querySelector('.foot button').disabled", LONG)
        .await;
    has_picture(window, ".tile img").await;
    has_picture(window, ".sheet img").await;
    window.keep_picture("3-scan").await;
    // A page is taken out with a reason and comes back by undo.
    let pages = window
        .says("document.querySelectorAll('.tile').length")
        .await;
    window.press(&[], Key::Delete).await;
    window.wait(".why").await;
    window.press(&[], '1').await;
    window
        .until(
            &format!("document.querySelectorAll('.tile').length < {pages}"),
            SOON,
        )
        .await;
    window.press(&[Key::Control], 'z').await;
    window
        .until(
            &format!("document.querySelectorAll('.tile').length == {pages}"),
            SOON,
        )
        .await;
    window
        .until("!document.querySelector('.foot button').disabled", SOON)
        .await;
    window.press(&[Key::Control], Key::Enter).await;
    window.wait_for(".line", LONG).await;
}

pub(crate) async fn review(window: &Window) {
    has_picture(window, ".sheet img").await;
    window.wait_for(".line", SOON).await;
    window.keep_picture("4-review").await;
    // Where a field is doubtful, the first comes into hand by itself.
    for _ in 0..MOST_FIELDS {
        // The button counts what is left to look at.
        let before = window
            .says("document.querySelector('.foot button').innerText")
            .await;
        if !before.contains("còn") {
            break;
        }
        window.wait_for(".line.now", SOON).await;
        window.press(&[], Key::Enter).await;
        let before = serde_json::to_string(&before).unwrap();
        window
            .until(
                &format!("document.querySelector('.foot button').innerText !== {before}"),
                LONG,
            )
            .await;
    }
    // Enter leads through all doubtful fields, and then none is in hand.
    window
        .until("!document.querySelector('.line.now')", SOON)
        .await;
    window.keep_picture("5-reviewed").await;
}

async fn deposit(window: &Window) -> (String, String) {
    window.press(&[Key::Control], Key::Enter).await;
    window.wait("[data-code]").await;
    window.keep_picture("6-deposit").await;
    let code = window
        .says("document.querySelector('[data-code]').dataset.code")
        .await;
    assert!(!code.is_empty(), "the digitisation code is shown");
    let local_code = window
        .says("document.querySelector('[data-record]').dataset.record")
        .await;
    (code, local_code)
}

async fn find(window: &Window, code: &str, local_code: &str) {
    for words in [local_code, code] {
        window.press(&[Key::Control], 'k').await;
        window
            .until("document.activeElement.name === 'words'", SOON)
            .await;
        window.press(&[Key::Control], 'a').await;
        window.type_in(words).await;
        window
            .wait(&format!("[data-local-code='{local_code}']"))
            .await;
        window.wait(&format!("[data-record='{local_code}']")).await;
        window.keep_picture("7-search").await;
        window.press(&[], Key::Escape).await;
    }
    // `?` shows the keys of a screen.
    window.wait("main").await;
    window.press(&[], '?').await;
    window.wait("[role=dialog] kbd").await;
    window.press(&[], Key::Escape).await;
}

/// The copy waits for a signature, a wrong PIN costs nothing, and the right one signs it.
async fn sign(window: &Window) {
    window.press(&[Key::Control], 'd').await;
    window.wait("input[name=pin]").await;
    window
        .until("document.activeElement.name === 'pin'", SOON)
        .await;
    window.type_in("000000").await;
    window.keep_picture("8-sign").await;
    window.press(&[], Key::Enter).await;
    window.wait("section [role=alert]").await;
    window.keep_picture("8-sign-wrong-pin").await;
    window
        .until(
            "document.querySelector('input[name=pin]:enabled')?.value === ''",
            SOON,
        )
        .await;
    window
        .until(
            "(document.querySelector('input[name=pin]').focus(), true)",
            SOON,
        )
        .await;
    window.type_in(PIN).await;
    window.press(&[], Key::Enter).await;
    window.wait_for("section .none", LONG).await;
    window.keep_picture("8-signed").await;
}

/// Pixels come over the page scheme, past the content security policy.
pub(crate) async fn has_picture(window: &Window, css: &str) {
    window
        .until(
            &format!("document.querySelector('{css}')?.naturalWidth > 20"),
            LONG,
        )
        .await;
}
