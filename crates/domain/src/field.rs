//! Fields: what extraction proposes and what a person confirms.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::engine::Engine;
use crate::geometry::Rectangle;
use crate::ids::OfficerId;

/// The name of a field, as in `forms/`: `number`, `issued_on`, `owner_name`.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct FieldName(String);

/// The text is not a field name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a field name has 1 to 40 of a–z, 0–9 and _, and starts with a letter")]
pub struct FieldNameError;

impl FieldName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FieldName {
    type Err = FieldNameError;
    fn from_str(text: &str) -> Result<Self, FieldNameError> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let starts = text
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_lowercase());
        if starts && text.len() <= 40 && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(FieldNameError)
        }
    }
}

impl TryFrom<String> for FieldName {
    type Error = FieldNameError;
    fn try_from(text: String) -> Result<Self, FieldNameError> {
        text.parse()
    }
}

impl From<FieldName> for String {
    fn from(name: FieldName) -> Self {
        name.0
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How far a proposed value may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// Nothing found. A person may type it, or leave it where the form allows.
    Empty,
    /// A person must look.
    Check,
    /// Two engines agree, the rule passes, and it is not handwritten; or it was read
    /// from a code with a check of its own.
    Certain,
}

impl Grade {
    /// The stable name in stores and over the boundary.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Check => "check",
            Self::Certain => "certain",
        }
    }

    /// The grade of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Empty, Self::Check, Self::Certain]
            .into_iter()
            .find(|grade| grade.name() == name)
    }
}

/// Where a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// Recognised print or writing.
    Ocr,
    /// A QR code.
    Qr,
    /// A machine-readable zone.
    Mrz,
    /// A rule, such as "valid for ever" for a birth certificate.
    Rule,
    /// The dossier: its owner, its procedure.
    Dossier,
    /// An officer typed it.
    Officer,
}

impl Source {
    /// All sources.
    pub const ALL: [Self; 6] = [
        Self::Ocr,
        Self::Qr,
        Self::Mrz,
        Self::Rule,
        Self::Dossier,
        Self::Officer,
    ];

    /// The stable name in stores and over the boundary.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ocr => "ocr",
            Self::Qr => "qr",
            Self::Mrz => "mrz",
            Self::Rule => "rule",
            Self::Dossier => "dossier",
            Self::Officer => "officer",
        }
    }

    /// The source of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.name() == name)
    }
}

/// Why a person must look, in words the screen can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// It looks written by hand.
    Handwritten,
    /// The engines read different things.
    EnginesDisagree,
    /// Only one engine could read it.
    OneEngineOnly,
    /// The engines read the same, but one of them at least was not sure of it.
    Unsure,
    /// It breaks the rule of its type: an impossible date, a wrong check digit.
    RuleFails,
    /// Two papers, or two places on one, say different things.
    Contradicts,
    /// The page image is poor.
    PoorImage,
    /// The kind of paper itself is uncertain.
    KindUncertain,
    /// It was found without its label, by its place or shape alone.
    PlaceUncertain,
    /// Nothing speaks against it: chance chose it for a person to look at, so that
    /// the desk learns how often `certain` is wrong.
    Sampled,
    /// Nothing on this paper speaks against it, but values of this field that passed
    /// as certain at this desk were wrong too often.
    PoorRecord,
}

impl Doubt {
    /// All doubts.
    pub const ALL: [Self; 11] = [
        Self::Handwritten,
        Self::EnginesDisagree,
        Self::OneEngineOnly,
        Self::Unsure,
        Self::RuleFails,
        Self::Contradicts,
        Self::PoorImage,
        Self::KindUncertain,
        Self::PlaceUncertain,
        Self::Sampled,
        Self::PoorRecord,
    ];

    /// The stable name in stores and over the boundary.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Handwritten => "handwritten",
            Self::EnginesDisagree => "engines_disagree",
            Self::OneEngineOnly => "one_engine_only",
            Self::Unsure => "unsure",
            Self::RuleFails => "rule_fails",
            Self::Contradicts => "contradicts",
            Self::PoorImage => "poor_image",
            Self::KindUncertain => "kind_uncertain",
            Self::PlaceUncertain => "place_uncertain",
            Self::Sampled => "sampled",
            Self::PoorRecord => "poor_record",
        }
    }

    /// Whether the desk's own record or chance raised it, and not this paper.
    pub const fn is_of_the_desk(self) -> bool {
        matches!(self, Self::Sampled | Self::PoorRecord)
    }

    /// The doubt of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|doubt| doubt.name() == name)
    }
}

