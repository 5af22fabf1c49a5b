//! The codes printed on a page.

use std::borrow::Cow;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::barcode::{Barcode, BarcodeFormat};
use domain::geometry::Rectangle;
use fast_image_resize::{FilterType, PixelType};
use image::{GrayImage, imageops};
use rxing::common::HybridBinarizer;
use rxing::datamatrix::DataMatrixReader;
use rxing::multi::{GenericMultipleBarcodeReader, MultipleBarcodeReader};
use rxing::oned::{Code39Reader, Code128Reader};
use rxing::pdf417::PDF417Reader;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BinaryBitmap, DecodeHints, Luma8Source, RXingResult};

use crate::noise::softened;
use crate::patch::patch_t;
use crate::work::resized;

/// Pictures up to this size (a cut-out, a card) are searched for every format at
/// full size; on whole pages that would cost more than reading the page.
const SMALL_PIXELS: u64 = 600_000;

/// Whole pages are searched at this size at most (A4 at 220 dpi); only dense
/// regions are looked at more finely.
const LONG_SIDE: u32 = 2600;

/// Regions of a page that are searched again at full size, at most.
const MOST_REGIONS: usize = 6;

/// Side of a tile, in half-size pixels, in which codes are told from print.
const TILE: u32 = 8;

/// A Code 39 has no check digit: shorter texts are read out of print too.
const SHORTEST_CODE_39: usize = 4;

/// The QR, Code 128, Code 39, Data Matrix, PDF417 and patch codes on an upright
/// page, from top to bottom. Half size first, then softened, then as it is; the
/// first stage that yields something ends the search.
pub fn barcodes(page: &GrayImage) -> Vec<Barcode> {
    let (width, height) = page.dimensions();
    if width < 8 || height < 8 {
        return Vec::new();
    }
    let long = width.max(height);
    let whole = if long > LONG_SIDE {
        Cow::Owned(at_size(page, fitted((width, height), LONG_SIDE)))
    } else {
        Cow::Borrowed(page)
    };
    let half = at_size(&whole, (whole.width() / 2, whole.height() / 2));

    let mut found = search(&half, &ALL, (0, 0), scale_to(page, &half));
    if found.is_empty() {
        let soft = softened(&whole);
        found = search(&soft, &[BarcodeFormat::Qr], (0, 0), scale_to(page, &soft));
    }
    if found.is_empty() && u64::from(width) * u64::from(height) <= SMALL_PIXELS {
        found = search(page, &ALL, (0, 0), (1.0, 1.0));
    } else if found.is_empty() {
        for region in dense_regions(&half, scale_to(page, &half)) {
            let Rectangle {
                x,
                y,
                width,
                height,
            } = region;
            let part = imageops::crop_imm(page, x, y, width, height).to_image();
            found.extend(search(&part, &ALL, (x, y), (1.0, 1.0)));
        }
    }
    // Last, because it ends no search: the sheet may carry finer codes beside its bars.
    found.extend(patch_t(&half).map(|outline| Barcode {
        format: BarcodeFormat::Patch,
        text: "T".to_owned(),
        outline: scaled(outline, scale_to(page, &half)),
    }));
    sorted(found, page)
}

/// What the reader is asked for; patch codes are not its business.
const ALL: [BarcodeFormat; 5] = [
    BarcodeFormat::Qr,
    BarcodeFormat::Code128,
    BarcodeFormat::Code39,
    BarcodeFormat::DataMatrix,
    BarcodeFormat::Pdf417,
];

fn at_size(image: &GrayImage, size: (u32, u32)) -> GrayImage {
    let samples = resized(
        image.as_raw(),
        image.dimensions(),
        size,
        PixelType::U8,
        FilterType::Box,
    );
    GrayImage::from_raw(size.0, size.1, samples).expect("sized by the resizer")
}

fn fitted((width, height): (u32, u32), long_side: u32) -> (u32, u32) {
    let share = f64::from(long_side) / f64::from(width.max(height));
    let side = |length: u32| ((f64::from(length) * share).round() as u32).max(1);
    (side(width), side(height))
}

/// Page pixels per pixel of a reduced picture.
fn scale_to(page: &GrayImage, reduced: &GrayImage) -> (f32, f32) {
    (
        page.width() as f32 / reduced.width() as f32,
        page.height() as f32 / reduced.height() as f32,
    )
}

