//! Image files.

use std::ops::ControlFlow;

use domain::geometry::QuarterTurn;
use domain::page::RawFormat;
use image::{DynamicImage, GrayImage, ImageFormat};
use proptest::prelude::*;
use scan::Limits;

use crate::papers::{
    encode, grey_sheet, jpeg, number_of, pages_of, pages_within, pixels, png, refusal, sheet, tiff,
};

fn all_single_images() -> Vec<(RawFormat, Vec<u8>)> {
    let image = DynamicImage::from(sheet(3));
    vec![
        (RawFormat::Jpeg, jpeg(&sheet(3), 300)),
        (RawFormat::Png, encode(&image, ImageFormat::Png)),
        (RawFormat::Tiff, tiff(&[grey_sheet(3)])),
        (RawFormat::Webp, encode(&image, ImageFormat::WebP)),
        (RawFormat::Bmp, encode(&image, ImageFormat::Bmp)),
    ]
}

#[test]
fn single_images_keep_their_bytes() {
    for (format, bytes) in all_single_images() {
        let pages = pages_of(&bytes).unwrap();
        assert_eq!(pages.len(), 1);
        assert_eq!(pages[0].format, format);
        assert_eq!(pages[0].bytes, bytes, "{format:?} must stay as it came");
        assert_eq!(number_of(&pixels(&pages[0])), 3);
    }
}

#[test]
fn an_image_that_is_cut_anywhere_is_refused() {
    for (format, bytes) in all_single_images() {
        for share in [10, 25, 50, 75, 90, 97] {
            let cut = &bytes[..bytes.len() * share / 100];
            let refused = pages_of(cut).map(|pages| pages.len());
            let name = refused
                .expect_err(&format!(
                    "{format:?} cut at {share} % must not come out as half a page"
                ))
                .name();
            assert!(
                name.starts_with("damaged"),
                "{format:?} at {share} %: {name}"
            );
        }
    }
}

#[test]
fn a_jpeg_whose_second_half_is_zeros_is_refused() {
    // What an interrupted copy leaves of a file whose space was reserved.
    let mut bytes = jpeg(&sheet(3), 300);
    let half = bytes.len() / 2;
    bytes[half..].fill(0);
    assert_eq!(refusal(&bytes), "damaged_cut_short");
}

#[test]
fn a_changed_byte_in_a_png_is_noticed() {
    let mut bytes = png(&sheet(3));
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    assert!(refusal(&bytes).starts_with("damaged"));
}

#[test]
fn a_file_is_known_by_its_bytes_alone() {
    assert_eq!(refusal(b""), "empty_file");
    assert_eq!(refusal(b"just words"), "unknown_format");
    assert_eq!(
        refusal(b"BMW is no bitmap, in spite of its letters"),
        "unknown_format"
    );
    assert_eq!(refusal(b"GIF89a\x01\x00\x01\x00"), "unknown_format");
    assert_eq!(refusal(b"%PDF-1.3\n%%EOF\n"), "damaged_structure");
    assert_eq!(refusal(&[0xFF, 0xD8, 0xFF]), "damaged_cut_short");
}

#[test]
fn resolution_is_read_where_it_is_stated() {
    let dpi = |bytes: &[u8]| pages_of(bytes).unwrap()[0].dpi;
    assert_eq!(dpi(&jpeg(&sheet(1), 300)), Some(300));
    assert_eq!(dpi(&jpeg(&sheet(1), 20)), None, "20 dpi is absurd");
    assert_eq!(dpi(&jpeg(&sheet(1), 9600)), None, "9600 dpi is absurd");
    assert_eq!(dpi(&tiff(&[grey_sheet(1)])), Some(300));
    assert_eq!(dpi(&png(&sheet(1))), None, "this PNG is silent");
}

/// A JPEG as a phone writes it: EXIF with an orientation and a resolution, no JFIF.
fn phone_jpeg(orientation: u8) -> Vec<u8> {
    let plain = jpeg(&sheet(2), 0);
    let mut exif = b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x03".to_vec();
    exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    exif.extend([0x01, 0x1A, 0, 5, 0, 0, 0, 1, 0, 0, 0, 50]);
    exif.extend([0x01, 0x1B, 0, 5, 0, 0, 0, 1, 0, 0, 0, 50]);
    exif.extend([0, 0, 0, 0]);
    exif.extend([0, 0, 1, 0x90, 0, 0, 0, 1]);
    let length = (exif.len() + 2) as u16;
    let after_jfif = 2 + 2 + usize::from(u16::from_be_bytes([plain[4], plain[5]]));
    [
        &[0xFF, 0xD8, 0xFF, 0xE1],
        &length.to_be_bytes()[..],
        &exif,
        &plain[after_jfif..],
    ]
    .concat()
}

