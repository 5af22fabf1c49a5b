//! Drawing a page turned by a small angle: two passes, first along the rows and
//! then down the columns, each a cubic blend of four samples.
//!
//! Places are rounded to 64ths of a pixel. Then whole stretches of a row share
//! their weights, and the innermost loops are plain sums over slices, which the
//! compiler turns into vector instructions; a page takes a tenth of the time of a
//! pixel-by-pixel rotation. Only the few intermediate rows in use are kept.

use crate::upright::{Map, Samples};

/// Paper that the scan does not show.
const WHITE: u8 = 255;

/// Places between two pixels.
const PHASES: i64 = 64;

/// Weights (in 64ths) of four neighbouring samples for each place between the
/// second and the third: the Catmull–Rom spline, which keeps thin strokes crisp.
/// With 64ths every sum fits sixteen bits.
const CUBIC: [[i16; 4]; PHASES as usize] = cubic_weights();

const fn cubic_weights() -> [[i16; 4]; PHASES as usize] {
    let mut table = [[0; 4]; PHASES as usize];
    let mut at = 0;
    while at < PHASES {
        // At t = at/64 each weight is a cubic in t over 2; in 64ths its denominator is 2·64².
        let scale = 2 * PHASES * PHASES;
        let square = at * at;
        let cube = square * at;
        let first = rounded(-cube + 2 * PHASES * square - PHASES * PHASES * at, scale);
        let third = rounded(
            -3 * cube + 4 * PHASES * square + PHASES * PHASES * at,
            scale,
        );
        let fourth = rounded(cube - PHASES * square, scale);
        // The second takes the rest, so that even paper stays exactly even.
        let second = PHASES as i16 - first - third - fourth;
        table[at as usize] = [first, second, third, fourth];
        at += 1;
    }
    table
}

const fn rounded(value: i64, scale: i64) -> i16 {
    let half = if value < 0 { -scale / 2 } else { scale / 2 };
    ((value + half) / scale) as i16
}

/// One drawing: where the target's pixels lie in the source.
pub(crate) struct Slant<'a, const N: usize> {
    source: &'a Samples<'a, N>,
    map: &'a Map,
    /// A row's place along the source: `along.0 · x + along.1 · row + along.2`.
    along: (f64, f64, f64),
}

impl<'a, const N: usize> Slant<'a, N> {
    pub(crate) fn new(source: &'a Samples<'a, N>, map: &'a Map) -> Self {
        let ratio = map.down.0 / map.down.1;
        let along = (
            map.across.0 - ratio * map.across.1,
            ratio,
            map.origin.0 - ratio * map.origin.1,
        );
        Self { source, map, along }
    }

    /// Fills the target.
    pub(crate) fn draw(&self, values: &mut [u8]) {
        let row_length = self.map.width as usize * N;
        // Place of a column in its row, less the column itself; and how far a row sinks there.
        let drift = self.along.0 - 1.0;
        let rows = Blend::for_each_fraction::<N>(self.map.width, |x| drift * x);
        let columns = Blend::for_each_fraction::<N>(self.map.width, |x| self.map.across.1 * x);
        let shifts = || {
            columns
                .iter()
                .flat_map(|blend| &blend.runs)
                .map(|run| run.shift)
        };
        let least = shifts().min().unwrap_or(0);
        let most = shifts().max().unwrap_or(0);
        let kept = most - least + 4;
        let mut ring = vec![WHITE; kept as usize * row_length];
        let mut starts = vec![0_usize; kept as usize];
        let mut ready: Option<i64> = None;
        for (y, target) in (0_u32..).zip(values.chunks_exact_mut(row_length)) {
            let place = self.map.down.1 * (f64::from(y) + 0.5) + self.map.origin.1 - 0.5;
            let (row, fraction) = parted(place);
            let (first, last) = (row + least - 1, row + most + 2);
            for (start, needed) in starts.iter_mut().zip(first..=last) {
                *start = needed.rem_euclid(kept) as usize * row_length;
                if ready.is_none_or(|ready| needed > ready) {
                    self.draw_row(needed, &rows, &mut ring[*start..*start + row_length]);
                }
            }
            ready = Some(last);
            let blend = &columns[fraction];
            for Run { from, to, shift } in &blend.runs {
                let starts = &starts[(shift - least) as usize..][..4];
                let four: [&[u8]; 4] =
                    std::array::from_fn(|tap| &ring[starts[tap] + from..starts[tap] + to]);
                blend_four(four, blend.weights(*from, *to), &mut target[*from..*to]);
            }
        }
    }

