//! Slips (phiếu) as the catalogue has them: what stands on each, what its code says, and
//! what is asked of the officer for it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::catalogue::{check_version, parse_file};
use crate::error::Error;

/// The files of `forms/slips/`, by name.
pub(crate) const BUILTIN_SLIPS: &[(&str, &str)] =
    include!(concat!(env!("OUT_DIR"), "/slip_files.rs"));

/// Its file in the folder of the catalogue.
pub(crate) const LETTERHEAD: &str = "letterhead.json";

pub(crate) const BUILTIN_LETTERHEAD: &str = include_str!("../../../../forms/letterhead.json");

/// What a slip can say of any desk and moment.
const OF_THE_DESK: &[&str] = &[
    "title",
    "agency",
    "office",
    "office_code",
    "place",
    "address",
    "phone",
    "system",
    "officer",
    "slip_number",
    "issued_at",
    "issued_on",
    "issued_time",
    "issued_day",
    "issued_month",
    "issued_year",
];

/// What a slip can say of a dossier.
const OF_A_DOSSIER: &[&str] = &[
    "dossier",
    "procedure",
    "procedure_name",
    "owner_id",
    "owner_name",
    "owner_address",
    "received_at",
    "received_time",
    "received_on",
    "papers",
    "documents",
    "pages",
];

/// What a row about a paper of a dossier can say.
const OF_A_PAPER: &[&str] = &[
    "n",
    "name",
    "component",
    "submitted_as",
    "local_code",
    "code",
    "pages",
    "digest",
    "answer",
];

/// What a slip can say of a day.
const OF_A_DAY: &[&str] = &[
    "dossiers",
    "documents",
    "pages",
    "deposited",
    "audit_events",
    "audit_mark",
    "station_key",
];

/// What a row about a dossier of a day can say.
const OF_A_DAYS_DOSSIER: &[&str] = &[
    "n",
    "dossier",
    "procedure",
    "received_time",
    "documents",
    "pages",
    "deposited",
];

/// The head of an office's papers, and words that slips share.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letterhead {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    version: u32,
    #[serde(rename = "basis")]
    _basis: String,
    /// The agency to which the office belongs; empty until an administrator fills it in.
    pub agency: String,
    /// The office.
    pub office: String,
    /// Where papers are signed.
    pub place: String,
    /// Where the office is.
    pub address: String,
    /// Its telephone number.
    pub phone: String,
    /// The system whose data stand on the slips.
    // Circular 01/2023/TT-VPCP, art. 26.
    pub system: String,
    /// The national motto, line by line.
    pub motto: Vec<String>,
    /// What stands before the number of a slip.
    pub number: String,
    /// What stands before the number of a page after the first.
    pub page: String,
    /// The forms in which papers are handed in, by their stable names.
    pub submitted_as: BTreeMap<String, String>,
    /// What becomes of a paper: `kept` and `returned`.
    pub answers: BTreeMap<String, String>,
}

/// What people read in a package who have not this program.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageWords {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    version: u32,
    #[serde(rename = "basis")]
    _basis: String,
    /// Its text, line by line; `{fields}` alone stands for the fields.
    pub readme: Vec<String>,
    /// Stands behind a value that a person answers for.
    pub by_person: String,
    /// Stands behind a value that nobody looked at.
    pub by_machine: String,
}

/// What portals call the data of a record.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalNames {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    version: u32,
    #[serde(rename = "basis")]
    _basis: String,
    /// What owners are called by the kind of their number: `personal`, `tax`.
    pub owner_id_kinds: BTreeMap<String, String>,
    /// The columns, in order.
    pub columns: Vec<PortalColumn>,
}

/// A column of what portals take.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalColumn {
    /// Its name on the wire.
    pub name: String,
    /// What stands in it: a field of the paper as `field:number`, or something of the
    /// record or its dossier.
    pub from: String,
}

/// What a column can be filled from besides fields.
const OF_A_RECORD: &[&str] = &[
    "dossier",
    "procedure",
    "owner_id_kind",
    "owner_id",
    "owner_name",
    "owner_birth",
    "office",
    "paper_code",
    "paper_name",
    "code",
    "local_code",
    "digitised_on",
    "submitted_as",
    "copy_sha256",
    "copy_file",
    "other",
];

/// What a slip is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlipSubject {
    /// A dossier.
    Dossier,
    /// A day at this station.
    Day,
}

