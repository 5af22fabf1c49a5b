//! The work image: a reduced grey picture on which everything is decided.

use domain::geometry::{QuarterTurn, Rectangle, Size};
use fast_image_resize as fir;
use fir::images::{TypedImage, TypedImageRef};
use image::{GrayImage, RgbImage, imageops};

use crate::pixels::{Pixels, luma};

/// Long side aimed at, in pixels: about 100 dpi for an A4 page, where a line of
/// text still is five to ten pixels high and a whole page costs one megapixel.
const LONG_SIDE: f32 = 1170.0;

/// Long side of an A4 page in millimetres.
const A4_LONG_MM: f32 = 297.0;

/// Long side of a US Letter page in millimetres.
const LETTER_LONG_MM: f32 = 279.4;

/// How finely a page was scanned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Resolution {
    /// Dots per inch; for a page of unknown kind the value of an A4 page.
    pub(crate) dpi: f32,
    /// Whether `dpi` comes from the scanner or from a page format that the
    /// picture's shape fits.
    pub(crate) trusted: bool,
}

impl Resolution {
    /// From what the file says, or from the shape of the page.
    ///
    /// Cameras and converters write 72 or 96 whatever the picture is, so a value
    /// that would make the sheet larger than A2 or smaller than a stamp is not
    /// believed.
    pub(crate) fn of(size: Size, said: Option<u32>) -> Self {
        let long = size.width_px.max(size.height_px) as f32;
        let short = size.width_px.min(size.height_px).max(1) as f32;
        if let Some(dpi) = said.filter(|dpi| *dpi > 0) {
            let inches = long / dpi as f32;
            if (1.0..=24.0).contains(&inches) {
                return Self {
                    dpi: dpi as f32,
                    trusted: true,
                };
            }
        }
        let shape = long / short;
        let (long_mm, trusted) = match shape {
            1.24..1.35 => (LETTER_LONG_MM, true),
            1.35..1.50 => (A4_LONG_MM, true),
            _ => (A4_LONG_MM, false),
        };
        Self {
            dpi: long / (long_mm / 25.4),
            trusted,
        }
    }
}

/// A reduced grey picture and the way back to the picture it was made from.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    /// Its pixels.
    pub(crate) grey: GrayImage,
    /// Source pixels per work pixel, across.
    pub(crate) scale_x: f32,
    /// Source pixels per work pixel, down.
    pub(crate) scale_y: f32,
    /// Work pixels per millimetre.
    pub(crate) px_per_mm: f32,
}

impl Work {
    /// Reduces a picture by a whole factor.
    pub(crate) fn of(pixels: &Pixels<'_>, resolution: Resolution) -> Self {
        let (width, height) = pixels.dimensions();
        let factor = (width.max(height) as f32 / LONG_SIDE).round().max(1.0) as u32;
        let grey = reduced(pixels, factor);
        let scale_x = width as f32 / grey.width() as f32;
        let scale_y = height as f32 / grey.height() as f32;
        Self {
            grey,
            scale_x,
            scale_y,
            px_per_mm: resolution.dpi / 25.4 / scale_y,
        }
    }

    /// Only this part of it.
    #[must_use]
    pub(crate) fn cropped(&self, area: Rectangle) -> Self {
        Self {
            grey: imageops::crop_imm(&self.grey, area.x, area.y, area.width, area.height)
                .to_image(),
            ..*self
        }
    }

    /// Turned by quarters.
    #[must_use]
    pub(crate) fn turned(self, turn: QuarterTurn) -> Self {
        let grey = match turn {
            QuarterTurn::None => return self,
            QuarterTurn::Right => imageops::rotate90(&self.grey),
            QuarterTurn::Half => imageops::rotate180(&self.grey),
            QuarterTurn::Left => imageops::rotate270(&self.grey),
        };
        let (scale_x, scale_y) = match turn {
            QuarterTurn::Right | QuarterTurn::Left => (self.scale_y, self.scale_x),
            QuarterTurn::None | QuarterTurn::Half => (self.scale_x, self.scale_y),
        };
        Self {
            grey,
            scale_x,
            scale_y,
            ..self
        }
    }

