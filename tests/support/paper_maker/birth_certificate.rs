//! A birth certificate (giấy khai sinh).

use chrono::Datelike;

use super::Paper;
use super::chance::Chance;
use super::manner::Manner;
use super::marks::SealText;
use super::paragraph::{Column, Fit, Run, run};
use super::people::{Family, Person, in_a_sentence, in_digits, in_words};
use super::printed_form::{Facts, Piece, number_pieces};
use super::sheet::{Anchor, Face, Faces, HEIGHT_MM, Sheet, Style, WIDTH_MM};

const LEFT: f32 = 26.0;
const RIGHT: f32 = 184.0;
const LEADING: f32 = 7.2;
const LABEL: Style = Style::new(Face::Regular, 13.0);
const VALUE: Style = Style::new(Face::Bold, 13.0);
const TITLE_INK: [u8; 3] = [188, 22, 30];
const ETHNICITY: &str = "Kinh";
const NATIONALITY: &str = "Việt Nam";

pub(super) fn draw(faces: &Faces, seed: u64, dpi: u32, manner: Manner) -> Paper {
    let family = Family::new(seed);
    let mut chance = Chance::new(seed, "birth certificate");
    let figures = chance.between(11, 390).to_string();
    let year = format!("/{}", family.registered_on.year());
    let issuer = format!("Ủy ban nhân dân {}, {}", family.commune, family.province);
    let deputy = chance.between(0, 1) == 1;
    let signer = if deputy {
        &family.deputy
    } else {
        &family.chair
    };

    let mut sheet = Sheet::new(faces, dpi);
    sheet.certificate_ground();
    let plain = Style::new(Face::Regular, 13.0);
    let number = number_pieces(manner.filling, "Số:", &figures, &year, plain);
    head(&mut sheet, &number);
    let y = rows(&mut sheet, &family, &issuer);
    foot(&mut sheet, &mut chance, &family, signer, deputy, y);

    if manner.stamped {
        sheet.certified_copy(&mut chance);
    }
    let mut facts = Facts::default();
    facts.filled(manner.filling, "number", format!("{figures}{year}"));
    facts.know("issued_on", family.registered_on.to_string());
    facts.know("issuer", issuer);
    facts.know("title", "GIẤY KHAI SINH");
    facts.know("signer", signer);
    facts.know("owner_id", &family.child.id);
    facts.know("owner_name", family.child.name.to_uppercase());
    facts.know("owner_birth_date", family.child.born_on.to_string());
    facts.know("sex", family.child.sex());
    facts.know("mother_name", family.mother.name.to_uppercase());
    facts.know("father_name", family.father.name.to_uppercase());
    Paper::new("birth_certificate", facts, vec![sheet.finish()], dpi, seed)
}

fn head(sheet: &mut Sheet<'_>, number: &[Piece]) {
    let middle = WIDTH_MM / 2.0;
    let bold = Style::new(Face::Bold, 13.0);
    sheet.line(
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        bold,
        Anchor::Centre,
        middle,
        27.5,
    );
    let width = sheet.line(
        "Độc lập - Tự do - Hạnh phúc",
        bold,
        Anchor::Centre,
        middle,
        33.5,
    );
    sheet.rule(
        middle - width / 2.0,
        middle + width / 2.0,
        35.2,
        0.22,
        super::sheet::BLACK,
    );
    sheet.emblem(middle, 48.0, 9.0);
    let title = Style::new(Face::Bold, 25.0).in_ink(TITLE_INK);
    sheet.line("GIẤY KHAI SINH", title, Anchor::Centre, middle, 69.0);
    sheet.pieces_centred(number, middle, 77.0);
}

/// A label and its value, as often as the row has them.
fn row(sheet: &mut Sheet<'_>, pairs: &[(&str, &str)], y: f32) -> f32 {
    let runs: Vec<Run<'_>> = pairs
        .iter()
        .enumerate()
        .flat_map(|(index, (label, value))| {
            let gap = if index == 0 { "" } else { "   " };
            [
                run(gap, LABEL),
                run(label, LABEL),
                run(" ", LABEL),
                run(value, VALUE),
            ]
        })
        .collect();
    let column = Column {
        left: LEFT,
        right: RIGHT,
        indent: 0.0,
        leading: LEADING - 1.2,
        fit: Fit::Left,
    };
    sheet.paragraph(&runs, column, y) + 1.2
}

