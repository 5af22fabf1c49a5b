//! A stack of papers, split where separator sheets lie between them.
//!
//! Patch T begins another paper; a sheet with a component's code or a cover slip says
//! which component the paper behind it answers. Each page goes into its paper as it
//! comes, and a separator stays beside the paper that it opened, taken out with its
//! reason, so that every sheet of the stack is accounted for.
//!
//! A separator that cannot be read is a page like any other; whatever then looks like
//! two papers in one is put as a question ([`joins`]), and [`split_before`] or
//! [`keep_joined`] answers it.

use std::collections::BTreeMap;
use std::path::Path;

use domain::audit::Act;
use domain::code::ComponentCode;
use domain::document::{Document, DocumentState};
use domain::dossier::{Dossier, DossierComponent, SubmittedAs};
use domain::geometry::{PageGeometry, Size};
use domain::ids::{DocumentId, DossierId, PageId};
use domain::page::{Joined, Page, VoidReason, Voided};
use domain::quality::Verdict;
use domain::recognised_text::RecognisedText;
use domain::rights::Right;
use domain::separator::{Separator, SlipMark};
use extraction::{JoinReason, PageText};
use uuid::Uuid;

use crate::error::Refusal;
use crate::reception::{self, NewComponent, NewDossier};
use crate::scan::{Intake, Placement};
use crate::worker::{PageToRead, ReceivedPage};
use crate::{CancelToken, Desk, Error, ScanSettings, Sides, original, room, scan};

/// How a stack was split.
#[derive(Clone, Debug, Default)]
pub struct Split {
    /// The papers in the order in which they lay in the stack.
    pub papers: Vec<StackPaper>,
    /// Slips and code sheets behind which no page came: the paper may still lie on the
    /// table.
    pub without_pages: Vec<Separator>,
    /// Separator sheets, each read and set aside.
    pub separators: usize,
}

/// One paper of a stack.
#[derive(Clone, Debug)]
pub struct StackPaper {
    /// Its document.
    pub document_id: DocumentId,
    /// What opened it; `None` for the first paper of a stack without a separator
    /// before it.
    pub opened_by: Option<Separator>,
    /// Whether the slip is of a dossier or component that this vault does not have: the
    /// paper is parted from the others, and a person says what it answers.
    pub unknown_slip: bool,
    /// Its pages, separators not counted.
    pub pages: Vec<PageId>,
}

/// A page that looks like the beginning of another paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Join {
    /// The page.
    pub page_id: PageId,
    /// What speaks for it.
    pub reason: JoinReason,
}

/// Scans a stack from the feeder and splits it. Without a dossier, one is received for
/// the papers that no slip claims for another.
pub fn scan_stack(
    desk: &Desk,
    dossier_id: Option<DossierId>,
    device: &str,
    settings: &ScanSettings,
    cancel: &CancelToken,
    each: &mut dyn FnMut(&Page),
) -> Result<Split, Error> {
    desk.may(Right::Scan)?;
    room::enough(desk)?;
    crate::demo::load_tray(device)?;
    let mut sorter = Sorter::new(desk, dossier_id, each);
    sorter.both_sides = settings.sides == Sides::Both;
    let outcome = desk.crew.scan(
        device,
        settings,
        cancel,
        &mut |received| sorter.take(received),
        None,
    );
    // After a jam too: what lies in front of it is stored, and its separators belong to it.
    let split = sorter.finish(outcome.is_ok());
    outcome?;
    split
}

/// The same for the pages of files, one stack in their order.
pub fn add_stack(
    desk: &Desk,
    dossier_id: Option<DossierId>,
    files: &[&Path],
    each: &mut dyn FnMut(&Page),
) -> Result<Split, Error> {
    desk.may(Right::Scan)?;
    room::enough(desk)?;
    let mut sorter = Sorter::new(desk, dossier_id, each);
    let outcome = files.iter().try_for_each(|file| {
        let bytes = scan::read_file(file)?;
        // One that is signed is one paper, whole as it is.
        if original::is_signed(desk, &bytes)? {
            return Err(Refusal::ElectronicOriginal.into());
        }
        desk.crew
            .pages_of_file(&bytes, &mut |received| sorter.take(received))
    });
    let split = sorter.finish(outcome.is_ok());
    outcome?;
    split
}

/// Puts each page of a stack into its paper.
struct Sorter<'a> {
    desk: &'a Desk,
    dossier_id: Option<DossierId>,
    each: &'a mut dyn FnMut(&Page),
    both_sides: bool,
    /// Separators that have no paper yet.
    waiting: Vec<(Separator, ReceivedPage)>,
    /// The empty back of a separator, and where it goes.
    backs: Vec<ReceivedPage>,
    taken: usize,
    /// The run of the source as far as it concerns the last paper.
    intake: Option<Intake<'a>>,
    split: Split,
}

