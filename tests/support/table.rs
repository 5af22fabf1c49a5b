//! What a document camera sees: papers laid on a table by a hand.

use std::io;
use std::path::Path;

use domain::geometry::{Corners, Homography, Size};
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

/// Width and height of the camera's picture.
pub const PICTURE: (u32, u32) = (2592, 1944);

/// Where the paper lies, seen a little aslant.
pub const LYING: Corners = [
    (700.0, 96.0),
    (1942.0, 118.0),
    (1968.0, 1868.0),
    (668.0, 1842.0),
];

/// The table with nothing on it.
pub fn bare() -> RgbImage {
    RgbImage::from_fn(PICTURE.0, PICTURE.1, |x, y| {
        let grain = ((y as f32 + 20.0 * (x as f32 / 420.0).sin()) / 23.0).sin();
        let light = 1.0 + 0.09 * grain - 0.12 * x as f32 / PICTURE.0 as f32;
        Rgb([104.0, 72.0, 48.0].map(|value| (value * light) as u8))
    })
}

/// The table with this paper on it.
pub fn laid(paper: &RgbImage) -> RgbImage {
    let size = Size {
        width_px: paper.width(),
        height_px: paper.height(),
    };
    let map = Homography::onto(&LYING, size).expect("the corners are those of a sheet");
    let mut picture = bare();
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (u, v) = map.back(f64::from(x) + 0.5, f64::from(y) + 0.5);
        let on_paper = (0.0..f64::from(size.width_px)).contains(&u)
            && (0.0..f64::from(size.height_px)).contains(&v);
        if on_paper {
            *pixel = *paper.get_pixel(u as u32, v as u32);
        }
    }
    picture
}

/// The same with an arm that reaches in from the right.
pub fn reached_into(mut under: RgbImage) -> RgbImage {
    for (x, y, pixel) in under.enumerate_pixels_mut() {
        if x > PICTURE.0 / 2 && (700..1000).contains(&y) {
            *pixel = Rgb([190, 140, 110]);
        }
    }
    under
}

/// Records somebody laying these papers down one after the other, ten frames a second,
/// each for a second and a half.
pub fn record(folder: &Path, papers: &[RgbImage]) -> io::Result<()> {
    const STILL: usize = 12;
    std::fs::create_dir_all(folder)?;
    let mut number = 0;
    let mut keep = |frame: &[u8]| {
        number += 1;
        std::fs::write(folder.join(format!("{number:04}.jpg")), frame)
    };
    for _ in 0..3 {
        keep(&jpeg(&bare()))?;
    }
    for paper in papers {
        let picture = laid(paper);
        let hand = jpeg(&reached_into(picture.clone()));
        let lying = jpeg(&picture);
        keep(&hand)?;
        for _ in 0..STILL {
            keep(&lying)?;
        }
    }
    Ok(())
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 88)
        .encode_image(picture)
        .expect("pixels can be coded, and memory does not refuse");
    bytes
}
