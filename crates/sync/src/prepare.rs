//! From the nouns of a deposited record to the envelope that is sent.

use chrono::{DateTime, Utc};
use domain::delivery::OutgoingFile;
use domain::digest::Digest;
use domain::dossier::{Dossier, DossierComponent};
use domain::office::{Office, Officer};
use domain::record::Record;
use wire::submission::{self, AuditPlace, FileRole, SealedFile};
use wire::{LogPlace, Submission, envelope};

/// A deposited record with all that is sent of it.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    /// The record.
    pub record: &'a Record,
    /// The digest of its manifest.
    pub manifest: Digest,
    /// The digest of the manifest of the version before it.
    pub parent_manifest: Option<Digest>,
    /// How far the audit trail had come.
    pub audit: (u64, Digest),
    /// The office.
    pub office: &'a Office,
    /// Who deposited it.
    pub officer: &'a Officer,
    /// The dossier.
    pub dossier: &'a Dossier,
    /// The component that it answers.
    pub component: Option<&'a DossierComponent>,
    /// The electronic copy first, then the raw pages in their order.
    pub files: &'a [OutgoingFile],
    /// Now.
    pub now: DateTime<Utc>,
}

/// The envelope of a record at its place in the log. `sign` makes the station's signature.
/// `None` when it is longer than any centre takes.
pub fn prepare(
    outgoing: &Outgoing<'_>,
    place: &LogPlace,
    sign: impl FnOnce(&[u8]) -> [u8; 64],
) -> Option<Vec<u8>> {
    let bytes = envelope::seal_submission(place, submission(outgoing).to_bytes(), sign);
    (bytes.len() <= wire::ENVELOPE_LIMIT_BYTES).then_some(bytes)
}

fn submission(outgoing: &Outgoing<'_>) -> Submission {
    let record = outgoing.record;
    let dossier = outgoing.dossier;
    Submission {
        wire_version: wire::VERSION,
        prepared_at: outgoing.now,
        audit: AuditPlace {
            position: outgoing.audit.0,
            hash: outgoing.audit.1,
        },
        manifest_sha256: outgoing.manifest,
        parent_manifest_sha256: outgoing.parent_manifest,
        office: outgoing.office.code.to_string(),
        record: submission::Record {
            document_id: record.document_id,
            version: record.version,
            local_code: record.local_code,
            document_type: record.document_type.to_string(),
            code: submission::Code {
                kind: record.code.kind.name().to_owned(),
                text: record.code.text.clone(),
                owner_id: record.code.parts.owner_id.clone(),
                result_type: record.code.parts.result_type.clone(),
                number: record.code.parts.number.clone(),
                procedure: record.code.parts.procedure.clone(),
                component: record.code.parts.component.clone(),
            },
            fields: record
                .values
                .iter()
                .map(|value| submission::Field {
                    name: value.name.to_string(),
                    value: value.value.clone(),
                    source: value.source.name().to_owned(),
                    confirmed_by: value.confirmed_by,
                })
                .collect(),
            deposited_at: record.deposited_at,
            deposited_by: submission::Officer {
                id: outgoing.officer.id,
                name: outgoing.officer.name.clone(),
            },
        },
        dossier: submission::Dossier {
            id: dossier.id,
            provisional_number: dossier.provisional_number.clone(),
            code: dossier.code.as_ref().map(ToString::to_string),
            procedure: dossier.procedure.as_ref().map(ToString::to_string),
            owner: submission::Owner {
                id: dossier.owner.id.as_ref().map(ToString::to_string),
                name: dossier.owner.name.clone(),
                birth_on: dossier.owner.birth_on,
            },
            received_at: dossier.received_at,
            component: outgoing.component.map(|component| submission::Component {
                name: component.name.clone(),
                code: component.code.as_ref().map(ToString::to_string),
                submitted_as: component.submitted_as.name().to_owned(),
            }),
        },
        files: outgoing
            .files
            .iter()
            .map(|file| SealedFile {
                role: match file.page {
                    Some(_) => FileRole::Page,
                    None => FileRole::Copy,
                },
                position: file.page.unwrap_or(0),
                sha256: file.digest,
                size_bytes: file.size_bytes,
                sealed_sha256: file.sealed_digest,
                sealed_size_bytes: file.sealed_size_bytes,
            })
            .collect(),
    }
}
