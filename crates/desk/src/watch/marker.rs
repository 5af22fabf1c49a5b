//! What a file's name says of where it belongs.

use std::path::Path;

use domain::code::{ComponentCode, DossierCode};

/// The codes in a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marker {
    pub(super) dossier: Option<DossierCode>,
    /// Means something only together with the dossier.
    pub(super) component: Option<ComponentCode>,
}

impl Marker {
    /// The first code of each kind among the words of the name.
    pub(super) fn of(path: &Path) -> Self {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let words: Vec<&str> = name
            .split(|letter: char| {
                letter == '_' || letter.is_whitespace() || "()[],;".contains(letter)
            })
            .collect();
        Self {
            dossier: words.iter().find_map(|word| word.parse().ok()),
            component: words.iter().find_map(|word| word.parse().ok()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_among_the_words_of_a_name() {
        let check = |name: &str, dossier: Option<&str>, component: Option<&str>| {
            let marker = Marker::of(Path::new(name));
            let expected = Marker {
                dossier: dossier.map(|code| code.parse().unwrap()),
                component: component.map(|code| code.parse().unwrap()),
            };
            assert_eq!(marker, expected, "{name}");
        };
        check(
            "H38.12-260412-0007_TP-H05.000026_scan001.pdf",
            Some("H38.12-260412-0007"),
            Some("TP-H05.000026"),
        );
        check(
            "giấy tờ (H38.12-260412-0007) 2.jpg",
            Some("H38.12-260412-0007"),
            None,
        );
        check("H38.12-260412-0007.tif", Some("H38.12-260412-0007"), None);
        check("scan0001.pdf", None, None);
        check("H38.12-260412.pdf", None, None);
        check("../H38.12-260412-0007/x.pdf", None, None);
        check("", None, None);
    }
}
