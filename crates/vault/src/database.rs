//! Connections to the encrypted database, and its schema.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};
use zeroize::Zeroizing;

use crate::error::{DamagedPart, Error};
use crate::hex;
use crate::key_file::DatabaseKey;
use crate::table;

/// Its name in the vault's folder.
pub(crate) const NAME: &str = "vault.db";
/// The database and what `SQLite` puts beside it.
pub(crate) const FILES: [&str; 3] = [NAME, "vault.db-wal", "vault.db-shm"];
/// How long a connection waits for the other one of the same program.
const BUSY_TIMEOUT_MS: u32 = 10_000;

/// Makes the database with the newest schema.
pub(crate) fn create(dir: &Path, key: &DatabaseKey) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut connection = connect(dir, key, flags)?;
    migrate(&mut connection)?;
    Ok(connection)
}

/// Makes the database as a program did that knew only the first of the migrations.
#[cfg(test)]
pub(crate) fn create_as_of(
    dir: &Path,
    key: &DatabaseKey,
    migrations: usize,
) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut connection = connect(dir, key, flags)?;
    migrations_of(&table::MIGRATIONS[..migrations])
        .to_latest(&mut connection)
        .map_err(|_| Error::Damaged(DamagedPart::Database))?;
    Ok(connection)
}

/// Opens the database for writing and brings an older schema up to date.
pub(crate) fn open(dir: &Path, key: &DatabaseKey) -> Result<Connection, Error> {
    if !dir.join(NAME).is_file() {
        return Err(Error::Damaged(DamagedPart::Database));
    }
    let mut connection = connect(dir, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    migrate(&mut connection)?;
    Ok(connection)
}

/// An empty database with the same key, for a copy.
pub(crate) fn connect_new(dir: &Path, key: &DatabaseKey) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    connect(dir, key, flags)
}

/// A second connection, for reading while the other one writes.
pub(crate) fn open_reader(dir: &Path, key: &DatabaseKey) -> Result<Connection, Error> {
    let connection = connect(dir, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn connect(dir: &Path, key: &DatabaseKey, flags: OpenFlags) -> Result<Connection, Error> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(dir.join(NAME), flags)?;
    // A raw key, so SQLCipher stretches nothing; it must come before anything
    // that touches the file.
    let mut pragma = Zeroizing::new(String::with_capacity(96));
    pragma.push_str("PRAGMA key = \"x'");
    hex::push(&mut pragma, &**key);
    pragma.push_str("'\"");
    connection.execute_batch(&pragma)?;
    // SQLCipher writes its complaints to standard error, which belongs to our callers.
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    connection.busy_timeout(std::time::Duration::from_millis(u64::from(BUSY_TIMEOUT_MS)))?;
    // FULL: a commit is on the disk before it is acknowledged.
    // MEMORY: SQLite puts nothing into plain temporary files.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA trusted_schema = OFF;",
    )?;
    Ok(connection)
}

/// Each of them is one transaction, together with the mark that it was done.
pub(crate) fn migrations_of<'s>(schema: &[&'s str]) -> Migrations<'s> {
    schema.iter().map(|sql| M::up(sql)).collect()
}

/// A migration of pages ran for some days without the columns of page marks. A vault that
/// ran it then gets them before it goes on, in the place where they stand in all others.
fn complete_page_marks(connection: &mut Connection, found: u32) -> Result<(), Error> {
    let place = table::MIGRATIONS
        .iter()
        .position(|sql| *sql == table::page::V3);
    if place.is_none_or(|place| found as usize <= place) {
        return Ok(());
    }
    let marks: i64 = connection.query_row(
        "SELECT count(*) FROM pragma_table_info('page') WHERE name = 'mark_number'",
        [],
        |row| row.get(0),
    )?;
    if marks == 0 {
        let change = connection.transaction()?;
        change.execute_batch(
            "ALTER TABLE page ADD COLUMN mark_number INTEGER;
             ALTER TABLE page ADD COLUMN mark_of INTEGER;",
        )?;
        change.commit()?;
    }
    Ok(())
}

fn migrate(connection: &mut Connection) -> Result<(), Error> {
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = table::MIGRATIONS.len() as u32;
    if found > known {
        return Err(Error::NewerThanProgram { found, known });
    }
    complete_page_marks(connection, found)?;
    migrations_of(table::MIGRATIONS)
        .to_latest(connection)
        .map_err(|error| match error {
            rusqlite_migration::Error::RusqliteError { err, .. } => Error::from(err),
            _ => Error::Damaged(DamagedPart::Database),
        })
}
