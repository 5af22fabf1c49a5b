//! The paper behind the ink: how bright it is at every place of the page.

use image::GrayImage;

/// Side of a tile in work pixels (4 mm): larger than a stroke, so that a tile of
/// text still shows paper, and smaller than a shadow.
const TILE: u32 = 16;

/// Tiles on each side over which dark things are bridged (2 cm in all): bold
/// headings and dense codes are ink, the shadow of a spine is not.
const BRIDGE: usize = 2;

/// No paper is darker than this share of the page's paper: what is, is a picture
/// or a bar, and must not be blown up to white.
const DARKEST_SHARE: f32 = 0.45;

/// The brightness of the paper on a coarse grid over the page.
#[derive(Clone, Debug)]
pub(crate) struct Background {
    columns: usize,
    rows: usize,
    /// Tiles per page width and height, not rounded: the last tile may be cut.
    extent: (f32, f32),
    level: Vec<f32>,
    /// Neighbouring tiles between which the paper changes at a stroke: the edges
    /// of pictures and bars, never those of shadows.
    pub(crate) sudden_steps: usize,
}

impl Background {
    /// Estimates it from a reduced grey picture.
    pub(crate) fn estimate(grey: &GrayImage) -> Self {
        let (width, height) = grey.dimensions();
        let columns = width.div_ceil(TILE) as usize;
        let rows = height.div_ceil(TILE) as usize;
        let mut level = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            for column in 0..columns {
                level.push(f32::from(paper_of_tile(grey, column, row)));
            }
        }
        let mut grid = Self {
            columns,
            rows,
            extent: (width as f32 / TILE as f32, height as f32 / TILE as f32),
            level,
            sudden_steps: 0,
        };
        grid.level = grid.spread(f32::max);
        grid.level = grid.spread(f32::min);
        let floor = grid.share(0.9) * DARKEST_SHARE;
        for level in &mut grid.level {
            *level = level.max(floor).max(1.0);
        }
        grid.sudden_steps = grid.count_sudden_steps();
        grid.smooth();
        grid.smooth();
        grid
    }

    /// The level that this share of the page does not exceed.
    pub(crate) fn share(&self, share: f32) -> f32 {
        let mut sorted = self.level.clone();
        sorted.sort_by(f32::total_cmp);
        let last = sorted.len().saturating_sub(1);
        sorted
            .get((share * last as f32).round() as usize)
            .copied()
            .unwrap_or(255.0)
    }

    /// For every row of a picture of this size: by how many 256ths each sample
    /// is multiplied so that paper becomes `white`, at most `limit`-fold.
    pub(crate) fn gains(
        &self,
        width: u32,
        height: u32,
        white: f32,
        limit: f32,
    ) -> impl Fn(u32, &mut [u16]) + '_ {
        let gain = move |level: f32| (white / level).clamp(1.0, limit) * 256.0;
        let step = self.extent.0 / width.max(1) as f32;
        let down = self.extent.1 / height.max(1) as f32;
        move |y, row| {
            let (above, below, weight) = between((y as f32 + 0.5) * down - 0.5, self.rows);
            let nodes: Vec<f32> = (0..self.columns)
                .map(|column| {
                    let upper = gain(self.level[above * self.columns + column]);
                    let lower = gain(self.level[below * self.columns + column]);
                    upper + (lower - upper) * weight
                })
                .collect();
            // Piece by piece between two nodes, so that each piece is one straight line.
            let mut from = 0;
            for right in 0..=self.columns {
                let to = if right == self.columns {
                    row.len()
                } else {
                    // The first pixel whose middle lies beyond this node.
                    let place = (right as f32 + 0.5) / step - 0.5;
                    (place.ceil().max(0.0) as usize).clamp(from, row.len())
                };
                let left = nodes[right.saturating_sub(1)];
                let slope = (nodes[right.min(self.columns - 1)] - left) * step;
                let start = left + ((from as f32 + 0.5) - (right as f32 - 0.5) / step) * slope;
                for (at, sample) in (0_u16..).zip(&mut row[from..to]) {
                    *sample = (start + f32::from(at) * slope) as u16;
                }
                from = to;
            }
        }
    }

    /// Each tile takes the largest (or smallest) value around it.
    fn spread(&self, pick: fn(f32, f32) -> f32) -> Vec<f32> {
        let across = self.map(|grid, column, row| {
            let from = column.saturating_sub(BRIDGE);
            let to = (column + BRIDGE).min(grid.columns - 1);
            (from..=to)
                .map(|at| grid.level[row * grid.columns + at])
                .reduce(pick)
        });
        let across = Self {
            level: across,
            ..self.clone()
        };
        across.map(|grid, column, row| {
            let from = row.saturating_sub(BRIDGE);
            let to = (row + BRIDGE).min(grid.rows - 1);
            (from..=to)
                .map(|at| grid.level[at * grid.columns + column])
                .reduce(pick)
        })
    }

    fn count_sudden_steps(&self) -> usize {
        let sudden = |one: f32, other: f32| one.min(other) < 0.75 * one.max(other);
        let rows = self.level.chunks_exact(self.columns);
        let across = rows
            .clone()
            .flat_map(<[f32]>::array_windows::<2>)
            .filter(|[one, other]| sudden(*one, *other))
            .count();
        let down = rows
            .clone()
            .zip(rows.skip(1))
            .flat_map(|(upper, lower)| upper.iter().zip(lower))
            .filter(|(one, other)| sudden(**one, **other))
            .count();
        across + down
    }

    fn smooth(&mut self) {
        self.level = self.map(|grid, column, row| {
            let mut sum = 0.0;
            let mut count = 0.0;
            for at_row in row.saturating_sub(1)..=(row + 1).min(grid.rows - 1) {
                for at_column in column.saturating_sub(1)..=(column + 1).min(grid.columns - 1) {
                    sum += grid.level[at_row * grid.columns + at_column];
                    count += 1.0;
                }
            }
            Some(sum / count)
        });
    }

    fn map(&self, value: impl Fn(&Self, usize, usize) -> Option<f32>) -> Vec<f32> {
        let mut out = Vec::with_capacity(self.level.len());
        for row in 0..self.rows {
            for column in 0..self.columns {
                out.push(value(self, column, row).expect("a tile is its own neighbour"));
            }
        }
        out
    }
}

