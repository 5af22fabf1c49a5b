//! Words written by hand among print.
//!
//! On official papers the number and the day are often written in by hand, and
//! there both engines err. Print stands on one line and has one height for all
//! capitals and figures; a pen does neither. So a word is taken for handwriting
//! when its strokes leave the line or the height that the print around it keeps,
//! or when there are more or fewer strokes than the figures that were read.
//! Numbers set with a stamp are caught in the same way, and should be: they too
//! are put in afterwards.
//!
//! The flag only ever asks a person to look. So a doubt is resolved in favour of
//! the flag for figures, where an error is dearest, and against it for words.

use domain::engine::Engine;
use domain::geometry::Rectangle;
use domain::recognised_text::{RecognisedText, TextLine, Word};
use image::GrayImage;

use crate::strip::Strip;
use crate::strokes::{self, Stroke};

/// How far above and below the line strokes are looked for, in line heights.
const REACH: f32 = 0.3;
/// A stroke that counts is at least this high; lower ones are dots and marks.
const LEAST_HEIGHT: f32 = 0.3;
/// Strokes of print stand on the line within this, in line heights.
const ON_LINE: f32 = 0.05;
/// Beyond this a figure does not stand on the line. Print on scans reaches 0.04.
const OFF_LINE: f32 = 0.07;
/// Figures are as high as capitals, within this factor. Print reaches 1.1.
const OTHER_HEIGHT: f32 = 1.16;
/// Lower than this part of the median stroke of a number is no figure.
const LOW: f32 = 0.6;
/// A pen's line is wider or finer than that of the print around it by this factor. Bold
/// figures among thin letters are taken for a pen's too.
const OTHER_LINE: f32 = 1.4;
/// From so many figures on, a row that keeps its height within `EVEN` is print.
const EVEN_ROW: usize = 4;
const EVEN: f32 = 0.06;
/// How much higher than small letters capitals are: 1.38 to 1.5 in office typefaces.
const CAPITAL_TO_SMALL: f32 = 1.44;
/// Lines of print keep at least this share of their strokes on the line.
const PRINTED_SHARE: f32 = 0.4;
/// Slopes that are tried on each side of level. Pages come deskewed, but a page
/// on which deskewing was unsure may lean by up to two degrees.
const STEPS: usize = 18;
const SLOPE_STEP: f32 = 0.002;
/// Below so many strokes a line shows no line to stand on.
const LEAST_STROKES: usize = 4;
/// Below this confidence of the recogniser, a word is taken for handwriting
/// however it stands.
const HARDLY: f32 = 0.25;
/// Below this confidence of the recogniser, a word off the line is handwriting.
const UNSURE: f32 = 0.6;

/// Flags the words of a page.
pub(crate) fn mark(page: &GrayImage, text: &mut RecognisedText) {
    for line in &mut text.lines {
        mark_line(page, line);
    }
}

/// Flags the words of one line. Flags are only set, never taken back.
pub(crate) fn mark_line(page: &GrayImage, line: &mut TextLine) {
    let strokes = strokes_of(page, &line.outline);
    let print = Print::of(&strokes, line);
    for word in &mut line.words {
        word.handwritten |= match &print {
            Some(print) => print.is_foreign(word, &strokes),
            // Nothing to compare with: a note in the margin, a signature.
            None => is_unsure(word),
        } || is_hardly_read(word);
    }
}

/// The strokes of a line that are high enough to stand on it, in page pixels.
/// Frames and rules, which run through, are left out.
fn strokes_of(page: &GrayImage, outline: &Rectangle) -> Vec<Stroke> {
    let height = outline.height as f32;
    let reach = (height * REACH) as u32;
    let area = Rectangle::new(
        outline.x.saturating_sub(4),
        outline.y.saturating_sub(reach),
        outline.width + 8,
        outline.height + reach + reach.min(outline.y),
    );
    let strip = Strip::cut(page, &area);
    strokes::of(&strip)
        .into_iter()
        .filter(|stroke| stroke.height() as f32 >= LEAST_HEIGHT * height)
        .filter(|stroke| (stroke.height() as f32) < 1.5 * height)
        .filter(|stroke| (stroke.width() as f32) < 6.0 * height)
        .filter(|stroke| {
            let middle = f32::midpoint(stroke.top as f32, stroke.bottom as f32);
            middle > outline.y as f32 && middle < outline.bottom() as f32
        })
        .collect()
}

