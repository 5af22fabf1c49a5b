//! PDF files.

use std::io::Write as _;

use domain::geometry::QuarterTurn;
use domain::page::RawFormat;
use flate2::write::ZlibEncoder;
use image::DynamicImage;
use lopdf::encryption::{EncryptionState, EncryptionVersion, Permissions};
use lopdf::{Dictionary, Document, Object, Stream, dictionary};
use proptest::prelude::*;
use scan::Limits;

use crate::papers::{
    A4_POINTS, PdfPage, document, grey_sheet, jpeg, jpeg_image, number_of, pages_of, pages_within,
    pdf, pixels, refusal, scan_page, sheet, text_page,
};

fn scanned(number: u32) -> PdfPage {
    scan_page(jpeg_image(jpeg(&sheet(number), 72), 200, 280))
}

#[test]
fn a_page_that_is_one_jpeg_gives_its_bytes() {
    let bytes = jpeg(&sheet(3), 72);
    let file = pdf(
        vec![scan_page(jpeg_image(bytes.clone(), 200, 280))],
        (144.0, 201.6),
    );
    // The page is two inches wide, but the scan is placed over an A4 page: it is cut.
    assert_eq!(pages_of(&file).unwrap()[0].format, RawFormat::Png);

    let mut whole = scan_page(jpeg_image(bytes.clone(), 200, 280));
    whole.content = "q 144 0 0 201.6 0 0 cm /Im0 Do Q".into();
    let page = pages_of(&pdf(vec![whole], (144.0, 201.6)))
        .unwrap()
        .remove(0);
    assert_eq!(page.format, RawFormat::Jpeg);
    assert_eq!(page.bytes, bytes, "the scanner's own bytes, not recoded");
    assert_eq!(
        page.dpi,
        Some(100),
        "200 pixels on two inches, whatever the JPEG says"
    );
}

#[test]
fn hidden_text_marked_content_and_a_full_clip_leave_a_scan_a_scan() {
    let mut page = scanned(2);
    page.content = "/Artifact BMC q 0 0 595 833 re W n q 595 0 0 833 0 0 cm /Im0 Do Q Q EMC \
                    BT 3 Tr /F0 12 Tf 50 700 Td (found by search) Tj ET"
        .into();
    let page = pages_of(&pdf(vec![page], A4_POINTS)).unwrap().remove(0);
    assert_eq!(page.format, RawFormat::Jpeg);
}

#[test]
fn anything_drawn_beside_the_scan_is_kept_by_drawing_the_page() {
    let beside = |content: &str| {
        let mut page = scanned(2);
        page.content.push_str(content);
        pages_of(&pdf(vec![page], A4_POINTS)).unwrap().remove(0)
    };
    for content in [
        " BT /F0 60 Tf 100 300 Td (STAMP) Tj ET",
        " 1 0 0 rg 100 100 200 50 re f",
        " 0 0 m 500 500 l S",
        " q 100 0 0 100 0 0 cm /Im0 Do Q",
    ] {
        let page = beside(content);
        assert_eq!(page.format, RawFormat::Png, "{content}");
        assert_eq!(page.dpi, Some(200), "{content}");
    }
    let stamped = pixels(&beside(" 1 0 0 rg 100 100 200 50 re f")).into_rgb8();
    let (x, y) = (200 * 200 / 72, (833 - 125) * 200 / 72);
    assert_eq!(
        stamped.get_pixel(x, y).0,
        [255, 0, 0],
        "the red bar is there"
    );
}

#[test]
fn an_annotation_on_a_scan_is_drawn_with_it() {
    let mut file = document(vec![scanned(2)], A4_POINTS);
    let appearance = file.add_object(Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Form",
            "BBox" => vec![0.into(), 0.into(), 100.into(), 50.into()],
        },
        b"0 0 1 rg 0 0 100 50 re f".to_vec(),
    ));
    let note = file.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Stamp",
        "Rect" => vec![100.into(), 100.into(), 200.into(), 150.into()],
        "AP" => dictionary! { "N" => appearance },
    });
    let page = file.page_iter().next().unwrap();
    file.get_dictionary_mut(page)
        .unwrap()
        .set("Annots", vec![Object::from(note)]);
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).unwrap();
    let page = pages_of(&bytes).unwrap().remove(0);
    assert_eq!(page.format, RawFormat::Png);
    let (x, y) = (150 * 200 / 72, (833 - 125) * 200 / 72);
    assert_eq!(pixels(&page).into_rgb8().get_pixel(x, y).0, [0, 0, 255]);
}

