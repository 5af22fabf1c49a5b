//! Fields that take two officers, as the window shows them.

use desk::second_person::TakesTwo;
use serde::Serialize;

use super::review::FieldView;

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Turn {
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

/// A field that takes two officers.
#[derive(Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct SecondPersonView {
    pub(crate) turn: Turn,
    /// What was entered, oldest first, as far as this officer may see it.
    pub(crate) entries: Vec<String>,
}

/// The field with what the two officers have done. An own entry is prompted neither by
/// what the machine proposes nor by what another officer entered.
pub(crate) fn as_seen(two: Option<&TakesTwo>, field: FieldView) -> FieldView {
    let Some(two) = two else {
        return field;
    };
    let turn = two.turn.into();
    let own = match turn {
        Turn::First | Turn::Settled => None,
        Turn::Second | Turn::Decide => Some(String::new()),
        Turn::Another => Some(two.entries.last().cloned().unwrap_or_default()),
    };
    let second_person = Some(SecondPersonView {
        turn,
        entries: two.entries.clone(),
    });
    match own {
        None => FieldView {
            second_person,
            ..field
        },
        Some(value) => FieldView {
            value,
            doubtful_letters: Vec::new(),
            second_person,
            ..field
        },
    }
}
