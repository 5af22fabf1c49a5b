//! The worker's side: reads requests from standard input until it ends.

use std::collections::VecDeque;
use std::io::{self, BufWriter, Stdout};
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use domain::geometry::{QuarterTurn, Transform};
use domain::page::RawFormat;
use domain::quality::QualityReason;
use domain::recognised_text::RecognisedText;
use image::{DynamicImage, GrayImage};
use ocr::Reader;
use scan::camera::{Seen as Watched, Shutter};
use scan::{CancelToken, Limits, RawPage, Scanner as _, Trace};
use zeroize::Zeroize as _;

use super::camera;
use super::close_up::Uprights;
use super::engines::AtWork;
use super::frame;
use super::message::{Answer, EngineAtWork, Failure, ReadAnswer, ReadTimes, Request};
use super::mirror;
use super::signer::TokenAtWork;
use crate::Resources;

/// Cleaned pages kept for a second reading: a dossier component's worth.
pub(super) const PAGES_KEPT: usize = 12;
/// JPEG quality of the copy: no visible loss on print at 200 dpi.
pub(super) const COPY_QUALITY: u8 = 82;

/// With fewer lines than this it does not matter to a reader which way up a page lies.
const FEWEST_LINES: usize = 8;

pub(super) fn serve() -> i32 {
    super::limits::apply();
    let hand = Arc::new(Mutex::new(Held::default()));
    let (sender, requests) = channel();
    let current = Arc::clone(&hand);
    std::thread::spawn(move || {
        let mut pipe = io::stdin().lock();
        while let Ok((request, payload)) = frame::read(&mut pipe) {
            let held = || current.lock().unwrap_or_else(PoisonError::into_inner);
            match request {
                // These must be heard while the main thread is busy feeding.
                Request::Cancel => held().cancel.cancel(),
                Request::Steer {
                    press,
                    by_stillness,
                } => held().steer(press, by_stillness),
                request => {
                    if sender.send((request, payload)).is_err() {
                        break;
                    }
                }
            }
        }
        // The desk is gone, so nobody waits for what is still being done.
        std::process::exit(0);
    });
    let mut server = Server {
        requests,
        answers: Arc::new(Mutex::new(BufWriter::new(io::stdout()))),
        hand,
        reader: None,
        engines: Vec::new(),
        notice: None,
        kept: VecDeque::new(),
        uprights: Uprights::default(),
        signer: TokenAtWork::default(),
    };
    while let Ok((request, mut payload)) = server.requests.recv() {
        let is_secret = matches!(request, Request::Unlock { .. });
        let answered = server.answer(request, &payload);
        if is_secret {
            payload.zeroize();
        }
        if answered.is_err() {
            return 1;
        }
    }
    0
}

struct Server {
    requests: Receiver<(Request, Vec<u8>)>,
    /// Shared with the recorder of a scan, which speaks in between.
    answers: Arc<Mutex<BufWriter<Stdout>>>,
    /// What the desk holds of the scan that runs now.
    hand: Arc<Mutex<Held>>,
    reader: Option<AtWork>,
    /// The engines of the reader.
    engines: Vec<EngineAtWork>,
    /// Why one of them is not there.
    notice: Option<String>,
    kept: VecDeque<(String, GrayImage)>,
    uprights: Uprights,
    signer: TokenAtWork,
}

/// The buttons of a scan that runs.
#[derive(Clone, Default)]
struct Held {
    cancel: CancelToken,
    shutter: Shutter,
}

impl Held {
    fn steer(&self, press: bool, by_stillness: bool) {
        self.shutter.set_by_stillness(by_stillness);
        if press {
            self.shutter.press();
        }
    }
}

/// How an image is to be looked at.
#[derive(Clone, Copy)]
struct Look<'a> {
    dpi: Option<u32>,
    /// What was cut and masked before.
    by_hand: &'a [Transform],
    /// The turn that is settled; the first guess is that there is none.
    turn: Option<QuarterTurn>,
    head_first: bool,
}

