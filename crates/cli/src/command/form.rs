//! Forms as files.

use std::path::Path;
use std::process::ExitCode;

use crate::exit::Trouble;
use crate::output::{say, say_json};
use crate::shape;

/// Whether a form file may join the catalogue; its first fault otherwise.
pub(super) fn check(file: &Path, json: bool) -> Result<ExitCode, Trouble> {
    let bytes = desk::scan::read_file(file)?;
    let form = desk::check_form(&super::file_name(file), &String::from_utf8_lossy(&bytes))?;
    if json {
        say_json(&shape::FormChecked {
            file: super::file_name(file),
            document_type: form.document_type.to_string(),
            fields: form.fields.len(),
        });
    } else {
        say(&format!(
            "{}: {} with {} fields, nothing wrong",
            super::file_name(file),
            form.document_type,
            form.fields.len()
        ));
    }
    Ok(ExitCode::SUCCESS)
}