    /// A length in work pixels.
    pub(crate) fn px(&self, millimetres: f32) -> f32 {
        millimetres * self.px_per_mm
    }
}

/// The grey picture reduced by a whole factor, each pixel the mean of its square.
pub(crate) fn reduced(pixels: &Pixels<'_>, factor: u32) -> GrayImage {
    let (width, height) = pixels.dimensions();
    let small = ((width / factor).max(1), (height / factor).max(1));
    match pixels {
        Pixels::Grey(image) if factor == 1 => image.clone().into_owned(),
        Pixels::Colour(image) if factor == 1 => luma(image),
        Pixels::Grey(image) => {
            let samples = resized(
                image.as_raw(),
                image.dimensions(),
                small,
                fir::PixelType::U8,
                fir::FilterType::Box,
            );
            GrayImage::from_raw(small.0, small.1, samples).expect("sized by the resizer")
        }
        Pixels::Colour(image) => luma(&reduced_colour(image, small, fir::FilterType::Box)),
    }
}

/// A colour picture at a smaller size.
pub(crate) fn reduced_colour(
    image: &RgbImage,
    small: (u32, u32),
    filter: fir::FilterType,
) -> RgbImage {
    let samples = resized(
        image.as_raw(),
        image.dimensions(),
        small,
        fir::PixelType::U8x3,
        filter,
    );
    RgbImage::from_raw(small.0, small.1, samples).expect("sized by the resizer")
}

/// Samples at another size.
pub(crate) fn resized(
    samples: &[u8],
    size: (u32, u32),
    new_size: (u32, u32),
    kind: fir::PixelType,
    filter: fir::FilterType,
) -> Vec<u8> {
    match kind {
        fir::PixelType::U8 => resized_as::<fir::pixels::U8>(samples, size, new_size, filter),
        _ => resized_as::<fir::pixels::U8x3>(samples, size, new_size, filter),
    }
}

/// The kind of pixel is a type here, because the resizer's door for any kind
/// compiles its kernels for every kind there is, which takes minutes.
fn resized_as<P: fir::PixelTrait>(
    samples: &[u8],
    (width, height): (u32, u32),
    (new_width, new_height): (u32, u32),
    filter: fir::FilterType,
) -> Vec<u8> {
    let mut resized = vec![0; new_width as usize * new_height as usize * P::size()];
    let source =
        TypedImageRef::<P>::from_buffer(width, height, samples).expect("samples fit the size");
    let mut target = TypedImage::<P>::from_buffer(new_width, new_height, &mut resized)
        .expect("the buffer was made with this size");
    let options = fir::ResizeOptions::new().resize_alg(fir::ResizeAlg::Convolution(filter));
    fir::Resizer::new()
        .resize_typed(&source, &mut target, &options)
        .expect("no cropping was asked for");
    resized
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dpi_of(width_px: u32, height_px: u32, said: Option<u32>) -> (u32, bool) {
        let size = Size {
            width_px,
            height_px,
        };
        let resolution = Resolution::of(size, said);
        (resolution.dpi.round() as u32, resolution.trusted)
    }

    #[test]
    fn the_resolution_comes_from_the_scanner_or_from_the_shape_of_the_page() {
        assert_eq!(dpi_of(1654, 2339, Some(200)), (200, true));
        assert_eq!(dpi_of(1654, 2339, None), (200, true));
        assert_eq!(dpi_of(2200, 1700, None), (200, true), "US Letter, sideways");
        assert_eq!(
            dpi_of(4961, 7016, Some(72)),
            (600, true),
            "72 dpi would make this a poster"
        );
        assert!(!dpi_of(1000, 630, None).1, "an identity card is not A4");
    }
}
