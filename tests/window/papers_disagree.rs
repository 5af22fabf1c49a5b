//! A card is read by a keyboard reader, a paper says another name than the card, a
//! person rules; doubtful values are confirmed on the wall. Nothing is lost on the way.

use std::time::Duration;

use thirtyfour::prelude::*;

use crate::looking::the_paper_follows_the_field;
use crate::program::{Kind, LONG, Window, has_display};
use crate::whole_way::{scan, sign_in};

const SOON: Duration = Duration::from_secs(20);
/// The owner of the first sample paper, with one mark of her name otherwise.
const CARD: &str = "099194701940||Đỗ Thị Hường|05011994|Nữ|Số 1, Xã A, Tỉnh B|10012022";
const MOST_FIELDS: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_read_and_papers_that_differ_from_it_are_ruled_about() {
    if !has_display() {
        return;
    }
    let window = Window::open(Kind::Demonstration).await;
    sign_in(&window).await;
    read_cards(&window).await;
    receive(&window).await;
    scan(&window).await;
    wall(&window).await;
    the_paper_follows_the_field(&window).await;
    words(&window).await;
    rule(&window).await;
    window.close().await;
}

/// Types as a reader does: quicker than any person, wherever the focus is.
pub(crate) async fn type_code(window: &Window, code: &str) {
    let code = serde_json::to_string(code).unwrap();
    let script = format!(
        "(() => {{
            const press = (key) => {{
                const target = document.activeElement;
                const event = new KeyboardEvent('keydown', {{ key, bubbles: true, cancelable: true }});
                if (!target.dispatchEvent(event) || key === 'Enter') return;
                if (target.matches('input:not([type=checkbox], [type=radio])')) {{
                    target.setRangeText(key, target.selectionStart, target.selectionEnd, 'end');
                    target.dispatchEvent(new Event('input', {{ bubbles: true }}));
                }}
            }};
            for (const key of {code}) press(key);
            press('Enter');
            return true;
        }})()"
    );
    window.until(&script, SOON).await;
}

fn input(name: &str) -> String {
    format!("document.querySelector('input[name={name}]').value")
}

async fn read_cards(window: &Window) {
    // What was typed before stays; a foreign code fills in nothing and says why.
    window.type_in("12").await;
    // A person's last key and a reader's first are farther apart than two of a reader.
    let apart = "(window.typedAt ??= performance.now(), performance.now() - window.typedAt > 200)";
    window.until(apart, SOON).await;
    for code in [
        "8934563138164",
        "099194701940||D? Th? H??ng|05011994|N?|S? 1|10012022",
    ] {
        type_code(window, code).await;
        window.wait("[role=alert]").await;
        assert_eq!(window.says(&input("owner_id")).await, "12");
        assert_eq!(window.says(&input("owner_name")).await, "");
    }
    window.keep_picture("8-foreign-code").await;
    // From the list of papers, where nothing takes text, as from any field.
    window
        .until(
            "(document.querySelector('input[type=checkbox]').focus(), document.activeElement.type === 'checkbox')",
            SOON,
        )
        .await;
    type_code(window, CARD).await;
    window
        .until(&format!("{} === 'Đỗ Thị Hường'", input("owner_name")), SOON)
        .await;
    assert_eq!(window.says(&input("owner_id")).await, "099194701940");
    assert!(
        window
            .is("document.querySelector('input[type=checkbox]').checked")
            .await,
        "what a reader types ticks no box"
    );
    assert!(!window.is("document.querySelector('[role=alert]')").await);
}

async fn receive(window: &Window) {
    window
        .until("document.activeElement.name === 'procedure'", SOON)
        .await;
    window.keep_picture("9-card-read").await;
    window.press(&[Key::Control], Key::Enter).await;
    window.wait("select[name=device]").await;
}

