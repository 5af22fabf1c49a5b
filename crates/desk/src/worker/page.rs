//! Pages on their way through a worker: as received, to be read, as read.

use domain::geometry::{QuarterTurn, Size, Transform};
use domain::page::{Appraisal, Page, RawFormat};
use domain::recognised_text::RecognisedText;
use vault::EngineUsed;

use super::message::{EngineAtWork, ReadAnswer, ReadTimes};

/// A page as it came out of a file or a scanner.
#[derive(Clone)]
pub struct ReceivedPage {
    /// The raw bytes.
    pub bytes: Vec<u8>,
    /// Their format.
    pub format: RawFormat,
    /// Pixel size.
    pub size: Size,
    /// Dots per inch, when stated; of a camera, when its picture tells.
    pub dpi: Option<u32>,
    /// What was settled about its frame while it was taken: how a sheet under a camera
    /// is laid flat. The officer saw the outline, so it counts as done by hand.
    pub by_hand: Vec<Transform>,
}

/// A page that was read.
#[derive(Clone)]
pub struct ReadPage {
    /// From raw to upright.
    pub transforms: Vec<Transform>,
    /// The skew that was found, clockwise degrees.
    pub skew_deg: f32,
    /// Blank, quality, codes.
    pub appraisal: Appraisal,
    /// What the engines read.
    pub text: RecognisedText,
    /// Another page shows the same sheet, so no value is looked for on this one.
    pub is_second_image: bool,
    /// The upright picture for the copy; `None` when the raw bytes are it.
    pub jpeg: Option<Vec<u8>>,
    pub(crate) times: ReadTimes,
    /// The engines that were at work.
    pub(crate) engines: Vec<EngineUsed>,
    /// Why an engine was not, in one sentence.
    pub(crate) notice: Option<String>,
}

/// The head of a page, read by one engine only, while the rest is being read.
#[derive(Debug)]
pub struct PageHead {
    /// From raw to upright.
    pub transforms: Vec<Transform>,
    /// What stands in the head.
    pub text: RecognisedText,
}

// Pages are personal data, and megabytes of it.
impl std::fmt::Debug for ReceivedPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReceivedPage")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ReadPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReadPage")
            .field("transforms", &self.transforms)
            .finish_non_exhaustive()
    }
}

/// A page to be read, with the bytes to fall back on.
#[derive(Clone)]
pub struct PageToRead<'a> {
    /// Names the page within the crew.
    pub key: String,
    /// Its raw bytes.
    pub raw: &'a [u8],
    /// Their format.
    pub format: RawFormat,
    /// Dots per inch, when stated.
    pub dpi: Option<u32>,
    /// What a person cut or masked, in the frame of the raw image.
    pub by_hand: &'a [Transform],
    /// The turn a person has decided on.
    pub turn: Option<QuarterTurn>,
    /// Another page shows the same sheet.
    pub is_second_image: bool,
}

impl std::fmt::Debug for PageToRead<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PageToRead")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl<'a> PageToRead<'a> {
    /// A page that came just now, under this name.
    pub(crate) fn received(key: String, page: &'a ReceivedPage) -> Self {
        Self {
            key,
            raw: &page.bytes,
            format: page.format,
            dpi: page.dpi,
            by_hand: &page.by_hand,
            turn: None,
            is_second_image: false,
        }
    }

    /// A page of the vault, with its raw bytes.
    pub(crate) fn of(page: &'a Page, raw: &'a [u8]) -> Self {
        Self {
            // Another turn, cut or mask of the page is another picture of it.
            key: format!("{}/{:?}/{:?}", page.id, page.turn(), page.by_hand),
            raw,
            format: page.raw.format,
            dpi: page.raw.dpi,
            by_hand: &page.by_hand,
            turn: page.turn(),
            is_second_image: page.masked_from.is_some(),
        }
    }
}

impl ReadPage {
    /// What a worker answered.
    pub(super) fn of(page: &PageToRead<'_>, answer: ReadAnswer, jpeg: Vec<u8>) -> Self {
        Self {
            transforms: answer.transforms.into_iter().map(Into::into).collect(),
            skew_deg: answer.skew_deg,
            appraisal: answer.appraisal.into_domain(),
            text: answer.text.into(),
            is_second_image: page.is_second_image,
            jpeg: (!jpeg.is_empty()).then_some(jpeg),
            times: answer.times,
            engines: answer
                .engines
                .into_iter()
                .filter_map(EngineAtWork::into_used)
                .collect(),
            notice: answer.notice,
        }
    }
}
