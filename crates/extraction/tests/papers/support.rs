//! Lays out recognised text as a printed page has it, and breaks it on purpose.

use std::sync::LazyLock;

use domain::barcode::{Barcode, BarcodeFormat};
use domain::document::RecognisedType;
use domain::dossier::Owner;
use domain::engine::Engine;
use domain::field::{FieldCandidate, Grade};
use domain::geometry::{Rectangle, Size};
use domain::quality::Verdict;
use domain::recognised_text::{Reading, RecognisedText, TextLine, Word};
use extraction::{Catalogue, Context, Form, PageText, extract};

pub(crate) const WIDTH: u32 = 1654;
const HEIGHT: u32 = 2339;
const LETTER_PX: u32 = 13;
pub(crate) const LINE_PX: u32 = 30;

/// A page as if both engines had read it alike and surely.
#[derive(Clone)]
pub(crate) struct Page {
    text: RecognisedText,
    barcodes: Vec<Barcode>,
    verdict: Verdict,
}

impl Page {
    pub(crate) fn new() -> Self {
        Self {
            text: RecognisedText::default(),
            barcodes: Vec::new(),
            verdict: Verdict::Good,
        }
    }

    /// A line whose left edge is at `x`; runs of spaces leave room.
    pub(crate) fn line(mut self, x: u32, y: u32, text: &str) -> Self {
        let mut words: Vec<Word> = Vec::new();
        let mut at = x;
        for part in text.split(' ') {
            let width = part.chars().count() as u32 * LETTER_PX;
            if !part.is_empty() {
                words.push(word(part, Rectangle::new(at, y, width, LINE_PX)));
            }
            at += width + LETTER_PX;
        }
        let outline = Rectangle::union_all(words.iter().map(|word| &word.outline));
        if let Some(outline) = outline {
            self.text.lines.push(TextLine {
                outline,
                words,
                read_twice: true,
            });
        }
        self
    }

    /// A line whose middle is at `x`.
    pub(crate) fn centred(self, x: u32, y: u32, text: &str) -> Self {
        let width = text.chars().count() as u32 * LETTER_PX;
        self.line(x - (width / 2).min(x), y, text)
    }

    /// Changes every word that reads so.
    pub(crate) fn change(mut self, text: &str, change: impl Fn(&mut Word)) -> Self {
        let mut hits = 0;
        for line in &mut self.text.lines {
            for word in line.words.iter_mut().filter(|word| word.text == text) {
                change(word);
                hits += 1;
            }
        }
        assert!(hits > 0, "the page has no word {text:?} to change");
        self
    }

    pub(crate) fn handwritten(self, text: &str) -> Self {
        self.change(text, |word| word.handwritten = true)
    }

    /// Tesseract read something else.
    pub(crate) fn disagree(self, text: &str, tesseract: &str) -> Self {
        self.change(text, |word| {
            word.agreed = false;
            tesseract.clone_into(&mut word.readings[1].text);
        })
    }

    /// Tesseract read something else, and the third engine the same as the neural one.
    pub(crate) fn settled(self, text: &str, tesseract: &str) -> Self {
        self.disagree(text, tesseract)
            .change(text, |word| word.agreed = true)
            .heard_by_the_third(text)
    }

    /// The third engine reads the same as the neural one.
    pub(crate) fn heard_by_the_third(self, text: &str) -> Self {
        self.change(text, |word| {
            word.readings.push(Reading {
                engine: Engine::Aster,
                text: text.to_owned(),
                confidence: 0.99,
            });
        })
    }

    /// Only the neural engine read it.
    pub(crate) fn once(self, text: &str) -> Self {
        self.change(text, |word| {
            word.agreed = false;
            word.readings.truncate(1);
        })
    }

    pub(crate) fn unsure(self, text: &str) -> Self {
        self.change(text, |word| word.readings[1].confidence = 0.6)
    }

