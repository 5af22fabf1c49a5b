//! The electronic copy (bản sao điện tử) of a document.

use chrono::{DateTime, Utc};

use crate::digest::Digest;
use crate::ids::{DocumentId, ElectronicCopyId, OfficerId};

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
}
