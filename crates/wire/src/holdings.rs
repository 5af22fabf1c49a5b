//! What a desk asks before it scans: whether the centre has the owner's paper already.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use domain::ids::{DocumentId, DossierId};
use domain::local_code::LocalCode;
use serde::{Deserialize, Serialize};

use crate::submission::{Code, Field, Officer};

/// Who asks, and in whose dossier: the centre keeps that with what it showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnBehalf {
    /// The dossier in hand.
    pub dossier: DossierId,
    /// The officer.
    pub officer: Officer,
}

/// `POST /v1/holdings`: which papers of a person are there.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskHoldings {
    /// The version of this shape.
    pub wire_version: u32,
    /// The personal number or tax code.
    pub owner_id: String,
    /// Who asks.
    pub on_behalf: OnBehalf,
}

/// The papers, the newest in front.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holdings {
    /// The papers.
    pub papers: Vec<Holding>,
}

/// A paper that lies at the centre, in its newest version.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// The document.
    pub document_id: DocumentId,
    /// The version of its record.
    pub version: u32,
    /// What the desk that digitised it called it.
    pub local_code: LocalCode,
    /// Its type.
    pub document_type: String,
    /// Its code, with the text that stands.
    pub code: Code,
    /// What tells it from others: number, dates, issuer, title.
    pub fields: Vec<Field>,
    /// Since when it lies there.
    pub received_at: DateTime<Utc>,
    /// SHA-256 of its electronic copy.
    pub copy_sha256: Digest,
    /// Length of that.
    pub copy_size_bytes: u64,
}

/// `POST /v1/holdings/copy`: the electronic copy of one of them, whose bytes are the answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskCopy {
    /// The version of this shape.
    pub wire_version: u32,
    /// The owner for whom it was listed.
    pub owner_id: String,
    /// The document.
    pub document_id: DocumentId,
    /// The version of its record.
    pub version: u32,
    /// Who asks.
    pub on_behalf: OnBehalf,
}

macro_rules! says_nothing {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}
says_nothing!(AskHoldings, AskCopy, Holding);