impl<'a> Sorter<'a> {
    fn new(desk: &'a Desk, dossier_id: Option<DossierId>, each: &'a mut dyn FnMut(&Page)) -> Self {
        Self {
            desk,
            dossier_id,
            each,
            both_sides: false,
            waiting: Vec::new(),
            backs: Vec::new(),
            taken: 0,
            intake: None,
            split: Split::default(),
        }
    }

    fn take(&mut self, received: ReceivedPage) -> Result<(), Error> {
        let is_back = self.both_sides && self.taken % 2 == 1;
        self.taken += 1;
        // A page that cannot be looked at is a page like any other; reading says more.
        let look = self
            .desk
            .crew
            .appraise(&PageToRead::received(String::new(), &received), true)
            .map(|(_, look)| look)
            .ok();
        let separator = look.as_ref().and_then(|look| Separator::of(&look.barcodes));
        if let Some(separator) = separator {
            let same_sheet = is_back && self.follows_separator();
            if same_sheet {
                self.backs.push(received);
            } else {
                self.split.separators += 1;
                self.waiting.push((separator, received));
            }
            return Ok(());
        }
        let is_blank = look.as_ref().is_some_and(|look| look.blank);
        if is_back && is_blank && self.follows_separator() {
            self.backs.push(received);
            return Ok(());
        }
        let mut page = self.paper()?.store(&received)?;
        if let Some(look) = look {
            // A bad page asks for another scan while its sheet still lies on the table.
            let write = |write: &vault::Writer<'_>| write.set_appraisal(page.id, &look);
            self.desk.vault.write(write)?;
            page.appraisal = Some(look);
        }
        if let Some(paper) = self.split.papers.last_mut() {
            paper.pages.push(page.id);
        }
        (self.each)(&page);
        Ok(())
    }

    /// Whether the sheet before this side was a separator whose paper has not begun.
    fn follows_separator(&self) -> bool {
        self.waiting.len() > self.backs.len()
    }

    /// Where the next page goes.
    fn paper(&mut self) -> Result<&mut Intake<'a>, Error> {
        if !self.waiting.is_empty() || self.intake.is_none() {
            self.begin_paper()?;
        }
        Ok(self.intake.as_mut().expect("a paper was begun"))
    }

    fn begin_paper(&mut self) -> Result<(), Error> {
        let opened_by = self.opened_by();
        let (document_id, unknown_slip) = self.begin(opened_by.as_ref())?;
        self.split.papers.push(StackPaper {
            document_id,
            opened_by,
            unknown_slip,
            pages: Vec::new(),
        });
        if let Some(before) = self.intake.take() {
            before.end(true)?;
        }
        let mut intake = Intake::new(self.desk, document_id, Placement::End)?;
        self.set_separators_aside(&mut intake)?;
        self.intake = Some(intake);
        Ok(())
    }

    /// Of several separators in a row the last that says which component it is; those
    /// before it have no page behind them.
    fn opened_by(&mut self) -> Option<Separator> {
        let mut named: Vec<Separator> = Vec::new();
        for (separator, _) in &self.waiting {
            if *separator != Separator::Plain && named.last() != Some(separator) {
                named.push(separator.clone());
            }
        }
        let opened_by = named.pop();
        self.split.without_pages.append(&mut named);
        opened_by.or_else(|| self.waiting.first().map(|_| Separator::Plain))
    }

    /// Begins the paper, or goes on with the document of the component. Says also
    /// whether a slip named what is not here.
    fn begin(&mut self, opened_by: Option<&Separator>) -> Result<(DocumentId, bool), Error> {
        match opened_by {
            Some(Separator::Slip(slip)) => match self.of_slip(*slip)? {
                Some((dossier, component)) => {
                    let document = document_of(self.desk, &dossier, &component)?;
                    Ok((document.id, false))
                }
                None => Ok((self.another(None)?.id, true)),
            },
            Some(Separator::Component(code)) => {
                let dossier = reception::dossier(self.desk, self.dossier()?)?;
                let named = dossier.components.iter();
                let mut named = named.filter(|component| component.code.as_ref() == Some(code));
                let document = match named.next() {
                    Some(component) => document_of(self.desk, &dossier, component)?,
                    None => self.another(Some(code.clone()))?,
                };
                Ok((document.id, false))
            }
            Some(Separator::Plain) | None => Ok((self.another(None)?.id, false)),
        }
    }

    fn of_slip(&self, slip: SlipMark) -> Result<Option<(Dossier, DossierComponent)>, Error> {
        let dossier = match reception::dossier(self.desk, slip.dossier_id) {
            Ok(dossier) => dossier,
            Err(Error::Vault(vault::Error::NotFound { .. })) => return Ok(None),
            Err(error) => return Err(error),
        };
        let component = dossier
            .components
            .iter()
            .find(|component| component.id == slip.component_id)
            .cloned();
        Ok(component.map(|component| (dossier, component)))
    }

    fn another(&mut self, code: Option<ComponentCode>) -> Result<Document, Error> {
        let dossier_id = self.dossier()?;
        scan::begin_another(self.desk, dossier_id, unnamed(code))
    }

    /// The dossier of the stack, received when it is first needed.
    fn dossier(&mut self) -> Result<DossierId, Error> {
        if let Some(id) = self.dossier_id {
            return Ok(id);
        }
        let id = reception::receive(self.desk, NewDossier::default())?.id;
        self.dossier_id = Some(id);
        Ok(id)
    }

    /// The separators are pages of the paper that they opened, each taken out with its
    /// reason: sheets fed are pages kept and pages set aside.
    fn set_separators_aside(&mut self, intake: &mut Intake<'_>) -> Result<(), Error> {
        let sheets = self.waiting.drain(..).map(|(_, received)| received);
        for received in sheets.chain(self.backs.drain(..)) {
            intake.set_aside(&received, VoidReason::Separator)?;
        }
        Ok(())
    }

    /// Separators behind which nothing came stay with the last paper.
    fn finish(mut self, is_complete: bool) -> Result<Split, Error> {
        for (separator, _) in &self.waiting {
            if *separator != Separator::Plain {
                self.split.without_pages.push(separator.clone());
            }
        }
        if let Some(mut intake) = self.intake.take() {
            self.set_separators_aside(&mut intake)?;
            intake.end(is_complete)?;
        }
        Ok(self.split)
    }
}