#[test]
fn the_orientation_of_a_phone_is_a_hint_and_turns_no_pixel() {
    for (orientation, turn) in [
        (1, QuarterTurn::None),
        (3, QuarterTurn::Half),
        (6, QuarterTurn::Right),
        (8, QuarterTurn::Left),
        (2, QuarterTurn::None),
    ] {
        let bytes = phone_jpeg(orientation);
        let page = pages_of(&bytes).unwrap().remove(0);
        assert_eq!(page.turn, turn, "orientation {orientation}");
        assert_eq!(page.dpi, Some(400));
        assert_eq!((page.size.width_px, page.size.height_px), (200, 280));
        assert_eq!(page.bytes, bytes);
        pixels(&page);
    }
}

#[test]
fn a_many_paged_tiff_becomes_its_pages_in_order() {
    let bytes = tiff(&[1, 2, 3, 4].map(grey_sheet));
    let pages = pages_of(&bytes).unwrap();
    assert_eq!(pages.len(), 4);
    for (page, number) in pages.iter().zip(1..) {
        assert_eq!(page.format, RawFormat::Png);
        assert_eq!(page.dpi, Some(300));
        assert_eq!(
            pixels(page).into_luma8(),
            grey_sheet(number),
            "pages out of a TIFF are lossless"
        );
    }
}

