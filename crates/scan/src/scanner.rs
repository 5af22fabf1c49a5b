//! What every scanner does, whatever drives it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::file::RawPage;

/// The longest paper of a dossier, A3, with a margin. Feeders for long paper would
/// otherwise deliver metres of their own background.
pub(crate) const MAX_LENGTH_MM: f64 = 432.0;

/// A scanning device. One thread uses it at a time.
pub trait Scanner {
    /// What the device is and offers.
    fn describe(&self) -> Result<Device, Error>;

    /// Scans what lies in the source, handing each page to `each` as it comes; from
    /// a feeder sheet by sheet until it is empty, from a flatbed one page.
    ///
    /// `each` returns once the page is safe. When it fails, or `cancel` is set, or
    /// the device has a fault, the scan ends with that error, and every page that
    /// `each` accepted stays. An empty feeder is [`Error::FeederEmpty`] only when
    /// no page came before.
    fn scan(
        &mut self,
        settings: &ScanSettings,
        cancel: &CancelToken,
        each: &mut dyn FnMut(RawPage) -> Result<(), Error>,
    ) -> Result<(), Error>;
}

/// A scanner as it is offered to an officer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// By which it is opened.
    pub id: String,
    /// By which people know it.
    pub name: String,
    /// Where it takes paper from. Empty in a list, where devices are not opened.
    pub sources: Vec<ScanSource>,
    /// Whether its feeder scans both sides of a sheet by itself.
    pub both_sides: bool,
    /// Resolutions it offers, rising. Empty in a list.
    pub resolutions_dpi: Vec<u32>,
}

/// Where a scanner takes paper from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScanSource {
    /// The automatic document feeder.
    Feeder,
    /// The glass plate.
    Flatbed,
}

impl ScanSource {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Feeder, Self::Flatbed];
}

/// Which sides of a sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sides {
    /// The front. A feeder that cannot but scan both sides still does.
    #[default]
    One,
    /// Front and back, each a page of its own, in this order.
    Both,
}

/// How to scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanSettings {
    /// From where.
    pub source: ScanSource,
    /// Which sides. Both are offered from a feeder only, where [`Device`] says so.
    pub sides: Sides,
    /// How fine. A device that does not offer it takes the nearest it has; the page
    /// says which.
    pub dpi: u32,
    /// In colour or not.
    pub colour: ColourMode,
}

/// In colour or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColourMode {
    /// Red seals and blue signatures stay what they are.
    Colour,
    /// A third of the bytes.
    Greyscale,
}

/// How soon a pressed button is felt while waiting.
const WAITING_TICK: Duration = Duration::from_millis(20);

/// A stop button that can be pressed from another thread.
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// A button that nobody has pressed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Presses it. It stays pressed.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it was pressed.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// [`Error::Cancelled`] once it was pressed.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.is_cancelled() {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    }

    /// Waits, but not on after it was pressed.
    pub(crate) fn wait(&self, pause: Duration) -> Result<(), Error> {
        let until = Instant::now() + pause;
        loop {
            self.check()?;
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            std::thread::sleep(left.min(WAITING_TICK));
        }
    }
}
