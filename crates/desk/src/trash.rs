//! The trash: pages that were taken out, for as many days as the rules say; then erased.
//!
//! Nothing else is ever erased. The row of the page stays, and the audit trail says, signed,
//! which image is gone, since when, by whom and why. With the image go the older electronic
//! copies in which it stands and the signed file of which it was a page; where an officer's
//! signature or a deposited record stands on one of them, the page is not erased.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::audit::{Act, AuditEvent};
use domain::document::Document;
use domain::ids::{AuditEventId, PageId};
use domain::page::Page;
use domain::retention::{EraseReason, ErasedFile, Held, Tombstone};
use domain::rights::Right;
use uuid::Uuid;
use vault::Reader;

use crate::error::Refusal;
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
    /// Why it cannot be erased, whatever the day.
    pub held: Option<Held>,
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
            Some((page, rules.erasable_at(voided_at)))
        });
        // What goes together is held together, and is looked into once.
        let mut known: BTreeMap<PageId, Option<Held>> = BTreeMap::new();
        let trashed = trashed.map(|(page, erasable_at)| {
            if !known.contains_key(&page.id) {
                let together = Together::with(read, page.id)?;
                known.extend(together.pages.keys().map(|id| (*id, together.held)));
            }
            Ok::<_, vault::Error>(Trashed {
                document: read.document(page.document_id)?,
                erasable_at,
                held: known[&page.id],
                page,
            })
        });
        Ok(trashed.collect::<Result<_, _>>()?)
    })
}

/// Puts a page back into its paper, at the place where it was.
pub fn restore(desk: &Desk, page_id: PageId) -> Result<Page, Error> {
    crate::scan::restore_page(desk, page_id)
}

/// Erases every page whose days in the trash are over, but for those that are held. Returns
/// what stays of them.
///
/// Never by itself: a person asks for it, and answers for it in the trail.
pub fn erase(desk: &Desk) -> Result<Vec<Tombstone>, Error> {
    desk.may(Right::Erase)?;
    let now = desk.clock.now();
    let mut over: BTreeSet<PageId> = BTreeSet::new();
    for trashed in in_trash(desk)? {
        if trashed.erasable_at <= now {
            over.insert(trashed.page.id);
        }
    }
    let groups = desk.vault.read(|read| {
        let mut groups = Vec::new();
        while let Some(page_id) = over.pop_first() {
            let together = Together::with(read, page_id)?;
            let pages: Vec<PageId> = together.pages.keys().copied().collect();
            // What goes together waits for the last of it.
            let all_over = pages.iter().all(|id| *id == page_id || over.contains(id));
            if together.held.is_none() && all_over {
                over.retain(|id| !pages.contains(id));
                groups.push(together);
            }
        }
        Ok::<_, Error>(groups)
    })?;
    destroy(desk, groups, EraseReason::TrashDaysOver)
}

/// Erases a page of the trash before its days are over, for a reason that a person gives.
/// With it go the pages that cannot stay without it: those of the same image, and those of
/// the same signed file.
// Law 91/2025/QH15 on personal data: what is not to be kept is not kept for a month either.
pub fn erase_now(
    desk: &Desk,
    page_id: PageId,
    reason: EraseReason,
) -> Result<Vec<Tombstone>, Error> {
    desk.may(Right::Erase)?;
    let together = desk.vault.read(|read| {
        let in_trash = read.trash()?.iter().any(|page| page.id == page_id);
        if !in_trash {
            return Err(Error::from(Refusal::NoSuchPlace));
        }
        Ok(Together::with(read, page_id)?)
    })?;
    match together.held {
        Some(held) => Err(Refusal::Held(held).into()),
        None => destroy(desk, vec![together], reason),
    }
}

/// Pages that are erased together, each with the files that go with it.
#[derive(Debug, Default)]
struct Together {
    pages: BTreeMap<PageId, (Page, Vec<ErasedFile>)>,
    held: Option<Held>,
}

impl Together {
    fn with(read: &Reader<'_>, page_id: PageId) -> Result<Self, vault::Error> {
        let mut together = Self::default();
        let mut to_look_at = vec![page_id];
        let mut files: Vec<ErasedFile> = Vec::new();
        while let Some(id) = to_look_at.pop() {
            if together.pages.contains_key(&id) {
                continue;
            }
            let page = read.page(id)?;
            let picture = read.picture_of(&page)?;
            together.held = together.held.max(picture.held);
            to_look_at.extend(picture.pages);
            // A file in which several of them stand goes once.
            let mut own = picture.files;
            own.retain(|file| !files.contains(file));
            files.extend(&own);
            together.pages.insert(id, (page, own));
        }
        Ok(together)
    }
}

fn destroy(
    desk: &Desk,
    groups: Vec<Together>,
    reason: EraseReason,
) -> Result<Vec<Tombstone>, Error> {
    let now = desk.clock.now();
    let pages = groups.into_iter().flat_map(|group| group.pages);
    let mut gone: Vec<ErasedFile> = Vec::new();
    let stones: Vec<Tombstone> = pages
        .map(|(page_id, (page, mut files))| {
            // One copy may hold pages of several groups.
            files.retain(|file| !gone.contains(file));
            gone.extend(&files);
            Tombstone {
                page_id,
                document_id: page.document_id,
                sealed_digest: page.raw.sealed_digest,
                erased_at: now,
                erased_by: desk.officer.id,
                reason,
                files,
            }
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
