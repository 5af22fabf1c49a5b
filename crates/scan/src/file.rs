//! One file becomes its pages. What a file is, its bytes say and never its name.

use std::io::Cursor;
use std::ops::ControlFlow;

use domain::geometry::{QuarterTurn, Size};
use domain::page::RawFormat;
use image::{DynamicImage, ImageError, ImageFormat, ImageReader};

use crate::error::{Damage, Error};
use crate::guard::guarded;
use crate::limits::Limits;
use crate::{jpeg, pdf, resolution, tiff};

/// The image of one page, whose bytes have been decoded once and can be again.
#[derive(Clone, PartialEq)]
pub struct RawPage {
    /// The bytes that are kept for ever.
    pub bytes: Vec<u8>,
    /// Their format.
    pub format: RawFormat,
    /// Size of the stored pixels, before any turn.
    pub size: Size,
    /// Dots per inch as the source states; `None` when it is silent or absurd.
    pub dpi: Option<u32>,
    /// The turn that makes the stored pixels upright, as the source states it: the
    /// orientation that a phone writes, the rotation of a PDF page. A hint; the
    /// bytes are not turned.
    pub turn: QuarterTurn,
}

impl std::fmt::Debug for RawPage {
    /// Says how many bytes there are, never what they show.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawPage")
            .field("bytes", &self.bytes.len())
            .field("format", &self.format)
            .field("size", &self.size)
            .field("dpi", &self.dpi)
            .field("turn", &self.turn)
            .finish()
    }
}

/// What the first bytes say.
enum Kind {
    Image(RawFormat),
    Pdf,
}

/// Splits one file into its page images, in order, and returns how many were
/// handed to `each`; `each` may stop it. JPEG, PNG, WebP, BMP and single-page TIFF
/// bytes are kept as they came. The pages of a multi-page TIFF and of a PDF become
/// PNG, except a PDF page that is nothing but one full-page JPEG, whose bytes are
/// kept.
pub fn pages_of_file(
    bytes: &[u8],
    limits: &Limits,
    each: &mut dyn FnMut(RawPage) -> ControlFlow<()>,
) -> Result<usize, Error> {
    if bytes.is_empty() {
        return Err(Error::EmptyFile);
    }
    if bytes.len() as u64 > limits.max_file_bytes {
        return Err(Error::FileTooLarge);
    }
    match kind_of(bytes).ok_or(Error::UnknownFormat)? {
        Kind::Pdf => pdf::pages(bytes, limits, each),
        Kind::Image(RawFormat::Tiff) => tiff::pages(bytes, limits, each),
        Kind::Image(format) => {
            let page = page_as_it_came(bytes, format, limits)?;
            // Whether `each` wants more does not matter: there is no more.
            let _stop = each(page);
            Ok(1)
        }
    }
}

/// The pixels of a page as they are stored: no turn and no orientation tag applied.
pub fn decode(bytes: &[u8], format: RawFormat, limits: &Limits) -> Result<DynamicImage, Error> {
    guarded(|| {
        if format == RawFormat::Jpeg && !jpeg::is_whole(bytes) {
            return Err(Error::damaged(if bytes.is_empty() {
                Damage::Picture
            } else {
                Damage::CutShort
            }));
        }
        let reader = || ImageReader::with_format(Cursor::new(bytes), codec(format));
        let (width, height) = reader().into_dimensions().map_err(from_image)?;
        check_pixels(width, height, limits)?;
        let mut reader = reader();
        let mut allowance = image::Limits::no_limits();
        allowance.max_alloc = Some(limits.max_decoder_bytes());
        reader.limits(allowance);
        reader.decode().map_err(from_image)
    })
}

/// A page that keeps its bytes, after they have been decoded once.
pub(crate) fn page_as_it_came(
    bytes: &[u8],
    format: RawFormat,
    limits: &Limits,
) -> Result<RawPage, Error> {
    let image = decode(bytes, format, limits)?;
    if format == RawFormat::Jpeg && jpeg::ends_early(bytes) {
        return Err(Error::damaged(Damage::CutShort));
    }
    Ok(RawPage {
        bytes: bytes.to_vec(),
        format,
        size: Size {
            width_px: image.width(),
            height_px: image.height(),
        },
        dpi: resolution::stated_dpi(bytes, format),
        turn: resolution::stated_turn(bytes, format),
    })
}

/// Refuses a page of no pixels and one of too many.
pub(crate) fn check_pixels(width: u32, height: u32, limits: &Limits) -> Result<(), Error> {
    match u64::from(width) * u64::from(height) {
        0 => Err(Error::damaged(Damage::Picture)),
        pixels if pixels > limits.max_pixels => Err(Error::PageTooLarge),
        _ => Ok(()),
    }
}

fn kind_of(bytes: &[u8]) -> Option<Kind> {
    // Readers of PDF accept other bytes before its header, up to about a kilobyte.
    let is_pdf = |bytes: &[u8]| {
        let start = &bytes[..bytes.len().min(1024 + 5)];
        start.windows(5).any(|window| window == b"%PDF-")
    };
    Some(Kind::Image(match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => RawFormat::Png,
        [0xFF, 0xD8, 0xFF, ..] => RawFormat::Jpeg,
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => RawFormat::Tiff,
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => RawFormat::Webp,
        // The two letters alone begin many texts; the reserved zeros do not.
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => RawFormat::Bmp,
        _ if is_pdf(bytes) => return Some(Kind::Pdf),
        _ => return None,
    }))
}

const fn codec(format: RawFormat) -> ImageFormat {
    match format {
        RawFormat::Jpeg => ImageFormat::Jpeg,
        RawFormat::Png => ImageFormat::Png,
        RawFormat::Tiff => ImageFormat::Tiff,
        RawFormat::Webp => ImageFormat::WebP,
        RawFormat::Bmp => ImageFormat::Bmp,
    }
}

fn from_image(error: ImageError) -> Error {
    match error {
        ImageError::Limits(_) => Error::PageTooLarge,
        ImageError::Unsupported(_) => Error::UnsupportedVariant,
        ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Error::damaged(Damage::CutShort)
        }
        _ => Error::damaged(Damage::Picture),
    }
}
