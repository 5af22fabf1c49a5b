//! An exported audit trail: whatever is done to it, it is found, and where.

use std::fs;
use std::process::Command;

use desk::{KnownOfAudit, audit, reception, search, session, verify_audit_export};
use serde_json::Value;
use support::test_desk::{passphrase, program, settings};

use crate::chance::Chance;

/// Mutations that are checked in this process.
const MUTATIONS: u32 = 1_000;
/// Mutations given to `sohoa` in the short form; `SOHOA_MUTATIONS` sets the long one.
const MUTATIONS_OF_PROGRAM: u32 = 25;

/// A trail of a desk at work: a few hundred events and some signed heads.
fn trail() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("vault"));
    let office = "H55.242".parse().unwrap();
    let (desk, _) = session::create(&settings, office, "Trần Thị Thử", &passphrase()).unwrap();
    for _ in 0..50 {
        let dossier = reception::receive(&desk, reception::NewDossier::default()).unwrap();
        reception::dossier(&desk, dossier.id).unwrap();
        search::search(&desk, "nguyen", 5).unwrap();
    }
    drop(desk);
    let desk = session::sign_in(&settings, &passphrase()).unwrap();
    let file = folder.path().join("trail.jsonl");
    audit::export(&desk, &file).unwrap();
    fs::read(file).unwrap()
}

/// One way to tamper with a file, chosen by chance.
fn tampered(whole: &[u8], chance: &mut Chance) -> (String, Vec<u8>) {
    let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
    let count = lines.len() as u64;
    let any = |chance: &mut Chance| chance.below(count) as usize;
    let kind = chance.below(8);
    let mut changed: Vec<Vec<u8>> = lines.iter().map(|line| line.to_vec()).collect();
    let what = match kind {
        0 => {
            let line = any(chance);
            let at = chance.below(changed[line].len() as u64) as usize;
            changed[line][at] ^= 1 << chance.below(7);
            format!("flip byte {at} of line {line}")
        }
        1 => {
            let line = any(chance);
            changed.remove(line);
            format!("delete line {line}")
        }
        2 => {
            let (one, mut other) = (any(chance), any(chance));
            if one == other {
                other = (other + 1) % lines.len();
            }
            changed.swap(one, other);
            format!("swap lines {one} and {other}")
        }
        3 => {
            let left = any(chance);
            changed.truncate(left);
            format!("cut after {left} lines")
        }
        4 => {
            let line = any(chance);
            let copy = changed[line].clone();
            changed.insert(line, copy);
            format!("repeat line {line}")
        }
        5 => {
            let bytes = chance.below(whole.len() as u64) as usize;
            return (format!("cut after {bytes} bytes"), whole[..bytes].to_vec());
        }
        6 => {
            // The end is put back under a file whose tail was cut.
            let left = 1 + chance.below(count - 2) as usize;
            let closing = changed[lines.len() - 1].clone();
            changed.truncate(left);
            changed.push(closing);
            format!("cut after {left} lines and close again")
        }
        _ => {
            let line = any(chance);
            let mut value: Value = serde_json::from_slice(&changed[line]).unwrap();
            let names: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
            let name = &names[chance.below(names.len() as u64) as usize];
            value[name] = match &value[name] {
                Value::Number(number) => (number.as_u64().unwrap() + 1).into(),
                Value::String(text) => format!("{text}0").into(),
                Value::Null => "00".into(),
                Value::Array(list) => list.iter().skip(1).cloned().collect(),
                other => panic!("{other}"),
            };
            changed[line] = format!("{value}\n").into_bytes();
            format!("change {name} of line {line}")
        }
    };
    (what, changed.concat())
}

#[test]
fn every_mutation_of_an_exported_trail_is_found_and_none_is_imagined() {
    let mut chance = Chance::new();
    let whole = trail();
    let known = KnownOfAudit::default();
    let report = verify_audit_export(&whole, &known);
    assert_eq!(report.flaw, None);
    assert!(report.events > 150 && report.heads > 2, "{report:?}");
    let (mut missed, mut tried) = (Vec::new(), 0);
    while tried < MUTATIONS {
        let (what, changed) = tampered(&whole, &mut chance);
        if changed == whole {
            continue;
        }
        tried += 1;
        match verify_audit_export(&changed, &known).flaw {
            None => missed.push(what),
            Some(flaw) => assert!(flaw.position <= report.events + 1, "{what}: {flaw:?}"),
        }
        // The negative control: what was left alone is whole each time, so that a judge
        // who cries wolf at everything fails as well.
        assert_eq!(verify_audit_export(&whole, &known).flaw, None);
    }
    println!("{tried} mutations, {} found", tried as usize - missed.len());
    assert_eq!(missed, Vec::<String>::new());
}

