//! A land-use right certificate (giấy chứng nhận quyền sử dụng đất), two sides.
// Circular 10/2024/TT-BTNMT: form of the certificate since 2025, one sheet of A4.

use chrono::Days;

use super::Paper;
use super::manner::{Filling, Manner};
use super::marks::SealText;
use super::people::{Family, in_a_sentence};
use super::printed_form::{PrintedForm, entry};
use super::sheet::{Anchor, BLACK, Face, Faces, HEIGHT_MM, Style, WIDTH_MM};

const RED: [u8; 3] = [196, 24, 34];
const TITLE: [&str; 2] = [
    "GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT,",
    "QUYỀN SỞ HỮU TÀI SẢN GẮN LIỀN VỚI ĐẤT",
];

pub(super) fn draw(faces: &Faces, seed: u64, dpi: u32, manner: Manner) -> Paper {
    let family = Family::new(seed);
    let mut form = PrintedForm::new(faces, "land certificate", seed, dpi, manner);
    form.sheet.certificate_ground();
    let middle = WIDTH_MM / 2.0;
    form.sheet.motto(middle, 26.5, 13.0);
    form.sheet.emblem(middle, 46.0, 8.5);
    let title = Style::new(Face::Bold, 16.0).in_ink(RED);
    for (index, line) in TITLE.iter().enumerate() {
        form.sheet.line(
            line,
            title,
            Anchor::Centre,
            middle,
            64.0 + 7.0 * index as f32,
        );
    }
    form.facts.know("title", TITLE.join(" "));
    form.y = 84.0;
    form.value = Style::new(Face::Bold, 12.5);
    form.label = Style::new(Face::Regular, 12.5);
    users(&mut form, &family);
    parcel(&mut form, &family);
    form.y += 1.0;
    form.text("3. Thông tin tài sản gắn liền với đất: -/-");
    signed(&mut form, &family);
    form.turn_over();
    back(&mut form);
    form.finish("land_certificate")
}

fn users(form: &mut PrintedForm<'_>, family: &Family) {
    let heading = form.manner.spelt(&[
        "1. Người sử dụng đất, chủ sở hữu tài sản gắn liền với đất:",
        "I. Người sử dụng đất, chủ sở hữu tài sản gắn liền với đất",
    ]);
    form.text(heading);
    let owner = &family.mother;
    let label = if owner.female { "Bà:" } else { "Ông:" };
    form.row(&[
        entry(label, owner.name.to_uppercase()).named("owner_name"),
        entry(form.manner.spelt(&["CCCD số:", "Căn cước số:"]), &owner.id).named("owner_id"),
    ]);
    form.row(&[entry("Địa chỉ thường trú:", family.address()).named("residence")]);
}

fn parcel(form: &mut PrintedForm<'_>, family: &Family) {
    let chance = &mut form.chance;
    let (parcel, sheet) = (
        chance.between(2, 890).to_string(),
        chance.between(1, 74).to_string(),
    );
    let (whole, tenth) = (chance.between(60, 940), chance.between(1, 9));
    let register = *chance.one_of(&["VP", "CS", "CH"]);
    let register = format!("{register} {:05}", chance.between(12, 9_800));
    let rural = chance.between(0, 1) == 0;
    let term = if rural {
        "Lâu dài"
    } else {
        "Đến ngày 15/10/2063"
    };
    let purpose = if rural {
        "Đất ở tại nông thôn"
    } else {
        "Đất trồng cây lâu năm"
    };
    form.facts.filled(form.manner.filling, "number", register);
    form.text(
        form.manner
            .spelt(&["2. Thông tin thửa đất:", "II. Thông tin thửa đất"]),
    );
    let (one, two) = if form.manner.spelling.is_multiple_of(2) {
        ("a) Thửa đất số:", "Tờ bản đồ số:")
    } else {
        ("Thửa đất số:", "; tờ bản đồ số:")
    };
    form.row(&[
        entry(one, parcel).named("parcel_number"),
        entry(two, sheet).named("map_sheet"),
    ]);
    let area = entry("b) Diện tích:", format!("{whole},{tenth} m²"))
        .says("area_m2", format!("{whole}.{tenth}"));
    form.row(&[area]);
    form.row(&[entry("c) Loại đất:", purpose).named("land_purpose")]);
    form.row(&[entry("d) Thời hạn sử dụng đất:", term).named("land_term")]);
    form.row(&[entry("đ) Hình thức sử dụng đất:", "Sử dụng riêng").named("land_form")]);
    let place = format!("{}, {}, {}", family.hamlet, family.commune, family.province);
    form.row(&[entry("e) Địa chỉ:", place).named("land_address")]);
}