/// An image that was cleaned and read.
struct Seen {
    cleaned: imaging::Cleaned,
    upright: DynamicImage,
    page: GrayImage,
    text: RecognisedText,
}

impl Server {
    fn answer(&mut self, request: Request, payload: &[u8]) -> io::Result<()> {
        let outcome = match request {
            Request::PagesOfFile => self.pages_of_file(payload),
            Request::Devices => Ok((devices(), Vec::new())),
            Request::Scan {
                device,
                settings,
                traced,
            } => self.scan(&device, &settings.into(), traced),
            Request::Watch {
                device,
                by_stillness,
            } => self.watch(&device, by_stillness),
            Request::Appraise {
                format,
                dpi,
                by_hand,
                turn,
                codes,
            } => {
                let by_hand = transforms_of(by_hand);
                let look = Look {
                    dpi,
                    by_hand: &by_hand,
                    turn: turn.and_then(QuarterTurn::from_degrees),
                    head_first: false,
                };
                appraise(&format, look, codes, payload)
            }
            Request::Read {
                key,
                format,
                dpi,
                by_hand,
                turn,
                head_first,
            } => {
                let by_hand = transforms_of(by_hand);
                let look = Look {
                    dpi,
                    by_hand: &by_hand,
                    turn: turn.and_then(QuarterTurn::from_degrees),
                    head_first,
                };
                self.read(key, &format, look, payload)
            }
            Request::ReadAgain { key, text, lines } => {
                self.on_kept_page(&key, text, |reader, page, text| {
                    reader.read_again(page, text, &lines)
                })
            }
            Request::Settle { key, text, words } => {
                self.on_kept_page(&key, text, |reader, page, text| {
                    reader.settle(page, text, &words)
                })
            }
            Request::Picture {
                format,
                transforms,
                width_px,
            } => picture(&format, transforms, width_px, payload),
            Request::KeepUpright {
                key,
                format,
                transforms,
            } => self.uprights.keep(key, &format, transforms, payload),
            Request::CloseUp {
                key,
                area,
                width_px,
            } => Ok(self.uprights.close_up(&key, area, width_px)),
            Request::Pieces {
                format,
                places,
                whole,
            } => super::crops::cut(&format, &places, whole, payload),
            Request::Tokens { module } => self.signer.tokens(&module),
            Request::Unlock {
                module,
                serial,
                use_last_try,
            } => self.signer.unlock(&module, &serial, payload, use_last_try),
            Request::Sign {
                certificate,
                signer,
                signed_at,
                lines,
                taken,
            } => self
                .signer
                .sign(payload, certificate, &signer, signed_at, &lines, &taken),
            Request::Timestamp { authority, nonce } => {
                super::signer::timestamp(payload, &authority, nonce)
            }
            Request::PrintedText => super::own_pdf::printed_text(payload),
            Request::ReadCopy => super::own_pdf::read_copy(payload),
            Request::Judge { authorities } => super::signer::judge(payload, authorities.as_deref()),
            // Leftovers of a stream that ended early.
            Request::Stored | Request::NotStored | Request::Cancel | Request::Steer { .. } => {
                return Ok(());
            }
        };
        let (answer, payload) =
            outcome.unwrap_or_else(|failure| (Answer::Failed(failure), Vec::new()));
        say(&self.answers, &answer, &payload)
    }

    /// Sends a page and waits until it is safely stored.
    fn hand_over(&self, page: &RawPage, by_hand: &[Transform]) -> Result<(), scan::Error> {
        let head = Answer::Page {
            format: page.format.name().to_owned(),
            width_px: page.size.width_px,
            height_px: page.size.height_px,
            dpi: page.dpi,
            by_hand: by_hand.iter().map(Into::into).collect(),
        };
        say(&self.answers, &head, &page.bytes).map_err(|_| scan::Error::Cancelled)?;
        match self.requests.recv() {
            Ok((Request::Stored, _)) => Ok(()),
            // The driver ends its job in order; the desk knows by itself why.
            _ => Err(scan::Error::Cancelled),
        }
    }

