//! Draws pages: lines of boxes that stand, hang and dot like print.

use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage};
use imageproc::drawing::{draw_filled_circle_mut, draw_filled_rect_mut, draw_hollow_circle_mut};
use imageproc::geometric_transformations::{Border, Interpolation, rotate_about_center};
use imageproc::rect::Rect;

/// A4 at 200 dpi.
pub(crate) const A4: (u32, u32) = (1654, 2339);

/// The same numbers on every run.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number from `low` up to, not including, `high`.
    pub(crate) fn pick(&mut self, low: u32, high: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        low + ((self.0 >> 33) % u64::from(high - low)) as u32
    }
}

pub(crate) fn paper((width, height): (u32, u32), level: u8) -> GrayImage {
    GrayImage::from_pixel(width, height, Luma([level]))
}

pub(crate) fn fill(page: &mut GrayImage, x: i32, y: i32, width: u32, height: u32, level: u8) {
    draw_filled_rect_mut(page, Rect::at(x, y).of_size(width, height), Luma([level]));
}

/// One line of print: its baseline is at `base`, letters are about 17 px high.
pub(crate) fn line(page: &mut GrayImage, left: i32, right: i32, base: i32, level: u8, seed: u64) {
    let mut chance = Chance::new(seed);
    let mut x = left;
    while x < right - 90 {
        for _ in 0..chance.pick(2, 7) {
            let top = if chance.pick(0, 4) == 0 {
                base - 26
            } else {
                base - 17
            };
            let foot = if chance.pick(0, 7) == 0 {
                base + 6
            } else {
                base
            };
            // Two strokes joined at the top or in the middle.
            fill(page, x, top, 3, (foot - top) as u32, level);
            fill(page, x + 8, base - 17, 3, 17, level);
            let bar = if chance.pick(0, 2) == 0 {
                base - 17
            } else {
                base - 9
            };
            fill(page, x, bar, 11, 3, level);
            match chance.pick(0, 6) {
                0 => fill(page, x + 4, base + 4, 3, 3, level),
                1 => fill(page, x + 3, base - 24, 6, 2, level),
                _ => {}
            }
            x += 15;
        }
        x += 12;
    }
}

/// A page of print in the layout of an official document.
pub(crate) fn printed(size: (u32, u32), paper_level: u8, ink: u8) -> GrayImage {
    let mut page = paper(size, paper_level);
    let (width, height) = (size.0 as i32, size.1 as i32);
    let mut base = height / 8;
    let mut seed = 1;
    while base < height * 7 / 8 {
        let short = seed % 5 == 0;
        let right = if short { width * 3 / 5 } else { width * 7 / 8 };
        let indent = if seed % 5 == 1 { 80 } else { 0 };
        line(&mut page, width / 8 + indent, right, base, ink, seed);
        base += 46;
        seed += 1;
    }
    page
}

/// Turned clockwise about the middle, the frame keeping its size.
pub(crate) fn skewed(page: &GrayImage, degrees: f32, level: u8) -> GrayImage {
    rotate_about_center(
        page,
        degrees.to_radians(),
        Interpolation::Bicubic,
        Border::Constant(Luma([level])),
    )
}

pub(crate) fn grey(page: GrayImage) -> DynamicImage {
    DynamicImage::ImageLuma8(page)
}

/// The page in colours: paper tint times brightness.
pub(crate) fn tinted(page: &GrayImage, tint: [u8; 3]) -> RgbImage {
    RgbImage::from_fn(page.width(), page.height(), |x, y| {
        let level = u32::from(page.get_pixel(x, y).0[0]);
        Rgb(tint.map(|channel| (level * u32::from(channel) / 255) as u8))
    })
}

/// A round stamp of the given ink.
pub(crate) fn stamp(page: &mut RgbImage, centre: (i32, i32), ink: [u8; 3]) {
    for radius in 118..124 {
        draw_hollow_circle_mut(page, centre, radius, Rgb(ink));
    }
    for radius in 70..73 {
        draw_hollow_circle_mut(page, centre, radius, Rgb(ink));
    }
    draw_filled_circle_mut(page, centre, 18, Rgb(ink));
}

/// Dust: specks of up to four pixels (half a millimetre).
pub(crate) fn dust(page: &mut GrayImage, count: u32, level: u8) {
    let mut chance = Chance::new(77);
    for _ in 0..count {
        let x = chance.pick(0, page.width() - 4) as i32;
        let y = chance.pick(0, page.height() - 4) as i32;
        let side = chance.pick(1, 5);
        fill(page, x, y, side, side, level);
    }
}
