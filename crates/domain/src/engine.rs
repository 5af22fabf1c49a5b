//! The recognition engines, as evidence names them.

/// Which engine read something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Engine {
    /// The neural line reader.
    Neural,
    /// Tesseract with its Vietnamese model.
    Tesseract,
}

impl Engine {
    /// The stable name in stores, logs and measurements.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Neural => "neural",
            Self::Tesseract => "tesseract",
        }
    }

    /// The engine of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Neural, Self::Tesseract]
            .into_iter()
            .find(|engine| engine.name() == name)
    }
}
