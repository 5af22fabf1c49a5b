//! Every kind of paper, drawn as an office scans it and read as the product reads it.

use std::path::Path;

use desk::Catalogue;
use desk::reading::Reader;
use domain::field::Grade;
use domain::fold::normalise;
use support::paper_maker::{Kind, PaperMaker, Wear, fonts_folder};
use support::test_desk::{sample, settings};

/// One paper of each; `make bench-drawn` reads many.
const SEED: u64 = 3;

/// Of the fields of a paper so many are right as proposed, at least.
const LEAST_RIGHT: f32 = 0.9;

/// The kind is right, nothing wrong is certain, and hardly anything is wrong.
fn check(kinds: &[Kind]) {
    let maker = PaperMaker::open(&fonts_folder()).unwrap();
    let catalogue = Catalogue::builtin();
    for kind in kinds {
        let reader = Reader::new(&settings(Path::new("")));
        let paper = maker.draw(*kind, SEED).scanned(&Wear::OFFICE);
        let reading = reader.read(&paper.jpegs(88), None, &|_| {}).unwrap();
        let seen = &reading.recognised.document_type;
        assert_eq!(
            (seen.document_type.as_str(), seen.grade),
            (paper.truth.document_type, Grade::Certain)
        );
        let form = catalogue.form(&seen.document_type).unwrap();
        let mut wrong = Vec::new();
        for (name, value) in &paper.truth.fields {
            let field = form.field(&name.parse().unwrap()).unwrap();
            let found = reading.fields.iter().find(|found| found.name == field.name);
            let found = found.unwrap();
            let right = normalise(&found.value).to_lowercase() == normalise(value).to_lowercase();
            let said = format!("{kind:?} {name}: {:?}, on the paper {value:?}", found.value);
            assert!(
                right || found.grade != Grade::Certain,
                "certain and wrong: {said}"
            );
            if !right {
                wrong.push(said);
            }
        }
        let share = 1.0 - wrong.len() as f32 / paper.truth.fields.len() as f32;
        assert!(share >= LEAST_RIGHT, "{kind:?}: {wrong:#?}");
    }
}

#[test]
fn papers_of_the_civil_status_are_read() {
    check(&[
        Kind::MarriageCertificate,
        Kind::MaritalStatusConfirmation,
        Kind::CivilStatusExtract,
    ]);
}

#[test]
fn papers_of_land_and_building_are_read() {
    check(&[Kind::LandCertificate, Kind::ConstructionPermit]);
}

#[test]
fn papers_of_the_business_registry_are_read() {
    check(&[Kind::EnterpriseRegistration, Kind::HouseholdBusiness]);
}

#[test]
fn an_identity_card_is_read() {
    check(&[Kind::IdCard]);
}

/// A worker keeps pages of papers that it read before. The second page of the first
/// paper takes longest, so that its worker is at hand for the next paper while the
/// other one still keeps the first page.
#[test]
fn a_reader_takes_no_page_of_another_paper() {
    let page = |name: &str| std::fs::read(sample(name)).unwrap();
    let texts = |reader: &Reader, paper: &[Vec<u8>]| -> Vec<String> {
        let reading = reader.read(paper, None, &|_| {}).unwrap();
        let pages = reading.recognised.pages.iter();
        pages.map(|page| page.text.text()).collect()
    };
    let two_pages = [
        page("3-application-page-2.jpg"),
        page("3-application-page-1.jpg"),
    ];
    let next = [page("1-official-document.jpg")];
    let alone = texts(&Reader::new(&settings(Path::new(""))), &next);
    let shared = Reader::new(&settings(Path::new("")));
    for _ in 0..2 {
        texts(&shared, &two_pages);
        assert_eq!(texts(&shared, &next), alone);
    }
}
