//! What people found is drawn from deposits, and from nothing that a machine did.

use domain::audit::Act;
use domain::document::{Document, DocumentType};
use domain::field::{Doubt, FieldCandidate, FieldName, Grade};
use domain::trust::Proportion;

use super::{TestVault, value};
use crate::Error;

const NUMBER: &str = "number";
const PROPOSED: &str = "15/QĐ-UBND";

fn kind() -> DocumentType {
    "birth_certificate".parse().unwrap()
}

fn field() -> FieldName {
    NUMBER.parse().unwrap()
}

fn candidate(doubts: &[Doubt], grade: Grade) -> FieldCandidate {
    let mut candidate = FieldCandidate::empty(field());
    candidate.value = PROPOSED.to_owned();
    candidate.doubts = doubts.to_vec();
    candidate.grade = grade;
    candidate
}

/// A paper with one proposal, about which these acts stand in the trail.
fn paper(test: &TestVault, proposal: &FieldCandidate, acts: &[fn(&Document) -> Act]) -> Document {
    let document = test.begun();
    test.vault
        .write(|writer| {
            writer.replace_candidates(document.id, std::slice::from_ref(proposal))?;
            for act in acts {
                writer.append_audit(&test.event(act(&document)))?;
            }
            Ok::<_, Error>(())
        })
        .unwrap();
    document
}

fn deposit(test: &TestVault, document: &Document, version: u32, decided: &str) {
    let copy = test.copy(document.id);
    let mut record = test.record(document, &copy, version);
    let mut decided = value(NUMBER, decided);
    decided.confirmed_by = Some(test.officer.id);
    record.values = vec![decided];
    test.vault
        .write(|writer| {
            writer.insert_copy(&copy)?;
            writer.insert_record(&record, "")
        })
        .unwrap();
}

fn confirmed(document: &Document) -> Act {
    Act::FieldConfirmed(document.id, NUMBER.to_owned())
}

fn corrected(document: &Document) -> Act {
    Act::FieldCorrected(document.id, NUMBER.to_owned())
}

fn by_machine(document: &Document) -> Act {
    Act::AllConfirmed(document.id)
}

fn looks(test: &TestVault, doubts: &[Doubt]) -> Proportion {
    while test.vault.write(|writer| writer.note_looks(2)).unwrap() > 0 {}
    test.vault
        .read(|reader| reader.last_looks(&kind(), &field(), doubts, 500))
        .unwrap()
}

/// One paper, proposed, decided, and what is noted under `noted`.
fn check(
    (doubts, grade): (&[Doubt], Grade),
    acts: &[fn(&Document) -> Act],
    decided: &str,
    noted: &[Doubt],
    expected: Proportion,
) {
    let test = TestVault::new();
    let document = paper(&test, &candidate(doubts, grade), acts);
    deposit(&test, &document, 1, decided);
    assert_eq!(looks(&test, noted), expected);
    assert_eq!(looks(&test, noted), expected, "noted once and not again");
}

#[test]
fn a_confirmed_sample_counts_as_a_certain_value_that_was_right() {
    let sampled = (&[Doubt::Sampled][..], Grade::Check);
    check(sampled, &[confirmed], PROPOSED, &[], Proportion::new(0, 1));
}

#[test]
fn a_corrected_certain_value_is_a_silent_error() {
    let certain = (&[][..], Grade::Certain);
    check(
        certain,
        &[corrected],
        "5/QĐ-UBND",
        &[],
        Proportion::new(1, 1),
    );
}

#[test]
fn a_check_counts_under_its_own_doubts_only() {
    let unsure = (&[Doubt::Unsure][..], Grade::Check);
    check(
        unsure,
        &[confirmed],
        PROPOSED,
        &[Doubt::Unsure],
        Proportion::new(0, 1),
    );
    check(unsure, &[confirmed], PROPOSED, &[], Proportion::default());
}

#[test]
fn another_place_of_the_tone_mark_is_no_error() {
    let test = TestVault::new();
    let mut proposal = candidate(&[], Grade::Certain);
    proposal.value = "Hoà".to_owned();
    let document = paper(&test, &proposal, &[confirmed]);
    deposit(&test, &document, 1, "Hòa");
    assert_eq!(looks(&test, &[]), Proportion::new(0, 1));
}

#[test]
fn what_nobody_looked_at_is_no_look() {
    let certain = (&[][..], Grade::Certain);
    check(certain, &[], PROPOSED, &[], Proportion::default());
    let unsure = (&[Doubt::Unsure][..], Grade::Check);
    let none = Proportion::default();
    check(unsure, &[by_machine], PROPOSED, &[Doubt::Unsure], none);
    // What was typed beforehand does not tell that anybody saw the proposal.
    check(
        unsure,
        &[confirmed, by_machine],
        PROPOSED,
        &[Doubt::Unsure],
        none,
    );
    check(
        unsure,
        &[by_machine, corrected],
        "5/QĐ-UBND",
        &[Doubt::Unsure],
        Proportion::new(1, 1),
    );
}

#[test]
fn a_correction_after_deposit_takes_the_place_of_the_look_before_it() {
    let test = TestVault::new();
    let document = paper(&test, &candidate(&[], Grade::Certain), &[confirmed]);
    deposit(&test, &document, 1, PROPOSED);
    assert_eq!(looks(&test, &[]), Proportion::new(0, 1));
    test.vault
        .write(|writer| writer.append_audit(&test.event(corrected(&document))))
        .unwrap();
    deposit(&test, &document, 2, "5/QĐ-UBND");
    assert_eq!(looks(&test, &[]), Proportion::new(1, 1));
}

#[test]
fn only_the_last_looks_are_asked_for_and_totals_keep_all() {
    let test = TestVault::new();
    for decided in ["5/QĐ-UBND", PROPOSED, PROPOSED] {
        let document = paper(&test, &candidate(&[], Grade::Certain), &[confirmed]);
        deposit(&test, &document, 1, decided);
    }
    assert_eq!(looks(&test, &[]), Proportion::new(1, 3));
    let last = |most| {
        test.vault
            .read(|reader| reader.last_looks(&kind(), &field(), &[], most))
            .unwrap()
    };
    assert_eq!(
        last(2),
        Proportion::new(0, 2),
        "the oldest is the wrong one"
    );
    let totals = test.vault.read(|reader| reader.look_totals()).unwrap();
    assert_eq!(totals.len(), 1);
    assert_eq!(
        (totals[0].passed, totals[0].found),
        (true, Proportion::new(1, 3))
    );
}

#[test]
fn every_vault_samples_by_a_secret_of_its_own_and_keeps_it() {
    let key = |test: &TestVault| test.vault.read(|reader| reader.sampling_key()).unwrap();
    let (test, other) = (TestVault::new(), TestVault::new());
    let before = key(&test);
    assert!(before != key(&other), "no vault can be foretold by another");
    assert!(
        before == key(&test.reopened()),
        "the same paper, the same answer"
    );
}
