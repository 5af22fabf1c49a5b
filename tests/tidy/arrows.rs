//! Who may know whom.

use cargo_metadata::{Dependency, DependencyKind, MetadataCommand};

use super::tree::top;

/// The arrows of `ARCHITECTURE.md`: a crate, and the crates of this house it may
/// name, in tests too. What is not in the table is forbidden.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("scan", &["domain"]),
    ("imaging", &["domain"]),
    ("ocr", &["domain"]),
    ("extraction", &["domain"]),
    ("packaging", &["domain"]),
    ("signing", &["domain"]),
    ("vault", &["domain"]),
    ("wire", &["domain"]),
    ("sync", &["domain", "wire"]),
    ("central", &["domain", "signing", "wire"]),
    (
        "desk",
        &[
            "domain",
            "scan",
            "imaging",
            "ocr",
            "extraction",
            "packaging",
            "signing",
            "vault",
            "sync",
        ],
    ),
    ("cli", &["desk", "domain"]),
    ("window", &["desk", "domain"]),
    // The tests may know everything that works without a window.
    (
        "tests",
        &[
            "domain",
            "scan",
            "imaging",
            "ocr",
            "extraction",
            "packaging",
            "signing",
            "vault",
            "wire",
            "sync",
            "desk",
            "cli",
        ],
    ),
];

/// Dependencies that stand for a power, and the crates that hold it. A name
/// ending in `*` means every crate that begins so.
const POWERS: &[(&str, &[&str])] = &[
    ("rusqlite*", &["vault"]),
    ("age", &["vault", "wire", "central"]),
    ("argon2", &["vault"]),
    ("tauri*", &["window"]),
    ("rten*", &["ocr"]),
    ("libloading", &["ocr", "scan"]),
    ("libc", &["scan"]),
    ("krilla", &["packaging"]),
    ("hayro*", &["scan"]),
    ("thirtyfour", &["tests"]),
    ("fuser", &["tests"]),
    // Sockets belong to network scanners, to timestamps, to what goes to the centre, and to the
    // centre's questions to whoever signs people in.
    ("ureq", &["scan", "signing", "sync", "central"]),
    ("mdns-sd", &["scan"]),
    // Tokens are spoken to by `signing`; its tests fill one.
    ("cryptoki", &["signing", "tests"]),
    // Signatures are computed by it; tests of network scanners and of tokens make certificates.
    ("openssl", &["scan", "signing", "sync", "central", "tests"]),
    ("tokio-openssl", &["central"]),
    ("axum", &["central"]),
    ("openidconnect", &["central"]),
    ("object_store", &["central"]),
    ("coset", &["wire"]),
    ("tar", &["wire"]),
    // The object store speaks to S3 with it, and connectors to other systems.
    ("reqwest", &["central"]),
    ("hyper", &[]),
    ("tokio-postgres", &["central"]),
];

/// A crate of the workspace, everything it names for whatever purpose, and what
/// of that only its tests name.
struct Member {
    name: String,
    names: Vec<String>,
    only_its_tests_name: Vec<String>,
}

fn members() -> Vec<Member> {
    let metadata = MetadataCommand::new()
        .manifest_path(top().join("Cargo.toml"))
        .no_deps()
        .other_options(["--offline".to_owned()])
        .exec()
        .unwrap();
    metadata
        .packages
        .iter()
        .map(|package| {
            let only_for_tests =
                |dependency: &&Dependency| dependency.kind == DependencyKind::Development;
            let name = |dependency: &Dependency| dependency.name.clone();
            Member {
                name: package.name.as_str().to_owned(),
                names: package.dependencies.iter().map(name).collect(),
                only_its_tests_name: package
                    .dependencies
                    .iter()
                    .filter(only_for_tests)
                    .map(name)
                    .collect(),
            }
        })
        .collect()
}

