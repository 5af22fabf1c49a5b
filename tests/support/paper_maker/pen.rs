//! Figures written with a pen: strokes of one width, slanted and uneven, higher than
//! print and not quite on the line.

use super::chance::Chance;
use super::sheet::Sheet;

/// A pen stroke through these points: `x` to the right, `y` up, the height of a
/// figure being 1.
type Stroke = &'static [(f32, f32)];

/// How high figures are, in ems of the print beside them; print's figures are 0.66.
const HEIGHT_EM: f32 = 0.86;
/// From one figure to the next, in heights.
const STEP: f32 = 0.66;
/// Room on both sides, in heights.
const ROOM: f32 = 0.22;
const NIB_MM: f32 = 0.5;

fn strokes(letter: char) -> &'static [Stroke] {
    match letter {
        '0' => &[&[
            (0.30, 1.00),
            (0.08, 0.80),
            (0.04, 0.30),
            (0.25, 0.00),
            (0.47, 0.25),
            (0.48, 0.75),
            (0.28, 1.00),
        ]],
        '1' => &[&[(0.12, 0.74), (0.34, 1.00), (0.33, 0.50), (0.32, 0.00)]],
        '2' => &[&[
            (0.05, 0.78),
            (0.22, 1.00),
            (0.47, 0.86),
            (0.38, 0.50),
            (0.02, 0.03),
            (0.26, 0.08),
            (0.54, 0.02),
        ]],
        '3' => &[&[
            (0.05, 0.92),
            (0.28, 1.00),
            (0.45, 0.80),
            (0.20, 0.54),
            (0.48, 0.36),
            (0.34, 0.02),
            (0.02, 0.08),
        ]],
        '4' => &[
            &[(0.32, 1.00), (0.18, 0.68), (0.03, 0.38), (0.55, 0.40)],
            &[(0.42, 0.66), (0.40, 0.30), (0.37, -0.06)],
        ],
        '5' => &[
            &[
                (0.16, 0.98),
                (0.10, 0.58),
                (0.34, 0.62),
                (0.50, 0.34),
                (0.30, 0.00),
                (0.02, 0.08),
            ],
            &[(0.16, 0.98), (0.34, 0.97), (0.52, 1.02)],
        ],
        '6' => &[&[
            (0.44, 1.00),
            (0.16, 0.66),
            (0.04, 0.24),
            (0.24, 0.00),
            (0.47, 0.22),
            (0.28, 0.46),
            (0.07, 0.28),
        ]],
        '7' => &[
            &[
                (0.03, 0.94),
                (0.28, 0.96),
                (0.53, 0.98),
                (0.32, 0.45),
                (0.22, 0.00),
            ],
            &[(0.16, 0.47), (0.32, 0.49), (0.48, 0.51)],
        ],
        '8' => &[&[
            (0.44, 0.86),
            (0.24, 1.00),
            (0.10, 0.78),
            (0.46, 0.28),
            (0.26, 0.00),
            (0.05, 0.22),
            (0.46, 0.80),
        ]],
        '9' => &[&[
            (0.46, 0.82),
            (0.28, 1.00),
            (0.08, 0.76),
            (0.26, 0.52),
            (0.46, 0.78),
            (0.44, 0.40),
            (0.34, 0.00),
        ]],
        '/' => &[&[(0.46, 1.10), (0.22, 0.50), (0.00, -0.12)]],
        _ => &[&[(0.06, 0.44), (0.24, 0.46), (0.42, 0.47)]],
    }
}

/// Width of figures written beside print of this size, in millimetres.
pub(crate) fn width(text: &str, size_mm: f32) -> f32 {
    let height = size_mm * HEIGHT_EM;
    height * (STEP * text.chars().count() as f32 + 2.0 * ROOM)
}

impl Sheet<'_> {
    /// Writes figures from `left` on the line `y`. Where they stand decides how
    /// the hand moved.
    pub(crate) fn write(&mut self, text: &str, size_mm: f32, left: f32, y: f32) {
        let mut chance = Chance::new(
            u64::from(left.to_bits()) << 32 | u64::from(y.to_bits()),
            text,
        );
        let usual = size_mm * HEIGHT_EM;
        let slant = chance.within(0.10, 0.34);
        let mut x = left + usual * ROOM;
        for letter in text.chars() {
            let height = usual * chance.within(0.86, 1.16);
            let foot = y + usual * chance.within(-0.06, 0.14);
            for stroke in strokes(letter) {
                let points: Vec<(f32, f32)> = stroke
                    .iter()
                    .map(|(dx, dy)| {
                        let (dx, dy) = (
                            dx + chance.within(-0.03, 0.03),
                            dy + chance.within(-0.03, 0.03),
                        );
                        (x + (dx + slant * (dy - 0.4)) * height, foot - dy * height)
                    })
                    .collect();
                self.stroke(&points);
            }
            x += usual * STEP;
        }
    }

    /// One movement of the pen, rounded through its points.
    fn stroke(&mut self, points: &[(f32, f32)]) {
        let at = |index: isize| points[index.clamp(0, points.len() as isize - 1) as usize];
        for index in 0..points.len() as isize - 1 {
            let corners = [at(index - 1), at(index), at(index + 1), at(index + 2)];
            for step in 0..40_u8 {
                let along = f32::from(step) / 40.0;
                let (x, y) = between(corners, along);
                self.nib(x, y, NIB_MM);
            }
        }
    }
}

/// A point on the Catmull-Rom curve between the two inner corners.
fn between(corners: [(f32, f32); 4], along: f32) -> (f32, f32) {
    let [a, b, c, d] = corners;
    let bend = |a: f32, b: f32, c: f32, d: f32| {
        let (square, cube) = (along * along, along * along * along);
        0.5 * (2.0 * b
            + (c - a) * along
            + (2.0 * a - 5.0 * b + 4.0 * c - d) * square
            + (3.0 * b - a - 3.0 * c + d) * cube)
    };
    (bend(a.0, b.0, c.0, d.0), bend(a.1, b.1, c.1, d.1))
}
