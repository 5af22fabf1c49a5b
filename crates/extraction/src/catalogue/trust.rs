//! When a desk's own record changes a grade, as it stands in the catalogue.

use domain::second_person::SecondPersonFor;
use domain::trust::TrustRules;
use serde::{Deserialize, Deserializer, de};

use crate::catalogue::{check_version, parse_file};
use crate::error::Error;

/// Its file in the folder of the catalogue.
pub(crate) const TRUST: &str = "trust.json";

pub(crate) const BUILTIN_TRUST: &str = include_str!("../../../../forms/trust.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TrustFile {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    version: u32,
    #[serde(rename = "basis")]
    _basis: String,
    #[serde(deserialize_with = "one_in")]
    sample_one_in: u32,
    #[serde(deserialize_with = "small_share")]
    error_bar: f64,
    recent_looks: u32,
    lasting_looks: u32,
    #[serde(default)]
    second_person_for: SecondPerson,
}

/// Which fields take two officers, as the file writes it.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SecondPerson {
    #[default]
    Named,
    Decisive,
}

pub(crate) fn parse(text: &str) -> Result<TrustRules, Error> {
    let file: TrustFile = parse_file(TRUST, text)?;
    check_version(TRUST, file.version)?;
    Ok(TrustRules {
        sample_one_in: file.sample_one_in,
        error_bar: file.error_bar,
        recent_looks: file.recent_looks,
        lasting_looks: file.lasting_looks,
        second_person_for: match file.second_person_for {
            SecondPerson::Named => SecondPersonFor::Named,
            SecondPerson::Decisive => SecondPersonFor::Decisive,
        },
    })
}

/// Without any sample nobody would ever learn that `certain` is wrong.
fn one_in<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    let one_in = u32::deserialize(from)?;
    if (1..=1000).contains(&one_in) {
        Ok(one_in)
    } else {
        Err(de::Error::custom("one in 1 to 1000 values is sampled"))
    }
}

fn small_share<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    let share = f64::deserialize(from)?;
    if share > 0.0 && share <= 0.05 {
        Ok(share)
    } else {
        Err(de::Error::custom(
            "the bar lies above 0 and at most at 0.05",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_that_means_nothing_is_refused() {
        parse(BUILTIN_TRUST).unwrap();
        for (from, to) in [
            ("\"sample_one_in\": 50", "\"sample_one_in\": 0"),
            ("\"error_bar\": 0.001", "\"error_bar\": 0.5"),
            ("\"error_bar\": 0.001", "\"error_bar\": 0"),
            ("\"version\": 1", "\"version\": 2"),
        ] {
            assert!(BUILTIN_TRUST.contains(from), "{from}");
            assert!(parse(&BUILTIN_TRUST.replace(from, to)).is_err(), "{to}");
        }
    }
}
