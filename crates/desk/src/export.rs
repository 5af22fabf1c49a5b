//! Handing a record out of the vault: the electronic copy and its manifest.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use domain::audit::Act;
use domain::code_template::DigitisationCode;
use domain::copy::ElectronicCopy;
use domain::digest::Digest;
use domain::ids::DocumentId;
use domain::record::Record;
use domain::rights::Right;

use crate::error::Refusal;
use crate::evidence::{self, Beside};
use crate::{Desk, Error};

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The electronic copy.
    pub copy: PathBuf,
    /// Fields, code and digests beside it.
    pub manifest: PathBuf,
    /// The folder with the evidence: raw pages, pieces, and the list of them.
    pub evidence: PathBuf,
}

/// Writes the copy, the manifest and the evidence of a record into a folder, named
/// by the local code, which says nothing about a person.
pub fn export(desk: &Desk, code: &str, folder: &Path) -> Result<Exported, Error> {
    desk.may(Right::Export)?;
    let Exportable {
        record,
        copy,
        pdf,
        manifest,
        ..
    } = Exportable::find(desk, code)?;
    std::fs::create_dir_all(folder).map_err(Error::File)?;
    let exported = Exported {
        copy: folder.join(format!("{}.pdf", record.local_code)),
        manifest: folder.join(format!("{}.json", record.local_code)),
        evidence: folder.join(format!("{}.evidence", record.local_code)),
    };
    // The trail first: a copy that left without a trace would be worse than a
    // trace of a copy that could not be written.
    desk.vault
        .write(|write| desk.audit(write, Act::Exported(record.document_id)))?;
    write_whole(&exported.copy, &pdf)?;
    write_whole(&exported.manifest, &manifest)?;
    let digests = (copy.digest, Digest::of(&manifest));
    let beside = Beside {
        copy: &exported.copy,
        manifest: &exported.manifest,
    };
    evidence::write(desk, &record, &exported.evidence, beside, digests)?;
    Ok(exported)
}

/// What leaves the vault of one record.
pub(crate) struct Exportable {
    /// Its newest version.
    pub(crate) record: Record,
    /// Its newest copy.
    pub(crate) copy: ElectronicCopy,
    /// The plain bytes of the copy.
    pub(crate) pdf: Vec<u8>,
    /// Fields, code and digests.
    pub(crate) manifest: Vec<u8>,
    /// The digitisation code that stands.
    pub(crate) code: DigitisationCode,
    /// The centre's signed receipt, once there is one.
    pub(crate) receipt: Option<Vec<u8>>,
}

impl Exportable {
    /// The record of a code; whoever asks has the right to take it out.
    pub(crate) fn find(desk: &Desk, code: &str) -> Result<Self, Error> {
        let (record, copy, officer, code, receipt) = desk.vault.read(|read| {
            let record = read.record_by_code(code)?.ok_or(Refusal::UnknownCode)?;
            let copy = read.latest_copy(record.document_id)?;
            let officer = read.officer(record.deposited_by)?;
            let code = read.code_of(&record)?;
            let receipt = read.receipt_bytes(record.document_id, record.version)?;
            let copy = copy.ok_or(Refusal::NotExtracted)?;
            Ok::<_, Error>((record, copy, officer, code, receipt))
        })?;
        Ok(Self {
            pdf: desk.vault.unseal(&copy.sealed_digest)?.to_vec(),
            manifest: packaging::manifest(&record, &copy, &officer.name),
            record,
            copy,
            code,
            receipt,
        })
    }
}

/// The plain electronic copy, for showing in the window.
pub fn copy_of(desk: &Desk, document_id: DocumentId) -> Result<Vec<u8>, Error> {
    desk.may(Right::Find)?;
    let copy = latest_copy(desk, document_id)?.ok_or(Refusal::NotExtracted)?;
    desk.saw(document_id)?;
    Ok(desk.vault.unseal(&copy.sealed_digest)?.to_vec())
}

/// What is known of the electronic copy, once there is one; nothing that stands on it.
pub fn latest_copy(desk: &Desk, document_id: DocumentId) -> Result<Option<ElectronicCopy>, Error> {
    Ok(desk.vault.read(|read| read.latest_copy(document_id))?)
}

/// Never leaves half a file under the final name.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let written = File::create(&part)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&part, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written.map_err(Error::File)
}
