use domain::dossier::Owner;
use domain::field::{Grade, Source};
use extraction::{Catalogue, PageText, recognise_type};

use crate::support::{Page, decision, decision_with, field, fields, fields_of, of, show, shown};

fn kind_of(page: &Page) -> String {
    let pages: Vec<PageText<'_>> = vec![page.as_text()];
    let kind = recognise_type(&Catalogue::builtin(), &pages);
    format!("{} {}", kind.document_type, kind.grade.name())
}

// Decree 30/2020/NĐ-CP, annex I: where the parts of an official document stand.
#[test]
fn a_printed_decision_is_read_whole() {
    assert_eq!(kind_of(&decision()), "official_document certain");
    insta::assert_snapshot!(show(&fields("official_document", &[decision()])), @r#"
    number = "15/QĐ-UBND" certain ocr
    issued_on = "2026-01-05" certain ocr
    issuer = "ỦY BAN NHÂN DÂN XÃ THANH SƠN" certain ocr
    title = "QUYẾT ĐỊNH" certain ocr
    summary = "Về việc phê duyệt danh sách hộ gia đình được hỗ trợ sửa chữa nhà ở năm 2026" certain ocr
    signer = "Lê Thị Hải Nam" certain ocr
    valid_until = "" empty ocr
    scope = "" empty ocr
    owner_id = "" empty ocr
    owner_name = "" empty ocr
    owner_birth_date = "" empty ocr
    "#);
}

#[test]
fn each_value_carries_its_place_and_what_each_engine_read() {
    let number = field(&fields("official_document", &[decision()]), "number");
    let evidence = number.evidence.unwrap();
    assert_eq!(evidence.page, 0);
    assert_eq!((evidence.outline.y, evidence.outline.height), (290, 30));
    assert!(
        evidence.outline.x > 330,
        "the label is not part of the value"
    );
    let readings: Vec<&str> = number
        .readings
        .iter()
        .map(|reading| reading.value.as_str())
        .collect();
    assert_eq!(readings, ["15/QĐ-UBND", "15/QĐ-UBND"]);
}

#[test]
fn a_number_left_blank_is_empty_and_never_taken_from_elsewhere() {
    for number in [
        "Số:      /QĐ-UBND",
        "Số: /QĐ-UBND",
        "Số: ..../QĐ-UBND",
        "Số:            /QĐ-UBND",
    ] {
        let page = decision_with(number, "Thanh Sơn, ngày 05 tháng 01 năm 2026");
        assert_eq!(
            of("official_document", page, "number"),
            r#"number = "" empty ocr"#,
            "{number}"
        );
    }
}

#[test]
fn a_capital_that_one_engine_made_small_still_opens_its_field() {
    let page = decision().disagree("Số:", "số:").change("Số:", |word| {
        word.text = "số:".to_owned();
    });
    assert_eq!(
        of("official_document", page, "number"),
        r#"number = "15/QĐ-UBND" certain ocr"#
    );
    let small = decision_with(
        "quyết định số: 15/QĐ-UBND",
        "Thanh Sơn, ngày 05 tháng 01 năm 2026",
    );
    assert_eq!(
        of("official_document", small, "number"),
        r#"number = "" empty ocr"#
    );
}

#[test]
fn a_day_left_blank_is_empty() {
    for day in [
        "Thanh Sơn, ngày      tháng 01 năm 2026",
        "Thanh Sơn, ngày tháng năm",
        "Thanh Sơn, ngày       tháng       năm 2026",
        "Thanh Sơn, ngày .... tháng .... năm 20....",
    ] {
        let page = decision_with("Số: 15/QĐ-UBND", day);
        assert_eq!(
            of("official_document", page, "issued_on"),
            r#"issued_on = "" empty ocr"#,
            "{day}"
        );
    }
}

#[test]
fn a_blank_place_is_shown_to_the_person() {
    let page = decision_with("Số:      /QĐ-UBND", "Thanh Sơn, ngày 05 tháng 01 năm 2026");
    let number = field(&fields("official_document", &[page]), "number");
    assert_eq!(number.grade, Grade::Empty);
    assert!(
        number.evidence.is_some(),
        "the screen can still go to the place"
    );
}

#[test]
fn a_stamp_of_incoming_mail_gives_neither_number_nor_day() {
    let stamp = |page: Page| {
        page.line(150, 330, "CÔNG VĂN ĐẾN")
            .line(150, 365, "Số: 1234/CV-VP")
            .line(150, 400, "Ngày: 07/01/2026")
    };
    let candidates = fields("official_document", &[stamp(decision())]);
    assert_eq!(field(&candidates, "number").value, "15/QĐ-UBND");
    assert_eq!(field(&candidates, "issued_on").value, "2026-01-05");
    let blank = stamp(decision_with(
        "Số:      /QĐ-UBND",
        "Thanh Sơn, ngày     tháng 01 năm 2026",
    ));
    let candidates = fields("official_document", &[blank]);
    assert_eq!(
        field(&candidates, "number").grade,
        Grade::Empty,
        "the stamp's number is not the paper's"
    );
    assert_eq!(field(&candidates, "issued_on").grade, Grade::Empty);
}

#[test]
fn the_head_of_the_gazette_gives_no_number() {
    let page = decision().line(200, 90, "CÔNG BÁO/Số 123 + 124/Ngày 15-4-2026");
    assert_eq!(
        of("official_document", page, "number"),
        r#"number = "15/QĐ-UBND" certain ocr"#
    );
}

#[test]
fn numbers_in_the_body_are_not_the_paper_s() {
    // The header's number was not read at all; the body cites others.
    let page = decision_with("S0: xx", "Thanh Sơn, ngày 05 tháng 01 năm 2026")
        .line(
            200,
            800,
            "số 300/2025/NĐ-CP ngày 17 tháng 11 năm 2025 của Chính phủ",
        )
        .line(
            200,
            1000,
            "Số 301/2025/NĐ-CP ngày 17 tháng 11 năm 2025 của Chính phủ",
        );
    assert_eq!(
        of("official_document", page, "number"),
        r#"number = "" empty ocr"#
    );
}

#[test]
fn both_columns_of_the_header_may_come_as_one_line() {
    let page = Page::new()
        .line(
            250,
            180,
            "THỦ TƯỚNG CHÍNH PHỦ  CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        )
        .line(930, 222, "Độc lập - Tự do - Hạnh phúc")
        .line(
            330,
            290,
            "Số: 729/Q\u{00D0}-TTg      Hà Nội, ngày 23 tháng 4 năm 2026",
        )
        .centred(827, 410, "QUYẾT ĐỊNH")
        .centred(827, 452, "Về việc thành lập Tổ công tác liên ngành")
        .centred(827, 560, "THỦ TƯỚNG CHÍNH PHỦ");
    let candidates = fields("official_document", &[page]);
    insta::assert_snapshot!(show(&candidates[..5]), @r#"
    number = "729/QĐ-TTg" certain ocr
    issued_on = "2026-04-23" certain ocr
    issuer = "THỦ TƯỚNG CHÍNH PHỦ" certain ocr
    title = "QUYẾT ĐỊNH" certain ocr
    summary = "Về việc thành lập Tổ công tác liên ngành" certain ocr
    "#);
}

fn letter() -> Page {
    Page::new()
        .centred(470, 180, "SỞ TƯ PHÁP TỈNH PHÚ THỌ")
        .centred(1130, 180, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        .centred(470, 222, "PHÒNG HÀNH CHÍNH TƯ PHÁP")
        .centred(1130, 222, "Độc lập - Tự do - Hạnh phúc")
        .centred(470, 290, "Số: 88/HCTP-HT")
        .centred(1130, 292, "Phú Thọ, ngày 12 tháng 02 năm 2026")
        .centred(470, 332, "V/v xác minh thông tin")
        .centred(470, 370, "hộ tịch của công dân")
        .centred(827, 470, "Kính gửi: Ủy ban nhân dân xã Thanh Sơn")
        .line(
            250,
            540,
            "Thực hiện Công văn số 5/UBND-TP ngày 05 tháng 02 năm 2026, Phòng đề nghị",
        )
        .line(200, 1500, "Nơi nhận:")
        .centred(1240, 1500, "TRƯỞNG PHÒNG")
        .centred(1240, 1780, "Đỗ Quốc Việt")
}

// Decree 30/2020/NĐ-CP, annex I: a letter has no type name, its content stands
// under the number after "V/v".
#[test]
fn a_letter_is_known_by_its_v_v() {
    assert_eq!(kind_of(&letter()), "official_document certain");
    let candidates = fields("official_document", &[letter()]);
    insta::assert_snapshot!(show(&candidates[..6]), @r#"
    number = "88/HCTP-HT" certain ocr
    issued_on = "2026-02-12" certain ocr
    issuer = "SỞ TƯ PHÁP TỈNH PHÚ THỌ PHÒNG HÀNH CHÍNH TƯ PHÁP" certain ocr
    title = "CÔNG VĂN" certain rule
    summary = "xác minh thông tin hộ tịch của công dân" certain ocr
    signer = "Đỗ Quốc Việt" certain ocr
    "#);
}

#[test]
fn the_signer_may_stand_on_a_later_page() {
    let first = Page::new()
        .centred(470, 180, "BỘ CÔNG THƯƠNG")
        .centred(1130, 180, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        .centred(470, 290, "Số: 21/2026/TT-BCT")
        .centred(827, 410, "THÔNG TƯ");
    let last = Page::new()
        .line(200, 700, "Nơi nhận:")
        .centred(1240, 700, "BỘ TRƯỞNG")
        .centred(1240, 950, "Trần Minh Khang");
    let signer = field(&fields("official_document", &[first, last]), "signer");
    assert_eq!(shown(&signer), r#"signer = "Trần Minh Khang" certain ocr"#);
    assert_eq!(signer.evidence.unwrap().page, 1);
}

#[test]
fn a_symbol_that_lost_its_mark_is_mended_and_shown() {
    let page = decision_with("Số: 15/QD-UBND", "Thanh Sơn, ngày 05 tháng 01 năm 2026");
    assert_eq!(
        of("official_document", page, "number"),
        r#"number = "15/QĐ-UBND" check ocr because rule_fails"#
    );
}

#[test]
fn the_owner_of_the_dossier_is_certain_only_where_the_paper_names_them() {
    let owner = Owner {
        id: Some("025096001234".parse().unwrap()),
        name: Some("Nguyễn Văn Bình".to_owned()),
        ..Owner::default()
    };
    let silent = fields_of("official_document", &[decision()], Some(&owner));
    let id = field(&silent, "owner_id");
    assert_eq!(
        shown(&id),
        r#"owner_id = "025096001234" check dossier because place_uncertain"#
    );
    let naming = decision().line(
        250,
        970,
        "Điều 2. Hỗ trợ ông Nguyễn Văn Bình số tiền 30.000.000 đồng.",
    );
    let named = fields_of(
        "official_document",
        std::slice::from_ref(&naming),
        Some(&owner),
    );
    assert_eq!(field(&named, "owner_id").source, Source::Dossier);
    assert_eq!(field(&named, "owner_id").grade, Grade::Certain);
    assert_eq!(field(&named, "owner_name").value, "Nguyễn Văn Bình");
    let unread = fields_of("official_document", &[naming.once("Bình")], Some(&owner));
    assert_eq!(field(&unread, "owner_id").grade, Grade::Check);
}

#[test]
fn papers_that_only_resemble_are_not_certain() {
    let party = Page::new()
        .centred(470, 180, "ĐẢNG ỦY XÃ THANH SƠN")
        .centred(1130, 180, "ĐẢNG CỘNG SẢN VIỆT NAM")
        .centred(470, 290, "Số 15-QĐ/ĐU")
        .centred(827, 410, "QUYẾT ĐỊNH")
        .line(200, 900, "Nơi nhận:");
    assert!(kind_of(&party).ends_with("check"));
    let confirmation = Page::new()
        .centred(470, 180, "ỦY BAN NHÂN DÂN XÃ THANH SƠN")
        .centred(1130, 180, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        .centred(1130, 222, "Độc lập - Tự do - Hạnh phúc")
        .centred(470, 290, "Số: 12/UBND-XN")
        .centred(827, 410, "GIẤY XÁC NHẬN HOÀN CẢNH GIA ĐÌNH");
    assert_eq!(kind_of(&confirmation), "other check");
    assert_eq!(kind_of(&Page::new()), "other check");
}

#[test]
fn a_day_that_cannot_be_read_is_empty_and_says_where_it_stands() {
    let page = decision_with("Số: 15/QĐ-UBND", "Thanh Sơn, ngày¿ th@ôj năm 2026");
    let day = field(&fields("official_document", &[page]), "issued_on");
    assert_eq!(
        shown(&day),
        r#"issued_on = "" empty ocr because rule_fails"#
    );
    assert!(day.evidence.is_some());
}

#[test]
fn any_dash_is_a_dash() {
    let page = decision_with("Số: 15/QĐ–UBND", "Thanh Sơn, ngày 05 tháng 01 năm 2026");
    assert_eq!(
        of("official_document", page, "number"),
        r#"number = "15/QĐ-UBND" certain ocr"#
    );
}

#[test]
fn the_person_a_decision_is_about_is_its_owner() {
    let page = decision()
        .line(
            250,
            970,
            "Điều 2. Công nhận hộ bà Đỗ Thị Hương, số định danh cá nhân 025194001940,",
        )
        .line(200, 1010, "cư trú tại xã Thanh Sơn.");
    let candidates = fields("official_document", &[page]);
    assert_eq!(
        shown(&field(&candidates, "owner_name")),
        r#"owner_name = "Đỗ Thị Hương" certain ocr"#
    );
    assert_eq!(
        shown(&field(&candidates, "owner_id")),
        r#"owner_id = "025194001940" certain ocr"#
    );
}

#[test]
fn a_header_with_wide_room_may_come_in_pieces() {
    let page = Page::new()
        .centred(470, 180, "ỦY BAN NHÂN DÂN")
        .centred(1130, 180, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        .centred(470, 222, "XÃ THANH SƠN")
        .line(330, 290, "Số:")
        .line(520, 290, "/TB-UBND")
        .line(850, 330, "Thanh Sơn, ngày")
        .line(1150, 330, "tháng")
        .line(1320, 330, "năm")
        .centred(827, 410, "THÔNG BÁO");
    assert_eq!(kind_of(&page), "official_document certain");
    let candidates = fields("official_document", &[page]);
    insta::assert_snapshot!(show(&candidates[..3]), @r#"
    number = "" empty ocr
    issued_on = "" empty ocr
    issuer = "ỦY BAN NHÂN DÂN XÃ THANH SƠN" certain ocr
    "#);
    for name in ["number", "issued_on"] {
        assert!(field(&candidates, name).evidence.is_some(), "{name}");
    }
}
