//! Evidence that a third party can check: where each value stands on the raw page,
//! the piece itself, what read it and who answers for it.
//!
//! It is written beside an exported record and read back; [`verify`] needs no vault, only
//! the folder that was handed over.

use std::path::Path;

use domain::digest::Digest;
use domain::field::{FieldCandidate, FieldName, FieldValue};
use domain::fold::same_spelling;
use domain::page::{Page, RawFormat};
use domain::record::Record;
use packaging::{EVIDENCE_VERSION, EngineFacts, EvidenceList, FieldEvidence, RawPage};

use crate::export::write_whole;
use crate::worker::{Corners, Crew};
use crate::{Desk, Error, Settings, scan};

/// The list, in the folder of evidence.
const LIST: &str = "evidence.json";

/// What does not fit in a folder of evidence. Names of files and fields, never values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// The list is missing, damaged, or of a version that this program does not know.
    #[error("the list of evidence is missing or damaged")]
    List,
    /// A file is missing or is not the one that was written.
    #[error("{0} is missing or altered")]
    File(String),
    /// The piece is not what stands at that place of the raw page.
    #[error("the evidence of {0} is not what stands at its place")]
    Place(FieldName),
    /// The picture of the piece is not the piece.
    #[error("the picture of {0} is missing or altered")]
    Picture(FieldName),
}

/// The files that a list of evidence names beside its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beside<'a> {
    /// The electronic copy.
    pub(crate) copy: &'a Path,
    /// The manifest of the record.
    pub(crate) manifest: &'a Path,
}

/// Writes the evidence of an exported record into a folder, and reads it back.
pub(crate) fn write(
    desk: &Desk,
    record: &Record,
    folder: &Path,
    beside: Beside<'_>,
    digests: (Digest, Digest),
) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(Error::File)?;
    let (pages, reviewed, engines) = desk.vault.read(|read| {
        Ok::<_, Error>((
            read.pages_of(record.document_id)?,
            read.reviewed_fields(record.document_id)?,
            read.engines_used(record.document_id)?,
        ))
    })?;
    let candidates: Vec<FieldCandidate> =
        reviewed.into_iter().map(|field| field.candidate).collect();
    let mut list = EvidenceList {
        evidence_version: EVIDENCE_VERSION,
        document_id: record.document_id,
        record_version: record.version,
        local_code: record.local_code,
        copy_sha256: digests.0,
        manifest_sha256: digests.1,
        pages: Vec::new(),
        engines: Vec::new(),
        fields: Vec::new(),
    };
    list.engines
        .extend(engines.into_iter().map(|used| EngineFacts {
            name: used.engine.name().to_owned(),
            version: used.version,
            model_sha256: used.model,
        }));
    for (index, page) in pages.iter().enumerate() {
        let raw = desk.vault.unseal(&page.raw.sealed_digest)?;
        let file = format!("page-{}.{}", index + 1, page.raw.format.name());
        write_whole(&folder.join(&file), &raw)?;
        list.pages.push(RawPage {
            file,
            sha256: page.raw.digest,
        });
        let standing = standing_on(index, page, &record.values);
        let places: Vec<Corners> = standing.iter().map(|(_, place)| *place).collect();
        let pieces = desk.crew.pieces(&raw, page.raw.format, &places)?;
        for ((value, polygon), piece) in standing.into_iter().zip(pieces) {
            let crop = format!("{}.png", value.name);
            write_whole(&folder.join(&crop), &piece.png)?;
            list.fields.push(FieldEvidence {
                name: value.name.clone(),
                page: index,
                polygon,
                crop,
                crop_sha256: piece.digest,
                read_by: read_by(value, &candidates),
                confirmed_by: value.confirmed_by,
                confirmed_at: value.confirmed_at,
            });
        }
    }
    write_whole(&folder.join(LIST), &packaging::write_evidence(&list))?;
    match misfits(&desk.crew, folder, beside)?.into_iter().next() {
        None => Ok(()),
        Some(misfit) => Err(Error::File(std::io::Error::other(misfit))),
    }
}

