//! Stations: invited, enrolled, shut out.

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use tokio_postgres::Row;
use uuid::Uuid;
use wire::enrolment::{Enrolled, invitation_digest};
use wire::{Accepted, Enrolment, LogPlace, Policy, Problem, ProblemCode, State, Ticket};

use crate::Centre;
use crate::database::Prepared as _;
use crate::error::Error;
use crate::reach::{Reach, Within};

/// What a station may store until somebody gives it more: 500 GiB.
const QUOTA_BYTES: i64 = 500 << 30;
/// Numbers below are given by the centre, those above are drawn by desks.
const GIVEN_BELOW: i32 = 1 << 23;

/// A station as its row says.
pub(crate) struct Station {
    pub(crate) number: i32,
    pub(crate) key: [u8; 32],
    pub(crate) accepted: Accepted,
    pub(crate) room_bytes: i64,
}

impl Station {
    const COLUMNS: &str = "number, key, standing, epoch, sequence, head, quota_bytes - used_bytes";

    /// The station, if it may speak. `lock` holds its log still for this within.
    pub(crate) async fn of(within: &Within, number: u32, lock: bool) -> Result<Self, Error> {
        let lock = if lock { "FOR UPDATE" } else { "" };
        let row = within
            .maybe(
                &format!(
                    "SELECT {} FROM station WHERE number = $1 {lock}",
                    Self::COLUMNS
                ),
                &[&(number as i32)],
            )
            .await?;
        let row = row.ok_or(Error::from(ProblemCode::NotAStation))?;
        match row.get("standing") {
            "active" => Self::from_row(&row),
            "forked" => Err(ProblemCode::Forked.into()),
            _ => Err(ProblemCode::Revoked.into()),
        }
    }

    fn from_row(row: &Row) -> Result<Self, Error> {
        let bytes = |column: &str| -> Result<[u8; 32], Error> {
            let bytes: &[u8] = row.get(column);
            bytes.try_into().map_err(|_| Error::Damaged("station"))
        };
        Ok(Self {
            number: row.get("number"),
            key: bytes("key")?,
            accepted: Accepted {
                epoch: row.get::<_, i32>("epoch") as u16,
                sequence: row.get::<_, i64>("sequence") as u64,
                head: Digest::from_bytes(bytes("head")?),
            },
            room_bytes: row.get(6),
        })
    }

    /// What tells the station where the centre stands.
    pub(crate) fn problem(&self, code: ProblemCode) -> Error {
        Error::Refused(Problem {
            accepted: Some(self.accepted),
            ..code.into()
        })
    }
}

impl Centre {
    /// Makes an invitation for one station of an office.
    pub async fn invite(&self, office: &str, days: u32, url: &str) -> Result<Ticket, Error> {
        let mut word = [0; 32];
        getrandom::fill(&mut word).map_err(|_| Error::Keys("no randomness".to_owned()))?;
        let word = Digest::from_bytes(word).to_string();
        let within = self.database.within(Reach::Steward).await?;
        within
            .done(
                "INSERT INTO invitation (digest, office, expires_at)
                 VALUES ($1, $2, now() + make_interval(days => $3))",
                &[
                    &invitation_digest(&word).as_bytes().as_slice(),
                    &office,
                    &(days as i32),
                ],
            )
            .await?;
        within.commit().await?;
        Ok(Ticket {
            url: url.to_owned(),
            authority: self.keys.authority_pem()?,
            receipt_key: self.keys.receipt_key(),
            recipient: self.keys.recipient(),
            invitation: word,
        })
    }

