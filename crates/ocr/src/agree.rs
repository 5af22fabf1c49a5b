//! Two engines' readings of one line, laid beside each other.
//!
//! **What counts as equal.** Two readings of a word agree when they are the same
//! text after [`domain::fold::same_spelling`] (normal form, look-alike Đ, place
//! of the tone mark), whatever dash (- ‐ – — −) or quotation mark was printed.
//! Everything else differs: letter case, every digit, every mark of punctuation.
//! An engine that is itself unsure (below [`SURE_ENOUGH`]) has no voice: with it
//! nothing is agreed. That costs one agreed word in a hundred and takes away a
//! third of those that are agreed and wrong.
//!
//! **Where words begin.** The characters of both readings are aligned, and a word
//! ends wherever either engine saw a space: "729 /QĐ-TTg" and "729/QĐ-TTg" become
//! the two words "729" and "/QĐ-TTg", agreed both.
//!
//! **Which reading is better.** Measured on sixteen papers: where the two differ
//! and one is right, Tesseract is right in four of five cases, and nearly always
//! when it is very sure; the neural engine is right when it is very sure and
//! Tesseract is not. The rule of [`better`] picks the wrong one in a tenth of
//! these cases, against a fifth for always Tesseract. On handwriting the neural
//! engine leads, since Tesseract loses it or makes other numbers of it.

use domain::engine::Engine;
use domain::fold::{fold, same_spelling};
use domain::geometry::Rectangle;
use domain::recognised_text::{Reading, Word};

use crate::tesseract::TesseractWord;

/// Below this confidence an engine's reading agrees with nothing.
const SURE_ENOUGH: f32 = 0.5;
/// From this confidence on, Tesseract's reading is taken.
const TESSERACT_SURE: f32 = 0.95;
/// Else, from this confidence on, the neural engine's.
const NEURAL_SURE: f32 = 0.97;
/// Else Tesseract's, unless it falls below this part of the neural engine's
/// confidence: Tesseract's scale is the more modest.
const TESSERACT_HANDICAP: f32 = 0.65;

/// Costs of the alignment. A letter with another mark is nearer than another
/// letter, and a missing letter is nearer than two wrong ones.
const OTHER_MARK: u32 = 1;
const OTHER_LETTER: u32 = 3;
const MISSING: u32 = 2;
/// Added when two letters stand apart by more than a line height on the page.
const ELSEWHERE: u32 = 6;

/// Lays Tesseract's words beside those that the neural engine read on a line.
/// The words keep their handwritten flags.
pub(crate) fn lay_side_by_side(neural: &[Word], tesseract: &[TesseractWord]) -> Vec<Word> {
    let ours: Vec<Letter> = neural
        .iter()
        .enumerate()
        .filter_map(|(index, word)| Some((index, word.reading(Engine::Neural)?, word)))
        .flat_map(|(index, reading, word)| {
            letters(index, &reading.text, reading.confidence, &word.outline)
        })
        .collect();
    let theirs: Vec<Letter> = tesseract
        .iter()
        .enumerate()
        .flat_map(|(index, word)| letters(index, &word.text, word.confidence, &word.outline))
        .collect();
    let height = neural
        .iter()
        .map(|word| word.outline.height)
        .max()
        .unwrap_or(30);
    let columns = align(&ours, &theirs, height as f32);
    cuts(&columns)
        .into_iter()
        .map(|columns| word(columns, neural))
        .collect()
}

/// Whether two readings of a word are one text.
pub(crate) fn same(one: &str, other: &str) -> bool {
    same_spelling(&plain_marks(one), &plain_marks(other))
}

fn plain_marks(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
            '“' | '”' | '„' | '‟' => '"',
            '‘' | '’' | 'ʼ' | '´' | '`' => '\'',
            other => other,
        })
        .collect()
}

/// A letter of one reading.
#[derive(Clone, Copy, Debug)]
struct Letter {
    /// Index of its word.
    word: usize,
    character: char,
    confidence: f32,
    /// Its share of the word's box.
    left: f32,
    right: f32,
    top: u32,
    bottom: u32,
}

fn letters(word: usize, text: &str, confidence: f32, outline: &Rectangle) -> Vec<Letter> {
    let count = text.chars().count().max(1) as f32;
    let share = outline.width as f32 / count;
    (0u16..)
        .zip(text.chars())
        .map(|(index, character)| Letter {
            word,
            character,
            confidence,
            left: outline.x as f32 + f32::from(index) * share,
            right: outline.x as f32 + (f32::from(index) + 1.0) * share,
            top: outline.y,
            bottom: outline.bottom(),
        })
        .collect()
}

/// One place of the alignment: a letter of ours, of theirs, or both.
#[derive(Clone, Copy, Debug)]
struct Column {
    ours: Option<Letter>,
    theirs: Option<Letter>,
}

