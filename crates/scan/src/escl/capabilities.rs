//! What a network scanner says it can do. Nothing else is ever asked of it: some
//! crash on an option that is not in their capabilities.

use super::xml::Element;
use crate::scanner::{ScanSource, Sides};

/// Units of lengths: three hundredths of an inch.
pub(super) const UNITS_PER_INCH: f64 = 300.0;

/// Resolutions offered where a device takes any within a range.
const USUAL_DPI: [u32; 8] = [75, 100, 150, 200, 300, 400, 600, 1200];

/// The answer to `ScannerCapabilities`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Capabilities {
    pub(super) version: String,
    pub(super) name: String,
    platen: Option<InputCapabilities>,
    simplex: Option<InputCapabilities>,
    duplex: Option<InputCapabilities>,
}

/// What one source offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InputCapabilities {
    /// In three hundredths of an inch.
    pub(super) max_width: Option<u32>,
    pub(super) max_height: Option<u32>,
    pub(super) colour_modes: Vec<String>,
    pub(super) formats: Vec<String>,
    pub(super) formats_ext: Vec<String>,
    pub(super) intents: Vec<String>,
    pub(super) resolutions: Resolutions,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Resolutions {
    These(Vec<u32>),
    Between { min: u32, max: u32, step: u32 },
}

impl Capabilities {
    /// `None` when the answer names no source at all: then it is no scanner.
    pub(super) fn read(answer: &str) -> Option<Self> {
        let root = Element::read(answer);
        // A source may refer to a profile that stands elsewhere under its name.
        let profiles: Vec<&Element> = root.all("SettingProfile");
        let input = |name: &str| {
            root.find(name)
                .map(|element| InputCapabilities::read(element, &profiles))
        };
        let read = Self {
            version: root.text_of("Version").unwrap_or("2.0").to_owned(),
            name: root.text_of("MakeAndModel").unwrap_or_default().to_owned(),
            platen: input("PlatenInputCaps"),
            simplex: input("AdfSimplexInputCaps"),
            duplex: input("AdfDuplexInputCaps"),
        };
        (read.platen.is_some() || read.simplex.is_some() || read.duplex.is_some()).then_some(read)
    }

    /// What is offered from there; `None` when nothing is.
    pub(super) fn of(&self, source: ScanSource, sides: Sides) -> Option<&InputCapabilities> {
        match (source, sides) {
            (ScanSource::Flatbed, Sides::One) => self.platen.as_ref(),
            (ScanSource::Flatbed, Sides::Both) => None,
            (ScanSource::Feeder, Sides::One) => self.simplex.as_ref(),
            (ScanSource::Feeder, Sides::Both) => self.duplex.as_ref(),
        }
    }

    /// Where paper is taken from, one side at a time.
    pub(super) fn sources(&self) -> Vec<ScanSource> {
        let offered = |source: &ScanSource| {
            self.of(*source, Sides::One).is_some() || self.of(*source, Sides::Both).is_some()
        };
        ScanSource::ALL.into_iter().filter(offered).collect()
    }

    /// Resolutions that every source offers that the device has, rising.
    pub(super) fn resolutions_dpi(&self) -> Vec<u32> {
        let inputs = [&self.platen, &self.simplex, &self.duplex];
        let lists: Vec<Vec<u32>> = inputs
            .into_iter()
            .flatten()
            .map(|input| input.resolutions.list())
            .collect();
        let Some(first) = lists.first() else {
            return Vec::new();
        };
        let everywhere = |dpi: &&u32| lists.iter().all(|list| list.contains(dpi));
        let mut common: Vec<u32> = first.iter().filter(everywhere).copied().collect();
        common.sort_unstable();
        common.dedup();
        common
    }
}

impl InputCapabilities {
    fn read(element: &Element, profiles: &[&Element]) -> Self {
        let own: Vec<&Element> = element
            .all("SettingProfile")
            .into_iter()
            .map(|profile| referred_to(profile, profiles))
            .collect();
        let texts = |name: &str| -> Vec<String> {
            let mut texts: Vec<String> = own
                .iter()
                .flat_map(|profile| profile.texts_of(name))
                .map(|text| text.rsplit(':').next().unwrap_or_default().to_owned())
                .collect();
            texts.sort();
            texts.dedup();
            texts
        };
        // Whether an intent is offered is said by itself or inside of a list.
        let mut intents = element.texts_of("Intent");
        intents.extend(element.texts_of("SupportedIntent"));
        Self {
            max_width: element.number_of("MaxWidth"),
            max_height: element.number_of("MaxHeight"),
            colour_modes: texts("ColorMode"),
            formats: texts("DocumentFormat"),
            formats_ext: texts("DocumentFormatExt"),
            intents,
            resolutions: Resolutions::read(&own),
        }
    }
}

