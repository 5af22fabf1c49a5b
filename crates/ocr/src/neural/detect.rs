//! Finding the lines of a page.

use std::path::Path;

use domain::geometry::Rectangle;
use image::GrayImage;
use rten_tensor::{AsView as _, Layout as _, NdTensor};

use crate::error::Error;
use crate::ink::{self, Window};
use crate::model::{LoadedModel, Threads};

/// The model's maps have half the resolution of its input.
const STRIDE: usize = 2;
/// The model's input sides are multiples of this.
const MULTIPLE: usize = 32;
/// When the median line is lower than this many pixels of the model's input,
/// the page is looked at again, larger.
const SMALL_PRINT: f32 = 9.0;
/// The height that the second look aims at.
const SECOND_LOOK: f32 = 12.0;
/// The longest side of the second look; its cost grows with the square.
const LONGEST_SIDE: f32 = 2048.0;
/// Fewer lines say nothing about the size of the print.
const LINES_TO_JUDGE: usize = 8;
/// A line's core is shorter than the line by this part of its height at each end.
const CORE_SHRINK: f32 = 0.15;
/// Smaller cores are specks.
const LEAST_AREA: usize = 2;

/// A line on the page, in page pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LineBox {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) right: f32,
    pub(crate) bottom: f32,
}

impl LineBox {
    pub(crate) fn height(&self) -> f32 {
        self.bottom - self.top
    }

    pub(crate) fn width(&self) -> f32 {
        self.right - self.left
    }

    pub(crate) fn middle(&self) -> f32 {
        f32::midpoint(self.top, self.bottom)
    }

    /// The whole pixels that hold it, inside the page.
    pub(crate) fn rectangle(&self, page: &GrayImage) -> Rectangle {
        let clamp = |value: f32, limit: u32| value.clamp(0.0, limit as f32) as u32;
        let (left, top) = (
            clamp(self.left.floor(), page.width().saturating_sub(1)),
            clamp(self.top.floor(), page.height().saturating_sub(1)),
        );
        let (right, bottom) = (
            clamp(self.right.ceil(), page.width()),
            clamp(self.bottom.ceil(), page.height()),
        );
        Rectangle::new(
            left,
            top,
            right.saturating_sub(left).max(1),
            bottom.saturating_sub(top).max(1),
        )
    }
}

#[derive(Debug)]
pub(crate) struct Detector {
    model: LoadedModel,
    long_side: f32,
}

impl Detector {
    pub(crate) fn open(folder: &Path, long_side: u32, threads: &Threads) -> Result<Self, Error> {
        Ok(Self {
            model: LoadedModel::open(folder, "det", threads)?,
            long_side: long_side as f32,
        })
    }

    pub(crate) fn find(&self, page: &GrayImage) -> Result<Vec<LineBox>, Error> {
        if page.width() < 8 || page.height() < 8 {
            return Ok(Vec::new());
        }
        let long = page.width().max(page.height()) as f32;
        let mut lines = self.look(page, self.long_side)?;
        let height = median_height(&lines) * self.long_side / long;
        if lines.len() >= LINES_TO_JUDGE && height < SMALL_PRINT {
            let larger = (self.long_side * SECOND_LOOK / height.max(1.0)).min(LONGEST_SIDE);
            if larger > self.long_side {
                lines = self.look(page, larger)?;
            }
        }
        lines.retain(|line| line.width() >= 2.0 && line.height() >= 4.0);
        Ok(lines)
    }

