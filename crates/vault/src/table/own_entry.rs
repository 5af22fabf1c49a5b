//! What officers entered, each by himself, in fields that take two of them. Like the
//! decided values, entries go when they are taken back; the audit trail keeps that
//! they were made.

use domain::field::FieldName;
use domain::ids::{DocumentId, OfficerId};
use domain::second_person::OwnEntry;
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::{instant, key};
use crate::error::Error;

const TABLE: &str = "own_entry";

pub(crate) const V1: &str = "
CREATE TABLE own_entry (
    document_id BLOB NOT NULL REFERENCES document (id),
    field       TEXT NOT NULL,
    position    INTEGER NOT NULL CHECK (position >= 1),
    value       TEXT NOT NULL,
    entered_by  BLOB NOT NULL REFERENCES officer (id),
    entered_at  TEXT NOT NULL,
    PRIMARY KEY (document_id, field, position)
) STRICT;
CREATE TRIGGER own_entry_never_changes BEFORE UPDATE ON own_entry
BEGIN SELECT RAISE(ABORT, 'an entry never changes'); END;";

impl Reader<'_> {
    /// What officers entered for a field, oldest first.
    pub fn own_entries(&self, id: DocumentId, field: &FieldName) -> Result<Vec<OwnEntry>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM own_entry WHERE document_id = ?1 AND field = ?2 ORDER BY position",
            params![key!(id), field.as_str()],
            |columns| {
                Ok(OwnEntry {
                    value: columns.get("value")?,
                    entered_by: columns.id("entered_by", OfficerId::from_uuid)?,
                    entered_at: columns.instant("entered_at")?,
                })
            },
        )
    }
}

impl Writer<'_> {
    /// Puts these entries of a field in the place of earlier ones.
    pub fn set_own_entries(
        &self,
        id: DocumentId,
        field: &FieldName,
        entries: &[OwnEntry],
    ) -> Result<(), Error> {
        self.execute(
            "DELETE FROM own_entry WHERE document_id = ?1 AND field = ?2",
            params![key!(id), field.as_str()],
        )?;
        for (index, entry) in entries.iter().enumerate() {
            self.insert(
                "own entry",
                "INSERT INTO own_entry VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    key!(id),
                    field.as_str(),
                    index as i64 + 1,
                    entry.value,
                    key!(entry.entered_by),
                    instant(entry.entered_at),
                ],
            )?;
        }
        Ok(())
    }
}
