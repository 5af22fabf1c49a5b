//! Names of people, in the order in which people look for them.

use std::cmp::Ordering;

use unicode_normalization::UnicodeNormalization as _;

use crate::fold::{normalise, spelling};

/// The Vietnamese alphabet; `w`, `z`, `f` and `j`, which names of other peoples
/// have, stand where the Latin alphabet has them.
const ALPHABET: &str = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";

/// The tones in dictionary order: level, falling, asking, tumbling, rising, heavy.
const TONES: [char; 5] = ['\u{0300}', '\u{0309}', '\u{0303}', '\u{0301}', '\u{0323}'];

/// A name's place in a list: given name first, then family name, then what stands
/// between, each in the order of the Vietnamese alphabet. "Trần Bình" stands
/// before "Lê Văn Cường". The name itself stays as written.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NameOrder {
    words: Vec<WordOrder>,
    /// Two names that differ in capitals or tone placement only still have a fixed
    /// order.
    written: String,
}

/// Letters decide first, then the tone: ma, mà, mả, mã, má, mạ, mac.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct WordOrder {
    letters: Vec<usize>,
    tones: Vec<usize>,
}

// A name is personal data.
impl std::fmt::Debug for NameOrder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NameOrder").finish_non_exhaustive()
    }
}

impl NameOrder {
    /// The place of a name.
    pub fn of(name: &str) -> Self {
        let written = normalise(name);
        let words: Vec<&str> = written.split(' ').filter(|word| !word.is_empty()).collect();
        let ordered = match words.as_slice() {
            [family, middle @ .., given] => {
                let mut ordered = vec![*given, *family];
                ordered.extend(middle);
                ordered
            }
            words => words.to_vec(),
        };
        Self {
            words: ordered.into_iter().map(WordOrder::of).collect(),
            written,
        }
    }
}

/// Compares two names as a list of people shows them.
pub fn compare_names(one: &str, other: &str) -> Ordering {
    NameOrder::of(one).cmp(&NameOrder::of(other))
}

impl WordOrder {
    fn of(word: &str) -> Self {
        let mut letters = Vec::new();
        let mut tones = Vec::new();
        // Decomposed, ă is a and a breve: tones are taken off, and the rest put
        // together again.
        let toneless: String = spelling(word)
            .to_lowercase()
            .nfd()
            .filter(
                |letter| match TONES.iter().position(|tone| tone == letter) {
                    Some(tone) => {
                        tones.push(tone + 1);
                        false
                    }
                    None => true,
                },
            )
            .collect();
        for letter in toneless.nfc() {
            let place = ALPHABET.chars().position(|other| other == letter);
            letters.push(place.unwrap_or(ALPHABET.len() + letter as usize));
        }
        Self { letters, tones }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(names: &[&str]) {
        for (at, one) in names.iter().enumerate() {
            for other in &names[at + 1..] {
                assert_eq!(compare_names(one, other), Ordering::Less, "{one} | {other}");
            }
        }
    }

    #[test]
    fn the_given_name_comes_first_then_the_family_name() {
        check(&[
            "Trần Văn An",
            "Lê Thị Bình",
            "Trần Bình",
            "Trần Thị Bình",
            "Trần Văn Bình",
            "An Văn Cường",
        ]);
    }

    #[test]
    fn letters_and_tones_stand_in_vietnamese_order() {
        check(&[
            "Lê A", "Lê Ă", "Lê Â", "Lê B", "Lê D", "Lê Đ", "Lê E", "Lê Ê", "Lê O", "Lê Ô", "Lê Ơ",
            "Lê U", "Lê Ư", "Lê Y",
        ]);
        check(&[
            "Lê Ma", "Lê Mà", "Lê Mả", "Lê Mã", "Lê Má", "Lê Mạ", "Lê Mai",
        ]);
        check(&["Lê Dung", "Lê Dũng", "Lê Dúng", "Lê Đức"]);
    }

    #[test]
    fn capitals_and_tone_placement_do_not_part_people() {
        check(&["LÊ HOÀ", "Lê Hoàn"]);
        check(&["Lê Hòa", "LÊ HOÀN"]);
        check(&["NGUYỄN VĂN AN", "Nguyễn Văn An", "NGUYỄN VĂN BÌNH"]);
    }

    proptest! {
        #[test]
        fn any_two_names_have_one_order(one in "\\PC{0,20}", other in "\\PC{0,20}") {
            let forth = compare_names(&one, &other);
            prop_assert_eq!(forth, compare_names(&other, &one).reverse());
            prop_assert_eq!(forth == Ordering::Equal, normalise(&one) == normalise(&other));
        }
    }
}
