//! Files that were taken in from a watched folder, known by their bytes: what was
//! begun and not finished is gone on with, and nothing is taken twice.

use chrono::{DateTime, NaiveDate, Utc};
use domain::digest::Digest;
use domain::ids::{DocumentId, DossierId};
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::{instant, key};
use crate::error::Error;

const TABLE: &str = "taken_file";

// The same paper may be handed in for another dossier, hence the pair.
pub(crate) const V1: &str = "
CREATE TABLE taken_file (
    digest      TEXT NOT NULL,
    dossier_id  BLOB NOT NULL REFERENCES dossier (id),
    document_id BLOB NOT NULL REFERENCES document (id),
    waiting_on  TEXT,
    begun_at    TEXT NOT NULL,
    finished_at TEXT,
    PRIMARY KEY (digest, dossier_id)
) STRICT;
CREATE INDEX taken_file_waiting ON taken_file (waiting_on);";

/// A file that was taken in, or is being taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenFile {
    /// Of its bytes.
    pub digest: Digest,
    /// The dossier it went to.
    pub dossier_id: DossierId,
    /// The document its pages went to.
    pub document_id: DocumentId,
    /// The day whose waiting dossier it went to, when nothing said which dossier.
    pub waiting_on: Option<NaiveDate>,
    /// Whether all of its pages are stored.
    pub finished: bool,
}

impl Reader<'_> {
    /// What became of a file in a dossier.
    pub fn taken_file(
        &self,
        digest: Digest,
        dossier_id: DossierId,
    ) -> Result<Option<TakenFile>, Error> {
        self.one(
            TABLE,
            "SELECT * FROM taken_file WHERE digest = ?1 AND dossier_id = ?2",
            params![digest.to_string(), key!(dossier_id)],
            |columns| {
                Ok(TakenFile {
                    digest,
                    dossier_id,
                    document_id: columns.id("document_id", DocumentId::from_uuid)?,
                    waiting_on: columns.maybe_parsed("waiting_on")?,
                    finished: columns.get::<Option<String>>("finished_at")?.is_some(),
                })
            },
        )
    }

    /// The dossier where the files of a day wait that name no dossier.
    pub fn waiting_dossier(&self, day: NaiveDate) -> Result<Option<DossierId>, Error> {
        self.one(
            TABLE,
            "SELECT dossier_id FROM taken_file WHERE waiting_on = ?1 ORDER BY begun_at LIMIT 1",
            params![day.to_string()],
            |columns| columns.id("dossier_id", DossierId::from_uuid),
        )
    }
}

impl Writer<'_> {
    /// Notes that a file is being taken in.
    pub fn begin_taken_file(&self, file: &TakenFile, at: DateTime<Utc>) -> Result<(), Error> {
        self.insert(
            TABLE,
            "INSERT INTO taken_file VALUES (?1, ?2, ?3, ?4, ?5, NULL)",
            params![
                file.digest.to_string(),
                key!(file.dossier_id),
                key!(file.document_id),
                file.waiting_on.map(|day| day.to_string()),
                instant(at),
            ],
        )
    }

    /// Notes that all pages of a file are stored.
    pub fn finish_taken_file(&self, file: &TakenFile, at: DateTime<Utc>) -> Result<(), Error> {
        self.change(
            TABLE,
            &file.digest,
            "UPDATE taken_file SET finished_at = ?3 WHERE digest = ?1 AND dossier_id = ?2",
            params![file.digest.to_string(), key!(file.dossier_id), instant(at)],
        )
    }
}
