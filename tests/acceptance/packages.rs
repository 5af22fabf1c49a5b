//! Records handed out: packages that prove themselves, and the forms of archives and
//! portals.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use desk::digitise::{Accept, Outcome, Paper, digitise};
use desk::package::{self, Misfit, Part, PartName, verify};
use desk::stations::{self, StationKey};
use desk::{Error, Refusal, archive, portal};
use domain::digest::Digest;
use domain::record::Record;
use domain::signature::Answer;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use support::test_desk::{TestDesk, sample, settings};

use crate::command_line::{code, lines, sohoa, text};

fn deposited(test: &TestDesk, file: &str) -> Record {
    let paper = Paper {
        files: vec![sample(file)],
        document_type: Some("official_document".parse().unwrap()),
        accept: Accept::All,
        ..Paper::default()
    };
    let Outcome::Deposited(record) = digitise(test.desk(), &paper).unwrap().0 else {
        panic!("everything was accepted");
    };
    *record
}

fn own_key(test: &TestDesk) -> Vec<StationKey> {
    let file = test.folder().join("station.json");
    stations::write_own(test.desk(), &file).unwrap();
    vec![stations::read(&file).unwrap()]
}

fn here() -> desk::Settings {
    settings(Path::new(""))
}

fn answers(parts: &[Part]) -> Vec<(PartName, Option<Answer>)> {
    parts.iter().map(|part| (part.name, part.answer)).collect()
}

/// Every file of a folder, by its path in it.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn collect(folder: &Path, before: &str, files: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{before}{}", entry.file_name().to_str().unwrap());
            if entry.path().is_dir() {
                collect(&entry.path(), &format!("{name}/"), files);
            } else {
                files.insert(name, fs::read(entry.path()).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    collect(folder, "", &mut found);
    found
}

#[test]
fn a_package_holds_part_by_part_and_can_be_read_by_eye() {
    let test = TestDesk::new();
    let record = deposited(&test, "1-official-document.jpg");
    let out = test.folder().join("out");
    let code = record.local_code.to_string();
    let made = package::export(test.desk(), &code, &out).unwrap();
    let parts = verify(&here(), &made.folder, &own_key(&test)).unwrap();
    let good = |name| (name, Some(Answer::Good));
    assert_eq!(
        answers(&parts),
        [
            good(PartName::Seal),
            good(PartName::Files),
            good(PartName::Record),
            good(PartName::Copy),
            good(PartName::Evidence),
            good(PartName::Audit),
            (PartName::Signatures, None),
        ]
    );
    let stranger = verify(&here(), &made.folder, &[]).unwrap();
    assert_eq!(stranger[0].answer, Some(Answer::CannotTell));
    assert_eq!(stranger[0].misfits, [Misfit::StationUnknown]);

    let readme = fs::read_to_string(made.folder.join("README.txt")).unwrap();
    assert!(
        readme.contains(&code) && readme.contains(&record.code.text),
        "{readme}"
    );
    let number = record.value("number").unwrap();
    assert!(readme.contains(number), "{readme}");
    assert!(
        !readme.contains('{'),
        "every name in braces was filled: {readme}"
    );
    // Anybody can check the files with tools of his own.
    let manifest: Value = serde_json::from_slice(&fs::read(&made.manifest).unwrap()).unwrap();
    let held = files(&made.folder);
    let listed = manifest["files"].as_array().unwrap();
    assert_eq!(
        listed.len() + 2,
        held.len(),
        "all but the list and its signature"
    );
    for file in listed {
        let bytes = &held[file["path"].as_str().unwrap()];
        assert_eq!(file["sha256"], Digest::of(bytes).to_string());
    }
    let again = package::export(test.desk(), &code, &out);
    assert!(
        matches!(again, Err(Error::File(_))),
        "a folder that is there is never filled up"
    );
}

/// Every file changed in some places, cut, taken out, renamed, and strange ones added.
#[test]
fn whatever_is_done_to_a_package_is_told() {
    let test = TestDesk::new();
    let record = deposited(&test, "1-official-document.jpg");
    let out = test.folder().join("out");
    let made = package::export(test.desk(), &record.local_code.to_string(), &out).unwrap();
    let known = own_key(&test);
    let folder = &made.folder;
    let noticed = |what: &str| {
        let parts = verify(&here(), folder, &known).unwrap();
        let bad = parts.iter().any(|part| part.answer == Some(Answer::Bad));
        assert!(bad, "{what} is told");
    };
    let held = files(folder);
    let mut pieces = 0;
    for (path, bytes) in &held {
        // Pieces of evidence are all alike; two of them stand for the rest.
        let is_piece = path.starts_with("evidence/")
            && Path::new(path)
                .extension()
                .is_some_and(|ending| ending == "png");
        pieces += usize::from(is_piece);
        if is_piece && pieces > 2 {
            continue;
        }
        let file = folder.join(path);
        for place in [0, bytes.len() / 3, bytes.len() - 1] {
            let mut other = bytes.clone();
            other[place] ^= 1;
            fs::write(&file, other).unwrap();
            noticed(&format!("{path} changed at {place}"));
        }
        fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
        noticed(&format!("{path} cut"));
        fs::remove_file(&file).unwrap();
        noticed(&format!("{path} taken out"));
        let renamed = file.with_extension("other");
        fs::write(&renamed, bytes).unwrap();
        noticed(&format!("{path} renamed"));
        fs::remove_file(renamed).unwrap();
        fs::write(&file, bytes).unwrap();
    }
    for path in ["added.txt", "evidence/added.png", "empty"] {
        let file = folder.join(path);
        if path == "empty" {
            fs::create_dir(&file).unwrap();
        } else {
            fs::write(&file, b"x").unwrap();
        }
        noticed(&format!("{path} added"));
        if path == "empty" {
            fs::remove_dir(&file).unwrap();
        } else {
            fs::remove_file(&file).unwrap();
        }
    }
    let parts = verify(&here(), folder, &known).unwrap();
    assert!(
        parts.iter().all(|part| part.answer != Some(Answer::Bad)),
        "the package itself holds"
    );
}

/// Somebody makes a package anew around another copy, with a key of his own.
#[test]
fn a_package_of_another_station_under_this_ones_name_is_refused() {
    let (test, forger) = (TestDesk::new(), TestDesk::new());
    let record = deposited(&forger, "1-official-document.jpg");
    let out = forger.folder().join("out");
    let made = package::export(forger.desk(), &record.local_code.to_string(), &out).unwrap();
    let mut known = own_key(&test);
    known[0].station = forger.desk().office().station.number;
    let parts = verify(&here(), &made.folder, &known).unwrap();
    assert_eq!(parts[0].answer, Some(Answer::Bad));
    assert_eq!(parts[0].misfits, [Misfit::OtherKey]);
}

/// An element with its attributes, as far as references need it.
struct Referring {
    name: String,
    attributes: BTreeMap<String, String>,
}

/// All elements of a well-formed document.
fn elements(xml: &[u8]) -> Vec<Referring> {
    let mut reader = Reader::from_reader(xml);
    let mut found = Vec::new();
    let mut depth = 0;
    let mut keep = |element: &quick_xml::events::BytesStart<'_>| {
        let attributes = element.attributes().map(|one| {
            let one = one.unwrap();
            (one.key.as_ref().to_owned(), one.value.to_string())
        });
        found.push(Referring {
            name: element.name().as_ref().to_owned(),
            attributes: attributes.collect(),
        });
    };
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).unwrap() {
            Event::Start(element) => {
                depth += 1;
                keep(&element);
            }
            Event::Empty(element) => keep(&element),
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0, "every element ends");
    found
}

