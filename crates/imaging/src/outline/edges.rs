//! Straight edges of a small picture, by a Hough transform: each place where the colour
//! changes votes for the lines that could run through it.

use std::f32::consts::PI;

use image::{Rgb, RgbImage};

/// Print is closed over by squares of this many pixels to each side: letters and ruled
/// lines go, the edges of a sheet stay.
const CLOSED: usize = 3;

/// The least change of colour that is an edge, in levels a pixel.
const LEAST_STEP: f32 = 3.0;

/// A stronger change than this is no better an edge.
const PLAIN_STEP: f32 = 32.0;

/// Lines that are looked at.
const MOST_LINES: usize = 32;

/// Of lines that run alike no more than these: the grain of a wooden table has hundreds.
const MOST_ALIKE: usize = 9;
const ALIKE_DEG: f32 = 10.0;

/// Directions, a degree each.
const DIRECTIONS: usize = 180;

/// A line, as the points (x, y) with x · cos + y · sin = distance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) direction_deg: f32,
    pub(super) distance: f32,
}

impl Line {
    /// Degrees between two lines, 0 to 90.
    pub(super) fn angle_to(&self, other: &Self) -> f32 {
        let apart = (self.direction_deg - other.direction_deg).abs() % 180.0;
        apart.min(180.0 - apart)
    }

    /// Where two lines cross; `None` when they hardly do.
    pub(super) fn crossing(&self, other: &Self) -> Option<(f32, f32)> {
        let (a, b) = self.normal();
        let (c, d) = other.normal();
        let whole = a * d - b * c;
        (whole.abs() > 0.05).then(|| {
            (
                (self.distance * d - other.distance * b) / whole,
                (other.distance * a - self.distance * c) / whole,
            )
        })
    }

    fn normal(&self) -> (f32, f32) {
        let (sin, cos) = self.direction_deg.to_radians().sin_cos();
        (cos, sin)
    }
}

/// The straightest and longest edges, the best first.
pub(super) fn lines(picture: &RgbImage) -> Vec<Line> {
    let closed = closed(picture);
    let mut votes = Votes::new(picture.width(), picture.height());
    for (x, y, across, down) in steps(&closed) {
        votes.cast(x, y, across, down);
    }
    votes.best()
}

/// The picture without what is thin and dark on light: print.
pub(super) fn closed(picture: &RgbImage) -> RgbImage {
    let lighter = |a: u8, b: u8| a.max(b);
    let darker = |a: u8, b: u8| a.min(b);
    let grown = windowed(&windowed(picture, true, lighter), false, lighter);
    windowed(&windowed(&grown, true, darker), false, darker)
}

fn windowed(picture: &RgbImage, across: bool, choose: fn(u8, u8) -> u8) -> RgbImage {
    let (width, height) = picture.dimensions();
    let reach = CLOSED as u32;
    RgbImage::from_fn(width, height, |x, y| {
        let (at, last) = if across {
            (x, width - 1)
        } else {
            (y, height - 1)
        };
        let window = at.saturating_sub(reach)..=(at + reach).min(last);
        let mut chosen = picture.get_pixel(x, y).0;
        for near in window {
            let other = if across {
                picture.get_pixel(near, y)
            } else {
                picture.get_pixel(x, near)
            };
            for (value, other) in chosen.iter_mut().zip(other.0) {
                *value = choose(*value, other);
            }
        }
        Rgb(chosen)
    })
}

/// Places where the colour changes, with the change across and down.
fn steps(picture: &RgbImage) -> impl Iterator<Item = (u32, u32, f32, f32)> + '_ {
    let (width, height) = picture.dimensions();
    (2..height.saturating_sub(2)).flat_map(move |y| {
        (2..width.saturating_sub(2)).filter_map(move |x| {
            let at = |dx: i32, dy: i32, channel: usize| {
                let (x, y) = (x.saturating_add_signed(dx), y.saturating_add_signed(dy));
                f32::from(picture.get_pixel(x, y).0[channel])
            };
            let step = |channel: usize| {
                let column =
                    |dx: i32| at(dx, -1, channel) + 2.0 * at(dx, 0, channel) + at(dx, 1, channel);
                let row =
                    |dy: i32| at(-1, dy, channel) + 2.0 * at(0, dy, channel) + at(1, dy, channel);
                // Two pixels to each side, where noise weighs half as much.
                let across = column(1) + column(2) - column(-1) - column(-2);
                let down = row(1) + row(2) - row(-1) - row(-2);
                (across / 24.0, down / 24.0)
            };
            let strength = |(across, down): (f32, f32)| across.hypot(down);
            let (across, down) = (0..3)
                .map(step)
                .max_by(|a, b| strength(*a).total_cmp(&strength(*b)))?;
            (strength((across, down)) >= LEAST_STEP).then_some((x, y, across, down))
        })
    })
}

struct Votes {
    /// By direction and then by distance.
    counts: Vec<f32>,
    distances: usize,
    /// Distances begin below nothing.
    offset: f32,
    least: f32,
    table: Vec<(f32, f32)>,
}

impl Votes {
    fn new(width: u32, height: u32) -> Self {
        let diagonal = (width as f32).hypot(height as f32).ceil();
        let distances = 2 * diagonal as usize + 3;
        Self {
            counts: vec![0.0; DIRECTIONS * distances],
            distances,
            offset: diagonal + 1.0,
            least: 0.08 * width.min(height) as f32,
            table: (0..DIRECTIONS)
                .map(|degrees| (degrees as f32).to_radians().sin_cos())
                .collect(),
        }
    }

    /// The edge runs across its change of colour; a few degrees to each side are voted for
    /// too, because that change is known no better.
    fn cast(&mut self, x: u32, y: u32, across: f32, down: f32) {
        const REACH: i32 = 3;
        let weight = across.hypot(down).min(PLAIN_STEP) / PLAIN_STEP;
        let middle = (down.atan2(across) / PI * 180.0).round() as i32;
        for turn in -REACH..=REACH {
            let direction = (middle + turn).rem_euclid(DIRECTIONS as i32) as usize;
            let (sin, cos) = self.table[direction];
            let distance = x as f32 * cos + y as f32 * sin + self.offset;
            let place = direction * self.distances + distance.round() as usize;
            self.counts[place] += 0.2 + 0.8 * weight;
        }
    }

    /// Lines with the most votes; of those that lie close together only the best.
    fn best(&self) -> Vec<Line> {
        const NEAR_DEG: f32 = 4.0;
        const NEAR_PX: f32 = 5.0;
        let mut places: Vec<(f32, Line)> = (self.counts.iter().enumerate())
            .filter(|(_, votes)| **votes >= self.least)
            .map(|(place, votes)| {
                let line = Line {
                    direction_deg: (place / self.distances) as f32,
                    distance: (place % self.distances) as f32 - self.offset,
                };
                (*votes, line)
            })
            .collect();
        places.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut best: Vec<Line> = Vec::new();
        for (_, line) in places {
            let is_near = |other: &Line| {
                // Beyond half a turn a direction comes back with its distance reversed.
                let wraps = (line.direction_deg - other.direction_deg).abs() > 90.0;
                let distance = if wraps {
                    -other.distance
                } else {
                    other.distance
                };
                line.angle_to(other) <= NEAR_DEG && (line.distance - distance).abs() <= NEAR_PX
            };
            let alike = best
                .iter()
                .filter(|other| line.angle_to(other) <= ALIKE_DEG);
            if alike.count() < MOST_ALIKE && !best.iter().any(is_near) {
                best.push(line);
                if best.len() == MOST_LINES {
                    break;
                }
            }
        }
        best
    }
}
