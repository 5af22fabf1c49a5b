//! Reading and writing inside one transaction. The methods stand beside their
//! tables, in `table/`.

use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::{Connection, OptionalExtension as _, Params};

use crate::column::Columns;
use crate::error::Error;

/// Reads one consistent state of the vault.
pub struct Reader<'v> {
    connection: &'v Connection,
}

/// Writes in one transaction: all of it is kept, or none. It reads too.
pub struct Writer<'v> {
    reader: Reader<'v>,
    given: &'v CodesGiven,
}

/// The highest counter that this program has put into a local code.
///
/// The counter in the database goes back when a transaction is given up, but the
/// code may have been seen by then (a slip in a printer's queue), so it is
/// skipped from then on.
#[derive(Debug, Default)]
pub(crate) struct CodesGiven(AtomicU32);

impl CodesGiven {
    /// The counter to give when `last` is what the database remembers.
    pub(crate) fn after(&self, last: u32) -> u32 {
        let next = last.max(self.0.load(Ordering::SeqCst)).saturating_add(1);
        self.0.fetch_max(next, Ordering::SeqCst);
        next
    }
}

impl<'v> Reader<'v> {
    pub(crate) fn new(connection: &'v Connection) -> Self {
        Self { connection }
    }

    pub(crate) fn one<T>(
        &self,
        table: &'static str,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Columns<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        statement
            .query_row(params, |row| Ok(read(&Columns { row, table })))
            .optional()?
            .transpose()
    }

    pub(crate) fn many<T>(
        &self,
        table: &'static str,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&Columns<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(&Columns { row, table })?);
        }
        Ok(found)
    }
}

impl<'v> Writer<'v> {
    pub(crate) fn new(connection: &'v Connection, given: &'v CodesGiven) -> Self {
        Self {
            reader: Reader::new(connection),
            given,
        }
    }

    pub(crate) fn given(&self) -> &CodesGiven {
        self.given
    }

    pub(crate) fn execute(&self, sql: &str, params: impl Params) -> Result<usize, Error> {
        let mut statement = self.reader.connection.prepare_cached(sql)?;
        Ok(statement.execute(params)?)
    }

    /// A statement that stores one `noun`; a broken constraint is a refusal.
    pub(crate) fn insert(
        &self,
        noun: &'static str,
        sql: &str,
        params: impl Params,
    ) -> Result<(), Error> {
        self.execute(sql, params)
            .map_err(Error::refusing(noun))
            .map(|_| ())
    }

    /// A statement that must change exactly the row of `id`.
    pub(crate) fn change(
        &self,
        noun: &'static str,
        id: &impl ToString,
        sql: &str,
        params: impl Params,
    ) -> Result<(), Error> {
        match self.execute(sql, params).map_err(Error::refusing(noun))? {
            0 => Err(Error::not_found(noun, id)),
            _ => Ok(()),
        }
    }
}

impl<'v> Deref for Writer<'v> {
    type Target = Reader<'v>;

    fn deref(&self) -> &Reader<'v> {
        &self.reader
    }
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reader")
    }
}

impl fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer")
    }
}
