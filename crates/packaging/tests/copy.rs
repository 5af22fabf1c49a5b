//! The electronic copy, judged by programs that did not write it.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot go on panics, and one that skips a judge says so"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use chrono::{DateTime, TimeZone as _, Utc};
use domain::digest::Digest;
use domain::engine::Engine;
use domain::geometry::{Rectangle, Size};
use domain::local_code::{LocalCode, Station};
use domain::recognised_text::{Reading, RecognisedText, TextLine, Word};
use image::{DynamicImage, GrayImage, Luma};
use lopdf::Object;
use packaging::{CopyPage, CopyRequest, Error, Standard, make_copy, read_copy};

const LINES: [&str; 9] = [
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Số: 15/QĐ-UBND",
    "Đồng Hới, ngày 05 tháng 01 năm 2026",
    "QUYẾT ĐỊNH",
    "Về việc trợ cấp hằng tháng cho bà Lương Thị Phượng",
    "Đường Trường Chinh, phường Ơ Đu, đước mọc ven sông",
    "ằẳẵặ ầẩẫậ ềểễệ ồổỗộ ờởỡợ ừửữự ỳỷỹỵ đĐ ơƠ ưƯ",
    "Mã số: 0100109106; giá 1.234.567 đ (đã gồm thuế) & phí < 5 %",
];

fn manifest_folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn font(name: &str) -> Vec<u8> {
    let resources = std::env::var_os("SOHOA_RESOURCES").map_or_else(
        || manifest_folder().join("../../src-tauri/resources"),
        PathBuf::from,
    );
    std::fs::read(resources.join("fonts").join(name)).expect("`make setup` fetches the fonts")
}

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(
        manifest_folder()
            .join("../../tests/fixtures/samples")
            .join(name),
    )
    .unwrap()
}

fn size_of(jpeg: &[u8]) -> Size {
    let picture = image::load_from_memory(jpeg).unwrap();
    Size {
        width_px: picture.width(),
        height_px: picture.height(),
    }
}

fn word(text: &str, outline: Rectangle) -> Word {
    Word {
        text: text.to_owned(),
        outline,
        readings: vec![Reading {
            engine: Engine::Neural,
            text: text.to_owned(),
            confidence: 0.9,
        }],
        agreed: false,
        handwritten: false,
    }
}

/// The lines one below the other, 60 px apart, as words of plausible boxes.
fn text_of(lines: &[&str]) -> RecognisedText {
    let lines = lines.iter().enumerate().map(|(index, line)| {
        let y = 150 + 60 * index as u32;
        let mut x = 200;
        let words: Vec<Word> = line
            .split(' ')
            .map(|text| {
                let width = 13 * text.chars().count() as u32;
                let outline = Rectangle::new(x, y, width, 34);
                x += width + 12;
                word(text, outline)
            })
            .collect();
        TextLine {
            outline: Rectangle::new(200, y, x - 212, 34),
            words,
            read_twice: false,
        }
    });
    RecognisedText {
        lines: lines.collect(),
    }
}

fn local_code() -> LocalCode {
    let station = Station {
        number: 0x80_0001,
        epoch: 1,
    };
    LocalCode::new(station, 7).unwrap()
}

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 5, 30, 9).unwrap()
}

fn page<'a>(jpeg: &'a [u8], text: &'a RecognisedText) -> CopyPage<'a> {
    CopyPage {
        jpeg,
        size: size_of(jpeg),
        dpi: 200,
        text,
        raw_digest: Digest::of(jpeg),
    }
}

fn copy_of(pages: &[CopyPage<'_>], font: &[u8], standard: Standard) -> Result<Vec<u8>, Error> {
    make_copy(&CopyRequest {
        pages,
        local_code: local_code(),
        digitised_by: "Trần Minh Anh & <Đỗ>",
        digitised_at: noon(),
        font,
        standard,
    })
}

/// Two real pages, one in colour and one in grey.
fn two_pages(standard: Standard) -> Vec<u8> {
    let (first, second) = (
        sample("1-official-document.jpg"),
        sample("3-application-page-1.jpg"),
    );
    let (words, more) = (
        text_of(&LINES),
        text_of(&["Trang hai", "Người khai: Đỗ Thị Hương"]),
    );
    let pages = [page(&first, &words), page(&second, &more)];
    copy_of(&pages, &font("Tinos-Regular.ttf"), standard).unwrap()
}

/// Runs an outside judge on `pdf`; `None` when it is not installed. The program is
/// given the file's path and a folder of its own for what it writes.
fn judged(
    pdf: &[u8],
    program: &str,
    arguments: impl FnOnce(&Path, &Path) -> Vec<String>,
) -> Option<(bool, String, tempfile::TempDir)> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy.pdf");
    std::fs::write(&file, pdf).unwrap();
    let run = Command::new(program)
        .args(arguments(&file, folder.path()))
        .output();
    let Ok(output) = run else {
        eprintln!("skipped: {program} is not installed");
        return None;
    };
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Some((output.status.success(), said, folder))
}

