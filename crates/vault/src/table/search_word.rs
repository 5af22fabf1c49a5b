//! Words by which a record is found: as they are spelled, and without marks.
//!
//! Two sets of columns, because "nguyen" must find "Nguyễn" while "Nguyễn" must
//! find "Nguyễn" before "Nguyên"; and within each set the values of the record
//! apart from its full text, because a name in a field weighs more than the same
//! word somewhere on the paper. Only the newest version of a document is in here.

use std::fmt;

use domain::dossier::Dossier;
use domain::fold;
use domain::record::Record;
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::error::Error;

const TABLE: &str = "search_word";

// The tokeniser takes no marks off: `fold` has done it for the folded columns
// (and takes đ to d, which the tokeniser would not).
pub(crate) const V1: &str = "
CREATE VIRTUAL TABLE search_word USING fts5 (
    exact_values, exact_text, folded_values, folded_text,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 0'
);";

/// Where a query is looked for, one after the other, and whether that is its spelling.
const PLACES: [(&str, bool); 4] = [
    ("exact_values", true),
    ("exact_values exact_text", true),
    ("folded_values", false),
    ("folded_values folded_text", false),
];
/// More words than anybody types; a pasted page must not become a query.
const LIMIT_WORDS: usize = 16;
/// No Vietnamese word and no code is longer.
const LIMIT_LETTERS: usize = 80;

/// A record that search found.
#[derive(Clone, PartialEq)]
pub struct SearchHit {
    /// The newest version of the record.
    pub record: Record,
    /// The owner's name: from the record, else from its dossier.
    pub owner_name: Option<String>,
    /// Its title, else its summary.
    pub title: Option<String>,
    /// The day of issue as in the record.
    pub issued_on: Option<String>,
    /// Its number.
    pub number: Option<String>,
    /// It is spelled as the query is, or has the code that was typed.
    pub exact: bool,
}

// All of it but the local code is personal data.
impl fmt::Debug for SearchHit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SearchHit")
            .field("local_code", &self.record.local_code)
            .field("exact", &self.exact)
            .finish_non_exhaustive()
    }
}

impl Reader<'_> {
    /// Deposited records that have all these words, or a number or code that
    /// begins like this: codes first, then exact spelling, then the rest; in each, what
    /// stands in the values of a record before what stands on its paper, and among equals
    /// the newest. The last word may be unfinished.
    ///
    /// Nothing is weighed by how rare a word is: that would count every paper that has a
    /// common one, however few are asked for.
    pub fn search(&self, words: &str, limit: usize) -> Result<Vec<SearchHit>, Error> {
        let mut found: Vec<(i64, bool)> = Vec::new();
        let mut take = |sequences: Vec<i64>, is_exact| {
            for sequence in sequences {
                if found.len() < limit && found.iter().all(|(other, _)| *other != sequence) {
                    found.push((sequence, is_exact));
                }
            }
            found.len() < limit
        };
        let mut goes_on = take(self.find_codes(words, limit)?, true);
        let (exact, folded) = (exact_form(words), fold::fold(words));
        for (columns, is_exact) in PLACES {
            if goes_on {
                let words = if is_exact { &exact } else { &folded };
                goes_on = take(self.find_words(columns, words, limit)?, is_exact);
            }
        }
        let hits = found.into_iter().filter_map(|(sequence, exact)| {
            let record = self.record_at(sequence).transpose()?;
            Some(record.and_then(|record| self.hit(record, exact)))
        });
        hits.collect()
    }

    fn find_words(&self, columns: &str, words: &str, limit: usize) -> Result<Vec<i64>, Error> {
        let Some(query) = query_of(columns, words) else {
            return Ok(Vec::new());
        };
        self.many(
            TABLE,
            "SELECT rowid FROM search_word WHERE search_word MATCH ?1
             ORDER BY rowid DESC LIMIT ?2",
            params![query, limit as i64],
            |columns| columns.get("rowid"),
        )
    }

    fn hit(&self, record: Record, exact: bool) -> Result<SearchHit, Error> {
        let text = |name: &str| record.value(name).map(str::to_owned);
        let owner_name = if let Some(name) = text("owner_name") {
            Some(name)
        } else {
            let document = self.document(record.document_id)?;
            self.dossier(document.dossier_id)?.owner.name
        };
        Ok(SearchHit {
            owner_name,
            title: text("title").or_else(|| text("summary")),
            issued_on: text("issued_on"),
            number: text("number"),
            exact,
            record,
        })
    }
}

impl Writer<'_> {
    pub(crate) fn index_words(
        &self,
        sequence: i64,
        record: &Record,
        dossier: &Dossier,
        full_text: &str,
    ) -> Result<(), Error> {
        let mut values: Vec<&str> = vec![&record.code.text];
        values.extend(record.values.iter().map(|value| value.value.as_str()));
        values.extend(dossier.owner.name.as_deref());
        let values = values.join("\n");
        self.execute(
            "INSERT INTO search_word
             (rowid, exact_values, exact_text, folded_values, folded_text)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                sequence,
                exact_form(&values),
                exact_form(full_text),
                fold::fold(&values),
                fold::fold(full_text),
            ],
        )
        .map(|_| ())
    }

    /// An entry of the index is no record: the record stays.
    pub(crate) fn forget_words(&self, sequence: i64) -> Result<(), Error> {
        self.execute(
            "DELETE FROM search_word WHERE rowid = ?1",
            params![sequence],
        )
        .map(|_| ())
    }
}

/// One spelling for what is one spelling to people, in lower case.
fn exact_form(text: &str) -> String {
    fold::spelling(text).to_lowercase()
}

/// A full-text query that has to find every word; `None` when there is no word.
///
/// Each word stands in quotation marks, so that nothing a person types is ever
/// taken for an operator; a word with punctuation inside becomes a phrase.
fn query_of(columns: &str, words: &str) -> Option<String> {
    let quoted: Vec<String> = words
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(LIMIT_WORDS)
        .map(|word| {
            let plain: String = word
                .chars()
                .filter(|letter| *letter != '"' && !letter.is_control())
                .take(LIMIT_LETTERS)
                .collect();
            format!("\"{plain}\"")
        })
        .collect();
    if quoted.is_empty() {
        return None;
    }
    // The star makes the last word the beginning of one.
    Some(format!("{{{columns}}} : ({} *)", quoted.join(" AND ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_typed_is_an_operator() {
        for (words, query) in [
            ("nguyen van", Some("{c} : (\"nguyen\" AND \"van\" *)")),
            ("a\" OR b", Some("{c} : (\"a\" AND \"OR\" AND \"b\" *)")),
            ("* ( ) : - \"", None),
            ("", None),
        ] {
            assert_eq!(query_of("c", words).as_deref(), query, "{words}");
        }
    }
}
