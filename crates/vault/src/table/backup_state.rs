//! Backups that were made, and that were tried out.

use chrono::{DateTime, Utc};
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::instant;
use crate::error::Error;

const TABLE: &str = "backup_state";

pub(crate) const V1: &str = "
CREATE TABLE backup_state (
    sequence     INTEGER PRIMARY KEY,
    what         TEXT NOT NULL CHECK (what IN ('made', 'tried')),
    folder       TEXT NOT NULL,
    happened_at  TEXT NOT NULL,
    sealed_files INTEGER NOT NULL
) STRICT;
CREATE TRIGGER backup_state_stays BEFORE DELETE ON backup_state
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;";

/// The backup that was made last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastBackup {
    /// Where it lies.
    pub folder: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Sealed files in it.
    pub sealed_files: usize,
    /// When it was last opened to see that it can be brought back.
    pub tried_at: Option<DateTime<Utc>>,
}

impl Reader<'_> {
    /// The backup that was made last, if there is any.
    pub fn last_backup(&self) -> Result<Option<LastBackup>, Error> {
        let made = self.one(
            TABLE,
            "SELECT * FROM backup_state WHERE what = 'made' ORDER BY sequence DESC LIMIT 1",
            [],
            |columns| {
                let backup = LastBackup {
                    folder: columns.get("folder")?,
                    made_at: columns.instant("happened_at")?,
                    sealed_files: columns.get::<i64>("sealed_files")? as usize,
                    tried_at: None,
                };
                Ok((columns.get::<i64>("sequence")?, backup))
            },
        )?;
        let Some((sequence, made)) = made else {
            return Ok(None);
        };
        let tried_at = self.one(
            TABLE,
            "SELECT happened_at FROM backup_state
             WHERE what = 'tried' AND sequence > ?1 AND folder = ?2
             ORDER BY sequence DESC LIMIT 1",
            params![sequence, made.folder],
            |columns| columns.instant("happened_at"),
        )?;
        Ok(Some(LastBackup { tried_at, ..made }))
    }
}

impl Writer<'_> {
    /// Notes that a backup was made there.
    pub fn note_backup(
        &self,
        folder: &str,
        sealed_files: usize,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        self.note("made", folder, sealed_files, at)
    }

    /// Notes that the backup there was tried out and can be brought back.
    pub fn note_backup_tried(
        &self,
        folder: &str,
        sealed_files: usize,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        self.note("tried", folder, sealed_files, at)
    }

    fn note(
        &self,
        what: &str,
        folder: &str,
        sealed_files: usize,
        at: DateTime<Utc>,
    ) -> Result<(), Error> {
        self.insert(
            "backup",
            "INSERT INTO backup_state VALUES (NULL, ?1, ?2, ?3, ?4)",
            params![what, folder, instant(at), sealed_files as i64],
        )
    }
}
