//! A person confirms or corrects; nothing below `certain` passes unseen.

use desk::{Error, Refusal, deposit, review, scan};
use domain::field::{FieldName, Grade, Source};
use support::test_desk::{TestDesk, sample};

use crate::scan::document;

fn extracted(test: &TestDesk, file: &str) -> review::Review {
    let document = document(test);
    scan::add_file(test.desk(), document.id, &sample(file), &mut |_| {}).unwrap();
    review::extract_document(test.desk(), document.id, None, &|_| {})
        .unwrap()
        .0
}

fn name(text: &str) -> FieldName {
    text.parse().unwrap()
}

#[test]
fn nothing_below_certain_is_deposited_unseen() {
    let test = TestDesk::new();
    let mut review = extracted(&test, "1-official-document.jpg");
    let doubtful: Vec<FieldName> = review
        .fields
        .iter()
        .filter(|field| field.candidate.grade == Grade::Check)
        .map(|field| field.candidate.name.clone())
        .collect();
    for open in &doubtful {
        assert!(
            review.open.contains(open),
            "{open} is doubtful and must be open"
        );
    }
    while let Some(open) = review.open.first().cloned() {
        let refused = deposit::deposit(test.desk(), review.document.id).unwrap_err();
        assert!(
            matches!(&refused, Error::Refused(Refusal::FieldsOpen(fields)) if fields.contains(&open)),
            "{refused}"
        );
        let field = review
            .fields
            .iter()
            .find(|field| field.candidate.name == open)
            .unwrap();
        let value = field.candidate.value.clone();
        review = review::confirm_field(test.desk(), review.document.id, &open, &value).unwrap();
    }
    let record = deposit::deposit(test.desk(), review.document.id).unwrap();
    for value in record.values {
        let certain = review.fields.iter().any(|field| {
            field.candidate.name == value.name && field.candidate.grade == Grade::Certain
        });
        assert!(
            value.confirmed_by.is_some() || certain,
            "{} has nobody who answers for it",
            value.name
        );
    }
}

#[test]
fn a_correction_keeps_what_had_been_proposed_and_can_be_taken_back() {
    let test = TestDesk::new();
    let review = extracted(&test, "1-official-document.jpg");
    let id = review.document.id;
    let number = name("number");
    let proposed = review
        .fields
        .iter()
        .find(|field| field.candidate.name == number)
        .unwrap()
        .candidate
        .value
        .clone();
    let corrected = review::confirm_field(test.desk(), id, &number, "999/QĐ-UBND").unwrap();
    let field = corrected
        .fields
        .iter()
        .find(|field| field.candidate.name == number)
        .unwrap();
    let value = field.value.as_ref().unwrap();
    assert_eq!(
        (value.value.as_str(), value.source),
        ("999/QĐ-UBND", Source::Officer)
    );
    assert_eq!(
        value.proposed.as_ref().map(|was| was.value.clone()),
        Some(proposed),
        "what the machine said is kept"
    );
    let undone = review::undo_field(test.desk(), id, &number).unwrap();
    assert!(
        undone
            .fields
            .iter()
            .find(|field| field.candidate.name == number)
            .unwrap()
            .value
            .is_none()
    );
}

#[test]
fn a_value_that_breaks_its_rule_and_a_field_that_is_not_there_are_refused() {
    let test = TestDesk::new();
    let id = extracted(&test, "1-official-document.jpg").document.id;
    let refused =
        review::confirm_field(test.desk(), id, &name("issued_on"), "31/02/2026").unwrap_err();
    assert!(
        matches!(refused, Error::Refused(Refusal::ValueBreaksRule(_))),
        "{refused}"
    );
    let refused = review::confirm_field(test.desk(), id, &name("no_such_field"), "x").unwrap_err();
    assert!(
        matches!(refused, Error::Refused(Refusal::UnknownField(_))),
        "{refused}"
    );
}

#[test]
fn another_type_brings_the_fields_of_its_form() {
    let test = TestDesk::new();
    let review = extracted(&test, "1-official-document.jpg");
    assert_eq!(
        review
            .document
            .document_type
            .as_ref()
            .unwrap()
            .document_type
            .as_str(),
        "official_document"
    );
    let other = "birth_certificate".parse().unwrap();
    let changed = review::change_type(test.desk(), review.document.id, &other).unwrap();
    let of_form: Vec<&str> = changed
        .form
        .as_ref()
        .unwrap()
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    let proposed: Vec<&str> = changed
        .fields
        .iter()
        .map(|field| field.candidate.name.as_str())
        .collect();
    assert_eq!(
        proposed, of_form,
        "one candidate per field, in the order of the form"
    );
    assert_eq!(
        changed.document.document_type.unwrap().grade,
        Grade::Certain,
        "an officer has said so"
    );
}
