//! What deposit makes: a version of a document that never changes.

use chrono::{DateTime, Utc};

use crate::code_template::DigitisationCode;
use crate::document::DocumentType;
use crate::field::FieldValue;
use crate::ids::{DocumentId, ElectronicCopyId, OfficerId};
use crate::local_code::LocalCode;

/// One deposited version of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The document.
    pub document_id: DocumentId,
    /// From 1. A correction is a new version.
    pub version: u32,
    /// The document's local code.
    pub local_code: LocalCode,
    /// Its type.
    pub document_type: DocumentType,
    /// The values that stand from now on.
    pub values: Vec<FieldValue>,
    /// The digitisation code.
    pub code: DigitisationCode,
    /// The copy that belongs to it.
    pub copy_id: ElectronicCopyId,
    /// When it was deposited.
    pub deposited_at: DateTime<Utc>,
    /// By whom.
    pub deposited_by: OfficerId,
}

impl Record {
    /// The value of a field, when it has one that is not empty.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values
            .iter()
            .find(|value| value.name.as_str() == name)
            .map(|value| value.value.as_str())
            .filter(|value| !value.is_empty())
    }
}
