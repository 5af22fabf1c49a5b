//! Connected strokes of ink.

use crate::strip::Strip;

/// A connected piece of ink by its box in page pixels; `right` and `bottom` are
/// one past the last pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stroke {
    pub(crate) left: u32,
    pub(crate) top: u32,
    pub(crate) right: u32,
    pub(crate) bottom: u32,
    /// How wide the line is that it is drawn with, in pixels: its ink over half its rim.
    pub(crate) thickness: f32,
}

impl Stroke {
    pub(crate) fn width(&self) -> u32 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> u32 {
        self.bottom - self.top
    }

    /// Middle from left to right.
    pub(crate) fn middle(&self) -> f32 {
        f32::midpoint(self.left as f32, self.right as f32)
    }
}

/// The strokes of a strip, corners touching counted as connected. Strokes that
/// run out of the strip at its top or bottom belong to other lines, to frames or
/// to stamps and are left out.
pub(crate) fn of(strip: &Strip) -> Vec<Stroke> {
    let (width, height) = (strip.width(), strip.height());
    let mut seen = vec![false; width * height];
    let mut strokes = Vec::new();
    let mut stack = Vec::new();
    for start in 0..width * height {
        if seen[start] || !strip.is_ink(start % width, start / width) {
            continue;
        }
        let (mut left, mut top, mut right, mut bottom) = (width, height, 0, 0);
        let (mut ink, mut rim) = (0_u32, 0_u32);
        seen[start] = true;
        stack.push(start);
        while let Some(at) = stack.pop() {
            let (x, y) = (at % width, at / width);
            left = left.min(x);
            right = right.max(x + 1);
            top = top.min(y);
            bottom = bottom.max(y + 1);
            ink += 1;
            rim += rim_at(strip, x, y);
            for near_y in y.saturating_sub(1)..(y + 2).min(height) {
                for near_x in x.saturating_sub(1)..(x + 2).min(width) {
                    let near = near_y * width + near_x;
                    if !seen[near] && strip.is_ink(near_x, near_y) {
                        seen[near] = true;
                        stack.push(near);
                    }
                }
            }
        }
        if top == 0 || bottom == height {
            continue;
        }
        strokes.push(Stroke {
            left: strip.area.x + left as u32,
            top: strip.area.y + top as u32,
            right: strip.area.x + right as u32,
            bottom: strip.area.y + bottom as u32,
            thickness: 2.0 * ink as f32 / rim.max(1) as f32,
        });
    }
    strokes.sort_by_key(|stroke| stroke.left);
    strokes
}

/// On how many of its four sides a pixel of ink has paper.
fn rim_at(strip: &Strip, x: usize, y: usize) -> u32 {
    let sides = [
        x.checked_sub(1).map(|x| (x, y)),
        (x + 1 < strip.width()).then_some((x + 1, y)),
        y.checked_sub(1).map(|y| (x, y)),
        (y + 1 < strip.height()).then_some((x, y + 1)),
    ];
    let paper = |side: &Option<(usize, usize)>| side.is_none_or(|(x, y)| !strip.is_ink(x, y));
    sides.iter().filter(|side| paper(side)).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::geometry::Rectangle;
    use image::{GrayImage, Luma};

    #[test]
    fn strokes_touching_at_a_corner_are_one_and_those_cut_off_are_none() {
        let drawing = [
            "........#.",
            ".#...#..#.",
            "..#..#..#.",
            "...#......",
            "..........",
        ];
        let page = GrayImage::from_fn(10, 5, |x, y| {
            let ink = drawing[y as usize].as_bytes()[x as usize] == b'#';
            Luma([if ink { 0 } else { 255 }])
        });
        let strip = Strip::cut(&page, &Rectangle::new(0, 0, 10, 5));
        let strokes: Vec<(u32, u32, u32, u32)> = of(&strip)
            .iter()
            .map(|stroke| (stroke.left, stroke.top, stroke.right, stroke.bottom))
            .collect();
        assert_eq!(strokes, [(1, 1, 4, 4), (5, 1, 6, 3)]);
    }
}
