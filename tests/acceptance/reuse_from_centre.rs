//! A paper that was digitised at one desk is used again at another, without a scan.

use desk::digitise::{Accept, Outcome, Paper, digitise};
use desk::reception::{NewComponent, NewDossier, receive};
use desk::{Desk, Error, export, reuse, sync};
use domain::dossier::{Dossier, Owner, SubmittedAs};
use domain::record::Record;
use support::test_centre::TestCentre;
use support::test_desk::{TestDesk, sample};

use crate::centre::{OFFICE, send};

const OWNER: &str = "001093047064";
const COMPONENT: &str = "TP-H05.000026";

fn owner(id: &str) -> Owner {
    Owner {
        id: Some(id.parse().unwrap()),
        ..Owner::default()
    }
}

fn delivered(desk: &Desk) -> Record {
    let paper = Paper {
        files: vec![sample("1-official-document.jpg")],
        owner: owner(OWNER),
        component: Some(COMPONENT.parse().unwrap()),
        accept: Accept::All,
        ..Paper::default()
    };
    let Outcome::Deposited(record) = digitise(desk, &paper).unwrap().0 else {
        panic!("not deposited")
    };
    assert_eq!(send(desk).unwrap().report.waiting, 0);
    *record
}

fn dossier_of(desk: &Desk, id: &str) -> Dossier {
    let component = NewComponent {
        name: "Quyết định".to_owned(),
        code: Some(COMPONENT.parse().unwrap()),
        result_type: None,
        submitted_as: SubmittedAs::Original,
    };
    let new = NewDossier {
        owner: owner(id),
        components: vec![component],
        ..NewDossier::default()
    };
    receive(desk, new).unwrap()
}

// Circular 01/2023/TT-VPCP, art. 6 and 8(3).
#[test]
fn a_paper_of_another_desk_is_offered_fetched_once_and_then_at_hand() {
    let mut centre = TestCentre::start();
    let [first, second] = [TestDesk::new(), TestDesk::new()];
    for test in [&first, &second] {
        sync::enrol(test.desk(), &centre.ticket(OFFICE)).unwrap();
    }
    let record = delivered(first.desk());
    let desk = second.desk();
    let dossier = dossier_of(desk, OWNER);
    let component = dossier.components[0].id;
    assert!(
        reuse::of_dossier(desk, dossier.id).unwrap()[0]
            .offers
            .is_empty()
    );
    assert_eq!(reuse::ask_centre(desk, dossier.id).unwrap(), 1);
    let offers = reuse::of_dossier(desk, dossier.id)
        .unwrap()
        .remove(0)
        .offers;
    assert_eq!(offers.len(), 1);
    let paper = &offers[0].paper;
    assert_eq!(paper.document_id, record.document_id);
    assert_eq!(paper.value("number"), record.value("number"));
    assert_eq!(
        paper.value("owner_name"),
        None,
        "not more than tells it from others"
    );
    assert!(offers[0].in_force && paper.at_centre.is_some());

    // Without the centre it cannot be fetched, and then it answers nothing.
    centre.kill();
    let unreachable = reuse::link(desk, dossier.id, component, record.document_id);
    assert!(
        matches!(unreachable, Err(Error::Centre(_))),
        "{unreachable:?}"
    );
    assert!(reuse::answer_of(desk, component).unwrap().is_none());
    centre.restart();
    reuse::link(desk, dossier.id, component, record.document_id).unwrap();
    centre.kill();
    let copy = reuse::copy_of_answer(desk, component).unwrap();
    assert_eq!(
        copy,
        export::copy_of(first.desk(), record.document_id).unwrap()
    );
    let answer = reuse::answer_of(desk, component).unwrap().unwrap();
    assert_eq!(answer.code.text, record.code.text);
    assert_eq!(reuse::total(desk).unwrap().reused, 1);
    assert!(desk.check_vault().unwrap().is_sound());
    let medium = second.folder().join("medium");
    assert!(desk::backup::back_up(desk, &medium).unwrap().sealed_files > 0);

    // Taken back, it is offered again, and answers at once.
    reuse::take_back(desk, dossier.id, component).unwrap();
    reuse::link(desk, dossier.id, component, record.document_id).unwrap();

    // The centre knows what it showed to whom.
    let shown = centre.postgres.ask(
        "SELECT what, array_length(records, 1), officer IS NOT NULL, dossier IS NOT NULL
         FROM shown_to_station ORDER BY id",
    );
    assert_eq!(shown, "list|1|t|t\ncopy|1|t|t");
}

#[test]
fn what_lies_here_is_offered_once_and_nothing_of_others() {
    let centre = TestCentre::start();
    let test = TestDesk::new();
    let desk = test.desk();
    let dossier = dossier_of(desk, OWNER);
    let alone = reuse::ask_centre(desk, dossier.id);
    assert!(alone.is_err(), "this desk belongs to no centre yet");
    sync::enrol(desk, &centre.ticket(OFFICE)).unwrap();
    delivered(desk);
    assert_eq!(reuse::ask_centre(desk, dossier.id).unwrap(), 1);
    let answered = reuse::of_dossier(desk, dossier.id).unwrap();
    assert_eq!(answered[0].offers.len(), 1);
    assert!(answered[0].offers[0].paper.at_centre.is_none());
    // Whoever stole a desk does not read through all people with it.
    centre.postgres.ask(
        "INSERT INTO shown_to_station (station, officer, dossier, what, records)
         SELECT number, gen_random_uuid(), gen_random_uuid(), 'list', '{}'
         FROM station, generate_series(1, 500)",
    );
    let too_often = reuse::ask_centre(desk, dossier.id);
    assert!(matches!(too_often, Err(Error::Centre(_))), "{too_often:?}");
    centre.postgres.ask(
        "ALTER TABLE shown_to_station DISABLE TRIGGER shown_stays; DELETE FROM shown_to_station",
    );
    let of_another = dossier_of(desk, "001093047065");
    assert_eq!(reuse::ask_centre(desk, of_another.id).unwrap(), 0);
    let answered = reuse::of_dossier(desk, of_another.id).unwrap();
    assert!(answered[0].offers.is_empty());
}
