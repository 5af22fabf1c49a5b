//! A feed: one run of a source that hands over pages, such as a stack through a feeder.

use chrono::{DateTime, Utc};

use crate::ids::{DocumentId, FeedId, OfficerId};

/// One run of a source into one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Its key.
    pub id: FeedId,
    /// Where its pages went.
    pub document_id: DocumentId,
    /// When its first page was stored.
    pub begun_at: DateTime<Utc>,
    /// By whom it was begun.
    pub begun_by: OfficerId,
    /// How it ended. `None` while it runs, and for ever when the program ended before it.
    pub end: Option<FeedEnd>,
}

/// How a feed ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedEnd {
    /// When.
    pub ended_at: DateTime<Utc>,
    /// Whether the source had given all it held.
    pub is_complete: bool,
    /// How many pages the source handed over, counted before they were stored.
    pub delivered: u32,
}

impl Feed {
    /// Whether the source had given all it held.
    pub fn is_complete(&self) -> bool {
        self.end.as_ref().is_some_and(|end| end.is_complete)
    }
}
