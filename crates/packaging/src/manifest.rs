//! The manifest (bản kê): what the copy does not say, because it came after it.

use chrono::{DateTime, Utc};
use domain::code_template::DigitisationCode;
use domain::copy::ElectronicCopy;
use domain::digest::Digest;
use domain::document::DocumentType;
use domain::field::{Evidence, FieldName, FieldValue};
use domain::ids::{DocumentId, ElectronicCopyId, OfficerId};
use domain::local_code::LocalCode;
use domain::record::Record;
use serde::Serialize;

/// The version of the manifest's shape. A reader refuses one it does not know.
pub const MANIFEST_VERSION: u32 = 1;

/// The program may change its nouns; this shape stays as it is for ever, and a new
/// shape gets a new version.
#[derive(Serialize)]
struct ManifestForm<'a> {
    manifest_version: u32,
    document_id: DocumentId,
    record_version: u32,
    local_code: LocalCode,
    document_type: &'a DocumentType,
    digitisation_code: CodeForm<'a>,
    fields: Vec<FieldForm<'a>>,
    copy: CopyForm<'a>,
    deposited_at: DateTime<Utc>,
    deposited_by: OfficerForm<'a>,
}

#[derive(Serialize)]
struct CodeForm<'a> {
    text: &'a str,
    kind: &'static str,
    provisional: bool,
    parts: PartsForm<'a>,
}

#[derive(Serialize)]
struct PartsForm<'a> {
    owner_id: &'a str,
    result_type: &'a str,
    number: &'a str,
    procedure: &'a str,
    component: &'a str,
}

#[derive(Serialize)]
struct FieldForm<'a> {
    name: &'a FieldName,
    value: &'a str,
    source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<EvidenceForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proposed: Option<ProposedForm<'a>>,
    confirmed_by: Option<OfficerId>,
    confirmed_at: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
struct EvidenceForm {
    page: usize,
    /// Left, top, width, height on the upright page, in pixels.
    #[serde(rename = "box")]
    outline: [u32; 4],
}

#[derive(Serialize)]
struct ProposedForm<'a> {
    value: &'a str,
    grade: &'static str,
}

#[derive(Serialize)]
struct CopyForm<'a> {
    id: ElectronicCopyId,
    sha256: Digest,
    size_bytes: u64,
    made_at: DateTime<Utc>,
    digitised_by: OfficerId,
    raw_pages_sha256: &'a [Digest],
}

#[derive(Serialize)]
struct OfficerForm<'a> {
    id: OfficerId,
    name: &'a str,
}

/// The manifest of a record: pretty JSON with the fields, the code, and the
/// digests of the copy and of the raw pages. Same input, same bytes.
pub fn manifest(record: &Record, copy: &ElectronicCopy, officer_name: &str) -> Vec<u8> {
    let form = ManifestForm {
        manifest_version: MANIFEST_VERSION,
        document_id: record.document_id,
        record_version: record.version,
        local_code: record.local_code,
        document_type: &record.document_type,
        digitisation_code: code_form(&record.code),
        fields: record.values.iter().map(field_form).collect(),
        copy: CopyForm {
            id: copy.id,
            sha256: copy.digest,
            size_bytes: copy.size_bytes,
            made_at: copy.made_at,
            digitised_by: copy.digitised_by,
            raw_pages_sha256: &copy.pages,
        },
        deposited_at: record.deposited_at,
        deposited_by: OfficerForm {
            id: record.deposited_by,
            name: officer_name,
        },
    };
    let mut bytes =
        serde_json::to_vec_pretty(&form).expect("names, numbers and texts always make JSON");
    bytes.push(b'\n');
    bytes
}

fn code_form(code: &DigitisationCode) -> CodeForm<'_> {
    CodeForm {
        text: &code.text,
        kind: code.kind.name(),
        provisional: code.provisional,
        parts: PartsForm {
            owner_id: &code.parts.owner_id,
            result_type: &code.parts.result_type,
            number: &code.parts.number,
            procedure: &code.parts.procedure,
            component: &code.parts.component,
        },
    }
}

fn field_form(value: &FieldValue) -> FieldForm<'_> {
    FieldForm {
        name: &value.name,
        value: &value.value,
        source: value.source.name(),
        evidence: value.evidence.map(evidence_form),
        proposed: value.proposed.as_ref().map(|proposed| ProposedForm {
            value: &proposed.value,
            grade: proposed.grade.name(),
        }),
        confirmed_by: value.confirmed_by,
        confirmed_at: value.confirmed_at,
    }
}

fn evidence_form(evidence: Evidence) -> EvidenceForm {
    let outline = evidence.outline;
    EvidenceForm {
        page: evidence.page,
        outline: [outline.x, outline.y, outline.width, outline.height],
    }
}
