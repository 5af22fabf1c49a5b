//! How far a proposed value may be trusted.
//!
//! `Certain` needs every one of these, and each has its own doubt when it is
//! missing: two engines read every word of the value and agree, or each alone
//! comes to the same item of a closed list; nothing in it looks written by hand;
//! the rule of its type holds; its label or landmark was found; nothing on the
//! paper contradicts it; the page image is not bad; and the kind of paper is
//! settled. A decisive field that people usually fill in by pen
//! needs more: no engine that reads anything else, the first two sure of every word
//! or the third of one mind with them, and no room left for a pen between its words.

use domain::document::RecognisedType;
use domain::engine::Engine;
use domain::field::{Doubt, FieldReading, Grade};
use domain::fold::same_spelling;
use domain::quality::Verdict;
use domain::recognised_text::{Reading, Word};

use crate::catalogue::form::FieldDefinition;
use crate::layout::PageText;
use crate::passage::{WordAt, plain};

/// The first two engines must be this sure of each word of a decisive field that is often
/// filled in by pen. Engines are often sure and wrong, so this only ever takes
/// certainty away.
const SURE: f32 = 0.9;

/// Room between two words, in line heights, from which on it was left for a pen.
const PEN_GAP: f32 = 1.5;

/// The doubts that lie in the words themselves.
pub(crate) fn doubts_of_words(
    field: &FieldDefinition,
    words: &[WordAt<'_>],
    label: &[WordAt<'_>],
    doubts: &mut Vec<Doubt>,
) {
    let strict = is_strict(field);
    for place in words {
        let word = place.word;
        if word.handwritten {
            doubts.push(Doubt::Handwritten);
        }
        // A dash between words changes no fact; in a number or a date it does.
        let sign_only = !word.text.chars().any(char::is_alphanumeric);
        if sign_only && field.value_type.is_words() {
            continue;
        }
        let Some((first, others)) = word.readings.split_first() else {
            doubts.push(Doubt::OneEngineOnly);
            continue;
        };
        let same = |other: &Reading| same_spelling(&plain(&first.text), &plain(&other.text));
        if others.is_empty() {
            doubts.push(Doubt::OneEngineOnly);
        } else if !word.agreed || strict {
            if !others.iter().all(same) {
                doubts.push(Doubt::EnginesDisagree);
            } else if !word.agreed || !is_well_read(word) {
                doubts.push(Doubt::Unsure);
            }
        }
    }
    if strict && pen_room(label, words) {
        doubts.push(Doubt::Handwritten);
    }
}

fn is_well_read(word: &Word) -> bool {
    let sure = |engine| {
        let reading = word.reading(engine);
        reading.is_some_and(|reading| reading.confidence >= SURE)
    };
    word.readings.len() == Engine::ALL.len() || (sure(Engine::Neural) && sure(Engine::Tesseract))
}

/// "Số: 5      /QĐ-UBND": what stands there was filled into room left for it, and
/// the engines may have seen only a part of it.
fn pen_room(label: &[WordAt<'_>], words: &[WordAt<'_>]) -> bool {
    let first = words.first().map(|place| place.word.outline.x);
    let before = label
        .iter()
        .rev()
        .find(|place| first.is_some_and(|first| place.word.outline.x < first));
    let row: Vec<&WordAt<'_>> = before.into_iter().chain(words).collect();
    row.windows(2).any(|pair| {
        let (left, right) = (pair[0], pair[1]);
        let height = left.word.outline.height.max(right.word.outline.height);
        let gap = right
            .word
            .outline
            .x
            .saturating_sub(left.word.outline.right());
        left.line == right.line && left.page == right.page && gap as f32 > height as f32 * PEN_GAP
    })
}

/// The doubts that concern the whole paper or page.
pub(crate) fn doubts_of_paper(
    kind: &RecognisedType,
    pages: &[PageText<'_>],
    page: Option<usize>,
    doubts: &mut Vec<Doubt>,
) {
    if kind.grade != Grade::Certain {
        doubts.push(Doubt::KindUncertain);
    }
    let verdict = page
        .and_then(|page| pages.get(page))
        .map(|page| page.verdict);
    if verdict == Some(Verdict::Bad) {
        doubts.push(Doubt::PoorImage);
    }
}

/// An engine that comes to another value disagrees, even where its words fit, unless
/// the two others come to this one.
pub(crate) fn doubts_of_readings(
    field: &FieldDefinition,
    value: &str,
    readings: &[FieldReading],
    doubts: &mut Vec<Doubt>,
) {
    let same = |reading: &&FieldReading| same_spelling(&reading.value, value);
    let alike = readings.iter().filter(same).count();
    if alike < readings.len() && (alike < 2 || is_strict(field)) {
        doubts.push(Doubt::EnginesDisagree);
    }
}

/// Whether a value is legally decisive and people usually fill it in by pen.
fn is_strict(field: &FieldDefinition) -> bool {
    field.decisive && field.often_handwritten
}

/// Each doubt once, in a fixed order, and the grade that follows.
pub(crate) fn settle(doubts: &mut Vec<Doubt>) -> Grade {
    doubts.sort_unstable();
    doubts.dedup();
    if doubts.is_empty() {
        Grade::Certain
    } else {
        Grade::Check
    }
}