/// The line on which letters stand, wherever the print shows one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BaseLine {
    slope: f32,
    base: f32,
}

impl BaseLine {
    /// The line under these words; three quarters down their box where hardly anything
    /// stands on one.
    pub(crate) fn of(page: &GrayImage, line: &TextLine) -> Self {
        let strokes = strokes_of(page, &line.outline);
        Print::of(&strokes, line).map_or(
            Self {
                slope: 0.0,
                base: line.outline.y as f32 + 0.75 * line.outline.height as f32,
            },
            |print| Self {
                slope: print.slope,
                base: print.base,
            },
        )
    }

    /// Its height on the page at this place.
    pub(crate) fn at(self, x: f32) -> f32 {
        self.base + self.slope * x
    }
}

/// On which line the print of a line stands.
struct Print {
    slope: f32,
    base: f32,
    line_height: f32,
    /// Whether most of its letters are small ones.
    in_small_letters: bool,
}

impl Print {
    fn of(strokes: &[Stroke], line: &TextLine) -> Option<Self> {
        let line_height = line.outline.height as f32;
        let (slope, base, standing) = base_line(strokes, ON_LINE * line_height);
        let letters =
            |is: fn(char) -> bool| -> usize { line.words.iter().map(|word| count(word, is)).sum() };
        let printed = strokes.len() >= LEAST_STROKES
            && standing as f32 >= PRINTED_SHARE * strokes.len() as f32;
        printed.then_some(Self {
            slope,
            base,
            line_height,
            in_small_letters: letters(char::is_lowercase) > letters(char::is_uppercase),
        })
    }

    /// How far below the line a stroke ends, in line heights.
    fn below(&self, stroke: &Stroke) -> f32 {
        (stroke.bottom as f32 - self.base - self.slope * stroke.middle()) / self.line_height
    }

    fn is_foreign(&self, word: &Word, strokes: &[Stroke]) -> bool {
        let (mine, others): (Vec<&Stroke>, Vec<&Stroke>) = strokes
            .iter()
            .partition(|stroke| is_within(stroke, &word.outline));
        let figures = count(word, |letter| letter.is_ascii_digit());
        if figures > 0 && count(word, char::is_alphabetic) == 0 {
            self.are_foreign_figures(word, figures, &mine, &others)
        } else {
            self.is_foreign_number(word, &mine, &others) || self.is_foreign_word(word, &mine)
        }
    }

    /// "52/UBND": the figures that begin a number, one stroke each, against the print
    /// around them and the sign behind them, which is print wherever they are not.
    fn is_foreign_number(&self, word: &Word, mine: &[&Stroke], others: &[&Stroke]) -> bool {
        let letters: Vec<char> = word.text.chars().collect();
        let is_figure = |letter: &&char| letter.is_ascii_digit();
        let figures = letters.iter().take_while(is_figure).count();
        if figures == 0 || letters[figures..].iter().any(char::is_ascii_digit) {
            return false;
        }
        let mut strokes = mine.to_vec();
        strokes.sort_by(|one, other| one.middle().total_cmp(&other.middle()));
        let (number, sign) = strokes.split_at(figures.min(strokes.len()));
        let print: Vec<&Stroke> = others.iter().chain(sign).copied().collect();
        let height = self.capital_height(&print);
        let thickness = thickness(&print);
        number
            .iter()
            .any(|stroke| self.is_off(stroke, height, thickness))
    }

    /// Whether a stroke leaves the line or the height that figures have, or is drawn
    /// with another line than the print.
    fn is_off(&self, stroke: &Stroke, height: Option<f32>, thickness: Option<f32>) -> bool {
        let differs = |own: f32, print: Option<f32>, factor: f32| {
            print.is_some_and(|print| !(1.0 / factor..=factor).contains(&(own / print)))
        };
        self.below(stroke).abs() > OFF_LINE
            || differs(stroke.height() as f32, height, OTHER_HEIGHT)
            || differs(stroke.thickness, thickness, OTHER_LINE)
    }

