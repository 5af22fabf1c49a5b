//! What a desk says of one deposited version of a document.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use domain::digest::Digest;
use domain::ids::{DocumentId, DossierId, OfficerId};
use domain::local_code::LocalCode;
use serde::{Deserialize, Serialize};

/// A deposited version of a document, as it goes to the centre.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    /// The version of this shape.
    pub wire_version: u32,
    /// When the desk made it, by its own clock; orders nothing.
    pub prepared_at: DateTime<Utc>,
    /// How far the desk's audit trail had come.
    pub audit: AuditPlace,
    /// The digest of the record's manifest: two submissions with the same one say the same.
    pub manifest_sha256: Digest,
    /// The manifest of the version before this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_manifest_sha256: Option<Digest>,
    /// The agency code of the office.
    pub office: String,
    /// The record.
    pub record: Record,
    /// The dossier that it belongs to.
    pub dossier: Dossier,
    /// The sealed files that belong to it.
    pub files: Vec<SealedFile>,
}

/// The end of an audit trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPlace {
    /// The number of its last event.
    pub position: u64,
    /// That event's hash.
    pub hash: Digest,
}

/// The record.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The document, for ever.
    pub document_id: DocumentId,
    /// From 1.
    pub version: u32,
    /// What the desk called it.
    pub local_code: LocalCode,
    /// Its type.
    pub document_type: String,
    /// The digitisation code, provisional.
    pub code: Code,
    /// Its values.
    pub fields: Vec<Field>,
    /// When it was deposited, by the desk's clock.
    pub deposited_at: DateTime<Utc>,
    /// By whom.
    pub deposited_by: Officer,
}

/// A digitisation code with its parts apart, since "." occurs inside them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// `procedure_result` or another kind.
    pub kind: String,
    /// Composed.
    pub text: String,
    /// Whose paper it is.
    pub owner_id: String,
    /// The type of result.
    pub result_type: String,
    /// Number and symbol.
    pub number: String,
    /// The procedure.
    pub procedure: String,
    /// The component.
    pub component: String,
}

/// One value.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The field.
    pub name: String,
    /// Its value in normal form.
    pub value: String,
    /// Where it came from.
    pub source: String,
    /// Who confirmed it; nobody, where it passed as certain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_by: Option<OfficerId>,
}

/// An officer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Officer {
    /// The key.
    pub id: OfficerId,
    /// The name that stands on what was done.
    pub name: String,
}

/// The dossier.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Dossier {
    /// Its key.
    pub id: DossierId,
    /// The desk's number of the day.
    pub provisional_number: String,
    /// The official code, where the case system gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The procedure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub procedure: Option<String>,
    /// Its owner.
    pub owner: Owner,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// The component that the document answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<Component>,
}

/// Whose papers these are.
// Circular 01/2023/TT-VPCP, art. 9: an owner without a number is told by name and birth.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// Personal number or tax code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The day of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_on: Option<NaiveDate>,
}

/// A component of a dossier.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// Its name.
    pub name: String,
    /// Its national code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// In what form it was handed in.
    pub submitted_as: String,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileRole {
    /// The electronic copy.
    Copy,
    /// The raw image of a page.
    Page,
}

impl FileRole {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Copy => "copy",
            Self::Page => "page",
        }
    }
}

/// A file that travels beside the submission, sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedFile {
    /// What it is.
    pub role: FileRole,
    /// From 0 among those of its role.
    pub position: u32,
    /// SHA-256 of the plain bytes.
    pub sha256: Digest,
    /// Length of the plain bytes.
    pub size_bytes: u64,
    /// SHA-256 of the bytes that travel.
    pub sealed_sha256: Digest,
    /// How many those are.
    pub sealed_size_bytes: u64,
}

/// Why a body is no submission of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmissionError {
    /// The shape is newer than this program.
    #[error("the message is of a newer version")]
    VersionUnknown,
    /// It is not such a message.
    #[error("the message has not the shape of a submission")]
    Shape,
}

impl Submission {
    /// The bytes that are signed.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("plain fields always make JSON")
    }

    /// Reads a body.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SubmissionError> {
        #[derive(Deserialize)]
        struct VersionOnly {
            wire_version: u32,
        }
        let version: VersionOnly =
            serde_json::from_slice(bytes).map_err(|_| SubmissionError::Shape)?;
        if version.wire_version > crate::VERSION {
            return Err(SubmissionError::VersionUnknown);
        }
        serde_json::from_slice(bytes).map_err(|_| SubmissionError::Shape)
    }
}

// It is full of a person's words.
impl fmt::Debug for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submission")
            .field("document_id", &self.record.document_id)
            .field("version", &self.record.version)
            .field("files", &self.files.len())
            .finish_non_exhaustive()
    }
}

macro_rules! says_nothing {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}
says_nothing!(Record, Code, Field, Officer, Dossier, Owner, Component);
