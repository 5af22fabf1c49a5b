//! Machine-readable zones (vùng đọc máy, MRZ) of identity cards and passports.
//!
//! A check digit proves the number and the days, never the name: the name lines
//! have none. So whatever takes a name from here needs a second witness.

mod repair;

use std::fmt;

use chrono::{Datelike as _, NaiveDate};
use domain::code::PersonalId;

use crate::catalogue::rule::MrzPart;
use crate::identity::mrz::repair::{by_place, clean, fit, is_name_line};
use crate::read::identity::number_says;
use crate::read::{Read, Value};

/// Which form a zone has. ICAO Doc 9303, parts 4, 5 and 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MrzKind {
    /// Three lines of 30, as on the chip card.
    Td1,
    /// Two lines of 36.
    Td2,
    /// Two lines of 44, as in a passport.
    Td3,
}

impl MrzKind {
    const ALL: [Self; 3] = [Self::Td1, Self::Td3, Self::Td2];

    pub(crate) const fn lines(self) -> usize {
        match self {
            Self::Td1 => 3,
            Self::Td2 | Self::Td3 => 2,
        }
    }

    pub(crate) const fn width(self) -> usize {
        match self {
            Self::Td1 => 30,
            Self::Td2 => 36,
            Self::Td3 => 44,
        }
    }
}

/// A check digit of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MrzCheck {
    /// Over the number of the paper.
    Number,
    /// Over the birth date.
    BirthDate,
    /// Over the day of expiry.
    Expiry,
    /// Over the personal number, where the zone holds one.
    PersonalNumber,
    /// Over most of the zone.
    Whole,
}

/// What a machine-readable zone says.
#[derive(Clone, PartialEq, Eq)]
pub struct Mrz {
    /// Its form.
    pub kind: MrzKind,
    /// The kind of paper: `ID`, `P`.
    pub document_code: String,
    /// Who issued it, ISO 3166-1 alpha-3: `VNM`.
    pub issuer: String,
    /// The number of the paper; on a chip card the last nine digits of the
    /// personal number.
    pub number: String,
    /// Birth date as printed, `YYMMDD`.
    pub birth: String,
    /// `M`, `F` or `<`.
    pub sex: char,
    /// Day of expiry as printed, `YYMMDD`.
    pub expiry: String,
    /// Whose citizen, alpha-3.
    pub nationality: String,
    /// Family name, without marks.
    pub surname: String,
    /// Middle and given names, without marks.
    pub given_names: String,
    /// The name fills its line, so its end may be cut off.
    pub name_cut: bool,
    /// The check digits that are wrong; empty when all hold.
    pub failed: Vec<MrzCheck>,
    /// A letter was taken for the digit it looks like, or the other way round.
    pub repaired: bool,
    optional: String,
    lines: Vec<String>,
}

impl Mrz {
    /// Reads a zone from its lines, as they stand.
    pub fn parse(lines: &[&str]) -> Option<Self> {
        let kind = MrzKind::ALL.into_iter().find(|kind| {
            lines.len() == kind.lines() && lines.iter().all(|line| line.len() == kind.width())
        })?;
        let allowed = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'<';
        if !lines.iter().all(|line| line.bytes().all(allowed)) {
            return None;
        }
        Some(match kind {
            MrzKind::Td1 => Self::td1(lines),
            MrzKind::Td2 | MrzKind::Td3 => Self::td2_or_td3(kind, lines),
        })
    }

    /// The first zone among recognised lines, in spite of spaces, lost fillers and
    /// letters taken for digits. A letter is only read as the digit it looks like
    /// where a digit must stand, and the other way round.
    pub fn find(lines: &[&str]) -> Option<Self> {
        let clean: Vec<String> = lines.iter().map(|line| clean(line)).collect();
        let mut unsound = None;
        for first in 0..clean.len() {
            for kind in MrzKind::ALL {
                let Some(window) = clean.get(first..first + kind.lines()) else {
                    continue;
                };
                let Some(found) = Self::repair(kind, window) else {
                    continue;
                };
                if found.is_sound() {
                    return Some(found);
                }
                unsound = unsound.or(Some(found).filter(|mrz| mrz.failed.len() <= 2));
            }
        }
        unsound
    }

    /// Whether every check digit holds.
    pub fn is_sound(&self) -> bool {
        self.failed.is_empty()
    }

    /// The lines of the zone, a space between them.
    pub fn text(&self) -> String {
        self.lines.join(" ")
    }

    /// The name, family name first, without marks.
    pub fn name(&self) -> String {
        format!("{} {}", self.surname, self.given_names)
            .trim()
            .to_owned()
    }

