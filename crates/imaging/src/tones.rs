//! Where ink and paper lie on the scale from black to white.

use crate::background::Background;
use crate::pixels::View;

/// Fewer samples than this share are dust, not ink.
const LEAST_INK: f32 = 0.0003;

/// Ink and paper must lie this far apart to be two things.
const LEAST_DISTANCE: f32 = 25.0;

/// Mean levels of the flattened picture, in which paper is about 255.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tones {
    /// Mean level of the ink.
    pub(crate) ink: f32,
    /// Mean level of the paper.
    pub(crate) paper: f32,
    /// Standard deviation of the paper: its texture and what is left of the noise.
    pub(crate) texture: f32,
}

impl Tones {
    /// Measures them on every few rows of the full-size picture, where thin
    /// strokes still have their full darkness; `None` when there is no ink.
    pub(crate) fn of(view: View<'_>, background: &Background) -> Option<Self> {
        let gains = background.gains(view.width(), view.height(), 255.0, 8.0);
        let mut gain = vec![0_u16; view.width() as usize];
        let mut line = vec![0_u8; view.width() as usize];
        let mut counts = [0_u32; 256];
        let every = (view.height() / 300).max(1);
        for y in (every / 2..view.height()).step_by(every as usize) {
            gains(y, &mut gain);
            view.row(y, &mut line);
            for (sample, gain) in line.iter().zip(&gain) {
                let flat = (u32::from(*sample) * u32::from(*gain)) >> 8;
                counts[flat.min(255) as usize] += 1;
            }
        }
        two_classes(&counts)
    }
}

/// Splits the levels where the two sides differ most (Otsu).
fn two_classes(counts: &[u32; 256]) -> Option<Tones> {
    let total: f64 = counts.iter().map(|count| f64::from(*count)).sum();
    let all: f64 = (0_u32..)
        .zip(counts)
        .map(|(level, count)| f64::from(level) * f64::from(*count))
        .sum();
    let (mut dark, mut dark_sum) = (0.0, 0.0);
    let mut best: Option<Split> = None;
    for (level, count) in (0_u32..255).zip(counts) {
        dark += f64::from(*count);
        dark_sum += f64::from(level) * f64::from(*count);
        let light = total - dark;
        if dark < 1.0 || light < 1.0 {
            continue;
        }
        let (ink, paper) = (dark_sum / dark, (all - dark_sum) / light);
        let between = dark * light * (paper - ink).powi(2);
        if best.as_ref().is_none_or(|best| between > best.between) {
            best = Some(Split {
                between,
                level,
                ink,
                paper,
                share: dark / total,
            });
        }
    }
    let split = best?;
    let tones = Tones {
        ink: split.ink as f32,
        paper: split.paper as f32,
        texture: deviation_above(counts, split.level, split.paper) as f32,
    };
    (split.share as f32 >= LEAST_INK && tones.paper - tones.ink >= LEAST_DISTANCE).then_some(tones)
}

/// One way of parting the levels in two.
struct Split {
    between: f64,
    level: u32,
    ink: f64,
    paper: f64,
    share: f64,
}

/// The standard deviation of the levels above one.
fn deviation_above(counts: &[u32; 256], level: u32, mean: f64) -> f64 {
    let above = || (0_u32..).zip(counts).skip(level as usize + 1);
    let total: f64 = above().map(|(_, count)| f64::from(*count)).sum();
    let squares: f64 = above()
        .map(|(level, count)| f64::from(*count) * (f64::from(level) - mean).powi(2))
        .sum();
    (squares / total.max(1.0)).sqrt()
}