/// Where on the paper a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Position of the page in the document, from 0.
    pub page: usize,
    /// The box on the upright page; [`crate::geometry::PageGeometry::to_raw`]
    /// takes it to scanner pixels.
    pub outline: Rectangle,
}

/// What one engine read for a field, already in the field's normal form.
#[derive(Clone, PartialEq, Eq)]
pub struct FieldReading {
    /// The engine.
    pub engine: Engine,
    /// Its value.
    pub value: String,
}

/// A proposed value, with its evidence.
#[derive(Clone, PartialEq)]
pub struct FieldCandidate {
    /// The field.
    pub name: FieldName,
    /// The value in normal form; empty when the grade is [`Grade::Empty`].
    pub value: String,
    /// How far it may be trusted.
    pub grade: Grade,
    /// Where it came from.
    pub source: Source,
    /// Where it stands on the paper, when it does.
    pub evidence: Option<Evidence>,
    /// It looks written by hand.
    pub handwritten: bool,
    /// What each engine read, for the person to choose from.
    pub readings: Vec<FieldReading>,
    /// Why it is not certain.
    pub doubts: Vec<Doubt>,
}

/// A value that a person answers for, or that was certain and passed by.
#[derive(Clone, PartialEq)]
pub struct FieldValue {
    /// The field.
    pub name: FieldName,
    /// The value in normal form. May be empty: "there is none on the paper".
    pub value: String,
    /// Where it came from; [`Source::Officer`] when it was typed or corrected.
    pub source: Source,
    /// Where it stands on the paper, when it does.
    pub evidence: Option<Evidence>,
    /// What had been proposed, when something had.
    pub proposed: Option<Proposed>,
    /// Who answers for it; `None` while it rests on grade `certain` alone.
    pub confirmed_by: Option<OfficerId>,
    /// When.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The other officer who answers for it, where the field takes two; see
    /// [`crate::second_person`].
    pub seconded_by: Option<OfficerId>,
}

/// What the machine had proposed before a person decided.
#[derive(Clone, PartialEq, Eq)]
pub struct Proposed {
    /// The proposed value.
    pub value: String,
    /// Its grade.
    pub grade: Grade,
}

// Values are personal data: `{:?}` shows where and how sure, never what.
impl fmt::Debug for FieldReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldReading")
            .field("engine", &self.engine)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for FieldCandidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldCandidate")
            .field("name", &self.name.as_str())
            .field("grade", &self.grade)
            .field("source", &self.source)
            .field("evidence", &self.evidence)
            .field("doubts", &self.doubts)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldValue")
            .field("name", &self.name.as_str())
            .field("source", &self.source)
            .field("confirmed_by", &self.confirmed_by)
            .field("seconded_by", &self.seconded_by)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Proposed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proposed")
            .field("grade", &self.grade)
            .finish_non_exhaustive()
    }
}

impl FieldCandidate {
    /// A field for which nothing was found.
    pub fn empty(name: FieldName) -> Self {
        Self {
            name,
            value: String::new(),
            grade: Grade::Empty,
            source: Source::Ocr,
            evidence: None,
            handwritten: false,
            readings: Vec::new(),
            doubts: Vec::new(),
        }
    }

    /// The doubts that this paper itself gave, in their fixed order.
    pub fn doubts_as_read(&self) -> Vec<Doubt> {
        let of_paper = |doubt: &Doubt| !doubt.is_of_the_desk();
        self.doubts.iter().copied().filter(of_paper).collect()
    }

    /// The grade before the desk's record and chance had their say. This is what
    /// measurements count: a value that was only sampled is a certain one.
    pub fn grade_as_read(&self) -> Grade {
        match self.grade {
            Grade::Empty => Grade::Empty,
            _ if self.doubts_as_read().is_empty() => Grade::Certain,
            _ => Grade::Check,
        }
    }

    /// Whether nobody would have looked at it but for chance.
    pub fn passes_as_certain(&self) -> bool {
        self.grade == Grade::Certain || self.doubts.contains(&Doubt::Sampled)
    }
}
