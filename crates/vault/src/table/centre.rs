//! The centre that this station belongs to, and how it was last spoken to: one row each.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use rusqlite::params;
use zeroize::Zeroizing;

use crate::access::{Reader, Writer};
use crate::column::{Columns, instant};
use crate::error::Error;

const TABLE: &str = "centre";
const ASKED: &str = "asked_centre";

// The private key stands in the encrypted database and nowhere else: a stolen disk is no
// station.
pub(crate) const V1: &str = "
CREATE TABLE centre (
    only_row            INTEGER PRIMARY KEY CHECK (only_row = 1),
    url                 TEXT NOT NULL,
    authority           TEXT NOT NULL,
    receipt_key         BLOB NOT NULL CHECK (length(receipt_key) = 32),
    recipient           TEXT NOT NULL,
    invitation          TEXT NOT NULL,
    connection_key      TEXT NOT NULL,
    certificate_request TEXT NOT NULL,
    -- None until the centre has answered.
    certificate         TEXT
) STRICT;
CREATE TABLE contact (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    tried_at TEXT NOT NULL,
    -- When the centre last answered, and by how much this clock was ahead of its own.
    spoke_at TEXT,
    skew_s   INTEGER,
    -- Why not everything could be sent.
    stop     TEXT
) STRICT;";

// A centre that was asked and has not answered stands beside the one that this station belongs
// to: whoever mistypes a ticket must not lose the centre to which everything goes.
pub(crate) const V2: &str = "
CREATE TABLE asked_centre (
    only_row            INTEGER PRIMARY KEY CHECK (only_row = 1),
    url                 TEXT NOT NULL,
    authority           TEXT NOT NULL,
    receipt_key         BLOB NOT NULL CHECK (length(receipt_key) = 32),
    recipient           TEXT NOT NULL,
    invitation          TEXT NOT NULL,
    connection_key      TEXT NOT NULL,
    certificate_request TEXT NOT NULL
) STRICT;
INSERT INTO asked_centre SELECT only_row, url, authority, receipt_key, recipient, invitation,
    connection_key, certificate_request FROM centre WHERE certificate IS NULL;
DELETE FROM centre WHERE certificate IS NULL;";

/// A centre, as a ticket described it, and what this station asks it with.
#[derive(Clone, PartialEq, Eq)]
pub struct AskedCentre {
    /// `https://host:port`.
    pub url: String,
    /// The certificate of its authority, as PEM.
    pub authority: String,
    /// The Ed25519 key that signs its receipts.
    pub receipt_key: Digest,
    /// For whom files are sealed that go there.
    pub recipient: String,
    /// The word that lets this station in.
    pub invitation: String,
    /// The private key of the station's connections, as PEM.
    pub connection_key: Zeroizing<String>,
    /// The request for its certificate, as PEM.
    pub certificate_request: String,
}

impl fmt::Debug for AskedCentre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AskedCentre").finish_non_exhaustive()
    }
}

/// The centre that this station belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCentre {
    /// The centre.
    pub centre: AskedCentre,
    /// The station's certificate, as PEM.
    pub certificate: String,
}

/// How the centre was last spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// When this desk last tried.
    pub tried_at: DateTime<Utc>,
    /// When the centre last answered.
    pub spoke_at: Option<DateTime<Utc>>,
    /// By how many seconds this clock was then ahead of the centre's.
    pub skew_s: Option<i64>,
    /// The name of what stopped the last try.
    pub stop: Option<String>,
}

impl Reader<'_> {
    /// The centre that let this station in.
    pub fn known_centre(&self) -> Result<Option<KnownCentre>, Error> {
        self.one(TABLE, "SELECT * FROM centre", [], |columns| {
            Ok(KnownCentre {
                centre: centre(columns)?,
                certificate: columns.get("certificate")?,
            })
        })
    }

    /// Whether a centre has let this station in.
    pub fn has_centre(&self) -> Result<bool, Error> {
        let row = self.one(TABLE, "SELECT 1 FROM centre", [], |_| Ok(()))?;
        Ok(row.is_some())
    }

    /// The centre that was asked to let this station in and has not answered.
    pub fn asked_centre(&self) -> Result<Option<AskedCentre>, Error> {
        self.one(ASKED, "SELECT * FROM asked_centre", [], centre)
    }

    /// How the centre was last spoken to; nothing before the first try.
    pub fn contact(&self) -> Result<Option<Contact>, Error> {
        self.one("contact", "SELECT * FROM contact", [], |columns| {
            Ok(Contact {
                tried_at: columns.instant("tried_at")?,
                spoke_at: columns.maybe_instant("spoke_at")?,
                skew_s: columns.get("skew_s")?,
                stop: columns.get("stop")?,
            })
        })
    }
}

fn centre(columns: &Columns<'_>) -> Result<AskedCentre, Error> {
    Ok(AskedCentre {
        url: columns.get("url")?,
        authority: columns.get("authority")?,
        receipt_key: columns.digest("receipt_key")?,
        recipient: columns.get("recipient")?,
        invitation: columns.get("invitation")?,
        connection_key: Zeroizing::new(columns.get("connection_key")?),
        certificate_request: columns.get("certificate_request")?,
    })
}

impl Writer<'_> {
    /// Keeps what a ticket said, instead of what an earlier one did that was not answered.
    pub fn ask_centre(&self, centre: &AskedCentre) -> Result<(), Error> {
        self.execute(
            "INSERT OR REPLACE INTO asked_centre VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                centre.url,
                centre.authority,
                centre.receipt_key.as_bytes(),
                centre.recipient,
                centre.invitation,
                *centre.connection_key,
                centre.certificate_request,
            ],
        )
        .map(|_| ())
    }

    /// The centre that was asked has let this station in, under this number. Another centre
    /// than before knows nothing of what the station has said: it gets a log of its own, and
    /// what the one before would not take.
    pub fn join_centre(&self, known: &KnownCentre, number: u32) -> Result<(), Error> {
        let before = self.known_centre()?;
        let centre = &known.centre;
        self.execute(
            "INSERT OR REPLACE INTO centre VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                centre.url,
                centre.authority,
                centre.receipt_key.as_bytes(),
                centre.recipient,
                centre.invitation,
                *centre.connection_key,
                centre.certificate_request,
                known.certificate,
            ],
        )?;
        self.execute("DELETE FROM asked_centre", [])?;
        self.set_station_number(number)?;
        if before.is_some_and(|before| before.centre.receipt_key != centre.receipt_key) {
            self.begin_epoch()?;
            self.unpark()?;
        }
        Ok(())
    }

    /// Keeps how the centre was spoken to. What it did not say this time stays as it was.
    pub fn keep_contact(&self, contact: &Contact) -> Result<(), Error> {
        self.execute(
            "INSERT INTO contact VALUES (1, ?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET tried_at = excluded.tried_at,
                spoke_at = coalesce(excluded.spoke_at, spoke_at),
                skew_s = coalesce(excluded.skew_s, skew_s), stop = excluded.stop",
            params![
                instant(contact.tried_at),
                contact.spoke_at.map(instant),
                contact.skew_s,
                contact.stop,
            ],
        )
        .map(|_| ())
    }
}
