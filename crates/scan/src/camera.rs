//! A document camera: it looks down on a table, and whoever lays a paper there has
//! scanned it.
//!
//! A *frame* is one picture of the stream, at the finest size that the camera has. A page
//! is a frame that was *taken*: by the shutter, or by stillness, once a paper lies there
//! and nothing has moved for a while. What lies under the camera is taken once, and again
//! only after it changed. The bytes of a frame stay as the camera sent them.
//!
//! Where paper lies the camera cannot tell by itself: it is given an *eye*, which finds
//! the outline of a sheet in a small picture.

mod frame;
mod mjpeg;
mod recorded;
mod source;
mod stillness;
#[cfg(target_os = "linux")]
mod v4l2;
mod yuyv;

use std::fmt;
use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::geometry::Corners;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, RgbImage};

use crate::error::Error;
use crate::file::RawPage;
use crate::limits::Limits;
use crate::scanner::{CancelToken, Device, ScanSettings, ScanSource, Scanner, Sides};
use crate::trace::Trace;
use frame::Frame;
use source::Source;
use stillness::Stillness;

/// Ids of cameras begin so.
pub const PREFIX: &str = "camera:";

/// Names a folder of recorded frames that is offered as a camera beside the real ones:
/// for training without a device, and for tests.
const RECORDED: &str = "SOHOA_CAMERA";

/// Long side of the live picture, in pixels.
const LIVE_SIDE: u32 = 800;

/// A live picture at most this often; what comes in between is not looked at.
const LIVE_EVERY: Duration = Duration::from_millis(100);

/// JPEG quality of the live picture, which nobody keeps.
const LIVE_QUALITY: u8 = 70;

/// After this time without another paper there is none: the feeder of a camera is the
/// hand that lays papers under it.
const NO_MORE_PAPER: Duration = Duration::from_secs(20);

/// As long a picture may be unquiet that is asked for once, like a sheet on the glass.
const LONGEST_UNREST: Duration = Duration::from_secs(5);

/// Finds a sheet in a small picture: its corners in pixels of that picture, clockwise.
type Eye = dyn Fn(&DynamicImage) -> Option<Corners>;

/// The shutter of a camera, pressed from another thread.
#[derive(Clone, Debug, Default)]
pub struct Shutter {
    pressed: Arc<AtomicBool>,
    by_hand_only: Arc<AtomicBool>,
}

impl Shutter {
    /// Takes what lies under the camera now.
    pub fn press(&self) {
        self.pressed.store(true, Ordering::Release);
    }

    /// Whether stillness takes a page too, which it does unless somebody said otherwise.
    pub fn set_by_stillness(&self, by_stillness: bool) {
        self.by_hand_only.store(!by_stillness, Ordering::Release);
    }

    /// Whether stillness takes a page too.
    pub fn is_by_stillness(&self) -> bool {
        !self.by_hand_only.load(Ordering::Acquire)
    }

    /// Whether it was pressed since it was last asked.
    pub fn take_press(&self) -> bool {
        self.pressed.swap(false, Ordering::AcqRel)
    }
}

/// What somebody who watches a camera gets to see.
#[derive(Debug)]
pub enum Seen {
    /// The picture of this moment, small.
    Live(LivePicture),
    /// A page was taken.
    Page(RawPage),
}

/// The picture of one moment, for people.
#[derive(Clone, PartialEq)]
pub struct LivePicture {
    /// A small JPEG.
    pub jpeg: Vec<u8>,
    /// Its width and height in pixels.
    pub size: (u32, u32),
    /// The corners of the sheet that was found, in its pixels.
    pub outline: Option<Corners>,
    /// What lies there was taken already.
    pub is_taken: bool,
}

impl fmt::Debug for LivePicture {
    /// Says how large it is, never what it shows.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LivePicture")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// All cameras of this computer.
pub fn list() -> Vec<Device> {
    #[cfg(target_os = "linux")]
    let mut found = v4l2::list();
    #[cfg(not(target_os = "linux"))]
    let mut found = Vec::new();
    found.extend(recorded());
    found
}

/// The folder of recorded frames that is offered as a camera, where there is one.
pub fn recorded() -> Option<Device> {
    let folder = std::env::var_os(RECORDED)?;
    let id = format!("{PREFIX}{}", folder.display());
    CameraScanner::open(&id, Trace::off()).ok()?.describe().ok()
}

fn device(id: String, name: String) -> Device {
    Device {
        id,
        name,
        sources: ScanSource::ALL.to_vec(),
        both_sides: false,
        // What a camera resolves depends on how far the paper lies below it.
        resolutions_dpi: Vec::new(),
    }
}

/// A camera that is open.
pub struct CameraScanner {
    id: String,
    source: Source,
    eye: Box<Eye>,
    stillness: Stillness,
    limits: Limits,
    trace: Trace,
}

impl fmt::Debug for CameraScanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CameraScanner")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// What a frame shows, small enough to be looked at ten times a second.
struct Look {
    frame: Frame,
    image: DynamicImage,
    small: RgbImage,
    outline: Option<Corners>,
    /// A paper lies there, nothing moves, and it was not taken yet.
    is_ready: bool,
    is_quiet: bool,
}

impl Look {
    fn page(&self) -> Result<RawPage, Error> {
        self.frame.page(&self.image)
    }
}

impl CameraScanner {
    /// Opens a camera by its id: `camera:/dev/video0`, or `camera:` and a folder of
    /// recorded frames. It has no eye yet and takes every still picture for a paper.
    pub fn open(id: &str, trace: Trace) -> Result<Self, Error> {
        let place = id.strip_prefix(PREFIX).ok_or(Error::NoSuchDevice)?;
        let source = Source::open(place, &trace).inspect_err(|error| {
            trace.note(|| format!("camera open {}", error.name()));
        })?;
        Ok(Self {
            id: id.to_owned(),
            source,
            eye: Box::new(|picture| {
                let (width, height) = (picture.width() as f32, picture.height() as f32);
                Some([(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)])
            }),
            stillness: Stillness::default(),
            limits: Limits::default(),
            trace,
        })
    }