    fn pages_of_file(&mut self, file: &[u8]) -> Result<(Answer, Vec<u8>), Failure> {
        let mut stopped = None;
        scan::pages_of_file(
            file,
            &Limits::default(),
            &mut |page| match self.hand_over(&page, &[]) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    stopped = Some(error);
                    ControlFlow::Break(())
                }
            },
        )
        .map_err(|error| failed(&error))?;
        match stopped {
            None => Ok((Answer::Done, Vec::new())),
            Some(error) => Err(failed(&error)),
        }
    }

    fn scan(
        &mut self,
        device: &str,
        settings: &scan::ScanSettings,
        traced: bool,
    ) -> Result<(Answer, Vec<u8>), Failure> {
        let Held { cancel, .. } = self.take_in_hand(true);
        let trace = if traced {
            let answers = Arc::clone(&self.answers);
            // A desk that is gone is noticed at the answer itself.
            Trace::to(move |line| drop(say(&answers, &Answer::Trace(line), &[])))
        } else {
            Trace::off()
        };
        if device.starts_with(camera::PREFIX) {
            return camera::open(device, trace)
                .and_then(|mut camera| {
                    camera.scan(settings, &cancel, &mut |page| self.hand_over_flat(page))
                })
                .map(|()| (Answer::Done, Vec::new()))
                .map_err(|error| failed(&error));
        }
        scan::devices::open(device, trace)
            .and_then(|mut scanner| {
                scanner.scan(settings, &cancel, &mut |page| self.hand_over(&page, &[]))
            })
            .map(|()| (Answer::Done, Vec::new()))
            .map_err(|error| failed(&error))
    }

    fn watch(&self, device: &str, by_stillness: bool) -> Result<(Answer, Vec<u8>), Failure> {
        let Held { cancel, shutter } = self.take_in_hand(by_stillness);
        camera::open(device, Trace::off())
            .and_then(|mut camera| {
                camera.watch(&cancel, &shutter, &mut |seen| match seen {
                    Watched::Live(picture) => {
                        let (answer, jpeg) = camera::live(picture);
                        say(&self.answers, &answer, &jpeg).map_err(|_| scan::Error::Cancelled)
                    }
                    Watched::Page(page) => self.hand_over_flat(page),
                })
            })
            .map(|()| (Answer::Done, Vec::new()))
            .map_err(|error| failed(&error))
    }

    /// A page of a camera, with the way in which its sheet is laid flat.
    fn hand_over_flat(&self, page: RawPage) -> Result<(), scan::Error> {
        let (page, by_hand) = camera::found_on(page);
        self.hand_over(&page, &by_hand)
    }

    /// Fresh buttons for a scan that begins.
    fn take_in_hand(&self, by_stillness: bool) -> Held {
        let held = Held::default();
        held.shutter.set_by_stillness(by_stillness);
        *self.hand.lock().unwrap_or_else(PoisonError::into_inner) = held.clone();
        held
    }

    fn reader(&mut self) -> Result<&mut AtWork, Failure> {
        if self.reader.is_none() {
            let resources =
                Resources::find().map_err(|error| Failure::Recognise(error.to_string()))?;
            let loaded = super::engines::load(&resources)?;
            self.engines = loaded.engines;
            self.notice = loaded.notice;
            self.reader = Some(loaded.reader);
        }
        self.reader.as_mut().ok_or(Failure::Protocol)
    }

    fn read(
        &mut self,
        key: String,
        format: &str,
        mut look: Look<'_>,
        raw: &[u8],
    ) -> Result<(Answer, Vec<u8>), Failure> {
        let begun = Instant::now();
        let image = decode_cut(format, raw, look.by_hand)?;
        let mut times = ReadTimes {
            clean_ms: millis(begun),
            recognise_ms: 0,
        };
        let mut seen = self.look(&image, look, &mut times)?;
        let doubtful = !seen.cleaned.blank && !Reader::is_surely_upright(&seen.text);
        let mut way_up_is_known = true;
        if doubtful && look.turn.is_none() {
            let turning = Instant::now();
            let grey = image.to_luma8();
            let turn = self.reader()?.orientation(&grey)?;
            times.clean_ms += millis(turning);
            // Of a page with a few words nobody need be told that it has few words.
            way_up_is_known = turn.is_some() || seen.text.lines.len() < FEWEST_LINES;
            if let Some(turn) = turn.filter(|turn| *turn != QuarterTurn::None) {
                look.turn = Some(turn);
                seen = self.look(&image, look, &mut times)?;
            }
        }
        if !way_up_is_known {
            seen.cleaned.quality = seen.cleaned.quality.doubted(QualityReason::WayUp);
        }
        let Seen {
            cleaned,
            upright,
            page,
            text,
        } = seen;
        let untouched = cleaned.transforms.is_empty() && format == RawFormat::Jpeg.name();
        // After the text: somebody waits for that, and codes are nothing to read along with.
        let decoding = Instant::now();
        let (barcodes, jpeg) = std::thread::scope(|scope| {
            // The scanner's own JPEG goes into the copy as it came where nothing had to change.
            let jpeg =
                (!untouched).then(|| scope.spawn(|| imaging::encode_jpeg(&upright, COPY_QUALITY)));
            let barcodes = imaging::barcodes(&page);
            let jpeg = jpeg.map(|jpeg| jpeg.join().unwrap_or_else(|panic| resume_unwind(panic)));
            (barcodes, jpeg.unwrap_or_default())
        });
        times.clean_ms += millis(decoding);
        self.keep(key, page);
        let answer = ReadAnswer {
            transforms: cleaned.transforms.iter().map(Into::into).collect(),
            skew_deg: cleaned.skew_deg,
            appraisal: mirror::Appraisal::new(&cleaned, barcodes),
            text: (&text).into(),
            times,
            engines: self.engines.clone(),
            notice: self.notice.clone(),
        };
        Ok((Answer::Read(Box::new(answer)), jpeg))
    }

    /// Cleans and reads the image in this position.
    fn look(
        &mut self,
        image: &DynamicImage,
        look: Look<'_>,
        times: &mut ReadTimes,
    ) -> Result<Seen, Failure> {
        let cleaning = Instant::now();
        let mut cleaned = imaging::clean(image, look.turn.unwrap_or_default(), look.dpi);
        let upright = imaging::upright(image, &cleaned.transforms);
        cleaned.transforms = after(look.by_hand, &cleaned.transforms);
        let page = imaging::for_reading(&upright);
        times.clean_ms += millis(cleaning);
        let recognising = Instant::now();
        let text = if cleaned.blank {
            RecognisedText::default()
        } else if look.head_first {
            self.read_head_first(&page, &cleaned.transforms, look.turn.is_some())?
        } else {
            self.reader()?.read_page(&page)?
        };
        times.recognise_ms += millis(recognising);
        Ok(Seen {
            cleaned,
            upright,
            page,
            text,
        })
    }

    fn read_head_first(
        &mut self,
        page: &GrayImage,
        transforms: &[Transform],
        is_decided: bool,
    ) -> Result<RecognisedText, Failure> {
        self.reader()?;
        let (Some(reader), answers) = (&mut self.reader, &self.answers) else {
            return Err(Failure::Protocol);
        };
        let mut show = |text: RecognisedText| {
            if !is_decided && !Reader::is_surely_upright(&text) {
                return;
            }
            let head = Answer::Head {
                transforms: transforms.iter().map(Into::into).collect(),
                text: (&text).into(),
            };
            // A desk that is gone is noticed at the answer itself.
            let _ = say(answers, &head, &[]);
        };
        reader.read_page_head_first(page, &mut show)
    }

    fn keep(&mut self, key: String, page: GrayImage) {
        self.kept.retain(|(kept, _)| *kept != key);
        if self.kept.len() == PAGES_KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back((key, page));
    }

    /// Reads more of a page that was read before, while it is still kept.
    fn on_kept_page(
        &mut self,
        key: &str,
        text: mirror::Text,
        read: impl FnOnce(&mut AtWork, &GrayImage, &mut RecognisedText) -> Result<(), Failure>,
    ) -> Result<(Answer, Vec<u8>), Failure> {
        let Some(place) = self.kept.iter().position(|(kept, _)| kept == key) else {
            return Ok((Answer::Forgotten, Vec::new()));
        };
        let (key, page) = self.kept.remove(place).ok_or(Failure::Protocol)?;
        let mut text = text.into();
        let outcome = self
            .reader()
            .and_then(|reader| read(reader, &page, &mut text));
        self.kept.push_back((key, page));
        outcome?;
        Ok((Answer::Text((&text).into()), Vec::new()))
    }
}

