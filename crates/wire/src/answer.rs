//! What a centre answers.

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use serde::{Deserialize, Serialize};

/// How far the centre has followed a station's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The epoch.
    pub epoch: u16,
    /// The last place in it; 0 when there is none yet.
    pub sequence: u64,
    /// The digest of the envelope there; zeros when there is none.
    pub head: Digest,
}

/// `GET /v1/state`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The newest version of messages that the centre reads.
    pub wire_version: u32,
    /// The centre's clock.
    pub now: DateTime<Utc>,
    /// How far it has followed this station.
    pub accepted: Accepted,
    /// How it wants to be spoken to.
    pub policy: Policy,
}

/// How a centre wants to be spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The longest part of a file.
    pub part_limit_bytes: u32,
    /// The longest envelope.
    pub envelope_limit_bytes: u32,
}

/// `POST /v1/records` and `GET /v1/records/{envelope}`: how a record stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Progress {
    /// The centre knows of it, and these files are missing.
    Waiting {
        /// What is missing.
        missing: Vec<Missing>,
    },
    /// All of it lies there.
    Received {
        /// The signed receipt.
        #[serde(with = "crate::base64_text")]
        receipt: Vec<u8>,
    },
    /// The centre keeps it, and a person there must look before it counts.
    Parked {
        /// Why.
        reason: ProblemCode,
    },
}

/// A file of which bytes are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// SHA-256 of the bytes that travel.
    pub sealed_sha256: Digest,
    /// How many, from the first on, lie there.
    pub have_bytes: u64,
}

/// `PUT /v1/files/{sealed}?offset=`: how much of a file lies there now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartStored {
    /// From the first byte on.
    pub have_bytes: u64,
}

/// Why a centre did not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The request has not the shape of one.
    Malformed,
    /// Longer than the centre takes.
    TooLarge,
    /// The message is of a version that this centre does not know.
    VersionUnknown,
    /// The signature of the message does not hold for this station.
    SignatureWrong,
    /// The connection bears no certificate of a station.
    NotAStation,
    /// The station was shut out.
    Revoked,
    /// Two envelopes for one place of the log: the station was cloned.
    Forked,
    /// The station's log has gone on in a later epoch, on another disk.
    Superseded,
    /// Envelopes before this one are missing; `accepted` says where the centre stands.
    OutOfOrder,
    /// Another content came before under the same document and version.
    Conflict,
    /// The bytes do not have the digest that they should have.
    DigestWrong,
    /// The part does not begin where the bytes that lie there end.
    OffsetWrong,
    /// No record of this station names that.
    Unknown,
    /// The station has used up what it may store.
    OverQuota,
    /// The invitation is used, expired or was never given.
    InvitationInvalid,
    /// Too much at once; ask again after `retry_after_s`.
    Busy,
    /// The centre has a fault of its own; ask again.
    Internal,
    /// A word that this program does not know yet.
    #[serde(other)]
    Other,
}

impl ProblemCode {
    /// Every code but [`Self::Other`].
    pub const ALL: [Self; 17] = [
        Self::Malformed,
        Self::TooLarge,
        Self::VersionUnknown,
        Self::SignatureWrong,
        Self::NotAStation,
        Self::Revoked,
        Self::Forked,
        Self::Superseded,
        Self::OutOfOrder,
        Self::Conflict,
        Self::DigestWrong,
        Self::OffsetWrong,
        Self::Unknown,
        Self::OverQuota,
        Self::InvitationInvalid,
        Self::Busy,
        Self::Internal,
    ];

    /// The stable name in stores and over the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::TooLarge => "too_large",
            Self::VersionUnknown => "version_unknown",
            Self::SignatureWrong => "signature_wrong",
            Self::NotAStation => "not_a_station",
            Self::Revoked => "revoked",
            Self::Forked => "forked",
            Self::Superseded => "superseded",
            Self::OutOfOrder => "out_of_order",
            Self::Conflict => "conflict",
            Self::DigestWrong => "digest_wrong",
            Self::OffsetWrong => "offset_wrong",
            Self::Unknown => "unknown",
            Self::OverQuota => "over_quota",
            Self::InvitationInvalid => "invitation_invalid",
            Self::Busy => "busy",
            Self::Internal => "internal",
            Self::Other => "other",
        }
    }

    /// The code of that name.
    pub fn from_name(name: &str) -> Self {
        let found = Self::ALL.into_iter().find(|code| code.name() == name);
        found.unwrap_or(Self::Other)
    }
}

/// A refusal, as `application/problem+json` (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Why.
    pub code: ProblemCode,
    /// When to ask again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
    /// Where the centre stands in the station's log, where that is the trouble.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Accepted>,
    /// How much of a file lies there, where that is the trouble.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub have_bytes: Option<u64>,
}

impl From<ProblemCode> for Problem {
    fn from(code: ProblemCode) -> Self {
        Self {
            code,
            retry_after_s: None,
            accepted: None,
            have_bytes: None,
        }
    }
}
