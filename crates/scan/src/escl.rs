//! Scanners of the network that speak eSCL (also sold as `AirScan` or `Mopria`), which
//! is XML over HTTP.
//!
//! What such devices were seen to do sets the order of things here: capabilities
//! first, and nothing is asked for that is not in them; the status before a feeder is
//! started; a short pause between pages; a 404 for the page after the last, a 409 for
//! the same or for trouble; a PDF only when the whole stack is through.
//!
//! **Safety.** Only devices of the local network are spoken to. Over `https` their
//! certificates are not checked, because devices make them themselves: that keeps
//! listeners out, not somebody who stands in the middle of the local network.

mod address;
mod capabilities;
mod connection;
mod discovery;
mod job;
mod redact;
mod settings;
mod status;
mod xml;

use std::cell::OnceCell;
use std::time::Duration;

pub(crate) use address::PREFIX;
pub use discovery::{list, list_on_loopback};

use address::Address;
use capabilities::Capabilities;
use connection::{Ask, Connection};
use status::Status;

use crate::error::Error;
use crate::file::RawPage;
use crate::limits::Limits;
use crate::scanner::{CancelToken, Device, ScanSettings, ScanSource, Scanner, Sides};
use crate::trace::Trace;

/// Between two looks at a device that is busy.
const BUSY_PAUSE: Duration = Duration::from_millis(500);

/// Looks at a device that is busy before somebody is told so: it may be finishing the
/// job before.
const BUSY_LOOKS: u32 = 10;

/// Whether two ids are of one device, however each is written.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    let host_of = |id| Address::of_id(id).map(|address| address.host);
    host_of(one).is_some_and(|host| Some(host) == host_of(other))
}

/// A network scanner.
#[derive(Debug)]
pub struct EsclScanner {
    id: String,
    connection: Connection,
    capabilities: OnceCell<Capabilities>,
    limits: Limits,
}

impl EsclScanner {
    /// Opens the device of this id, `escl:http://HOST:PORT/eSCL` or the same with
    /// `https`. Nothing is sent yet but the question for the host's address.
    pub fn open(id: &str, trace: Trace) -> Result<Self, Error> {
        let address = Address::of_id(id).ok_or(Error::NoSuchDevice)?;
        let to = address.resolve()?;
        Ok(Self {
            id: address.id(),
            connection: Connection::new(&address, to, trace),
            capabilities: OnceCell::new(),
            limits: Limits::default(),
        })
    }

    fn capabilities(&self, cancel: &CancelToken) -> Result<&Capabilities, Error> {
        if let Some(known) = self.capabilities.get() {
            return Ok(known);
        }
        let path = format!("{}/ScannerCapabilities", self.connection.root());
        let answer = self.when_free(&Ask::get(path), cancel)?;
        match answer.status {
            200 => {}
            401 | 403 => return Err(Error::AccessDenied),
            404 => return Err(Error::NoSuchDevice),
            _ => return Err(Error::DeviceRefused),
        }
        let read = Capabilities::read(&answer.text()).ok_or(Error::NoSuchDevice)?;
        Ok(self.capabilities.get_or_init(|| read))
    }

    fn status(&self, cancel: &CancelToken) -> Result<Status, Error> {
        let path = format!("{}/ScannerStatus", self.connection.root());
        let answer = self.when_free(&Ask::get(path), cancel)?;
        match answer.status {
            200 => Ok(Status::read(&answer.text())),
            401 | 403 => Err(Error::AccessDenied),
            _ => Err(Error::DeviceRefused),
        }
    }

    /// Asks again while the device says that it has no time, up to a bound.
    fn when_free(&self, ask: &Ask, cancel: &CancelToken) -> Result<connection::Answer, Error> {
        for _ in 0..BUSY_LOOKS {
            let answer = self.connection.ask(ask, cancel)?;
            if answer.status != 503 {
                return Ok(answer);
            }
            let asked_for = answer.retry_after.unwrap_or(BUSY_PAUSE);
            cancel.wait(asked_for.clamp(BUSY_PAUSE, 4 * BUSY_PAUSE))?;
        }
        Err(Error::DeviceBusy)
    }

    fn feed(
        &self,
        settings: &ScanSettings,
        cancel: &CancelToken,
        each: &mut dyn FnMut(RawPage) -> Result<(), Error>,
    ) -> Result<(), Error> {
        cancel.check()?;
        let request = settings::request(self.capabilities(cancel)?, settings)?;
        self.make_ready(settings.source, cancel)?;
        job::run(self, settings, &request, cancel, each)
    }

    /// Waits until nobody else uses the device, and sees to it that there is paper.
    fn make_ready(&self, source: ScanSource, cancel: &CancelToken) -> Result<(), Error> {
        for _ in 0..BUSY_LOOKS {
            let status = self.status(cancel)?;
            if status.is_busy() {
                cancel.wait(BUSY_PAUSE)?;
                continue;
            }
            if source == ScanSource::Feeder {
                if let Some(fault) = status.fault_of_feeder() {
                    return Err(fault);
                }
                if status.feeder_is_empty() {
                    return Err(Error::FeederEmpty);
                }
            }
            return Ok(());
        }
        Err(Error::DeviceBusy)
    }
}

impl Scanner for EsclScanner {
    fn describe(&self) -> Result<Device, Error> {
        let capabilities = self.capabilities(&CancelToken::new())?;
        let name = match capabilities.name.as_str() {
            "" => &self.id,
            name => name,
        };
        Ok(Device {
            id: self.id.clone(),
            name: name.to_owned(),
            sources: capabilities.sources(),
            both_sides: capabilities.of(ScanSource::Feeder, Sides::Both).is_some(),
            resolutions_dpi: capabilities.resolutions_dpi(),
        })
    }

    fn scan(
        &mut self,
        settings: &ScanSettings,
        cancel: &CancelToken,
        each: &mut dyn FnMut(RawPage) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let outcome = self.feed(settings, cancel, each);
        if let Err(error) = &outcome {
            let trace = self.connection.trace();
            trace.note(|| format!("escl = {}", error.name()));
        }
        outcome
    }
}
