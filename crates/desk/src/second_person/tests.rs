use std::fs;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::copy::ElectronicCopy;
use domain::digest::Digest;
use domain::document::{DocumentState, RecognisedType};
use domain::dossier::{Owner, SubmittedAs};
use domain::field::{FieldCandidate, Grade};
use domain::ids::{ElectronicCopyId, OfficerId};
use domain::office::Officer;
use domain::rights::Roles;
use extraction::Catalogue;
use tempfile::TempDir;
use uuid::Uuid;
use vault::Passphrase;

use super::*;
use crate::reception::{NewComponent, NewDossier};
use crate::{Clock, Resources, Settings, deposit, group, reception, review, scan, session};

/// A desk with two officers, and a paper whose number takes both of them.
struct TwoOfficers {
    desk: Desk,
    officers: [Officer; 2],
    document_id: DocumentId,
    _folder: TempDir,
}

fn now() -> DateTime<Utc> {
    "2026-11-20T02:00:00Z".parse().unwrap()
}

/// The forms of the program, the number of an official document taking two officers.
fn catalogue(folder: &Path) -> Catalogue {
    let forms = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms");
    fs::create_dir_all(folder.join("types")).unwrap();
    for name in ["procedures.json", "code_templates.json", "trust.json"] {
        fs::copy(forms.join(name), folder.join(name)).unwrap();
    }
    for name in ["official_document.json", "other.json"] {
        let text = fs::read_to_string(forms.join("types").join(name)).unwrap();
        let mut form: serde_json::Value = serde_json::from_str(&text).unwrap();
        for field in form["fields"].as_array_mut().unwrap() {
            field["second_person"] = (field["name"] == "number").into();
        }
        fs::write(folder.join("types").join(name), form.to_string()).unwrap();
    }
    Catalogue::load(folder).unwrap()
}

fn candidate(name: &FieldName, value: &str, grade: Grade) -> FieldCandidate {
    FieldCandidate {
        value: value.to_owned(),
        grade,
        ..FieldCandidate::empty(name.clone())
    }
}

fn number() -> FieldName {
    "number".parse().unwrap()
}

impl TwoOfficers {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            vault: folder.path().join("vault"),
            resources: Resources::find().unwrap(),
            worker_program: "no worker is needed".into(),
            clock: Clock::Fixed(now()),
            forms: None,
        };
        let passphrase = Passphrase::new("Hai-nguoi-2026".to_owned());
        let office = "H55.242".parse().unwrap();
        let (mut desk, _) =
            session::create(&settings, office, "Trần Thị Thử", &passphrase).unwrap();
        desk.catalogue = Arc::new(catalogue(&folder.path().join("forms")));
        let second = Officer {
            id: OfficerId::from_uuid(Uuid::now_v7()),
            name: "Lê Văn Mẫu".to_owned(),
        };
        desk.vault
            .write(|write| write.insert_officer(&second, Roles::ALONE, false, now()))
            .unwrap();
        let document_id = paper(&desk);
        Self {
            officers: [desk.officer.clone(), second],
            desk,
            document_id,
            _folder: folder,
        }
    }

    /// Lets that officer sit at the desk.
    fn seat(&mut self, officer: usize) -> &Desk {
        self.desk.officer = self.officers[officer].clone();
        &self.desk
    }

    fn enters(&mut self, officer: usize, value: &str) -> Result<review::Review, Error> {
        let id = self.document_id;
        review::confirm_field(self.seat(officer), id, &number(), value)
    }

    fn review(&mut self, officer: usize) -> review::Review {
        let id = self.document_id;
        review::review(self.seat(officer), id).unwrap()
    }

    fn deposits(&mut self, officer: usize) -> Result<domain::record::Record, Error> {
        let id = self.document_id;
        deposit::deposit(self.seat(officer), id)
    }
}

/// A paper that was read: everything on it is certain.
fn paper(desk: &Desk) -> DocumentId {
    let dossier = reception::receive(
        desk,
        NewDossier {
            owner: Owner::default(),
            procedure: None,
            components: vec![NewComponent {
                name: String::new(),
                code: None,
                result_type: None,
                submitted_as: SubmittedAs::Original,
            }],
        },
    )
    .unwrap();
    let document = scan::begin(desk, dossier.id, dossier.components[0].id).unwrap();
    let sealed = desk.vault.seal(b"a copy").unwrap();
    let copy = ElectronicCopy {
        id: ElectronicCopyId::from_uuid(Uuid::now_v7()),
        document_id: document.id,
        digest: Digest::of(b"a copy"),
        sealed_digest: sealed.sealed_digest,
        size_bytes: sealed.size_bytes,
        pages: Vec::new(),
        made_at: now(),
        digitised_by: desk.officer.id,
        signature: None,
        born_electronic: false,
    };
    let document_type: domain::document::DocumentType = "official_document".parse().unwrap();
    let form = desk.catalogue.form(&document_type).unwrap();
    let candidates: Vec<FieldCandidate> = form
        .fields
        .iter()
        .map(|field| match field.value_type.name() {
            "document_number" => candidate(&field.name, "115/NQ-CP", Grade::Certain),
            "date" => candidate(&field.name, "2026-04-29", Grade::Certain),
            "text" => candidate(&field.name, "Về việc thử", Grade::Certain),
            _ => FieldCandidate::empty(field.name.clone()),
        })
        .collect();
    desk.vault
        .write(|write| {
            write.set_document_type(
                document.id,
                &RecognisedType {
                    document_type: document_type.clone(),
                    grade: Grade::Certain,
                },
            )?;
            write.replace_candidates(document.id, &candidates)?;
            write.insert_copy(&copy)?;
            write.set_document_state(document.id, DocumentState::Extracted)
        })
        .unwrap();
    document.id
}

