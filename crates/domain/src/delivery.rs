//! What of a deposited record goes to the centre, and how it stands there.

use chrono::{DateTime, Utc};

use crate::digest::Digest;
use crate::ids::{DocumentId, DossierId, OutboxItemId};

/// Where the log of a station ends (sổ của trạm).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StationLogEnd {
    /// The epoch in which the station writes.
    pub epoch: u16,
    /// The last place; 0 when the epoch has none yet.
    pub sequence: u64,
    /// The digest of the envelope there; zeros when there is none.
    pub head: Digest,
}

/// A record in the log of this epoch that has neither receipt nor reason to be parked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingRecord {
    /// Its row in the outbox.
    pub item: OutboxItemId,
    /// The document.
    pub document_id: DocumentId,
    /// The version of its record.
    pub version: u32,
    /// The digest of its manifest.
    pub manifest: Digest,
    /// The dossier that it belongs to.
    pub dossier_id: DossierId,
    /// Its place in the log.
    pub sequence: u64,
    /// The digest of its envelope.
    pub envelope: Digest,
    /// How many bytes its files have, sealed.
    pub size_bytes: u64,
}

/// A file that goes to the centre, sealed for it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutgoingFile {
    /// The position of the page; `None` for the electronic copy.
    pub page: Option<u32>,
    /// SHA-256 of the plain bytes.
    pub digest: Digest,
    /// Length of the plain bytes.
    pub size_bytes: u64,
    /// SHA-256 of the sealed bytes.
    pub sealed_digest: Digest,
    /// Length of the sealed bytes.
    pub sealed_size_bytes: u64,
}

/// How a record stands with the centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It waits.
    Waiting,
    /// A person must look, for the reason of this name.
    Parked(String),
    /// The centre has it, under this code, since then.
    Delivered {
        /// The digitisation code that stands from now on.
        code: String,
        /// When all of it lay at the centre, by the centre's clock.
        received_at: DateTime<Utc>,
    },
}
