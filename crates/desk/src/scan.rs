//! Bringing pages in: from a scanner, a feeder folder or files.
//!
//! A page is sealed on disk and recorded before `each` hears of it, so whatever
//! the screen shows is safe. Nothing is deleted: a page that is taken out is
//! voided with a reason and can be put back.

mod appraise;
mod intake;

use std::path::Path;

use domain::audit::Act;
use domain::document::{Document, DocumentState};
use domain::feed::Feed;
use domain::ids::{DocumentId, DossierComponentId, DossierId, PageId};
use domain::page::{KeepReason, KeptBad, Page, VoidReason, Voided};
use domain::rights::Right;
use uuid::Uuid;
use vault::Writer;

pub use self::appraise::{Coming, appraise_page, appraising};
pub(crate) use self::intake::Intake;
use crate::error::Refusal;
use crate::reception::NewComponent;
use crate::{CancelToken, Desk, Device, Error, ScanSettings, original, room};

/// The most pages one document may have: a bound volume; more is a mistake or an attack.
pub const PAGES_PER_DOCUMENT: usize = 500;

/// The scanners this computer can see.
pub fn devices(desk: &Desk) -> Result<Vec<Device>, Error> {
    desk.may(Right::Scan)?;
    desk.crew.devices()
}

/// Begins the document that answers a component, or goes on with the one begun.
pub fn begin(
    desk: &Desk,
    dossier_id: DossierId,
    component_id: DossierComponentId,
) -> Result<Document, Error> {
    desk.may(Right::Scan)?;
    let dossier = desk.vault.read(|read| read.dossier(dossier_id))?;
    let component = dossier
        .components
        .iter()
        .find(|component| component.id == component_id);
    let component = component.ok_or(Refusal::NoSuchPlace)?;
    if let Some(document_id) = component.document_id {
        return Ok(desk.vault.read(|read| read.document(document_id))?);
    }
    desk.vault.write(|write| {
        // A paper that was digitised before answers it; that is taken back first.
        if write.reuse_of(component_id)?.is_some() {
            return Err(Refusal::ComponentTaken.into());
        }
        new_document(desk, write, dossier_id, component_id)
    })
}

/// Begins the document of a component that has none.
pub(crate) fn new_document(
    desk: &Desk,
    write: &Writer<'_>,
    dossier_id: DossierId,
    component_id: DossierComponentId,
) -> Result<Document, Error> {
    let document = Document {
        id: DocumentId::from_uuid(Uuid::now_v7()),
        local_code: write.next_local_code()?,
        dossier_id,
        component_id,
        document_type: None,
        created_at: desk.clock.now(),
        created_by: desk.officer.id,
        state: DocumentState::Scanning,
    };
    write.insert_document(&document)?;
    write.set_component_document(component_id, document.id)?;
    desk.audit(write, Act::DocumentBegun(document.id))?;
    Ok(document)
}

/// Begins the document of one more component of a dossier: a paper that nobody had
/// announced, such as one that came over the network.
pub fn begin_another(
    desk: &Desk,
    dossier_id: DossierId,
    new: NewComponent,
) -> Result<Document, Error> {
    desk.may(Right::Scan)?;
    desk.vault
        .write(|write| begin_another_in(desk, write, dossier_id, new))
}

/// The same as a part of something larger.
pub(crate) fn begin_another_in(
    desk: &Desk,
    write: &Writer<'_>,
    dossier_id: DossierId,
    new: NewComponent,
) -> Result<Document, Error> {
    let component = new.into_component();
    write.append_component(dossier_id, &component)?;
    new_document(desk, write, dossier_id, component.id)
}

/// Where pages that come in shall stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placement {
    /// After all others.
    #[default]
    End,
    /// Before this page.
    Before(PageId),
    /// Where this page stands, which is taken out as scanned again once the first one
    /// is stored.
    InPlaceOf(PageId),
}

/// A scan: from where, how, and where its pages go.
#[derive(Clone, Copy, Debug)]
pub struct Scan<'a> {
    /// The device.
    pub device: &'a str,
    /// How it shall scan.
    pub settings: &'a ScanSettings,
    /// Where the pages shall stand.
    pub placement: Placement,
}

