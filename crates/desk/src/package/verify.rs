//! Checking a package without a vault: part by part, what holds and what does not.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use domain::digest::Digest;
use domain::signature::Answer;
use packaging::{MOST_FILES, PackageManifest, RecordSays, is_plain_path};
use vault::{SealOf, is_sealed_by_station, verify_audit_excerpt};

use super::{AUDIT, COPY, EVIDENCE, MANIFEST, RECORD, SEAL};
use crate::evidence::{self, Beside};
use crate::signatures::authorities;
use crate::stations::StationKey;
use crate::worker::Crew;
use crate::{Error, Settings, scan};

/// How deep folders of a package lie in each other, with room.
const DEEPEST: usize = 4;

/// A part of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartName {
    /// The list of files, and the station's signature over it.
    Seal,
    /// The files that are listed, and no others.
    Files,
    /// Fields, code and digests.
    Record,
    /// The electronic copy.
    Copy,
    /// Where each value stands on the raw pages.
    Evidence,
    /// What the audit trail says of the document.
    Audit,
    /// The signatures of people on the copy.
    Signatures,
}

impl PartName {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seal => "seal",
            Self::Files => "files",
            Self::Record => "record",
            Self::Copy => "copy",
            Self::Evidence => "evidence",
            Self::Audit => "audit",
            Self::Signatures => "signatures",
        }
    }
}

/// What holds of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The part.
    pub name: PartName,
    /// Whether it holds; nothing where there is nothing to hold, as with a copy that
    /// nobody has signed yet.
    pub answer: Option<Answer>,
    /// What does not, or cannot be told.
    pub misfits: Vec<Misfit>,
}

/// What does not hold, or cannot be told. Paths and names, never values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// There is no list of files that this program can read.
    #[error("the list of files is missing or damaged")]
    NoList,
    /// The station's signature is not over this list.
    #[error("the list of files is not what the station signed")]
    SealBroken,
    /// The signature holds, but whose key that is cannot be told here.
    #[error("the key of the station is not known here")]
    StationUnknown,
    /// Another key than that of the station has signed.
    #[error("another key than that of the station has signed")]
    OtherKey,
    /// A file that is listed is not there.
    #[error("{0} is missing")]
    Missing(String),
    /// A file is not the one that was listed.
    #[error("{0} is altered")]
    Altered(String),
    /// A file is there that is not listed.
    #[error("{0} was added")]
    Added(String),
    /// A file says something else than the list.
    #[error("{0} is of another paper")]
    Another(&'static str),
    /// The copy is not made by this program, so that it does not say what it is made from.
    #[error("the copy does not say what it is made from")]
    CopySilent,
    /// A piece of evidence does not fit.
    #[error("{0}")]
    Evidence(evidence::Misfit),
    /// A line of the audit trail does not hold.
    #[error("line {0} of the audit trail does not hold")]
    Trail(usize),
    /// A signature on the copy.
    #[error("signature {number} on the copy: {answer}")]
    Signature {
        /// Its place, from 1.
        number: usize,
        /// What is said of it.
        answer: &'static str,
    },
}

/// Checks a package by the stations that are known. All parts stand in the answer, in a
/// fixed order; where the list of files cannot be read, only that is said.
pub fn verify(
    settings: &Settings,
    folder: &Path,
    known: &[StationKey],
) -> Result<Vec<Part>, Error> {
    let crew = Crew::new(settings.worker_program.clone(), settings.resources.clone());
    let listed = read(folder, MANIFEST);
    let Ok(manifest) = packaging::read_package_manifest(&listed) else {
        return Ok(vec![broken(PartName::Seal, Misfit::NoList)]);
    };
    let mut parts = vec![seal(folder, &listed, &manifest, known)];
    parts.push(files(folder, &manifest));
    let says = packaging::read_record(&read(folder, RECORD)).ok();
    parts.push(record(&manifest, says.as_ref()));
    let pdf = read(folder, COPY);
    parts.push(copy(&crew, &pdf, &manifest, says.as_ref())?);
    let beside = Beside {
        copy: &folder.join(COPY),
        manifest: &folder.join(RECORD),
    };
    let misfits = evidence::misfits(&crew, &folder.join(EVIDENCE), beside)?;
    parts.push(part(
        PartName::Evidence,
        misfits.into_iter().map(Misfit::Evidence).collect(),
    ));
    let trail = verify_audit_excerpt(&read(folder, AUDIT), manifest.document_id);
    let flaws = trail.flaw.map(Misfit::Trail);
    parts.push(part(PartName::Audit, flaws.into_iter().collect()));
    parts.push(signatures(&crew, settings, &pdf)?);
    Ok(parts)
}

fn part(name: PartName, misfits: Vec<Misfit>) -> Part {
    let answer = if misfits.is_empty() {
        Answer::Good
    } else {
        Answer::Bad
    };
    Part {
        name,
        answer: Some(answer),
        misfits,
    }
}

fn broken(name: PartName, misfit: Misfit) -> Part {
    part(name, vec![misfit])
}

fn unclear(name: PartName, misfits: Vec<Misfit>) -> Part {
    Part {
        name,
        answer: Some(Answer::CannotTell),
        misfits,
    }
}

/// A file of the package; nothing where it cannot be read, which then fits nothing.
fn read(folder: &Path, path: &str) -> Vec<u8> {
    let file = folder.join(path);
    let is_file = fs::symlink_metadata(&file).is_ok_and(|facts| facts.is_file());
    if is_file {
        scan::read_file(&file).unwrap_or_default()
    } else {
        Vec::new()
    }
}

