//! A package (gói): everything that is known of one record in a folder that proves itself,
//! with the list of its files and the station's signature over that list.
//!
//! The list names every file but itself and its signature by path, length and SHA-256;
//! `sha256sum` checks them as well as this program does.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use domain::code::AgencyCode;
use domain::digest::Digest;
use domain::ids::DocumentId;
use domain::local_code::LocalCode;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// The version of the shape. A reader refuses one it does not know.
pub const PACKAGE_VERSION: u32 = 1;

/// More files than the thickest paper has pages and fields.
pub const MOST_FILES: usize = 10_000;

/// A path is no longer than this, so that it fits every file system.
const MOST_PATH: usize = 120;

/// What is written as `manifest.json`. The shape stays as it is for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageManifest {
    /// [`PACKAGE_VERSION`].
    pub package_version: u32,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// The office that made it.
    pub office: AgencyCode,
    /// Its station.
    pub station: u32,
    /// The station's public key: 32 bytes, written as a digest is.
    pub station_key: Digest,
    /// The document.
    pub document_id: DocumentId,
    /// The version of its record.
    pub record_version: u32,
    /// Its local code.
    pub local_code: LocalCode,
    /// Every file of the package, in the order of their paths.
    pub files: Vec<PackageFile>,
}

/// A file of a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageFile {
    /// Its path in the package, with `/` between folders.
    pub path: String,
    /// Its length.
    pub size_bytes: u64,
    /// SHA-256 of it.
    pub sha256: Digest,
}

/// Pretty JSON, the files in order. Same input, same bytes.
pub fn write_package_manifest(manifest: &PackageManifest) -> Vec<u8> {
    let mut bytes =
        serde_json::to_vec_pretty(manifest).expect("names, numbers and digests always make JSON");
    bytes.push(b'\n');
    bytes
}

/// Reads what [`write_package_manifest`] wrote, byte for byte that. What is no such list,
/// or names a file outside the package, is damaged.
pub fn read_package_manifest(bytes: &[u8]) -> Result<PackageManifest, Error> {
    let manifest: PackageManifest = serde_json::from_slice(bytes).map_err(|_| Error::Damaged)?;
    let paths = || manifest.files.iter().map(|file| file.path.as_str());
    let in_order = paths().zip(paths().skip(1)).all(|(one, next)| one < next);
    let sound = manifest.package_version == PACKAGE_VERSION
        && manifest.files.len() <= MOST_FILES
        && in_order
        && paths().all(is_plain_path)
        && write_package_manifest(&manifest) == bytes;
    if sound {
        Ok(manifest)
    } else {
        Err(Error::Damaged)
    }
}

/// Whether a path stays in its folder on every system.
pub fn is_plain_path(path: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    path.len() <= MOST_PATH
        && path
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.') && part.chars().all(plain))
}

/// The signature as a line of text: 128 hexadecimal digits.
pub fn write_seal(signature: &[u8; 64]) -> String {
    let mut text = String::with_capacity(129);
    for byte in signature {
        write!(text, "{byte:02x}").expect("a String takes every write");
    }
    text.push('\n');
    text
}

/// Reads what [`write_seal`] wrote, and nothing else.
pub fn read_seal(text: &[u8]) -> Option<[u8; 64]> {
    let digits = text.strip_suffix(b"\n").filter(|line| line.len() == 128)?;
    let mut signature = [0; 64];
    for (byte, pair) in signature.iter_mut().zip(digits.chunks_exact(2)) {
        let plain = |digit: &u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
        if !pair.iter().all(plain) {
            return None;
        }
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(signature)
}

/// What was said of a signature on the copy on the day of the package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureVerdict {
    /// Whose it is, as the certificate says.
    pub name: String,
    /// Who issued the certificate.
    pub issuer: String,
    /// SHA-256 of the certificate.
    pub certificate_sha256: Option<Digest>,
    /// When it says to have been made.
    pub signed_at: Option<DateTime<Utc>>,
    /// When, by an authority.
    pub timestamped_at: Option<DateTime<Utc>>,
    /// `good`, `bad` or `cannot_tell`, as all the others.
    pub intact: String,
    /// How much of the file it covers.
    pub coverage: String,
    /// Whether its algorithms are relied on.
    pub algorithm: String,
    /// Whether the certificate was valid.
    pub certificate: String,
    /// Whether its issuer is trusted.
    pub authority: String,
    /// All of it in one word.
    pub answer: String,
}