fn is_refused(answer: &Result<review::Review, Error>, why: NotThisOfficer) -> bool {
    matches!(answer, Err(Error::Refused(Refusal::TakesTwo(_, refused))) if *refused == why)
}

#[test]
fn a_certain_value_of_such_a_field_is_open_all_the_same() {
    let mut two = TwoOfficers::new();
    assert_eq!(two.review(0).open, [number()]);
    assert!(matches!(
        two.deposits(0),
        Err(Error::Refused(Refusal::FieldsOpen(_)))
    ));
}

#[test]
fn the_same_officer_is_never_both() {
    let mut two = TwoOfficers::new();
    let review = two.enters(0, "115/NQ-CP").unwrap();
    assert!(review.open.is_empty());
    assert_eq!(review.for_another, [number()]);
    assert!(is_refused(
        &two.enters(0, "115/NQ-CP"),
        NotThisOfficer::SecondMustBeAnother
    ));
    assert!(matches!(
        two.deposits(0),
        Err(Error::Refused(Refusal::AnotherOfficer(fields))) if fields == [number()]
    ));
}

#[test]
fn two_officers_who_come_to_the_same_answer_for_it_together() {
    let mut two = TwoOfficers::new();
    two.enters(0, "116/NQ-CP").unwrap();
    let seen = two.review(1);
    assert_eq!(seen.open, [number()], "it is the second's turn");
    assert_eq!(seen.takes_two[&number()].turn, Turn::Second);
    assert!(
        seen.takes_two[&number()].entries.is_empty(),
        "who is to enter by himself is not shown what the first entered"
    );
    let review = two.enters(1, "116/NQ-CP").unwrap();
    assert!(review.open.is_empty() && review.for_another.is_empty());
    let record = two.deposits(1).unwrap();
    let mut values = record.values.iter();
    let value = values.find(|value| value.name == number()).unwrap();
    assert_eq!(value.value, "116/NQ-CP");
    assert_eq!(value.confirmed_by, Some(two.officers[1].id));
    assert_eq!(value.seconded_by, Some(two.officers[0].id));
    let id = two.document_id;
    let kept = two.desk.vault.read(|read| read.latest_record(id)).unwrap();
    assert_eq!(kept, Some(record), "the vault keeps both of them");
}

#[test]
fn where_they_differ_one_of_them_decides() {
    let mut two = TwoOfficers::new();
    two.enters(0, "115/NQ-CP").unwrap();
    let differ = two.enters(1, "445/NQ-CP").unwrap();
    assert_eq!(differ.open, [number()]);
    let seen = &differ.takes_two[&number()];
    assert_eq!(seen.entries, ["115/NQ-CP", "445/NQ-CP"], "both are shown");
    assert_eq!(two.review(0).open, [number()], "either may decide");
    two.enters(0, "445/NQ-CP").unwrap();
    let record = two.deposits(0).unwrap();
    let mut values = record.values.iter();
    let value = values.find(|value| value.name == number()).unwrap();
    assert_eq!(value.value, "445/NQ-CP");
}

#[test]
fn taking_back_leaves_what_the_other_entered() {
    let mut two = TwoOfficers::new();
    let id = two.document_id;
    two.enters(0, "115/NQ-CP").unwrap();
    two.enters(1, "115/NQ-CP").unwrap();
    review::undo_field(two.seat(1), id, &number()).unwrap();
    let review = two.review(0);
    assert_eq!(review.for_another, [number()]);
    assert_eq!(review.takes_two[&number()].entries, ["115/NQ-CP"]);
    // A third entry of the first officer falls with what it decided between.
    two.enters(1, "445/NQ-CP").unwrap();
    two.enters(0, "445/NQ-CP").unwrap();
    review::undo_field(two.seat(1), id, &number()).unwrap();
    assert_eq!(two.review(0).for_another, [number()]);
    assert!(
        two.review(0)
            .fields
            .iter()
            .all(|field| field.value.is_none())
    );
}

#[test]
fn what_was_settled_is_corrected_only_by_two_again() {
    let mut two = TwoOfficers::new();
    two.enters(0, "115/NQ-CP").unwrap();
    two.enters(1, "115/NQ-CP").unwrap();
    let review = two.enters(1, "116/NQ-CP").unwrap();
    assert_eq!(review.for_another, [number()]);
    assert!(review.fields.iter().all(|field| field.value.is_none()));
}

#[test]
fn neither_one_stroke_nor_the_wall_nor_a_correction_goes_round_it() {
    let mut two = TwoOfficers::new();
    let id = two.document_id;
    let review = review::confirm_all(two.seat(0), id).unwrap();
    assert_eq!(review.open, [number()], "a stroke is nobody's own entry");
    let waiting = group::waiting_values(two.seat(0)).unwrap();
    assert!(waiting.iter().all(|value| value.candidate.name != number()));
    two.enters(0, "115/NQ-CP").unwrap();
    two.enters(1, "115/NQ-CP").unwrap();
    two.deposits(1).unwrap();
    assert!(matches!(
        deposit::correct(two.seat(0), id, &number(), "1/NQ-CP"),
        Err(Error::Refused(Refusal::TakesTwo(..)))
    ));
}

#[test]
fn no_entry_shows_in_what_is_logged() {
    let mut two = TwoOfficers::new();
    let review = two.enters(0, "115/NQ-CP").unwrap();
    assert!(!format!("{:?}", review.takes_two).contains("115"));
}