fn path_text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_facts_are_read_back_as_they_were_given() {
    let facts = read_copy(&two_pages(Standard::PdfA2b)).unwrap();
    assert_eq!(facts.pages, 2);
    assert_eq!(facts.local_code, local_code());
    assert_eq!(facts.digitised_by, "Trần Minh Anh & <Đỗ>");
    assert_eq!(facts.digitised_at, noon());
    let digests = ["1-official-document.jpg", "3-application-page-1.jpg"]
        .map(|name| Digest::of(&sample(name)));
    assert_eq!(facts.raw_digests, digests);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for standard in [Standard::PdfA2b, Standard::PdfA1b] {
        assert!(two_pages(standard) == two_pages(standard), "{standard:?}");
    }
}

#[test]
fn qpdf_finds_nothing_wrong() {
    for standard in [Standard::PdfA2b, Standard::PdfA1b] {
        let pdf = two_pages(standard);
        let check = |file: &Path, _: &Path| vec!["--check".into(), path_text(file)];
        if let Some((well, said, _folder)) = judged(&pdf, "qpdf", check) {
            assert!(well && !said.contains("WARNING"), "{standard:?}: {said}");
        }
    }
}

#[test]
fn the_text_comes_out_as_it_was_read_and_in_that_order() {
    for name in ["Tinos-Regular.ttf", "BeVietnamPro-Regular.ttf"] {
        let jpeg = sample("1-official-document.jpg");
        let text = text_of(&LINES);
        let pdf = copy_of(&[page(&jpeg, &text)], &font(name), Standard::PdfA2b).unwrap();
        for mode in ["-raw", "-layout"] {
            let arguments = |file: &Path, _: &Path| vec![mode.into(), path_text(file), "-".into()];
            let Some((well, said, _folder)) = judged(&pdf, "pdftotext", arguments) else {
                return;
            };
            assert!(well, "{said}");
            let lines: Vec<String> = said
                .lines()
                .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
                .filter(|line| !line.is_empty())
                .collect();
            assert_eq!(lines, LINES, "{name} {mode}");
        }
    }
}

#[test]
fn a_word_is_found_where_it_stands_on_the_picture() {
    let pdf = two_pages(Standard::PdfA2b);
    let arguments = |file: &Path, _: &Path| vec!["-bbox".into(), path_text(file), "-".into()];
    let Some((_, said, _folder)) = judged(&pdf, "pdftotext", arguments) else {
        return;
    };
    let line = said
        .lines()
        .find(|line| line.contains(">Phượng<"))
        .expect("the word is there");
    let number = |name: &str| -> f32 {
        let start = line.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
        line[start..].split('"').next().unwrap().parse().unwrap()
    };
    let text = text_of(&LINES);
    let word = text.lines[5].words.last().unwrap();
    let px = |points: f32| points / 72.0 * 200.0;
    let (left, right) = (px(number("xMin")), px(number("xMax")));
    assert!((left - word.outline.x as f32).abs() < 2.0, "{line}");
    assert!((right - word.outline.right() as f32).abs() < 2.0, "{line}");
    let middle = px(f32::midpoint(number("yMin"), number("yMax")));
    assert!(
        (middle - (word.outline.y as f32 + 17.0)).abs() < 6.0,
        "{line}"
    );
}

#[test]
fn every_font_is_embedded_and_can_be_turned_into_unicode() {
    let pdf = two_pages(Standard::PdfA2b);
    let Some((_, said, _folder)) = judged(&pdf, "pdffonts", |file, _| vec![path_text(file)]) else {
        return;
    };
    let fonts: Vec<&str> = said.lines().skip(2).collect();
    assert!(!fonts.is_empty(), "{said}");
    for font in fonts {
        // Columns from the right: object, generation, unicode, subset, embedded.
        let columns: Vec<&str> = font.split_whitespace().rev().collect();
        assert_eq!(columns[2..5], ["yes"; 3], "{font}");
    }
}

