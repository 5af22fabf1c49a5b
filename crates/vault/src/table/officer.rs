//! Officers: who they are, what they may do, and whether they come.

use chrono::{DateTime, Utc};
use domain::ids::OfficerId;
use domain::office::{Account, Officer};
use domain::rights::Roles;
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::{Columns, instant, key};
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

// The one officer of a vault made before there were roles goes on doing all the work.
pub(crate) const V2: &str = "
ALTER TABLE officer ADD COLUMN roles TEXT NOT NULL
    DEFAULT 'reception,digitiser,supervisor,auditor,administrator';
ALTER TABLE officer ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0 CHECK (must_change IN (0, 1));
ALTER TABLE officer ADD COLUMN active_at TEXT;
CREATE UNIQUE INDEX officer_name ON officer (name COLLATE NOCASE);";

impl Reader<'_> {
    /// The officer.
    pub fn officer(&self, id: OfficerId) -> Result<Officer, Error> {
        Ok(self.account(id)?.officer)
    }

    /// What the desk knows of an officer.
    pub fn account(&self, id: OfficerId) -> Result<Account, Error> {
        self.one(
            TABLE,
            "SELECT * FROM officer WHERE id = ?1",
            params![key!(id)],
            account,
        )?
        .ok_or_else(|| Error::not_found("officer", &id))
    }

    /// All officers, in the order in which they came.
    pub fn accounts(&self) -> Result<Vec<Account>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM officer ORDER BY created_at, id",
            [],
            account,
        )
    }
}

fn account(columns: &Columns<'_>) -> Result<Account, Error> {
    Ok(Account {
        officer: Officer {
            id: columns.id("id", OfficerId::from_uuid)?,
            name: columns.get("name")?,
        },
        roles: columns.parsed("roles")?,
        must_change: columns.get("must_change")?,
        created_at: columns.instant("created_at")?,
        active_at: columns.maybe_instant("active_at")?,
    })
}

impl Writer<'_> {
    /// Adds an officer. Who may open the vault stands in its key file.
    pub fn insert_officer(
        &self,
        officer: &Officer,
        roles: Roles,
        must_change: bool,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        self.insert(
            "officer",
            "INSERT INTO officer VALUES (?1, ?2, ?3, ?4, ?5, ?3)",
            params![
                key!(officer.id),
                officer.name,
                instant(now),
                roles.to_string(),
                must_change
            ],
        )
    }

    /// What an officer may do from now on.
    pub fn set_roles(&self, id: OfficerId, roles: Roles) -> Result<(), Error> {
        self.change(
            "officer",
            &id,
            "UPDATE officer SET roles = ?2 WHERE id = ?1",
            params![key!(id), roles.to_string()],
        )
    }

    /// Whether the officer has to change his passphrase at the next sign-in.
    pub fn set_must_change(&self, id: OfficerId, must_change: bool) -> Result<(), Error> {
        self.change(
            "officer",
            &id,
            "UPDATE officer SET must_change = ?2 WHERE id = ?1",
            params![key!(id), must_change],
        )
    }

    /// The officer came, or was let in anew.
    pub fn set_active(&self, id: OfficerId, now: DateTime<Utc>) -> Result<(), Error> {
        self.change(
            "officer",
            &id,
            "UPDATE officer SET active_at = ?2 WHERE id = ?1",
            params![key!(id), instant(now)],
        )
    }
}
