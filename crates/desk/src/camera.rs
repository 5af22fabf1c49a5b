//! Papers laid under a document camera, while somebody watches.
//!
//! The officer sees the live picture with the outline of the sheet in it. A page is taken
//! by the shutter, or by itself once a paper lies there and the hand is gone; it is stored
//! as the camera sent it, with the way in which its sheet is laid flat.

pub use ::scan::camera::{LivePicture, Shutter, recorded};

use ::scan::camera::PREFIX;
use domain::ids::DocumentId;
use domain::page::Page;
use domain::rights::Right;

use crate::scan::{Intake, Placement, changeable};
use crate::worker::Hand;
use crate::{CancelToken, Desk, Error, ScanError};

/// A camera to be watched, and where its pages go.
#[derive(Clone, Copy, Debug)]
pub struct Watch<'a> {
    /// The camera.
    pub device: &'a str,
    /// Where the pages shall stand.
    pub placement: Placement,
    /// Ends it.
    pub cancel: &'a CancelToken,
    /// Takes what lies under the camera now.
    pub shutter: &'a Shutter,
}

/// Whether the device of this id is a camera, which can be watched.
pub fn is_camera(device: &str) -> bool {
    device.starts_with(PREFIX)
}

/// Watches a camera until somebody has seen enough, which is no fault. `each` hears of a
/// page once it is stored; `live` gets a small picture up to ten times a second.
pub fn watch_camera(
    desk: &Desk,
    document_id: DocumentId,
    watch: &Watch<'_>,
    each: &mut dyn FnMut(&Page),
    live: &mut dyn FnMut(LivePicture),
) -> Result<(), Error> {
    desk.may(Right::Scan)?;
    changeable(desk, document_id)?;
    if !is_camera(watch.device) {
        return Err(ScanError::NoSuchDevice.into());
    }
    let hand = Hand {
        cancel: watch.cancel,
        shutter: watch.shutter,
    };
    Intake::new(desk, document_id, watch.placement)?
        .run(each, |keep| desk.crew.watch(watch.device, hand, keep, live))
}
