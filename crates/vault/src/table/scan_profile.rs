//! The scan profiles of this desk, in the order of their keys.

use domain::scan_profile::{Blanks, Colour, ScanProfile, Sides, Source};
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::error::Error;

const TABLE: &str = "scan_profile";

pub(crate) const V1: &str = "
CREATE TABLE scan_profile (
    position INTEGER PRIMARY KEY CHECK (position >= 1),
    name     TEXT NOT NULL,
    device   TEXT,
    source   TEXT NOT NULL,
    sides    TEXT NOT NULL,
    dpi      INTEGER NOT NULL,
    colour   TEXT NOT NULL,
    blanks   TEXT NOT NULL
) STRICT;";

impl Reader<'_> {
    /// The profiles; none when nobody has changed those that the program brings.
    pub fn scan_profiles(&self) -> Result<Vec<ScanProfile>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM scan_profile ORDER BY position",
            [],
            |columns| {
                Ok(ScanProfile {
                    name: columns.get("name")?,
                    device: columns.get("device")?,
                    source: columns.named("source", Source::from_name)?,
                    sides: columns.named("sides", Sides::from_name)?,
                    dpi: columns.get("dpi")?,
                    colour: columns.named("colour", Colour::from_name)?,
                    blanks: columns.named("blanks", Blanks::from_name)?,
                })
            },
        )
    }
}

impl Writer<'_> {
    /// Puts these profiles in the place of all others.
    pub fn set_scan_profiles(&self, profiles: &[ScanProfile]) -> Result<(), Error> {
        self.execute("DELETE FROM scan_profile", [])?;
        for (position, profile) in (1_i64..).zip(profiles) {
            self.insert(
                TABLE,
                "INSERT INTO scan_profile VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    position,
                    profile.name,
                    profile.device,
                    profile.source.name(),
                    profile.sides.name(),
                    profile.dpi,
                    profile.colour.name(),
                    profile.blanks.name(),
                ],
            )?;
        }
        Ok(())
    }
}