/// All codes of these formats, in page pixels.
///
/// The formats are asked one after the other, never as the reader's own set: it
/// walks a set whose order changes from run to run.
fn search(
    image: &GrayImage,
    formats: &[BarcodeFormat],
    offset: (u32, u32),
    scale: (f32, f32),
) -> Vec<Barcode> {
    let mut found = Vec::new();
    // The black matrix is made once and shared by the formats.
    let Ok(source) = Luma8Source::new_with_slice(image.as_raw(), image.width(), image.height())
    else {
        return found;
    };
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    for format in formats {
        let hints = DecodeHints {
            PossibleFormats: theirs(*format).map(|format| HashSet::from([format])),
            TryHarder: Some(true),
            ..DecodeHints::default()
        };
        // The reader counts in small integers and gives up by panicking on some
        // patterns; such a pattern is no code.
        let results = catch_unwind(AssertUnwindSafe(|| match format {
            BarcodeFormat::Qr => QrReader.decode_multiple_with_hints(&mut bitmap, &hints),
            BarcodeFormat::Pdf417 => {
                PDF417Reader::new().decode_multiple_with_hints(&mut bitmap, &hints)
            }
            BarcodeFormat::Code128 => GenericMultipleBarcodeReader::new(Code128Reader)
                .decode_multiple_with_hints(&mut bitmap, &hints),
            BarcodeFormat::Code39 => GenericMultipleBarcodeReader::new(Code39Reader::default())
                .decode_multiple_with_hints(&mut bitmap, &hints),
            BarcodeFormat::DataMatrix => GenericMultipleBarcodeReader::new(DataMatrixReader)
                .decode_multiple_with_hints(&mut bitmap, &hints),
            BarcodeFormat::Patch => Ok(Vec::new()),
        }));
        for result in results.ok().and_then(Result::ok).unwrap_or_default() {
            found.extend(ours(&result, *format, image, offset, scale));
        }
    }
    found
}

/// How the reader calls it; it knows no patch codes.
fn theirs(format: BarcodeFormat) -> Option<rxing::BarcodeFormat> {
    Some(match format {
        BarcodeFormat::Qr => rxing::BarcodeFormat::QR_CODE,
        BarcodeFormat::Code128 => rxing::BarcodeFormat::CODE_128,
        BarcodeFormat::Code39 => rxing::BarcodeFormat::CODE_39,
        BarcodeFormat::DataMatrix => rxing::BarcodeFormat::DATA_MATRIX,
        BarcodeFormat::Pdf417 => rxing::BarcodeFormat::PDF_417,
        BarcodeFormat::Patch => return None,
    })
}

/// An outline on a reduced picture in page pixels.
fn scaled(outline: Rectangle, (across, down): (f32, f32)) -> Rectangle {
    let stretch = |length: u32, scale: f32| (length as f32 * scale) as u32;
    Rectangle::new(
        stretch(outline.x, across),
        stretch(outline.y, down),
        stretch(outline.width, across),
        stretch(outline.height, down),
    )
}

/// A result with its place on the page; none without content.
fn ours(
    result: &RXingResult,
    format: BarcodeFormat,
    image: &GrayImage,
    offset: (u32, u32),
    scale: (f32, f32),
) -> Option<Barcode> {
    if result.getText().is_empty() || Some(*result.getBarcodeFormat()) != theirs(format) {
        return None;
    }
    if format == BarcodeFormat::Code39 && result.getText().len() < SHORTEST_CODE_39 {
        return None;
    }
    let points = result.getPoints();
    let bounds = |values: &mut dyn Iterator<Item = f32>| {
        values.fold((f32::MAX, 0.0_f32), |(low, high), value| {
            (low.min(value), high.max(value))
        })
    };
    let (left, right) = bounds(&mut points.iter().map(|point| point.x));
    let (mut top, mut bottom) = bounds(&mut points.iter().map(|point| point.y));
    if points.is_empty() {
        return None;
    }
    if matches!(format, BarcodeFormat::Code128 | BarcodeFormat::Code39) {
        (top, bottom) = height_of_bars(image, left, right, top);
    }
    let x = (left * scale.0).max(0.0).floor() as u32 + offset.0;
    let y = (top * scale.1).max(0.0).floor() as u32 + offset.1;
    let width = ((right - left) * scale.0).ceil().max(1.0) as u32;
    let height = ((bottom - top) * scale.1).ceil().max(1.0) as u32;
    Some(Barcode {
        format,
        text: result.getText().to_owned(),
        outline: Rectangle::new(x, y, width, height),
    })
}

