//! The small picture for lists and the packed picture for the copy.

use fast_image_resize::{FilterType, PixelType};
use image::{DynamicImage, RgbImage};
use jpeg_encoder::{ColorType, Encoder};

use crate::pixels::Pixels;
use crate::work::{reduced_colour, resized};

/// A picture of this width and the same shape, never larger than the page.
pub fn thumbnail(upright: &DynamicImage, width_px: u32) -> RgbImage {
    let pixels = Pixels::of(upright);
    let (width, height) = pixels.dimensions();
    if width == 0 || height == 0 {
        return RgbImage::new(0, 0);
    }
    let small_width = width_px.clamp(1, width);
    let small_height =
        (u64::from(height) * u64::from(small_width) / u64::from(width)).max(1) as u32;
    let small = (small_width, small_height);
    match pixels {
        Pixels::Colour(image) => reduced_colour(&image, small, FilterType::Hamming),
        Pixels::Grey(image) => {
            let grey = resized(
                image.as_raw(),
                image.dimensions(),
                small,
                PixelType::U8,
                FilterType::Hamming,
            );
            let samples = grey.into_iter().flat_map(|value| [value; 3]).collect();
            RgbImage::from_raw(small.0, small.1, samples).expect("three samples per pixel")
        }
    }
}

/// JPEG bytes; greyscale stays greyscale. `quality` runs from 1 to 100.
///
/// A JPEG side ends at 65,535 pixels; a larger page (10 m at 150 dpi) does not
/// pass the limits at the door, and is here reduced to fit rather than refused.
pub fn encode_jpeg(image: &DynamicImage, quality: u8) -> Vec<u8> {
    let side = u32::from(u16::MAX);
    if image.width() > side || image.height() > side {
        return encode_jpeg(&image.thumbnail(side, side), quality);
    }
    let pixels = Pixels::of(image);
    let (width, height) = pixels.dimensions();
    let (samples, colour): (&[u8], _) = match &pixels {
        Pixels::Grey(grey) => (grey.as_raw(), ColorType::Luma),
        Pixels::Colour(colour) => (colour.as_raw(), ColorType::Rgb),
    };
    let mut bytes = Vec::with_capacity(samples.len() / 8 + 1024);
    Encoder::new(&mut bytes, quality.clamp(1, 100))
        .encode(samples, width as u16, height as u16, colour)
        .expect("the size was checked and memory does not refuse");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayImage, Luma, Rgb};

    #[test]
    fn greyscale_stays_greyscale_in_a_jpeg() {
        let grey =
            DynamicImage::ImageLuma8(GrayImage::from_fn(100, 60, |x, _| Luma([x as u8 * 2])));
        let back = image::load_from_memory(&encode_jpeg(&grey, 85)).unwrap();
        assert_eq!(back.color(), image::ColorType::L8);
        assert_eq!((back.width(), back.height()), (100, 60));
        let red = DynamicImage::ImageRgb8(RgbImage::from_pixel(64, 64, Rgb([200, 20, 30])));
        let back = image::load_from_memory(&encode_jpeg(&red, 90))
            .unwrap()
            .to_rgb8();
        let [r, g, b] = back.get_pixel(30, 30).0;
        assert!(r > 190 && g < 35 && b < 45, "{r} {g} {b}");
    }

    #[test]
    fn a_thumbnail_keeps_the_shape_and_never_grows() {
        let page = DynamicImage::new_rgb8(1654, 2339);
        assert_eq!(thumbnail(&page, 200).dimensions(), (200, 282));
        assert_eq!(
            thumbnail(&DynamicImage::new_luma8(50, 70), 200).dimensions(),
            (50, 70)
        );
    }
}
