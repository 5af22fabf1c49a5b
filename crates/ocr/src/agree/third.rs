//! A third engine heard on words on which the first two do not surely agree.
//!
//! **Two of three.** A word is agreed when the third engine, being sure, reads the same
//! as one of the others, or when all three read the same. Measured on 52 drawn pages
//! of all kinds and levels of wear: of 680 words that two engines left open, 456 are
//! agreed so and three of them are wrong, all on faded pages, where nothing is certain;
//! were the third heard however unsure it is, 69 more would be, 17 of them wrong.
//! Where two agree and one of them is not sure, the third must read the same: of 693
//! such words 18 were wrong, and it told 12 of these, with 19 false alarms.
//!
//! **A vote for each letter.** Where all three differ, the letters that two of them
//! share make the text, which a person then looks at: the place of a letter is that
//! of the third reading, the steadiest of the three.

use domain::engine::Engine;
use domain::recognised_text::{Reading, Word};

use super::align::{
    Column, Letter, align, letters, letters_seen, line_height, reading, same, same_letter,
};
use crate::recogniser::SeenWord;

/// From this confidence on, the third engine's reading counts.
const SURE: f32 = 0.95;

/// Lays what a third engine saw in this part of a line beside its words, and lets it
/// decide those that the others left open. Where words begin stays as the first two saw it.
pub(crate) fn hear_third(words: &mut [Word], engine: Engine, seen: &[SeenWord]) {
    let ours: Vec<Letter> = words
        .iter()
        .enumerate()
        .flat_map(|(index, word)| letters(index, &word.text, 1.0, &word.outline))
        .collect();
    let columns = align(&ours, &letters_seen(seen), line_height(words));
    for (index, word) in words.iter_mut().enumerate() {
        if !word.is_left_open() {
            continue;
        }
        let letters: Vec<Letter> = letters_of(&columns, index);
        if letters.is_empty() {
            continue;
        }
        word.readings.push(reading(engine, &letters));
        decide(word);
    }
}

/// The third engine's letters that belong to one of our words: those that stand
/// opposite its letters, and others of the same seen word that stand between or next
/// to them and opposite nothing.
fn letters_of(columns: &[Column], word: usize) -> Vec<Letter> {
    let opposite = |column: &Column| column.ours.map(|letter| letter.word);
    let mut letters = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let Some(theirs) = column.theirs else {
            continue;
        };
        let owner = opposite(column).or_else(|| {
            let near = |column: &&Column| {
                column.theirs.is_some_and(|near| near.word == theirs.word) && column.ours.is_some()
            };
            let before = columns[..at].iter().rev().find(near);
            let after = columns[at..].iter().find(near);
            before.or(after).and_then(opposite)
        });
        if owner == Some(word) {
            letters.push(theirs);
        }
    }
    letters
}

/// What the readings of a word make of it, the third engine's being the last.
fn decide(word: &mut Word) {
    let Some((third, others)) = word.readings.split_last() else {
        return;
    };
    let alike = others.iter().filter(|other| same(&other.text, &third.text));
    word.agreed = match alike.count() {
        0 => false,
        1 => third.confidence >= SURE,
        _ => true,
    };
    if word.agreed {
        word.text.clone_from(&third.text);
    } else if !word.handwritten {
        word.text = vote(&word.readings);
    }
}

/// The letters that most readings share, in the order of the last one.
fn vote(readings: &[Reading]) -> String {
    let Some((last, others)) = readings.split_last() else {
        return String::new();
    };
    // Letters of one word are compared by their order alone: their places on the
    // page differ from engine to engine by as much as a letter is wide.
    let base = spelled(last);
    let others: Vec<Vec<Column>> = others
        .iter()
        .map(|other| align(&base, &spelled(other), f32::MAX))
        .collect();
    let mut text = String::new();
    for (at, letter) in base.iter().enumerate() {
        let heard: Vec<Option<char>> = others
            .iter()
            .map(|columns| {
                let column = columns
                    .iter()
                    .filter(|column| column.ours.is_some())
                    .nth(at);
                column
                    .and_then(|column| column.theirs)
                    .map(|letter| letter.character)
            })
            .collect();
        match heard.as_slice() {
            [Some(one), Some(other)] if same_letter(*one, *other) => text.push(*one),
            [None, None] => {}
            _ => text.push(letter.character),
        }
    }
    text
}

fn spelled(reading: &Reading) -> Vec<Letter> {
    letters(
        0,
        &reading.text,
        reading.confidence,
        &domain::geometry::Rectangle::new(0, 0, 1, 1),
    )
}