/// Everything doubtful of all papers; a value half typed is there again after Esc.
async fn wall(window: &Window) {
    window.wait_for(".line.now", LONG).await;
    window.keep_picture("10-doubtful-letters").await;
    if !window
        .is("document.querySelector('.line.now input[name]')")
        .await
    {
        return;
    }
    window.press(&[Key::Control], 'g').await;
    window.wait("input[name=group-value]").await;
    window.wait(".tile.current .crop img").await;
    window.keep_picture("11-wall").await;
    let before = window
        .says("document.querySelector('.left').innerText")
        .await;
    window.press(&[], Key::Enter).await;
    let quoted = serde_json::to_string(&before).unwrap();
    let left = format!("document.querySelector('.left').innerText !== {quoted}");
    window.until(&left, SOON).await;
    window.press(&[Key::Control], 'z').await;
    let again = format!("document.querySelector('.left').innerText === {quoted}");
    window.until(&again, SOON).await;
    window.press(&[], Key::Escape).await;
    window.wait(".line.now").await;
}

/// A word of the paper comes into the field in hand.
async fn words(window: &Window) {
    if !window
        .is("document.querySelector('.line.now input[name]')")
        .await
    {
        return;
    }
    // The words come after the picture; until then nothing can be picked.
    window.wait_for(".sheet.pickable", LONG).await;
    let picked = "(() => {
        const input = document.querySelector('.line.now input[name]');
        const before = input.value;
        const sheet = document.querySelector('.sheet').getBoundingClientRect();
        const well = document.querySelector('.well').getBoundingClientRect();
        for (let y = Math.max(sheet.top, well.top) + 4; y < Math.min(sheet.bottom, well.bottom); y += 9) {
            for (let x = Math.max(sheet.left, well.left) + 4; x < Math.min(sheet.right, well.right) - 60; x += 23) {
                const target = document.elementFromPoint(x, y);
                if (!target?.closest('.sheet') || target.closest('button')) continue;
                for (const type of ['pointerdown', 'pointerup']) {
                    target.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, bubbles: true }));
                }
                if (input.value !== before) return true;
            }
        }
        return false;
    })()";
    window.until(picked, SOON).await;
    window.press(&[Key::Control], 'z').await;
}

async fn rule(window: &Window) {
    let sides = "document.querySelectorAll('.line.now .side').length === 2";
    for _ in 0..MOST_FIELDS {
        if window.is(sides).await {
            break;
        }
        let before = window
            .says("document.querySelector('.foot button').innerText")
            .await;
        window.wait_for(".line.now", SOON).await;
        window.press(&[], Key::Enter).await;
        let quoted = serde_json::to_string(&before).unwrap();
        window
            .until(
                &format!(
                    "document.querySelector('.foot button').innerText !== {quoted} || {sides}"
                ),
                LONG,
            )
            .await;
    }
    window.until(sides, SOON).await;
    // All four ways to settle it are in sight, and the foot says what Enter does here.
    let ways = "[...document.querySelectorAll('.ways button')].every((way) => \
        way.getBoundingClientRect().bottom <= document.querySelector('.foot').getBoundingClientRect().top)";
    window.until(ways, SOON).await;
    window
        .until(
            "document.querySelector('footer').innerText.includes('để lại')",
            SOON,
        )
        .await;
    window.keep_picture("12-papers-differ").await;
    // Enter settles nothing.
    window.press(&[], Key::Enter).await;
    window.until(sides, SOON).await;
    window.press(&[Key::Alt], '2').await;
    window.wait(".foot button").await;
    window.until("!document.querySelector('.side')", LONG).await;
    let owner = "document.querySelector('header .owner').innerText";
    let right = format!("{owner}.includes('Đỗ Thị Hương') || {owner}.includes('ĐỖ THỊ HƯƠNG')");
    window.until(&right, SOON).await;
    window.press(&[Key::Control], 'z').await;
    window.until(sides, LONG).await;
    window.press(&[Key::Alt], '2').await;
    window.until(&right, LONG).await;
    window.keep_picture("13-ruled").await;
    window.press(&[Key::Control], Key::Enter).await;
    window.wait_for("[data-code]", LONG).await;
}
