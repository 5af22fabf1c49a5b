//! Promise E1: whatever has become of a file, there is one answer, and soon.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use image::{DynamicImage, ImageFormat};
use lopdf::{Stream, dictionary};
use scan::Limits;

use crate::papers::{
    encode, grey_sheet, jpeg, jpeg_image, pages_within, pdf, png, scan_page, sheet, text_page, tiff,
};

/// No single file may take longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Cuts of each file, and copies with single bits turned over.
const CUTS: usize = 60;
const FLIPS: usize = 110;

/// A page that is drawn quickly.
const SMALL_POINTS: (f32, f32) = (200.0, 280.0);

fn small_limits() -> Limits {
    Limits {
        max_pixels: 4_000_000,
        ..Limits::default()
    }
}

fn files() -> Vec<(&'static str, Vec<u8>)> {
    let image = DynamicImage::from(sheet(3));
    let grey = Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => 200, "Height" => 280,
            "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
        },
        grey_sheet(2).into_raw(),
    );
    let scans = vec![
        scan_page(jpeg_image(jpeg(&sheet(1), 72), 200, 280)),
        scan_page(grey),
        text_page("words"),
    ];
    vec![
        ("PNG", png(&sheet(3))),
        ("JPEG", jpeg(&sheet(3), 300)),
        ("TIFF", tiff(&[grey_sheet(1)])),
        ("TIFF of three pages", tiff(&[1, 2, 3].map(grey_sheet))),
        ("WebP", encode(&image, ImageFormat::WebP)),
        ("BMP", encode(&image, ImageFormat::Bmp)),
        ("PDF", pdf(scans, SMALL_POINTS)),
    ]
}

/// The name of the error, or the number of pages; never a panic, never a long wait.
fn answer(name: &str, bytes: &[u8]) -> Result<usize, &'static str> {
    let begun = Instant::now();
    let answer = catch_unwind(AssertUnwindSafe(|| pages_within(bytes, &small_limits())));
    let took = begun.elapsed();
    assert!(took < PATIENCE, "{name}: {took:?}");
    let answer = answer.unwrap_or_else(|_| panic!("{name}: a panic came through"));
    answer
        .map(|pages| pages.len())
        .map_err(|error| error.name())
}

#[test]
fn a_file_that_is_cut_anywhere_is_refused_with_one_error() {
    let mut cases = 0;
    for (name, bytes) in files() {
        answer(name, &bytes).unwrap_or_else(|error| panic!("the whole {name}: {error}"));
        for cut in 0..CUTS {
            // The last bytes of some formats are padding that nobody misses.
            let length = bytes.len() * cut / (CUTS + 1);
            let refused = answer(name, &bytes[..length]);
            let at = format!("{name} cut at {length} of {}", bytes.len());
            let error = refused.expect_err(&format!("{at} must not come out as a page"));
            assert!(
                error.starts_with("damaged") || ["empty_file", "unknown_format"].contains(&error),
                "{at}: {error}"
            );
            cases += 1;
        }
    }
    assert_eq!(cases, 7 * CUTS);
}

#[test]
fn a_file_with_a_bit_turned_over_gets_one_answer() {
    let mut cases = 0;
    for (name, bytes) in files() {
        let pages = answer(name, &bytes).unwrap();
        for flip in 0..FLIPS {
            let mut changed = bytes.clone();
            // Half of the flips strike the header, where they do the strangest things.
            let span = if flip % 2 == 0 {
                bytes.len()
            } else {
                bytes.len().min(256)
            };
            let place = (flip * 7919 + 13) % span;
            changed[place] ^= 1 << (flip % 8);
            if let Ok(left) = answer(name, &changed) {
                assert!(left <= pages, "{name}: a flip makes no pages");
            }
            cases += 1;
        }
    }
    assert_eq!(cases, 7 * FLIPS);
}
