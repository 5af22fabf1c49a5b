//! Numbers that count something: `1.500.000.000 đồng`, `250,5 m²`.

use std::sync::LazyLock;

use regex::Regex;

use crate::read::{Read, Value, skip_filler};

static FIGURES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\d+(?:[.,]\d+)*").expect("the pattern is a constant and is tested")
});

/// Reads the number at the beginning of a text; its unit says only that it ends.
pub(crate) fn read(text: &str) -> Read {
    let (rest, start) = skip_filler(text);
    let Some(found) = FIGURES.find(rest) else {
        return if rest.chars().any(char::is_alphanumeric) {
            Read::Unreadable
        } else {
            Read::Blank
        };
    };
    let seen = found.as_str();
    // "25O m": a letter right behind the figures may be a figure that was misread,
    // but "250m²" is how many write it. A figure behind a space is the rest of it.
    let after = &rest[seen.len()..];
    let ends = match after.chars().next() {
        Some(next) if next.is_alphanumeric() => next == 'm' || next == 'đ',
        _ => !after
            .trim_start()
            .starts_with(|next: char| next.is_ascii_digit()),
    };
    let normal = normal(seen);
    Read::Value(Value {
        sound: ends && normal.is_some(),
        text: normal.unwrap_or_else(|| seen.to_owned()),
        start,
        end: start + seen.len(),
    })
}

/// The normal form of a text that is nothing but such a number and its unit.
pub(crate) fn whole(text: &str) -> Option<String> {
    let figures = FIGURES.find(text)?;
    let unit = &text[figures.end()..];
    let sound = !unit
        .chars()
        .any(|letter| letter.is_ascii_digit() && letter != '2');
    sound.then(|| normal(figures.as_str())).flatten()
}

/// Figures with at most one decimal point. Groups of three are thousands; `250,125`
/// could be either and is neither.
fn normal(seen: &str) -> Option<String> {
    let groups: Vec<&str> = seen.split(['.', ',']).collect();
    let signs: Vec<char> = seen.chars().filter(|sign| !sign.is_ascii_digit()).collect();
    let thousands = |groups: &[&str]| {
        let (first, rest) = groups.split_first()?;
        let grouped = first.len() <= 3 && rest.iter().all(|group| group.len() == 3);
        (rest.is_empty() || grouped).then(|| groups.concat())
    };
    let decimals = |groups: &[&str]| {
        let (last, head) = groups.split_last()?;
        (last.len() <= 2).then(|| thousands(head).map(|head| format!("{head}.{last}")))?
    };
    let value = match signs.as_slice() {
        [] => Some(seen.to_owned()),
        [','] => decimals(&groups),
        ['.'] => thousands(&groups).or_else(|| decimals(&groups)),
        [first, rest @ ..] if rest.iter().all(|sign| sign == first) => thousands(&groups),
        ['.', middle @ .., ','] if middle.iter().all(|sign| *sign == '.') => decimals(&groups),
        _ => None,
    }?;
    let bare = value.trim_start_matches('0');
    Some(match bare.chars().next() {
        Some(first) if first.is_ascii_digit() => bare.to_owned(),
        _ => format!("0{bare}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str) -> String {
        read(text).shown()
    }

    #[test]
    fn numbers_end_before_their_unit() {
        for (text, expected) in [
            (": 1.600.000.000 đồng", "1600000000"),
            ("250,5 m²", "250.5"),
            ("250.5m2", "250.5"),
            ("892,50 m2; tờ bản đồ", "892.50"),
            ("1.250,5 m²", "1250.5"),
            ("1,600,000 đồng", "1600000"),
            ("75 m²", "75"),
            ("075", "75"),
            ("0,5 ha", "0.5"),
            ("250,125 m²", "250,125 (breaks its rule)"),
            ("89 2,5 m²", "89 (breaks its rule)"),
            ("25O m²", "25 (breaks its rule)"),
            ("1.60.000", "1.60.000 (breaks its rule)"),
            ("......", "blank"),
            ("năm mươi", "unreadable"),
        ] {
            assert_eq!(check(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_number_with_dots_is_read_back(number in 0_u64..10_000_000_000, tenth in proptest::option::of(0_u8..10)) {
            let figures = number.to_string();
            let mut dotted = String::new();
            for (index, figure) in figures.chars().enumerate() {
                if index > 0 && (figures.len() - index) % 3 == 0 {
                    dotted.push('.');
                }
                dotted.push(figure);
            }
            let (written, expected) = match tenth {
                Some(tenth) => (format!("{dotted},{tenth}"), format!("{number}.{tenth}")),
                None => (dotted, figures),
            };
            prop_assert_eq!(check(&format!(": {written} đồng")), expected);
        }

        #[test]
        fn a_normal_form_is_its_own_normal_form(text in "[0-9]{1,6}([.,][0-9]{1,4}){0,3}") {
            if let Some(normal) = whole(&text) {
                prop_assert_eq!(whole(&normal), Some(normal.clone()));
            }
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,40}") {
            if let Read::Value(value) = read(&text) {
                prop_assert!(text.get(value.start..value.end).is_some());
            }
            let _ = whole(&text);
        }
    }
}
