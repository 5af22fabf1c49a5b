//! From the raw image to the upright page.
//!
//! Crops, turns and a deskew are folded into one map from upright to raw pixels
//! and done in a single pass, so that a page of 35 megapixels is written once and
//! resampled at most once.

use std::borrow::Cow;

use domain::geometry::{QuarterTurn, Rectangle, Transform};
use fast_image_resize::PixelType;
use image::{DynamicImage, GrayImage, RgbImage};

use crate::flatten::flattened;
use crate::mask::mask;
use crate::pixels::Pixels;
use crate::reading::level;
use crate::slant::Slant;

/// Paper that the scan does not show.
const WHITE: u8 = 255;

/// A deskew is a small angle. Where a list of transforms says otherwise (beyond
/// 45°) it is still obeyed, only without blending.
const LEAST_COSINE: f64 = 0.7;

/// The picture people see: `raw` after its transforms. Greyscale stays greyscale.
pub fn upright(raw: &DynamicImage, transforms: &[Transform]) -> DynamicImage {
    match Pixels::of(raw) {
        Pixels::Grey(image) => {
            let (width, height) = image.dimensions();
            let page = match image {
                Cow::Borrowed(image) => Samples::<1>::borrowed(width, height, image.as_raw()),
                Cow::Owned(image) => Samples::owned(width, height, image.into_raw()),
            };
            let page = page.after(transforms);
            let image = GrayImage::from_raw(page.width, page.height, page.values.into_owned());
            DynamicImage::ImageLuma8(image.expect("one sample per pixel"))
        }
        Pixels::Colour(image) => {
            let (width, height) = image.dimensions();
            let page = match image {
                Cow::Borrowed(image) => Samples::<3>::borrowed(width, height, image.as_raw()),
                Cow::Owned(image) => Samples::owned(width, height, image.into_raw()),
            };
            let page = page.after(transforms);
            let image = RgbImage::from_raw(page.width, page.height, page.values.into_owned());
            DynamicImage::ImageRgb8(image.expect("three samples per pixel"))
        }
    }
}

/// Samples of a picture with `N` of them per pixel.
pub(crate) struct Samples<'a, const N: usize> {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) values: Cow<'a, [u8]>,
}

impl<const N: usize> Samples<'_, N> {
    /// How the resizer calls this kind of pixel.
    pub(crate) const KIND: PixelType = if N == 1 {
        PixelType::U8
    } else {
        PixelType::U8x3
    };
}

impl<'a, const N: usize> Samples<'a, N> {
    fn borrowed(width: u32, height: u32, values: &'a [u8]) -> Self {
        Self {
            width,
            height,
            values: Cow::Borrowed(values),
        }
    }

    pub(crate) fn owned(width: u32, height: u32, values: Vec<u8>) -> Self {
        Self {
            width,
            height,
            values: Cow::Owned(values),
        }
    }

    fn after(self, transforms: &[Transform]) -> Self {
        let mut page = self;
        let mut map = Map::identity(page.width, page.height);
        for step in transforms {
            match step {
                Transform::Crop(area) => map.crop(*area),
                Transform::Turn(turn) => {
                    if map.slanted {
                        page = page.drawn(&map);
                        map = Map::identity(page.width, page.height);
                    }
                    map.turn(*turn);
                }
                Transform::Deskew { angle_deg } => {
                    // The slanted pass reads rows as rows; a turned page is turned first.
                    if map.slanted || map.across != (1.0, 0.0) {
                        page = page.drawn(&map);
                        map = Map::identity(page.width, page.height);
                    }
                    map.deskew(*angle_deg);
                }
                Transform::Level => {
                    page = page.drawn(&map);
                    map = Map::identity(page.width, page.height);
                    level(&mut page);
                }
                Transform::Mask(corners) => {
                    page = page.drawn(&map);
                    map = Map::identity(page.width, page.height);
                    mask(&mut page, corners);
                }
                Transform::Flatten(flat) => {
                    page = page.drawn(&map);
                    page = flattened(&page, flat);
                    map = Map::identity(page.width, page.height);
                }
            }
        }
        page.drawn(&map)
    }

    /// The picture seen through the map.
    fn drawn(self, map: &Map) -> Self {
        if map.is_identity(self.width, self.height) {
            return self;
        }
        let mut values = vec![WHITE; map.width as usize * map.height as usize * N];
        if values.is_empty() {
            return Samples::owned(map.width, map.height, values);
        }
        if map.slanted && map.across.0 > LEAST_COSINE {
            Slant::new(&self, map).draw(&mut values);
        } else if map.slanted {
            self.pick_nearest(map, &mut values);
        } else {
            self.copy_straight(map, &mut values);
        }
        Samples::owned(map.width, map.height, values)
    }

    /// Crops and quarter turns: every pixel is copied as it is.
    fn copy_straight(&self, map: &Map, values: &mut [u8]) {
        /// Side of the squares in which a turned picture is copied, so that the
        /// rows read and the rows written both stay in the cache.
        const SQUARE: u32 = 64;
        for top in (0..map.height).step_by(SQUARE as usize) {
            for left in (0..map.width).step_by(SQUARE as usize) {
                for y in top..(top + SQUARE).min(map.height) {
                    let row = (y as usize * map.width as usize + left as usize) * N;
                    let count = SQUARE.min(map.width - left) as usize;
                    let (pixels, _) = values[row..row + count * N].as_chunks_mut::<N>();
                    self.copy_row(map, left, y, pixels);
                }
            }
        }
    }

