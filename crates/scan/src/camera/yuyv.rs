//! Pixels of a camera that does not pack them.

use domain::geometry::Size;
use image::RgbImage;

/// The picture in colour; `None` when bytes are missing.
pub(super) fn image(bytes: &[u8], size: Size, row_bytes: usize) -> Option<RgbImage> {
    let width = size.width_px as usize;
    let needed = width.div_ceil(2) * 4;
    if row_bytes < needed {
        return None;
    }
    let mut samples = Vec::with_capacity(width * size.height_px as usize * 3);
    for row in 0..size.height_px as usize {
        let line = bytes.get(row * row_bytes..)?.get(..needed)?;
        let end = samples.len() + width * 3;
        let (pairs, _) = line.as_chunks::<4>();
        for [first, blue, second, red] in pairs {
            samples.extend(colour(*first, *blue, *red));
            samples.extend(colour(*second, *blue, *red));
        }
        samples.truncate(end);
    }
    RgbImage::from_raw(size.width_px, size.height_px, samples)
}

/// ITU-R BT.601, brightness from 16 to 235: what cameras send.
fn colour(light: u8, blue: u8, red: u8) -> [u8; 3] {
    let light = (i32::from(light) - 16) * 298;
    let (blue, red) = (i32::from(blue) - 128, i32::from(red) - 128);
    [
        light + 409 * red,
        light - 100 * blue - 208 * red,
        light + 516 * blue,
    ]
    .map(|value| ((value + 128) >> 8).clamp(0, 255) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: Size = Size {
        width_px: 3,
        height_px: 2,
    };

    #[test]
    fn white_black_and_red_come_out_as_they_are() {
        let line = [235, 128, 16, 128, 81, 90, 81, 240, 9, 9];
        let bytes = [line, line].concat();
        let image = image(&bytes, TWO, line.len()).unwrap();
        let colours: Vec<[u8; 3]> = image.rows().next().unwrap().map(|pixel| pixel.0).collect();
        assert_eq!(colours[..2], [[255, 255, 255], [0, 0, 0]]);
        let [red, green, blue] = colours[2];
        assert!(red > 250 && green < 5 && blue < 5, "{colours:?}");
    }

    #[test]
    fn a_frame_that_lost_bytes_is_none() {
        assert!(image(&[0; 15], TWO, 8).is_none());
        assert!(image(&[0; 100], TWO, 7).is_none(), "rows must hold a row");
        assert!(image(&[0; 16], TWO, 8).is_some());
    }
}
