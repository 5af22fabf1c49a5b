//! How far a grade may be trusted: what people found when they looked.
//!
//! **Words.** A *look* is a person's decision about one proposed value: it was
//! right, or it was wrong. A [`Proportion`] is how many looks of a kind found an
//! error. The [`SamplingKey`] chooses the values that are put before a person
//! although nothing speaks against them; without those a wrong `certain` would
//! never be seen, because nobody looks at a value that is certain.
//!
//! **Statistics.** The bounds are those of Clopper and Pearson (1934), one-sided at
//! 95 %: they are exact, so they hold for the small numbers of one desk, where the
//! usual approximations promise too much. One error takes a field's certainty away
//! while fewer than 52 looks stand behind it, two while fewer than 356 do. A doubt
//! is proved needless by 2,995 looks without an error, or 4,742 with one.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::field::FieldName;
use crate::ids::DocumentId;
use crate::second_person::SecondPersonFor;

/// The chance that a bound is on the wrong side of the truth.
const MISS: f64 = 0.05;

/// Halvings of the interval 0 to 1; enough for every digit that a report shows.
const HALVINGS: u32 = 50;

/// Says what is hashed, so that the key answers no other question.
const CONTEXT: &[u8] = b"sampled value 1\0";

/// Errors among looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proportion {
    /// How many values a person looked at.
    pub looks: u32,
    /// How many of them were wrong; never more than `looks`.
    pub wrong: u32,
}

impl Proportion {
    /// Errors among looks; more errors than looks count as that many looks.
    pub const fn new(wrong: u32, looks: u32) -> Self {
        let looks = if wrong > looks { wrong } else { looks };
        Self { looks, wrong }
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            looks: self.looks + other.looks,
            wrong: self.wrong + other.wrong,
        }
    }

    /// The share that was wrong; `None` before the first look.
    pub fn share(&self) -> Option<f64> {
        (self.looks > 0).then(|| f64::from(self.wrong) / f64::from(self.looks))
    }

    /// With 95 % confidence the true share of errors is at least this.
    pub fn lower_bound(&self) -> f64 {
        halve(|share| self.is_surely_above(share))
    }

    /// Whether the lower bound lies above this share: so many errors would be a
    /// surprise there.
    fn is_surely_above(&self, share: f64) -> bool {
        self.wrong > 0 && 1.0 - self.chance_of_at_most(self.wrong - 1, share) < MISS
    }

    /// With 95 % confidence the true share of errors is at most this; 1 before the
    /// first look.
    pub fn upper_bound(&self) -> f64 {
        halve(|share| !self.is_surely_below(share))
    }

    /// Whether the upper bound lies below this share: so few errors would be a
    /// surprise there.
    fn is_surely_below(&self, share: f64) -> bool {
        self.wrong < self.looks && self.chance_of_at_most(self.wrong, share) < MISS
    }

    /// The binomial distribution function: the chance of at most `most` errors among
    /// these looks when the true share is `share`, between 0 and 1.
    fn chance_of_at_most(&self, most: u32, share: f64) -> f64 {
        let odds = share.ln() - (-share).ln_1p();
        // In logarithms: the first term alone may be smaller than any number.
        let mut term = f64::from(self.looks) * (-share).ln_1p();
        let mut sum = term.exp();
        for errors in 0..most {
            term += f64::from(self.looks - errors).ln() - f64::from(errors + 1).ln() + odds;
            sum += term.exp();
        }
        sum.min(1.0)
    }
}

/// Where `low` turns from true to false between 0 and 1.
fn halve(low: impl Fn(f64) -> bool) -> f64 {
    let (mut below, mut above) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(below, above);
        if low(middle) {
            below = middle;
        } else {
            above = middle;
        }
    }
    f64::midpoint(below, above)
}

/// When the desk's own record changes a grade. What an office may decide, as data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrustRules {
    /// One in so many certain values is put before a person; 0 for none.
    pub sample_one_in: u32,
    /// The share of wrong values that `certain` may have.
    pub error_bar: f64,
    /// How many of the last looks may take certainty away. Short, so that a scanner
    /// that grows dirty shows soon.
    pub recent_looks: u32,
    /// How many of the last looks may prove a doubt needless. Long, because small
    /// shares need many looks.
    pub lasting_looks: u32,
    /// Which fields take two officers.
    pub second_person_for: SecondPersonFor,
}

impl TrustRules {
    /// Whether values that pass as certain are wrong too often.
    pub fn is_poor(&self, record: Proportion) -> bool {
        record.is_surely_above(self.error_bar)
    }

    /// Whether a doubt has proved needless.
    pub fn is_needless(&self, record: Proportion) -> bool {
        record.is_surely_below(self.error_bar)
    }
}

/// The secret of a desk by which values are sampled. Who does not know it cannot
/// tell which values will be looked at, and the same value always gets the same
/// answer, so that reading a paper again does not change it.
#[derive(Clone, PartialEq, Eq)]
pub struct SamplingKey([u8; 32]);

