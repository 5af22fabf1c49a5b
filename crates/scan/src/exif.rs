//! The directory structure that TIFF and EXIF share, read by hand: the few
//! numbers wanted here (resolution, orientation, where the pages of a TIFF
//! begin) are not offered by the image decoders.

/// Tags of a directory, by their names in the TIFF specification.
pub(crate) mod tag {
    pub(crate) const NEW_SUBFILE_TYPE: u16 = 254;
    pub(crate) const IMAGE_WIDTH: u16 = 256;
    pub(crate) const IMAGE_LENGTH: u16 = 257;
    pub(crate) const BITS_PER_SAMPLE: u16 = 258;
    pub(crate) const COMPRESSION: u16 = 259;
    pub(crate) const PHOTOMETRIC_INTERPRETATION: u16 = 262;
    pub(crate) const STRIP_OFFSETS: u16 = 273;
    pub(crate) const ORIENTATION: u16 = 274;
    pub(crate) const STRIP_BYTE_COUNTS: u16 = 279;
    pub(crate) const X_RESOLUTION: u16 = 282;
    pub(crate) const Y_RESOLUTION: u16 = 283;
    pub(crate) const RESOLUTION_UNIT: u16 = 296;
    pub(crate) const COLOR_MAP: u16 = 320;
    pub(crate) const TILE_OFFSETS: u16 = 324;
    pub(crate) const TILE_BYTE_COUNTS: u16 = 325;
    pub(crate) const JPEG_TABLES: u16 = 347;
}

/// TIFF bytes seen through their byte order and offset width.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Directories<'a> {
    bytes: &'a [u8],
    little_endian: bool,
    big: bool,
}

/// One directory: the description of one image.
#[derive(Clone, Debug)]
pub(crate) struct Directory<'a> {
    file: Directories<'a>,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    tag: u16,
    kind: u16,
    count: u64,
    /// Where the values lie in the file.
    at: usize,
    /// Where the entry itself lies, for patching.
    own_place: usize,
}

impl<'a> Directories<'a> {
    /// The structure of these bytes, when their first bytes are a TIFF header.
    pub(crate) fn open(bytes: &'a [u8]) -> Option<Self> {
        let little_endian = match bytes.get(..2)? {
            b"II" => true,
            b"MM" => false,
            _ => return None,
        };
        let mut file = Self {
            bytes,
            little_endian,
            big: false,
        };
        match file.number(2, 2)? {
            42 => {}
            43 => file.big = true,
            _ => return None,
        }
        Some(file)
    }

    /// Where the header keeps the place of the first directory, and how wide it is.
    pub(crate) const fn first_offset_place(&self) -> (usize, usize) {
        if self.big { (8, 8) } else { (4, 4) }
    }

    /// A number in the file's byte order, as it stands in a file.
    pub(crate) fn to_file_order(self, value: u64, width: usize) -> Vec<u8> {
        if self.little_endian {
            value.to_le_bytes()[..width].to_vec()
        } else {
            value.to_be_bytes()[8 - width..].to_vec()
        }
    }

    /// The offsets of all directories in order, at most `limit` of them and one
    /// more; a chain that bites its own tail ends there.
    pub(crate) fn chain(&self, limit: usize) -> Vec<usize> {
        let mut offsets = Vec::new();
        let (place, width) = self.first_offset_place();
        let mut next = self.number(place, width);
        while let Some(offset) = next.and_then(|offset| usize::try_from(offset).ok()) {
            if offset == 0 || offsets.len() > limit || offsets.contains(&offset) {
                break;
            }
            offsets.push(offset);
            let Some((entries_at, count)) = self.entries_of(offset) else {
                break;
            };
            next = count
                .checked_mul(self.entry_width())
                .and_then(|length| entries_at.checked_add(length))
                .and_then(|place| self.number(place, width));
        }
        offsets
    }

