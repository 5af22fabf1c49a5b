//! One side of a sheet or both, in the many words that devices have for it. Pure.
//!
//! Some have a source for it (`ADF Duplex`, `Duplex ADF`, or `Duplex` beside `ADF`),
//! some a list beside the source (`adf-mode`), some a switch (`duplex`,
//! `scan-both-sides`). An option that does not apply now may apply once the feeder is
//! chosen, and one that is never active does nothing, so a device is asked again after
//! its feeder was chosen.

use super::descriptor::{Constraint, OptionDescriptor, ValueKind};
use crate::scanner::{ScanSource, Sides};

/// Switches between one side and both.
const SWITCHES: [&str; 3] = ["duplex", "scan-both-sides", "double-sided"];

/// Lists that hold a word for one side and one for both.
const LISTS: [&str; 4] = ["adf-mode", "adf_mode", "duplex", "sides"];

/// How a device is told which sides to scan, once its source is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// This option takes this word.
    Word(String, String),
    /// This switch goes there.
    Switch(String, bool),
}

/// The name of the source that gives these sides by itself, or of the plainest one of
/// the kind where another option says which sides.
pub(super) fn choose_source(names: &[String], wanted: ScanSource, sides: Sides) -> Option<&str> {
    let matches = |name: &&str| {
        let name = name.to_lowercase();
        let feeder = is_feeder(&name);
        match wanted {
            ScanSource::Feeder => feeder,
            ScanSource::Flatbed => {
                // "Normal" and "Document Table" are flatbeds of older devices.
                let plates = ["flatbed", "platen", "normal", "document table"];
                !feeder && plates.iter().any(|plate| name.contains(plate))
            }
        }
    };
    let found = || names.iter().map(String::as_str).filter(matches);
    let both = |name: &&str| is_both(name);
    let back = |name: &&str| name.to_lowercase().contains("back");
    match sides {
        Sides::One => found()
            .find(|name| !both(name) && !back(name))
            // A feeder that can only scan both sides scans both.
            .or_else(|| found().find(both))
            .or_else(|| found().next()),
        Sides::Both => found().find(both),
    }
}

/// How the option beside the source is to be set, if it applies now.
pub(super) fn choose_sides(options: &[OptionDescriptor], sides: Sides) -> Option<Choice> {
    let settable = |name: &str| {
        let mut options = options.iter();
        options.find(|option| option.name == name && option.settable)
    };
    let word = LISTS.iter().find_map(|name| {
        let option = settable(name)?;
        let Constraint::Texts(words) = &option.constraint else {
            return None;
        };
        let one = words.iter().find(|word| is_one(word));
        let both = words.iter().find(|word| is_both(word));
        let word = match sides {
            Sides::One => one.filter(|_| both.is_some()),
            Sides::Both => both.filter(|_| one.is_some()),
        }?;
        Some(Choice::Word((*name).to_owned(), word.clone()))
    });
    word.or_else(|| {
        SWITCHES.iter().find_map(|name| {
            let option = settable(name).filter(|option| option.kind == ValueKind::Bool)?;
            Some(Choice::Switch(option.name.clone(), sides == Sides::Both))
        })
    })
}

/// `name` in small letters.
fn is_feeder(name: &str) -> bool {
    // Beside "ADF" some devices list plain "Duplex": that is the feeder too.
    ["adf", "feeder", "duplex"]
        .iter()
        .any(|word| name.contains(word))
}

fn is_both(name: &str) -> bool {
    let name = name.to_lowercase();
    ["duplex", "both", "double", "two"]
        .iter()
        .any(|word| name.contains(word))
        && !name.contains("simplex")
}

fn is_one(name: &str) -> bool {
    let name = name.to_lowercase();
    ["simplex", "single", "front", "one"]
        .iter()
        .any(|word| name.contains(word))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::sane) fn option(name: &str, kind: ValueKind, words: &[&str]) -> OptionDescriptor {
        OptionDescriptor {
            index: 1,
            name: name.to_owned(),
            kind,
            size: 64,
            settable: true,
            is_millimetres: false,
            constraint: if words.is_empty() {
                Constraint::None
            } else {
                Constraint::Texts(owned(words))
            },
        }
    }

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_source_is_found_among_what_devices_call_it() {
        let check =
            |names: &[&str], feeder: Option<&str>, both: Option<&str>, flatbed: Option<&str>| {
                let names = owned(names);
                let chosen = |source, sides| choose_source(&names, source, sides);
                assert_eq!(chosen(ScanSource::Feeder, Sides::One), feeder, "{names:?}");
                assert_eq!(chosen(ScanSource::Feeder, Sides::Both), both, "{names:?}");
                assert_eq!(
                    chosen(ScanSource::Flatbed, Sides::One),
                    flatbed,
                    "{names:?}"
                );
                assert_eq!(chosen(ScanSource::Flatbed, Sides::Both), None, "{names:?}");
            };
        check(
            &["Flatbed", "ADF", "Duplex"],
            Some("ADF"),
            Some("Duplex"),
            Some("Flatbed"),
        );
        check(
            &["ADF Back", "ADF Front", "ADF Duplex"],
            Some("ADF Front"),
            Some("ADF Duplex"),
            None,
        );
        check(
            &["Duplex ADF", "ADF"],
            Some("ADF"),
            Some("Duplex ADF"),
            None,
        );
        check(
            &["ADF Duplex"],
            Some("ADF Duplex"),
            Some("ADF Duplex"),
            None,
        );
        check(
            &["Normal", "Transparency", "Negative"],
            None,
            None,
            Some("Normal"),
        );
        check(&["Document Table"], None, None, Some("Document Table"));
        check(
            &[
                "FlatBed",
                "Automatic Document Feeder(left aligned)",
                "Automatic Document Feeder(left aligned,Duplex)",
            ],
            Some("Automatic Document Feeder(left aligned)"),
            Some("Automatic Document Feeder(left aligned,Duplex)"),
            Some("FlatBed"),
        );
        check(
            &["ADF Simplex", "ADF Duplex"],
            Some("ADF Simplex"),
            Some("ADF Duplex"),
            None,
        );
        check(&[], None, None, None);
    }

    #[test]
    fn the_option_beside_the_source_is_found() {
        let check = |options: &[OptionDescriptor], one: Option<Choice>, both: Option<Choice>| {
            assert_eq!(choose_sides(options, Sides::One), one, "{options:?}");
            assert_eq!(choose_sides(options, Sides::Both), both, "{options:?}");
        };
        let word = |name: &str, word: &str| Some(Choice::Word(name.to_owned(), word.to_owned()));
        let switch = |name: &str, on| Some(Choice::Switch(name.to_owned(), on));
        check(
            &[option("adf-mode", ValueKind::Text, &["Simplex", "Duplex"])],
            word("adf-mode", "Simplex"),
            word("adf-mode", "Duplex"),
        );
        check(
            &[option("scan-both-sides", ValueKind::Bool, &[])],
            switch("scan-both-sides", false),
            switch("scan-both-sides", true),
        );
        check(
            &[option("duplex", ValueKind::Bool, &[])],
            switch("duplex", false),
            switch("duplex", true),
        );
        // A list without a choice, an option that does not apply, a mere report.
        check(
            &[option("adf-mode", ValueKind::Text, &["Simplex"])],
            None,
            None,
        );
        let mut inactive = option("duplex", ValueKind::Bool, &[]);
        inactive.settable = false;
        check(&[inactive], None, None);
        check(&[option("side", ValueKind::Bool, &[])], None, None);
        check(&[option("duplexoffset", ValueKind::Int, &[])], None, None);
    }
}
