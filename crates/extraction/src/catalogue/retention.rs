//! How long things are kept, as the catalogue has it.

use domain::retention::{RetentionPeriod, RetentionRules};
use serde::Deserialize;

use crate::catalogue::access::some;
use crate::catalogue::{check_version, parse_file};
use crate::error::Error;

/// Its file in the folder of the catalogue.
pub(crate) const RETENTION: &str = "retention.json";

pub(crate) const BUILTIN_RETENTION: &str = include_str!("../../../../forms/retention.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RetentionFile {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    version: u32,
    #[serde(rename = "basis")]
    _basis: String,
    #[serde(deserialize_with = "some")]
    trash_days: u32,
    #[serde(default)]
    delivered_days: Option<u32>,
    periods: Vec<Period>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Period {
    code: String,
    years: Option<u32>,
}

pub(crate) fn parse(text: &str) -> Result<RetentionRules, Error> {
    let file: RetentionFile = parse_file(RETENTION, text)?;
    check_version(RETENTION, file.version)?;
    let periods = file.periods.into_iter().map(|period| RetentionPeriod {
        code: period.code,
        years: period.years,
    });
    Ok(RetentionRules {
        trash_days: file.trash_days,
        delivered_days: file.delivered_days,
        periods: periods.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Circular 05/2025/TT-BNV: six retention periods, the first of them for ever.
    #[test]
    fn what_is_shipped_has_the_periods_of_the_circular() {
        let rules = parse(BUILTIN_RETENTION).unwrap();
        let periods: Vec<(&str, Option<u32>)> = rules
            .periods
            .iter()
            .map(|period| (period.code.as_str(), period.years))
            .collect();
        let years = [None, Some(70), Some(50), Some(30), Some(20), Some(10)];
        let codes = ["01", "02", "03", "04", "05", "06"];
        let of_the_circular: Vec<_> = codes.into_iter().zip(years).collect();
        assert_eq!(periods, of_the_circular);
    }

    #[test]
    fn a_trash_without_days_is_refused() {
        for (from, to) in [
            ("\"trash_days\": 30", "\"trash_days\": 0"),
            ("\"trash_days\": 30", "\"trash_hours\": 30"),
            ("\"delivered_days\": 90", "\"delivered_days\": -1"),
            ("\"version\": 1", "\"version\": 2"),
        ] {
            assert!(BUILTIN_RETENTION.contains(from), "{from}");
            assert!(parse(&BUILTIN_RETENTION.replace(from, to)).is_err(), "{to}");
        }
    }
}
