//! Covering a part of a page, such as a note that a copy is made without.

use domain::geometry::Corners;

use crate::upright::Samples;

/// Paper without anything on it.
const WHITE: u8 = 255;

/// Covers every pixel whose centre lies inside the corners.
pub(crate) fn mask<const N: usize>(page: &mut Samples<'_, N>, corners: &Corners) {
    let (width, height) = (page.width as usize, page.height as usize);
    let ys = corners.map(|(_, y)| y);
    let top = ys.into_iter().fold(f32::MAX, f32::min).max(0.0).floor() as usize;
    let bottom = ys.into_iter().fold(0.0, f32::max).ceil() as usize;
    let values = page.values.to_mut();
    for row in top..bottom.min(height) {
        let Some((left, right)) = stretch(corners, row as f32 + 0.5) else {
            continue;
        };
        // The first centre from the left edge on, and the one after the last before the right.
        let from = (left - 0.5).ceil().max(0.0) as usize;
        let to = ((right - 0.5).floor() + 1.0).max(0.0) as usize;
        let to = to.min(width);
        if from < to {
            values[(row * width + from) * N..(row * width + to) * N].fill(WHITE);
        }
    }
}

/// Where the line at this height enters the four corners and where it leaves them.
fn stretch(corners: &Corners, y: f32) -> Option<(f32, f32)> {
    let mut ends: Option<(f32, f32)> = None;
    for (index, &(x1, y1)) in corners.iter().enumerate() {
        let (x2, y2) = corners[(index + 1) % corners.len()];
        if (y1 <= y) == (y2 <= y) {
            continue;
        }
        let x = x1 + (y - y1) / (y2 - y1) * (x2 - x1);
        ends = Some(ends.map_or((x, x), |(left, right)| (left.min(x), right.max(x))));
    }
    ends
}
