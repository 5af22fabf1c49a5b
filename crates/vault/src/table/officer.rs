//! Officers.

use chrono::{DateTime, Utc};
use domain::ids::OfficerId;
use domain::office::Officer;
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::{instant, key};
use crate::error::Error;

const TABLE: &str = "officer";

pub(crate) const V1: &str = "
CREATE TABLE officer (
    id         BLOB PRIMARY KEY CHECK (length(id) = 16),
    name       TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE TRIGGER officer_stays BEFORE DELETE ON officer
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;";

impl Reader<'_> {
    /// The officer.
    pub fn officer(&self, id: OfficerId) -> Result<Officer, Error> {
        self.one(
            TABLE,
            "SELECT * FROM officer WHERE id = ?1",
            params![key!(id)],
            |columns| {
                Ok(Officer {
                    id: columns.id("id", OfficerId::from_uuid)?,
                    name: columns.get("name")?,
                })
            },
        )?
        .ok_or_else(|| Error::not_found("officer", &id))
    }
}

impl Writer<'_> {
    /// Adds an officer. Who may open the vault stands in its key file.
    pub fn insert_officer(&self, officer: &Officer, now: DateTime<Utc>) -> Result<(), Error> {
        self.insert(
            "officer",
            "INSERT INTO officer VALUES (?1, ?2, ?3)",
            params![key!(officer.id), officer.name, instant(now)],
        )
    }
}
