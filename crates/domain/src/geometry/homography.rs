//! The way between a flat sheet and the picture that a camera took of it at a slant.

use super::{Corners, Size};

/// A map between the pixels of a flat rectangle and a slanted picture of it: straight
/// lines stay straight, and what is further away is smaller.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Homography {
    /// Row by row; the last row makes what is further away smaller.
    rows: [[f64; 3]; 3],
}

impl Homography {
    /// Leaves every point where it is.
    pub(super) const IDENTITY: Self = Self {
        rows: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    };

    /// Takes the corners of a rectangle of this size, clockwise from its top left, to
    /// these corners. `None` where they are no corners of a seen sheet: three of them on
    /// one line, crossed over, or numbers that are none.
    pub fn onto(corners: &Corners, size: Size) -> Option<Self> {
        let [a, b, c, d] = corners.map(|(x, y)| (f64::from(x), f64::from(y)));
        if !is_convex(&[a, b, c, d]) {
            return None;
        }
        // The unit square first (Heckbert 1989); its sides are then stretched to the size.
        let sum = (a.0 - b.0 + c.0 - d.0, a.1 - b.1 + c.1 - d.1);
        let (u, v) = ((b.0 - c.0, b.1 - c.1), (d.0 - c.0, d.1 - c.1));
        let whole = u.0 * v.1 - v.0 * u.1;
        let g = (sum.0 * v.1 - v.0 * sum.1) / whole;
        let h = (u.0 * sum.1 - sum.0 * u.1) / whole;
        let (width, height) = (f64::from(size.width_px), f64::from(size.height_px));
        let rows = [
            [b.0 - a.0 + g * b.0, d.0 - a.0 + h * d.0, a.0],
            [b.1 - a.1 + g * b.1, d.1 - a.1 + h * d.1, a.1],
            [g, h, 1.0],
        ]
        .map(|[x, y, one]| [x / width, y / height, one]);
        let finite = rows.iter().flatten().all(|value| value.is_finite());
        finite.then_some(Self { rows })
    }

    /// Where a point of the rectangle lies in the picture.
    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let [u, v, scale] = self.rows.map(|row| row[0] * x + row[1] * y + row[2]);
        (u / scale, v / scale)
    }

    /// Where a point of the picture lies on the rectangle.
    pub fn back(&self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c] = self.rows;
        let cross = |p: [f64; 3], q: [f64; 3]| {
            [
                p[1] * q[2] - p[2] * q[1],
                p[2] * q[0] - p[0] * q[2],
                p[0] * q[1] - p[1] * q[0],
            ]
        };
        // The columns of the inverse, but for a factor that cancels.
        let columns = [cross(b, c), cross(c, a), cross(a, b)];
        let [u, v, scale] =
            [0, 1, 2].map(|row| columns[0][row] * x + columns[1][row] * y + columns[2][row]);
        (u / scale, v / scale)
    }
}

/// Whether the corners run clockwise round a convex shape (y grows downwards).
fn is_convex(corners: &[(f64, f64); 4]) -> bool {
    /// Twice the area, in pixels, of the smallest triangle that three corners may form.
    const LEAST: f64 = 1.0;
    (0..4).all(|at| {
        let [p, q, r] = [0, 1, 2].map(|step| corners[(at + step) % 4]);
        (q.0 - p.0) * (r.1 - q.1) - (q.1 - p.1) * (r.0 - q.0) > LEAST
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SHEET: Size = Size {
        width_px: 1240,
        height_px: 1754,
    };

    #[test]
    fn the_corners_of_the_sheet_are_the_corners_in_the_picture() {
        let corners = [
            (210.0, 95.0),
            (1710.0, 140.0),
            (1630.0, 2210.0),
            (330.0, 2150.0),
        ];
        let map = Homography::onto(&corners, SHEET).expect("a convex shape");
        for ((x, y), corner) in [(0.0, 0.0), (1240.0, 0.0), (1240.0, 1754.0), (0.0, 1754.0)]
            .into_iter()
            .zip(corners)
        {
            let (u, v) = map.at(x, y);
            assert!(
                (u - f64::from(corner.0)).abs() < 1e-6 && (v - f64::from(corner.1)).abs() < 1e-6
            );
        }
    }

    #[test]
    fn what_is_no_sheet_has_no_map() {
        for corners in [
            [(0.0, 0.0); 4],
            [(0.0, 0.0), (10.0, 0.0), (20.0, 0.0), (0.0, 10.0)],
            [(0.0, 0.0), (10.0, 10.0), (10.0, 0.0), (0.0, 10.0)],
            [(0.0, 0.0), (0.0, 10.0), (10.0, 10.0), (10.0, 0.0)],
            [(f32::NAN, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)],
        ] {
            assert_eq!(Homography::onto(&corners, SHEET), None, "{corners:?}");
        }
    }

    proptest! {
        #[test]
        fn there_and_back_is_where_one_was(
            shift in prop::array::uniform8(-150.0f32..150.0), x in 0.0f64..1240.0, y in 0.0f64..1754.0
        ) {
            let [a, b, c, d, e, f, g, h] = shift;
            let corners = [
                (200.0 + a, 200.0 + b), (1700.0 + c, 200.0 + d), (1700.0 + e, 2200.0 + f), (200.0 + g, 2200.0 + h),
            ];
            let map = Homography::onto(&corners, SHEET).expect("shifted by less than a side");
            let (u, v) = map.at(x, y);
            let (back_x, back_y) = map.back(u, v);
            prop_assert!((back_x - x).abs() < 1e-6 && (back_y - y).abs() < 1e-6);
        }
    }
}