/// The profile itself, or the one whose name it gives.
fn referred_to<'a>(profile: &'a Element, profiles: &[&'a Element]) -> &'a Element {
    let attribute = |element: &Element, name: &str| {
        let mut attributes = element.attributes.iter();
        let found = attributes.find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone())
    };
    attribute(profile, "ref")
        .and_then(|wanted| {
            let mut profiles = profiles.iter();
            profiles.find(|other| attribute(other, "name").as_ref() == Some(&wanted))
        })
        .copied()
        .unwrap_or(profile)
}

impl Resolutions {
    fn read(profiles: &[&Element]) -> Self {
        let mut these: Vec<u32> = profiles
            .iter()
            .flat_map(|profile| profile.all("DiscreteResolution"))
            // Unequal ones would give pixels that are not square.
            .filter_map(|pair| {
                let across = pair.number_of("XResolution")?;
                (pair.number_of("YResolution") == Some(across)).then_some(across)
            })
            .collect();
        these.sort_unstable();
        these.dedup();
        if !these.is_empty() {
            return Self::These(these);
        }
        let range = profiles
            .iter()
            .find_map(|profile| profile.find("XResolutionRange"));
        let number = |name| range.and_then(|range| range.number_of(name));
        match (number("Min"), number("Max")) {
            (Some(min), Some(max)) => Self::Between {
                min,
                max,
                step: number("Step").unwrap_or(1).max(1),
            },
            _ => Self::These(Vec::new()),
        }
    }

    fn list(&self) -> Vec<u32> {
        match self {
            Self::These(list) => list.clone(),
            Self::Between { .. } => {
                let offered = |dpi: &u32| self.nearest(*dpi) == Some(*dpi);
                USUAL_DPI.into_iter().filter(offered).collect()
            }
        }
    }

    /// What is offered nearest to a resolution.
    pub(super) fn nearest(&self, wanted: u32) -> Option<u32> {
        match self {
            Self::These(list) => list
                .iter()
                .copied()
                .min_by_key(|offered| offered.abs_diff(wanted)),
            Self::Between { min, max, step } => {
                let steps = wanted.clamp(*min, (*max).max(*min)).saturating_sub(*min) / step;
                Some(min + steps * step)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::status::Status;
    use super::*;
    use std::path::PathBuf;

    /// Answers that were recorded from real devices lie outside of the project.
    #[test]
    fn answers_of_real_devices_are_understood() {
        let Some(material) = std::env::var_os("SOHOA_MATERIAL").map(PathBuf::from) else {
            eprintln!("skipped: SOHOA_MATERIAL is not set");
            return;
        };
        let read = |name: &str| std::fs::read_to_string(material.join("escl").join(name)).unwrap();
        let device = Capabilities::read(&read("eSCL_ScannerCapabilities_Duplex.xml")).unwrap();
        assert_eq!(device.version, "2.62");
        assert_eq!(device.sources(), ScanSource::ALL);
        assert!(device.of(ScanSource::Feeder, Sides::Both).is_some());
        assert!(device.resolutions_dpi().contains(&200));
        let platen = device.of(ScanSource::Flatbed, Sides::One).unwrap();
        assert_eq!(platen.resolutions.nearest(1000), Some(1200));
        assert!(platen.colour_modes.contains(&"RGB24".to_owned()));
        assert!(platen.formats_ext.contains(&"image/jpeg".to_owned()));
        for (name, empty, busy) in [
            ("eSCL_ScannerStatus_empty.xml", true, false),
            ("eSCL_ScannerStatus_loaded.xml", false, false),
            ("eSCL_ScannerStatus_processing.xml", true, true),
        ] {
            let status = Status::read(&read(name));
            assert_eq!(status.feeder_is_empty(), empty, "{name}");
            assert_eq!(status.is_busy(), busy, "{name}");
            assert!(!status.gave_up("/eSCL/ScanJobs/2"), "{name}");
        }
    }
}
