//! The pages of a TIFF. The decoder reads only the first image of a file, so
//! every further page is shown to it as the first one of a copy whose header
//! points there; two kinds that it does not know are read with its help.

use std::borrow::Cow;
use std::ops::ControlFlow;

use domain::page::RawFormat;
use image::{DynamicImage, RgbImage};

use crate::error::{Damage, Error};
use crate::exif::{Directories, Directory, tag};
use crate::file::{RawPage, check_pixels, decode, page_as_it_came};
use crate::guard::guarded;
use crate::limits::Limits;
use crate::{page_png, resolution};

/// `PhotometricInterpretation`: indices into a table of colours.
const PALETTE: u64 = 3;
/// `PhotometricInterpretation`: brightness and two colour differences.
const YCBCR: u64 = 6;
/// `PhotometricInterpretation`: grey, 0 is black.
const BLACK_IS_ZERO: u64 = 1;
/// `Compression`: one JPEG for each strip.
const JPEG_STRIPS: u64 = 7;

pub(crate) fn pages(
    bytes: &[u8],
    limits: &Limits,
    each: &mut dyn FnMut(RawPage) -> ControlFlow<()>,
) -> Result<usize, Error> {
    let offsets = page_offsets(bytes, limits)?;
    let single = offsets.len() == 1;
    for (index, offset) in offsets.iter().enumerate() {
        let page = guarded(|| page_at(bytes, *offset, single, limits))?;
        if each(page).is_break() {
            return Ok(index + 1);
        }
    }
    Ok(offsets.len())
}

/// Where the directories of the pages lie. Small previews are no pages.
fn page_offsets(bytes: &[u8], limits: &Limits) -> Result<Vec<usize>, Error> {
    let file = Directories::open(bytes).ok_or(Error::UnknownFormat)?;
    let chain = file.chain(limits.max_pages);
    if chain.len() > limits.max_pages {
        return Err(Error::TooManyPages);
    }
    let mut offsets = Vec::new();
    for offset in chain {
        // The directories of a file that was cut stand beyond its end.
        let directory = file
            .directory(offset)
            .ok_or(Error::damaged(Damage::CutShort))?;
        let preview = directory
            .number(tag::NEW_SUBFILE_TYPE)
            .is_some_and(|kind| kind & 1 == 1);
        if !preview {
            offsets.push(offset);
        }
    }
    if offsets.is_empty() {
        return Err(Error::damaged(Damage::NoPages));
    }
    Ok(offsets)
}

fn page_at(bytes: &[u8], offset: usize, single: bool, limits: &Limits) -> Result<RawPage, Error> {
    let structure = || Error::damaged(Damage::Structure);
    let file = Directories::open(bytes).ok_or_else(structure)?;
    let directory = file.directory(offset).ok_or_else(structure)?;
    check_size(&directory, limits)?;
    check_data_is_there(&directory, bytes)?;
    let kind = directory.number(tag::PHOTOMETRIC_INTERPRETATION);
    let compression = directory.number(tag::COMPRESSION);
    let image = if kind == Some(YCBCR) && compression == Some(JPEG_STRIPS) {
        jpeg_strips(&directory, bytes, limits)?
    } else {
        let mut pointed = pointing_at(bytes, file, offset);
        if kind == Some(PALETTE) {
            from_palette(&directory, file, pointed.to_mut(), limits)?
        } else if single && pointed.as_ref() == bytes {
            return page_as_it_came(bytes, RawFormat::Tiff, limits);
        } else {
            decode(&pointed, RawFormat::Tiff, limits)?
        }
    };
    let dpi = directory
        .resolution()
        .and_then(|(across, down)| resolution::plausible(across, down));
    let turn = resolution::stated_turn(&pointing_at(bytes, file, offset), RawFormat::Tiff);
    let mut page = page_png::page(image, dpi)?;
    page.turn = turn;
    Ok(page)
}

/// The pixels are counted on the directory, before anything is decoded.
fn check_size(directory: &Directory<'_>, limits: &Limits) -> Result<(), Error> {
    let side = |tag| {
        directory
            .number(tag)
            .and_then(|side| u32::try_from(side).ok())
            .ok_or(Error::damaged(Damage::Structure))
    };
    check_pixels(side(tag::IMAGE_WIDTH)?, side(tag::IMAGE_LENGTH)?, limits)
}