fn unnamed(code: Option<ComponentCode>) -> NewComponent {
    NewComponent {
        name: String::new(),
        code,
        result_type: None,
        submitted_as: SubmittedAs::Original,
    }
}

/// The document of a component: a new one, or the one begun. A deposited one does not
/// change any more, so that further pages are one more paper of the same kind.
fn document_of(
    desk: &Desk,
    dossier: &Dossier,
    component: &DossierComponent,
) -> Result<Document, Error> {
    let begun = scan::begin(desk, dossier.id, component.id)?;
    if begun.state != DocumentState::Deposited {
        return Ok(begun);
    }
    let again = NewComponent {
        name: component.name.clone(),
        code: component.code.clone(),
        result_type: component.result_type.clone(),
        submitted_as: component.submitted_as,
    };
    scan::begin_another(desk, dossier.id, again)
}

/// The pages of a document that look like the beginning of another paper. Found out
/// anew whenever somebody looks, from what was read.
pub fn joins(desk: &Desk, document_id: DocumentId) -> Result<Vec<Join>, Error> {
    desk.may(Right::SeeOpenPapers)?;
    let read = desk.vault.read(|read| {
        let pages = read.pages_of(document_id)?;
        pages
            .into_iter()
            .filter(|page| page.masked_from.is_none())
            .map(|page| {
                let text = read.recognised_text(page.id)?.unwrap_or_default();
                Ok::<_, vault::Error>((page, text))
            })
            .collect::<Result<Vec<(Page, RecognisedText)>, _>>()
    })?;
    let texts: Vec<PageText<'_>> = read
        .iter()
        .map(|(page, text)| {
            let appraisal = page.appraisal.as_ref();
            PageText {
                text,
                size: upright_size(page),
                barcodes: appraisal.map_or(&[], |found| &found.barcodes),
                verdict: appraisal.map_or(Verdict::Good, |found| found.quality.verdict),
            }
        })
        .collect();
    let joins = extraction::joins(&desk.catalogue, &texts);
    Ok(joins
        .into_iter()
        .map(|join| (&read[join.page].0, join.reason))
        // Whoever has looked is not asked again.
        .filter(|(page, _)| page.joined.is_none())
        .map(|(page, reason)| Join {
            page_id: page.id,
            reason,
        })
        .collect())
}

/// Says that no other paper begins at this page, although it looks so.
pub fn keep_joined(desk: &Desk, page_id: PageId) -> Result<Page, Error> {
    desk.may(Right::Scan)?;
    let document_id = desk.vault.read(|read| read.page(page_id))?.document_id;
    scan::changeable(desk, document_id)?;
    let joined = Joined {
        at: desk.clock.now(),
        by: desk.officer.id,
    };
    desk.vault.write(|write| {
        write.set_joined(page_id, &joined)?;
        desk.audit(write, Act::PageChanged(document_id, page_id))?;
        Ok(write.page(page_id)?)
    })
}

