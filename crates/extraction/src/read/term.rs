//! Terms: `06 tháng`, `02 năm`.

use chrono::{Months, NaiveDate};

use crate::label::tokens;

/// The longest term a paper sets, in years; more is a misreading.
const MOST_YEARS: u32 = 100;

/// A term and where its words end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    months: u32,
    pub(crate) end: usize,
}

impl Term {
    /// The term at the beginning of a text: a number, perhaps in words in brackets
    /// behind it, then months or years.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let tokens = tokens(text);
        let number = tokens.first().filter(|token| token.is_number())?;
        let number: u32 = number.folded.parse().ok()?;
        let mut unit = tokens.get(1)?;
        let between = &text[tokens[0].end..unit.start];
        if between.contains('(') {
            let closed = unit.start + text[unit.start..].find(')')?;
            unit = tokens.iter().find(|token| token.start > closed)?;
        }
        let months = match unit.folded.as_str() {
            "thang" => number,
            "nam" => number.checked_mul(12)?,
            _ => return None,
        };
        let sane = months > 0 && months <= MOST_YEARS * 12;
        sane.then_some(Self {
            months,
            end: unit.end,
        })
    }

    /// The day on which a term ends that begins with this one.
    pub(crate) fn after(self, day: NaiveDate) -> Option<NaiveDate> {
        day.checked_add_months(Months::new(self.months))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn terms_are_months_or_years() {
        for (text, months) in [
            (" 06 tháng, kể từ ngày cấp", Some(6)),
            (" 06 (sáu) tháng kể từ", Some(6)),
            (" 2 năm", Some(24)),
            ("12tháng", Some(12)),
            (" 30 ngày", None),
            (" 0 tháng", None),
            (" tháng", None),
            (" 9999999999 năm", None),
            (" 06 (sáu tháng", None),
        ] {
            assert_eq!(Term::read(text).map(|term| term.months), months, "{text}");
        }
    }

    #[test]
    fn a_term_ends_on_the_same_day_of_a_later_month() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let term = Term::read("06 tháng").unwrap();
        assert_eq!(term.after(day("2025-05-05")), Some(day("2025-11-05")));
        assert_eq!(term.after(day("2025-08-31")), Some(day("2026-02-28")));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,40}") {
            if let Some(term) = Term::read(&text) {
                prop_assert!(text.get(..term.end).is_some());
            }
        }
    }
}
