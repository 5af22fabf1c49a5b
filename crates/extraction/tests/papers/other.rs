use domain::field::{Grade, Source};

use crate::support::{Page, field, fields, show, shown};

fn application() -> Page {
    Page::new()
        .centred(827, 150, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        .centred(827, 192, "Độc lập - Tự do - Hạnh phúc")
        .centred(827, 300, "ĐƠN XIN XÁC NHẬN NƠI Ở")
        .line(200, 400, "Kính gửi: Công an xã Thanh Sơn")
        .line(200, 450, "Tôi tên là: Hoàng Thị Lan")
        .line(200, 500, "Ngày sinh: 19/09/1993")
        .line(
            200,
            550,
            "CCCD số: 025193001234, cấp ngày 14/01/2022 tại Cục Cảnh sát",
        )
        .line(200, 600, "Nay tôi viết đơn này kính đề nghị xác nhận.")
        .line(900, 900, "Thanh Sơn, ngày 22/06/2026.")
        .line(1000, 950, "Người làm đơn")
        .line(1000, 1150, "Hoàng Thị Lan")
}

#[test]
fn an_application_gives_the_basic_fields() {
    insta::assert_snapshot!(show(&fields("other", &[application()])), @r#"
    number = "" empty ocr
    issued_on = "2026-06-22" certain ocr
    issuer = "" empty ocr
    title = "ĐƠN XIN XÁC NHẬN NƠI Ở" certain ocr
    summary = "" empty ocr
    signer = "Hoàng Thị Lan" certain ocr
    valid_until = "" empty ocr
    scope = "" empty ocr
    owner_id = "025193001234" certain ocr
    owner_name = "Hoàng Thị Lan" certain ocr
    owner_birth_date = "1993-09-19" certain ocr
    sex = "" empty ocr
    mother_name = "" empty ocr
    father_name = "" empty ocr
    representative = "" empty ocr
    "#);
}

const CARD: &str = "025193001234||Hoàng Thị Lan|19091993|Nữ|Xã Thanh Sơn|14012022";

#[test]
fn the_code_of_an_identity_card_gives_its_holder() {
    let candidates = fields("other", &[Page::new().qr(CARD)]);
    for (name, value) in [
        ("owner_id", "025193001234"),
        ("owner_name", "Hoàng Thị Lan"),
        ("owner_birth_date", "1993-09-19"),
        ("sex", "Nữ"),
    ] {
        let candidate = field(&candidates, name);
        assert_eq!(
            (candidate.value.as_str(), candidate.source, candidate.grade),
            (value, Source::Qr, Grade::Certain),
            "{name}"
        );
        assert!(candidate.evidence.is_some());
    }
}

#[test]
fn a_card_that_says_other_than_the_print_contradicts() {
    let other = CARD.replace("Lan", "Liên");
    let candidates = fields("other", &[application().qr(&other)]);
    assert_eq!(
        shown(&field(&candidates, "owner_name")),
        r#"owner_name = "Hoàng Thị Liên" check qr because contradicts"#
    );
    assert_eq!(field(&candidates, "owner_id").grade, Grade::Certain);
}

#[test]
fn two_different_cards_are_for_a_person_to_choose_from() {
    let other = CARD.replace("025193001234", "025193009999");
    let candidates = fields("other", &[Page::new().qr(CARD).qr(&other)]);
    assert_eq!(field(&candidates, "owner_id").grade, Grade::Check);
}

#[test]
fn two_people_on_one_paper_are_for_a_person_to_choose_from() {
    let page = application().line(200, 700, "CCCD số: 025193009999");
    let candidates = fields("other", &[page]);
    assert_eq!(
        shown(&field(&candidates, "owner_id")),
        r#"owner_id = "025193001234" check ocr because contradicts"#
    );
}

#[test]
fn a_choice_that_nobody_made_is_no_value() {
    let page = Page::new().line(200, 500, "Giới tính: Nam / Nữ");
    assert_eq!(field(&fields("other", &[page]), "sex").grade, Grade::Empty);
}

#[test]
fn a_heading_known_only_by_its_place_is_to_be_checked() {
    let page = Page::new().centred(827, 300, "CAM ĐOAN VÀ NGUYỆN VỌNG");
    assert_eq!(
        shown(&field(&fields("other", &[page]), "title")),
        r#"title = "CAM ĐOAN VÀ NGUYỆN VỌNG" check ocr because place_uncertain"#
    );
}

#[test]
fn items_may_be_numbered_and_labels_may_carry_a_note() {
    let page = Page::new()
        .line(200, 400, "1. Họ và tên (viết chữ in hoa): HOÀNG THỊ LAN")
        .line(
            200,
            450,
            "2) Ngày, tháng, năm sinh: 19/09/1993    Giới tính: Nữ",
        )
        .line(200, 500, "3. Số định danh cá nhân: 025193001234");
    let candidates = fields("other", &[page]);
    for (name, value) in [
        ("owner_name", "HOÀNG THỊ LAN"),
        ("owner_birth_date", "1993-09-19"),
        ("sex", "Nữ"),
        ("owner_id", "025193001234"),
    ] {
        let candidate = field(&candidates, name);
        assert_eq!(
            (candidate.value.as_str(), candidate.grade),
            (value, Grade::Certain),
            "{name}"
        );
    }
}

#[test]
fn what_follows_without_a_sign_is_not_silently_part_of_a_name() {
    let page = Page::new().line(200, 400, "Họ và tên: HOÀNG THỊ LAN Dân tộc: Kinh");
    assert_eq!(
        shown(&field(&fields("other", &[page]), "owner_name")),
        r#"owner_name = "HOÀNG THỊ LAN" check ocr because rule_fails"#
    );
}

#[test]
fn a_day_behind_another_label_is_not_taken() {
    let page = Page::new().line(200, 400, "Ngày sinh: ........ Ngày cấp: 01/02/2020");
    assert_eq!(
        field(&fields("other", &[page]), "owner_birth_date").grade,
        Grade::Empty
    );
}
