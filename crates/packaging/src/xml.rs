//! A small tree of XML, written with every text escaped.

use std::fmt::Write as _;

use quick_xml::escape::escape;

/// An element.
pub(crate) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    children: Vec<Child>,
}

enum Child {
    Element(Element),
    Text(String),
}

impl Element {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self {
            name,
            attributes: Vec::new(),
            children: Vec::new(),
        }
    }

    /// With an attribute more.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and texts are written where they arise"
    )]
    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.attributes.push((name, value.to_string()));
        self
    }

    /// With an element in it.
    pub(crate) fn holding(mut self, child: Self) -> Self {
        self.children.push(Child::Element(child));
        self
    }

    /// With these elements in it.
    pub(crate) fn holding_all(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children
            .extend(children.into_iter().map(Child::Element));
        self
    }

    /// With a text in it. Letters that XML cannot hold are left out.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and texts are written where they arise"
    )]
    pub(crate) fn saying(mut self, text: impl ToString) -> Self {
        let plain = |letter: &char| !letter.is_control() || matches!(letter, '\n' | '\t');
        let text = text.to_string().chars().filter(plain).collect();
        self.children.push(Child::Text(text));
        self
    }

    /// The whole document.
    pub(crate) fn document(&self) -> Vec<u8> {
        let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        self.write(&mut text, 0);
        text.into_bytes()
    }

    fn write(&self, text: &mut String, depth: usize) {
        let indent = "  ".repeat(depth);
        write!(text, "{indent}<{}", self.name).expect("a String takes every write");
        for (name, value) in &self.attributes {
            let value = escape(value.as_str());
            write!(text, " {name}=\"{value}\"").expect("a String takes every write");
        }
        if self.children.is_empty() {
            text.push_str("/>\n");
            return;
        }
        text.push('>');
        let holds_text = self
            .children
            .iter()
            .any(|child| matches!(child, Child::Text(_)));
        if !holds_text {
            text.push('\n');
        }
        for child in &self.children {
            match child {
                Child::Element(element) => element.write(text, depth + 1),
                Child::Text(said) => text.push_str(&escape(said.as_str())),
            }
        }
        if !holds_text {
            text.push_str(&indent);
        }
        writeln!(text, "</{}>", self.name).expect("a String takes every write");
    }
}
