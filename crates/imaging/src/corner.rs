//! Folded corners: what stood there is covered, or lies outside the picture.
//!
//! Before a dark lid the missing corner is a dark triangle, before a light one the
//! fold leaves a thin shadow from edge to edge.

use crate::ink::Blob;
use crate::work::Work;

/// A smaller dog-ear covers no print: margins are 15 mm (Decree 30/2020/ND-CP).
const SHORTEST_LEG_MM: f32 = 9.0;

/// Beyond this it is no corner but a torn sheet, which has other traces.
const LONGEST_LEG_MM: f32 = 90.0;

/// A fold runs across the corner; a flat wedge is a sheet that lies askew.
const LEAST_RATIO: f32 = 0.4;

/// The ink reaches both edges as near as this.
const AT_EDGE_MM: f32 = 1.5;

/// How far the edge of the fold strays from a straight line.
const STRAY_MM: f32 = 1.1;

/// So much of the line must be there.
const LEAST_SHARE: f32 = 0.88;

/// Darker than this in the flattened picture is shadow or lid.
const SHADOW: u8 = 205;

/// Points along the fold that are looked at.
const POINTS: u32 = 80;

/// Whether one of the four corners is folded.
pub(crate) fn is_folded(flat: &Work, blobs: &[Blob]) -> bool {
    let (width, height) = flat.grey.dimensions();
    let near = flat.px(AT_EDGE_MM).max(1.0) as u32;
    let legs = flat.px(SHORTEST_LEG_MM)..flat.px(LONGEST_LEG_MM);
    blobs
        .iter()
        .filter(|blob| {
            let (across, down) = (blob.width() as f32, blob.height() as f32);
            legs.contains(&across)
                && legs.contains(&down)
                && across.min(down) >= LEAST_RATIO * across.max(down)
        })
        .any(|blob| {
            let (left, right) = (blob.left <= near, blob.right + near >= width);
            let (top, bottom) = (blob.top <= near, blob.bottom + near >= height);
            let corners = [
                (left && top, false, false),
                (right && top, true, false),
                (left && bottom, false, true),
                (right && bottom, true, true),
            ];
            corners.into_iter().any(|(touches, mirror_x, mirror_y)| {
                touches
                    && is_fold(&Corner {
                        flat,
                        blob,
                        mirror_x,
                        mirror_y,
                    })
            })
        })
}

/// A blob in a corner, seen as if that corner were the top left one.
struct Corner<'a> {
    flat: &'a Work,
    blob: &'a Blob,
    mirror_x: bool,
    mirror_y: bool,
}

impl Corner<'_> {
    /// Whether there is shadow at this place, in pixels from the corner of the blob.
    fn is_dark(&self, x: f32, y: f32) -> bool {
        let (x, y) = (x.max(0.0) as u32, y.max(0.0) as u32);
        let blob = self.blob;
        if x >= blob.width() || y >= blob.height() {
            return false;
        }
        let x = if self.mirror_x {
            blob.right - 1 - x
        } else {
            blob.left + x
        };
        let y = if self.mirror_y {
            blob.bottom - 1 - y
        } else {
            blob.top + y
        };
        self.flat.grey.get_pixel(x, y).0[0] < SHADOW
    }
}

fn is_fold(corner: &Corner<'_>) -> bool {
    let (across, down) = (corner.blob.width() as f32, corner.blob.height() as f32);
    let stray = corner.flat.px(STRAY_MM);
    let away = stray * 2.0;
    let length = across.hypot(down);
    // One pixel towards the inside of the sheet, square to the fold.
    let (in_x, in_y) = (down / length, across / length);
    let (mut on_line, mut outside, mut outside_dark, mut inside_dark) = (0, 0, 0, 0);
    for point in 0..=POINTS {
        let share = point as f32 / POINTS as f32;
        let (x, y) = (across * (1.0 - share), down * share);
        let at = |distance: f32| corner.is_dark(x + in_x * distance, y + in_y * distance);
        let reach = stray.ceil() as i32;
        on_line += u32::from((-reach..=reach).any(|distance| at(distance as f32)));
        inside_dark += u32::from(at(away) || at(away * 1.5));
        for part in [0.35_f32, 0.6, 0.8] {
            // Between the corner and the fold.
            let (x, y) = (x * part, y * part);
            let from_fold = (1.0 - part) * across * down / length;
            if from_fold > away {
                outside += 1;
                outside_dark += u32::from(corner.is_dark(x, y));
            }
        }
    }
    let whole = (POINTS + 1) as f32;
    let line = on_line as f32 >= LEAST_SHARE * whole;
    let clear_inside = (inside_dark as f32) < 0.15 * whole;
    let outside_share = outside_dark as f32 / outside.max(1) as f32;
    // The missing corner is all lid or all paper; print is neither.
    line && clear_inside && !(0.04..0.96).contains(&outside_share)
}
