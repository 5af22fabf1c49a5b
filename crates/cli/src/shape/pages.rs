//! The pages of a dossier and how they add up.

use domain::accounting::{self, Accounting};
use domain::ids::DocumentId;
use domain::page::Page;
use serde::Serialize;

/// A page, as a line of `pages --json`.
#[derive(Debug, Serialize)]
pub(crate) struct StoredPage {
    id: String,
    document: String,
    sha256: String,
    format: &'static str,
    width_px: u32,
    height_px: u32,
    dpi: Option<u32>,
    /// `kept`, or why it was taken out.
    pub(crate) state: &'static str,
    /// From 1; of kept pages only.
    page: Option<u32>,
    /// The page that this one is an image of too, with a note masked.
    masked_from: Option<String>,
    blank: Option<bool>,
    verdict: Option<&'static str>,
    reasons: Vec<&'static str>,
}

impl From<&Page> for StoredPage {
    fn from(page: &Page) -> Self {
        let voided = page.voided.as_ref();
        let appraisal = page.appraisal.as_ref();
        let reasons = appraisal.map(|found| found.quality.reasons.as_slice());
        Self {
            id: page.id.to_string(),
            document: page.document_id.to_string(),
            sha256: page.raw.digest.to_string(),
            format: page.raw.format.name(),
            width_px: page.raw.size.width_px,
            height_px: page.raw.size.height_px,
            dpi: page.raw.dpi,
            state: voided.map_or("kept", |voided| voided.reason.name()),
            page: voided.is_none().then_some(page.position + 1),
            masked_from: page.masked_from.map(|id| id.to_string()),
            blank: appraisal.map(|found| found.blank),
            verdict: appraisal.map(|found| found.quality.verdict.name()),
            reasons: reasons
                .unwrap_or_default()
                .iter()
                .map(|reason| reason.name())
                .collect(),
        }
    }
}

/// How the images of a document stand against its paper, as a line of `pages --json`.
#[derive(Debug, Serialize)]
pub(crate) struct Count {
    document: String,
    declared: Option<u32>,
    kept: u32,
    masked: u32,
    blank: u32,
    removed: u32,
    gaps: Vec<Gap>,
    vouched: bool,
    closes: bool,
}

#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Gap {
    BrokenOff { stored: u32 },
    Lost { delivered: u32, stored: u32 },
    Missing { number: u32 },
    Declared { declared: u32, kept: u32 },
}

impl Count {
    pub(crate) fn new(document_id: DocumentId, counted: &Accounting) -> Self {
        let gaps = counted.gaps.iter().map(|gap| match *gap {
            accounting::Gap::BrokenOff { stored } => Gap::BrokenOff { stored },
            accounting::Gap::Lost { delivered, stored } => Gap::Lost { delivered, stored },
            accounting::Gap::Missing { number } => Gap::Missing { number },
            accounting::Gap::Declared { declared, kept } => Gap::Declared { declared, kept },
        });
        Self {
            document: document_id.to_string(),
            declared: counted.declared,
            kept: counted.kept,
            masked: counted.masked,
            blank: counted.blank,
            removed: counted.removed,
            gaps: gaps.collect(),
            vouched: counted.vouched.is_some(),
            closes: counted.closes(),
        }
    }
}
