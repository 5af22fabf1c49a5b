//! What a person does to the picture of a page: turning, cutting, masking a note.
//!
//! The raw bytes stay; cuts and masks are the first transforms on the way from them, in
//! their frame, so that neither a turn nor a new cleaning moves or loses them.

use domain::audit::Act;
use domain::geometry::{PageGeometry, QuarterTurn, Rectangle, Transform};
use domain::ids::PageId;
use domain::page::{Page, VoidReason};
use domain::rights::Right;
use uuid::Uuid;

use crate::error::Refusal;
use crate::scan::{change_page, change_paper, changeable, reopen, void_page};
use crate::{Desk, Error, original};

/// The smallest piece of a page that is still a page, in pixels a side.
const LEAST_SIDE_PX: u32 = 100;

/// Turns a page by quarters, clockwise from how it is shown now.
pub fn turn_page(desk: &Desk, page_id: PageId, turn: QuarterTurn) -> Result<Page, Error> {
    change_page(desk, page_id, Act::PageChanged, |write, page| {
        let turned = page.turn().unwrap_or_default().then(turn);
        // Kept even when it is no turn: it says that a person has decided.
        let transforms = shown(&page.by_hand, Some(turned));
        write.set_transforms(page_id, &transforms)
    })
}

/// Keeps only an area of the page as it is shown now.
pub fn crop_page(desk: &Desk, page_id: PageId, area: Rectangle) -> Result<Page, Error> {
    desk.may(Right::Scan)?;
    let page = desk.vault.read(|read| read.page(page_id))?;
    on_page(&page, &area)?;
    if area.width < LEAST_SIDE_PX || area.height < LEAST_SIDE_PX {
        return Err(Refusal::NoSuchPlace.into());
    }
    change_paper(desk, page_id, Act::PageChanged, |write, page| {
        let mut by_hand = page.by_hand.clone();
        by_hand.push(Transform::Crop(found(page).to_raw(&area)));
        write.set_by_hand(page_id, &by_hand, &shown(&by_hand, page.turn()))
    })
}

/// Undoes the last cut of a page; of a page that a camera took, in the end the outline
/// of its sheet too, so that the whole picture shows.
pub fn uncrop_page(desk: &Desk, page_id: PageId) -> Result<Page, Error> {
    change_page(desk, page_id, Act::PageChanged, |write, page| {
        // A mask that came after a cut lies in the frame of the cut; on an image that is
        // made without a note, showing more than before would show the note.
        let mut by_hand = page.by_hand.clone();
        if !matches!(by_hand.last(), Some(Transform::Mask(_))) {
            by_hand.pop();
        }
        write.set_by_hand(page_id, &by_hand, &shown(&by_hand, page.turn()))
    })
}

/// Makes a second image of a page with these areas of it masked, right behind it. On an
/// image that has masks already, they are added to those.
// Circular 01/2023/TT-VPCP, art. 8(2): a page bearing a note is copied twice, with the
// note and with the note removed.
pub fn mask_page(desk: &Desk, page_id: PageId, areas: &[Rectangle]) -> Result<Page, Error> {
    desk.may(Right::Scan)?;
    let page = desk.vault.read(|read| read.page(page_id))?;
    original::refuse_change(desk, page.document_id)?;
    if areas.is_empty() || page.voided.is_some() {
        return Err(Refusal::NoSuchPlace.into());
    }
    for area in areas {
        on_page(&page, area)?;
    }
    let masks = areas
        .iter()
        .map(|area| Transform::Mask(found(&page).corners_in_raw(area)));
    let mut by_hand = page.by_hand.clone();
    by_hand.extend(masks);
    let transforms = shown(&by_hand, page.turn());
    if page.masked_from.is_some() {
        return change_page(desk, page_id, Act::PageMasked, |write, _| {
            write.set_by_hand(page_id, &by_hand, &transforms)
        });
    }
    changeable(desk, page.document_id)?;
    desk.vault.write(|write| {
        let masked = Page {
            id: PageId::from_uuid(Uuid::now_v7()),
            document_id: page.document_id,
            feed_id: None,
            masked_from: Some(page_id),
            position: write.page(page_id)?.position + 1,
            raw: page.raw.clone(),
            by_hand,
            transforms,
            appraisal: None,
            scanned_at: desk.clock.now(),
            scanned_by: desk.officer.id,
            mark: None,
            kept_bad: None,
            joined: None,
            voided: None,
        };
        write.insert_page(&masked)?;
        desk.audit(write, Act::PageMasked(masked.document_id, masked.id))?;
        reopen(write, masked.document_id)?;
        Ok(write.page(masked.id)?)
    })
}

/// Takes back the masks that were put last on an image; where none is left the image goes,
/// since without masks it shows nothing that the page itself does not.
pub fn unmask_page(desk: &Desk, page_id: PageId, masks: usize) -> Result<Page, Error> {
    desk.may(Right::Scan)?;
    let page = desk.vault.read(|read| read.page(page_id))?;
    let put = page.by_hand.iter().rev();
    let put = put
        .take_while(|step| matches!(step, Transform::Mask(_)))
        .count();
    if page.masked_from.is_none() || page.voided.is_some() || masks == 0 || masks > put {
        return Err(Refusal::NoSuchPlace.into());
    }
    let kept = &page.by_hand[..page.by_hand.len() - masks];
    if !kept.iter().any(|step| matches!(step, Transform::Mask(_))) {
        return void_page(desk, page_id, VoidReason::Discarded);
    }
    change_paper(desk, page_id, Act::PageMasked, |write, page| {
        write.set_by_hand(page_id, kept, &shown(kept, page.turn()))
    })
}

/// How a page is shown until it is read again: what was found out about skew and borders
/// belongs to the picture before.
fn shown(by_hand: &[Transform], turn: Option<QuarterTurn>) -> Vec<Transform> {
    let mut transforms = by_hand.to_vec();
    transforms.extend(turn.map(Transform::Turn));
    transforms
}

/// The way between what a person's cuts left of the raw image and the upright page.
fn found(page: &Page) -> PageGeometry {
    let cut = PageGeometry::new(page.raw.size, &page.by_hand).upright_size();
    PageGeometry::new(cut, &page.transforms[page.by_hand.len()..])
}

/// Refuses an area that is not wholly on the upright page.
pub(crate) fn on_page(page: &Page, area: &Rectangle) -> Result<(), Refusal> {
    let size = page.geometry().upright_size();
    let ends_on = |from: u32, length: u32, most: u32| {
        length > 0 && from.checked_add(length).is_some_and(|end| end <= most)
    };
    if ends_on(area.x, area.width, size.width_px) && ends_on(area.y, area.height, size.height_px) {
        Ok(())
    } else {
        Err(Refusal::NoSuchPlace)
    }
}
