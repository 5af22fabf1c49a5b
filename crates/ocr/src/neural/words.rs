//! From characters with places to words with boxes.

use domain::fold::fold;
use domain::geometry::Rectangle;
use image::GrayImage;

use super::detect::LineBox;
use crate::ctc::Glyph;
use crate::strip::{self, Strip};

/// A word of a line that was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlacedWord {
    pub(crate) text: String,
    /// That of the least sure character: a word is as sure as its weakest letter.
    pub(crate) confidence: f32,
    pub(crate) outline: Rectangle,
}

/// A line that was read. Its words are never empty.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ReadLine {
    pub(crate) line: LineBox,
    pub(crate) words: Vec<PlacedWord>,
}

impl ReadLine {
    pub(crate) fn text(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|word| word.text.as_str()).collect();
        words.join(" ")
    }
}

/// Printed words after which a blank is filled in, without marks. What is written
/// in often stands so near that the recogniser sees no space: "ngày23".
const BEFORE_BLANK: [&str; 4] = ["ngay", "thang", "nam", "so"];
/// How far beyond the outermost characters ink still belongs to them.
const REACH: f32 = 0.35;

/// Puts the characters of a line together to words. The recogniser's own spaces
/// part words, and so does the border between the word before a blank and the
/// figures written into it.
pub(crate) fn assemble(page: &GrayImage, line: LineBox, glyphs: &[Glyph]) -> Option<ReadLine> {
    let words: Vec<Vec<Glyph>> = glyphs
        .split(|glyph| glyph.character.is_whitespace())
        .filter(|word| !word.is_empty())
        .flat_map(part_from_blank)
        .collect();
    let edges = edges(&LineInk::of(page, &line), &words, line.height());
    let area = line.rectangle(page);
    let words: Vec<PlacedWord> = words
        .iter()
        .zip(edges)
        .map(|(word, (left, right))| {
            let x = (left.max(0.0) as u32).min(page.width().saturating_sub(1));
            let right = (right.ceil().max(0.0) as u32).clamp(x + 1, page.width());
            PlacedWord {
                text: word.iter().map(|glyph| glyph.character).collect(),
                confidence: word
                    .iter()
                    .map(|glyph| glyph.confidence)
                    .fold(1.0, f32::min),
                outline: Rectangle::new(x, area.y, right - x, area.height),
            }
        })
        .collect();
    (!words.is_empty()).then_some(ReadLine { line, words })
}

fn part_from_blank(word: &[Glyph]) -> Vec<Vec<Glyph>> {
    let border = word
        .iter()
        .position(|glyph| glyph.character.is_ascii_digit())
        .unwrap_or(0);
    let (label, figures) = word.split_at(border);
    let text: String = label.iter().map(|glyph| glyph.character).collect();
    let text = fold(&text);
    if BEFORE_BLANK.contains(&text.trim_end_matches([':', '.'])) {
        vec![label.to_vec(), figures.to_vec()]
    } else {
        vec![word.to_vec()]
    }
}

/// Left and right edge of each word: the middle of the paper between words is
/// found in the ink, since the recogniser's places are only good to a letter.
fn edges(ink: &LineInk, words: &[Vec<Glyph>], height: f32) -> Vec<(f32, f32)> {
    let mut edges: Vec<(f32, f32)> = words
        .iter()
        .map(|word| (word[0].x, word[word.len() - 1].x))
        .collect();
    if edges.is_empty() {
        return edges;
    }
    let last = edges.len() - 1;
    edges[0].0 = ink.reach(edges[0].0, -1.0, REACH * height);
    edges[last].1 = ink.reach(edges[last].1, 1.0, REACH * height);
    for index in 0..last {
        let (one, other) = (edges[index].1, edges[index + 1].0);
        let (from, to) = ink
            .widest_gap(one, other)
            .unwrap_or((f32::midpoint(one, other), f32::midpoint(one, other)));
        edges[index].1 = from;
        edges[index + 1].0 = to;
    }
    edges
}