impl SamplingKey {
    /// The key of these random bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Whether chance puts this value before a person.
    pub fn picks(&self, document_id: DocumentId, field: &FieldName, one_in: u32) -> bool {
        let mut hasher = Sha256::new();
        hasher.update(CONTEXT);
        hasher.update(self.0);
        hasher.update(document_id.as_uuid().as_bytes());
        hasher.update(field.as_str());
        let digest: [u8; 32] = hasher.finalize().into();
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        one_in > 0 && u64::from_be_bytes(first) % u64::from(one_in) == 0
    }
}

// Whoever reads the key in a log could tell what will not be looked at.
impl fmt::Debug for SamplingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SamplingKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const BAR: TrustRules = TrustRules {
        sample_one_in: 50,
        error_bar: 0.001,
        recent_looks: 500,
        lasting_looks: 5_000,
        second_person_for: SecondPersonFor::Named,
    };

    fn field() -> FieldName {
        "number".parse().expect("a field name")
    }

    fn document(number: u128) -> DocumentId {
        DocumentId::from_uuid(Uuid::from_u128(number))
    }

    #[test]
    fn bounds_are_those_of_the_tables() {
        // Clopper, Pearson, Biometrika 26 (1934); one-sided 95 %.
        for (wrong, looks, lower, upper) in [
            (0, 0, 0.0, 1.0),
            (0, 10, 0.0, 0.258_866),
            (1, 10, 0.005_116, 0.394_163),
            (5, 10, 0.222_441, 0.777_559),
            (10, 10, 0.741_134, 1.0),
            (0, 2_995, 0.0, 0.001),
        ] {
            let found = Proportion::new(wrong, looks);
            assert!(
                (found.lower_bound() - lower).abs() < 1e-5,
                "{found:?} {}",
                found.lower_bound()
            );
            assert!(
                (found.upper_bound() - upper).abs() < 1e-5,
                "{found:?} {}",
                found.upper_bound()
            );
        }
    }

    #[test]
    fn the_numbers_in_the_head_of_this_module_are_right() {
        for (wrong, looks, poor) in [
            (1, 51, true),
            (1, 52, false),
            (2, 355, true),
            (2, 356, false),
        ] {
            assert_eq!(
                BAR.is_poor(Proportion::new(wrong, looks)),
                poor,
                "{wrong} of {looks}"
            );
        }
        for (wrong, looks, needless) in [
            (0, 2_994, false),
            (0, 2_995, true),
            (1, 4_741, false),
            (1, 4_742, true),
        ] {
            assert_eq!(
                BAR.is_needless(Proportion::new(wrong, looks)),
                needless,
                "{wrong} of {looks}"
            );
        }
    }

    #[test]
    fn about_one_in_fifty_is_sampled() {
        let key = SamplingKey::from_bytes([7; 32]);
        let picked = (0..50_000)
            .filter(|number| key.picks(document(*number), &field(), 50))
            .count();
        assert!((900..1_100).contains(&picked), "{picked} of 50,000");
        assert!(!key.picks(document(1), &field(), 0), "0 samples none");
        assert!(key.picks(document(1), &field(), 1), "1 samples all");
    }

    proptest! {
        #[test]
        fn the_share_lies_between_its_bounds(wrong in 0u32..60, more in 0u32..3_000) {
            let found = Proportion::new(wrong, wrong + more);
            let share = found.share().unwrap_or(0.0);
            prop_assert!(found.lower_bound() <= share + 1e-9);
            prop_assert!(found.upper_bound() >= share - 1e-9);
        }

        #[test]
        fn another_error_never_makes_a_record_better(wrong in 0u32..60, more in 1u32..3_000) {
            let found = Proportion::new(wrong, wrong + more);
            let worse = Proportion::new(wrong + 1, wrong + more);
            prop_assert!(worse.lower_bound() >= found.lower_bound());
            prop_assert!(worse.upper_bound() >= found.upper_bound());
        }

        #[test]
        fn a_look_that_finds_nothing_never_makes_a_record_worse(wrong in 0u32..60, more in 0u32..3_000) {
            let found = Proportion::new(wrong, wrong + more);
            let better = Proportion::new(wrong, wrong + more + 1);
            prop_assert!(better.lower_bound() <= found.lower_bound() + 1e-9);
            prop_assert!(better.upper_bound() <= found.upper_bound() + 1e-9);
        }

        #[test]
        fn the_same_value_always_gets_the_same_answer_and_only_the_key_knows_it(number: u128, bytes: [u8; 32]) {
            let key = SamplingKey::from_bytes(bytes);
            prop_assert_eq!(
                key.picks(document(number), &field(), 2),
                SamplingKey::from_bytes(bytes).picks(document(number), &field(), 2)
            );
            // Of 64 other keys half say otherwise; that all agree has a chance of 2^-64.
            let others = (0..64u8).map(|index| {
                let mut other = bytes;
                other[0] ^= index.wrapping_add(1);
                SamplingKey::from_bytes(other).picks(document(number), &field(), 2)
            });
            let yes = others.filter(|picked| *picked).count();
            prop_assert!((1..64).contains(&yes));
        }
    }
}
