//! What is said of the centre and the outbox.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::Serialize;

/// What `enrol --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Enrolled {
    pub(crate) station: u32,
}

/// What `bundle write --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct BundleWritten {
    pub(crate) records: usize,
    pub(crate) left: usize,
    pub(crate) file_bytes: u64,
    pub(crate) file: PathBuf,
}

/// What `sync --json` prints after each pass.
#[derive(Debug, Serialize)]
pub(crate) struct PassDone {
    pub(crate) delivered: usize,
    pub(crate) parked: usize,
    pub(crate) waiting: usize,
    pub(crate) sent_bytes: u64,
    /// How much this clock is ahead of the centre's; `null` where it did not answer.
    pub(crate) clock_ahead_s: Option<i64>,
    /// Why not everything could be sent.
    pub(crate) stop: Option<&'static str>,
}

/// What `outbox --json` prints, one line per record, newest first.
#[derive(Debug, Serialize)]
pub(crate) struct OutboxLine<'a> {
    pub(crate) local_code: String,
    pub(crate) version: u32,
    pub(crate) deposited_at: DateTime<Utc>,
    /// `waiting`, `parked` or `delivered`.
    pub(crate) state: &'static str,
    /// The code that stands from now on.
    pub(crate) code: Option<&'a str>,
    pub(crate) reason: Option<&'a str>,
}