fn seal(folder: &Path, listed: &[u8], manifest: &PackageManifest, known: &[StationKey]) -> Part {
    let Some(signature) = packaging::read_seal(&read(folder, SEAL)) else {
        return broken(PartName::Seal, Misfit::SealBroken);
    };
    let signed_by = |key: &[u8; 32]| is_sealed_by_station(key, SealOf::Package, listed, &signature);
    if !signed_by(manifest.station_key.as_bytes()) {
        return broken(PartName::Seal, Misfit::SealBroken);
    }
    let mut keys = known
        .iter()
        .filter(|key| key.station == manifest.station)
        .peekable();
    if keys.peek().is_none() {
        return unclear(PartName::Seal, vec![Misfit::StationUnknown]);
    }
    if keys.any(|key| signed_by(&key.public_key) && key.office == manifest.office) {
        part(PartName::Seal, Vec::new())
    } else {
        broken(PartName::Seal, Misfit::OtherKey)
    }
}

/// The paths of all files in a package but its list and the signature over that, with `/`
/// between folders. What is neither a file nor a folder with files in it stands there too,
/// so that it fits nothing.
pub(super) fn paths_in(folder: &Path) -> io::Result<Vec<String>> {
    let mut paths = Vec::new();
    collect(folder, "", DEEPEST, &mut paths)?;
    paths.retain(|path| path != MANIFEST && path != SEAL);
    Ok(paths)
}

fn collect(folder: &Path, before: &str, deeper: usize, paths: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{before}{}", entry.file_name().to_string_lossy());
        let held = paths.len();
        if entry.file_type()?.is_dir() && deeper > 0 {
            collect(&entry.path(), &format!("{path}/"), deeper - 1, paths)?;
            if paths.len() == held {
                paths.push(path);
            }
        } else {
            paths.push(path);
        }
        if paths.len() > 2 * MOST_FILES {
            break;
        }
    }
    Ok(())
}

fn files(folder: &Path, manifest: &PackageManifest) -> Part {
    let mut misfits = Vec::new();
    for file in &manifest.files {
        let place = folder.join(&file.path);
        let facts = fs::symlink_metadata(&place);
        if facts.as_ref().map_or(true, |facts| !facts.is_file()) {
            misfits.push(Misfit::Missing(file.path.clone()));
            continue;
        }
        let fits = facts.is_ok_and(|facts| facts.len() == file.size_bytes)
            && Digest::of(&read(folder, &file.path)) == file.sha256;
        if !fits {
            misfits.push(Misfit::Altered(file.path.clone()));
        }
    }
    let listed: BTreeSet<&str> = manifest
        .files
        .iter()
        .map(|file| file.path.as_str())
        .collect();
    for path in paths_in(folder).unwrap_or_default() {
        if !listed.contains(path.as_str()) {
            // A name from elsewhere is not repeated as it is.
            let told = if is_plain_path(&path) {
                path
            } else {
                "?".to_owned()
            };
            misfits.push(Misfit::Added(told));
        }
    }
    part(PartName::Files, misfits)
}

fn record(manifest: &PackageManifest, says: Option<&RecordSays>) -> Part {
    let fits = says.is_some_and(|says| {
        says.document_id == manifest.document_id
            && says.record_version == manifest.record_version
            && says.local_code == manifest.local_code
    });
    let misfits = (!fits).then_some(Misfit::Another(RECORD));
    part(PartName::Record, misfits.into_iter().collect())
}

fn copy(
    crew: &Crew,
    pdf: &[u8],
    manifest: &PackageManifest,
    says: Option<&RecordSays>,
) -> Result<Part, Error> {
    if says.is_none_or(|says| says.copy_sha256 != Digest::of(pdf)) {
        return Ok(broken(PartName::Copy, Misfit::Altered(COPY.to_owned())));
    }
    let found = match crew.read_copy(pdf) {
        // A signed file that was handed in stays as it came, and says nothing of this desk.
        Err(Error::Packaging(_)) => {
            return Ok(Part {
                name: PartName::Copy,
                answer: None,
                misfits: vec![Misfit::CopySilent],
            });
        }
        found => found?,
    };
    let pages = says.map(|says| says.raw_pages_sha256.as_slice());
    let fits = found.local_code == manifest.local_code
        && Some(found.raw_digests.as_slice()) == pages
        && found.pages == found.raw_digests.len();
    let misfits = (!fits).then_some(Misfit::Another(COPY));
    Ok(part(PartName::Copy, misfits.into_iter().collect()))
}

/// The signatures, judged anew by the authorities that are known here: what was said of
/// them on the day of the package stands beside the copy.
fn signatures(crew: &Crew, settings: &Settings, pdf: &[u8]) -> Result<Part, Error> {
    let trusted = authorities(settings.forms.as_deref());
    let found = match crew.judge(pdf, trusted.as_deref()) {
        Err(Error::Signing(_)) => {
            let misfit = Misfit::Altered(COPY.to_owned());
            return Ok(broken(PartName::Signatures, misfit));
        }
        found => found?,
    };
    let answers: Vec<Answer> = found.iter().map(|one| one.judgement.answer()).collect();
    let misfits = (1..)
        .zip(&answers)
        .filter(|(_, answer)| **answer != Answer::Good);
    let misfits = misfits.map(|(number, answer)| Misfit::Signature {
        number,
        answer: answer.name(),
    });
    let answer = match &answers[..] {
        [] => None,
        all if all.contains(&Answer::Bad) => Some(Answer::Bad),
        all if all.contains(&Answer::CannotTell) => Some(Answer::CannotTell),
        _ => Some(Answer::Good),
    };
    Ok(Part {
        name: PartName::Signatures,
        answer,
        misfits: misfits.collect(),
    })
}
