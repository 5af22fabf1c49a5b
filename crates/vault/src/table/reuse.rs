//! Components that are answered by a paper digitised before, and decisions not to digitise.

use chrono::{DateTime, Utc};
use domain::dossier::Owner;
use domain::ids::{DocumentId, DossierComponentId, OfficerId};
use domain::record::Record;
use domain::reuse::{Digitising, Reuse};
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::{Columns, instant, key};
use crate::error::Error;
use crate::table::search_code::key_of;

const TABLE: &str = "reuse";

// What was taken back stays, with when and by whom.
pub(crate) const V1: &str = "
CREATE TABLE reuse (
    sequence      INTEGER PRIMARY KEY,
    component_id  BLOB NOT NULL REFERENCES dossier_component (id),
    document_id   BLOB NOT NULL REFERENCES document (id),
    version       INTEGER NOT NULL CHECK (version >= 1),
    reused_at     TEXT NOT NULL,
    reused_by     BLOB NOT NULL REFERENCES officer (id),
    taken_back_at TEXT,
    taken_back_by BLOB REFERENCES officer (id),
    CHECK ((taken_back_at IS NULL) = (taken_back_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX one_reuse_of_component ON reuse (component_id) WHERE taken_back_at IS NULL;
CREATE TRIGGER reuse_stays BEFORE DELETE ON reuse
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TABLE component_decision (
    component_id BLOB PRIMARY KEY REFERENCES dossier_component (id),
    decision     TEXT NOT NULL,
    decided_at   TEXT NOT NULL,
    decided_by   BLOB NOT NULL REFERENCES officer (id)
) STRICT;
CREATE INDEX dossier_of_owner ON dossier (owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX dossier_of_named ON dossier (owner_name, owner_birth_on)
WHERE owner_birth_on IS NOT NULL;";

// A paper may also lie at the centre; then its copy was fetched before it answers anything.
pub(crate) const V2: &str = "
CREATE TABLE reuse_2 (
    sequence      INTEGER PRIMARY KEY,
    component_id  BLOB NOT NULL REFERENCES dossier_component (id),
    document_id   BLOB NOT NULL CHECK (length(document_id) = 16),
    version       INTEGER NOT NULL CHECK (version >= 1),
    reused_at     TEXT NOT NULL,
    reused_by     BLOB NOT NULL REFERENCES officer (id),
    taken_back_at TEXT,
    taken_back_by BLOB REFERENCES officer (id),
    CHECK ((taken_back_at IS NULL) = (taken_back_by IS NULL))
) STRICT;
INSERT INTO reuse_2 SELECT * FROM reuse;
DROP TABLE reuse;
ALTER TABLE reuse_2 RENAME TO reuse;
CREATE UNIQUE INDEX one_reuse_of_component ON reuse (component_id) WHERE taken_back_at IS NULL;
CREATE TRIGGER reuse_stays BEFORE DELETE ON reuse
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER reuse_of_what_lies_here BEFORE INSERT ON reuse
WHEN NOT EXISTS (SELECT 1 FROM document WHERE id = new.document_id)
 AND NOT EXISTS (SELECT 1 FROM central_paper WHERE document_id = new.document_id
                 AND version = new.version AND sealed_digest IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'only what lies here answers a component'); END;";

/// How components were answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReuseTotal {
    /// Components of all dossiers.
    pub components: u32,
    /// Those that a paper of their own answers, deposited.
    pub digitised: u32,
    /// Those that a paper digitised before answers.
    pub reused: u32,
    /// Those that were left out, with a reason.
    pub left_out: u32,
    /// Dossiers in which at least one component is reused.
    pub dossiers_with_reuse: u32,
}

impl Reader<'_> {
    /// The newest records of papers of this owner, the newest in front: known by the
    /// number, else by name and day of birth.
    // Circular 01/2023/TT-VPCP, art. 9: an owner without a number is told by name and date
    // of birth.
    pub fn records_of_owner(&self, owner: &Owner, limit: usize) -> Result<Vec<Record>, Error> {
        let ids = match (&owner.id, &owner.name, &owner.birth_on) {
            (Some(id), ..) => self.many(
                "document",
                "SELECT document.id FROM dossier JOIN document ON document.dossier_id = dossier.id
                 WHERE dossier.owner_id = ?1 AND document.state = 'deposited'
                 UNION SELECT record.document_id FROM search_code
                 JOIN record ON record.sequence = search_code.record_sequence
                 WHERE search_code.code = ?2
                 AND json_extract(record.code_parts, '$.owner_id') = ?1
                 ORDER BY 1 DESC LIMIT ?3",
                params![id.as_str(), key_of(id.as_str()), limit as i64],
                |columns| columns.id("id", DocumentId::from_uuid),
            )?,
            (None, Some(name), Some(birth_on)) => self.many(
                "document",
                "SELECT document.id FROM dossier JOIN document ON document.dossier_id = dossier.id
                 WHERE dossier.owner_name = ?1 AND dossier.owner_birth_on = ?2
                 AND document.state = 'deposited' ORDER BY document.id DESC LIMIT ?3",
                params![name, birth_on.to_string(), limit as i64],
                |columns| columns.id("id", DocumentId::from_uuid),
            )?,
            _ => Vec::new(),
        };
        let records = ids.into_iter().map(|id| self.latest_record(id).transpose());
        records.flatten().collect()
    }

    /// What answers a component in the place of a paper of its own.
    pub fn reuse_of(&self, id: DossierComponentId) -> Result<Option<Reuse>, Error> {
        self.one(
            TABLE,
            "SELECT * FROM reuse WHERE component_id = ?1 AND taken_back_at IS NULL",
            params![key!(id)],
            reuse,
        )
    }

    /// What was decided about a component.
    pub fn digitising_of(&self, id: DossierComponentId) -> Result<Option<Digitising>, Error> {
        self.one(
            "component_decision",
            "SELECT decision FROM component_decision WHERE component_id = ?1",
            params![key!(id)],
            |columns| columns.named("decision", Digitising::from_name),
        )
    }

    /// How all components were answered.
    pub fn reuse_total(&self) -> Result<ReuseTotal, Error> {
        let total = self.one(
            TABLE,
            "SELECT
                (SELECT count(*) FROM dossier_component) AS components,
                (SELECT count(*) FROM dossier_component JOIN document
                 ON document.id = dossier_component.document_id
                 WHERE document.state = 'deposited') AS digitised,
                (SELECT count(*) FROM reuse WHERE taken_back_at IS NULL) AS reused,
                (SELECT count(*) FROM component_decision WHERE decision <> 'digitise') AS left_out,
                (SELECT count(DISTINCT dossier_id) FROM reuse JOIN dossier_component
                 ON dossier_component.id = reuse.component_id
                 WHERE taken_back_at IS NULL) AS dossiers",
            [],
            |columns| {
                Ok(ReuseTotal {
                    components: columns.get("components")?,
                    digitised: columns.get("digitised")?,
                    reused: columns.get("reused")?,
                    left_out: columns.get("left_out")?,
                    dossiers_with_reuse: columns.get("dossiers")?,
                })
            },
        )?;
        Ok(total.unwrap_or_default())
    }
}

fn reuse(columns: &Columns<'_>) -> Result<Reuse, Error> {
    Ok(Reuse {
        component_id: columns.id("component_id", DossierComponentId::from_uuid)?,
        document_id: columns.id("document_id", DocumentId::from_uuid)?,
        version: columns.get("version")?,
        reused_at: columns.instant("reused_at")?,
        reused_by: columns.id("reused_by", OfficerId::from_uuid)?,
    })
}

impl Writer<'_> {
    /// Answers a component with a paper that was deposited before.
    pub fn insert_reuse(&self, reuse: &Reuse) -> Result<(), Error> {
        self.insert(
            "reuse",
            "INSERT INTO reuse VALUES (NULL, ?1, ?2, ?3, ?4, ?5, NULL, NULL)",
            params![
                key!(reuse.component_id),
                key!(reuse.document_id),
                reuse.version,
                instant(reuse.reused_at),
                key!(reuse.reused_by),
            ],
        )
    }

    /// Takes that back; the component waits for a paper again.
    pub fn take_reuse_back(
        &self,
        id: DossierComponentId,
        at: DateTime<Utc>,
        by: OfficerId,
    ) -> Result<(), Error> {
        self.change(
            "reuse",
            &id,
            "UPDATE reuse SET taken_back_at = ?2, taken_back_by = ?3
             WHERE component_id = ?1 AND taken_back_at IS NULL",
            params![key!(id), instant(at), key!(by)],
        )
    }

    /// Says what is to become of a component, in the place of what was said before.
    pub fn set_digitising(
        &self,
        id: DossierComponentId,
        decision: Digitising,
        at: DateTime<Utc>,
        by: OfficerId,
    ) -> Result<(), Error> {
        self.insert(
            "component decision",
            "INSERT INTO component_decision VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (component_id) DO UPDATE SET decision = excluded.decision,
                 decided_at = excluded.decided_at, decided_by = excluded.decided_by",
            params![key!(id), decision.name(), instant(at), key!(by)],
        )
    }
}
