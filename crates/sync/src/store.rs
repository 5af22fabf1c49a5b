//! Where a desk keeps what waits to be sent.

use domain::digest::Digest;
use domain::ids::{DocumentId, DossierId, OutboxItemId};
use wire::{ProblemCode, Receipt};

/// The end of the station's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogEnd {
    /// The epoch in which the station writes.
    pub epoch: u16,
    /// The last place; 0 when the epoch has none yet.
    pub sequence: u64,
}

/// A record in the station's log that has no receipt yet and is not parked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
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
    /// Its place in the log of this epoch.
    pub sequence: u64,
    /// The digest of its envelope.
    pub envelope: Digest,
    /// How many bytes its files have.
    pub size_bytes: u64,
}

/// Why a record is sent no more until a person looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parked {
    /// The centre will not take it.
    ByCentre(ProblemCode),
    /// What is to be sent is damaged here.
    DamagedHere,
}

impl Parked {
    /// The stable name in stores.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ByCentre(code) => code.name(),
            Self::DamagedHere => "damaged_here",
        }
    }

    /// The reason of that name.
    pub fn from_name(name: &str) -> Self {
        if name == Self::DamagedHere.name() {
            Self::DamagedHere
        } else {
            Self::ByCentre(ProblemCode::from_name(name))
        }
    }
}

/// Where a desk keeps what waits. Each method is one transaction.
pub trait Store {
    /// What can go wrong there.
    type Error;

    /// Puts what waits into the log, in the order of deposit, and parks what cannot be
    /// made ready. The end of the log afterwards.
    fn prepare(&self) -> Result<LogEnd, Self::Error>;
    /// The envelope at a place of this epoch's log.
    fn envelope_at(&self, sequence: u64) -> Result<Option<Vec<u8>>, Self::Error>;
    /// What has neither receipt nor reason to be parked, in the order of the log.
    fn waiting(&self) -> Result<Vec<Entry>, Self::Error>;
    /// Up to `limit` bytes of a sealed file from `offset` on; `None` when the file is
    /// damaged or gone.
    fn read_part(
        &self,
        sealed: &Digest,
        offset: u64,
        limit: usize,
    ) -> Result<Option<Vec<u8>>, Self::Error>;
    /// Keeps a receipt that was verified, with its signed bytes.
    fn keep_receipt(
        &self,
        entry: &Entry,
        receipt: &Receipt,
        bytes: &[u8],
    ) -> Result<(), Self::Error>;
    /// Parks a record.
    fn park(&self, entry: &Entry, why: Parked) -> Result<(), Self::Error>;
}
