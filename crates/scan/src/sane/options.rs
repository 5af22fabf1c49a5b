//! What a device offers, and how a scan's settings are put to it, both by the
//! well-known options of SANE and their constraints.

use super::descriptor::{Constraint, OptionDescriptor, Value, ValueKind};
use super::ffi::Handle;
use super::sides::{Choice, choose_sides, choose_source};
use crate::error::Error;
use crate::scanner::{ColourMode, MAX_LENGTH_MM, ScanSettings, ScanSource, Sides};

/// Resolutions offered where a device takes any within a range.
const USUAL_DPI: [u32; 8] = [75, 100, 150, 200, 300, 400, 600, 1200];

/// Steps of a fixed-point word in one.
const FIXED_ONE: f64 = 65536.0;

/// Where the device takes paper from.
pub(super) fn sources(handle: &Handle) -> Vec<ScanSource> {
    let options = handle.options();
    let Some(names) = find(&options, "source").map(texts) else {
        return vec![ScanSource::Flatbed];
    };
    ScanSource::ALL
        .into_iter()
        .filter(|source| choose_source(&names, *source, Sides::One).is_some())
        .collect()
}

/// Whether the feeder scans both sides. Options beside the source apply only once
/// the feeder is chosen, so it is.
pub(super) fn both_sides(handle: &Handle) -> bool {
    let options = handle.options();
    let names = find(&options, "source").map(texts).unwrap_or_default();
    if choose_source(&names, ScanSource::Feeder, Sides::Both).is_some() {
        return true;
    }
    // What cannot even be chosen here could not be scanned either.
    choose_source(&names, ScanSource::Feeder, Sides::One).is_some()
        && set_source(handle, ScanSource::Feeder, Sides::One).is_ok()
        && choose_sides(&handle.options(), Sides::Both).is_some()
}

/// Resolutions that the device offers, rising.
pub(super) fn resolutions(handle: &Handle) -> Vec<u32> {
    let options = handle.options();
    let Some(option) = resolution_option(&options) else {
        return Vec::new();
    };
    let number = |word: i32| from_word(option, word);
    let mut offered: Vec<u32> = match &option.constraint {
        Constraint::Words(words) => words.iter().map(|word| number(*word) as u32).collect(),
        Constraint::Range { min, max } => USUAL_DPI
            .into_iter()
            .filter(|dpi| (number(*min)..=number(*max)).contains(&f64::from(*dpi)))
            .collect(),
        _ => Vec::new(),
    };
    offered.sort_unstable();
    offered.dedup();
    offered
}

/// Puts the settings to the device, and returns the resolution it took. The order
/// matters: a source and a mode may change what the other options offer.
pub(super) fn apply(handle: &Handle, settings: ScanSettings) -> Result<u32, Error> {
    set_source(handle, settings.source, settings.sides)?;
    set_sides(handle, settings)?;
    set_mode(handle, settings.colour)?;
    // Eight bits are what the pages keep; more only makes the device slower.
    if let Some(depth) = settable(handle, "depth").filter(|depth| offers_word(depth, 8)) {
        set(handle, &depth, &Value::Word(8))?;
    }
    let dpi = set_resolution(handle, settings.dpi)?;
    set_full_page(handle)?;
    Ok(dpi)
}

/// Sets an option, whatever its kind, from text.
pub(super) fn set_text(handle: &Handle, name: &str, value: &str) -> Result<(), Error> {
    let option = settable(handle, name).ok_or(Error::DeviceRefused)?;
    let number = value.parse::<f64>();
    let value = match option.kind {
        ValueKind::Text => Value::Text(value.to_owned()),
        ValueKind::Bool => Value::Word(i32::from(value == "yes")),
        _ => Value::Word(to_word(&option, number.map_err(|_| Error::DeviceRefused)?)),
    };
    set(handle, &option, &value)
}

