//! The reader: the engines behind one door.

use std::cmp::Reverse;
use std::ops::Range;
use std::path::PathBuf;

use domain::engine::Engine;
use domain::geometry::{QuarterTurn, Rectangle};
use domain::recognised_text::{Reading, RecognisedText, TextLine, Word};
use image::GrayImage;

use crate::aster::OnDemand;
use crate::error::Error;
use crate::lanes::in_lanes;
use crate::neural::{self, Neural, ReadLine};
use crate::recogniser::Recogniser as _;
use crate::tesseract::Tesseract;
use crate::{agree, handwriting, ruled};

/// The share of the page, from its top, that counts as its head: what names a paper,
/// its number, its day and its first fields.
const HEAD: f32 = 0.4;
/// More lines than this make nobody wait less.
const HEAD_LINES: usize = 14;

/// With fewer letters than this a page does not show which way up it lies.
const LETTERS_TO_JUDGE: usize = 30;
/// On a page that lies upright the neural engine is sure of most words: measured on
/// twenty papers, the median word has 0.99 and more upright, 0.56 and less turned.
const UPRIGHT: f32 = 0.8;

/// A word of so many letters reads nearly as well alone as among its neighbours, in
/// half the time.
const LONG_WORD: usize = 4;

/// Where the models lie.
#[derive(Clone, Debug)]
pub struct Models {
    /// Folder with `det.onnx`, `rec.onnx`, `orient.onnx` and `meta.json`.
    pub neural: PathBuf,
    /// Folder with `vie.traineddata`.
    pub tessdata: PathBuf,
    /// Folder with `asternet.onnx` and `vocab.json`; `None` to do without the third
    /// engine.
    pub aster: Option<PathBuf>,
}

/// Reads pages, one at a time.
#[derive(Debug)]
pub struct Reader {
    neural: Neural,
    /// One for each lane; none where the library is not on this machine.
    tesseract: Vec<Tesseract>,
    third: OnDemand,
}

impl Reader {
    /// Loads the first two engines, which takes about a tenth of a second; the third is
    /// loaded when it is first asked. Without the
    /// Tesseract library on this machine everything works, but nothing is agreed.
    pub fn open(models: &Models) -> Result<Self, Error> {
        let tesseract = Tesseract::open_lanes(&models.tessdata)?;
        if tesseract.is_empty() {
            tracing::warn!("the Tesseract library is not on this machine: no word can be agreed");
        }
        Ok(Self {
            neural: Neural::open(&models.neural)?,
            tesseract,
            third: OnDemand::new(models.aster.clone()),
        })
    }

    /// As [`Reader::open`], without Tesseract even where its library is on this
    /// machine.
    pub fn open_alone(models: &Models) -> Result<Self, Error> {
        Ok(Self {
            neural: Neural::open(&models.neural)?,
            tesseract: Vec::new(),
            // It settles what Tesseract and the neural engine leave open.
            third: OnDemand::Absent,
        })
    }

    /// The version of Tesseract's library, where it is at work.
    pub fn tesseract_version(&self) -> Option<String> {
        self.tesseract.first().map(Tesseract::version)
    }

    /// As [`Reader::open`], with the library looked for under these names.
    #[cfg(test)]
    pub(crate) fn open_with_library(models: &Models, candidates: &[&str]) -> Result<Self, Error> {
        Ok(Self {
            neural: Neural::open(&models.neural)?,
            tesseract: Tesseract::open_lanes_from(candidates, &models.tessdata)?,
            third: OnDemand::new(models.aster.clone()),
        })
    }

    /// Whether the second engine is there. Without it nothing can be agreed.
    pub fn has_tesseract(&self) -> bool {
        !self.tesseract.is_empty()
    }

    /// Whether the text was surely read from a page that lies upright: print that is
    /// turned reads badly. Only where this is not so need [`Reader::orientation`]
    /// be asked, which takes a tenth of the time that reading takes.
    pub fn is_surely_upright(text: &RecognisedText) -> bool {
        let words = || text.lines.iter().flat_map(|line| &line.words);
        let letters: usize = words().map(|word| word.text.chars().count()).sum();
        let mut sure: Vec<f32> = words()
            .filter_map(|word| word.reading(Engine::Neural))
            .map(|reading| reading.confidence)
            .collect();
        sure.sort_by(f32::total_cmp);
        letters >= LETTERS_TO_JUDGE
            && sure
                .get(sure.len() / 2)
                .is_some_and(|sure| *sure >= UPRIGHT)
    }

    /// The turn that makes the page upright. `None` when unsure or when there is
    /// hardly any ink to judge by: leave the page as it lies.
    pub fn orientation(&mut self, page: &GrayImage) -> Result<Option<QuarterTurn>, Error> {
        self.neural.orientation(page)
    }

    /// Reads an upright page with the neural engine: lines in reading order,
    /// words with boxes, words written by hand flagged. Nothing is agreed yet.
    pub fn read_page(&mut self, page: &GrayImage) -> Result<RecognisedText, Error> {
        let lines = self.neural.find_lines(page)?;
        let read = self.neural.read_lines(page, &lines)?;
        Ok(in_order(page, read))
    }

