//! Codes printed on paper, as read.

use std::fmt;

use crate::geometry::Rectangle;

/// A code found on a page.
#[derive(Clone, PartialEq, Eq)]
pub struct Barcode {
    /// Its symbology.
    pub format: BarcodeFormat,
    /// Its content.
    pub text: String,
    /// Where it stands on the upright page.
    pub outline: Rectangle,
}

// The code of an identity card holds a person's data: `{:?}` shows where, never what.
impl fmt::Debug for Barcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Barcode")
            .field("format", &self.format)
            .field("outline", &self.outline)
            .finish_non_exhaustive()
    }
}

/// The symbologies that papers of this trade carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BarcodeFormat {
    /// QR code (TCVN 7322:2009, ISO/IEC 18004).
    Qr,
    /// Code 128.
    Code128,
    /// Data Matrix.
    DataMatrix,
    /// PDF417.
    Pdf417,
    /// Code 39, which separator sheets carry.
    Code39,
    /// A patch code, the four bars of a separator sheet; its text is its letter.
    Patch,
}

impl BarcodeFormat {
    /// All symbologies.
    pub const ALL: [Self; 6] = [
        Self::Qr,
        Self::Code128,
        Self::DataMatrix,
        Self::Pdf417,
        Self::Code39,
        Self::Patch,
    ];

    /// The stable name in stores and measurements.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Qr => "qr",
            Self::Code128 => "code_128",
            Self::DataMatrix => "data_matrix",
            Self::Pdf417 => "pdf_417",
            Self::Code39 => "code_39",
            Self::Patch => "patch",
        }
    }

    /// The symbology of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}
