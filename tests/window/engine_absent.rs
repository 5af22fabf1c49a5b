//! An engine that lacks its files is named, and the work goes on.

use std::time::Duration;

use crate::program::{Kind, Window, has_display};
use crate::whole_way::sign_in;

const SOON: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn the_foot_says_which_engine_is_absent_and_how_to_repair_it() {
    if !has_display() {
        return;
    }
    let window = Window::open(Kind::EngineAbsent).await;
    sign_in(&window).await;
    let said = "document.querySelector('footer').innerText";
    let named = format!("{said}.includes('Thiếu bộ đọc 2') && {said}.includes('Cài đặt lại')");
    window.until(&named, SOON).await;
    // All of the sentence is in sight.
    let whole = "[...document.querySelectorAll('footer .doubt')].every((line) => \
        line.getBoundingClientRect().right <= innerWidth && line.scrollWidth <= line.clientWidth + 1)";
    window.until(whole, SOON).await;
    window.keep_picture("16-engine-absent").await;
    window.close().await;
}
