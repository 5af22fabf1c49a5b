//! The sheet in the picture of a camera: its four corners, how large it lies flat, and
//! how finely it was seen.
//!
//! A sheet is four straight edges, each with paper on its inner side and something else
//! on its outer side. Neither must be light or dark: paper is told from a table by the
//! change of colour along its edges, and from what is printed on it by what lies inside.
//! Where no four such edges are found there is no outline, and the picture stays whole.

mod edges;
mod shape;
mod sheet;

use domain::geometry::{Corners, Flat, Size};
use fast_image_resize::FilterType;
use image::{DynamicImage, RgbImage};

use crate::pixels::Pixels;
use crate::work::reduced_colour;

/// Long side of the picture on which edges are placed, in pixels: a millimetre of A4 is
/// four of them.
const FINE_SIDE: u32 = 1600;

/// Long side of the picture on which a sheet is looked for.
const COARSE_SIDE: u32 = 400;

/// A smaller picture shows no paper that could be read.
const LEAST_SIDE: u32 = 64;

/// A sheet in a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outline {
    /// Where it lies and how large it becomes, in pixels of the picture.
    pub flat: Flat,
    /// How finely it was seen, where its shape tells what paper it is. A sheet of A5 has
    /// the shape of A4 and is taken for that, so that no more is claimed than there is.
    pub dpi: Option<u32>,
}

/// The sheet that lies under a camera; `None` when there is none, or when it is not
/// wholly in the picture.
pub fn outline(picture: &DynamicImage) -> Option<Outline> {
    let pixels = Pixels::of(picture);
    let (width, height) = pixels.dimensions();
    if width.min(height) < LEAST_SIDE {
        return None;
    }
    let factor = width.max(height) as f32 / FINE_SIDE as f32;
    let colour = match &pixels {
        Pixels::Colour(image) => smaller(image, factor),
        Pixels::Grey(image) => smaller(
            &DynamicImage::ImageLuma8(image.clone().into_owned()).into_rgb8(),
            factor,
        ),
    };
    let long = colour.width().max(colour.height());
    let coarse = smaller(&colour, long as f32 / COARSE_SIDE as f32);
    let lines = edges::lines(&coarse);
    let rough = sheet::find(&coarse, &lines)?;
    // Lines are counted by whole degrees, which is several pixels at the end of an edge.
    let rough = sheet::place(&edges::closed(&coarse), &rough);
    let scale = colour.width() as f32 / coarse.width() as f32;
    let placed = sheet::place(&colour, &rough.map(|(x, y)| (x * scale, y * scale)));
    let back = (
        width as f32 / colour.width() as f32,
        height as f32 / colour.height() as f32,
    );
    let corners: Corners = placed.map(|(x, y)| {
        (
            (x * back.0).clamp(0.0, width as f32),
            (y * back.1).clamp(0.0, height as f32),
        )
    });
    let frame = Size {
        width_px: width,
        height_px: height,
    };
    shape::lying_flat(&corners, frame)
}

fn smaller(image: &RgbImage, factor: f32) -> RgbImage {
    if factor <= 1.0 {
        return image.clone();
    }
    let side = |pixels: u32| ((pixels as f32 / factor).round() as u32).max(1);
    let small = (side(image.width()), side(image.height()));
    reduced_colour(image, small, FilterType::Box)
}
