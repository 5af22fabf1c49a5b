//! Officers teach the desk a kind of paper that no rule knows.

use std::path::PathBuf;

use desk::{deposit, kinds, review, scan};
use domain::document::DocumentType;
use domain::field::Grade;
use support::paper_maker::{Kind, PaperMaker, Wear, fonts_folder};
use support::test_desk::{TestDesk, sample};

use crate::scan::document;

/// What the officers of this test call the drawn declaration, which the rules know
/// only as a paper of no known kind.
const OWN: &str = "marital_status_confirmation";

fn own() -> DocumentType {
    OWN.parse().unwrap()
}

/// The first page of a declaration, as scanned; another family for each seed.
fn declaration(test: &TestDesk, maker: &PaperMaker, seed: u64) -> PathBuf {
    let paper = maker.draw(Kind::Application, seed).scanned(&Wear::OFFICE);
    let file = test.folder().join(format!("declaration-{seed}.jpg"));
    std::fs::write(&file, &paper.jpegs(88)[0]).unwrap();
    file
}

fn extracted(test: &TestDesk, file: &std::path::Path) -> review::Review {
    let document = document(test);
    scan::add_file(test.desk(), document.id, file, &mut |_| {}).unwrap();
    let extracted = review::extract_document(test.desk(), document.id, None, &|_| {});
    extracted.unwrap().0
}

fn kind(review: &review::Review) -> (String, Grade) {
    let kind = review.document.document_type.as_ref().unwrap();
    (kind.document_type.to_string(), kind.grade)
}

/// A person says what kind it is, and leaves every open field as "none on the paper".
fn correct_and_deposit(test: &TestDesk, review: &review::Review) {
    let mut review = review::change_type(test.desk(), review.document.id, &own()).unwrap();
    while let Some(open) = review.open.first().cloned() {
        review = review::confirm_field(test.desk(), review.document.id, &open, "").unwrap();
    }
    deposit::deposit(test.desk(), review.document.id).unwrap();
}

#[test]
fn a_form_of_the_office_s_own_is_proposed_after_three_corrections() {
    let test = TestDesk::new();
    let maker = PaperMaker::open(&fonts_folder()).unwrap();
    for seed in 11..14 {
        let review = extracted(&test, &declaration(&test, &maker, seed));
        assert_eq!(
            kind(&review),
            ("other".to_owned(), Grade::Check),
            "not yet taught"
        );
        correct_and_deposit(&test, &review);
    }
    let fourth = declaration(&test, &maker, 14);
    let proposed = extracted(&test, &fourth);
    assert_eq!(
        kind(&proposed),
        (OWN.to_owned(), Grade::Check),
        "what was taught is proposed, and never certain"
    );
    assert_eq!(proposed.open[0].as_str(), "document_type");
    let other = extracted(&test, &sample("2-birth-certificate.jpg"));
    assert_eq!(
        kind(&other),
        ("birth_certificate".to_owned(), Grade::Certain),
        "the rules know this one, and nobody else is asked"
    );
    assert_eq!(kinds::forget(test.desk()).unwrap(), 3);
    assert_eq!(kind(&extracted(&test, &fourth)).0, "other");
    let learnt = kinds::learn(test.desk()).unwrap();
    assert_eq!(learnt.into_iter().collect::<Vec<_>>(), [(own(), 3)]);
    assert_eq!(kind(&extracted(&test, &fourth)).0, OWN);
}

#[test]
fn what_a_machine_confirmed_teaches_nothing() {
    let test = TestDesk::new();
    let review = extracted(&test, &sample("3-application-page-1.jpg"));
    review::confirm_all(test.desk(), review.document.id).unwrap();
    deposit::deposit(test.desk(), review.document.id).unwrap();
    assert!(kinds::taught(test.desk()).unwrap().is_empty());
}
