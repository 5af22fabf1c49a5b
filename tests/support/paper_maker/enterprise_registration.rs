//! An enterprise registration certificate (giấy chứng nhận đăng ký doanh nghiệp).
// Circular 68/2025/TT-BTC, annex: forms of the business registry.

use chrono::{Days, NaiveDate};

use super::Paper;
use super::business::{enterprise_code, trade, with_dots};
use super::manner::Manner;
use super::people::{Family, Person, in_a_sentence, in_digits};
use super::printed_form::{PrintedForm, entry};
use super::sheet::{Face, Faces, Style};

pub(super) fn draw(faces: &Faces, seed: u64, dpi: u32, manner: Manner) -> Paper {
    let family = Family::new(seed);
    let mut form = PrintedForm::new(faces, "enterprise registration", seed, dpi, manner);
    let province = family.province.to_uppercase();
    let office = format!("SỞ TÀI CHÍNH {province}");
    form.office_head([&office, "PHÒNG ĐĂNG KÝ KINH DOANH"], &[], false);
    form.facts
        .know("issuer", format!("{office} PHÒNG ĐĂNG KÝ KINH DOANH"));

    form.y = 50.0;
    let big = Style::new(Face::Bold, 14.5);
    form.centred("GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP", big, 6.4);
    form.facts
        .know("title", "GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP");
    let one = form.chance.between(0, 1) == 0;
    let kind = if one {
        "CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN"
    } else {
        "CÔNG TY CỔ PHẦN"
    };
    form.centred(kind, big, 7.6);
    let code = enterprise_code(&mut form.chance);
    let bold = Style::new(Face::Bold, 13.0);
    form.centred(&format!("Mã số doanh nghiệp: {code}"), bold, 6.4);
    form.facts.know("number", &code);
    form.facts.know("owner_id", &code);
    days(&mut form, family.registered_on);
    form.y += 4.0;
    firm(&mut form, &family, one);
    person(&mut form, &family);
    form.y += 5.0;
    let (above, below) = family.seal_words();
    form.signing(146.0, &["TRƯỞNG PHÒNG"], &family.deputy, (&above, &below));
    form.finish("enterprise_registration")
}

fn days(form: &mut PrintedForm<'_>, about: NaiveDate) {
    let first_on = about - Days::new(u64::from(form.chance.between(400, 3_000)));
    let italic = Style::new(Face::Italic, 12.5);
    form.centred(
        &format!("Đăng ký lần đầu, {}", in_a_sentence(first_on)),
        italic,
        6.0,
    );
    form.facts.know("first_registered_on", first_on.to_string());
    let changes = form.chance.between(0, 4);
    if changes == 0 {
        form.facts.know("issued_on", first_on.to_string());
        return;
    }
    let line = format!(
        "Đăng ký thay đổi lần thứ {changes}, {}",
        in_a_sentence(about)
    );
    form.centred(&line, italic, 6.0);
    form.facts.know("issued_on", about.to_string());
    form.facts.know("change_number", changes.to_string());
}

fn firm(form: &mut PrintedForm<'_>, family: &Family, one: bool) {
    form.label = Style::new(Face::Regular, 12.5);
    form.value = Style::new(Face::Regular, 12.5);
    form.leading = 6.3;
    let trade = trade(&mut form.chance);
    let head = if one {
        "CÔNG TY TNHH MTV"
    } else {
        "CÔNG TY CỔ PHẦN"
    };
    let name = format!("{head} {trade}");
    form.text("1. Tên công ty");
    let label = form.manner.spelt(&[
        "Tên công ty viết bằng tiếng Việt:",
        "Tên doanh nghiệp viết bằng tiếng Việt:",
    ]);
    form.row(&[entry(label, &name)
        .named("enterprise_name")
        .says("owner_name", &name)]);
    form.row(&[entry("Tên công ty viết bằng tiếng nước ngoài:", "")]);
    form.row(&[entry("Tên công ty viết tắt:", "")]);
    form.text("2. Địa chỉ trụ sở chính");
    let address = capitalised(&family.address());
    form.row(&[entry("", format!("{address}, Việt Nam")).named("head_office")]);
    form.row(&[
        entry("Điện thoại:", "0990 000 000"),
        entry("Email:", "lienhe@vidu.vn"),
    ]);
    let capital = u64::from(form.chance.between(2, 90)) * 100_000_000;
    let dotted = format!("{} đồng", with_dots(capital));
    form.row(&[entry("3. Vốn điều lệ:", dotted).says("capital", capital.to_string())]);
}

fn person(form: &mut PrintedForm<'_>, family: &Family) {
    let head: &Person = &family.father;
    form.text("4. Người đại diện theo pháp luật của công ty");
    let name = head.name.to_uppercase();
    form.row(&[
        entry("* Họ và tên:", &name).named("representative"),
        entry("Giới tính:", head.sex()),
    ]);
    form.row(&[entry("Chức danh:", "Giám đốc")]);
    form.row(&[
        entry("Sinh ngày:", in_digits(head.born_on)),
        entry("Dân tộc:", "Kinh"),
        entry("Quốc tịch:", "Việt Nam"),
    ]);
    form.row(&[entry(
        "Loại giấy tờ pháp lý của cá nhân:",
        "Căn cước công dân",
    )]);
    form.row(&[entry("Số giấy tờ pháp lý của cá nhân:", &head.id).named("representative_id")]);
    form.row(&[entry("Địa chỉ thường trú:", capitalised(&family.address()))]);
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
