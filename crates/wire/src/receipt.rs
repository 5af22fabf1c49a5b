//! The receipt: the centre's signed word that a record and all its files lie there.

use chrono::{DateTime, Utc};
use ct_merkle::{InclusionProof, RootHash};
use domain::digest::Digest;
use domain::ids::DocumentId;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::envelope::{open_receipt, seal_receipt};

/// What the centre signs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The version of this shape.
    pub wire_version: u32,
    /// The document.
    pub document_id: DocumentId,
    /// The version of its record.
    pub version: u32,
    /// The digest of the record's manifest.
    pub manifest_sha256: Digest,
    /// The digest of the envelope in which it came: the leaf of the log.
    pub envelope_sha256: Digest,
    /// The station that sent it.
    pub station: u32,
    /// In which epoch.
    pub epoch: u16,
    /// Its place in the station's log.
    pub sequence: u64,
    /// When all of it lay there, by the centre's clock.
    pub received_at: DateTime<Utc>,
    /// The code that stands from now on.
    pub code: FinalCode,
    /// Where it stands in the centre's log.
    pub log: LogProof,
}

/// The digitisation code as the centre confirms it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinalCode {
    /// The whole code, with its ordinal where the same code came before.
    pub text: String,
    /// 0 for the first paper of a code.
    pub ordinal: u32,
}

/// That an envelope is a leaf of the centre's log (RFC 6962).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogProof {
    /// Its number among the leaves, from 0.
    pub index: u64,
    /// How many leaves the tree had.
    pub size: u64,
    /// The root of that tree.
    pub root: Digest,
    /// The siblings on the way from the leaf to the root.
    pub path: Vec<Digest>,
}

/// Why a receipt is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Not a receipt, or of a newer version.
    #[error("not a receipt that this program can read")]
    Shape,
    /// The centre whose key is known did not sign it.
    #[error("the receipt is not signed by this centre")]
    Signature,
    /// It is a receipt for something else.
    #[error("the receipt is for another record")]
    Other,
    /// The proof does not lead from the leaf to the root.
    #[error("the receipt's proof does not hold")]
    Proof,
}

impl Receipt {
    /// The signed bytes. `sign` makes the centre's Ed25519 signature.
    pub fn seal(&self, sign: impl FnOnce(&[u8]) -> [u8; 64]) -> Vec<u8> {
        let body = serde_json::to_vec(self).expect("plain fields always make JSON");
        seal_receipt(body, sign)
    }

    /// Believes a receipt that `key` signed, whose proof holds.
    pub fn open(bytes: &[u8], key: &[u8; 32]) -> Result<Self, ReceiptError> {
        let body = open_receipt(bytes, key).map_err(|error| match error {
            crate::EnvelopeError::Shape => ReceiptError::Shape,
            crate::EnvelopeError::Signature => ReceiptError::Signature,
        })?;
        let receipt: Self = serde_json::from_slice(&body).map_err(|_| ReceiptError::Shape)?;
        if receipt.wire_version > crate::VERSION {
            return Err(ReceiptError::Shape);
        }
        receipt.log.holds_for(&receipt.envelope_sha256)?;
        Ok(receipt)
    }

    /// Whether it is the receipt of this very record.
    pub fn is_for(
        &self,
        document_id: DocumentId,
        version: u32,
        manifest: &Digest,
    ) -> Result<(), ReceiptError> {
        let same = self.document_id == document_id
            && self.version == version
            && self.manifest_sha256 == *manifest;
        same.then_some(()).ok_or(ReceiptError::Other)
    }
}

impl LogProof {
    fn holds_for(&self, leaf: &Digest) -> Result<(), ReceiptError> {
        let path = self.path.iter().map(|step| step.as_bytes().into());
        let path = path.collect::<Vec<_>>();
        if self.index >= self.size || self.size > u64::MAX / 4 || path.len() > 64 {
            return Err(ReceiptError::Proof);
        }
        let root = RootHash::<Sha256>::new((*self.root.as_bytes()).into(), self.size);
        let proof = InclusionProof::from_digests(path);
        root.verify_inclusion(leaf.as_bytes(), self.index, &proof)
            .map_err(|_| ReceiptError::Proof)
    }
}

// The code begins with a person's number.
impl std::fmt::Debug for FinalCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FinalCode")
            .field("ordinal", &self.ordinal)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Receipt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Receipt")
            .field("document_id", &self.document_id)
            .field("version", &self.version)
            .field("log", &self.log.index)
            .finish_non_exhaustive()
    }
}
