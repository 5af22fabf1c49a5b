//! The piece of a raw page that proves a value, and its digest.

use domain::digest::Digest;
use image::{DynamicImage, RgbImage};

/// Says what is hashed; another way of hashing gets another name.
const CONTEXT: &[u8] = b"evidence crop 1\n";

/// The corners of a place on a raw page, clockwise from the top left of the page as
/// people see it.
pub type Corners = [[u32; 2]; 4];

/// The smallest upright piece of the image that holds the corners, as far as it lies
/// on the image. Nothing is turned or levelled: these are the scanner's pixels.
pub fn crop(raw: &DynamicImage, corners: &Corners) -> RgbImage {
    let low = |axis: usize, limit: u32| {
        let least = corners.iter().map(|corner| corner[axis]).min();
        least.unwrap_or(0).min(limit)
    };
    let high = |axis: usize, limit: u32| {
        let most = corners.iter().map(|corner| corner[axis]).max();
        most.unwrap_or(0).min(limit)
    };
    let (width, height) = (raw.width(), raw.height());
    let (left, top) = (low(0, width), low(1, height));
    let (right, bottom) = (high(0, width), high(1, height));
    raw.crop_imm(left, top, right - left, bottom - top)
        .into_rgb8()
}

/// The digest of a piece and of its place: SHA-256 over the context line, the four
/// corners (x, y), width and height, each as 32 bits with the big end first, and
/// then the rows from top to bottom, three bytes (red, green, blue) a pixel.
///
/// With the corners in it, a piece cannot be passed off as standing elsewhere. Over
/// pixels, and not over a file, because two programs pack the same pixels differently.
pub fn crop_digest(piece: &RgbImage, corners: &Corners) -> Digest {
    let numbers = corners
        .iter()
        .flatten()
        .copied()
        .chain([piece.width(), piece.height()]);
    let mut bytes = CONTEXT.to_vec();
    bytes.extend(numbers.flat_map(u32::to_be_bytes));
    bytes.extend_from_slice(piece.as_raw());
    Digest::of(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;
    use proptest::prelude::*;

    fn page() -> DynamicImage {
        let pixel = |x, y| Rgb([x as u8, y as u8, (x * y) as u8]);
        RgbImage::from_fn(60, 40, pixel).into()
    }

    const PLACE: Corners = [[10, 5], [30, 8], [29, 20], [9, 17]];

    #[test]
    fn the_piece_is_the_smallest_that_holds_all_corners() {
        let piece = crop(&page(), &PLACE);
        assert_eq!(piece.dimensions(), (21, 15));
        assert_eq!(piece.get_pixel(0, 0), &Rgb([9, 5, 45]));
        let beyond = crop(&page(), &[[50, 30], [90, 30], [90, 80], [50, 80]]);
        assert_eq!(
            beyond.dimensions(),
            (10, 10),
            "as far as it lies on the page"
        );
    }

    #[test]
    fn the_digest_is_the_documented_one() {
        let piece = RgbImage::from_pixel(1, 1, Rgb([1, 2, 3]));
        let mut bytes = b"evidence crop 1\n".to_vec();
        for number in [0, 0, 1, 0, 1, 1, 0, 1, 1, 1_u32] {
            bytes.extend(number.to_be_bytes());
        }
        bytes.extend([1, 2, 3]);
        let corners = [[0, 0], [1, 0], [1, 1], [0, 1]];
        assert_eq!(crop_digest(&piece, &corners), Digest::of(&bytes));
    }

    proptest! {
        #[test]
        fn one_changed_pixel_or_corner_changes_the_digest(x in 0u32..21, y in 0u32..15, corner in 0usize..4, axis in 0usize..2) {
            let piece = crop(&page(), &PLACE);
            let whole = crop_digest(&piece, &PLACE);
            let mut painted = piece.clone();
            painted.get_pixel_mut(x, y)[0] ^= 1;
            prop_assert_ne!(crop_digest(&painted, &PLACE), whole);
            let mut moved = PLACE;
            moved[corner][axis] += 1;
            prop_assert_ne!(crop_digest(&piece, &moved), whole);
        }
    }
}
