//! What the commands of the trash print.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// What `trash list --json` prints, one line a page.
#[derive(Debug, Serialize)]
pub(crate) struct TrashedPage {
    pub(crate) id: String,
    /// The local code of its paper.
    pub(crate) document: String,
    pub(crate) reason: &'static str,
    pub(crate) voided_at: Option<DateTime<Utc>>,
    pub(crate) erasable_at: DateTime<Utc>,
    /// Why it cannot be erased, whatever the day.
    pub(crate) held: Option<&'static str>,
}

/// What `trash restore --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct RestoredPage {
    pub(crate) id: String,
    /// Its place in the paper, from 0.
    pub(crate) position: u32,
}

/// What `trash erase --json` prints, one line a page.
#[derive(Debug, Serialize)]
pub(crate) struct Erased {
    pub(crate) id: String,
    /// The sealed file that is gone.
    pub(crate) sealed_digest: String,
    pub(crate) reason: &'static str,
    /// Older copies and signed files that went with it.
    pub(crate) files: usize,
}
