//! One test for each reason that must pull a value down from `certain`.

use domain::document::RecognisedType;
use domain::field::{Doubt, Grade};
use extraction::{Catalogue, Context, extract};
use proptest::prelude::*;

use crate::support::{Page, decision, decision_with, field, fields, form, kind, of};

const DAY: &str = "Thanh Sơn, ngày 05 tháng 01 năm 2026";

fn number_of(page: Page) -> String {
    of("official_document", page, "number")
}

#[test]
fn handwriting_is_never_certain() {
    let page = decision_with("Số: 15 /QĐ-UBND", DAY).handwritten("15");
    let number = field(&fields("official_document", &[page]), "number");
    assert_eq!(number.doubts, [Doubt::Handwritten]);
    assert!(number.handwritten);
    assert_eq!(
        (number.value.as_str(), number.grade),
        ("15/QĐ-UBND", Grade::Check)
    );
    let page = decision().handwritten("05");
    assert_eq!(
        of("official_document", page, "issued_on"),
        r#"issued_on = "2026-01-05" check ocr because handwritten"#
    );
}

#[test]
fn room_left_for_a_pen_is_never_certain() {
    for number in ["Số: 5      /QĐ-UBND", "Số:      15/QĐ-UBND"] {
        let page = decision_with(number, DAY);
        assert!(
            number_of(page).ends_with("check ocr because handwritten"),
            "{number}"
        );
    }
}

#[test]
fn engines_that_disagree_are_never_certain() {
    let page = decision().disagree("15/QĐ-UBND", "45/QĐ-UBND");
    let number = field(&fields("official_document", &[page]), "number");
    assert_eq!(number.doubts, [Doubt::EnginesDisagree]);
    assert_eq!(number.grade, Grade::Check);
    let values: Vec<&str> = number
        .readings
        .iter()
        .map(|reading| reading.value.as_str())
        .collect();
    assert_eq!(
        values,
        ["15/QĐ-UBND", "45/QĐ-UBND"],
        "the person chooses from both"
    );
}

#[test]
fn two_engines_of_three_are_enough_for_print_that_no_pen_fills_in() {
    let signer = field(
        &fields("official_document", &[decision().settled("Hải", "Hái")]),
        "signer",
    );
    assert_eq!(
        (signer.value.as_str(), signer.grade),
        ("Lê Thị Hải Nam", Grade::Certain)
    );
    let readings: Vec<&str> = signer
        .readings
        .iter()
        .map(|reading| reading.value.as_str())
        .collect();
    assert_eq!(
        readings,
        ["Lê Thị Hải Nam", "Lê Thị Hái Nam", "Lê Thị Hải Nam"],
        "what the first two agree on stands for the third"
    );
}

#[test]
fn a_decisive_field_often_filled_in_by_pen_bears_no_other_reading() {
    let page = decision().settled("15/QĐ-UBND", "45/QĐ-UBND");
    assert_eq!(
        number_of(page),
        r#"number = "15/QĐ-UBND" check ocr because engines_disagree"#
    );
}

#[test]
fn one_engine_alone_is_never_certain() {
    assert_eq!(
        number_of(decision().once("15/QĐ-UBND")),
        r#"number = "15/QĐ-UBND" check ocr because one_engine_only"#
    );
    let all = fields("official_document", &[decision().read_by_one_engine()]);
    assert!(
        all.iter()
            .all(|candidate| candidate.grade != Grade::Certain)
    );
}

#[test]
fn a_decisive_field_often_filled_in_by_pen_needs_two_sure_engines() {
    assert_eq!(
        number_of(decision().unsure("15/QĐ-UBND")),
        r#"number = "15/QĐ-UBND" check ocr because unsure"#
    );
    let three = decision()
        .unsure("15/QĐ-UBND")
        .heard_by_the_third("15/QĐ-UBND");
    assert_eq!(
        number_of(three),
        r#"number = "15/QĐ-UBND" certain ocr"#,
        "three of one mind"
    );
    assert_eq!(
        of("official_document", decision().unsure("Hải"), "signer"),
        r#"signer = "Lê Thị Hải Nam" certain ocr"#,
        "a printed name needs agreement only"
    );
}

