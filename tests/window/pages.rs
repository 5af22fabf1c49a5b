//! Pages masked, counted, and gone on with after a pause.

use std::time::Duration;

use thirtyfour::prelude::*;

use crate::program::{Kind, LONG, Window, has_display};
use crate::whole_way::{receive, sign_in};

const SOON: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_masked_pages_are_counted_and_unfinished_work_is_offered() {
    if !has_display() {
        return;
    }
    let window = Window::open(Kind::Demonstration).await;
    sign_in(&window).await;
    receive(&window).await;
    window.press(&[], Key::F2).await;
    ready(&window, LONG).await;
    let tiles: u32 = window
        .says("document.querySelectorAll('.tile').length")
        .await
        .parse()
        .unwrap();
    window.wait(".sheet img").await;
    mask(&window, tiles).await;
    count(&window, tiles).await;
    go_on(&window, tiles).await;
    window.close().await;
}

async fn ready(window: &Window, limit: Duration) {
    window.wait_for(".tile", limit).await;
    let ready = "!document.querySelector('.foot button').disabled";
    window.until(ready, limit).await;
}

async fn mask(window: &Window, tiles: u32) {
    window.press(&[], 'm').await;
    window.wait(".drawing").await;
    window.drag(".sheet", (-120, -60), (80, 10)).await;
    window.wait(".sheet .drawn").await;
    window.keep_picture("17-masking").await;
    window.press(&[], Key::Enter).await;
    let second = format!(
        "document.querySelectorAll('.tile').length === {} && \
            [...document.querySelectorAll('.tile small')].some((word) => word.innerText.includes('che ghi chú'))",
        tiles + 1
    );
    window.until(&second, SOON).await;
    window
        .until("!document.querySelector('.drawing')", SOON)
        .await;
}

/// One page more than there are images: the paper is not whole until an officer says so.
async fn count(window: &Window, tiles: u32) {
    let focus = "(document.querySelector('input[name=declared]').focus(), true)";
    window.until(focus, SOON).await;
    window.type_in(&(tiles + 1).to_string()).await;
    window.press(&[], Key::Tab).await;
    window.wait(".gap").await;
    window.keep_picture("18-a-page-is-missing").await;
    // While the desk is still at the last thing the button is off, and a click is nothing.
    let vouched = "(document.querySelector('.count button:enabled')?.click(), \
                   !document.querySelector('.count button'))";
    window.until(vouched, SOON).await;
    ready(window, SOON).await;
}

async fn go_on(window: &Window, tiles: u32) {
    window.press(&[Key::Control], 'n').await;
    window.wait(".unfinished button").await;
    window.keep_picture("19-unfinished").await;
    window.press(&[Key::Alt], 'l').await;
    let there = format!(
        "document.querySelectorAll('.tile').length === {}",
        tiles + 1
    );
    window.until(&there, SOON).await;
}
