//! The papers of a file: parted where cover slips lie between its pages, each stored
//! where its slip says.

use std::collections::BTreeMap;

use domain::digest::Digest;
use domain::document::Document;
use domain::page::VoidReason;
use domain::separator::{Separator, SlipMark};

use super::marker::Marker;
use super::place::{self, Place, Whither};
use crate::scan::{Intake, Placement};
use crate::worker::{PageToRead, ReceivedPage};
use crate::{Desk, Error};

/// A paper of a file.
#[derive(Clone, Debug)]
pub struct TakenPaper {
    /// Where its pages are.
    pub document: Document,
    /// How many.
    pub pages: usize,
    /// Its cover slip, and the empty back of that: sheets that are no pages of it.
    pub set_aside: usize,
}

/// What became of the papers of a file.
pub(super) struct Taken {
    pub(super) papers: Vec<TakenPaper>,
    /// Whether all of them had been taken before.
    pub(super) before: bool,
}

/// Stores the pages of a file, each once, whatever an attempt before had stored.
pub(super) fn take(desk: &Desk, marker: &Marker, bytes: &[u8]) -> Result<Taken, Error> {
    let mut taking = Taking {
        desk,
        marker,
        file: Digest::of(bytes),
        open: None,
        taken: Taken {
            papers: Vec::new(),
            before: true,
        },
    };
    let outcome = desk
        .crew
        .pages_of_file(bytes, &mut |received| taking.page(&received));
    // What lies in front of a fault is stored and counted.
    let ended = taking.end_paper(outcome.is_ok());
    outcome?;
    ended?;
    Ok(taking.taken)
}

struct Taking<'d> {
    desk: &'d Desk,
    marker: &'d Marker,
    file: Digest,
    open: Option<OpenPaper<'d>>,
    taken: Taken,
}

/// The paper to which the next page belongs.
struct OpenPaper<'d> {
    place: Place,
    slip: Option<SlipMark>,
    intake: Intake<'d>,
    /// What an attempt that was broken off had stored. Counted, since two blank pages of
    /// one file are the same to the bit.
    stored: BTreeMap<Digest, usize>,
    pages: usize,
    set_aside: usize,
}

impl Taking<'_> {
    fn page(&mut self, received: &ReceivedPage) -> Result<(), Error> {
        // A page that cannot be looked at is a page like any other; reading says more.
        let look = self
            .desk
            .crew
            .appraise(&PageToRead::received(String::new(), received), true)
            .map(|(_, look)| look)
            .ok();
        let slip = look
            .as_ref()
            .and_then(|look| match Separator::of(&look.barcodes) {
                Some(Separator::Slip(slip)) => Some(slip),
                _ => None,
            });
        let goes_on = match (&self.open, slip) {
            (Some(open), Some(_)) => open.slip == slip,
            (Some(_), None) => true,
            (None, _) => false,
        };
        if !goes_on {
            self.end_paper(true)?;
            self.begin_paper(slip)?;
        }
        let paper = self.open.as_mut().expect("a paper was begun");
        let is_blank = look.as_ref().is_some_and(|look| look.blank);
        // A copier that takes both sides gives the empty back of the slip too.
        let is_back = is_blank && paper.set_aside == 1 && paper.pages == 0;
        let is_no_page = slip.is_some() || is_back;
        if is_no_page {
            paper.set_aside += 1;
        } else {
            paper.pages += 1;
        }
        if paper.is_stored(received) {
            return Ok(());
        }
        if is_no_page {
            paper
                .intake
                .set_aside(received, VoidReason::Separator)
                .map(drop)
        } else {
            paper.intake.store(received).map(drop)
        }
    }

    fn begin_paper(&mut self, slip: Option<SlipMark>) -> Result<(), Error> {
        let whither = match slip {
            Some(slip) => Whither::Slip(slip, self.marker),
            None => Whither::Name(self.marker),
        };
        // The same bytes give the same papers in the same order, also at the next attempt.
        let number = self.taken.papers.len();
        let place = place::begin(self.desk, whither, digest_of_paper(self.file, number))?;
        let mut stored: BTreeMap<Digest, usize> = BTreeMap::new();
        if !place.is_new {
            let read = self.desk.vault.read(|read| {
                let mut pages = read.pages_of(place.document.id)?;
                // A page that was taken out since is not put in again.
                pages.extend(read.voided_pages_of(place.document.id)?);
                Ok::<_, vault::Error>(pages)
            });
            for page in read? {
                *stored.entry(page.raw.digest).or_default() += 1;
            }
        }
        self.open = Some(OpenPaper {
            intake: Intake::new(self.desk, place.document.id, Placement::End)?,
            place,
            slip,
            stored,
            pages: 0,
            set_aside: 0,
        });
        Ok(())
    }

    fn end_paper(&mut self, is_complete: bool) -> Result<(), Error> {
        let Some(paper) = self.open.take() else {
            return Ok(());
        };
        if !paper.place.taken.finished {
            self.taken.before = false;
            paper.intake.end(is_complete)?;
            if is_complete {
                place::finish(self.desk, &paper.place.taken)?;
            }
        }
        self.taken.papers.push(TakenPaper {
            document: paper.place.document,
            pages: paper.pages,
            set_aside: paper.set_aside,
        });
        Ok(())
    }
}

impl OpenPaper<'_> {
    fn is_stored(&mut self, received: &ReceivedPage) -> bool {
        if self.place.taken.finished {
            return true;
        }
        match self.stored.get_mut(&Digest::of(&received.bytes)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }
}

/// By what a paper of a file is known again: the first by the bytes of the file, as a file
/// that is one paper; each further one by these and its number.
fn digest_of_paper(file: Digest, number: usize) -> Digest {
    if number == 0 {
        return file;
    }
    let mut name = file.as_bytes().to_vec();
    name.extend((number as u64).to_be_bytes());
    Digest::of(&name)
}