#[test]
fn the_page_looks_like_the_picture_and_hides_the_text() {
    let jpeg = sample("1-official-document.jpg");
    let white = jpeg_of(&DynamicImage::ImageLuma8(GrayImage::from_pixel(
        1654,
        2339,
        Luma([255]),
    )));
    let text = text_of(&LINES);
    let pages = [page(&jpeg, &text), page(&white, &text)];
    let pdf = copy_of(&pages, &font("Tinos-Regular.ttf"), Standard::PdfA2b).unwrap();
    let arguments = |file: &Path, folder: &Path| {
        let out = path_text(&folder.join("page"));
        let (width, height) = ("1654".into(), "2339".into());
        let scale = ["-scale-to-x".into(), width, "-scale-to-y".into(), height];
        [&["-png".into()][..], &scale, &[path_text(file), out]].concat()
    };
    let Some((well, said, folder)) = judged(&pdf, "pdftoppm", arguments) else {
        return;
    };
    assert!(well, "{said}");
    for (index, given) in [&jpeg, &white].into_iter().enumerate() {
        let file = folder.path().join(format!("page-{}.png", index + 1));
        let shown = image::open(file).unwrap().into_rgb8();
        let given = image::load_from_memory(given).unwrap().into_rgb8();
        assert_eq!(shown.dimensions(), given.dimensions());
        let mean = apart(&shown, &given);
        assert!(mean < 2.0, "page {index} differs by {mean:.2} levels");
        if index == 1 {
            assert!(
                shown.pixels().all(|pixel| pixel.0[0] > 250),
                "text shows through"
            );
        }
    }
}

/// Mean difference after each picture was made eight times smaller: a reader may
/// shift noise by half a pixel, but not ink or colour.
fn apart(shown: &image::RgbImage, given: &image::RgbImage) -> f64 {
    let small = |picture: &image::RgbImage| {
        let (width, height) = (picture.width() / 8, picture.height() / 8);
        image::imageops::thumbnail(picture, width, height).into_raw()
    };
    let (shown, given) = (small(shown), small(given));
    let sum: u64 = shown
        .iter()
        .zip(&given)
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum as f64 / given.len() as f64
}

fn jpeg_of(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .unwrap();
    bytes.into_inner()
}

#[test]
fn the_structure_is_that_of_the_standard() {
    for (standard, part, version) in [(Standard::PdfA2b, 2, "1.7"), (Standard::PdfA1b, 1, "1.4")] {
        let pdf = two_pages(standard);
        assert!(pdf.starts_with(format!("%PDF-{version}\n%").as_bytes()));
        assert!(
            pdf[10..14].iter().all(|byte| *byte > 127),
            "a mark that the file is binary"
        );
        let document = lopdf::Document::load_mem(&pdf).unwrap();
        assert!(!document.is_encrypted());
        assert!(document.trailer.get(b"ID").is_ok());
        let catalog = document.catalog().unwrap();
        let intents = catalog.get_deref(b"OutputIntents", &document).unwrap();
        let [intent] = intents.as_array().unwrap().as_slice() else {
            panic!("one output intent");
        };
        let intent = document.dereference(intent).unwrap().1.as_dict().unwrap();
        assert_eq!(intent.get(b"S").unwrap().as_name().unwrap(), b"GTS_PDFA1");
        let profile = intent.get_deref(b"DestOutputProfile", &document).unwrap();
        assert!(profile.as_stream().is_ok());
        let metadata = catalog
            .get_deref(b"Metadata", &document)
            .unwrap()
            .as_stream()
            .unwrap();
        assert!(
            metadata.dict.get(b"Filter").is_err(),
            "XMP stays readable without a filter"
        );
        let xmp = std::str::from_utf8(&metadata.content).unwrap();
        assert!(
            xmp.contains(&format!("<pdfaid:part>{part}</pdfaid:part>")),
            "{xmp}"
        );
        assert!(xmp.contains("<pdfaid:conformance>B</pdfaid:conformance>"));
        assert_eq!(xmp.matches("<pdfaExtension:schemas>").count(), 1, "{xmp}");
        assert!(xmp.contains(&local_code().to_string()));
        for object in document.objects.values() {
            if let Object::Dictionary(dictionary) = object {
                assert!(dictionary.get(b"JS").is_err() && dictionary.get(b"Launch").is_err());
            }
        }
    }
}

