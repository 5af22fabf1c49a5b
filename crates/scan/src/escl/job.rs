//! One job of a network scanner, from its beginning to its last page.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use super::address::path_of;
use super::connection::{Answer, Ask, Method};
use super::settings::Request;
use super::{BUSY_PAUSE, EsclScanner};
use crate::error::Error;
use crate::file::{RawPage, pages_of_file};
use crate::resolution;
use crate::scanner::{CancelToken, ScanSettings, ScanSource};

/// Starting a job; the device may wake up or draw in a sheet first.
const STARTING: Duration = Duration::from_secs(30);

/// The next page: a slow flatbed at 600 dpi, warming up first. A whole stack, where
/// the device gives a PDF of all of it.
const NEXT_PAGE: Duration = Duration::from_mins(2);

/// Telling the device that nobody wants its job any more. It is only told: whether it
/// hears, nobody waits to learn.
const ENDING: Duration = Duration::from_secs(2);

/// Between a page and the question for the next. Without it some devices give up
/// after two or three sheets.
const PAGE_PAUSE: Duration = Duration::from_millis(250);

/// Answers with pages in one job. The largest feeders take 500 sheets.
const MAX_ANSWERS: u32 = 2000;

/// Runs the job. However it ends before its last page, the device is told so.
pub(super) fn run(
    scanner: &EsclScanner,
    settings: &ScanSettings,
    request: &Request,
    cancel: &CancelToken,
    each: &mut dyn FnMut(RawPage) -> Result<(), Error>,
) -> Result<(), Error> {
    let path = begin(scanner, request, cancel)?;
    let mut job = Job {
        scanner,
        path,
        source: settings.source,
        dpi: request.dpi,
        pages: 0,
    };
    let outcome = job.pages(cancel, each);
    if outcome.is_err() {
        job.end();
    }
    outcome
}

struct Job<'a> {
    scanner: &'a EsclScanner,
    path: String,
    source: ScanSource,
    dpi: u32,
    /// Handed over so far.
    pages: u32,
}

/// Starts the job and returns its path.
fn begin(scanner: &EsclScanner, request: &Request, cancel: &CancelToken) -> Result<String, Error> {
    let root = scanner.connection.root();
    let ask = Ask {
        method: Method::Post(request.xml.clone()),
        patience: STARTING,
        ..Ask::get(format!("{root}/ScanJobs"))
    };
    let answer = scanner.when_free(&ask, cancel)?;
    match answer.status {
        200..=202 => (answer.location)
            .and_then(|location| path_of(&location, root))
            .ok_or(Error::DeviceRefused),
        401 | 403 => Err(Error::AccessDenied),
        // Somebody else was quicker, or the feeder has changed since it was looked at.
        409 => {
            let status = scanner.status(cancel)?;
            Err(match status.fault_of_feeder() {
                Some(fault) => fault,
                None if status.is_busy() => Error::DeviceBusy,
                None if status.feeder_is_empty() => Error::FeederEmpty,
                None => Error::DeviceRefused,
            })
        }
        _ => Err(Error::DeviceRefused),
    }
}

impl Job<'_> {
    fn pages(
        &mut self,
        cancel: &CancelToken,
        each: &mut dyn FnMut(RawPage) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for _ in 0..MAX_ANSWERS {
            let answer = self.next_answer(cancel)?;
            match answer.status {
                200 => self.hand_over(&answer.body, cancel, each)?,
                404 | 409 | 410 => return self.at_the_end(answer.status, cancel),
                _ => return Err(self.trouble(cancel).unwrap_or(Error::DeviceGone)),
            }
            if self.source == ScanSource::Flatbed {
                return Ok(());
            }
            cancel.wait(PAGE_PAUSE)?;
        }
        Err(Error::TooManyPages)
    }

    /// The next page, waited for while the device says that it is not ready.
    fn next_answer(&self, cancel: &CancelToken) -> Result<Answer, Error> {
        let ask = Ask {
            patience: NEXT_PAGE,
            max_bytes: self.scanner.limits.max_file_bytes,
            ..Ask::get(format!("{}/NextDocument", self.path))
        };
        let deadline = Instant::now() + NEXT_PAGE;
        loop {
            let answer = self.scanner.connection.ask(&ask, cancel)?;
            if answer.status != 503 {
                return Ok(answer);
            }
            if Instant::now() >= deadline {
                return Err(self.trouble(cancel).unwrap_or(Error::DeviceBusy));
            }
            let asked_for = answer.retry_after.unwrap_or(BUSY_PAUSE);
            cancel.wait(asked_for.clamp(BUSY_PAUSE, 4 * BUSY_PAUSE))?;
        }
    }

    fn hand_over(
        &mut self,
        body: &[u8],
        cancel: &CancelToken,
        each: &mut dyn FnMut(RawPage) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut stopped_by = None;
        let is_pdf = body.starts_with(b"%PDF");
        let mut handed_over = 0;
        let read = pages_of_file(body, &self.scanner.limits, &mut |mut page| {
            if !is_pdf {
                // The device scanned as it was asked to; the number inside its JPEG is
                // often a default that nobody set. A PDF tells by its paper.
                page.dpi = resolution::plausible(self.dpi.into(), self.dpi.into());
            }
            match cancel.check().and_then(|()| each(page)) {
                Ok(()) => {
                    handed_over += 1;
                    ControlFlow::Continue(())
                }
                Err(error) => {
                    stopped_by = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        self.pages += handed_over;
        read.map_err(|error| error.at_sheet(self.pages + 1))?;
        stopped_by.map_or(Ok(()), Err)
    }

    /// There is no further page: the paper is through, or something is wrong.
    fn at_the_end(&self, answered: u16, cancel: &CancelToken) -> Result<(), Error> {
        if let Some(trouble) = self.trouble(cancel) {
            return Err(trouble);
        }
        match (self.pages, self.source) {
            (0, ScanSource::Feeder) if answered == 404 => Err(Error::FeederEmpty),
            (0, _) => Err(Error::DeviceRefused),
            _ => Ok(()),
        }
    }

    /// What the device says is wrong. A device that cannot say is not asked twice.
    fn trouble(&self, cancel: &CancelToken) -> Option<Error> {
        let status = self.scanner.status(cancel).ok()?;
        let of_feeder = (self.source == ScanSource::Feeder)
            .then(|| status.fault_of_feeder())
            .flatten();
        of_feeder.or_else(|| {
            let gave_up = status.gave_up(&self.path);
            gave_up.then_some(Error::DeviceRefused)
        })
    }

    /// Tells the device that nobody wants the rest.
    fn end(&self) {
        let ask = Ask {
            method: Method::Delete,
            patience: ENDING,
            ..Ask::get(self.path.clone())
        };
        // A device that is gone, or has ended the job itself, needs not be told.
        let _told = self.scanner.connection.ask(&ask, &CancelToken::new());
    }
}
