//! Who gets in, and what stays masked until somebody asks, as the catalogue has it.

use domain::access::{AccessRules, PassphraseRule};
use domain::document::DocumentType;
use serde::{Deserialize, Deserializer, de};

use crate::catalogue::form::ValueType;
use crate::catalogue::{check_version, parse_file};
use crate::error::Error;

/// Its file in the folder of the catalogue.
pub(crate) const ACCESS: &str = "access.json";

pub(crate) const BUILTIN_ACCESS: &str = include_str!("../../../../forms/access.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccessFile {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    version: u32,
    #[serde(rename = "basis")]
    _basis: String,
    passphrase: Passphrase,
    #[serde(deserialize_with = "some")]
    tries: u32,
    #[serde(deserialize_with = "some")]
    wait_minutes: u32,
    #[serde(deserialize_with = "some")]
    longest_wait_minutes: u32,
    #[serde(deserialize_with = "some")]
    idle_minutes: u32,
    #[serde(deserialize_with = "some")]
    idle_at_work_minutes: u32,
    #[serde(deserialize_with = "some")]
    disabled_after_days: u32,
    masked: Masked,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Passphrase {
    #[serde(deserialize_with = "some")]
    letters: u32,
    #[serde(deserialize_with = "some")]
    classes: u32,
}

/// What of deposited records is masked until somebody asks for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Masked {
    pub(crate) value_types: Vec<ValueType>,
    pub(crate) pictures_of: Vec<DocumentType>,
}

pub(crate) fn parse(text: &str) -> Result<(AccessRules, Masked), Error> {
    let file: AccessFile = parse_file(ACCESS, text)?;
    check_version(ACCESS, file.version)?;
    let rules = AccessRules {
        passphrase: PassphraseRule {
            letters: file.passphrase.letters,
            classes: file.passphrase.classes,
        },
        tries: file.tries,
        wait_minutes: file.wait_minutes,
        longest_wait_minutes: file.longest_wait_minutes,
        idle_minutes: file.idle_minutes,
        idle_at_work_minutes: file.idle_at_work_minutes,
        disabled_after_days: file.disabled_after_days,
    };
    Ok((rules, file.masked))
}

/// Nothing at all would be no rule, or a desk that nobody can use.
pub(crate) fn some<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    let number = u32::deserialize(from)?;
    if number > 0 {
        Ok(number)
    } else {
        Err(de::Error::custom("nought is no rule"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // QCVN 12:2026/BCA: eight letters of four classes, five tries, a lock after five idle
    // minutes, and fifteen for software that is at work.
    #[test]
    fn what_is_shipped_is_at_least_as_strict_as_the_regulation() {
        let (rules, _) = parse(BUILTIN_ACCESS).unwrap();
        assert!(rules.passphrase.letters >= 8 && rules.passphrase.classes == 4);
        assert!(rules.tries <= 5 && rules.wait_minutes > 0);
        assert!(rules.idle_minutes <= 5 && rules.idle_at_work_minutes <= 15);
        assert!(rules.disabled_after_days <= 45);
    }

    #[test]
    fn a_rule_that_means_nothing_is_refused() {
        for (from, to) in [
            ("\"tries\": 5", "\"tries\": 0"),
            ("\"letters\": 8", "\"letters\": 0"),
            ("\"mrz\"", "\"shoe_size\""),
            ("\"version\": 1", "\"version\": 2"),
            ("\"tries\": 5,", ""),
        ] {
            assert!(BUILTIN_ACCESS.contains(from), "{from}");
            assert!(parse(&BUILTIN_ACCESS.replace(from, to)).is_err(), "{to}");
        }
    }
}
