//! The main job on a machine without a display: the sample dossier, end to end.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use desk::demo::{Demonstration, PAPER_COUNT, PROCEDURE};
use desk::reception::{self, NewComponent, NewDossier};
use desk::{
    CancelToken, ColourMode, Desk, ScanSettings, ScanSource, Sides, deposit, export, review, scan,
};
use domain::dossier::{Dossier, SubmittedAs};
use domain::field::Grade;

use super::read::field_line;
use super::settings;
use crate::exit::Trouble;
use crate::output::{say, say_json};
use crate::shape::{DemoField, DemoPaper};

pub(super) fn run(dir: Option<PathBuf>, json: bool) -> Result<ExitCode, Trouble> {
    let dir = match dir {
        Some(dir) => dir,
        None => fresh_folder()?,
    };
    let demonstration = Demonstration::at(&dir)?;
    let desk = demonstration.sign_in(&settings(&demonstration.vault())?)?;
    if !json {
        say(&format!(
            "Demonstration desk in {} (officer {}).",
            dir.display(),
            desk.officer().name
        ));
    }
    let dossier = reception::receive(&desk, sample_dossier(&desk))?;
    for paper in 0..PAPER_COUNT {
        one(
            &desk,
            &demonstration,
            &dossier,
            paper,
            &dir.join("copies"),
            json,
        )?;
    }
    if !json {
        say("");
        say(
            "Marks: ✓ certain, ● a person must look (confirmed here at one stroke, as the trail says), – empty.",
        );
        say(
            "Inside the vault everything is encrypted; the copies above were exported for you to open.",
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn fresh_folder() -> Result<PathBuf, Trouble> {
    let parent = std::env::temp_dir();
    for number in 1..10_000 {
        let folder = parent.join(format!("sohoa-demo-{number}"));
        match std::fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Trouble::Folder(error)),
        }
    }
    Err(Trouble::Folder(std::io::ErrorKind::AlreadyExists.into()))
}

/// The dossier whose components the sample papers are.
fn sample_dossier(desk: &Desk) -> NewDossier {
    let mut procedures = desk.catalogue().procedures().iter();
    let procedure = procedures.find(|procedure| procedure.code.as_str() == PROCEDURE);
    let components = (0..PAPER_COUNT).map(|index| {
        let listed = procedure.and_then(|procedure| procedure.components.get(index));
        NewComponent {
            name: listed.map_or_else(String::new, |listed| listed.name.clone()),
            code: listed.and_then(|listed| listed.code.clone()),
            result_type: listed.and_then(|listed| listed.result_type.clone()),
            submitted_as: SubmittedAs::Original,
        }
    });
    NewDossier {
        procedure: procedure.map(|procedure| procedure.code.clone()),
        components: components.collect(),
        ..NewDossier::default()
    }
}

fn one(
    desk: &Desk,
    demonstration: &Demonstration,
    dossier: &Dossier,
    paper: usize,
    copies: &Path,
    json: bool,
) -> Result<(), Trouble> {
    let begun = Instant::now();
    let document = scan::begin(desk, dossier.id, dossier.components[paper].id)?;
    let settings = ScanSettings {
        source: ScanSource::Feeder,
        sides: Sides::One,
        dpi: 200,
        colour: ColourMode::Colour,
    };
    let mut pages = Vec::new();
    let device = demonstration.device().id;
    scan::scan_pages(
        desk,
        document.id,
        &scan::Scan::new(&device, &settings),
        &CancelToken::default(),
        &mut |page| {
            pages.push(crate::shape::in_words(page.raw.size, page.raw.dpi));
        },
    )?;
    let (proposed, times) = review::extract_document(desk, document.id, None, &|_| {})?;
    let open = proposed.open.len();
    review::confirm_all(desk, document.id)?;
    let record = deposit::deposit(desk, document.id)?;
    let exported = export::export(desk, &record.local_code.to_string(), copies)?;
    let fields: Vec<DemoField> = proposed
        .fields
        .iter()
        .map(|field| DemoField {
            name: field.candidate.name.to_string(),
            value: field.candidate.value.clone(),
            grade: field.candidate.grade.name(),
        })
        .collect();
    if json {
        say_json(&DemoPaper {
            paper: paper + 1,
            pages: pages.len(),
            kind: record.document_type.to_string(),
            local_code: record.local_code.to_string(),
            code: record.code.text.clone(),
            copy: exported.copy.display().to_string(),
            fields,
            elapsed_ms: begun.elapsed().as_millis() as u64,
        });
        return Ok(());
    }
    say("");
    say(&format!(
        "Paper {} · {} · {} ms",
        paper + 1,
        record.document_type,
        begun.elapsed().as_millis()
    ));
    say(&format!(
        "  1 scan     {} page(s) sealed in the vault: {}",
        pages.len(),
        pages.join("; ")
    ));
    say(&format!(
        "  2 extract  {} ms, {open} field(s) for a person",
        times.total_ms
    ));
    for field in &proposed.fields {
        if field.candidate.grade != Grade::Empty {
            say(&format!(
                "  {}",
                field_line(
                    field.candidate.name.as_str(),
                    &field.candidate.value,
                    field.candidate.grade
                )
            ));
        }
    }
    let empty: Vec<&str> = fields
        .iter()
        .filter(|field| field.grade == "empty")
        .map(|field| field.name.as_str())
        .collect();
    if !empty.is_empty() {
        say(&format!("    – not on the paper   {}", empty.join(", ")));
    }
    say(&format!(
        "  3 code     {} (provisional until a centre confirms it)",
        record.code.text
    ));
    say(&format!(
        "  4 store    {}, copy {}",
        record.local_code,
        exported.copy.display()
    ));
    Ok(())
}
