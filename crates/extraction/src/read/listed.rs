//! Names that a list knows: ethnic groups, countries.

use domain::fold::normalise;

use crate::catalogue::lists::Names;
use crate::label::tokens;
use crate::read::{Read, Value, is_filler};

/// The longest name of a list has fewer tokens.
const NAME_TOKENS: usize = 10;

/// Reads the name at the beginning of a text, as written. It is sound only when
/// the list has it with all its marks: "Tay" may be Tày or Tây.
pub(crate) fn read(names: &Names, text: &str) -> Read {
    let tokens = tokens(text);
    let Some(first) = tokens.first() else {
        return Read::Blank;
    };
    let value = |end: usize, sound| {
        Read::Value(Value {
            text: normalise(&text[first.start..end]),
            start: first.start,
            end,
            sound,
        })
    };
    // The longest name first: "Cơ Lao" before "Cơ", "Tày Khao" before "Tày".
    for last in tokens.iter().take(NAME_TOKENS).rev() {
        let seen = &text[first.start..last.end];
        if let Some(listed) = names.find(seen) {
            let ends = text[last.end..]
                .chars()
                .next()
                .is_none_or(|next| next.is_whitespace() || is_filler(next) || next == '(');
            return value(last.end, listed.exact && ends);
        }
    }
    // Nothing the list has: shown as seen, up to the first sign.
    let end = text[first.start..]
        .find([',', ';', ':', '.', '(', '/'])
        .map_or(text.len(), |at| first.start + at);
    let seen = text[first.start..end].trim_end_matches(is_filler);
    if seen.chars().any(char::is_alphabetic) {
        value(first.start + seen.len(), false)
    } else {
        Read::Unreadable
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::lists::Lists;
    use proptest::prelude::*;

    fn check(text: &str) -> String {
        show(read(Lists::default().ethnicities(), text))
    }

    fn check_country(text: &str) -> String {
        show(read(Lists::default().nationalities(), text))
    }

    fn show(read: Read) -> String {
        read.shown()
    }

    #[test]
    fn groups_and_countries_are_read_as_papers_write_them() {
        for (text, expected) in [
            (": Kinh", "Kinh"),
            ("KINH      Quốc tịch: Việt Nam", "KINH"),
            ("Cơ Lao, Việt Nam", "Cơ Lao"),
            ("Bru - Vân Kiều", "Bru - Vân Kiều"),
            ("H’Mông", "H’Mông"),
            ("Êđê", "Êđê"),
            ("Người nước ngoài", "Người nước ngoài"),
            ("Tày", "Tày"),
            ("Tay", "Tay (breaks its rule)"),
            ("Kinb", "Kinb (breaks its rule)"),
            ("......", "blank"),
            ("12", "unreadable"),
        ] {
            assert_eq!(check(text), expected, "{text}");
        }
        for (text, expected) in [
            ("Việt Nam Số định danh", "Việt Nam"),
            ("VIỆT NAM", "VIỆT NAM"),
            ("Lào", "Lào"),
            ("In-đô-nê-xi-a", "In-đô-nê-xi-a"),
            (
                "Cộng hòa xã hội chủ nghĩa Việt Nam",
                "Cộng hòa xã hội chủ nghĩa Việt Nam",
            ),
            ("Viêt Nam", "Viêt Nam (breaks its rule)"),
        ] {
            assert_eq!(check_country(text), expected, "{text}");
        }
    }

    // Decision 121-TCTK/PPCĐ of 02/03/1979.
    #[test]
    fn there_are_fifty_four_groups_and_foreigners() {
        let lists = Lists::default();
        for code in 1..=55 {
            let code = format!("{code:02}");
            assert!(lists.ethnicities().has(&code), "{code}");
        }
        let code = |text| lists.ethnicities().find(text).map(|listed| listed.code);
        for (text, expected) in [
            ("Kinh", "01"),
            ("Mèo", "08"),
            ("Cao Lan", "13"),
            ("ơ đu", "54"),
            ("Người nước ngoài", "55"),
        ] {
            assert_eq!(code(text).as_deref(), Some(expected), "{text}");
        }
        let country = |text| lists.nationalities().find(text).map(|listed| listed.code);
        assert_eq!(country("việt nam").as_deref(), Some("VNM"));
        assert_eq!(country("Mỹ").as_deref(), Some("USA"));
        assert_eq!(country("Atlantis"), None);
    }

    // "Lao" may be nobody's name as long as it may be "Lào" without its mark.
    #[test]
    fn a_lost_mark_never_makes_another_name() {
        let lists = Lists::default();
        for names in [lists.ethnicities(), lists.nationalities()] {
            for (code, written) in names.spellings() {
                let found = names
                    .find(&domain::fold::fold(written))
                    .map(|listed| listed.code);
                assert_eq!(found.as_deref(), Some(code), "{written}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic_and_nothing_is_invented(text in ".{0,60}") {
            if let Read::Value(value) = read(Lists::default().ethnicities(), &text) {
                let seen = text.get(value.start..value.end);
                prop_assert_eq!(seen.map(normalise), Some(value.text));
            }
        }
    }
}