impl<'a> Scan<'a> {
    /// A scan whose pages stand after all others.
    pub const fn new(device: &'a str, settings: &'a ScanSettings) -> Self {
        Self {
            device,
            settings,
            placement: Placement::End,
        }
    }
}

/// Scans sheets into a document until the feeder is empty (or once, from the
/// flatbed). Pages stored before a jam or a cancel stay.
pub fn scan_pages(
    desk: &Desk,
    document_id: DocumentId,
    scan: &Scan<'_>,
    cancel: &CancelToken,
    each: &mut dyn FnMut(&Page),
) -> Result<(), Error> {
    scan_traced(desk, document_id, scan, cancel, each, None)
}

/// The same, and `trace` gets what was said to the scanner and what it answered,
/// however the scan ends: lines without images or people's data.
pub fn scan_traced(
    desk: &Desk,
    document_id: DocumentId,
    scan: &Scan<'_>,
    cancel: &CancelToken,
    each: &mut dyn FnMut(&Page),
    trace: Option<&mut Vec<String>>,
) -> Result<(), Error> {
    desk.may(Right::Scan)?;
    changeable(desk, document_id)?;
    room::enough(desk)?;
    crate::demo::load_tray(scan.device)?;
    Intake::new(desk, document_id, scan.placement)?
        .of_device(scan.device)
        .run(each, |keep| {
            desk.crew
                .scan(scan.device, scan.settings, cancel, keep, trace)
        })
}

/// Takes the pages of a file into a document.
pub fn add_file(
    desk: &Desk,
    document_id: DocumentId,
    path: &Path,
    each: &mut dyn FnMut(&Page),
) -> Result<(), Error> {
    desk.may(Right::Scan)?;
    changeable(desk, document_id)?;
    room::enough(desk)?;
    let bytes = read_file(path)?;
    let intake = Intake::new(desk, document_id, Placement::End)?;
    original::keep_if_signed(desk, document_id, intake.feed_id(), &bytes)?;
    intake.run(each, |keep| desk.crew.pages_of_file(&bytes, keep))
}

/// Takes the pages of a signed file at hand into a document. All of them come by one feed:
/// those of an attempt that was broken off make room.
pub(crate) fn add_signed(
    desk: &Desk,
    document_id: DocumentId,
    bytes: &[u8],
    is_new: bool,
) -> Result<(), Error> {
    changeable(desk, document_id)?;
    if !is_new {
        discard(desk, document_id)?;
    }
    let intake = Intake::new(desk, document_id, Placement::End)?;
    original::keep_if_signed(desk, document_id, intake.feed_id(), bytes)?;
    intake.run(&mut |_| {}, |keep| desk.crew.pages_of_file(bytes, keep))
}

/// The bytes of a file handed in, refused when it is too long to be a paper.
pub fn read_file(path: &Path) -> Result<Vec<u8>, Error> {
    let unreadable = |source| Error::FileUnreadable {
        path: path.to_owned(),
        source,
    };
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > crate::Limits::default().max_file_bytes {
        return Err(::scan::Error::FileTooLarge.into());
    }
    std::fs::read(path).map_err(unreadable)
}

/// The pages that are kept, in order.
pub fn pages(desk: &Desk, document_id: DocumentId) -> Result<Vec<Page>, Error> {
    desk.may(Right::SeeOpenPapers)?;
    Ok(desk.vault.read(|read| read.pages_of(document_id))?)
}

/// The pages that were taken out.
pub fn voided_pages(desk: &Desk, document_id: DocumentId) -> Result<Vec<Page>, Error> {
    desk.may(Right::SeeOpenPapers)?;
    Ok(desk.vault.read(|read| {
        let mut pages = read.voided_pages_of(document_id)?;
        for stone in read.tombstones_of(document_id)? {
            pages.retain(|page| page.id != stone.page_id);
        }
        Ok::<_, vault::Error>(pages)
    })?)
}

/// Moves a page to another place of its document.
pub fn move_page(desk: &Desk, page_id: PageId, position: u32) -> Result<Page, Error> {
    change_paper(desk, page_id, Act::PageChanged, |write, page| {
        let last = write.pages_of(page.document_id)?.len().saturating_sub(1) as u32;
        write.move_page(page_id, position.min(last))
    })
}

