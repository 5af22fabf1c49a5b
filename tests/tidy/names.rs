//! What files, types and folders may be called, and how long the map may be.

use super::tree::{TreeFile, files, top_entries};

/// Everything that may lie right under the top folder.
const TOP: &[&str] = &[
    ".ci",
    ".config",
    ".gitattributes",
    ".gitignore",
    "ARCHITECTURE.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "Makefile",
    "NOTICE",
    "README.md",
    "clippy.toml",
    "crates",
    "forms",
    "icons",
    "src-tauri",
    "tests",
    "ui",
];

/// Endings that say nothing of what a thing is.
const EMPTY_WORDS: &[&str] = &[
    "Manager",
    "Service",
    "Helper",
    "Util",
    "Utils",
    "Processor",
    "Handler",
    "Data",
    "Info",
];

/// The map is read twice a year, so it stays short enough to be read.
const MAP_LINES: usize = 200;

fn strangers_at_the_top(entries: &[String]) -> Vec<String> {
    entries
        .iter()
        .filter(|name| !TOP.contains(&name.as_str()))
        .cloned()
        .collect()
}

/// A file name is plain English: letters without marks, no spaces, and no number
/// long enough to be a person's.
fn wrong_file_names(files: &[TreeFile]) -> Vec<String> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-@+".contains(letter);
    let long_number = |path: &str| {
        path.split(|letter: char| !letter.is_ascii_digit())
            .any(|digits| digits.len() >= 9)
    };
    files
        .iter()
        .map(|file| &file.path)
        .filter(|path| !path.chars().all(plain) || long_number(path) || path.ends_with("/mod.rs"))
        .cloned()
        .collect()
}

fn empty_type_names(files: &[TreeFile]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| {
        file.has_extension(&["rs", "ts", "svelte"]) && !file.path.starts_with("tests/tidy")
    }) {
        let words: Vec<&str> = file.text.split_whitespace().collect();
        for pair in words.windows(2).filter(|pair| {
            ["struct", "enum", "trait", "class", "interface", "type"].contains(&pair[0])
        }) {
            let name = pair[1]
                .split(|letter: char| !letter.is_alphanumeric())
                .next()
                .unwrap_or_default();
            if EMPTY_WORDS.iter().any(|word| name.ends_with(word)) {
                complaints.push(format!("{}: {name}", file.path));
            }
        }
    }
    complaints
}

fn is_too_long(map: &str) -> bool {
    map.lines().count() > MAP_LINES
}

#[test]
fn nothing_strange_lies_at_the_top() {
    let strangers = strangers_at_the_top(&top_entries());
    assert!(
        strangers.is_empty(),
        "a new entry at the top is a decision, made in this list: {strangers:?}"
    );
}

#[test]
fn file_names_are_plain_english_and_carry_no_personal_number() {
    let wrong = wrong_file_names(&files());
    assert!(
        wrong.is_empty(),
        "names of files travel further than their contents: {wrong:#?}"
    );
}

#[test]
fn no_type_has_an_empty_name() {
    let complaints = empty_type_names(&files());
    assert!(
        complaints.is_empty(),
        "a name says what a thing is: {complaints:#?}"
    );
}

#[test]
fn the_map_is_short() {
    let files = files();
    let map = files
        .iter()
        .find(|file| file.path == "ARCHITECTURE.md")
        .expect("the map exists");
    assert!(
        !is_too_long(&map.text),
        "ARCHITECTURE.md has at most {MAP_LINES} lines"
    );
}

#[test]
fn strangers_wrong_names_and_a_long_map_are_found() {
    assert_eq!(
        strangers_at_the_top(&["crates".to_owned(), "scripts".to_owned()]),
        ["scripts"]
    );
    let sample = [
        "crates/a.rs",
        "tests/giấy.png",
        "tests/a b.png",
        "tests/001099012345.png",
        "crates/x/mod.rs",
    ]
    .map(|path| TreeFile::new(path, ""));
    assert_eq!(
        wrong_file_names(&sample),
        [
            "tests/giấy.png",
            "tests/a b.png",
            "tests/001099012345.png",
            "crates/x/mod.rs"
        ]
    );
    let sample = [TreeFile::new(
        "crates/a.rs",
        "pub struct PageManager;\npub struct Page;\npub trait Recogniser {}",
    )];
    assert_eq!(empty_type_names(&sample), ["crates/a.rs: PageManager"]);
    assert!(
        is_too_long(&"line\n".repeat(MAP_LINES + 1)) && !is_too_long(&"line\n".repeat(MAP_LINES))
    );
}
