//! Tokens, what they hold, and who signs with it.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use domain::fold::fold;
use domain::signature::Unfit;
use serde::{Deserialize, Serialize};

use crate::Desk;

/// A token that is plugged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The module it is reached by.
    pub module: PathBuf,
    /// What tells it from others.
    pub serial: String,
    /// What its owner called it.
    pub label: String,
    /// Who made it.
    pub maker: String,
    /// Tries for the PIN are few.
    pub few_tries: bool,
    /// One more wrong PIN locks it.
    pub last_try: bool,
    /// It is locked.
    pub locked: bool,
    /// The certificates on it.
    pub certificates: Vec<TokenCertificate>,
}

/// A certificate on a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenCertificate {
    /// SHA-256 of it.
    pub digest: Digest,
    /// Whose it is.
    pub name: String,
    /// Who issued it.
    pub issuer: String,
    /// Since when it is valid.
    pub valid_from: DateTime<Utc>,
    /// Until when it is valid.
    pub valid_until: DateTime<Utc>,
    /// It is meant for signing papers.
    pub is_for_signing: bool,
    /// Its key is one that is relied on today.
    pub is_strong: bool,
}

impl TokenCertificate {
    /// Why the signed-in officer does not sign with it now, if so.
    pub fn unfit_for(&self, desk: &Desk) -> Option<Unfit> {
        self.unfit(&desk.officer.name, desk.clock.now())
    }

    fn unfit(&self, officer: &str, now: DateTime<Utc>) -> Option<Unfit> {
        if now > self.valid_until {
            Some(Unfit::Expired)
        } else if now < self.valid_from {
            Some(Unfit::NotYetValid)
        } else if !self.is_for_signing {
            Some(Unfit::AnotherPurpose)
        } else if !self.is_strong {
            Some(Unfit::WeakKey)
        } else if fold(&self.name) != fold(officer) {
            Some(Unfit::AnotherPerson)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_fit_for_its_owner_while_it_is_valid() {
        let day = |day: &str| format!("{day}T00:00:00Z").parse::<DateTime<Utc>>().unwrap();
        let good = TokenCertificate {
            digest: Digest::of(b"certificate"),
            name: "TRẦN THỊ THỬ".to_owned(),
            issuer: "CA".to_owned(),
            valid_from: day("2025-01-01"),
            valid_until: day("2027-01-01"),
            is_for_signing: true,
            is_strong: true,
        };
        let check = |certificate: &TokenCertificate, officer: &str, on: &str| {
            certificate.unfit(officer, day(on))
        };
        assert_eq!(check(&good, "Trần Thị Thử", "2026-01-01"), None);
        assert_eq!(
            check(&good, "Trần Thị Thử", "2028-01-01"),
            Some(Unfit::Expired)
        );
        assert_eq!(
            check(&good, "Trần Thị Thử", "2024-01-01"),
            Some(Unfit::NotYetValid)
        );
        assert_eq!(
            check(&good, "Lê Văn Khác", "2026-01-01"),
            Some(Unfit::AnotherPerson)
        );
        let other = TokenCertificate {
            is_for_signing: false,
            ..good.clone()
        };
        assert_eq!(
            check(&other, "Trần Thị Thử", "2026-01-01"),
            Some(Unfit::AnotherPurpose)
        );
    }
}
