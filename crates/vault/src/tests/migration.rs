//! Killed inside a migration, the vault opens again and has what it had.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use rusqlite_migration::{M, Migrations};

use super::{BEFORE_ROLES, old_vault, open, passphrase};
use crate::key_file::KeyFile;
use crate::table::MIGRATIONS;
use crate::{Error, database};

/// What a child shall do: in which folder, in which migration and after how many of its
/// statements it dies, and whether it forgets the transaction.
const CHILD: &str = "VAULT_TEST_MIGRATION_CHILD";

/// The program that dies: everything up to a migration, and a part of that one.
#[test]
fn child_that_dies_inside_a_migration() {
    let Ok(task) = std::env::var(CHILD) else {
        return;
    };
    let [dir, migration, statements, hasty] = task.split('|').collect::<Vec<_>>()[..] else {
        panic!("four parts");
    };
    let (dir, migration): (_, usize) = (Path::new(dir), migration.parse().unwrap());
    let part = parts(MIGRATIONS[migration])[statements.parse::<usize>().unwrap()];
    let key_file = KeyFile::read(dir).unwrap();
    let officer_id = key_file.named(None).unwrap();
    let key = key_file
        .unwrap_with_passphrase(officer_id, &passphrase())
        .unwrap();
    let mut connection = database::connect_new(dir, &key).unwrap();
    let before = database::migrations_of(&MIGRATIONS[..migration]);
    before.to_latest(&mut connection).unwrap();
    if hasty == "true" {
        connection.execute_batch(part).unwrap();
        std::process::abort();
    }
    let mut migrations: Vec<M<'_>> = MIGRATIONS[..migration]
        .iter()
        .map(|sql| M::up(sql))
        .collect();
    migrations.push(M::up_with_hook(part, |_| std::process::abort()));
    Migrations::new(migrations)
        .to_latest(&mut connection)
        .unwrap();
}

/// A migration from its beginning to the end of each of its statements.
fn parts(sql: &str) -> Vec<&str> {
    let starts = ["CREATE ", "ALTER ", "INSERT ", "UPDATE ", "DROP "];
    let mut ends: Vec<usize> = starts
        .iter()
        .flat_map(|start| {
            sql.match_indices(&format!("\n{start}"))
                .map(|(at, _)| at)
                .collect::<Vec<_>>()
        })
        .filter(|at| *at > 0)
        .collect();
    ends.push(sql.len());
    ends.sort_unstable();
    ends.into_iter().map(|end| &sql[..end]).collect()
}

/// Kills a program inside every migration after every statement; the moments after which
/// the vault did not open, or had lost what it had.
fn kill_everywhere(hasty: bool) -> (usize, Vec<String>) {
    let old = tempfile::tempdir().unwrap();
    let (officer, _) = old_vault(old.path(), BEFORE_ROLES);
    let (mut kills, mut lost) = (0, Vec::new());
    for (migration, sql) in MIGRATIONS.iter().enumerate().skip(BEFORE_ROLES) {
        for statement in 0..parts(sql).len() {
            let dir = tempfile::tempdir().unwrap();
            for entry in fs::read_dir(old.path()).unwrap() {
                let entry = entry.unwrap();
                fs::copy(entry.path(), dir.path().join(entry.file_name())).unwrap();
            }
            let task = format!("{}|{migration}|{statement}|{hasty}", dir.path().display());
            let ended = Command::new(std::env::current_exe().unwrap())
                .args([
                    "--exact",
                    "tests::migration::child_that_dies_inside_a_migration",
                ])
                .env(CHILD, task)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .unwrap();
            assert_eq!(ended.code(), None, "it died, and did not fail or end");
            kills += 1;
            let there = open(dir.path(), &passphrase()).and_then(|(vault, found)| {
                let accounts = vault.read(|read| read.accounts())?;
                let sound = vault.check()?.is_sound();
                Ok::<_, Error>(sound && found == officer && accounts.len() == 1)
            });
            if !matches!(there, Ok(true)) {
                lost.push(format!(
                    "migration {migration}, statement {statement}: {there:?}"
                ));
            }
        }
    }
    (kills, lost)
}

#[test]
fn killed_inside_any_migration_the_vault_opens_and_has_what_it_had() {
    let (kills, lost) = kill_everywhere(false);
    assert_eq!(lost, Vec::<String>::new(), "of {kills} kills");
    assert!(kills > MIGRATIONS.len() - BEFORE_ROLES);
}

/// The negative control.
#[test]
fn a_migration_without_a_transaction_is_found_out() {
    let (_, lost) = kill_everywhere(true);
    assert!(!lost.is_empty(), "half a migration must show");
}

/// Between two states of one migration stood vaults without the columns of page marks.
#[test]
fn a_vault_of_the_days_before_page_marks_opens_and_gets_them() {
    let dir = tempfile::tempdir().unwrap();
    let marked = MIGRATIONS
        .iter()
        .position(|sql| *sql == crate::table::page::V3);
    let (officer, _) = old_vault(dir.path(), marked.unwrap() + 1);
    let key = KeyFile::read(dir.path())
        .unwrap()
        .unwrap_with_passphrase(officer.id, &passphrase())
        .unwrap();
    let connection = database::connect_new(dir.path(), &key).unwrap();
    connection
        .execute_batch(
            "ALTER TABLE page DROP COLUMN mark_number; ALTER TABLE page DROP COLUMN mark_of;",
        )
        .unwrap();
    drop(connection);
    let (vault, found) = open(dir.path(), &passphrase()).unwrap();
    assert_eq!(found, officer);
    assert!(vault.check().unwrap().is_sound());
}
