//! What the source says about dots per inch and about which way is up.

use domain::geometry::QuarterTurn;
use domain::page::RawFormat;

use crate::exif::{Directories, Directory, tag};
use crate::jpeg;

/// Below this no paper is scanned and above it no office scanner reaches: the
/// number is a placeholder or a mistake.
const PLAUSIBLE_DPI: std::ops::RangeInclusive<f64> = 50.0..=2400.0;

/// Unequal resolutions up to this share are rounding, above it pixels are not square.
const SAME_SHARE: f64 = 0.02;

/// Dots per inch across and down as one number, when they are plausible and equal.
pub(crate) fn plausible(across: f64, down: f64) -> Option<u32> {
    let square = (across - down).abs() <= SAME_SHARE * across.max(down);
    (square && PLAUSIBLE_DPI.contains(&across)).then(|| across.round() as u32)
}

/// Dots per inch as the image bytes state; `None` when they are silent or absurd.
pub(crate) fn stated_dpi(bytes: &[u8], format: RawFormat) -> Option<u32> {
    let (across, down) = match format {
        RawFormat::Jpeg => jfif(bytes).or_else(|| exif_of_jpeg(bytes)?.resolution())?,
        RawFormat::Png => png(bytes)?,
        RawFormat::Tiff => Directories::open(bytes)?.first()?.resolution()?,
        RawFormat::Webp => exif_of_webp(bytes)?.resolution()?,
        RawFormat::Bmp => bmp(bytes)?,
    };
    plausible(across, down)
}

/// The turn that makes the image upright, as its bytes state it (phones do).
pub(crate) fn stated_turn(bytes: &[u8], format: RawFormat) -> QuarterTurn {
    let directory = match format {
        RawFormat::Jpeg => exif_of_jpeg(bytes),
        RawFormat::Tiff => Directories::open(bytes).and_then(|file| file.first()),
        RawFormat::Webp => exif_of_webp(bytes),
        RawFormat::Png | RawFormat::Bmp => None,
    };
    match directory.and_then(|directory| directory.number(tag::ORIENTATION)) {
        Some(3) => QuarterTurn::Half,
        Some(6) => QuarterTurn::Right,
        Some(8) => QuarterTurn::Left,
        // 1 is upright; the even ones are mirrored, which no paper is.
        _ => QuarterTurn::None,
    }
}

fn jfif(bytes: &[u8]) -> Option<(f64, f64)> {
    let (_, content) = jpeg::header_segments(bytes)
        .find(|(marker, content)| *marker == 0xE0 && content.starts_with(b"JFIF\0"))?;
    let per_inch = match content.get(7)? {
        1 => 1.0,
        2 => 2.54,
        _ => return None,
    };
    let number = |place: usize| {
        let pair = content.get(place..place + 2)?;
        Some(f64::from(u16::from_be_bytes([pair[0], pair[1]])) * per_inch)
    };
    Some((number(8)?, number(10)?))
}

fn exif_of_jpeg(bytes: &[u8]) -> Option<Directory<'_>> {
    let (_, content) = jpeg::header_segments(bytes)
        .find(|(marker, content)| *marker == 0xE1 && content.starts_with(b"Exif\0\0"))?;
    Directories::open(&content[6..])?.first()
}

fn png(bytes: &[u8]) -> Option<(f64, f64)> {
    let mut rest = bytes.get(8..)?;
    loop {
        let length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?) as usize;
        let content = rest.get(8..8usize.checked_add(length)?)?;
        match &rest[4..8] {
            b"pHYs" => {
                let number = |place: usize| {
                    let four = content.get(place..place + 4)?.try_into().ok()?;
                    Some(f64::from(u32::from_be_bytes(four)) * 0.0254)
                };
                // Unit 1 is the metre, 0 says that the numbers are only a ratio.
                return (content.get(8) == Some(&1)).then_some((number(0)?, number(4)?));
            }
            b"IDAT" => return None,
            _ => rest = rest.get(length.checked_add(12)?..)?,
        }
    }
}

fn exif_of_webp(bytes: &[u8]) -> Option<Directory<'_>> {
    let mut rest = bytes.get(12..)?;
    loop {
        let length = u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?) as usize;
        let content = rest.get(8..8usize.checked_add(length)?)?;
        if &rest[..4] == b"EXIF" {
            let tiff = content.strip_prefix(b"Exif\0\0").unwrap_or(content);
            return Directories::open(tiff)?.first();
        }
        // Chunks start at even places.
        rest = rest.get(8 + length + length % 2..)?;
    }
}

fn bmp(bytes: &[u8]) -> Option<(f64, f64)> {
    let number = |place: usize| {
        let four = bytes.get(place..place + 4)?.try_into().ok()?;
        Some(f64::from(i32::from_le_bytes(four)) * 0.0254)
    };
    Some((number(38)?, number(42)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn absurd_resolutions_are_none() {
        assert_eq!(plausible(300.0, 300.0), Some(300));
        assert_eq!(plausible(299.9994, 299.9994), Some(300));
        assert_eq!(plausible(49.0, 49.0), None);
        assert_eq!(plausible(2401.0, 2401.0), None);
        assert_eq!(plausible(204.0, 98.0), None, "fax pixels are not square");
        assert_eq!(plausible(f64::NAN, f64::NAN), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            for format in RawFormat::ALL {
                stated_dpi(&bytes, format);
                stated_turn(&bytes, format);
            }
        }
    }
}
