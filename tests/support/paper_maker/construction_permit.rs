//! A construction permit (giấy phép xây dựng).
// Decree 175/2024/NĐ-CP, annex: form of the permit for a detached house.

use chrono::{Days, Months};

use super::Paper;
use super::manner::Manner;
use super::people::Family;
use super::printed_form::{PrintedForm, day_pieces, entry, number_pieces};
use super::sheet::{Face, Faces, Style};

pub(super) fn draw(faces: &Faces, seed: u64, dpi: u32, manner: Manner) -> Paper {
    let family = Family::new(seed);
    let mut form = PrintedForm::new(faces, "construction permit", seed, dpi, manner);
    let issued_on = family.registered_on + Days::new(u64::from(form.chance.between(5, 320)));
    let figures = form.chance.between(2, 380).to_string();
    let plain = Style::new(Face::Regular, 12.5);
    let number = number_pieces(manner.filling, "Số:", &figures, "/GPXD", plain);
    let commune = family.commune.to_uppercase();
    form.office_head(["ỦY BAN NHÂN DÂN", &commune], &number, true);
    form.facts
        .filled(manner.filling, "number", format!("{figures}/GPXD"));
    form.facts
        .know("issuer", format!("ỦY BAN NHÂN DÂN {commune}"));
    let italic = Style::new(Face::Italic, 12.5);
    let before = format!("{}, ngày", family.commune_name);
    form.sheet.pieces_centred(
        &day_pieces(manner.filling, &before, issued_on, italic),
        142.0,
        38.6,
    );
    form.facts
        .filled(manner.filling, "issued_on", issued_on.to_string());
    form.y = 54.0;
    form.centred("GIẤY PHÉP XÂY DỰNG", Style::new(Face::Bold, 16.0), 6.4);
    form.facts.know("title", "GIẤY PHÉP XÂY DỰNG");
    form.centred(
        "(Sử dụng cho nhà ở riêng lẻ)",
        Style::new(Face::Italic, 12.5),
        9.0,
    );
    body(&mut form, &family);
    form.text("4. Giấy phép này có hiệu lực khởi công xây dựng trong thời hạn 12 tháng kể từ ngày cấp; quá thời hạn trên thì phải đề nghị gia hạn giấy phép xây dựng.");
    if !form.facts.blank.contains(&"issued_on") {
        let until = issued_on
            .checked_add_months(Months::new(12))
            .expect("a day of this century");
        form.facts.know("valid_until", until.to_string());
    }
    form.y += 6.0;
    let (above, below) = family.seal_words();
    form.signing(
        146.0,
        &["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"],
        &family.chair,
        (&above, &below),
    );
    form.finish("construction_permit")
}

fn body(form: &mut PrintedForm<'_>, family: &Family) {
    form.label = Style::new(Face::Regular, 12.5);
    form.value = Style::new(Face::Regular, 12.5);
    form.leading = 6.2;
    let owner = &family.father;
    let spelt = form.manner.spelling;
    let label = if spelt.is_multiple_of(2) {
        "1. Cấp cho: Ông"
    } else {
        "1. Cấp cho chủ đầu tư: Ông"
    };
    form.row(&[entry(label, owner.name.to_uppercase()).named("owner_name")]);
    form.row(&[entry("Số định danh cá nhân:", &owner.id).named("owner_id")]);
    form.row(&[entry("Địa chỉ thường trú:", family.address()).named("residence")]);
    form.row(&[
        entry("2. Được phép xây dựng công trình:", "Nhà ở riêng lẻ").named("construction_work")
    ]);
    form.row(&[entry("- Theo thiết kế có ký hiệu:", "KT-01, KC-02")]);
    let (parcel, sheet) = (
        form.chance.between(2, 890).to_string(),
        form.chance.between(1, 74).to_string(),
    );
    let (whole, tenth) = (form.chance.between(60, 420), form.chance.between(1, 9));
    form.row(&[
        entry("- Xây dựng trên thửa đất số:", parcel).named("parcel_number"),
        entry("Tờ bản đồ số:", sheet).named("map_sheet"),
    ]);
    let area = entry("Diện tích:", format!("{whole},{tenth} m²"));
    form.row(&[area.says("area_m2", format!("{whole}.{tenth}"))]);
    form.row(&[entry("- Vị trí xây dựng:", family.address()).named("construction_place")]);
    form.row(&[entry(
        "- Cốt nền xây dựng công trình:",
        "+0,45 m so với mặt đường",
    )]);
    let floors = form.chance.between(1, 4).to_string();
    form.row(&[entry("- Số tầng:", floors).named("floors")]);
    let (whole, tenth) = (form.chance.between(60, 600), form.chance.between(1, 9));
    let area = entry("- Tổng diện tích sàn:", format!("{whole},{tenth} m²"));
    form.row(&[area.says("floor_area_m2", format!("{whole}.{tenth}"))]);
    form.text("3. Giấy tờ về quyền sử dụng đất: Giấy chứng nhận quyền sử dụng đất đã cấp.");
}
