//! Scanning from the network, through `sohoa`.

use serde_json::Value;
use support::escl_server::{EsclServer, Sheet};
use support::test_desk::sample;

use crate::command_line::{code, sohoa, text, vault};

fn page(name: &str) -> Vec<u8> {
    std::fs::read(sample(name)).unwrap()
}

fn lines(output: &std::process::Output) -> Vec<Value> {
    let said = std::str::from_utf8(&output.stdout).unwrap();
    said.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_network_scanner_is_scanned_into_a_known_dossier_with_a_recording() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let server = EsclServer::start();
    let id = server.id();
    let trace = folder.path().join("trace.txt");
    let scan = |more: &[&str]| {
        let mut arguments = vec!["scan", "--json", "--device", &id, "--vault", &vault];
        arguments.extend(more);
        sohoa(&arguments)
    };
    let first = page("3-application-page-1.jpg");
    let second = page("3-application-page-2.jpg");
    server.load(vec![Sheet::TwoSided(first.clone(), second.clone())]);
    let both = scan(&["--source", "duplex"]);
    assert_eq!(code(&both), 0, "{}", String::from_utf8_lossy(&both.stderr));
    let pages = lines(&both);
    assert_eq!(pages.len(), 2, "front and back");
    assert_eq!(pages[0]["page"], 1);
    assert_eq!(pages[0]["format"], "jpeg");
    assert_eq!(pages[0]["dpi"], 200);
    let digest = domain::digest::Digest::of(&first).to_string();
    assert_eq!(
        pages[0]["sha256"],
        digest.as_str(),
        "the scanner's own bytes"
    );
    // A jam after the first sheet: what came stays, and the recording tells.
    server.load(vec![Sheet::Page(first), Sheet::Stuck("ScannerAdfJam")]);
    let jammed = scan(&["--trace", text(&trace)]);
    assert_eq!(code(&jammed), 3, "a person is needed");
    assert_eq!(lines(&jammed).len(), 1);
    let recording = std::fs::read_to_string(&trace).unwrap();
    assert!(recording.contains("escl = jammed"), "{recording}");
    assert!(!recording.contains("SERIAL-0815"), "{recording}");
    let empty = scan(&[]);
    assert_eq!(code(&empty), 3, "an empty feeder wants paper");
    let unknown = scan(&["--dossier", "H38.12-260412-0007"]);
    assert_eq!(code(&unknown), 2, "no dossier has this code");
    assert_eq!(server.is_hurt(), None);
}

#[test]
fn a_paper_joins_the_dossier_that_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let drop = folder.path().join("drop");
    std::fs::create_dir(&drop).unwrap();
    let marked = drop.join("H38.12-260412-0007.jpg");
    std::fs::copy(sample("1-official-document.jpg"), &marked).unwrap();
    let watched = sohoa(&["watch", text(&drop), "--once", "--json", "--vault", &vault]);
    assert_eq!(
        code(&watched),
        0,
        "{}",
        String::from_utf8_lossy(&watched.stderr)
    );
    assert_eq!(lines(&watched)[0]["state"], "taken");
    let server = EsclServer::start();
    server.lay(page("2-birth-certificate.jpg"));
    let scanned = sohoa(&[
        "scan",
        "--json",
        "--device",
        &server.id(),
        "--source",
        "flatbed",
        "--dossier",
        "H38.12-260412-0007",
        "--vault",
        &vault,
    ]);
    assert_eq!(
        code(&scanned),
        0,
        "{}",
        String::from_utf8_lossy(&scanned.stderr)
    );
    assert_ne!(
        lines(&scanned)[0]["document"],
        lines(&watched)[0]["document"],
        "one more paper of the same dossier"
    );
}