#[test]
fn a_value_that_breaks_its_rule_is_never_certain() {
    let page = decision_with("Số: 15/QĐ-UBND", "Thanh Sơn, ngày 31 tháng 02 năm 2026");
    assert_eq!(
        of("official_document", page, "issued_on"),
        r#"issued_on = "2026-02-31" check ocr because rule_fails"#
    );
    assert_eq!(
        number_of(decision_with("Số: M5/QĐ-UBND", DAY)),
        r#"number = "M5/QĐ-UBND" check ocr because rule_fails"#
    );
    assert_eq!(
        number_of(decision_with("Số: 15", DAY)),
        r#"number = "15" check ocr because rule_fails"#,
        "an official document has a symbol"
    );
}

#[test]
fn a_symbol_of_another_kind_of_document_contradicts() {
    let candidates = fields("official_document", &[decision_with("Số: 15/TB-UBND", DAY)]);
    for name in ["number", "title"] {
        assert_eq!(
            field(&candidates, name).doubts,
            [Doubt::Contradicts],
            "{name}"
        );
    }
}

#[test]
fn a_poor_image_is_never_certain() {
    let candidates = fields("official_document", &[decision().bad()]);
    let read = candidates
        .iter()
        .filter(|candidate| candidate.grade != Grade::Empty);
    for candidate in read {
        assert_eq!(candidate.doubts, [Doubt::PoorImage], "{}", candidate.name);
    }
}

#[test]
fn an_uncertain_kind_makes_every_field_uncertain() {
    let catalogue = Catalogue::builtin();
    let page = decision();
    let doubtful: RecognisedType = kind("official_document", Grade::Check);
    let candidates = extract(
        form(&catalogue, "official_document"),
        &doubtful,
        &[page.as_text()],
        &Context::default(),
    );
    let read = candidates
        .iter()
        .filter(|candidate| candidate.grade != Grade::Empty);
    for candidate in read {
        assert_eq!(
            candidate.doubts,
            [Doubt::KindUncertain],
            "{}",
            candidate.name
        );
    }
}

#[test]
fn a_value_found_by_its_place_alone_is_never_certain() {
    // Neither the motto nor the number is there to place the agency by.
    let page = Page::new()
        .centred(470, 180, "ỦY BAN NHÂN DÂN XÃ THANH SƠN")
        .centred(827, 410, "QUYẾT ĐỊNH");
    assert_eq!(
        of("official_document", page, "issuer"),
        r#"issuer = "ỦY BAN NHÂN DÂN XÃ THANH SƠN" check ocr because place_uncertain"#
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_value_with_a_doubtful_word_is_certain(index in 0usize..200, what in 0u8..3) {
        let page = decision();
        let words: Vec<String> = page.text().lines.iter()
            .flat_map(|line| line.words.iter().map(|word| word.text.clone()))
            .filter(|text| text.chars().any(char::is_alphanumeric))
            .collect();
        let word = words[index % words.len()].clone();
        let broken = match what {
            0 => page.handwritten(&word),
            1 => page.disagree(&word, "khác"),
            _ => page.once(&word),
        };
        for candidate in fields("official_document", &[broken]) {
            let touched = candidate.value.split(' ').any(|part| part == word);
            prop_assert!(
                !(touched && candidate.grade == Grade::Certain && candidate.value.contains(' ')),
                "{} is certain although {} is doubtful", candidate.name, word
            );
        }
    }

    #[test]
    fn certain_and_doubts_exclude_each_other(lines in proptest::collection::vec(
        (0u32..1200, 0u32..2200, "(Số: |ngày |Họ và tên: |QUYẾT ĐỊNH |V/v |)[0-9A-ZĐ/ -]{0,24}"), 0..30
    )) {
        let page = lines.iter().fold(Page::new(), |page, (x, y, text)| page.line(*x, *y, text));
        for name in ["official_document", "birth_certificate", "other"] {
            for candidate in fields(name, std::slice::from_ref(&page)) {
                prop_assert_eq!(candidate.grade == Grade::Empty, candidate.value.is_empty());
                if candidate.grade == Grade::Certain {
                    prop_assert!(candidate.doubts.is_empty());
                }
                if candidate.grade == Grade::Check {
                    prop_assert!(!candidate.doubts.is_empty());
                }
            }
        }
    }
}
