//! What of a signature is seen on paper: a few lines in a thin frame.

use std::fmt::Write as _;

use ab_glyph::{Font as _, FontRef, OutlineCurve, Point};

use crate::error::Error;

/// The letters: small enough for the margin of an official document, which is 20 mm
/// (Decree 30/2020/NĐ-CP, annex I), and large enough for a printer of 300 dpi.
const SIZE_PT: f32 = 6.5;
const LEADING_PT: f32 = 8.5;
const PADDING_PT: f32 = 3.0;
/// How far from the edge of the page a printer may be unable to print.
const MARGIN_PT: f32 = 14.0;
/// How far down and across "top left" reaches: half the width, a fifth of the height.
const REACH: (f32, f32) = (0.5, 0.2);
/// How finely a free place is looked for.
const STEP_PT: f32 = 4.0;

/// A rectangle on the page in points; `x` and `y` are those of its top left corner, seen
/// from the top left corner of the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// From the left.
    pub x: f32,
    /// From the top.
    pub y: f32,
    /// In points.
    pub width: f32,
    /// In points.
    pub height: f32,
}

impl Area {
    fn overlaps(&self, other: &Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }
}

/// Drawn lines, ready to be put on a page.
#[derive(Debug)]
pub(crate) struct Drawing {
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// A content stream with the origin at the bottom left corner. Letters are outlines,
    /// so that no reader needs a font for them.
    pub(crate) content: Vec<u8>,
}

impl Drawing {
    pub(crate) fn new(font: &[u8], lines: &[String]) -> Result<Self, Error> {
        let font = FontRef::try_from_slice(font).map_err(|_| Error::FontUnusable)?;
        let em = font.units_per_em().filter(|em| *em > 0.0);
        let em = em.ok_or(Error::FontUnusable)?;
        let scale = SIZE_PT / em;
        let widest = lines
            .iter()
            .map(|line| advance(&font, line) * scale)
            .fold(0.0, f32::max);
        let width = widest + 2.0 * PADDING_PT;
        let height = LEADING_PT * lines.len() as f32 + 2.0 * PADDING_PT - (LEADING_PT - SIZE_PT);
        let mut content = String::new();
        let (right, top) = (width - 0.5, height - 0.5);
        let _ = writeln!(
            content,
            "q 0.10 0.22 0.55 RG 0.10 0.22 0.55 rg 0.5 w 0.5 0.5 {:.2} {:.2} re S",
            right - 0.5,
            top - 0.5
        );
        for (index, line) in lines.iter().enumerate() {
            let baseline = height - PADDING_PT - SIZE_PT * 0.85 - LEADING_PT * index as f32;
            let _ = writeln!(
                content,
                "q {scale:.6} 0 0 {scale:.6} {PADDING_PT} {baseline:.2} cm"
            );
            draw_line(&mut content, &font, line);
            content.push_str("f Q\n");
        }
        content.push('Q');
        Ok(Self {
            width,
            height,
            content: content.into_bytes(),
        })
    }

    /// The free place nearest to the top left corner; where there is none, the corner
    /// itself, in the margin.
    // Circular 01/2023/TT-VPCP, art. 8(1): at the top left of the copy's first page;
    // art. 26: the QR code stands there too, and neither may cover the other.
    pub(crate) fn place(&self, page: (f32, f32), taken: &[Area]) -> Area {
        let at = |x: f32, y: f32| Area {
            x,
            y,
            width: self.width,
            height: self.height,
        };
        let steps = |reach: f32| {
            (0..)
                .map(|step| MARGIN_PT + STEP_PT * step as f32)
                .take_while(move |at| *at <= reach)
        };
        let mut places: Vec<Area> = steps(page.1 * REACH.1)
            .flat_map(|y| steps(page.0 * REACH.0).map(move |x| (x, y)))
            .map(|(x, y)| at(x, y))
            .filter(|area| area.x + area.width <= page.0 - MARGIN_PT)
            .filter(|area| !taken.iter().any(|other| area.overlaps(other)))
            .collect();
        let distance = |area: &Area| area.x.powi(2) + area.y.powi(2);
        places.sort_by(|one, other| distance(one).total_cmp(&distance(other)));
        places
            .first()
            .copied()
            .unwrap_or_else(|| at(MARGIN_PT.min(page.0 / 2.0), MARGIN_PT.min(page.1 / 2.0)))
    }
}

