//! The command line's contract: shapes, exit codes, one sentence per trouble.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use support::test_desk::{PASSPHRASE, program, sample};

pub(crate) fn sohoa(arguments: &[&str]) -> Output {
    Command::new(program("sohoa"))
        .args(arguments)
        .env("SOHOA_PASSPHRASE", PASSPHRASE)
        // Nobody on the network is asked for scanners by a test.
        .env("SOHOA_DISCOVERY", "loopback")
        .output()
        .unwrap()
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub(crate) fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

pub(crate) fn vault(folder: &Path) -> String {
    let vault = folder.join("vault");
    let made = sohoa(&[
        "init",
        "--vault",
        text(&vault),
        "--office",
        "H55.242",
        "--officer",
        "Trần Thị Thử",
        "--json",
    ]);
    assert_eq!(code(&made), 0, "{}", String::from_utf8_lossy(&made.stderr));
    assert!(
        lines(&made)[0]["recovery_key"]
            .as_str()
            .is_some_and(|key| key.len() > 20)
    );
    text(&vault).to_owned()
}

fn trouble(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    assert!(
        !text.is_empty() && !text.contains("panicked"),
        "one clear sentence, not {text:?}"
    );
    text
}

#[test]
fn read_prints_the_object_that_measuring_tools_rely_on() {
    let file = sample("1-official-document.jpg");
    let output = sohoa(&["read", text(&file), "--json"]);
    assert_eq!(code(&output), 0, "{}", trouble(&output));
    let read = &lines(&output)[0];
    let page = &read["pages"][0];
    for key in [
        "file",
        "index",
        "width_px",
        "height_px",
        "dpi",
        "blank",
        "turned_deg",
        "skew_deg",
        "quality",
        "text",
        "barcodes",
    ] {
        assert!(page.get(key).is_some(), "pages[].{key}");
    }
    assert_eq!(page["dpi"], 200);
    assert!(["good", "doubtful", "bad"].contains(&page["quality"]["verdict"].as_str().unwrap()));
    assert_eq!(read["document"]["type"], "official_document");
    let (width, height) = (
        page["width_px"].as_u64().unwrap(),
        page["height_px"].as_u64().unwrap(),
    );
    for field in read["fields"].as_array().unwrap() {
        for key in [
            "name",
            "value",
            "grade",
            "source",
            "page",
            "box",
            "handwritten",
        ] {
            assert!(field.get(key).is_some(), "fields[].{key}");
        }
        if let Some(area) = field["box"].as_array() {
            let side = |index: usize| area[index].as_u64().unwrap();
            assert!(
                side(0) + side(2) <= width && side(1) + side(3) <= height,
                "the box lies on the raw page"
            );
        }
    }
    for key in ["clean", "recognise", "extract", "total"] {
        assert!(read["elapsed_ms"][key].is_u64(), "elapsed_ms.{key}");
    }
}

#[test]
fn digitise_search_show_and_export_work_from_one_vault() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let (first, second) = (
        sample("1-official-document.jpg"),
        sample("2-birth-certificate.jpg"),
    );
    let output = sohoa(&[
        "digitise",
        text(&first),
        text(&second),
        "--each",
        "--vault",
        &vault,
        "--accept",
        "all",
        "--json",
    ]);
    assert_eq!(code(&output), 0, "{}", trouble(&output));
    let papers = lines(&output);
    assert_eq!(papers.len(), 2, "one line per paper");
    for paper in &papers {
        assert_eq!(paper["state"], "deposited");
        assert_eq!(paper["to_check"].as_array().unwrap().len(), 0);
        assert_eq!(paper["copy"].as_str().unwrap().len(), 64);
    }
    let local_code = papers[0]["local_code"].as_str().unwrap();
    let hits = lines(&sohoa(&["search", local_code, "--vault", &vault, "--json"]));
    assert_eq!(hits.len(), 1);
    for key in ["local_code", "code", "number", "owner", "kind", "day"] {
        assert!(hits[0].get(key).is_some(), "hit.{key}");
    }
    let shown = lines(&sohoa(&["show", local_code, "--vault", &vault, "--json"]));
    assert_eq!(shown[0]["code"], papers[0]["code"]);
    let out = folder.path().join("out");
    let exported = sohoa(&[
        "export",
        local_code,
        "--vault",
        &vault,
        "--out",
        text(&out),
        "--json",
    ]);
    assert_eq!(code(&exported), 0, "{}", trouble(&exported));
    let copy = std::fs::read(lines(&exported)[0]["copy"].as_str().unwrap()).unwrap();
    assert!(copy.starts_with(b"%PDF-1.7"));
    let checked = sohoa(&["check", "--vault", &vault, "--json"]);
    assert_eq!(code(&checked), 0, "{}", trouble_of(&checked));
    assert_eq!(lines(&checked)[0]["sound"], true);
    // A copy on another medium, and a vault from it.
    let medium = folder.path().join("medium");
    let restored = folder.path().join("restored");
    for arguments in [
        ["backup", text(&medium), "--vault", &vault],
        ["restore", text(&medium), "--vault", text(&restored)],
        ["show", local_code, "--vault", text(&restored)],
        ["check", "--json", "--vault", text(&restored)],
    ] {
        let output = sohoa(&arguments);
        assert_eq!(code(&output), 0, "{arguments:?}: {}", trouble_of(&output));
    }
}

