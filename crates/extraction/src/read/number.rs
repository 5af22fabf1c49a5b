//! Number and symbol of a paper: `15/QĐ-UBND`, `21/2026/TT-BCT`, `12/2026`.

use std::sync::LazyLock;

use regex::Regex;

use crate::read::{Read, Value, skip_filler};

/// Digits, perhaps a letter, then parts behind slashes and dashes. A dash with a
/// space on both sides is a dash between words, not part of a symbol.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?<digits>\d+(?: \d+)*)(?<letter>\p{L}\b)?(?<rest>(?:(?:\s?/\s?|-\s?|\s-)[\p{L}\d]+|[.&][\p{L}\d]+)*)")
        .expect("the pattern is a constant and is tested")
});

/// Something with a slash whose number is no number: "M5/NQ-CP".
static MISREAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[^\s/]{1,8}(?: [^\s/]{1,3}){0,2}\s?/\s?[\p{L}\d]+(?:[-/][\p{L}\d]+)*")
        .expect("the pattern is a constant and is tested")
});

/// Reads the number at the beginning of a text.
pub(crate) fn read(text: &str) -> Read {
    let (rest, start) = skip_filler(text);
    // "Số:      /TB-UBND": the symbol is printed, the number was never filled in.
    if rest.starts_with('/') || !rest.chars().any(char::is_alphanumeric) {
        return Read::Blank;
    }
    // "-UBND" behind nothing but fillers is a symbol without its number too.
    let filler = text[..start].trim_end();
    if filler.ends_with('-') && !rest.starts_with(|letter: char| letter.is_ascii_digit()) {
        return Read::Blank;
    }
    let Some(found) = NUMBER.captures(rest) else {
        return MISREAD
            .find(rest)
            .map_or(Read::Unreadable, |found| misread(start, found.as_str()));
    };
    let group = |name: &str| found.name(name).map_or("", |part| part.as_str());
    let (digits, letter, tail) = (group("digits"), group("letter"), group("rest"));
    if digits.contains(' ') && tail.is_empty() {
        // "12 2026": two numbers, of which only the first is this one.
        let first = digits.split(' ').next().unwrap_or_default();
        return Read::Value(Value {
            text: first.to_owned(),
            start,
            end: start + first.len(),
            sound: false,
        });
    }
    let length = digits.len() + letter.len() + tail.len();
    let after = &rest[length..];
    if tail.is_empty()
        && let Some(found) = MISREAD.find(rest)
    {
        // "2 † /2026/TT-BCT": a digit was read, its neighbour was not.
        return misread(start, found.as_str());
    }
    // A sign that goes on behind it means that the number was not read to its end.
    let ends = |next: char| next.is_whitespace() || matches!(next, '.' | '…' | ',' | ';' | ')');
    let goes_on =
        after.trim_start().starts_with(['/', '-', '&']) || !after.chars().next().is_none_or(ends);
    Read::Value(Value {
        text: tight(&rest[..length]),
        start,
        end: start + length,
        sound: !goes_on && !digits.contains(' '),
    })
}

fn misread(start: usize, seen: &str) -> Read {
    Read::Value(Value {
        text: tight(seen),
        start,
        end: start + seen.len(),
        sound: false,
    })
}

/// Without any space.
pub(crate) fn tight(text: &str) -> String {
    text.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::fold::normalise;
    use proptest::prelude::*;

    fn check(text: &str) -> String {
        read(&normalise(text)).shown()
    }

    #[test]
    fn numbers_are_read_with_their_symbols() {
        for (text, expected) in [
            (": 15/QĐ-UBND", "15/QĐ-UBND"),
            (" 729/Q\u{00D0}-TTg", "729/QĐ-TTg"),
            (": 115 /NQ-CP Hà Nội, ngày 29", "115/NQ-CP"),
            ("21 /2026/TT-BCT", "21/2026/TT-BCT"),
            ("02-NQ/TW ngày 17", "02-NQ/TW"),
            ("15a/QĐ- UBND", "15a/QĐ-UBND"),
            ("12/2026", "12/2026"),
            ("12", "12"),
            ("1407/UBND-NNMT.", "1407/UBND-NNMT"),
            ("1 5/QĐ-UBND", "15/QĐ-UBND (breaks its rule)"),
            ("15/QĐ - UBND", "15/QĐ (breaks its rule)"),
            ("15/QĐ_UBND", "15/QĐ (breaks its rule)"),
            ("12 2026", "12 (breaks its rule)"),
            ("M5/NQ-CP", "M5/NQ-CP (breaks its rule)"),
            (
                "2 † /2026/TT-BCT Hà Nội",
                "2†/2026/TT-BCT (breaks its rule)",
            ),
            (":      /TB-UBND", "blank"),
            (": ....../QĐ-UBND", "blank"),
            ("......", "blank"),
            (":     -QĐ/TU", "blank"),
            ("không", "unreadable"),
        ] {
            assert_eq!(check(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_number_and_symbol_is_read_back(
            number in 1u32..99_999, year in proptest::option::of(1990u32..2100),
            kind in "(QĐ|NQ|TT|TB|TTr|GPXD)", agency in "[A-ZĐ]{2,6}", spaced in any::<bool>()
        ) {
            let year = year.map_or(String::new(), |year| format!("/{year}"));
            let expected = format!("{number}{year}/{kind}-{agency}");
            let text = if spaced { expected.replace('/', " / ") } else { expected.clone() };
            prop_assert_eq!(check(&format!(": {text}")), expected);
        }

        #[test]
        fn a_number_is_never_made_where_no_digit_stands(text in "[^0-9]{0,40}") {
            if let Read::Value(value) = read(&normalise(&text)) {
                prop_assert!(!value.sound);
            }
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,60}") {
            if let Read::Value(value) = read(&text) {
                prop_assert!(text.get(value.start..value.end).is_some());
            }
        }
    }
}