    /// The same camera, with this eye for paper.
    #[must_use]
    pub fn with_eye(self, eye: impl Fn(&DynamicImage) -> Option<Corners> + 'static) -> Self {
        Self {
            eye: Box::new(eye),
            ..self
        }
    }

    /// Watches until `cancel` is pressed: shows the live picture, and hands over each page
    /// that is taken. `see` returns once a page is safe; when it fails, that ends it.
    pub fn watch(
        &mut self,
        cancel: &CancelToken,
        shutter: &Shutter,
        see: &mut dyn FnMut(Seen) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut last: Option<Look> = None;
        loop {
            cancel.check()?;
            let look = match self.look(cancel)? {
                Some(look) => look,
                // A recording stays as it ended, so that the shutter still has something.
                None => last.take().ok_or(Error::DeviceGone)?,
            };
            if self.source.is_recorded() {
                cancel.wait(LIVE_EVERY)?;
            }
            let by_stillness = look.is_ready && shutter.is_by_stillness();
            let is_pressed = shutter.take_press();
            see(Seen::Live(live(&look, self.stillness.is_taken())?))?;
            if is_pressed || by_stillness {
                self.note_taken(is_pressed);
                see(Seen::Page(look.page()?))?;
                self.stillness.taken();
            }
            last = Some(Look {
                is_ready: false,
                ..look
            });
        }
    }

    /// Pages by stillness, until nobody lays another paper.
    fn feed(&mut self, cancel: &CancelToken, each: &mut Each<'_>) -> Result<(), Error> {
        let mut pages = 0;
        let mut last_at = None;
        while let Some(look) = self.look(cancel)? {
            let since = *last_at.get_or_insert(look.frame.at);
            if look.is_ready {
                self.note_taken(false);
                each(look.page()?)?;
                self.stillness.taken();
                pages += 1;
                last_at = Some(look.frame.at);
            } else if look.frame.at.saturating_sub(since) >= NO_MORE_PAPER {
                break;
            }
        }
        if pages == 0 {
            Err(Error::FeederEmpty)
        } else {
            Ok(())
        }
    }

    /// One page, as soon as the picture is quiet.
    fn snap(&mut self, cancel: &CancelToken, each: &mut Each<'_>) -> Result<(), Error> {
        let mut first_at = None;
        let mut last = None;
        while let Some(look) = self.look(cancel)? {
            let since = *first_at.get_or_insert(look.frame.at);
            let waited = look.frame.at.saturating_sub(since);
            let is_due = look.is_quiet || waited >= LONGEST_UNREST;
            last = Some(look);
            if is_due {
                break;
            }
        }
        let look = last.ok_or(Error::FeederEmpty)?;
        self.note_taken(true);
        each(look.page()?)?;
        self.stillness.taken();
        Ok(())
    }

    /// The next frame that can be seen; `None` at the end of a recording.
    fn look(&mut self, cancel: &CancelToken) -> Result<Option<Look>, Error> {
        loop {
            cancel.check()?;
            let Some(frame) = self.source.next(cancel)? else {
                return Ok(None);
            };
            // A frame that was torn on the wire is followed by the next one.
            let Ok(image) = frame.decode(&self.limits) else {
                self.trace.note(|| "camera frame damaged");
                continue;
            };
            let side = LIVE_SIDE.min(image.width().max(image.height()));
            let small = image.thumbnail(side, side).into_rgb8();
            let shown = DynamicImage::ImageRgb8(small);
            let outline = (self.eye)(&shown);
            let (is_quiet, is_new) = self.stillness.see(frame.at, &shown);
            return Ok(Some(Look {
                frame,
                image,
                small: shown.into_rgb8(),
                outline,
                is_ready: is_quiet && is_new && outline.is_some(),
                is_quiet,
            }));
        }
    }

    fn note_taken(&self, by_hand: bool) {
        let how = if by_hand { "by hand" } else { "by stillness" };
        self.trace.note(|| format!("camera page taken {how}"));
    }
}

type Each<'e> = dyn FnMut(RawPage) -> Result<(), Error> + 'e;

fn live(look: &Look, is_taken: bool) -> Result<LivePicture, Error> {
    let mut jpeg = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut jpeg, LIVE_QUALITY)
        .encode_image(&look.small)
        .map_err(|_| Error::DeviceGone)?;
    Ok(LivePicture {
        jpeg: jpeg.into_inner(),
        size: look.small.dimensions(),
        outline: look.outline,
        is_taken,
    })
}

impl Scanner for CameraScanner {
    fn describe(&self) -> Result<Device, Error> {
        Ok(device(self.id.clone(), self.source.name().to_owned()))
    }

    /// From the feeder a page for every paper that is laid under the camera, until none
    /// was for twenty seconds; from the flatbed the one that lies there. Resolution and
    /// colour are what the camera gives.
    fn scan(
        &mut self,
        settings: &ScanSettings,
        cancel: &CancelToken,
        each: &mut dyn FnMut(RawPage) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if settings.sides != Sides::One {
            return Err(Error::SourceNotOffered);
        }
        match settings.source {
            ScanSource::Feeder => self.feed(cancel, each),
            ScanSource::Flatbed => self.snap(cancel, each),
        }
    }
}
