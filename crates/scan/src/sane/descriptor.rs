//! What an option of a device is and takes, as owned values.

/// What an option is and takes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OptionDescriptor {
    pub(super) index: i32,
    pub(super) name: String,
    pub(super) kind: ValueKind,
    /// Bytes of its value.
    pub(super) size: usize,
    /// Whether it applies now and a program may set it.
    pub(super) settable: bool,
    pub(super) is_millimetres: bool,
    pub(super) constraint: Constraint,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueKind {
    Bool,
    Int,
    Fixed,
    Text,
    /// A button or the heading of a group.
    NoValue,
}

/// Words are as they stand in the interface: a fixed value is 65,536 times itself.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Constraint {
    None,
    Range { min: i32, max: i32 },
    Words(Vec<i32>),
    Texts(Vec<String>),
}

/// The value of an option.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Word(i32),
    Text(String),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Word(word) => write!(f, "{word}"),
            Self::Text(text) => write!(f, "{text:?}"),
        }
    }
}

impl std::fmt::Display for OptionDescriptor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let settable = if self.settable { "settable" } else { "fixed" };
        write!(f, "{:?} {:?} {settable} ", self.name, self.kind)?;
        match &self.constraint {
            Constraint::None => write!(f, "any"),
            Constraint::Range { min, max } => write!(f, "{min}..{max}"),
            Constraint::Words(words) => write!(f, "{words:?}"),
            Constraint::Texts(texts) => write!(f, "{texts:?}"),
        }
    }
}
