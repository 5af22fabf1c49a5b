//! Papers laid under a document camera, while somebody watches.
//!
//! The officer sees the live picture with the outline of the sheet in it. A page is taken
//! by the shutter, or by itself once a paper lies there and the hand is gone; it is stored
//! as the camera sent it, with the way in which its sheet is laid flat.

pub use ::scan::camera::{LivePicture, Shutter, recorded};

use ::scan::camera::PREFIX;
use domain::geometry::Transform;
use domain::ids::DocumentId;
use domain::page::{Appraisal, Page};
use domain::quality::QualityReason;
use domain::rights::Right;
use vault::Reader;

use crate::scan::{Intake, Placement, changeable};
use crate::worker::Hand;
use crate::{CancelToken, Desk, Error, ScanError, room};

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

/// Whether it is settled where on the picture the sheet lies: it was found there, or a person
/// has cut it out.
pub(crate) fn has_outline(page: &Page) -> bool {
    let mut by_hand = page.by_hand.iter();
    by_hand.any(|step| matches!(step, Transform::Flatten(_) | Transform::Crop(_)))
}

/// What cleaning found on a page; of a picture in which no sheet was found the officer is
/// asked: table and all, it has the shape of some paper, and would pass for a sheet of it.
pub(crate) fn asked_about(
    read: &Reader<'_>,
    page: &Page,
    found: Appraisal,
) -> Result<Appraisal, vault::Error> {
    if has_outline(page) || !read.is_unbounded(page.masked_from.unwrap_or(page.id))? {
        return Ok(found);
    }
    Ok(Appraisal {
        quality: found.quality.refused(QualityReason::NoOutline),
        ..found
    })
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
    room::enough(desk)?;
    if !is_camera(watch.device) {
        return Err(ScanError::NoSuchDevice.into());
    }
    let hand = Hand {
        cancel: watch.cancel,
        shutter: watch.shutter,
    };
    Intake::new(desk, document_id, watch.placement)?
        .of_device(watch.device)
        .run(each, |keep| desk.crew.watch(watch.device, hand, keep, live))
}