#[test]
fn a_paper_with_doubtful_fields_needs_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let file = sample("3-application-page-1.jpg");
    let output = sohoa(&["digitise", text(&file), "--vault", &vault, "--json"]);
    let paper = &lines(&output)[0];
    if paper["state"] == "needs_review" {
        assert_eq!(code(&output), 3);
        assert!(
            !paper["to_check"].as_array().unwrap().is_empty(),
            "it says which fields"
        );
    } else {
        assert_eq!(
            code(&output),
            0,
            "without a doubtful field nobody is needed"
        );
    }
}

#[test]
fn values_set_beforehand_stand_in_the_record() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let file = sample("1-official-document.jpg");
    let output = sohoa(&[
        "digitise",
        text(&file),
        "--vault",
        &vault,
        "--owner",
        "0100109106",
        "--procedure",
        "1.000894",
        "--component",
        "TP-H05.000026",
        "--set",
        "owner_name=CÔNG TY THỬ NGHIỆM",
        "--accept",
        "all",
        "--json",
    ]);
    assert_eq!(code(&output), 0, "{}", trouble(&output));
    let paper = &lines(&output)[0];
    assert_eq!(
        paper["code"], "0100109106.1.000894.TP-H05.000026",
        "art. 10, second structure"
    );
    let hits = lines(&sohoa(&[
        "search",
        "cong ty thu nghiem",
        "--vault",
        &vault,
        "--json",
    ]));
    assert_eq!(hits.len(), 1);
}

#[test]
fn bad_use_is_told_from_refused_input() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let sample = sample("1-official-document.jpg");
    let garbage = folder.path().join("garbage.pdf");
    std::fs::write(&garbage, b"this is no paper").unwrap();
    let missing = folder.path().join("missing.png");
    for (arguments, expected) in [
        (vec!["digitise", text(&garbage), "--vault", &vault], 4),
        (vec!["read", text(&garbage)], 4),
        (vec!["read", text(&missing)], 2),
        (vec!["read"], 2),
        (
            vec![
                "digitise",
                text(&sample),
                "--vault",
                &vault,
                "--set",
                "number",
            ],
            2,
        ),
        (
            vec![
                "digitise",
                text(&sample),
                "--vault",
                &vault,
                "--type",
                "no_such_type",
            ],
            2,
        ),
        (vec!["show", "no-such-code", "--vault", &vault], 2),
        (vec!["search", "x", "--vault", text(folder.path())], 2),
        (
            vec![
                "scan",
                "--device",
                "folder:/no/such/folder",
                "--vault",
                &vault,
            ],
            4,
        ),
        (
            vec![
                "init",
                "--vault",
                &vault,
                "--office",
                "H55.242",
                "--officer",
                "X",
            ],
            2,
        ),
    ] {
        let output = sohoa(&arguments);
        assert_eq!(
            code(&output),
            expected,
            "{arguments:?}: {}",
            trouble(&output)
        );
        trouble(&output);
    }
    let wrong = Command::new(program("sohoa"))
        .args(["search", "x", "--vault", &vault])
        .env("SOHOA_PASSPHRASE", "not the passphrase")
        .output()
        .unwrap();
    assert_eq!(code(&wrong), 2);
    assert!(
        trouble(&wrong).contains("passphrase"),
        "{}",
        trouble(&wrong)
    );
    assert_eq!(
        code(&sohoa(&["search", "x", "--vault", &vault])),
        0,
        "the vault is as usable as before"
    );
}

