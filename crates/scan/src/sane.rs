//! Scanners driven by SANE, whose library is loaded when it is first asked for,
//! so that a machine without it runs everything else.
//!
//! A device is known by what its options are and offer, never by its name. SANE is
//! not made for threads: calls are serialised, and a worker process opens one
//! device at a time.

mod descriptor;
mod ffi;
mod frames;
#[cfg(test)]
mod logs;
mod options;
mod sides;
mod status;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::error::Error;
use crate::file::RawPage;
use crate::limits::Limits;
use crate::page_png;
use crate::scanner::{CancelToken, Device, ScanSettings, ScanSource, Scanner};
use crate::trace::Trace;
use ffi::Handle;
use frames::{Frame, assemble};
use status::Status;

/// Sheets in one go. The largest feeders take 500; a device that never reports its
/// feeder empty would otherwise be scanned for ever.
const MAX_SHEETS: u32 = 1000;

/// Bytes asked for at once: some ten lines of A4 in colour at 300 dpi, so that
/// cancelling is felt at once.
const READ_BYTES: usize = 64 * 1024;

/// All devices that SANE sees, without opening them: what they offer stays empty.
/// [`Error::SaneAbsent`] where there is no SANE.
pub fn list() -> Result<Vec<Device>, Error> {
    let devices = ffi::devices()?;
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    *names = devices
        .iter()
        .map(|device| (device.id.clone(), device.name.clone()))
        .collect();
    Ok(devices)
}

/// What people call the devices of the last list, by id. An opened device does not
/// know it, and asking all devices again takes seconds.
static NAMES: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

/// A device opened through SANE.
#[derive(Debug)]
pub struct SaneScanner {
    id: String,
    handle: Handle,
    limits: Limits,
    settings_for_tests: Vec<ExtraSetting>,
}

/// An option that is set beyond the settings of a scan.
#[derive(Debug)]
struct ExtraSetting {
    before_sheet: u32,
    option: String,
    value: String,
}

impl SaneScanner {
    /// Opens the device of this id, as [`list`] gives it.
    pub fn open(id: &str, trace: Trace) -> Result<Self, Error> {
        Ok(Self {
            id: id.to_owned(),
            handle: Handle::open(id, trace)?,
            limits: Limits::default(),
            settings_for_tests: Vec::new(),
        })
    }

    /// Sets an option of the device to a value before the sheet at this place (from
    /// 1) of every later scan. For tests, which make a device fail in mid feed.
    #[doc(hidden)]
    pub fn set_option_before_sheet(&mut self, before_sheet: u32, option: &str, value: &str) {
        self.settings_for_tests.push(ExtraSetting {
            before_sheet,
            option: option.to_owned(),
            value: value.to_owned(),
        });
    }

    /// Forgets all options that were set for tests.
    #[doc(hidden)]
    pub fn clear_options(&mut self) {
        self.settings_for_tests.clear();
    }

    fn apply_extra_settings(&self, sheet: u32) -> Result<(), Error> {
        self.settings_for_tests
            .iter()
            .filter(|extra| extra.before_sheet == sheet)
            .try_for_each(|extra| options::set_text(&self.handle, &extra.option, &extra.value))
    }

    /// Scans until the feeder is empty, or one page from a flatbed.
    fn feed(
        &self,
        settings: ScanSettings,
        cancel: &CancelToken,
        each: &mut dyn FnMut(RawPage) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let dpi = options::apply(&self.handle, settings)?;
        for sheet in 1..=MAX_SHEETS {
            cancel.check()?;
            self.apply_extra_settings(sheet)?;
            let page = match self.sheet(dpi, cancel) {
                Err(Error::FeederEmpty) if sheet > 1 => return Ok(()),
                other => other?,
            };
            each(page)?;
            if settings.source == ScanSource::Flatbed {
                return Ok(());
            }
        }
        Err(Error::TooManyPages)
    }

    fn sheet(&self, dpi: u32, cancel: &CancelToken) -> Result<RawPage, Error> {
        let mut frames: Vec<Frame> = Vec::new();
        loop {
            self.handle.start().map_err(Status::during_a_scan)?;
            let (frame, last) = self.frame(cancel)?;
            frames.push(frame);
            // Devices with one lamp a colour deliver three frames.
            if last || frames.len() == 3 {
                break;
            }
        }
        page_png::page(
            assemble(&frames)?,
            crate::resolution::plausible(dpi.into(), dpi.into()),
        )
    }

    /// One frame, and whether it was announced as the last of its page.
    fn frame(&self, cancel: &CancelToken) -> Result<(Frame, bool), Error> {
        let announced = self.handle.parameters().map_err(Status::during_a_scan)?;
        let max_bytes = announced.max_bytes(&self.limits)?;
        let mut data = Vec::new();
        let mut buffer = vec![0; READ_BYTES];
        loop {
            cancel.check()?;
            match self.handle.read(&mut buffer) {
                Ok(length) => data.extend_from_slice(&buffer[..length]),
                Err(status) => {
                    self.handle.note_frame(&announced, data.len(), status);
                    if status == Status::Eof {
                        break;
                    }
                    return Err(status.during_a_scan());
                }
            }
            if data.len() as u64 > max_bytes {
                return Err(Error::PageTooLarge);
            }
        }
        // Devices that find the end of the sheet themselves say so only now.
        let parameters = self.handle.parameters().unwrap_or(announced);
        let last = announced.last_frame;
        Ok((Frame::new(announced, parameters.lines, &data)?, last))
    }
}

impl Scanner for SaneScanner {
    fn describe(&self) -> Result<Device, Error> {
        let names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Device {
            id: self.id.clone(),
            name: names.get(&self.id).unwrap_or(&self.id).clone(),
            sources: options::sources(&self.handle),
            both_sides: options::both_sides(&self.handle),
            resolutions_dpi: options::resolutions(&self.handle),
        })
    }

    fn scan(
        &mut self,
        settings: &ScanSettings,
        cancel: &CancelToken,
        each: &mut dyn FnMut(RawPage) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let outcome = self.feed(*settings, cancel, each);
        // However it ended, the device is told so: a feeder then ejects what is in it.
        self.handle.cancel();
        outcome
    }
}
