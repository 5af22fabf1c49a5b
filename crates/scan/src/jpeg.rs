//! The marker structure of JPEG: where its header segments are, and whether its
//! end is there. The decoder fills what is missing with grey and says nothing.

mod entropy;

pub(crate) use entropy::ends_early;

const START_OF_IMAGE: u8 = 0xD8;
const END_OF_IMAGE: u8 = 0xD9;
const START_OF_SCAN: u8 = 0xDA;

/// The segments before the first scan, as pairs of marker and content.
pub(crate) fn header_segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut walk = Walk { bytes, place: 0 };
    std::iter::from_fn(move || walk.next())
        .take_while(|(marker, _)| *marker != START_OF_SCAN && *marker != END_OF_IMAGE)
}

/// Where the first segment with this marker begins.
pub(crate) fn place_of(bytes: &[u8], wanted: u8) -> Option<usize> {
    let mut walk = Walk { bytes, place: 0 };
    loop {
        let before = walk.place;
        let (marker, _) = walk.next()?;
        if marker == wanted {
            // Padding may stand before the marker; its own byte is the last 0xFF before it.
            let segment = bytes.get(before..walk.place)?;
            let at = segment.windows(2).position(|pair| pair == [0xFF, wanted])?;
            return Some(before + at);
        }
    }
}

/// Whether the JPEG goes on to its end marker, over all its scans.
pub(crate) fn is_whole(bytes: &[u8]) -> bool {
    let mut walk = Walk { bytes, place: 0 };
    let mut scans = 0;
    while let Some((marker, _)) = walk.next() {
        match marker {
            END_OF_IMAGE => return scans > 0,
            START_OF_SCAN => {
                scans += 1;
                if !walk.skip_scan_data() {
                    return false;
                }
            }
            _ => {}
        }
    }
    false
}

struct Walk<'a> {
    bytes: &'a [u8],
    place: usize,
}

impl<'a> Walk<'a> {
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        loop {
            // Bytes between segments are forbidden, yet some devices pad.
            let from_mark = self.bytes.get(self.place..)?;
            self.place += from_mark.iter().position(|byte| *byte == 0xFF)?;
            while *self.bytes.get(self.place)? == 0xFF {
                self.place += 1;
            }
            let marker = self.bytes[self.place];
            self.place += 1;
            match marker {
                // Stuffing, TEM, restarts and the start have no content.
                0x00 | 0x01 | 0xD0..=0xD7 | START_OF_IMAGE => {}
                END_OF_IMAGE => return Some((marker, &[])),
                _ => {
                    let length = self.bytes.get(self.place..self.place + 2)?;
                    let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
                    let content = self.bytes.get(self.place + 2..self.place + length)?;
                    self.place += length;
                    return Some((marker, content));
                }
            }
        }
    }

    /// Goes on to the next marker that is no restart. False at the end of the bytes.
    fn skip_scan_data(&mut self) -> bool {
        while let Some(pair) = self.bytes.get(self.place..self.place + 2) {
            match (pair[0], pair[1]) {
                (0xFF, 0x00 | 0xD0..=0xD7) => self.place += 1,
                (0xFF, marker) if marker != 0xFF => return true,
                _ => {}
            }
            self.place += 1;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::codecs::jpeg::JpegEncoder;
    use proptest::prelude::*;

    #[test]
    fn only_the_whole_jpeg_is_whole() {
        let image = image::RgbImage::from_fn(64, 64, |x, y| {
            image::Rgb([(x * 4) as u8, (y * 4) as u8, ((x ^ y) * 4) as u8])
        });
        let mut bytes = Vec::new();
        JpegEncoder::new(&mut bytes).encode_image(&image).unwrap();
        assert!(is_whole(&bytes));
        for length in 0..bytes.len() - 1 {
            assert!(!is_whole(&bytes[..length]), "cut at {length}");
        }
        bytes.extend([0; 100]);
        assert!(is_whole(&bytes), "padding after the end is harmless");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(prop_oneof![Just(0xFFu8), any::<u8>()], 0..300)) {
            is_whole(&bytes);
            header_segments(&bytes).count();
        }
    }
}