/// The runs of a source: a feed that was broken off, by a jam or by hand, and those that
/// bring the rest of its stack are one.
fn runs_of(feeds: &[Feed]) -> Vec<&[Feed]> {
    feeds.split_inclusive(Feed::is_complete).collect()
}

/// Puts the backs of a stack between its fronts, after both were scanned one after the
/// other on a feeder that sees one side: the last two runs of the document. A stack that
/// was turned over as a whole comes with its last sheet first.
pub fn combine_sides(desk: &Desk, document_id: DocumentId) -> Result<Vec<Page>, Error> {
    desk.may(Right::Scan)?;
    changeable(desk, document_id)?;
    desk.vault.write(|write| {
        let pages = write.pages_of(document_id)?;
        let feeds = write.feeds_of(document_id)?;
        let runs = runs_of(&feeds);
        let [.., fronts, backs] = runs.as_slice() else {
            return Err(Refusal::NoBacks.into());
        };
        let blank = write.voided_pages_of(document_id)?;
        let blank = blank.iter().filter(|page| {
            let reason = page.voided.as_ref().map(|voided| voided.reason);
            reason == Some(VoidReason::Blank)
        });
        let sides: Vec<&Page> = pages.iter().chain(blank).collect();
        let of_run = |run: &[Feed]| -> Vec<PageId> {
            let is_of_run = |page: &&&Page| run.iter().any(|feed| page.feed_id == Some(feed.id));
            let came = sides.iter().filter(is_of_run);
            let mut came: Vec<PageId> = came.map(|page| page.id).collect();
            // Keys are given in the order in which sides came; an empty one that was set
            // aside has no other place, and still is the side of a sheet.
            came.sort_unstable();
            came
        };
        let (fronts, backs) = (of_run(fronts), of_run(backs));
        if fronts.len() != backs.len() || fronts.is_empty() {
            return Err(Refusal::SidesDiffer {
                fronts: fronts.len(),
                backs: backs.len(),
            }
            .into());
        }
        let sheets = fronts.iter().zip(backs.iter().rev());
        let sheets: Vec<PageId> = sheets.flat_map(|(front, back)| [*front, *back]).collect();
        let is_kept = |id: &PageId| pages.iter().any(|page| page.id == *id);
        let of_sheets = |page: &&Page| sheets.contains(&page.id);
        // The sheets stand where the first of their sides stood.
        let before = pages.iter().take_while(|page| !of_sheets(page));
        let mut order: Vec<PageId> = before.map(|page| page.id).collect();
        let others = pages
            .iter()
            .skip(order.len())
            .filter(|page| !of_sheets(page));
        order.extend(sheets.iter().copied().filter(is_kept));
        order.extend(others.map(|page| page.id));
        write.order_pages(document_id, &order)?;
        for back in backs.into_iter().filter(is_kept) {
            desk.audit(write, Act::PageChanged(document_id, back))?;
        }
        reopen(write, document_id)?;
        Ok(write.pages_of(document_id)?)
    })
}

/// Puts the kept pages of a document in this order, which names each of them once.
pub fn put_in_order(
    desk: &Desk,
    document_id: DocumentId,
    order: &[PageId],
) -> Result<Vec<Page>, Error> {
    desk.may(Right::Scan)?;
    changeable(desk, document_id)?;
    original::refuse_change(desk, document_id)?;
    desk.vault.write(|write| {
        let before = write.pages_of(document_id)?;
        write.order_pages(document_id, order)?;
        for (page, now) in before.iter().zip(order) {
            if page.id != *now {
                desk.audit(write, Act::PageChanged(document_id, *now))?;
            }
        }
        reopen(write, document_id)?;
        Ok(write.pages_of(document_id)?)
    })
}

/// Takes a page out of its document, with a reason; with it go the images of it on which
/// something is masked.
pub fn void_page(desk: &Desk, page_id: PageId, reason: VoidReason) -> Result<Page, Error> {
    let voided = Voided {
        voided_at: desk.clock.now(),
        voided_by: desk.officer.id,
        reason,
    };
    change_paper(desk, page_id, Act::PageVoided, |write, page| {
        void_sheet(write, page.document_id, page_id, &voided)
    })
}

/// Takes out a page and every second image of it.
pub(crate) fn void_sheet(
    write: &Writer<'_>,
    document_id: DocumentId,
    page_id: PageId,
    voided: &Voided,
) -> Result<(), vault::Error> {
    for masked in write.pages_of(document_id)? {
        if masked.masked_from == Some(page_id) {
            write.void_page(masked.id, voided)?;
        }
    }
    write.void_page(page_id, voided)
}

