//! What a person typed, in normal form.

use domain::code::{OldIdentityNumber, OwnerId, PersonalId, TaxCode};
use domain::fold::normalise;

use crate::catalogue::form::{FieldDefinition, ValueType};
use crate::catalogue::lists::Names;
use crate::error::RuleFailure;
use crate::identity::mrz;
use crate::identity::qr::packed_day;
use crate::label::tokens;
use crate::passage::plain;
use crate::read::{Read, date, identity, name, number, quantity, read};

/// Longer than any field on paper, short enough for every system that gets it.
const MAX_CHARS: usize = 1_000;
/// Number and symbol of a paper.
const MAX_NUMBER_CHARS: usize = 60;

/// The normal form of what a person typed, or which rule it breaks.
///
/// Nothing typed is a value too: "there is none on the paper". The rule is that of
/// the type, not of what papers usually look like: a person sees the paper, and
/// the data must equal it.
// Circular 01/2023/TT-VPCP, art. 9: typed data equal the paper.
pub fn normal_form(field: &FieldDefinition, typed: &str) -> Result<String, RuleFailure> {
    if typed
        .chars()
        .any(|letter| letter.is_control() && !letter.is_whitespace())
    {
        return Err(RuleFailure::ControlCharacter);
    }
    let text = normalise(typed);
    if text.is_empty() {
        return Ok(text);
    }
    if text.chars().count() > MAX_CHARS {
        return Err(RuleFailure::TooLong);
    }
    match field.value_type {
        ValueType::Text | ValueType::Address => Ok(text),
        ValueType::PersonName if name::is_name(&text) => Ok(text),
        ValueType::PersonName => Err(RuleFailure::NotAName),
        ValueType::Date => day(&text),
        ValueType::PartialDate => partial_day(&text),
        ValueType::DocumentNumber => document_number(&text),
        ValueType::PersonalId => code::<PersonalId>(&text, RuleFailure::NotAPersonalId),
        ValueType::TaxCode => code::<TaxCode>(&text, RuleFailure::NotATaxCode),
        ValueType::OwnerId => code::<OwnerId>(&text, RuleFailure::NotAnOwnerId),
        ValueType::Choice => word(field, &text).ok_or(RuleFailure::NotAChoice),
        ValueType::Quantity => quantity::whole(&text).ok_or(RuleFailure::NotAQuantity),
        ValueType::Validity => match word(field, &text) {
            Some(word) => Ok(word),
            None => day(&text),
        },
        ValueType::IdentityNumber => identity_number(&text),
        ValueType::Ethnicity => listed(field.lists.ethnicities(), text),
        ValueType::Nationality => listed(field.lists.nationalities(), text),
        ValueType::Mrz => mrz::normal(&text).ok_or(RuleFailure::NotAnMrz),
    }
}

fn identity_number(text: &str) -> Result<String, RuleFailure> {
    code::<PersonalId>(text, RuleFailure::NotAnIdentityNumber)
        .or_else(|_| code::<OldIdentityNumber>(text, RuleFailure::NotAnIdentityNumber))
}

/// A name of a list as the list spells it when only its marks were left out, and
/// anything else as typed: the data equal the paper, and papers know more names.
fn listed(names: &Names, text: String) -> Result<String, RuleFailure> {
    if let Some(listed) = names.find(&text) {
        return Ok(if listed.exact { text } else { listed.spelling });
    }
    if name::is_name(&text) {
        Ok(text)
    } else {
        Err(RuleFailure::NotAGroupOrCountry)
    }
}

fn day(text: &str) -> Result<String, RuleFailure> {
    if let Some(day) = date::day_of(text) {
        return Ok(day.format("%Y-%m-%d").to_string());
    }
    if let Some(day) = packed_day(text) {
        return Ok(day);
    }
    match date::read(text, false) {
        Read::Value(value) if !is_whole(text, value.end) => Err(RuleFailure::NotADate),
        Read::Value(value) if value.sound => Ok(value.text),
        Read::Value(_) => Err(RuleFailure::NoSuchDay),
        Read::Unreadable | Read::Blank => Err(RuleFailure::NotADate),
    }
}

fn partial_day(text: &str) -> Result<String, RuleFailure> {
    let full = day(text);
    if full.is_ok() {
        return full;
    }
    // The normal form of a month.
    if let Some((year, month)) = text.split_once('-').filter(|(year, _)| year.len() == 4) {
        return partial_day(&format!("{month}/{year}")).map_err(|_| RuleFailure::NotADate);
    }
    match date::read(text, true) {
        Read::Value(value) if value.text.len() < 10 && is_whole(text, value.end) => Ok(value.text),
        _ => full,
    }
}

fn is_whole(text: &str, end: usize) -> bool {
    !text[end..].chars().any(char::is_alphanumeric)
}

fn document_number(text: &str) -> Result<String, RuleFailure> {
    let tight = number::tight(&plain(text));
    let short = tight.chars().count() <= MAX_NUMBER_CHARS;
    if short && tight.chars().any(char::is_alphanumeric) {
        Ok(tight)
    } else {
        Err(RuleFailure::NotADocumentNumber)
    }
}

fn code<T: std::str::FromStr>(text: &str, failure: RuleFailure) -> Result<String, RuleFailure> {
    let typed = |letter: char| letter.is_ascii_digit() || matches!(letter, ' ' | '.' | '-');
    let compact = identity::compact(text);
    if text.chars().all(typed) && compact.parse::<T>().is_ok() {
        Ok(compact)
    } else {
        Err(failure)
    }
}

/// One of the field's words, in its normal form or as papers say it.
fn word(field: &FieldDefinition, text: &str) -> Option<String> {
    if field.words.contains_key(text) {
        return Some(text.to_owned());
    }
    let tokens = tokens(text);
    field.words.iter().find_map(|(normal, words)| {
        words
            .iter()
            .any(|word| {
                word.match_at(&tokens, 0)
                    .is_some_and(|found| found.end == tokens.len())
            })
            .then(|| normal.clone())
    })
}

/// Whether a text is the normal form of a value that a person may confirm.
pub fn is_normal_form(field: &FieldDefinition, value: &str) -> bool {
    normal_form(field, value).is_ok_and(|normal| normal == value)
}

/// A value from a code or a dossier, which says it in its own way.
pub(crate) fn from_elsewhere(field: &FieldDefinition, text: &str) -> Option<String> {
    if let Ok(normal) = normal_form(field, text) {
        return Some(normal).filter(|normal| !normal.is_empty());
    }
    match read(field, text) {
        Read::Value(value) if value.sound => Some(value.text),
        _ => None,
    }
}
