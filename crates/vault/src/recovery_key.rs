//! The recovery key: an age identity, shown once when a vault is made and kept
//! by the office in a safe, never in the vault.

use std::fmt;
use std::str::FromStr;

use age::secrecy::ExposeSecret as _;
use age::x25519::{Identity, Recipient};
use zeroize::Zeroizing;

use crate::error::Error;

/// A recovery key. `Display` gives the text to print; `Debug` shows nothing.
///
/// It opens the vault without a passphrase, and each sealed file without the
/// vault (it is an ordinary age identity).
#[derive(Clone)]
pub struct RecoveryKey(Identity);

impl RecoveryKey {
    pub(crate) fn generate() -> Self {
        Self(Identity::generate())
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.0
    }

    pub(crate) fn recipient(&self) -> Recipient {
        self.0.to_public()
    }
}

impl FromStr for RecoveryKey {
    type Err = Error;

    /// Reads what a person types from paper: blanks and line ends do not matter,
    /// nor does lower case. A typing error is caught by the key's check symbols.
    fn from_str(typed: &str) -> Result<Self, Error> {
        let mut plain = Zeroizing::new(String::with_capacity(typed.len()));
        plain.extend(
            typed
                .chars()
                .filter(|letter| !letter.is_whitespace())
                .map(|letter| letter.to_ascii_uppercase()),
        );
        plain
            .parse()
            .map(Self)
            .map_err(|_| Error::RecoveryKeyMistyped)
    }
}

impl fmt::Display for RecoveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.to_string().expose_secret())
    }
}

impl fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryKey(redacted)")
    }
}