// Circular 05/2025/TT-BNV: METS + PREMIS + EAD.
#[test]
fn every_reference_of_an_archive_package_leads_to_its_file() {
    let test = TestDesk::new();
    let record = deposited(&test, "1-official-document.jpg");
    let out = test.folder().join("out");
    let code = record.local_code.to_string();
    let unknown = archive::export(test.desk(), &code, &out, Some("99"));
    assert!(matches!(
        unknown,
        Err(Error::Refused(Refusal::UnknownRetention))
    ));
    let made = archive::export(test.desk(), &code, &out, Some("01")).unwrap();
    let held = files(&made.folder);
    let mut referred: Vec<String> = vec!["METS.xml".to_owned()];
    let mut at = 0;
    while at < referred.len() {
        let path = referred[at].clone();
        at += 1;
        if !path.ends_with("METS.xml") {
            continue;
        }
        let folder = path.strip_suffix("METS.xml").unwrap().to_owned();
        let elements = elements(&held[&path]);
        let ids: Vec<&String> = elements
            .iter()
            .filter_map(|one| one.attributes.get("ID"))
            .collect();
        let mut facts: Option<&Referring> = None;
        for element in &elements {
            if element.attributes.contains_key("CHECKSUM") {
                facts = Some(element);
            }
            if let Some(id) = element.attributes.get("FILEID") {
                assert!(ids.contains(&id), "{path}: {id}");
            }
            let Some(href) = element.attributes.get("xlink:href") else {
                continue;
            };
            let target = format!("{folder}{href}");
            let bytes = held
                .get(&target)
                .unwrap_or_else(|| panic!("{path}: {target} is there"));
            // A pointer to a representation repeats what its file group says with a digest.
            if element.name != "mets:mptr" {
                let facts = &facts.unwrap().attributes;
                assert_eq!(facts["CHECKSUM"], Digest::of(bytes).to_string(), "{target}");
                assert_eq!(facts["CHECKSUMTYPE"], "SHA-256");
                assert_eq!(facts["SIZE"], bytes.len().to_string(), "{target}");
            }
            if !referred.contains(&target) {
                referred.push(target);
            }
        }
    }
    referred.sort();
    let all: Vec<&String> = held.keys().collect();
    assert_eq!(
        referred.iter().collect::<Vec<_>>(),
        all,
        "no file is left unnamed"
    );
    let premis = String::from_utf8(held["metadata/preservation/premis.xml"].clone()).unwrap();
    elements(premis.as_bytes());
    for (path, bytes) in held.iter().filter(|(path, _)| path.contains("/data/")) {
        assert!(premis.contains(path.as_str()) && premis.contains(&Digest::of(bytes).to_string()));
    }
    for event in ["capture", "creation", "ingestion", "dissemination"] {
        assert!(
            premis.contains(&format!("<premis:eventType>{event}<")),
            "{event}"
        );
    }
    let ead = String::from_utf8(held["metadata/descriptive/ead.xml"].clone()).unwrap();
    elements(ead.as_bytes());
    assert!(ead.contains(record.value("number").unwrap()) && ead.contains("<p>01</p>"));
}

