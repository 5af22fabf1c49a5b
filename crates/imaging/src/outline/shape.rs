//! What a sheet is by the shape that it has once it lies flat.

use domain::geometry::{Corners, Flat, Homography, Size};

use super::Outline;

/// Long side over short side, the long side in millimetres, and the share of the picture
/// that such a sheet may fill.
struct Format {
    shape: f32,
    long_mm: f32,
    play: f32,
    fills: std::ops::RangeInclusive<f32>,
}

/// An identity card is hardly slimmer than a sheet of F4, yet a tenth of its size: a
/// camera that sees a whole sheet sees a card as a small thing.
const CARD_FILLS: f32 = 0.16;

const FORMATS: [Format; 4] = [
    // A4, and everything of its row: the largest of them that desks hand in often.
    Format {
        shape: std::f32::consts::SQRT_2,
        long_mm: 297.0,
        // As much as leaves Letter and F4 their own: at a slant a measured shape is off by
        // up to a twentieth.
        play: 0.06,
        fills: 0.0..=1.0,
    },
    // US Letter.
    Format {
        shape: 1.294,
        long_mm: 279.4,
        play: 0.025,
        fills: 0.0..=1.0,
    },
    // F4 and Folio.
    Format {
        shape: 1.571,
        long_mm: 330.0,
        play: 0.03,
        fills: CARD_FILLS..=1.0,
    },
    // An identity card (ISO/IEC 7810, ID-1).
    Format {
        shape: 1.5858,
        long_mm: 85.6,
        play: 0.05,
        fills: 0.0..=CARD_FILLS,
    },
];

/// How large the sheet with these corners is once it lies flat. `None` when they are no
/// corners of a sheet.
pub(super) fn lying_flat(corners: &Corners, frame: Size) -> Option<Outline> {
    let across = f32::midpoint(length(corners, 0), length(corners, 2));
    let down = f32::midpoint(length(corners, 1), length(corners, 3));
    let seen = width_to_height(corners, frame).unwrap_or(across / down);
    let is_wide = seen >= 1.0;
    let shape = if is_wide { seen } else { 1.0 / seen };
    let share = area(corners) / (frame.width_px as f32 * frame.height_px as f32);
    let format = FORMATS
        .iter()
        .filter(|format| format.fills.contains(&share))
        .map(|format| ((shape / format.shape - 1.0).abs(), format))
        .filter(|(off, format)| *off <= format.play)
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, format)| format);
    // Sheets of a known format have exactly its shape; what is measured is off a little.
    let shape = format.map_or(shape, |format| format.shape);
    let long = if is_wide { across } else { down };
    let (long, short) = (long.round() as u32, (long / shape).round() as u32);
    let size = if is_wide {
        Size {
            width_px: long,
            height_px: short,
        }
    } else {
        Size {
            width_px: short,
            height_px: long,
        }
    };
    // A sheet with these corners must be possible at all.
    Homography::onto(corners, size)?;
    let dpi = format.map(|format| (long as f32 / format.long_mm * 25.4).floor() as u32);
    Some(Outline {
        flat: Flat {
            corners: *corners,
            size,
        },
        dpi,
    })
}

fn length(corners: &Corners, side: usize) -> f32 {
    let (from, to) = (corners[side], corners[(side + 1) % 4]);
    (to.0 - from.0).hypot(to.1 - from.1)
}

/// The area inside, in pixels.
pub(super) fn area(corners: &Corners) -> f32 {
    let twice: f32 = (0..4)
        .map(|at| {
            let (p, q) = (corners[at], corners[(at + 1) % 4]);
            p.0 * q.1 - q.0 * p.1
        })
        .sum();
    twice / 2.0
}

/// Width over height of a sheet seen at a slant (Zhang and He, "Whiteboard scanning and
/// image enhancement", 2003), the camera looking through the middle of its picture.
fn width_to_height(corners: &Corners, frame: Size) -> Option<f32> {
    let middle = (
        f64::from(frame.width_px) / 2.0,
        f64::from(frame.height_px) / 2.0,
    );
    let long = middle.0.max(middle.1) * 2.0;
    let [m1, m2, m4, m3] = corners.map(|(x, y)| {
        [
            (f64::from(x) - middle.0) / long,
            (f64::from(y) - middle.1) / long,
            1.0,
        ]
    });
    let k2 = dot(cross(m1, m4), m3) / dot(cross(m2, m4), m3);
    let k3 = dot(cross(m1, m4), m2) / dot(cross(m3, m4), m2);
    let n2: [f64; 3] = std::array::from_fn(|at| k2 * m2[at] - m1[at]);
    let n3: [f64; 3] = std::array::from_fn(|at| k3 * m3[at] - m1[at]);
    // How far the picture lies from the lens, in long sides of it. Only a sheet that leans
    // over two of its sides tells; otherwise the usual is taken.
    const USUAL: f64 = 0.95;
    let told = -(n2[0] * n3[0] + n2[1] * n3[1]) / (n2[2] * n3[2]);
    let focus = if (0.4..=6.25).contains(&told) {
        told
    } else {
        USUAL * USUAL
    };
    let square = |n: [f64; 3]| (n[0] * n[0] + n[1] * n[1]) / focus + n[2] * n[2];
    let ratio = (square(n2) / square(n3)).sqrt() as f32;
    (0.1..=10.0).contains(&ratio).then_some(ratio)
}

fn cross(p: [f64; 3], q: [f64; 3]) -> [f64; 3] {
    [
        p[1] * q[2] - p[2] * q[1],
        p[2] * q[0] - p[0] * q[2],
        p[0] * q[1] - p[1] * q[0],
    ]
}

fn dot(p: [f64; 3], q: [f64; 3]) -> f64 {
    p[0] * q[0] + p[1] * q[1] + p[2] * q[2]
}