    pub(crate) fn qr(mut self, text: &str) -> Self {
        self.barcodes.push(Barcode {
            format: BarcodeFormat::Qr,
            text: text.to_owned(),
            outline: Rectangle::new(1400, 100, 150, 150),
        });
        self
    }

    pub(crate) fn bad(mut self) -> Self {
        self.verdict = Verdict::Bad;
        self
    }

    /// Without the second engine: what there is before lines are read again.
    pub(crate) fn read_by_one_engine(mut self) -> Self {
        for line in &mut self.text.lines {
            line.read_twice = false;
            for word in &mut line.words {
                word.agreed = false;
                word.readings.truncate(1);
            }
        }
        self
    }

    pub(crate) fn text(&self) -> &RecognisedText {
        &self.text
    }

    pub(crate) fn as_text(&self) -> PageText<'_> {
        PageText {
            text: &self.text,
            size: Size {
                width_px: WIDTH,
                height_px: HEIGHT,
            },
            barcodes: &self.barcodes,
            verdict: self.verdict,
        }
    }
}

fn word(text: &str, outline: Rectangle) -> Word {
    let reading = |engine| Reading {
        engine,
        text: text.to_owned(),
        confidence: 0.99,
    };
    Word {
        text: text.to_owned(),
        outline,
        readings: vec![reading(Engine::Neural), reading(Engine::Tesseract)],
        agreed: true,
        handwritten: false,
    }
}

/// The catalogue of the program, made once.
pub(crate) fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::builtin);
    &CATALOGUE
}

pub(crate) fn form<'c>(catalogue: &'c Catalogue, name: &str) -> &'c Form {
    catalogue.form(&name.parse().unwrap()).unwrap()
}

pub(crate) fn kind(name: &str, grade: Grade) -> RecognisedType {
    RecognisedType {
        document_type: name.parse().unwrap(),
        grade,
    }
}

/// Extracts with a type that an officer chose.
pub(crate) fn fields(name: &str, pages: &[Page]) -> Vec<FieldCandidate> {
    fields_of(name, pages, None)
}

pub(crate) fn fields_of(name: &str, pages: &[Page], owner: Option<&Owner>) -> Vec<FieldCandidate> {
    let catalogue = catalogue();
    let texts: Vec<PageText<'_>> = pages.iter().map(Page::as_text).collect();
    extract(
        form(catalogue, name),
        &kind(name, Grade::Certain),
        &texts,
        &Context { owner },
    )
}

pub(crate) fn field(candidates: &[FieldCandidate], name: &str) -> FieldCandidate {
    candidates
        .iter()
        .find(|candidate| candidate.name.as_str() == name)
        .unwrap()
        .clone()
}

/// One field as `value · grade · doubts`.
pub(crate) fn shown(candidate: &FieldCandidate) -> String {
    let doubts: Vec<&str> = candidate.doubts.iter().map(|doubt| doubt.name()).collect();
    let mut line = format!(
        "{} = {:?} {} {}",
        candidate.name,
        candidate.value,
        candidate.grade.name(),
        candidate.source.name()
    );
    if !doubts.is_empty() {
        line.push_str(" because ");
        line.push_str(&doubts.join(", "));
    }
    line
}

pub(crate) fn show(candidates: &[FieldCandidate]) -> String {
    let lines: Vec<String> = candidates.iter().map(shown).collect();
    lines.join("\n")
}

pub(crate) fn of(name: &str, page: Page, field_name: &str) -> String {
    shown(&field(&fields(name, &[page]), field_name))
}

const LEFT: u32 = 470;
const RIGHT: u32 = 1130;

/// A decision of an invented commune, all of it printed.
pub(crate) fn decision() -> Page {
    decision_with("Số: 15/QĐ-UBND", "Thanh Sơn, ngày 05 tháng 01 năm 2026")
}