#[test]
fn the_turn_of_a_page_comes_with_its_scan() {
    for (degrees, turn) in [
        (0, QuarterTurn::None),
        (90, QuarterTurn::Right),
        (180, QuarterTurn::Half),
        (270, QuarterTurn::Left),
    ] {
        let mut page = scanned(2);
        page.extra = dictionary! { "Rotate" => degrees };
        let page = pages_of(&pdf(vec![page], A4_POINTS)).unwrap().remove(0);
        assert_eq!(
            (page.format, page.turn),
            (RawFormat::Jpeg, turn),
            "{degrees}"
        );
        assert_eq!((page.size.width_px, page.size.height_px), (200, 280));
    }
}

#[test]
fn a_scan_in_another_coding_comes_out_pixel_by_pixel() {
    let grey = grey_sheet(3);
    let image = Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => 200, "Height" => 280,
            "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
        },
        grey.as_raw().clone(),
    );
    let mut page = scan_page(image);
    page.content = "q 48 0 0 67.2 0 0 cm /Im0 Do Q".into();
    let page = pages_of(&pdf(vec![page], (48.0, 67.2))).unwrap().remove(0);
    assert_eq!((page.format, page.dpi), (RawFormat::Png, Some(300)));
    assert_eq!(
        pixels(&page).into_luma8(),
        grey,
        "drawn at its own resolution"
    );
}

#[test]
fn a_turned_scan_in_another_coding_comes_out_upright() {
    let grey = grey_sheet(3);
    let image = Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => 200, "Height" => 280,
            "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
        },
        grey.as_raw().clone(),
    );
    let mut page = scan_page(image);
    page.content = "q 48 0 0 67.2 0 0 cm /Im0 Do Q".into();
    page.extra = dictionary! { "Rotate" => 90 };
    let page = pages_of(&pdf(vec![page], (48.0, 67.2))).unwrap().remove(0);
    assert_eq!(page.turn, QuarterTurn::None);
    let upright = DynamicImage::from(grey).rotate90().into_luma8();
    assert_eq!(pixels(&page).into_luma8(), upright);
}

#[test]
fn text_is_drawn_at_the_resolution_asked_for() {
    let file = pdf(vec![text_page("one"), text_page("two")], A4_POINTS);
    let limits = Limits {
        rasterise_dpi: 144,
        ..Limits::default()
    };
    let pages = pages_within(&file, &limits).unwrap();
    assert_eq!(pages.len(), 2);
    assert_eq!(pages[0].dpi, Some(144));
    assert_eq!(
        (pages[0].size.width_px, pages[0].size.height_px),
        (1190, 1666)
    );
    let dark = |page| {
        pixels(page)
            .into_luma8()
            .pixels()
            .filter(|p| p[0] < 128)
            .count()
    };
    assert!(dark(&pages[0]) > 500, "the letters are there");
    assert_ne!(pages[0].bytes, pages[1].bytes);
}

#[test]
fn an_enormous_page_box_is_drawn_smaller_and_says_so() {
    // 200 inches each side, the largest that the format allows without a unit.
    let page = pages_of(&pdf(vec![text_page("poster")], (14_400.0, 14_400.0)))
        .unwrap()
        .remove(0);
    let (width, height) = (page.size.width_px, page.size.height_px);
    assert!(
        u64::from(width) * u64::from(height) <= 40_010_000,
        "{width} × {height}"
    );
    assert_eq!(page.dpi, None, "32 dpi is below what is believed of paper");
    let smaller = Limits {
        max_pixels: 1_000_000,
        ..Limits::default()
    };
    let page = pages_within(&pdf(vec![text_page("A4")], A4_POINTS), &smaller)
        .unwrap()
        .remove(0);
    assert!(matches!(page.dpi, Some(100..=103)), "{:?}", page.dpi);
}

