//! Whether a JPEG has the data of all its blocks. Decoders make up what is missing
//! and say nothing, so the codes are counted here: read, and not made into pixels.

use super::{START_OF_SCAN, Walk};

const BASELINE: u8 = 0xC0;
const EXTENDED: u8 = 0xC1;
const HUFFMAN_TABLES: u8 = 0xC4;
const RESTART_INTERVAL: u8 = 0xDD;

/// Coefficients of a block.
const BLOCK: u32 = 64;

/// Whether the data of the image end before its last block, although the end marker
/// is there: what a device leaves that was interrupted and closed its file properly.
///
/// `false` where that cannot be told: a progressive image, components in scans of
/// their own, codes that are in no table. Scanners write none of these.
pub(crate) fn ends_early(bytes: &[u8]) -> bool {
    missing_units(bytes).is_some_and(|missing| missing > TOLERATED_UNITS)
}

/// A sloppy encoder forgets the last bits; that is a few pixels in the corner.
const TOLERATED_UNITS: u64 = 1;

/// Units (of some blocks of each component) that have no data.
fn missing_units(bytes: &[u8]) -> Option<u64> {
    let mut walk = Walk { bytes, place: 0 };
    let mut tables = Tables::default();
    let mut frame = None;
    let mut restart_interval = 0;
    while let Some((marker, content)) = walk.next() {
        match marker {
            HUFFMAN_TABLES => tables.read(content)?,
            BASELINE | EXTENDED => frame = Some(Frame::read(content)?),
            // Other kinds of frames code their blocks differently.
            0xC2..=0xCF => return None,
            RESTART_INTERVAL => restart_interval = u64::from(word(content, 0)?),
            START_OF_SCAN => {
                let frame = frame?;
                let blocks = frame.blocks_of(content)?;
                let mut data = Bits::new(bytes.get(walk.place..)?);
                return count(&frame, &blocks, &tables, restart_interval, &mut data);
            }
            _ => {}
        }
    }
    None
}

/// Reads all units that there are, and returns how many there are not.
fn count(
    frame: &Frame,
    blocks: &[(usize, usize)],
    tables: &Tables,
    restart_interval: u64,
    data: &mut Bits<'_>,
) -> Option<u64> {
    let units = frame.units();
    for unit in 0..units {
        if restart_interval > 0 && unit > 0 && unit % restart_interval == 0 {
            data.restart();
        }
        for (dc, ac) in blocks {
            match read_block(tables.dc[*dc].as_ref()?, tables.ac[*ac].as_ref()?, data) {
                Ok(()) => {}
                Err(Ended::NoData) => return Some(units - unit),
                Err(Ended::NoCode) => return None,
            }
        }
    }
    Some(0)
}

enum Ended {
    NoData,
    NoCode,
}

fn read_block(dc: &Codes, ac: &Codes, data: &mut Bits<'_>) -> Result<(), Ended> {
    let bits = data.symbol(dc)?;
    data.skip(u32::from(bits))?;
    let mut place = 1;
    while place < BLOCK {
        let symbol = data.symbol(ac)?;
        let (run, bits) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        if bits == 0 && run != 15 {
            break;
        }
        data.skip(bits)?;
        place += run + 1;
    }
    Ok(())
}

struct Frame {
    width: u64,
    height: u64,
    /// Id and sampling across and down of each component.
    components: Vec<(u8, u64, u64)>,
}

impl Frame {
    fn read(content: &[u8]) -> Option<Self> {
        let count = usize::from(*content.get(5)?);
        let components = content.get(6..6 + count * 3)?;
        let components: Vec<_> = components
            .chunks_exact(3)
            .map(|one| (one[0], u64::from(one[1] >> 4), u64::from(one[1] & 15)))
            .collect();
        let known =
            |(_, across, down): &(u8, u64, u64)| (1..=4).contains(across) && (1..=4).contains(down);
        let frame = Self {
            height: u64::from(word(content, 1)?),
            width: u64::from(word(content, 3)?),
            components,
        };
        (frame.height > 0 && frame.components.iter().all(known)).then_some(frame)
    }

    /// Tables of DC and AC codes for each block of a unit, in order; `None` when the
    /// scan does not hold all components together.
    fn blocks_of(&self, scan: &[u8]) -> Option<Vec<(usize, usize)>> {
        let count = usize::from(*scan.first()?);
        let named = scan.get(1..=count * 2)?;
        if count != self.components.len() {
            return None;
        }
        let mut blocks = Vec::new();
        for one in named.chunks_exact(2) {
            let component = self.components.iter().find(|(id, ..)| *id == one[0])?;
            let tables = (usize::from(one[1] >> 4), usize::from(one[1] & 15));
            if tables.0 > 3 || tables.1 > 3 {
                return None;
            }
            // A lone component is not interleaved: its unit is one block.
            let each = if count == 1 {
                1
            } else {
                component.1 * component.2
            };
            blocks.extend((0..each).map(|_| tables));
        }
        Some(blocks)
    }

    fn units(&self) -> u64 {
        let most = |pick: fn(&(u8, u64, u64)) -> u64| {
            if self.components.len() == 1 {
                1
            } else {
                self.components.iter().map(pick).max().unwrap_or(1)
            }
        };
        let (across, down) = (most(|one| one.1), most(|one| one.2));
        self.width.div_ceil(8 * across) * self.height.div_ceil(8 * down)
    }
}

#[derive(Default)]
struct Tables {
    dc: [Option<Codes>; 4],
    ac: [Option<Codes>; 4],
}

