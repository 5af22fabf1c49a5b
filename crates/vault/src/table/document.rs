//! Documents.

use domain::document::{Document, DocumentState, RecognisedType};
use domain::field::Grade;
use domain::ids::{DocumentId, DossierComponentId, DossierId, OfficerId};
use domain::local_code::LocalCode;
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::{Columns, instant, key};
use crate::error::Error;

const TABLE: &str = "document";

pub(crate) const V1: &str = "
CREATE TABLE document (
    id            BLOB PRIMARY KEY CHECK (length(id) = 16),
    local_code    TEXT NOT NULL UNIQUE,
    dossier_id    BLOB NOT NULL REFERENCES dossier (id),
    component_id  BLOB NOT NULL REFERENCES dossier_component (id),
    document_type TEXT,
    type_grade    TEXT,
    created_at    TEXT NOT NULL,
    created_by    BLOB NOT NULL REFERENCES officer (id),
    state         TEXT NOT NULL,
    CHECK ((document_type IS NULL) = (type_grade IS NULL))
) STRICT;
CREATE INDEX document_of_dossier ON document (dossier_id);
CREATE TRIGGER document_stays BEFORE DELETE ON document
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER document_keeps_its_code BEFORE UPDATE OF id, local_code ON document
BEGIN SELECT RAISE(ABORT, 'a local code stays with its document'); END;";

impl Reader<'_> {
    /// The document.
    pub fn document(&self, id: DocumentId) -> Result<Document, Error> {
        self.one(
            TABLE,
            "SELECT * FROM document WHERE id = ?1",
            params![key!(id)],
            document,
        )?
        .ok_or_else(|| Error::not_found("document", &id))
    }

    /// The document of that local code, if there is one.
    pub fn document_by_local_code(&self, code: &LocalCode) -> Result<Option<Document>, Error> {
        self.one(
            TABLE,
            "SELECT * FROM document WHERE local_code = ?1",
            params![code.to_string()],
            document,
        )
    }

    /// The documents that have come so far and no farther, the oldest first.
    pub fn documents_in(&self, state: DocumentState, limit: usize) -> Result<Vec<Document>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM document WHERE state = ?1 ORDER BY created_at, id LIMIT ?2",
            params![state.name(), limit as i64],
            document,
        )
    }

    /// The documents of a dossier in the order in which they were begun.
    pub fn documents_of(&self, id: DossierId) -> Result<Vec<Document>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM document WHERE dossier_id = ?1 ORDER BY created_at, id",
            params![key!(id)],
            document,
        )
    }
}

fn document(columns: &Columns<'_>) -> Result<Document, Error> {
    let document_type = columns.maybe_parsed("document_type")?;
    Ok(Document {
        id: columns.id("id", DocumentId::from_uuid)?,
        local_code: columns.parsed("local_code")?,
        dossier_id: columns.id("dossier_id", DossierId::from_uuid)?,
        component_id: columns.id("component_id", DossierComponentId::from_uuid)?,
        document_type: match document_type {
            None => None,
            Some(document_type) => Some(RecognisedType {
                document_type,
                grade: columns.named("type_grade", Grade::from_name)?,
            }),
        },
        created_at: columns.instant("created_at")?,
        created_by: columns.id("created_by", OfficerId::from_uuid)?,
        state: columns.named("state", DocumentState::from_name)?,
    })
}

impl Writer<'_> {
    /// Stores a document.
    pub fn insert_document(&self, document: &Document) -> Result<(), Error> {
        let kind = document.document_type.as_ref();
        self.insert(
            "document",
            "INSERT INTO document VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL)",
            params![
                key!(document.id),
                document.local_code.to_string(),
                key!(document.dossier_id),
                key!(document.component_id),
                kind.map(|kind| kind.document_type.as_str()),
                kind.map(|kind| kind.grade.name()),
                instant(document.created_at),
                key!(document.created_by),
                document.state.name(),
            ],
        )
    }

    /// Says how far a document has come.
    pub fn set_document_state(&self, id: DocumentId, state: DocumentState) -> Result<(), Error> {
        self.change(
            "document",
            &id,
            "UPDATE document SET state = ?2 WHERE id = ?1",
            params![key!(id), state.name()],
        )
    }

    /// Says of what type a document is.
    pub fn set_document_type(&self, id: DocumentId, kind: &RecognisedType) -> Result<(), Error> {
        self.change(
            "document",
            &id,
            "UPDATE document SET document_type = ?2, type_grade = ?3 WHERE id = ?1",
            params![key!(id), kind.document_type.as_str(), kind.grade.name()],
        )
    }
}
