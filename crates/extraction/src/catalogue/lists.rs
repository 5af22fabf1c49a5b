//! The lists that values are looked up in: units, ethnic groups, nationalities, sexes.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, LazyLock, OnceLock};

use domain::fold::spelling;
use serde::Deserialize;

use crate::catalogue::units::Units;
use crate::catalogue::{check_version, parse_file};
use crate::error::Error;
use crate::identity::sex::SexWords;
use crate::label::{Token, tokens};

/// The files of the lists, in the folder of the catalogue.
pub(crate) const UNITS: &str = "units.json";
pub(crate) const ETHNICITIES: &str = "ethnicities.json";
pub(crate) const NATIONALITIES: &str = "nationalities.json";
pub(crate) const SEXES: &str = "sexes.json";

pub(crate) const BUILTIN_UNITS: &str = include_str!("../../../../forms/units.json");
pub(crate) const BUILTIN_ETHNICITIES: &str = include_str!("../../../../forms/ethnicities.json");
pub(crate) const BUILTIN_NATIONALITIES: &str = include_str!("../../../../forms/nationalities.json");
pub(crate) const BUILTIN_SEXES: &str = include_str!("../../../../forms/sexes.json");

/// The lists that came with the program, shared by all catalogues.
static BUILTIN: LazyLock<Lists> = LazyLock::new(|| Lists(Arc::new(Content::default())));

const CHECKED: &str = "a test reads the lists of forms/";

/// The lists, shared by all fields of a catalogue.
#[derive(Clone)]
pub(crate) struct Lists(Arc<Content>);

/// A list of the program is read when it is first asked for: the three thousand
/// communes would otherwise delay every start.
#[derive(Default)]
struct Content {
    units: OnceLock<Units>,
    ethnicities: OnceLock<Names>,
    nationalities: OnceLock<Names>,
    sexes: OnceLock<SexWords>,
}

impl Lists {
    /// Lists from elsewhere are read at once, so that their faults are told.
    pub(crate) fn parse(
        units: &str,
        ethnicities: &str,
        nationalities: &str,
        sexes: &str,
    ) -> Result<Self, Error> {
        Ok(Self(Arc::new(Content {
            units: Units::parse(UNITS, units)?.into(),
            ethnicities: Names::parse(ETHNICITIES, ethnicities)?.into(),
            nationalities: Names::parse(NATIONALITIES, nationalities)?.into(),
            sexes: SexWords::parse(SEXES, sexes)?.into(),
        })))
    }

    pub(crate) fn units(&self) -> &Units {
        let read = || Units::parse(UNITS, BUILTIN_UNITS).expect(CHECKED);
        self.0.units.get_or_init(read)
    }

    pub(crate) fn ethnicities(&self) -> &Names {
        let read = || Names::parse(ETHNICITIES, BUILTIN_ETHNICITIES).expect(CHECKED);
        self.0.ethnicities.get_or_init(read)
    }

    pub(crate) fn nationalities(&self) -> &Names {
        let read = || Names::parse(NATIONALITIES, BUILTIN_NATIONALITIES).expect(CHECKED);
        self.0.nationalities.get_or_init(read)
    }

    pub(crate) fn sexes(&self) -> &SexWords {
        let read = || SexWords::parse(SEXES, BUILTIN_SEXES).expect(CHECKED);
        self.0.sexes.get_or_init(read)
    }
}

impl Default for Lists {
    fn default() -> Self {
        BUILTIN.clone()
    }
}

// Three thousand communes help nobody in a log.
impl fmt::Debug for Lists {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lists").finish_non_exhaustive()
    }
}

/// A spelling and what it is compared by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spelled {
    pub(crate) written: String,
    folded: String,
    exact: String,
}

impl Spelled {
    pub(crate) fn new(written: &str) -> Self {
        let tokens = tokens(written);
        Self {
            written: written.to_owned(),
            folded: folded_key(&tokens),
            exact: exact_key(written, &tokens),
        }
    }

