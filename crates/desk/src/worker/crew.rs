//! The workers of a desk, and what they can be asked.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::engine::Engine;
use domain::geometry::{QuarterTurn, Size, Transform};
use domain::page::{Appraisal, RawFormat};
use domain::recognised_text::RecognisedText;
use scan::TraceLines;
use scan::camera::LivePicture;

use super::camera::Ears;
use super::engines::Absent;
use super::message::{Answer, Failure, Request};
use super::page::{PageHead, PageToRead, ReadPage, ReceivedPage};
use super::process::{Lost, Process};
use super::turns::Turns;
use crate::{CancelToken, Device, Error, Resources, ScanSettings};

/// Reading one page: thirty times what a dense A4 takes on an old desk PC.
pub(super) const READ_LIMIT: Duration = Duration::from_mins(1);
/// The next page of a file: rasterising the most awkward page that is let in.
const FILE_LIMIT: Duration = Duration::from_mins(1);
/// The next page of a scanner: a slow flatbed at 600 dpi, warming up first.
pub(super) const SCAN_LIMIT: Duration = Duration::from_mins(3);
/// Looking for scanners; network back ends wait for answers.
const DEVICES_LIMIT: Duration = Duration::from_secs(30);
/// How long a worker may take to end a job whose page could not be stored.
const ENDING_LIMIT: Duration = Duration::from_secs(3);
/// How long a driver that hangs may ignore a cancel. Ending it leaves the device to
/// itself, so drivers that only take their time are given it.
const CANCEL_LIMIT: Duration = Duration::from_secs(10);
/// How soon a cancel is heard while waiting for a page.
const CANCEL_TICK: Duration = Duration::from_millis(100);

/// The workers of a desk. As many stay alive as there are processors, so that
/// engines are loaded once.
#[derive(Debug)]
pub struct Crew {
    program: PathBuf,
    resources: Resources,
    idle: Mutex<Vec<Process>>,
    absent: Absent,
    turns: Turns,
    size: usize,
}

/// What went wrong within one try.
pub(super) enum Trouble {
    Lost,
    Failed(Error),
}

