//! Two readings side by side, and a third that is heard.

use super::*;

const SURE: f32 = 0.9;

/// Words of one reading, spaces between them, ten pixels a letter.
fn places(text: &str) -> Vec<(String, Rectangle)> {
    let mut x = 0;
    text.split(' ')
        .map(|word| {
            let width = 10 * word.chars().count() as u32;
            let outline = Rectangle::new(x, 0, width, 30);
            x += width + 10;
            (word.to_owned(), outline)
        })
        .filter(|(word, _)| !word.is_empty())
        .collect()
}

fn lay(
    neural: &str,
    neural_sure: f32,
    tesseract: &str,
    tesseract_sure: f32,
    hand: bool,
) -> Vec<Word> {
    let ours: Vec<Word> = places(neural)
        .into_iter()
        .map(|(text, outline)| Word {
            readings: vec![Reading {
                engine: Engine::Neural,
                text: text.clone(),
                confidence: neural_sure,
            }],
            text,
            outline,
            agreed: false,
            handwritten: hand,
        })
        .collect();
    lay_side_by_side(&ours, &seen(tesseract, tesseract_sure))
}

/// What an engine saw that is equally sure of every word.
fn seen(text: &str, confidence: f32) -> Vec<SeenWord> {
    places(text)
        .into_iter()
        .map(|(text, outline)| SeenWord {
            text,
            confidence,
            outline,
        })
        .collect()
}

/// The words, `?` before those not agreed.
fn shown(words: &[Word]) -> String {
    let words: Vec<String> = words
        .iter()
        .map(|word| {
            let doubt = if word.agreed { "" } else { "?" };
            format!("{doubt}{}", word.text)
        })
        .collect();
    words.join(" ")
}

/// What comes of two readings.
fn check(neural: &str, tesseract: &str, expected: &str) {
    let words = lay(neural, SURE, tesseract, SURE, false);
    assert_eq!(shown(&words), expected, "{neural} / {tesseract}");
    for word in &words {
        assert!(
            word.readings.len() == 2 || !word.agreed,
            "one voice agrees with nobody"
        );
    }
}

#[test]
fn equal_readings_agree_and_others_do_not() {
    check("Hà Nội, ngày", "Hà Nội, ngày", "Hà Nội, ngày");
    check("Hoà Bình", "Hòa Bình", "Hòa Bình");
    check("Tự do – Hạnh", "Tự do - Hạnh", "Tự do - Hạnh");
    check("“dầu hỏa”", "\"dầu hỏa\"", "\"dầu hỏa\"");
    check("729/Q\u{00D0}-TTg", "729/QĐ-TTg", "729/QĐ-TTg");
    check("chúc Phủ", "chức phủ", "?chức ?phủ");
    check("2025;", "2025,", "?2025,");
    check("115", "445", "?445");
}

#[test]
fn a_word_ends_wherever_either_engine_saw_a_space() {
    check("729/QĐ-TTg", "729 /QĐ-TTg", "729 /QĐ-TTg");
    check("729 /QĐ-TTg", "729/QĐ-TTg", "729 /QĐ-TTg");
    check("Nội,ngày 23", "Nội, ngày23", "Nội, ngày 23");
    check("Nội,ngay 5", "Nội, ngày 6", "Nội, ?ngày ?6");
}

#[test]
fn what_one_engine_lost_stays_with_one_reading() {
    check("Số: 5 /NQ", "Số: 11 5 /NQ", "Số: ?11 5 /NQ");
    check("a bc d", "a d", "a ?bc d");
    check("", "một hai", "?một ?hai");
    check("một hai", "", "?một ?hai");
    check("", "", "");
}

#[test]
fn an_unsure_engine_has_no_voice() {
    let agreed = |ours, theirs| lay("năm", ours, "năm", theirs, false)[0].agreed;
    assert!(agreed(0.9, 0.9));
    assert!(!agreed(0.4, 0.9), "the neural engine guessed");
    assert!(!agreed(0.9, 0.4), "Tesseract guessed");
}

