//! What people and known-answer pages found out about reading.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use desk::KindTotal;
use desk::kinds;
use desk::known::{self, KnownReport};
use desk::reading::Reader;
use desk::trust::{self, FieldRecord};
use domain::trust::Proportion;

use crate::arguments::VaultFolder;
use crate::command::{settings, sign_in};
use crate::exit::Trouble;
use crate::output::{say, say_json, tell};
use crate::shape::{KnownShape, ReadingReport};

pub(in crate::command) fn reading(
    vault: Option<&VaultFolder>,
    known: Option<&PathBuf>,
    json: bool,
) -> Result<ExitCode, Trouble> {
    let (kinds, records) = match vault {
        Some(vault) => {
            let desk = sign_in(vault)?;
            (kinds::report(&desk)?, trust::report(&desk)?)
        }
        None => (Vec::new(), Vec::new()),
    };
    let known = known.map(|folder| measured(folder)).transpose()?;
    if json {
        say_json(&ReadingReport::new(&kinds, &records, known.as_ref()));
        return Ok(ExitCode::SUCCESS);
    }
    if vault.is_some() {
        say_kinds(&kinds);
        say_records(&records);
    }
    if let Some(known) = &known {
        say_known(known);
    }
    Ok(ExitCode::SUCCESS)
}

fn measured(folder: &Path) -> Result<KnownReport, Trouble> {
    let papers = known::papers(folder)?;
    let reader = Reader::new(&settings(Path::new(""))?);
    let each = |index: usize| tell(&format!("reading {} of {}", index + 1, papers.len()));
    Ok(known::measure(&reader, &papers, &each)?)
}

fn say_kinds(kinds: &[KindTotal]) {
    for kind in kinds {
        say(&format!(
            "{}: {} of {} papers seen to be that, {} certain, {} certain and wrong",
            kind.document_type, kind.right, kind.papers, kind.certain, kind.certain_wrong
        ));
    }
}

fn say_records(records: &[FieldRecord]) {
    if records.is_empty() {
        say("Nobody has looked at a deposited value yet.");
        return;
    }
    say("kind and field: certain values looked at, wrong (95 % bounds); checks, needless");
    for record in records {
        let force = match record.calibration {
            calibration if calibration.poor_record => "  certain is not believed",
            calibration if calibration.unsure_passes => "  unsure passes",
            _ => "",
        };
        say(&format!(
            "{}.{}: {}; {} checks, {} needless{force}",
            record.document_type,
            record.field,
            with_bounds(record.certain),
            record.checked.looks,
            needless(record.checked),
        ));
        for (doubt, found) in &record.by_doubt {
            say(&format!(
                "    {:<18} {} checks, {} needless",
                doubt.name(),
                found.looks,
                needless(*found)
            ));
        }
    }
}

fn with_bounds(found: Proportion) -> String {
    format!(
        "{} looked at, {} wrong ({:.2} to {:.2} %)",
        found.looks,
        found.wrong,
        found.lower_bound() * 100.0,
        found.upper_bound() * 100.0
    )
}

fn needless(found: Proportion) -> u32 {
    found.looks - found.wrong
}

fn say_known(known: &KnownReport) {
    let shape = KnownShape::new(known);
    say(&format!(
        "{} known papers: {} kinds right, {} certain and wrong",
        known.papers,
        known.kinds_right(),
        known.kinds_certain_wrong()
    ));
    say_kinds(&known.kinds);
    for ((document_type, field), counted) in &known.fields {
        say(&format!(
            "{document_type}.{field}: {} of {} right, {} certain, {} certain and wrong",
            counted.right, counted.asked, counted.certain, counted.certain_wrong
        ));
    }
    if let Some(share) = shape.character_error_rate() {
        say(&format!(
            "characters: {} errors in {} ({:.2} %)",
            known.character_errors,
            known.characters,
            share * 100.0
        ));
    }
}
