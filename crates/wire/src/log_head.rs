//! The head of a centre's log, and how one head grew from another (RFC 6962). Whoever keeps a
//! head elsewhere sees what a centre took away or changed since.

use chrono::{DateTime, Utc};
use ct_merkle::{ConsistencyProof, RootHash};
use domain::digest::Digest;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// How long the log is and what its root is, signed by the key that signs receipts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogHead {
    /// The version of this shape.
    pub wire_version: u32,
    /// How many leaves the tree has.
    pub leaves: u64,
    /// The root over them.
    pub root: Digest,
    /// When the centre said so.
    pub signed_at: DateTime<Utc>,
    /// The centre's Ed25519 signature.
    #[serde(with = "crate::base64_text")]
    pub signature: Vec<u8>,
}

/// That a later log begins with an earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogGrowth {
    /// The hashes of RFC 6962, 2.1.2, in their order.
    pub path: Vec<Digest>,
}

impl LogHead {
    /// A head that `sign` has signed.
    pub fn seal(
        leaves: u64,
        root: Digest,
        signed_at: DateTime<Utc>,
        sign: impl FnOnce(&[u8]) -> [u8; 64],
    ) -> Self {
        let mut head = Self {
            wire_version: crate::VERSION,
            leaves,
            root,
            signed_at,
            signature: Vec::new(),
        };
        head.signature = sign(&head.message()).to_vec();
        head
    }

    fn message(&self) -> Vec<u8> {
        let mut message = b"log head 1\0".to_vec();
        message.extend_from_slice(&self.leaves.to_be_bytes());
        message.extend_from_slice(self.root.as_bytes());
        message.extend_from_slice(&self.signed_at.timestamp_micros().to_be_bytes());
        message
    }

    /// Whether a centre's key for receipts has signed it.
    pub fn is_signed_by(&self, key: &Digest) -> bool {
        let Ok(key) = ed25519_dalek::VerifyingKey::from_bytes(key.as_bytes()) else {
            return false;
        };
        ed25519_dalek::Signature::from_slice(&self.signature)
            .is_ok_and(|signature| key.verify_strict(&self.message(), &signature).is_ok())
    }

    /// Whether the log of this head begins with that of an earlier one. An empty log begins
    /// every other and needs no proof.
    pub fn grew_from(&self, earlier: &Self, growth: &LogGrowth) -> bool {
        if earlier.leaves == 0 {
            return growth.path.is_empty();
        }
        if self.leaves > u64::MAX / 4 || earlier.leaves > self.leaves || growth.path.len() > 128 {
            return false;
        }
        let root =
            |head: &Self| RootHash::<Sha256>::new((*head.root.as_bytes()).into(), head.leaves);
        let path = growth.path.iter().map(|step| (*step.as_bytes()).into());
        let path: Vec<_> = path.collect();
        let proof = ConsistencyProof::<Sha256>::from_digests(&path);
        root(self)
            .verify_consistency(&root(earlier), &proof)
            .is_ok()
    }
}
