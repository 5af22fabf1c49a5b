//! The station's key for its audit trail, and the heads that it signed. They wait here
//! for the centre, as records do in the outbox.

use chrono::{DateTime, Utc};
use ed25519_dalek::SigningKey;
use rusqlite::params;
use zeroize::Zeroizing;

use crate::access::{Reader, Writer};
use crate::audit_chain::HeadToSign;
use crate::column::instant;
use crate::error::{DamagedPart, Error};
use crate::table::audit_event::AuditEnd;

const TABLE: &str = "audit_head";

// The secret key stands in the encrypted database and nowhere else: whoever cannot open
// the vault cannot sign for it.
pub(crate) const V1: &str = "
CREATE TABLE audit_key (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    secret   BLOB NOT NULL CHECK (length(secret) = 32)
) STRICT;
CREATE TRIGGER audit_key_stays BEFORE DELETE ON audit_key
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER audit_key_never_changes BEFORE UPDATE ON audit_key
BEGIN SELECT RAISE(ABORT, 'the key of a trail never changes'); END;
CREATE TABLE audit_head (
    position  INTEGER PRIMARY KEY CHECK (position >= 1),
    hash      BLOB NOT NULL CHECK (length(hash) = 32),
    signed_at TEXT NOT NULL,
    signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER audit_head_never_changes BEFORE UPDATE ON audit_head
BEGIN SELECT RAISE(ABORT, 'a signed head never changes'); END;";

/// A head as it stands in its row.
pub(crate) struct SignedHead {
    pub(crate) end: AuditEnd,
    pub(crate) signed_at: String,
    pub(crate) signature: Vec<u8>,
}

impl Reader<'_> {
    pub(crate) fn audit_key(&self) -> Result<SigningKey, Error> {
        let secret = self.one("audit_key", "SELECT secret FROM audit_key", [], |columns| {
            columns.get::<[u8; 32]>("secret").map(Zeroizing::new)
        })?;
        let secret = secret.ok_or(Error::Damaged(DamagedPart::Database))?;
        Ok(SigningKey::from_bytes(&secret))
    }

    pub(crate) fn audit_heads(&self) -> Result<Vec<SignedHead>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM audit_head ORDER BY position",
            [],
            |columns| {
                Ok(SignedHead {
                    end: AuditEnd {
                        position: columns.get("position")?,
                        hash: columns.get("hash")?,
                    },
                    signed_at: columns.get("signed_at")?,
                    signature: columns.get("signature")?,
                })
            },
        )
    }

    /// The ends that were signed. One whose signature does not hold names a hash that no
    /// event can have.
    pub(crate) fn signed_ends(&self) -> Result<Vec<AuditEnd>, Error> {
        let station = self.station_of_trail()?;
        let key = self.audit_key()?.verifying_key();
        let heads = self.audit_heads()?.into_iter().map(|head| {
            let signed = HeadToSign {
                station,
                position: head.end.position,
                hash: head.end.hash,
                signed_at: &head.signed_at,
            };
            let mut end = head.end;
            if !signed.is_signed(&key, &head.signature) {
                end.hash = [0xff; 32];
            }
            end
        });
        Ok(heads.collect())
    }
}

impl Writer<'_> {
    /// Makes the key, unless the vault has one.
    pub(crate) fn make_audit_key(&self) -> Result<(), Error> {
        let mut secret = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *secret).map_err(|_| Error::NoRandomness)?;
        self.execute(
            "INSERT INTO audit_key VALUES (1, ?1) ON CONFLICT DO NOTHING",
            params![*secret],
        )?;
        Ok(())
    }

    pub(crate) fn sign_head(&self, end: AuditEnd, now: DateTime<Utc>) -> Result<(), Error> {
        let signed_at = instant(now);
        let head = HeadToSign {
            station: self.station_of_trail()?,
            position: end.position,
            hash: end.hash,
            signed_at: &signed_at,
        };
        self.insert(
            "audit head",
            "INSERT INTO audit_head VALUES (?1, ?2, ?3, ?4)",
            params![
                end.position,
                end.hash,
                signed_at,
                head.sign(&self.audit_key()?)
            ],
        )
    }
}
