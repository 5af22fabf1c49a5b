//! Names of people, as written.

use domain::fold::normalise;

use crate::read::{Read, Value, is_filler};

/// A name has two to seven words.
const WORDS: std::ops::RangeInclusive<usize> = 2..=7;

/// Reads the name at the beginning of a text. It ends before a word in lower
/// case, a digit, or a sign that no name holds. Where it runs into other words
/// without a sign between ("NGUYỄN VĂN AN Dân tộc"), its end is not sure.
pub(crate) fn read(text: &str) -> Read {
    let mut parts: Vec<&str> = Vec::new();
    let mut noise = false;
    let mut sound = true;
    for word in text.split_whitespace() {
        let trimmed = word.trim_start_matches(is_filler);
        if trimmed.is_empty() {
            if parts.is_empty() {
                continue;
            }
            // A dash or comma ends a name; a speck of dots within one is noise.
            if word.contains(['-', '–', '—', ',', ';', '|']) {
                break;
            }
            noise = true;
            continue;
        }
        let bare = trimmed.trim_end_matches(is_filler);
        if !is_name_word(bare) {
            sound &= !bare.starts_with(char::is_alphabetic);
            break;
        }
        sound &= !noise;
        parts.push(bare);
        if bare.len() < trimmed.len() {
            break;
        }
    }
    // The first word of the next label: capitals before it, small letters in it.
    if let [head @ .., last] = parts.as_slice()
        && head.iter().all(|word| is_capitals(word))
        && head.iter().any(|word| word.chars().count() > 1)
        && !is_capitals(last)
    {
        sound = false;
        parts.pop();
    }
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        return if text.chars().any(char::is_alphanumeric) {
            Read::Unreadable
        } else {
            Read::Blank
        };
    };
    let (start, end) = (offset(text, first), offset(text, last) + last.len());
    Read::Value(Value {
        text: normalise(&text[start..end]),
        start,
        end,
        sound: sound && WORDS.contains(&parts.len()),
    })
}

/// Where a part of a text begins in it.
fn offset(text: &str, part: &str) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}

fn is_capitals(word: &str) -> bool {
    !word.chars().any(char::is_lowercase)
}

fn is_name_word(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
        && word
            .chars()
            .all(|letter| letter.is_alphabetic() || matches!(letter, '\'' | '’' | '-'))
}

/// What a person typed as a name: letters of any case, no digits.
pub(crate) fn is_name(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
        && text.chars().all(|letter| {
            letter.is_alphabetic()
                || matches!(letter, ' ' | '\'' | '’' | '-' | '.' | ',' | '(' | ')')
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
    fn names_keep_their_capitals_and_end_where_they_end() {
        for (text, expected) in [
            (": NGUYỄN VĂN AN", "NGUYỄN VĂN AN"),
            ("Hồ Văn Tám — Số điện thoại: 0987", "Hồ Văn Tám"),
            (": Trần Thị Hải Nam, sinh năm 1990", "Trần Thị Hải Nam"),
            ("Y-Ban H'Mông Niê", "Y-Ban H'Mông Niê"),
            ("Lê Trung Tín", "Lê Trung Tín"),
            ("Lê Trung Tín sinh ngày", "Lê Trung Tín (breaks its rule)"),
            (
                "NGUYỄN VĂN AN Dân tộc: Kinh",
                "NGUYỄN VĂN AN (breaks its rule)",
            ),
            ("NGUYỄN VĂN AN Nam", "NGUYỄN VĂN AN (breaks its rule)"),
            (".........", "blank"),
            ("An", "An (breaks its rule)"),
            ("NGUYỄN ... AN", "NGUYỄN ... AN (breaks its rule)"),
            ("034093012345", "unreadable"),
        ] {
            assert_eq!(check(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_name_in_capitals_is_read_back(words in proptest::collection::vec("[A-ZĐẢẤỄ]{1,6}", 2..7)) {
            let name = words.join(" ");
            prop_assert_eq!(check(&format!(": {name} ; x")), name);
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,60}") {
            if let Read::Value(value) = read(&text) {
                prop_assert!(text.get(value.start..value.end).is_some());
            }
        }
    }
}
