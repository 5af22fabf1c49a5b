//! The two kinds of eight-bit pictures that everything else works on.

use std::borrow::Cow;

use domain::geometry::Rectangle;
use image::{DynamicImage, GrayImage, RgbImage};

/// A picture in eight bits per sample: grey or colour, borrowed where the
/// source already has that form, so that a 35-megapixel page is not copied.
#[derive(Debug)]
pub(crate) enum Pixels<'a> {
    /// One sample per pixel.
    Grey(Cow<'a, GrayImage>),
    /// Red, green, blue.
    Colour(Cow<'a, RgbImage>),
}

impl<'a> Pixels<'a> {
    /// Sees any image as eight-bit grey or colour; what is transparent shows
    /// white paper, because that is what a person would see.
    pub(crate) fn of(image: &'a DynamicImage) -> Self {
        match image {
            DynamicImage::ImageLuma8(grey) => Self::Grey(Cow::Borrowed(grey)),
            DynamicImage::ImageRgb8(colour) => Self::Colour(Cow::Borrowed(colour)),
            DynamicImage::ImageLuma16(_) => Self::Grey(Cow::Owned(image.to_luma8())),
            DynamicImage::ImageLumaA8(_) | DynamicImage::ImageLumaA16(_) => {
                Self::Grey(Cow::Owned(grey_over_white(image)))
            }
            other if other.color().has_alpha() => {
                Self::Colour(Cow::Owned(colour_over_white(other)))
            }
            other => Self::Colour(Cow::Owned(other.to_rgb8())),
        }
    }

    /// Width and height.
    pub(crate) fn dimensions(&self) -> (u32, u32) {
        match self {
            Self::Grey(image) => image.dimensions(),
            Self::Colour(image) => image.dimensions(),
        }
    }
}

/// A part of a picture, read row by row in grey, so that full-size pixels can be
/// sampled without being copied.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    pixels: &'a Pixels<'a>,
    area: Rectangle,
}

impl<'a> View<'a> {
    /// The whole picture.
    pub(crate) fn whole(pixels: &'a Pixels<'a>) -> Self {
        let (width, height) = pixels.dimensions();
        Self::part(pixels, Rectangle::new(0, 0, width, height))
    }

    /// A part of it, which must lie inside.
    pub(crate) fn part(pixels: &'a Pixels<'a>, area: Rectangle) -> Self {
        Self { pixels, area }
    }

    /// Pixels across.
    pub(crate) fn width(&self) -> u32 {
        self.area.width
    }

    /// Pixels down.
    pub(crate) fn height(&self) -> u32 {
        self.area.height
    }

    /// Writes one row, as wide as the view, in grey.
    pub(crate) fn row(&self, y: u32, line: &mut [u8]) {
        let width = self.pixels.dimensions().0 as usize;
        let start = (self.area.y + y) as usize * width + self.area.x as usize;
        let end = start + self.area.width as usize;
        match self.pixels {
            Pixels::Grey(image) => line.copy_from_slice(&image.as_raw()[start..end]),
            Pixels::Colour(image) => {
                let (row, _) = image.as_raw()[start * 3..end * 3].as_chunks::<3>();
                for (sample, [red, green, blue]) in line.iter_mut().zip(row) {
                    let sum = u16::from(*red) + 2 * u16::from(*green) + u16::from(*blue);
                    *sample = (sum / 4) as u8;
                }
            }
        }
    }
}

fn over_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

fn grey_over_white(image: &DynamicImage) -> GrayImage {
    let source = image.to_luma_alpha8();
    let (width, height) = source.dimensions();
    let samples = source
        .pixels()
        .map(|pixel| over_white(pixel.0[0], pixel.0[1]))
        .collect();
    GrayImage::from_raw(width, height, samples).expect("one sample per pixel")
}

fn colour_over_white(image: &DynamicImage) -> RgbImage {
    let source = image.to_rgba8();
    let (width, height) = source.dimensions();
    let samples = source
        .pixels()
        .flat_map(|pixel| {
            let [red, green, blue, alpha] = pixel.0;
            [red, green, blue].map(|value| over_white(value, alpha))
        })
        .collect();
    RgbImage::from_raw(width, height, samples).expect("three samples per pixel")
}

/// Grey as the eye weighs it.
pub(crate) fn luma(image: &RgbImage) -> GrayImage {
    per_pixel(image, |red, green, blue| {
        ((u32::from(red) * 77 + u32::from(green) * 150 + u32::from(blue) * 29) >> 8) as u8
    })
}

/// One grey sample per colour pixel.
pub(crate) fn per_pixel(image: &RgbImage, grey: impl Fn(u8, u8, u8) -> u8) -> GrayImage {
    let (width, height) = image.dimensions();
    let mut samples = vec![0_u8; width as usize * height as usize];
    let (pixels, _) = image.as_raw().as_chunks::<3>();
    for (sample, [red, green, blue]) in samples.iter_mut().zip(pixels) {
        *sample = grey(*red, *green, *blue);
    }
    GrayImage::from_raw(width, height, samples).expect("one sample per pixel")
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgba, RgbaImage};

    #[test]
    fn what_is_transparent_shows_white_paper() {
        let image = DynamicImage::ImageRgba8(RgbaImage::from_pixel(3, 2, Rgba([0, 0, 0, 0])));
        let Pixels::Colour(colour) = Pixels::of(&image) else {
            panic!("colour stays colour");
        };
        assert!(colour.pixels().all(|pixel| pixel.0 == [255, 255, 255]));
    }

    #[test]
    fn sixteen_bit_grey_stays_grey() {
        let image = DynamicImage::new_luma16(4, 4);
        assert!(matches!(Pixels::of(&image), Pixels::Grey(_)));
    }
}
