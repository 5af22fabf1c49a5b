//! What a page image is worth, while the citizen is still there.

use std::sync::mpsc;

use domain::ids::PageId;
use domain::page::{Page, VoidReason};
use domain::rights::Right;
use domain::scan_profile::Blanks;

use super::void_page;
use crate::worker::PageToRead;
use crate::{Desk, Error, camera};

/// What there is to say while pages come in.
#[derive(Clone, Copy, Debug)]
pub enum Coming<'p> {
    /// The page is stored.
    Stored(&'p Page),
    /// It was looked at: good enough, blank, straight. It may have been set aside.
    Appraised(&'p Page),
}

/// Lets pages come in, and looks at each beside that, so that no scanner waits for it.
pub fn appraising(
    desk: &Desk,
    blanks: Blanks,
    each: &(dyn Fn(Coming<'_>) + Sync),
    pages_come: impl FnOnce(&mut dyn FnMut(&Page)) -> Result<(), Error>,
) -> Result<(), Error> {
    desk.may(Right::Scan)?;
    let (stored, to_look_at) = mpsc::channel::<PageId>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for page_id in to_look_at {
                match appraise_page(desk, page_id, blanks) {
                    Ok(page) => each(Coming::Appraised(&page)),
                    // The page is stored, and reading looks at it again.
                    Err(error) => tracing::warn!(%page_id, %error, "a page was not appraised"),
                }
            }
        });
        pages_come(&mut |page| {
            each(Coming::Stored(page));
            // The other end hears until this one is dropped.
            let _ = stored.send(page.id);
        })
        .map(|()| drop(stored))
    })
}

/// Finds out how good the image of a page is, and whether it is blank.
pub fn appraise_page(desk: &Desk, page_id: PageId, blanks: Blanks) -> Result<Page, Error> {
    desk.may(Right::Scan)?;
    let page = desk.vault.read(|read| read.page(page_id))?;
    let raw = desk.vault.unseal(&page.raw.sealed_digest)?;
    let (transforms, appraisal) = desk.crew.appraise(&PageToRead::of(&page, &raw), false)?;
    let is_blank = appraisal.blank;
    let still_so = desk.vault.write(|write| {
        let now = write.page(page_id)?;
        // Somebody may have turned it or taken it out meanwhile, or it was read.
        let still_so = now.voided.is_none()
            && now.appraisal.is_none()
            && (&now.by_hand, &now.transforms) == (&page.by_hand, &page.transforms);
        if still_so {
            write.set_transforms(page_id, &transforms)?;
            let appraisal = camera::asked_about(write, &now, appraisal)?;
            write.set_appraisal(page_id, &appraisal)?;
        }
        Ok::<_, Error>(still_so)
    })?;
    if still_so && is_blank && blanks == Blanks::SetAside {
        return void_page(desk, page_id, VoidReason::Blank);
    }
    Ok(desk.vault.read(|read| read.page(page_id))?)
}