#[test]
fn the_demonstration_runs_end_to_end() {
    let folder = tempfile::tempdir().unwrap();
    let output = sohoa(&["demo", "--dir", text(folder.path()), "--json"]);
    assert_eq!(code(&output), 0, "{}", trouble(&output));
    let papers = lines(&output);
    assert_eq!(papers.len(), 3);
    let pages: Vec<u64> = papers
        .iter()
        .map(|paper| paper["pages"].as_u64().unwrap())
        .collect();
    assert_eq!(pages, [1, 1, 2]);
    for paper in &papers {
        let copy = std::fs::read(paper["copy"].as_str().unwrap()).unwrap();
        assert!(copy.starts_with(b"%PDF"), "the exported copy opens");
        assert!(!paper["code"].as_str().unwrap().is_empty());
    }
    assert_eq!(
        code(&sohoa(&["demo", "--dir", text(folder.path())])),
        0,
        "a second run goes on with the same desk"
    );
}

fn form_file(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../forms/types")
        .join(name)
}

#[test]
fn every_form_of_the_catalogue_passes_its_check() {
    for entry in std::fs::read_dir(form_file("")).unwrap() {
        let file = entry.unwrap().path();
        let output = sohoa(&["form", "check", text(&file), "--json"]);
        assert_eq!(code(&output), 0, "{}", trouble_of(&output));
        let checked = &lines(&output)[0];
        let name = file.file_stem().unwrap().to_str().unwrap();
        assert_eq!(checked["document_type"], name);
        assert!(checked["fields"].as_u64().unwrap() >= 10);
    }
}

