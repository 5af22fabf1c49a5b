//! Motion JPEG leaves out the tables that all its frames share (ITU-T T.81, annex K.3);
//! as a page of its own a frame needs them.

use std::borrow::Cow;

use crate::jpeg;

const HUFFMAN_TABLES: u8 = 0xC4;
const START_OF_SCAN: u8 = 0xDA;

/// For each table its class and number, how many codes there are of each length, and
/// what they stand for.
const TABLES: [(u8, [u8; 16], &[u8]); 4] = [
    (
        0x00,
        [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
        &LEVELS,
    ),
    (
        0x10,
        [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D],
        &LIGHT,
    ),
    (
        0x01,
        [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
        &LEVELS,
    ),
    (
        0x11,
        [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77],
        &COLOUR,
    ),
];

const LEVELS: [u8; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

/// Table K.5.
const LIGHT: [u8; 162] = *b"\
\x01\x02\x03\x00\x04\x11\x05\x12\x21\x31\x41\x06\x13\x51\x61\x07\x22\x71\x14\x32\x81\x91\xa1\x08\
\x23\x42\xb1\xc1\x15\x52\xd1\xf0\x24\x33\x62\x72\x82\x09\x0a\x16\x17\x18\x19\x1a\x25\x26\x27\x28\
\x29\x2a\x34\x35\x36\x37\x38\x39\x3a\x43\x44\x45\x46\x47\x48\x49\x4a\x53\x54\x55\x56\x57\x58\x59\
\x5a\x63\x64\x65\x66\x67\x68\x69\x6a\x73\x74\x75\x76\x77\x78\x79\x7a\x83\x84\x85\x86\x87\x88\x89\
\x8a\x92\x93\x94\x95\x96\x97\x98\x99\x9a\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xb2\xb3\xb4\xb5\xb6\
\xb7\xb8\xb9\xba\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9\xda\xe1\xe2\
\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa";

/// Table K.6.
const COLOUR: [u8; 162] = *b"\
\x00\x01\x02\x03\x11\x04\x05\x21\x31\x06\x12\x41\x51\x07\x61\x71\x13\x22\x32\x81\x08\x14\x42\x91\
\xa1\xb1\xc1\x09\x23\x33\x52\xf0\x15\x62\x72\xd1\x0a\x16\x24\x34\xe1\x25\xf1\x17\x18\x19\x1a\x26\
\x27\x28\x29\x2a\x35\x36\x37\x38\x39\x3a\x43\x44\x45\x46\x47\x48\x49\x4a\x53\x54\x55\x56\x57\x58\
\x59\x5a\x63\x64\x65\x66\x67\x68\x69\x6a\x73\x74\x75\x76\x77\x78\x79\x7a\x82\x83\x84\x85\x86\x87\
\x88\x89\x8a\x92\x93\x94\x95\x96\x97\x98\x99\x9a\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xb2\xb3\xb4\
\xb5\xb6\xb7\xb8\xb9\xba\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9\xda\
\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa";

/// The frame as a JPEG that anybody can read; untouched where it has its tables.
pub(super) fn with_tables(frame: &[u8]) -> Cow<'_, [u8]> {
    let has_tables = jpeg::header_segments(frame).any(|(marker, _)| marker == HUFFMAN_TABLES);
    match jpeg::place_of(frame, START_OF_SCAN) {
        Some(place) if !has_tables => {
            let mut whole = frame[..place].to_vec();
            whole.extend(segment());
            whole.extend(&frame[place..]);
            Cow::Owned(whole)
        }
        _ => Cow::Borrowed(frame),
    }
}

fn segment() -> Vec<u8> {
    let mut content = Vec::new();
    for (name, counts, values) in TABLES {
        content.push(name);
        content.extend(counts);
        content.extend(values);
    }
    let length = (content.len() + 2) as u16;
    let mut segment = vec![0xFF, HUFFMAN_TABLES];
    segment.extend(length.to_be_bytes());
    segment.extend(content);
    segment
}

#[cfg(test)]
pub(super) mod tests {
    use image::codecs::jpeg::JpegEncoder;
    use image::{Rgb, RgbImage};

    use super::*;

    /// A JPEG without its tables, as cameras send it. The encoder uses those of the annex.
    fn bare(whole: &[u8]) -> Vec<u8> {
        let mut bare = Vec::new();
        let mut rest = whole;
        while let [0xFF, marker, tail @ ..] = rest {
            let length = match marker {
                0xD8 => 0,
                _ => usize::from(u16::from_be_bytes([tail[0], tail[1]])),
            };
            if *marker == START_OF_SCAN {
                bare.extend(rest);
                break;
            }
            if *marker != HUFFMAN_TABLES {
                bare.extend(&rest[..2 + length]);
            }
            rest = &tail[length..];
        }
        bare
    }

    #[test]
    fn a_frame_without_tables_gets_them_and_one_with_keeps_its_bytes() {
        let picture = RgbImage::from_fn(64, 48, |x, y| {
            Rgb([x as u8 * 4, y as u8 * 5, (x * y) as u8])
        });
        let mut whole = Vec::new();
        JpegEncoder::new(&mut whole).encode_image(&picture).unwrap();
        assert!(matches!(with_tables(&whole), Cow::Borrowed(bytes) if bytes == whole));
        let bare = bare(&whole);
        assert!(bare.len() + 400 < whole.len(), "the tables are gone");
        let mended = with_tables(&bare);
        let pixels = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().into_rgb8();
        assert_eq!(pixels(&mended), pixels(&whole));
        assert!(!jpeg::ends_early(&mended), "every code is in the tables");
    }

    #[test]
    fn what_is_no_frame_stays_what_it_is() {
        for bytes in [&b""[..], b"\xFF", b"\xFF\xD8\xFF\xD9", b"no frame"] {
            assert_eq!(&*with_tables(bytes), bytes);
        }
    }
}