    fn are_foreign_figures(
        &self,
        word: &Word,
        figures: usize,
        strokes: &[&Stroke],
        others: &[&Stroke],
    ) -> bool {
        let (height, thickness) = (self.capital_height(others), thickness(others));
        let high: Vec<f32> = strokes
            .iter()
            .map(|stroke| stroke.height() as f32)
            .collect();
        // A comma is a stroke as well, but as high as no figure.
        let least = LOW * median(high);
        let strokes: Vec<&&Stroke> = strokes
            .iter()
            .filter(|stroke| stroke.height() as f32 >= least)
            .collect();
        let off = strokes
            .iter()
            .filter(|stroke| self.is_off(stroke, height, thickness))
            .count();
        // Slashes, brackets and signs are strokes too, and some fonts hang them lower.
        let marks = count(word, |letter| "/()[]|+".contains(letter));
        let too_many = strokes.len() > figures + marks || strokes.len() < figures;
        too_many || (off > marks && !self.are_even(&strokes))
    }

    /// As many figures as no pen writes all of one height on one line: print in a
    /// larger size than the words before it.
    fn are_even(&self, strokes: &[&&Stroke]) -> bool {
        let middle = median(
            strokes
                .iter()
                .map(|stroke| stroke.height() as f32)
                .collect(),
        );
        strokes.len() >= EVEN_ROW
            && strokes.iter().all(|stroke| {
                self.below(stroke).abs() <= OFF_LINE
                    && (stroke.height() as f32 - middle).abs() <= (EVEN * middle).max(1.0)
            })
    }

    /// The height of capitals, which figures share, by the other words of the
    /// line: the median of the higher of the strokes that stand on it. A capital
    /// with a mark on it is higher, small letters are lower. A line
    /// of hardly anything but small letters shows how high those are.
    fn capital_height(&self, others: &[&Stroke]) -> Option<f32> {
        let mut heights: Vec<f32> = others
            .iter()
            .filter(|stroke| self.below(stroke).abs() <= ON_LINE)
            .map(|stroke| stroke.height() as f32)
            .collect();
        heights.sort_by(f32::total_cmp);
        let low = *heights.get(heights.len() / 4)?;
        let high: Vec<f32> = heights
            .iter()
            .copied()
            .filter(|height| *height > 1.25 * low)
            .collect();
        Some(if high.len() >= 2 {
            median(high)
        } else if self.in_small_letters {
            median(heights) * CAPITAL_TO_SMALL
        } else {
            median(heights)
        })
    }

    /// A word is foreign when strokes leave the line for no letter that hangs
    /// below it, and the recogniser was unsure of it.
    fn is_foreign_word(&self, word: &Word, strokes: &[&Stroke]) -> bool {
        let off = strokes
            .iter()
            .filter(|stroke| self.below(stroke).abs() > OFF_LINE)
            .count();
        is_unsure(word) && off > count(word, hangs) && 2 * off >= strokes.len()
    }
}

/// Print is read better than this even through a stamp; what the neural engine
/// makes nothing of is a pen over print.
fn is_hardly_read(word: &Word) -> bool {
    word.reading(Engine::Neural)
        .is_some_and(|reading| reading.confidence < HARDLY)
}

/// The line that print is drawn with, by most of its strokes.
fn thickness(print: &[&Stroke]) -> Option<f32> {
    (print.len() >= LEAST_STROKES)
        .then(|| median(print.iter().map(|stroke| stroke.thickness).collect()))
}

fn is_unsure(word: &Word) -> bool {
    word.readings
        .iter()
        .any(|reading| reading.confidence < UNSURE)
}

fn count(word: &Word, is: impl Fn(char) -> bool) -> usize {
    word.text.chars().filter(|letter| is(*letter)).count()
}

