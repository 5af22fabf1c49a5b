//! Ruled lines: what a form is filled in on, and the frames of its tables.
//!
//! Engines take the post of a cell for an l and read signs into its corners. The picture
//! for reading does without them. What crosses a rule stays whole: only where nothing but
//! the rule is black is it taken out.
//!
//! A rule that print stands on is left alone. The dots below its letters lie on the very
//! rule and would go with it, and "Nghê An" reads as well as "Nghệ An": on 24 drawn forms
//! whose lines run through the dots, taking them out made eight wrong values certain.

use image::{GrayImage, Luma};

/// Darker than this is ink.
const INK: u8 = 160;
/// Shorter strokes may be dashes or parts of large letters, in page widths: 12 mm.
const LEAST_LENGTH: f32 = 0.06;
/// A thicker bar is no rule, in page widths: 6 pixels of A4 at 200 dpi.
const THICKEST: f32 = 0.003_6;
/// Where more pixels than the rule is thick are black, something else stands there too.
const ROUGH: u32 = 1;
/// Print whose feet are as near to a rule stands on it, in page widths: 1.3 mm. Tails
/// reach deeper, but few letters have one.
const NEAR: f32 = 0.006;
/// Print stands on a rule that has so many inked places near it …
const FEET: f32 = 0.2;
/// … within a stretch of this length, in page widths: two or three words.
const STRETCH: f32 = 0.06;

/// A straight run of ink: along `from..to`, at `at` across.
#[derive(Clone, Copy, Debug)]
struct Run {
    at: u32,
    from: u32,
    to: u32,
}

/// Takes the ruled lines out of a page whose paper is white.
pub(crate) fn erase(page: &mut GrayImage) {
    let least = ((page.width() as f32 * LEAST_LENGTH) as u32).max(24);
    let thickest = ((page.width() as f32 * THICKEST).round() as u32).max(3);
    let near = ((page.width() as f32 * NEAR).round() as u32).max(3);
    let stretch = ((page.width() as f32 * STRETCH) as usize).max(24);
    let (level, upright) = (level_runs(page, least), upright_runs(page, least));
    if level.is_empty() && upright.is_empty() {
        return;
    }
    let (rows, columns) = (
        Mask::of(page, &level, Along::Rows),
        Mask::of(page, &upright, Along::Columns),
    );
    let mut taken = Vec::new();
    for (runs, along, crossing) in [
        (level, Along::Rows, &columns),
        (upright, Along::Columns, &rows),
    ] {
        let sight = Sight {
            page,
            along,
            crossing,
        };
        for run in runs {
            taken.extend(sight.bare(run, thickest, near, stretch));
        }
    }
    for (x, y) in taken {
        page.put_pixel(x, y, Luma([255]));
    }
}

/// The pixels of the runs that lie one way.
struct Mask {
    width: usize,
    set: Vec<bool>,
}

impl Mask {
    fn of(page: &GrayImage, runs: &[Run], along: Along) -> Self {
        let width = page.width() as usize;
        let mut set = vec![false; width * page.height() as usize];
        for run in runs {
            for place in run.from..run.to {
                let (x, y) = along.point(place, run.at);
                set[y as usize * width + x as usize] = true;
            }
        }
        Self { width, set }
    }

    fn has(&self, x: u32, y: u32) -> bool {
        self.set[y as usize * self.width + x as usize]
    }
}

/// Which way a run lies.
#[derive(Clone, Copy, Debug)]
enum Along {
    Rows,
    Columns,
}

impl Along {
    fn point(self, along: u32, across: u32) -> (u32, u32) {
        match self {
            Self::Rows => (along, across),
            Self::Columns => (across, along),
        }
    }
}

