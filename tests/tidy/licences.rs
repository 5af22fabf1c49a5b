//! What others wrote and we may carry.

use std::process::Command;

use cargo_metadata::MetadataCommand;

use super::tree::top;

/// Licences that let the program be given to any office, under its own licence.
const KEPT: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "IJG",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// A library and its licence, as its author wrote it.
struct Library {
    name: String,
    licence: String,
}

/// Everything that is compiled on this machine. Other systems' libraries are not
/// downloaded here, so they cannot be asked.
fn libraries() -> Vec<Library> {
    let about =
        String::from_utf8(Command::new("rustc").arg("-vV").output().unwrap().stdout).unwrap();
    let host = about
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .unwrap();
    let metadata = MetadataCommand::new()
        .manifest_path(top().join("Cargo.toml"))
        .other_options(["--offline".to_owned(), format!("--filter-platform={host}")])
        .exec()
        .unwrap();
    let library = |package: &cargo_metadata::Package| Library {
        name: format!("{} {}", package.name.as_str(), package.version),
        licence: package.license.clone().unwrap_or_default(),
    };
    metadata.packages.iter().map(library).collect()
}

/// Where a licence is a choice, one kept licence is enough; where licences hold
/// together, all must be kept.
fn is_kept(licence: &str) -> bool {
    let words = licence
        .replace(['(', ')'], " ")
        .replace(" WITH LLVM-exception", "")
        .replace('/', " OR ");
    let mut names = words
        .split_whitespace()
        .filter(|word| *word != "OR" && *word != "AND");
    if words.contains(" AND ") {
        names.all(|name| KEPT.contains(&name))
    } else {
        names.any(|name| KEPT.contains(&name))
    }
}

fn not_kept(libraries: &[Library]) -> Vec<String> {
    let wrong = libraries
        .iter()
        .filter(|library| !is_kept(&library.licence));
    wrong
        .map(|library| format!("{}: {:?}", library.name, library.licence))
        .collect()
}

#[test]
fn every_library_may_be_carried() {
    let complaints = not_kept(&libraries());
    assert!(
        complaints.is_empty(),
        "NOTICE promises these licences: {complaints:#?}"
    );
}

#[test]
fn a_library_that_may_not_be_carried_is_found() {
    let sample = [
        "MIT OR GPL-3.0-only",
        "Apache-2.0/MIT",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
        "AGPL-3.0-only",
        "MIT AND GPL-2.0-only",
        "",
    ];
    let libraries = sample.map(|licence| Library {
        name: "x".to_owned(),
        licence: licence.to_owned(),
    });
    assert_eq!(
        not_kept(&libraries),
        [
            "x: \"AGPL-3.0-only\"",
            "x: \"MIT AND GPL-2.0-only\"",
            "x: \"\""
        ]
    );
}
