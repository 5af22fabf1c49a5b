//! Identification codes of people and organisations.

use std::sync::LazyLock;

use domain::code::{OldIdentityNumber, OwnerId, PersonalId, TaxCode};
use regex::Regex;

use crate::read::{Read, Value, skip_filler};

/// Digits, perhaps in groups, perhaps with a branch.
static DIGITS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\d(?:[ .]?\d)*(?:\s?-\s?\d{3}\b)?")
        .expect("the pattern is a constant and is tested")
});

pub(crate) fn read_personal_id(text: &str) -> Read {
    read(text, |digits| digits.parse::<PersonalId>().is_ok())
}

pub(crate) fn read_tax_code(text: &str) -> Read {
    read(text, |digits| digits.parse::<TaxCode>().is_ok())
}

pub(crate) fn read_owner_id(text: &str) -> Read {
    read(text, |digits| digits.parse::<OwnerId>().is_ok())
}

/// A personal number, or the nine digits of an identity card of before 2016.
pub(crate) fn read_identity_number(text: &str) -> Read {
    read(text, is_identity_number)
}

pub(crate) fn is_identity_number(digits: &str) -> bool {
    digits.parse::<PersonalId>().is_ok() || digits.parse::<OldIdentityNumber>().is_ok()
}

fn read(text: &str, valid: impl Fn(&str) -> bool) -> Read {
    let (rest, start) = skip_filler(text);
    let Some(found) = DIGITS.find(rest) else {
        return if rest.chars().any(char::is_alphanumeric) {
            Read::Unreadable
        } else {
            Read::Blank
        };
    };
    let (seen, sure) = grouped(found.as_str());
    let compact = compact(seen);
    let ends = !rest[seen.len()..].starts_with(char::is_alphanumeric);
    Read::Value(Value {
        sound: sure && ends && valid(&compact),
        text: compact,
        start,
        end: start + seen.len(),
    })
}

/// The digits that belong together, and whether that is sure. A number may be
/// printed in groups of three or four; any other gap may part it from the next
/// number on the line.
fn grouped(seen: &str) -> (&str, bool) {
    let main = seen.split('-').next().unwrap_or_default().trim_end();
    let groups: Vec<usize> = main.split([' ', '.']).map(str::len).collect();
    let even = [3, 4]
        .iter()
        .any(|size| groups.iter().all(|group| group == size));
    if groups.len() == 1 || even {
        (seen, true)
    } else {
        (&seen[..groups[0]], false)
    }
}

/// Digits and the dash of a branch only.
pub(crate) fn compact(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_ascii_digit() || *letter == '-')
        .collect()
}

/// What a personal number says of its holder.
// Decree 137/2015/NĐ-CP, art. 13: the fourth digit holds century and sex, the
// next two the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NumberSays {
    pub(crate) male: bool,
    pub(crate) birth_year: i32,
}

pub(crate) fn number_says(id: &str) -> Option<NumberSays> {
    let id: PersonalId = id.parse().ok()?;
    let digit = |index: usize| i32::from(id.as_str().as_bytes()[index] - b'0');
    let century = digit(3);
    Some(NumberSays {
        male: century % 2 == 0,
        birth_year: 1900 + century / 2 * 100 + digit(4) * 10 + digit(5),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_are_taken_together_and_checked() {
        let check = |read: Read| match read {
            Read::Value(value) => (value.text, value.sound),
            other => (format!("{other:?}"), false),
        };
        assert_eq!(
            check(read_personal_id(": 001093047064, cấp ngày")),
            ("001093047064".into(), true)
        );
        assert_eq!(
            check(read_personal_id("001 093 047 064")),
            ("001093047064".into(), true)
        );
        assert_eq!(
            check(read_personal_id("00109304706")),
            ("00109304706".into(), false)
        );
        assert_eq!(
            check(read_personal_id("0010930470641")),
            ("0010930470641".into(), false)
        );
        assert_eq!(
            check(read_personal_id("001093O47064")),
            ("001093".into(), false)
        );
        assert_eq!(
            check(read_tax_code("0100109106 - 001")),
            ("0100109106-001".into(), true)
        );
        assert_eq!(
            check(read_tax_code("0100109107")),
            ("0100109107".into(), false)
        );
        assert_eq!(
            check(read_owner_id("0100109106")),
            ("0100109106".into(), true)
        );
        assert_eq!(
            check(read_owner_id("0100109106 12 tháng")),
            ("0100109106".into(), false)
        );
        assert_eq!(
            check(read_identity_number("012345678 cấp ngày")),
            ("012345678".into(), true)
        );
        assert_eq!(
            check(read_identity_number("001 093 047 064")),
            ("001093047064".into(), true)
        );
        assert_eq!(
            check(read_identity_number("0123456789")),
            ("0123456789".into(), false)
        );
        assert_eq!(read_personal_id("......"), Read::Blank);
        assert_eq!(read_personal_id("chưa có"), Read::Unreadable);
    }

    // Decree 137/2015/NĐ-CP, art. 13.
    #[test]
    fn a_personal_number_says_sex_and_year_of_birth() {
        assert_eq!(
            number_says("001093047064"),
            Some(NumberSays {
                male: true,
                birth_year: 1993
            })
        );
        assert_eq!(
            number_says("001326047064"),
            Some(NumberSays {
                male: false,
                birth_year: 2026
            })
        );
        assert_eq!(number_says("0100109106"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,60}") {
            if let Read::Value(value) = read_owner_id(&text) {
                prop_assert!(text.get(value.start..value.end).is_some());
            }
        }

        #[test]
        fn only_twelve_digits_are_a_personal_number(digits in "[0-9]{1,16}") {
            let sound = read_personal_id(&digits).value().is_some_and(|value| value.sound);
            prop_assert_eq!(sound, digits.len() == 12);
        }
    }
}
