//! What the centre received goes on to other systems, once, whatever they answer.
// Circular 01/2023/TT-VPCP, art. 25: digitisation results are connected and shared.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use domain::dossier::Owner;
use domain::field::{FieldValue, Source};
use serde_json::{Value, json};
use support::memory_station::MemoryStation;
use support::recorded_peer::RecordedPeer;
use support::test_centre::TestCentre;
use support::test_desk::program;
use support::vault_maker::{Maker, create, office, open, passphrase};

const PATIENCE: Duration = Duration::from_secs(30);

fn fixture(name: &str) -> PathBuf {
    let fixtures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/sharing");
    fixtures.join(name)
}

fn value(name: &str, text: &str) -> FieldValue {
    FieldValue {
        name: name.parse().unwrap(),
        value: text.to_owned(),
        source: Source::Officer,
        evidence: None,
        proposed: None,
        confirmed_by: None,
        confirmed_at: None,
        seconded_by: None,
    }
}

/// A centre that received so many papers of a desk, each with a copy that is a PDF.
fn centre_with(papers: u32) -> TestCentre {
    let centre = TestCentre::start();
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault");
    drop(create(&vault, &office()).unwrap());
    let sohoa = |words: &[&str]| {
        let done = std::process::Command::new(program("sohoa"))
            .args(words)
            .arg("--vault")
            .arg(&vault)
            .env("SOHOA_PASSPHRASE", "Thu-nghiem-0000")
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    sohoa(&["enrol", &centre.ticket("H55.242")]);
    let (opened, officer) = open(&vault, &passphrase(0)).unwrap();
    let mut maker = Maker::new(7, officer.id);
    maker.procedure = Some("1.000894".parse().unwrap());
    for paper in 1..=papers {
        maker.dossier_code = Some(format!("H55.242-260412-{paper:04}").parse().unwrap());
        let owner = Owner {
            id: Some("099193000017".parse().unwrap()),
            name: Some("Nguyễn Thị Mẫu".to_owned()),
            ..Owner::default()
        };
        let document = maker.begin(&opened, &owner).unwrap();
        let page = maker.page(&opened, &document, b"a page").unwrap();
        let text = format!("%PDF-1.7 giấy thứ {paper}");
        let sealed = opened.seal(text.as_bytes()).unwrap();
        let values = [
            value("owner_id", "099193000017"),
            value("number", &format!("{paper}/2026")),
            value("issuer", "UBND xã Mẫu"),
            value("issued_on", "2026-04-12"),
        ];
        opened
            .write(|write| maker.deposit_in(write, &document, &[page], sealed, &values, &text))
            .unwrap();
    }
    drop(opened);
    sohoa(&["sync", "--once"]);
    let received = centre
        .postgres
        .ask("SELECT count(*) FROM record WHERE state = 'received'");
    assert_eq!(received, papers.to_string());
    centre
}

fn shares(centre: &mut TestCentre, place: &str) {
    let words = [
        "--share",
        place,
        "--share-patience",
        "1",
        "--share-word",
        "mot-tu",
    ];
    centre.serve_with(&words);
}

/// Waits until something holds in the database.
fn until(centre: &TestCentre, question: &str, answer: &str) {
    let began = Instant::now();
    loop {
        let said = centre.postgres.ask(question);
        if said == answer {
            return;
        }
        assert!(
            began.elapsed() < PATIENCE,
            "{question} is {said}, not {answer}"
        );
    }
}

const STATES: &str =
    "SELECT string_agg(state || coalesce(': ' || reason, ''), ', ' ORDER BY record_id)
    FROM sharing";

/// Compares with the recording, or makes it anew when `UPDATE_RECORDINGS` is set.
fn is_as_recorded(name: &str, peer: &RecordedPeer, answers: &[Value]) {
    if std::env::var_os("UPDATE_RECORDINGS").is_some() {
        let heard = peer.heard().into_iter().zip(answers);
        let pairs: Vec<Value> = heard
            .map(|(ask, answer)| json!({"ask": ask, "answer": answer}))
            .collect();
        let text = serde_json::to_string_pretty(&pairs).unwrap() + "\n";
        std::fs::write(fixture(name), text).unwrap();
        return;
    }
    assert_eq!(peer.complaints(), Vec::<String>::new());
    assert_eq!(peer.left(), 0, "all of it was said");
}

/// A peer for a recording; while it is made anew, one that gives these answers to anything.
fn peer(name: &str, answers: &[Value]) -> RecordedPeer {
    if std::env::var_os("UPDATE_RECORDINGS").is_some() {
        RecordedPeer::with(
            answers
                .iter()
                .map(|answer| json!({"answer": answer}))
                .collect(),
        )
    } else {
        RecordedPeer::replay(&fixture(name))
    }
}

#[test]
fn a_received_record_is_told_in_the_words_of_the_case_system_and_once() {
    let mut centre = centre_with(1);
    let answers = [json!(201), json!(200), json!(200), json!(200)];
    let peer = peer("one-record.json", &answers);
    shares(&mut centre, &peer.url());
    until(&centre, STATES, "shared");
    is_as_recorded("one-record.json", &peer, &answers);
    // A centre that starts again says nothing more of it.
    centre.restart();
    let station = MemoryStation::enrolled(&centre, 9);
    assert_eq!(station.pass(&station.http()), None);
    until(&centre, "SELECT log_index FROM sharing_place", "1");
    assert_eq!(peer.heard().len(), 4);
}

#[test]
fn refusals_faults_silence_and_a_killed_centre_lose_nothing_and_hold_up_nothing() {
    let mut centre = centre_with(3);
    // Of the first the file is refused for now, the second is never taken, the third goes
    // through, with one thing that the peer knew already; then the first is tried again, twice:
    // once in vain, because nobody answers and the centre dies.
    let answers = [
        json!(503),
        json!(201),
        json!(422),
        json!(201),
        json!(200),
        json!(409),
        json!(200),
        json!(201),
        json!("silence"),
        json!(201),
        json!(200),
        json!(200),
        json!(200),
    ];
    let peer = peer("troubles.json", &answers);
    shares(&mut centre, &peer.url());
    let began = Instant::now();
    while peer.heard().len() < 9 {
        assert!(began.elapsed() < PATIENCE, "{:?}", peer.heard().len());
        std::thread::yield_now();
    }
    centre.restart();
    until(&centre, STATES, "shared, parked: dossier: 422, shared");
    is_as_recorded("troubles.json", &peer, &answers);
    let (_, figures) = centre.figures("/metrics");
    let parked = r#"unshared{outlet="case_system",state="parked"} 1"#;
    assert!(figures.contains(parked), "{figures}");
    // Whoever has talked to the other side lets it be tried again.
    assert_eq!(centre.say(&["share-again"]), "1 are tried again");
    until(&centre, STATES, "shared, waiting: file: 500, shared");
}

/// The negative control: a peer that was told something else says so.
#[test]
fn a_peer_that_is_told_something_else_says_so() {
    let mut centre = centre_with(1);
    let recorded = std::fs::read_to_string(fixture("one-record.json")).unwrap();
    let other = recorded.replace("MaTTHC", "MaThuTuc");
    assert_ne!(other, recorded);
    let peer = RecordedPeer::with(serde_json::from_str(&other).unwrap());
    shares(&mut centre, &peer.url());
    until(&centre, STATES, "shared");
    assert_eq!(
        peer.complaints().len(),
        2,
        "dossier and result name the procedure"
    );
}

#[test]
fn what_has_no_official_code_or_no_pdf_is_parked_and_named() {
    let mut centre = centre_with(1);
    let station = MemoryStation::enrolled(&centre, 2);
    station.deposit(&[2_000]);
    assert_eq!(station.pass(&station.http()), None);
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("shared");
    shares(&mut centre, place.to_str().unwrap());
    // What a station of the tests calls sealed was never sealed.
    until(
        &centre,
        STATES,
        "shared, parked: its electronic copy does not open",
    );
    let given: Vec<PathBuf> = std::fs::read_dir(&place)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let [given] = given.as_slice() else {
        panic!("one record was shared: {given:?}");
    };
    let pdf = std::fs::read(given.join("copy.pdf")).unwrap();
    assert_eq!(String::from_utf8(pdf).unwrap(), "%PDF-1.7 giấy thứ 1");
    let messages: Value =
        serde_json::from_slice(&std::fs::read(given.join("messages.json")).unwrap()).unwrap();
    assert_eq!(messages["result"]["SoKyHieu"], "1/2026");
    assert_eq!(
        messages["repository"]["DanhSachGiayToKetQua"][0]["CoQuanChuQuan"],
        "UBND xã Mẫu"
    );
    // Nothing that is said of a parked record names anybody.
    let reasons = centre
        .postgres
        .ask("SELECT string_agg(reason, ' ') FROM sharing");
    assert!(!reasons.contains("Mẫu") && !reasons.contains("099193000017"));
}

#[test]
fn peoples_data_goes_to_other_machines_over_tls_only() {
    let centre = TestCentre::start();
    let refused = centre.refuses(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--share",
        "http://case.example/",
    ]);
    assert!(refused.contains("TLS"), "{refused}");
}

#[test]
fn two_systems_of_one_kind_are_refused_because_each_would_get_a_part() {
    let centre = TestCentre::start();
    let words = ["serve", "--listen", "127.0.0.1:0"];
    let two = [
        "--share",
        "https://a.example/",
        "--share",
        "https://b.example/",
    ];
    let refused = centre.refuses(&[words.as_slice(), &two].concat());
    assert!(refused.contains("of one kind"), "{refused}");
}
