//! Vietnamese writing brought to forms that can be compared.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// NFC, with the look-alikes of Đ (U+00D0 Eth, U+0189 African D) made Đ, white
/// space made single spaces, and signs without width left out. The spelling stays
/// as written.
pub fn normalise(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let letters = word.chars().filter(|letter| !has_no_width(*letter));
        let word: String = tones_last(letters.nfd()).into_iter().nfc().collect();
        if word.is_empty() {
            continue;
        }
        if !normal.is_empty() {
            normal.push(' ');
        }
        normal.extend(word.chars().map(|letter| match letter {
            '\u{00D0}' | '\u{0189}' => 'Đ',
            '\u{00F0}' | '\u{0256}' => 'đ',
            other => other,
        }));
    }
    normal
}

/// Soft hyphen, zero-width space and joiners, direction marks, byte order mark:
/// PDF files and codes carry them, and nobody sees that two texts differ by one.
fn has_no_width(letter: char) -> bool {
    matches!(
        letter,
        '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}'
    )
}

const TONES: [char; 5] = ['\u{0300}', '\u{0301}', '\u{0303}', '\u{0309}', '\u{0323}'];

/// Brings the tone behind the mark of its letter: "e, tilde, circumflex" is ễ too,
/// which NFC alone does not see.
fn tones_last(letters: impl Iterator<Item = char>) -> Vec<char> {
    let mut ordered: Vec<char> = Vec::new();
    for letter in letters {
        let marks_letter = matches!(letter, '\u{0302}' | '\u{0306}' | '\u{031B}');
        let tones = ordered
            .iter()
            .rev()
            .take_while(|before| TONES.contains(before))
            .count();
        if marks_letter && tones > 0 {
            ordered.insert(ordered.len() - tones, letter);
        } else {
            ordered.push(letter);
        }
    }
    ordered
}

/// Lower case without tones, hooks and bars: "Nguyễn" and "nguyen", "Đông" and
/// "dong" fold to the same. For search and for finding labels, never for showing.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text
        .nfd()
        .filter(|letter| !is_combining_mark(*letter))
        .flat_map(char::to_lowercase)
    {
        folded.push(match letter {
            'đ' | '\u{00F0}' | '\u{0256}' => 'd',
            other => other,
        });
    }
    folded
}

/// Equal but for spelling habits that change nothing: normal form, and the place
/// of the tone mark in "hòa" and "hoà", "thúy" and "thuý".
pub fn same_spelling(one: &str, other: &str) -> bool {
    old_tone_placement(&normalise(one)) == old_tone_placement(&normalise(other))
}

/// One text for all ways of writing the same spelling: equal for two texts
/// exactly when [`same_spelling`] says so. For an index, never for showing.
pub fn spelling(text: &str) -> String {
    old_tone_placement(&normalise(text))
}

/// Pulls the tone mark of oa, oe, uy at the end of a word to the first vowel,
/// on decomposed text.
fn old_tone_placement(text: &str) -> String {
    let mut placed = String::with_capacity(text.len());
    let mut word: Vec<char> = Vec::new();
    for letter in text.nfd() {
        if letter.is_alphabetic() || is_combining_mark(letter) {
            word.push(letter);
        } else {
            placed.extend(
                old_tone_of_word(std::mem::take(&mut word))
                    .into_iter()
                    .nfc(),
            );
            placed.push(letter);
        }
    }
    placed.extend(old_tone_of_word(word).into_iter().nfc());
    placed
}

