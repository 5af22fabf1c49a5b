//! One feed: the pages of one run of a source, stored as they come.

use domain::audit::Act;
use domain::feed::{Feed, FeedEnd};
use domain::ids::{DocumentId, FeedId, PageId};
use domain::page::{Page, RawImage, VoidReason, Voided};
use uuid::Uuid;

use super::{PAGES_PER_DOCUMENT, Placement, reopen, void_sheet};
use crate::worker::ReceivedPage;
use crate::{Desk, Error, camera, original};

/// What a source hands its pages to.
type Keep<'k> = dyn FnMut(ReceivedPage) -> Result<(), Error> + 'k;

/// A feed into a document.
pub(crate) struct Intake<'d> {
    desk: &'d Desk,
    feed: Feed,
    /// Where the next page goes; `None` is after all others.
    position: Option<u32>,
    /// The page that the first one takes the place of.
    replaced: Option<PageId>,
    delivered: u32,
    stored: u32,
    /// The source is a camera, which sees more than the sheet.
    is_camera: bool,
}

impl<'d> Intake<'d> {
    pub(crate) fn new(
        desk: &'d Desk,
        document_id: DocumentId,
        placement: Placement,
    ) -> Result<Self, Error> {
        let (beside, replaced) = match placement {
            Placement::End => (None, None),
            Placement::Before(page) => (Some(page), None),
            Placement::InPlaceOf(page) => (Some(page), Some(page)),
        };
        original::refuse_change(desk, document_id)?;
        let position = match beside {
            None => None,
            Some(page_id) => {
                let page = desk.vault.read(|read| read.page(page_id))?;
                if page.document_id != document_id || page.voided.is_some() {
                    return Err(crate::Refusal::NoSuchPlace.into());
                }
                Some(page.position)
            }
        };
        Ok(Self {
            desk,
            feed: Feed {
                id: FeedId::from_uuid(Uuid::now_v7()),
                document_id,
                begun_at: desk.clock.now(),
                begun_by: desk.officer.id,
                end: None,
            },
            position,
            replaced,
            delivered: 0,
            stored: 0,
            is_camera: false,
        })
    }

    /// The same from this device.
    pub(crate) fn of_device(self, device: &str) -> Self {
        Self {
            is_camera: camera::is_camera(device),
            ..self
        }
    }

    /// The run's key, which its pages bear.
    pub(super) const fn feed_id(&self) -> FeedId {
        self.feed.id
    }

    /// Lets the source run, and notes how that ended. A source that gave nothing, such as
    /// an empty tray, leaves no trace.
    pub(crate) fn run(
        mut self,
        each: &mut dyn FnMut(&Page),
        source: impl FnOnce(&mut Keep<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let outcome = source(&mut |received| {
            each(&self.store(&received)?);
            Ok(())
        });
        let ended = self.end(outcome.is_ok());
        // Why the source stopped is what the officer has to know.
        outcome.and(ended)
    }

    /// Notes how the run ended.
    pub(crate) fn end(self, is_complete: bool) -> Result<(), Error> {
        let document_id = self.feed.document_id;
        if self.stored == 0 {
            // A source that is through although nothing was missing makes good the feed
            // that was broken off before it.
            let feeds = self.desk.vault.read(|read| read.feeds_of(document_id))?;
            if !is_complete || feeds.last().is_none_or(Feed::is_complete) {
                return Ok(());
            }
            self.desk
                .vault
                .write(|write| write.begin_feed(&self.feed))?;
        }
        let end = FeedEnd {
            ended_at: self.desk.clock.now(),
            is_complete,
            delivered: self.delivered,
        };
        Ok(self
            .desk
            .vault
            .write(|write| write.end_feed(self.feed.id, &end))?)
    }

    /// Stores the next page.
    pub(crate) fn store(&mut self, received: &ReceivedPage) -> Result<Page, Error> {
        self.store_as(received, None)
    }

    /// Stores a sheet that is no page of the paper: it is there, taken out with its reason.
    /// Both at once, so that no kill leaves it among the pages.
    pub(crate) fn set_aside(
        &mut self,
        received: &ReceivedPage,
        reason: VoidReason,
    ) -> Result<Page, Error> {
        self.store_as(received, Some(reason))
    }

    fn store_as(
        &mut self,
        received: &ReceivedPage,
        set_aside: Option<VoidReason>,
    ) -> Result<Page, Error> {
        self.delivered += 1;
        let desk = self.desk;
        let document_id = self.feed.document_id;
        let sealed = desk.vault.seal(&received.bytes)?;
        let raw = RawImage {
            digest: sealed.digest,
            sealed_digest: sealed.sealed_digest,
            size_bytes: sealed.size_bytes,
            format: received.format,
            size: received.size,
            dpi: received.dpi,
        };
        let page = desk.vault.write(|write| {
            let pages = write.pages_of(document_id)?.len();
            if pages >= PAGES_PER_DOCUMENT {
                return Err(Error::from(::scan::Error::TooManyPages));
            }
            let page = Page {
                id: PageId::from_uuid(Uuid::now_v7()),
                document_id,
                feed_id: Some(self.feed.id),
                masked_from: None,
                position: self.position.unwrap_or(pages as u32),
                raw,
                by_hand: received.by_hand.clone(),
                transforms: received.by_hand.clone(),
                appraisal: None,
                scanned_at: desk.clock.now(),
                scanned_by: desk.officer.id,
                mark: None,
                kept_bad: None,
                joined: None,
                voided: None,
            };
            if self.stored == 0 {
                write.begin_feed(&self.feed)?;
            }
            if let Some(replaced) = self.replaced {
                let voided = Voided {
                    voided_at: desk.clock.now(),
                    voided_by: desk.officer.id,
                    reason: VoidReason::Rescanned,
                };
                void_sheet(write, document_id, replaced, &voided)?;
                desk.audit(write, Act::PageVoided(document_id, replaced))?;
            }
            write.insert_page(&page)?;
            desk.audit(write, Act::PageStored(document_id, page.id))?;
            if self.is_camera && !camera::has_outline(&page) {
                write.set_unbounded(page.id)?;
            }
            if let Some(reason) = set_aside {
                let voided = Voided {
                    voided_at: desk.clock.now(),
                    voided_by: desk.officer.id,
                    reason,
                };
                write.void_page(page.id, &voided)?;
                desk.audit(write, Act::PageVoided(document_id, page.id))?;
            }
            reopen(write, document_id)?;
            Ok(write.page(page.id)?)
        })?;
        self.stored += 1;
        self.replaced = None;
        self.position = self.position.map(|position| position + 1);
        Ok(page)
    }
}