fn set_source(handle: &Handle, wanted: ScanSource, sides: Sides) -> Result<(), Error> {
    let options = handle.options();
    let Some(option) = find(&options, "source") else {
        // A device without the option has one source; taking it for a flatbed scans
        // one page, which is right for both kinds and never runs on.
        return match wanted {
            ScanSource::Flatbed => Ok(()),
            ScanSource::Feeder => Err(Error::SourceNotOffered),
        };
    };
    let names = texts(option);
    let name = choose_source(&names, wanted, sides)
        // Where no source means both sides, another option may.
        .or_else(|| choose_source(&names, wanted, Sides::One))
        .ok_or(Error::SourceNotOffered)?;
    if option.settable {
        return set(handle, option, &Value::Text(name.to_owned()));
    }
    // Some devices show their one source and let nobody choose.
    Ok(())
}

/// Tells the device which sides, where its source has not said it.
fn set_sides(handle: &Handle, settings: ScanSettings) -> Result<(), Error> {
    let options = handle.options();
    let names = find(&options, "source").map(texts).unwrap_or_default();
    let by_source = choose_source(&names, settings.source, Sides::Both).is_some();
    match (settings.sides, settings.source) {
        (Sides::Both, ScanSource::Flatbed) => return Err(Error::SourceNotOffered),
        (Sides::Both, ScanSource::Feeder) if by_source => return Ok(()),
        _ => {}
    }
    let value = match choose_sides(&options, settings.sides) {
        Some(Choice::Word(name, word)) => Some((name, Value::Text(word))),
        Some(Choice::Switch(name, on)) => Some((name, Value::Word(i32::from(on)))),
        None => None,
    };
    match (value, settings.sides) {
        (Some((name, value)), _) => match settable(handle, &name) {
            Some(option) => set(handle, &option, &value),
            None => Ok(()),
        },
        (None, Sides::Both) => Err(Error::SourceNotOffered),
        (None, Sides::One) => Ok(()),
    }
}

fn set_mode(handle: &Handle, wanted: ColourMode) -> Result<(), Error> {
    let Some(option) = settable(handle, "mode") else {
        return Ok(());
    };
    let names = texts(&option);
    // Where a device has no such mode, it keeps the one it has: a page in another
    // mode is still the page.
    match choose_mode(&names, wanted) {
        Some(name) => set(handle, &option, &Value::Text(name.to_owned())),
        None => Ok(()),
    }
}

fn set_resolution(handle: &Handle, wanted: u32) -> Result<u32, Error> {
    let options = handle.options();
    let Some(option) = resolution_option(&options) else {
        return Ok(wanted);
    };
    let value = nearest(option, f64::from(wanted));
    if option.settable {
        set(handle, option, &Value::Word(to_word(option, value)))?;
    }
    // Devices whose axes are set apart; where the axes follow each other, the
    // second is not settable.
    if option.name == "x-resolution"
        && let Some(down) = settable(handle, "y-resolution")
    {
        set(handle, &down, &Value::Word(to_word(&down, value)))?;
    }
    let taken = match handle.get(option) {
        Some(Value::Word(word)) => from_word(option, word),
        _ => value,
    };
    Ok(taken.round() as u32)
}

/// The whole width and as much of the length as paper can have.
fn set_full_page(handle: &Handle) -> Result<(), Error> {
    // The paper before the window on it: its size limits the window.
    for (name, to_the_end) in [
        ("page-width", true),
        ("page-height", true),
        ("tl-x", false),
        ("tl-y", false),
        ("br-x", true),
        ("br-y", true),
    ] {
        let Some(option) = settable(handle, name) else {
            continue;
        };
        let Constraint::Range { min, max } = option.constraint else {
            continue;
        };
        let longest = if option.is_millimetres {
            to_word(&option, MAX_LENGTH_MM)
        } else {
            max
        };
        let word = if to_the_end { max.min(longest) } else { min };
        set(handle, &option, &Value::Word(word))?;
    }
    Ok(())
}

/// The name that means this mode. The shortest one is the plainest: "Gray" before
/// "Gray[Error Diffusion]", "True Gray" before that too.
fn choose_mode(names: &[String], wanted: ColourMode) -> Option<&str> {
    let means = |name: &&str| {
        let name = name.to_lowercase();
        match wanted {
            ColourMode::Colour => name.contains("color") || name.contains("colour"),
            ColourMode::Greyscale => name.contains("gray") || name.contains("grey"),
        }
    };
    let few_tones = |name: &&str| {
        let name = name.to_lowercase();
        ["lineart", "line art", "halftone", "diffusion", "1-bit"]
            .iter()
            .any(|word| name.contains(word))
    };
    names
        .iter()
        .map(String::as_str)
        .filter(means)
        .min_by_key(|name| (few_tones(name), name.len()))
}