    /// A part as a value of a field; a part whose check digits fail is said too,
    /// and it is for the caller to doubt it.
    pub(crate) fn part(&self, part: MrzPart) -> Option<String> {
        let day = |day: Option<NaiveDate>| Some(day?.format("%Y-%m-%d").to_string());
        match part {
            MrzPart::PersonalId => self.personal_id().map(|id| id.as_str().to_owned()),
            MrzPart::DocumentNumber => Some(self.number.clone()),
            MrzPart::BirthDate => day(self.birth_on()),
            MrzPart::ExpiresOn => day(self.expires_on()),
            MrzPart::Sex => Some(self.sex.to_string()),
            MrzPart::Zone => Some(self.text()),
        }
    }

    /// The personal number of a Vietnamese paper.
    pub fn personal_id(&self) -> Option<PersonalId> {
        if self.issuer != "VNM" {
            return None;
        }
        self.optional.get(..12)?.parse().ok()
    }

    /// Birth date. The zone gives two digits of the year; the personal number
    /// gives the century, and otherwise nobody is born after the paper expires.
    /// Where both centuries remain there is none.
    pub fn birth_on(&self) -> Option<NaiveDate> {
        let (year, month, day) = packed(&self.birth)?;
        let said = self
            .personal_id()
            .and_then(|id| number_says(id.as_str()))
            .map(|says| says.birth_year)
            .filter(|says| says % 100 == year);
        let expires = self.expires_on()?;
        let year = match said {
            Some(year) => year,
            None if 2000 + year > expires.year() => 1900 + year,
            None => return None,
        };
        NaiveDate::from_ymd_opt(year, month, day)
    }

    /// Day of expiry; papers with a zone are all of this century.
    pub fn expires_on(&self) -> Option<NaiveDate> {
        let (year, month, day) = packed(&self.expiry)?;
        NaiveDate::from_ymd_opt(2000 + year, month, day)
    }

    fn td1(lines: &[&str]) -> Self {
        let (one, two, three) = (lines[0], lines[1], lines[2]);
        let (surname, given_names) = names(three);
        let mut mrz = Self {
            kind: MrzKind::Td1,
            document_code: filled(&one[..2]),
            issuer: filled(&one[2..5]),
            number: filled(&one[5..14]),
            birth: two[..6].to_owned(),
            sex: char::from(two.as_bytes()[7]),
            expiry: two[8..14].to_owned(),
            nationality: filled(&two[15..18]),
            surname,
            given_names,
            name_cut: !three.ends_with('<'),
            failed: Vec::new(),
            repaired: false,
            optional: filled(&one[15..]),
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        };
        mrz.check(MrzCheck::Number, &one[5..14], &one[14..15]);
        mrz.check(MrzCheck::BirthDate, &two[..6], &two[6..7]);
        mrz.check(MrzCheck::Expiry, &two[8..14], &two[14..15]);
        if mrz.issuer == "VNM" {
            // The chip card puts the personal number and a check digit of its own
            // into the optional field.
            mrz.check(MrzCheck::PersonalNumber, &one[15..29], &one[29..]);
        }
        let whole = [&one[5..], &two[..7], &two[8..15], &two[18..29]].concat();
        mrz.check(MrzCheck::Whole, &whole, &two[29..]);
        mrz
    }

    fn td2_or_td3(kind: MrzKind, lines: &[&str]) -> Self {
        let (one, two) = (lines[0], lines[1]);
        let (surname, given_names) = names(&one[5..]);
        let last = kind.width() - 1;
        let optional_end = if kind == MrzKind::Td3 { last - 1 } else { last };
        let mut mrz = Self {
            kind,
            document_code: filled(&one[..2]),
            issuer: filled(&one[2..5]),
            number: filled(&two[..9]),
            birth: two[13..19].to_owned(),
            sex: char::from(two.as_bytes()[20]),
            expiry: two[21..27].to_owned(),
            nationality: filled(&two[10..13]),
            surname,
            given_names,
            name_cut: !one.ends_with('<'),
            failed: Vec::new(),
            repaired: false,
            optional: filled(&two[28..optional_end]),
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        };
        mrz.check(MrzCheck::Number, &two[..9], &two[9..10]);
        mrz.check(MrzCheck::BirthDate, &two[13..19], &two[19..20]);
        mrz.check(MrzCheck::Expiry, &two[21..27], &two[27..28]);
        // Without a personal number its check digit may be left out.
        let left_out = mrz.optional.is_empty() && two.as_bytes()[optional_end] == b'<';
        if kind == MrzKind::Td3 && !left_out {
            let personal = two[28..optional_end].to_owned();
            mrz.check(
                MrzCheck::PersonalNumber,
                &personal,
                &two[optional_end..last],
            );
        }
        let whole = [&two[..10], &two[13..20], &two[21..last]].concat();
        mrz.check(MrzCheck::Whole, &whole, &two[last..]);
        mrz
    }