    /// The directory at this offset. `None` when it runs over the end of the file.
    pub(crate) fn directory(&self, offset: usize) -> Option<Directory<'a>> {
        let (start, count) = self.entries_of(offset)?;
        // A directory of more entries than the file has bytes for is refused here,
        // before anything is allocated for it.
        let length = count.checked_mul(self.entry_width())?;
        self.bytes.get(start..start.checked_add(length)?)?;
        let entries = (0..count)
            .filter_map(|index| self.entry(start + index * self.entry_width()))
            .collect();
        Some(Directory {
            file: *self,
            entries,
        })
    }

    /// The first directory.
    pub(crate) fn first(&self) -> Option<Directory<'a>> {
        let (place, width) = self.first_offset_place();
        self.directory(usize::try_from(self.number(place, width)?).ok()?)
    }

    const fn entry_width(&self) -> usize {
        if self.big { 20 } else { 12 }
    }

    fn entries_of(&self, offset: usize) -> Option<(usize, usize)> {
        let width = if self.big { 8 } else { 2 };
        let count = usize::try_from(self.number(offset, width)?).ok()?;
        Some((offset.checked_add(width)?, count))
    }

    fn entry(&self, place: usize) -> Option<Entry> {
        let tag = u16::try_from(self.number(place, 2)?).ok()?;
        let kind = u16::try_from(self.number(place + 2, 2)?).ok()?;
        let width = if self.big { 8 } else { 4 };
        let count = self.number(place + 4, width)?;
        let value_place = place + 4 + width;
        let length = count.checked_mul(width_of(kind)? as u64)?;
        let at = if length <= width as u64 {
            value_place
        } else {
            usize::try_from(self.number(value_place, width)?).ok()?
        };
        Some(Entry {
            tag,
            kind,
            count,
            at,
            own_place: place,
        })
    }

    fn number(&self, place: usize, width: usize) -> Option<u64> {
        let bytes = self.bytes.get(place..place.checked_add(width)?)?;
        let fold = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        Some(if self.little_endian {
            bytes.iter().rev().fold(0, fold)
        } else {
            bytes.iter().fold(0, fold)
        })
    }
}

impl<'a> Directory<'a> {
    /// The one number of this tag.
    pub(crate) fn number(&self, tag: u16) -> Option<u64> {
        self.numbers(tag)?.first().copied()
    }

    /// All numbers of this tag. `None` when it is absent or runs over the file's end.
    pub(crate) fn numbers(&self, tag: u16) -> Option<Vec<u64>> {
        let entry = self.entry(tag)?;
        let width = width_of(entry.kind)?;
        let all = self.value_bytes(tag)?;
        let count = all.len() / width;
        (0..count)
            .map(|index| self.file.number(entry.at + index * width, width))
            .collect()
    }

    /// The one fraction of this tag.
    pub(crate) fn fraction(&self, tag: u16) -> Option<f64> {
        let entry = self.entry(tag)?;
        if entry.kind != 5 {
            return self.number(tag).map(|value| value as f64);
        }
        let above = self.file.number(entry.at, 4)? as f64;
        let below = self.file.number(entry.at.checked_add(4)?, 4)? as f64;
        (below > 0.0).then_some(above / below)
    }

    /// The bytes of this tag's values.
    pub(crate) fn value_bytes(&self, tag: u16) -> Option<&'a [u8]> {
        let entry = self.entry(tag)?;
        let length = usize::try_from(entry.count)
            .ok()?
            .checked_mul(width_of(entry.kind)?)?;
        self.file.bytes.get(entry.at..entry.at.checked_add(length)?)
    }

    /// Where the value of a one-number tag lies in the file, and how wide it is.
    pub(crate) fn place_of(&self, tag: u16) -> Option<(usize, usize)> {
        let entry = self.entry(tag)?;
        let width = width_of(entry.kind)?;
        // Only a value inside its entry is certain to belong to this directory alone.
        (entry.count == 1 && entry.at > entry.own_place && entry.at < entry.own_place + 20)
            .then_some((entry.at, width))
    }

    /// Resolution in dots per inch, across and down.
    pub(crate) fn resolution(&self) -> Option<(f64, f64)> {
        let across = self.fraction(tag::X_RESOLUTION)?;
        let down = self.fraction(tag::Y_RESOLUTION).unwrap_or(across);
        // Unit 2 is the inch and also the default, 3 the centimetre; 1 says that
        // the numbers are only a ratio.
        let per_inch = match self.number(tag::RESOLUTION_UNIT).unwrap_or(2) {
            2 => 1.0,
            3 => 2.54,
            _ => return None,
        };
        Some((across * per_inch, down * per_inch))
    }

    fn entry(&self, tag: u16) -> Option<Entry> {
        self.entries.iter().copied().find(|entry| entry.tag == tag)
    }
}

/// Bytes of one value of this kind.
fn width_of(kind: u16) -> Option<usize> {
    Some(match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16 | 17 | 18 => 8,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_chain_that_bites_its_tail_ends() {
        // A directory of no entries at 8 whose successor is itself.
        let bytes = b"II*\0\x08\0\0\0\0\0\x08\0\0\0";
        assert_eq!(Directories::open(bytes).unwrap().chain(10), [8]);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(tail in proptest::collection::vec(any::<u8>(), 0..200), big: bool, little: bool) {
            let mut bytes = if little { b"II".to_vec() } else { b"MM".to_vec() };
            let magic = if big { 43u16 } else { 42 };
            bytes.extend(if little { magic.to_le_bytes() } else { magic.to_be_bytes() });
            bytes.extend(tail);
            let file = Directories::open(&bytes).unwrap();
            for offset in file.chain(5) {
                if let Some(directory) = file.directory(offset) {
                    directory.resolution();
                    directory.numbers(tag::STRIP_OFFSETS);
                    directory.value_bytes(tag::JPEG_TABLES);
                }
            }
        }
    }
}
