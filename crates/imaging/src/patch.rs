//! Patch T: four bars along an edge of a separator sheet, narrow, wide, narrow and
//! wide from the edge inwards, that split a stack into papers.

use domain::geometry::Rectangle;
use image::{GrayImage, imageops};

/// Widths of bars and gaps from the edge inwards, in narrow bars: a wide bar is
/// 0.2 inch, a narrow one and a gap are 0.08 inch.
const PATTERN: [f32; 7] = [1.0, 1.0, 2.5, 1.0, 1.0, 1.0, 2.5];

/// The narrow bar of a sheet that was printed larger or smaller than meant, as a
/// share of the shorter side of the page: 0.08 inch of A4 is 0.0097.
const NARROW: (f32, f32) = (0.0055, 0.017);

/// Copies and printers make bars fatter or thinner, by this part of a narrow bar.
const SLACK: f32 = 0.45;

/// Lines across the bars that are looked at, from one end of an edge to the other.
const LOOKS: u32 = 60;

/// So many neighbouring lines must meet the bars: 1.2 inch of an A4 sheet.
const FEWEST_LOOKS: usize = 8;

/// How far into the sheet bars are looked for.
const DEPTH: f32 = 0.3;

/// From one look to the next the bars may go this much deeper, as a share of the
/// step: a sheet lies 15° askew at most.
const STEEPEST: f32 = 0.28;

/// Darker than this share of the paper is bar; faded ink is lighter than fresh.
const DARK_SHARE: f32 = 0.72;

/// Where a patch T stands, at whichever edge.
pub(crate) fn patch_t(page: &GrayImage) -> Option<Rectangle> {
    let (width, height) = page.dimensions();
    let top = |page: &GrayImage| at_the_top(page);
    if let Some(found) = top(page) {
        return Some(found);
    }
    if let Some(found) = top(&imageops::rotate180(page)) {
        let x = width - found.right();
        let y = height - found.bottom();
        return Some(Rectangle::new(x, y, found.width, found.height));
    }
    if let Some(found) = top(&imageops::rotate90(page)) {
        let y = height - found.right();
        return Some(Rectangle::new(found.y, y, found.height, found.width));
    }
    let found = top(&imageops::rotate270(page))?;
    let x = width - found.bottom();
    Some(Rectangle::new(x, found.x, found.height, found.width))
}

/// Where four bars lie along the top edge.
fn at_the_top(page: &GrayImage) -> Option<Rectangle> {
    let (width, height) = page.dimensions();
    let depth = (height as f32 * DEPTH) as u32;
    let step = (width / LOOKS).max(1);
    let narrow = (width.min(height) as f32 * NARROW.0)..(width.min(height) as f32 * NARROW.1);
    let paper = paper_level(page);
    let dark = (f32::from(paper) * DARK_SHARE) as u8;
    let mut row: Vec<(u32, Bars)> = Vec::new();
    for x in (step / 2..width).step_by(step as usize) {
        let here = bars_in(page, x, depth, dark, &narrow);
        let goes_on = |last: &(u32, Bars), bars: &Bars| {
            let reach = step as f32 * STEEPEST + 2.0;
            (last.1.top as f32 - bars.top as f32).abs() <= reach
                && (last.1.bottom as f32 - bars.bottom as f32).abs() <= reach
        };
        match here {
            Some(bars) if row.last().is_none_or(|last| goes_on(last, &bars)) => {
                row.push((x, bars));
            }
            Some(bars) if row.len() < FEWEST_LOOKS => row = vec![(x, bars)],
            None if row.len() < FEWEST_LOOKS => row.clear(),
            Some(_) | None => break,
        }
    }
    if row.len() < FEWEST_LOOKS {
        return None;
    }
    let left = row.first()?.0;
    let right = row.last()?.0;
    let top = row.iter().map(|(_, bars)| bars.top).min()?;
    let bottom = row.iter().map(|(_, bars)| bars.bottom).max()?;
    Some(Rectangle::new(left, top, right - left, bottom - top))
}

/// The first row of the outermost bar and the row behind the innermost.
#[derive(Clone, Copy)]
struct Bars {
    top: u32,
    bottom: u32,
}

/// The bars that a line down from the edge meets first.
fn bars_in(
    page: &GrayImage,
    x: u32,
    depth: u32,
    dark: u8,
    narrow: &std::ops::Range<f32>,
) -> Option<Bars> {
    let mut ends = Vec::new();
    let mut was_dark = false;
    for y in 0..depth {
        let is_dark = page.get_pixel(x, y).0[0] < dark;
        if is_dark != was_dark {
            ends.push(y);
            was_dark = is_dark;
        }
    }
    // An even place in the list is the beginning of something dark.
    ends.windows(PATTERN.len() + 1)
        .step_by(2)
        .find(|ends| fits(ends, narrow))
        .map(|ends| Bars {
            top: ends[0],
            bottom: ends[PATTERN.len()],
        })
}

fn fits(ends: &[u32], narrow: &std::ops::Range<f32>) -> bool {
    let whole = (ends[PATTERN.len()] - ends[0]) as f32;
    let unit = whole / PATTERN.iter().sum::<f32>();
    narrow.contains(&unit)
        && ends
            .array_windows::<2>()
            .zip(PATTERN)
            .all(|([from, to], share)| ((to - from) as f32 / unit - share).abs() <= SLACK)
}

/// The brightness that half of the page exceeds: a separator sheet is paper for the
/// greater part.
fn paper_level(page: &GrayImage) -> u8 {
    let mut counts = [0_usize; 256];
    for sample in page.as_raw() {
        counts[usize::from(*sample)] += 1;
    }
    let mut above = page.as_raw().len() / 2;
    for (value, count) in counts.iter().enumerate().rev() {
        if *count > above {
            return value as u8;
        }
        above -= count;
    }
    0
}
