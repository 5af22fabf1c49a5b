use domain::field::Grade;
use extraction::{Catalogue, lines_to_read_again, recognise_type};

use crate::support::{Page, birth_certificate, decision, form, kind};

fn lines(name: &str, page: &Page) -> Vec<String> {
    let catalogue = Catalogue::builtin();
    lines_to_read_again(form(&catalogue, name), &[page.as_text()])
        .into_iter()
        .map(|line| page.text().lines[line.line].text())
        .collect()
}

#[test]
fn the_lines_that_feed_a_field_are_read_again_and_no_others() {
    let again = lines("official_document", &decision().read_by_one_engine());
    insta::assert_snapshot!(again.join("\n"), @r"
    ỦY BAN NHÂN DÂN
    XÃ THANH SƠN
    Số: 15/QĐ-UBND
    Thanh Sơn, ngày 05 tháng 01 năm 2026
    QUYẾT ĐỊNH
    Về việc phê duyệt danh sách hộ gia đình
    được hỗ trợ sửa chữa nhà ở năm 2026
    PHÓ CHỦ TỊCH
    Lê Thị Hải Nam
    ");
}

#[test]
fn the_second_place_of_a_value_is_read_again_too() {
    let again = lines(
        "birth_certificate",
        &birth_certificate().read_by_one_engine(),
    );
    assert!(
        again.iter().any(|line| line.starts_with("hai nghìn")),
        "{again:#?}"
    );
    assert!(
        !again.iter().any(|line| line.starts_with("Quê quán")),
        "{again:#?}"
    );
}

#[test]
fn a_header_whose_number_was_not_seen_is_read_again() {
    let page = Page::new()
        .centred(470, 180, "ỦY BAN NHÂN DÂN XÃ THANH SƠN")
        .line(330, 290, "S0 l5 QĐUBND")
        .centred(827, 410, "QUYẾT ĐỊNH");
    assert!(lines("official_document", &page).contains(&"S0 l5 QĐUBND".to_owned()));
}

#[test]
fn the_kind_is_settled_before_the_second_reading() {
    let catalogue = Catalogue::builtin();
    let page = decision();
    let before = recognise_type(&catalogue, &[page.clone().read_by_one_engine().as_text()]);
    assert_eq!(before, recognise_type(&catalogue, &[page.as_text()]));
}

/// The words of these pages that the third engine is asked for.
fn left_open(page: &Page) -> Vec<String> {
    let catalogue = Catalogue::builtin();
    let kind = kind("official_document", Grade::Certain);
    let form = form(&catalogue, "official_document");
    let words = extraction::words_left_open(form, &kind, &[page.as_text()]);
    words
        .iter()
        .map(|place| page.text().lines[place.line].words[place.word].text.clone())
        .collect()
}

#[test]
fn the_third_engine_is_asked_for_open_words_of_values_only() {
    assert!(left_open(&decision()).is_empty());
    let page = decision().disagree("Hải", "Hái").disagree("Số:", "Sô:");
    assert_eq!(left_open(&page), ["Hải"], "no label is asked for");
    let page = decision().unsure("Hải");
    assert_eq!(left_open(&page), ["Hải"], "nor what two surely agree on");
    let page = decision().unsure("Hải").heard_by_the_third("Hải");
    assert!(left_open(&page).is_empty(), "nobody is asked twice");
    let page = decision().read_by_one_engine();
    assert!(left_open(&page).is_empty(), "Tesseract reads before it");
    let page = decision().unsure("Hải").bad();
    assert!(left_open(&page).is_empty(), "nothing of it can be certain");
    let page = decision().disagree("Hải", "Hái").bad();
    assert_eq!(left_open(&page), ["Hải"], "but it can be right");
}
