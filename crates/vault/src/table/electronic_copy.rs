//! Electronic copies. One is made before each extraction; none ever changes.

use domain::copy::ElectronicCopy;
use domain::digest::Digest;
use domain::ids::{DocumentId, ElectronicCopyId, OfficerId};
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::{Columns, instant, json, key};
use crate::error::Error;

const TABLE: &str = "electronic_copy";

// `sequence` says which is the latest whatever the clock did.
pub(crate) const V1: &str = "
CREATE TABLE electronic_copy (
    sequence      INTEGER PRIMARY KEY,
    id            BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    document_id   BLOB NOT NULL REFERENCES document (id),
    digest        BLOB NOT NULL CHECK (length(digest) = 32),
    sealed_digest BLOB NOT NULL CHECK (length(sealed_digest) = 32),
    size_bytes    INTEGER NOT NULL,
    pages         TEXT NOT NULL,
    made_at       TEXT NOT NULL,
    digitised_by  BLOB NOT NULL REFERENCES officer (id)
) STRICT;
CREATE INDEX electronic_copy_of_document ON electronic_copy (document_id, sequence);
CREATE TRIGGER electronic_copy_stays BEFORE DELETE ON electronic_copy
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER electronic_copy_never_changes BEFORE UPDATE ON electronic_copy
BEGIN SELECT RAISE(ABORT, 'a copy never changes'); END;";

impl Reader<'_> {
    /// The copy of a document that was made last, if any.
    pub fn latest_copy(&self, id: DocumentId) -> Result<Option<ElectronicCopy>, Error> {
        self.one(
            TABLE,
            "SELECT * FROM electronic_copy WHERE document_id = ?1
             ORDER BY sequence DESC LIMIT 1",
            params![key!(id)],
            copy,
        )
    }

    /// The copy of that id, as a record names it.
    pub fn copy(&self, id: ElectronicCopyId) -> Result<ElectronicCopy, Error> {
        self.one(
            TABLE,
            "SELECT * FROM electronic_copy WHERE id = ?1",
            params![key!(id)],
            copy,
        )?
        .ok_or_else(|| Error::not_found("electronic copy", &id))
    }
}

fn copy(columns: &Columns<'_>) -> Result<ElectronicCopy, Error> {
    Ok(ElectronicCopy {
        id: columns.id("id", ElectronicCopyId::from_uuid)?,
        document_id: columns.id("document_id", DocumentId::from_uuid)?,
        digest: columns.digest("digest")?,
        sealed_digest: columns.digest("sealed_digest")?,
        size_bytes: columns.get::<i64>("size_bytes")? as u64,
        pages: columns.json::<Vec<Digest>>("pages")?,
        made_at: columns.instant("made_at")?,
        digitised_by: columns.id("digitised_by", OfficerId::from_uuid)?,
    })
}

impl Writer<'_> {
    /// Stores a copy; it is the latest from now on.
    pub fn insert_copy(&self, copy: &ElectronicCopy) -> Result<(), Error> {
        self.insert(
            "electronic copy",
            "INSERT INTO electronic_copy VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                key!(copy.id),
                key!(copy.document_id),
                copy.digest.as_bytes(),
                copy.sealed_digest.as_bytes(),
                copy.size_bytes as i64,
                json(&copy.pages),
                instant(copy.made_at),
                key!(copy.digitised_by),
            ],
        )
    }
}