/// The two neighbours of a position on a line of nodes, and the weight of the second.
fn between(position: f32, nodes: usize) -> (usize, usize, f32) {
    let inside = position.clamp(0.0, nodes as f32 - 1.0);
    let first = inside as usize;
    (first, (first + 1).min(nodes - 1), inside - first as f32)
}

/// The brightness that a sixth of the tile exceeds: paper as soon as a sixth of
/// the tile is paper, and not the one pixel that noise made brightest.
fn paper_of_tile(grey: &GrayImage, column: usize, row: usize) -> u8 {
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let side = TILE as usize;
    let (left, right) = (column * side, ((column + 1) * side).min(width));
    let (top, bottom) = (row * side, ((row + 1) * side).min(height));
    let mut counts = [0_u16; 256];
    for y in top..bottom {
        for sample in &grey.as_raw()[y * width + left..y * width + right] {
            counts[usize::from(*sample)] += 1;
        }
    }
    let mut above = (right - left) * (bottom - top) / 6;
    for (value, count) in counts.iter().enumerate().rev() {
        let count = usize::from(*count);
        if count > above {
            return value as u8;
        }
        above -= count;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn a_shadow_is_followed_and_print_is_not() {
        let mut page = GrayImage::from_fn(800, 1100, |x, _| Luma([120 + (x / 8) as u8]));
        for y in (100..1000).step_by(20) {
            for x in 100..700 {
                for dy in 0..8 {
                    page.put_pixel(x, y + dy, Luma([10]));
                }
            }
        }
        let background = Background::estimate(&page);
        let gains = background.gains(800, 1100, 255.0, 4.0);
        let mut row = vec![0_u16; 800];
        gains(95, &mut row);
        for x in [50_usize, 400, 750] {
            let flat = f32::from(page.get_pixel(x as u32, 95).0[0]) * f32::from(row[x]) / 256.0;
            assert!((flat - 255.0).abs() < 14.0, "at {x}: {flat}");
        }
    }
}