#[test]
fn an_image_of_too_many_pixels_is_refused_before_it_is_decoded() {
    let mut bomb = jpeg_image(jpeg(&sheet(1), 72), 60_000, 60_000);
    bomb.dict.set("Filter", "FlateDecode");
    assert_eq!(
        refusal(&pdf(vec![scan_page(bomb)], A4_POINTS)),
        "page_too_large"
    );
}

#[test]
fn a_pdf_that_is_cut_is_refused_however_much_of_it_is_left() {
    let file = pdf(vec![scanned(1), scanned(2), scanned(3)], A4_POINTS);
    assert_eq!(pages_of(&file).unwrap().len(), 3);
    for share in [5, 20, 40, 60, 80, 95, 99] {
        let name = refusal(&file[..file.len() * share / 100]);
        assert!(name.starts_with("damaged"), "at {share} %: {name}");
    }
}

#[test]
fn a_pdf_that_lost_its_middle_is_refused() {
    // The end is there, the pages it counts are not.
    let file = pdf(vec![scanned(1), scanned(2), scanned(3)], A4_POINTS);
    let third = file.len() / 3;
    let lost = [&file[..third], &file[file.len() - third..]].concat();
    assert!(refusal(&lost).starts_with("damaged"));
}

#[test]
fn a_scan_in_a_pdf_that_cannot_be_decoded_is_refused() {
    let mut bytes = jpeg(&sheet(1), 72);
    // The end mark is there, what describes the image is not.
    let end = bytes.len() - 2;
    bytes[30..end].fill(0);
    let file = pdf(vec![scan_page(jpeg_image(bytes, 200, 280))], A4_POINTS);
    assert!(refusal(&file).starts_with("damaged"));
    let fax = raw_image(1, Some("CCITTFaxDecode"), vec![0xff, 0x07, 0x3c]);
    let file = pdf(vec![scan_page(fax)], A4_POINTS);
    assert!(refusal(&file).starts_with("damaged"));
}

/// A grey image of 200 × 280 pixels.
fn raw_image(bits: i64, filter: Option<&str>, bytes: Vec<u8>) -> Stream {
    let mut image = Stream::new(
        dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => 200, "Height" => 280,
            "ColorSpace" => "DeviceGray", "BitsPerComponent" => bits,
        },
        bytes,
    );
    if let Some(filter) = filter {
        image.dict.set("Filter", filter);
        image.dict.set(
            "DecodeParms",
            dictionary! { "K" => -1, "Columns" => 200, "Rows" => 280 },
        );
    }
    image
}

#[test]
fn a_scan_with_less_data_than_it_promises_is_refused() {
    let half = grey_sheet(3).into_raw()[..200 * 140].to_vec();
    let packed = |bytes: &[u8]| {
        let mut packer = ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    };
    let packed_half = packed(&half);
    let packed_whole = packed(grey_sheet(3).as_raw());
    // A JPEG that was closed properly after half of its data.
    let whole = jpeg(&sheet(3), 72);
    let closed = [&whole[..whole.len() / 2], &[0xFF, 0xD9]].concat();
    let again = |filter: &str, bytes: &[u8]| {
        let mut image = jpeg_image(packed(bytes), 200, 280);
        let filters = ["FlateDecode", filter].map(|name| Object::Name(name.into()));
        image.dict.set("Filter", filters.to_vec());
        image
    };
    let fax = |bytes| raw_image(1, Some("CCITTFaxDecode"), bytes);
    let mut fax_again = again("CCITTFaxDecode", &WHITE_FAX_ROWS[..20]);
    fax_again.dict.set("ColorSpace", "DeviceGray");
    fax_again.dict.set("BitsPerComponent", 1);
    let parameters = dictionary! { "K" => -1, "Columns" => 200, "Rows" => 280 };
    fax_again
        .dict
        .set("DecodeParms", vec![Object::Null, parameters.into()]);
    let flate = |bytes| {
        let mut image = raw_image(8, Some("FlateDecode"), bytes);
        image.dict.remove(b"DecodeParms");
        image
    };
    let cases = [
        ("plain", raw_image(8, None, half)),
        ("packed half", flate(packed_half)),
        (
            "half of the packed",
            flate(packed_whole[..packed_whole.len() / 2].to_vec()),
        ),
        (
            "JPEG",
            jpeg_image(whole[..whole.len() / 2].to_vec(), 200, 280),
        ),
        ("JPEG closed early", jpeg_image(closed.clone(), 200, 280)),
        (
            "JPEG closed early, packed again",
            again("DCTDecode", &closed),
        ),
        (
            "JPEG cut, packed again",
            again("DCTDecode", &whole[..whole.len() / 2]),
        ),
        ("fax", fax(WHITE_FAX_ROWS[..20].to_vec())),
        ("fax packed again", fax_again),
    ];
    for (name, image) in cases {
        let alone = scan_page(image.clone());
        // Also where something stands over the scan, so that the page is drawn.
        let mut stamped = scan_page(image);
        stamped.content.push_str(" 1 0 0 rg 100 100 200 50 re f");
        for page in [alone, stamped] {
            let file = pdf(vec![page], A4_POINTS);
            assert_eq!(refusal(&file), "damaged_cut_short", "{name}");
        }
    }
    let whole_again = scan_page(again("DCTDecode", &whole));
    let pages = pages_of(&pdf(vec![whole_again], A4_POINTS)).unwrap();
    assert_eq!(number_of(&pixels(&pages[0])), 3, "packed again and whole");
}

