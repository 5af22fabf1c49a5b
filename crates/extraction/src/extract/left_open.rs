//! Which words the third engine must read.

use std::collections::BTreeSet;

use domain::document::RecognisedType;
use domain::field::Grade;
use domain::quality::Verdict;
use domain::recognised_text::Word;

use super::{Paper, first_best, says_alike};
use crate::catalogue::form::Form;
use crate::layout::{Layout, PageText};
use crate::passage::WordAt;
use crate::read::Read;

/// A word of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WordRef {
    /// Position of the page in the document, from 0.
    pub page: usize,
    /// Index of the line within the page's recognised text.
    pub line: usize,
    /// Index of the word within the line.
    pub word: usize,
}

/// The words of field values that two engines left open, in the order of the paper.
/// Labels need no third reading, and neither does a heading that both engines read as
/// the same one of the form's.
pub fn words_left_open(form: &Form, kind: &RecognisedType, pages: &[PageText<'_>]) -> Vec<WordRef> {
    let paper = Paper {
        form,
        kind,
        layout: Layout::new(form, pages),
        owner: None,
    };
    let mut open = BTreeSet::new();
    for field in &form.fields {
        for rule in field.find.iter().chain(&field.same_as) {
            let Some(found) = first_best(paper.readings(field, rule)) else {
                continue;
            };
            let place = &found.place;
            let (start, end) = match &found.read {
                Read::Value(value) => (value.start, value.end),
                _ => (place.start, place.end),
            };
            let words = place.passage.words_in(start, end);
            if place
                .fixed
                .as_ref()
                .is_some_and(|fixed| fixed.exact && says_alike(form, words, &fixed.value))
            {
                continue;
            }
            // What two agree on is asked for again only to become certain.
            let may_be_certain = kind.grade == Grade::Certain
                && words.iter().all(|at| !at.word.handwritten)
                && words
                    .first()
                    .is_some_and(|at| pages[at.page].verdict != Verdict::Bad);
            let asked =
                |at: &&WordAt<'_>| at.word.is_left_open() && (may_be_certain || !at.word.agreed);
            for at in words.iter().filter(asked) {
                let line = &pages[at.page].text.lines[at.line];
                let same = |word: &Word| std::ptr::eq(word, at.word);
                if let Some(word) = line.words.iter().position(same).filter(|_| line.read_twice) {
                    open.insert(WordRef {
                        page: at.page,
                        line: at.line,
                        word,
                    });
                }
            }
        }
    }
    open.into_iter().collect()
}