fn glyph(font: &FontRef<'_>, letter: char) -> ab_glyph::GlyphId {
    let found = font.glyph_id(letter);
    if found.0 == 0 && letter != ' ' {
        return font.glyph_id('?');
    }
    found
}

fn advance(font: &FontRef<'_>, line: &str) -> f32 {
    line.chars()
        .map(|letter| font.h_advance_unscaled(glyph(font, letter)))
        .sum()
}

fn draw_line(content: &mut String, font: &FontRef<'_>, line: &str) {
    let mut pen = 0.0;
    for letter in line.chars() {
        let id = glyph(font, letter);
        if let Some(outline) = font.outline(id) {
            draw_curves(content, &outline.curves, pen);
        }
        pen += font.h_advance_unscaled(id);
    }
}

fn draw_curves(content: &mut String, curves: &[OutlineCurve], pen: f32) {
    let mut at: Option<Point> = None;
    for curve in curves {
        let (from, end) = match curve {
            OutlineCurve::Line(from, end)
            | OutlineCurve::Quad(from, _, end)
            | OutlineCurve::Cubic(from, _, _, end) => (*from, *end),
        };
        // A curve that does not begin where the last one ended begins a new outline.
        if at.is_none_or(|at| (at.x - from.x).abs() + (at.y - from.y).abs() > 0.01) {
            put(content, pen, &[from], 'm');
        }
        match curve {
            OutlineCurve::Line(..) => put(content, pen, &[end], 'l'),
            OutlineCurve::Quad(_, control, _) => {
                // PDF knows cubic curves only; this one is the same.
                let two_thirds = |from: Point| Point {
                    x: from.x + (control.x - from.x) * 2.0 / 3.0,
                    y: from.y + (control.y - from.y) * 2.0 / 3.0,
                };
                put(content, pen, &[two_thirds(from), two_thirds(end), end], 'c');
            }
            OutlineCurve::Cubic(_, one, two, _) => put(content, pen, &[*one, *two, end], 'c'),
        }
        at = Some(end);
    }
}

/// Points in units of the font, of which an em has a thousand or more: whole numbers do.
fn put(content: &mut String, pen: f32, points: &[Point], operator: char) {
    for point in points {
        let _ = write!(content, "{:.0} {:.0} ", point.x + pen, point.y);
    }
    content.push(operator);
    content.push('\n');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PAGE: (f32, f32) = (595.0, 842.0);

    fn drawing() -> Drawing {
        Drawing {
            width: 130.0,
            height: 30.0,
            content: Vec::new(),
        }
    }

    #[test]
    fn an_empty_page_is_signed_in_its_corner() {
        let area = drawing().place(PAGE, &[]);
        assert_eq!((area.x, area.y), (MARGIN_PT, MARGIN_PT));
    }

    #[test]
    fn what_stands_in_the_corner_is_not_covered() {
        let code = Area {
            x: 10.0,
            y: 10.0,
            width: 80.0,
            height: 80.0,
        };
        let area = drawing().place(PAGE, &[code]);
        assert!(!area.overlaps(&code), "{area:?}");
        assert!(area.x < PAGE.0 / 2.0 && area.y < PAGE.1 / 5.0, "{area:?}");
    }

    proptest! {
        #[test]
        fn a_signature_lies_on_the_page_and_covers_nothing_where_there_is_room(
            taken in proptest::collection::vec((0.0f32..560.0, 0.0f32..200.0, 5.0f32..200.0, 5.0f32..14.0), 0..30),
        ) {
            let taken: Vec<Area> = taken
                .into_iter()
                .map(|(x, y, width, height)| Area { x, y, width, height })
                .collect();
            let area = drawing().place(PAGE, &taken);
            prop_assert!(area.x >= 0.0 && area.y >= 0.0);
            prop_assert!(area.x + area.width <= PAGE.0 && area.y + area.height <= PAGE.1);
            let covers = taken.iter().any(|other| area.overlaps(other));
            // Only where no place is free is the corner itself taken.
            prop_assert!(!covers || (area.x, area.y) == (MARGIN_PT, MARGIN_PT));
        }
    }
}
