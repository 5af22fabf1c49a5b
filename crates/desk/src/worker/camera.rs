//! A camera that somebody watches, through a worker.

use domain::geometry::Transform;
use scan::camera::{CameraScanner, LivePicture, Shutter};
use scan::{Limits, RawPage, Trace};

use super::crew::{Crew, SCAN_LIMIT, Trouble, receive};
use super::message::{Answer, Request};
use super::page::ReceivedPage;
use crate::{CancelToken, Error};

/// Who hears what a worker says between pages.
pub(super) struct Ears<'e> {
    /// Lines of what was said to the device.
    pub(super) trace: &'e mut dyn FnMut(String),
    /// Live pictures of a camera; nobody, where none is watched.
    live: Option<&'e mut dyn FnMut(LivePicture)>,
    /// The shutter of a camera, and what the worker was last told of stillness.
    shutter: Option<(&'e Shutter, bool)>,
}

impl<'e> Ears<'e> {
    /// No camera, only a recorder.
    pub(super) fn for_trace(trace: &'e mut dyn FnMut(String)) -> Self {
        Self {
            trace,
            live: None,
            shutter: None,
        }
    }

    pub(super) fn see(&mut self, picture: LivePicture) {
        if let Some(live) = &mut self.live {
            live(picture);
        }
    }

    /// What the worker has to be told about the shutter now.
    pub(super) fn steer(&mut self) -> Option<Request> {
        let (shutter, told) = self.shutter.as_mut()?;
        let press = shutter.take_press();
        let by_stillness = shutter.is_by_stillness();
        if !press && by_stillness == *told {
            return None;
        }
        *told = by_stillness;
        Some(Request::Steer {
            press,
            by_stillness,
        })
    }
}

/// The hand of somebody who watches a camera.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hand<'h> {
    /// Ends it.
    pub(crate) cancel: &'h CancelToken,
    /// Takes a page.
    pub(crate) shutter: &'h Shutter,
}

impl Crew {
    /// Watches a camera until it is cancelled; the next page is taken when `each` has
    /// stored the one before.
    pub(crate) fn watch(
        &self,
        device: &str,
        hand: Hand<'_>,
        each: &mut dyn FnMut(ReceivedPage) -> Result<(), Error>,
        live: &mut dyn FnMut(LivePicture),
    ) -> Result<(), Error> {
        let mut worker = self.take(None)?;
        let by_stillness = hand.shutter.is_by_stillness();
        let request = Request::Watch {
            device: device.to_owned(),
            by_stillness,
        };
        let mut ears = Ears {
            trace: &mut |_| (),
            live: Some(live),
            shutter: Some((hand.shutter, by_stillness)),
        };
        let outcome = worker.tell(&request, &[]).map_err(Trouble::from);
        let outcome =
            outcome.and_then(|()| receive(&mut worker, SCAN_LIMIT, hand.cancel, each, &mut ears));
        match outcome {
            Ok(()) => {
                self.give_back(worker);
                Ok(())
            }
            // Whoever has seen enough of a camera stops watching; nothing was broken off.
            Err(Trouble::Failed(Error::Scan(scan::Error::Cancelled))) => Ok(()),
            Err(Trouble::Lost) => Err(scan::Error::DeviceGone.into()),
            Err(Trouble::Failed(error)) => Err(error),
        }
    }
}

/// The worker's side: a camera that knows paper when it sees it.
pub(super) const PREFIX: &str = scan::camera::PREFIX;

pub(super) fn open(device: &str, trace: Trace) -> Result<CameraScanner, scan::Error> {
    let camera = CameraScanner::open(device, trace)?;
    Ok(camera.with_eye(|picture| imaging::outline(picture).map(|found| found.flat.corners)))
}

pub(super) fn live(picture: LivePicture) -> (Answer, Vec<u8>) {
    let (width_px, height_px) = picture.size;
    let answer = Answer::Live {
        width_px,
        height_px,
        outline: picture.outline,
        is_taken: picture.is_taken,
    };
    (answer, picture.jpeg)
}

/// The page, with how finely its sheet was seen and how it is laid flat. Where no sheet is
/// found the picture stays whole.
pub(super) fn found_on(page: RawPage) -> (RawPage, Vec<Transform>) {
    let image = scan::decode(&page.bytes, page.format, &Limits::default());
    let found = image.ok().and_then(|image| imaging::outline(&image));
    match found {
        Some(found) => {
            let dpi = found.dpi;
            let flat = Transform::Flatten(found.flat);
            (RawPage { dpi, ..page }, vec![flat])
        }
        None => (page, Vec::new()),
    }
}
