use domain::dossier::Owner;
use domain::field::{Grade, Source};
use extraction::{Catalogue, recognise_type};

use crate::support::{Page, birth_certificate, field, fields, fields_of, show, shown};

#[test]
fn a_printed_birth_certificate_is_read_whole() {
    let page = birth_certificate();
    let kind = recognise_type(&Catalogue::builtin(), &[page.as_text()]);
    assert_eq!(
        (kind.document_type.as_str(), kind.grade),
        ("birth_certificate", Grade::Certain)
    );
    insta::assert_snapshot!(show(&fields("birth_certificate", &[page])), @r#"
    number = "12/2026" certain ocr
    issued_on = "2026-01-15" certain ocr
    issuer = "Ủy ban nhân dân xã Thanh Sơn, tỉnh Phú Thọ" certain ocr
    title = "GIẤY KHAI SINH" certain ocr
    summary = "Khai sinh của NGUYỄN HẢI NAM" certain rule
    signer = "Phạm Đức Long" certain ocr
    valid_until = "unlimited" certain rule
    scope = "" empty ocr
    owner_id = "025226000123" certain ocr
    owner_name = "NGUYỄN HẢI NAM" certain ocr
    owner_birth_date = "2026-01-05" certain ocr
    sex = "Nam" certain ocr
    mother_name = "TRẦN THỊ MAI" certain ocr
    father_name = "NGUYỄN VĂN BÌNH" certain ocr
    representative = "NGUYỄN VĂN BÌNH" certain ocr
    "#);
}

fn replaced(from: &str, to: &str) -> Page {
    birth_certificate().change(from, |word| {
        to.clone_into(&mut word.text);
        for reading in &mut word.readings {
            to.clone_into(&mut reading.text);
        }
    })
}

#[test]
fn the_day_in_digits_and_the_day_in_words_must_agree() {
    let birth = field(
        &fields("birth_certificate", &[replaced("05/01/2026", "06/01/2026")]),
        "owner_birth_date",
    );
    assert_eq!(
        shown(&birth),
        r#"owner_birth_date = "2026-01-06" check ocr because contradicts"#
    );
}

// Decree 137/2015/NĐ-CP, art. 13: century and sex, and the year, stand in the number.
#[test]
fn a_personal_number_of_another_sex_or_year_is_shown_not_refused() {
    let candidates = fields(
        "birth_certificate",
        &[replaced("025226000123", "025326000123")],
    );
    assert_eq!(
        shown(&field(&candidates, "owner_id")),
        r#"owner_id = "025326000123" check ocr because contradicts"#
    );
    assert_eq!(field(&candidates, "sex").grade, Grade::Check);
    let candidates = fields(
        "birth_certificate",
        &[replaced("025226000123", "025225000123")],
    );
    assert_eq!(field(&candidates, "owner_birth_date").grade, Grade::Check);
    assert_eq!(field(&candidates, "sex").grade, Grade::Certain);
}

#[test]
fn a_birth_is_not_registered_before_it_happened() {
    let candidates = fields("birth_certificate", &[replaced("15/01/2026", "15/01/2025")]);
    assert_eq!(
        shown(&field(&candidates, "issued_on")),
        r#"issued_on = "2025-01-15" check ocr because contradicts"#
    );
}

#[test]
fn what_is_composed_is_as_doubtful_as_its_parts() {
    let candidates = fields(
        "birth_certificate",
        &[birth_certificate().disagree("HẢI", "HAI")],
    );
    assert_eq!(field(&candidates, "owner_name").grade, Grade::Check);
    assert_eq!(
        shown(&field(&candidates, "summary")),
        r#"summary = "Khai sinh của NGUYỄN HẢI NAM" check rule because engines_disagree"#
    );
}

#[test]
fn the_parent_who_owns_the_dossier_is_not_taken_for_the_child() {
    let parent = Owner {
        id: Some("025198001234".parse().unwrap()),
        name: Some("Trần Thị Mai".to_owned()),
        ..Owner::default()
    };
    let without_number = birth_certificate().change("025226000123", |word| {
        "..........".clone_into(&mut word.text);
        for reading in &mut word.readings {
            "..........".clone_into(&mut reading.text);
        }
    });
    let candidates = fields_of(
        "birth_certificate",
        std::slice::from_ref(&without_number),
        Some(&parent),
    );
    assert_eq!(field(&candidates, "owner_id").grade, Grade::Empty);
    assert_eq!(field(&candidates, "owner_name").grade, Grade::Certain);
    let child = Owner {
        id: Some("025226000123".parse().unwrap()),
        name: Some("Nguyễn Hải Nam".to_owned()),
        ..Owner::default()
    };
    let candidates = fields_of("birth_certificate", &[without_number], Some(&child));
    let id = field(&candidates, "owner_id");
    assert_eq!(
        (id.value.as_str(), id.source, id.grade),
        ("025226000123", Source::Dossier, Grade::Certain)
    );
}

#[test]
fn an_application_for_a_birth_certificate_is_not_one() {
    let page = Page::new()
        .centred(827, 150, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        .centred(827, 300, "TỜ KHAI ĐĂNG KÝ KHAI SINH")
        .line(200, 450, "Họ, chữ đệm, tên người yêu cầu: NGUYỄN VĂN BÌNH")
        .line(200, 500, "Nơi sinh: Trạm Y tế xã Thanh Sơn")
        .line(200, 550, "Họ, chữ đệm, tên người mẹ: TRẦN THỊ MAI")
        .line(200, 600, "Họ, chữ đệm, tên người cha: NGUYỄN VĂN BÌNH");
    let kind = recognise_type(&Catalogue::builtin(), &[page.as_text()]);
    assert_eq!(
        (kind.document_type.as_str(), kind.grade),
        ("other", Grade::Check)
    );
}
