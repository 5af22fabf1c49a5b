//! Which letters of a proposed value a person should look at: those on which the
//! readings differ, and those of words of which an engine was unsure.

use std::collections::BTreeMap;
use std::ops::Range;

use domain::differing::{differing, ranges};
use domain::field::{FieldCandidate, FieldName, Grade};
use domain::recognised_text::{Reading, RecognisedText, Word};

use crate::reading::UNSURE;
use crate::review::Review;
use crate::{Desk, Error};

/// The doubtful letters of every open field, counted in characters of its value.
pub fn doubtful_letters(
    desk: &Desk,
    review: &Review,
) -> Result<BTreeMap<FieldName, Vec<Range<usize>>>, Error> {
    let waiting: Vec<&FieldCandidate> = review
        .fields
        .iter()
        .filter(|field| field.value.is_none() && field.candidate.grade == Grade::Check)
        .map(|field| &field.candidate)
        .collect();
    let mut texts = BTreeMap::new();
    desk.vault.read(|read| {
        for evidence in waiting.iter().filter_map(|candidate| candidate.evidence) {
            let page = review.pages.get(evidence.page);
            if let Some(page) = page.filter(|_| !texts.contains_key(&evidence.page)) {
                texts.insert(evidence.page, read.recognised_text(page.id)?);
            }
        }
        Ok::<_, Error>(())
    })?;
    let doubtful = waiting.into_iter().map(|candidate| {
        let text = candidate
            .evidence
            .and_then(|evidence| texts.get(&evidence.page)?.as_ref());
        (candidate.name.clone(), letters_of(candidate, text))
    });
    Ok(doubtful
        .filter(|(_, letters)| !letters.is_empty())
        .collect())
}

fn letters_of(candidate: &FieldCandidate, text: Option<&RecognisedText>) -> Vec<Range<usize>> {
    let others: Vec<&str> = candidate
        .readings
        .iter()
        .map(|reading| reading.value.as_str())
        .collect();
    let mut marked = vec![false; candidate.value.chars().count()];
    for range in differing(&candidate.value, &others) {
        marked[range].fill(true);
    }
    if let (Some(evidence), Some(text)) = (candidate.evidence, text) {
        let words = text.lines.iter().flat_map(|line| &line.words);
        // Boxes of neighbours overlap a little: a word belongs where most of it stands.
        let stands_here = |word: &&Word| {
            let shared = word.outline.intersection(&evidence.outline);
            shared.is_some_and(|shared| 2 * shared.area() > word.outline.area())
        };
        for word in words.filter(stands_here) {
            let unsure = |reading: &Reading| reading.confidence < UNSURE;
            if word.readings.iter().any(unsure) {
                mark_word(&candidate.value, &word.text, &mut marked);
            }
        }
    }
    ranges(&marked)
}

/// Marks a word where the value has it; a value in another form than the paper's
/// (a day, a choice) does not repeat its words, and nothing is marked.
fn mark_word(value: &str, word: &str, marked: &mut [bool]) {
    if let Some(at) = value.find(word).filter(|_| !word.is_empty()) {
        let from = value[..at].chars().count();
        marked[from..from + word.chars().count()].fill(true);
    }
}

#[cfg(test)]
mod tests {
    use domain::engine::Engine;
    use domain::field::{Evidence, FieldReading};
    use domain::geometry::Rectangle;
    use domain::recognised_text::TextLine;

    use super::*;

    fn word(text: &str, at: u32, confidence: f32) -> Word {
        Word {
            text: text.to_owned(),
            outline: Rectangle::new(at, 0, 40, 20),
            readings: vec![Reading {
                engine: Engine::Neural,
                text: text.to_owned(),
                confidence,
            }],
            agreed: false,
            handwritten: false,
        }
    }

    fn check(value: &str, readings: &[&str], words: Vec<Word>, expected: &[(usize, usize)]) {
        let outline = Rectangle::new(0, 0, 300, 20);
        let candidate = FieldCandidate {
            value: value.to_owned(),
            readings: readings
                .iter()
                .map(|value| FieldReading {
                    engine: Engine::Neural,
                    value: (*value).to_owned(),
                })
                .collect(),
            evidence: Some(Evidence { page: 0, outline }),
            ..FieldCandidate::empty("summary".parse().unwrap())
        };
        let text = RecognisedText {
            lines: vec![TextLine {
                outline,
                words,
                read_twice: true,
            }],
        };
        let letters = letters_of(&candidate, Some(&text));
        let found: Vec<(usize, usize)> = letters
            .into_iter()
            .map(|range| (range.start, range.end))
            .collect();
        assert_eq!(found, expected, "{value}");
    }

    #[test]
    fn letters_read_differently_and_words_read_unsurely_are_marked() {
        check("115/NQ-CP", &["115/NQ-CP", "445/NQ-CP"], vec![], &[(0, 2)]);
        check(
            "Trần Văn Bình",
            &["Trần Văn Bình"],
            vec![
                word("Trần", 0, 0.9),
                word("Văn", 60, 0.4),
                word("Bình", 120, 0.9),
            ],
            &[(5, 8)],
        );
    }

    #[test]
    fn an_unsure_word_beside_the_place_marks_nothing() {
        check("Văn", &["Văn"], vec![word("Văn", 900, 0.1)], &[]);
        check(
            "2026-04-29",
            &["2026-04-29"],
            vec![word("tháng", 0, 0.1)],
            &[],
        );
    }
}
