//! Cover slips: a sheet to lay before each paper of a stack.

use chrono::{DateTime, Utc};
use krilla::geom::{PathBuilder, Rect};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;

use crate::copy::{Standard, made, not_written, settings};
use crate::error::Error;
use crate::text_layer::TextFont;

/// A4 in points.
const PAGE: (f32, f32) = (595.28, 841.89);

/// A narrow bar of a patch code and the gaps between bars: 0.08 inch.
const NARROW: f32 = 5.76;

/// A wide bar: 0.2 inch.
const WIDE: f32 = 14.4;

/// From the edge of the sheet to the first bar: 0.5 inch.
const TO_EDGE: f32 = 36.0;

/// Bars of patch T from the edge inwards.
const BARS: [f32; 4] = [NARROW, WIDE, NARROW, WIDE];

/// Where bars begin, and how long they are.
const BAR_LEFT: f32 = 117.64;
const BAR_LENGTH: f32 = 360.0;

/// Side of a QR code with its quiet zone: 62 mm.
const CODE: f32 = 175.0;

/// Text keeps away from the sides so far.
const MARGIN: f32 = 60.0;

/// A sheet that says which component of which dossier the paper behind it answers.
#[derive(Clone, PartialEq, Eq)]
pub struct CoverSlip {
    /// The modules of its QR code, dark ones true, the quiet zone around them.
    pub code: Vec<Vec<bool>>,
    /// What the sheet is.
    pub title: String,
    /// What people read on it: dossier, component, what to do with it.
    pub lines: Vec<String>,
}

// The lines may name a paper of a person.
impl std::fmt::Debug for CoverSlip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CoverSlip")
            .field("modules", &self.code.len())
            .finish_non_exhaustive()
    }
}

/// A PDF with a page for each slip, to be printed at its own size.
///
/// A slip carries its code twice and patch T at head and foot: a sheet whose codes are
/// both spoilt is still known to part two papers, whichever way up it is fed.
pub fn make_slips(
    slips: &[CoverSlip],
    made_at: DateTime<Utc>,
    font: &[u8],
) -> Result<Vec<u8>, Error> {
    if slips.is_empty() {
        return Err(Error::NoPages);
    }
    let font = TextFont::open(font)?;
    let mut document = krilla::Document::new_with(settings(Standard::PdfA2b));
    document.set_metadata(made(made_at).title(slips[0].title.clone()));
    for slip in slips {
        let settings =
            PageSettings::from_wh(PAGE.0, PAGE.1).expect("A4 is a size that a page may have");
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        draw(&mut surface, slip, &font);
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|error| not_written(&error))
}

fn draw(surface: &mut Surface<'_>, slip: &CoverSlip, font: &TextFont<'_>) {
    // Black is the colour that a surface begins with.
    surface.set_fill(Some(Fill::default()));
    let mut from_edge = TO_EDGE;
    for bar in BARS {
        fill(surface, BAR_LEFT, from_edge, BAR_LENGTH, bar);
        let mirrored = PAGE.1 - from_edge - bar;
        fill(surface, BAR_LEFT, mirrored, BAR_LENGTH, bar);
        from_edge += bar + NARROW;
    }
    code(surface, &slip.code, (MARGIN, 120.0), CODE);
    let second = (PAGE.0 - MARGIN - CODE, PAGE.1 - 120.0 - CODE);
    code(surface, &slip.code, second, CODE);
    let mut baseline = 350.0;
    font.draw_at(surface, &slip.title, 30.0, (MARGIN, baseline));
    baseline += 40.0;
    for line in &slip.lines {
        for part in wrapped(font, line, 15.0, PAGE.0 - 2.0 * MARGIN) {
            font.draw_at(surface, &part, 15.0, (MARGIN, baseline));
            baseline += 22.0;
            // Below stands the second code.
            if baseline > PAGE.1 - 120.0 - CODE {
                return;
            }
        }
    }
}

/// Draws a code, its quiet zone included, into a square of this width.
pub(crate) fn code(
    surface: &mut Surface<'_>,
    modules: &[Vec<bool>],
    (left, top): (f32, f32),
    width: f32,
) {
    let side = width / modules.len().max(1) as f32;
    let mut path = PathBuilder::new();
    for (y, row) in (0_u16..).zip(modules) {
        let mut x = 0;
        while x < row.len() {
            let run = row[x..].iter().take_while(|dark| **dark).count();
            if run > 0 {
                // A row of dark modules is one rectangle, so that no printer leaves a
                // hairline between them.
                let from = left + x as f32 * side;
                let area = Rect::from_xywh(
                    from,
                    top + f32::from(y) * side,
                    run as f32 * side,
                    side * 1.02,
                );
                path.push_rect(area.expect("a module has a size"));
            }
            x += run.max(1);
        }
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

pub(crate) fn fill(surface: &mut Surface<'_>, x: f32, y: f32, width: f32, height: f32) {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(x, y, width, height).expect("a bar has a size"));
    surface.draw_path(&path.finish().expect("a bar is a path"));
}

/// A text in lines that are no wider than this; a word that is wider by itself is cut.
pub(crate) fn wrapped(font: &TextFont<'_>, text: &str, size: f32, width: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if font.width(&format!("{line} {word}"), size) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(String::new()),
        }
        let Some(line) = lines.last_mut().filter(|line| line.is_empty()) else {
            continue;
        };
        let mut line = std::mem::take(line);
        for letter in word.chars() {
            line.push(letter);
            if line.chars().count() > 1 && font.width(&line, size) > width {
                line.pop();
                let next = lines.len() - 1;
                lines[next] = std::mem::replace(&mut line, letter.to_string());
                lines.push(String::new());
            }
        }
        let next = lines.len() - 1;
        lines[next] = line;
    }
    lines
}
