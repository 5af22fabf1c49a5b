//! What devices say of their options, read from recordings: those of our own flight
//! recorder, and those of another program that lie outside of the project, where
//! `SOHOA_MATERIAL` says.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::descriptor::{Constraint, OptionDescriptor, ValueKind};
use super::sides::{Choice, choose_sides, choose_source};
use crate::scanner::{ScanSource, Sides};

/// The options of one recording. Those that did not apply when it was made are taken
/// as applying: the recordings were made with the flatbed chosen.
fn options_of(log: &str) -> Vec<OptionDescriptor> {
    let part = |line: &str, key: &str, end: char| {
        let start = line.find(key)? + key.len();
        let rest = &line[start..];
        Some(rest[..rest.find(end)?].to_owned())
    };
    log.lines()
        .filter_map(|line| {
            if let Some((_, told)) = line.split_once(" sane option ") {
                return told_by_us(told);
            }
            let name = part(line, " name='", '\'')?;
            let kind = match part(line, " type=", ' ')?.as_str() {
                "bool" => ValueKind::Bool,
                "string" => ValueKind::Text,
                "int" => ValueKind::Int,
                "fixed" => ValueKind::Fixed,
                _ => ValueKind::NoValue,
            };
            let words = part(line, " values=[\"", ']');
            let constraint = words.map_or(Constraint::None, |words| {
                let words = words.trim_end_matches('"').split("\", \"");
                Constraint::Texts(words.map(str::to_owned).collect())
            });
            Some(OptionDescriptor {
                index: 1,
                name,
                kind,
                size: 64,
                settable: line.contains("soft-select"),
                is_millimetres: line.contains("unit=mm"),
                constraint,
            })
        })
        .collect()
}

/// `"source" Text settable ["Flatbed", "ADF"]`, as the flight recorder writes it.
fn told_by_us(told: &str) -> Option<OptionDescriptor> {
    let mut words = told.splitn(4, ' ');
    let name = words.next()?.trim_matches('"').to_owned();
    let kind = match words.next()? {
        "Bool" => ValueKind::Bool,
        "Text" => ValueKind::Text,
        "Int" => ValueKind::Int,
        "Fixed" => ValueKind::Fixed,
        _ => ValueKind::NoValue,
    };
    let settable = words.next()? == "settable";
    let list = words.next()?.strip_prefix("[\"");
    let constraint = list.map_or(Constraint::None, |list| {
        let list = list.trim_end_matches("\"]").split("\", \"");
        Constraint::Texts(list.map(str::to_owned).collect())
    });
    Some(OptionDescriptor {
        index: 1,
        name,
        kind,
        size: 64,
        settable,
        is_millimetres: false,
        constraint,
    })
}

/// What is understood of a device: its feeder, its flatbed, how both sides come.
type Understood = (Option<String>, Option<String>, Option<String>);

fn understood(log: &str) -> Understood {
    let options = options_of(log);
    let source = options.iter().find(|option| option.name == "source");
    let names = match source.map(|option| &option.constraint) {
        Some(Constraint::Texts(names)) => names.clone(),
        _ => Vec::new(),
    };
    let chosen = |wanted, sides| choose_source(&names, wanted, sides).map(str::to_owned);
    let feeder = chosen(ScanSource::Feeder, Sides::One);
    let beside = || match choose_sides(&options, Sides::Both)? {
        Choice::Word(name, word) => Some(format!("{name}={word}")),
        Choice::Switch(name, _) => Some(name),
    };
    let both = chosen(ScanSource::Feeder, Sides::Both).or_else(|| feeder.as_ref().and(beside()));
    (feeder, chosen(ScanSource::Flatbed, Sides::One), both)
}

fn told(feeder: &str, flatbed: &str, both: &str) -> Understood {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    (some(feeder), some(flatbed), some(both))
}