fn say(answers: &Mutex<BufWriter<Stdout>>, answer: &Answer, payload: &[u8]) -> io::Result<()> {
    let mut pipe = answers.lock().unwrap_or_else(PoisonError::into_inner);
    frame::write(&mut *pipe, answer, payload)
}

fn devices() -> Answer {
    let listed = scan::devices::list().into_iter();
    Answer::Devices(listed.map(Into::into).collect())
}

fn picture(
    format: &str,
    transforms: Vec<mirror::Transform>,
    width_px: Option<u32>,
    raw: &[u8],
) -> Result<(Answer, Vec<u8>), Failure> {
    let image = decode(format, raw)?;
    let upright = imaging::upright(&image, &transforms_of(transforms));
    let jpeg = match width_px {
        Some(width_px) if width_px < upright.width() => {
            let small = DynamicImage::ImageRgb8(imaging::thumbnail(&upright, width_px));
            imaging::encode_jpeg(&small, COPY_QUALITY)
        }
        _ => imaging::encode_jpeg(&upright, COPY_QUALITY),
    };
    Ok((Answer::Picture, jpeg))
}

/// Cleans and judges an image that nobody reads yet: somebody waits for the next sheet.
fn appraise(
    format: &str,
    look: Look<'_>,
    codes: bool,
    raw: &[u8],
) -> Result<(Answer, Vec<u8>), Failure> {
    let image = decode_cut(format, raw, look.by_hand)?;
    let (cleaned, barcodes) = std::thread::scope(|scope| {
        let barcodes = codes.then(|| scope.spawn(|| imaging::barcodes(&image.to_luma8())));
        let cleaned = imaging::clean(&image, look.turn.unwrap_or_default(), look.dpi);
        let barcodes =
            barcodes.map(|codes| codes.join().unwrap_or_else(|panic| resume_unwind(panic)));
        (cleaned, barcodes.unwrap_or_default())
    });
    let transforms = after(look.by_hand, &cleaned.transforms);
    let answer = Answer::Appraised {
        transforms: transforms.iter().map(Into::into).collect(),
        appraisal: mirror::Appraisal::new(&cleaned, barcodes),
    };
    Ok((answer, Vec::new()))
}

