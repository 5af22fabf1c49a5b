//! Where things stand on a page, in raw scanner pixels and on the upright page.
//!
//! A page is its raw bytes plus a list of [`Transform`]s. The *raw* frame is the
//! scanner's; the *upright* frame is what people see and what the engines read.
//! Boxes are kept in the upright frame, where lines are level; [`PageGeometry`]
//! maps them to the raw frame through the list of transforms, so that a piece of
//! evidence still hits after a turn, a deskew or a crop.

mod homography;

pub use homography::Homography;

/// A size in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
}

/// An upright rectangle in pixels; `x`, `y` is its top left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Rectangle {
    /// Distance of the left edge from the left edge of the frame.
    pub x: u32,
    /// Distance of the top edge from the top edge of the frame.
    pub y: u32,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl Rectangle {
    /// A rectangle from its corner and size.
    pub const fn new(x: u32, y: u32, width: u32, height: u32) -> Self {
        Self {
            x,
            y,
            width,
            height,
        }
    }

    /// One past the right edge.
    pub const fn right(&self) -> u32 {
        self.x.saturating_add(self.width)
    }

    /// One past the bottom edge.
    pub const fn bottom(&self) -> u32 {
        self.y.saturating_add(self.height)
    }

    /// The smallest rectangle that holds both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let x = self.x.min(other.x);
        let y = self.y.min(other.y);
        Self::new(
            x,
            y,
            self.right().max(other.right()) - x,
            self.bottom().max(other.bottom()) - y,
        )
    }

    /// The smallest rectangle that holds all of them; `None` when there are none.
    pub fn union_all<'a>(all: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        all.into_iter().copied().reduce(|a, b| a.union(&b))
    }

    /// The part that both share, if any.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let x = self.x.max(other.x);
        let y = self.y.max(other.y);
        let right = self.right().min(other.right());
        let bottom = self.bottom().min(other.bottom());
        (right > x && bottom > y).then(|| Self::new(x, y, right - x, bottom - y))
    }

    /// Area in pixels.
    pub const fn area(&self) -> u64 {
        self.width as u64 * self.height as u64
    }
}

/// A turn by quarters, clockwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum QuarterTurn {
    /// No turn.
    #[default]
    None,
    /// 90° clockwise.
    Right,
    /// 180°.
    Half,
    /// 270° clockwise.
    Left,
}

impl QuarterTurn {
    /// Clockwise degrees: 0, 90, 180 or 270.
    pub const fn degrees(self) -> u16 {
        match self {
            Self::None => 0,
            Self::Right => 90,
            Self::Half => 180,
            Self::Left => 270,
        }
    }

    /// From clockwise degrees; anything but a quarter is `None`.
    pub const fn from_degrees(degrees: u16) -> Option<Self> {
        match degrees % 360 {
            0 => Some(Self::None),
            90 => Some(Self::Right),
            180 => Some(Self::Half),
            270 => Some(Self::Left),
            _ => None,
        }
    }

    /// This turn and then `next`.
    #[must_use]
    pub const fn then(self, next: Self) -> Self {
        match (self.degrees() + next.degrees()) % 360 {
            90 => Self::Right,
            180 => Self::Half,
            270 => Self::Left,
            _ => Self::None,
        }
    }
}

/// One step from the raw image to the upright page. Steps are applied in the
/// order of the list; the raw bytes are never changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Transform {
    /// Keep only this part of the frame before it (scanner borders go).
    Crop(Rectangle),
    /// Turn by quarters.
    Turn(QuarterTurn),
    /// Rotate by a small angle about the centre, clockwise degrees, the frame
    /// keeping its size and the corners filled with paper white.
    Deskew {
        /// Clockwise degrees by which the image is rotated.
        angle_deg: f32,
    },
    /// Even out background and contrast. Moves no pixel.
    Level,
    /// Cover the inside of these four corners with paper white. Moves no pixel.
    Mask(Corners),
    /// Keep only the sheet with these corners and lay it flat, as seen from straight
    /// above: a camera looks at paper at a slant.
    Flatten(Flat),
}

/// A sheet in the picture of a camera, and how large it becomes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flat {
    /// Its corners in the frame before, clockwise from the top left of the sheet.
    pub corners: Corners,
    /// Its size once it lies flat.
    pub size: Size,
}

impl Flat {
    /// The way from the flat sheet to the picture. Corners that no sheet has are met by
    /// leaving every point where it is, so that a damaged list still shows something.
    pub fn map(&self) -> Homography {
        Homography::onto(&self.corners, self.size).unwrap_or(Homography::IDENTITY)
    }
}

/// The corners of a rectangle that may have been turned, clockwise.
pub type Corners = [(f32, f32); 4];