/// A row of bars is found on a single line; its bars reach as far up and down as
/// the same pattern goes on.
fn height_of_bars(image: &GrayImage, left: f32, right: f32, at: f32) -> (f32, f32) {
    let (width, height) = image.dimensions();
    let left = (left.max(0.0) as u32).min(width - 1);
    let right = (right.max(0.0).ceil() as u32).clamp(left + 1, width);
    let at = (at.max(0.0) as u32).min(height - 1);
    let line = |y: u32| {
        let start = y as usize * width as usize;
        &image.as_raw()[start + left as usize..start + right as usize]
    };
    let pattern = line(at);
    let darkest = pattern.iter().copied().min().unwrap_or(0);
    let lightest = pattern.iter().copied().max().unwrap_or(255);
    let middle = darkest / 2 + lightest / 2;
    let same = |y: &u32| {
        let agreeing = pattern
            .iter()
            .zip(line(*y))
            .filter(|(one, other)| (**one < middle) == (**other < middle))
            .count();
        agreeing * 5 >= pattern.len() * 4
    };
    let top = (0..at).rev().take_while(same).last().unwrap_or(at);
    let bottom = (at + 1..height).take_while(same).last().unwrap_or(at);
    (top as f32, bottom as f32 + 1.0)
}

/// Each code once, inside the page, from top to bottom.
fn sorted(mut found: Vec<Barcode>, page: &GrayImage) -> Vec<Barcode> {
    let whole = Rectangle::new(0, 0, page.width(), page.height());
    found.retain_mut(|code| match code.outline.intersection(&whole) {
        Some(inside) => {
            code.outline = inside;
            true
        }
        None => false,
    });
    found.sort_by(|a, b| {
        (a.outline.y, a.outline.x, a.format.name(), &a.text).cmp(&(
            b.outline.y,
            b.outline.x,
            b.format.name(),
            &b.text,
        ))
    });
    let mut once: Vec<Barcode> = Vec::new();
    for code in found {
        let seen = once.iter().any(|other| {
            (other.format, &other.text) == (code.format, &code.text)
                && other.outline.intersection(&code.outline).is_some()
        });
        if !seen {
            once.push(code);
        }
    }
    once
}

/// Where black and white change so often, over so large a patch, that it may be
/// a code; lines of text have white between them. In page pixels, with a quiet
/// zone around.
fn dense_regions(small: &GrayImage, scale: (f32, f32)) -> Vec<Rectangle> {
    let (width, height) = small.dimensions();
    let (columns, rows) = (width / TILE, height / TILE);
    let mut dense = GrayImage::from_pixel(columns, rows, image::Luma([255]));
    for row in 0..rows {
        for column in 0..columns {
            if is_dense(small, column * TILE, row * TILE) {
                dense.put_pixel(column, row, image::Luma([0]));
            }
        }
    }
    let mut patches = crate::ink::blobs(&dense, 128);
    patches.retain(|patch| {
        patch.width().min(patch.height()) >= 2
            && patch.width().max(patch.height()) >= 5
            && patch.fill() > 0.5
    });
    patches.sort_by_key(|patch| std::cmp::Reverse((patch.area, patch.top, patch.left)));
    patches.truncate(MOST_REGIONS);
    patches
        .iter()
        .map(|patch| {
            let left = (patch.left * TILE).saturating_sub(3 * TILE);
            let top = (patch.top * TILE).saturating_sub(3 * TILE);
            let right = ((patch.right + 3) * TILE).min(width);
            let bottom = ((patch.bottom + 3) * TILE).min(height);
            let across = |x: u32| (x as f32 * scale.0) as u32;
            let down = |y: u32| (y as f32 * scale.1) as u32;
            Rectangle::new(
                across(left),
                down(top),
                across(right) - across(left),
                down(bottom) - down(top),
            )
        })
        .collect()
}

/// A third to two thirds of the tile is dark, and every part of it has both.
fn is_dense(small: &GrayImage, left: u32, top: u32) -> bool {
    const STRIP: u32 = 4;
    let width = small.width() as usize;
    let row = |y: u32| {
        let start = (top + y) as usize * width + left as usize;
        &small.as_raw()[start..start + TILE as usize]
    };
    let (mut least, mut most, mut sum) = (255_u8, 0_u8, 0_u32);
    for y in 0..TILE {
        for sample in row(y) {
            least = least.min(*sample);
            most = most.max(*sample);
            sum += u32::from(*sample);
        }
    }
    if most - least < 90 {
        return false;
    }
    let middle = least / 2 + most / 2;
    let mean = (sum / (TILE * TILE)) as u8;
    let share = f32::from(mean - least) / f32::from(most - least);
    let dark_in = |from: u32, upright: bool| {
        (0..TILE)
            .flat_map(|along| (from..from + STRIP).map(move |across| (along, across)))
            .filter(|(along, across)| {
                let (x, y) = if upright {
                    (across, along)
                } else {
                    (along, across)
                };
                row(*y)[*x as usize] < middle
            })
            .count() as f32
            / (TILE * STRIP) as f32
    };
    (0.3..0.72).contains(&share)
        && (0..TILE).step_by(STRIP as usize).all(|from| {
            (0.12..0.88).contains(&dark_in(from, true))
                || (0.12..0.88).contains(&dark_in(from, false))
        })
}
