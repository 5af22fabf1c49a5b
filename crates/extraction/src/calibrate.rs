//! What a desk's own record makes of a grade.
//!
//! Extraction grades a value by what stands on its paper. The desk then asks what
//! people found when they looked at earlier values of the same field on papers of
//! the same kind, and may change the grade in three ways, in this order:
//!
//! 1. Where values that were certain have been wrong too often, `certain` becomes
//!    `check` with [`Doubt::PoorRecord`]. Each of them is then looked at, so that
//!    the record is soon better, or stays as bad as the field is.
//! 2. Where [`Doubt::Unsure`] alone stood in the way and has proved needless,
//!    `check` becomes `certain`; the doubt stays written, so that the record of such
//!    values remains a record of its own. A value written by hand, and a decisive
//!    field that people usually fill in by pen, never rises.
//! 3. What is certain now may be sampled, [`Doubt::Sampled`]. Values that nobody read
//!    from a paper (a rule, the dossier) are not: a look could find nothing there.
//!
//! How many looks count, and where "too often" begins, is in [`domain::trust`].

use domain::field::{Doubt, FieldCandidate, Grade, Source};
use domain::trust::{Proportion, TrustRules};

use crate::catalogue::form::FieldDefinition;

/// What people found at one field of one kind of paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldTrust {
    /// The last looks at values without a doubt of their own.
    pub certain: Proportion,
    /// The last looks at values whose only doubt was [`Doubt::Unsure`].
    pub unsure: Proportion,
}

/// What the record has in force for a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calibration {
    /// `certain` is not believed.
    pub poor_record: bool,
    /// [`Doubt::Unsure`] alone does not stand in the way of `certain`.
    pub unsure_passes: bool,
}

impl Calibration {
    /// What follows from a field's record.
    pub fn of(rules: &TrustRules, field: &FieldDefinition, trust: &FieldTrust) -> Self {
        let poor_record = rules.is_poor(trust.certain);
        let by_pen = field.decisive && field.often_handwritten;
        Self {
            poor_record,
            // Where even the certain values are doubted, no doubt is needless.
            unsure_passes: !poor_record && !by_pen && rules.is_needless(trust.unsure),
        }
    }

    /// Changes the grade of a value as far as this calibration and chance say so.
    pub fn apply(self, candidate: &mut FieldCandidate, sampled: bool) {
        if self.poor_record && candidate.grade == Grade::Certain {
            lower(candidate, Doubt::PoorRecord);
        }
        if self.unsure_passes
            && candidate.grade == Grade::Check
            && candidate.doubts == [Doubt::Unsure]
            && !candidate.handwritten
        {
            candidate.grade = Grade::Certain;
        }
        let was_read = matches!(candidate.source, Source::Ocr | Source::Qr | Source::Mrz);
        if sampled && was_read && candidate.grade == Grade::Certain {
            lower(candidate, Doubt::Sampled);
        }
    }
}

