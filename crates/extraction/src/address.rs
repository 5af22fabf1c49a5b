//! Addresses (địa chỉ): kept as written, their last parts resolved to codes.
//!
//! An address of today names commune and province. An older one names a district
//! between them, and perhaps a province that is no more: of it only the province
//! is resolved, because a commune of the same name today need not be the same
//! place. Nothing is guessed: what fits several units asks a person.

use std::fmt;

use domain::code::{CommuneCode, ProvinceCode};
use domain::fold::normalise;

use crate::catalogue::lists::Spelled;
use crate::catalogue::units::{Fit, Province, UnitKind, UnitName, Units};
use crate::label::{Token, tokens};

/// An address as written, and what its last parts name.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// As written, in NFC with single spaces.
    pub written: String,
    /// The province of today.
    pub province: Resolved<ProvinceCode>,
    /// The commune of today.
    pub commune: Resolved<CommuneCode>,
    /// The province is named as it was called before it was merged.
    pub former_province: bool,
    /// The district of an older address, as written: "huyện Thanh Sơn".
    pub district: Option<String>,
    /// What was resolved is spelled as in the list, marks and all.
    pub exact: bool,
    /// A commune is named by its kind, whether or not it was found.
    names_commune: bool,
}

/// What a part of an address names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved<Code> {
    /// This unit.
    Known(Code),
    /// One of these, or one of no longer existing units: a person has to say.
    Asks(Vec<Code>),
    /// Nothing that the list has.
    Unknown,
}

impl<Code> Resolved<Code> {
    /// The unit, when it is known.
    pub fn known(&self) -> Option<&Code> {
        match self {
            Self::Known(code) => Some(code),
            _ => None,
        }
    }
}

impl Address {
    /// Whether nothing is left to ask: the province is known, and so is the
    /// commune unless the address is an older one.
    pub fn is_settled(&self) -> bool {
        let commune = match &self.commune {
            Resolved::Known(_) => true,
            Resolved::Asks(_) => false,
            Resolved::Unknown => {
                !self.names_commune || self.former_province || self.district.is_some()
            }
        };
        self.province.known().is_some() && commune
    }

    /// How much of it the list knows; for choosing between readings.
    pub(crate) fn weight(&self) -> u8 {
        let province = match self.province {
            Resolved::Known(_) => 2,
            Resolved::Asks(_) => 1,
            Resolved::Unknown => 0,
        };
        let commune = match self.commune {
            Resolved::Known(_) => 4,
            Resolved::Asks(_) => 2,
            Resolved::Unknown => 0,
        };
        province + commune + u8::from(self.exact)
    }
}

// An address is personal data: `{:?}` shows what was resolved, never where.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address")
            .field("settled", &self.is_settled())
            .finish_non_exhaustive()
    }
}

/// A name has at most this many tokens: "Văn Miếu Quốc Tử Giám".
const NAME_TOKENS: usize = 8;

/// Resolves the last parts of an address.
pub(crate) fn resolve(units: &Units, text: &str) -> Address {
    let text = normalise(text);
    let parts = Parts::new(&text);
    let mut address = Address {
        written: text.clone(),
        province: Resolved::Unknown,
        commune: Resolved::Unknown,
        former_province: false,
        district: None,
        exact: false,
        names_commune: false,
    };
    let Some(found) = province_at_end(units, &parts) else {
        return address;
    };
    address.former_province = found.former;
    address.exact = found.fit == Fit::Exact;
    let mut end = found.start;
    if let Some(district) = parts.last_unit(end, UnitKind::is_district) {
        address.district = Some(parts.text(district.start, end).to_owned());
        end = district.start;
    }
    let commune = parts.last_unit(end, UnitKind::is_commune);
    address.names_commune = commune.is_some();
    let today = match found.codes.as_slice() {
        [code] if !found.former && address.district.is_none() => units.province(code),
        _ => None,
    };
    if let Some(province) = today {
        let (resolved, fit) = match &commune {
            Some(unit) => named_commune(province, &parts, unit, end),
            None => (bare_commune(province, &parts, end), Fit::Exact),
        };
        address.commune = resolved;
        address.exact &= fit == Fit::Exact;
    }
    address.province = one_or_ask(found.codes);
    address
}

