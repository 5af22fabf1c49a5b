//! Vietnamese writing brought to forms that can be compared.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// NFC, with the look-alikes of Đ (U+00D0 Eth, U+0189 African D) made Đ and
/// white space made single spaces. The spelling stays as written.
pub fn normalise(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !normal.is_empty() {
            normal.push(' ');
        }
        normal.extend(word.nfc().map(|letter| match letter {
            '\u{00D0}' | '\u{0189}' => 'Đ',
            '\u{00F0}' | '\u{0256}' => 'đ',
            other => other,
        }));
    }
    normal
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
    const TONES: [char; 5] = ['\u{0300}', '\u{0301}', '\u{0303}', '\u{0309}', '\u{0323}'];
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let mut letters: Vec<char> = word.nfd().collect();
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
        words.push(letters.into_iter().nfc().collect());
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn look_alike_letters_become_vietnamese_and_spelling_stays() {
        assert_eq!(normalise("729/Q\u{00D0}-TTg"), "729/QĐ-TTg");
        assert_eq!(normalise("  Hoà \n Bình "), "Hoà Bình");
        assert_eq!(normalise("Nguye\u{0302}\u{0303}n"), "Nguyễn");
    }
}
