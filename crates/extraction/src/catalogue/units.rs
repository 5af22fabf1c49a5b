//! Administrative units (đơn vị hành chính): provinces and communes of today, and
//! the provinces that older papers name.

use domain::code::{CommuneCode, ProvinceCode};
use serde::Deserialize;

use crate::catalogue::lists::Spelled;
use crate::catalogue::{check_version, parse_file};
use crate::error::Error;

/// Provinces and communes, today's and former ones.
#[derive(Clone, Debug)]
pub(crate) struct Units {
    pub(crate) provinces: Vec<Province>,
    pub(crate) former: Vec<FormerProvince>,
    /// Words for places below the commune: "Tổ dân phố".
    pub(crate) places: Vec<Spelled>,
    sample_numbers: Vec<String>,
}

/// A unit's kind and name: "Phường" and "Ba Đình".
#[derive(Clone, Debug)]
pub(crate) struct UnitName {
    pub(crate) kind: UnitKind,
    /// The name, then its other spellings.
    spelled: Vec<Spelled>,
}

/// The kinds of units that papers name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum UnitKind {
    /// Tỉnh.
    Province,
    /// Thành phố; a province today, also a district on older papers.
    City,
    /// Quận, huyện, thị xã: gone since 01/07/2025.
    District,
    /// Phường.
    Ward,
    /// Xã.
    Commune,
    /// Thị trấn.
    Township,
    /// Đặc khu.
    SpecialZone,
}

/// A province of today and its communes.
#[derive(Clone, Debug)]
pub(crate) struct Province {
    pub(crate) code: ProvinceCode,
    pub(crate) name: UnitName,
    pub(crate) communes: Vec<Commune>,
}

/// A commune, ward or special zone of today.
#[derive(Clone, Debug)]
pub(crate) struct Commune {
    pub(crate) code: CommuneCode,
    pub(crate) name: UnitName,
}

/// A province that is no more, or not what it was.
#[derive(Clone, Debug)]
pub(crate) struct FormerProvince {
    pub(crate) name: UnitName,
    /// How personal numbers registered there begin.
    pub(crate) number: Option<String>,
    /// Where its land lies today.
    pub(crate) now: Vec<ProvinceCode>,
}

/// How well a name fits what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// The letters, but not all marks.
    Letters,
    /// Letters and marks.
    Exact,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitsFile {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    version: u32,
    #[serde(rename = "as_of")]
    _as_of: String,
    #[serde(rename = "basis")]
    _basis: String,
    #[serde(default)]
    places: Vec<String>,
    provinces: Vec<ProvinceEntry>,
    sample_numbers: Vec<String>,
    former_provinces: Vec<FormerEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProvinceEntry {
    code: ProvinceCode,
    name: String,
    #[serde(default)]
    also: Vec<String>,
    /// Code, kind and name: "00004 Phường Ba Đình".
    communes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormerEntry {
    name: String,
    #[serde(default)]
    number: Option<String>,
    #[serde(default)]
    also: Vec<String>,
    now: Vec<ProvinceCode>,
}

impl Units {
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self, Error> {
        let list: UnitsFile = parse_file(file, text)?;
        check_version(file, list.version)?;
        let wrong = |name: &str| Error::UnknownName {
            file: file.to_owned(),
            name: name.to_owned(),
        };
        let unit =
            |name: &str, also: &[String]| UnitName::new(name, also).ok_or_else(|| wrong(name));
        let mut provinces: Vec<Province> = Vec::new();
        let mut codes = std::collections::BTreeSet::new();
        for entry in list.provinces {
            let mut communes = Vec::with_capacity(entry.communes.len());
            for line in &entry.communes {
                let (code, name) = line.split_once(' ').ok_or_else(|| wrong(line))?;
                let code: CommuneCode = code.parse().map_err(|_| wrong(line))?;
                if !codes.insert(code.clone()) {
                    return Err(Error::Twice {
                        file: file.to_owned(),
                        name: line.clone(),
                    });
                }
                communes.push(Commune {
                    code,
                    name: unit(name, &[])?,
                });
            }
            provinces.push(Province {
                name: unit(&entry.name, &entry.also)?,
                code: entry.code,
                communes,
            });
        }
        let mut former = Vec::new();
        for entry in list.former_provinces {
            let known = |code: &ProvinceCode| provinces.iter().any(|one| one.code == *code);
            if let Some(code) = entry.now.iter().find(|code| !known(code)) {
                return Err(wrong(code.as_str()));
            }
            former.push(FormerProvince {
                name: unit(&entry.name, &entry.also)?,
                number: entry.number,
                now: entry.now,
            });
        }
        Ok(Self {
            provinces,
            former,
            places: list
                .places
                .iter()
                .map(|place| Spelled::new(place))
                .collect(),
            sample_numbers: list.sample_numbers,
        })
    }

    pub(crate) fn province(&self, code: &ProvinceCode) -> Option<&Province> {
        self.provinces
            .iter()
            .find(|province| province.code == *code)
    }

    /// Whether a personal number can begin so. The first three digits are the
    /// province of registration, by its number of before 01/07/2025; those from
    /// 100 on are countries. Papers drawn for trying the program out have their own.
    // Circular 59/2021/TT-BCA, annexes 1 and 2.
    pub(crate) fn begins_personal_number(&self, number: &str) -> bool {
        let Some(head) = number.get(..3) else {
            return false;
        };
        !head.starts_with('0')
            || self.sample_numbers.iter().any(|sample| sample == head)
            || self
                .former
                .iter()
                .any(|province| province.number.as_deref() == Some(head))
    }
}

impl UnitName {
    fn new(written: &str, also: &[String]) -> Option<Self> {
        let (kind, bare) = KINDS.iter().find_map(|(word, kind)| {
            Some((*kind, written.strip_prefix(word)?.strip_prefix(' ')?))
        })?;
        Some(Self {
            kind,
            spelled: std::iter::once(bare)
                .chain(also.iter().map(String::as_str))
                .map(Spelled::new)
                .collect(),
        })
    }

    /// The name without its kind.
    #[cfg(test)]
    pub(crate) fn written(&self) -> &str {
        &self.spelled[0].written
    }

    /// How well the name fits what was written, if at all.
    pub(crate) fn fit(&self, seen: &Spelled) -> Option<Fit> {
        self.spelled
            .iter()
            .filter_map(|one| {
                if one.is(seen) {
                    Some(Fit::Exact)
                } else {
                    one.is_like(seen).then_some(Fit::Letters)
                }
            })
            .max()
    }
}

/// The words of the list for its kinds of units.
const KINDS: [(&str, UnitKind); 6] = [
    ("Thành phố", UnitKind::City),
    ("Tỉnh", UnitKind::Province),
    ("Phường", UnitKind::Ward),
    ("Xã", UnitKind::Commune),
    ("Thị trấn", UnitKind::Township),
    ("Đặc khu", UnitKind::SpecialZone),
];