fn one_or_ask<Code>(mut codes: Vec<Code>) -> Resolved<Code> {
    match codes.len() {
        0 => Resolved::Unknown,
        1 => Resolved::Known(codes.remove(0)),
        _ => Resolved::Asks(codes),
    }
}

struct ProvinceFound {
    codes: Vec<ProvinceCode>,
    former: bool,
    fit: Fit,
    /// The first token of name and kind.
    start: usize,
}

fn province_at_end(units: &Units, parts: &Parts<'_>) -> Option<ProvinceFound> {
    let end = parts.end_without_country();
    // The longest name first: "Bà Rịa - Vũng Tàu" before a province "Vũng Tàu".
    (end.saturating_sub(NAME_TOKENS)..end).find_map(|first| {
        let seen = Spelled::new(parts.text(first, end));
        let kind = parts.kind_before(first);
        let (start, kind) = kind.map_or((first, None), |unit| (unit.start, Some(unit.kind)));
        if kind.is_none() && !parts.begins_part(first) {
            return None;
        }
        let fits = |name: &UnitName| {
            let same_kind = kind.is_none_or(|kind| kind == name.kind);
            same_kind.then(|| name.fit(&seen)).flatten()
        };
        let today = units.provinces.iter().filter_map(|province| {
            Some((fits(&province.name)?, false, vec![province.code.clone()]))
        });
        let before = units
            .former
            .iter()
            .filter_map(|province| Some((fits(&province.name)?, true, province.now.clone())));
        // Exact spelling first, and today's province before one of the same name.
        let (fit, former, codes) = today
            .chain(before)
            .max_by_key(|(fit, former, _)| (*fit, !*former))?;
        Some(ProvinceFound {
            codes,
            former,
            fit,
            start,
        })
    })
}

/// The commune that is named with its kind: "xã Thanh Sơn".
fn named_commune(
    province: &Province,
    parts: &Parts<'_>,
    unit: &UnitAt,
    end: usize,
) -> (Resolved<CommuneCode>, Fit) {
    for last in parts.ends_of_name(unit.name, end) {
        let seen = Spelled::new(parts.text(unit.name, last));
        let like: Vec<(Fit, &CommuneCode)> = province
            .communes
            .iter()
            .filter(|commune| commune.name.kind == unit.kind)
            .filter_map(|commune| Some((commune.name.fit(&seen)?, &commune.code)))
            .collect();
        let Some(best) = like.iter().map(|(fit, _)| *fit).max() else {
            continue;
        };
        let codes = like
            .into_iter()
            .filter(|(fit, _)| *fit == best)
            .map(|(_, code)| code.clone())
            .collect();
        return (one_or_ask(codes), best);
    }
    (Resolved::Unknown, Fit::Exact)
}

/// What stands before the province without a word for its kind may be a commune
/// of today or a district of before, so it is only asked for.
fn bare_commune(province: &Province, parts: &Parts<'_>, end: usize) -> Resolved<CommuneCode> {
    for first in end.saturating_sub(NAME_TOKENS)..end {
        if !parts.begins_part(first) {
            continue;
        }
        let seen = Spelled::new(parts.text(first, end));
        let codes: Vec<CommuneCode> = province
            .communes
            .iter()
            .filter(|commune| commune.name.fit(&seen).is_some())
            .map(|commune| commune.code.clone())
            .collect();
        if !codes.is_empty() {
            return Resolved::Asks(codes);
        }
    }
    Resolved::Unknown
}

/// A word for a kind of unit, and where the name behind it begins.
#[derive(Clone, Copy, Debug)]
struct UnitAt {
    kind: UnitKind,
    start: usize,
    name: usize,
}

/// The words of an address.
struct Parts<'t> {
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
    fn is_district(self) -> bool {
        matches!(self, Self::District | Self::City)
    }

    fn is_commune(self) -> bool {
        matches!(
            self,
            Self::Ward | Self::Commune | Self::Township | Self::SpecialZone
        )
    }
}

impl<'t> Parts<'t> {
    fn new(text: &'t str) -> Self {
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
    fn text(&self, first: usize, end: usize) -> &'t str {
        match (self.tokens.get(first), self.tokens.get(end.wrapping_sub(1))) {
            (Some(from), Some(to)) if from.start < to.end => &self.text[from.start..to.end],
            _ => "",
        }
    }

