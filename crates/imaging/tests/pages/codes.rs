//! Codes on drawn pages.

use domain::barcode::{Barcode, BarcodeFormat};
use domain::geometry::Rectangle;
use image::{GrayImage, Luma};
use imageproc::filter::gaussian_blur_f32;
use rxing::Writer;

use crate::draw::{A4, fill, printed, skewed};

/// Draws a code with its modules `module` pixels wide and gives its place.
fn print_code(
    page: &mut GrayImage,
    format: rxing::BarcodeFormat,
    text: &str,
    (left, top): (u32, u32),
    module: u32,
) -> Rectangle {
    let height = if format == rxing::BarcodeFormat::CODE_128 {
        20
    } else {
        1
    };
    let matrix = rxing::MultiFormatWriter
        .encode(text, &format, 1, height)
        .unwrap();
    let (mut right, mut bottom, mut first) = (0, 0, (u32::MAX, u32::MAX));
    let (width, height) = (matrix.getWidth(), matrix.getHeight());
    fill(
        page,
        left as i32,
        top as i32,
        width * module,
        height * module,
        250,
    );
    for y in 0..height {
        for x in 0..width {
            if matrix.get(x, y) {
                let (at_x, at_y) = (left + x * module, top + y * module);
                fill(page, at_x as i32, at_y as i32, module, module, 20);
                first = (first.0.min(at_x), first.1.min(at_y));
                (right, bottom) = (right.max(at_x + module), bottom.max(at_y + module));
            }
        }
    }
    Rectangle::new(first.0, first.1, right - first.0, bottom - first.1)
}

fn share_of(found: &Rectangle, wanted: &Rectangle) -> f32 {
    let both = found.intersection(wanted).map_or(0, |both| both.area());
    both as f32 / (found.area() + wanted.area() - both) as f32
}

fn texts(found: &[Barcode]) -> Vec<(BarcodeFormat, &str)> {
    found
        .iter()
        .map(|code| (code.format, code.text.as_str()))
        .collect()
}

const VIETNAMESE: &str =
    "001085012345||Nguyễn Văn Ánh|01011985|Nam|Số 5, Đường Lê Lợi, Hà Nội|01012022";

#[test]
fn several_codes_on_a_page_are_read_with_their_places() {
    let mut page = printed(A4, 245, 30);
    let qr = print_code(
        &mut page,
        rxing::BarcodeFormat::QR_CODE,
        VIETNAMESE,
        (1150, 120),
        5,
    );
    let bars = print_code(
        &mut page,
        rxing::BarcodeFormat::CODE_128,
        "H55.242-000142",
        (200, 1900),
        4,
    );
    let found = imaging::barcodes(&page);
    assert_eq!(
        texts(&found),
        [
            (BarcodeFormat::Qr, VIETNAMESE),
            (BarcodeFormat::Code128, "H55.242-000142")
        ]
    );
    for (code, wanted) in found.iter().zip([qr, bars]) {
        let share = share_of(&code.outline, &wanted);
        assert!(share > 0.7, "{:?} for {wanted:?}", code.outline);
    }
}

#[test]
fn two_qr_codes_are_both_read() {
    let mut page = printed(A4, 245, 30);
    print_code(
        &mut page,
        rxing::BarcodeFormat::QR_CODE,
        "one",
        (150, 120),
        6,
    );
    print_code(
        &mut page,
        rxing::BarcodeFormat::QR_CODE,
        "two",
        (1250, 2050),
        6,
    );
    assert_eq!(
        texts(&imaging::barcodes(&page)),
        [(BarcodeFormat::Qr, "one"), (BarcodeFormat::Qr, "two")]
    );
}

#[test]
fn data_matrix_and_pdf417_are_read() {
    for (theirs, ours) in [
        (rxing::BarcodeFormat::DATA_MATRIX, BarcodeFormat::DataMatrix),
        (rxing::BarcodeFormat::PDF_417, BarcodeFormat::Pdf417),
    ] {
        let mut page = printed(A4, 245, 30);
        fill(&mut page, 300, 300, 1000, 700, 245);
        print_code(&mut page, theirs, "Quyet dinh 15/2026", (400, 400), 6);
        assert_eq!(
            texts(&imaging::barcodes(&page)),
            [(ours, "Quyet dinh 15/2026")]
        );
    }
}

