//! A confirmation of marital status (giấy xác nhận tình trạng hôn nhân).
// Circular 04/2020/TT-BTP, annex: form of the confirmation; Decree 123/2015/NĐ-CP,
// art. 23: it holds for six months.

use chrono::{Days, Months};

use super::Paper;
use super::manner::Manner;
use super::people::{Family, in_a_sentence, in_digits};
use super::printed_form::{PrintedForm, day_pieces, entry, number_pieces};
use super::sheet::{Face, Faces, Style};

pub(super) fn draw(faces: &Faces, seed: u64, dpi: u32, manner: Manner) -> Paper {
    let family = Family::new(seed);
    let mut form = PrintedForm::new(faces, "marital status", seed, dpi, manner);
    let person = if form.chance.between(0, 1) == 0 {
        &family.mother
    } else {
        &family.father
    };
    let issued_on = family.registered_on + Days::new(u64::from(form.chance.between(20, 300)));
    let figures = form.chance.between(3, 420).to_string();
    let plain = Style::new(Face::Regular, 12.5);
    let number = number_pieces(manner.filling, "Số:", &figures, "/UBND-XNTTHN", plain);
    form.office_head(
        ["ỦY BAN NHÂN DÂN", &family.commune.to_uppercase()],
        &number,
        true,
    );
    form.facts
        .filled(manner.filling, "number", format!("{figures}/UBND-XNTTHN"));
    form.facts.know(
        "issuer",
        format!("ỦY BAN NHÂN DÂN {}", family.commune.to_uppercase()),
    );
    let italic = Style::new(Face::Italic, 12.5);
    let before = format!("{}, ngày", family.commune_name);
    let day = day_pieces(manner.filling, &before, issued_on, italic);
    form.sheet.pieces_centred(&day, 142.0, 38.6);
    form.facts
        .filled(manner.filling, "issued_on", issued_on.to_string());

    form.y = 56.0;
    form.centred(
        "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN",
        Style::new(Face::Bold, 15.0),
        9.0,
    );
    form.facts
        .know("title", "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN");
    let office = format!("ỦY BAN NHÂN DÂN {}", family.commune.to_uppercase());
    form.centred(&office, Style::new(Face::Bold, 13.0), 9.0);
    let asked = format!(
        "Xét đề nghị của ông/bà: {}, về việc cấp Giấy xác nhận tình trạng hôn nhân,",
        person.name
    );
    form.text(&asked);
    form.centred("XÁC NHẬN:", Style::new(Face::Bold, 13.0), 8.5);
    body(&mut form, &family, person);
    let term = "Giấy này có giá trị trong thời hạn 06 tháng, kể từ ngày cấp.";
    form.text(term);
    // What the term comes to is a fact of the paper only where its day is.
    if !form.facts.blank.contains(&"issued_on") {
        let until = issued_on
            .checked_add_months(Months::new(6))
            .expect("a day of this century");
        form.facts.know("valid_until", until.to_string());
    }
    form.y += 6.0;
    let (above, below) = family.seal_words();
    form.signing(
        146.0,
        &["NGƯỜI KÝ GIẤY XÁC NHẬN", "CHỦ TỊCH"],
        &family.chair,
        (&above, &below),
    );
    form.finish("marital_status_confirmation")
}

fn body(form: &mut PrintedForm<'_>, family: &Family, person: &super::people::Person) {
    let manner = form.manner;
    form.value = Style::new(Face::Bold, 13.0);
    let label = manner.spelt(&["Họ, chữ đệm, tên:", "Họ, chữ đệm, tên:", "Họ và tên:"]);
    form.row(&[entry(label, person.name.to_uppercase()).named("owner_name")]);
    form.row(&[entry("Ngày, tháng, năm sinh:", in_digits(person.born_on))
        .on_day("owner_birth_date", person.born_on)]);
    form.tabs(&[
        (form.left, entry("Giới tính:", person.sex()).named("sex")),
        (80.0, entry("Dân tộc:", "Kinh").named("ethnicity")),
        (128.0, entry("Quốc tịch:", "Việt Nam").named("nationality")),
    ]);
    if manner.spelling.is_multiple_of(2) {
        form.row(&[entry("Số định danh cá nhân:", &person.id).named("owner_id")]);
    } else {
        let paper = format!("Căn cước công dân số {}", person.id);
        form.row(&[entry("Giấy tờ tùy thân:", paper).says("owner_id", &person.id)]);
    }
    form.row(&[entry("Nơi cư trú:", family.address()).named("residence")]);
    let from = in_a_sentence(person.born_on + Days::new(6_600));
    let stay = format!("{}, {} từ {from} đến nay", family.commune, family.province);
    form.row(&[entry("Trong thời gian cư trú tại:", stay)]);
    let status = match form.chance.between(0, 2) {
        0 => "Hiện tại chưa đăng ký kết hôn với ai",
        1 => "Đã ly hôn, hiện tại chưa đăng ký kết hôn với ai",
        _ => "Chưa đăng ký kết hôn với ai",
    };
    form.row(&[entry("Tình trạng hôn nhân:", status).named("marital_status")]);
    let purpose = match form.chance.between(0, 2) {
        0 => "Làm thủ tục đăng ký kết hôn",
        1 => "Làm thủ tục chuyển nhượng quyền sử dụng đất",
        _ => "Bổ túc hồ sơ vay vốn ngân hàng",
    };
    let label = manner.spelt(&[
        "Giấy này được cấp để:",
        "Giấy này được sử dụng để:",
        "Giấy này được cấp để:",
    ]);
    form.row(&[entry(label, purpose).named("purpose")]);
}
