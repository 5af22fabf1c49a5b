//! Packages (gói): everything that is known of one record, in a folder that anybody can
//! read and check.
//!
//! [`export`] writes one; [`verify`] needs no vault, only the folder that was handed over,
//! and says of each part whether it holds.

mod verify;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use domain::audit::Act;
use domain::digest::Digest;
use domain::record::Record;
use domain::rights::Right;
use packaging::{PACKAGE_VERSION, PackageFile, PackageManifest, SignatureVerdict};
use vault::SealOf;

use crate::evidence::{self, Beside};
use crate::export::{Exportable, write_whole};
use crate::signatures::{FoundSignature, authorities};
use crate::{Desk, Error};

pub use verify::{Misfit, Part, PartName, verify};

pub(crate) const MANIFEST: &str = "manifest.json";
pub(crate) const SEAL: &str = "manifest.sig";
const COPY: &str = "copy.pdf";
const RECORD: &str = "record.json";
const EVIDENCE: &str = "evidence";
const AUDIT: &str = "audit.jsonl";
const SIGNATURES: &str = "signatures.json";
const README: &str = "README.txt";
/// The centre's receipt, in a package of a record that was delivered.
const RECEIPT: &str = "receipt.cose";

/// A package that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its folder.
    pub folder: PathBuf,
    /// The electronic copy.
    pub copy: PathBuf,
    /// Fields, code and digests.
    pub record: PathBuf,
    /// The folder with the raw pages, the pieces, and the list of them.
    pub evidence: PathBuf,
    /// The list of all files, which the station signed.
    pub manifest: PathBuf,
}

/// Writes everything that is known of a record into a folder of its own, named by the
/// local code, which says nothing about a person.
///
/// A folder of that name that is there already is refused: what lay in it would be
/// taken for a part of the package.
pub fn export(desk: &Desk, code: &str, folder: &Path) -> Result<Package, Error> {
    desk.may(Right::Export)?;
    let found = Exportable::find(desk, code)?;
    let folder = folder.join(found.record.local_code.to_string());
    std::fs::create_dir_all(folder.parent().unwrap_or(&folder)).map_err(Error::File)?;
    std::fs::create_dir(&folder).map_err(Error::File)?;
    // The trail first: a package that left without a trace would be worse than a trace of
    // one that could not be written.
    desk.vault
        .write(|write| desk.audit(write, Act::Exported(found.record.document_id)))?;
    let package = Package {
        copy: folder.join(COPY),
        record: folder.join(RECORD),
        evidence: folder.join(EVIDENCE),
        manifest: folder.join(MANIFEST),
        folder,
    };
    write_whole(&package.copy, &found.pdf)?;
    write_whole(&package.record, &found.manifest)?;
    let beside = Beside {
        copy: &package.copy,
        manifest: &package.record,
    };
    let digests = (found.copy.digest, Digest::of(&found.manifest));
    evidence::write(desk, &found.record, &package.evidence, beside, digests)?;
    let trail = desk
        .vault
        .read(|read| read.audit_excerpt(found.record.document_id))?;
    write_whole(&package.folder.join(AUDIT), &trail)?;
    let judged = desk
        .crew
        .judge(&found.pdf, authorities(desk.forms.as_deref()).as_deref())?;
    let verdicts: Vec<SignatureVerdict> = judged.iter().map(verdict).collect();
    write_whole(
        &package.folder.join(SIGNATURES),
        &packaging::write_verdicts(&verdicts),
    )?;
    if let Some(receipt) = &found.receipt {
        write_whole(&package.folder.join(RECEIPT), receipt)?;
    }
    let readme = readme(desk, &found, &verdicts);
    write_whole(&package.folder.join(README), readme.as_bytes())?;
    seal(desk, &found.record, &package)?;
    Ok(package)
}

/// Lists every file, and lets the station sign the list.
fn seal(desk: &Desk, record: &Record, package: &Package) -> Result<(), Error> {
    let mut files = Vec::new();
    for path in verify::paths_in(&package.folder).map_err(Error::File)? {
        let bytes = std::fs::read(package.folder.join(&path)).map_err(Error::File)?;
        files.push(PackageFile {
            path,
            size_bytes: bytes.len() as u64,
            sha256: Digest::of(&bytes),
        });
    }
    files.sort();
    let (key, office) = (desk.vault.read(|read| read.station_key())?, &desk.office);
    let manifest = packaging::write_package_manifest(&PackageManifest {
        package_version: PACKAGE_VERSION,
        made_at: desk.clock.now(),
        office: office.code.clone(),
        station: office.station.number,
        station_key: Digest::from_bytes(key),
        document_id: record.document_id,
        record_version: record.version,
        local_code: record.local_code,
        files,
    });
    let seal = desk
        .vault
        .read(|read| read.seal_as_station(SealOf::Package, &manifest))?;
    write_whole(&package.manifest, &manifest)?;
    write_whole(
        &package.folder.join(SEAL),
        packaging::write_seal(&seal).as_bytes(),
    )
}

fn verdict(found: &FoundSignature) -> SignatureVerdict {
    let judgement = &found.judgement;
    SignatureVerdict {
        name: found.name.clone(),
        issuer: found.issuer.clone(),
        certificate_sha256: found.certificate,
        signed_at: found.says_time,
        timestamped_at: found.timestamped_at,
        intact: judgement.intact.name().to_owned(),
        coverage: judgement.coverage.name().to_owned(),
        algorithm: judgement.algorithm.name().to_owned(),
        certificate: judgement.certificate.name().to_owned(),
        authority: judgement.chain.name().to_owned(),
        answer: judgement.answer().name().to_owned(),
    }
}

/// What somebody reads who opens the folder without this program.
fn readme(desk: &Desk, found: &Exportable, verdicts: &[SignatureVerdict]) -> String {
    let (record, copy) = (&found.record, &found.copy);
    let words = desk.catalogue.package_words();
    let form = desk.catalogue.form(&record.document_type);
    let signed = verdicts.iter().filter(|one| one.answer != "bad").count();
    let said = |name: &str| match name {
        "title" => form.map(|form| form.title.clone()),
        "local_code" => Some(record.local_code.to_string()),
        "code" => Some(found.code.text.clone()),
        "office" => Some(desk.office.code.to_string()),
        "version" => Some(record.version.to_string()),
        "pages" => Some(copy.pages.len().to_string()),
        "signatures" => Some(signed.to_string()),
        "digest" => Some(copy.digest.to_string()),
        "made_at" => Some(crate::clock::shown(desk.clock.now())),
        "deposited_at" => Some(crate::clock::shown(record.deposited_at)),
        _ => None,
    };
    let mut text = String::new();
    for line in &words.readme {
        if line != "{fields}" {
            // A line without its value says nothing.
            if let Some(line) = extraction::SlipTemplate::filled(line, said) {
                text.push_str(&line);
                text.push('\n');
            }
            continue;
        }
        for value in record.values.iter().filter(|one| !one.value.is_empty()) {
            let field = form.and_then(|form| form.field(&value.name));
            let label = field.map_or(value.name.as_str(), |field| &field.label);
            let by = if value.confirmed_by.is_some() {
                &words.by_person
            } else {
                &words.by_machine
            };
            writeln!(text, "  {label}: {} ({by})", value.value)
                .expect("a String takes every write");
        }
    }
    text
}
