//! Papers of one dossier say the same of the same people, or a person rules.

use desk::cross_check::{self, Disagreement};
use desk::reception::{NewComponent, NewDossier};
use desk::{Desk, Error, PersonPart, Refusal, deposit, reception, review, scan, search};
use domain::audit::Act;
use domain::disagreement::{Place, Settlement};
use domain::dossier::{Dossier, Owner, SubmittedAs};
use domain::field::FieldName;
use domain::ids::DocumentId;
use support::test_desk::{TestDesk, sample};

/// The child of the sample family, as both of its papers name it.
const NAME: &str = "LÊ PHÚC LÂM";
const ID: &str = "099225689678";
const BORN: &str = "28/04/2025";

/// The birth certificate and the application of the sample family in one dossier,
/// read and reviewed.
struct Papers {
    test: TestDesk,
    dossier: Dossier,
    birth: DocumentId,
    application: DocumentId,
}

fn papers(owner: Owner) -> Papers {
    let test = TestDesk::new();
    let component = |name: &str| NewComponent {
        name: name.into(),
        code: None,
        result_type: None,
        submitted_as: SubmittedAs::Original,
    };
    let new = NewDossier {
        owner,
        components: vec![component("Giấy khai sinh"), component("Tờ khai")],
        ..NewDossier::default()
    };
    let dossier = reception::receive(test.desk(), new).unwrap();
    let read = |at: usize, files: &[&str]| {
        let document = scan::begin(test.desk(), dossier.id, dossier.components[at].id).unwrap();
        for file in files {
            scan::add_file(test.desk(), document.id, &sample(file), &mut |_| {}).unwrap();
        }
        review::extract_document(test.desk(), document.id, None, &|_| {}).unwrap();
        document.id
    };
    let birth = read(0, &["2-birth-certificate.jpg"]);
    let application = read(1, &["3-application-page-1.jpg", "3-application-page-2.jpg"]);
    let papers = Papers {
        test,
        dossier,
        birth,
        application,
    };
    for document in [birth, application] {
        papers.say(document, "owner_name", NAME);
        papers.say(document, "owner_id", ID);
        papers.say(document, "owner_birth_date", BORN);
    }
    papers
}

fn name(text: &str) -> FieldName {
    text.parse().unwrap()
}

fn place(document: DocumentId, field: &str) -> Place {
    Place {
        document_id: Some(document),
        field: name(field),
    }
}

impl Papers {
    fn desk(&self) -> &Desk {
        self.test.desk()
    }

    fn say(&self, document: DocumentId, field: &str, value: &str) {
        review::confirm_field(self.desk(), document, &name(field), value).unwrap();
    }

    fn says(&self, document: DocumentId, field: &str) -> String {
        let fields = review::review(self.desk(), document).unwrap().fields;
        let field = fields
            .into_iter()
            .find(|found| found.candidate.name == name(field))
            .unwrap();
        field
            .value
            .map_or(field.candidate.value, |value| value.value)
    }

    fn found(&self) -> Vec<Disagreement> {
        cross_check::of_dossier(self.desk(), self.dossier.id).unwrap()
    }

    fn parts(&self) -> Vec<PersonPart> {
        self.found().iter().map(|found| found.part).collect()
    }

    fn rule(&self, field: &str, settlement: Settlement) -> domain::disagreement::Ruling {
        let (first, other) = (place(self.birth, field), place(self.application, field));
        cross_check::rule(self.desk(), self.dossier.id, &first, &other, settlement).unwrap()
    }

    /// Everything else of a paper is settled, as a person would.
    fn confirm_rest(&self, document: DocumentId) {
        loop {
            let review = review::review(self.desk(), document).unwrap();
            let Some(open) = review.open.first() else {
                return;
            };
            if open.as_str() == "document_type" {
                let kind = review.document.document_type.clone().unwrap().document_type;
                review::change_type(self.desk(), document, &kind).unwrap();
            } else {
                let field = review
                    .fields
                    .iter()
                    .find(|field| field.candidate.name == *open);
                let proposed = field.unwrap().candidate.value.clone();
                review::confirm_field(self.desk(), document, open, &proposed).unwrap();
            }
        }
    }
}

