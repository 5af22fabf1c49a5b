//! Bits that turn over on the disk: `sohoa check` finds each of them.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use support::test_desk::{PASSPHRASE, program, sample};

use crate::chance::Chance;
use crate::work::times;

/// Bits in the short form; `SOHOA_BITS` sets the long one.
const BITS: usize = 7;

fn sohoa(vault: &Path, arguments: &[&str]) -> (Option<i32>, Value) {
    let output = Command::new(program("sohoa"))
        .args(arguments)
        .arg("--json")
        .arg("--vault")
        .arg(vault)
        .env("SOHOA_PASSPHRASE", PASSPHRASE)
        .output()
        .unwrap();
    let answer = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code(), answer)
}

/// Every file of the vault in which something stands.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.metadata().unwrap().len() > 0 {
            found.push(path);
        }
    }
}

fn copy(from: &Path, to: &Path) {
    let mut found = Vec::new();
    files(from, &mut found);
    let _not_there = fs::remove_dir_all(to);
    for file in found {
        let target = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(file, target).unwrap();
    }
}

#[test]
fn every_bit_that_turns_over_is_found_by_a_check() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, vault) = (folder.path().join("whole"), folder.path().join("vault"));
    let officer = ["init", "--office", "H55.242", "--officer", "Trần Thị Thử"];
    assert_eq!(sohoa(&whole, &officer).0, Some(0));
    let tray = folder.path().join("tray");
    fs::create_dir(&tray).unwrap();
    for sheet in 0..3 {
        let file = tray.join(format!("{sheet}.jpg"));
        fs::copy(sample("3-application-page-1.jpg"), file).unwrap();
    }
    let device = format!("folder:{}", tray.display());
    assert_eq!(sohoa(&whole, &["scan", "--device", &device]).0, Some(0));
    copy(&whole, &vault);
    assert_eq!(sohoa(&vault, &["check"]).0, Some(0), "the negative control");

    let mut found = Vec::new();
    files(&whole, &mut found);
    let mut chance = Chance::new();
    let (bits, mut missed) = (times("SOHOA_BITS", BITS), Vec::new());
    for bit in 0..bits {
        // Each file in its turn, so that the small ones are hit as well.
        let file = found[bit % found.len()].strip_prefix(&whole).unwrap();
        copy(&whole, &vault);
        let path = vault.join(file);
        let mut bytes = fs::read(&path).unwrap();
        let position = chance.below(bytes.len() as u64) as usize;
        bytes[position] ^= 1 << chance.below(8);
        fs::write(&path, bytes).unwrap();
        let (code, answer) = sohoa(&vault, &["check"]);
        if code != Some(4) {
            missed.push(format!(
                "{} at {position}: {code:?} {answer}",
                file.display()
            ));
        }
    }
    println!("{bits} bits turned over in {} files", found.len());
    assert_eq!(missed, Vec::<String>::new());
}

/// A program that is killed leaves its log behind, in which its last writes stand.
#[test]
fn a_bit_that_turns_over_in_the_log_of_a_killed_program_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, vault) = (folder.path().join("whole"), folder.path().join("vault"));
    let officer = ["init", "--office", "H55.242", "--officer", "Trần Thị Thử"];
    assert_eq!(sohoa(&whole, &officer).0, Some(0));
    let tray = folder.path().join("tray");
    fs::create_dir(&tray).unwrap();
    for sheet in 0..20 {
        let file = tray.join(format!("{sheet:02}.jpg"));
        fs::copy(sample("3-application-page-1.jpg"), file).unwrap();
    }
    let mut scan = Command::new(program("sohoa"))
        .args(["scan", "--json", "--device"])
        .arg(format!("folder:{}", tray.display()))
        .arg("--vault")
        .arg(&whole)
        .env("SOHOA_PASSPHRASE", PASSPHRASE)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let told = BufReader::new(scan.stdout.take().unwrap()).lines();
    assert_eq!(told.take(5).count(), 5, "five pages were told of");
    scan.kill().unwrap();
    scan.wait().unwrap();
    copy(&whole, &vault);
    assert_eq!(sohoa(&vault, &["check"]).0, Some(0), "the negative control");

    let log = fs::read(whole.join("vault.db-wal")).unwrap();
    let mut chance = Chance::new();
    let (bits, mut missed) = (times("SOHOA_BITS", BITS), Vec::new());
    for _ in 0..bits {
        copy(&whole, &vault);
        let position = chance.below(log.len() as u64) as usize;
        let mut bytes = log.clone();
        bytes[position] ^= 1 << chance.below(8);
        fs::write(vault.join("vault.db-wal"), bytes).unwrap();
        let (code, answer) = sohoa(&vault, &["check"]);
        if code != Some(4) {
            missed.push(format!("{position}: {code:?} {answer}"));
        }
    }
    println!("{bits} bits turned over in a log of {} bytes", log.len());
    assert_eq!(missed, Vec::<String>::new());
}