/// Letters and marks that end below the line or above it in print.
fn hangs(letter: char) -> bool {
    let base = domain::fold::fold(letter.encode_utf8(&mut [0; 4]));
    base.chars()
        .any(|base| "gjpqy,;()/|[]{}\"'*-".contains(base))
        || "ạậặẹệịọộợụựỵẠẬẶẸỆỊỌỘỢỤỰỴ".contains(letter)
}

fn is_within(stroke: &Stroke, outline: &Rectangle) -> bool {
    let middle = stroke.middle();
    middle >= outline.x as f32 - 1.0 && middle <= outline.right() as f32 + 1.0
}

/// The line on which most strokes stand: slope, height at x = 0, and how many do.
fn base_line(strokes: &[Stroke], tolerance: f32) -> (f32, f32, usize) {
    let mut best = (0.0, 0.0, 0usize);
    for step in 0..=2 * STEPS {
        // Level first, so that a tie is decided for it.
        let sign = if step % 2 == 0 { 1.0 } else { -1.0 };
        let slope = sign * step.div_ceil(2) as f32 * SLOPE_STEP;
        let feet: Vec<f32> = strokes
            .iter()
            .map(|stroke| stroke.bottom as f32 - slope * stroke.middle())
            .collect();
        for foot in &feet {
            let standing = feet
                .iter()
                .filter(|other| (*other - foot).abs() <= tolerance);
            let count = standing.clone().count();
            if count > best.2 {
                best = (slope, median(standing.copied().collect()), count);
            }
        }
    }
    best
}

