//! Papers laid under a document camera, played from recorded frames.

use std::time::Duration;

use thirtyfour::prelude::*;

use crate::program::{Kind, LONG, Window, has_display};
use crate::whole_way::{has_picture, receive, sign_in};

const SOON: Duration = Duration::from_secs(20);

/// Chooses the device whose id begins so, as an officer would from the list.
const CHOOSE_CAMERA: &str = "(() => {
    const list = document.querySelector('select[name=device]');
    const camera = [...list.options].find((one) => one.value.startsWith('camera:'));
    if (!camera) return false;
    list.value = camera.value;
    list.dispatchEvent(new Event('change', { bubbles: true }));
    list.blur();
    return true;
})()";

#[tokio::test(flavor = "multi_thread")]
async fn papers_under_a_camera_are_taken_by_stillness_and_by_key() {
    if !has_display() {
        return;
    }
    let window = Window::open(Kind::Camera).await;
    sign_in(&window).await;
    receive(&window).await;
    window.until(CHOOSE_CAMERA, SOON).await;
    window.press(&[], Key::F2).await;
    // The live picture, with the outline of the sheet once it lies there.
    window.wait_for(".camera img", LONG).await;
    has_picture(&window, ".camera img").await;
    window.wait_for(".camera polygon", LONG).await;
    window.keep_picture("20-camera").await;
    // The paper is taken by itself when the hand is gone, and shown as taken.
    window.wait_for(".tile", LONG).await;
    window.wait_for(".camera polygon.taken", LONG).await;
    window.keep_picture("21-camera-taken").await;
    // And once more by key, while it still lies there.
    window.press(&[], ' ').await;
    let two = "document.querySelectorAll('.tile').length === 2";
    window.until(two, LONG).await;
    window.press(&[], Key::Escape).await;
    window
        .until("!document.querySelector('.camera')", SOON)
        .await;
    has_picture(&window, ".sheet img").await;
    // The page is the sheet, upright, and not the picture of the table.
    let upright = "(() => {
        const sheet = document.querySelector('.sheet img');
        return sheet.naturalHeight > 1.3 * sheet.naturalWidth;
    })()";
    window.until(upright, LONG).await;
    window.keep_picture("22-camera-page").await;
    // The second one is a copy of the first, and Ctrl+Z brings it back.
    window.press(&[], Key::Delete).await;
    window.wait(".why").await;
    window.press(&[], '2').await;
    let one = "document.querySelectorAll('.tile').length === 1";
    window.until(one, SOON).await;
    window.press(&[Key::Control], 'z').await;
    window.until(two, SOON).await;
    window.close().await;
}
