//! What the machine sees, without a vault.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use desk::reading::{Reader, Reading};
use domain::document::DocumentType;
use domain::field::Grade;

use super::{file_name, settings};
use crate::exit::Trouble;
use crate::output::{say, say_json, tell};
use crate::shape;

pub(super) fn run(
    files: &[PathBuf],
    kind: Option<&DocumentType>,
    json: bool,
) -> Result<ExitCode, Trouble> {
    let reader = Reader::new(&settings(Path::new(""))?);
    let bytes = files
        .iter()
        .map(|file| desk::scan::read_file(file))
        .collect::<Result<Vec<_>, _>>()?;
    let reading = reader.read(&bytes, kind, &|_| {})?;
    let names: Vec<String> = files.iter().map(|file| file_name(file)).collect();
    if let Some(notice) = reading.recognised.notice() {
        tell(notice);
    }
    if json {
        say_json(&shape::Read::new(&reading, &names));
    } else {
        print(&reading, &names);
    }
    Ok(ExitCode::SUCCESS)
}

fn print(reading: &Reading, names: &[String]) {
    let recognised = &reading.recognised;
    for (index, (received, page)) in reading.received.iter().zip(&recognised.pages).enumerate() {
        let blank = if page.appraisal.blank { ", blank" } else { "" };
        say(&format!(
            "page {} of {}: {}, {}{blank}",
            index + 1,
            names[reading.file_of_page[index]],
            shape::in_words(received.size, received.dpi),
            page.appraisal.quality.verdict.name(),
        ));
    }
    let kind = &recognised.document_type;
    say(&format!(
        "kind: {} ({})",
        kind.document_type,
        kind.grade.name()
    ));
    for field in &reading.fields {
        say(&field_line(field.name.as_str(), &field.value, field.grade));
    }
    let times = recognised.times;
    say(&format!(
        "{} ms: clean {}, recognise {}, extract {}",
        times.total_ms, times.clean_ms, times.recognise_ms, times.extract_ms
    ));
}

/// A field for people: mark, name, value.
pub(super) fn field_line(name: &str, value: &str, grade: Grade) -> String {
    let mark = match grade {
        Grade::Certain => "✓",
        Grade::Check => "●",
        Grade::Empty => "–",
    };
    format!("  {mark} {name:<18} {value}")
}