impl Tables {
    fn read(&mut self, mut content: &[u8]) -> Option<()> {
        while let [head, rest @ ..] = content {
            let lengths = rest.get(..16)?;
            let count: usize = lengths.iter().map(|count| usize::from(*count)).sum();
            let symbols = rest.get(16..16 + count)?;
            let codes = Codes::new(lengths, symbols)?;
            let place = usize::from(head & 15);
            let kind = if head >> 4 == 0 {
                &mut self.dc
            } else {
                &mut self.ac
            };
            *kind.get_mut(place)? = Some(codes);
            content = &rest[16 + count..];
        }
        Some(())
    }
}

/// Length and symbol of the code with which each sixteen bits begin; length 0 where
/// no code does.
struct Codes(Vec<(u8, u8)>);

impl Codes {
    fn new(lengths: &[u8], symbols: &[u8]) -> Option<Self> {
        let mut begun_by = vec![(0, 0); 1 << 16];
        let mut symbols = symbols.iter();
        let mut next = 0usize;
        for (length, count) in (1u8..).zip(lengths) {
            let span = 1usize << (16 - length);
            for symbol in symbols.by_ref().take(usize::from(*count)) {
                begun_by.get_mut(next..next + span)?.fill((length, *symbol));
                next += span;
            }
        }
        Some(Self(begun_by))
    }
}

/// The bits of a scan, without stuffing.
struct Bits<'a> {
    bytes: &'a [u8],
    held: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    const fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            held: 0,
            count: 0,
        }
    }

    /// Takes bytes until a marker, or until no more fit.
    fn fill(&mut self) {
        while self.count <= 48 {
            let (byte, rest) = match self.bytes {
                [0xFF, 0x00, rest @ ..] => (0xFF, rest),
                [0xFF, ..] | [] => return,
                [byte, rest @ ..] => (*byte, rest),
            };
            self.bytes = rest;
            self.held = self.held << 8 | u64::from(byte);
            self.count += 8;
        }
    }

    fn symbol(&mut self, codes: &Codes) -> Result<u8, Ended> {
        if self.count < 16 {
            self.fill();
        }
        // Beyond the end there are ones, as encoders pad.
        let window = if self.count >= 16 {
            self.held >> (self.count - 16)
        } else {
            let short = 16 - self.count;
            self.held << short | ((1 << short) - 1)
        };
        match codes.0[(window & 0xFFFF) as usize] {
            (0, _) if self.count < 16 => Err(Ended::NoData),
            (0, _) => Err(Ended::NoCode),
            (length, symbol) => {
                self.skip(u32::from(length))?;
                Ok(symbol)
            }
        }
    }

    fn skip(&mut self, bits: u32) -> Result<(), Ended> {
        if self.count < bits {
            self.fill();
        }
        self.count = self.count.checked_sub(bits).ok_or(Ended::NoData)?;
        Ok(())
    }

    /// Goes behind the next restart marker, if it stands here.
    fn restart(&mut self) {
        (self.held, self.count) = (0, 0);
        if let [0xFF, 0xD0..=0xD7, rest @ ..] = self.bytes {
            self.bytes = rest;
        }
    }
}

fn word(content: &[u8], place: usize) -> Option<u16> {
    let pair = content.get(place..place + 2)?;
    Some(u16::from_be_bytes([pair[0], pair[1]]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::codecs::jpeg::JpegEncoder;
    use image::{DynamicImage, GrayImage, RgbImage};
    use proptest::prelude::*;

    fn drawn(image: &DynamicImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, 90)
            .encode_image(image)
            .unwrap();
        bytes
    }

    fn closed_after(whole: &[u8], share: usize) -> Vec<u8> {
        let is_scan = |pair: &[u8]| pair == [0xFF, START_OF_SCAN];
        let scan = whole.windows(2).position(is_scan).unwrap() + 16;
        let end = scan + (whole.len() - scan) * share / 100;
        [&whole[..end], &[0xFF, 0xD9]].concat()
    }

    #[test]
    fn data_that_end_before_the_last_block_are_noticed() {
        for (width, height) in [(64, 64), (61, 47), (200, 9)] {
            let colour = RgbImage::from_fn(width, height, |x, y| {
                image::Rgb([(x * 4) as u8, (y * 4) as u8, ((x ^ y) * 4) as u8])
            });
            let grey = GrayImage::from_fn(width, height, |x, y| image::Luma([(x * y) as u8]));
            for image in [colour.into(), grey.into()] {
                let whole = drawn(&image);
                assert_eq!(missing_units(&whole), Some(0));
                for share in [1, 20, 50, 80] {
                    let closed = closed_after(&whole, share);
                    assert!(super::super::is_whole(&closed), "its markers are in order");
                    assert!(ends_early(&closed), "closed at {share} %");
                }
            }
        }
    }

    #[test]
    fn paper_that_ends_in_one_colour_is_whole() {
        for grey in [0, 128, 255] {
            let image = GrayImage::from_pixel(64, 640, image::Luma([grey]));
            assert!(!ends_early(&drawn(&image.into())));
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(
            bytes in proptest::collection::vec(prop_oneof![Just(0xFFu8), any::<u8>()], 0..300),
            changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..12),
        ) {
            ends_early(&bytes);
            let mut whole = drawn(&GrayImage::from_pixel(40, 40, image::Luma([9])).into());
            for (place, value) in changes {
                let place = place.index(whole.len());
                whole[place] = value;
            }
            ends_early(&whole);
        }
    }
}
