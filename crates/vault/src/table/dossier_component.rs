//! Components of dossiers.

use domain::dossier::{DossierComponent, SubmittedAs};
use domain::ids::{DocumentId, DossierComponentId, DossierId};
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::{Columns, key};
use crate::error::Error;

const TABLE: &str = "dossier_component";

// The document refers to its component and the component to its document, so the
// second reference is looked at when the transaction ends.
pub(crate) const V1: &str = "
CREATE TABLE dossier_component (
    id           BLOB PRIMARY KEY CHECK (length(id) = 16),
    dossier_id   BLOB NOT NULL REFERENCES dossier (id),
    position     INTEGER NOT NULL,
    name         TEXT NOT NULL,
    code         TEXT,
    result_type  TEXT,
    submitted_as TEXT NOT NULL,
    document_id  BLOB REFERENCES document (id) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (dossier_id, position)
) STRICT;
CREATE TRIGGER dossier_component_stays BEFORE DELETE ON dossier_component
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;";

impl Reader<'_> {
    pub(crate) fn components_of(&self, id: DossierId) -> Result<Vec<DossierComponent>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM dossier_component WHERE dossier_id = ?1 ORDER BY position",
            params![key!(id)],
            component,
        )
    }
}

fn component(columns: &Columns<'_>) -> Result<DossierComponent, Error> {
    Ok(DossierComponent {
        id: columns.id("id", DossierComponentId::from_uuid)?,
        name: columns.get("name")?,
        code: columns.maybe_parsed("code")?,
        result_type: columns.maybe_parsed("result_type")?,
        submitted_as: columns.named("submitted_as", SubmittedAs::from_name)?,
        document_id: columns.maybe_id("document_id", DocumentId::from_uuid)?,
    })
}

impl Writer<'_> {
    pub(crate) fn insert_component(
        &self,
        dossier_id: DossierId,
        position: usize,
        component: &DossierComponent,
    ) -> Result<(), Error> {
        self.insert(
            "dossier component",
            "INSERT INTO dossier_component VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                key!(component.id),
                key!(dossier_id),
                position as i64,
                component.name,
                component.code.as_ref().map(ToString::to_string),
                component.result_type.as_ref().map(ToString::to_string),
                component.submitted_as.name(),
                component.document_id.map(|id| key!(id)),
            ],
        )
    }

    /// Stores a component that came later, behind the others.
    pub fn append_component(
        &self,
        dossier_id: DossierId,
        component: &DossierComponent,
    ) -> Result<(), Error> {
        let position = self.components_of(dossier_id)?.len();
        self.insert_component(dossier_id, position, component)
    }

    /// Says which document answers a component.
    pub fn set_component_document(
        &self,
        id: DossierComponentId,
        document_id: DocumentId,
    ) -> Result<(), Error> {
        self.change(
            "dossier component",
            &id,
            "UPDATE dossier_component SET document_id = ?2 WHERE id = ?1",
            params![key!(id), key!(document_id)],
        )
    }
}
