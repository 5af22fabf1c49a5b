//! What can go wrong with the catalogue, and which rule a typed value breaks.

use std::path::PathBuf;

use domain::code_template::CodeTemplateError;

/// Why a catalogue cannot be used. Form files hold no personal data, so their
/// content may be named.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder of the catalogue cannot be read.
    #[error("reading {}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not of the shape its schema asks for.
    #[error("{file} is not a valid catalogue file")]
    Malformed {
        /// Which.
        file: String,
        /// Why.
        source: serde_json::Error,
    },
    /// A code template cannot be used.
    #[error("{file} holds an unusable code template")]
    BadTemplate {
        /// Which.
        file: String,
        /// Why.
        source: CodeTemplateError,
    },
    /// A file was written for another version of the program.
    #[error("{file} has version {found}, this program knows version {known}")]
    OtherVersion {
        /// Which.
        file: String,
        /// Its version.
        found: u32,
        /// Ours.
        known: u32,
    },
    /// A rule names a field or landmark that its form does not have.
    #[error("{file} names {name:?}, which it does not define")]
    UnknownName {
        /// Which file.
        file: String,
        /// The name.
        name: String,
    },
    /// Two forms of one type, or two fields of one name.
    #[error("{file} defines {name:?} a second time")]
    Twice {
        /// Which file.
        file: String,
        /// The name.
        name: String,
    },
    /// No form, or several, serve papers of no known type.
    #[error("a catalogue has exactly one fallback form, this one has {0}")]
    Fallbacks(usize),
}

/// Which rule a typed value breaks. It never carries the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleFailure {
    /// Not written as a date.
    #[error("not a date")]
    NotADate,
    /// Written as a date that the calendar does not have.
    #[error("no such day in the calendar")]
    NoSuchDay,
    /// A number and symbol has a letter or a digit and no line break.
    #[error("not a number and symbol")]
    NotADocumentNumber,
    /// A name has letters and no digits.
    #[error("not a name")]
    NotAName,
    /// A personal number has 12 digits.
    #[error("not a personal number of 12 digits")]
    NotAPersonalId,
    /// A tax code has 10 or 13 digits with a right check digit, or is a personal number.
    #[error("not a tax code")]
    NotATaxCode,
    /// Neither a personal number nor a tax code.
    #[error("neither a personal number nor a tax code")]
    NotAnOwnerId,
    /// Neither the 12 digits of a personal number nor the 9 of an older card.
    #[error("not a number of 12 or 9 digits")]
    NotAnIdentityNumber,
    /// An ethnic group or a country has letters and no digits.
    #[error("not a name of a group or country")]
    NotAGroupOrCountry,
    /// A machine-readable zone has two or three lines whose check digits are right.
    #[error("not a machine-readable zone")]
    NotAnMrz,
    /// None of the values the form allows.
    #[error("not one of the values of the form")]
    NotAChoice,
    /// A number, perhaps with thousands dots and one or two decimals, and a unit.
    #[error("not a number with or without a unit")]
    NotAQuantity,
    /// Longer than any field on paper.
    #[error("too long")]
    TooLong,
    /// A character that no keyboard means to type.
    #[error("holds a control character")]
    ControlCharacter,
}

impl RuleFailure {
    /// The stable name over the boundary.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotADate => "not_a_date",
            Self::NoSuchDay => "no_such_day",
            Self::NotADocumentNumber => "not_a_document_number",
            Self::NotAName => "not_a_name",
            Self::NotAPersonalId => "not_a_personal_id",
            Self::NotATaxCode => "not_a_tax_code",
            Self::NotAnOwnerId => "not_an_owner_id",
            Self::NotAnIdentityNumber => "not_an_identity_number",
            Self::NotAGroupOrCountry => "not_a_group_or_country",
            Self::NotAnMrz => "not_an_mrz",
            Self::NotAChoice => "not_a_choice",
            Self::NotAQuantity => "not_a_quantity",
            Self::TooLong => "too_long",
            Self::ControlCharacter => "control_character",
        }
    }
}
