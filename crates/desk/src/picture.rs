//! The picture of a page, for our own window only.

use domain::ids::PageId;
use domain::page::RawFormat;

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
