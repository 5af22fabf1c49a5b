//! The engines' readings of one line, laid beside each other.
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

mod align;
mod third;

use domain::engine::Engine;
use domain::geometry::Rectangle;
use domain::recognised_text::{Reading, Word};

pub(crate) use self::third::hear_third;

use self::align::{Column, Letter, align, letters, letters_seen, line_height, reading, same};
use crate::recogniser::SeenWord;

/// Below this confidence an engine's reading agrees with nothing.
const SURE_ENOUGH: f32 = 0.5;
/// From this confidence on, Tesseract's reading is taken.
const TESSERACT_SURE: f32 = 0.95;
/// Else, from this confidence on, the neural engine's.
const NEURAL_SURE: f32 = 0.97;
/// Else Tesseract's, unless it falls below this part of the neural engine's
/// confidence: Tesseract's scale is the more modest.
const TESSERACT_HANDICAP: f32 = 0.65;

/// Lays Tesseract's words beside those that the neural engine read on a line.
/// The words keep their handwritten flags.
pub(crate) fn lay_side_by_side(neural: &[Word], tesseract: &[SeenWord]) -> Vec<Word> {
    let ours: Vec<Letter> = neural
        .iter()
        .enumerate()
        .filter_map(|(index, word)| Some((index, word.reading(Engine::Neural)?, word)))
        .flat_map(|(index, reading, word)| {
            letters(index, &reading.text, reading.confidence, &word.outline)
        })
        .collect();
    let columns = align(&ours, &letters_seen(tesseract), line_height(neural));
    cuts(&columns)
        .into_iter()
        .map(|columns| word(columns, neural))
        .collect()
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
        .map(|(engine, letters)| reading(engine, letters))
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
mod tests;