    /// The same letters, marks aside.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.folded == other.folded
    }

    /// The same letters and marks; capitals, signs and the place of the tone aside.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.exact == other.exact
    }
}

fn folded_key(tokens: &[Token]) -> String {
    tokens.iter().map(|token| token.folded.as_str()).collect()
}

fn exact_key(text: &str, tokens: &[Token]) -> String {
    let words: Vec<String> = tokens
        .iter()
        .map(|token| spelling(&text[token.start..token.end]).to_lowercase())
        .collect();
    // Without spaces, or "Ê-đê" and "Êđê" would be two.
    words.concat()
}

/// A list of names, each with its code and its other spellings.
#[derive(Clone, Debug)]
pub(crate) struct Names(Vec<Name>);

#[derive(Clone, Debug)]
struct Name {
    code: String,
    spelled: Vec<Spelled>,
}

/// What a list says of a piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    /// The code in the list: `08` of an ethnic group, `VNM` of a country.
    pub code: String,
    /// The name that the list gives it first.
    pub name: String,
    /// The spelling of the list that was met, which may be another than `name`.
    pub spelling: String,
    /// Its marks were met too, and not its letters alone.
    pub exact: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamesFile {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    version: u32,
    #[serde(rename = "basis")]
    _basis: String,
    names: Vec<NameEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NameEntry {
    code: String,
    name: String,
    #[serde(default)]
    also: Vec<String>,
}

impl Names {
    fn parse(file: &str, text: &str) -> Result<Self, Error> {
        let list: NamesFile = parse_file(file, text)?;
        check_version(file, list.version)?;
        let mut codes = BTreeSet::new();
        let mut names: Vec<Name> = Vec::new();
        for entry in list.names {
            let twice = |name: &str| Error::Twice {
                file: file.to_owned(),
                name: name.to_owned(),
            };
            if !codes.insert(entry.code.clone()) {
                return Err(twice(&entry.code));
            }
            let spelled: Vec<Spelled> = std::iter::once(&entry.name)
                .chain(&entry.also)
                .map(|written| Spelled::new(written))
                .collect();
            let known = |one: &Spelled| {
                names
                    .iter()
                    .flat_map(|name| &name.spelled)
                    .any(|other| other.is(one))
            };
            if let Some(second) = spelled.iter().find(|one| known(one)) {
                return Err(twice(&second.written));
            }
            names.push(Name {
                code: entry.code,
                spelled,
            });
        }
        Ok(Self(names))
    }

    /// Every spelling with the code of its name.
    #[cfg(test)]
    pub(crate) fn spellings(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|name| {
            let written = name.spelled.iter().map(|one| one.written.as_str());
            written.map(|written| (name.code.as_str(), written))
        })
    }

    #[cfg(test)]
    pub(crate) fn has(&self, code: &str) -> bool {
        self.0.iter().any(|name| name.code == code)
    }

    /// What a whole text names. The exact spelling comes first; letters without
    /// their marks count only while one name alone has them.
    pub(crate) fn find(&self, text: &str) -> Option<Listed> {
        let seen = Spelled::new(text);
        if seen.folded.is_empty() {
            return None;
        }
        let all = || {
            self.0
                .iter()
                .flat_map(|name| name.spelled.iter().map(move |one| (name, one)))
        };
        let listed = |(name, one): (&Name, &Spelled), exact| Listed {
            code: name.code.clone(),
            name: name.spelled[0].written.clone(),
            spelling: one.written.clone(),
            exact,
        };
        if let Some(found) = all().find(|(_, one)| one.is(&seen)) {
            return Some(listed(found, true));
        }
        let mut like = all().filter(|(_, one)| one.is_like(&seen));
        let first = like.next()?;
        like.all(|(name, _)| name.code == first.0.code)
            .then(|| listed(first, false))
    }
}