fn lower(candidate: &mut FieldCandidate, doubt: Doubt) {
    candidate.doubts.push(doubt);
    candidate.grade = Grade::Check;
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::Catalogue;
    use proptest::prelude::*;

    const BAR: f64 = 0.001;

    /// The catalogue takes its time to be made, and these tests ask often.
    static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::builtin);

    fn rules() -> TrustRules {
        TrustRules {
            error_bar: BAR,
            ..*CATALOGUE.trust()
        }
    }

    fn field(name: &str) -> FieldDefinition {
        let form = CATALOGUE
            .form(&"official_document".parse().unwrap())
            .unwrap();
        form.field(&name.parse().unwrap()).unwrap().clone()
    }

    fn candidate(doubts: &[Doubt]) -> FieldCandidate {
        let mut candidate = FieldCandidate::empty("title".parse().unwrap());
        candidate.value = "QUYẾT ĐỊNH".to_owned();
        candidate.doubts = doubts.to_vec();
        candidate.grade = if doubts.is_empty() {
            Grade::Certain
        } else {
            Grade::Check
        };
        candidate
    }

    fn check(
        calibration: Calibration,
        sampled: bool,
        before: &[Doubt],
        grade: Grade,
        after: &[Doubt],
    ) {
        let mut found = candidate(before);
        calibration.apply(&mut found, sampled);
        assert_eq!((found.grade, found.doubts.as_slice()), (grade, after));
        assert_eq!(
            found.doubts_as_read(),
            before,
            "the paper's own doubts stay"
        );
    }

    const NONE: Calibration = Calibration {
        poor_record: false,
        unsure_passes: false,
    };
    const POOR: Calibration = Calibration {
        poor_record: true,
        unsure_passes: false,
    };
    const PASSES: Calibration = Calibration {
        poor_record: false,
        unsure_passes: true,
    };

    #[test]
    fn a_sampled_value_is_looked_at_and_still_counts_as_certain() {
        check(NONE, true, &[], Grade::Check, &[Doubt::Sampled]);
        let mut sampled = candidate(&[]);
        NONE.apply(&mut sampled, true);
        assert_eq!(sampled.grade_as_read(), Grade::Certain);
        assert!(sampled.passes_as_certain());
    }

    #[test]
    fn chance_leaves_alone_what_is_looked_at_anyway_and_what_nobody_read() {
        check(NONE, true, &[Doubt::Unsure], Grade::Check, &[Doubt::Unsure]);
        let mut by_rule = candidate(&[]);
        by_rule.source = Source::Rule;
        NONE.apply(&mut by_rule, true);
        assert_eq!(by_rule.grade, Grade::Certain);
    }

    #[test]
    fn a_poor_record_takes_certainty_away_and_says_so() {
        check(POOR, true, &[], Grade::Check, &[Doubt::PoorRecord]);
        check(
            POOR,
            false,
            &[Doubt::Unsure],
            Grade::Check,
            &[Doubt::Unsure],
        );
    }

    #[test]
    fn a_doubt_that_proved_needless_passes_and_may_be_sampled() {
        check(
            PASSES,
            false,
            &[Doubt::Unsure],
            Grade::Certain,
            &[Doubt::Unsure],
        );
        check(
            PASSES,
            true,
            &[Doubt::Unsure],
            Grade::Check,
            &[Doubt::Unsure, Doubt::Sampled],
        );
        check(
            PASSES,
            false,
            &[Doubt::Unsure, Doubt::PoorImage],
            Grade::Check,
            &[Doubt::Unsure, Doubt::PoorImage],
        );
    }

    #[test]
    fn what_is_written_by_hand_never_rises() {
        let best = FieldTrust {
            certain: Proportion::new(0, 500),
            unsure: Proportion::new(0, 5_000),
        };
        let number = field("number");
        assert!(number.decisive && number.often_handwritten);
        assert!(!Calibration::of(&rules(), &number, &best).unsure_passes);
        let title = field("title");
        assert!(Calibration::of(&rules(), &title, &best).unsure_passes);
        let mut written = candidate(&[Doubt::Unsure]);
        written.handwritten = true;
        PASSES.apply(&mut written, false);
        assert_eq!(written.grade, Grade::Check);
    }

    fn doubts() -> impl Strategy<Value = Vec<Doubt>> {
        let of_paper: Vec<Doubt> = Doubt::ALL
            .into_iter()
            .filter(|doubt| !doubt.is_of_the_desk())
            .collect();
        proptest::sample::subsequence(of_paper, 0..=3)
    }

    proptest! {
        #[test]
        fn only_a_lone_unsure_ever_rises(doubts in doubts(), sampled: bool, poor_record: bool, unsure_passes: bool, handwritten: bool) {
            let mut found = candidate(&doubts);
            found.handwritten = handwritten;
            let before = found.clone();
            Calibration { poor_record, unsure_passes }.apply(&mut found, sampled);
            prop_assert_eq!(found.doubts_as_read(), doubts.clone(), "no doubt of the paper is lost");
            prop_assert_eq!(found.value, before.value);
            if before.grade == Grade::Check && found.grade == Grade::Certain {
                prop_assert!(unsure_passes && !handwritten && doubts == [Doubt::Unsure]);
            }
        }

        #[test]
        fn one_more_error_never_brings_trust(wrong in 0u32..20, right in 1u32..6_000) {
            let title = field("title");
            let trust = |wrong, looks| FieldTrust {
                certain: Proportion::new(wrong, looks),
                unsure: Proportion::new(wrong, looks),
            };
            let before = Calibration::of(&rules(), &title, &trust(wrong, wrong + right));
            let after = Calibration::of(&rules(), &title, &trust(wrong + 1, wrong + right));
            prop_assert!(after.poor_record || !before.poor_record);
            prop_assert!(before.unsure_passes || !after.unsure_passes);
        }

        #[test]
        fn looking_long_enough_ends_a_poor_record_that_no_longer_errs(wrong in 1u32..4) {
            let title = field("title");
            let looks = rules().recent_looks * 3;
            let trust = FieldTrust { certain: Proportion::new(wrong, looks), ..FieldTrust::default() };
            prop_assert!(!Calibration::of(&rules(), &title, &trust).poor_record);
        }
    }
}