fn level_runs(page: &GrayImage, least: u32) -> Vec<Run> {
    let mut runs = Vec::new();
    let rows = page.as_raw().chunks_exact(page.width().max(1) as usize);
    for (at, row) in (0_u32..).zip(rows) {
        let mut from = 0;
        for part in row.split(|level| *level >= INK) {
            let to = from + part.len() as u32;
            if part.len() as u32 >= least {
                runs.push(Run { at, from, to });
            }
            from = to + 1;
        }
    }
    runs
}

fn upright_runs(page: &GrayImage, least: u32) -> Vec<Run> {
    let mut runs = Vec::new();
    // How long the ink above each place goes on; rows are read as they lie in memory.
    let mut lengths = vec![0_u32; page.width() as usize];
    let rows = page.as_raw().chunks_exact(page.width().max(1) as usize);
    for (y, row) in (0_u32..).zip(rows) {
        for ((at, level), length) in (0_u32..).zip(row).zip(&mut lengths) {
            if *level < INK {
                *length += 1;
                continue;
            }
            if *length >= least {
                runs.push(Run {
                    at,
                    from: y - *length,
                    to: y,
                });
            }
            *length = 0;
        }
    }
    let height = page.height();
    runs.extend(
        (0_u32..)
            .zip(lengths)
            .filter(|(_, length)| *length >= least)
            .map(|(at, length)| Run {
                at,
                from: height - length,
                to: height,
            }),
    );
    runs
}

/// A page seen along its rules of one way, without those that cross them.
struct Sight<'p> {
    page: &'p GrayImage,
    along: Along,
    crossing: &'p Mask,
}

