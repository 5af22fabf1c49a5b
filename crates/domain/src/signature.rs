//! Signatures on electronic papers, and what can be said of them.

use chrono::{DateTime, Utc};

use crate::digest::Digest;
use crate::ids::{ElectronicCopyId, OfficerId};

/// The signature that a digitiser put on an electronic copy.
// Circular 01/2023/TT-VPCP, art. 8(1): the personal digital signature of who digitises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopySignature {
    /// The copy without it.
    pub signed_from: ElectronicCopyId,
    /// Who signed.
    pub signed_by: OfficerId,
    /// SHA-256 of the certificate, which the signed copy carries.
    pub certificate: Digest,
    /// When, by the desk's clock.
    pub signed_at: DateTime<Utc>,
    /// When, by an authority that the desk could reach; `None` says "no timestamp yet".
    pub timestamped_at: Option<DateTime<Utc>>,
}

/// Why an officer does not sign with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unfit {
    /// It is not valid any more.
    Expired,
    /// It is not valid yet, or the clock is wrong.
    NotYetValid,
    /// It is meant for something else than signing papers.
    AnotherPurpose,
    /// It bears the name of somebody else.
    // Circular 01/2023/TT-VPCP, art. 8(1): the *personal* signature of who digitises.
    AnotherPerson,
    /// Its key is of a kind, or so short, that nobody relies on it.
    WeakKey,
}

impl Unfit {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::AnotherPurpose => "another_purpose",
            Self::AnotherPerson => "another_person",
            Self::WeakKey => "weak_key",
        }
    }
}

/// What can be said of one property of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// It was looked at and holds.
    Good,
    /// It was looked at and does not hold.
    Bad,
    /// What would tell is not at hand, or is of a kind that this program does not know.
    CannotTell,
}

impl Answer {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::CannotTell => "cannot_tell",
        }
    }

    /// The answer of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Good, Self::Bad, Self::CannotTell]
            .into_iter()
            .find(|answer| answer.name() == name)
    }
}

/// How much of the file a signature covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Coverage {
    /// Every byte but the signature's own.
    WholeFile,
    /// Every byte that the file had when it was signed; something was added since.
    WholeRevision,
    /// From the first byte on, but to no end that a revision has.
    FromStart,
    /// Something else; what it covers is not clear.
    Unclear,
}

impl Coverage {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WholeFile => "whole_file",
            Self::WholeRevision => "whole_revision",
            Self::FromStart => "from_start",
            Self::Unclear => "unclear",
        }
    }

    /// The coverage of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [
            Self::WholeFile,
            Self::WholeRevision,
            Self::FromStart,
            Self::Unclear,
        ];
        all.into_iter().find(|coverage| coverage.name() == name)
    }
}

/// The parts of a judgement about one signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The signed bytes are what was signed, and the signature is by the certificate's key.
    pub intact: Answer,
    /// What of the file it covers.
    pub coverage: Coverage,
    /// The algorithms are ones that nobody has broken.
    pub algorithm: Answer,
    /// The certificate was valid, and meant for signing, when it was signed.
    pub certificate: Answer,
    /// The certificate leads up to an authority that this office trusts.
    pub chain: Answer,
}

impl Judgement {
    /// All of it in one word: bad if anything is, good only if everything is.
    pub fn answer(&self) -> Answer {
        let covered = match self.coverage {
            Coverage::WholeFile => Answer::Good,
            Coverage::WholeRevision => Answer::CannotTell,
            Coverage::FromStart | Coverage::Unclear => Answer::Bad,
        };
        let parts = [
            self.intact,
            covered,
            self.algorithm,
            self.certificate,
            self.chain,
        ];
        if parts.contains(&Answer::Bad) {
            Answer::Bad
        } else if parts.contains(&Answer::CannotTell) {
            Answer::CannotTell
        } else {
            Answer::Good
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_part_makes_the_whole_bad_and_one_doubt_keeps_it_from_good() {
        let good = Judgement {
            intact: Answer::Good,
            coverage: Coverage::WholeFile,
            algorithm: Answer::Good,
            certificate: Answer::Good,
            chain: Answer::Good,
        };
        assert_eq!(good.answer(), Answer::Good);
        let doubted = Judgement {
            chain: Answer::CannotTell,
            ..good
        };
        assert_eq!(doubted.answer(), Answer::CannotTell);
        let added_to = Judgement {
            coverage: Coverage::WholeRevision,
            ..good
        };
        assert_eq!(added_to.answer(), Answer::CannotTell);
        let broken = Judgement {
            intact: Answer::Bad,
            ..doubted
        };
        assert_eq!(broken.answer(), Answer::Bad);
    }
}
