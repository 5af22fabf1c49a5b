//! What can go wrong while reading a page.

use std::path::PathBuf;

/// A failure of recognition. It names files and models, never what a page says.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A model or language file could not be read from the resources folder.
    #[error("the recognition file {path:?} cannot be read")]
    ResourceMissing {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// `meta.json` does not describe a character set.
    #[error("the model description {path:?} is not understood")]
    DescriptionDamaged {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// A model file is there but is no model.
    #[error("the model {model} cannot be loaded")]
    ModelDamaged {
        /// Which model.
        model: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A model refused its input.
    #[error("the model {model} failed")]
    ModelFailed {
        /// Which model.
        model: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A model answered in a shape that this program does not know: the file
    /// belongs to another version.
    #[error("the model {model} answers in an unknown shape")]
    ModelForeign {
        /// Which model.
        model: &'static str,
    },
    /// The Tesseract library is there but lacks a function or is too old.
    #[error("the Tesseract library cannot be used: {reason}")]
    TesseractForeign {
        /// What it lacks.
        reason: &'static str,
    },
    /// Tesseract refused the language file.
    #[error("Tesseract refused its language file")]
    LanguageRefused,
    /// Tesseract failed on a line.
    #[error("Tesseract failed on a line")]
    TesseractFailed,
}
