//! The evidence of a record: for each value where it stands on the raw page, what
//! the piece looks like there, what read it, and who answers for it.
//!
//! It is written beside the copy and the manifest, for somebody who has neither this
//! program nor the vault. A crop's digest is SHA-256 over the line
//! `evidence crop 1` and a line feed, the eight numbers of the polygon, width and
//! height (32 bits each, big end first), and the pixels row by row, three bytes each.

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use domain::field::FieldName;
use domain::ids::{DocumentId, OfficerId};
use domain::local_code::LocalCode;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// The version of the shape. A reader refuses one it does not know.
pub const EVIDENCE_VERSION: u32 = 1;

/// What is written as `evidence.json`. The shape stays as it is for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceList {
    /// [`EVIDENCE_VERSION`].
    pub evidence_version: u32,
    /// The document.
    pub document_id: DocumentId,
    /// The version of its record.
    pub record_version: u32,
    /// Its local code.
    pub local_code: LocalCode,
    /// SHA-256 of the electronic copy.
    pub copy_sha256: Digest,
    /// SHA-256 of the manifest.
    pub manifest_sha256: Digest,
    /// The raw pages in order.
    pub pages: Vec<RawPage>,
    /// The engines that read them.
    pub engines: Vec<EngineFacts>,
    /// The values that stand on the paper.
    pub fields: Vec<FieldEvidence>,
}

/// A raw page, as the scanner gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPage {
    /// Its file beside the list.
    pub file: String,
    /// SHA-256 of that file.
    pub sha256: Digest,
}

/// An engine, as it was when it read the pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EngineFacts {
    /// Its stable name.
    pub name: String,
    /// The version of its library.
    pub version: String,
    /// SHA-256 of its model.
    pub model_sha256: Digest,
}

/// Where one value stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldEvidence {
    /// The field.
    pub name: FieldName,
    /// The page, from 0.
    pub page: usize,
    /// Four corners in pixels of the raw page, clockwise from the top left of the
    /// page as people see it.
    pub polygon: [[u32; 2]; 4],
    /// The file of the piece beside the list, a PNG.
    pub crop: String,
    /// The digest of the piece in its place.
    pub crop_sha256: Digest,
    /// The engines whose reading is the value that stands.
    pub read_by: Vec<String>,
    /// Who confirmed it; none where it rests on grade `certain` alone.
    pub confirmed_by: Option<OfficerId>,
    /// When.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// Pretty JSON. Same input, same bytes.
pub fn write_evidence(list: &EvidenceList) -> Vec<u8> {
    let mut bytes =
        serde_json::to_vec_pretty(list).expect("names, numbers and digests always make JSON");
    bytes.push(b'\n');
    bytes
}

/// Reads what [`write_evidence`] wrote. What is no such list, or one of a version
/// that this program does not know, or names a file elsewhere than beside it, is
/// damaged.
pub fn read_evidence(bytes: &[u8]) -> Result<EvidenceList, Error> {
    let list: EvidenceList = serde_json::from_slice(bytes).map_err(|_| Error::Damaged)?;
    let pages = list.pages.iter().map(|page| &page.file);
    let files = pages.chain(list.fields.iter().map(|field| &field.crop));
    // A list from elsewhere must not make anybody open other files.
    let beside = |name: &String| {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        !name.starts_with('.') && name.chars().all(plain)
    };
    let sound = list.evidence_version == EVIDENCE_VERSION
        && list
            .fields
            .iter()
            .all(|field| field.page < list.pages.len());
    if sound && files.into_iter().all(beside) {
        Ok(list)
    } else {
        Err(Error::Damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> EvidenceList {
        EvidenceList {
            evidence_version: EVIDENCE_VERSION,
            document_id: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
            record_version: 1,
            local_code: LocalCode::new(
                domain::local_code::Station {
                    number: 0x80_0001,
                    epoch: 1,
                },
                7,
            )
            .unwrap(),
            copy_sha256: Digest::of(b"copy"),
            manifest_sha256: Digest::of(b"manifest"),
            pages: vec![RawPage {
                file: "page-1.jpg".to_owned(),
                sha256: Digest::of(b"page"),
            }],
            engines: vec![EngineFacts {
                name: "neural".to_owned(),
                version: "1".to_owned(),
                model_sha256: Digest::of(b"model"),
            }],
            fields: vec![FieldEvidence {
                name: "number".parse().unwrap(),
                page: 0,
                polygon: [[1, 2], [3, 2], [3, 4], [1, 4]],
                crop: "number.png".to_owned(),
                crop_sha256: Digest::of(b"piece"),
                read_by: vec!["neural".to_owned()],
                confirmed_by: None,
                confirmed_at: None,
            }],
        }
    }

    #[test]
    fn a_list_comes_back_as_it_was_written() {
        assert_eq!(read_evidence(&write_evidence(&list())), Ok(list()));
    }

    #[test]
    fn a_list_that_reaches_elsewhere_or_is_of_another_version_is_refused() {
        let mut elsewhere = list();
        elsewhere.fields[0].crop = "../number.png".to_owned();
        let mut newer = list();
        newer.evidence_version = 2;
        let mut no_page = list();
        no_page.fields[0].page = 1;
        for bad in [elsewhere, newer, no_page] {
            assert_eq!(read_evidence(&write_evidence(&bad)), Err(Error::Damaged));
        }
        assert_eq!(read_evidence(b"{}"), Err(Error::Damaged));
    }
}