fn signed(form: &mut PrintedForm<'_>, family: &Family) {
    let issued_on = family.registered_on + Days::new(u64::from(form.chance.between(10, 300)));
    form.y += 7.0;
    let province = family.province.trim_start_matches("tỉnh ");
    let office = format!("VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI TỈNH {}", province.to_uppercase());
    let italic = Style::new(Face::Italic, 12.5);
    let day = format!("{province}, {}", in_a_sentence(issued_on));
    form.facts.know("issued_on", issued_on.to_string());
    form.sheet.line(&day, italic, Anchor::Centre, 138.0, form.y);
    let bold = Style::new(Face::Bold, 12.0);
    for (index, line) in [office.as_str(), "GIÁM ĐỐC"].iter().enumerate() {
        form.sheet.line(
            line,
            bold,
            Anchor::Centre,
            138.0,
            form.y + 6.2 + 5.6 * index as f32,
        );
    }
    form.facts.know("issuer", &office);
    form.facts.know("signer", &family.chair);
    let under = form.y + 12.0;
    form.sheet
        .line(&family.chair, bold, Anchor::Centre, 138.0, under + 33.0);
    form.sheet
        .signature(&mut form.chance, 118.0, under + 14.0, 42.0);
    let seal = SealText {
        above: "VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI",
        below: province,
    };
    form.sheet.seal(&mut form.chance, seal, 116.0, under + 14.0);

    let letters = *form.chance.one_of(&["AA", "AB", "DĐ", "BK"]);
    let serial = format!("{letters} {:08}", form.chance.between(10_000, 9_999_999));
    let red = Style::new(Face::Bold, 13.0).in_ink(RED);
    form.sheet
        .line(&serial, red, Anchor::Centre, 165.0, HEIGHT_MM - 21.0);
    form.facts.know("serial", serial);
    register_number(form);
}

/// The number under which it stands in the office's register.
fn register_number(form: &mut PrintedForm<'_>) {
    let style = Style::new(Face::Regular, 12.0);
    let label = form
        .manner
        .spelt(&["Số vào sổ cấp Giấy chứng nhận:", "Số vào sổ cấp GCN:"]);
    let number = form
        .facts
        .fields
        .iter()
        .find(|(field, _)| *field == "number");
    let (x, y) = (26.0, HEIGHT_MM - 21.0);
    // The letters are printed, only the figures are written.
    let (letters, figures) = number
        .and_then(|(_, number)| number.split_once(' '))
        .map_or(("", ".............".to_owned()), |(letters, figures)| {
            (letters, figures.to_owned())
        });
    let head = format!("{label} {letters} ").replace("  ", " ");
    form.sheet.record(&format!("{head}{figures}"));
    let width = form.sheet.set(&head, style, Anchor::Left, x, y);
    let pen = form.manner.filling == Filling::Pen;
    let style = if pen { style.by_hand() } else { style };
    form.sheet.set(&figures, style, Anchor::Left, x + width, y);
}

fn back(form: &mut PrintedForm<'_>) {
    form.y = 28.0;
    form.text("4. Sơ đồ thửa đất, tài sản gắn liền với đất:");
    let (left, top, right, bottom) = (60.0, 44.0, 150.0, 118.0);
    for y in [top, bottom] {
        form.sheet.rule(left, right, y, 0.4, BLACK);
    }
    for x in [left, right] {
        form.sheet.post(x, top, bottom, 0.4, BLACK);
    }
    let small = Style::new(Face::Regular, 10.0);
    for (index, (x, y)) in [
        (left, top - 2.0),
        (right, top - 2.0),
        (right, bottom + 5.0),
        (left, bottom + 5.0),
    ]
    .iter()
    .enumerate()
    {
        form.sheet
            .line(&(index + 1).to_string(), small, Anchor::Centre, *x, *y);
    }
    form.y = 134.0;
    form.text("5. Ghi chú: -/-");
    form.text("6. Những thay đổi sau khi cấp Giấy chứng nhận:");
    form.text("Nội dung thay đổi và cơ sở pháp lý    Xác nhận của cơ quan có thẩm quyền");
}