/// The values that stand on this page, each with its corners in raw pixels.
fn standing_on<'a>(
    index: usize,
    page: &Page,
    values: &'a [FieldValue],
) -> Vec<(&'a FieldValue, Corners)> {
    let geometry = page.geometry();
    let size = page.raw.size;
    let inside = |value: f32, limit: u32| value.round().clamp(0.0, limit as f32) as u32;
    let places = values.iter().filter_map(|value| {
        let evidence = value.evidence.filter(|evidence| evidence.page == index)?;
        let corners = geometry
            .corners_in_raw(&evidence.outline)
            .map(|(x, y)| [inside(x, size.width_px), inside(y, size.height_px)]);
        // A place without area shows nothing.
        let spreads = |axis: usize| corners.iter().any(|one| one[axis] != corners[0][axis]);
        (spreads(0) && spreads(1)).then_some((value, corners))
    });
    places.collect()
}

/// The engines that by themselves read the value that stands.
fn read_by(value: &FieldValue, candidates: &[FieldCandidate]) -> Vec<String> {
    let of_field = candidates.iter().find(|found| found.name == value.name);
    let readings = of_field.map_or(&[][..], |found| &found.readings);
    let same = readings
        .iter()
        .filter(|reading| same_spelling(&reading.value, &value.value));
    same.map(|reading| reading.engine.name().to_owned())
        .collect()
}

/// Checks a folder of evidence and the copy and manifest beside it, without a vault.
/// Empty when everything fits.
pub fn verify(settings: &Settings, folder: &Path) -> Result<Vec<Misfit>, Error> {
    let crew = Crew::new(settings.worker_program.clone(), settings.resources.clone());
    let beside = Beside {
        copy: &folder.with_extension("pdf"),
        manifest: &folder.with_extension("json"),
    };
    misfits(&crew, folder, beside)
}

pub(crate) fn misfits(
    crew: &Crew,
    folder: &Path,
    beside: Beside<'_>,
) -> Result<Vec<Misfit>, Error> {
    let Some(list) = scan::read_file(&folder.join(LIST))
        .ok()
        .and_then(|bytes| packaging::read_evidence(&bytes).ok())
    else {
        return Ok(vec![Misfit::List]);
    };
    let mut found = Vec::new();
    for (file, digest) in [
        (beside.copy, list.copy_sha256),
        (beside.manifest, list.manifest_sha256),
    ] {
        if !scan::read_file(file).is_ok_and(|bytes| Digest::of(&bytes) == digest) {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            found.push(Misfit::File(name.into_owned()));
        }
    }
    for (index, page) in list.pages.iter().enumerate() {
        let raw = scan::read_file(&folder.join(&page.file)).unwrap_or_default();
        let format = Path::new(&page.file)
            .extension()
            .and_then(|ending| RawFormat::from_name(&ending.to_string_lossy()));
        let Some(format) = format.filter(|_| Digest::of(&raw) == page.sha256) else {
            found.push(Misfit::File(page.file.clone()));
            continue;
        };
        let fields: Vec<&FieldEvidence> = list
            .fields
            .iter()
            .filter(|field| field.page == index)
            .collect();
        let places: Vec<Corners> = fields.iter().map(|field| field.polygon).collect();
        let pieces = or_nothing(crew.pieces(&raw, format, &places))?;
        for (index, field) in fields.into_iter().enumerate() {
            if pieces.get(index).map(|piece| piece.digest) != Some(field.crop_sha256) {
                found.push(Misfit::Place(field.name.clone()));
            }
            let picture = scan::read_file(&folder.join(&field.crop)).unwrap_or_default();
            let digest = or_nothing(crew.digest_of_piece(&picture, field.polygon))?;
            if digest != Some(field.crop_sha256) {
                found.push(Misfit::Picture(field.name.clone()));
            }
        }
    }
    Ok(found)
}

/// A picture that cannot be decoded fits nothing; a worker that was lost says nothing
/// about the picture.
fn or_nothing<T: Default>(answer: Result<T, Error>) -> Result<T, Error> {
    match answer {
        Err(error) if error.retryable() => Err(error),
        answer => Ok(answer.unwrap_or_default()),
    }
}
