//! A form (biểu mẫu): a document type, how it is recognised, and its fields.

use std::collections::BTreeMap;

use domain::code::ResultTypeCode;
use domain::code_template::CodeKind;
use domain::document::DocumentType;
use domain::field::FieldName;
use serde::{Deserialize, Deserializer};

use crate::address::resolve;
use crate::catalogue::lists::Lists;
use crate::catalogue::rule::{At, Check, Rule, Zone};
use crate::catalogue::{check_version, parse_file};
use crate::error::Error;
use crate::label::Label;
use crate::pattern::Pattern;

/// The landmark every form has: its heading.
pub(crate) const TITLE: &str = "title";

/// A form (biểu mẫu).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    version: u32,
    /// The document type.
    pub document_type: DocumentType,
    /// Its Vietnamese name.
    pub title: String,
    /// The legal texts the form follows.
    pub basis: String,
    /// Which structure its digitisation code has.
    // Circular 01/2023/TT-VPCP, art. 10.
    #[serde(deserialize_with = "code_kind")]
    pub code_kind: CodeKind,
    /// The result type, for a procedure result.
    #[serde(default)]
    pub result_type: Option<ResultTypeCode>,
    /// The one form for papers of no known type.
    #[serde(default)]
    pub fallback: bool,
    /// Where the paper stands in two columns.
    #[serde(default)]
    pub(crate) columns: Option<Columns>,
    pub(crate) titles: Vec<Title>,
    #[serde(default)]
    pub(crate) title_zone: Zone,
    pub(crate) landmarks: Vec<Landmark>,
    pub(crate) avoid: Vec<Label>,
    pub(crate) recognise: Recognise,
    #[serde(default)]
    pub(crate) checks: Vec<Check>,
    /// Its fields, in the order in which they are shown.
    pub fields: Vec<FieldDefinition>,
}

/// A field (trường thông tin) of a form.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a line of its own in the form file"
)]
pub struct FieldDefinition {
    /// Its name.
    pub name: FieldName,
    /// Its Vietnamese label.
    pub label: String,
    /// What its values are.
    pub value_type: ValueType,
    /// A document cannot be deposited without a person's word on it.
    pub required: bool,
    /// It is usually filled in by pen, even on typed papers.
    pub often_handwritten: bool,
    /// A wrong value has legal effect.
    pub decisive: bool,
    /// It is finished only when two officers came to the same value, each by himself.
    #[serde(default)]
    pub second_person: bool,
    /// What a value that the machine read must look like to be certain.
    #[serde(default)]
    pub(crate) pattern: Option<Pattern>,
    #[serde(default)]
    pub(crate) words: BTreeMap<String, Vec<Label>>,
    /// How the screen shows normal forms that are not words of the paper.
    #[serde(default)]
    pub shown: BTreeMap<String, String>,
    pub(crate) find: Vec<Rule>,
    #[serde(default)]
    pub(crate) same_as: Vec<Rule>,
    /// What its values are looked up in.
    #[serde(skip)]
    pub(crate) lists: Lists,
}

impl FieldDefinition {
    /// How well a text fits the list that such values are looked up in; none for
    /// types without a list.
    pub(crate) fn weight(&self) -> Option<impl Fn(&str) -> u8> {
        let lists = self.lists.clone();
        let kind = self.value_type;
        let listed = matches!(
            kind,
            ValueType::Address | ValueType::Ethnicity | ValueType::Nationality
        );
        listed.then_some(move |text: &str| {
            let found = match kind {
                ValueType::Address => return resolve(lists.units(), text).weight(),
                ValueType::Ethnicity => lists.ethnicities().find(text),
                _ => lists.nationalities().find(text),
            };
            found.map_or(0, |listed| 1 + u8::from(listed.exact))
        })
    }

    /// The normal forms a choice may take; empty for other types.
    pub fn choices(&self) -> impl Iterator<Item = &str> {
        (self.value_type == ValueType::Choice)
            .then(|| self.words.keys().map(String::as_str))
            .into_iter()
            .flatten()
    }
}