/// The cheapest alignment of the two readings, letter by letter.
fn align(ours: &[Letter], theirs: &[Letter], height: f32) -> Vec<Column> {
    let width = theirs.len() + 1;
    let mut cost = vec![0u32; (ours.len() + 1) * width];
    let pairing = |one: &Letter, other: &Letter| {
        let apart = (f32::midpoint(one.left, one.right) - f32::midpoint(other.left, other.right))
            .abs()
            > 1.5 * height;
        let letters = if same_letter(one.character, other.character) {
            0
        } else if fold(one.character.encode_utf8(&mut [0; 4]))
            == fold(other.character.encode_utf8(&mut [0; 4]))
        {
            OTHER_MARK
        } else {
            OTHER_LETTER
        };
        letters + if apart { ELSEWHERE } else { 0 }
    };
    for row in 0..=ours.len() {
        for column in 0..=theirs.len() {
            let at = row * width + column;
            cost[at] = match (row, column) {
                (0, column) => MISSING * column as u32,
                (row, 0) => MISSING * row as u32,
                (row, column) => (cost[at - width - 1]
                    + pairing(&ours[row - 1], &theirs[column - 1]))
                .min(cost[at - width] + MISSING)
                .min(cost[at - 1] + MISSING),
            };
        }
    }
    let (mut row, mut column) = (ours.len(), theirs.len());
    let mut columns = Vec::new();
    while row > 0 || column > 0 {
        let at = row * width + column;
        let paired = row > 0
            && column > 0
            && cost[at] == cost[at - width - 1] + pairing(&ours[row - 1], &theirs[column - 1]);
        let only_ours = !paired && row > 0 && cost[at] == cost[at - width] + MISSING;
        columns.push(Column {
            ours: (paired || only_ours).then(|| ours[row - 1]),
            theirs: (!only_ours).then(|| theirs[column - 1]),
        });
        row -= usize::from(paired || only_ours);
        column -= usize::from(!only_ours);
    }
    columns.reverse();
    columns
}

fn same_letter(one: char, other: char) -> bool {
    one == other || plain_marks(&one.to_string()) == plain_marks(&other.to_string())
}

/// Cuts the alignment into words, where either reading begins a new one.
fn cuts(columns: &[Column]) -> Vec<&[Column]> {
    let mut words = Vec::new();
    let mut start = 0;
    let (mut our_word, mut their_word) = (None, None);
    for (index, column) in columns.iter().enumerate() {
        let ours = column.ours.map(|letter| letter.word);
        let theirs = column.theirs.map(|letter| letter.word);
        let begins = |now: Option<usize>, before: Option<usize>| {
            now.is_some() && before.is_some() && now != before
        };
        if index > start && (begins(ours, our_word) || begins(theirs, their_word)) {
            words.push(&columns[start..index]);
            start = index;
        }
        our_word = ours.or(our_word);
        their_word = theirs.or(their_word);
    }
    if start < columns.len() {
        words.push(&columns[start..]);
    }
    words
}

fn word(columns: &[Column], neural: &[Word]) -> Word {
    let ours: Vec<Letter> = columns.iter().filter_map(|column| column.ours).collect();
    let theirs: Vec<Letter> = columns.iter().filter_map(|column| column.theirs).collect();
    let readings: Vec<Reading> = [(Engine::Neural, &ours), (Engine::Tesseract, &theirs)]
        .into_iter()
        .filter(|(_, letters)| !letters.is_empty())
        .map(|(engine, letters)| Reading {
            engine,
            text: letters.iter().map(|letter| letter.character).collect(),
            confidence: letters
                .iter()
                .map(|letter| letter.confidence)
                .fold(1.0, f32::min),
        })
        .collect();
    let handwritten = ours.iter().any(|letter| neural[letter.word].handwritten);
    let agreed = match readings.as_slice() {
        [one, other] => {
            one.confidence.min(other.confidence) >= SURE_ENOUGH && same(&one.text, &other.text)
        }
        _ => false,
    };
    Word {
        text: better(&readings, handwritten).to_owned(),
        outline: outline(if ours.is_empty() { &theirs } else { &ours }),
        readings,
        agreed,
        handwritten,
    }
}

/// The text of the better reading; see the head of this module.
fn better(readings: &[Reading], handwritten: bool) -> &str {
    let of = |engine| readings.iter().find(|reading| reading.engine == engine);
    let better = match (of(Engine::Neural), of(Engine::Tesseract)) {
        (Some(neural), Some(tesseract)) => {
            let takes_tesseract = !handwritten
                && (tesseract.confidence >= TESSERACT_SURE
                    || (neural.confidence < NEURAL_SURE
                        && tesseract.confidence >= TESSERACT_HANDICAP * neural.confidence));
            Some(if takes_tesseract { tesseract } else { neural })
        }
        (one, other) => one.or(other),
    };
    better.map_or("", |reading| reading.text.as_str())
}

fn outline(letters: &[Letter]) -> Rectangle {
    let left = letters
        .iter()
        .map(|letter| letter.left)
        .fold(f32::MAX, f32::min);
    let right = letters
        .iter()
        .map(|letter| letter.right)
        .fold(0.0, f32::max);
    let top = letters.iter().map(|letter| letter.top).min().unwrap_or(0);
    let bottom = letters
        .iter()
        .map(|letter| letter.bottom)
        .max()
        .unwrap_or(1);
    let x = left.round() as u32;
    Rectangle::new(
        x,
        top,
        (right.round() as u32).saturating_sub(x).max(1),
        bottom.saturating_sub(top).max(1),
    )
}

#[cfg(test)]
mod tests {
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
        let theirs: Vec<TesseractWord> = places(tesseract)
            .into_iter()
            .map(|(text, outline)| TesseractWord {
                text,
                confidence: tesseract_sure,
                outline,
            })
            .collect();
        lay_side_by_side(&ours, &theirs)
    }

    /// What comes of two readings: the words, `?` before those not agreed.
    fn check(neural: &str, tesseract: &str, expected: &str) {
        let words = lay(neural, SURE, tesseract, SURE, false);
        let found: Vec<String> = words
            .iter()
            .map(|word| {
                let doubt = if word.agreed { "" } else { "?" };
                format!("{doubt}{}", word.text)
            })
            .collect();
        assert_eq!(found.join(" "), expected, "{neural} / {tesseract}");
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
}