/// Several short pairs in one line, each at its own tab stop.
fn tabbed(sheet: &mut Sheet<'_>, pairs: &[(f32, &str, &str)], y: f32) -> f32 {
    let mut said = Vec::new();
    for (x, label, value) in pairs {
        let label = format!("{label} ");
        let width = sheet.set(&label, LABEL, Anchor::Left, *x, y);
        sheet.set(value, VALUE, Anchor::Left, x + width, y);
        said.push(format!("{label}{value}"));
    }
    sheet.record(&said.join(" "));
    y + LEADING
}

fn rows(sheet: &mut Sheet<'_>, family: &Family, issuer: &str) -> f32 {
    let child = &family.child;
    let name = child.name.to_uppercase();
    let mut y = row(sheet, &[("Họ, chữ đệm, tên:", &name)], 88.0);
    y = row(
        sheet,
        &[("Ngày, tháng, năm sinh:", &in_digits(child.born_on))],
        y,
    );
    y = row(sheet, &[("Ghi bằng chữ:", &in_words(child.born_on))], y);
    y = tabbed(
        sheet,
        &[
            (LEFT, "Giới tính:", child.sex()),
            (80.0, "Dân tộc:", ETHNICITY),
            (128.0, "Quốc tịch:", NATIONALITY),
        ],
        y,
    );
    let born_at = format!("Trạm Y tế {}, {}", family.commune, family.province);
    y = row(sheet, &[("Nơi sinh:", &born_at)], y);
    let home = format!("{}, {}", family.commune, family.province);
    y = row(sheet, &[("Quê quán:", &capitalised(&home))], y);
    y = row(sheet, &[("Số định danh cá nhân:", &child.id)], y) + 2.0;
    y = parent(
        sheet,
        "Họ, chữ đệm, tên người mẹ:",
        &family.mother,
        family,
        y,
    ) + 2.0;
    y = parent(
        sheet,
        "Họ, chữ đệm, tên người cha:",
        &family.father,
        family,
        y,
    ) + 2.0;
    let declarant = &family.father;
    y = row(
        sheet,
        &[(
            "Họ, chữ đệm, tên người đi khai sinh:",
            &declarant.name.to_uppercase(),
        )],
        y,
    );
    let paper = format!("Thẻ căn cước số {}", declarant.id);
    y = row(sheet, &[("Giấy tờ tùy thân:", &paper)], y) + 2.0;
    y = row(sheet, &[("Nơi đăng ký khai sinh:", issuer)], y);
    let registered_on = in_digits(family.registered_on);
    row(sheet, &[("Ngày, tháng, năm đăng ký:", &registered_on)], y)
}

fn parent(sheet: &mut Sheet<'_>, label: &str, person: &Person, family: &Family, y: f32) -> f32 {
    let mut y = row(sheet, &[(label, &person.name.to_uppercase())], y);
    let year = person.born_on.year().to_string();
    y = tabbed(
        sheet,
        &[
            (LEFT, "Năm sinh:", &year),
            (80.0, "Dân tộc:", ETHNICITY),
            (128.0, "Quốc tịch:", NATIONALITY),
        ],
        y,
    );
    row(sheet, &[("Nơi cư trú:", &family.address())], y)
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

fn foot(
    sheet: &mut Sheet<'_>,
    chance: &mut Chance,
    family: &Family,
    signer: &str,
    deputy: bool,
    y: f32,
) {
    let at = 140.0;
    let y = (y + 1.0).min(HEIGHT_MM - 66.0);
    let italic = Style::new(Face::Italic, 13.0);
    let place = format!(
        "{}, {}",
        family.commune_name,
        in_a_sentence(family.registered_on)
    );
    sheet.line(&place, italic, Anchor::Centre, at, y);
    let bold = Style::new(Face::Bold, 13.0);
    let titles: &[&str] = if deputy {
        &["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    } else {
        &["NGƯỜI KÝ GIẤY KHAI SINH", "CHỦ TỊCH"]
    };
    for (index, title) in titles.iter().enumerate() {
        sheet.line(
            title,
            bold,
            Anchor::Centre,
            at,
            y + 6.0 + 5.6 * index as f32,
        );
    }
    let pen = at - 21.0 + chance.within(-2.0, 3.0);
    sheet.line(signer, bold, Anchor::Centre, at, y + 47.0);
    sheet.signature(chance, pen, y + 28.5, 44.0);
    let (above, below) = family.seal_words();
    let text = SealText {
        above: &above,
        below: &below,
    };
    let middle = y + 28.0 + chance.within(-1.0, 1.5);
    sheet.seal(chance, text, pen - 1.0, middle);
}
