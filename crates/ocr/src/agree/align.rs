//! The letters of two readings, laid beside each other.

use domain::engine::Engine;
use domain::fold::{fold, same_spelling};
use domain::geometry::Rectangle;
use domain::recognised_text::{Reading, Word};

use crate::recogniser::SeenWord;

/// Costs of the alignment. A letter with another mark is nearer than another
/// letter, and a missing letter is nearer than two wrong ones.
const OTHER_MARK: u32 = 1;
const OTHER_LETTER: u32 = 3;
const MISSING: u32 = 2;
/// Added when two letters stand apart by more than a line height on the page.
const ELSEWHERE: u32 = 6;

/// Whether two readings of a word are one text.
pub(super) fn same(one: &str, other: &str) -> bool {
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
pub(super) struct Letter {
    /// Index of its word.
    pub(super) word: usize,
    pub(super) character: char,
    pub(super) confidence: f32,
    /// Its share of the word's box.
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) top: u32,
    pub(super) bottom: u32,
}

pub(super) fn letters(
    word: usize,
    text: &str,
    confidence: f32,
    outline: &Rectangle,
) -> Vec<Letter> {
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

/// The letters that a recogniser saw.
pub(super) fn letters_seen(seen: &[SeenWord]) -> Vec<Letter> {
    seen.iter()
        .enumerate()
        .flat_map(|(index, word)| letters(index, &word.text, word.confidence, &word.outline))
        .collect()
}

/// The height of a line, by its words.
pub(super) fn line_height(words: &[Word]) -> f32 {
    let tallest = words.iter().map(|word| word.outline.height).max();
    tallest.unwrap_or(30) as f32
}

/// An engine's reading made of these letters: as sure as its least sure letter.
pub(super) fn reading(engine: Engine, letters: &[Letter]) -> Reading {
    Reading {
        engine,
        text: letters.iter().map(|letter| letter.character).collect(),
        confidence: letters
            .iter()
            .map(|letter| letter.confidence)
            .fold(1.0, f32::min),
    }
}

/// One place of the alignment: a letter of ours, of theirs, or both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) ours: Option<Letter>,
    pub(super) theirs: Option<Letter>,
}

/// The cheapest alignment of the two readings, letter by letter.
pub(super) fn align(ours: &[Letter], theirs: &[Letter], height: f32) -> Vec<Column> {
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

pub(super) fn same_letter(one: char, other: char) -> bool {
    one == other || plain_marks(&one.to_string()) == plain_marks(&other.to_string())
}