/// The way between the raw frame and the upright frame of one page.
#[derive(Clone, Debug, PartialEq)]
pub struct PageGeometry {
    raw: Size,
    transforms: Vec<Transform>,
}

impl PageGeometry {
    /// The geometry of a page of this raw size with these transforms.
    pub fn new(raw: Size, transforms: &[Transform]) -> Self {
        Self {
            raw,
            transforms: transforms.to_vec(),
        }
    }

    /// Size of the upright page.
    pub fn upright_size(&self) -> Size {
        self.transforms.iter().fold(self.raw, size_after)
    }

    /// A point of the upright frame, in raw pixels.
    pub fn point_to_raw(&self, x: f32, y: f32) -> (f32, f32) {
        let mut sizes = vec![self.raw];
        for step in &self.transforms {
            sizes.push(size_after(sizes[sizes.len() - 1], step));
        }
        let mut point = (x, y);
        for (step, before) in self.transforms.iter().zip(&sizes).rev() {
            point = undo(step, *before, point);
        }
        point
    }

    /// A point of the raw frame, in upright pixels. It may lie outside the upright page.
    pub fn point_to_upright(&self, x: f32, y: f32) -> (f32, f32) {
        let mut size = self.raw;
        let mut point = (x, y);
        for step in &self.transforms {
            point = follow(step, size, point);
            size = size_after(size, step);
        }
        point
    }

    /// The four corners of an upright rectangle in raw pixels, clockwise from
    /// the upright page's top left.
    pub fn corners_in_raw(&self, area: &Rectangle) -> Corners {
        let (x, y) = (area.x as f32, area.y as f32);
        let (right, bottom) = (area.right() as f32, area.bottom() as f32);
        [(x, y), (right, y), (right, bottom), (x, bottom)].map(|(x, y)| self.point_to_raw(x, y))
    }

    /// The raw rectangle that holds an upright one.
    pub fn to_raw(&self, area: &Rectangle) -> Rectangle {
        let corners = self.corners_in_raw(area);
        let clamp = |value: f32, limit: u32| value.clamp(0.0, limit as f32);
        let xs = corners.map(|corner| clamp(corner.0, self.raw.width_px));
        let ys = corners.map(|corner| clamp(corner.1, self.raw.height_px));
        let low = |values: [f32; 4]| values.into_iter().fold(f32::MAX, f32::min).floor() as u32;
        let high = |values: [f32; 4]| values.into_iter().fold(0.0, f32::max).ceil() as u32;
        let (x, y) = (low(xs), low(ys));
        Rectangle::new(x, y, high(xs) - x, high(ys) - y)
    }
}

fn size_after(before: Size, step: &Transform) -> Size {
    match step {
        Transform::Crop(area) => Size {
            width_px: area.width,
            height_px: area.height,
        },
        Transform::Turn(QuarterTurn::Right | QuarterTurn::Left) => Size {
            width_px: before.height_px,
            height_px: before.width_px,
        },
        Transform::Flatten(flat) => flat.size,
        Transform::Turn(_) | Transform::Deskew { .. } | Transform::Level | Transform::Mask(_) => {
            before
        }
    }
}

/// Takes a point of the frame before `step` to the frame after it.
fn follow(step: &Transform, before: Size, (x, y): (f32, f32)) -> (f32, f32) {
    let (width, height) = (before.width_px as f32, before.height_px as f32);
    match step {
        Transform::Crop(area) => (x - area.x as f32, y - area.y as f32),
        Transform::Turn(QuarterTurn::None) | Transform::Level | Transform::Mask(_) => (x, y),
        Transform::Turn(QuarterTurn::Right) => (height - y, x),
        Transform::Turn(QuarterTurn::Half) => (width - x, height - y),
        Transform::Turn(QuarterTurn::Left) => (y, width - x),
        Transform::Deskew { angle_deg } => rotated(*angle_deg, (width, height), (x, y)),
        Transform::Flatten(flat) => narrow(flat.map().back(f64::from(x), f64::from(y))),
    }
}

/// A point after a clockwise rotation about the centre of a frame.
fn rotated(angle_deg: f32, (width, height): (f32, f32), (x, y): (f32, f32)) -> (f32, f32) {
    let (sin, cos) = angle_deg.to_radians().sin_cos();
    let (dx, dy) = (x - width / 2.0, y - height / 2.0);
    (
        width / 2.0 + dx * cos - dy * sin,
        height / 2.0 + dx * sin + dy * cos,
    )
}

fn narrow((x, y): (f64, f64)) -> (f32, f32) {
    (x as f32, y as f32)
}

