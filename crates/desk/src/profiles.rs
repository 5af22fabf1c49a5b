//! Scan profiles: one key for one way of scanning.
//!
//! A list in the office's own folder of forms stands over everything and is locked; else
//! what officers of this desk made of it; else what the program brings.

use domain::rights::Right;
use domain::scan_profile::{
    Blanks, Colour, ScanProfile, Sides as ProfileSides, Source, check_profiles,
};
use serde::Deserialize;

use crate::error::Refusal;
use crate::{ColourMode, Desk, Error, ScanSettings, ScanSource, Sides};

/// What the program brings.
const BUILTIN: &str = include_str!("../../../forms/scan_profiles.json");

/// Name of the list in the office's own folder.
const FILE: &str = "scan_profiles.json";

/// The profiles of a desk.
#[derive(Clone, Debug)]
pub struct Profiles {
    /// In the order of their keys.
    pub profiles: Vec<ScanProfile>,
    /// An administrator decided them.
    pub locked: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileJson {
    name: String,
    #[serde(default)]
    device: Option<String>,
    source: String,
    sides: String,
    dpi: u32,
    colour: String,
    blanks: String,
}

/// The profiles of this desk. A locked list that cannot be used is an error, and never
/// passed over: somebody meant something by it.
pub fn profiles(desk: &Desk) -> Result<Profiles, Error> {
    desk.may(Right::Scan)?;
    if let Some(profiles) = decided(desk)? {
        return Ok(Profiles {
            profiles,
            locked: true,
        });
    }
    let own = desk.vault.read(|read| read.scan_profiles())?;
    let profiles = if own.is_empty() {
        parse(BUILTIN).ok_or(Refusal::PolicyUnusable)?
    } else {
        own
    };
    Ok(Profiles {
        profiles,
        locked: false,
    })
}

/// Puts these profiles in the place of those before.
pub fn set_profiles(desk: &Desk, profiles: &[ScanProfile]) -> Result<Profiles, Error> {
    desk.may(Right::Scan)?;
    if decided(desk)?.is_some() {
        return Err(Refusal::Locked.into());
    }
    check_profiles(profiles).map_err(|_| Refusal::ProfilesUnusable)?;
    desk.vault
        .write(|write| write.set_scan_profiles(profiles))?;
    self::profiles(desk)
}

/// What a profile asks of a scanner. That the stack has to be turned over in between is
/// the officer's part.
pub fn settings_of(profile: &ScanProfile) -> ScanSettings {
    ScanSettings {
        source: match profile.source {
            Source::Feeder => ScanSource::Feeder,
            Source::Flatbed => ScanSource::Flatbed,
        },
        sides: match profile.sides {
            ProfileSides::Both => Sides::Both,
            ProfileSides::One | ProfileSides::ByHand => Sides::One,
        },
        dpi: profile.dpi,
        colour: match profile.colour {
            Colour::Colour => ColourMode::Colour,
            Colour::Grey => ColourMode::Greyscale,
        },
    }
}

fn decided(desk: &Desk) -> Result<Option<Vec<ScanProfile>>, Error> {
    let Some(folder) = &desk.forms else {
        return Ok(None);
    };
    match std::fs::read_to_string(folder.join(FILE)) {
        Ok(text) => Ok(Some(parse(&text).ok_or(Refusal::PolicyUnusable)?)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::File(error)),
    }
}

fn parse(text: &str) -> Option<Vec<ScanProfile>> {
    let listed: Vec<ProfileJson> = serde_json::from_str(text).ok()?;
    let profiles = listed.into_iter().map(|profile| {
        Some(ScanProfile {
            name: domain::fold::normalise(&profile.name),
            device: profile.device,
            source: Source::from_name(&profile.source)?,
            sides: ProfileSides::from_name(&profile.sides)?,
            dpi: profile.dpi,
            colour: Colour::from_name(&profile.colour)?,
            blanks: Blanks::from_name(&profile.blanks)?,
        })
    });
    let profiles = profiles.collect::<Option<Vec<_>>>()?;
    check_profiles(&profiles).ok()?;
    Some(profiles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profiles_that_the_program_brings_can_be_used() {
        assert!(parse(BUILTIN).is_some());
    }

    #[test]
    fn a_list_that_means_nothing_to_us_is_refused_whole() {
        let line = |name: &str, sides: &str, dpi: u32| {
            format!(
                r#"{{"name":"{name}","source":"feeder","sides":"{sides}","dpi":{dpi},"colour":"colour","blanks":"keep"}}"#
            )
        };
        let list = |lines: &[String]| parse(&format!("[{}]", lines.join(",")));
        let good = line("Một mặt", "one", 200);
        assert_eq!(list(std::slice::from_ref(&good)).unwrap().len(), 1);
        assert!(list(&vec![good.clone(); 11]).is_some());
        for bad in [
            vec![],
            vec![good.clone(); 12],
            vec![good.clone(), line("", "one", 200)],
            vec![good.clone(), line("Mờ", "one", 150)],
            vec![good.clone(), line("Lạ", "three", 200)],
            vec![good.replace("blanks", "blank")],
        ] {
            assert!(list(&bad).is_none(), "{bad:?}");
        }
    }
}
