//! The printed face of an identity card, read by its labels. The labels are data.

use domain::field::Source;
use serde::Deserialize;

use crate::catalogue::lists::Names;
use crate::catalogue::{check_version, parse_file};
use crate::error::Error;
use crate::identity::agreement::{IdentityClaim, IdentityWitness};
use crate::label::{Label, find_all, tokens};
use crate::read::{Read, date, identity, is_filler, name};

/// The labels of identity cards, and how they name the sexes.
#[derive(Clone, Debug)]
pub(crate) struct FaceLabels {
    file: FaceFile,
    all: Vec<Label>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FaceFile {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    version: u32,
    #[serde(rename = "basis")]
    _basis: String,
    labels: ClaimLabels,
    other_labels: Vec<Label>,
    sexes: Sexes,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimLabels {
    number: Vec<Label>,
    name: Vec<Label>,
    birth_date: Vec<Label>,
    sex: Vec<Label>,
    nationality: Vec<Label>,
    address: Vec<Label>,
    issued_on: Vec<Label>,
    expires_on: Vec<Label>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sexes {
    male: Vec<String>,
    female: Vec<String>,
}

/// An address on a card runs over at most this many lines.
const ADDRESS_LINES: usize = 3;

impl FaceLabels {
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let file: FaceFile = parse_file(name, text)?;
        check_version(name, file.version)?;
        let labels = &file.labels;
        let all = [
            &labels.number,
            &labels.name,
            &labels.birth_date,
            &labels.sex,
            &labels.nationality,
            &labels.address,
            &labels.issued_on,
            &labels.expires_on,
            &file.other_labels,
        ];
        Ok(Self {
            all: all.into_iter().flatten().cloned().collect(),
            file,
        })
    }

    /// `male` or `female`, when the text is one of the words for it.
    pub(crate) fn sex(&self, text: &str) -> Option<String> {
        let text = text.trim().to_lowercase();
        let is = |words: &[String]| words.iter().any(|word| word.to_lowercase() == text);
        let sexes = &self.file.sexes;
        if is(&sexes.male) {
            Some("male".to_owned())
        } else {
            is(&sexes.female).then(|| "female".to_owned())
        }
    }

    /// The word that papers use for a sex: "Nam" for `M`.
    pub(crate) fn word_for_sex(&self, text: &str) -> Option<&str> {
        let sexes = &self.file.sexes;
        let words = match self.sex(text)?.as_str() {
            "male" => &sexes.male,
            _ => &sexes.female,
        };
        words.first().map(String::as_str)
    }

    /// What the lines of a card say. Only sound values are taken: a face that was
    /// misread is no witness.
    pub(crate) fn read(&self, lines: &[&str], countries: &Names) -> IdentityWitness {
        let mut witness = IdentityWitness::new(Source::Ocr);
        let labels = &self.file.labels;
        let first = |labels: &[Label], read: &dyn Fn(&str) -> Read| {
            self.after(lines, labels, 1)
                .iter()
                .find_map(|text| read(text).value().filter(|value| value.sound).cloned())
                .map(|value| value.text)
        };
        let day = |text: &str| date::read(text, false);
        witness.claim(
            IdentityClaim::Number,
            first(&labels.number, &identity::read_personal_id),
        );
        witness.claim(IdentityClaim::Name, first(&labels.name, &name::read));
        witness.claim(IdentityClaim::BirthDate, first(&labels.birth_date, &day));
        let sex = self.after(lines, &labels.sex, 1);
        let sex = sex.iter().find_map(|text| {
            let word = text.trim_matches(is_filler).split_whitespace().next()?;
            self.sex(word.trim_matches(is_filler))
        });
        witness.claim(IdentityClaim::Sex, sex);
        let country = self.after(lines, &labels.nationality, 1);
        let country = country
            .iter()
            .find_map(|text| countries.find(text.trim_matches(is_filler)));
        witness.country(country);
        let address = self.after(lines, &labels.address, ADDRESS_LINES);
        let address = address
            .first()
            .map(|text| domain::fold::normalise(text.trim_matches(is_filler)));
        witness.claim(IdentityClaim::Address, address);
        witness.claim(IdentityClaim::IssuedOn, first(&labels.issued_on, &day));
        witness.claim(IdentityClaim::ExpiresOn, first(&labels.expires_on, &day));
        witness
    }

    /// What follows each place of a label: the rest of its line up to the next
    /// label, and the lines below it as far as no label opens them.
    fn after(&self, lines: &[&str], labels: &[Label], max_lines: usize) -> Vec<String> {
        let mut found = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            let tokens = tokens(line);
            let every = find_all(&self.all, &tokens);
            for place in find_all(labels, &tokens) {
                // "Số" within "Số định danh cá nhân" is a part of a longer label.
                let inside = every.iter().any(|other| {
                    other.first <= place.first
                        && place.end <= other.end
                        && other.end - other.first > place.end - place.first
                });
                if inside {
                    continue;
                }
                let from = tokens[place.end - 1].end;
                let until = every
                    .iter()
                    .map(|other| tokens[other.first].start)
                    .find(|start| *start >= from)
                    .unwrap_or(line.len());
                let mut text = line[from..until].trim_matches(is_filler).to_owned();
                let mut taken = usize::from(!text.is_empty());
                if until == line.len() {
                    for below in &lines[index + 1..] {
                        if taken >= max_lines || self.opens_with_label(below) {
                            break;
                        }
                        // A zone or a QR code's print is nobody's address.
                        if below.contains("<<") {
                            break;
                        }
                        if !text.is_empty() {
                            text.push_str(if text.ends_with(',') { " " } else { ", " });
                        }
                        text.push_str(below.trim());
                        taken += 1;
                    }
                }
                if text.chars().any(char::is_alphanumeric) {
                    found.push(text);
                }
            }
        }
        found
    }

    fn opens_with_label(&self, line: &str) -> bool {
        let tokens = tokens(line);
        find_all(&self.all, &tokens)
            .first()
            .is_some_and(|found| found.first == 0)
    }
}