fn median(mut values: Vec<f32>) -> f32 {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::recognised_text::Reading;
    use image::Luma;

    /// A word as its text, the recogniser's confidence, and top and bottom of its
    /// strokes, which are drawn ten pixels apart.
    type Drawn<'a> = (&'a str, f32, &'a [(u32, u32)]);

    fn check(words: &[Drawn<'_>], handwritten: &[&str]) {
        check_drawn(words, &|_| 7, handwritten);
    }

    /// The line stands at 30, capitals begin at 12; `width` is that of a word's strokes.
    fn check_drawn(words: &[Drawn<'_>], width: &dyn Fn(&str) -> u32, handwritten: &[&str]) {
        let mut page = GrayImage::from_pixel(1200, 60, Luma([255]));
        let mut x = 20;
        let words: Vec<Word> = words
            .iter()
            .map(|(text, confidence, strokes)| {
                let left = x;
                for (top, bottom) in *strokes {
                    for y in *top..*bottom {
                        for dx in 0..width(text) {
                            page.put_pixel(x + dx, y, Luma([0]));
                        }
                    }
                    x += 10;
                }
                let outline = Rectangle::new(left, 8, x - left - 3, 30);
                x += 12;
                Word {
                    text: (*text).to_owned(),
                    outline,
                    readings: vec![Reading {
                        engine: Engine::Neural,
                        text: (*text).to_owned(),
                        confidence: *confidence,
                    }],
                    agreed: false,
                    handwritten: false,
                }
            })
            .collect();
        let mut text = RecognisedText {
            lines: vec![TextLine {
                outline: Rectangle::new(15, 8, x, 30),
                words,
                read_twice: false,
            }],
        };
        mark(&page, &mut text);
        let found: Vec<&str> = text.lines[0]
            .words
            .iter()
            .filter(|word| word.handwritten)
            .map(|word| word.text.as_str())
            .collect();
        assert_eq!(found, handwritten);
    }

    const CAPITAL: (u32, u32) = (12, 30);

    #[test]
    fn figures_that_leave_the_line_or_its_height_are_written_by_hand() {
        let label: Drawn<'_> = ("NQCP", 1.0, &[CAPITAL; 4]);
        check(&[label, ("729", 1.0, &[CAPITAL; 3])], &[]);
        check(
            &[label, ("729", 1.0, &[CAPITAL, (12, 34), CAPITAL])],
            &["729"],
        );
        check(
            &[label, ("729", 1.0, &[(7, 30), (8, 30), (7, 30)])],
            &["729"],
        );
        check(&[label, ("115", 1.0, &[CAPITAL; 2])], &["115"]);
        check(&[label, ("5", 1.0, &[CAPITAL; 3])], &["5"]);
        // Slashes may hang lower than figures, and commas are strokes.
        check(&[label, ("1/2", 1.0, &[CAPITAL, (12, 33), CAPITAL])], &[]);
        let comma = (24, 34);
        check(
            &[label, ("29,6", 1.0, &[CAPITAL, CAPITAL, comma, CAPITAL])],
            &[],
        );
    }

    #[test]
    fn figures_drawn_with_another_line_are_written_by_hand() {
        let label: Drawn<'_> = ("NQCP", 1.0, &[CAPITAL; 4]);
        for (width, handwritten) in [(4, vec![]), (3, vec![]), (8, vec!["133"]), (2, vec!["133"])] {
            let width = |text: &str| if text == "133" { width } else { 4 };
            check_drawn(&[label, ("133", 1.0, &[CAPITAL; 3])], &width, &handwritten);
        }
        // Bold figures that keep one height on one line are print.
        let bold = |text: &str| if text == "0990" { 8 } else { 4 };
        check_drawn(&[label, ("0990", 1.0, &[CAPITAL; 4])], &bold, &[]);
    }

    #[test]
    fn a_pen_s_figures_are_seen_before_a_printed_sign() {
        let label: Drawn<'_> = ("NQCP", 1.0, &[CAPITAL; 4]);
        let slash = (12, 31);
        let print = &[CAPITAL, CAPITAL, slash, CAPITAL, CAPITAL];
        check(&[label, ("52/UB", 1.0, print)], &[]);
        let higher = &[(7, 31), (7, 30), slash, CAPITAL, CAPITAL];
        check(&[label, ("52/UB", 1.0, higher)], &["52/UB"]);
        let lower = &[CAPITAL, (12, 34), slash, CAPITAL, CAPITAL];
        check(&[label, ("52/UB", 1.0, lower)], &["52/UB"]);
        // Joined, they are one stroke, and the next is the sign's.
        let joined = &[(7, 30), (12, 34), CAPITAL, CAPITAL];
        check(&[label, ("52/UB", 1.0, joined)], &["52/UB"]);
    }

    #[test]
    fn figures_among_small_letters_are_as_high_as_their_capitals() {
        let label: Drawn<'_> = ("sanan", 1.0, &[(18, 30); 5]);
        check(&[label, ("3", 1.0, &[CAPITAL])], &[]);
        check(&[label, ("3", 1.0, &[(5, 30)])], &["3"]);
    }

    #[test]
    fn a_row_of_even_figures_in_a_larger_size_is_print() {
        let label: Drawn<'_> = ("NQCP", 1.0, &[CAPITAL; 4]);
        let larger = (6, 30);
        check(&[label, ("0990", 1.0, &[larger; 4])], &[]);
        check(&[label, ("099", 1.0, &[larger; 3])], &["099"]);
        check(
            &[label, ("0990", 1.0, &[larger, (9, 30), (6, 32), (4, 30)])],
            &["0990"],
        );
    }

    #[test]
    fn a_word_is_written_by_hand_only_if_it_was_hard_to_read() {
        let label: Drawn<'_> = ("CHINH", 1.0, &[CAPITAL; 5]);
        let off: &[(u32, u32)] = &[(15, 34), (10, 27)];
        check(&[label, ("An", 0.3, off)], &["An"]);
        check(&[label, ("An", 0.9, off)], &[]);
        check(&[label, ("An", 0.5, &[CAPITAL; 2])], &[]);
        check(&[label, ("An", 0.1, &[CAPITAL; 2])], &["An"]);
        check(&[label, ("gy", 0.3, &[(18, 36), (18, 36)])], &[]);
    }

    #[test]
    fn a_note_that_keeps_no_line_is_written_by_hand_if_it_was_hard_to_read() {
        check(&[("TT", 0.2, &[(12, 30), (15, 37)])], &["TT"]);
        check(&[("TT", 0.9, &[(12, 30), (15, 37)])], &[]);
    }
}
