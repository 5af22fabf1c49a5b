//! Readers: from a piece of text to a value in normal form. Pure functions; what
//! cannot be read is said, never guessed.

pub(crate) mod date;
pub(crate) mod identity;
pub(crate) mod listed;
pub(crate) mod name;
pub(crate) mod number;
pub(crate) mod quantity;
pub(crate) mod term;

use domain::fold::normalise;

use crate::address::resolve;
use crate::catalogue::form::{FieldDefinition, ValueType};
use crate::identity::mrz;
use crate::label::{Label, tokens};

/// What stands in a text where a value should begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// A value.
    Value(Value),
    /// Something is there, but no value can be made of it.
    Unreadable,
    /// The place was left blank.
    Blank,
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    /// Normal form; as seen on the paper where it breaks its rule.
    pub(crate) text: String,
    /// Byte range in the text that was read.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// It keeps the rule of its type.
    pub(crate) sound: bool,
}

impl Read {
    pub(crate) fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    /// In words, for comparing in tests.
    #[cfg(test)]
    pub(crate) fn shown(self) -> String {
        match self {
            Self::Value(value) if value.sound => value.text,
            Self::Value(value) => format!("{} (breaks its rule)", value.text),
            Self::Unreadable => "unreadable".to_owned(),
            Self::Blank => "blank".to_owned(),
        }
    }
}

const PERSONAL_ID_DIGITS: usize = 12;

/// How many tokens may stand between a label and its choice.
const NEAR_TOKENS: usize = 3;

/// Reads the value of a field at the beginning of a text.
pub(crate) fn read(field: &FieldDefinition, text: &str) -> Read {
    let mut read = match field.value_type {
        ValueType::Text => read_text(text),
        ValueType::PersonName => name::read(text),
        ValueType::Date => date::read(text, false),
        ValueType::PartialDate => date::read(text, true),
        ValueType::DocumentNumber => number::read(text),
        ValueType::OwnerId => identity::read_owner_id(text),
        ValueType::PersonalId => identity::read_personal_id(text),
        ValueType::TaxCode => identity::read_tax_code(text),
        ValueType::Choice => read_choice(field, text),
        ValueType::Quantity => quantity::read(text),
        ValueType::Validity => match read_choice(field, text) {
            Read::Value(value) => Read::Value(value),
            _ => date::read(text, false),
        },
        ValueType::IdentityNumber => identity::read_identity_number(text),
        ValueType::Address => read_address(field, text),
        ValueType::Ethnicity => listed::read(field.lists.ethnicities(), text),
        ValueType::Nationality => listed::read(field.lists.nationalities(), text),
        ValueType::Mrz => mrz::read(text),
    };
    if let Read::Value(value) = &mut read
        && matches!(
            field.value_type,
            ValueType::PersonalId
                | ValueType::OwnerId
                | ValueType::TaxCode
                | ValueType::IdentityNumber
        )
        && value.text.len() == PERSONAL_ID_DIGITS
    {
        // A warning, never a refusal: a person may still confirm it.
        value.sound &= field.lists.units().begins_personal_number(&value.text);
    }
    if let (Read::Value(value), Some(pattern)) = (&mut read, &field.pattern) {
        value.sound &= pattern.is_match(&value.text);
    }
    read
}

/// Signs that fill the room for a value: dots, dashes, lines.
pub(crate) fn is_filler(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(
            letter,
            '.' | '…' | '_' | ':' | '·' | '‥' | '-' | '–' | '—' | '~' | '|' | ';' | ','
        )
}

/// The text without fillers before it, and how many bytes they took.
pub(crate) fn skip_filler(text: &str) -> (&str, usize) {
    let rest = text.trim_start_matches(is_filler);
    (rest, text.len() - rest.len())
}

fn read_text(text: &str) -> Read {
    let (rest, start) = skip_filler(text);
    // "./." ends the text of an official document.
    let rest = rest.trim_end_matches(|letter: char| is_filler(letter) || letter == '/');
    if !rest.chars().any(char::is_alphanumeric) {
        return Read::Blank;
    }
    Read::Value(Value {
        text: normalise(rest),
        start,
        end: start + rest.len(),
        sound: rest.chars().filter(|letter| letter.is_alphabetic()).count() >= 2,
    })
}

/// An address is kept as written. One whose province or commune is not in the
/// list was perhaps misread, so a person looks at it.
fn read_address(field: &FieldDefinition, text: &str) -> Read {
    let mut read = read_text(text);
    if let Read::Value(value) = &mut read {
        let address = resolve(field.lists.units(), &value.text);
        // "Nghê An" is two engines' error and no province.
        value.sound &= address.is_settled() && address.exact;
    }
    read
}

/// One of the field's own values, and only one: "Nam/Nữ" is a printed choice
/// that nobody has made.
fn read_choice(field: &FieldDefinition, text: &str) -> Read {
    let tokens = tokens(text);
    if tokens.is_empty() {
        return Read::Blank;
    }
    let mut found: Option<Value> = None;
    for first in 0..tokens.len().min(NEAR_TOKENS) {
        for (normal, words) in &field.words {
            let hit = words
                .iter()
                .find_map(|word: &Label| word.match_at(&tokens, first));
            let Some(hit) = hit else { continue };
            match &found {
                Some(earlier) if earlier.text != *normal => return Read::Unreadable,
                Some(_) => {}
                None => {
                    found = Some(Value {
                        text: normal.clone(),
                        start: tokens[hit.first].start,
                        end: tokens[hit.end - 1].end,
                        sound: first == 0,
                    });
                }
            }
        }
    }
    found.map_or(Read::Unreadable, Read::Value)
}
