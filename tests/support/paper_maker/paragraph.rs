//! Lines broken and set between two margins.

use super::sheet::{Anchor, Sheet, Style};

/// A run of text in one style. Runs that touch without a space stay together.
#[derive(Clone, Debug)]
pub(crate) struct Run<'t> {
    pub(crate) text: &'t str,
    pub(crate) style: Style,
}

pub(crate) const fn run(text: &str, style: Style) -> Run<'_> {
    Run { text, style }
}

/// How a line meets its margins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    Left,
    Centre,
    Justified,
}

/// The column that a paragraph is set in, in millimetres.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) left: f32,
    pub(crate) right: f32,
    /// How far the first line stands in.
    pub(crate) indent: f32,
    /// From baseline to baseline.
    pub(crate) leading: f32,
    pub(crate) fit: Fit,
}

type Piece<'t> = (&'t str, Style);

/// What stands between two spaces.
struct Word<'t> {
    pieces: Vec<Piece<'t>>,
    width: f32,
    space: f32,
}

impl Sheet<'_> {
    /// Sets a paragraph with its first baseline at `y`; gives back the baseline
    /// that would come next.
    pub(crate) fn paragraph(&mut self, runs: &[Run<'_>], column: Column, y: f32) -> f32 {
        let words = self.words(runs);
        let mut baseline = y;
        let mut first = 0;
        while first < words.len() {
            let indent = if first == 0 { column.indent } else { 0.0 };
            let room = column.right - column.left - indent;
            let end = first + fitting(&words[first..], room);
            self.set_words(
                &words[first..end],
                column,
                indent,
                baseline,
                end == words.len(),
            );
            baseline += column.leading;
            first = end;
        }
        baseline
    }

    fn words<'t>(&self, runs: &[Run<'t>]) -> Vec<Word<'t>> {
        let mut words: Vec<Word<'t>> = Vec::new();
        let mut touching = false;
        for run in runs {
            for (index, text) in run.text.split(' ').enumerate() {
                let starts_word = index > 0 || !touching;
                touching = !text.is_empty();
                if text.is_empty() {
                    continue;
                }
                let width = self.width(text, run.style);
                match words.last_mut() {
                    Some(word) if !starts_word => {
                        word.pieces.push((text, run.style));
                        word.width += width;
                    }
                    _ => words.push(Word {
                        pieces: vec![(text, run.style)],
                        width,
                        space: self.width(" ", run.style),
                    }),
                }
            }
        }
        words
    }

    fn set_words(&mut self, words: &[Word<'_>], column: Column, indent: f32, y: f32, last: bool) {
        let gaps: f32 = words.iter().skip(1).map(|word| word.space).sum();
        let width: f32 = words.iter().map(|word| word.width).sum::<f32>() + gaps;
        let room = column.right - column.left - indent;
        let stretch = if column.fit == Fit::Justified && !last && gaps > 0.0 {
            (room - width + gaps) / gaps
        } else {
            1.0
        };
        let mut x = column.left + indent;
        if column.fit == Fit::Centre {
            x += (room - width) / 2.0;
        }
        let mut said = String::new();
        for (index, word) in words.iter().enumerate() {
            if index > 0 {
                x += word.space * stretch;
                said.push(' ');
            }
            for (text, style) in &word.pieces {
                x += self.set(text, *style, Anchor::Left, x, y);
                said.push_str(text);
            }
        }
        self.record(&said);
    }
}

/// How many words fit, at least one.
fn fitting(words: &[Word<'_>], room: f32) -> usize {
    let mut width = 0.0;
    for (index, word) in words.iter().enumerate() {
        width += word.width + if index == 0 { 0.0 } else { word.space };
        if width > room && index > 0 {
            return index;
        }
    }
    words.len()
}
