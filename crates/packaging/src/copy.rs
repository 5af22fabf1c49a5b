//! Writing the electronic copy.

use std::fmt;

use chrono::{DateTime, Datelike, SubsecRound, Timelike, Utc};
use domain::digest::Digest;
use domain::geometry::Size;
use domain::local_code::LocalCode;
use domain::recognised_text::RecognisedText;
use krilla::SerializeSettings;
use krilla::configure::ConfigurationBuilder;
use krilla::configure::validate::Archival;
use krilla::error::KrillaError;
use krilla::image::Image;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;

use crate::error::Error;
use crate::read::{CopyFacts, verify};
use crate::text_layer::TextFont;
use crate::xmp;

/// Pages of one paper. The thickest dossiers of a one-stop shop have hundreds of
/// sheets; a request beyond this is a mistake of the caller, and PDF/A-1 allows
/// 8,191 entries in an array.
pub const MAX_PAGES: usize = 2_000;

/// PDF readers need not take pages beyond 200 inches (ISO 32000-1, annex C).
const MAX_SIDE_PT: f32 = 14_400.0;
const POINTS_PER_INCH: f32 = 72.0;

/// Named in the metadata as what made the file.
const PROGRAM: &str = concat!("Số hóa Một cửa ", env!("CARGO_PKG_VERSION"));

/// The part of ISO 19005 that the copy keeps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Standard {
    /// PDF/A-2b, on PDF 1.7.
    #[default]
    PdfA2b,
    /// PDF/A-1b, on PDF 1.4 (TCVN 14159-1:2024).
    PdfA1b,
}

/// One page of the copy.
#[derive(Clone, Copy)]
pub struct CopyPage<'a> {
    /// The upright picture, embedded as it is.
    pub jpeg: &'a [u8],
    /// Its pixels; the boxes of `text` refer to them.
    pub size: Size,
    /// Its resolution; with `size` it gives the paper's true format.
    pub dpi: u32,
    /// What stands on it.
    pub text: &'a RecognisedText,
    /// Digest of the raw bytes that the picture was made from.
    pub raw_digest: Digest,
}

/// What the copy is made from.
#[derive(Clone, Copy)]
pub struct CopyRequest<'a> {
    /// The pages in order.
    pub pages: &'a [CopyPage<'a>],
    /// What identifies the document from its first moment.
    pub local_code: LocalCode,
    /// The name of the officer who digitises.
    pub digitised_by: &'a str,
    /// When. The copy keeps whole seconds.
    pub digitised_at: DateTime<Utc>,
    /// A TrueType font with the Vietnamese letters, for the text behind the picture.
    pub font: &'a [u8],
    /// The standard to keep to.
    pub standard: Standard,
}

// The text of a page and the name of an officer are personal data.
impl fmt::Debug for CopyPage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopyPage")
            .field("size", &self.size)
            .field("dpi", &self.dpi)
            .field("raw_digest", &self.raw_digest)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for CopyRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopyRequest")
            .field("pages", &self.pages)
            .field("local_code", &self.local_code)
            .field("standard", &self.standard)
            .finish_non_exhaustive()
    }
}

/// Makes the electronic copy and reads it back before giving it away.
// Circular 01/2023/TT-VPCP, art. 8(2): as many images as physical pages, in order;
// Circular 02/2019/TT-BNV: PDF 1.4 or newer, scale 100 %.
pub fn make_copy(request: &CopyRequest<'_>) -> Result<Vec<u8>, Error> {
    if request.pages.is_empty() {
        return Err(Error::NoPages);
    }
    if request.pages.len() > MAX_PAGES {
        return Err(Error::TooManyPages {
            found: request.pages.len(),
            most: MAX_PAGES,
        });
    }
    let facts = CopyFacts {
        pages: request.pages.len(),
        local_code: request.local_code,
        raw_digests: request.pages.iter().map(|page| page.raw_digest).collect(),
        digitised_by: xmp::writable(request.digitised_by),
        digitised_at: request.digitised_at.trunc_subsecs(0),
    };
    let plain = write_pages(request, &facts)?;
    let pdf = xmp::add_facts(&plain, &facts)?;
    let pictures: Vec<&[u8]> = request.pages.iter().map(|page| page.jpeg).collect();
    verify(&pdf, &facts, &pictures)?;
    Ok(pdf)
}

