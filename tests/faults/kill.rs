//! An acknowledged page or record survives `kill -9` at any moment.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use support::test_desk::{PASSPHRASE, passphrase, program, sample, settings};

use crate::chance::{Chance, kills};

#[test]
fn what_was_acknowledged_survives_a_kill_at_any_moment() {
    let mut chance = Chance::new();
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault");
    let settings = settings(&vault);
    drop(
        desk::session::create(
            &settings,
            "H55.242".parse().unwrap(),
            "Trần Thị Thử",
            &passphrase(),
        )
        .unwrap(),
    );
    let tray = folder.path().join("tray");
    std::fs::create_dir(&tray).unwrap();
    let (mut pages, mut records) = (Vec::new(), HashSet::new());
    for round in 0..kills() {
        let scanning = round % 2 == 0;
        let mut command = Command::new(program("sohoa"));
        if scanning {
            for sheet in 0..20 {
                std::fs::copy(
                    sample("3-application-page-1.jpg"),
                    tray.join(format!("{round}-{sheet}.jpg")),
                )
                .unwrap();
            }
            command
                .args(["scan", "--json", "--device"])
                .arg(format!("folder:{}", tray.display()));
        } else {
            command.args(["digitise", "--json", "--each", "--accept", "all"]);
            command.args((0..4).map(|_| sample("1-official-document.jpg")));
        }
        let mut child = command
            .arg("--vault")
            .arg(&vault)
            .env("SOHOA_PASSPHRASE", PASSPHRASE)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let reader =
            std::thread::spawn(move || output.lines().map_while(Result::ok).collect::<Vec<_>>());
        let patience = if scanning { 1_500 } else { 6_000 };
        std::thread::sleep(Duration::from_millis(200 + chance.below(patience)));
        child.kill().unwrap();
        child.wait().unwrap();
        for line in reader.join().unwrap() {
            let Ok(line) = serde_json::from_str::<Value>(&line) else {
                continue;
            };
            if scanning {
                pages.push(line["id"].as_str().unwrap().to_owned());
            } else {
                let code = line["local_code"].as_str().unwrap().to_owned();
                assert!(
                    records.insert(code.clone()),
                    "the local code {code} was given twice"
                );
            }
        }
        for entry in std::fs::read_dir(&tray).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                std::fs::remove_dir_all(path).unwrap();
            } else {
                std::fs::remove_file(path).unwrap();
            }
        }
    }
    let desk = desk::session::sign_in(&settings, &passphrase()).unwrap();
    let report = desk.check_vault().unwrap();
    assert!(report.is_sound(), "{report:?}");
    for page in &pages {
        let picture = desk::picture::page_picture(&desk, page.parse().unwrap(), Some(50));
        assert!(
            picture.is_ok(),
            "page {page} was acknowledged and is lost: {picture:?}"
        );
    }
    for code in &records {
        assert!(
            desk::search::show(&desk, code).is_ok(),
            "record {code} was acknowledged and is lost"
        );
    }
    println!(
        "{} kills, {} pages and {} records acknowledged, none lost",
        kills(),
        pages.len(),
        records.len()
    );
    assert!(
        !pages.is_empty(),
        "some pages must have been acknowledged, or nothing was tested"
    );
}
