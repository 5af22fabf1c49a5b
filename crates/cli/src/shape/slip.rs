//! What `slip --json` prints.

use serde::Serialize;

/// What `slip list --json` prints, one line per kind.
#[derive(Debug, Serialize)]
pub(crate) struct SlipKind {
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) asks: Vec<SlipAsk>,
}

/// Something that a kind of slip asks for.
#[derive(Debug, Serialize)]
pub(crate) struct SlipAsk {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) shape: &'static str,
    pub(crate) required: bool,
}

/// What `slip KIND --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct MadeSlip {
    pub(crate) file: String,
    pub(crate) number: String,
    /// The text of its code.
    pub(crate) code: String,
}

/// What `slip key --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct WrittenKey {
    pub(crate) file: String,
    pub(crate) station: u32,
    pub(crate) office: String,
}

/// What `slip verify --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct VerifiedSlip {
    /// `genuine`, `altered`, `unknown_station` or `not_a_slip`.
    pub(crate) answer: &'static str,
    pub(crate) number: Option<String>,
    pub(crate) office: Option<String>,
    /// What the code says.
    pub(crate) lines: Vec<String>,
    /// Whether what is printed is what was signed; nothing for a picture.
    pub(crate) printed: Option<bool>,
}