fn transforms_of(mirrors: Vec<mirror::Transform>) -> Vec<Transform> {
    mirrors.into_iter().map(Into::into).collect()
}

/// What was done by hand comes first on the way from the raw page.
fn after(by_hand: &[Transform], found: &[Transform]) -> Vec<Transform> {
    [by_hand, found].concat()
}

/// The image as a person has cut and masked it.
fn decode_cut(format: &str, raw: &[u8], by_hand: &[Transform]) -> Result<DynamicImage, Failure> {
    let image = decode(format, raw)?;
    if by_hand.is_empty() {
        return Ok(image);
    }
    Ok(imaging::upright(&image, by_hand))
}

pub(super) fn decode(format: &str, raw: &[u8]) -> Result<DynamicImage, Failure> {
    let format = RawFormat::from_name(format).ok_or(Failure::Protocol)?;
    scan::decode(raw, format, &Limits::default()).map_err(|error| failed(&error))
}

fn failed(error: &scan::Error) -> Failure {
    Failure::Scan {
        name: error.name().to_owned(),
        sheet: error.sheet(),
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "used as a function in map_err"
)]
pub(super) fn recognise_failed(error: ocr::Error) -> Failure {
    Failure::Recognise(error.to_string())
}

fn millis(since: Instant) -> u64 {
    since.elapsed().as_millis() as u64
}
