//! A declaration (tờ khai) of two pages: a paper of no special type.

use chrono::{Datelike, Days};

use super::Paper;
use super::chance::Chance;
use super::manner::Manner;
use super::paragraph::{Column, Fit, run};
use super::people::{Family, in_a_sentence, in_digits};
use super::printed_form::Facts;
use super::sheet::{Anchor, Face, Faces, Sheet, Style, WIDTH_MM};

const LEFT: f32 = 28.0;
const RIGHT: f32 = 192.0;
const LEADING: f32 = 8.6;
const LABEL: Style = Style::new(Face::Regular, 13.0);
const VALUE: Style = Style::new(Face::Italic, 13.0);
const HEADING: Style = Style::new(Face::Bold, 13.0);
const TEXT: Column = Column {
    left: LEFT,
    right: RIGHT,
    indent: 10.0,
    leading: 6.4,
    fit: Fit::Justified,
};

pub(super) const TITLE: &str = "TỜ KHAI ĐỀ NGHỊ TRỢ GIÚP XÃ HỘI";

pub(super) fn draw(faces: &Faces, seed: u64, dpi: u32, manner: Manner) -> Paper {
    let family = Family::new(seed);
    let mut chance = Chance::new(seed, "application");
    let written_on = family.registered_on + Days::new(u64::from(chance.between(241, 300)));

    let mut first = Sheet::new(faces, dpi);
    head(&mut first);
    child_part(&mut first, &family, &mut chance, 74.0);

    let mut second = Sheet::new(faces, dpi);
    // Decree 30/2020/NĐ-CP, annex I: numbered from the second page on, at the top.
    let middle = WIDTH_MM / 2.0;
    second.line("2", LABEL, Anchor::Centre, middle, 17.0);
    let y = declarant_part(&mut second, &family, &mut chance, 34.0);
    promise(
        &mut second,
        &family,
        &mut chance,
        &in_a_sentence(written_on),
        y,
    );

    if manner.stamped {
        second.certified_copy(&mut chance);
    }
    let child = &family.child;
    let mut facts = Facts::default();
    facts.know("issued_on", written_on.to_string());
    facts.know("title", TITLE);
    facts.know("owner_id", &child.id);
    facts.know("owner_name", child.name.to_uppercase());
    facts.know("owner_birth_date", child.born_on.to_string());
    facts.know("sex", child.sex());
    Paper::new(
        "other",
        facts,
        vec![first.finish(), second.finish()],
        dpi,
        seed,
    )
}

fn head(sheet: &mut Sheet<'_>) {
    let middle = WIDTH_MM / 2.0 + 5.0;
    let bold = Style::new(Face::Bold, 13.0);
    sheet.line(
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        bold,
        Anchor::Centre,
        middle,
        27.0,
    );
    let width = sheet.line(
        "Độc lập - Tự do - Hạnh phúc",
        bold,
        Anchor::Centre,
        middle,
        32.8,
    );
    sheet.rule(
        middle - width / 2.0,
        middle + width / 2.0,
        34.5,
        0.22,
        super::sheet::BLACK,
    );
    let title = Style::new(Face::Bold, 15.0);
    sheet.line(TITLE, title, Anchor::Centre, middle, 48.0);
    let italic = Style::new(Face::Italic, 12.0);
    sheet.line(
        "(Áp dụng đối với trẻ em dưới 3 tuổi thuộc hộ nghèo, hộ cận nghèo)",
        italic,
        Anchor::Centre,
        middle,
        54.4,
    );
}

/// A label, its filled-in value and the dots of the form behind it.
fn filled(sheet: &mut Sheet<'_>, parts: &[(f32, f32, &str, &str)], y: f32) -> f32 {
    let mut said = Vec::new();
    for (left, right, label, value) in parts {
        let label = format!("{label} ");
        let start = left + sheet.set(&label, LABEL, Anchor::Left, *left, y);
        sheet.dots(start, *right, y + 0.5);
        sheet.set(value, VALUE, Anchor::Left, start + 1.2, y);
        said.push(format!("{label}{value}").trim_end().to_owned());
    }
    sheet.record(&said.join(" "));
    y + LEADING
}