#[test]
fn the_position_of_an_edit_a_deletion_a_swap_and_a_cut_is_named() {
    let whole = trail();
    let text = String::from_utf8(whole).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let is_event = |line: &&str, position: u64| {
        let value: Value = serde_json::from_str(line).unwrap();
        value["line"] == "event" && value["position"] == position
    };
    let at = |position| {
        lines
            .iter()
            .position(|line| is_event(line, position))
            .unwrap()
    };
    let check = |changed: Vec<String>, position: u64, tampering: &str| {
        let file = changed.join("\n") + "\n";
        let flaw = verify_audit_export(file.as_bytes(), &KnownOfAudit::default()).flaw;
        let flaw = flaw.unwrap();
        assert_eq!(
            (flaw.position, flaw.tampering.name()),
            (position, tampering)
        );
    };
    let lines_again = || -> Vec<String> { lines.iter().map(|line| (*line).to_owned()).collect() };
    let mut edited = lines_again();
    edited[at(20)] = edited[at(20)].replace("\"act\":\"", "\"act\":\"x");
    check(edited, 20, "altered");
    let mut deleted = lines_again();
    deleted.remove(at(30));
    check(deleted, 30, "missing_or_moved");
    let mut swapped = lines_again();
    swapped.swap(at(40), at(41));
    check(swapped, 40, "missing_or_moved");
    let mut cut = lines_again();
    cut.truncate(at(50));
    check(cut, 50, "tail_cut");
}

#[test]
fn a_mark_written_down_elsewhere_finds_an_older_export_and_another_trail() {
    let (one, other) = (trail(), trail());
    let mark = verify_audit_export(&one, &KnownOfAudit::default()).end;
    let known = |mark| KnownOfAudit {
        marks: vec![mark],
        public_key: None,
    };
    assert_eq!(verify_audit_export(&one, &known(mark)).flaw, None);
    // Another trail of the same length, signed by another key, is whole in itself.
    assert_eq!(
        verify_audit_export(&other, &KnownOfAudit::default()).flaw,
        None
    );
    let flaw = verify_audit_export(&other, &known(mark)).flaw.unwrap();
    assert_eq!(
        (flaw.tampering.name(), flaw.position),
        ("altered", mark.position)
    );
    let key = verify_audit_export(&one, &KnownOfAudit::default()).public_key;
    let of_key = KnownOfAudit {
        marks: Vec::new(),
        public_key: Some(key),
    };
    assert_eq!(verify_audit_export(&one, &of_key).flaw, None);
    let flaw = verify_audit_export(&other, &of_key).flaw.unwrap();
    assert_eq!(flaw.tampering.name(), "other_key");
    // A later mark shows that an export is an older one.
    let later = desk::AuditMark {
        position: mark.position + 3,
        hash: mark.hash,
    };
    let flaw = verify_audit_export(&one, &known(later)).flaw.unwrap();
    assert_eq!(
        (flaw.tampering.name(), flaw.position),
        ("tail_cut", mark.position + 1)
    );
}

#[test]
fn the_program_finds_mutations_without_vault_or_passphrase() {
    let tries = std::env::var("SOHOA_MUTATIONS").ok();
    let tries = tries.and_then(|tries| tries.parse().ok());
    let tries = tries.unwrap_or(MUTATIONS_OF_PROGRAM);
    let mut chance = Chance::new();
    let whole = trail();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trail.jsonl");
    let verify = |bytes: &[u8]| {
        fs::write(&file, bytes).unwrap();
        let output = Command::new(program("sohoa"))
            .args(["audit", "verify", "--json"])
            .arg(&file)
            .env_remove("SOHOA_PASSPHRASE")
            .output()
            .unwrap();
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code().unwrap(), answer)
    };
    let mut tried = 0;
    while tried < tries {
        let (what, changed) = tampered(&whole, &mut chance);
        if changed == whole {
            continue;
        }
        tried += 1;
        let (code, answer) = verify(&changed);
        assert_eq!(
            (code, &answer["sound"]),
            (4, &false.into()),
            "{what}: {answer}"
        );
        assert!(answer["position"].is_u64(), "{what}: {answer}");
    }
    let (code, answer) = verify(&whole);
    assert_eq!((code, &answer["sound"]), (0, &true.into()), "{answer}");
    println!("{tried} mutations found by the program");
}