fn old_tone_of_word(mut letters: Vec<char>) -> Vec<char> {
    if let [.., first, second, tone] = letters.as_slice() {
        let pair = (first.to_ascii_lowercase(), second.to_ascii_lowercase());
        // After q the u belongs to the consonant: "quý" has one placement only.
        let after_q = letters.len() > 3 && matches!(letters[letters.len() - 4], 'q' | 'Q');
        if TONES.contains(tone)
            && matches!(pair, ('o', 'a' | 'e') | ('u', 'y'))
            && !(after_q && pair.0 == 'u')
        {
            let tone = *tone;
            let end = letters.len();
            letters.truncate(end - 1);
            letters.insert(end - 2, tone);
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folding_finds_names_without_their_marks() {
        assert_eq!(fold("Nguyễn Đông"), "nguyen dong");
        assert_eq!(fold("ĐẶNG THỊ ƯỚC"), "dang thi uoc");
        assert_eq!(fold("QUYẾT ĐỊNH"), fold("QUYẾT \u{00D0}ỊNH"));
    }

    #[test]
    fn both_tone_placements_are_one_spelling() {
        for (one, other) in [
            ("Hòa Bình", "Hoà Bình"),
            ("Thúy", "Thuý"),
            ("HÒA", "HOÀ"),
            ("khỏe", "khoẻ"),
        ] {
            assert!(same_spelling(one, other), "{one} {other}");
        }
        for (one, other) in [("Hòa", "Hóa"), ("quý", "qúy"), ("Hoa", "Hoà")] {
            assert!(!same_spelling(one, other), "{one} {other}");
        }
    }

    #[test]
    fn signs_beside_a_word_do_not_hide_its_tone_placement() {
        for (one, other) in [
            ("xã Hòa, tỉnh", "xã Hoà, tỉnh"),
            ("(Thúy)", "(Thuý)"),
            ("Hòa-Bình", "Hoà-Bình"),
        ] {
            assert!(same_spelling(one, other), "{one} {other}");
        }
        assert_eq!(spelling("HOÀ."), "HÒA.");
    }

    #[test]
    fn marks_in_any_order_and_signs_without_width_make_no_difference() {
        assert_eq!(normalise("Nguye\u{0303}\u{0302}n"), "Nguyễn");
        assert_eq!(normalise("Phu\u{0300}\u{031B}o\u{031B}ng"), "Phừơng");
        assert_eq!(
            normalise("\u{FEFF}Hòa\u{200B} \u{200B} Bình\u{00AD}"),
            "Hòa Bình"
        );
    }

    proptest! {
        #[test]
        fn what_is_normal_stays_so(text in "\\PC{0,40}") {
            let normal = normalise(&text);
            prop_assert_eq!(normalise(&normal), normal);
        }

        #[test]
        fn spelling_and_folding_settle_at_once(text in "[a-zA-ZăâđêôơưĂÂĐÊÔƠƯàáảãạèéẻẽẹòóỏõọùúủũụỳýỷỹỵ ,.'-]{0,40}") {
            prop_assert_eq!(spelling(&spelling(&text)), spelling(&text));
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
            prop_assert!(same_spelling(&text, &spelling(&text)));
        }

        // Both placements, in both normal forms and any capitals, are one spelling.
        #[test]
        fn every_open_syllable_has_one_spelling(
            initial in "(h|th|t|l|kh|ng|)", pair in "(oa|oe|uy)", tone in prop::sample::select(TONES.to_vec()),
            upper in any::<bool>(), after in "[ ,.)]{0,2}"
        ) {
            let (first, second) = pair.split_at(1);
            let case = |text: String| if upper { text.to_uppercase() } else { text };
            let old = case(format!("{initial}{first}{tone}{second}{after}x"));
            let new = case(format!("{initial}{first}{second}{tone}{after}x"));
            if after.is_empty() {
                prop_assert!(!same_spelling(&old, &new), "before a final consonant there is one placement");
            } else {
                prop_assert!(same_spelling(&old, &new));
                prop_assert!(same_spelling(&old.nfd().collect::<String>(), &new.nfc().collect::<String>()));
            }
        }

        #[test]
        fn look_alikes_of_the_barred_letter_are_one(text in "[ĐđÐðƉɖ]{1,8}") {
            prop_assert!(normalise(&text).chars().all(|letter| matches!(letter, 'Đ' | 'đ')));
            prop_assert!(fold(&text).chars().all(|letter| letter == 'd'));
        }
    }

    #[test]
    fn look_alike_letters_become_vietnamese_and_spelling_stays() {
        assert_eq!(normalise("729/Q\u{00D0}-TTg"), "729/QĐ-TTg");
        assert_eq!(normalise("  Hoà \n Bình "), "Hoà Bình");
        assert_eq!(normalise("Nguye\u{0302}\u{0303}n"), "Nguyễn");
    }
}
