//! Values of the domain in columns, and back. What the vault did not write
//! itself is damage, never a panic, and never repeated in an error.

use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Utc};
use domain::digest::Digest;
use rusqlite::Row;
use rusqlite::types::FromSql;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::error::{DamagedPart, Error};

/// An id as 16 bytes.
macro_rules! key {
    ($id:expr) => {
        $id.as_uuid().into_bytes()
    };
}
pub(crate) use key;

/// An instant as RFC 3339 text in UTC, always with nine decimals so that text
/// order is time order.
pub(crate) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Nanos, true)
}

/// A value as JSON text.
pub(crate) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("mirrors hold plain fields, and these always serialise")
}

/// One row of a table, read by the names of its columns.
pub(crate) struct Columns<'r> {
    pub(crate) row: &'r Row<'r>,
    pub(crate) table: &'static str,
}

impl Columns<'_> {
    pub(crate) fn get<T: FromSql>(&self, column: &'static str) -> Result<T, Error> {
        self.row.get(column).map_err(|error| match error {
            rusqlite::Error::SqliteFailure(..) => Error::from(error),
            _ => self.damaged(column),
        })
    }

    pub(crate) fn id<T>(&self, column: &'static str, wrap: fn(Uuid) -> T) -> Result<T, Error> {
        Ok(wrap(Uuid::from_bytes(self.get(column)?)))
    }

    pub(crate) fn maybe_id<T>(
        &self,
        column: &'static str,
        wrap: fn(Uuid) -> T,
    ) -> Result<Option<T>, Error> {
        let bytes: Option<[u8; 16]> = self.get(column)?;
        Ok(bytes.map(Uuid::from_bytes).map(wrap))
    }

    pub(crate) fn digest(&self, column: &'static str) -> Result<Digest, Error> {
        Ok(Digest::from_bytes(self.get(column)?))
    }

    pub(crate) fn instant(&self, column: &'static str) -> Result<DateTime<Utc>, Error> {
        self.parsed(column)
    }

    pub(crate) fn maybe_instant(
        &self,
        column: &'static str,
    ) -> Result<Option<DateTime<Utc>>, Error> {
        self.maybe_parsed(column)
    }

    /// Text that goes through the one door of its type.
    pub(crate) fn parsed<T: FromStr>(&self, column: &'static str) -> Result<T, Error> {
        let text: String = self.get(column)?;
        text.parse().map_err(|_| self.damaged(column))
    }

    pub(crate) fn maybe_parsed<T: FromStr>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, Error> {
        let text: Option<String> = self.get(column)?;
        text.map(|text| text.parse().map_err(|_| self.damaged(column)))
            .transpose()
    }

    /// The stable name of a choice.
    pub(crate) fn named<T>(
        &self,
        column: &'static str,
        of: fn(&str) -> Option<T>,
    ) -> Result<T, Error> {
        let name: String = self.get(column)?;
        of(&name).ok_or_else(|| self.damaged(column))
    }

    pub(crate) fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, Error> {
        let text: String = self.get(column)?;
        serde_json::from_str(&text).map_err(|_| self.damaged(column))
    }

    /// A JSON mirror that turns into its noun.
    pub(crate) fn mirrored<M, T>(
        &self,
        column: &'static str,
        into: fn(M) -> Option<T>,
    ) -> Result<T, Error>
    where
        M: DeserializeOwned,
    {
        into(self.json(column)?).ok_or_else(|| self.damaged(column))
    }

    pub(crate) fn damaged(&self, column: &'static str) -> Error {
        Error::Damaged(DamagedPart::Row {
            table: self.table,
            column,
        })
    }
}
