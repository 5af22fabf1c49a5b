//! The audit trail. Each event carries a hash over itself and the hash before it,
//! so that one that was changed, taken out or put elsewhere is noticed.

mod act_row;

use domain::audit::{Act, AuditEvent};
use domain::ids::{AuditEventId, DocumentId, DossierId, OfficerId, PageId};
use rusqlite::params;

use self::act_row::ActRow;
use crate::access::{Reader, Writer};
use crate::audit_chain::{BEGINNING, EventRow};
use crate::column::{Columns, instant, key};
use crate::error::Error;

const TABLE: &str = "audit_event";
/// The counter that remembers how long the trail is, so that a missing tail shows.
const LENGTH: &str = "audit_event";
/// Events between two signed heads.
const HEAD_EVERY: u32 = 64;

pub(crate) const V1: &str = "
CREATE TABLE audit_event (
    position    INTEGER PRIMARY KEY CHECK (position >= 1),
    id          BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    happened_at TEXT NOT NULL,
    officer_id  BLOB NOT NULL,
    act         TEXT NOT NULL,
    dossier_id  BLOB,
    document_id BLOB,
    page_id     BLOB,
    field       TEXT,
    hash_before BLOB NOT NULL CHECK (length(hash_before) = 32),
    hash        BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX audit_event_of_document ON audit_event (document_id, position);
CREATE TRIGGER audit_event_stays BEFORE DELETE ON audit_event
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER audit_event_never_changes BEFORE UPDATE ON audit_event
BEGIN SELECT RAISE(ABORT, 'an audit event never changes'); END;";

pub(crate) const V2: &str = "ALTER TABLE audit_event ADD COLUMN subject_id BLOB;";

/// Whether the audit trail is as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditTrail {
    /// Every event is there and unchanged.
    Whole {
        /// How many there are.
        events: u64,
    },
    /// Up to here it is whole; the event at this position is not, or is not there.
    BrokenAt {
        /// Position in the trail, from 1.
        position: u64,
    },
}

impl AuditTrail {
    /// Whether every event is there and unchanged.
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Whole { .. })
    }
}

/// Where the trail ends, or ended when somebody wrote it down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AuditEnd {
    pub(crate) position: i64,
    pub(crate) hash: [u8; 32],
}

