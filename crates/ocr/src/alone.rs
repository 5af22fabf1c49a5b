//! Tesseract alone, for a machine on which the neural engine's models are missing or
//! altered: the library finds the lines by itself. Nothing can be agreed so, and a page
//! that lies turned is not noticed.

use std::path::Path;

use domain::engine::Engine;
use domain::geometry::Rectangle;
use domain::recognised_text::{Reading, RecognisedText, TextLine, Word};
use image::GrayImage;

use crate::error::Error;
use crate::handwriting;
use crate::recogniser::SeenWord;
use crate::tesseract::Tesseract;

/// Words whose heights overlap by so much of the lower one stand on one line.
const ON_ONE_LINE: f32 = 0.5;

/// The reader of such a machine.
#[derive(Debug)]
pub struct Alone {
    tesseract: Tesseract,
}

impl Alone {
    /// Loads Tesseract; `None` when its library is not on this machine.
    pub fn open(tessdata: &Path) -> Result<Option<Self>, Error> {
        let tesseract = Tesseract::open(tessdata)?;
        Ok(tesseract.map(|tesseract| Self { tesseract }))
    }

    /// The version of the library.
    pub fn version(&self) -> String {
        self.tesseract.version()
    }

    /// Reads an upright page. Its lines count as read twice, because there is nobody
    /// who could read them once more.
    pub fn read_page(&mut self, page: &GrayImage) -> Result<RecognisedText, Error> {
        let lines = in_lines(self.tesseract.read_page(page)?);
        let mut text = RecognisedText {
            lines: lines.into_iter().filter_map(text_line).collect(),
        };
        handwriting::mark(page, &mut text);
        Ok(text)
    }
}

/// The words come in reading order, line after line.
fn in_lines(words: Vec<SeenWord>) -> Vec<Vec<SeenWord>> {
    let mut lines: Vec<Vec<SeenWord>> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if line.last().is_some_and(|last| goes_on(last, &word)) => line.push(word),
            _ => lines.push(vec![word]),
        }
    }
    lines
}

fn goes_on(last: &SeenWord, next: &SeenWord) -> bool {
    let (last, next) = (&last.outline, &next.outline);
    let bottom = |outline: &Rectangle| outline.y + outline.height;
    let shared = bottom(last)
        .min(bottom(next))
        .saturating_sub(last.y.max(next.y));
    let lower = last.height.min(next.height).max(1);
    next.x >= last.x && shared as f32 >= lower as f32 * ON_ONE_LINE
}

fn text_line(words: Vec<SeenWord>) -> Option<TextLine> {
    let outline = Rectangle::union_all(words.iter().map(|word| &word.outline))?;
    let words = words.into_iter().map(|word| Word {
        text: word.text.clone(),
        outline: word.outline,
        readings: vec![Reading {
            engine: Engine::Tesseract,
            text: word.text,
            confidence: word.confidence,
        }],
        agreed: false,
        handwritten: false,
    });
    Some(TextLine {
        outline,
        words: words.collect(),
        read_twice: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(words: &[(&str, u32, u32)]) -> Vec<String> {
        let words = words.iter().map(|(text, x, y)| SeenWord {
            text: (*text).to_owned(),
            confidence: 0.9,
            outline: Rectangle::new(*x, *y, 40, 20),
        });
        let lines = in_lines(words.collect()).into_iter();
        lines
            .filter_map(text_line)
            .map(|line| line.text())
            .collect()
    }

    #[test]
    fn words_of_one_height_are_one_line_and_a_step_back_begins_another() {
        assert_eq!(
            lines(&[
                ("Số:", 10, 100),
                ("115", 60, 104),
                ("QUYẾT", 10, 140),
                ("ĐỊNH", 60, 141),
                ("cột", 5, 141),
            ]),
            ["Số: 115", "QUYẾT ĐỊNH", "cột"]
        );
        assert!(lines(&[]).is_empty());
    }
}