/// Takes a point of the frame after `step` back to the frame before it.
fn undo(step: &Transform, before: Size, (x, y): (f32, f32)) -> (f32, f32) {
    let (width, height) = (before.width_px as f32, before.height_px as f32);
    match step {
        Transform::Crop(area) => (x + area.x as f32, y + area.y as f32),
        Transform::Turn(QuarterTurn::None) | Transform::Level | Transform::Mask(_) => (x, y),
        Transform::Turn(QuarterTurn::Right) => (y, height - x),
        Transform::Turn(QuarterTurn::Half) => (width - x, height - y),
        Transform::Turn(QuarterTurn::Left) => (width - y, x),
        // The image was rotated clockwise (y grows downwards), so a point goes back by
        // the opposite angle about the same centre.
        Transform::Deskew { angle_deg } => rotated(-angle_deg, (width, height), (x, y)),
        Transform::Flatten(flat) => narrow(flat.map().at(f64::from(x), f64::from(y))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const A4: Size = Size {
        width_px: 1654,
        height_px: 2339,
    };

    #[test]
    fn a_right_turn_takes_the_left_bottom_corner_to_the_top_left() {
        let geometry = PageGeometry::new(A4, &[Transform::Turn(QuarterTurn::Right)]);
        assert_eq!(
            geometry.upright_size(),
            Size {
                width_px: 2339,
                height_px: 1654
            }
        );
        assert_eq!(geometry.point_to_raw(0.0, 0.0), (0.0, 2339.0));
        assert_eq!(
            geometry.to_raw(&Rectangle::new(0, 0, 10, 20)),
            Rectangle::new(0, 2329, 20, 10)
        );
    }

    #[test]
    fn a_crop_moves_by_its_corner() {
        let geometry = PageGeometry::new(A4, &[Transform::Crop(Rectangle::new(5, 7, 100, 200))]);
        assert_eq!(
            geometry.to_raw(&Rectangle::new(1, 2, 3, 4)),
            Rectangle::new(6, 9, 3, 4)
        );
    }

    #[test]
    fn a_clockwise_deskew_is_undone_anticlockwise() {
        let geometry = PageGeometry::new(A4, &[Transform::Deskew { angle_deg: 90.0 }]);
        let (x, y) = geometry.point_to_raw(827.0 + 100.0, 1169.5);
        assert!(
            (x - 827.0).abs() < 0.01 && (y - (1169.5 - 100.0)).abs() < 0.01,
            "{x} {y}"
        );
    }

    /// A sheet seen at a slant in a picture of [`A4`]'s size.
    const SEEN: Flat = Flat {
        corners: [
            (310.0, 205.0),
            (1390.0, 260.0),
            (1520.0, 2010.0),
            (180.0, 1940.0),
        ],
        size: Size {
            width_px: 1240,
            height_px: 1754,
        },
    };

    #[test]
    fn a_flat_sheet_has_its_own_size_and_its_corners_where_they_were_seen() {
        let geometry = PageGeometry::new(A4, &[Transform::Flatten(SEEN)]);
        assert_eq!(geometry.upright_size(), SEEN.size);
        let corners = geometry.corners_in_raw(&Rectangle::new(0, 0, 1240, 1754));
        for (found, seen) in corners.into_iter().zip(SEEN.corners) {
            assert!((found.0 - seen.0).abs() < 0.01 && (found.1 - seen.1).abs() < 0.01);
        }
    }

    proptest! {
        #[test]
        fn a_point_comes_back_through_every_list(
            angle in -15.0f32..15.0, turn in 0u16..4, x in 400.0f32..1300.0, y in 400.0f32..1800.0, flat in any::<bool>()
        ) {
            let turn = QuarterTurn::from_degrees(turn * 90).expect("a quarter");
            let mut transforms = vec![
                Transform::Crop(Rectangle::new(20, 30, 1200, 1700)),
                Transform::Level,
                Transform::Turn(turn),
                Transform::Deskew { angle_deg: angle },
            ];
            if flat {
                transforms.insert(0, Transform::Flatten(SEEN));
            }
            let geometry = PageGeometry::new(A4, &transforms);
            let (u, v) = geometry.point_to_upright(x, y);
            let (back_x, back_y) = geometry.point_to_raw(u, v);
            prop_assert!((back_x - x).abs() < 0.05 && (back_y - y).abs() < 0.05, "{back_x} {back_y}");
        }

        #[test]
        fn the_raw_box_stays_inside_the_raw_page(
            angle in -15.0f32..15.0, turn in 0u16..4, x in 0u32..1600, y in 0u32..1600, w in 1u32..400, h in 1u32..400
        ) {
            let turn = QuarterTurn::from_degrees(turn * 90).expect("a quarter");
            let geometry = PageGeometry::new(A4, &[Transform::Turn(turn), Transform::Deskew { angle_deg: angle }]);
            let raw = geometry.to_raw(&Rectangle::new(x, y, w, h));
            prop_assert!(raw.right() <= A4.width_px && raw.bottom() <= A4.height_px);
        }
    }
}