#[test]
fn whoever_takes_the_pages_may_stop() {
    let bytes = tiff(&[1, 2, 3, 4].map(grey_sheet));
    let mut taken = 0;
    let count = scan::pages_of_file(&bytes, &Limits::default(), &mut |_page| {
        taken += 1;
        if taken == 2 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert_eq!((taken, count.unwrap()), (2, 2));
}

/// A hand-made TIFF of one directory: `fields` are tag, type, count and value, and
/// `data` begins at the offset that is given to the closure.
fn raw_tiff(fields: impl Fn(u32) -> Vec<(u16, u16, u32, u32)>, data: &[u8]) -> Vec<u8> {
    let count = fields(0).len() as u32;
    let data_at = 8 + 2 + count * 12 + 4;
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    bytes.extend((count as u16).to_le_bytes());
    for (tag, kind, count, value) in fields(data_at) {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0; 4]);
    bytes.extend(data);
    bytes
}

#[test]
fn a_tiff_of_palette_colours_is_read() {
    // Two by two pixels of colours 0, 1, 1, 0 out of a table of red and blue.
    let mut table = vec![0u16; 768];
    table[0] = 0xFFFF;
    table[512 + 1] = 0xFFFF;
    let mut data: Vec<u8> = table.iter().flat_map(|value| value.to_le_bytes()).collect();
    data.extend([0, 1, 1, 0]);
    let bytes = raw_tiff(
        |data_at| {
            vec![
                (256, 3, 1, 2),
                (257, 3, 1, 2),
                (258, 3, 1, 8),
                (259, 3, 1, 1),
                (262, 3, 1, 3),
                (273, 4, 1, data_at + 1536),
                (277, 3, 1, 1),
                (278, 3, 1, 2),
                (279, 4, 1, 4),
                (320, 3, 768, data_at),
            ]
        },
        &data,
    );
    let page = pages_of(&bytes).unwrap().remove(0);
    assert_eq!(
        page.format,
        RawFormat::Png,
        "what the decoder cannot read is recoded"
    );
    let (red, blue) = ([255, 0, 0], [0, 0, 255]);
    assert_eq!(
        pixels(&page).into_rgb8().into_raw(),
        [red, blue, blue, red].concat()
    );
}

#[test]
fn a_tiff_of_colour_jpeg_strips_is_read() {
    let upper = jpeg(&sheet(2), 0);
    let bytes = raw_tiff(
        |data_at| {
            let offsets = data_at;
            let counts = data_at + 8;
            vec![
                (256, 3, 1, 200),
                (257, 3, 1, 560),
                (258, 3, 1, 8),
                (259, 3, 1, 7),
                (262, 3, 1, 6),
                (273, 4, 2, offsets),
                (277, 3, 1, 3),
                (278, 3, 1, 280),
                (279, 4, 2, counts),
            ]
        },
        &{
            let start = 8 + 2 + 9 * 12 + 4 + 16;
            let length = upper.len() as u32;
            let mut data: Vec<u8> = [start, start + length, length, length]
                .iter()
                .flat_map(|value: &u32| value.to_le_bytes())
                .collect();
            data.extend(&upper);
            data.extend(&upper);
            data
        },
    );
    let page = pages_of(&bytes).unwrap().remove(0);
    let image = pixels(&page);
    assert_eq!((image.width(), image.height()), (200, 560));
    assert_eq!(number_of(&image), 4, "two strips of two bars each");
    let stamp = image.to_rgb8().get_pixel(150, 240).0;
    assert!(
        stamp[0] > 150 && stamp[1] < 80,
        "the stamp stays red: {stamp:?}"
    );
}

#[test]
fn a_bilevel_fax_tiff_is_read() {
    // Sixteen by two pixels, white is zero, uncoded: the first row is half black.
    let bytes = raw_tiff(
        |data_at| {
            vec![
                (256, 3, 1, 16),
                (257, 3, 1, 2),
                (258, 3, 1, 1),
                (259, 3, 1, 1),
                (262, 3, 1, 0),
                (273, 4, 1, data_at),
                (277, 3, 1, 1),
                (278, 3, 1, 2),
                (279, 4, 1, 4),
            ]
        },
        &[0xFF, 0x00, 0x00, 0x00],
    );
    let page = pages_of(&bytes).unwrap().remove(0);
    assert_eq!(page.format, RawFormat::Tiff);
    let grey = pixels(&page).into_luma8();
    let expected = GrayImage::from_fn(16, 2, |x, y| {
        image::Luma([if y == 0 && x < 8 { 0 } else { 255 }])
    });
    assert_eq!(grey, expected);
}

#[test]
fn limits_are_held_before_anything_is_decoded() {
    let check = |bytes: &[u8], limits: Limits| {
        pages_within(bytes, &limits)
            .map(|pages| pages.len())
            .unwrap_err()
            .name()
    };
    let default = Limits::default;
    let pages = tiff(&[1, 2, 3, 4].map(grey_sheet));
    assert_eq!(
        check(
            &pages,
            Limits {
                max_pages: 3,
                ..default()
            }
        ),
        "too_many_pages"
    );
    assert_eq!(
        check(
            &pages,
            Limits {
                max_file_bytes: 100,
                ..default()
            }
        ),
        "file_too_large"
    );
    let few_pixels = Limits {
        max_pixels: 200 * 280 - 1,
        ..default()
    };
    assert_eq!(check(&pages, few_pixels), "page_too_large");
    for (format, bytes) in all_single_images() {
        assert_eq!(check(&bytes, few_pixels), "page_too_large", "{format:?}");
    }
}

#[test]
fn a_pixel_bomb_is_refused_by_its_header() {
    // A PNG of 60,000 by 60,000 pixels in a few bytes: the header is right, and the
    // image behind it would be 10 GB.
    let mut bytes = Vec::new();
    let mut encoder = png_encoder(&mut bytes, 60_000, 60_000);
    encoder.write_chunk(*b"IDAT");
    assert_eq!(refusal(&bytes), "page_too_large");
}

/// Writes PNG chunks by hand, since no encoder writes an incomplete image.
struct Chunks<'a>(&'a mut Vec<u8>);

fn png_encoder(bytes: &mut Vec<u8>, width: u32, height: u32) -> Chunks<'_> {
    bytes.extend(b"\x89PNG\r\n\x1a\n");
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    bytes.extend(13u32.to_be_bytes());
    bytes.extend(&header);
    bytes.extend(crc(&header).to_be_bytes());
    Chunks(bytes)
}

impl Chunks<'_> {
    fn write_chunk(&mut self, name: [u8; 4]) {
        self.0.extend(0u32.to_be_bytes());
        self.0.extend(name);
        self.0.extend(crc(&name).to_be_bytes());
    }
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            crc >> 1 ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Promise E1: whatever the bytes, there is an answer.
    #[test]
    fn changed_images_never_panic(
        which in 0usize..5,
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..12),
        keep in 0.3f64..1.0,
    ) {
        let limits = Limits { max_pixels: 4_000_000, ..Limits::default() };
        let (_, mut bytes) = all_single_images().swap_remove(which);
        let length = (bytes.len() as f64 * keep) as usize;
        bytes.truncate(length.max(1));
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if let Ok(pages) = pages_within(&bytes, &limits) {
            prop_assert!(pages.len() == 1);
        }
    }
}
