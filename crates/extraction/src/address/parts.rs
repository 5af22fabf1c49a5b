//! The words of an address, and the kinds of units among them.

use crate::catalogue::lists::Spelled;
use crate::catalogue::units::UnitKind;
use crate::label::{Token, tokens};

/// A name has at most this many tokens: "Văn Miếu Quốc Tử Giám".
pub(super) const NAME_TOKENS: usize = 8;

/// A word for a kind of unit, and where the name behind it begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct UnitAt {
    pub(super) kind: UnitKind,
    pub(super) start: usize,
    pub(super) name: usize,
}

/// The words of an address.
pub(super) struct Parts<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    /// Each token in lower case, with its marks.
    lower: Vec<String>,
    /// It was typed without any marks, so kinds are known by their letters alone.
    plain: bool,
}

/// How addresses write the kinds of units. "thị xã" stands before "xã".
const KIND_WORDS: [(&[(&str, &str)], UnitKind); 9] = [
    (&[("thị", "thi"), ("xã", "xa")], UnitKind::District),
    (&[("thị", "thi"), ("trấn", "tran")], UnitKind::Township),
    (&[("thành", "thanh"), ("phố", "pho")], UnitKind::City),
    (&[("đặc", "dac"), ("khu", "khu")], UnitKind::SpecialZone),
    (&[("tỉnh", "tinh")], UnitKind::Province),
    (&[("phường", "phuong")], UnitKind::Ward),
    (&[("xã", "xa")], UnitKind::Commune),
    (&[("quận", "quan")], UnitKind::District),
    (&[("huyện", "huyen")], UnitKind::District),
];

/// Their abbreviations; one letter counts only with its dot or before a digit.
const KIND_LETTERS: [((&str, &str), UnitKind); 9] = [
    (("tp", "tp"), UnitKind::City),
    (("tx", "tx"), UnitKind::District),
    (("tt", "tt"), UnitKind::Township),
    (("đk", "dk"), UnitKind::SpecialZone),
    (("p", "p"), UnitKind::Ward),
    (("x", "x"), UnitKind::Commune),
    (("q", "q"), UnitKind::District),
    (("h", "h"), UnitKind::District),
    (("t", "t"), UnitKind::Province),
];

impl UnitKind {
    /// A city below a province was a district.
    pub(super) fn is_district(self) -> bool {
        matches!(self, Self::District | Self::City)
    }

    pub(super) fn is_commune(self) -> bool {
        matches!(
            self,
            Self::Ward | Self::Commune | Self::Township | Self::SpecialZone
        )
    }
}

impl<'t> Parts<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let tokens = tokens(text);
        let lower = tokens
            .iter()
            .map(|token| text[token.start..token.end].to_lowercase())
            .collect();
        Self {
            tokens,
            lower,
            plain: text.is_ascii(),
            text,
        }
    }

    /// The text from one token up to another.
    pub(super) fn text(&self, first: usize, end: usize) -> &'t str {
        match (self.tokens.get(first), self.tokens.get(end.wrapping_sub(1))) {
            (Some(from), Some(to)) if from.start < to.end => &self.text[from.start..to.end],
            _ => "",
        }
    }

    /// One past the last token, a final "Việt Nam" left out.
    pub(super) fn end_without_country(&self) -> usize {
        let end = self.tokens.len();
        let country = end
            .checked_sub(2)
            .filter(|first| *first > 0 && self.begins_part(*first))
            .filter(|first| {
                Spelled::new(self.text(*first, end)).is_like(&Spelled::new("Việt Nam"))
            });
        country.unwrap_or(end)
    }

    /// The tokens at which a part of the address begins.
    pub(super) fn beginnings(&self) -> impl Iterator<Item = usize> {
        (0..self.tokens.len()).filter(|index| self.begins_part(*index))
    }

    /// Whether a sign parts the token from what stands before it.
    pub(super) fn begins_part(&self, index: usize) -> bool {
        index == 0
            || self.text[self.tokens[index - 1].end..self.tokens[index].start]
                .contains([',', ';', '-', '–', '—', '.', '(', '/', ':'])
    }

    fn is_word(&self, index: usize, (word, folded): (&str, &str)) -> bool {
        if self.plain {
            self.lower.get(index).is_some_and(|seen| seen == folded)
        } else {
            self.lower.get(index).is_some_and(|seen| seen == word)
        }
    }

    /// The word for a kind that begins at a token.
    fn kind_at(&self, start: usize) -> Option<UnitAt> {
        let unit = |kind, length: usize| {
            let name = start + length;
            // "Tam Quan, Gia Lai": a comma parts a name from the next.
            let joined = name < self.tokens.len()
                && !self.text[self.tokens[name - 1].end..self.tokens[name].start]
                    .contains([',', ';', '(', ')', '/']);
            joined.then_some(UnitAt { kind, start, name })
        };
        for (words, kind) in KIND_WORDS {
            if words
                .iter()
                .enumerate()
                .all(|(offset, word)| self.is_word(start + offset, *word))
            {
                return unit(kind, words.len());
            }
        }
        let (token, next) = (self.tokens.get(start)?, self.tokens.get(start + 1)?);
        let dotted = self.text[token.end..next.start].starts_with('.');
        let numbered = next.is_number();
        let (_, kind) = KIND_LETTERS
            .iter()
            .find(|(letters, _)| self.is_word(start, *letters))?;
        let long = token.end - token.start > 1;
        (dotted || numbered || long)
            .then(|| unit(*kind, 1))
            .flatten()
    }

    /// The word for a kind right before a token.
    pub(super) fn kind_before(&self, name: usize) -> Option<UnitAt> {
        (name.saturating_sub(2)..name)
            .filter_map(|start| self.kind_at(start))
            .find(|unit| unit.name == name)
    }

    /// The last unit of such a kind before a token.
    pub(super) fn last_unit(
        &self,
        end: usize,
        wanted: impl Fn(UnitKind) -> bool,
    ) -> Option<UnitAt> {
        let starts = (0..end).rev().filter(|start| {
            // "xã" within "thị xã" is no word for a kind of its own.
            *start == 0
                || self
                    .kind_at(start - 1)
                    .is_none_or(|before| before.name <= *start)
        });
        starts
            .filter_map(|start| self.kind_at(start))
            .find(|unit| unit.name < end && wanted(unit.kind))
    }

    /// Where a name may end, the longest first: at the limit, or before a sign.
    pub(super) fn ends_of_name(&self, name: usize, limit: usize) -> impl Iterator<Item = usize> {
        (name + 1..=limit.min(name + NAME_TOKENS))
            .rev()
            .filter(move |end| *end == limit || self.begins_part(*end))
    }
}