fn write_pages(request: &CopyRequest<'_>, facts: &CopyFacts) -> Result<Vec<u8>, Error> {
    let font = TextFont::open(request.font)?;
    let mut document = krilla::Document::new_with(settings(request.standard));
    document.set_metadata(metadata(facts));
    for (index, page) in request.pages.iter().enumerate() {
        let picture = picture(index, page)?;
        let (width, height) = size_pt(index, page)?;
        let settings = PageSettings::from_wh(width, height).ok_or(Error::ResolutionAbsurd {
            page: index,
            dpi: page.dpi,
        })?;
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        // krilla has no invisible text mode, so the text goes first and the opaque
        // picture over it; readers search and copy it all the same.
        font.draw(&mut surface, page.text, page.dpi);
        let whole = krilla::geom::Size::from_wh(width, height)
            .expect("the page was started with this size");
        surface.draw_image(picture, whole);
        surface.finish();
        sheet.finish();
    }
    document.finish().map_err(|error| not_written(&error))
}

pub(crate) fn not_written(error: &KrillaError) -> Error {
    match error {
        KrillaError::Font(..) => Error::FontUnusable,
        KrillaError::Validation(violations) => Error::StandardBroken {
            violations: violations.len(),
        },
        _ => Error::StandardBroken { violations: 1 },
    }
}

pub(crate) fn settings(standard: Standard) -> SerializeSettings {
    let archival = match standard {
        Standard::PdfA2b => Archival::A2_B,
        Standard::PdfA1b => Archival::A1_B,
    };
    SerializeSettings {
        configuration: ConfigurationBuilder::new()
            .with_archival_validator(archival)
            .finish()
            .expect("one standard alone leaves a version of PDF to choose"),
        // No tags are written; a promise of structure without any would be worse.
        enable_tagging: false,
        ..SerializeSettings::default()
    }
}

/// The standard fields, which every reader shows. The exact ones stand in
/// [`xmp`]'s own schema beside them.
fn metadata(facts: &CopyFacts) -> Metadata {
    let code = facts.local_code.to_string();
    made(facts.digitised_at)
        .title(code.clone())
        .authors(vec![facts.digitised_by.clone()])
        .document_id(code)
}

/// What every file of this program says: by which program, in which language, when.
pub(crate) fn made(at: DateTime<Utc>) -> Metadata {
    let small = |value: u32| u8::try_from(value).expect("no part of a date passes 59");
    let created = krilla::metadata::DateTime::new(u16::try_from(at.year()).unwrap_or(0))
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .creator(PROGRAM.to_owned())
        .language("vi".to_owned())
        .creation_date(created)
}

fn picture(index: usize, page: &CopyPage<'_>) -> Result<Image, Error> {
    let unreadable = Error::PictureUnreadable { page: index };
    // A JPEG that stops in the middle has no end-of-image marker.
    if !page.jpeg.starts_with(&[0xff, 0xd8]) || !page.jpeg.ends_with(&[0xff, 0xd9]) {
        return Err(unreadable);
    }
    match components(page.jpeg) {
        Some(1 | 3) => {}
        Some(_) => return Err(Error::PictureColours { page: index }),
        None => return Err(unreadable),
    }
    let image = Image::from_jpeg(page.jpeg.to_vec().into(), false).map_err(|_| unreadable)?;
    let (width_px, height_px) = image.size();
    let found = Size {
        width_px,
        height_px,
    };
    if found != page.size {
        return Err(Error::PictureSizeDiffers {
            page: index,
            stated: page.size,
            found,
        });
    }
    Ok(image)
}

/// The number of colour components that the frame header states.
fn components(jpeg: &[u8]) -> Option<u8> {
    let mut rest = jpeg.get(2..)?;
    loop {
        let [0xff, marker, high, low, ..] = *rest else {
            return None;
        };
        match marker {
            // Fill bytes may stand before any marker.
            0xff => rest = &rest[1..],
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => return rest.get(9).copied(),
            _ => rest = rest.get(2 + usize::from(u16::from_be_bytes([high, low]))..)?,
        }
    }
}

fn size_pt(index: usize, page: &CopyPage<'_>) -> Result<(f32, f32), Error> {
    let points = |px: u32| px as f32 / page.dpi as f32 * POINTS_PER_INCH;
    let (width, height) = (points(page.size.width_px), points(page.size.height_px));
    let sane = |side: f32| side.is_finite() && side > 0.0 && side <= MAX_SIDE_PT;
    if sane(width) && sane(height) {
        Ok((width, height))
    } else {
        Err(Error::ResolutionAbsurd {
            page: index,
            dpi: page.dpi,
        })
    }
}