#[test]
fn every_seeded_disagreement_is_found_and_equal_papers_raise_none() {
    let papers = papers(Owner::default());
    assert!(papers.found().is_empty(), "the papers of one family agree");
    for (field, same) in [
        ("owner_name", "Lê Phúc Lâm"),
        ("owner_name", "Lâm Lê Phúc"),
        ("owner_birth_date", "2025"),
    ] {
        papers.say(papers.application, field, same);
        assert!(papers.found().is_empty(), "{field}: {same}");
    }
    papers.say(papers.application, "owner_name", "Lê Phúc Hoà");
    papers.say(papers.birth, "owner_name", "LÊ PHÚC HÒA");
    assert!(papers.found().is_empty(), "either place of the tone mark");
    for document in [papers.birth, papers.application] {
        papers.say(document, "owner_name", NAME);
        papers.say(document, "owner_birth_date", BORN);
    }
    for (field, slip, part, right) in [
        ("owner_name", "LÊ PHÚC LẪM", PersonPart::Name, NAME),
        ("owner_id", "099225689679", PersonPart::Id, ID),
        (
            "owner_birth_date",
            "29/04/2025",
            PersonPart::BirthDate,
            BORN,
        ),
    ] {
        for document in [papers.birth, papers.application] {
            papers.say(document, field, slip);
            let found = papers.found();
            assert_eq!(papers.parts(), [part], "{field}");
            assert!(
                found[0].first.seen.is_some() && found[0].other.seen.is_some(),
                "both sides can be shown"
            );
            papers.say(document, field, right);
            assert!(papers.found().is_empty());
        }
    }
}

#[test]
fn a_ruling_settles_and_can_be_taken_back() {
    let papers = papers(Owner::default());
    papers.say(papers.application, "owner_name", "LÊ PHÚC LẪM");
    papers.confirm_rest(papers.application);
    let refused = deposit::deposit(papers.desk(), papers.application).unwrap_err();
    assert!(
        matches!(refused, Error::Refused(Refusal::PapersDisagree(1))),
        "{refused}"
    );

    let ruling = papers.rule("owner_name", Settlement::FirstRight);
    assert_eq!(papers.says(papers.application, "owner_name"), NAME);
    assert!(papers.found().is_empty());
    cross_check::take_back(papers.desk(), ruling.id).unwrap();
    assert_eq!(papers.says(papers.application, "owner_name"), "LÊ PHÚC LẪM");
    assert_eq!(papers.parts(), [PersonPart::Name], "it is asked again");
    assert!(
        cross_check::take_back(papers.desk(), ruling.id).is_err(),
        "what was taken back stands no more"
    );

    papers.rule("owner_name", Settlement::BothAsWritten);
    assert!(papers.found().is_empty());
    papers.say(papers.application, "owner_name", "LÊ PHÚC LÃM");
    assert_eq!(
        papers.parts(),
        [PersonPart::Name],
        "a ruling holds for what was ruled about"
    );

    papers.say(papers.application, "owner_birth_date", "29/04/2025");
    papers.rule("owner_name", Settlement::TwoPeople);
    assert!(
        papers.found().is_empty(),
        "two people may differ in everything"
    );
    deposit::deposit(papers.desk(), papers.application).unwrap();
}

#[test]
fn what_is_right_reaches_stored_papers_and_the_owner_as_received() {
    let owner = Owner {
        id: Some(ID.parse().unwrap()),
        name: Some("Lê Phúc Lấm".into()),
        ..Owner::default()
    };
    let papers = papers(owner);
    assert_eq!(papers.parts(), [PersonPart::Name], "owner against papers");
    let received = Place {
        document_id: None,
        field: name("owner_name"),
    };
    let right = place(papers.birth, "owner_name");
    let id = papers.dossier.id;
    cross_check::rule(papers.desk(), id, &received, &right, Settlement::OtherRight).unwrap();
    let dossier = reception::dossier(papers.desk(), id).unwrap();
    assert_eq!(dossier.owner.name.as_deref(), Some(NAME));
    assert!(papers.found().is_empty());

    papers.confirm_rest(papers.birth);
    let stored = deposit::deposit(papers.desk(), papers.birth).unwrap();
    papers.say(papers.application, "owner_id", "099225689679");
    papers.rule("owner_id", Settlement::OtherRight);
    let shown = search::reveal_all(papers.desk(), &stored.local_code.to_string()).unwrap();
    assert_eq!(shown.record.version, 2, "a correction is a new version");
    let value = shown
        .record
        .values
        .iter()
        .find(|value| value.name == name("owner_id"));
    assert_eq!(value.unwrap().value, "099225689679");
    assert!(
        shown.history.iter().any(
            |event| matches!(&event.act, Act::FieldCorrected(_, field) if field == "owner_id")
        )
    );
}

#[test]
fn the_birth_date_of_the_card_is_compared_with_the_papers() {
    let papers = papers(Owner {
        id: Some(ID.parse().unwrap()),
        name: Some(NAME.into()),
        birth_on: "2025-04-29".parse().ok(),
        ..Owner::default()
    });
    assert_eq!(papers.parts(), [PersonPart::BirthDate]);
    let received = Place {
        document_id: None,
        field: name("owner_birth_date"),
    };
    let right = place(papers.birth, "owner_birth_date");
    let id = papers.dossier.id;
    cross_check::rule(papers.desk(), id, &received, &right, Settlement::OtherRight).unwrap();
    let owner = reception::dossier(papers.desk(), id).unwrap().owner;
    assert_eq!(owner.birth_on, "2025-04-28".parse().ok());
    assert_eq!(owner.name.as_deref(), Some(NAME), "nothing else is touched");
    assert!(papers.found().is_empty());
}
