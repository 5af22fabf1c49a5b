//! Electronic copies. One is made before each extraction, and one more when it is signed
//! or timestamped; none ever changes.

use domain::copy::{Awaited, ElectronicCopy};
use domain::digest::Digest;
use domain::ids::{DocumentId, ElectronicCopyId, OfficerId};
use domain::signature::CopySignature;
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

// What the latest copy of a document waits for stands with the document, so that the few
// that wait are found among the many that do not.
pub(crate) const V2: &str = "
ALTER TABLE electronic_copy ADD COLUMN signed_from BLOB REFERENCES electronic_copy (id);
ALTER TABLE electronic_copy ADD COLUMN signed_by BLOB REFERENCES officer (id);
ALTER TABLE electronic_copy ADD COLUMN certificate BLOB CHECK (length(certificate) = 32);
ALTER TABLE electronic_copy ADD COLUMN signed_at TEXT;
ALTER TABLE electronic_copy ADD COLUMN timestamped_at TEXT;
ALTER TABLE electronic_copy ADD COLUMN born_electronic INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN copy_awaits TEXT;
UPDATE document SET copy_awaits = 'signature'
WHERE EXISTS (SELECT 1 FROM electronic_copy WHERE document_id = document.id);
CREATE INDEX document_by_what_its_copy_awaits ON document (copy_awaits, created_at)
WHERE copy_awaits IS NOT NULL;";

impl Reader<'_> {
    /// The latest copies that wait for this, those of the oldest documents first.
    pub fn copies_awaiting(
        &self,
        awaited: Awaited,
        limit: usize,
    ) -> Result<Vec<ElectronicCopy>, Error> {
        self.many(
            TABLE,
            "SELECT latest.* FROM document JOIN electronic_copy AS latest ON latest.sequence =
                 (SELECT max(sequence) FROM electronic_copy AS one
                  WHERE one.document_id = document.id
                  AND NOT EXISTS (SELECT 1 FROM erased_file WHERE copy_id = one.id))
             WHERE document.copy_awaits = ?1 ORDER BY document.created_at, document.id LIMIT ?2",
            params![awaited.name(), limit as i64],
            copy,
        )
    }

    /// How many copies wait for this.
    pub fn count_copies_awaiting(&self, awaited: Awaited) -> Result<usize, Error> {
        let count: Option<i64> = self.one(
            TABLE,
            "SELECT count(*) AS waiting FROM document WHERE copy_awaits = ?1",
            params![awaited.name()],
            |columns| columns.get("waiting"),
        )?;
        Ok(count.unwrap_or(0) as usize)
    }

    /// All copies of a document in the order in which they were made, but for those that
    /// were erased with a page.
    pub fn copies_of(&self, id: DocumentId) -> Result<Vec<ElectronicCopy>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM electronic_copy WHERE document_id = ?1
             AND NOT EXISTS (SELECT 1 FROM erased_file WHERE copy_id = electronic_copy.id)
             ORDER BY sequence",
            params![key!(id)],
            copy,
        )
    }

    /// The copy of a document that was made last, if any is left.
    pub fn latest_copy(&self, id: DocumentId) -> Result<Option<ElectronicCopy>, Error> {
        self.one(
            TABLE,
            "SELECT * FROM electronic_copy WHERE document_id = ?1
             AND NOT EXISTS (SELECT 1 FROM erased_file WHERE copy_id = electronic_copy.id)
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
        signature: signature(columns)?,
        born_electronic: columns.get("born_electronic")?,
    })
}

fn signature(columns: &Columns<'_>) -> Result<Option<CopySignature>, Error> {
    let Some(signed_at) = columns.maybe_instant("signed_at")? else {
        return Ok(None);
    };
    Ok(Some(CopySignature {
        signed_from: columns.id("signed_from", ElectronicCopyId::from_uuid)?,
        signed_by: columns.id("signed_by", OfficerId::from_uuid)?,
        certificate: columns.digest("certificate")?,
        signed_at,
        timestamped_at: columns.maybe_instant("timestamped_at")?,
    }))
}

impl Writer<'_> {
    /// Stores a copy; it is the latest from now on.
    pub fn insert_copy(&self, copy: &ElectronicCopy) -> Result<(), Error> {
        let signature = copy.signature.as_ref();
        self.insert(
            "electronic copy",
            "INSERT INTO electronic_copy
             VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            params![
                key!(copy.id),
                key!(copy.document_id),
                copy.digest.as_bytes(),
                copy.sealed_digest.as_bytes(),
                copy.size_bytes as i64,
                json(&copy.pages),
                instant(copy.made_at),
                key!(copy.digitised_by),
                signature.map(|one| key!(one.signed_from)),
                signature.map(|one| key!(one.signed_by)),
                signature.map(|one| *one.certificate.as_bytes()),
                signature.map(|one| instant(one.signed_at)),
                signature.and_then(|one| one.timestamped_at).map(instant),
                copy.born_electronic,
            ],
        )?;
        self.await_for_latest_copy(copy.document_id)
    }

    /// Notes with the document what its latest copy waits for.
    pub(crate) fn await_for_latest_copy(&self, id: DocumentId) -> Result<(), Error> {
        let latest = self.latest_copy(id)?;
        let awaited = latest.and_then(|latest| latest.waits_for());
        self.change(
            "document",
            &id,
            "UPDATE document SET copy_awaits = ?2 WHERE id = ?1",
            params![key!(id), awaited.map(Awaited::name)],
        )
    }
}