/// A question with boxes to tick.
fn boxes(sheet: &mut Sheet<'_>, question: &str, answers: &[(&str, bool)], y: f32) -> f32 {
    let mut said = question.to_owned();
    let mut x = LEFT + sheet.set(question, LABEL, Anchor::Left, LEFT, y) + 6.0;
    for (answer, ticked) in answers {
        x += sheet.set(answer, LABEL, Anchor::Left, x, y) + 2.5;
        sheet.tick_box(x, y, *ticked);
        x += 12.0;
        said.push(' ');
        said.push_str(answer);
    }
    sheet.record(&said);
    y + LEADING
}

fn child_part(sheet: &mut Sheet<'_>, family: &Family, chance: &mut Chance, y: f32) {
    let child = &family.child;
    let office = format!("Kính gửi: Chủ tịch Ủy ban nhân dân {}", family.commune);
    sheet.line(
        &office,
        HEADING,
        Anchor::Centre,
        WIDTH_MM / 2.0 + 5.0,
        y - 9.0,
    );
    sheet.line(
        "I. THÔNG TIN VỀ ĐỐI TƯỢNG",
        HEADING,
        Anchor::Left,
        LEFT,
        y + 2.0,
    );
    let mut y = y + 10.0;
    y = filled(
        sheet,
        &[(
            LEFT,
            RIGHT,
            "1. Họ và tên (viết chữ in hoa):",
            &child.name.to_uppercase(),
        )],
        y,
    );
    y = filled(
        sheet,
        &[
            (
                LEFT,
                125.0,
                "2. Ngày, tháng, năm sinh:",
                &in_digits(child.born_on),
            ),
            (128.0, RIGHT, "Giới tính:", child.sex()),
        ],
        y,
    );
    y = filled(
        sheet,
        &[(LEFT, RIGHT, "3. Số định danh cá nhân:", &child.id)],
        y,
    );
    y = filled(
        sheet,
        &[
            (LEFT, 100.0, "4. Dân tộc:", "Kinh"),
            (103.0, RIGHT, "Quốc tịch:", "Việt Nam"),
        ],
        y,
    );
    y = filled(
        sheet,
        &[(LEFT, RIGHT, "5. Nơi thường trú:", &family.address())],
        y,
    );
    y = filled(
        sheet,
        &[(LEFT, RIGHT, "6. Nơi ở hiện nay:", &family.address())],
        y,
    );
    let nursery = chance.between(0, 1) == 1;
    y = boxes(
        sheet,
        "7. Tình trạng đi học:",
        &[("Chưa đi học", !nursery), ("Đang học mầm non", nursery)],
        y,
    );
    let insured = chance.between(0, 3) > 0;
    y = boxes(
        sheet,
        "8. Có thẻ bảo hiểm y tế:",
        &[("Không", !insured), ("Có", insured)],
        y,
    );
    y = boxes(
        sheet,
        "9. Đang hưởng trợ cấp, trợ giúp khác:",
        &[("Không", true), ("Có", false)],
        y,
    );
    y = boxes(
        sheet,
        "10. Thuộc hộ nghèo, hộ cận nghèo:",
        &[("Không", false), ("Có", true)],
        y,
    );
    y = boxes(
        sheet,
        "11. Có khuyết tật:",
        &[("Không", true), ("Có", false)],
        y,
    );
    y += 2.0;
    sheet.line("12. Giấy tờ kèm theo:", LABEL, Anchor::Left, LEFT, y);
    y += LEADING;
    let papers = [
        "- Giấy khai sinh (bản chính để đối chiếu);",
        "- Quyết định công nhận hộ cận nghèo của Ủy ban nhân dân cấp xã.",
    ];
    for paper in papers {
        sheet.line(paper, LABEL, Anchor::Left, LEFT + 8.0, y);
        y += LEADING;
    }
    y += 2.0;
    let why = "13. Hoàn cảnh gia đình: gia đình có một con nhỏ, cha làm thuê theo mùa vụ, mẹ ở nhà trông con, thu nhập không ổn định; nhà ở đã xuống cấp, thiếu nước sinh hoạt hợp vệ sinh trong mùa khô.";
    let column = Column {
        indent: 0.0,
        ..TEXT
    };
    y = sheet.paragraph(&[run(why, LABEL)], column, y) + 2.0;
    let wish = "14. Đề nghị: được hưởng trợ cấp xã hội hằng tháng và được cấp thẻ bảo hiểm y tế theo quy định hiện hành của Nhà nước.";
    sheet.paragraph(&[run(wish, LABEL)], column, y);
}

