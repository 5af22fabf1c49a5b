//! By what angle the lines of print run off the level.

use image::GrayImage;

/// Ink in a flattened work image.
const INK: u8 = 150;

/// Angles looked at, in degrees to each side.
const RANGE_DEG: f32 = 20.0;

/// Feet of strokes that are enough; beyond this every n-th is taken.
const ENOUGH_FEET: usize = 40_000;

/// Fewer feet than this are a stamp, a signature or a page number, not lines.
const FEWEST_FEET: usize = 250;

/// How far the best angle's profile must stand out from the typical one.
const LEAST_SHARPNESS: f32 = 1.35;

/// Lines of print needed, each seen as a sharp peak of the profile.
const FEWEST_LINES: usize = 3;

/// What the profiles say of the page's skew.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Skew {
    /// Clockwise degrees by which the print is turned on the scan.
    pub(crate) angle_deg: f32,
    /// Energy of the best profile over that of the median one.
    pub(crate) sharpness: f32,
    /// Sharp peaks of the best profile.
    pub(crate) lines: usize,
}

impl Skew {
    /// Whether the angle may be acted on.
    pub(crate) fn is_sure(&self) -> bool {
        self.sharpness >= LEAST_SHARPNESS
            && self.lines >= FEWEST_LINES
            && self.angle_deg.abs() < RANGE_DEG - 0.5
    }
}

/// Measures the skew; `None` when there is hardly any ink.
pub(crate) fn measure(flat: &GrayImage) -> Option<Skew> {
    let feet = feet(flat);
    if feet.len() < FEWEST_FEET {
        return None;
    }
    let reach = flat.width().max(flat.height()) as f32;
    let profile = |angle_deg: f32, bin: f32| Profile::of(&feet, angle_deg, bin, reach);
    let coarse: Vec<(f32, f32)> = steps(0.0, RANGE_DEG, 0.5)
        .map(|angle| (angle, profile(angle, 2.0).energy()))
        .collect();
    let best = best_of(&coarse);
    let mut energies: Vec<f32> = coarse.iter().map(|(_, energy)| *energy).collect();
    energies.sort_by(f32::total_cmp);
    let median = energies[energies.len() / 2];

    let around = |middle: f32, reach: f32, step: f32| -> Vec<(f32, f32)> {
        steps(middle, reach, step)
            .map(|angle| (angle, profile(angle, 1.0).energy()))
            .collect()
    };
    let finer = best_of(&around(best, 0.6, 0.1));
    let finest = around(finer, 0.1, 0.02);
    Some(Skew {
        angle_deg: centre_of_peak(&finest),
        sharpness: profile(best, 2.0).energy() / median.max(1.0),
        lines: profile(best_of(&finest), 1.0).lines(),
    })
}

fn steps(middle: f32, reach: f32, step: f32) -> impl Iterator<Item = f32> {
    let count = (reach / step).round() as i32;
    (-count..=count).map(move |at| middle + at as f32 * step)
}

fn best_of(energies: &[(f32, f32)]) -> f32 {
    let mut best = (0.0_f32, f32::MIN);
    for (angle, energy) in energies {
        // At equal energy the smaller turn wins, whatever the order.
        if *energy > best.1 || (*energy >= best.1 && angle.abs() < best.0.abs()) {
            best = (*angle, *energy);
        }
    }
    best.0
}

/// The middle of the upper part of the peak: steadier than its highest point.
fn centre_of_peak(energies: &[(f32, f32)]) -> f32 {
    let most = energies
        .iter()
        .map(|(_, energy)| *energy)
        .fold(0.0, f32::max);
    let least = energies
        .iter()
        .map(|(_, energy)| *energy)
        .fold(f32::MAX, f32::min);
    let level = least + (most - least) * 0.5;
    let (mut sum, mut weights) = (0.0, 0.0);
    for (angle, energy) in energies {
        let weight = (energy - level).max(0.0);
        sum += angle * weight;
        weights += weight;
    }
    if weights > 0.0 {
        sum / weights
    } else {
        best_of(energies)
    }
}

/// The lower ends of strokes, about the middle of the page: most stand on the
/// baseline of their line, so that they fall together at the right angle.
fn feet(flat: &GrayImage) -> Vec<(f32, f32)> {
    let (width, height) = flat.dimensions();
    let row = width as usize;
    let samples = flat.as_raw();
    let (middle_x, middle_y) = (width as f32 / 2.0, height as f32 / 2.0);
    let mut feet = Vec::new();
    for y in 1..(height as usize).saturating_sub(1) {
        let here = &samples[y * row..(y + 1) * row];
        let below = &samples[(y + 1) * row..(y + 2) * row];
        for (x, (ink, under)) in here.iter().zip(below).enumerate() {
            if *ink < INK && *under >= INK {
                feet.push((x as f32 - middle_x, y as f32 - middle_y));
            }
        }
    }
    let stride = feet.len().div_ceil(ENOUGH_FEET).max(1);
    feet.into_iter().step_by(stride).collect()
}

/// How many feet fall on each parallel line at one angle.
struct Profile {
    counts: Vec<u32>,
}

impl Profile {
    fn of(feet: &[(f32, f32)], angle_deg: f32, bin: f32, reach: f32) -> Self {
        let (sin, cos) = angle_deg.to_radians().sin_cos();
        let (sin, cos) = (sin / bin, cos / bin);
        let middle = reach / bin;
        let mut counts = vec![0_u32; (2.0 * reach / bin) as usize + 2];
        let last = counts.len() - 1;
        for (x, y) in feet {
            let at = (y * cos - x * sin + middle) as usize;
            counts[at.min(last)] += 1;
        }
        Self { counts }
    }

    fn energy(&self) -> f32 {
        let sum: u64 = self
            .counts
            .iter()
            .map(|count| u64::from(*count).pow(2))
            .sum();
        sum as f32
    }

    /// Peaks that stand clearly above what lies beside them.
    fn lines(&self) -> usize {
        let total: u32 = self.counts.iter().sum();
        let used = self
            .counts
            .iter()
            .filter(|count| **count > 0)
            .count()
            .max(1);
        let typical = total as f32 / used as f32;
        (4..self.counts.len().saturating_sub(4))
            .filter(|at| {
                let here = self.counts[*at];
                let around = &self.counts[at - 4..at + 5];
                here as f32 > 2.0 * typical
                    && here >= 12
                    && around.iter().all(|count| *count <= here)
                    && around[..4].iter().all(|count| *count < here)
            })
            .count()
    }
}
