//! Dotted lines on which a form is filled in.
//!
//! Engines take the dots for full stops, and letters that stand among them fall
//! apart. A person looks past them, and so does the picture for reading.
//!
//! The dot below a letter often lies on the very level of the line: "Thọ" without it
//! is another name that reads as well. A dot is therefore taken out only where it is
//! one of the line's own: as black as they are, on their level and in their step.

use image::{GrayImage, Luma};

/// Darker than this is ink.
const INK: u8 = 160;
/// Side of a dot at most, in page widths: 6 pixels of A4 at 200 dpi.
const LARGEST_DOT: f32 = 0.003_6;
/// From one dot to the next at most, in page widths: 20 pixels of A4 at 200 dpi.
const LARGEST_STEP: f32 = 0.012;
/// Dots in a regular row that are no chance: an ellipsis has three.
const LEAST_RUN: usize = 6;
/// How far steps of one row may differ from their median.
const UNEVEN: f32 = 0.3;
/// Dots that may be of one line lie on one level within this, in pixels.
const LEVEL: f32 = 1.6;
/// How far a line's own dot lies from where its row puts it, in steps and in pixels.
const OFF_STEP: f32 = 0.15;
const OFF_LEVEL: f32 = 1.0;
/// How much ink a line's own dot has, measured by the median of its row: a dot of two
/// pixels may be scanned as one of three. The dot below a letter has two to three times
/// as much.
const INK_SHARE: std::ops::Range<f32> = 0.4..1.9;

/// A speck with paper all around it.
#[derive(Clone, Copy, Debug)]
struct Dot {
    left: u32,
    top: u32,
    right: u32,
    bottom: u32,
    /// How black it is in all: darkness summed over it and its soft rim.
    ink: f32,
}

impl Dot {
    fn x(&self) -> f32 {
        f32::midpoint(self.left as f32, self.right as f32)
    }

    fn y(&self) -> f32 {
        f32::midpoint(self.top as f32, self.bottom as f32)
    }
}

/// Takes the dotted lines out of a page whose paper is white.
pub(crate) fn erase(page: &mut GrayImage) {
    let width = page.width() as f32;
    let largest = ((width * LARGEST_DOT).round() as u32).max(3);
    let dots = dots(page, largest);
    for dot in leaders(&dots, width * LARGEST_STEP) {
        // The soft rim of a dot is no ink, but would stay as a shadow of it.
        for y in dot.top.saturating_sub(1)..(dot.bottom + 1).min(page.height()) {
            for x in dot.left.saturating_sub(1)..(dot.right + 1).min(page.width()) {
                page.put_pixel(x, y, Luma([255]));
            }
        }
    }
}

/// All dots, from top to bottom.
fn dots(page: &GrayImage, largest: u32) -> Vec<Dot> {
    let (width, height) = page.dimensions();
    let row = |y: u32| &page.as_raw()[(y * width) as usize..((y + 1) * width) as usize];
    let mut dots = Vec::new();
    for y in 1..height.saturating_sub(1) {
        let (above, here) = (row(y - 1), row(y));
        let mut x = 1;
        while x + 1 < width {
            if here[x as usize] >= INK {
                x += 1;
                continue;
            }
            let start = x;
            while x + 1 < width && here[x as usize] < INK {
                x += 1;
            }
            // Only the top row of a speck has paper above it.
            let roof = &above[(start - 1) as usize..=(x as usize)];
            if x - start <= largest && roof.iter().all(|level| *level >= INK) {
                dots.extend(dot_at(page, start, x, y, largest));
            }
        }
    }
    dots
}

/// The dot whose top row is this run, when it is one.
fn dot_at(page: &GrayImage, start: u32, end: u32, top: u32, largest: u32) -> Option<Dot> {
    let (width, height) = page.dimensions();
    let ink = |x: u32, y: u32| page.get_pixel(x, y)[0] < INK;
    let (mut left, mut right) = (start, end);
    let mut bottom = top + 1;
    loop {
        // A dot may grow wider downwards by a pixel on each side.
        let (from, to) = (left.checked_sub(1)?, (right + 1).min(width));
        if bottom >= height {
            return None;
        }
        let inked: Vec<u32> = (from..to).filter(|x| ink(*x, bottom)).collect();
        let (Some(first), Some(last)) = (inked.first(), inked.last()) else {
            break;
        };
        (left, right) = (left.min(*first), right.max(last + 1));
        bottom += 1;
        if right - left > largest || bottom - top > largest {
            return None;
        }
    }
    // Paper on both sides, or this is the tip of something larger.
    let beside = [left.checked_sub(1)?, right];
    let alone = right < width && (top..bottom).all(|y| beside.iter().all(|x| !ink(*x, y)));
    alone.then(|| Dot {
        left,
        top,
        right,
        bottom,
        ink: (top - 1..(bottom + 1).min(height))
            .flat_map(|y| (left - 1..(right + 1).min(width)).map(move |x| (x, y)))
            .map(|(x, y)| f32::from(255 - page.get_pixel(x, y)[0]))
            .sum(),
    })
}