impl From<Lost> for Trouble {
    fn from(_: Lost) -> Self {
        Self::Lost
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Crew {
    /// A crew of this program; workers start when they are first needed.
    pub fn new(program: PathBuf, resources: Resources) -> Self {
        let size = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            program,
            resources,
            idle: Mutex::default(),
            absent: Absent::default(),
            turns: Turns::new(size),
            size,
        }
    }

    /// Models, language data and fonts.
    pub(crate) fn resources(&self) -> &Resources {
        &self.resources
    }

    /// How many pages may be worked on at once.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The engines that the desk has to do without until the program is repaired.
    pub(crate) fn absent_engines(&self) -> Vec<Engine> {
        self.absent.engines(&self.resources)
    }

    /// The scanners this computer can see.
    pub fn devices(&self) -> Result<Vec<Device>, Error> {
        self.with_worker("look for scanners", None, |worker| {
            worker.tell(&Request::Devices, &[])?;
            match worker.hear(DEVICES_LIMIT)?.ok_or(Lost)? {
                (Answer::Devices(devices), _) => Ok(devices.into_iter().map(Into::into).collect()),
                (answer, _) => Err(unexpected(answer)),
            }
        })
    }

    /// The pages of a file, one by one; the next is taken when `each` has stored
    /// the one before.
    pub fn pages_of_file(
        &self,
        file: &[u8],
        each: &mut dyn FnMut(ReceivedPage) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut handed_over = 0;
        self.with_worker("open a file", None, |worker| {
            worker.tell(&Request::PagesOfFile, file)?;
            // A second try must not hand the same pages over again.
            let mut skip = handed_over;
            let mut each = |page| {
                if skip > 0 {
                    skip -= 1;
                    return Ok(());
                }
                each(page)?;
                handed_over += 1;
                Ok(())
            };
            let never = CancelToken::default();
            receive(
                worker,
                FILE_LIMIT,
                &never,
                &mut each,
                &mut Ears::for_trace(&mut |_| ()),
            )
        })
    }

    /// Scans; the next sheet is taken when `each` has stored the page before. When
    /// `trace` is there, it gets what was said to the scanner and what it answered.
    pub fn scan(
        &self,
        device: &str,
        settings: &ScanSettings,
        cancel: &CancelToken,
        each: &mut dyn FnMut(ReceivedPage) -> Result<(), Error>,
        mut trace: Option<&mut Vec<String>>,
    ) -> Result<(), Error> {
        let mut worker = self.take(None)?;
        let request = Request::Scan {
            device: device.to_owned(),
            settings: settings.into(),
            traced: trace.is_some(),
        };
        let mut lines = TraceLines::default();
        let mut keep = |line| lines.add(line);
        // No second try here: paper that went through the feeder does not go back by itself.
        let outcome = worker.tell(&request, &[]).map_err(Trouble::from);
        let mut ears = Ears::for_trace(&mut keep);
        let outcome =
            outcome.and_then(|()| receive(&mut worker, SCAN_LIMIT, cancel, each, &mut ears));
        if let Some(trace) = &mut trace {
            **trace = lines.into_lines();
        }
        match outcome {
            Ok(()) => {
                self.give_back(worker);
                Ok(())
            }
            Err(Trouble::Lost) => Err(scan::Error::DeviceGone.into()),
            Err(Trouble::Failed(error)) => Err(error),
        }
    }

    /// Reads pages side by side. `turn` is set where a person has decided it.
    ///
    /// `show` gets the head of the first page before the rest of it is read.
    pub fn read_pages(
        &self,
        pages: &[PageToRead<'_>],
        show: &(dyn Fn(PageHead) + Sync),
    ) -> Result<Vec<ReadPage>, Error> {
        let numbered: Vec<(usize, &PageToRead<'_>)> = pages.iter().enumerate().collect();
        side_by_side(self.size, &numbered, |(number, page)| {
            let show = (*number == 0).then_some(show);
            let _turn = self.turns.take();
            let read = self.with_worker("read a page", None, |worker| read(worker, page, show))?;
            self.absent.note(&read.engines);
            Ok(read)
        })
    }

    /// Tesseract reads these lines too.
    pub fn read_again(
        &self,
        page: &PageToRead<'_>,
        text: &RecognisedText,
        lines: &[usize],
    ) -> Result<RecognisedText, Error> {
        self.on_kept_page(page, "read lines again", &|| Request::ReadAgain {
            key: page.key.clone(),
            text: text.into(),
            lines: lines.to_vec(),
        })
    }

    /// The third engine reads these words, each by its line and its place there.
    pub fn settle(
        &self,
        page: &PageToRead<'_>,
        text: &RecognisedText,
        words: &[(usize, usize)],
    ) -> Result<RecognisedText, Error> {
        self.on_kept_page(page, "settle words", &|| Request::Settle {
            key: page.key.clone(),
            text: text.into(),
            words: words.to_vec(),
        })
    }

    /// Asks the worker that read a page for more of it. Falls back to reading the page
    /// again in whichever worker is free, when it no longer keeps the page.
    fn on_kept_page(
        &self,
        page: &PageToRead<'_>,
        task: &'static str,
        request: &dyn Fn() -> Request,
    ) -> Result<RecognisedText, Error> {
        let _turn = self.turns.take();
        self.with_worker(task, Some(&page.key), |worker| {
            worker.tell(&request(), &[])?;
            let mut answer = worker.hear(READ_LIMIT)?.ok_or(Lost)?.0;
            if matches!(answer, Answer::Forgotten) {
                read(worker, page, None)?;
                worker.tell(&request(), &[])?;
                answer = worker.hear(READ_LIMIT)?.ok_or(Lost)?.0;
            }
            match answer {
                Answer::Text(text) => Ok(text.into()),
                answer => Err(unexpected(answer)),
            }
        })
    }

    /// How the raw image becomes the upright page, and what it is worth. Its codes are
    /// looked for where they are asked for.
    pub(crate) fn appraise(
        &self,
        page: &PageToRead<'_>,
        codes: bool,
    ) -> Result<(Vec<Transform>, Appraisal), Error> {
        self.with_worker("appraise a page", None, |worker| {
            let request = Request::Appraise {
                format: page.format.name().to_owned(),
                dpi: page.dpi,
                by_hand: page.by_hand.iter().map(Into::into).collect(),
                turn: page.turn.map(QuarterTurn::degrees),
                codes,
            };
            worker.tell(&request, page.raw)?;
            match worker.hear(READ_LIMIT)?.ok_or(Lost)? {
                (
                    Answer::Appraised {
                        transforms,
                        appraisal,
                    },
                    _,
                ) => Ok((
                    transforms.into_iter().map(Into::into).collect(),
                    appraisal.into_domain(),
                )),
                (answer, _) => Err(unexpected(answer)),
            }
        })
    }

    /// The upright picture of a page as JPEG, at most `width_px` wide.
    pub fn picture(
        &self,
        raw: &[u8],
        format: RawFormat,
        transforms: &[Transform],
        width_px: Option<u32>,
    ) -> Result<Vec<u8>, Error> {
        let transforms = || transforms.iter().map(Into::into).collect();
        self.with_worker("draw a page", None, |worker| {
            let request = Request::Picture {
                format: format.name().to_owned(),
                transforms: transforms(),
                width_px,
            };
            worker.tell(&request, raw)?;
            match worker.hear(READ_LIMIT)?.ok_or(Lost)? {
                (Answer::Picture, jpeg) => Ok(jpeg),
                (answer, _) => Err(unexpected(answer)),
            }
        })
    }

    /// Runs a task in a worker, and once more in a fresh one if that is lost.
    pub(super) fn with_worker<T>(
        &self,
        task: &'static str,
        keeper_of: Option<&str>,
        mut run: impl FnMut(&mut Process) -> Result<T, Trouble>,
    ) -> Result<T, Error> {
        for _ in 0..2 {
            let mut worker = self.take(keeper_of)?;
            match run(&mut worker) {
                Ok(done) => {
                    self.give_back(worker);
                    return Ok(done);
                }
                // A failed task ends a worker too when its stream may hold leftovers;
                // starting one costs little beside a wrong page.
                Err(Trouble::Failed(error)) => return Err(error),
                Err(Trouble::Lost) => tracing::warn!(task, "a worker was lost"),
            }
        }
        Err(Error::WorkerLost { task })
    }

    /// An idle worker, the one that keeps the page `keeper_of` if it is idle, or a new one.
    pub(super) fn take(&self, keeper_of: Option<&str>) -> Result<Process, Error> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let keeper = keeper_of.and_then(|key| idle.iter().position(|worker| worker.keeps(key)));
        let chosen = match keeper {
            Some(place) => Some(idle.swap_remove(place)),
            None => idle.pop(),
        };
        drop(idle);
        match chosen {
            Some(worker) => Ok(worker),
            None => self.start(),
        }
    }

    pub(super) fn start(&self) -> Result<Process, Error> {
        Process::start(&self.program, &self.resources).map_err(Error::WorkerNotStarted)
    }

    pub(super) fn give_back(&self, worker: Process) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.size {
            idle.push(worker);
        }
    }
}

fn read(
    worker: &mut Process,
    page: &PageToRead<'_>,
    show: Option<&(dyn Fn(PageHead) + Sync)>,
) -> Result<ReadPage, Trouble> {
    let request = Request::Read {
        key: page.key.clone(),
        format: page.format.name().to_owned(),
        dpi: page.dpi,
        by_hand: page.by_hand.iter().map(Into::into).collect(),
        turn: page.turn.map(QuarterTurn::degrees),
        head_first: show.is_some(),
    };
    worker.tell(&request, page.raw)?;
    loop {
        match worker.hear(READ_LIMIT)?.ok_or(Lost)? {
            (Answer::Head { transforms, text }, _) => {
                if let Some(show) = show {
                    show(PageHead {
                        transforms: transforms.into_iter().map(Into::into).collect(),
                        text: text.into(),
                    });
                }
            }
            (Answer::Read(answer), jpeg) => {
                worker.has_read(&page.key);
                return Ok(ReadPage::of(page, *answer, jpeg));
            }
            (answer, _) => return Err(unexpected(answer)),
        }
    }
}

/// Takes a stream of pages from a worker, acknowledging each once it is stored.
pub(super) fn receive(
    worker: &mut Process,
    limit: Duration,
    cancel: &CancelToken,
    each: &mut dyn FnMut(ReceivedPage) -> Result<(), Error>,
    ears: &mut Ears<'_>,
) -> Result<(), Trouble> {
    // Why a page could not be stored, while the worker ends its job.
    let mut not_stored: Option<Error> = None;
    let mut told_to_stop_at: Option<Instant> = None;
    let mut silent_since = Instant::now();
    loop {
        if cancel.is_cancelled() && told_to_stop_at.is_none() {
            worker.tell(&Request::Cancel, &[])?;
            told_to_stop_at = Some(Instant::now());
        }
        if let Some(steer) = ears.steer() {
            worker.tell(&steer, &[])?;
        }
        if told_to_stop_at.is_some_and(|at| at.elapsed() > CANCEL_LIMIT) {
            return Err(Trouble::Failed(scan::Error::Cancelled.into()));
        }
        let limit = not_stored.as_ref().map_or(limit, |_| ENDING_LIMIT);
        let Some((answer, bytes)) = worker.hear(CANCEL_TICK)? else {
            if silent_since.elapsed() > limit {
                return Err(not_stored.map_or(Trouble::Lost, Trouble::Failed));
            }
            continue;
        };
        silent_since = Instant::now();
        match answer {
            Answer::Page {
                format,
                width_px,
                height_px,
                dpi,
                by_hand,
            } => {
                let format = RawFormat::from_name(&format).ok_or(Lost)?;
                let stored = each(ReceivedPage {
                    bytes,
                    format,
                    size: Size {
                        width_px,
                        height_px,
                    },
                    dpi,
                    by_hand: by_hand.into_iter().map(Into::into).collect(),
                });
                let reply = match stored {
                    Ok(()) => Request::Stored,
                    Err(error) => {
                        not_stored = Some(error);
                        Request::NotStored
                    }
                };
                worker.tell(&reply, &[])?;
            }
            Answer::Trace(line) => (ears.trace)(line),
            Answer::Live {
                width_px,
                height_px,
                outline,
                is_taken,
            } => ears.see(LivePicture {
                jpeg: bytes,
                size: (width_px, height_px),
                outline,
                is_taken,
            }),
            Answer::Done => return Ok(()),
            answer => return Err(not_stored.map_or_else(|| unexpected(answer), Trouble::Failed)),
        }
    }
}

pub(super) fn unexpected(answer: Answer) -> Trouble {
    match answer {
        Answer::Failed(failure) => failed(failure).map_or(Trouble::Lost, Trouble::Failed),
        _ => Trouble::Lost,
    }
}

/// The error that a worker met; `None` when the two ends do not understand each other.
pub(super) fn failed(failure: Failure) -> Option<Error> {
    let error = match failure {
        Failure::Scan { name, sheet } => {
            let error = scan::Error::from_name(&name).unwrap_or(scan::Error::DeviceGone);
            match sheet {
                Some(sheet) => error.at_sheet(sheet).into(),
                None => error.into(),
            }
        }
        Failure::Signing { name, code } => signing::Error::from_name(&name, code)?.into(),
        Failure::NotOurPdf => packaging::Error::NotACopy.into(),
        Failure::Recognise(reason) => Error::NotRecognised { reason },
        Failure::EngineAbsent(reason) => Error::EngineAbsent { reason },
        Failure::Protocol => return None,
    };
    Some(error)
}

/// Runs `task` over the items on `width` threads, results in the items' order.
pub(crate) fn side_by_side<T: Sync, R: Send>(
    width: usize,
    items: &[T],
    task: impl Fn(&T) -> Result<R, Error> + Sync,
) -> Result<Vec<R>, Error> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let results: Vec<Mutex<Option<Result<R, Error>>>> =
        items.iter().map(|_| Mutex::new(None)).collect();
    std::thread::scope(|scope| {
        for _ in 0..width.min(items.len()) {
            scope.spawn(|| {
                while let Some(item) = {
                    let index = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    items.get(index).map(|item| (index, item))
                } {
                    let result = task(item.1);
                    *results[item.0]
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner) = Some(result);
                }
            });
        }
    });
    results
        .into_iter()
        .filter_map(|result| result.into_inner().unwrap_or_else(PoisonError::into_inner))
        .collect()
}
