//! A household business registration certificate (giấy chứng nhận đăng ký hộ kinh doanh).
// Circular 68/2025/TT-BTC, annex: forms of the business registry.

use chrono::Days;

use super::Paper;
use super::business::{enterprise_code, with_dots};
use super::manner::Manner;
use super::people::{Family, in_a_sentence, in_digits};
use super::printed_form::{PrintedForm, entry};
use super::sheet::{Face, Faces, Style};

pub(super) fn draw(faces: &Faces, seed: u64, dpi: u32, manner: Manner) -> Paper {
    let family = Family::new(seed);
    let mut form = PrintedForm::new(faces, "household business", seed, dpi, manner);
    let commune = family.commune.to_uppercase();
    let agency = format!("UBND {commune}");
    form.office_head([&agency, "PHÒNG KINH TẾ"], &[], false);
    form.facts.know("issuer", format!("{agency} PHÒNG KINH TẾ"));
    form.y = 52.0;
    let title = "GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH";
    form.centred(title, Style::new(Face::Bold, 14.5), 7.4);
    form.facts.know("title", title);
    let bold = Style::new(Face::Bold, 13.0);
    let code = enterprise_code(&mut form.chance);
    let label = manner.spelt(&["Mã số hộ kinh doanh:", "Số:", "Mã số hộ kinh doanh:"]);
    form.centred(&format!("{label} {code}"), bold, 6.4);
    form.facts.know("number", &code);
    let first_on = family.registered_on - Days::new(u64::from(form.chance.between(30, 2_000)));
    let italic = Style::new(Face::Italic, 12.5);
    form.centred(
        &format!("Đăng ký lần đầu, {}", in_a_sentence(first_on)),
        italic,
        10.0,
    );
    form.facts.know("first_registered_on", first_on.to_string());
    form.facts.know("issued_on", first_on.to_string());
    body(&mut form, &family);
    form.y += 8.0;
    let (above, below) = family.seal_words();
    form.signing(146.0, &["TRƯỞNG PHÒNG"], &family.deputy, (&above, &below));
    form.finish("household_business")
}

fn body(form: &mut PrintedForm<'_>, family: &Family) {
    let head = &family.mother;
    let shop = *form
        .chance
        .one_of(&["TẠP HÓA", "QUÁN CƠM", "MAY MẶC", "SỬA XE", "NƯỚC GIẢI KHÁT"]);
    let name = format!(
        "{shop} {}",
        head.name
            .split(' ')
            .next_back()
            .unwrap_or_default()
            .to_uppercase()
    );
    form.row(&[entry("1. Tên hộ kinh doanh:", name).named("business_name")]);
    let label = form
        .manner
        .spelt(&["2. Trụ sở hộ kinh doanh:", "2. Địa điểm kinh doanh:"]);
    form.row(&[entry(label, family.address()).named("head_office")]);
    let trade = *form.chance.one_of(&[
        "Bán lẻ hàng tạp hóa",
        "Dịch vụ ăn uống",
        "Sửa chữa xe máy",
        "May trang phục",
    ]);
    form.row(&[entry("3. Ngành, nghề kinh doanh:", trade).named("trade")]);
    let capital = u64::from(form.chance.between(3, 90)) * 10_000_000;
    let dotted = format!("{} đồng", with_dots(capital));
    form.row(&[entry("4. Vốn kinh doanh:", dotted).says("capital", capital.to_string())]);
    form.text("5. Thông tin về chủ hộ kinh doanh:");
    form.row(&[
        entry("Họ và tên:", head.name.to_uppercase()).named("owner_name"),
        entry("Giới tính:", head.sex()).named("sex"),
    ]);
    form.row(&[
        entry("Sinh ngày:", in_digits(head.born_on)).on_day("owner_birth_date", head.born_on),
        entry("Dân tộc:", "Kinh"),
        entry("Quốc tịch:", "Việt Nam"),
    ]);
    form.row(&[entry("Số định danh cá nhân:", &head.id).named("owner_id")]);
    form.row(&[entry("Nơi thường trú:", family.address()).named("residence")]);
}