    fn check(&mut self, check: MrzCheck, text: &str, digit: &str) {
        if digit != check_digit(text).to_string() {
            self.failed.push(check);
        }
    }

    fn repair(kind: MrzKind, lines: &[String]) -> Option<Self> {
        let mut whole: Vec<String> = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            whole.push(fit(line, kind.width(), is_name_line(kind, index))?);
        }
        let shaped: Vec<String> = whole
            .iter()
            .enumerate()
            .map(|(index, line)| by_place(kind, index, line, false))
            .collect();
        let parse =
            |lines: &[String]| Self::parse(&lines.iter().map(String::as_str).collect::<Vec<_>>());
        let mut mrz = parse(&shaped)?;
        if mrz.failed.contains(&MrzCheck::Number) {
            // A number of letters and digits gives no hint of its own, so digits
            // are tried only where its check digit says that something is wrong.
            let digits: Vec<String> = whole
                .iter()
                .enumerate()
                .map(|(index, line)| by_place(kind, index, line, true))
                .collect();
            mrz = parse(&digits).filter(Self::is_sound).unwrap_or(mrz);
        }
        mrz.repaired = mrz.lines != lines;
        let plausible = mrz.issuer.len() <= 3 && !mrz.surname.is_empty();
        plausible.then_some(mrz)
    }
}

// A zone is personal data: `{:?}` shows its form and its checks.
impl fmt::Debug for Mrz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mrz")
            .field("kind", &self.kind)
            .field("failed", &self.failed)
            .field("repaired", &self.repaired)
            .finish_non_exhaustive()
    }
}

/// The check digit of a text: weights 7, 3, 1; letters count from 10; `<` is 0.
// ICAO Doc 9303, part 3, section 4.9.
fn check_digit(text: &str) -> u32 {
    let sum: u32 = text
        .chars()
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(letter, weight)| letter.to_digit(36).unwrap_or(0) * weight)
        .sum();
    sum % 10
}

fn filled(text: &str) -> String {
    text.trim_end_matches('<').to_owned()
}

fn names(text: &str) -> (String, String) {
    let (surname, given) = text.split_once("<<").unwrap_or((text, ""));
    let words = |part: &str| {
        let words: Vec<&str> = part.split('<').filter(|word| !word.is_empty()).collect();
        words.join(" ")
    };
    (words(surname), words(given))
}

/// `YYMMDD`.
fn packed(text: &str) -> Option<(i32, u32, u32)> {
    Some((
        text.get(..2)?.parse().ok()?,
        text.get(2..4)?.parse().ok()?,
        text.get(4..6)?.parse().ok()?,
    ))
}

/// Reads a zone at the beginning of a text, its lines parted by white space.
pub(crate) fn read(text: &str) -> Read {
    let trimmed = text.trim();
    if !trimmed.chars().any(char::is_alphanumeric) {
        return Read::Blank;
    }
    let start = text.len() - text.trim_start().len();
    match found_in(trimmed) {
        Some(mrz) => Read::Value(Value {
            text: mrz.text(),
            start,
            end: start + trimmed.len(),
            sound: mrz.is_sound(),
        }),
        None => Read::Unreadable,
    }
}

/// What a person typed, when all its check digits hold.
pub(crate) fn normal(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.split_whitespace().collect();
    let upper: Vec<String> = lines.iter().map(|line| line.to_ascii_uppercase()).collect();
    let lines: Vec<&str> = upper.iter().map(String::as_str).collect();
    let mrz =
        Mrz::parse(&lines).or_else(|| found_in(&upper.concat()).filter(|mrz| !mrz.repaired))?;
    mrz.is_sound().then(|| mrz.text())
}

fn found_in(text: &str) -> Option<Mrz> {
    let lines: Vec<&str> = text.split_whitespace().collect();
    if let Some(found) = Mrz::find(&lines) {
        return Some(found);
    }
    // All in one run, or with spaces anywhere.
    let run = clean(text);
    MrzKind::ALL.into_iter().find_map(|kind| {
        (run.len() == kind.lines() * kind.width()).then_some(())?;
        let lines: Vec<&str> = (0..kind.lines())
            .map(|line| &run[line * kind.width()..(line + 1) * kind.width()])
            .collect();
        Mrz::find(&lines)
    })
}

#[cfg(test)]
mod tests;
