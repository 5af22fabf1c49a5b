//! Where officers were at work on documents, and which documents wait to be gone on with.

use domain::field::FieldName;
use domain::ids::DocumentId;
use domain::work_place::{Step, WorkPlace};
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::{instant, key};
use crate::error::Error;

const TABLE: &str = "work_place";

pub(crate) const V1: &str = "
CREATE TABLE work_place (
    document_id BLOB PRIMARY KEY REFERENCES document (id),
    step        TEXT NOT NULL,
    field       TEXT,
    at          TEXT NOT NULL
) STRICT;";

impl Reader<'_> {
    /// Where the work on a document stood when somebody last turned to it.
    pub fn work_place(&self, id: DocumentId) -> Result<Option<WorkPlace>, Error> {
        self.one(
            TABLE,
            "SELECT * FROM work_place WHERE document_id = ?1",
            params![key!(id)],
            |columns| {
                Ok(WorkPlace {
                    step: columns.named("step", Step::from_name)?,
                    field: columns.maybe_parsed("field")?,
                    at: columns.instant("at")?,
                })
            },
        )
    }

    /// The documents that have pages and are not deposited, the one that was worked on
    /// last first.
    pub fn unfinished_documents(&self, limit: usize) -> Result<Vec<DocumentId>, Error> {
        self.many(
            "document",
            "SELECT document.id AS id FROM document
             JOIN page ON page.document_id = document.id AND page.voided_at IS NULL
             LEFT JOIN work_place ON work_place.document_id = document.id
             WHERE document.state <> 'deposited'
             GROUP BY document.id
             ORDER BY max(coalesce(work_place.at, ''), max(page.scanned_at)) DESC
             LIMIT ?1",
            params![limit as i64],
            |columns| columns.id("id", DocumentId::from_uuid),
        )
    }
}

impl Writer<'_> {
    /// Keeps where the work on a document stands.
    pub fn set_work_place(&self, id: DocumentId, place: &WorkPlace) -> Result<(), Error> {
        let field = place.field.as_ref().map(FieldName::as_str);
        self.insert(
            TABLE,
            "INSERT INTO work_place VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (document_id) DO UPDATE SET step = ?2, field = ?3, at = ?4",
            params![key!(id), place.step.name(), field, instant(place.at)],
        )
    }
}
