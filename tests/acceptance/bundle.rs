//! A commune without a network: what waits is carried to the centre in a file, and the answer
//! is carried back.

use std::path::{Path, PathBuf};

use desk::{Error, Refusal, sync};
use domain::delivery::Delivery;
use support::test_centre::TestCentre;
use support::test_desk::TestDesk;

use crate::centre::{OFFICE, deposited, send};

/// A desk that asked to be let in and found nobody.
fn without_a_network(centre: &mut TestCentre) -> TestDesk {
    let test = TestDesk::new();
    let ticket = centre.ticket(OFFICE);
    centre.kill();
    let asked = sync::enrol(test.desk(), &ticket);
    assert!(matches!(asked, Err(Error::Centre(_))), "{asked:?}");
    test
}

/// Somebody carries the bundle there and the answer back.
fn carried(test: &TestDesk, centre: &TestCentre, name: &str) -> PathBuf {
    let file = test.folder().join(name);
    sync::write_bundle(test.desk(), &file, sync::BUNDLE_LIMIT_BYTES).unwrap();
    answered(centre, &file)
}

fn answered(centre: &TestCentre, file: &Path) -> PathBuf {
    let answer = file.with_extension("answer");
    centre.take(file, &answer);
    answer
}

#[test]
fn a_desk_that_never_saw_a_network_delivers_what_it_deposits() {
    let mut centre = TestCentre::start();
    let test = without_a_network(&mut centre);
    let answer = carried(&test, &centre, "first");
    assert_eq!(sync::take_answer(test.desk(), &answer).unwrap().stop, None);
    let state = sync::state(test.desk()).unwrap();
    assert!(!state.enrolling && state.url.is_some());

    let record = deposited(test.desk());
    let answer = carried(&test, &centre, "second");
    // Whoever names the folder need not know which file it is.
    assert!(answer.starts_with(test.folder()));
    let taken = sync::take_answer(test.desk(), test.folder()).unwrap();
    assert_eq!((taken.report.delivered, taken.report.waiting), (1, 0));
    // An answer that is read again changes nothing.
    let again = sync::take_answer(test.desk(), &answer).unwrap();
    assert_eq!((again.report.delivered, again.stop), (0, None));
    let stored = centre.postgres.ask(
        "SELECT r.local_code, count(f.stored_at) FROM record r JOIN record_file rf ON rf.record_id = r.id
         JOIN file f ON (f.station, f.sealed) = (rf.station, rf.sealed)
         WHERE r.state = 'received' GROUP BY r.id",
    );
    assert_eq!(stored, format!("{}|2", record.local_code));
    assert!(test.desk().check_vault().unwrap().is_sound());

    // Where there is a network one day, it goes on from there.
    centre.restart();
    deposited(test.desk());
    let outcome = send(test.desk()).unwrap();
    assert_eq!((outcome.stop, outcome.report.delivered), (None, 1));
}

/// A medium that is lost costs a walk and nothing else, and what did not fit comes next time.
#[test]
fn a_bundle_that_was_lost_is_written_again_and_one_that_is_full_leaves_the_rest() {
    let mut centre = TestCentre::start();
    let test = without_a_network(&mut centre);
    let answer = carried(&test, &centre, "first");
    sync::take_answer(test.desk(), &answer).unwrap();
    deposited(test.desk());
    deposited(test.desk());

    let file = test.folder().join("small");
    let small = sync::write_bundle(test.desk(), &file, 1).unwrap().holds;
    assert_eq!((small.records, small.left), (0, 1));
    let answer = answered(&centre, &file);
    let outcome = sync::take_answer(test.desk(), &answer).unwrap();
    assert_eq!((outcome.report.delivered, outcome.report.waiting), (0, 2));

    let lost = test.folder().join("lost");
    sync::write_bundle(test.desk(), &lost, sync::BUNDLE_LIMIT_BYTES).unwrap();
    std::fs::remove_file(lost).unwrap();
    let answer = carried(&test, &centre, "again");
    let outcome = sync::take_answer(test.desk(), &answer).unwrap();
    assert_eq!((outcome.report.delivered, outcome.report.waiting), (2, 0));
    assert!(outcome.stop.is_none());
    let told = test.folder().join("trail.jsonl");
    desk::audit::export(test.desk(), &told).unwrap();
    let told = std::fs::read_to_string(told).unwrap();
    assert_eq!(told.matches("\"bundle_written\"").count(), 4);
}

/// Whoever finds the medium reads nothing, and whoever changes it is found out.
#[test]
fn a_bundle_tells_nothing_to_others_and_an_answer_is_believed_from_nobody_else() {
    let mut centre = TestCentre::start();
    let test = without_a_network(&mut centre);
    let answer = carried(&test, &centre, "first");
    sync::take_answer(test.desk(), &answer).unwrap();
    let record = deposited(test.desk());
    let file = test.folder().join("second");
    sync::write_bundle(test.desk(), &file, sync::BUNDLE_LIMIT_BYTES).unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    for word in [OFFICE, "001093047064", &record.local_code.to_string()] {
        let found = bytes
            .windows(word.len())
            .any(|part| part == word.as_bytes());
        assert!(!found, "{word}");
    }

    let mut other = TestCentre::start();
    let stranger = without_a_network(&mut other);
    let foreign = carried(&stranger, &other, "first");
    let answer = answered(&centre, &file);
    for (desk, answer) in [(test.desk(), &foreign), (stranger.desk(), &answer)] {
        let refused = sync::take_answer(desk, answer);
        let is_refused = matches!(refused, Err(Error::Refused(Refusal::NotAnAnswer)));
        assert!(is_refused, "{refused:?}");
    }
    let mut answer_bytes = std::fs::read(&answer).unwrap();
    let middle = answer_bytes.len() / 2;
    answer_bytes[middle] ^= 1;
    std::fs::write(&foreign, &answer_bytes).unwrap();
    let refused = sync::take_answer(test.desk(), &foreign);
    assert!(matches!(refused, Err(Error::Refused(Refusal::NotAnAnswer))));
    let waiting = sync::outbox(test.desk(), 1).unwrap();
    assert_eq!(waiting[0].delivery, Delivery::Waiting);

    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    assert!(!centre.can_take(&file, &foreign));
    assert!(!other.can_take(&test.folder().join("first"), &foreign));
}