/// The paper that a slip is printed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlipPaper {
    /// 148 × 210 mm.
    A5,
    /// 210 × 297 mm.
    A4,
}

/// A kind of slip. What it says is text with names in braces; a line with a name that has
/// no value is left out, or says what `or` says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlipTemplate {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    version: u32,
    /// Its stable name.
    pub name: String,
    #[serde(rename = "basis")]
    _basis: String,
    /// What it is about.
    pub about: SlipSubject,
    /// What it is printed on.
    pub paper: SlipPaper,
    /// What it is.
    pub title: String,
    /// What its code says, in order.
    pub code: Vec<SlipCodeLine>,
    /// What the officer is asked for.
    #[serde(default)]
    pub asks: Vec<SlipAsk>,
    /// What stands on it, from top to bottom.
    pub body: Vec<SlipPart>,
}

/// A line of the code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlipCodeLine {
    /// What stands before the value.
    pub label: String,
    /// The value.
    pub value: String,
}

/// Something that the officer is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlipAsk {
    /// Its stable name, which the texts of the slip use.
    pub name: String,
    /// What the officer reads.
    pub label: String,
    /// What the answer is.
    pub shape: AskShape,
    /// Without it there is no slip.
    #[serde(default)]
    pub required: bool,
}

/// What an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskShape {
    /// Words.
    Text,
    /// A day.
    Day,
    /// Numbers of components of the dossier, with commas between.
    Components,
}

/// A part of what stands on a slip.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case", untagged)]
pub enum SlipPart {
    /// A line of text.
    Line(SlipLine),
    /// A table with a row for each paper of the dossier, or each dossier of the day.
    Table(SlipTable),
    /// Who signs by hand, side by side.
    Signers(SlipSigners),
}

/// A line of text.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlipLine {
    /// The text.
    pub line: String,
    /// What stands there where a value is missing.
    #[serde(default)]
    pub or: Option<String>,
    /// How it stands.
    #[serde(default)]
    pub style: LineStyle,
}

/// How a line stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineStyle {
    /// From the left.
    #[default]
    Plain,
    /// In the middle.
    Centre,
    /// In bold, from the left.
    Bold,
    /// In italics, to the right.
    Aside,
    /// Small, from the left.
    Small,
}

/// A table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlipTable {
    /// Its columns.
    pub table: Vec<SlipColumn>,
}

/// A column of a table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlipColumn {
    /// What stands at its head.
    pub head: String,
    /// What stands in each row.
    pub value: String,
    /// Its share of the width.
    pub share: u32,
}

/// Who signs by hand, side by side.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlipSigners {
    /// From left to right.
    pub signers: Vec<SlipSigner>,
}

/// Somebody who signs by hand.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlipSigner {
    /// As what.
    pub title: String,
    /// How.
    pub hint: String,
    /// The name under the signature.
    #[serde(default)]
    pub name: Option<String>,
}

/// The names in braces of a text, in order.
pub(crate) fn names_in(text: &str) -> impl Iterator<Item = &str> {
    text.split('{')
        .skip(1)
        .map(|part| part.split_once('}').map_or(part, |(name, _)| name))
}

impl SlipTemplate {
    /// A text of this slip with the values in it; `None` where one is missing.
    pub fn filled(text: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
        let mut parts = text.split('{');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}')?;
            filled.push_str(&value(name).filter(|value| !value.is_empty())?);
            filled.push_str(rest);
        }
        Some(filled)
    }

    fn knows(&self, name: &str) -> bool {
        let of_subject = match self.about {
            SlipSubject::Dossier => OF_A_DOSSIER,
            SlipSubject::Day => OF_A_DAY,
        };
        OF_THE_DESK.contains(&name)
            || of_subject.contains(&name)
            || self.asks.iter().any(|ask| ask.name == name)
    }

    fn check(&self, file: &str) -> Result<(), Error> {
        check_version(file, self.version)?;
        let unknown = |name: &str| Error::UnknownName {
            file: file.to_owned(),
            name: name.to_owned(),
        };
        let rows = match self.about {
            SlipSubject::Dossier => OF_A_PAPER,
            SlipSubject::Day => OF_A_DAYS_DOSSIER,
        };
        for (at, ask) in self.asks.iter().enumerate() {
            if self.asks[..at].iter().any(|other| other.name == ask.name) {
                return Err(Error::Twice {
                    file: file.to_owned(),
                    name: ask.name.clone(),
                });
            }
        }
        let mut texts: Vec<&str> = self.code.iter().map(|line| line.value.as_str()).collect();
        for part in &self.body {
            match part {
                SlipPart::Line(line) => {
                    texts.push(&line.line);
                    texts.extend(line.or.as_deref());
                }
                SlipPart::Table(table) => {
                    let values = table.table.iter();
                    let mut named = values.flat_map(|column| names_in(&column.value));
                    if let Some(name) = named.find(|name| !rows.contains(name)) {
                        return Err(unknown(name));
                    }
                }
                SlipPart::Signers(signers) => {
                    let names = signers.signers.iter();
                    texts.extend(names.filter_map(|signer| signer.name.as_deref()));
                }
            }
        }
        let mut named = texts.into_iter().flat_map(names_in);
        match named.find(|name| !self.knows(name)) {
            Some(name) => Err(unknown(name)),
            None => Ok(()),
        }
    }
}

