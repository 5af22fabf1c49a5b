//! The paper follows the field in hand, and the field follows the paper.

use std::time::Duration;

use thirtyfour::prelude::*;

use crate::program::Window;

const SOON: Duration = Duration::from_secs(20);
/// The box of the field in hand and the well that it is looked at in.
const IN_HAND: &str = "const box = document.querySelector('.box.current')?.getBoundingClientRect(); \
    const well = document.querySelector('.well').getBoundingClientRect(); \
    const sheet = document.querySelector('.sheet').getBoundingClientRect(); \
    if (!box) return false;";

fn seen(condition: &str) -> String {
    format!("(() => {{ {IN_HAND} return {condition}; }})()")
}

/// Two small values that stand on the page in sight; a value as wide as the page is
/// shown no larger than the page.
async fn small_values(window: &Window) -> Vec<String> {
    let labels = window
        .says(
            "[...document.querySelectorAll('.box')]
                .filter((box) => box.getBoundingClientRect().width < 0.25 * document.querySelector('.sheet').getBoundingClientRect().width)
                .map((box) => box.getAttribute('aria-label')).join('|')",
        )
        .await;
    labels.split('|').map(str::to_owned).take(2).collect()
}

pub(crate) async fn the_paper_follows_the_field(window: &Window) {
    window.wait(".sheet .box").await;
    let in_hand_before = window
        .says("document.querySelector('.line.now b').innerText")
        .await;
    let values = small_values(window).await;
    let [first, other] = values.as_slice() else {
        panic!("the sample paper has small values: {values:?}");
    };
    // A click on the paper takes the field there into the hand.
    for label in [other, first] {
        let label = serde_json::to_string(label).unwrap();
        let clicked = format!(
            "(document.querySelector(`.box[aria-label=${{CSS.escape({label})}}]`).click(), true)"
        );
        window.until(&clicked, SOON).await;
        let in_hand = format!("document.querySelector('.line.now b')?.innerText === {label}");
        window.until(&in_hand, SOON).await;
    }
    // All of the page's width; then another field, and back to this one.
    window.press(&[Key::Control], '0').await;
    let fits = "Math.abs(sheet.width - (well.width - 28)) < 2 \
        && (window.widthAtFit = box.width) > 0";
    window.until(&seen(fits), SOON).await;
    window.keep_picture("14-page-fits").await;
    for label in [other, first] {
        choose(window, label).await;
    }
    let inside = "box.left >= well.left && box.right <= well.right \
        && box.top >= well.top && box.bottom <= well.bottom";
    let larger = format!("{inside} && box.width > 1.3 * window.widthAtFit");
    window.until(&seen(&larger), SOON).await;
    window.keep_picture("15-field-in-sight").await;
    // What is chosen by hand holds while this field is in hand, also while one types.
    window.press(&[Key::Control], '0').await;
    let back = "Math.abs(box.width - window.widthAtFit) < 2";
    window.until(&seen(back), SOON).await;
    window.type_in("x").await;
    let typed = format!(
        "document.querySelector('.line.now input').value.endsWith('x') && {}",
        seen(back)
    );
    window.until(&typed, SOON).await;
    window.press(&[Key::Control], 'z').await;
    choose(window, &in_hand_before).await;
}

/// Takes the field of this label into the hand, unless it is there already.
async fn choose(window: &Window, label: &str) {
    let label = serde_json::to_string(label).unwrap();
    let chosen = format!(
        "document.querySelector('.line.now b')?.innerText === {label} || \
            [...document.querySelectorAll('button.line')].some((line) => \
                line.querySelector('.label').innerText === {label} && (line.click(), true))"
    );
    window.until(&chosen, SOON).await;
}