fn declarant_part(sheet: &mut Sheet<'_>, family: &Family, chance: &mut Chance, y: f32) -> f32 {
    let mother = &family.mother;
    sheet.line(
        "II. THÔNG TIN VỀ NGƯỜI KHAI",
        HEADING,
        Anchor::Left,
        LEFT,
        y,
    );
    let mut y = y + 8.0;
    y = filled(sheet, &[(LEFT, RIGHT, "1. Họ và tên:", &mother.name)], y);
    let year = mother.born_on.year().to_string();
    y = filled(
        sheet,
        &[
            (LEFT, 80.0, "2. Năm sinh:", &year),
            (83.0, RIGHT, "Quan hệ với đối tượng:", "Mẹ đẻ"),
        ],
        y,
    );
    y = filled(sheet, &[(LEFT, RIGHT, "3. Số căn cước:", &mother.id)], y);
    // No telephone number begins with 0100.
    let telephone = format!(
        "0100 {:03} {:03}",
        chance.between(0, 999),
        chance.between(0, 999)
    );
    y = filled(sheet, &[(LEFT, RIGHT, "4. Điện thoại:", &telephone)], y);
    y = filled(
        sheet,
        &[(LEFT, RIGHT, "5. Nơi cư trú:", &family.address())],
        y,
    );
    y = boxes(
        sheet,
        "6. Hình thức nhận trợ cấp:",
        &[("Tiền mặt", false), ("Tài khoản ngân hàng", true)],
        y,
    );
    y + 4.0
}

fn promise(sheet: &mut Sheet<'_>, family: &Family, chance: &mut Chance, day: &str, y: f32) {
    let text = "Tôi xin cam đoan những lời khai trên là đúng sự thật, nếu có điều gì khai không đúng tôi xin chịu trách nhiệm hoàn toàn trước pháp luật. Tôi đồng ý để Ủy ban nhân dân số hóa và lưu các giấy tờ kèm theo tờ khai này trong kho quản lý dữ liệu điện tử.";
    let mut y = sheet.paragraph(&[run(text, LABEL)], TEXT, y);
    let request = "Đề nghị Chủ tịch Ủy ban nhân dân xem xét, giải quyết trợ cấp hằng tháng cho con tôi theo quy định./.";
    y = sheet.paragraph(&[run(request, LABEL)], TEXT, y + 1.0) + 6.0;

    let (left, right) = (66.0, 148.0);
    let italic = Style::new(Face::Italic, 13.0);
    let place = format!("{}, {day}", family.commune_name);
    sheet.line(&place, italic, Anchor::Centre, right, y);
    let head = if family.head_of_hamlet() == "Trưởng thôn" {
        "XÁC NHẬN CỦA TRƯỞNG THÔN"
    } else {
        "XÁC NHẬN CỦA TỔ TRƯỞNG"
    };
    sheet.line(head, HEADING, Anchor::Centre, left, y + 6.4);
    sheet.line("NGƯỜI KHAI", HEADING, Anchor::Centre, right, y + 6.4);
    let small = Style::new(Face::Italic, 11.5);
    sheet.line("(Ký, ghi rõ họ tên)", small, Anchor::Centre, left, y + 11.6);
    sheet.line(
        "(Ký, ghi rõ họ tên)",
        small,
        Anchor::Centre,
        right,
        y + 11.6,
    );
    sheet.signature(chance, left - 18.0, y + 24.0, 36.0);
    sheet.signature(chance, right - 20.0, y + 24.0, 40.0);
    let elder = format!("{} Văn Hạnh", chance.one_of(&["Nguyễn", "Lê", "Phạm"]));
    sheet.line(&elder, LABEL, Anchor::Centre, left, y + 38.0);
    sheet.line(&family.mother.name, LABEL, Anchor::Centre, right, y + 38.0);
}
