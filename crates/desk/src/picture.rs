//! Pictures of pages, for our own window only.

use domain::geometry::Rectangle;
use domain::ids::PageId;
use domain::page::RawFormat;

use crate::by_hand::on_page;
use crate::worker::PageToShow;
use crate::{Desk, Error};

/// The upright page as JPEG, at most `width_px` wide.
pub fn page_picture(desk: &Desk, page_id: PageId, width_px: Option<u32>) -> Result<Vec<u8>, Error> {
    let page = desk.vault.read(|read| read.page(page_id))?;
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
    let page = desk.vault.read(|read| read.page(page_id))?;
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
