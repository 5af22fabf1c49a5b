//! Counters: they move inside the transaction that stores what they name, so
//! nothing is ever named twice.

use chrono::{Datelike as _, NaiveDate};
use domain::local_code::{LocalCode, Station};
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::error::Error;

const TABLE: &str = "counter";

pub(crate) const V1: &str = "
CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    last INTEGER NOT NULL CHECK (last >= 0)
) STRICT;
CREATE TRIGGER counter_grows BEFORE UPDATE ON counter WHEN new.last < old.last
BEGIN SELECT RAISE(ABORT, 'a counter never goes back'); END;
CREATE TRIGGER counter_stays BEFORE DELETE ON counter
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;";

/// Per epoch: the counter starts anew when the station is enrolled or brought back.
pub(crate) fn counter_of(station: Station) -> String {
    format!("local_code {} {}", station.number, station.epoch)
}

impl Reader<'_> {
    pub(crate) fn last_of(&self, name: &str) -> Result<u32, Error> {
        let last = self.one(
            TABLE,
            "SELECT last FROM counter WHERE name = ?1",
            params![name],
            |columns| columns.get("last"),
        )?;
        Ok(last.unwrap_or(0))
    }
}

impl Writer<'_> {
    /// The next local code of this station. Codes of a transaction that is given
    /// up are skipped, not given again.
    pub fn next_local_code(&self) -> Result<LocalCode, Error> {
        let station = self.office()?.station;
        let name = counter_of(station);
        let counter = self.given().after(self.last_of(&name)?);
        let code = LocalCode::new(station, counter).map_err(|_| Error::LocalCodesUsedUp)?;
        self.set_last(&name, counter)?;
        Ok(code)
    }

    /// The next dossier number of a day, `03-0142`: day of the month and ordinal.
    pub fn next_provisional_number(&self, today: NaiveDate) -> Result<String, Error> {
        let name = format!("provisional_number {today}");
        let ordinal = self.last_of(&name)? + 1;
        self.set_last(&name, ordinal)?;
        Ok(format!("{:02}-{ordinal:04}", today.day()))
    }

    pub(crate) fn set_last(&self, name: &str, last: u32) -> Result<(), Error> {
        self.execute(
            "INSERT INTO counter VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET last = excluded.last",
            params![name, last],
        )
        .map(|_| ())
    }
}
