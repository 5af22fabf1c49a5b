//! The office, its station, and the station's key for sealed files: one row.

use age::secrecy::{ExposeSecret as _, SecretString};
use age::x25519::{Identity, Recipient};
use chrono::{DateTime, Utc};
use domain::local_code::{LocalCode, Station};
use domain::office::Office;
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::instant;
use crate::error::{DamagedPart, Error};
use crate::table::counter::counter_of;

const TABLE: &str = "office";
/// A next epoch is one of so many: enough to tell two apart, and few enough that a station
/// can be brought back some sixty times.
const EPOCHS_DRAWN_FROM: u64 = 32;
/// An epoch that chance has drawn counts from below this, and has as many codes above it.
const COUNTERS_DRAWN_FROM: u32 = 1 << 29;

pub(crate) const V1: &str = "
CREATE TABLE office (
    only_row           INTEGER PRIMARY KEY CHECK (only_row = 1),
    code               TEXT NOT NULL,
    station_number     INTEGER NOT NULL,
    station_epoch      INTEGER NOT NULL,
    -- The private key that opens sealed files. It stands nowhere else.
    sealing_identity   TEXT NOT NULL,
    -- Here and not in the key file, where somebody could swap it for his own.
    recovery_recipient TEXT NOT NULL,
    created_at         TEXT NOT NULL
) STRICT;";

// A centre gives another number where two desks have drawn the same one. The trail goes on
// under the drawn one: its signed heads name it.
pub(crate) const V2: &str = "ALTER TABLE office ADD COLUMN drawn_number INTEGER;";

/// The keys for whom files are sealed.
pub(crate) struct StationKeys {
    pub(crate) station: Identity,
    pub(crate) recovery: Recipient,
}

impl StationKeys {
    pub(crate) fn new(recovery: Recipient) -> Self {
        Self {
            station: Identity::generate(),
            recovery,
        }
    }
}

impl Reader<'_> {
    /// The office and its station.
    pub fn office(&self) -> Result<Office, Error> {
        let office = self.one(TABLE, "SELECT * FROM office", [], |columns| {
            Ok(Office {
                code: columns.parsed("code")?,
                station: Station {
                    number: columns.get("station_number")?,
                    epoch: columns.get("station_epoch")?,
                },
            })
        })?;
        office.ok_or(Error::Damaged(DamagedPart::Database))
    }

    /// The station as its audit trail names it.
    pub(crate) fn station_of_trail(&self) -> Result<Station, Error> {
        let number = self.one(
            TABLE,
            "SELECT coalesce(drawn_number, station_number) AS number FROM office",
            [],
            |columns| columns.get("number"),
        )?;
        Ok(Station {
            number: number.ok_or(Error::Damaged(DamagedPart::Database))?,
            ..self.office()?.station
        })
    }

    /// For whom is sealed what this station alone is to read (an age recipient).
    pub fn station_recipient(&self) -> Result<String, Error> {
        Ok(self.station_keys()?.station.to_public().to_string())
    }

    pub(crate) fn station_keys(&self) -> Result<StationKeys, Error> {
        let keys = self.one(TABLE, "SELECT * FROM office", [], |columns| {
            let identity = SecretString::from(columns.get::<String>("sealing_identity")?);
            Ok(StationKeys {
                station: identity
                    .expose_secret()
                    .parse()
                    .map_err(|_| columns.damaged("sealing_identity"))?,
                recovery: columns.parsed("recovery_recipient")?,
            })
        })?;
        keys.ok_or(Error::Damaged(DamagedPart::Database))
    }
}

impl Writer<'_> {
    /// The station counts its codes anew, in another epoch and from another number on.
    ///
    /// Chance draws both: one copy may be brought back twice, side by side or one after
    /// the other, and neither vault knows of the other.
    pub(crate) fn begin_epoch(&self) -> Result<(), Error> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|_| Error::NoRandomness)?;
        let random = u64::from_le_bytes(random);
        let station = self.office()?.station;
        let next = Station {
            epoch: station.epoch + 1 + (random % EPOCHS_DRAWN_FROM) as u16,
            ..station
        };
        let counted = (random >> 32) as u32 % COUNTERS_DRAWN_FROM;
        // Codes have room for so many epochs only.
        LocalCode::new(next, counted + 1).map_err(|_| Error::LocalCodesUsedUp)?;
        self.execute("UPDATE office SET station_epoch = ?1", params![next.epoch])?;
        self.set_last(&counter_of(next), counted)
    }

    /// The number that a centre gave, instead of the one that was drawn. Codes given so far
    /// keep theirs.
    pub(crate) fn set_station_number(&self, number: u32) -> Result<(), Error> {
        self.execute(
            "UPDATE office SET drawn_number = coalesce(drawn_number, station_number),
                station_number = ?1 WHERE station_number <> ?1",
            params![number],
        )
        .map(|_| ())
    }

    pub(crate) fn insert_office(
        &self,
        office: &Office,
        keys: &StationKeys,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        self.insert(
            "office",
            "INSERT INTO office VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, NULL)",
            params![
                office.code.as_str(),
                office.station.number,
                office.station.epoch,
                keys.station.to_string().expose_secret(),
                keys.recovery.to_string(),
                instant(now),
            ],
        )
    }
}