/// What the values of a field are, and so what their normal form is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueType {
    /// Words as written, NFC, single spaces.
    Text,
    /// A person's name as written, capitals kept.
    PersonName,
    /// A full day, `YYYY-MM-DD`.
    Date,
    /// `YYYY-MM-DD`, or `YYYY-MM` or `YYYY` where the paper says no more.
    PartialDate,
    /// Number and symbol, `15/QĐ-UBND`, without spaces around its signs.
    DocumentNumber,
    /// A personal number or a tax code.
    OwnerId,
    /// Twelve digits.
    PersonalId,
    /// Ten digits, thirteen for a branch, or a personal number.
    TaxCode,
    /// One of the field's own values.
    Choice,
    /// `YYYY-MM-DD`, or a word of the field such as `unlimited`.
    Validity,
    /// A personal number, or the nine digits of an identity card of before 2016.
    IdentityNumber,
    /// An address as written; [`crate::Catalogue::address`] resolves it.
    Address,
    /// An ethnic group as written; [`crate::Catalogue::ethnicity`] gives its code.
    Ethnicity,
    /// A country as written; [`crate::Catalogue::nationality`] gives its code.
    Nationality,
    /// The lines of a machine-readable zone, one space between them.
    Mrz,
    /// A number with what it counts: `1.500.000 đồng` is `1500000`, `250,5 m²` is `250.5`.
    Quantity,
}

impl ValueType {
    /// The stable name over the boundary.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::PersonName => "person_name",
            Self::Date => "date",
            Self::PartialDate => "partial_date",
            Self::DocumentNumber => "document_number",
            Self::OwnerId => "owner_id",
            Self::PersonalId => "personal_id",
            Self::TaxCode => "tax_code",
            Self::Choice => "choice",
            Self::Validity => "validity",
            Self::IdentityNumber => "identity_number",
            Self::Address => "address",
            Self::Ethnicity => "ethnicity",
            Self::Nationality => "nationality",
            Self::Mrz => "mrz",
            Self::Quantity => "quantity",
        }
    }

    /// Whether a sign between its words says nothing.
    pub(crate) const fn is_words(self) -> bool {
        matches!(
            self,
            Self::Text | Self::PersonName | Self::Address | Self::Ethnicity | Self::Nationality
        )
    }

    /// Whether its readers know by themselves where a value ends.
    pub(crate) const fn ends_by_itself(self) -> bool {
        !matches!(self, Self::Text | Self::PersonName | Self::Address)
    }
}

/// A heading of such papers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Title {
    pub(crate) text: Label,
    /// Its abbreviation within a number and symbol.
    #[serde(default)]
    pub(crate) symbol: Option<String>,
    /// The heading only begins with it.
    #[serde(default)]
    pub(crate) starts: bool,
}

/// A part of the paper that stands in two columns.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Columns {
    /// The landmark whose line is the first in columns and whose left edge begins
    /// the second column.
    pub(crate) second: String,
    /// The landmark before which the columns end; without it they run down the page.
    #[serde(default)]
    pub(crate) until: Option<String>,
}

/// Words by which other things are placed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Landmark {
    pub(crate) name: String,
    pub(crate) labels: Vec<Label>,
    #[serde(default)]
    pub(crate) at: At,
    #[serde(default)]
    pub(crate) capital: bool,
    #[serde(default)]
    pub(crate) unless_next: Vec<Label>,
    #[serde(default)]
    pub(crate) line_pattern: Option<Pattern>,
    #[serde(default)]
    pub(crate) cuts_line: bool,
    #[serde(default)]
    pub(crate) zone: Zone,
}