/// Which columns of a line hold ink, on the page's own scale.
struct LineInk {
    origin: f32,
    columns: Vec<bool>,
}

impl LineInk {
    fn of(page: &GrayImage, line: &LineBox) -> Self {
        let beside = line.height() * REACH;
        let area = LineBox {
            left: line.left - beside,
            right: line.right + beside,
            ..*line
        }
        .rectangle(page);
        let strip = Strip::cut(page, &area);
        Self {
            origin: strip.area.x as f32,
            columns: strip.inked_columns(),
        }
    }

    /// The widest empty piece between two places, as places.
    fn widest_gap(&self, from: f32, to: f32) -> Option<(f32, f32)> {
        let index = |x: f32| ((x - self.origin).max(0.0) as usize).min(self.columns.len());
        let (from, to) = (index(from), index(to));
        if to <= from {
            return None;
        }
        strip::gaps(&self.columns[from..to])
            .into_iter()
            .max_by_key(|(start, end)| end - start)
            .map(|(start, end)| {
                (
                    self.origin + (from + start) as f32,
                    self.origin + (from + end) as f32,
                )
            })
    }

    /// Follows the ink from a place in a direction until `limit` of paper.
    fn reach(&self, from: f32, direction: f32, limit: f32) -> f32 {
        let (mut at, mut edge) = (from, from);
        loop {
            at += direction;
            let index = at - self.origin;
            if index < 0.0 || index as usize >= self.columns.len() || (at - edge).abs() > limit {
                return if direction > 0.0 { edge + 1.0 } else { edge };
            }
            if self.columns[index as usize] {
                edge = at;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    /// Draws a block of ink per character, `-` for paper, ten pixels each, and
    /// gives the glyphs of `read` at the blocks' middles.
    fn check(ink: &str, read: &[(char, usize)], expected: &[(&str, u32, u32)]) {
        let columns: Vec<char> = ink.chars().collect();
        let page = GrayImage::from_fn(10 * columns.len() as u32, 40, |x, y| {
            let inked = columns[x as usize / 10] != '-' && (16..24).contains(&y);
            Luma([if inked { 0 } else { 255 }])
        });
        let line = LineBox {
            left: 0.0,
            top: 5.0,
            right: 10.0 * columns.len() as f32,
            bottom: 35.0,
        };
        let glyphs: Vec<Glyph> = read
            .iter()
            .map(|(character, column)| Glyph {
                character: *character,
                confidence: 0.9,
                x: *column as f32 * 10.0 + 5.0,
            })
            .collect();
        let words = assemble(&page, line, &glyphs).map(|line| line.words);
        let found: Vec<(String, u32, u32)> = words
            .unwrap_or_default()
            .into_iter()
            .map(|word| (word.text, word.outline.x, word.outline.right()))
            .collect();
        let expected: Vec<(String, u32, u32)> = expected
            .iter()
            .map(|(text, left, right)| ((*text).to_owned(), *left, *right))
            .collect();
        assert_eq!(found, expected, "{ink}");
    }

    #[test]
    fn words_reach_to_the_paper_around_them() {
        check(
            "-ab--cd-",
            &[('a', 1), ('b', 2), (' ', 3), ('c', 5), ('d', 6)],
            &[("ab", 10, 30), ("cd", 50, 70)],
        );
    }

    #[test]
    fn figures_written_into_a_blank_are_a_word_of_their_own() {
        check(
            "năm26",
            &[('n', 0), ('ă', 1), ('m', 2), ('2', 3), ('6', 4)],
            &[("năm", 0, 30), ("26", 30, 50)],
        );
        check("-m2", &[('m', 1), ('2', 2)], &[("m2", 10, 30)]);
    }

    #[test]
    fn a_line_without_characters_is_no_line() {
        check("---", &[(' ', 1)], &[]);
    }
}
