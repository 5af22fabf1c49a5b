//! Dossiers.

use domain::code::DossierCode;
use domain::dossier::{Dossier, Owner};
use domain::ids::{DossierId, OfficerId};
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::{Columns, instant, key};
use crate::error::Error;

const TABLE: &str = "dossier";

pub(crate) const V1: &str = "
CREATE TABLE dossier (
    id                 BLOB PRIMARY KEY CHECK (length(id) = 16),
    provisional_number TEXT NOT NULL,
    code               TEXT,
    procedure          TEXT,
    owner_id           TEXT,
    owner_name         TEXT,
    received_at        TEXT NOT NULL,
    received_by        BLOB NOT NULL REFERENCES officer (id)
) STRICT;
CREATE INDEX dossier_received ON dossier (received_at);
CREATE TRIGGER dossier_stays BEFORE DELETE ON dossier
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;";

pub(crate) const V2: &str = "
ALTER TABLE dossier ADD COLUMN owner_birth_on TEXT;
ALTER TABLE dossier ADD COLUMN owner_sex TEXT;
ALTER TABLE dossier ADD COLUMN owner_address TEXT;";

impl Reader<'_> {
    /// The dossier with its components.
    pub fn dossier(&self, id: DossierId) -> Result<Dossier, Error> {
        let dossier = self.one(
            TABLE,
            "SELECT * FROM dossier WHERE id = ?1",
            params![key!(id)],
            without_components,
        )?;
        let mut dossier = dossier.ok_or_else(|| Error::not_found("dossier", &id))?;
        dossier.components = self.components_of(id)?;
        Ok(dossier)
    }

    /// The dossier of an official code; the newest, should there be two.
    pub fn dossier_of_code(&self, code: &DossierCode) -> Result<Option<DossierId>, Error> {
        self.one(
            TABLE,
            "SELECT id FROM dossier WHERE code = ?1 ORDER BY received_at DESC LIMIT 1",
            params![code.to_string()],
            |columns| columns.id("id", DossierId::from_uuid),
        )
    }

    /// The dossiers received last, newest first.
    pub fn recent_dossiers(&self, limit: usize) -> Result<Vec<Dossier>, Error> {
        let mut dossiers = self.many(
            TABLE,
            "SELECT * FROM dossier ORDER BY received_at DESC, id DESC LIMIT ?1",
            params![limit as i64],
            without_components,
        )?;
        for dossier in &mut dossiers {
            dossier.components = self.components_of(dossier.id)?;
        }
        Ok(dossiers)
    }
}

fn without_components(columns: &Columns<'_>) -> Result<Dossier, Error> {
    Ok(Dossier {
        id: columns.id("id", DossierId::from_uuid)?,
        provisional_number: columns.get("provisional_number")?,
        code: columns.maybe_parsed("code")?,
        procedure: columns.maybe_parsed("procedure")?,
        owner: Owner {
            id: columns.maybe_parsed("owner_id")?,
            name: columns.get("owner_name")?,
            birth_on: columns.maybe_parsed("owner_birth_on")?,
            sex: columns.get("owner_sex")?,
            address: columns.get("owner_address")?,
        },
        received_at: columns.instant("received_at")?,
        received_by: columns.id("received_by", OfficerId::from_uuid)?,
        components: Vec::new(),
    })
}

impl Writer<'_> {
    /// Puts other words in the place of what was entered of the owner.
    pub fn set_owner(&self, id: DossierId, owner: &Owner) -> Result<(), Error> {
        self.change(
            "dossier",
            &id,
            "UPDATE dossier SET owner_id = ?2, owner_name = ?3, owner_birth_on = ?4,
                 owner_sex = ?5, owner_address = ?6 WHERE id = ?1",
            params![
                key!(id),
                owner.id.as_ref().map(ToString::to_string),
                owner.name,
                owner.birth_on.as_ref().map(ToString::to_string),
                owner.sex,
                owner.address,
            ],
        )
    }

    /// Stores a dossier and its components.
    pub fn insert_dossier(&self, dossier: &Dossier) -> Result<(), Error> {
        self.insert(
            "dossier",
            "INSERT INTO dossier (id, provisional_number, code, procedure, owner_id, owner_name,
                 received_at, received_by, owner_birth_on, owner_sex, owner_address)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                key!(dossier.id),
                dossier.provisional_number,
                dossier.code.as_ref().map(ToString::to_string),
                dossier.procedure.as_ref().map(ToString::to_string),
                dossier.owner.id.as_ref().map(ToString::to_string),
                dossier.owner.name,
                instant(dossier.received_at),
                key!(dossier.received_by),
                dossier.owner.birth_on.as_ref().map(ToString::to_string),
                dossier.owner.sex,
                dossier.owner.address,
            ],
        )?;
        for (position, component) in dossier.components.iter().enumerate() {
            self.insert_component(dossier.id, position, component)?;
        }
        Ok(())
    }
}