    /// Turns by any angle without blending.
    fn pick_nearest(&self, map: &Map, values: &mut [u8]) {
        let (source, _) = self.values.as_chunks::<N>();
        let (pixels, _) = values.as_chunks_mut::<N>();
        for (y, row) in (0_u32..).zip(pixels.chunks_exact_mut(map.width as usize)) {
            for (x, pixel) in (0_u32..).zip(row) {
                let (u, v) = map.at(f64::from(x) + 0.5, f64::from(y) + 0.5);
                let (u, v) = (u.floor() as i64, v.floor() as i64);
                if map.inside.holds(u, v) {
                    *pixel = source[v as usize * self.width as usize + u as usize];
                }
            }
        }
    }

    fn copy_row(&self, map: &Map, left: u32, y: u32, pixels: &mut [[u8; N]]) {
        let (source, _) = self.values.as_chunks::<N>();
        let (u, v) = map.at(f64::from(left) + 0.5, f64::from(y) + 0.5);
        let (mut u, mut v) = (u.floor() as i64, v.floor() as i64);
        let (step_u, step_v) = (map.across.0.round() as i64, map.across.1.round() as i64);
        for pixel in pixels {
            if map.inside.holds(u, v) {
                *pixel = source[v as usize * self.width as usize + u as usize];
            }
            u += step_u;
            v += step_v;
        }
    }
}

/// The part of the source that may be seen, in whole pixels.
#[derive(Clone, Copy)]
pub(crate) struct Inside {
    pub(crate) left: i64,
    pub(crate) top: i64,
    pub(crate) right: i64,
    pub(crate) bottom: i64,
}

impl Inside {
    fn holds(&self, x: i64, y: i64) -> bool {
        x >= self.left && x < self.right && y >= self.top && y < self.bottom
    }
}

/// Where the points of the target lie in the source.
pub(crate) struct Map {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// What one step to the right is in the source.
    pub(crate) across: (f64, f64),
    /// What one step down is in the source.
    pub(crate) down: (f64, f64),
    /// Where the target's top left corner lies.
    pub(crate) origin: (f64, f64),
    pub(crate) inside: Inside,
    /// Whether a deskew is part of it.
    slanted: bool,
}

impl Map {
    fn identity(width: u32, height: u32) -> Self {
        Self {
            width,
            height,
            across: (1.0, 0.0),
            down: (0.0, 1.0),
            origin: (0.0, 0.0),
            inside: Inside {
                left: 0,
                top: 0,
                right: i64::from(width),
                bottom: i64::from(height),
            },
            slanted: false,
        }
    }

    fn is_identity(&self, width: u32, height: u32) -> bool {
        !self.slanted
            && (self.width, self.height) == (width, height)
            && self.across == (1.0, 0.0)
            && self.origin == (0.0, 0.0)
    }

    fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (
            self.origin.0 + self.across.0 * x + self.down.0 * y,
            self.origin.1 + self.across.1 * x + self.down.1 * y,
        )
    }

    fn crop(&mut self, area: Rectangle) {
        self.origin = self.at(f64::from(area.x), f64::from(area.y));
        (self.width, self.height) = (area.width, area.height);
        if !self.slanted {
            // What a later deskew brings in from outside the crop is paper white, not border.
            let (x1, y1) = self.origin;
            let (x2, y2) = self.at(f64::from(self.width), f64::from(self.height));
            let inside = &mut self.inside;
            inside.left = inside.left.max(x1.min(x2).round() as i64);
            inside.right = inside.right.min(x1.max(x2).round() as i64);
            inside.top = inside.top.max(y1.min(y2).round() as i64);
            inside.bottom = inside.bottom.min(y1.max(y2).round() as i64);
        }
    }

    fn turn(&mut self, turn: QuarterTurn) {
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        let ((across_x, across_y), (down_x, down_y)) = (self.across, self.down);
        match turn {
            QuarterTurn::None => {}
            QuarterTurn::Right => {
                self.origin = self.at(0.0, height);
                self.across = (-down_x, -down_y);
                self.down = (across_x, across_y);
            }
            QuarterTurn::Half => {
                self.origin = self.at(width, height);
                self.across = (-across_x, -across_y);
                self.down = (-down_x, -down_y);
            }
            QuarterTurn::Left => {
                self.origin = self.at(width, 0.0);
                self.across = (down_x, down_y);
                self.down = (-across_x, -across_y);
            }
        }
        if matches!(turn, QuarterTurn::Right | QuarterTurn::Left) {
            (self.width, self.height) = (self.height, self.width);
        }
    }

    fn deskew(&mut self, angle_deg: f32) {
        let (sin, cos) = (-f64::from(angle_deg)).to_radians().sin_cos();
        let (half_width, half_height) = (f64::from(self.width) / 2.0, f64::from(self.height) / 2.0);
        let back = |x: f64, y: f64| {
            let (dx, dy) = (x - half_width, y - half_height);
            (
                half_width + dx * cos - dy * sin,
                half_height + dx * sin + dy * cos,
            )
        };
        let (x, y) = back(0.0, 0.0);
        let origin = self.at(x, y);
        let ((across_x, across_y), (down_x, down_y)) = (self.across, self.down);
        self.across = (across_x * cos + down_x * sin, across_y * cos + down_y * sin);
        self.down = (
            -across_x * sin + down_x * cos,
            -across_y * sin + down_y * cos,
        );
        self.origin = origin;
        self.slanted = true;
    }
}
