//! The second person's key (nhập hai lần): a field is finished only when two officers
//! came to the same value, each by an entry of his own. Only the rule stands here; who
//! sees what is a matter of the desk.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::ids::OfficerId;

/// Which fields take two officers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecondPersonFor {
    /// Those that their form names.
    #[default]
    Named,
    /// Those, and every field whose wrong value has legal effect.
    Decisive,
}

/// What one officer entered for a field, by himself.
#[derive(Clone, PartialEq, Eq)]
pub struct OwnEntry {
    /// The value in normal form. May be empty: "there is none on the paper".
    pub value: String,
    /// Who entered it.
    pub entered_by: OfficerId,
    /// When.
    pub entered_at: DateTime<Utc>,
}

// An entry is personal data: who and when, never what.
impl fmt::Debug for OwnEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnEntry")
            .field("entered_by", &self.entered_by)
            .finish_non_exhaustive()
    }
}

/// How far the entries of a field have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// Nobody has entered anything.
    Untouched,
    /// One officer has; another must, without seeing it.
    Second {
        /// The first entry.
        first: &'a OwnEntry,
    },
    /// Two officers entered different things; one of them decides, seeing both.
    Differ {
        /// The first entry.
        first: &'a OwnEntry,
        /// The second entry.
        second: &'a OwnEntry,
    },
    /// Two officers answer for this value.
    Settled {
        /// The value and who spoke last for it.
        last: &'a OwnEntry,
        /// The other officer who took part.
        other: OfficerId,
    },
}

/// Whose turn it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotThisOfficer {
    /// The first officer cannot be the second too.
    #[error("another officer must enter this value")]
    SecondMustBeAnother,
    /// Only those who entered can decide between their entries.
    #[error("one of the two officers who entered must decide")]
    OneOfTheTwoDecides,
}

impl<'a> Standing<'a> {
    /// What these entries of a field, oldest first, come to. Two officers enter, and
    /// where they differ a third entry decides.
    pub fn of(entries: &'a [OwnEntry]) -> Self {
        match entries {
            [] => Self::Untouched,
            [first] => Self::Second { first },
            [first, second] if first.value != second.value => Self::Differ { first, second },
            [first, second] => Self::Settled {
                last: second,
                other: first.entered_by,
            },
            [first, second, decision, ..] => Self::Settled {
                last: decision,
                other: if decision.entered_by == first.entered_by {
                    second.entered_by
                } else {
                    first.entered_by
                },
            },
        }
    }

    /// Whether this officer may make the next entry. What is settled may be entered
    /// anew by anybody: it starts from nothing.
    pub fn admits(self, officer: OfficerId) -> Result<(), NotThisOfficer> {
        match self {
            Self::Second { first } if first.entered_by == officer => {
                Err(NotThisOfficer::SecondMustBeAnother)
            }
            Self::Differ { first, second }
                if ![first.entered_by, second.entered_by].contains(&officer) =>
            {
                Err(NotThisOfficer::OneOfTheTwoDecides)
            }
            _ => Ok(()),
        }
    }

    /// Whether this officer may see what others entered: never before his own entry.
    pub fn shows_entries_to(self, officer: OfficerId) -> bool {
        match self {
            Self::Untouched => false,
            Self::Second { first } => first.entered_by == officer,
            Self::Differ { .. } | Self::Settled { .. } => true,
        }
    }

    /// Whether two officers answer for the value.
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Settled { .. })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn officer(number: u8) -> OfficerId {
        OfficerId::from_uuid(Uuid::from_u128(u128::from(number)))
    }

    fn entries(made: &[(u8, &str)]) -> Vec<OwnEntry> {
        let made = made.iter();
        made.map(|(by, value)| OwnEntry {
            value: (*value).to_owned(),
            entered_by: officer(*by),
            entered_at: DateTime::UNIX_EPOCH,
        })
        .collect()
    }

    /// Enters what the rule admits, in order; says which were refused.
    fn played(tries: &[(u8, &str)]) -> (Vec<OwnEntry>, Vec<NotThisOfficer>) {
        let (mut made, mut refused) = (Vec::new(), Vec::new());
        for one in tries {
            match Standing::of(&made).admits(officer(one.0)) {
                Ok(()) => made.extend(entries(&[*one])),
                Err(why) => refused.push(why),
            }
        }
        (made, refused)
    }

    #[test]
    fn one_officer_alone_settles_nothing() {
        let (made, refused) = played(&[(1, "115"), (1, "115"), (1, "116")]);
        assert_eq!(made.len(), 1);
        assert_eq!(refused, [NotThisOfficer::SecondMustBeAnother; 2]);
        assert!(!Standing::of(&made).is_settled());
    }

    #[test]
    fn two_officers_who_agree_answer_for_the_value_together() {
        let (made, refused) = played(&[(1, "115"), (2, "115")]);
        assert!(refused.is_empty());
        let Standing::Settled { last, other } = Standing::of(&made) else {
            panic!("two equal entries settle a field");
        };
        assert_eq!((last.entered_by, other), (officer(2), officer(1)));
    }

    #[test]
    fn where_two_differ_one_of_them_decides() {
        let (made, refused) = played(&[(1, "115"), (2, "116"), (3, "115"), (1, "116")]);
        assert_eq!(refused, [NotThisOfficer::OneOfTheTwoDecides]);
        let Standing::Settled { last, other } = Standing::of(&made) else {
            panic!("the third entry decides");
        };
        assert_eq!(last.value, "116");
        assert_eq!((last.entered_by, other), (officer(1), officer(2)));
    }

    #[test]
    fn the_second_officer_sees_nothing_before_the_own_entry() {
        let first = entries(&[(1, "115")]);
        assert!(!Standing::of(&first).shows_entries_to(officer(2)));
        assert!(Standing::of(&first).shows_entries_to(officer(1)));
        let both = entries(&[(1, "115"), (2, "116")]);
        assert!(Standing::of(&both).shows_entries_to(officer(2)));
    }

    proptest! {
        /// However officers try, a settled value has two different officers behind it.
        #[test]
        fn nothing_is_settled_by_fewer_than_two(
            tries in prop::collection::vec((1_u8..4, prop::sample::select(vec!["a", "b"])), 0..6)
        ) {
            let mut made: Vec<OwnEntry> = Vec::new();
            for one in tries {
                if Standing::of(&made).is_settled() {
                    break;
                }
                if Standing::of(&made).admits(officer(one.0)).is_ok() {
                    made.extend(entries(&[one]));
                }
            }
            if let Standing::Settled { last, other } = Standing::of(&made) {
                prop_assert_ne!(last.entered_by, other);
            }
        }
    }
}