#[test]
fn a_recording_is_understood() {
    let check = |lines: &[&str], expected: Understood| {
        assert_eq!(understood(&lines.join("\n")), expected, "{lines:?}");
    };
    const PREFIX: &str = "[+1,2s] DEBUG: scanner.vala:735: Option 2:";
    let source = |names: &str| {
        format!(
            "{PREFIX} name='source' title='Scan source' type=string size=9 values=[{names}] cap=soft-select,soft-detect"
        )
    };
    check(
        &[
            &source(r#""Flatbed", "Automatic Document Feeder""#),
            &format!(
                "{PREFIX} name='adf-mode' title='ADF Mode' type=string size=8 values=[\"Simplex\", \"Duplex\"] cap=soft-select,inactive"
            ),
        ],
        told("Automatic Document Feeder", "Flatbed", "adf-mode=Duplex"),
    );
    check(
        &[
            &source(r#""Flatbed", "ADF""#),
            &format!(
                "{PREFIX} name='scan-both-sides' title='Both' type=bool size=4 cap=soft-select"
            ),
        ],
        told("ADF", "Flatbed", "scan-both-sides"),
    );
    // Without a feeder the switch is that of a printer.
    check(
        &[
            &source(r#""Flatbed""#),
            &format!("{PREFIX} name='duplex' title='Duplex' type=bool size=4 cap=soft-select"),
        ],
        told("", "Flatbed", ""),
    );
    check(&["no option here"], told("", "", ""));
}

#[test]
fn what_our_recorder_writes_of_an_option_is_read_again() {
    let source = OptionDescriptor {
        index: 7,
        name: "source".to_owned(),
        kind: ValueKind::Text,
        size: 40,
        settable: true,
        is_millimetres: false,
        constraint: Constraint::Texts(
            ["Flatbed", "ADF Front", "ADF Duplex"]
                .map(str::to_owned)
                .into(),
        ),
    };
    let line = format!("12 sane option {source}");
    assert_eq!(
        understood(&line),
        told("ADF Front", "Flatbed", "ADF Duplex"),
        "{line}"
    );
}

#[test]
fn real_devices_are_understood() {
    let Some(material) = std::env::var_os("SOHOA_MATERIAL").map(PathBuf::from) else {
        eprintln!("skipped: SOHOA_MATERIAL is not set");
        return;
    };
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(material.join("sane-logs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "log") {
            let log = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            found.insert(name, understood(&log));
        }
    }
    let aligned = "Automatic Document Feeder(left aligned)";
    let aligned_both = "Automatic Document Feeder(left aligned,Duplex)";
    let expected = [
        ("Acer_FlatbedScanner_9", told("", "Flatbed", "")),
        ("Brother_DCP-1622WE", told(aligned, "FlatBed", aligned_both)),
        ("Brother_DS-720D", told("ADF", "", "Duplex ADF")),
        ("Brother_MFC-J4620DW", told(aligned, "FlatBed", "")),
        ("Brother_MFCJ985DW", told(aligned, "FlatBed", aligned_both)),
        ("Canon_CanoScan_LiDE25", told("", "Normal", "")),
        ("Canon_LiDE_220", told("", "Flatbed", "")),
        ("Canon_PIXMA_MG6800_Series", told("", "Flatbed", "")),
        (
            "Canon_i-SENSYS_MF240_Series",
            told("Automatic Document Feeder", "Flatbed", ""),
        ),
        ("EPSON_XP-440_Series", told("", "Document Table", "")),
        (
            "Epson_GT-1500",
            told("Automatic Document Feeder", "Flatbed", "adf-mode=Duplex"),
        ),
        ("Epson_L4160", told("", "Document Table", "")),
        (
            "Epson_PID_111C",
            told("Automatic Document Feeder", "Flatbed", "adf-mode=Duplex"),
        ),
        ("Epson_Perfection_V39", told("", "Document Table", "")),
        (
            "FUJITSU_ScanSnap_iX500",
            told("ADF Front", "", "ADF Duplex"),
        ),
        ("HP_LaserJet_M1522nf_MFP", told("ADF", "Flatbed", "")),
        (
            "Hewlett-Packard_HP_LaserJet_Professional_M1132_MFP",
            told("", "Flatbed", ""),
        ),
        (
            "Hewlett-Packard_HP_OfficeJet_Pro_9010_series",
            told("ADF", "Flatbed", "Duplex"),
        ),
        ("Hewlett-Packard_PSC_1500_series", told("", "Flatbed", "")),
        ("Hewlett_Packard_ScanJet_3670c", told("", "Flatbed", "")),
        (
            "Lexmark_CX310dn",
            told("Automatic Document Feeder", "Flatbed", "scan-both-sides"),
        ),
        ("Samsung_M2070_Series", told("", "", "")),
        ("Samsung_SCX-4600_Series", told("ADF", "Flatbed", "")),
    ];
    let expected: BTreeMap<String, Understood> = expected
        .into_iter()
        .map(|(name, understood)| (name.to_owned(), understood))
        .collect();
    assert_eq!(found, expected);
}