fn upright_size(page: &Page) -> Size {
    PageGeometry::new(page.raw.size, &page.transforms).upright_size()
}

/// Splits a document before this page: it and all that follow it become a paper of
/// their own. The pages stay where they were too, taken out with the reason, so that
/// nothing is lost by a wrong split.
pub fn split_before(desk: &Desk, page_id: PageId) -> Result<Document, Error> {
    desk.may(Right::Scan)?;
    let page = desk.vault.read(|read| read.page(page_id))?;
    let document = scan::changeable(desk, page.document_id)?;
    original::refuse_change(desk, document.id)?;
    if page.voided.is_some() || page.position == 0 || page.masked_from.is_some() {
        return Err(Refusal::NoSuchPlace.into());
    }
    let now = desk.clock.now();
    desk.vault.write(|write| {
        let another = scan::begin_another_in(desk, write, document.dossier_id, unnamed(None))?;
        let pages = write.pages_of(document.id)?;
        let moving: Vec<Page> = pages
            .into_iter()
            .filter(|other| other.position >= page.position)
            .collect();
        let voided = Voided {
            voided_at: now,
            voided_by: desk.officer.id,
            reason: VoidReason::WrongDocument,
        };
        // From the last on, so that each keeps the place to which it would come back.
        for old in moving.iter().rev() {
            write.void_page(old.id, &voided)?;
            desk.audit(write, Act::PageVoided(document.id, old.id))?;
        }
        let mut moved_to: BTreeMap<PageId, PageId> = BTreeMap::new();
        for (position, old) in (0..).zip(moving) {
            // The same sealed bytes, as a page of the other paper.
            let moved = Page {
                id: PageId::from_uuid(Uuid::now_v7()),
                document_id: another.id,
                feed_id: None,
                // The image without the note goes with the one that bears it.
                masked_from: old
                    .masked_from
                    .map(|first| moved_to.get(&first).copied().unwrap_or(first)),
                position,
                ..old
            };
            moved_to.insert(old.id, moved.id);
            write.insert_page(&moved)?;
            desk.audit(write, Act::PageStored(another.id, moved.id))?;
        }
        scan::reopen(write, document.id)?;
        Ok(another)
    })
}

/// Takes a split back, as long as nothing came of it: the pages stand where they stood
/// before, and the paper that was begun for them is withdrawn. `document_id` is that paper.
pub fn undo_split(desk: &Desk, document_id: DocumentId) -> Result<Document, Error> {
    desk.may(Right::Scan)?;
    let split = scan::changeable(desk, document_id)?;
    desk.vault.write(|write| {
        let moved = write.pages_of(document_id)?;
        let fresh = moved.iter().all(|page| page.feed_id.is_none());
        let untouched = write.voided_pages_of(document_id)?.is_empty();
        let from = first_of(write, &split, &moved)?;
        let (true, true, Some((before, out))) = (fresh, untouched, from) else {
            return Err(Refusal::NoSuchPlace.into());
        };
        let voided = Voided {
            voided_at: desk.clock.now(),
            voided_by: desk.officer.id,
            reason: VoidReason::WrongDocument,
        };
        for page in moved.iter().rev() {
            write.void_page(page.id, &voided)?;
            desk.audit(write, Act::PageVoided(document_id, page.id))?;
        }
        // In their order, each at the place where it had been.
        for page_id in out {
            write.restore_page(page_id)?;
            desk.audit(write, Act::PageChanged(before.id, page_id))?;
        }
        write.withdraw_component(split.component_id, desk.clock.now(), desk.officer.id)?;
        scan::reopen(write, before.id)?;
        Ok(write.document(before.id)?)
    })
}

/// The paper from which these pages were split off, and where they lie taken out there.
fn first_of(
    write: &vault::Writer<'_>,
    split: &Document,
    moved: &[Page],
) -> Result<Option<(Document, Vec<PageId>)>, vault::Error> {
    for before in write.documents_of(split.dossier_id)? {
        if before.id == split.id || before.state == DocumentState::Deposited {
            continue;
        }
        let mut voided = write.voided_pages_of(before.id)?;
        voided.retain(|page| {
            let reason = page.voided.as_ref().map(|voided| voided.reason);
            reason == Some(VoidReason::WrongDocument)
        });
        let out = moved.iter().map(|page| {
            let mut same = voided.iter();
            same.find(|other| {
                other.raw == page.raw && other.masked_from.is_some() == page.masked_from.is_some()
            })
            .map(|other| other.id)
        });
        if let Some(out) = out.collect::<Option<Vec<PageId>>>()
            && !out.is_empty()
        {
            return Ok(Some((before, out)));
        }
    }
    Ok(None)
}
