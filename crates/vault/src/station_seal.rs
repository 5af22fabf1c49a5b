//! What the station itself signs beside its trail, and the check of it by whoever knows
//! the station's public key.

use ed25519_dalek::{Signature, Signer as _, VerifyingKey};

use crate::access::Reader;
use crate::error::Error;

/// What is signed. Each says so in what the key sees, so that no signature of one kind
/// stands for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SealOf {
    /// The code of a printed slip.
    Slip,
    /// The manifest of a package.
    Package,
}

impl SealOf {
    const fn context(self) -> &'static [u8] {
        match self {
            Self::Slip => b"vault station slip 1\0",
            Self::Package => b"vault station package 1\0",
        }
    }

    fn message(self, text: &[u8]) -> Vec<u8> {
        [self.context(), text].concat()
    }
}

impl Reader<'_> {
    /// The station's public key. It never changes, and no secret follows from it.
    pub fn station_key(&self) -> Result<[u8; 32], Error> {
        Ok(self.audit_key()?.verifying_key().to_bytes())
    }

    /// The station's signature over a message between it and its centre, which says itself
    /// what it is: an enrolment, or an envelope by RFC 9052.
    pub fn sign_as_station(&self, message: &[u8]) -> Result<[u8; 64], Error> {
        Ok(self.audit_key()?.sign(message).to_bytes())
    }

    /// The station's signature over this text. The same text gets the same one.
    pub fn seal_as_station(&self, what: SealOf, text: &[u8]) -> Result<[u8; 64], Error> {
        Ok(self.audit_key()?.sign(&what.message(text)).to_bytes())
    }
}

/// Whether the station of this public key signed this text. A key that is none has
/// signed nothing.
pub fn is_sealed_by_station(
    public_key: &[u8; 32],
    what: SealOf,
    text: &[u8],
    signature: &[u8; 64],
) -> bool {
    let key = VerifyingKey::from_bytes(public_key);
    key.is_ok_and(|key| {
        key.verify_strict(&what.message(text), &Signature::from_bytes(signature))
            .is_ok()
    })
}
