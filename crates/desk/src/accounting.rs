//! Counting the images of a document against the pages of its paper.

use domain::accounting::{Accounting, Vouched};
use domain::audit::Act;
use domain::ids::DocumentId;
use domain::rights::Right;
use vault::Reader;

use crate::error::Refusal;
use crate::scan::{PAGES_PER_DOCUMENT, changeable};
use crate::{Desk, Error};

/// Where every page of the paper went, and what does not add up.
pub fn of_document(desk: &Desk, document_id: DocumentId) -> Result<Accounting, Error> {
    desk.may(Right::SeeOpenPapers)?;
    Ok(desk.vault.read(|read| count(read, document_id))?)
}

pub(crate) fn count(
    read: &Reader<'_>,
    document_id: DocumentId,
) -> Result<Accounting, vault::Error> {
    Ok(Accounting::of(
        &read.pages_of(document_id)?,
        &read.voided_pages_of(document_id)?,
        &read.feeds_of(document_id)?,
        read.declared_pages(document_id)?,
        read.vouched(document_id)?,
    ))
}

/// Says how many pages the paper has; `None` takes it back.
pub fn declare_pages(
    desk: &Desk,
    document_id: DocumentId,
    pages: Option<u32>,
) -> Result<Accounting, Error> {
    desk.may(Right::Scan)?;
    changeable(desk, document_id)?;
    if pages.is_some_and(|pages| pages == 0 || pages as usize > PAGES_PER_DOCUMENT) {
        return Err(Refusal::NoSuchPlace.into());
    }
    desk.vault.write(|write| {
        write.set_declared_pages(document_id, pages)?;
        desk.audit(write, Act::PagesDeclared(document_id))?;
        Ok(count(write, document_id)?)
    })
}

/// Gives the officer's word that the paper is whole although its pages do not add up:
/// for what does not add up now, and for nothing else.
pub fn vouch(desk: &Desk, document_id: DocumentId) -> Result<Accounting, Error> {
    desk.may(Right::Decide)?;
    changeable(desk, document_id)?;
    desk.vault.write(|write| {
        let gaps = count(write, document_id)?.gaps;
        if !gaps.is_empty() {
            let vouched = Vouched {
                by: desk.officer.id,
                at: desk.clock.now(),
                gaps,
            };
            write.set_vouched(document_id, &vouched)?;
            desk.audit(write, Act::PagesVouched(document_id))?;
        }
        Ok(count(write, document_id)?)
    })
}
