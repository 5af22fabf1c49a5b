//! An extract of the civil status register (trích lục hộ tịch): of a death, of a
//! correction or of a marriage.
// Circular 04/2020/TT-BTP, annex: forms of the extracts.

use chrono::{Datelike, Days, NaiveDate};

use super::Paper;
use super::manner::Manner;
use super::people::{Family, Person, in_a_sentence, in_digits};
use super::printed_form::{PrintedForm, day_pieces, entry, number_pieces};
use super::sheet::{Face, Faces, Style};

pub(super) fn draw(faces: &Faces, seed: u64, dpi: u32, manner: Manner) -> Paper {
    let family = Family::new(seed);
    let mut form = PrintedForm::new(faces, "civil status extract", seed, dpi, manner);
    let death = form.chance.between(0, 1) == 0;
    let person = if death {
        &family.father
    } else {
        &family.mother
    };
    let event_on = family.registered_on + Days::new(u64::from(form.chance.between(30, 200)));
    let issued_on = event_on + Days::new(u64::from(form.chance.between(1, 40)));
    let figures = form.chance.between(2, 310).to_string();
    let symbol = format!(
        "/{}-{}",
        issued_on.year(),
        if death { "TLKT" } else { "TLCCHT" }
    );
    let plain = Style::new(Face::Regular, 12.5);
    let number = number_pieces(manner.filling, "Số:", &figures, &symbol, plain);
    form.office_head(
        ["ỦY BAN NHÂN DÂN", &family.commune.to_uppercase()],
        &number,
        true,
    );
    form.facts
        .filled(manner.filling, "number", format!("{figures}{symbol}"));
    form.facts.know(
        "issuer",
        format!("ỦY BAN NHÂN DÂN {}", family.commune.to_uppercase()),
    );
    let italic = Style::new(Face::Italic, 12.5);
    let before = format!("{}, ngày", family.commune_name);
    form.sheet.pieces_centred(
        &day_pieces(manner.filling, &before, issued_on, italic),
        142.0,
        38.6,
    );
    form.facts
        .filled(manner.filling, "issued_on", issued_on.to_string());

    form.y = 57.0;
    let title = if death {
        "TRÍCH LỤC KHAI TỬ"
    } else {
        "TRÍCH LỤC CẢI CHÍNH HỘ TỊCH"
    };
    form.centred(title, Style::new(Face::Bold, 16.0), 6.6);
    form.facts.know("title", title);
    form.facts
        .know("event", if death { "death" } else { "correction" });
    if manner.spelling.is_multiple_of(2) {
        form.centred("(BẢN SAO)", Style::new(Face::Bold, 12.0), 6.0);
    }
    form.y += 6.0;
    who(&mut form, &family, person);
    if death {
        deceased(&mut form, &family, event_on);
    } else {
        corrected(&mut form, person, event_on);
    }
    form.y += 8.0;
    let (above, below) = family.seal_words();
    form.signing(
        146.0,
        &["NGƯỜI KÝ TRÍCH LỤC", "CHỦ TỊCH"],
        &family.chair,
        (&above, &below),
    );
    form.finish("civil_status_extract")
}

fn who(form: &mut PrintedForm<'_>, family: &Family, person: &Person) {
    form.value = Style::new(Face::Bold, 13.0);
    let label = form
        .manner
        .spelt(&["Họ, chữ đệm, tên:", "Họ, chữ đệm, tên:", "Họ và tên:"]);
    form.row(&[entry(label, person.name.to_uppercase()).named("owner_name")]);
    form.row(&[entry("Ngày, tháng, năm sinh:", in_digits(person.born_on))
        .on_day("owner_birth_date", person.born_on)]);
    form.tabs(&[
        (form.left, entry("Giới tính:", person.sex()).named("sex")),
        (80.0, entry("Dân tộc:", "Kinh").named("ethnicity")),
        (128.0, entry("Quốc tịch:", "Việt Nam").named("nationality")),
    ]);
    form.row(&[entry("Số định danh cá nhân:", &person.id).named("owner_id")]);
    let residence = form
        .manner
        .spelt(&["Nơi cư trú:", "Nơi cư trú cuối cùng:", "Nơi cư trú:"]);
    form.row(&[entry(residence, family.address()).named("residence")]);
}

fn deceased(form: &mut PrintedForm<'_>, family: &Family, died_on: NaiveDate) {
    let hour = format!(
        "{:02} giờ {:02} phút, {}",
        form.chance.between(0, 23),
        form.chance.between(0, 59),
        in_a_sentence(died_on)
    );
    form.row(&[entry("Đã chết vào lúc:", hour).on_day("event_on", died_on)]);
    let place = format!(
        "Bệnh viện Đa khoa {}",
        family.province.trim_start_matches("tỉnh ")
    );
    form.row(&[entry("Nơi chết:", place).named("event_place")]);
    let cause = *form.chance.one_of(&[
        "Tuổi cao, sức yếu",
        "Bệnh lý tim mạch",
        "Tai nạn giao thông",
    ]);
    form.row(&[entry("Nguyên nhân chết:", cause)]);
    let registered = format!("Ủy ban nhân dân {}, {}", family.commune, family.province);
    form.row(&[entry("Nơi đăng ký khai tử:", registered).named("registered_at")]);
}

fn corrected(form: &mut PrintedForm<'_>, person: &Person, corrected_on: NaiveDate) {
    form.text("Đã được cải chính thông tin hộ tịch trong Sổ đăng ký khai sinh.");
    let wrong = person.born_on + Days::new(u64::from(form.chance.between(2, 25)));
    let change = format!(
        "Ngày sinh từ {} thành {}",
        in_digits(wrong),
        in_digits(person.born_on)
    );
    form.row(&[entry("Nội dung cải chính:", &change).named("change")]);
    form.row(&[entry(
        "Ngày, tháng, năm đăng ký cải chính:",
        in_digits(corrected_on),
    )
    .on_day("event_on", corrected_on)]);
}
