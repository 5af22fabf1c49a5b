//! Lines drawn and read back by both engines.

use std::path::PathBuf;

use ab_glyph::{Font as _, FontVec, PxScale, ScaleFont as _};
use image::Luma;

use super::*;

const LINES: [&str; 6] = [
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Họ và tên: Nguyễn Thị Phương Thảo",
    "Ngày sinh: 17/08/1994, số định danh: 001194008642",
    "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020",
    "Nơi cư trú: thôn Đoài, xã Quảng Phú, tỉnh Lâm Đồng",
];

fn resources() -> PathBuf {
    std::env::var_os("SOHOA_RESOURCES").map_or_else(
        || {
            PathBuf::from(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../src-tauri/resources"
            ))
        },
        PathBuf::from,
    )
}

fn models() -> Models {
    Models {
        neural: resources().join("models"),
        tessdata: resources().join("tessdata"),
        aster: Some(resources().join("aster")),
    }
}

/// A serif font with all Vietnamese letters: from the resources, else Debian's.
fn font() -> Option<FontVec> {
    let candidates = [
        resources().join("fonts/Tinos-Regular.ttf"),
        PathBuf::from("/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf"),
    ];
    let font = candidates
        .iter()
        .find_map(|path| std::fs::read(path).ok())
        .map(|bytes| FontVec::try_from_vec(bytes).unwrap());
    if font.is_none() {
        eprintln!("skipped: no Tinos font, neither in the resources nor on this machine");
    }
    font
}

/// An A4 page at 200 dpi with these lines, and where each line was drawn from
/// and to, as left, baseline, right.
fn draw(font: &FontVec, lines: &[&str]) -> (GrayImage, Vec<(u32, u32, u32)>) {
    let mut page = GrayImage::from_pixel(1654, 2339, Luma([250]));
    let font = font.as_scaled(PxScale::from(42.0));
    let mut places = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let base = 250 + 75 * index as u32;
        let mut x = 220.0;
        for letter in line.chars() {
            let glyph = font.scaled_glyph(letter);
            let advance = font.h_advance(glyph.id);
            let mut placed = glyph;
            placed.position = ab_glyph::point(x, base as f32);
            if let Some(outline) = font.outline_glyph(placed) {
                let bounds = outline.px_bounds();
                outline.draw(|dx, dy, cover| {
                    let at = (bounds.min.x as u32 + dx, bounds.min.y as u32 + dy);
                    let pixel = page.get_pixel_mut(at.0, at.1);
                    pixel.0[0] = pixel.0[0].min((250.0 - 220.0 * cover) as u8);
                });
            }
            x += advance;
        }
        places.push((220, base, x as u32));
    }
    (page, places)
}

#[test]
fn drawn_lines_are_read_in_order_and_agreed_by_both_engines() {
    let Some(font) = font() else { return };
    let (page, places) = draw(&font, &LINES);
    let mut reader = Reader::open(&models()).unwrap();
    let mut text = reader.read_page(&page).unwrap();
    assert_eq!(text.lines.len(), LINES.len(), "{}", text.text());
    assert!(
        text.lines
            .iter()
            .flat_map(|line| &line.words)
            .all(|word| !word.agreed),
        "one engine alone agrees with nobody"
    );
    let all: Vec<usize> = (0..LINES.len()).collect();
    reader.read_again(&page, &mut text, &all).unwrap();
    if !reader.has_tesseract() {
        eprintln!("skipped in part: no Tesseract library on this machine");
        return;
    }
    let (mut words, mut agreed) = (0, 0);
    for ((line, drawn), place) in text.lines.iter().zip(LINES).zip(places) {
        assert!(line.read_twice);
        assert_eq!(
            line.text(),
            drawn,
            "the better readings make the drawn line"
        );
        let (left, base, right) = place;
        let area = line.outline;
        assert!(
            area.x.abs_diff(left) < 12 && area.right().abs_diff(right) < 12,
            "the line stands where it was drawn: {area:?} {place:?}"
        );
        assert!(area.y < base && area.bottom() > base, "{area:?} {place:?}");
        for (word, drawn) in line.words.iter().zip(drawn.split(' ')) {
            assert_eq!(word.text, drawn);
            assert!(!word.handwritten, "{drawn} is print");
            words += 1;
            agreed += usize::from(word.agreed);
            assert!(
                area.intersection(&word.outline).is_some(),
                "a word stands on its line"
            );
        }
    }
    assert!(agreed * 10 >= words * 9, "{agreed} of {words} words agreed");
}

#[test]
fn reading_a_line_twice_again_changes_nothing() {
    let Some(font) = font() else { return };
    let (page, _) = draw(&font, &LINES[..2]);
    let mut reader = Reader::open(&models()).unwrap();
    let mut text = reader.read_page(&page).unwrap();
    reader.read_again(&page, &mut text, &[0, 99]).unwrap();
    let once = text.clone();
    reader.read_again(&page, &mut text, &[0]).unwrap();
    assert_eq!(text, once);
    assert!(
        !text.lines[1].read_twice,
        "only the lines asked for are read"
    );
}