#[test]
fn preflight_finds_pdf_a_1b_valid() {
    const JARS: [&str; 8] = [
        "preflight.jar",
        "pdfbox2.jar",
        "fontbox2.jar",
        "xmpbox.jar",
        "commons-io.jar",
        "commons-logging.jar",
        "javax.activation.jar",
        "jaxb-api.jar",
    ];
    let folder = Path::new("/usr/share/java");
    if JARS.iter().any(|jar| !folder.join(jar).exists()) {
        eprintln!("skipped: Apache PDFBox Preflight is not installed");
        return;
    }
    let path = JARS.map(|jar| path_text(&folder.join(jar))).join(":");
    let arguments = |file: &Path, _: &Path| {
        let class = "org.apache.pdfbox.preflight.Validator_A1b";
        vec!["-cp".into(), path, class.into(), path_text(file)]
    };
    let pdf = two_pages(Standard::PdfA1b);
    if let Some((_, said, _folder)) = judged(&pdf, "java", arguments) {
        assert!(said.contains("is a valid PDF/A-1b file"), "{said}");
    }
}

#[test]
fn a_letter_without_a_glyph_costs_nothing_but_its_shape() {
    let jpeg = sample("3-application-page-2.jpg");
    let lines = [
        "Số 訂 ngày ☎ ꝏ? \u{1f600} x\u{0335}",
        "e\u{0302}\u{0301} \u{200b} \u{1} \u{e001}",
        "",
    ];
    let mut text = text_of(&lines);
    text.lines[0].words[0].outline = Rectangle::new(0, 0, 0, 0);
    text.lines.push(TextLine {
        outline: Rectangle::default(),
        words: Vec::new(),
        read_twice: false,
    });
    for standard in [Standard::PdfA2b, Standard::PdfA1b] {
        let pdf = copy_of(&[page(&jpeg, &text)], &font("Tinos-Regular.ttf"), standard).unwrap();
        let arguments = |file: &Path, _: &Path| vec!["-raw".into(), path_text(file), "-".into()];
        if let Some((_, said, _folder)) = judged(&pdf, "pdftotext", arguments) {
            for wanted in ["訂", "ngày", "☎", "ế"] {
                assert!(said.contains(wanted), "{wanted} in {said:?}");
            }
        }
    }
}

#[test]
fn pages_without_text_make_a_copy_too() {
    let jpeg = sample("3-application-page-2.jpg");
    let nothing = RecognisedText::default();
    for standard in [Standard::PdfA2b, Standard::PdfA1b] {
        let pdf = copy_of(
            &[page(&jpeg, &nothing)],
            &font("Tinos-Regular.ttf"),
            standard,
        )
        .unwrap();
        assert_eq!(read_copy(&pdf).unwrap().pages, 1);
    }
}

#[test]
fn the_page_has_the_size_of_the_paper() {
    let document = lopdf::Document::load_mem(&two_pages(Standard::PdfA2b)).unwrap();
    for page in document.get_pages().values() {
        let page = document.get_dictionary(*page).unwrap();
        let media: Vec<f32> = page
            .get(b"MediaBox")
            .and_then(Object::as_array)
            .unwrap()
            .iter()
            .map(|side| side.as_float().unwrap())
            .collect();
        let millimetres = |points: f32| points / 72.0 * 25.4;
        assert!((millimetres(media[2]) - 210.0).abs() < 0.3, "{media:?}");
        assert!((millimetres(media[3]) - 297.0).abs() < 0.3, "{media:?}");
    }
}

#[test]
fn a_paper_of_many_pages_keeps_all_its_digests() {
    let jpeg = jpeg_of(&DynamicImage::ImageLuma8(GrayImage::from_pixel(
        64,
        90,
        Luma([230]),
    )));
    let text = text_of(&["Đủ"]);
    let pages: Vec<CopyPage<'_>> = (0..700_u32)
        .map(|index| CopyPage {
            dpi: 8,
            raw_digest: Digest::of(&index.to_le_bytes()),
            ..page(&jpeg, &text)
        })
        .collect();
    let pdf = copy_of(&pages, &font("Tinos-Regular.ttf"), Standard::PdfA1b).unwrap();
    let facts = read_copy(&pdf).unwrap();
    assert_eq!(facts.pages, 700);
    assert_eq!(facts.raw_digests[699], Digest::of(&699_u32.to_le_bytes()));
}