    /// One past the last token, a final "Việt Nam" left out.
    fn end_without_country(&self) -> usize {
        let end = self.tokens.len();
        let country = end
            .checked_sub(2)
            .filter(|first| *first > 0 && self.begins_part(*first))
            .filter(|first| {
                Spelled::new(self.text(*first, end)).is_like(&Spelled::new("Việt Nam"))
            });
        country.unwrap_or(end)
    }

    /// Whether a sign parts the token from what stands before it.
    fn begins_part(&self, index: usize) -> bool {
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
    fn kind_before(&self, name: usize) -> Option<UnitAt> {
        (name.saturating_sub(2)..name)
            .filter_map(|start| self.kind_at(start))
            .find(|unit| unit.name == name)
    }

    /// The last unit of such a kind before a token.
    fn last_unit(&self, end: usize, wanted: impl Fn(UnitKind) -> bool) -> Option<UnitAt> {
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
    fn ends_of_name(&self, name: usize, limit: usize) -> impl Iterator<Item = usize> {
        (name + 1..=limit.min(name + NAME_TOKENS))
            .rev()
            .filter(move |end| *end == limit || self.begins_part(*end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::lists::Lists;
    use proptest::prelude::*;

    fn check(text: &str) -> String {
        let address = resolve(Lists::default().units(), text);
        fn show<Code: fmt::Display>(resolved: &Resolved<Code>) -> String {
            match resolved {
                Resolved::Known(code) => code.to_string(),
                Resolved::Asks(codes) => {
                    let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
                    format!("{}?", codes.join("|"))
                }
                Resolved::Unknown => "-".to_owned(),
            }
        }
        let mut line = format!("{} {}", show(&address.province), show(&address.commune));
        if let Some(district) = &address.district {
            line = format!("{line} [{district}]");
        }
        if address.former_province {
            line.push_str(" former");
        }
        if !address.exact {
            line.push_str(" inexact");
        }
        if !address.is_settled() {
            line.push_str(" asks");
        }
        line
    }

    #[test]
    fn an_address_of_today_is_resolved_to_commune_and_province() {
        for (text, expected) in [
            (
                "Số 12, đường Láng, phường Láng, thành phố Hà Nội",
                "01 00199",
            ),
            ("Thôn 3, xã Thanh Sơn, tỉnh Phú Thọ", "25 08542"),
            ("Thôn 3, X. Thanh Sơn, T. Phú Thọ", "25 08542"),
            ("thôn 3 xã Thanh Sơn tỉnh Phú Thọ", "25 08542"),
            ("Xã Thanh Sơn - Tỉnh Phú Thọ - Việt Nam", "25 08542"),
            ("P. Văn Miếu - Quốc Tử Giám, TP. Hà Nội", "01 00226"),
            ("Phường Xuân Hương - Đà Lạt, tỉnh Lâm Đồng", "68 24781"),
            ("xã Chân Mây - Lăng Cô, TP Huế", "46 20137"),
            ("Xã Ea H’Leo, tỉnh Đắk Lắk", "66 24184"),
            ("phường Hà Giang 1, tỉnh Tuyên Quang", "08 00694"),
            ("Đặc khu Côn Đảo, TP.HCM", "79 26732"),
            ("Xã Hòa Lạc, Thành phố Hà Nội", "01 09988"),
            ("Xã Hoà Lạc, Thành phố Hà Nội", "01 09988"),
        ] {
            assert_eq!(check(text), expected, "{text}");
        }
    }

    #[test]
    fn letters_without_marks_are_found_but_said_to_be_inexact() {
        for (text, expected) in [
            ("xa Thanh Son, tinh Phu Tho", "25 08542 inexact"),
            ("xã Thanh Son, tỉnh Phú Thọ", "25 08542 inexact"),
        ] {
            assert_eq!(check(text), expected, "{text}");
        }
    }

    #[test]
    fn of_an_older_address_only_the_province_is_resolved() {
        for (text, expected) in [
            (
                "xã Thanh Sơn, huyện Thanh Sơn, tỉnh Phú Thọ",
                "25 - [huyện Thanh Sơn]",
            ),
            ("P. Bến Nghé, Q.1, TP. Hồ Chí Minh", "79 - [Q.1]"),
            (
                "Phường Trưng Vương, TP. Thái Nguyên, Tỉnh Thái Nguyên",
                "19 - [TP. Thái Nguyên]",
            ),
            (
                "xã Tân Tiến, thị xã An Nhơn, tỉnh Bình Định",
                "52 - [thị xã An Nhơn] former",
            ),
            ("xã Tân Tiến, tỉnh Bắc Giang", "24 - former"),
            ("Xã Long Sơn, Tỉnh Bà Rịa - Vũng Tàu", "79 - former"),
            ("phường Kim Long, tỉnh Thừa Thiên Huế", "46 - former"),
            ("tỉnh Thừa Thiên - Huế", "46 - former"),
        ] {
            assert_eq!(check(text), expected, "{text}");
        }
    }

    #[test]
    fn what_fits_several_units_asks() {
        for (text, expected) in [
            (
                "huyện Thuận An, tỉnh Sông Bé",
                "75|79? - [huyện Thuận An] former asks",
            ),
            ("xã A, tỉnh Hải Hưng", "31|33? - former asks"),
            // A commune of today, or the district of that name until 2025.
            ("12 Kim Mã, Ba Đình, Hà Nội", "01 00004? asks"),
        ] {
            assert_eq!(check(text), expected, "{text}");
        }
    }

    #[test]
    fn what_the_list_does_not_have_stays_unknown() {
        for (text, expected) in [
            ("xã Thanh Sơm, tỉnh Phú Thọ", "25 - asks"),
            ("phường Thanh Sơn, tỉnh Phú Thọ", "25 - asks"),
            ("xã Thanh Sơn, tỉnh Phú Thự", "- - inexact asks"),
            ("California, Hoa Kỳ", "- - inexact asks"),
            ("Thanh Sơn Phú Thọ", "- - inexact asks"),
            ("", "- - inexact asks"),
            ("xã", "- - inexact asks"),
        ] {
            assert_eq!(check(text), expected, "{text}");
        }
        assert_eq!(check("Tỉnh Phú Thọ"), "25 -", "a province alone is enough");
    }

    #[test]
    fn every_commune_of_the_list_is_read_back_however_it_is_written() {
        let lists = Lists::default();
        for province in &lists.units().provinces {
            for commune in &province.communes {
                let (kind, short) = match commune.name.kind {
                    UnitKind::Ward => ("phường", "P."),
                    UnitKind::Commune => ("xã", "X."),
                    _ => ("đặc khu", "ĐK."),
                };
                let whole = match province.name.kind {
                    UnitKind::City => "thành phố",
                    _ => "tỉnh",
                };
                let (here, there) = (commune.name.written(), province.name.written());
                for text in [
                    format!("Số 1, {kind} {here}, {whole} {there}"),
                    format!("{short} {here}, {there}"),
                    format!("tổ 2 {kind} {here} {whole} {there}").to_uppercase(),
                ] {
                    let address = resolve(lists.units(), &text);
                    assert_eq!(address.province.known(), Some(&province.code), "{text}");
                    assert_eq!(address.commune.known(), Some(&commune.code), "{text}");
                    assert!(address.exact && address.is_settled(), "{text}");
                }
            }
        }
    }

    #[test]
    fn every_former_province_lies_in_provinces_of_today() {
        let lists = Lists::default();
        let numbered = lists
            .units()
            .former
            .iter()
            .filter(|one| one.number.is_some());
        assert_eq!(numbered.count(), 63);
        for former in &lists.units().former {
            let address = resolve(lists.units(), &format!("xã A, {}", former.name.written()));
            let codes = match address.province {
                Resolved::Known(code) => vec![code],
                Resolved::Asks(codes) => codes,
                Resolved::Unknown => Vec::new(),
            };
            assert!(!codes.is_empty(), "{}", former.name.written());
        }
    }

    proptest! {
        #[test]
        fn any_text_is_kept_as_written(text in "[A-Za-zĐăâêộừý0-9,. \\-]{0,60}") {
            let address = resolve(Lists::default().units(), &text);
            prop_assert_eq!(address.written, normalise(&text));
        }

        #[test]
        fn any_text_is_resolved_without_a_panic(text in "\\PC{0,60}") {
            let address = resolve(Lists::default().units(), &text);
            prop_assert!(address.commune.known().is_none() || address.province.known().is_some());
        }
    }
}
