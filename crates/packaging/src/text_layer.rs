//! The recognised text, drawn where its words stand.

use ab_glyph::{Font as _, FontRef};
use domain::geometry::Rectangle;
use domain::recognised_text::{RecognisedText, TextLine, Word};
use krilla::geom::{Point, Transform};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use unicode_normalization::UnicodeNormalization as _;

use crate::error::Error;

const POINTS_PER_INCH: f32 = 72.0;

/// The font of the text layer, to look glyphs up in and to embed.
pub(crate) struct TextFont<'a> {
    lookup: FontRef<'a>,
    embedded: Font,
    /// Drawn for a letter that the font does not have.
    stand_in: u16,
    em: f32,
    ascent: f32,
    descent: f32,
}

/// A word as glyphs, each with the bytes of the text that it stands for.
struct DrawnWord {
    text: String,
    glyphs: Vec<KrillaGlyph>,
    /// In ems.
    advance: f32,
}

impl<'a> TextFont<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Error> {
        let lookup = FontRef::try_from_slice(bytes).map_err(|_| Error::FontUnusable)?;
        let embedded = Font::new(bytes.to_vec().into(), 0).ok_or(Error::FontUnusable)?;
        let em = lookup
            .units_per_em()
            .filter(|em| *em > 0.0)
            .ok_or(Error::FontUnusable)?;
        let stand_in = "?.-x0"
            .chars()
            .map(|letter| lookup.glyph_id(letter).0)
            .find(|glyph| *glyph != 0)
            // Any glyph does, since nobody sees it; 0 is "no glyph", which PDF/A forbids.
            .or_else(|| (lookup.glyph_count() > 1).then_some(1))
            .ok_or(Error::FontUnusable)?;
        let (ascent, descent) = (
            lookup.ascent_unscaled() / em,
            -lookup.descent_unscaled() / em,
        );
        if ascent + descent <= 0.0 {
            return Err(Error::FontUnusable);
        }
        Ok(Self {
            lookup,
            embedded,
            stand_in,
            em,
            ascent,
            descent,
        })
    }

    /// Draws a page's text, word by word in reading order, each stretched to its box.
    pub(crate) fn draw(&self, surface: &mut Surface<'_>, text: &RecognisedText, dpi: u32) {
        let points_per_px = POINTS_PER_INCH / dpi as f32;
        for line in &text.lines {
            self.draw_line(surface, line, points_per_px);
        }
    }

    /// Draws a line of text that people see, from `x` along the baseline, in points.
    pub(crate) fn draw_at(
        &self,
        surface: &mut Surface<'_>,
        text: &str,
        size: f32,
        (x, baseline): (f32, f32),
    ) {
        let drawn = self.shaped(text);
        surface.draw_glyphs(
            Point::from_xy(x, baseline),
            &drawn.glyphs,
            self.embedded.clone(),
            &drawn.text,
            size,
            false,
        );
    }

    /// What people see of a text: letters that the font does not have are told by what is
    /// drawn for them.
    pub(crate) fn visible(&self, text: &str) -> String {
        let has = |letter: char| self.lookup.glyph_id(letter).0 != 0;
        let letters = text.nfc().filter(|letter| is_text(*letter));
        let seen = letters.filter_map(|letter| {
            if letter.is_whitespace() {
                return Some(' ');
            }
            let base = || letter.nfkd().next().filter(|base| has(*base));
            Some(letter)
                .filter(|letter| has(*letter))
                .or_else(base)
                .or_else(|| has('?').then_some('?'))
        });
        seen.collect()
    }

    /// How wide a line of text is at this size, in points.
    pub(crate) fn width(&self, text: &str, size: f32) -> f32 {
        self.shaped(text).advance * size
    }

    fn draw_line(&self, surface: &mut Surface<'_>, line: &TextLine, points_per_px: f32) {
        let mut heights: Vec<u32> = line
            .words
            .iter()
            .map(|word| word.outline.height.max(1))
            .collect();
        heights.sort_unstable();
        let Some(height) = heights.get(heights.len() / 2) else {
            return;
        };
        let size = *height as f32 * points_per_px / (self.ascent + self.descent);
        let middle = middle_of(&line.outline);
        for (index, word) in line.words.iter().enumerate() {
            // One baseline per line, so that readers see one line; a word that stands
            // far off (a crooked line) keeps its own.
            let own = middle_of(&word.outline);
            let middle = if (own - middle).abs() * 2.0 < *height as f32 {
                middle
            } else {
                own
            };
            let baseline = middle * points_per_px + size * (self.ascent - self.descent) / 2.0;
            let next = line.words.get(index + 1).map(|next| next.outline.x);
            self.draw_word(surface, word, next, size, baseline, points_per_px);
        }
    }

    fn draw_word(
        &self,
        surface: &mut Surface<'_>,
        word: &Word,
        next_x: Option<u32>,
        size: f32,
        baseline: f32,
        points_per_px: f32,
    ) {
        let mut drawn = self.shaped(&word.text);
        if drawn.advance <= 0.0 {
            return;
        }
        let width = word.outline.width.max(1) as f32 * points_per_px;
        let stretch = width / (drawn.advance * size);
        if let Some(next_x) = next_x {
            // A space as wide as the gap, for readers that copy characters as they come.
            let gap = next_x.saturating_sub(word.outline.right()).max(1) as f32 * points_per_px;
            self.push(&mut drawn, ' ', Some(gap / (size * stretch)));
        }
        let x = word.outline.x as f32 * points_per_px;
        surface.push_transform(&Transform::from_row(stretch, 0.0, 0.0, 1.0, x, baseline));
        surface.draw_glyphs(
            Point::from_xy(0.0, 0.0),
            &drawn.glyphs,
            self.embedded.clone(),
            &drawn.text,
            size,
            false,
        );
        surface.pop();
    }

    /// One glyph per letter. Precomposed letters, since that is what people search for.
    fn shaped(&self, text: &str) -> DrawnWord {
        let mut word = DrawnWord {
            text: String::with_capacity(text.len()),
            glyphs: Vec::new(),
            advance: 0.0,
        };
        for letter in text.nfc().filter(|letter| is_text(*letter)) {
            let letter = if letter.is_whitespace() { ' ' } else { letter };
            self.push(&mut word, letter, None);
        }
        word
    }

    fn push(&self, to: &mut DrawnWord, letter: char, advance: Option<f32>) {
        let start = to.text.len();
        to.text.push(letter);
        let range = start..to.text.len();
        let glyph = self.glyph(letter);
        let advance = advance
            .unwrap_or_else(|| self.lookup.h_advance_unscaled(ab_glyph::GlyphId(glyph)) / self.em);
        to.advance += advance;
        to.glyphs.push(KrillaGlyph::new(
            GlyphId::new(u32::from(glyph)),
            advance,
            0.0,
            0.0,
            0.0,
            range,
            None,
        ));
    }

    /// The letter's glyph, else its base letter's, else the stand-in. Whatever is
    /// drawn, the glyph is recorded as standing for the letter itself, so search
    /// finds it and the copy is never refused over a letter.
    fn glyph(&self, letter: char) -> u16 {
        let of = |letter: char| Some(self.lookup.glyph_id(letter).0).filter(|glyph| *glyph != 0);
        of(letter)
            .or_else(|| letter.nfkd().next().and_then(of))
            .unwrap_or(self.stand_in)
    }
}

/// Letters that a text in a PDF/A may hold: no control codes, no byte order marks,
/// nothing from the private areas, whose meaning would be lost.
fn is_text(letter: char) -> bool {
    !letter.is_control()
        && !matches!(
            letter,
            '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{fffd}'
                | '\u{e000}'..='\u{f8ff}'
                | '\u{f0000}'..='\u{10ffff}'
        )
}

fn middle_of(outline: &Rectangle) -> f32 {
    outline.y as f32 + outline.height as f32 / 2.0
}
