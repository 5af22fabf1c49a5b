//! What an office scanner does to a sheet.

use image::{DynamicImage, Rgb, RgbImage};
use imageproc::geometric_transformations::{Border, Interpolation, rotate_about_center};

use super::chance::Chance;

/// How worn the scanner and the paper are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wear {
    /// The sheet lies at most this askew, in degrees.
    pub skew_deg: f32,
    /// Deviation of the sensor's noise, in grey levels.
    pub noise: f32,
    /// How grey the paper comes out, in levels below white.
    pub grey: f32,
    /// Deviation of the blur, in pixels; 0 for none.
    pub blur_px: f32,
    /// Specks of dust on the whole page.
    pub specks: u32,
    /// How much of the ink's darkness is lost, 0 to 1.
    pub fading: f32,
    /// Whether the scanner gives colour.
    pub colour: bool,
}

impl Wear {
    /// A scanner as it stands in offices, in good order.
    pub const OFFICE: Self = Self {
        skew_deg: 0.7,
        noise: 2.2,
        grey: 12.0,
        blur_px: 0.55,
        specks: 14,
        fading: 0.06,
        colour: true,
    };

    /// As it left the printer.
    pub const CLEAN: Self = Self {
        skew_deg: 0.0,
        noise: 0.0,
        grey: 0.0,
        blur_px: 0.0,
        specks: 0,
        fading: 0.0,
        colour: true,
    };

    /// A tired one, and paper that was carried about.
    pub const TIRED: Self = Self {
        skew_deg: 2.2,
        noise: 7.0,
        grey: 34.0,
        blur_px: 0.9,
        specks: 120,
        fading: 0.35,
        colour: true,
    };

    /// Paper that was carried about, on a scanner in poor order.
    pub const WORN: Self = Self {
        skew_deg: 1.6,
        noise: 5.0,
        grey: 28.0,
        blur_px: 0.75,
        specks: 80,
        fading: 0.25,
        colour: true,
    };

    /// Light ink under noise, as on old copies of copies: what plain Tesseract can
    /// hardly read.
    pub const FADED: Self = Self {
        skew_deg: 1.0,
        noise: 15.0,
        grey: 24.0,
        blur_px: 0.7,
        specks: 60,
        fading: 0.58,
        colour: true,
    };

    /// The levels at which reading is measured, by name.
    pub const LEVELS: [(&'static str, Self); 4] = [
        ("clean", Self::CLEAN),
        ("office", Self::OFFICE),
        ("worn", Self::WORN),
        ("faded", Self::FADED),
    ];

    /// The same scanner set to greyscale.
    #[must_use]
    pub const fn greyscale(self) -> Self {
        Self {
            colour: false,
            ..self
        }
    }
}

/// Passes one page of a paper through the scanner.
pub(crate) fn degrade(page: &RgbImage, seed: u64, paper: &str, wear: &Wear) -> RgbImage {
    let mut chance = Chance::new(seed, paper);
    let skew = chance.within(-wear.skew_deg, wear.skew_deg).to_radians();
    let mut scanned = rotate_about_center(
        page,
        skew,
        Interpolation::Bilinear,
        Border::Constant(Rgb([255; 3])),
    );
    if wear.blur_px > 0.0 {
        scanned = image::imageops::blur(&scanned, wear.blur_px);
    }
    if !wear.colour {
        scanned = DynamicImage::ImageLuma8(image::imageops::grayscale(&scanned)).into_rgb8();
    }
    specks(&mut scanned, &mut chance, wear.specks);
    shade(&mut scanned, &mut chance, wear);
    scanned
}

fn specks(page: &mut RgbImage, chance: &mut Chance, count: u32) {
    let (width, height) = page.dimensions();
    for _ in 0..count {
        let (x, y) = (chance.between(2, width - 4), chance.between(2, height - 4));
        let dark = chance.between(60, 150) as u8;
        let size = chance.between(1, 2);
        for dy in 0..size {
            for dx in 0..size {
                page.put_pixel(x + dx, y + dy, Rgb([dark; 3]));
            }
        }
    }
}

/// Paper that is not white, light that falls off to one side, and the sensor's noise.
fn shade(page: &mut RgbImage, chance: &mut Chance, wear: &Wear) {
    let (width, height) = page.dimensions();
    let (slope_x, slope_y) = (chance.within(-0.5, 0.5), chance.within(-0.5, 0.5));
    let warmth = if wear.colour {
        [1.0, 0.995, 0.975]
    } else {
        [1.0; 3]
    };
    let ink_floor = 255.0 * wear.fading;
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        let fall =
            slope_x * (x as f32 / width as f32 - 0.5) + slope_y * (y as f32 / height as f32 - 0.5);
        let paper = 255.0 - wear.grey * (1.0 + fall);
        let noise = wear.noise * chance.bell();
        for (channel, warmth) in pixel.0.iter_mut().zip(warmth) {
            let faded = ink_floor + f32::from(*channel) * (1.0 - wear.fading);
            *channel = (faded / 255.0 * paper * warmth + noise)
                .round()
                .clamp(0.0, 255.0) as u8;
        }
    }
}