/// Rows of a group 4 fax that repeat the blank row above: one bit each, 160 of them.
const WHITE_FAX_ROWS: [u8; 20] = [0xFF; 20];

#[test]
fn a_scan_in_a_pdf_that_is_cut_is_refused() {
    let mut bytes = jpeg(&sheet(1), 72);
    bytes.truncate(bytes.len() / 2);
    let file = pdf(vec![scan_page(jpeg_image(bytes, 200, 280))], A4_POINTS);
    assert_eq!(refusal(&file), "damaged_cut_short");
}

#[test]
fn a_pdf_without_pages_is_refused() {
    assert!(refusal(&pdf(Vec::new(), A4_POINTS)).starts_with("damaged"));
}

fn locked(user_password: &str) -> Vec<u8> {
    let mut file: Document = document(vec![text_page("locked")], A4_POINTS);
    let id = Object::string_literal("0123456789abcdef");
    file.trailer.set("ID", vec![id.clone(), id]);
    let version = EncryptionVersion::V2 {
        document: &file,
        owner_password: "the owner's",
        user_password,
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).unwrap();
    file.encrypt(&state).unwrap();
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_pdf_that_wants_a_password_is_named_as_such() {
    assert_eq!(refusal(&locked("secret")), "encrypted");
}

#[test]
fn a_pdf_that_is_locked_only_against_changes_is_read() {
    let open = pages_of(&pdf(vec![text_page("locked")], A4_POINTS)).unwrap();
    let locked = pages_of(&locked("")).unwrap();
    assert_eq!(
        pixels(&locked[0]),
        pixels(&open[0]),
        "an empty user password opens it"
    );
}

#[test]
fn too_many_pages_are_refused_before_the_first() {
    let file = pdf(
        vec![text_page("1"), text_page("2"), text_page("3")],
        A4_POINTS,
    );
    let limits = Limits {
        max_pages: 2,
        ..Limits::default()
    };
    assert_eq!(
        pages_within(&file, &limits).unwrap_err().name(),
        "too_many_pages"
    );
}

#[test]
fn scans_of_a_pdf_come_in_order() {
    let file = pdf(vec![scanned(1), scanned(2), scanned(3)], A4_POINTS);
    let numbers: Vec<u32> = pages_of(&file)
        .unwrap()
        .iter()
        .map(|page| number_of(&DynamicImage::from(pixels(page).into_rgb8())))
        .collect();
    assert_eq!(numbers, [1, 2, 3]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Promise E1: whatever the bytes, there is an answer.
    #[test]
    fn changed_pdfs_never_panic(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..30),
    ) {
        let limits = Limits { max_pixels: 1_000_000, ..Limits::default() };
        let mut page = text_page("words");
        page.extra = Dictionary::new();
        let mut bytes = pdf(vec![page, scanned(1)], (200.0, 280.0));
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        let _answer = pages_within(&bytes, &limits);
    }
}
