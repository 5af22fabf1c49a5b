//! The desk learns from what people found how far its own grades may be trusted.

use std::path::Path;

use desk::{deposit, review, scan, trust};
use domain::field::{Doubt, FieldCandidate, FieldName, Grade, Source};
use domain::trust::Proportion;
use serde_json::{Value, json};
use support::test_desk::{TestDesk, sample};

use crate::command_line::{code, sohoa, text};
use crate::scan::document;

const SAMPLE: &str = "1-official-document.jpg";

fn extracted(test: &TestDesk) -> review::Review {
    let document = document(test);
    scan::add_file(test.desk(), document.id, &sample(SAMPLE), &mut |_| {}).unwrap();
    review::extract_document(test.desk(), document.id, None, &|_| {})
        .unwrap()
        .0
}

fn candidate<'a>(review: &'a review::Review, name: &FieldName) -> &'a FieldCandidate {
    let mut fields = review.fields.iter();
    &fields
        .find(|field| field.candidate.name == *name)
        .unwrap()
        .candidate
}

/// A person confirms what is open, as proposed, and the paper is deposited.
fn finish(test: &TestDesk, mut review: review::Review) {
    while let Some(open) = review.open.first().cloned() {
        let value = candidate(&review, &open).value.clone();
        review = review::confirm_field(test.desk(), review.document.id, &open, &value).unwrap();
    }
    deposit::deposit(test.desk(), review.document.id).unwrap();
}

fn found(test: &TestDesk, name: &FieldName) -> trust::FieldRecord {
    let mut records = trust::report(test.desk()).unwrap().into_iter();
    records.find(|record| record.field == *name).unwrap()
}

#[test]
fn a_silent_error_takes_certainty_away_until_the_field_has_proved_itself() {
    let test = TestDesk::new();
    let first = extracted(&test);
    let certain = first
        .fields
        .iter()
        .map(|field| &field.candidate)
        .filter(|field| ["title", "issuer", "summary"].contains(&field.name.as_str()))
        .find(|field| field.grade_as_read() == Grade::Certain && field.source == Source::Ocr)
        .expect("a clean sample has a certain value");
    let name = certain.name.clone();
    // A text may be anything, so that the correction itself breaks no rule.
    let wrong = format!("{} 9", certain.value);
    let corrected = review::confirm_field(test.desk(), first.document.id, &name, &wrong).unwrap();
    finish(&test, corrected);

    let second = extracted(&test);
    let doubted = candidate(&second, &name);
    assert_eq!(doubted.grade, Grade::Check, "one of one was wrong");
    assert_eq!(doubted.doubts, [Doubt::PoorRecord]);
    assert!(second.open.contains(&name), "so a person looks");
    let record = found(&test, &name);
    assert_eq!(record.certain, Proportion::new(1, 1));
    assert!(record.calibration.poor_record);
    finish(&test, second);
    assert_eq!(
        found(&test, &name).certain,
        Proportion::new(1, 2),
        "the look that the record asked for makes the record better"
    );
}

#[test]
fn what_a_machine_confirmed_says_nothing_of_the_grades() {
    let test = TestDesk::new();
    let review = extracted(&test);
    let confirmed = review::confirm_all(test.desk(), review.document.id).unwrap();
    deposit::deposit(test.desk(), confirmed.document.id).unwrap();
    assert_eq!(trust::report(test.desk()).unwrap(), []);
}

#[test]
fn the_same_paper_read_again_gets_the_same_sample() {
    let test = TestDesk::new();
    let first = extracted(&test);
    let again = review::extract_document(test.desk(), first.document.id, None, &|_| {})
        .unwrap()
        .0;
    let grades = |review: &review::Review| -> Vec<(FieldName, Vec<Doubt>)> {
        let fields = review.fields.iter().map(|field| &field.candidate);
        fields
            .map(|field| (field.name.clone(), field.doubts.clone()))
            .collect()
    };
    assert_eq!(grades(&first), grades(&again));
}

#[test]
fn the_report_tells_how_often_the_kind_was_right_and_how_often_wrong_with_certainty() {
    let mut test = TestDesk::new();
    finish(&test, extracted(&test));
    let second = extracted(&test);
    let other = "other".parse().unwrap();
    finish(
        &test,
        review::change_type(test.desk(), second.document.id, &other).unwrap(),
    );
    // What a machine confirmed at one stroke says nothing of kinds.
    let third = extracted(&test);
    let third = review::confirm_all(test.desk(), third.document.id).unwrap();
    deposit::deposit(test.desk(), third.document.id).unwrap();
    test.close();
    let vault = text(test.vault()).to_owned();
    let report = |more: &[&str]| {
        let output = sohoa(&[&["report", "reading", "--vault", &vault], more].concat());
        assert_eq!(
            code(&output),
            0,
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    };
    let kinds: Value = serde_json::from_str(&report(&["--json"])).unwrap();
    assert_eq!(
        kinds["kinds"],
        json!([
            {"kind": "official_document", "papers": 1, "right": 1, "certain": 1, "certain_wrong": 0},
            {"kind": "other", "papers": 1, "right": 0, "certain": 1, "certain_wrong": 1},
        ])
    );
    assert!(
        report(&[])
            .contains("other: 0 of 1 papers seen to be that, 1 certain, 1 certain and wrong")
    );
}

fn known_answers(folder: &Path) {
    std::fs::copy(sample(SAMPLE), folder.join("paper.jpg")).unwrap();
    let samples: Value =
        serde_json::from_slice(&std::fs::read(sample("samples.json")).unwrap()).unwrap();
    let mut truth = samples["papers"][0].clone();
    truth.as_object_mut().unwrap().remove("files");
    // One truth that the paper does not bear out: it must be told apart.
    truth["fields"]["scope"] = json!("không có trên giấy này");
    std::fs::write(folder.join("paper.json"), truth.to_string()).unwrap();
}

#[test]
fn the_report_measures_known_answer_pages_and_names_no_value() {
    let folder = tempfile::tempdir().unwrap();
    known_answers(folder.path());
    let output = sohoa(&[
        "report",
        "reading",
        "--known",
        text(folder.path()),
        "--json",
    ]);
    assert_eq!(
        code(&output),
        0,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let printed = String::from_utf8(output.stdout).unwrap();
    let report: Value = serde_json::from_str(&printed).unwrap();
    let known = &report["known"];
    assert_eq!(
        (&known["papers"], &known["kinds_right"]),
        (&json!(1), &json!(1))
    );
    let kinds = known["kinds"].as_array().unwrap();
    assert_eq!(kinds.len(), 1);
    assert_eq!(kinds[0]["kind"], "official_document");
    assert_eq!(
        (&kinds[0]["right"], &kinds[0]["certain_wrong"]),
        (&json!(1), &json!(0))
    );
    let of = |field: &str| {
        let fields = known["fields"].as_array().unwrap();
        fields
            .iter()
            .find(|found| found["field"] == field)
            .unwrap()
            .clone()
    };
    assert_eq!(of("number")["right"], 1);
    assert_eq!(of("scope")["right"], 0);
    let (errors, characters) = (
        known["character_errors"].as_u64().unwrap(),
        known["characters"].as_u64().unwrap(),
    );
    assert!(
        characters > 500 && errors * 10 < characters,
        "{errors} of {characters}"
    );
    for personal in ["Đỗ Thị Hương", "357/QĐ-UBND", "099194701940"] {
        assert!(!printed.contains(personal), "a report holds no value");
    }
}
