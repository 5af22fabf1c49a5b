//! Verifying by group (xác nhận theo nhóm): every value of the desk that waits for
//! a person, of all open papers, put together by what it is. A person compares
//! crops of one sort faster than fields of one paper, and strangers stand out.

use std::collections::BTreeMap;

use domain::audit::Act;
use domain::document::{Document, DocumentState};
use domain::field::{Doubt, FieldCandidate, Grade};
use domain::page::Page;
use domain::rights::Right;
use extraction::{FieldDefinition, ValueType};

use crate::{Desk, Error};

/// More open papers than a desk has in days; the oldest come first.
const PAPERS_AT_MOST: usize = 400;
/// So many of one shape make it the usual one.
const USUAL_FROM: usize = 3;

/// What sort of value it is, for the wall it stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// Numbers and symbols of papers.
    Number,
    /// Days, months, years.
    Day,
    /// Identity numbers and tax codes.
    Identity,
    /// Names of people.
    Name,
    /// Everything else.
    Words,
}

/// One value that waits.
#[derive(Clone, Debug)]
pub struct WaitingValue {
    /// Its document.
    pub document: Document,
    /// The field as its form has it.
    pub definition: FieldDefinition,
    /// What is proposed.
    pub candidate: FieldCandidate,
    /// The page it stands on.
    pub page: Page,
    /// Which sort it is.
    pub sort: Sort,
    /// It looks unlike the others of its field.
    pub stranger: bool,
}

impl Sort {
    const fn of(value_type: ValueType) -> Self {
        match value_type {
            ValueType::DocumentNumber | ValueType::Quantity => Self::Number,
            ValueType::Date | ValueType::PartialDate | ValueType::Validity => Self::Day,
            ValueType::OwnerId
            | ValueType::PersonalId
            | ValueType::TaxCode
            | ValueType::IdentityNumber => Self::Identity,
            ValueType::PersonName => Self::Name,
            _ => Self::Words,
        }
    }
}

/// Every doubtful value that can be seen on an open paper, by sort, then field, then
/// value: equal ones stand beside each other. A value that nobody read has no crop
/// to judge by and is left to its paper.
pub fn waiting_values(desk: &Desk) -> Result<Vec<WaitingValue>, Error> {
    desk.may(Right::SeeOpenPapers)?;
    let mut waiting = desk.vault.write(|read| {
        desk.audit(read, Act::WaitingListed)?;
        let mut waiting = Vec::new();
        for document in read.documents_in(DocumentState::Extracted, PAPERS_AT_MOST)? {
            let recognised = document.document_type.as_ref();
            // Another type of paper would have other fields: first the type, at the paper.
            let Some(form) = recognised
                .filter(|recognised| recognised.grade == Grade::Certain)
                .and_then(|recognised| desk.catalogue.form(&recognised.document_type))
            else {
                continue;
            };
            let pages = read.pages_of(document.id)?;
            for field in read.reviewed_fields(document.id)? {
                if field.value.is_some() || field.candidate.grade != Grade::Check {
                    continue;
                }
                // On a wall that shows what is proposed nobody makes an entry of his own.
                let definition = form
                    .field(&field.candidate.name)
                    .filter(|definition| !desk.catalogue.takes_two(definition));
                let page = field
                    .candidate
                    .evidence
                    .and_then(|evidence| pages.get(evidence.page));
                if let (Some(definition), Some(page)) = (definition, page) {
                    waiting.push(WaitingValue {
                        document: document.clone(),
                        definition: definition.clone(),
                        page: page.clone(),
                        sort: Sort::of(definition.value_type),
                        stranger: false,
                        candidate: field.candidate,
                    });
                }
            }
        }
        Ok::<_, Error>(waiting)
    })?;
    mark_strangers(&mut waiting);
    let place = |value: &WaitingValue| {
        (
            value.sort,
            value.candidate.name.clone(),
            value.candidate.value.clone(),
        )
    };
    waiting.sort_by_cached_key(place);
    Ok(waiting)
}

fn mark_strangers(waiting: &mut [WaitingValue]) {
    let mut shapes: BTreeMap<(String, String), usize> = BTreeMap::new();
    let key = |value: &WaitingValue| {
        (
            value.candidate.name.to_string(),
            shape(&value.candidate.value),
        )
    };
    for value in waiting.iter() {
        *shapes.entry(key(value)).or_default() += 1;
    }
    for value in waiting.iter_mut() {
        let (name, shape) = key(value);
        let like_it = shapes.get(&(name.clone(), shape)).copied().unwrap_or(0);
        let usual = shapes
            .iter()
            .filter(|((other, _), _)| *other == name)
            .map(|(_, count)| *count)
            .max()
            .unwrap_or(0);
        let doubts = &value.candidate.doubts;
        value.stranger = (usual >= USUAL_FROM && like_it == 1)
            || doubts.contains(&Doubt::RuleFails)
            || doubts.contains(&Doubt::Contradicts);
    }
}

/// How a value looks from afar: runs of digits, letters and spaces as one sign each,
/// other signs as they are. "115/NQ-CP" and "29/QĐ-UBND" look alike.
fn shape(value: &str) -> String {
    let mut shape = String::new();
    for letter in value.chars() {
        let sign = if letter.is_numeric() {
            '0'
        } else if letter.is_alphabetic() {
            'a'
        } else if letter.is_whitespace() {
            ' '
        } else {
            letter
        };
        if !shape.ends_with(sign) {
            shape.push(sign);
        }
    }
    // A name is a name in three words or in five.
    shape.replace("a a", "a").replace(" a", "")
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn values_of_one_kind_look_alike_and_others_do_not() {
        for (one, other, alike) in [
            ("115/NQ-CP", "29/QĐ-UBND", true),
            ("Trần Văn Bình", "Lê Hoa", true),
            ("Trần Thị Thu Hà", "Lê Hoa", true),
            ("2026-04-29", "1993-01-05", true),
            ("115/NQ-CP", "115", false),
            ("2026", "2026-01-05", false),
            ("Trần Văn B1nh", "Lê Hoa", false),
        ] {
            assert_eq!(shape(one) == shape(other), alike, "{one} | {other}");
        }
    }
}