impl Sight<'_> {
    fn ink(&self, place: u32, across: u32) -> bool {
        let (x, y) = self.along.point(place, across);
        self.page.get_pixel(x, y)[0] < INK && !self.crossing.has(x, y)
    }

    /// How many pixels there are across.
    fn limit(&self) -> u32 {
        match self.along {
            Along::Rows => self.page.height(),
            Along::Columns => self.page.width(),
        }
    }

    /// From where to where the ink goes across a run at one place, one past the end.
    fn extent(&self, run: Run, place: u32, far: u32) -> (u32, u32) {
        let first = (run.at.saturating_sub(far)..run.at)
            .rev()
            .take_while(|across| self.ink(place, *across))
            .last()
            .unwrap_or(run.at);
        let end = (run.at + 1..(run.at + far + 1).min(self.limit()))
            .take_while(|across| self.ink(place, *across))
            .last()
            .map_or(run.at + 1, |last| last + 1);
        (first, end)
    }

    /// The pixels of a run that nothing else stands on, with the soft rim beside them;
    /// none when it belongs to something thicker than a rule, or print stands on it.
    fn bare(&self, run: Run, thickest: u32, near: u32, stretch: usize) -> Vec<(u32, u32)> {
        let far = thickest + ROUGH + 1;
        let extents: Vec<(u32, u32)> = (run.from..run.to)
            .map(|place| self.extent(run, place, far))
            .collect();
        let mut across: Vec<u32> = extents.iter().map(|(first, end)| end - first).collect();
        let middle = across.len() / 2;
        let thickness = *across.select_nth_unstable(middle).1;
        if thickness > thickest {
            return Vec::new();
        }
        let sides = [
            (
                run.at.saturating_sub(near + thickness),
                run.at.saturating_sub(thickness),
            ),
            (
                (run.at + thickness + 1).min(self.limit()),
                (run.at + thickness + 1 + near).min(self.limit()),
            ),
        ];
        if sides
            .iter()
            .any(|side| self.is_written_on(run, *side, stretch))
        {
            return Vec::new();
        }
        let mut taken = Vec::new();
        for (place, (first, end)) in (run.from..run.to).zip(extents) {
            if end - first <= thickness + ROUGH {
                let rim = first.saturating_sub(1)..(end + 1).min(self.limit());
                taken.extend(rim.map(|across| self.along.point(place, across)));
            }
        }
        taken
    }

    /// Whether print has its feet, or its marks, in this band beside a run.
    fn is_written_on(&self, run: Run, (from, to): (u32, u32), stretch: usize) -> bool {
        let inked: Vec<bool> = (run.from..run.to)
            .map(|place| (from..to).any(|across| self.ink(place, across)))
            .collect();
        let stretch = stretch.min(inked.len()).max(1);
        let most = (stretch as f32 * FEET) as usize;
        let mut count = inked[..stretch].iter().filter(|inked| **inked).count();
        for end in stretch..inked.len() {
            if count > most {
                return true;
            }
            count = count + usize::from(inked[end]) - usize::from(inked[end - stretch]);
        }
        count > most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTH: u32 = 1000;

    fn paper() -> GrayImage {
        GrayImage::from_pixel(WIDTH, 400, Luma([255]))
    }

    fn fill(page: &mut GrayImage, left: u32, top: u32, width: u32, height: u32) {
        for y in top..top + height {
            for x in left..left + width {
                page.put_pixel(x, y, Luma([20]));
            }
        }
    }

    fn ink(page: &GrayImage) -> usize {
        page.pixels().filter(|pixel| pixel[0] < INK).count()
    }

    #[test]
    fn rules_and_frames_go_and_what_crosses_them_stays() {
        let mut page = paper();
        fill(&mut page, 100, 200, 600, 2);
        fill(&mut page, 100, 50, 2, 300);
        // A letter with a tail through the rule, and one that stands on it.
        fill(&mut page, 300, 180, 4, 32);
        fill(&mut page, 400, 184, 4, 16);
        erase(&mut page);
        let tail = (180..212)
            .filter(|y| page.get_pixel(301, *y)[0] < INK)
            .count();
        assert_eq!(tail, 32, "the tail is whole");
        let stem = (184..200)
            .filter(|y| page.get_pixel(401, *y)[0] < INK)
            .count();
        assert_eq!(stem, 16, "the letter that stands on the rule is whole");
        let left = ink(&page);
        assert!(left <= 4 * 32 + 4 * 18 + 16, "{left} pixels are left");
    }

    #[test]
    fn a_rule_that_print_stands_on_stays_with_the_dots_on_it() {
        for gap in 0..5 {
            let mut page = paper();
            fill(&mut page, 100, 200, 600, 2);
            // Five letters of a word, and the dot below the third on the rule itself.
            for letter in 0..5 {
                fill(&mut page, 300 + 12 * letter, 182 - gap, 6, 18);
            }
            fill(&mut page, 324, 199, 4, 3);
            let before = page.clone();
            erase(&mut page);
            assert_eq!(page, before, "{gap} pixels between feet and rule");
        }
    }

    #[test]
    fn a_cell_goes_under_letters_that_keep_away_from_it() {
        let mut page = paper();
        for y in [100, 160] {
            fill(&mut page, 100, y, 600, 2);
        }
        for x in [100, 400, 698] {
            fill(&mut page, x, 20, 2, 200);
        }
        for letter in 0..5 {
            fill(&mut page, 120 + 12 * letter, 120, 6, 20);
        }
        // One of them has a tail.
        fill(&mut page, 144, 140, 2, 14);
        erase(&mut page);
        assert_eq!(ink(&page), 5 * 6 * 20 + 2 * 14);
    }

    #[test]
    fn a_rule_that_falls_by_some_pixels_goes_too() {
        let mut page = paper();
        for step in 0..6 {
            fill(&mut page, 100 + step * 110, 200 + step, 110, 2);
        }
        erase(&mut page);
        assert_eq!(ink(&page), 0);
    }

    #[test]
    fn dashes_bars_and_letters_stay() {
        let mut page = paper();
        fill(&mut page, 100, 100, 40, 2);
        fill(&mut page, 100, 200, 600, 30);
        fill(&mut page, 800, 100, 6, 50);
        let before = page.clone();
        erase(&mut page);
        assert_eq!(page, before);
    }
}
