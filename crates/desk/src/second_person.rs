//! Fields that take two officers (nhập hai lần): which these are, whose turn it is, and
//! what each of the two may see. The rule stands in `domain::second_person`; here it is
//! kept, so that no window has to be trusted with it.

use std::collections::BTreeMap;
use std::fmt;

use domain::audit::Act;
use domain::field::{FieldName, FieldValue};
use domain::ids::{DocumentId, OfficerId};
use domain::second_person::{NotThisOfficer, OwnEntry, Standing};
use extraction::Form;
use vault::Reader;

use crate::error::Refusal;
use crate::{Desk, Error};

/// Whose turn it is, from where the signed-in officer sits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nobody has entered anything.
    First,
    /// Another officer has, and this one enters without seeing it.
    Second,
    /// Two officers differ, and this one may decide.
    Decide,
    /// The next entry is another officer's.
    Another,
    /// Two officers answer for the value.
    Settled,
}

/// A field that takes two officers, as far as the signed-in one may see it.
#[derive(Clone, PartialEq, Eq)]
pub struct TakesTwo {
    /// Whose turn it is.
    pub turn: Turn,
    /// What was entered, oldest first; nothing before the own entry.
    pub entries: Vec<String>,
}

// Entries are personal data.
impl fmt::Debug for TakesTwo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TakesTwo")
            .field("turn", &self.turn)
            .finish_non_exhaustive()
    }
}

impl TakesTwo {
    fn of(made: &[OwnEntry], officer: OfficerId) -> Self {
        let standing = Standing::of(made);
        let turn = match standing {
            Standing::Settled { .. } => Turn::Settled,
            _ if standing.admits(officer).is_err() => Turn::Another,
            Standing::Untouched => Turn::First,
            Standing::Second { .. } => Turn::Second,
            Standing::Differ { .. } => Turn::Decide,
        };
        let shown = standing.shows_entries_to(officer);
        let entries = made.iter().filter(|_| shown);
        Self {
            turn,
            entries: entries.map(|entry| entry.value.clone()).collect(),
        }
    }
}

/// The fields of a document that take two officers.
pub(crate) fn fields(
    desk: &Desk,
    read: &Reader<'_>,
    document_id: DocumentId,
    form: Option<&Form>,
) -> Result<BTreeMap<FieldName, TakesTwo>, vault::Error> {
    let fields = form.into_iter().flat_map(|form| &form.fields);
    fields
        .filter(|field| desk.catalogue.takes_two(field))
        .map(|field| {
            let made = read.own_entries(document_id, &field.name)?;
            Ok((field.name.clone(), TakesTwo::of(&made, desk.officer.id)))
        })
        .collect()
}

/// One officer's own entry. The value is decided when it is the second that says the
/// same, or the third, which decides between two that did not.
pub(crate) fn enter(
    desk: &Desk,
    document_id: DocumentId,
    mut value: FieldValue,
    act: Act,
) -> Result<(), Error> {
    let officer = desk.officer.id;
    let name = value.name.clone();
    desk.vault.write(|write| {
        let mut made = write.own_entries(document_id, &name)?;
        let standing = Standing::of(&made);
        standing
            .admits(officer)
            .map_err(|why| Refusal::TakesTwo(name.clone(), why))?;
        if standing.is_settled() {
            write.clear_value(document_id, &name)?;
            made.clear();
        }
        made.push(OwnEntry {
            value: value.value.clone(),
            entered_by: officer,
            entered_at: desk.clock.now(),
        });
        write.set_own_entries(document_id, &name, &made)?;
        if let Standing::Settled { other, .. } = Standing::of(&made) {
            value.seconded_by = Some(other);
            write.set_value(document_id, &value)?;
            desk.audit(write, act)?;
        } else {
            desk.audit(write, Act::FieldEntered(document_id, name.to_string()))?;
        }
        Ok(())
    })
}

/// Takes this officer's own entries back, and a decision that rested on them. What the
/// other officer entered by himself stays.
pub(crate) fn take_back(
    desk: &Desk,
    document_id: DocumentId,
    name: &FieldName,
) -> Result<(), Error> {
    let officer = desk.officer.id;
    desk.vault.write(|write| {
        let made = write.own_entries(document_id, name)?;
        let is_own = |entry: &OwnEntry| entry.entered_by == officer;
        if !made.is_empty() && !made.iter().any(is_own) {
            let why = NotThisOfficer::OneOfTheTwoDecides;
            return Err(Refusal::TakesTwo(name.clone(), why).into());
        }
        // The other's decision between two entries is nothing without the second one.
        let of_other = made.into_iter().find(|entry| !is_own(entry));
        write.set_own_entries(document_id, name, of_other.as_slice())?;
        write.clear_value(document_id, name)?;
        Ok(desk.audit(write, Act::FieldCorrected(document_id, name.to_string()))?)
    })
}

#[cfg(test)]
mod tests;
