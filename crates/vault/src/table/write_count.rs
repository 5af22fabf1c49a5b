//! How many writes there were, and how many were lost: see `acknowledged.rs`.

use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::error::Error;

const TABLE: &str = "write count";

pub(crate) const V1: &str = "
CREATE TABLE write_count (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    count INTEGER NOT NULL
) STRICT;
INSERT INTO write_count VALUES (1, 0);
CREATE TABLE lost_write (
    sequence     INTEGER PRIMARY KEY,
    acknowledged INTEGER NOT NULL,
    found        INTEGER NOT NULL CHECK (found < acknowledged)
) STRICT;
CREATE TRIGGER lost_write_stays BEFORE DELETE ON lost_write
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER lost_write_never_changes BEFORE UPDATE ON lost_write
BEGIN SELECT RAISE(ABORT, 'what was lost stays so'); END;";

impl Reader<'_> {
    pub(crate) fn write_count(&self) -> Result<u64, Error> {
        let count = self.one(
            TABLE,
            "SELECT count FROM write_count WHERE id = 1",
            [],
            |columns| columns.get::<i64>("count"),
        )?;
        Ok(count.unwrap_or(0) as u64)
    }

    /// How many acknowledged writes were ever found missing.
    pub fn lost_writes(&self) -> Result<u64, Error> {
        let lost = self.one(
            TABLE,
            "SELECT coalesce(sum(acknowledged - found), 0) AS lost FROM lost_write",
            [],
            |columns| columns.get::<i64>("lost"),
        )?;
        Ok(lost.unwrap_or(0) as u64)
    }
}

impl Writer<'_> {
    /// One write more.
    pub(crate) fn count_write(&self) -> Result<u64, Error> {
        self.execute("UPDATE write_count SET count = count + 1 WHERE id = 1", [])?;
        self.write_count()
    }

    /// So many were acknowledged and fewer are there: that stays known.
    pub(crate) fn note_lost_writes(&self, acknowledged: u64, found: u64) -> Result<(), Error> {
        self.insert(
            "lost write",
            "INSERT INTO lost_write VALUES (NULL, ?1, ?2)",
            params![acknowledged as i64, found as i64],
        )?;
        self.execute(
            "UPDATE write_count SET count = ?1 WHERE id = 1",
            params![acknowledged as i64],
        )?;
        Ok(())
    }
}
