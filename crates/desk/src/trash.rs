//! The trash: pages that were taken out, for as many days as the rules say; then erased.
//!
//! Nothing else is ever erased. The row of the page stays, and the audit trail says, signed,
//! which image is gone, since when, by whom and why.

use chrono::{DateTime, Utc};
use domain::audit::{Act, AuditEvent};
use domain::document::Document;
use domain::ids::{AuditEventId, PageId};
use domain::page::Page;
use domain::retention::{EraseReason, Tombstone};
use domain::rights::Right;
use uuid::Uuid;

use crate::{Desk, Error};

/// A page in the trash.
#[derive(Clone, Debug)]
pub struct Trashed {
    /// The page, with who took it out, when and why.
    pub page: Page,
    /// The paper to which it belonged.
    pub document: Document,
    /// From when on it may be erased.
    pub erasable_at: DateTime<Utc>,
}

/// What is in the trash, the page that was taken out first in front.
pub fn list(desk: &Desk) -> Result<Vec<Trashed>, Error> {
    desk.may(Right::SeeOpenPapers)?;
    in_trash(desk)
}

fn in_trash(desk: &Desk) -> Result<Vec<Trashed>, Error> {
    let rules = desk.catalogue.retention();
    desk.vault.read(|read| {
        let trashed = read.trash()?.into_iter().filter_map(|page| {
            let voided_at = page.voided.as_ref()?.voided_at;
            Some(read.document(page.document_id).map(|document| Trashed {
                document,
                erasable_at: rules.erasable_at(voided_at),
                page,
            }))
        });
        Ok(trashed.collect::<Result<_, vault::Error>>()?)
    })
}

/// Puts a page back into its paper, at the place where it was.
pub fn restore(desk: &Desk, page_id: PageId) -> Result<Page, Error> {
    crate::scan::restore_page(desk, page_id)
}

/// Erases every page whose days in the trash are over. Returns what stays of them.
///
/// Never by itself: a person asks for it, and answers for it in the trail.
pub fn erase(desk: &Desk) -> Result<Vec<Tombstone>, Error> {
    desk.may(Right::Erase)?;
    let now = desk.clock.now();
    let over = in_trash(desk)?
        .into_iter()
        .filter(|trashed| trashed.erasable_at <= now);
    let stones: Vec<Tombstone> = over
        .map(|trashed| Tombstone {
            page_id: trashed.page.id,
            document_id: trashed.document.id,
            sealed_digest: trashed.page.raw.sealed_digest,
            erased_at: now,
            erased_by: desk.officer.id,
            reason: EraseReason::TrashDaysOver,
        })
        .collect();
    desk.vault.write(|write| {
        for stone in &stones {
            let event = AuditEvent {
                id: AuditEventId::from_uuid(Uuid::now_v7()),
                happened_at: now,
                officer_id: desk.officer.id,
                act: Act::PageErased(stone.document_id, stone.page_id, stone.inscription()),
            };
            write.erase_page(stone, &event)?;
        }
        Ok::<_, Error>(())
    })?;
    desk.vault.destroy_erased()?;
    Ok(stones)
}
