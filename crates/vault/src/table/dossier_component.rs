//! Components of dossiers.

use chrono::{DateTime, Utc};
use domain::dossier::{DossierComponent, SubmittedAs};
use domain::ids::{DocumentId, DossierComponentId, DossierId, OfficerId};
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::{Columns, instant, key};
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

// A component that was begun by mistake. Its row stays; the dossier does not show it.
pub(crate) const V2: &str = "
CREATE TABLE withdrawn_component (
    component_id BLOB PRIMARY KEY REFERENCES dossier_component (id),
    withdrawn_at TEXT NOT NULL,
    withdrawn_by BLOB NOT NULL REFERENCES officer (id)
) STRICT;
CREATE TRIGGER withdrawn_component_stays BEFORE DELETE ON withdrawn_component
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER withdrawn_component_never_changes BEFORE UPDATE ON withdrawn_component
BEGIN SELECT RAISE(ABORT, 'what is withdrawn stays so'); END;
CREATE TRIGGER what_has_pages_is_not_withdrawn BEFORE INSERT ON withdrawn_component
WHEN EXISTS (SELECT 1 FROM document JOIN page ON page.document_id = document.id
             WHERE document.component_id = new.component_id AND page.voided_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'a component with pages is not withdrawn'); END;";

impl Reader<'_> {
    pub(crate) fn components_of(&self, id: DossierId) -> Result<Vec<DossierComponent>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM dossier_component WHERE dossier_id = ?1
             AND NOT EXISTS (SELECT 1 FROM withdrawn_component
                             WHERE component_id = dossier_component.id)
             ORDER BY position",
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
        let position = self.one(
            TABLE,
            "SELECT coalesce(max(position) + 1, 0) AS next FROM dossier_component
             WHERE dossier_id = ?1",
            params![key!(dossier_id)],
            |columns| columns.get::<i64>("next"),
        )?;
        self.insert_component(dossier_id, position.unwrap_or(0) as usize, component)
    }

    /// Takes a component without pages out of its dossier: it was begun by mistake.
    pub fn withdraw_component(
        &self,
        id: DossierComponentId,
        at: DateTime<Utc>,
        by: OfficerId,
    ) -> Result<(), Error> {
        self.insert(
            "withdrawn component",
            "INSERT INTO withdrawn_component VALUES (?1, ?2, ?3)",
            params![key!(id), instant(at), key!(by)],
        )
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