impl Reader<'_> {
    /// What happened to a document, oldest first.
    pub fn audit_of(&self, id: DocumentId) -> Result<Vec<AuditEvent>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM audit_event WHERE document_id = ?1 ORDER BY position",
            params![key!(id)],
            event,
        )
    }

    /// Everything that happened, oldest first.
    #[cfg(test)]
    pub(crate) fn audit(&self) -> Result<Vec<AuditEvent>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM audit_event ORDER BY position",
            [],
            event,
        )
    }

    /// Goes through the whole trail and names the first position at which it is not as
    /// it was written, signed or sent along with a record.
    pub fn verify_audit(&self) -> Result<AuditTrail, Error> {
        let mut hashes = vec![BEGINNING];
        let mut broken = false;
        self.each_event(|row, before, hash| {
            if !broken {
                let last = hashes[hashes.len() - 1];
                let whole = row.position == hashes.len() as i64
                    && before == last
                    && row.hash(&last) == hash;
                if whole {
                    hashes.push(hash);
                } else {
                    broken = true;
                }
            }
            Ok(())
        })?;
        let events = hashes.len() as u64 - 1;
        if broken || events != u64::from(self.last_of(LENGTH)?) {
            return Ok(AuditTrail::BrokenAt {
                position: events + 1,
            });
        }
        let is_there = |end: &AuditEnd| {
            let index = usize::try_from(end.position).ok();
            index.and_then(|index| hashes.get(index)) == Some(&end.hash)
        };
        let mut ends = self.signed_ends()?;
        ends.extend(self.audit_ends_sent()?);
        let amiss = ends.iter().filter(|end| !is_there(end));
        match amiss.map(|end| end.position.unsigned_abs()).min() {
            Some(position) => Ok(AuditTrail::BrokenAt { position }),
            None => Ok(AuditTrail::Whole { events }),
        }
    }

    /// Hands every row, the hash that stands in it as the one before, and its own, in order.
    pub(crate) fn each_event(
        &self,
        mut each: impl FnMut(EventRow, [u8; 32], [u8; 32]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.many(
            TABLE,
            "SELECT * FROM audit_event ORDER BY position",
            [],
            |columns| {
                let hash_before = columns.get("hash_before")?;
                each(row(columns)?, hash_before, columns.get("hash")?)
            },
        )?;
        Ok(())
    }

    /// The same for what happened to one document.
    pub(crate) fn each_event_of(
        &self,
        id: DocumentId,
        mut each: impl FnMut(EventRow, [u8; 32], [u8; 32]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.many(
            TABLE,
            "SELECT * FROM audit_event WHERE document_id = ?1 ORDER BY position",
            params![key!(id)],
            |columns| {
                let hash_before = columns.get("hash_before")?;
                each(row(columns)?, hash_before, columns.get("hash")?)
            },
        )?;
        Ok(())
    }

    /// Where the trail ends now.
    pub(crate) fn audit_end(&self) -> Result<AuditEnd, Error> {
        let position = i64::from(self.last_of(LENGTH)?);
        let hash = self.one(
            TABLE,
            "SELECT hash FROM audit_event WHERE position = ?1",
            params![position],
            |columns| columns.get("hash"),
        )?;
        Ok(AuditEnd {
            position,
            hash: hash.unwrap_or(BEGINNING),
        })
    }
}

impl Writer<'_> {
    /// Adds an event to the end of the trail, and a signed head now and then.
    pub fn append_audit(&self, event: &AuditEvent) -> Result<(), Error> {
        let before = self.audit_end()?;
        let act = ActRow::of(&event.act);
        let bytes = |id: [u8; 16]| id.to_vec();
        let row = EventRow {
            position: before.position + 1,
            id: bytes(key!(event.id)),
            happened_at: instant(event.happened_at),
            officer_id: bytes(key!(event.officer_id)),
            act: act.name.to_owned(),
            dossier_id: act.dossier_id.map(|id| bytes(key!(id))),
            document_id: act.document_id.map(|id| bytes(key!(id))),
            page_id: act.page_id.map(|id| bytes(key!(id))),
            field: act.field,
            subject_id: act.subject_id.map(|id| bytes(key!(id))),
        };
        let hash = row.hash(&before.hash);
        self.insert(
            "audit event",
            "INSERT INTO audit_event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                row.position,
                row.id,
                row.happened_at,
                row.officer_id,
                row.act,
                row.dossier_id,
                row.document_id,
                row.page_id,
                row.field,
                before.hash,
                hash,
                row.subject_id,
            ],
        )?;
        let length = self.last_of(LENGTH)? + 1;
        self.set_last(LENGTH, length)?;
        // A quiet desk signs when somebody comes: what happened the day before stands
        // under a signature then.
        // What was erased can be read nowhere else any more.
        let signs = matches!(event.act, Act::SignedIn | Act::PageErased(..));
        if length.is_multiple_of(HEAD_EVERY) || signs {
            let end = AuditEnd {
                position: row.position,
                hash,
            };
            self.sign_head(end, event.happened_at)?;
        }
        Ok(())
    }
}

fn row(columns: &Columns<'_>) -> Result<EventRow, Error> {
    Ok(EventRow {
        position: columns.get("position")?,
        id: columns.get("id")?,
        happened_at: columns.get("happened_at")?,
        officer_id: columns.get("officer_id")?,
        act: columns.get("act")?,
        dossier_id: columns.get("dossier_id")?,
        document_id: columns.get("document_id")?,
        page_id: columns.get("page_id")?,
        field: columns.get("field")?,
        subject_id: columns.get("subject_id")?,
    })
}

fn event(columns: &Columns<'_>) -> Result<AuditEvent, Error> {
    let act = ActRow {
        name: "",
        dossier_id: columns.maybe_id("dossier_id", DossierId::from_uuid)?,
        document_id: columns.maybe_id("document_id", DocumentId::from_uuid)?,
        page_id: columns.maybe_id("page_id", PageId::from_uuid)?,
        field: columns.get("field")?,
        subject_id: columns.maybe_id("subject_id", OfficerId::from_uuid)?,
    };
    let name: String = columns.get("act")?;
    Ok(AuditEvent {
        id: columns.id("id", AuditEventId::from_uuid)?,
        happened_at: columns.instant("happened_at")?,
        officer_id: columns.id("officer_id", OfficerId::from_uuid)?,
        act: act.act(&name).ok_or_else(|| columns.damaged("act"))?,
    })
}