    fn look(&self, page: &GrayImage, long_side: f32) -> Result<Vec<LineBox>, Error> {
        let (width, height) = (page.width() as f32, page.height() as f32);
        let scale = long_side / width.max(height);
        let fit = |length: f32| ((length * scale).round() as usize).max(1);
        let (fit_width, fit_height) = (fit(width), fit(height));
        let ink = ink::sample(page, Window::whole(page), fit_width, fit_height, false);
        let padded = |length: usize| length.div_ceil(MULTIPLE) * MULTIPLE;
        let (in_width, in_height) = (padded(ink.width), padded(ink.height));
        let mut input = vec![0.0f32; in_width * in_height];
        for (row, ink) in input
            .chunks_exact_mut(in_width)
            .zip(ink.pixels.chunks_exact(ink.width))
        {
            row[..ink.len()].copy_from_slice(ink);
        }
        let input = NdTensor::from_data([1, 1, in_height, in_width], input);
        let [maps] = self.model.run(vec![("x", input.view().into())], ["out"])?;
        let maps: NdTensor<f32, 4> = maps.try_into().map_err(|_| self.model.foreign())?;
        let size = (in_width / STRIDE, in_height / STRIDE);
        if maps.shape() != [1, 3, size.1, size.0] {
            return Err(self.model.foreign());
        }
        let mut lines = lines_of_maps(&maps.to_vec(), size.0, size.1);
        for line in &mut lines {
            line.left = (line.left / scale).clamp(0.0, width);
            line.right = (line.right / scale).clamp(0.0, width);
            line.top = (line.top / scale).clamp(0.0, height);
            line.bottom = (line.bottom / scale).clamp(0.0, height);
        }
        Ok(lines)
    }
}

fn median_height(lines: &[LineBox]) -> f32 {
    let mut heights: Vec<f32> = lines.iter().map(LineBox::height).collect();
    heights.sort_by(f32::total_cmp);
    heights.get(heights.len() / 2).copied().unwrap_or(0.0)
}

/// The lines in the model's three maps, one after the other: the logit of being
/// the core of a line, and the distances from there to its top and bottom in
/// pixels of the input. Each connected core is one line; its top and bottom are
/// the means of what its pixels say.
fn lines_of_maps(maps: &[f32], width: usize, height: usize) -> Vec<LineBox> {
    let (core, distances) = maps.split_at(width * height);
    let (to_top, to_bottom) = distances.split_at(width * height);
    let mut seen = vec![false; width * height];
    let mut lines = Vec::new();
    let mut stack = Vec::new();
    for start in 0..width * height {
        if seen[start] || core[start] <= 0.0 {
            continue;
        }
        let (mut area, mut top, mut bottom) = (0usize, 0.0f32, 0.0f32);
        let (mut left, mut right) = (usize::MAX, 0usize);
        seen[start] = true;
        stack.push(start);
        while let Some(at) = stack.pop() {
            let (x, y) = (at % width, at / width);
            let middle = (y as f32 + 0.5) * STRIDE as f32;
            area += 1;
            top += middle - to_top[at];
            bottom += middle + to_bottom[at];
            left = left.min(x);
            right = right.max(x);
            let mut visit = |next: usize| {
                if !seen[next] && core[next] > 0.0 {
                    seen[next] = true;
                    stack.push(next);
                }
            };
            if x > 0 {
                visit(at - 1);
            }
            if x + 1 < width {
                visit(at + 1);
            }
            if y > 0 {
                visit(at - width);
            }
            if y + 1 < height {
                visit(at + width);
            }
        }
        if area < LEAST_AREA {
            continue;
        }
        let (top, bottom) = (top / area as f32, bottom / area as f32);
        let margin = CORE_SHRINK * (bottom - top).max(1.0);
        lines.push(LineBox {
            left: (left * STRIDE) as f32 - margin,
            top,
            right: ((right + 1) * STRIDE) as f32 + margin,
            bottom,
        });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_connected_core_is_one_line() {
        let (width, height) = (8, 4);
        let mut maps = vec![-1.0; width * height];
        for x in [0, 1, 2, 5, 6] {
            maps[width + x] = 1.0;
        }
        maps.extend(vec![3.0; width * height]);
        maps.extend(vec![5.0; width * height]);
        let lines = lines_of_maps(&maps, width, height);
        assert_eq!(lines.len(), 2, "a gap in the core parts two lines");
        // The core lies in map row 1, whose middle is input pixel 3.
        assert_eq!((lines[0].top, lines[0].bottom), (0.0, 8.0));
        assert!((lines[1].left - (10.0 - 1.2)).abs() < 1e-4);
        assert!((lines[1].right - (14.0 + 1.2)).abs() < 1e-4);
    }
}
