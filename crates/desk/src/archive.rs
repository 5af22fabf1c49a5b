//! The form that archives take, written into a folder.

use std::path::{Path, PathBuf};

use domain::audit::{Act, AuditEvent};
use domain::page::RawFormat;
use domain::rights::Right;
use packaging::{Archived, ArchivedEvent, ArchivedFile};

use crate::error::Refusal;
use crate::export::{Exportable, write_whole};
use crate::{Desk, Error};

/// What is digitised from paper, in the trust levels of archives.
// Circular 05/2025/TT-BNV: 01 born digital, 02 digitised, 03 mixed.
const BORN_DIGITAL: &str = "01";
const DIGITISED: &str = "02";

/// A package for an archive that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivePackage {
    /// Its folder.
    pub folder: PathBuf,
    /// The file that describes all others.
    pub mets: PathBuf,
    /// The electronic copy.
    pub copy: PathBuf,
}

/// Writes a record as archives take it, into a folder of its own. The retention period is
/// one of the office's list, by its code.
pub fn export(
    desk: &Desk,
    code: &str,
    folder: &Path,
    retention: Option<&str>,
) -> Result<ArchivePackage, Error> {
    desk.may(Right::Export)?;
    let periods = &desk.catalogue.retention().periods;
    let is_listed = |code: &str| periods.iter().any(|period| period.code == code);
    if retention.is_some_and(|code| !is_listed(code)) {
        return Err(Refusal::UnknownRetention.into());
    }
    let found = Exportable::find(desk, code)?;
    let archived = archived(desk, found, retention)?;
    let folder = folder.join(&archived.object_id);
    std::fs::create_dir_all(folder.parent().unwrap_or(&folder)).map_err(Error::File)?;
    // What lay in a folder that is there already would be taken for a part of the package.
    std::fs::create_dir(&folder).map_err(Error::File)?;
    let copy = format!(
        "representations/rep1/data/{}",
        archived.representations[0][0].name
    );
    for (path, bytes) in packaging::archive(&archived) {
        let file = folder.join(path);
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent).map_err(Error::File)?;
        }
        write_whole(&file, &bytes)?;
    }
    Ok(ArchivePackage {
        mets: folder.join("METS.xml"),
        copy: folder.join(copy),
        folder,
    })
}

fn archived(desk: &Desk, found: Exportable, retention: Option<&str>) -> Result<Archived, Error> {
    let Exportable {
        record,
        copy,
        pdf,
        manifest,
        ..
    } = found;
    let id = record.document_id;
    // The trail first, so that the package tells of itself too.
    let (pages, trail, excerpt) = desk.vault.write(|write| {
        desk.audit(write, Act::Exported(id))?;
        Ok::<_, Error>((
            write.pages_of(id)?,
            write.audit_of(id)?,
            write.audit_excerpt(id)?,
        ))
    })?;
    let mut raw = Vec::new();
    for (number, page) in (1..).zip(&pages) {
        raw.push(ArchivedFile {
            name: format!("page-{number}.{}", page.raw.format.name()),
            media_type: media_type(page.raw.format),
            bytes: desk.vault.unseal(&page.raw.sealed_digest)?.to_vec(),
        });
    }
    let form = desk.catalogue.form(&record.document_type);
    let said = |name: &str| record.value(name).unwrap_or_default().to_owned();
    let title = [said("title"), said("summary")].join(" ").trim().to_owned();
    let facts = record.values.iter().filter(|value| !value.value.is_empty());
    let facts = facts.map(|value| {
        let field = form.and_then(|form| form.field(&value.name));
        let label = field.map_or(value.name.as_str(), |field| &field.label);
        (label.to_owned(), value.value.clone())
    });
    let file = |name: &str, media_type, bytes| ArchivedFile {
        name: name.to_owned(),
        media_type,
        bytes,
    };
    Ok(Archived {
        object_id: record.local_code.to_string(),
        made_at: desk.clock.now(),
        office: desk.office.code.to_string(),
        title: match (title.is_empty(), form) {
            (true, Some(form)) => form.title.clone(),
            _ => title,
        },
        number: said("number"),
        issued_on: said("issued_on"),
        issuer: said("issuer"),
        retention: retention.map(str::to_owned),
        trust_level: if copy.born_electronic {
            BORN_DIGITAL
        } else {
            DIGITISED
        }
        .to_owned(),
        facts: facts.collect(),
        events: trail.iter().filter_map(event).collect(),
        representations: vec![vec![file("copy.pdf", "application/pdf", pdf)], raw],
        documentation: vec![
            file("record.json", "application/json", manifest),
            file("audit.jsonl", "application/jsonl", excerpt),
        ],
    })
}

const fn media_type(format: RawFormat) -> &'static str {
    match format {
        RawFormat::Jpeg => "image/jpeg",
        RawFormat::Png => "image/png",
        RawFormat::Tiff => "image/tiff",
        RawFormat::Webp => "image/webp",
        RawFormat::Bmp => "image/bmp",
    }
}

/// What an event of the trail is in the words of PREMIS; who only looked is no part of
/// the history of a paper.
fn event(event: &AuditEvent) -> Option<ArchivedEvent> {
    let kind = match &event.act {
        Act::PageStored(..) => "capture",
        Act::PageChanged(..) | Act::PageMasked(..) => "modification",
        Act::PageVoided(..) => "deaccession",
        Act::Extracted(_) => "creation",
        Act::FieldConfirmed(..) | Act::FieldCorrected(..) | Act::AllConfirmed(_) => {
            "metadata modification"
        }
        Act::CopySigned(_) | Act::CopyTimestamped(_) => "digital signature generation",
        Act::Deposited(_) => "ingestion",
        Act::Exported(_) => "dissemination",
        _ => return None,
    };
    Some(ArchivedEvent {
        id: event.id.to_string(),
        kind,
        at: event.happened_at,
        agent: event.officer_id.to_string(),
    })
}