/// Every strip or tile must lie inside the file: the decoders fill what is missing.
fn check_data_is_there(directory: &Directory<'_>, bytes: &[u8]) -> Result<(), Error> {
    for (offsets, counts) in [
        (tag::STRIP_OFFSETS, tag::STRIP_BYTE_COUNTS),
        (tag::TILE_OFFSETS, tag::TILE_BYTE_COUNTS),
    ] {
        let offsets = directory.numbers(offsets).unwrap_or_default();
        let counts = directory.numbers(counts).unwrap_or_default();
        let beyond =
            |(offset, count): (&u64, &u64)| offset.saturating_add(*count) > bytes.len() as u64;
        if offsets.iter().zip(&counts).any(beyond) {
            return Err(Error::damaged(Damage::CutShort));
        }
    }
    Ok(())
}

/// The file with its header pointing at this directory.
fn pointing_at<'a>(bytes: &'a [u8], file: Directories<'a>, offset: usize) -> Cow<'a, [u8]> {
    let (place, width) = file.first_offset_place();
    let wanted = file.to_file_order(offset as u64, width);
    if bytes[place..place + width] == wanted[..] {
        return Cow::Borrowed(bytes);
    }
    let mut copy = bytes.to_vec();
    copy[place..place + width].copy_from_slice(&wanted);
    Cow::Owned(copy)
}

/// Eight-bit indices into a table of colours, which the decoder refuses: it is
/// told that they are grey, and the table is applied to what it returns.
fn from_palette(
    directory: &Directory<'_>,
    file: Directories<'_>,
    copy: &mut [u8],
    limits: &Limits,
) -> Result<DynamicImage, Error> {
    let table = directory.numbers(tag::COLOR_MAP).unwrap_or_default();
    let place = directory.place_of(tag::PHOTOMETRIC_INTERPRETATION);
    let (Some((place, width)), Some(8), 768) =
        (place, directory.number(tag::BITS_PER_SAMPLE), table.len())
    else {
        return Err(Error::UnsupportedVariant);
    };
    copy[place..place + width].copy_from_slice(&file.to_file_order(BLACK_IS_ZERO, width));
    let indices = decode(copy, RawFormat::Tiff, limits)?.into_luma8();
    let colour = |index: u8| {
        let index = usize::from(index);
        image::Rgb([index, 256 + index, 512 + index].map(|place| (table[place] >> 8) as u8))
    };
    let (width, height) = indices.dimensions();
    let pixels = RgbImage::from_fn(width, height, |x, y| colour(indices.get_pixel(x, y)[0]));
    Ok(pixels.into())
}

/// Colour scans of most office devices: each strip is a JPEG whose tables stand
/// once in the directory. The decoder reads them only when they are grey.
fn jpeg_strips(
    directory: &Directory<'_>,
    bytes: &[u8],
    limits: &Limits,
) -> Result<DynamicImage, Error> {
    let structure = || Error::damaged(Damage::Structure);
    let (Some(offsets), Some(counts)) = (
        directory.numbers(tag::STRIP_OFFSETS),
        directory.numbers(tag::STRIP_BYTE_COUNTS),
    ) else {
        return Err(Error::UnsupportedVariant);
    };
    let width = directory.number(tag::IMAGE_WIDTH).ok_or_else(structure)? as u32;
    let height = directory.number(tag::IMAGE_LENGTH).ok_or_else(structure)? as u32;
    // The tables are a JPEG without an image: everything but its end is put before
    // the strip, of which the start goes.
    let tables = directory
        .value_bytes(tag::JPEG_TABLES)
        .and_then(|tables| tables.strip_suffix(&[0xFF, 0xD9]))
        .unwrap_or(&[0xFF, 0xD8]);
    let mut page = RgbImage::new(width, height);
    let mut top = 0;
    for (offset, count) in offsets.iter().zip(counts) {
        let (start, count) = (*offset as usize, count as usize);
        let strip = bytes
            .get(start..start.saturating_add(count))
            .and_then(|strip| strip.strip_prefix(&[0xFF, 0xD8]))
            .ok_or_else(structure)?;
        let whole = [tables, strip].concat();
        let rows = decode(&whole, RawFormat::Jpeg, limits)?.into_rgb8();
        if rows.width() != width {
            return Err(structure());
        }
        let wanted = rows.height().min(height.saturating_sub(top)) as usize;
        let row_bytes = width as usize * 3;
        let start = top as usize * row_bytes;
        page.as_flat_samples_mut().samples[start..start + wanted * row_bytes]
            .copy_from_slice(&rows.as_raw()[..wanted * row_bytes]);
        top += wanted as u32;
    }
    if top < height {
        return Err(Error::damaged(Damage::CutShort));
    }
    Ok(page.into())
}