/// The dots that belong to dotted lines.
fn leaders(dots: &[Dot], largest_step: f32) -> Vec<Dot> {
    let mut levels: Vec<&Dot> = dots.iter().collect();
    levels.sort_by(|one, other| one.y().total_cmp(&other.y()));
    let mut found = vec![];
    let mut from = 0;
    while from < levels.len() {
        let level = levels[from].y();
        let to = from + levels[from..].partition_point(|dot| dot.y() <= level + 2.0 * LEVEL);
        let mut row: Vec<Dot> = levels[from..to].iter().map(|dot| **dot).collect();
        row.sort_by(|one, other| one.x().total_cmp(&other.x()));
        found.extend(of_row(&row, largest_step));
        // Bands overlap by half, so that no line falls between two of them.
        let next = from + levels[from..].partition_point(|dot| dot.y() <= level + LEVEL);
        from = next.max(from + 1);
    }
    found
}

/// The dots of one level that stand in regular runs, and those between two runs that
/// are like them: single dots show between the letters of what was filled in.
fn of_row(row: &[Dot], largest_step: f32) -> Vec<Dot> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    while start < row.len() {
        let end = end_of_run(row, start, largest_step);
        if end - start >= LEAST_RUN {
            runs.push((start, end));
            start = end;
        } else {
            start += 1;
        }
    }
    let (Some(first), Some(last)) = (runs.first(), runs.last()) else {
        return Vec::new();
    };
    let patterns: Vec<Pattern> = runs
        .iter()
        .filter_map(|(start, end)| Pattern::of(&row[*start..*end]))
        .collect();
    (first.0..last.1)
        .filter(|index| {
            // The runs before and after it know where a dot of the line must be.
            let next = runs.partition_point(|(_, end)| end <= index);
            patterns[next.saturating_sub(1)..patterns.len().min(next + 1)]
                .iter()
                .any(|pattern| pattern.has(&row[*index]))
        })
        .map(|index| row[index])
        .collect()
}

/// What a run of dots says of those that belong to it.
#[derive(Clone, Copy, Debug)]
struct Pattern {
    /// Place of its first dot and the step from one to the next, evened out.
    first: f32,
    step: f32,
    /// Level at its first dot, and how much it falls for each pixel to the right.
    level: f32,
    slope: f32,
    ink: f32,
}

impl Pattern {
    fn of(run: &[Dot]) -> Option<Self> {
        let (first, step) = straight(run.iter().enumerate().map(|(at, dot)| (at as f32, dot.x())))?;
        let (level, slope) = straight(run.iter().map(|dot| (dot.x() - first, dot.y())))?;
        let mut ink: Vec<f32> = run.iter().map(|dot| dot.ink).collect();
        ink.sort_by(f32::total_cmp);
        Some(Self {
            first,
            step,
            level,
            slope,
            ink: ink[ink.len() / 2],
        })
    }

    fn has(&self, dot: &Dot) -> bool {
        let from_first = dot.x() - self.first;
        let steps = from_first / self.step;
        (steps - steps.round()).abs() <= OFF_STEP
            && (dot.y() - self.level - from_first * self.slope).abs() <= OFF_LEVEL
            && INK_SHARE.contains(&(dot.ink / self.ink))
    }
}

/// The straight line through the points that is nearest to them: its height at zero
/// and its slope.
fn straight(points: impl Iterator<Item = (f32, f32)> + Clone) -> Option<(f32, f32)> {
    let count = points.clone().count() as f32;
    let (x, y) = points
        .clone()
        .fold((0.0, 0.0), |sum, (x, y)| (sum.0 + x, sum.1 + y));
    let (x, y) = (x / count, y / count);
    let (both, square) = points.fold((0.0, 0.0), |sum, (px, py)| {
        (sum.0 + (px - x) * (py - y), sum.1 + (px - x) * (px - x))
    });
    let slope = both / square;
    slope.is_finite().then_some((y - slope * x, slope))
}