pub(crate) fn decision_with(number: &str, day: &str) -> Page {
    Page::new()
        .centred(LEFT, 180, "ỦY BAN NHÂN DÂN")
        .centred(RIGHT, 180, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        .centred(LEFT, 222, "XÃ THANH SƠN")
        .centred(RIGHT, 222, "Độc lập - Tự do - Hạnh phúc")
        .line(330, 290, number)
        .centred(RIGHT, 292, day)
        .centred(827, 410, "QUYẾT ĐỊNH")
        .centred(827, 452, "Về việc phê duyệt danh sách hộ gia đình")
        .centred(827, 494, "được hỗ trợ sửa chữa nhà ở năm 2026")
        .centred(827, 600, "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ THANH SƠN")
        .line(
            250,
            680,
            "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
        )
        .line(
            250,
            722,
            "Theo đề nghị của Trưởng phòng Kinh tế tại Tờ trình số 7/TTr-KT ngày 02",
        )
        .line(200, 764, "tháng 01 năm 2026.")
        .centred(827, 850, "QUYẾT ĐỊNH:")
        .line(
            250,
            930,
            "Điều 1. Phê duyệt danh sách 12 hộ gia đình kèm theo Quyết định này.",
        )
        .line(200, 1500, "Nơi nhận:")
        .centred(1240, 1500, "KT. CHỦ TỊCH")
        .line(200, 1540, "- Như Điều 3;")
        .centred(1240, 1540, "PHÓ CHỦ TỊCH")
        .line(200, 1580, "- Lưu: VT.")
        .centred(1240, 1800, "Lê Thị Hải Nam")
}

/// A birth certificate of an invented child.
pub(crate) fn birth_certificate() -> Page {
    Page::new()
        .centred(827, 150, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        .centred(827, 192, "Độc lập - Tự do - Hạnh phúc")
        .centred(827, 300, "GIẤY KHAI SINH")
        .centred(827, 350, "Số: 12/2026")
        .line(200, 450, "Họ, chữ đệm, tên: NGUYỄN HẢI NAM")
        .line(
            200,
            500,
            "Ngày, tháng, năm sinh: 05/01/2026 ghi bằng chữ: Ngày mùng năm tháng một năm",
        )
        .line(200, 540, "hai nghìn không trăm hai mươi sáu")
        .line(
            200,
            590,
            "Giới tính: Nam      Dân tộc: Kinh      Quốc tịch: Việt Nam",
        )
        .line(200, 640, "Nơi sinh: Trạm Y tế xã Thanh Sơn, tỉnh Phú Thọ")
        .line(200, 690, "Quê quán: Xã Thanh Sơn, tỉnh Phú Thọ")
        .line(200, 740, "Số định danh cá nhân: 025226000123")
        .line(200, 840, "Họ, chữ đệm, tên người mẹ: TRẦN THỊ MAI")
        .line(
            200,
            890,
            "Năm sinh: 1998      Dân tộc: Kinh      Quốc tịch: Việt Nam",
        )
        .line(200, 940, "Nơi cư trú: Xã Thanh Sơn, tỉnh Phú Thọ")
        .line(200, 1040, "Họ, chữ đệm, tên người cha: NGUYỄN VĂN BÌNH")
        .line(
            200,
            1090,
            "Năm sinh: 1996      Dân tộc: Kinh      Quốc tịch: Việt Nam",
        )
        .line(
            200,
            1190,
            "Họ, chữ đệm, tên người đi khai sinh: NGUYỄN VĂN BÌNH",
        )
        .line(
            200,
            1240,
            "Giấy tờ tùy thân: Căn cước công dân số 025096001234",
        )
        .line(
            200,
            1340,
            "Nơi đăng ký khai sinh: Ủy ban nhân dân xã Thanh Sơn,",
        )
        .line(200, 1380, "tỉnh Phú Thọ")
        .line(200, 1430, "Ngày, tháng, năm đăng ký: 15/01/2026")
        .centred(1150, 1560, "NGƯỜI KÝ GIẤY KHAI SINH")
        .centred(1150, 1610, "CHỦ TỊCH")
        .centred(1150, 1850, "Phạm Đức Long")
}
