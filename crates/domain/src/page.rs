//! A page: raw scanner bytes plus a list of transforms.

use chrono::{DateTime, Utc};

use crate::barcode::Barcode;
use crate::digest::Digest;
use crate::geometry::{PageGeometry, Size, Transform};
use crate::ids::{DocumentId, OfficerId, PageId};
use crate::quality::Quality;

/// A page (trang) of a document.
// Circular 01/2023/TT-VPCP, art. 8(2): as many images as physical pages, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Its key.
    pub id: PageId,
    /// The document it belongs to.
    pub document_id: DocumentId,
    /// Its place in the document, from 0, over the pages that are kept.
    pub position: u32,
    /// The raw bytes as they came from the source.
    pub raw: RawImage,
    /// From the raw image to the upright page. Never touches the raw bytes.
    pub transforms: Vec<Transform>,
    /// What cleaning found, once it has run.
    pub appraisal: Option<Appraisal>,
    /// When the page was stored.
    pub scanned_at: DateTime<Utc>,
    /// Who scanned it.
    pub scanned_by: OfficerId,
    /// Set when the page was taken out of the document. Nothing is deleted.
    pub voided: Option<Voided>,
}

/// The raw bytes of a page image, by digest.
#[derive(Clone, Debug, PartialEq)]
pub struct RawImage {
    /// SHA-256 of the plain bytes.
    pub digest: Digest,
    /// SHA-256 of the sealed file, which is also its name in the vault.
    pub sealed_digest: Digest,
    /// Length of the plain bytes.
    pub size_bytes: u64,
    /// Their format.
    pub format: RawFormat,
    /// Pixel size of the image.
    pub size: Size,
    /// Dots per inch as the source states; `None` when it is silent or absurd.
    pub dpi: Option<u32>,
}

/// The format of raw page bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RawFormat {
    /// JPEG as the scanner or the file gave it.
    Jpeg,
    /// PNG, also used for pixels that came without a file (SANE, a rasterised PDF page).
    Png,
    /// A single-page TIFF.
    Tiff,
    /// WebP.
    Webp,
    /// Windows bitmap.
    Bmp,
}

impl RawFormat {
    /// All formats.
    pub const ALL: [Self; 5] = [Self::Jpeg, Self::Png, Self::Tiff, Self::Webp, Self::Bmp];

    /// The stable name in stores.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Tiff => "tiff",
            Self::Webp => "webp",
            Self::Bmp => "bmp",
        }
    }

    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// What cleaning found out about a page image.
#[derive(Clone, Debug, PartialEq)]
pub struct Appraisal {
    /// Nothing is printed or written on it. Blank pages are flagged, not dropped.
    pub blank: bool,
    /// Good enough?
    pub quality: Quality,
    /// Codes found on it.
    pub barcodes: Vec<Barcode>,
}

/// Why and by whom a page was taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voided {
    /// When.
    pub voided_at: DateTime<Utc>,
    /// By whom.
    pub voided_by: OfficerId,
    /// Why.
    pub reason: VoidReason,
}

/// The reasons for taking a page out, one key each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VoidReason {
    /// An empty side.
    Blank,
    /// The same sheet twice.
    Duplicate,
    /// Unreadable; scanned again.
    Rescanned,
    /// Belongs to another paper.
    WrongDocument,
    /// A sheet that only parts papers in a stack.
    Separator,
}

impl VoidReason {
    /// All reasons.
    pub const ALL: [Self; 5] = [
        Self::Blank,
        Self::Duplicate,
        Self::Rescanned,
        Self::WrongDocument,
        Self::Separator,
    ];

    /// The stable name in stores and over the boundary.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::Duplicate => "duplicate",
            Self::Rescanned => "rescanned",
            Self::WrongDocument => "wrong_document",
            Self::Separator => "separator",
        }
    }

    /// The reason of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

impl Page {
    /// The way between raw pixels and the upright page.
    pub fn geometry(&self) -> PageGeometry {
        PageGeometry::new(self.raw.size, &self.transforms)
    }
}
