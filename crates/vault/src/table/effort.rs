//! How many keys and clicks each deposited document cost.

use chrono::{DateTime, Utc};
use domain::ids::DocumentId;
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::{instant, key};
use crate::error::Error;

const TABLE: &str = "effort";

pub(crate) const V1: &str = "
CREATE TABLE effort (
    document_id BLOB PRIMARY KEY REFERENCES document (id),
    key_count   INTEGER NOT NULL CHECK (key_count >= 0),
    click_count INTEGER NOT NULL CHECK (click_count >= 0),
    prefilled   INTEGER NOT NULL CHECK (prefilled >= 0),
    counted_at  TEXT NOT NULL
) STRICT;";

/// What a document cost, from the deposit before it to its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Keys pressed.
    pub keys: u32,
    /// Clicks of the mouse.
    pub clicks: u32,
    /// Fields that had been filled in for the officer.
    pub prefilled: u32,
}

/// What a dossier cost so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DossierEffort {
    /// The dossier's number of the day.
    pub provisional_number: String,
    /// How many of its documents are counted.
    pub documents: u32,
    /// All of them together.
    pub effort: Effort,
}

impl Reader<'_> {
    /// What dossiers cost, the newest first.
    pub fn efforts(&self, limit: usize) -> Result<Vec<DossierEffort>, Error> {
        self.many(
            TABLE,
            "SELECT dossier.provisional_number AS number, count(*) AS documents,
                    sum(key_count) AS key_count, sum(click_count) AS click_count,
                    sum(prefilled) AS prefilled
             FROM effort
             JOIN document ON document.id = effort.document_id
             JOIN dossier ON dossier.id = document.dossier_id
             GROUP BY dossier.id ORDER BY dossier.received_at DESC, dossier.id DESC LIMIT ?1",
            params![limit as i64],
            |columns| {
                Ok(DossierEffort {
                    provisional_number: columns.get("number")?,
                    documents: columns.get("documents")?,
                    effort: Effort {
                        keys: columns.get("key_count")?,
                        clicks: columns.get("click_count")?,
                        prefilled: columns.get("prefilled")?,
                    },
                })
            },
        )
    }
}

impl Writer<'_> {
    /// Keeps what a document cost. Counted once: a second count changes nothing.
    pub fn insert_effort(
        &self,
        id: DocumentId,
        effort: Effort,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        self.insert(
            TABLE,
            "INSERT INTO effort VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (document_id) DO NOTHING",
            params![
                key!(id),
                effort.keys,
                effort.clicks,
                effort.prefilled,
                instant(at)
            ],
        )
    }
}
