//! What signing costs beside the token itself: `make bench` runs it.
//!
//! The token is one in software, which signs in a millisecond or two; tokens that officers
//! carry take some hundred times as long, so the time beside it is what counts.

#![allow(
    clippy::print_stdout,
    reason = "an example that measures prints what it measured"
)]

use std::time::{Duration, Instant};

use domain::digest::Digest;
use domain::geometry::Size;
use domain::local_code::{LocalCode, Station};
use domain::recognised_text::RecognisedText;
use packaging::{CopyPage, CopyRequest, Standard, make_copy};
use signing::{Module, Request, TrustStore, judge, sign};
use support::test_token::{Key, MODULE, PIN, Purpose, TestAuthority, TestTokens};
use zeroize::Zeroizing;

const PAPERS: usize = 100;
const OFFICER: &str = "Trần Thị Thử";

fn main() {
    let font = desk::Resources::find().map(|resources| std::fs::read(resources.text_font()));
    let Ok(Ok(font)) = font else {
        println!("signing: `make setup` has not fetched the fonts");
        return;
    };
    let at = chrono::DateTime::UNIX_EPOCH;
    // Ten pictures that differ: the same one ten times would be stored once.
    let jpegs: Vec<Vec<u8>> = (0..10)
        .map(|number| {
            let picture = image::RgbImage::from_fn(1_654, 2_339, |x, y| {
                image::Rgb([((x * 7 + y * 3 + number * 11) % 251) as u8, 230, 225])
            });
            imaging::encode_jpeg(&image::DynamicImage::ImageRgb8(picture), 82)
        })
        .collect();
    let nothing = RecognisedText::default();
    let page = |jpeg| CopyPage {
        jpeg,
        size: Size {
            width_px: 1_654,
            height_px: 2_339,
        },
        dpi: 200,
        text: &nothing,
        raw_digest: Digest::of(b"raw"),
    };
    let station = Station {
        number: 0x80_0001,
        epoch: 1,
    };
    let pages: Vec<CopyPage<'_>> = jpegs.iter().map(|jpeg| page(jpeg.as_slice())).collect();
    let request = |pages| CopyRequest {
        pages,
        local_code: LocalCode::new(station, 7).expect("a counter in range"),
        digitised_by: OFFICER,
        digitised_at: at,
        font: &font,
        standard: Standard::PdfA2b,
    };
    let began = Instant::now();
    let thick = make_copy(&request(&pages)).expect("a copy");
    println!(
        "copy of 10 pages, {} KB: {:.0} ms (bar 150)",
        thick.len() / 1_000,
        millis(began.elapsed())
    );
    let copy = make_copy(&request(&pages[..1])).expect("a copy");

    let (authority, tokens) = (TestAuthority::new(), TestTokens::new());
    let serial = tokens.add(
        "bench",
        &authority.issue(OFFICER, Key::Rsa(3_072), Purpose::Signing),
    );
    let module = Module::load(MODULE.as_ref()).expect("the module");
    let token = module.tokens().expect("tokens").remove(0);
    let pin = Zeroizing::new(PIN.to_owned());
    let unlocked = module.unlock(&serial, &pin, false).expect("the PIN");
    let certificate = &token.certificates[0];

    let began = Instant::now();
    for round in 0..PAPERS {
        let bytes = round.to_le_bytes();
        unlocked.sign(certificate, &bytes).expect("a signature");
    }
    let alone = began.elapsed();
    let lines = [format!("Người số hóa: {OFFICER}")];
    let request = Request {
        signer: OFFICER,
        signed_at: at,
        lines: &lines,
        taken: &[],
        font: &font,
    };
    let began = Instant::now();
    let mut signed = Vec::new();
    for _ in 0..PAPERS {
        let key = &mut |bytes: &[u8]| unlocked.sign(certificate, bytes).map(Zeroizing::new);
        signed = sign(&copy, &request, certificate, &[], key).expect("a signed copy");
    }
    let whole = began.elapsed();
    let beside = (whole.saturating_sub(alone)) / PAPERS as u32;
    println!(
        "{PAPERS} papers of {} KB: {:.0} ms, the token alone {:.0} ms; {:.1} ms beside it per paper, \
         ×{:.2} with a token of 300 ms (bar ×1.3)",
        copy.len() / 1_000,
        millis(whole),
        millis(alone),
        millis(beside),
        1.0 + millis(beside) / 300.0
    );
    let began = Instant::now();
    let found = judge(&signed, &TrustStore::default()).expect("a signed copy");
    println!(
        "judging {} signature: {:.1} ms",
        found.len(),
        millis(began.elapsed())
    );
    println!(
        "a signature adds {} KB",
        (signed.len() - copy.len()) / 1_000
    );
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