fn wrong_arrows(members: &[Member], table: &[(&str, &[&str])]) -> Vec<String> {
    let mut complaints = Vec::new();
    for member in members {
        let Some((_, allowed)) = table.iter().find(|(name, _)| *name == member.name) else {
            complaints.push(format!("{} is not in the table of arrows", member.name));
            continue;
        };
        for named in &member.names {
            let of_this_house = members.iter().any(|other| other.name == *named);
            if of_this_house && !allowed.contains(&named.as_str()) {
                complaints.push(format!("{} may not know {named}", member.name));
            }
        }
    }
    for (name, _) in table {
        if !members.iter().any(|member| member.name == *name) {
            complaints.push(format!(
                "{name} is in the table of arrows but not in the workspace"
            ));
        }
    }
    complaints
}

fn powers_in_wrong_hands(members: &[Member], table: &[(&str, &[&str])]) -> Vec<String> {
    let mut complaints = Vec::new();
    for member in members {
        for named in &member.names {
            for (power, holders) in table {
                let is_it = power
                    .strip_suffix('*')
                    .map_or(named == power, |start| named.starts_with(start));
                if is_it && !holders.contains(&member.name.as_str()) {
                    complaints.push(format!("{} may not use {named}", member.name));
                }
            }
        }
    }
    complaints
}

/// A dependency that only tests name changes the features of what lies below it,
/// and `make test` would build all of that a second time after `make run`. Where
/// some crate names it plainly, cargo unites the features for both.
fn built_twice(members: &[Member]) -> Vec<String> {
    let plainly = |named: &String| {
        members.iter().any(|member| {
            member.names.contains(named) && !member.only_its_tests_name.contains(named)
        })
    };
    let mut complaints = Vec::new();
    for member in members {
        for named in member
            .only_its_tests_name
            .iter()
            .filter(|named| !plainly(named))
        {
            complaints.push(format!(
                "{named} of {}'s tests belongs into tests/Cargo.toml too",
                member.name
            ));
        }
    }
    complaints
}

#[test]
fn every_arrow_between_crates_is_in_the_table() {
    let complaints = wrong_arrows(&members(), ARROWS);
    assert!(
        complaints.is_empty(),
        "the arrows of ARCHITECTURE.md hold: {complaints:#?}"
    );
}

#[test]
fn every_power_lies_in_the_hands_that_may_hold_it() {
    let complaints = powers_in_wrong_hands(&members(), POWERS);
    assert!(
        complaints.is_empty(),
        "SQLite is the vault's, Tauri the window's, and so on: {complaints:#?}"
    );
}

#[test]
fn nothing_is_built_twice() {
    let complaints = built_twice(&members());
    assert!(
        complaints.is_empty(),
        "make run and make test share one build: {complaints:#?}"
    );
}

fn member(name: &str, names: &[&str], only_its_tests_name: &[&str]) -> Member {
    let owned = |names: &[&str]| names.iter().map(|&named| named.to_owned()).collect();
    Member {
        name: name.to_owned(),
        names: owned(names),
        only_its_tests_name: owned(only_its_tests_name),
    }
}

#[test]
fn a_wrong_arrow_an_unknown_crate_and_an_outdated_table_are_found() {
    let sample = [
        member("domain", &["ocr"], &[]),
        member("ocr", &["domain", "serde"], &[]),
        member("helpers", &[], &[]),
    ];
    let table: &[(&str, &[&str])] = &[("domain", &[]), ("ocr", &["domain"]), ("gone", &[])];
    let expected = [
        "domain may not know ocr",
        "helpers is not in the table of arrows",
        "gone is in the table of arrows but not in the workspace",
    ];
    assert_eq!(wrong_arrows(&sample, table), expected);
}

#[test]
fn a_power_in_wrong_hands_is_found() {
    let sample = [member("desk", &["rusqlite_migration", "serde"], &[])];
    assert_eq!(
        powers_in_wrong_hands(&sample, POWERS),
        ["desk may not use rusqlite_migration"]
    );
}

#[test]
fn a_dependency_of_tests_alone_is_found() {
    let sample = [
        member("vault", &["proptest", "insta"], &["proptest", "insta"]),
        member("tests", &["insta"], &[]),
    ];
    assert_eq!(
        built_twice(&sample),
        ["proptest of vault's tests belongs into tests/Cargo.toml too"]
    );
}