/// Pretty JSON. Same input, same bytes.
pub fn write_verdicts(verdicts: &[SignatureVerdict]) -> Vec<u8> {
    let mut bytes =
        serde_json::to_vec_pretty(verdicts).expect("names, numbers and digests always make JSON");
    bytes.push(b'\n');
    bytes
}

/// What the record beside the copy says of itself, as far as a package is checked by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordSays {
    /// The document.
    pub document_id: DocumentId,
    /// The version of the record.
    pub record_version: u32,
    /// The local code.
    pub local_code: LocalCode,
    /// SHA-256 of the electronic copy.
    pub copy_sha256: Digest,
    /// SHA-256 of the raw pages, in order.
    pub raw_pages_sha256: Vec<Digest>,
}

#[derive(Deserialize)]
struct RecordForm {
    manifest_version: u32,
    document_id: DocumentId,
    record_version: u32,
    local_code: LocalCode,
    copy: CopyForm,
}

#[derive(Deserialize)]
struct CopyForm {
    sha256: Digest,
    raw_pages_sha256: Vec<Digest>,
}

/// Reads what [`crate::manifest`] wrote, as far as a package is checked by it.
pub fn read_record(bytes: &[u8]) -> Result<RecordSays, Error> {
    let form: RecordForm = serde_json::from_slice(bytes).map_err(|_| Error::Damaged)?;
    if form.manifest_version != crate::MANIFEST_VERSION {
        return Err(Error::Damaged);
    }
    Ok(RecordSays {
        document_id: form.document_id,
        record_version: form.record_version,
        local_code: form.local_code,
        copy_sha256: form.copy.sha256,
        raw_pages_sha256: form.copy.raw_pages_sha256,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> PackageManifest {
        let station = domain::local_code::Station {
            number: 0x80_0001,
            epoch: 1,
        };
        let file = |path: &str| PackageFile {
            path: path.to_owned(),
            size_bytes: 3,
            sha256: Digest::of(path.as_bytes()),
        };
        PackageManifest {
            package_version: PACKAGE_VERSION,
            made_at: DateTime::UNIX_EPOCH,
            office: "H55.242".parse().unwrap(),
            station: station.number,
            station_key: Digest::of(b"key"),
            document_id: "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap(),
            record_version: 1,
            local_code: LocalCode::new(station, 7).unwrap(),
            files: vec![file("copy.pdf"), file("evidence/page-1.jpg")],
        }
    }

    #[test]
    fn a_list_comes_back_as_it_was_written() {
        let written = write_package_manifest(&manifest());
        assert_eq!(read_package_manifest(&written), Ok(manifest()));
    }

    #[test]
    fn a_list_that_is_another_text_or_reaches_elsewhere_is_refused() {
        let refused = |change: &dyn Fn(&mut PackageManifest)| {
            let mut other = manifest();
            change(&mut other);
            read_package_manifest(&write_package_manifest(&other)) == Err(Error::Damaged)
        };
        assert!(refused(&|other| other.package_version = 2));
        assert!(refused(&|other| other.files.reverse()));
        assert!(refused(&|other| other.files[1] = other.files[0].clone()));
        for path in [
            "../copy.pdf",
            "/copy.pdf",
            "a//b",
            "a/.b",
            "",
            "đ.pdf",
            "a\\b",
        ] {
            assert!(
                refused(&|other| other.files[0].path = path.to_owned()),
                "{path}"
            );
        }
        let mut spaced = write_package_manifest(&manifest());
        spaced.push(b' ');
        assert_eq!(read_package_manifest(&spaced), Err(Error::Damaged));
    }

    #[test]
    fn a_seal_has_one_text() {
        let signature: [u8; 64] = std::array::from_fn(|at| at as u8 * 3);
        let text = write_seal(&signature);
        assert_eq!(read_seal(text.as_bytes()), Some(signature));
        for other in [
            text.to_uppercase(),
            text.trim().to_owned(),
            format!(" {text}"),
        ] {
            assert_eq!(read_seal(other.as_bytes()), None, "{other}");
        }
    }
}
