//! A page: raw scanner bytes plus a list of transforms.

use chrono::{DateTime, Utc};

use crate::barcode::Barcode;
use crate::digest::Digest;
use crate::geometry::{PageGeometry, QuarterTurn, Size, Transform};
use crate::ids::{DocumentId, FeedId, OfficerId, PageId};
use crate::quality::{Quality, Verdict};

/// A page (trang) of a document.
// Circular 01/2023/TT-VPCP, art. 8(2): as many images as physical pages, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Its key.
    pub id: PageId,
    /// The document it belongs to.
    pub document_id: DocumentId,
    /// The feed that brought it; `None` for a page made from another one.
    pub feed_id: Option<FeedId>,
    /// The page whose note is masked on this one: both show the same sheet.
    // Circular 01/2023/TT-VPCP, art. 8(2): with the note, and with the note removed.
    pub masked_from: Option<PageId>,
    /// Its place in the document, from 0, over the pages that are kept.
    pub position: u32,
    /// The raw bytes as they came from the source.
    pub raw: RawImage,
    /// What a person cut or masked, in the frame of the raw image: the first of the
    /// transforms, and the ones that no new cleaning takes away.
    pub by_hand: Vec<Transform>,
    /// From the raw image to the upright page. Never touches the raw bytes.
    pub transforms: Vec<Transform>,
    /// What cleaning found, once it has run.
    pub appraisal: Option<Appraisal>,
    /// When the page was stored.
    pub scanned_at: DateTime<Utc>,
    /// Who scanned it.
    pub scanned_by: OfficerId,
    /// What it says of its own place, once it was read.
    pub mark: Option<PageMark>,
    /// A person keeps the image although it is a bad one.
    pub kept_bad: Option<KeptBad>,
    /// A person said that no other paper begins here, although it looks so.
    pub joined: Option<Joined>,
    /// Set when the page was taken out of the document. Nothing is deleted.
    pub voided: Option<Voided>,
}

/// Why and by whom a bad image is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptBad {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: OfficerId,
    /// Why.
    pub reason: KeepReason,
}

/// When and by whom it was said that a page goes on with the paper before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: OfficerId,
}

/// The reasons for keeping a bad image, one key each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeepReason {
    /// The paper itself looks so.
    PaperIsSo,
    /// The paper is not at hand any more, or bears no second scan.
    NoSecondScan,
}

impl KeepReason {
    /// All reasons.
    pub const ALL: [Self; 2] = [Self::PaperIsSo, Self::NoSecondScan];

    /// The stable name in stores and over the boundary.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PaperIsSo => "paper_is_so",
            Self::NoSecondScan => "no_second_scan",
        }
    }

    /// The reason of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// What a page says of its own place: "1/3", "Trang 2".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageMark {
    /// Its number, from 1.
    pub number: u32,
    /// Of how many, where that is printed too.
    pub of: Option<u32>,
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
    /// The whole scan was given up.
    Discarded,
    /// A sheet that only parts papers in a stack.
    Separator,
}

impl VoidReason {
    /// All reasons.
    pub const ALL: [Self; 6] = [
        Self::Blank,
        Self::Duplicate,
        Self::Rescanned,
        Self::WrongDocument,
        Self::Discarded,
        Self::Separator,
    ];

    /// The stable name in stores and over the boundary.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::Duplicate => "duplicate",
            Self::Rescanned => "rescanned",
            Self::WrongDocument => "wrong_document",
            Self::Discarded => "discarded",
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

    /// Whether the image has to be scanned again, or kept with a reason.
    pub fn waits_for_rescan(&self) -> bool {
        let verdict = self.appraisal.as_ref().map(|found| found.quality.verdict);
        verdict == Some(Verdict::Bad) && self.kept_bad.is_none() && self.masked_from.is_none()
    }

    /// The turn that was found or decided; `None` while nothing is known of it.
    pub fn turn(&self) -> Option<QuarterTurn> {
        let mut turns = self.transforms.iter().filter_map(|step| match step {
            Transform::Turn(turn) => Some(*turn),
            _ => None,
        });
        let first = turns.next()?;
        Some(turns.fold(first, QuarterTurn::then))
    }
}
