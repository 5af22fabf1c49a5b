//! Finding printed words in recognised text, in spite of lost marks, odd spaces
//! and single misread letters.

use std::fmt;

use domain::fold::fold;
use serde::{Deserialize, Deserializer};

/// A run of letters or of digits within a text. "ngày23" is two tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Lower case without marks.
    pub(crate) folded: String,
    /// Byte range in the text.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Token {
    pub(crate) fn is_number(&self) -> bool {
        self.folded.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// Splits a text into its tokens.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut open = false;
    for (start, letter) in text.char_indices() {
        if !letter.is_alphanumeric() {
            open = false;
            continue;
        }
        let end = start + letter.len_utf8();
        let mut buffer = [0; 4];
        let folded = if letter.is_ascii() {
            letter.to_ascii_lowercase().to_string()
        } else {
            fold(letter.encode_utf8(&mut buffer))
        };
        match found.last_mut() {
            Some(last) if open && last.is_number() == letter.is_ascii_digit() => {
                last.folded.push_str(&folded);
                last.end = end;
            }
            _ => found.push(Token { folded, start, end }),
        }
        open = true;
    }
    found
}

/// Printed words that mark a place: "Họ, chữ đệm, tên".
#[derive(Clone)]
pub(crate) struct Label {
    written: String,
    folded: String,
    single: bool,
}

/// Where a label stands within a list of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LabelMatch {
    /// First token.
    pub(crate) first: usize,
    /// One past the last token.
    pub(crate) end: usize,
    /// Letters that differ.
    pub(crate) distance: usize,
}

impl Label {
    pub(crate) fn new(written: &str) -> Self {
        let parts = tokens(written);
        Self {
            written: written.to_owned(),
            single: parts.len() == 1,
            folded: parts.into_iter().map(|token| token.folded).collect(),
        }
    }

    /// As the form writes it.
    pub(crate) fn written(&self) -> &str {
        &self.written
    }

    /// Whether it is one word.
    pub(crate) fn is_single(&self) -> bool {
        self.single
    }

    /// How many letters may be misread: one in ten, at most three. Short labels
    /// must be read right, or "số" and "sở" would be one.
    fn allowance(&self) -> usize {
        (self.folded.len() / 10).min(3)
    }

    /// The best match that begins with the token at `first`.
    pub(crate) fn match_at(&self, tokens: &[Token], first: usize) -> Option<LabelMatch> {
        self.exact_at(tokens, first)
            .or_else(|| self.nearly_at(tokens, first))
    }

    fn exact_at(&self, tokens: &[Token], first: usize) -> Option<LabelMatch> {
        let mut rest = self.folded.as_str();
        for (index, token) in tokens.iter().enumerate().skip(first) {
            rest = rest.strip_prefix(token.folded.as_str())?;
            if rest.is_empty() {
                return Some(LabelMatch {
                    first,
                    end: index + 1,
                    distance: 0,
                });
            }
        }
        None
    }

    fn nearly_at(&self, tokens: &[Token], first: usize) -> Option<LabelMatch> {
        let allowance = self.allowance();
        if allowance == 0 {
            return None;
        }
        let mut window = String::new();
        let mut best: Option<LabelMatch> = None;
        for (index, token) in tokens.iter().enumerate().skip(first) {
            window.push_str(&token.folded);
            if window.len() > self.folded.len() + allowance {
                break;
            }
            if window.len() + allowance < self.folded.len() {
                continue;
            }
            let distance = strsim::levenshtein(&window, &self.folded);
            if distance <= allowance && best.is_none_or(|best| distance < best.distance) {
                best = Some(LabelMatch {
                    first,
                    end: index + 1,
                    distance,
                });
            }
        }
        best
    }
}

/// The best of several labels at one token: fewest errors, then the longest.
pub(crate) fn match_any_at(labels: &[Label], tokens: &[Token], first: usize) -> Option<LabelMatch> {
    labels
        .iter()
        .filter_map(|label| label.match_at(tokens, first))
        .min_by_key(|found| (found.distance, usize::MAX - found.end))
}

/// Every place where one of the labels stands, without overlaps. Among
/// overlapping matches the one with the fewest errors wins.
pub(crate) fn find_all(labels: &[Label], tokens: &[Token]) -> Vec<LabelMatch> {
    let mut all: Vec<LabelMatch> = (0..tokens.len())
        .filter_map(|first| match_any_at(labels, tokens, first))
        .collect();
    all.sort_by_key(|found| (found.distance, found.first));
    let mut kept: Vec<LabelMatch> = Vec::new();
    for found in all {
        if kept
            .iter()
            .all(|other| found.end <= other.first || other.end <= found.first)
        {
            kept.push(found);
        }
    }
    kept.sort_by_key(|found| found.first);
    kept
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.written)
    }
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let label = Self::new(&String::deserialize(deserializer)?);
        if label.folded.is_empty() {
            return Err(serde::de::Error::custom("a label without a letter"));
        }
        Ok(label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(label: &str, text: &str) -> Option<String> {
        let tokens = tokens(text);
        let found = find_all(&[Label::new(label)], &tokens);
        found
            .first()
            .map(|found| text[tokens[found.first].start..tokens[found.end - 1].end].to_owned())
    }

    #[test]
    fn labels_are_found_in_spite_of_marks_spaces_and_punctuation() {
        for (label, text, expected) in [
            ("Số", "Số:729/QĐ-TTg", "Số"),
            ("ngày", "Hà Nội, ngày23 tháng 4", "ngày"),
            ("V/v", "V/v cấp lại", "V/v"),
            (
                "Cộng hòa xã hội chủ nghĩa Việt Nam",
                "CHÍNH PHỦ CỘNG HOÀ XA HỘI CHU NGHĨA VlỆT NAM",
                "CỘNG HOÀ XA HỘI CHU NGHĨA VlỆT NAM",
            ),
            (
                "Độc lập - Tự do - Hạnh phúc",
                "Độc lập – Tự do — Hạnh phúc",
                "Độc lập – Tự do — Hạnh phúc",
            ),
        ] {
            assert_eq!(found(label, text).as_deref(), Some(expected), "{label}");
        }
    }

    #[test]
    fn a_label_is_not_found_inside_another_word() {
        assert_eq!(found("Số", "Sống ở đây"), None);
        assert_eq!(found("Số", "soá"), None);
        assert_eq!(
            found("Họ, chữ đệm, tên người mẹ", "Họ, chữ đệm, tên người cha: A"),
            None
        );
    }
}
