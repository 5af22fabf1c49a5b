//! Where pages that lie in one paper look like two: what a lost separator leaves.

use std::sync::OnceLock;

use domain::document::DocumentType;
use domain::field::Grade;
use domain::page::PageMark;
use serde::Deserialize;

use crate::catalogue::Catalogue;
use crate::label::{Label, find_all, tokens};
use crate::layout::PageText;
use crate::page_mark::page_mark;
use crate::recognise::recognise_type;

const SEPARATION: &str = include_str!("../../../forms/separation.json");

/// The head of a paper stands in this part of its first page.
const HEAD: f32 = 0.3;

/// The words on cover slips, and how the first page of a paper is told.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Separation {
    version: u32,
    #[expect(dead_code, reason = "says to people where the words come from")]
    basis: String,
    /// What stands on a cover slip.
    pub slip: SlipWords,
    heads: Vec<String>,
}

/// What stands on a cover slip.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlipWords {
    /// What the sheet is.
    pub title: String,
    /// Stands before the number of the dossier.
    pub dossier: String,
    /// Stands before the name of the component.
    pub component: String,
    /// What to do with it.
    pub hint: String,
}

impl Separation {
    /// What is shipped with the program.
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Separation> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            let read: Self =
                serde_json::from_str(SEPARATION).expect("a test reads forms/separation.json");
            assert_eq!(read.version, 1, "a test reads forms/separation.json");
            read
        })
    }
}

/// Why a page looks like the beginning of another paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JoinReason {
    /// It is a cover slip whose code could not be read.
    Slip,
    /// The printed count begins anew, ended before, or counts to another number.
    Count,
    /// It is of another kind than the paper's first page.
    AnotherKind,
    /// It has the head that only a first page has.
    Head,
}

impl JoinReason {
    /// All reasons.
    pub const ALL: [Self; 4] = [Self::Slip, Self::Count, Self::AnotherKind, Self::Head];

    /// The stable name over the boundary.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Slip => "slip",
            Self::Count => "count",
            Self::AnotherKind => "another_kind",
            Self::Head => "head",
        }
    }
}

/// A page before which two papers may have been joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Join {
    /// Its place in the paper, from 0.
    pub page: usize,
    /// What speaks for it; where several things do, the one that says most.
    pub reason: JoinReason,
}

/// The pages of one paper that look like the beginning of another.
///
/// A question, never an act: an annex may carry a head of its own. What is asked too
/// often is not answered any more, so that each sign has to be one that pages within a
/// paper hardly ever show.
// Circular 01/2023/TT-VPCP, art. 8(1): each paper is scanned on its own.
pub fn joins(catalogue: &Catalogue, pages: &[PageText<'_>]) -> Vec<Join> {
    let words = Separation::builtin();
    let title = [Label::new(&words.slip.title)];
    let heads: Vec<Label> = words.heads.iter().map(|head| Label::new(head)).collect();
    let mut found = Vec::new();
    let mut of_paper = Told::default();
    for (number, page) in pages.iter().enumerate() {
        let here = Told {
            mark: page_mark(page.text, page.size),
            kind: kind_of(catalogue, page),
        };
        let reason = if says(page, &title, 1.0) {
            Some(JoinReason::Slip)
        } else if number == 0 {
            None
        } else if counts_another(of_paper.mark, here.mark) {
            Some(JoinReason::Count)
        } else if differs(of_paper.kind.as_ref(), here.kind.as_ref()) {
            Some(JoinReason::AnotherKind)
        } else if says(page, &heads, HEAD) {
            Some(JoinReason::Head)
        } else {
            None
        };
        if let Some(reason) = reason {
            found.push(Join {
                page: number,
                reason,
            });
        }
        of_paper = Told {
            mark: here.mark,
            // What follows a page that begins a paper belongs to that one.
            kind: if reason.is_some() || number == 0 {
                here.kind
            } else {
                of_paper.kind
            },
        };
    }
    found
}

/// What a page tells of the paper it belongs to.
#[derive(Default)]
struct Told {
    mark: Option<PageMark>,
    kind: Option<DocumentType>,
}

/// The kind that a page alone says without doubt.
fn kind_of(catalogue: &Catalogue, page: &PageText<'_>) -> Option<DocumentType> {
    let told = recognise_type(catalogue, std::slice::from_ref(page));
    (told.grade == Grade::Certain).then_some(told.document_type)
}

fn differs(of_paper: Option<&DocumentType>, here: Option<&DocumentType>) -> bool {
    matches!((of_paper, here), (Some(one), Some(other)) if one != other)
}

/// Whether the count on a page cannot follow that on the page before.
fn counts_another(before: Option<PageMark>, here: Option<PageMark>) -> bool {
    match (before, here) {
        // The last of three was there, and yet a page follows.
        (Some(before), None) => before.of == Some(before.number),
        (None, Some(here)) => here.number == 1 && here.of.is_some(),
        (Some(before), Some(here)) => {
            let other_sum = before.of.is_some() && here.of.is_some() && before.of != here.of;
            other_sum || here.number == 1
        }
        (None, None) => false,
    }
}

/// Whether one of these texts stands in the upper part of the page.
fn says(page: &PageText<'_>, labels: &[Label], upper: f32) -> bool {
    let limit = page.size.height_px as f32 * upper;
    let lines = page.text.lines.iter();
    lines
        .filter(|line| line.outline.bottom() as f32 <= limit)
        .any(|line| {
            let words: Vec<&str> = line.words.iter().map(|word| word.text.as_str()).collect();
            !find_all(labels, &tokens(&words.join(" "))).is_empty()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn mark(number: u32, of: u32) -> PageMark {
        PageMark {
            number,
            of: if of > 0 { Some(of) } else { None },
        }
    }

    #[test]
    fn a_count_that_goes_on_is_one_paper_and_one_that_begins_anew_is_two() {
        let check = |before: Option<PageMark>, here: Option<PageMark>, another| {
            assert_eq!(counts_another(before, here), another, "{before:?} {here:?}");
        };
        check(Some(mark(1, 3)), Some(mark(2, 3)), false);
        check(Some(mark(2, 3)), None, false);
        check(None, Some(mark(2, 0)), false);
        check(None, Some(mark(1, 0)), false);
        check(Some(mark(2, 0)), Some(mark(3, 0)), false);
        check(Some(mark(3, 3)), Some(mark(1, 2)), true);
        check(Some(mark(3, 3)), None, true);
        check(Some(mark(2, 3)), Some(mark(2, 5)), true);
        check(None, Some(mark(1, 2)), true);
        check(Some(mark(4, 0)), Some(mark(1, 0)), true);
    }

    #[test]
    fn the_shipped_words_are_read() {
        let words = Separation::builtin();
        assert!(!words.slip.title.is_empty() && !words.heads.is_empty());
    }
}
