//! Numbers and codes by which a record is looked up, from their beginning.
//!
//! Punctuation only separates: `12/2026`, `12-2026` and `12.2026` are one number
//! to somebody who types in a hurry.

use domain::dossier::Dossier;
use domain::fold;
use domain::local_code::LocalCode;
use domain::record::Record;
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::error::Error;

const TABLE: &str = "search_code";
/// Codes with one beginning that are looked at; with more of them one types on.
const BEGINNINGS_AT_MOST: i64 = 1_000;

pub(crate) const V1: &str = "
CREATE TABLE search_code (
    code            TEXT NOT NULL,
    record_sequence INTEGER NOT NULL REFERENCES record (sequence),
    PRIMARY KEY (code, record_sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_code_of_record ON search_code (record_sequence);";

impl Reader<'_> {
    /// Records that have a number or code which begins like `typed`; those that
    /// have just that one first, then the newest. Where very many begin so, the last of
    /// them in the order of codes are looked at: the newest, where it is a local code.
    pub(crate) fn find_codes(&self, typed: &str, limit: usize) -> Result<Vec<i64>, Error> {
        let key = key_of(typed);
        // A word without a digit is no beginning of any code that people type.
        if !key.bytes().any(|byte| byte.is_ascii_digit()) {
            return Ok(Vec::new());
        }
        let joined = match typed.parse::<LocalCode>() {
            Ok(code) => joined_key(&code.to_string()),
            Err(_) => joined_key(typed),
        };
        self.many(
            TABLE,
            "SELECT record_sequence, max(whole) AS whole FROM (
                SELECT * FROM (SELECT record_sequence, 1 AS whole FROM search_code
                    WHERE code IN (?1, ?3) ORDER BY record_sequence DESC LIMIT ?5)
                UNION ALL SELECT * FROM (SELECT record_sequence, 0 FROM search_code
                    WHERE code >= ?1 AND code < ?2 ORDER BY code DESC LIMIT ?6)
                UNION ALL SELECT * FROM (SELECT record_sequence, 0 FROM search_code
                    WHERE code >= ?3 AND code < ?4 ORDER BY code DESC LIMIT ?6))
             GROUP BY record_sequence ORDER BY whole DESC, record_sequence DESC LIMIT ?5",
            params![
                key,
                end_of(&key),
                joined,
                end_of(&joined),
                limit as i64,
                BEGINNINGS_AT_MOST
            ],
            |columns| columns.get("record_sequence"),
        )
    }
}

impl Writer<'_> {
    pub(crate) fn index_codes(
        &self,
        sequence: i64,
        record: &Record,
        dossier: &Dossier,
    ) -> Result<(), Error> {
        let local_code = record.local_code.to_string();
        let parts = &record.code.parts;
        let mut codes = vec![
            key_of(&local_code),
            joined_key(&local_code),
            key_of(&record.code.text),
            key_of(&parts.number),
            key_of(&parts.owner_id),
            key_of(&dossier.provisional_number),
        ];
        let fields = ["number", "owner_id"];
        codes.extend(
            fields
                .iter()
                .filter_map(|name| record.value(name))
                .map(key_of),
        );
        codes.extend(dossier.code.as_ref().map(|code| key_of(code.as_str())));
        codes.extend(dossier.owner.id.as_ref().map(|id| key_of(id.as_str())));
        for code in codes.iter().filter(|code| !code.is_empty()) {
            self.execute(
                "INSERT OR IGNORE INTO search_code VALUES (?1, ?2)",
                params![code, sequence],
            )?;
        }
        Ok(())
    }

    /// An entry of the index is no record: the record stays.
    pub(crate) fn forget_codes(&self, sequence: i64) -> Result<(), Error> {
        self.execute(
            "DELETE FROM search_code WHERE record_sequence = ?1",
            params![sequence],
        )
        .map(|_| ())
    }
}

/// Letters and digits without marks, with a point between the groups.
pub(crate) fn key_of(code: &str) -> String {
    let mut key = String::with_capacity(code.len());
    let mut between = false;
    for letter in fold::fold(code).chars() {
        if letter.is_alphanumeric() {
            if between && !key.is_empty() {
                key.push('.');
            }
            between = false;
            key.push(letter);
        } else {
            between = true;
        }
    }
    key
}

/// The same without points: a local code is often typed in one go.
fn joined_key(code: &str) -> String {
    key_of(code).replace('.', "")
}

/// The first text after all that begin with `key`.
fn end_of(key: &str) -> String {
    format!("{key}{}", char::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_only_separates() {
        for (typed, key) in [
            ("12/2026", "12.2026"),
            (" 12 - 2026 ", "12.2026"),
            ("729/QĐ-TTg", "729.qd.ttg"),
            ("KQ.G15.000031", "kq.g15.000031"),
            ("\"*()", ""),
        ] {
            assert_eq!(key_of(typed), key, "{typed}");
        }
    }
}
