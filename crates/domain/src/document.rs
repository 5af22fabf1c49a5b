//! A document (giấy tờ): one paper of a dossier, whatever its carrier.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::field::{FieldCandidate, FieldValue, Grade};
use crate::ids::{DocumentId, DossierComponentId, DossierId, OfficerId};
use crate::local_code::LocalCode;

/// The type of a document (loại giấy tờ), as in `forms/`: `birth_certificate`.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentType(String);

/// The text is not the name of a document type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a document type has 1 to 60 of a–z and _")]
pub struct DocumentTypeError;

impl DocumentType {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DocumentType {
    type Err = DocumentTypeError;
    fn from_str(text: &str) -> Result<Self, DocumentTypeError> {
        let shape = text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if shape && (1..=60).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(DocumentTypeError)
        }
    }
}

impl TryFrom<String> for DocumentType {
    type Error = DocumentTypeError;
    fn try_from(text: String) -> Result<Self, DocumentTypeError> {
        text.parse()
    }
}

impl From<DocumentType> for String {
    fn from(kind: DocumentType) -> Self {
        kind.0
    }
}

impl fmt::Display for DocumentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A document (giấy tờ).
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its key, made and stored before its first page.
    pub id: DocumentId,
    /// What identifies it to people from the first moment.
    pub local_code: LocalCode,
    /// The dossier it belongs to. Every document has one; a paper digitised on its
    /// own gets a dossier of its own.
    pub dossier_id: DossierId,
    /// The component it answers.
    pub component_id: DossierComponentId,
    /// Its type and how sure that is, once recognised or chosen.
    pub document_type: Option<RecognisedType>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: OfficerId,
    /// How far it has come.
    pub state: DocumentState,
}

/// A document type and how sure it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecognisedType {
    /// The type.
    pub document_type: DocumentType,
    /// `certain` or `check`; a type that an officer chose is certain.
    pub grade: Grade,
}

/// How far a document has come. The steps are those of the circular, in order.
// Circular 01/2023/TT-VPCP, art. 7: copy, extract, assign the code, store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentState {
    /// Pages may still come.
    Scanning,
    /// The electronic copy is made; fields are proposed and wait for a person.
    Extracted,
    /// Record, code and copy are stored; nothing changes any more but by a new version.
    Deposited,
}

impl DocumentState {
    /// The stable name in stores and over the boundary.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scanning => "scanning",
            Self::Extracted => "extracted",
            Self::Deposited => "deposited",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Scanning, Self::Extracted, Self::Deposited]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

/// A field of a document under review: what was proposed and what was decided.
#[derive(Clone, Debug, PartialEq)]
pub struct ReviewedField {
    /// What extraction proposed.
    pub candidate: FieldCandidate,
    /// What a person decided, once one has.
    pub value: Option<FieldValue>,
}

impl ReviewedField {
    /// Whether a person must still look before the document may be deposited.
    ///
    /// Nothing below `certain` passes unseen; an empty field may be left empty
    /// where its form does not require it.
    pub fn is_open(&self, required: bool) -> bool {
        if self.value.is_some() {
            return false;
        }
        match self.candidate.grade {
            Grade::Certain => false,
            Grade::Check => true,
            Grade::Empty => required,
        }
    }
}
