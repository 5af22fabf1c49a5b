//! The words for the sexes, which a code writes as a letter and a paper as a word.

use serde::Deserialize;

use crate::catalogue::{check_version, parse_file};
use crate::error::Error;

/// How papers and codes name the sexes; the first of each is the word of papers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SexWords {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    version: u32,
    #[serde(rename = "basis")]
    _basis: String,
    male: Vec<String>,
    female: Vec<String>,
}

impl SexWords {
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let words: Self = parse_file(name, text)?;
        check_version(name, words.version)?;
        Ok(words)
    }

    /// The word that papers use for a sex: "Nam" for `M`.
    pub(crate) fn word_for(&self, text: &str) -> Option<&str> {
        let text = text.trim().to_lowercase();
        [&self.male, &self.female]
            .into_iter()
            .find(|words| words.iter().any(|word| word.to_lowercase() == text))?
            .first()
            .map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use crate::catalogue::lists::Lists;

    #[test]
    fn a_letter_of_a_code_is_a_word_of_papers() {
        let lists = Lists::default();
        let word = |text| lists.sexes().word_for(text);
        assert_eq!([word("M"), word("nam"), word("Male")], [Some("Nam"); 3]);
        assert_eq!([word("F"), word("NỮ"), word(" Female ")], [Some("Nữ"); 3]);
        assert_eq!([word("<"), word(""), word("X")], [None; 3]);
    }
}