fn resolution_option(options: &[OptionDescriptor]) -> Option<&OptionDescriptor> {
    find(options, "resolution").or_else(|| find(options, "x-resolution"))
}

fn find<'a>(options: &'a [OptionDescriptor], name: &str) -> Option<&'a OptionDescriptor> {
    options.iter().find(|option| option.name == name)
}

fn settable(handle: &Handle, name: &str) -> Option<OptionDescriptor> {
    let mut options = handle.options();
    let place = options
        .iter()
        .position(|option| option.name == name && option.settable)?;
    Some(options.swap_remove(place))
}

fn set(handle: &Handle, option: &OptionDescriptor, value: &Value) -> Result<(), Error> {
    handle
        .set(option, value)
        .map_err(super::Status::during_a_scan)
}

fn texts(option: &OptionDescriptor) -> Vec<String> {
    match &option.constraint {
        Constraint::Texts(texts) => texts.clone(),
        _ => Vec::new(),
    }
}

fn offers_word(option: &OptionDescriptor, word: i32) -> bool {
    match &option.constraint {
        Constraint::Words(words) => words.contains(&word),
        Constraint::Range { min, max } => (*min..=*max).contains(&word),
        _ => false,
    }
}

/// What the option offers nearest to a number.
fn nearest(option: &OptionDescriptor, wanted: f64) -> f64 {
    match &option.constraint {
        Constraint::Words(words) => words
            .iter()
            .map(|word| from_word(option, *word))
            .min_by(|a, b| (a - wanted).abs().total_cmp(&(b - wanted).abs()))
            .unwrap_or(wanted),
        Constraint::Range { min, max } => {
            wanted.clamp(from_word(option, *min), from_word(option, *max))
        }
        _ => wanted,
    }
}

fn from_word(option: &OptionDescriptor, word: i32) -> f64 {
    match option.kind {
        ValueKind::Fixed => f64::from(word) / FIXED_ONE,
        _ => f64::from(word),
    }
}

fn to_word(option: &OptionDescriptor, number: f64) -> i32 {
    match option.kind {
        ValueKind::Fixed => (number * FIXED_ONE).round() as i32,
        _ => number.round() as i32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_mode_is_found_among_what_devices_call_it() {
        let check = |names: &[&str], colour: Option<&str>, grey: Option<&str>| {
            let names = owned(names);
            assert_eq!(choose_mode(&names, ColourMode::Colour), colour, "{names:?}");
            assert_eq!(
                choose_mode(&names, ColourMode::Greyscale),
                grey,
                "{names:?}"
            );
        };
        check(&["Lineart", "Gray", "Color"], Some("Color"), Some("Gray"));
        check(
            &[
                "Black & White",
                "Gray[Error Diffusion]",
                "True Gray",
                "24bit Color",
                "24bit Color[Fast]",
            ],
            Some("24bit Color"),
            Some("True Gray"),
        );
        check(
            &[
                "Color - 16 Million Colors",
                "Grayscale - 256 Levels",
                "Black and White - Line Art",
            ],
            Some("Color - 16 Million Colors"),
            Some("Grayscale - 256 Levels"),
        );
        check(
            &["Color Lineart", "Color Halftone", "24-bit Color"],
            Some("24-bit Color"),
            None,
        );
        check(&["Binary"], None, None);
    }

    #[test]
    fn the_nearest_resolution_is_taken() {
        let option = |constraint, kind| OptionDescriptor {
            index: 1,
            name: "resolution".to_owned(),
            kind,
            size: 4,
            settable: true,
            is_millimetres: false,
            constraint,
        };
        let list = option(Constraint::Words(vec![75, 150, 300, 600]), ValueKind::Int);
        assert!((nearest(&list, 200.0) - 150.0).abs() < 0.1);
        let range = option(
            Constraint::Range {
                min: 50 << 16,
                max: 150 << 16,
            },
            ValueKind::Fixed,
        );
        assert!((nearest(&range, 200.0) - 150.0).abs() < 0.1);
        assert_eq!(to_word(&range, 150.0), 150 << 16);
    }
}