#[test]
fn the_flat_form_has_the_names_of_the_portals_in_both_its_files() {
    let test = TestDesk::new();
    let record = deposited(&test, "1-official-document.jpg");
    let out = test.folder().join("out");
    let made = portal::export(test.desk(), &record.local_code.to_string(), &out).unwrap();
    let text = fs::read_to_string(&made.json).unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["SoKyHieu"].as_str(), record.value("number"));
    assert_eq!(json["NgayCap"].as_str(), record.value("issued_on"));
    assert_eq!(json["NgaySoHoa"], "2026-11-20");
    let copy = fs::read(&made.copy).unwrap();
    assert_eq!(json["HashTepTin"], Digest::of(&copy).to_string());
    assert!(
        text.find("MaHoSo") < text.find("HashTepTin"),
        "in the order of the list"
    );
    let script = "import json, re, sys, zipfile\n\
        book = zipfile.ZipFile(sys.argv[1])\n\
        assert book.testzip() is None\n\
        import xml.etree.ElementTree as tree\n\
        spaces = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'\n\
        words = [''.join(part.itertext()) for part in tree.fromstring(book.read('xl/sharedStrings.xml'))]\n\
        rows = tree.fromstring(book.read('xl/worksheets/sheet1.xml')).iter(spaces + 'row')\n\
        table = [[words[int(cell.find(spaces + 'v').text)] if cell.find(spaces + 'v') is not None else '' for cell in row] for row in rows]\n\
        print(json.dumps(dict(zip(table[0], table[1] + [''] * len(table[0])))))";
    let read = Command::new("python3")
        .args(["-c", script])
        .arg(&made.table)
        .output();
    let Ok(read) = read else {
        eprintln!("skipped: python3 is not installed");
        return;
    };
    let told = String::from_utf8_lossy(&read.stderr).into_owned();
    let table: Value = serde_json::from_slice(&read.stdout).unwrap_or_else(|_| panic!("{told}"));
    assert_eq!(table, json, "both files say the same");
}

#[test]
fn packages_come_from_the_command_line_and_are_checked_there() {
    let mut test = TestDesk::new();
    let record = deposited(&test, "1-official-document.jpg");
    let key = test.folder().join("station.json");
    stations::write_own(test.desk(), &key).unwrap();
    test.close();
    let vault = test.vault().to_owned();
    let paper = record.local_code.to_string();
    let export = |form: &str| {
        let out = test.folder().join(form);
        let arguments = [
            "export",
            &paper,
            "--vault",
            text(&vault),
            "--out",
            text(&out),
            "--form",
            form,
            "--json",
        ];
        let output = sohoa(&arguments);
        assert_eq!(
            code(&output),
            0,
            "{form}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        lines(&output).remove(0)
    };
    let package = export("package");
    let folder = PathBuf::from(package["folder"].as_str().unwrap());
    for form in ["files", "archive", "portal"] {
        let made = export(form);
        assert!(
            Path::new(made["copy"].as_str().unwrap()).is_file(),
            "{form}"
        );
        assert!(
            Path::new(made["manifest"].as_str().unwrap()).is_file(),
            "{form}"
        );
    }
    let known = sohoa(&["verify", text(&folder), "--key", text(&key), "--json"]);
    assert_eq!(
        code(&known),
        0,
        "{}",
        String::from_utf8_lossy(&known.stdout)
    );
    assert_eq!(
        code(&sohoa(&["verify", text(&folder)])),
        3,
        "nobody knows the station"
    );
    fs::write(folder.join("README.txt"), "khác").unwrap();
    let changed = sohoa(&["verify", text(&folder), "--key", text(&key), "--json"]);
    assert_eq!(code(&changed), 4);
    let parts = lines(&changed).remove(0);
    let files = parts
        .as_array()
        .unwrap()
        .iter()
        .find(|part| part["part"] == "files")
        .unwrap();
    assert_eq!(files["misfits"][0], "README.txt is altered");
}
