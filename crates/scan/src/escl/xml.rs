//! XML as scanners write it: namespaces differ from maker to maker, some put a
//! DOCTYPE before it or forget to close an element. What can be read is read.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// Elements of an answer; the longest seen has some eight hundred.
const MAX_ELEMENTS: usize = 20_000;

/// Depth of an answer; the deepest seen has twelve.
const MAX_DEPTH: usize = 64;

/// An element, known by its name without the namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Element>,
}

impl Element {
    /// Reads an answer, up to where it stops making sense.
    pub(super) fn read(text: &str) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        let mut open = vec![Self::default()];
        let mut count = 0;
        loop {
            match reader.read_event() {
                Ok(Event::Start(start)) if open.len() < MAX_DEPTH => open.push(Self::named(&start)),
                Ok(Event::Empty(start)) => {
                    let element = Self::named(&start);
                    innermost(&mut open).children.push(element);
                }
                Ok(Event::End(end)) => {
                    // An end without a beginning belongs to nothing that is open.
                    let name = end.local_name().as_ref().to_owned();
                    if let Some(place) = open.iter().rposition(|element| element.name == name) {
                        close_to(&mut open, place.max(1));
                    }
                }
                Ok(Event::Text(text)) => innermost(&mut open).text.push_str(&text),
                Ok(Event::GeneralRef(reference)) => {
                    innermost(&mut open).text.push_str(&resolved(&reference));
                }
                Ok(Event::Start(_) | Event::Eof) | Err(_) => break,
                // A DOCTYPE, comments, instructions: nothing of a scanner is in them,
                // and no entity that they define is ever put in.
                Ok(_) => {}
            }
            count += 1;
            if count > MAX_ELEMENTS {
                break;
            }
        }
        close_to(&mut open, 1);
        open.pop().unwrap_or_default()
    }

    fn named(start: &BytesStart<'_>) -> Self {
        let mut attributes = start.attributes();
        let attributes = attributes.with_checks(false).flatten();
        Self {
            name: start.local_name().as_ref().to_owned(),
            attributes: attributes
                .map(|attribute| {
                    let key = attribute.key.local_name().as_ref().to_owned();
                    (key, attribute.value.into_owned())
                })
                .collect(),
            ..Self::default()
        }
    }

    /// The first element of this name, however deep.
    pub(super) fn find(&self, name: &str) -> Option<&Self> {
        self.children.iter().find_map(|child| {
            if child.name == name {
                Some(child)
            } else {
                child.find(name)
            }
        })
    }

    /// All elements of this name, however deep, in order.
    pub(super) fn all<'a>(&'a self, name: &str) -> Vec<&'a Self> {
        let mut found = Vec::new();
        for child in &self.children {
            if child.name == name {
                found.push(child);
            }
            found.extend(child.all(name));
        }
        found
    }

    /// The trimmed text of the first element of this name.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.find(name)
            .map(|element| element.text.trim())
            .filter(|text| !text.is_empty())
    }

    /// The number in the first element of this name.
    pub(super) fn number_of(&self, name: &str) -> Option<u32> {
        self.text_of(name)?.parse().ok()
    }

    /// The trimmed texts of all elements of this name.
    pub(super) fn texts_of(&self, name: &str) -> Vec<String> {
        let found = self.all(name).into_iter();
        found
            .map(|element| element.text.trim().to_owned())
            .collect()
    }
}

fn innermost(open: &mut [Element]) -> &mut Element {
    open.last_mut().expect("the root is never closed")
}

/// Closes elements until so many are open.
fn close_to(open: &mut Vec<Element>, count: usize) {
    while open.len() > count {
        let closed = open.pop().expect("there are more than `count`");
        innermost(open).children.push(closed);
    }
}

fn resolved(reference: &BytesRef<'_>) -> String {
    match reference.resolve_char_ref() {
        Ok(Some(letter)) => letter.to_string(),
        _ => match &**reference {
            "amp" => "&",
            "lt" => "<",
            "gt" => ">",
            "quot" => "\"",
            "apos" => "'",
            _ => "",
        }
        .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_can_be_read_is_read() {
        let check = |text: &str, name: &str, expected: Option<&str>| {
            assert_eq!(Element::read(text).text_of(name), expected, "{text}");
        };
        check(
            "<a:s xmlns:a='x'><b:State> Idle </b:State></a:s>",
            "State",
            Some("Idle"),
        );
        check("<s><State>Idle</State></s>", "State", Some("Idle"));
        check(
            "<!DOCTYPE s [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><s><State>Idle&e;</State></s>",
            "State",
            Some("Idle"),
        );
        check(
            "<s><Name>Scan &amp; Sons</Name></s>",
            "Name",
            Some("Scan & Sons"),
        );
        check(
            "<s><Name>Scan & Sons</Name></s>",
            "Name",
            Some("Scan & Sons"),
        );
        check("<s><br><State>Idle</State></s>", "State", Some("Idle"));
        check(
            "<s><State>Idle</State></t></s><State>x</State>",
            "State",
            Some("Idle"),
        );
        check("<s><State>Idle", "State", Some("Idle"));
        check("not XML at all", "State", None);
        check("", "State", None);
    }

    #[test]
    fn a_deep_answer_ends_somewhere() {
        let deep = "<a>".repeat(100_000);
        assert!(Element::read(&deep).text.is_empty());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[<>/&;! a-d\"'=\\[\\]-]{0,200}") {
            Element::read(&text);
        }
    }
}
