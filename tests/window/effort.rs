//! What a dossier of three papers costs: hardly a key pressed.

use std::time::Duration;

use thirtyfour::prelude::*;

use crate::papers_disagree::type_code;
use crate::program::{Kind, LONG, Window, has_display};
use crate::whole_way::{review, sign_in};

const SOON: Duration = Duration::from_secs(20);
/// The owner of the sample dossier.
const CARD: &str = "099194701940||Đỗ Thị Hương|05011994|Nữ|Số 1, Xã A, Tỉnh B|10012022";
const PAPERS: u32 = 3;

#[tokio::test(flavor = "multi_thread")]
async fn a_dossier_costs_at_most_one_key_for_each_field_that_was_filled_in() {
    if !has_display() {
        return;
    }
    let window = Window::open(Kind::Demonstration).await;
    sign_in(&window).await;
    type_code(&window, CARD).await;
    window
        .until("document.activeElement.name === 'procedure'", SOON)
        .await;
    // As many letters as leave one procedure in the list.
    window.type_in("tro").await;
    window.wait("[role=option][data-highlighted]").await;
    window.press(&[], Key::Enter).await;
    window
        .until("document.querySelectorAll('fieldset').length === 3", SOON)
        .await;
    window.press(&[Key::Control], Key::Enter).await;
    for paper in 1..=PAPERS {
        window.wait_for("select[name=device]", LONG).await;
        let ready = "!document.querySelector('.foot button').disabled";
        window.until(ready, LONG).await;
        window.press(&[], Key::F2).await;
        window.wait_for(".tile", LONG).await;
        window.until(ready, LONG).await;
        window.press(&[Key::Control], Key::Enter).await;
        window.wait_for(".line", LONG).await;
        review(&window).await;
        window.press(&[Key::Control], Key::Enter).await;
        window.wait_for("[data-code]", LONG).await;
        if paper < PAPERS {
            window.press(&[], Key::Enter).await;
        }
    }
    let report = window.close_and_report().await;
    println!("{report}");
    let count = |name: &str| report[name].as_u64().unwrap();
    assert_eq!(count("documents"), u64::from(PAPERS));
    assert_eq!(count("clicks"), 0, "everything is done by keyboard");
    assert!(count("keys") > 0, "keys are counted");
    assert!(
        count("keys") <= count("prefilled"),
        "at most one key for each field that was filled in: {report}"
    );
}