/// Keeps a bad image, because a second scan would be no better or is not possible.
pub fn keep_page(desk: &Desk, page_id: PageId, reason: KeepReason) -> Result<Page, Error> {
    desk.may(Right::Scan)?;
    let document_id = desk.vault.read(|read| read.page(page_id))?.document_id;
    changeable(desk, document_id)?;
    let kept = KeptBad {
        at: desk.clock.now(),
        by: desk.officer.id,
        reason,
    };
    desk.vault.write(|write| {
        write.set_kept_bad(page_id, Some(&kept))?;
        desk.audit(write, Act::PageKept(document_id, page_id))?;
        Ok(write.page(page_id)?)
    })
}

/// Gives up a whole scan: every page of the document is taken out. They stay in the
/// vault and can be put back. Returns how many there were.
pub fn discard_pages(desk: &Desk, document_id: DocumentId) -> Result<usize, Error> {
    desk.may(Right::Scan)?;
    changeable(desk, document_id)?;
    discard(desk, document_id)
}

fn discard(desk: &Desk, document_id: DocumentId) -> Result<usize, Error> {
    let voided = Voided {
        voided_at: desk.clock.now(),
        voided_by: desk.officer.id,
        reason: VoidReason::Discarded,
    };
    desk.vault.write(|write| {
        let pages = write.pages_of(document_id)?;
        // From the last on, so that each keeps the place to which it would come back.
        for page in pages.iter().rev() {
            write.void_page(page.id, &voided)?;
            desk.audit(write, Act::PageVoided(document_id, page.id))?;
        }
        reopen(write, document_id)?;
        Ok(pages.len())
    })
}

/// Puts a page that had been taken out back to its place.
pub fn restore_page(desk: &Desk, page_id: PageId) -> Result<Page, Error> {
    desk.may(Right::Scan)?;
    original::refuse_mixing(desk, page_id)?;
    change_page(desk, page_id, Act::PageChanged, |write, page| {
        // A second image stands for nothing without the first.
        if let Some(first) = page.masked_from
            && write.page(first)?.voided.is_some()
        {
            write.restore_page(first)?;
        }
        write.restore_page(page_id)
    })
}

/// Changes more of a page than how it is shown, which a signed file does not allow.
pub(crate) fn change_paper(
    desk: &Desk,
    page_id: PageId,
    act: fn(DocumentId, PageId) -> Act,
    change: impl FnOnce(&Writer<'_>, &Page) -> Result<(), vault::Error>,
) -> Result<Page, Error> {
    desk.may(Right::Scan)?;
    let document_id = desk.vault.read(|read| read.page(page_id))?.document_id;
    original::refuse_change(desk, document_id)?;
    change_page(desk, page_id, act, change)
}

/// Changes a page, as long as its document is not deposited.
pub(crate) fn change_page(
    desk: &Desk,
    page_id: PageId,
    act: fn(DocumentId, PageId) -> Act,
    change: impl FnOnce(&Writer<'_>, &Page) -> Result<(), vault::Error>,
) -> Result<Page, Error> {
    desk.may(Right::Scan)?;
    let document_id = desk.vault.read(|read| read.page(page_id))?.document_id;
    changeable(desk, document_id)?;
    desk.vault.write(|write| {
        change(write, &write.page(page_id)?)?;
        desk.audit(write, act(document_id, page_id))?;
        reopen(write, document_id)?;
        Ok(write.page(page_id)?)
    })
}

/// A document whose pages changed must be recognised again before deposit.
pub(crate) fn reopen(write: &Writer<'_>, document_id: DocumentId) -> Result<(), vault::Error> {
    if write.document(document_id)?.state == DocumentState::Extracted {
        write.set_document_state(document_id, DocumentState::Scanning)?;
    }
    Ok(())
}

pub(crate) fn changeable(desk: &Desk, document_id: DocumentId) -> Result<Document, Error> {
    let document = desk.vault.read(|read| read.document(document_id))?;
    if document.state == DocumentState::Deposited {
        return Err(Refusal::AlreadyDeposited.into());
    }
    Ok(document)
}