fn trouble_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_form_with_a_mistake_is_refused_with_the_place_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("permit.json");
    let whole = std::fs::read_to_string(form_file("construction_permit.json")).unwrap();
    let check = |wrong: &str, place: &str, what: &str| {
        std::fs::write(&file, wrong).unwrap();
        let output = sohoa(&["form", "check", text(&file)]);
        assert_eq!(code(&output), 4);
        let said = trouble(&output);
        assert!(said.contains(place) && said.contains(what), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    };
    check("{", "line 1, column 1", "not JSON");
    let replaced = |from: &str, to: &str| {
        assert!(whole.contains(from), "{from}");
        whole.replacen(from, to, 1)
    };
    check(
        &replaced(r#""value_type": "date""#, r#""value_type": "day""#),
        "/fields/1/value_type",
        "is not one of",
    );
    check(
        &replaced(r#""kind": "signature""#, r#""kind": "signatur""#),
        "/fields/5/find/0",
        "unknown variant `signatur`",
    );
    check(
        &replaced(r#""from": "issued_on""#, r#""from": "issued""#),
        "/fields/6/find/0/from",
        "\"issued\" is named here",
    );
    check(
        &replaced(r#""name": "scope""#, r#""name": "reach""#),
        "/fields",
        "\"scope\" is missing",
    );
    check(
        &replaced(r#""titles": ["#, r#""fallback": true, "titles": ["#),
        "/fallback",
        "\"other\"",
    );
    let missing = sohoa(&["form", "check", text(&folder.path().join("nowhere.json"))]);
    assert_eq!(code(&missing), 2, "a file that is not there is bad use");
}

#[test]
fn a_kind_can_be_chosen_for_reading() {
    let file = sample("1-official-document.jpg");
    let output = sohoa(&[
        "read",
        text(&file),
        "--type",
        "construction_permit",
        "--json",
    ]);
    assert_eq!(code(&output), 0, "{}", trouble_of(&output));
    let read = &lines(&output)[0];
    assert_eq!(read["document"]["type"], "construction_permit");
    let names: Vec<&str> = read["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| field["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"floor_area_m2"), "{names:?}");
}

#[test]
fn pages_are_counted_against_the_paper() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let tray = folder.path().join("tray");
    std::fs::create_dir(&tray).unwrap();
    for sheet in ["1.jpg", "2.jpg"] {
        std::fs::copy(sample("3-application-page-1.jpg"), tray.join(sheet)).unwrap();
    }
    let device = format!("folder:{}", tray.display());
    let scan = |more: &[&str]| {
        let arguments = ["scan", "--device", &device, "--vault", &vault, "--json"];
        sohoa(&[&arguments, more].concat())
    };
    let short = scan(&["--pages", "3"]);
    assert_eq!(code(&short), 3, "a person is needed: a page is missing");
    let said = lines(&short);
    assert_eq!(said.len(), 3);
    assert_eq!(
        said[2]["gaps"],
        serde_json::json!([{"kind": "declared", "declared": 3, "kept": 2}])
    );
    let document = said[0]["document"].as_str().unwrap();
    let dossier = dossier_of(&vault, document);
    let listed = sohoa(&["pages", "--vault", &vault, "--dossier", &dossier, "--json"]);
    assert_eq!(code(&listed), 3);
    let listed = lines(&listed);
    assert_eq!(listed.len(), 3);
    for (page, scanned) in listed.iter().zip(&said).take(2) {
        assert_eq!(
            (&page["id"], &page["sha256"]),
            (&scanned["id"], &scanned["sha256"])
        );
        assert_eq!(page["state"], "kept");
    }
    assert_eq!(listed[2]["closes"], false);
    let unknown = sohoa(&["pages", "--vault", &vault, "--dossier", "nobody", "--json"]);
    assert_eq!(code(&unknown), 2);
    trouble(&unknown);
}

/// The dossier that a document belongs to, as the vault knows it.
fn dossier_of(vault: &str, document: &str) -> String {
    let settings = support::test_desk::settings(Path::new(vault));
    let desk = desk::session::sign_in(&settings, &support::test_desk::passphrase()).unwrap();
    let review = desk::review::review(&desk, document.parse().unwrap()).unwrap();
    review.document.dossier_id.to_string()
}

#[test]
fn a_code_says_what_it_is_and_a_mistyped_one_is_none() {
    for (typed, kinds) in [
        ("0100109106", &["owner_id"][..]),
        ("0100109107", &[]),
        ("1.000894", &["procedure_code"]),
        ("H38.12-260412-0007", &["dossier_code"]),
        ("TP-H05.000026", &["component_code"]),
        ("H55.242", &["agency_code"]),
        ("không phải mã", &[]),
    ] {
        let checked = sohoa(&["code", "check", typed, "--json"]);
        let said = &lines(&checked)[0];
        assert_eq!(said["kinds"], serde_json::json!(kinds), "{typed}");
        assert_eq!(
            code(&checked),
            if kinds.is_empty() { 4 } else { 0 },
            "{typed}"
        );
    }
}

#[test]
fn a_copy_comes_back_with_the_recovery_key_and_every_part_of_it_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| text(&folder.path().join(name)).to_owned();
    let made = sohoa(&[
        "init",
        "--vault",
        &place("vault"),
        "--office",
        "H55.242",
        "--officer",
        "Trần Thị Thử",
        "--json",
    ]);
    let key = lines(&made)[0]["recovery_key"].as_str().unwrap().to_owned();
    let copied = sohoa(&["backup", &place("copy"), "--vault", &place("vault")]);
    assert_eq!(code(&copied), 0);
    let back = place("back");
    let restore = |key: &str| {
        Command::new(program("sohoa"))
            .args([
                "restore",
                &place("copy"),
                "--recovery-key",
                "--vault",
                &back,
            ])
            .env("SOHOA_RECOVERY_KEY", key)
            .env("SOHOA_NEW_PASSPHRASE", PASSPHRASE)
            .output()
            .unwrap()
    };
    assert_eq!(code(&restore("no key")), 2);
    let restored = restore(&key);
    assert_eq!(code(&restored), 0, "{}", trouble(&restored));
    for part in ["1/2", "2/2"] {
        let checked = sohoa(&["check", "--subset", part, "--json", "--vault", &back]);
        assert_eq!(lines(&checked)[0]["sound"], true, "{part}");
    }
    let no_part = sohoa(&["check", "--subset", "3/2", "--vault", &back]);
    assert_eq!(code(&no_part), 2);
}
