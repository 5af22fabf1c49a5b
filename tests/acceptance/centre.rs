//! From the desk to the centre: enrolled once, delivered once, with a receipt.

use std::process::{Command, Stdio};

use desk::digitise::{Accept, Outcome, Paper, digitise};
use desk::sync::{self, OutboxRecord};
use desk::{CancelToken, Desk, Error, Refusal, SyncOutcome};
use domain::delivery::Delivery;
use domain::dossier::Owner;
use domain::record::Record;
use support::test_centre::TestCentre;
use support::test_desk::{TestDesk, sample};

pub(crate) const OFFICE: &str = "H55.242";
const OWNER: &str = "001093047064";

pub(crate) fn deposited(desk: &Desk) -> Record {
    let paper = Paper {
        files: vec![sample("1-official-document.jpg")],
        owner: Owner {
            id: Some(OWNER.parse().unwrap()),
            ..Owner::default()
        },
        accept: Accept::All,
        ..Paper::default()
    };
    match digitise(desk, &paper).unwrap().0 {
        Outcome::Deposited(record) => *record,
        other @ Outcome::NeedsReview(..) => panic!("not deposited: {other:?}"),
    }
}

pub(crate) fn send(desk: &Desk) -> Result<SyncOutcome, Error> {
    sync::send(desk, &CancelToken::new())
}

fn delivered(desk: &Desk) -> Vec<String> {
    let codes = sync::outbox(desk, 10).unwrap().into_iter();
    codes
        .map(|record: OutboxRecord| match record.delivery {
            Delivery::Delivered { code, .. } => code,
            other => panic!("not delivered: {other:?}"),
        })
        .collect()
}

#[test]
fn a_deposited_paper_reaches_the_centre_once_and_its_receipt_lies_here() {
    let mut test = TestDesk::new();
    let centre = TestCentre::start();
    let record = deposited(test.desk());
    let alone = send(test.desk());
    assert!(matches!(alone, Err(Error::Refused(Refusal::NoCentre))));

    let ticket = centre.ticket(OFFICE);
    let station = sync::enrol(test.desk(), &ticket).unwrap();
    assert_eq!(station.number, record.local_code.station().number);
    // The answer may have been lost: the same desk asks again and is the same station.
    assert_eq!(sync::enrol(test.desk(), &ticket).unwrap(), station);
    let stranger = TestDesk::new();
    let used = sync::enrol(stranger.desk(), &ticket);
    assert!(matches!(used, Err(Error::Centre(_))), "{used:?}");
    let torn = sync::enrol(stranger.desk(), &ticket[..ticket.len() - 9]);
    assert!(matches!(torn, Err(Error::Refused(Refusal::NotATicket))));

    let outcome = send(test.desk()).unwrap();
    assert_eq!(outcome.stop, None);
    assert_eq!((outcome.report.delivered, outcome.report.waiting), (1, 0));
    assert_eq!(
        delivered(test.desk()),
        std::slice::from_ref(&record.code.text)
    );
    let package = desk::package::export(test.desk(), &record.code.text, test.folder()).unwrap();
    assert!(package.folder.join("receipt.cose").is_file());
    let again = send(test.desk()).unwrap();
    assert_eq!((again.report.delivered, again.report.sent_bytes), (0, 0));

    let asked = centre.postgres.ask(
        "SELECT r.state, r.local_code, count(f.*), count(f.stored_at) FROM record r
         JOIN record_file USING (station) JOIN file f USING (station, sealed)
         WHERE record_id = r.id GROUP BY r.id",
    );
    assert_eq!(asked, format!("received|{}|2|2", record.local_code));
    assert!(test.desk().check_vault().unwrap().is_sound());
    test.reopen();
    let state = sync::state(test.desk()).unwrap();
    assert_eq!((state.total.delivered, state.total.waiting), (1, 0));
    assert!(state.clock_off_s.is_some(), "the test's clock stands still");
}

/// A ticket that was mistyped or used up must not cost the centre that a desk has.
#[test]
fn a_desk_stays_with_its_centre_until_another_has_let_it_in() {
    let test = TestDesk::new();
    let [first, second] = [TestCentre::start(), TestCentre::start()];
    sync::enrol(test.desk(), &first.ticket(OFFICE)).unwrap();
    let url = sync::state(test.desk()).unwrap().url;
    let record = deposited(test.desk());
    send(test.desk()).unwrap();
    let used = second.ticket(OFFICE);
    sync::enrol(TestDesk::new().desk(), &used).unwrap();
    let refused = sync::enrol(test.desk(), &used);
    assert!(matches!(refused, Err(Error::Centre(_))), "{refused:?}");
    let state = sync::state(test.desk()).unwrap();
    assert!(state.enrolling);
    assert_eq!(state.url, url);
    let name = "signer".parse().unwrap();
    desk::deposit::correct(test.desk(), record.document_id, &name, "Lê Văn Mẫu").unwrap();
    assert_eq!(send(test.desk()).unwrap().report.delivered, 1);

    // Another centre gets what is deposited from then on, in a log of its own.
    desk::deposit::correct(test.desk(), record.document_id, &name, "Lê Thị Mẫu").unwrap();
    sync::enrol(test.desk(), &second.ticket(OFFICE)).unwrap();
    let outcome = send(test.desk()).unwrap();
    assert_eq!((outcome.stop, outcome.report.delivered), (None, 1));
    let there = |centre: &TestCentre| centre.postgres.ask("SELECT max(version) FROM record");
    assert_eq!((there(&first), there(&second)), ("2".into(), "3".into()));
    assert_eq!(sync::state(test.desk()).unwrap().total.delivered, 3);
}

