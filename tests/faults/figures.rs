//! What a centre says of itself to whoever runs it: figures, health, and its log.

use support::memory_station::MemoryStation;
use support::test_centre::TestCentre;
use sync::Centre as _;

/// The value of a figure, with its labels as they are written.
fn figure(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().parse().ok()
}

#[test]
fn figures_count_what_was_done_and_name_nobody() {
    let centre = TestCentre::start();
    let station = MemoryStation::enrolled(&centre, 1);
    let other = MemoryStation::enrolled(&centre, 2);
    centre.tell("revoke", other.station.number);
    for _ in 0..3 {
        station.deposit(&[5_000]);
    }
    assert_eq!(station.pass(&station.http()), None);
    assert!(other.http().state().is_err());
    let (status, text) = centre.figures("/metrics");
    assert_eq!(status, 200);
    let check = |name: &str, holds: &dyn Fn(f64) -> bool| {
        let value = figure(&text, &format!("sohoa_central_{name} "));
        assert!(value.is_some_and(holds), "{name} is {value:?} in\n{text}");
    };
    check("receipts_total", &|receipts| (receipts - 3.).abs() < 0.1);
    check("taken_bytes_total", &|bytes| bytes > 15_000.);
    check("commit_seconds_count", &|commits| {
        (1. ..=3.).contains(&commits)
    });
    check(
        r#"requests_total{route="/v1/files/{sealed}",status="200"}"#,
        &|sent| sent >= 3.,
    );
    check(
        r#"requests_total{route="/v1/state",status="403"}"#,
        &|refused| refused >= 1.,
    );
    check(r#"stations{standing="active"}"#, &|active| {
        (active - 1.).abs() < 0.1
    });
    check(r#"stations{standing="revoked"}"#, &|shut| {
        (shut - 1.).abs() < 0.1
    });
    check("bodies", &|held| held < 1.);
    check("bodies_waiting", &|waiting| waiting.abs() < 0.1);
    check("pool_connections", &|open| (1. ..=32.).contains(&open));
    check("objects_failures_total", &|failures| failures < 1.);
    assert!(text.ends_with("# EOF\n"), "{text}");
    for word in [
        "Trần Thị Thử",
        "KQ.G15",
        "H55.242",
        &station.station.number.to_string(),
    ] {
        assert!(!text.contains(word), "{word} names somebody");
    }
}

#[test]
fn a_centre_lives_without_what_it_leans_on_and_is_not_ready() {
    let mut centre = TestCentre::start_on_s3();
    let station = MemoryStation::enrolled(&centre, 1);
    station.deposit(&[2_000]);
    assert_eq!(centre.figures("/readyz").0, 200);
    centre.s3.as_mut().unwrap().kill();
    let (status, said) = centre.figures("/readyz");
    assert_eq!(
        (status, said.as_str()),
        (503, "database answers\nobjects does not answer\n")
    );
    assert_eq!(centre.figures("/healthz").0, 200);
    let stop = station.pass(&station.http());
    let stop = stop.expect("nothing can be stored");
    assert_eq!(stop.name(), "busy", "the bytes would have no place");
    assert!(stop.retry_after().is_some());
    assert_eq!(
        centre
            .postgres
            .ask("SELECT count(*) FROM record WHERE state = 'received'"),
        "0"
    );
    assert!(
        figure(
            &centre.figures("/metrics").1,
            "sohoa_central_objects_failures_total "
        ) >= Some(1.)
    );
    centre.s3.as_mut().unwrap().restart();
    assert_eq!(centre.figures("/readyz").0, 200);
    centre.postgres.kill();
    let (status, said) = centre.figures("/readyz");
    assert_eq!(
        (status, said.as_str()),
        (503, "database does not answer\nobjects answers\n")
    );
    let (status, text) = centre.figures("/metrics");
    assert_eq!(
        (status, figure(&text, "sohoa_central_database_answers ")),
        (200, Some(0.))
    );
    assert_eq!(centre.figures("/healthz").0, 200);
    centre.postgres.restart();
    assert_eq!(centre.figures("/readyz").0, 200);
    assert_eq!(station.pass(&station.http()), None);
    assert_eq!(station.receipts.borrow().len(), 1);
}

#[test]
fn a_log_is_lines_of_json_that_name_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut centre = TestCentre::start();
    centre.log_to(&log);
    let station = MemoryStation::enrolled(&centre, 1);
    station.deposit(&[2_000]);
    // The database cannot hold it, and says why.
    let mut body = station.body_of(1);
    body["dossier"]["owner"]["name"] = "Nguyễn Văn Mẫu\u{0}".into();
    body["record"]["document_id"] = "01938d5e-8a40-7000-8000-0000000000ff".into();
    body["manifest_sha256"] = domain::digest::Digest::of(b"another").to_string().into();
    station.deposit_raw(&serde_json::to_vec(&body).unwrap());
    assert_eq!(station.pass(&station.http()), None);
    assert_eq!(station.parked.borrow().len(), 1);
    let text = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let said = |word: &str| lines.iter().any(|line| line["message"] == word);
    assert!(
        said("a station was enrolled") && said("a record cannot be stored") && said("answered")
    );
    let route = lines
        .iter()
        .find(|line| line["message"] == "answered")
        .unwrap();
    assert!(
        route["status"].is_number() && route["took_ms"].is_number(),
        "{route}"
    );
    for word in ["Trần", "Nguyễn", "KQ.G15"] {
        assert!(!text.contains(word), "{word} is somebody's");
    }
}