    /// One source row, blended along itself into the target's columns.
    fn draw_row(&self, row: i64, blends: &[Blend], line: &mut [u8]) {
        let inside = &self.map.inside;
        if row < inside.top || row >= inside.bottom {
            line.fill(WHITE);
            return;
        }
        let start = row as usize * self.source.width as usize * N;
        let source = &self.source.values[start..start + self.source.width as usize * N];
        let place = self.along.1 * (row as f64 + 0.5) + self.along.2;
        let (shift, fraction) = parted(place);
        let blend = &blends[fraction];
        for run in &blend.runs {
            let shift = shift + run.shift;
            let (from, to) = ((run.from / N) as i64, (run.to / N) as i64);
            // Columns whose four samples all lie inside; the others blend with white.
            let safe_from = (inside.left + 1 - shift).clamp(from, to);
            let safe_to = (inside.right - 2 - shift).clamp(safe_from, to);
            for column in (from..safe_from).chain(safe_to..to) {
                let at = column as usize * N;
                let weights = blend.weights(at, at + 1).map(|weights| weights[0]);
                let pixel = self.at_the_rim(source, column + shift, weights);
                line[at..at + N].copy_from_slice(&pixel);
            }
            if safe_to > safe_from {
                let first = (safe_from + shift - 1) as usize * N;
                let (from, to) = (safe_from as usize * N, safe_to as usize * N);
                let four: [&[u8]; 4] =
                    std::array::from_fn(|tap| &source[first + tap * N..][..to - from]);
                blend_four(four, blend.weights(from, to), &mut line[from..to]);
            }
        }
    }

    /// A pixel for which some of the four samples lie outside.
    fn at_the_rim(&self, source: &[u8], second: i64, weights: [i16; 4]) -> [u8; N] {
        let inside = &self.map.inside;
        std::array::from_fn(|channel| {
            let sum = (-1..)
                .zip(weights)
                .map(|(tap, weight)| {
                    let at = second + tap;
                    let sample = if at >= inside.left && at < inside.right {
                        source[at as usize * N + channel]
                    } else {
                        WHITE
                    };
                    i16::from(sample) * weight
                })
                .sum();
            narrowed(sum)
        })
    }
}

/// A place in whole pixels and 64ths.
fn parted(place: f64) -> (i64, usize) {
    let rounded = (place * PHASES as f64 + 0.5).floor() as i64;
    (
        rounded.div_euclid(PHASES),
        rounded.rem_euclid(PHASES) as usize,
    )
}

/// How the samples of one row are blended, for one fraction of a pixel by which
/// the whole row is shifted.
struct Blend {
    runs: Vec<Run>,
    /// Weights of the four taps for every sample.
    taps: [Vec<i16>; 4],
}

/// Samples `from..to`, which are all shifted by the same number of whole pixels.
struct Run {
    from: usize,
    to: usize,
    shift: i64,
}

impl Blend {
    /// For all fractions; `lift` is the shift of a place along the row.
    fn for_each_fraction<const N: usize>(width: u32, lift: impl Fn(f64) -> f64) -> Vec<Self> {
        let lifts: Vec<i64> = (0..width)
            .map(|x| (lift(f64::from(x) + 0.5) * PHASES as f64).floor() as i64)
            .collect();
        (0..PHASES)
            .map(|fraction| Self::new::<N>(&lifts, fraction))
            .collect()
    }

    fn new<const N: usize>(lifts: &[i64], fraction: i64) -> Self {
        let mut taps: [Vec<i16>; 4] = std::array::from_fn(|_| Vec::with_capacity(lifts.len() * N));
        let mut runs: Vec<Run> = Vec::new();
        for (x, lift) in lifts.iter().enumerate() {
            let place = fraction + lift;
            let (shift, phase) = (place.div_euclid(PHASES), place.rem_euclid(PHASES));
            for (all, weight) in taps.iter_mut().zip(CUBIC[phase as usize]) {
                all.extend([weight; N]);
            }
            match runs.last_mut() {
                Some(run) if run.shift == shift => run.to += N,
                _ => runs.push(Run {
                    from: x * N,
                    to: (x + 1) * N,
                    shift,
                }),
            }
        }
        Self { runs, taps }
    }

    fn weights(&self, from: usize, to: usize) -> [&[i16]; 4] {
        std::array::from_fn(|tap| &self.taps[tap][from..to])
    }
}

/// Sums of four samples times 64ths never leave sixteen bits, so wrapping never
/// happens; the word only keeps overflow checks out of the vector loop.
fn blend_four(samples: [&[u8]; 4], weights: [&[i16]; 4], target: &mut [u8]) {
    let length = target.len();
    let [first, second, third, fourth] = samples.map(|samples| &samples[..length]);
    let [a, b, c, d] = weights.map(|weights| &weights[..length]);
    for at in 0..length {
        let sum = i16::from(first[at])
            .wrapping_mul(a[at])
            .wrapping_add(i16::from(second[at]).wrapping_mul(b[at]))
            .wrapping_add(i16::from(third[at]).wrapping_mul(c[at]))
            .wrapping_add(i16::from(fourth[at]).wrapping_mul(d[at]));
        target[at] = narrowed(sum);
    }
}

/// From 64ths to a sample.
fn narrowed(sum: i16) -> u8 {
    (sum.wrapping_add(PHASES as i16 / 2) >> 6).clamp(0, 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_paper_stays_even_at_every_place() {
        for weights in CUBIC {
            assert_eq!(weights.iter().sum::<i16>(), 64);
        }
    }

    #[test]
    fn no_sum_leaves_sixteen_bits() {
        for weights in CUBIC {
            let most: i32 = weights
                .iter()
                .map(|weight| i32::from((*weight).max(0)) * 255)
                .sum();
            let least: i32 = weights
                .iter()
                .map(|weight| i32::from((*weight).min(0)) * 255)
                .sum();
            assert!(most + 32 <= i32::from(i16::MAX) && least >= i32::from(i16::MIN));
        }
    }
}