    /// As [`Reader::read_page`], but reads the head of the page first and shows it
    /// before the rest is read. The text that is returned is the same.
    pub fn read_page_head_first(
        &mut self,
        page: &GrayImage,
        show: &mut dyn FnMut(RecognisedText),
    ) -> Result<RecognisedText, Error> {
        let border = page.height() as f32 * HEAD;
        let mut lines = self.neural.find_lines(page)?;
        lines.sort_by(|one, other| one.middle().total_cmp(&other.middle()));
        let above = lines.partition_point(|line| line.middle() < border);
        let (head, rest) = lines.split_at(above.min(HEAD_LINES));
        let mut read = self.neural.read_lines(page, head)?;
        if !read.is_empty() {
            show(in_order(page, read.clone()));
        }
        read.extend(self.neural.read_lines(page, rest)?);
        Ok(in_order(page, read))
    }

    /// Lets Tesseract read these lines too. Their words are laid beside each
    /// other: each has both readings, `agreed` tells whether they are one text,
    /// and `text` is the better one. A line that was read twice before, or is
    /// not there, is passed over; without Tesseract nothing changes.
    pub fn read_again(
        &mut self,
        page: &GrayImage,
        text: &mut RecognisedText,
        lines: &[usize],
    ) -> Result<(), Error> {
        if self.tesseract.is_empty() {
            return Ok(());
        }
        let mut lines: Vec<(usize, Rectangle)> = lines
            .iter()
            .filter_map(|index| Some((*index, text.lines.get(*index)?)))
            .filter(|(_, line)| !line.read_twice)
            .map(|(index, line)| (index, line.outline))
            .collect();
        // The longest first, so that no lane is left alone with one at the end.
        lines.sort_by_key(|(index, area)| (Reverse(area.width), *index));
        lines.dedup_by_key(|(index, _)| *index);
        let seen = in_lanes(&mut self.tesseract, &lines, |tesseract, (_, area)| {
            tesseract.read_line(page, area)
        })?;
        for ((index, _), words) in lines.iter().zip(seen) {
            let line = &mut text.lines[*index];
            line.words = agree::lay_side_by_side(&line.words, &words);
            line.read_twice = true;
            // The cuts may have parted a written number from print, and words
            // that only Tesseract saw have not been looked at.
            handwriting::mark_line(page, line);
            ruled::doubt(page, line);
        }
        Ok(())
    }

    /// Lets the third engine read these words, each by its line and its place there, as
    /// far as the first two left them open, with their neighbours: where two of the
    /// three read the same, the word is agreed. What is not there is passed over;
    /// without the third engine's model nothing changes.
    pub fn settle(
        &mut self,
        page: &GrayImage,
        text: &mut RecognisedText,
        words: &[(usize, usize)],
    ) -> Result<(), Error> {
        for (index, line) in text.lines.iter_mut().enumerate() {
            let asked: Vec<usize> = words
                .iter()
                .filter(|(line, _)| *line == index)
                .map(|(_, word)| *word)
                .collect();
            for part in in_doubt(&line.words, &asked) {
                let words = &mut line.words[part];
                let area = Rectangle::union_all(words.iter().map(|word| &word.outline));
                let Some(area) = area else { continue };
                let Some(third) = self.third.engine() else {
                    return Ok(());
                };
                let seen = third.read_line(page, &area)?;
                agree::hear_third(words, third.engine(), &seen);
            }
            if !asked.is_empty() {
                ruled::doubt(page, line);
            }
        }
        Ok(())
    }
}

/// The parts of a line that hold words which were asked for and are left open; a short
/// one with the words before and after it, for a recogniser errs with little to see.
fn in_doubt(words: &[Word], asked: &[usize]) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        if !word.is_left_open() || !asked.contains(&index) {
            continue;
        }
        let near = usize::from(word.text.chars().count() < LONG_WORD);
        let part = index.saturating_sub(near)..(index + 1 + near).min(words.len());
        match parts.last_mut() {
            Some(last) if part.start <= last.end => last.end = part.end,
            _ => parts.push(part),
        }
    }
    parts
}

/// Brings lines into reading order and flags what is written by hand.
fn in_order(page: &GrayImage, read: Vec<ReadLine>) -> RecognisedText {
    let mut text = RecognisedText {
        lines: neural::in_reading_order(read)
            .into_iter()
            .map(|line| text_line(page, line))
            .collect(),
    };
    handwriting::mark(page, &mut text);
    text
}

fn text_line(page: &GrayImage, read: ReadLine) -> TextLine {
    let words: Vec<Word> = read
        .words
        .into_iter()
        .map(|word| Word {
            text: word.text.clone(),
            outline: word.outline,
            readings: vec![Reading {
                engine: Engine::Neural,
                text: word.text,
                confidence: word.confidence,
            }],
            agreed: false,
            handwritten: false,
        })
        .collect();
    let outline = Rectangle::union_all(words.iter().map(|word| &word.outline));
    TextLine {
        outline: outline.unwrap_or_else(|| read.line.rectangle(page)),
        words,
        read_twice: false,
    }
}

#[cfg(test)]
mod tests;
