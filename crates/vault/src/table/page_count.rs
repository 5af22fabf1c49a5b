//! What people said about the number of a document's pages.

use domain::accounting::{Gap, Vouched};
use domain::ids::{DocumentId, OfficerId};
use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::access::{Reader, Writer};
use crate::column::{instant, json, key};
use crate::error::Error;

const TABLE: &str = "page_count";

pub(crate) const V1: &str = "
CREATE TABLE page_count (
    document_id BLOB PRIMARY KEY REFERENCES document (id),
    declared    INTEGER CHECK (declared > 0),
    gaps        TEXT,
    vouched_by  BLOB REFERENCES officer (id),
    vouched_at  TEXT,
    CHECK ((gaps IS NULL) = (vouched_by IS NULL)),
    CHECK ((gaps IS NULL) = (vouched_at IS NULL))
) STRICT;";

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum GapJson {
    BrokenOff { stored: u32 },
    Lost { delivered: u32, stored: u32 },
    Missing { number: u32 },
    Declared { declared: u32, kept: u32 },
}

impl Reader<'_> {
    /// How many pages an officer counted on the paper.
    pub fn declared_pages(&self, id: DocumentId) -> Result<Option<u32>, Error> {
        let declared = self.one(
            TABLE,
            "SELECT declared FROM page_count WHERE document_id = ?1",
            params![key!(id)],
            |columns| columns.get("declared"),
        )?;
        Ok(declared.flatten())
    }

    /// The last word that was given for pages that do not add up.
    pub fn vouched(&self, id: DocumentId) -> Result<Option<Vouched>, Error> {
        self.one(
            TABLE,
            "SELECT * FROM page_count WHERE document_id = ?1 AND gaps IS NOT NULL",
            params![key!(id)],
            |columns| {
                let gaps: Vec<GapJson> = columns.json("gaps")?;
                Ok(Vouched {
                    by: columns.id("vouched_by", OfficerId::from_uuid)?,
                    at: columns.instant("vouched_at")?,
                    gaps: gaps.into_iter().map(Into::into).collect(),
                })
            },
        )
    }
}

impl Writer<'_> {
    /// Says how many pages an officer counted; `None` takes it back.
    pub fn set_declared_pages(&self, id: DocumentId, declared: Option<u32>) -> Result<(), Error> {
        self.insert(
            TABLE,
            "INSERT INTO page_count (document_id, declared) VALUES (?1, ?2)
             ON CONFLICT (document_id) DO UPDATE SET declared = ?2",
            params![key!(id), declared],
        )
    }

    /// Keeps a person's word for pages that do not add up.
    pub fn set_vouched(&self, id: DocumentId, vouched: &Vouched) -> Result<(), Error> {
        let gaps: Vec<GapJson> = vouched.gaps.iter().map(|gap| (*gap).into()).collect();
        self.insert(
            TABLE,
            "INSERT INTO page_count (document_id, gaps, vouched_by, vouched_at)
             VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (document_id) DO UPDATE
             SET gaps = ?2, vouched_by = ?3, vouched_at = ?4",
            params![key!(id), json(&gaps), key!(vouched.by), instant(vouched.at)],
        )
    }
}

impl From<Gap> for GapJson {
    fn from(gap: Gap) -> Self {
        match gap {
            Gap::BrokenOff { stored } => Self::BrokenOff { stored },
            Gap::Lost { delivered, stored } => Self::Lost { delivered, stored },
            Gap::Missing { number } => Self::Missing { number },
            Gap::Declared { declared, kept } => Self::Declared { declared, kept },
        }
    }
}

impl From<GapJson> for Gap {
    fn from(gap: GapJson) -> Self {
        match gap {
            GapJson::BrokenOff { stored } => Self::BrokenOff { stored },
            GapJson::Lost { delivered, stored } => Self::Lost { delivered, stored },
            GapJson::Missing { number } => Self::Missing { number },
            GapJson::Declared { declared, kept } => Self::Declared { declared, kept },
        }
    }
}