pub(crate) fn parse<'a>(
    files: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<Vec<SlipTemplate>, Error> {
    let mut slips: Vec<SlipTemplate> = Vec::new();
    for (file, text) in files {
        let slip: SlipTemplate = parse_file(file, text)?;
        slip.check(file)?;
        if slips.iter().any(|other| other.name == slip.name) {
            return Err(Error::Twice {
                file: file.to_owned(),
                name: slip.name,
            });
        }
        slips.push(slip);
    }
    Ok(slips)
}

pub(crate) fn parse_letterhead(text: &str) -> Result<Letterhead, Error> {
    let letterhead: Letterhead = parse_file(LETTERHEAD, text)?;
    check_version(LETTERHEAD, letterhead.version)?;
    Ok(letterhead)
}

/// Its file in the folder of the catalogue.
pub(crate) const PACKAGE: &str = "package.json";

pub(crate) const BUILTIN_PACKAGE: &str = include_str!("../../../../forms/package.json");

pub(crate) fn parse_package_words(text: &str) -> Result<PackageWords, Error> {
    let words: PackageWords = parse_file(PACKAGE, text)?;
    check_version(PACKAGE, words.version)?;
    Ok(words)
}

/// Its file in the folder of the catalogue.
pub(crate) const PORTAL: &str = "portal.json";

pub(crate) const BUILTIN_PORTAL: &str = include_str!("../../../../forms/portal.json");

pub(crate) fn parse_portal_names(text: &str) -> Result<PortalNames, Error> {
    let names: PortalNames = parse_file(PORTAL, text)?;
    check_version(PORTAL, names.version)?;
    let unknown = |column: &&PortalColumn| {
        !column.from.starts_with("field:") && !OF_A_RECORD.contains(&column.from.as_str())
    };
    match names.columns.iter().find(unknown) {
        Some(column) => Err(Error::UnknownName {
            file: PORTAL.to_owned(),
            name: column.from.clone(),
        }),
        None => Ok(names),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_filled_or_left_out() {
        let value = |name: &str| match name {
            "a" => Some("1".to_owned()),
            "empty" => Some(String::new()),
            _ => None,
        };
        for (text, filled) in [
            ("plain", Some("plain")),
            ("{a} and {a}", Some("1 and 1")),
            ("x {empty}", None),
            ("x {b}", None),
            ("x {a", None),
        ] {
            let found = SlipTemplate::filled(text, value);
            assert_eq!(found.as_deref(), filled, "{text}");
        }
    }

    #[test]
    fn a_slip_that_names_what_there_is_not_is_refused() {
        let (file, text) = BUILTIN_SLIPS[0];
        assert!(parse(BUILTIN_SLIPS.iter().copied()).is_ok());
        for (from, to) in [
            ("{owner_name}", "{owner_names}"),
            ("\"version\": 1", "\"version\": 2"),
            ("{name}", "{owner_name}"),
        ] {
            let all: Vec<String> = BUILTIN_SLIPS
                .iter()
                .map(|(_, text)| text.replace(from, to))
                .collect();
            let files = all.iter().map(|text| (file, text.as_str()));
            assert!(parse(files).is_err(), "{to}");
        }
        assert!(parse([(file, text), (file, text)].into_iter()).is_err());
    }
}
