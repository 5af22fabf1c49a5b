//! Where a desk keeps what waits to be sent.

use domain::delivery::{StationLogEnd, WaitingRecord};
use domain::digest::Digest;
use wire::{ProblemCode, Receipt};

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

    /// Puts what waits into the log, in the order of deposit, as much as is to lie ready at
    /// once, and parks what cannot be made ready. The end of the log afterwards: the same as
    /// before when nothing is left.
    fn prepare(&self) -> Result<StationLogEnd, Self::Error>;
    /// The envelope at a place of this epoch's log.
    fn envelope_at(&self, sequence: u64) -> Result<Option<Vec<u8>>, Self::Error>;
    /// What has neither receipt nor reason to be parked, in the order of the log.
    fn waiting(&self) -> Result<Vec<WaitingRecord>, Self::Error>;
    /// The last place of this epoch's log that the centre is known to have: what stands there
    /// has its receipt. 0 when nothing has.
    fn confirmed(&self) -> Result<u64, Self::Error>;
    /// The sealed files of a record that lie here, with their lengths.
    fn files_of(&self, entry: &WaitingRecord) -> Result<Vec<(Digest, u64)>, Self::Error>;
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
        entry: &WaitingRecord,
        receipt: &Receipt,
        bytes: &[u8],
    ) -> Result<(), Self::Error>;
    /// Parks a record.
    fn park(&self, entry: &WaitingRecord, why: Parked) -> Result<(), Self::Error>;
}