#[test]
fn the_surer_reading_is_taken_and_on_handwriting_the_neural_one() {
    let better = |ours, theirs, hand| lay("phố", ours, "phó", theirs, hand)[0].text.clone();
    assert_eq!(better(0.99, 0.96, false), "phó");
    assert_eq!(better(0.99, 0.9, false), "phố");
    assert_eq!(better(0.9, 0.7, false), "phó");
    assert_eq!(better(0.9, 0.3, false), "phố");
    assert_eq!(better(0.5, 0.96, true), "phố");
}

#[test]
fn a_word_keeps_its_place_and_a_part_its_share() {
    let words = lay("ab 729/QĐ", SURE, "ab 729 /QĐ", SURE, false);
    let places: Vec<(u32, u32)> = words
        .iter()
        .map(|word| (word.outline.x, word.outline.right()))
        .collect();
    assert_eq!(places, [(0, 20), (30, 60), (60, 90)]);
}

/// What a third reading makes of two others: the words, `?` before those not agreed.
fn check_third(neural: &str, tesseract: &str, third: &str, sure: f32, expected: &str) {
    let mut words = lay(neural, SURE, tesseract, SURE, false);
    let seen: Vec<SeenWord> = places(third)
        .into_iter()
        .map(|(text, outline)| SeenWord {
            text,
            confidence: sure,
            outline,
        })
        .collect();
    hear_third(&mut words, Engine::Aster, &seen);
    let found: Vec<String> = words
        .iter()
        .map(|word| {
            let doubt = if word.agreed { "" } else { "?" };
            format!("{doubt}{}", word.text)
        })
        .collect();
    assert_eq!(
        found.join(" "),
        expected,
        "{neural} / {tesseract} / {third}"
    );
}

#[test]
fn a_sure_third_decides_for_one_of_two() {
    check_third("xã Thượng", "xã Thương", "xã Thượng", 0.99, "xã Thượng");
    check_third("xã Thượng", "xã Thương", "xã Thương", 0.99, "xã Thương");
    check_third("xã Thượng", "xã Thương", "xã Thượng", 0.9, "xã ?Thượng");
}

#[test]
fn what_two_engines_surely_agree_on_is_not_asked_again() {
    check_third("xã Thượng", "xã Thượng", "xa Thương", 0.99, "xã Thượng");
}

#[test]
fn a_third_that_reads_otherwise_casts_doubt_on_two_that_are_not_sure() {
    let third = |text: &str| {
        let mut words = lay("buổi", 0.8, "buổi", 0.95, false);
        assert!(words[0].agreed);
        let seen = [SeenWord {
            text: text.into(),
            confidence: 0.3,
            outline: words[0].outline,
        }];
        hear_third(&mut words, Engine::Aster, &seen);
        (words[0].agreed, words[0].text.clone())
    };
    assert_eq!(third("buổi"), (true, "buổi".into()));
    assert_eq!(third("buối"), (false, "buổi".into()));
}

#[test]
fn letters_that_two_of_three_saw_make_the_text_and_no_certainty() {
    check_third("Nguyên", "Nguyền", "Nguyễn", 0.99, "?Nguyễn");
    check_third(
        "17/0B/1994",
        "11/08/1994",
        "17/08/1984",
        0.99,
        "?17/08/1994",
    );
}

#[test]
fn three_readings_cut_into_words_as_the_first_two_saw_them() {
    check_third(
        "729 /QĐ-TTg",
        "729 /QD-TTg",
        "729/QĐ-TTg",
        0.99,
        "729 /QĐ-TTg",
    );
    check_third(
        "ngày 5 tháng",
        "ngày S tháng",
        "ngày5tháng",
        0.99,
        "ngày 5 tháng",
    );
}

#[test]
fn what_the_third_does_not_see_stays_open() {
    check_third("một hai", "một haí", "một", 0.99, "một ?haí");
    check_third("một hai", "một haí", "", 0.99, "một ?haí");
}

#[test]
fn three_that_read_the_same_agree_however_unsure_one_was() {
    let mut words = lay("năm", 0.4, "năm", 0.9, false);
    assert!(!words[0].agreed);
    let seen = [SeenWord {
        text: "năm".into(),
        confidence: 0.6,
        outline: words[0].outline,
    }];
    hear_third(&mut words, Engine::Aster, &seen);
    assert!(words[0].agreed);
    assert_eq!(words[0].readings.len(), 3);
}
