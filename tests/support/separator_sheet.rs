//! Sheets that part papers in a stack.

use image::{DynamicImage, GrayImage, Luma, RgbImage};

/// Patch T alone, as it is printed from elsewhere: A4 at 200 dpi.
pub fn patch_t() -> RgbImage {
    let mut sheet = GrayImage::from_pixel(1654, 2339, Luma([255]));
    let mut top = 100;
    for height in [16, 40, 16, 40] {
        for y in top..top + height {
            for x in 320..1320 {
                sheet.put_pixel(x, y, Luma([0]));
            }
        }
        top += height + 16;
    }
    DynamicImage::ImageLuma8(sheet).into_rgb8()
}
