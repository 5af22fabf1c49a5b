//! Which kind of paper this is.

use domain::document::RecognisedType;
use domain::field::Grade;

use crate::catalogue::Catalogue;
use crate::catalogue::form::{Form, TypeEvidence};
use crate::label::{find_all, match_any_at};
use crate::layout::{Layout, PageText};

/// A paper says what it is on its first pages; who receives it stands on the last.
const FIRST_PAGES: usize = 2;

/// Weighs what speaks for each form. The type is certain only when one form
/// reaches what it asks for and no other is even possible; when none is possible
/// the paper is of no known type, and a person says so.
pub fn recognise_type(catalogue: &Catalogue, pages: &[PageText<'_>]) -> RecognisedType {
    let telling: Vec<PageText<'_>> = pages
        .iter()
        .enumerate()
        .filter(|(index, _)| *index < FIRST_PAGES || index + 1 == pages.len())
        .map(|(_, page)| *page)
        .collect();
    let mut possible: Vec<(i32, &Form)> = catalogue
        .forms()
        .iter()
        .filter(|form| !form.fallback)
        .map(|form| (score(form, &Layout::new(form, &telling)), form))
        .filter(|(score, form)| *score >= form.recognise.possible_from)
        .collect();
    possible.sort_by_key(|(score, _)| -score);
    let Some((score, form)) = possible.first() else {
        return RecognisedType {
            document_type: catalogue.fallback().document_type.clone(),
            grade: Grade::Check,
        };
    };
    let clear = *score >= form.recognise.certain_from && possible.len() == 1;
    RecognisedType {
        document_type: form.document_type.clone(),
        grade: if clear { Grade::Certain } else { Grade::Check },
    }
}

/// Each piece of evidence counts once, however often it stands on the paper.
fn score(form: &Form, layout: &Layout<'_>) -> i32 {
    form.recognise
        .evidence
        .iter()
        .filter(|evidence| is_there(evidence, layout))
        .map(|evidence| evidence.weight)
        .sum()
}

fn is_there(evidence: &TypeEvidence, layout: &Layout<'_>) -> bool {
    if evidence.titles {
        return layout.heading.is_some();
    }
    layout
        .segments
        .iter()
        .filter(|segment| !segment.avoided)
        .any(|segment| {
            let tokens = &segment.passage.tokens;
            let opens = || {
                let found = match_any_at(&evidence.title_starts, tokens, 0);
                found.is_some() && segment.page == 0 && segment.in_capitals()
            };
            let matches = || {
                let pattern = evidence.pattern.as_ref();
                pattern.is_some_and(|pattern| pattern.is_match(&segment.row))
            };
            !find_all(&evidence.labels, tokens).is_empty() || opens() || matches()
        })
}
