//! Unfinished work, tests that do not run, and traces of one machine.

use super::tree::{TreeFile, files};

/// Written in two halves, so that this file does not find itself.
const UNFINISHED: &[(&str, &[&str])] = &[
    (concat!("to", "do!("), &["rs"]),
    (concat!("unimpl", "emented!("), &["rs"]),
    (concat!("#[ig", "nore"), &["rs"]),
    (concat!("it.", "skip("), &["ts"]),
    (concat!("test.", "skip("), &["ts"]),
    (concat!("describe.", "skip("), &["ts"]),
    (concat!("it.", "only("), &["ts"]),
    (concat!("test.", "only("), &["ts"]),
    (concat!("describe.", "only("), &["ts"]),
    (concat!("FIX", "ME"), &["rs", "ts", "svelte", "css", "sh"]),
    (concat!("TO", "DO"), &["rs", "ts", "svelte", "css", "sh"]),
    (concat!("@ts-", "ignore"), &["ts", "svelte"]),
];

/// Folders of one machine: the project must build anywhere.
const MACHINE_PATHS: &[&str] = &[
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
    concat!("/wo", "rk/"),
    concat!("C:", "\\Users"),
];

/// Files that say where packages come from.
const PACKAGE_FILES: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "package.json",
    "package-lock.json",
    ".npmrc",
    "config.toml",
];

fn unfinished(files: &[TreeFile]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files {
        for (word, extensions) in UNFINISHED {
            if file.has_extension(extensions) && file.text.contains(word) {
                complaints.push(format!("{}: {word}", file.path));
            }
        }
    }
    complaints
}

/// Whether the path stands there as a path of its own, not as the end of a longer one.
fn stands_alone(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(at, _)| {
        !text[..at].ends_with(|letter: char| letter.is_alphanumeric() || "._-})*".contains(letter))
    })
}

fn traces_of_a_machine(files: &[TreeFile]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files {
        for path in MACHINE_PATHS
            .iter()
            .filter(|path| stands_alone(&file.text, path))
        {
            complaints.push(format!("{}: {path}", file.path));
        }
    }
    complaints
}

/// A package that names its host binds everybody to one mirror; the lock files
/// hold versions and digests, and each machine knows its own registry.
fn named_hosts(files: &[TreeFile]) -> Vec<String> {
    let crates_io = "registry+https://github.com/rust-lang/crates.io-index";
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| {
        PACKAGE_FILES
            .iter()
            .any(|name| file.path.rsplit('/').next() == Some(name))
    }) {
        for line in file.text.lines() {
            let line = line.replace(crates_io, "");
            let names_host = [
                "\"resolved\": \"http",
                "registry=",
                "registry = ",
                "source = \"registry",
                "source = \"git",
                "git+",
            ];
            if names_host.iter().any(|start| line.contains(start))
                && !line.contains("source = \"\"")
            {
                complaints.push(format!("{}: {}", file.path, line.trim()));
            }
        }
    }
    complaints
}

#[test]
fn nothing_is_left_unfinished_and_no_test_is_left_out() {
    let complaints = unfinished(&files());
    assert!(
        complaints.is_empty(),
        "what is here is done: {complaints:#?}"
    );
}

#[test]
fn the_project_knows_no_machine() {
    let complaints = traces_of_a_machine(&files());
    assert!(
        complaints.is_empty(),
        "a clone builds anywhere: {complaints:#?}"
    );
}

#[test]
fn no_lock_file_names_a_host() {
    let complaints = named_hosts(&files());
    assert!(
        complaints.is_empty(),
        "every machine has its own registry: {complaints:#?}"
    );
}

#[test]
fn loose_ends_are_found() {
    let words = [
        concat!("to", "do!()"),
        concat!("#[ig", "nore]"),
        "let second = words.skip(1);",
    ];
    let sample = words.map(|text| TreeFile::new("crates/a.rs", text));
    assert_eq!(
        unfinished(&sample).len(),
        2,
        "an iterator may skip, a test may not"
    );
    let left_out = TreeFile::new("ui/src/a.test.ts", concat!("it.", "skip(\"x\")"));
    assert_eq!(unfinished(&[left_out]).len(), 1);
}

#[test]
fn traces_of_a_machine_are_found() {
    let sample = [
        TreeFile::new("crates/a.rs", concat!("open(\"/ho", "me/an/x\")")),
        TreeFile::new("crates/b.rs", concat!("open(\"ui/ho", "me/x\")")),
    ];
    assert_eq!(
        traces_of_a_machine(&sample),
        [concat!("crates/a.rs: /ho", "me/")]
    );
}

#[test]
fn a_named_host_is_found() {
    let sample = [
        TreeFile::new(
            "ui/package-lock.json",
            "\"resolved\": \"https://mirror.example/x.tgz\",\n\"integrity\": \"sha512-x\"",
        ),
        TreeFile::new(
            "Cargo.lock",
            "source = \"registry+https://github.com/rust-lang/crates.io-index\"\nsource = \"git+https://x\"",
        ),
    ];
    let expected = [
        "ui/package-lock.json: \"resolved\": \"https://mirror.example/x.tgz\",",
        "Cargo.lock: source = \"git+https://x\"",
    ];
    assert_eq!(named_hosts(&sample), expected);
}
