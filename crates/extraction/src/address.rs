//! Addresses (địa chỉ): kept as written, their last parts resolved to codes.
//!
//! An address of today names commune and province. An older one names a district
//! between them, and perhaps a province that is no more: of it only the province
//! is resolved, because a commune of the same name today need not be the same
//! place. Nothing is guessed: what fits several units asks a person.

mod parts;

use std::fmt;

use domain::code::{CommuneCode, ProvinceCode};
use domain::fold::normalise;

use crate::address::parts::{NAME_TOKENS, Parts, UnitAt};
use crate::catalogue::lists::Spelled;
use crate::catalogue::units::{Fit, Province, UnitKind, UnitName, Units};

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
    /// What the list knows of it is spelled as there, marks and all.
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
    address.exact = found.fit == Fit::Exact && places_are_exact(units, &parts);
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

/// Whether no part begins with the letters of a place and other marks: "Tố dân phố".
fn places_are_exact(units: &Units, parts: &Parts<'_>) -> bool {
    units.places.iter().all(|place| {
        let length = place.written.split(' ').count();
        parts.beginnings().all(|first| {
            let seen = Spelled::new(parts.text(first, first + length));
            !place.is_like(&seen) || place.is(&seen)
        })
    })
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
            // A province that became a city keeps its communes, and papers of the
            // months before still say "tỉnh". The other way round it is another
            // place: the city of Thái Nguyên was a district of its province.
            let same_kind = kind.is_none_or(|kind| {
                kind == name.kind || (kind == UnitKind::Province && name.kind == UnitKind::City)
            });
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

#[cfg(test)]
mod tests;