    /// Lets a desk in as a station, once for each invitation. The same desk that asks again
    /// with the same invitation, because the answer was lost, gets the same answer.
    pub(crate) async fn enrol(&self, enrolment: &Enrolment) -> Result<Enrolled, Error> {
        if enrolment.wire_version > wire::VERSION {
            return Err(ProblemCode::VersionUnknown.into());
        }
        if !enrolment.is_signed() || enrolment.station >= 1 << 24 {
            return Err(ProblemCode::SignatureWrong.into());
        }
        let digest = invitation_digest(&enrolment.invitation);
        let within = self.database.within(Reach::Enrolment(&digest)).await?;
        let digest = digest.as_bytes().as_slice();
        let key = enrolment.key.as_bytes().as_slice();
        let invitation = within
            .maybe(
                "SELECT office, expires_at > now() AS open, station FROM invitation
                 WHERE digest = $1 FOR UPDATE",
                &[&digest],
            )
            .await?;
        let invitation = invitation.ok_or(Error::from(ProblemCode::InvitationInvalid))?;
        if let Some(number) = invitation.get::<_, Option<i32>>("station") {
            let same = within
                .maybe(
                    "SELECT certificate FROM station WHERE number = $1 AND key = $2",
                    &[&number, &key],
                )
                .await?;
            let same = same.ok_or(Error::from(ProblemCode::InvitationInvalid))?;
            return Ok(Enrolled {
                station: number as u32,
                certificate: same.get("certificate"),
            });
        }
        if !invitation.get::<_, bool>("open")
            || invitation.get::<_, &str>("office") != enrolment.office
        {
            return Err(ProblemCode::InvitationInvalid.into());
        }
        let again = within
            .maybe(
                "SELECT number FROM station
                 WHERE key = $1 AND office = $2 AND standing = 'active'",
                &[&key, &enrolment.office],
            )
            .await?;
        // A station that comes with another invitation renews its certificate.
        let number = match &again {
            Some(row) => row.get("number"),
            None => free_number(&within, enrolment.station as i32).await?,
        };
        let certificate = self
            .keys
            .station_certificate(number as u32, &enrolment.certificate_request)
            .map_err(|_| Error::from(ProblemCode::Malformed))?;
        if again.is_some() {
            within
                .done(
                    "UPDATE station SET certificate = $2 WHERE number = $1",
                    &[&number, &certificate],
                )
                .await?;
        } else {
            within
                .done(
                    "INSERT INTO station
                        (number, office, key, certificate, epoch, head, quota_bytes)
                     VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    &[
                        &number,
                        &enrolment.office,
                        &key,
                        &certificate,
                        &i32::from(enrolment.epoch),
                        &LogPlace::BEGINNING.as_bytes().as_slice(),
                        &QUOTA_BYTES,
                    ],
                )
                .await
                // A key that another office's station has, or one that was shut out; or
                // somebody took the number just now, and the next try draws another.
                .map_err(|error| match error {
                    Error::Unstorable(_) => ProblemCode::Forked.into(),
                    other => other,
                })?;
        }
        within
            .done(
                "UPDATE invitation SET station = $2, used_at = now() WHERE digest = $1",
                &[&digest, &number],
            )
            .await?;
        within.commit().await?;
        tracing::info!(station = number, "a station was enrolled");
        Ok(Enrolled {
            station: number as u32,
            certificate,
        })
    }

    pub(crate) async fn state_of(&self, number: u32) -> Result<State, Error> {
        let within = self.database.within(Reach::Station(number as i32)).await?;
        let station = Station::of(&within, number, false).await?;
        let row = within
            .one(
                "UPDATE station SET seen_at = now() WHERE number = $1 RETURNING seen_at",
                &[&station.number],
            )
            .await?;
        within.commit().await?;
        Ok(State {
            wire_version: wire::VERSION,
            now: row.get::<_, DateTime<Utc>>(0),
            accepted: station.accepted,
            policy: Policy {
                part_limit_bytes: wire::PART_LIMIT_BYTES as u32,
                envelope_limit_bytes: wire::ENVELOPE_LIMIT_BYTES as u32,
            },
        })
    }

    /// Shuts a station out. What it sent stays.
    pub async fn revoke(&self, number: u32) -> Result<bool, Error> {
        self.set_standing(number, "revoked").await
    }

    /// Lets a station in again: a person has found out which of two clones is the right one,
    /// and the other is no more.
    pub async fn release(&self, number: u32) -> Result<bool, Error> {
        self.set_standing(number, "active").await
    }

    async fn set_standing(&self, number: u32, standing: &str) -> Result<bool, Error> {
        let within = self.database.within(Reach::Steward).await?;
        let changed = within
            .done(
                "UPDATE station SET standing = $2 WHERE number = $1",
                &[&(number as i32), &standing],
            )
            .await?;
        within.commit().await?;
        Ok(changed > 0)
    }
}

/// The number that a desk has drawn, unless another station has it.
async fn free_number(within: &Within, drawn: i32) -> Result<i32, Error> {
    let mut number = drawn;
    for _ in 0..64 {
        let taken = within
            .maybe("SELECT 1 FROM station WHERE number = $1", &[&number])
            .await?;
        if taken.is_none() {
            return Ok(number);
        }
        number = (Uuid::new_v4().as_u128() as u32 % GIVEN_BELOW as u32) as i32;
    }
    Err(Error::Damaged("station"))
}
