//! The recognition engines, as evidence names them.

/// Which engine read something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Engine {
    /// The neural line reader.
    Neural,
    /// Tesseract with its Vietnamese model.
    Tesseract,
    /// The slow, steady line recogniser that is asked for what the other two leave open.
    Aster,
}

impl Engine {
    /// All engines, in the order in which they are asked.
    pub const ALL: [Self; 3] = [Self::Neural, Self::Tesseract, Self::Aster];

    /// The stable name in stores, logs and measurements.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Neural => "neural",
            Self::Tesseract => "tesseract",
            Self::Aster => "aster",
        }
    }

    /// The engine of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|engine| engine.name() == name)
    }
}
