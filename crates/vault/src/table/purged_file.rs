//! Files that lie here no longer because the centre has them and the days of keeping are over.
//! Rows, values and receipts stay.

use chrono::{DateTime, Utc};
use domain::copy::Awaited;
use domain::digest::Digest;
use domain::ids::DocumentId;
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::{instant, key};
use crate::error::Error;

const TABLE: &str = "purged_file";

// Whatever the program thinks, the table lets nothing go of which a version has no receipt.
pub(crate) const V1: &str = "
CREATE TABLE purged_file (
    sealed_digest BLOB PRIMARY KEY CHECK (length(sealed_digest) = 32),
    document_id   BLOB NOT NULL REFERENCES document (id),
    purged_at     TEXT NOT NULL,
    -- 0: it goes; 1: it is gone.
    gone          INTEGER NOT NULL CHECK (gone IN (0, 1))
) STRICT;
CREATE INDEX purged_file_of_document ON purged_file (document_id);
CREATE INDEX purged_file_goes ON purged_file (sealed_digest) WHERE gone = 0;
CREATE TRIGGER purged_file_stays BEFORE DELETE ON purged_file
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER only_the_delivered_is_purged BEFORE INSERT ON purged_file
WHEN NOT EXISTS (SELECT 1 FROM outbox WHERE document_id = new.document_id)
  OR EXISTS (SELECT 1 FROM outbox o WHERE o.document_id = new.document_id
             AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.outbox_id = o.id))
BEGIN SELECT RAISE(ABORT, 'what the centre has not confirmed stays'); END;
CREATE TRIGGER the_purged_does_not_come_back BEFORE UPDATE ON purged_file
WHEN old.gone = 1 OR new.sealed_digest <> old.sealed_digest OR new.document_id <> old.document_id
BEGIN SELECT RAISE(ABORT, 'what went stays gone'); END;";

/// A receipt, and what it has to stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptReceipt {
    /// The version of the record.
    pub version: u32,
    /// The digest of its manifest.
    pub manifest: Digest,
    /// The signed bytes.
    pub bytes: Vec<u8>,
}

impl Reader<'_> {
    /// Documents of which the centre confirmed every version before `until`, whose files lie
    /// here still, and whose copies wait for none of these.
    pub fn documents_to_purge(
        &self,
        until: DateTime<Utc>,
        awaited: &[Awaited],
    ) -> Result<Vec<DocumentId>, Error> {
        let is_awaited = |wanted| awaited.contains(&wanted);
        self.many(
            TABLE,
            "SELECT o.document_id FROM outbox o LEFT JOIN receipt r ON r.outbox_id = o.id
                JOIN document d ON d.id = o.document_id
             WHERE NOT EXISTS (SELECT 1 FROM purged_file p WHERE p.document_id = d.id)
               AND NOT (d.copy_awaits IS 'signature' AND ?2)
               AND NOT (d.copy_awaits IS 'timestamp' AND ?3)
             GROUP BY o.document_id
             HAVING count(*) = count(r.kept_at) AND max(r.kept_at) < ?1
             ORDER BY o.document_id",
            params![
                instant(until),
                is_awaited(Awaited::Signature),
                is_awaited(Awaited::Timestamp),
            ],
            |columns| columns.id("document_id", DocumentId::from_uuid),
        )
    }

    /// The receipts of all versions of a document.
    pub fn receipts_of(&self, id: DocumentId) -> Result<Vec<KeptReceipt>, Error> {
        self.many(
            "receipt",
            "SELECT o.version, o.manifest_digest, r.bytes
             FROM outbox o JOIN receipt r ON r.outbox_id = o.id
             WHERE o.document_id = ?1 ORDER BY o.version",
            params![key!(id)],
            |columns| {
                Ok(KeptReceipt {
                    version: columns.get("version")?,
                    manifest: columns.digest("manifest_digest")?,
                    bytes: columns.get("bytes")?,
                })
            },
        )
    }

    /// Whether a sealed file went because the centre has it.
    pub(crate) fn was_purged(&self, sealed: &Digest) -> Result<bool, Error> {
        let row = self.one(
            TABLE,
            "SELECT 1 FROM purged_file WHERE sealed_digest = ?1",
            params![sealed.as_bytes()],
            |_| Ok(()),
        )?;
        Ok(row.is_some())
    }

    /// Files that are to go, and may lie here still.
    pub(crate) fn files_to_purge(&self) -> Result<Vec<Digest>, Error> {
        self.many(
            TABLE,
            "SELECT sealed_digest FROM purged_file WHERE gone = 0",
            [],
            |columns| columns.digest("sealed_digest"),
        )
    }
}

impl Writer<'_> {
    /// Names the files of a document that may go: the images and copies that went to the
    /// centre and that no other paper and no page in the trash shares. They go with
    /// [`crate::Vault::remove_purged`]. How many there are.
    pub fn purge(&self, id: DocumentId, now: DateTime<Utc>) -> Result<usize, Error> {
        self.execute(
            "INSERT INTO purged_file
             SELECT sealed_digest, ?1, ?2, 0 FROM (
                SELECT sealed_digest, raw_digest AS digest FROM page
                WHERE document_id = ?1 AND voided_at IS NULL
                UNION SELECT sealed_digest, digest FROM electronic_copy WHERE document_id = ?1
             ) AS own
             WHERE EXISTS (SELECT 1 FROM outgoing_file f JOIN outbox o ON o.id = f.outbox_id
                           WHERE o.document_id = ?1 AND f.digest = own.digest)
               AND NOT EXISTS (SELECT 1 FROM page other
                               WHERE other.sealed_digest = own.sealed_digest
                               AND (other.document_id <> ?1 OR other.voided_at IS NOT NULL))
               AND NOT EXISTS (SELECT 1 FROM electronic_copy other
                               WHERE other.sealed_digest = own.sealed_digest
                               AND other.document_id <> ?1)",
            params![key!(id), instant(now)],
        )
    }

    pub(crate) fn mark_gone(&self, sealed: &Digest) -> Result<(), Error> {
        self.execute(
            "UPDATE purged_file SET gone = 1 WHERE sealed_digest = ?1 AND gone = 0",
            params![sealed.as_bytes()],
        )
        .map(|_| ())
    }
}
