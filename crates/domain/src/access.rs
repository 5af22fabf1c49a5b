//! Who gets in: what a passphrase must look like, and how long somebody waits who
//! guessed too often. The numbers are data of the catalogue.

use chrono::{DateTime, TimeDelta, Utc};

/// The rules of getting in.
// QCVN 12:2026/BCA: at least eight letters of four classes, changed at the first
// sign-in; at most five tries; a lock after at most five idle minutes; accounts that
// nobody uses are disabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessRules {
    /// What a new passphrase must look like.
    pub passphrase: PassphraseRule,
    /// Wrong passphrases in a row before a wait.
    pub tries: u32,
    /// The first wait; each further wrong passphrase doubles it.
    pub wait_minutes: u32,
    /// The longest wait.
    pub longest_wait_minutes: u32,
    /// Minutes without a hand on the desk after which it locks.
    pub idle_minutes: u32,
    /// The same while the desk itself is at work.
    pub idle_at_work_minutes: u32,
    /// Days without a sign-in after which an officer is disabled.
    pub disabled_after_days: u32,
}

/// What a new passphrase must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassphraseRule {
    /// Fewest letters.
    pub letters: u32,
    /// Fewest classes of them: small, capital, digit, other.
    pub classes: u32,
}

impl PassphraseRule {
    /// Whether a passphrase may be set.
    pub fn admits(self, passphrase: &str) -> bool {
        let is_other =
            |letter: char| !letter.is_lowercase() && !letter.is_uppercase() && !letter.is_numeric();
        let classes: [&dyn Fn(char) -> bool; 4] = [
            &char::is_lowercase,
            &char::is_uppercase,
            &char::is_numeric,
            &is_other,
        ];
        let has = |class: &&&dyn Fn(char) -> bool| passphrase.chars().any(class);
        passphrase.chars().count() >= self.letters as usize
            && classes.iter().filter(has).count() >= self.classes as usize
    }
}

/// The wrong passphrases of one officer since the last right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tries {
    /// How many.
    pub wrong: u32,
    /// What was left to wait when this was noted.
    pub wait: TimeDelta,
    /// When it was noted, by the clock of that moment.
    pub noted_at: DateTime<Utc>,
}

impl Tries {
    /// None so far.
    pub const fn none(now: DateTime<Utc>) -> Self {
        Self {
            wrong: 0,
            wait: TimeDelta::zero(),
            noted_at: now,
        }
    }

    /// What is left to wait. A clock that was turned back takes nothing off it.
    pub fn left(&self, now: DateTime<Utc>) -> TimeDelta {
        let passed = (now - self.noted_at).max(TimeDelta::zero());
        (self.wait - passed).max(TimeDelta::zero())
    }

    /// The same, noted now: from here on it shrinks by this clock.
    #[must_use]
    pub fn noted(&self, now: DateTime<Utc>) -> Self {
        Self {
            wrong: self.wrong,
            wait: self.left(now),
            noted_at: now,
        }
    }

    /// One more wrong passphrase.
    #[must_use]
    pub fn one_more(&self, rules: &AccessRules, now: DateTime<Utc>) -> Self {
        let wrong = self.wrong.saturating_add(1);
        let wait = match wrong.checked_sub(rules.tries) {
            None => 0,
            Some(beyond) => u64::from(rules.wait_minutes)
                .saturating_mul(1_u64.checked_shl(beyond).unwrap_or(u64::MAX))
                .min(u64::from(rules.longest_wait_minutes)),
        };
        Self {
            wrong,
            wait: TimeDelta::minutes(wait as i64),
            noted_at: now,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RULES: AccessRules = AccessRules {
        passphrase: PassphraseRule {
            letters: 8,
            classes: 4,
        },
        tries: 5,
        wait_minutes: 15,
        longest_wait_minutes: 240,
        idle_minutes: 5,
        idle_at_work_minutes: 15,
        disabled_after_days: 45,
    };

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    #[test]
    fn a_passphrase_has_its_length_and_its_classes() {
        for (passphrase, admitted) in [
            ("Mot-cua-2026", true),
            ("Ếch-ộp-99", true),
            ("Mot-cua", false),
            ("mot-cua-2026", false),
            ("MOT-CUA-2026", false),
            ("Mot-cua-nay", false),
            ("Motcua2026", false),
            ("Mc-2026", false),
            ("", false),
        ] {
            assert_eq!(
                RULES.passphrase.admits(passphrase),
                admitted,
                "{passphrase}"
            );
        }
    }

    #[test]
    fn five_wrong_ones_bring_a_wait_and_each_further_one_a_longer() {
        let mut tries = Tries::none(at(0));
        let mut waits = Vec::new();
        for _ in 0..40 {
            tries = tries.one_more(&RULES, at(0));
            waits.push(tries.left(at(0)).num_minutes());
        }
        assert_eq!(waits[..10], [0, 0, 0, 0, 15, 30, 60, 120, 240, 240]);
        assert_eq!(waits[39], 240, "however many, there is an end to it");
    }

    proptest! {
        /// However a clock is turned back, and however often somebody asks, the wait
        /// takes at least its length of real time.
        #[test]
        fn a_clock_turned_back_never_shortens_a_wait(
            steps in prop::collection::vec((0_i64..20, 0_i64..2_000), 1..30)
        ) {
            let mut tries = Tries { wrong: 5, wait: TimeDelta::minutes(15), noted_at: at(10_000) };
            let (mut real, mut clock) = (0, 10_000);
            for (passes, turned_back) in steps {
                real += passes;
                clock += passes - turned_back;
                let left = tries.left(at(clock)).num_minutes();
                prop_assert!(left >= 15 - real, "{left} left after {real}");
                tries = tries.noted(at(clock));
            }
        }
    }
}
