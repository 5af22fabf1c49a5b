//! What the nouns, and the pure crates, must not know.

use super::tree::{TreeFile, files};

/// The world outside a function's arguments.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "now_v7",
    "println!",
];

/// The doors through which a value may be written and read again: its text form
/// with its one check, or the bare id.
const DOORS: &[&str] = &[
    "#[serde(try_from = \"String\", into = \"String\")]",
    "#[serde(transparent)]",
];

fn touches_the_outside(files: &[TreeFile], folders: &[&str]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| {
        !file.is_test() && folders.iter().any(|folder| file.path.starts_with(folder))
    }) {
        let shipped = file.shipped_rust();
        for word in OUTSIDE.iter().filter(|word| shipped.contains(**word)) {
            complaints.push(format!("{}: {word}", file.path));
        }
    }
    complaints
}

/// A `Serialize` in `domain` that is not directly followed by its door. An entity
/// has no door, so it can never be written as it stands.
fn serialised_without_a_door(files: &[TreeFile]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files
        .iter()
        .filter(|file| file.path.starts_with("crates/domain/src/"))
    {
        let shipped = file.shipped_rust();
        let mut after = shipped.as_str();
        while let Some(at) = after.find("Serialize") {
            after = &after[at + "Serialize".len()..];
            let closes_derive = after.split_once("]\n");
            let door = closes_derive.is_some_and(|(_, next)| {
                DOORS.iter().any(|door| next.trim_start().starts_with(door))
            });
            if !door {
                let noun = after
                    .split_once("struct ")
                    .or_else(|| after.split_once("enum "))
                    .map_or("", |(_, rest)| rest);
                let noun = noun
                    .split(|letter: char| !letter.is_alphanumeric())
                    .next()
                    .unwrap_or_default();
                complaints.push(format!(
                    "{}: {noun} is serialised without a validating door",
                    file.path
                ));
            }
            // The second half of the same derive, `Deserialize`, goes through the same door.
            after = closes_derive.map_or(after, |(_, next)| next);
        }
    }
    complaints
}

#[test]
fn the_nouns_and_the_pure_crates_touch_nothing_outside() {
    let complaints = touches_the_outside(&files(), &["crates/domain/src/", "crates/imaging/src/"]);
    assert!(
        complaints.is_empty(),
        "same input, same output: {complaints:#?}"
    );
}

#[test]
fn no_entity_can_be_serialised() {
    let complaints = serialised_without_a_door(&files());
    assert!(
        complaints.is_empty(),
        "rows, wire forms and views are mirrors of their own: {complaints:#?}"
    );
}

#[test]
fn a_noun_that_reads_the_disk_or_the_clock_is_found() {
    let sample = [
        TreeFile::new("crates/domain/src/a.rs", "fn day() { chrono::Utc::now(); }"),
        TreeFile::new(
            "crates/domain/src/b.rs",
            "// std::fs is not for us\n#[cfg(test)]\nmod tests { use std::fs; }",
        ),
        TreeFile::new("crates/vault/src/c.rs", "use std::fs;"),
    ];
    assert_eq!(
        touches_the_outside(&sample, &["crates/domain/src/"]),
        ["crates/domain/src/a.rs: Utc::now"]
    );
}

#[test]
fn an_entity_that_can_be_serialised_is_found() {
    let bad = "#[derive(Clone, serde::Serialize, serde::Deserialize)]\npub struct Dossier { pub number: u32 }";
    let good = "#[derive(serde::Serialize, serde::Deserialize)]\n#[serde(transparent)]\npub struct PageId(Uuid);";
    let sample = [
        TreeFile::new("crates/domain/src/a.rs", bad),
        TreeFile::new("crates/domain/src/b.rs", good),
    ];
    assert_eq!(
        serialised_without_a_door(&sample),
        ["crates/domain/src/a.rs: Dossier is serialised without a validating door"]
    );
}