/// What speaks for a paper being of this type.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recognise {
    pub(crate) certain_from: i32,
    pub(crate) possible_from: i32,
    pub(crate) evidence: Vec<TypeEvidence>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TypeEvidence {
    #[serde(default)]
    pub(crate) labels: Vec<Label>,
    #[serde(default)]
    pub(crate) titles: bool,
    #[serde(default)]
    pub(crate) title_starts: Vec<Label>,
    #[serde(default)]
    pub(crate) pattern: Option<Pattern>,
    pub(crate) weight: i32,
}

impl Form {
    pub(crate) fn parse(file: &str, text: &str, lists: &Lists) -> Result<Self, Error> {
        let mut form: Self = parse_file(file, text)?;
        for field in &mut form.fields {
            field.lists = lists.clone();
        }
        check_version(file, form.version)?;
        form.check_names(file)?;
        Ok(form)
    }

    /// The definition of a field.
    pub fn field(&self, name: &FieldName) -> Option<&FieldDefinition> {
        self.fields.iter().find(|field| field.name == *name)
    }

    fn check_names(&self, file: &str) -> Result<(), Error> {
        for (index, field) in self.fields.iter().enumerate() {
            if self.fields[..index]
                .iter()
                .any(|other| other.name == field.name)
            {
                return Err(Error::Twice {
                    file: file.to_owned(),
                    name: field.name.as_str().to_owned(),
                });
            }
        }
        let unknown = |name: &str| {
            Err(Error::UnknownName {
                file: file.to_owned(),
                name: name.to_owned(),
            })
        };
        let known_landmark =
            |name: &str| name == TITLE || self.landmarks.iter().any(|mark| mark.name == name);
        let rules = self
            .fields
            .iter()
            .flat_map(|field| field.find.iter().chain(&field.same_as));
        for rule in rules {
            for name in rule.landmarks() {
                if !known_landmark(name) {
                    return unknown(name);
                }
            }
            for name in rule.fields() {
                if !self.fields.iter().any(|field| field.name.as_str() == name) {
                    return unknown(name);
                }
            }
        }
        let zones = self.landmarks.iter().map(|mark| &mark.zone);
        for name in zones.flat_map(Zone::landmarks) {
            if !known_landmark(name) {
                return unknown(name);
            }
        }
        let columns = self.columns.iter();
        for name in columns.flat_map(|columns| columns.until.iter().chain([&columns.second])) {
            if !known_landmark(name) {
                return unknown(name);
            }
        }
        for name in self.checks.iter().flat_map(Check::fields) {
            if self.field(name).is_none() {
                return unknown(name.as_str());
            }
        }
        Ok(())
    }
}

impl Rule {
    fn landmarks(&self) -> Vec<&str> {
        match self {
            Self::Label(rule) => rule.zone.landmarks().collect(),
            Self::Signature { zone, .. }
            | Self::Implied { zone, .. }
            | Self::Pattern { zone, .. }
            | Self::Term { zone, .. } => zone.landmarks().collect(),
            Self::BlockBelow { landmark, zone, .. } => {
                zone.landmarks().chain([landmark.as_str()]).collect()
            }
            Self::BlockAbove {
                landmark,
                level_with,
                zone,
                ..
            } => zone
                .landmarks()
                .chain([landmark.as_str()])
                .chain(level_with.as_deref())
                .collect(),
            _ => Vec::new(),
        }
    }

    fn fields(&self) -> Vec<&str> {
        match self {
            Self::Compose { template } => template_fields(template).collect(),
            Self::Term { from, .. } => vec![from.as_str()],
            Self::Dossier {
                only_if_named: Some(name),
                ..
            } => vec![name.as_str()],
            _ => Vec::new(),
        }
    }
}

/// The field names in `{…}` of a template.
pub(crate) fn template_fields(template: &str) -> impl Iterator<Item = &str> {
    template
        .split('{')
        .skip(1)
        .filter_map(|piece| piece.split_once('}').map(|(name, _)| name))
}

fn code_kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CodeKind, D::Error> {
    let name = String::deserialize(deserializer)?;
    CodeKind::from_name(&name).ok_or_else(|| serde::de::Error::custom("unknown code kind"))
}