// Circular 01/2023/TT-VPCP, art. 10: a code that repeats gets an ordinal.
#[test]
fn two_desks_with_one_code_are_told_apart_and_both_learn_it() {
    let centre = TestCentre::start();
    let desks = [TestDesk::new(), TestDesk::new()];
    for test in &desks {
        deposited(test.desk());
        sync::enrol(test.desk(), &centre.ticket(OFFICE)).unwrap();
    }
    for test in &desks {
        let outcome = send(test.desk()).unwrap();
        assert_eq!((outcome.stop, outcome.report.delivered), (None, 1));
    }
    let [first, second] = desks.each_ref().map(|test| delivered(test.desk()));
    assert_eq!(second, [format!("{}.01", first[0])]);
    // Whoever types the code that the centre gave finds the paper.
    let hits = desk::search::search(desks[1].desk(), &second[0], 5).unwrap();
    assert_eq!(hits[0].record.code.text, second[0]);
    assert!(!hits[0].record.code.provisional);
    let shown = desk::search::show(desks[1].desk(), &second[0]).unwrap();
    assert_eq!(shown.record.document_id, hits[0].record.document_id);
}

#[test]
fn a_correction_is_sent_as_a_new_version_without_its_pages() {
    let test = TestDesk::new();
    let centre = TestCentre::start();
    let record = deposited(test.desk());
    sync::enrol(test.desk(), &centre.ticket(OFFICE)).unwrap();
    let first = send(test.desk()).unwrap().report;
    assert!(first.sent_bytes > 0);
    let name = "signer".parse().unwrap();
    desk::deposit::correct(test.desk(), record.document_id, &name, "Lê Văn Mẫu").unwrap();
    let second = send(test.desk()).unwrap().report;
    assert_eq!((second.delivered, second.sent_bytes), (1, 0));
    let versions = centre
        .postgres
        .ask("SELECT version, code_ordinal, parent_manifest IS NULL FROM record ORDER BY version");
    assert_eq!(versions, "1|0|t\n2|0|f");
}

#[test]
fn what_was_done_by_hand_works_from_the_command_line() {
    let mut test = TestDesk::new();
    let centre = TestCentre::start();
    deposited(test.desk());
    test.close();
    let sohoa = |arguments: &[&str]| {
        let said = Command::new(support::test_desk::program("sohoa"))
            .arg("--json")
            .args(arguments)
            .arg("--vault")
            .arg(test.vault())
            .env("SOHOA_PASSPHRASE", support::test_desk::PASSPHRASE)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = String::from_utf8(said.stdout).unwrap();
        (said.status.code().unwrap(), text)
    };
    assert_eq!(sohoa(&["sync", "--once"]).0, 2, "no centre yet");
    assert_eq!(sohoa(&["enrol", &centre.ticket(OFFICE)]).0, 0);
    let (code, said) = sohoa(&["sync", "--once"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains(r#""delivered":1"#), "{said}");
    let (_, said) = sohoa(&["outbox"]);
    assert!(said.contains(r#""state":"delivered""#), "{said}");
}

/// What the vault that is gone had sent is recognised, and its receipt comes back.
#[test]
fn a_vault_that_was_brought_back_gets_its_receipts_again() {
    let mut test = TestDesk::new();
    let centre = TestCentre::start();
    let record = deposited(test.desk());
    sync::enrol(test.desk(), &centre.ticket(OFFICE)).unwrap();
    let medium = test.folder().join("medium");
    desk::backup::back_up(test.desk(), &medium).unwrap();
    // Sent after the copy was made: the copy knows of no receipt.
    assert_eq!(send(test.desk()).unwrap().report.delivered, 1);
    test.close();
    let mut settings = support::test_desk::settings(&test.folder().join("another"));
    settings.clock = desk::Clock::Fixed(support::test_desk::now());
    let passphrase = support::test_desk::passphrase();
    let desk = desk::backup::restore(&settings, &medium, None, &passphrase).unwrap();
    assert_eq!(sync::state(&desk).unwrap().total.waiting, 1);
    let outcome = send(&desk).unwrap();
    assert_eq!((outcome.stop, outcome.report.delivered), (None, 1));
    assert_eq!(outcome.report.sent_bytes, 0, "the centre has it");
    let code = sync::code_of(&desk, &record).unwrap();
    assert_eq!((code.text, code.provisional), (record.code.text, false));
    let there = centre
        .postgres
        .ask("SELECT count(*), max(log_index) FROM record");
    assert_eq!(there, "1|0");
    assert_eq!(
        centre
            .postgres
            .ask("SELECT count(DISTINCT epoch) FROM envelope"),
        "2"
    );
}

/// The window sends by itself, and somebody presses "send now" meanwhile.
#[test]
fn two_passes_at_once_deliver_each_record_once() {
    let test = TestDesk::new();
    let centre = TestCentre::start();
    deposited(test.desk());
    sync::enrol(test.desk(), &centre.ticket(OFFICE)).unwrap();
    let desk = test.desk();
    let delivered: usize = std::thread::scope(|scope| {
        let passes = [(); 4].map(|()| scope.spawn(|| send(desk).unwrap()));
        let reports = passes.map(|pass| pass.join().unwrap());
        assert!(reports.iter().all(|outcome| outcome.stop.is_none()));
        reports.iter().map(|outcome| outcome.report.delivered).sum()
    });
    assert_eq!(delivered, 1);
    assert_eq!(centre.postgres.ask("SELECT count(*) FROM envelope"), "1");
}