#[test]
fn a_soft_and_skewed_code_is_read() {
    let mut page = printed(A4, 235, 50);
    print_code(
        &mut page,
        rxing::BarcodeFormat::QR_CODE,
        VIETNAMESE,
        (900, 300),
        4,
    );
    let page = gaussian_blur_f32(&skewed(&page, 4.0, 235), 1.2);
    assert_eq!(
        texts(&imaging::barcodes(&page)),
        [(BarcodeFormat::Qr, VIETNAMESE)]
    );
}

#[test]
fn fine_codes_are_read_at_full_size() {
    let mut page = printed(A4, 245, 30);
    fill(&mut page, 800, 300, 800, 200, 245);
    print_code(
        &mut page,
        rxing::BarcodeFormat::CODE_128,
        "000.00.19.H55-260101",
        (901, 341),
        2,
    );
    let found = imaging::barcodes(&page);
    assert_eq!(
        texts(&found),
        [(BarcodeFormat::Code128, "000.00.19.H55-260101")]
    );
}

#[test]
fn print_is_no_code() {
    assert_eq!(imaging::barcodes(&printed(A4, 245, 30)), []);
    assert_eq!(
        imaging::barcodes(&GrayImage::from_pixel(900, 900, Luma([255]))),
        []
    );
}

/// Bars and gaps from the top edge inwards, in units of 0.08 inch at 200 dpi.
fn bars(page: &mut GrayImage, pattern: [u32; 7], (left, right): (i32, i32), ink: u8) {
    let mut y = 100;
    for (index, units) in pattern.into_iter().enumerate() {
        let height = units * 8;
        if index % 2 == 0 {
            fill(page, left, y, (right - left) as u32, height, ink);
        }
        y += height as i32;
    }
}

/// Narrow, wide, narrow, wide: gaps between them are narrow.
const T: [u32; 7] = [2, 2, 5, 2, 2, 2, 5];

fn has_patch(page: &GrayImage) -> bool {
    texts(&imaging::barcodes(page)) == [(BarcodeFormat::Patch, "T")]
}

#[test]
fn a_patch_t_is_found_at_every_edge_worn_and_askew() {
    let mut sheet = GrayImage::from_pixel(A4.0, A4.1, Luma([244]));
    bars(&mut sheet, T, (330, 1330), 25);
    assert!(has_patch(&sheet));
    assert!(has_patch(&image::imageops::rotate90(&sheet)));
    assert!(has_patch(&image::imageops::rotate180(&sheet)));
    assert!(has_patch(&image::imageops::rotate270(&sheet)));
    for degrees in [-9.0, -3.0, 2.0, 6.0, 10.0] {
        assert!(has_patch(&skewed(&sheet, degrees, 244)), "{degrees}°");
    }
    let mut faded = GrayImage::from_pixel(A4.0, A4.1, Luma([225]));
    bars(&mut faded, T, (330, 1330), 130);
    assert!(has_patch(&gaussian_blur_f32(&faded, 1.5)));
}

#[test]
fn other_bars_and_frames_are_no_patch_t() {
    for pattern in [
        [5, 2, 2, 2, 5, 2, 2],
        [2, 2, 2, 2, 2, 2, 2],
        [5, 2, 5, 2, 2, 2, 2],
        [1, 1, 2, 1, 1, 1, 6],
    ] {
        let mut sheet = printed(A4, 244, 25);
        bars(&mut sheet, pattern, (330, 1330), 25);
        assert_eq!(imaging::barcodes(&sheet), [], "{pattern:?}");
    }
    let mut short = printed(A4, 244, 25);
    bars(&mut short, T, (330, 480), 25);
    assert_eq!(imaging::barcodes(&short), [], "bars of 2 cm are a logo");
}

#[test]
fn a_drawn_qr_code_says_what_it_was_made_of() {
    let text = "SHMC1:00112233445566778899AABBCCDDEEFF:FFEEDDCCBBAA99887766554433221100";
    let modules = imaging::qr_code(text).unwrap();
    let mut page = GrayImage::from_pixel(A4.0, A4.1, Luma([244]));
    for (y, row) in (0..).zip(&modules) {
        for (x, dark) in (0..).zip(row) {
            if *dark {
                fill(&mut page, 300 + x * 10, 400 + y * 10, 10, 10, 25);
            }
        }
    }
    assert_eq!(
        texts(&imaging::barcodes(&page)),
        [(BarcodeFormat::Qr, text)]
    );
    assert_eq!(
        imaging::qr_code(&"Ầ".repeat(4000)),
        None,
        "too long for any code"
    );
}
