//! Signed files that were handed in, kept as they came.

use domain::ids::{DocumentId, FeedId, OfficerId};
use domain::original::ElectronicOriginal;
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::{Columns, instant, key};
use crate::error::Error;

const TABLE: &str = "electronic_original";

// Written before the first page of its feed is, so that no crash can make its pages pass
// for scanned ones; the feed itself comes with that page.
pub(crate) const V1: &str = "
CREATE TABLE electronic_original (
    feed_id       BLOB PRIMARY KEY CHECK (length(feed_id) = 16),
    document_id   BLOB NOT NULL REFERENCES document (id),
    digest        BLOB NOT NULL CHECK (length(digest) = 32),
    sealed_digest BLOB NOT NULL CHECK (length(sealed_digest) = 32),
    size_bytes    INTEGER NOT NULL,
    received_at   TEXT NOT NULL,
    received_by   BLOB NOT NULL REFERENCES officer (id)
) STRICT;
CREATE INDEX electronic_original_of_document ON electronic_original (document_id);
CREATE TRIGGER electronic_original_stays BEFORE DELETE ON electronic_original
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER electronic_original_never_changes BEFORE UPDATE ON electronic_original
BEGIN SELECT RAISE(ABORT, 'an original never changes'); END;";

impl Reader<'_> {
    /// The signed files that were ever handed in for a document, but for those that were
    /// erased with their pages.
    pub fn originals_of(&self, id: DocumentId) -> Result<Vec<ElectronicOriginal>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM electronic_original WHERE document_id = ?1
             AND NOT EXISTS (SELECT 1 FROM erased_file
                             WHERE original_id = electronic_original.feed_id)
             ORDER BY feed_id",
            params![key!(id)],
            original,
        )
    }
}

impl Writer<'_> {
    /// Notes that a feed is going to bring the pages of a signed file.
    pub fn insert_original(&self, original: &ElectronicOriginal) -> Result<(), Error> {
        self.insert(
            "electronic original",
            "INSERT INTO electronic_original VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                key!(original.feed_id),
                key!(original.document_id),
                original.digest.as_bytes(),
                original.sealed_digest.as_bytes(),
                original.size_bytes as i64,
                instant(original.received_at),
                key!(original.received_by),
            ],
        )
    }
}

fn original(columns: &Columns<'_>) -> Result<ElectronicOriginal, Error> {
    Ok(ElectronicOriginal {
        feed_id: columns.id("feed_id", FeedId::from_uuid)?,
        document_id: columns.id("document_id", DocumentId::from_uuid)?,
        digest: columns.digest("digest")?,
        sealed_digest: columns.digest("sealed_digest")?,
        size_bytes: columns.get::<i64>("size_bytes")? as u64,
        received_at: columns.instant("received_at")?,
        received_by: columns.id("received_by", OfficerId::from_uuid)?,
    })
}