#[test]
fn what_cannot_be_a_copy_is_refused_by_name() {
    let jpeg = sample("3-application-page-2.jpg");
    let text = text_of(&LINES);
    let good = page(&jpeg, &text);
    let tinos = font("Tinos-Regular.ttf");
    let make = |page: CopyPage<'_>| copy_of(&[page], &tinos, Standard::PdfA2b).unwrap_err();

    assert_eq!(copy_of(&[], &tinos, Standard::PdfA2b), Err(Error::NoPages));
    let stated = Size {
        width_px: 1653,
        ..good.size
    };
    assert_eq!(
        make(CopyPage {
            size: stated,
            ..good
        }),
        Error::PictureSizeDiffers {
            page: 0,
            stated,
            found: good.size
        }
    );
    for jpeg in [
        &b""[..],
        b"\xff\xd8\xff\xd9",
        b"%PDF-1.7",
        &jpeg[..jpeg.len() / 2],
    ] {
        assert_eq!(
            make(CopyPage { jpeg, ..good }),
            Error::PictureUnreadable { page: 0 }
        );
    }
    let press = jpeg_encoder_cmyk();
    let size = Size {
        width_px: 16,
        height_px: 16,
    };
    assert_eq!(
        make(CopyPage {
            jpeg: &press,
            size,
            ..good
        }),
        Error::PictureColours { page: 0 }
    );
    for dpi in [0, 1] {
        assert_eq!(
            make(CopyPage { dpi, ..good }),
            Error::ResolutionAbsurd { page: 0, dpi }
        );
    }
    for font in [&b""[..], b"no font at all", &tinos[..40]] {
        assert_eq!(
            copy_of(&[good], font, Standard::PdfA2b),
            Err(Error::FontUnusable)
        );
    }
    let many = vec![good; packaging::MAX_PAGES + 1];
    assert!(matches!(
        copy_of(&many, &tinos, Standard::PdfA2b),
        Err(Error::TooManyPages { .. })
    ));
}

fn jpeg_encoder_cmyk() -> Vec<u8> {
    let mut bytes = Vec::new();
    jpeg_encoder::Encoder::new(&mut bytes, 80)
        .encode(&[90; 16 * 16 * 4], 16, 16, jpeg_encoder::ColorType::Cmyk)
        .unwrap();
    bytes
}

#[test]
fn a_file_that_is_no_copy_is_told_from_a_damaged_one() {
    assert_eq!(read_copy(b""), Err(Error::Damaged));
    assert_eq!(read_copy(b"%PDF-1.7 and nothing more"), Err(Error::Damaged));
    let pdf = two_pages(Standard::PdfA2b);
    assert!(read_copy(&pdf[..pdf.len() / 2]).is_err());
    let mut foreign = lopdf::Document::with_version("1.7");
    let catalog = foreign.add_object(lopdf::dictionary! { "Type" => "Catalog" });
    foreign.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    foreign.save_to(&mut bytes).unwrap();
    assert_eq!(read_copy(&bytes), Err(Error::NotACopy));
}

#[test]
fn a_copy_that_was_signed_later_is_read_as_before() {
    let pdf = two_pages(Standard::PdfA2b);
    // A signature is appended as an incremental update; any appended object will do.
    let before = lopdf::Document::load_mem(&pdf).unwrap();
    let mut update = lopdf::IncrementalDocument::create_from(pdf.clone(), before);
    let note = lopdf::dictionary! { "Type" => "Sig" };
    update.new_document.add_object(note);
    let mut signed = Vec::new();
    update.save_to(&mut signed).unwrap();
    assert!(signed.starts_with(&pdf) && signed.len() > pdf.len());
    assert_eq!(read_copy(&signed), read_copy(&pdf));
}

#[test]
fn two_pages_take_a_fraction_of_a_second() {
    let (first, second) = (
        sample("1-official-document.jpg"),
        sample("3-application-page-1.jpg"),
    );
    let text = text_of(&LINES);
    let pages = [page(&first, &text), page(&second, &text)];
    let tinos = font("Tinos-Regular.ttf");
    let started = Instant::now();
    copy_of(&pages, &tinos, Standard::PdfA2b).unwrap();
    let elapsed = started.elapsed();
    eprintln!("two A4 pages: {} ms", elapsed.as_millis());
    // Far above what it takes, so that only a real slowness on a busy machine fails.
    assert!(elapsed.as_millis() < 2_000, "{elapsed:?}");
}
