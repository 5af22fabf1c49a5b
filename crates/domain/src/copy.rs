//! The electronic copy (bản sao điện tử) of a document.

use chrono::{DateTime, Utc};

use crate::digest::Digest;
use crate::ids::{DocumentId, ElectronicCopyId, OfficerId};
use crate::signature::CopySignature;

/// An electronic copy: one PDF per paper, sealed in the vault.
// Circular 01/2023/TT-VPCP, art. 8(1): each type of paper on its own, signed before extraction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElectronicCopy {
    /// Its key.
    pub id: ElectronicCopyId,
    /// The document it copies.
    pub document_id: DocumentId,
    /// SHA-256 of the plain PDF.
    pub digest: Digest,
    /// SHA-256 of the sealed file, which is also its name in the vault.
    pub sealed_digest: Digest,
    /// Length of the plain PDF.
    pub size_bytes: u64,
    /// Digests of the raw pages it was made from, in order.
    pub pages: Vec<Digest>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Who digitised.
    pub digitised_by: OfficerId,
    /// The digitiser's signature, once it is on it.
    pub signature: Option<CopySignature>,
    /// It is not made from paper: it is the signed file that was handed in, as it came.
    pub born_electronic: bool,
}

impl ElectronicCopy {
    /// What is still to be put on it.
    pub fn waits_for(&self) -> Option<Awaited> {
        match &self.signature {
            // It bears the signatures of who issued it, and nobody else's.
            _ if self.born_electronic => None,
            None => Some(Awaited::Signature),
            Some(signature) if signature.timestamped_at.is_none() => Some(Awaited::Timestamp),
            Some(_) => None,
        }
    }
}

/// What an electronic copy waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Awaited {
    /// Nobody has signed it.
    Signature,
    /// It is signed, and no authority was there to say when.
    Timestamp,
}

impl Awaited {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Timestamp => "timestamp",
        }
    }

    /// What bears that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Signature, Self::Timestamp]
            .into_iter()
            .find(|awaited| awaited.name() == name)
    }
}
