//! The officer's passphrase.

use std::fmt;

use domain::access::PassphraseRule;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::error::Error;

/// Fewest letters of a new passphrase: with Argon2id at 64 MiB per guess, eight
/// letters chosen at random hold years against a stolen disk.
pub const MINIMUM_LENGTH: usize = 8;

/// A passphrase. Wiped from memory when dropped, never shown.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes what was typed.
    ///
    /// It is brought to NFC first: input methods differ in whether they send "ế"
    /// as one letter or as three, and the officer cannot see the difference.
    pub fn new(typed: String) -> Self {
        let typed = Zeroizing::new(typed);
        // Three times the bytes hold every composition, so that no smaller buffer is left behind.
        let mut normal = Zeroizing::new(String::with_capacity(typed.len() * 3));
        normal.extend(typed.nfc());
        Self(normal)
    }

    /// Whether it may be set under this rule.
    pub fn fits(&self, rule: PassphraseRule) -> bool {
        rule.admits(&self.0)
    }

    /// Whether both are the same.
    pub fn is(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    pub(crate) fn check_strength(&self) -> Result<(), Error> {
        if self.0.chars().count() < MINIMUM_LENGTH {
            return Err(Error::WeakPassphrase {
                minimum_length: MINIMUM_LENGTH,
            });
        }
        Ok(())
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(redacted)")
    }
}
