//! Reuse before scan: the second dossier of a person needs no second scan.

use desk::digitise::{Accept, Outcome, Paper, digitise};
use desk::reception::{NewComponent, NewDossier, receive};
use desk::{Desk, Error, Refusal, reuse, scan};
use domain::dossier::{Dossier, Owner, SubmittedAs};
use domain::record::Record;
use domain::reuse::{Digitising, WhyNot};
use support::test_desk::{TestDesk, sample};

use crate::command_line::{code, lines, sohoa, text};

const OWNER: &str = "001093047064";
const COMPONENT: &str = "TP-H05.000026";

/// A paper of the owner that is deposited, as the answer to that component.
pub(crate) fn deposited(desk: &Desk) -> Record {
    let paper = Paper {
        files: vec![sample("1-official-document.jpg")],
        owner: Owner {
            id: Some(OWNER.parse().unwrap()),
            ..Owner::default()
        },
        component: Some(COMPONENT.parse().unwrap()),
        accept: Accept::All,
        ..Paper::default()
    };
    match digitise(desk, &paper).unwrap().0 {
        Outcome::Deposited(record) => *record,
        other @ Outcome::NeedsReview(..) => panic!("not deposited: {other:?}"),
    }
}

fn component(code: Option<&str>, submitted_as: SubmittedAs) -> NewComponent {
    NewComponent {
        name: "Quyết định".to_owned(),
        code: code.map(|code| code.parse().unwrap()),
        result_type: None,
        submitted_as,
    }
}

fn dossier_of(desk: &Desk, owner: &str) -> Dossier {
    let new = NewDossier {
        owner: Owner {
            id: Some(owner.parse().unwrap()),
            ..Owner::default()
        },
        components: vec![
            component(Some(COMPONENT), SubmittedAs::Original),
            component(None, SubmittedAs::CertifiedCopy),
        ],
        ..NewDossier::default()
    };
    receive(desk, new).unwrap()
}

// Circular 01/2023/TT-VPCP, art. 6 and 8(3).
#[test]
fn a_paper_that_is_digitised_is_offered_linked_counted_and_given_back() {
    let test = TestDesk::new();
    let desk = test.desk();
    let record = deposited(desk);
    let dossier = dossier_of(desk, OWNER);
    let [first, second] = [0, 1].map(|at| dossier.components[at].id);
    let answered = reuse::of_dossier(desk, dossier.id).unwrap();
    assert_eq!(answered[0].offers.len(), 1);
    assert_eq!(answered[0].offers[0].paper.document_id, record.document_id);
    assert!(answered[0].offers[0].in_force);
    assert!(answered[1].offers.is_empty(), "of another kind");
    assert_eq!(
        answered[1].digitising,
        Digitising::LeaveOut(WhyNot::CopyOnPaper)
    );

    reuse::link(desk, dossier.id, first, record.document_id).unwrap();
    let total = reuse::total(desk).unwrap();
    assert_eq!((total.reused, total.dossiers_with_reuse), (1, 1));
    let scanned = scan::begin(desk, dossier.id, first);
    let taken = matches!(scanned, Err(Error::Refused(Refusal::ComponentTaken)));
    assert!(taken, "it needs no scan: {scanned:?}");
    let again = reuse::link(desk, dossier.id, first, record.document_id);
    assert!(matches!(
        again,
        Err(Error::Refused(Refusal::ComponentTaken))
    ));
    let wrong_kind = reuse::link(desk, dossier.id, second, record.document_id);
    assert!(matches!(
        wrong_kind,
        Err(Error::Refused(Refusal::UnknownCode))
    ));

    reuse::take_back(desk, dossier.id, first).unwrap();
    assert_eq!(reuse::total(desk).unwrap().reused, 0);
    scan::begin(desk, dossier.id, first).unwrap();
    assert!(desk.check_vault().unwrap().is_sound());
}

#[test]
fn a_paper_of_somebody_else_is_never_offered() {
    let test = TestDesk::new();
    let desk = test.desk();
    let record = deposited(desk);
    let dossier = dossier_of(desk, "001093047065");
    let answered = reuse::of_dossier(desk, dossier.id).unwrap();
    assert!(answered.iter().all(|one| one.offers.is_empty()));
    let linked = reuse::link(
        desk,
        dossier.id,
        dossier.components[0].id,
        record.document_id,
    );
    assert!(matches!(linked, Err(Error::Refused(Refusal::UnknownCode))));
}

// Circular 01/2023/TT-VPCP, art. 4: not digitised, because ….
#[test]
fn why_a_component_is_not_digitised_is_kept() {
    let mut test = TestDesk::new();
    let dossier = dossier_of(test.desk(), OWNER);
    let vault = text(test.vault()).to_owned();
    test.close();
    let run = |arguments: &[&str]| {
        let dossier = dossier.id.to_string();
        let place = ["--json", "--vault", &vault, "--dossier", &dossier];
        let output = sohoa(&[arguments, &place].concat());
        assert_eq!(
            code(&output),
            0,
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        lines(&output)
    };
    run(&["reuse", "decide", "--component", "1", "state_secret"]);
    let listed = run(&["reuse", "list"]);
    assert_eq!(listed[0]["digitising"], "state_secret");
    assert_eq!(listed[0]["decided"], true);
    assert_eq!(listed[1]["digitising"], "copy_on_paper");
    let output = sohoa(&["report", "reuse", "--json", "--vault", &vault]);
    assert_eq!(lines(&output)[0]["left_out"], 1);
}
