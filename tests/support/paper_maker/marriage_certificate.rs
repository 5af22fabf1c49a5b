//! A marriage certificate (giấy chứng nhận kết hôn): wife and husband side by side.
// Circular 04/2020/TT-BTP, annex: form of the marriage certificate.

use chrono::{Datelike, Days};

use super::Paper;
use super::manner::Manner;
use super::people::{Family, Person, in_a_sentence, in_digits};
use super::printed_form::{Entry, PrintedForm, entry, number_pieces};
use super::sheet::{Anchor, Face, Faces, Style, WIDTH_MM};

/// Field names of one side: name, day of birth, ethnicity, nationality, residence, number.
type Side = [&'static str; 6];
const WIFE: Side = [
    "wife_name",
    "wife_birth_date",
    "wife_ethnicity",
    "wife_nationality",
    "wife_residence",
    "wife_id",
];
const HUSBAND: Side = [
    "husband_name",
    "husband_birth_date",
    "husband_ethnicity",
    "husband_nationality",
    "husband_residence",
    "husband_id",
];

pub(super) fn draw(faces: &Faces, seed: u64, dpi: u32, manner: Manner) -> Paper {
    let family = Family::new(seed);
    let mut form = PrintedForm::new(faces, "marriage certificate", seed, dpi, manner);
    let married_on = family.registered_on - Days::new(u64::from(form.chance.between(300, 1_400)));
    let figures = form.chance.between(4, 260).to_string();
    let year = if manner.spelling == 3 {
        String::new()
    } else {
        format!("/{}", married_on.year())
    };

    form.sheet.certificate_ground();
    let middle = WIDTH_MM / 2.0;
    form.sheet.motto(middle, 27.5, 13.0);
    form.sheet.emblem(middle, 47.0, 8.5);
    let title = Style::new(Face::Bold, 22.0).in_ink([188, 22, 30]);
    form.sheet.line(
        "GIẤY CHỨNG NHẬN KẾT HÔN",
        title,
        Anchor::Centre,
        middle,
        66.0,
    );
    let plain = Style::new(Face::Regular, 13.0);
    let number = number_pieces(manner.filling, "Số:", &figures, &year, plain);
    form.sheet.pieces_centred(&number, middle, 74.0);
    form.facts
        .filled(manner.filling, "number", format!("{figures}{year}"));
    form.facts.know("title", "GIẤY CHỨNG NHẬN KẾT HÔN");

    (form.left, form.right, form.y) = (24.0, 187.0, 86.0);
    form.value = Style::new(Face::Bold, 12.5);
    form.label = Style::new(Face::Regular, 12.5);
    let names = manner.spelt(&["Họ, chữ đệm, tên", "Họ, chữ đệm, tên", "Họ và tên"]);
    let labels = (format!("{names} vợ:"), format!("{names} chồng:"));
    let wife = side(&labels.0, &family.mother, WIFE, &family, manner);
    let husband = side(&labels.1, &family.father, HUSBAND, &family, manner);
    for (wife, husband) in wife.iter().zip(&husband) {
        form.two_cells(
            std::slice::from_ref(wife),
            std::slice::from_ref(husband),
            7.0,
        );
        form.y += 1.2;
    }
    let issuer = format!("Ủy ban nhân dân {}, {}", family.commune, family.province);
    form.y += 2.0;
    form.row(&[entry("Nơi đăng ký kết hôn:", &issuer).named("issuer")]);
    let day = manner.spelt(&[
        "Ngày, tháng, năm đăng ký:",
        "Ngày, tháng, năm đăng ký:",
        "Ngày đăng ký:",
    ]);
    form.row(&[entry(day, in_digits(married_on)).on_day("issued_on", married_on)]);
    foot(&mut form, &family, &in_a_sentence(married_on));
    form.finish("marriage_certificate")
}

fn side<'t>(
    label: &'t str,
    person: &Person,
    names: Side,
    family: &Family,
    manner: Manner,
) -> Vec<Entry<'t>> {
    let [name, born, ethnicity, nationality, residence, id] = names;
    let paper = manner.spelt(&["Căn cước công dân số", "Thẻ căn cước số", "Căn cước số"]);
    vec![
        entry(label, person.name.to_uppercase()).named(name),
        entry("Ngày, tháng, năm sinh:", in_digits(person.born_on)).on_day(born, person.born_on),
        entry("Dân tộc:", "Kinh").named(ethnicity),
        entry("Quốc tịch:", "Việt Nam").named(nationality),
        entry("Nơi cư trú:", family.address()).named(residence),
        entry("Giấy tờ tùy thân:", format!("{paper} {}", person.id)).says(id, &person.id),
    ]
}

fn foot(form: &mut PrintedForm<'_>, family: &Family, day: &str) {
    let italic = Style::new(Face::Italic, 12.5);
    let place = format!("{}, {day}", family.commune_name);
    form.y += 4.0;
    form.sheet
        .line(&place, italic, Anchor::Centre, 150.0, form.y);
    form.y += 6.0;
    let bold = Style::new(Face::Bold, 12.5);
    let small = Style::new(Face::Italic, 11.0);
    for (at, who) in [(45.0, "VỢ"), (88.0, "CHỒNG")] {
        form.sheet.line(who, bold, Anchor::Centre, at, form.y);
        form.sheet.line(
            "(Ký, ghi rõ họ tên)",
            small,
            Anchor::Centre,
            at,
            form.y + 5.4,
        );
        form.sheet
            .signature(&mut form.chance, at - 14.0, form.y + 17.0, 28.0);
    }
    let (above, below) = family.seal_words();
    form.signing(
        150.0,
        &["NGƯỜI KÝ GIẤY CHỨNG NHẬN", "CHỦ TỊCH"],
        &family.chair,
        (&above, &below),
    );
}
