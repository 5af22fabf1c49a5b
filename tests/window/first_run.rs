//! The first day of a desk: a vault is made, a passphrase is forgotten, a scanner is
//! plugged in. By keyboard, as everything.

use std::time::Duration;

use thirtyfour::prelude::*;

use crate::program::{Kind, LONG, Window, has_display};
use crate::whole_way::{has_picture, receive};

const SOON: Duration = Duration::from_secs(20);
const FIRST_OFFICER: &str = "Vàng Thị Thử";
pub(crate) const PASSPHRASE: &str = "Chim-hot 2026 tren canh";
const NEW_PASSPHRASE: &str = "Nuoc chay 2027 duoi cau";
/// Sheets in the feeder that SANE's `test` back end simulates.
const SHEETS: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_is_set_up_recovered_and_scans_on_its_first_day() {
    if !has_display() {
        return;
    }
    let window = Window::open(Kind::FirstDay).await;
    let recovery_key = make_vault(&window).await;
    lock(&window).await;
    recover(&window, &recovery_key).await;
    lock(&window).await;
    // The forgotten passphrase opens nothing any more; the new one does.
    sign_in(&window, PASSPHRASE).await;
    window.wait("[role=alert]").await;
    window.press(&[Key::Control], 'a').await;
    sign_in(&window, NEW_PASSPHRASE).await;
    window.wait_for("input[name=owner_id]", LONG).await;
    receive(&window).await;
    scan(&window).await;
    window.close().await;
}

const SECOND: &str = "Lê Văn Mẫu";
const FIRST_DAY: &str = "Tam-thoi-2026";

#[tokio::test(flavor = "multi_thread")]
async fn a_second_officer_is_chosen_at_the_door_and_sets_an_own_passphrase() {
    if !has_display() {
        return;
    }
    let window = Window::open(Kind::FirstDay).await;
    make_vault(&window).await;
    lock(&window).await;
    assert!(
        !window
            .is("document.querySelector('select[name=officer]')")
            .await,
        "with one officer there is nothing to choose"
    );
    window
        .run_program(
            &["officer", "add", SECOND, "--roles", "digitiser"],
            &[
                ("SOHOA_PASSPHRASE", PASSPHRASE),
                ("SOHOA_NEW_PASSPHRASE", FIRST_DAY),
            ],
        )
        .await;
    window.driver.refresh().await.unwrap();
    window.wait("select[name=officer]").await;
    let chosen = "document.querySelector('select[name=officer]').value";
    assert_eq!(window.says(chosen).await, FIRST_OFFICER, "who came last");
    window.keep_picture("0-who-signs-in").await;
    in_hand(&window, "passphrase").await;
    let second = By::Css("select[name=officer] option:nth-child(2)");
    let second = window.driver.find(second).await.unwrap();
    second.click().await.unwrap();
    window
        .until(&format!("{chosen} === {SECOND:?}"), SOON)
        .await;
    window
        .until(
            "(document.querySelector('input[name=passphrase]').focus(), true)",
            SOON,
        )
        .await;
    sign_in(&window, FIRST_DAY).await;
    // Somebody else has set that passphrase: first an own one.
    window.wait("input[name=again]").await;
    window.keep_picture("0-own-passphrase").await;
    in_hand(&window, "passphrase").await;
    window.type_in(NEW_PASSPHRASE).await;
    window.press(&[], Key::Tab).await;
    window.type_in(NEW_PASSPHRASE).await;
    window.press(&[], Key::Enter).await;
    window.wait_for("input[name=owner_id]", LONG).await;
    let officer = window
        .says("document.querySelector('.officer').innerText")
        .await;
    assert!(officer.contains(SECOND), "{officer}");
    window.close().await;
}

/// Makes the vault and returns the recovery key, which is shown this once.
pub(crate) async fn make_vault(window: &Window) -> String {
    in_hand(window, "officer").await;
    window.type_in(FIRST_OFFICER).await;
    window.press(&[], Key::Tab).await;
    window.type_in("H55.242").await;
    window.press(&[], Key::Tab).await;
    window.type_in(PASSPHRASE).await;
    window.press(&[], Key::Tab).await;
    // A slip of the finger in the repetition makes no vault.
    window.type_in("Chim-hot").await;
    window.press(&[], Key::Enter).await;
    window
        .until("document.querySelector('[aria-invalid=true]')", SOON)
        .await;
    window.keep_picture("0-first-run").await;
    window.type_in(&PASSPHRASE["Chim-hot".len()..]).await;
    window.press(&[], Key::Enter).await;
    window.wait_for(".key", LONG).await;
    window.keep_picture("0-recovery-key").await;
    let recovery_key = window
        .says("document.querySelector('.key').innerText")
        .await;
    // Nobody goes on without saying that it is written down.
    assert!(
        window
            .is("document.querySelector('button[type=submit]').disabled")
            .await
    );
    window.press(&[], ' ').await;
    window.press(&[], Key::Enter).await;
    window.wait_for("input[name=owner_id]", LONG).await;
    recovery_key
}

pub(crate) async fn lock(window: &Window) {
    in_hand(window, "owner_id").await;
    window
        .until(
            "(document.querySelector('.officer').focus(), document.activeElement.matches('.officer'))",
            SOON,
        )
        .await;
    window.press(&[], Key::Enter).await;
    window.wait("[role=menuitem][data-highlighted]").await;
    window.press(&[], Key::End).await;
    window
        .wait("[role=menuitem]:last-child[data-highlighted]")
        .await;
    window.press(&[], Key::Enter).await;
    in_hand(window, "passphrase").await;
}

async fn recover(window: &Window, recovery_key: &str) {
    // After the passphrase come the two buttons: sign in, forgotten.
    window.press(&[], Key::Tab).await;
    window.press(&[], Key::Tab).await;
    window.press(&[], Key::Enter).await;
    in_hand(window, "recovery").await;
    window.type_in(recovery_key).await;
    window.press(&[], Key::Tab).await;
    window.type_in(NEW_PASSPHRASE).await;
    window.press(&[], Key::Tab).await;
    window.type_in(NEW_PASSPHRASE).await;
    window.keep_picture("0-recover").await;
    window.press(&[], Key::Enter).await;
    window.wait_for("input[name=owner_id]", LONG).await;
}

pub(crate) async fn sign_in(window: &Window, passphrase: &str) {
    in_hand(window, "passphrase").await;
    window.type_in(passphrase).await;
    window.press(&[], Key::Enter).await;
}

async fn scan(window: &Window) {
    window.press(&[], Key::F2).await;
    window
        .until(
            &format!("document.querySelectorAll('.tile').length === {SHEETS}"),
            LONG,
        )
        .await;
    // An empty feeder after some sheets is the end of the stack, not a fault.
    window
        .until("!document.querySelector('.foot button').disabled", LONG)
        .await;
    assert!(!window.is("document.querySelector('.notice')").await);
    // The test device shows black sheets, which no paper can stand behind.
    window.wait(".why[role=alert]").await;
    has_picture(window, ".sheet img").await;
    window.keep_picture("0-scanner").await;
}

/// Waits until the field of this name has the focus.
pub(crate) async fn in_hand(window: &Window, name: &str) {
    window
        .until(&format!("document.activeElement.name === '{name}'"), SOON)
        .await;
}
