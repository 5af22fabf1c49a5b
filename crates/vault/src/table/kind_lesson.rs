//! What deposited papers teach about kinds of paper. Drawn from records, so it may
//! be forgotten and drawn anew; nothing that stands in a record goes with it. The
//! table is made by the migration of [`crate::table::trust`].

use domain::document::DocumentType;
use domain::ids::DocumentId;
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::key;
use crate::error::Error;

const TABLE: &str = "kind_lesson";

/// What one paper teaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindLesson {
    /// The type that a person let stand or chose.
    pub document_type: DocumentType,
    /// The features of its first page, as the reader of lessons writes them.
    pub features: Vec<u8>,
}

impl Reader<'_> {
    /// The last lessons of each type, drawn in this version.
    pub fn kind_lessons(&self, version: u32, most_of_each: u32) -> Result<Vec<KindLesson>, Error> {
        self.many(
            TABLE,
            "SELECT document_type, features FROM (
                 SELECT document_type, features, row_number() OVER (
                     PARTITION BY document_type ORDER BY sequence DESC) AS place
                 FROM kind_lesson WHERE version = ?1)
             WHERE place <= ?2",
            params![version, most_of_each],
            |columns| {
                Ok(KindLesson {
                    document_type: columns.parsed("document_type")?,
                    features: columns.get("features")?,
                })
            },
        )
    }

    /// The documents that were deposited last and their types, newest first.
    pub fn last_deposited(&self, most: u32) -> Result<Vec<(DocumentId, DocumentType)>, Error> {
        self.many(
            "record",
            "SELECT document_id, document_type FROM record WHERE version = 1
             ORDER BY sequence DESC LIMIT ?1",
            params![most],
            |columns| {
                Ok((
                    columns.id("document_id", DocumentId::from_uuid)?,
                    columns.parsed("document_type")?,
                ))
            },
        )
    }
}

impl Writer<'_> {
    /// Keeps what a paper teaches, in the place of what it taught before.
    pub fn put_kind_lesson(
        &self,
        id: DocumentId,
        version: u32,
        lesson: &KindLesson,
    ) -> Result<(), Error> {
        self.execute(
            "DELETE FROM kind_lesson WHERE document_id = ?1",
            params![key!(id)],
        )?;
        self.insert(
            "kind lesson",
            "INSERT INTO kind_lesson VALUES (NULL, ?1, ?2, ?3, ?4)",
            params![
                key!(id),
                lesson.document_type.as_str(),
                version,
                lesson.features
            ],
        )
    }

    /// Forgets every lesson and says how many there were.
    pub fn forget_kind_lessons(&self) -> Result<usize, Error> {
        self.execute("DELETE FROM kind_lesson", [])
    }
}
