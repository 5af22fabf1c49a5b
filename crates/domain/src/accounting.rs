//! The images of a document counted against its paper.

use chrono::{DateTime, Utc};

use crate::feed::Feed;
use crate::ids::{FeedId, OfficerId};
use crate::page::{Page, PageMark, VoidReason};

/// Where every page of a paper went.
// Circular 01/2023/TT-VPCP, art. 8(2): the whole document, and as many images as
// physical pages.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Accounting {
    /// How many pages the paper has, as an officer counted.
    pub declared: Option<u32>,
    /// Images that stand for a page of the paper.
    pub kept: u32,
    /// Second images of pages that stand there already, with their notes masked.
    pub masked: u32,
    /// Empty sides that were set aside.
    pub blank: u32,
    /// Images taken out for another reason.
    pub removed: u32,
    /// What does not add up.
    pub gaps: Vec<Gap>,
    /// The person who said that the paper is whole although something does not add up.
    pub vouched: Option<Vouched>,
}

/// Something that does not add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// The last feed was broken off: sheets may still lie in the tray.
    BrokenOff {
        /// Pages of it that are stored.
        stored: u32,
    },
    /// A source handed over other than is there.
    Lost {
        /// Pages that it handed over.
        delivered: u32,
        /// Pages of it that are stored.
        stored: u32,
    },
    /// The numbers that the pages carry go on after one that is not there.
    Missing {
        /// The first number that no page carries or can stand for.
        number: u32,
    },
    /// The officer counted more or fewer pages than there are images.
    Declared {
        /// Pages counted on the paper.
        declared: u32,
        /// Images that are kept.
        kept: u32,
    },
}

/// A person's word for a paper whose pages do not add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    /// Whose.
    pub by: OfficerId,
    /// When it was given.
    pub at: DateTime<Utc>,
    /// What did not add up then. Where it is something else now, the word is void.
    pub gaps: Vec<Gap>,
}

impl Accounting {
    /// Counts. `kept` and `voided` are the pages of the document, `feeds` its feeds in
    /// the order of their beginning.
    pub fn of(
        kept: &[Page],
        voided: &[Page],
        feeds: &[Feed],
        declared: Option<u32>,
        vouched: Option<Vouched>,
    ) -> Self {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let is_masked = |page: &&Page| page.masked_from.is_some();
        let masked = count(kept.iter().filter(is_masked).count());
        let is_blank = |page: &Page| {
            let reason = page.voided.as_ref().map(|voided| voided.reason);
            reason == Some(VoidReason::Blank)
        };
        let originals = || voided.iter().filter(|page| page.masked_from.is_none());
        let blank = count(originals().filter(|page| is_blank(page)).count());
        let mut accounting = Self {
            declared,
            kept: count(kept.len()) - masked,
            masked,
            blank,
            removed: count(originals().count()) - blank,
            gaps: Vec::new(),
            vouched: None,
        };
        let stored = |id: FeedId| {
            let pages = kept.iter().chain(voided);
            count(pages.filter(|page| page.feed_id == Some(id)).count())
        };
        accounting.gaps = accounting.gaps_of(feeds, stored);
        let marks: Vec<_> = kept.iter().filter(|page| !is_masked(page)).collect();
        let marks: Vec<_> = marks.into_iter().map(|page| page.mark).collect();
        if let Some(number) = missing_number(&marks) {
            accounting.gaps.push(Gap::Missing { number });
        }
        accounting.vouched = vouched.filter(|word| word.gaps == accounting.gaps);
        accounting
    }

    fn gaps_of(&self, feeds: &[Feed], stored: impl Fn(FeedId) -> u32) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for feed in feeds {
            let stored = stored(feed.id);
            match &feed.end {
                Some(end) if end.is_complete && end.delivered != stored => gaps.push(Gap::Lost {
                    delivered: end.delivered,
                    stored,
                }),
                _ => {}
            }
        }
        // What was broken off is made good by a later feed that came to its end.
        if let Some(last) = feeds.last().filter(|last| !last.is_complete()) {
            gaps.push(Gap::BrokenOff {
                stored: stored(last.id),
            });
        }
        // Whether somebody who counts pages counts the empty sides is his own affair.
        if let Some(declared) = self.declared
            && !(self.kept..=self.kept + self.blank).contains(&declared)
        {
            gaps.push(Gap::Declared {
                declared,
                kept: self.kept,
            });
        }
        gaps
    }

    /// Whether the paper counts as complete.
    pub fn closes(&self) -> bool {
        self.gaps.is_empty() || self.vouched.is_some()
    }
}

/// The first page that is missing by the numbers printed on the others, which stand in
/// the order of the paper. A page without a number stands for the next one. Where the
/// numbers begin anew there are two papers in one, which is another question.
fn missing_number(marks: &[Option<PageMark>]) -> Option<u32> {
    let mut next = 1;
    let mut last_of = None;
    for (place, mark) in (0_u32..).zip(marks) {
        let Some(mark) = mark else {
            next += 1;
            continue;
        };
        // A single number at the head of a single page may be that of a book.
        let is_counted = mark.of.is_some() || marks.iter().flatten().nth(1).is_some();
        if is_counted && mark.number > next && mark.number > place + 1 {
            return Some(next);
        }
        next = mark.number + 1;
        last_of = mark.of;
    }
    last_of.filter(|of| *of >= next).map(|_| next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(marks: &[(u32, Option<u32>)], expected: Option<u32>) {
        let marks: Vec<_> = marks
            .iter()
            .map(|&(number, of)| (number > 0).then_some(PageMark { number, of }))
            .collect();
        assert_eq!(missing_number(&marks), expected, "{marks:?}");
    }

    #[test]
    fn the_numbers_on_the_pages_tell_which_one_is_missing() {
        check(&[(1, Some(3)), (3, Some(3))], Some(2));
        check(&[(1, Some(3)), (2, Some(3))], Some(3));
        check(&[(2, Some(3)), (3, Some(3))], Some(1));
        check(&[(0, None), (2, None), (4, None)], Some(3));
        check(&[(2, Some(2))], Some(1));
    }

    #[test]
    fn pages_without_a_number_stand_for_the_next_one() {
        check(&[(1, Some(3)), (0, None), (3, Some(3))], None);
        check(&[(0, None), (2, None), (3, None)], None);
        check(&[(0, None), (0, None)], None);
        check(&[], None);
    }

    #[test]
    fn a_number_that_counts_something_else_accuses_nobody() {
        check(&[(17, None)], None);
        check(
            &[(1, Some(2)), (2, Some(2)), (1, Some(2)), (2, Some(2))],
            None,
        );
        check(&[(1, None), (2, None), (1, None)], None);
    }
}
