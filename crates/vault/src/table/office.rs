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

const TABLE: &str = "office";

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
    /// The station counts its codes anew, in a next epoch.
    pub(crate) fn begin_epoch(&self) -> Result<(), Error> {
        let station = self.office()?.station;
        let next = Station {
            epoch: station.epoch + 1,
            ..station
        };
        // Codes have room for so many epochs only.
        LocalCode::new(next, 1).map_err(|_| Error::LocalCodesUsedUp)?;
        self.execute("UPDATE office SET station_epoch = ?1", params![next.epoch])?;
        Ok(())
    }

    pub(crate) fn insert_office(
        &self,
        office: &Office,
        keys: &StationKeys,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        self.insert(
            "office",
            "INSERT INTO office VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
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
