//! A stack that is split at its separators, and two papers in one that are asked about.

use std::io::Cursor;
use std::time::Duration;

use image::codecs::jpeg::JpegEncoder;
use support::separator_sheet::patch_t;
use support::test_desk::sample;
use thirtyfour::prelude::*;

use crate::program::{Kind, LONG, Window, has_display};
use crate::whole_way::{receive, sign_in};

const SOON: Duration = Duration::from_secs(20);

fn page(name: &str) -> Vec<u8> {
    std::fs::read(sample(name)).unwrap()
}

fn separator() -> Vec<u8> {
    let mut jpeg = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut jpeg, 85)
        .encode_image(&patch_t())
        .unwrap();
    jpeg.into_inner()
}

async fn ready(window: &Window) {
    let ready =
        "document.querySelector('.tile') && !document.querySelector('.foot button').disabled";
    window.until(ready, LONG).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stack_is_split_at_its_separator() {
    if !has_display() {
        return;
    }
    let window = Window::open(Kind::Demonstration).await;
    sign_in(&window).await;
    receive(&window).await;
    let (letter, certificate) = (
        page("1-official-document.jpg"),
        page("2-birth-certificate.jpg"),
    );
    window.load(&[
        ("1.jpg", &letter),
        ("2.jpg", &separator()),
        ("3.jpg", &certificate),
    ]);
    let as_stack = "(document.querySelector('input[name=stack]').click(), true)";
    window.until(as_stack, SOON).await;
    window.press(&[], Key::F2).await;
    let split = "document.querySelector('.next')?.innerText.includes('2 giấy tờ')";
    window.until(split, LONG).await;
    ready(&window).await;
    window.keep_picture("23-stack").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_papers_in_one_are_asked_about_once() {
    if !has_display() {
        return;
    }
    let window = Window::open(Kind::Demonstration).await;
    sign_in(&window).await;
    receive(&window).await;
    let (letter, certificate) = (
        page("1-official-document.jpg"),
        page("2-birth-certificate.jpg"),
    );
    window.load(&[("1.jpg", &letter), ("2.jpg", &certificate)]);
    window.press(&[], Key::F2).await;
    ready(&window).await;
    window.press(&[Key::Control], Key::Enter).await;
    window.wait_for(".why", LONG).await;
    window.keep_picture("24-join").await;
    // One paper, says the officer; that is kept, and nobody is asked again.
    window.press(&[], '2').await;
    window.wait_for(".line", LONG).await;
    window.close().await;
}
