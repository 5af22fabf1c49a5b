//! The outbox: what waits to be sent, written in the transaction of the deposit.

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use domain::ids::{DocumentId, OutboxItemId};
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::{instant, key};
use crate::error::Error;
use crate::table::audit_event::AuditEnd;

const TABLE: &str = "outbox";

pub(crate) const V1: &str = "
CREATE TABLE outbox (
    sequence        INTEGER PRIMARY KEY,
    id              BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    document_id     BLOB NOT NULL,
    version         INTEGER NOT NULL,
    manifest_digest BLOB NOT NULL CHECK (length(manifest_digest) = 32),
    enqueued_at     TEXT NOT NULL,
    UNIQUE (document_id, version),
    FOREIGN KEY (document_id, version) REFERENCES record (document_id, version)
) STRICT;";

// What is sent tells how far the audit trail had come: whoever received it can tell
// later that a tail was cut off.
pub(crate) const V2: &str = "
ALTER TABLE outbox ADD COLUMN audit_position INTEGER;
ALTER TABLE outbox ADD COLUMN audit_hash BLOB CHECK (audit_hash IS NULL OR length(audit_hash) = 32);";

// What is settled lies between what waits and grows for years: whoever looks for what waits
// must not read through it.
pub(crate) const V3: &str = "
ALTER TABLE outbox ADD COLUMN has_receipt INTEGER NOT NULL DEFAULT 0;
UPDATE outbox SET has_receipt = 1 WHERE id IN (SELECT outbox_id FROM receipt);
CREATE INDEX outbox_without_receipt ON outbox (sequence) WHERE has_receipt = 0;
CREATE TRIGGER receipt_settles AFTER INSERT ON receipt
BEGIN UPDATE outbox SET has_receipt = 1 WHERE id = new.outbox_id; END;";

/// A record that waits to be sent to the centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxItem {
    /// Its key.
    pub id: OutboxItemId,
    /// The document.
    pub document_id: DocumentId,
    /// The version of its record.
    pub version: u32,
    /// SHA-256 of the manifest.
    pub manifest_digest: Digest,
    /// Since when it waits.
    pub enqueued_at: DateTime<Utc>,
}

impl Reader<'_> {
    /// The number of the record that went into the outbox last; 0 when none did.
    pub fn last_enqueued(&self) -> Result<i64, Error> {
        let last = self.one(
            TABLE,
            "SELECT max(sequence) AS last FROM outbox",
            [],
            |columns| columns.get::<Option<i64>>("last"),
        )?;
        Ok(last.flatten().unwrap_or(0))
    }

    /// The ends of the audit trail that were sent along with records.
    pub(crate) fn audit_ends_sent(&self) -> Result<Vec<AuditEnd>, Error> {
        self.many(
            TABLE,
            "SELECT audit_position, audit_hash FROM outbox
             WHERE audit_position IS NOT NULL ORDER BY audit_position",
            [],
            |columns| {
                Ok(AuditEnd {
                    position: columns.get("audit_position")?,
                    hash: columns.get("audit_hash")?,
                })
            },
        )
    }
}

impl Writer<'_> {
    /// Puts a deposited record into the outbox, with the head of the audit trail.
    pub fn enqueue(&self, item: &OutboxItem) -> Result<(), Error> {
        let head = self.audit_end()?;
        self.insert(
            "outbox item",
            "INSERT INTO outbox VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)",
            params![
                key!(item.id),
                key!(item.document_id),
                item.version,
                item.manifest_digest.as_bytes(),
                instant(item.enqueued_at),
                head.position,
                head.hash,
            ],
        )
    }
}