/// Where the run of even steps ends that begins with this dot.
fn end_of_run(row: &[Dot], start: usize, largest_step: f32) -> usize {
    let step = |index: usize| row[index + 1].x() - row[index].x();
    let mut end = start + 1;
    let mut mean = 0.0;
    while end < row.len() {
        let next = step(end - 1);
        let taken = (end - start) as f32;
        if next > largest_step
            || next < 1.0
            || (end > start + 1 && (next - mean).abs() > UNEVEN * mean)
        {
            break;
        }
        mean = (mean * (taken - 1.0) + next) / taken;
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: u32 = 1654;

    fn paper() -> GrayImage {
        GrayImage::from_pixel(WIDTH, 200, Luma([255]))
    }

    fn block(page: &mut GrayImage, x: u32, y: u32, width: u32, height: u32) {
        for y in y..y + height {
            for x in x..x + width {
                page.put_pixel(x, y, Luma([20]));
            }
        }
    }

    fn ink(page: &GrayImage) -> usize {
        page.pixels().filter(|level| level[0] < INK).count()
    }

    /// Draws dots at these places and returns how many are left.
    fn left_over(places: &[(u32, u32)], more: &[(u32, u32, u32, u32)]) -> usize {
        let mut page = paper();
        for (x, y) in places {
            block(&mut page, *x, *y, 3, 3);
        }
        let mut rest = paper();
        for (x, y, width, height) in more {
            block(&mut page, *x, *y, *width, *height);
            block(&mut rest, *x, *y, *width, *height);
        }
        erase(&mut page);
        ink(&page)
            .checked_sub(ink(&rest))
            .expect("print is left alone")
            / 9
    }

    #[test]
    fn a_dotted_line_goes_and_the_print_on_it_stays() {
        let line: Vec<(u32, u32)> = (0..40).map(|index| (200 + index * 9, 100)).collect();
        assert_eq!(left_over(&line, &[]), 0);
        // Two letters stand on the line; the single dot between them goes as well.
        let around: Vec<(u32, u32)> = line
            .iter()
            .copied()
            .filter(|(x, _)| !(290..330).contains(x) && !(350..380).contains(x))
            .collect();
        let letters = [(295, 80, 30, 23), (350, 80, 26, 23)];
        assert_eq!(left_over(&around, &letters), 0);
    }

    #[test]
    fn the_dot_below_a_letter_stays_where_it_lies_on_the_line() {
        let line = |without: std::ops::Range<u32>| -> Vec<(u32, u32)> {
            (0..40)
                .map(|index| (200 + index * 9, 100))
                .filter(|(x, _)| !without.contains(x))
                .collect()
        };
        // Larger than the dots of the line, in its very step.
        assert_eq!(left_over(&line(340..350), &[(341, 98, 6, 5)]), 0);
        // As large, but between two steps, or beside the level.
        let mut off_step = line(0..0);
        off_step.push((348, 100));
        off_step.retain(|(x, _)| !(340..348).contains(x) && !(350..360).contains(x));
        assert_eq!(left_over(&off_step, &[]), 1);
        let mut off_level = line(340..350);
        off_level.push((344, 102));
        assert_eq!(left_over(&off_level, &[]), 1);
    }

    #[test]
    fn small_dots_may_be_scanned_as_two_pixels_or_three() {
        let mut page = paper();
        for index in 0..60 {
            let size = if index % 3 == 0 { 3 } else { 2 };
            block(&mut page, 200 + index * 26 / 3, 100, size, 2);
        }
        erase(&mut page);
        assert_eq!(ink(&page), 0);
    }

    #[test]
    fn a_line_may_lean_a_little() {
        let line: Vec<(u32, u32)> = (0..60)
            .map(|index| (200 + index * 9, 100 + index / 40))
            .collect();
        assert_eq!(left_over(&line, &[]), 0);
    }

    #[test]
    fn full_stops_ellipses_and_marks_stay() {
        assert_eq!(left_over(&[(200, 100), (400, 100), (640, 100)], &[]), 3);
        assert_eq!(left_over(&[(200, 100), (209, 100), (218, 100)], &[]), 3);
        // Dots of letters on one level, as uneven as letters are wide.
        let marks = [200, 214, 246, 260, 301, 322, 367, 380].map(|x| (x, 100));
        assert_eq!(left_over(&marks, &[]), 8);
        // A stop after the number of a line, far from the dotted line on its level.
        let mut line: Vec<(u32, u32)> = (0..20).map(|index| (500 + index * 9, 100)).collect();
        line.push((200, 100));
        assert_eq!(left_over(&line, &[]), 1);
    }

    #[test]
    fn thick_and_joined_marks_are_no_dots() {
        let mut page = paper();
        for index in 0..30 {
            block(&mut page, 200 + index * 24, 100, 12, 12);
        }
        block(&mut page, 100, 150, 900, 2);
        let before = page.clone();
        erase(&mut page);
        assert_eq!(page, before);
    }
}
