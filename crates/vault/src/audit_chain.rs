//! How the audit trail is chained and signed: pure rules over rows, for the vault that
//! keeps it and for whoever checks an export without the vault.

use domain::local_code::Station;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// What the first event follows.
pub(crate) const BEGINNING: [u8; 32] = [0; 32];
/// Say what is hashed or signed and how; another way gets another name.
const EVENT: &[u8] = b"vault audit event 1\0";
const EVENT_ABOUT_OFFICER: &[u8] = b"vault audit event 2\0";
const HEAD: &[u8] = b"vault audit head 1\0";
const CLOSING: &[u8] = b"vault audit export closing 1\0";

/// An event as it stands in its row. Hashed as stored, so that every change of a
/// column shows, also one that would read back as the same event.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct EventRow {
    pub(crate) position: i64,
    pub(crate) id: Vec<u8>,
    pub(crate) happened_at: String,
    pub(crate) officer_id: Vec<u8>,
    pub(crate) act: String,
    pub(crate) dossier_id: Option<Vec<u8>>,
    pub(crate) document_id: Option<Vec<u8>>,
    pub(crate) page_id: Option<Vec<u8>>,
    pub(crate) field: Option<String>,
    /// The officer whom the act is about, in a column that came later: an event without
    /// one is hashed as it always was.
    pub(crate) subject_id: Option<Vec<u8>>,
}

impl EventRow {
    /// The hash of this event after the one before it.
    pub(crate) fn hash(&self, before: &[u8; 32]) -> [u8; 32] {
        let about_officer = self.subject_id.as_ref().map(|id| Some(id.as_slice()));
        let mut hasher = Sha256::new();
        hasher.update(if about_officer.is_some() {
            EVENT_ABOUT_OFFICER
        } else {
            EVENT
        });
        hasher.update(self.position.to_be_bytes());
        let parts = [
            Some(self.id.as_slice()),
            Some(self.happened_at.as_bytes()),
            Some(self.officer_id.as_slice()),
            Some(self.act.as_bytes()),
            self.dossier_id.as_deref(),
            self.document_id.as_deref(),
            self.page_id.as_deref(),
            self.field.as_deref().map(str::as_bytes),
            Some(before.as_slice()),
        ];
        for part in parts.into_iter().chain(about_officer) {
            // With its length, and "none" told apart from "empty": no two events give
            // the same bytes.
            let length = part.map_or(u64::MAX, |part| part.len() as u64);
            hasher.update(length.to_be_bytes());
            hasher.update(part.unwrap_or_default());
        }
        hasher.finalize().into()
    }
}

/// What the station signs: that its trail had come this far, in this way, at this time.
pub(crate) struct HeadToSign<'a> {
    pub(crate) station: Station,
    pub(crate) position: i64,
    pub(crate) hash: [u8; 32],
    pub(crate) signed_at: &'a str,
}

impl HeadToSign<'_> {
    fn message(&self, context: &[u8], digest: &[u8]) -> Vec<u8> {
        let mut message = context.to_vec();
        // Not its epoch: a vault that was brought back goes on with its trail.
        message.extend_from_slice(&self.station.number.to_be_bytes());
        message.extend_from_slice(&self.position.to_be_bytes());
        message.extend_from_slice(&self.hash);
        message.extend_from_slice(digest);
        message.extend_from_slice(self.signed_at.as_bytes());
        message
    }

    pub(crate) fn sign(&self, key: &SigningKey) -> [u8; 64] {
        key.sign(&self.message(HEAD, &[])).to_bytes()
    }

    pub(crate) fn is_signed(&self, key: &VerifyingKey, signature: &[u8]) -> bool {
        is_signed(key, &self.message(HEAD, &[]), signature)
    }

    /// The end of an export, with the digest of all its bytes before. Signed as something
    /// else than a head, so that no head of the middle can be put at the end of a file
    /// that was cut there.
    pub(crate) fn sign_closing(&self, key: &SigningKey, digest: &[u8; 32]) -> [u8; 64] {
        key.sign(&self.message(CLOSING, digest)).to_bytes()
    }

    pub(crate) fn is_closing_signed(
        &self,
        key: &VerifyingKey,
        digest: &[u8; 32],
        signature: &[u8],
    ) -> bool {
        is_signed(key, &self.message(CLOSING, digest), signature)
    }
}

fn is_signed(key: &VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    let signature = Signature::from_slice(signature);
    signature.is_ok_and(|signature| key.verify_strict(message, &signature).is_ok())
}
