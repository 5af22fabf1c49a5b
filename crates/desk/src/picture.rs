//! Pictures of pages, for our own window only.

use domain::geometry::Rectangle;
use domain::ids::PageId;
use domain::page::{Page, RawFormat};
use domain::rights::Right;

use crate::by_hand::on_page;
use crate::error::Refusal;
use crate::search::are_pictures_masked;
use crate::worker::PageToShow;
use crate::{Desk, Error};

/// The page, when the officer may see a picture of it now.
fn page_to_show(desk: &Desk, page_id: PageId) -> Result<Page, Error> {
    desk.may(Right::SeeOpenPapers)?;
    let (page, document) = desk.vault.read(|read| {
        let page = read.page(page_id)?;
        let document = read.document(page.document_id)?;
        Ok::<_, vault::Error>((page, document))
    })?;
    if document.state == domain::document::DocumentState::Deposited {
        desk.may(Right::Find)?;
    }
    if are_pictures_masked(desk, &document) {
        return Err(Refusal::Masked.into());
    }
    desk.saw(document.id)?;
    Ok(page)
}

/// The upright page as JPEG, at most `width_px` wide.
pub fn page_picture(desk: &Desk, page_id: PageId, width_px: Option<u32>) -> Result<Vec<u8>, Error> {
    let page = page_to_show(desk, page_id)?;
    let raw = desk.vault.unseal(&page.raw.sealed_digest)?;
    if width_px.is_none() && page.transforms.is_empty() && page.raw.format == RawFormat::Jpeg {
        return Ok(raw.to_vec());
    }
    desk.crew
        .picture(&raw, page.raw.format, &page.transforms, width_px)
}

/// An area of the upright page as JPEG, at most `width_px` wide. A place that is not
/// wholly on the page is refused.
pub fn close_up(
    desk: &Desk,
    page_id: PageId,
    area: Rectangle,
    width_px: u32,
) -> Result<Vec<u8>, Error> {
    let page = page_to_show(desk, page_id)?;
    on_page(&page, &area)?;
    let raw = || Ok(desk.vault.unseal(&page.raw.sealed_digest)?);
    let page = PageToShow {
        // Another turn of the page is another picture of it.
        key: format!("upright/{page_id}/{:?}", page.transforms),
        raw: &raw,
        format: page.raw.format,
        transforms: &page.transforms,
    };
    desk.crew.close_up(&page, area, width_px.max(1))
}