/// Lines read twice, of which Tesseract read every name and number differently.
fn left_open(reader: &mut Reader, page: &GrayImage) -> RecognisedText {
    let mut text = reader.read_page(page).unwrap();
    let all: Vec<usize> = (0..text.lines.len()).collect();
    reader.read_again(page, &mut text, &all).unwrap();
    for word in text.lines.iter_mut().flat_map(|line| &mut line.words) {
        if word
            .text
            .starts_with(|letter: char| letter.is_uppercase() || letter.is_numeric())
        {
            word.agreed = false;
            if let Some(reading) = word.readings.get_mut(1) {
                reading.text = "Xyz".into();
            }
        }
    }
    text
}

#[test]
fn the_third_engine_settles_what_two_leave_open() {
    let Some(font) = font() else { return };
    let (page, _) = draw(&font, &LINES);
    let mut reader = Reader::open(&models()).unwrap();
    if !reader.has_tesseract() {
        eprintln!("skipped: no Tesseract library on this machine");
        return;
    }
    let mut text = left_open(&mut reader, &page);
    let open = |line: &TextLine| line.words.iter().any(Word::is_left_open);
    assert!(text.lines.iter().all(open));
    let mut words: Vec<(usize, usize)> = vec![(99, 0), (0, 99)];
    for (index, line) in text.lines.iter().enumerate().take(5) {
        words.extend((0..line.words.len()).map(|word| (index, word)));
    }
    reader.settle(&page, &mut text, &words).unwrap();
    let (mut asked, mut agreed) = (0, 0);
    for (line, drawn) in text.lines.iter().zip(LINES).take(5) {
        assert!(!open(line), "{drawn}");
        assert_eq!(line.text(), drawn);
        let heard = |word: &&Word| word.reading(Engine::Aster).is_some();
        asked += line.words.iter().filter(heard).count();
        agreed += line
            .words
            .iter()
            .filter(heard)
            .filter(|word| word.agreed)
            .count();
    }
    assert!(
        asked > 20 && agreed * 10 >= asked * 8,
        "{agreed} of {asked}"
    );
    assert!(open(&text.lines[5]), "only the words asked for");
}

#[test]
fn without_the_third_engine_what_is_open_stays_open() {
    let Some(font) = font() else { return };
    let (page, _) = draw(&font, &LINES[..1]);
    let mut reader = Reader::open(&Models {
        aster: Some("/nowhere".into()),
        ..models()
    })
    .unwrap();
    let mut text = left_open(&mut reader, &page);
    let before = text.clone();
    reader.settle(&page, &mut text, &[(0, 0), (0, 1)]).unwrap();
    assert_eq!(text, before);
}

#[test]
fn a_turned_page_gives_the_turn_that_undoes_it() {
    let Some(font) = font() else { return };
    let (page, _) = draw(&font, &LINES);
    let mut reader = Reader::open(&models()).unwrap();
    let turned = [
        (page.clone(), QuarterTurn::None),
        (image::imageops::rotate270(&page), QuarterTurn::Right),
        (image::imageops::rotate180(&page), QuarterTurn::Half),
        (image::imageops::rotate90(&page), QuarterTurn::Left),
    ];
    for (page, turn) in turned {
        assert_eq!(reader.orientation(&page).unwrap(), Some(turn));
    }
}

#[test]
fn an_empty_page_has_no_turn_and_no_text() {
    let mut reader = Reader::open(&models()).unwrap();
    for page in [
        GrayImage::from_pixel(1654, 2339, Luma([252])),
        GrayImage::from_fn(1654, 2339, |x, y| {
            Luma([240 + ((x * 7 + y * 13) % 11) as u8])
        }),
        GrayImage::from_pixel(5, 5, Luma([0])),
        GrayImage::new(0, 0),
    ] {
        assert_eq!(reader.orientation(&page).unwrap(), None);
        assert_eq!(reader.read_page(&page).unwrap().text(), "");
    }
}

#[test]
fn without_the_library_pages_are_read_and_nothing_is_agreed() {
    let Some(font) = font() else { return };
    let (page, _) = draw(&font, &LINES);
    let mut reader = Reader::open_with_library(&models(), &["/nowhere/libtesseract.so.5"]).unwrap();
    assert!(!reader.has_tesseract());
    let mut text = reader.read_page(&page).unwrap();
    let before = text.clone();
    reader.read_again(&page, &mut text, &[0, 1]).unwrap();
    assert_eq!(text, before);
    assert_eq!(text.lines[0].text(), LINES[0]);
}

#[test]
fn a_missing_model_is_named() {
    let nowhere = Models {
        neural: "/nowhere".into(),
        tessdata: resources().join("tessdata"),
        aster: Some(resources().join("aster")),
    };
    let error = Reader::open(&nowhere).unwrap_err();
    assert!(matches!(error, Error::ResourceMissing { .. }), "{error}");
    let error = Reader::open(&Models {
        neural: resources().join("models"),
        tessdata: "/nowhere".into(),
        aster: Some(resources().join("aster")),
    });
    if let Err(error) = error {
        assert!(matches!(error, Error::ResourceMissing { .. }), "{error}");
    } else {
        eprintln!("skipped in part: no Tesseract library on this machine");
    }
}
