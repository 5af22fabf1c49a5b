//! Records handed out, and packages checked.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use desk::package::{self, Part};
use desk::{archive, portal};
use domain::signature::Answer;

use super::{file_name, find, settings, sign_in, slip};
use crate::arguments::{Export, ExportForm};
use crate::exit::{PERSON, REFUSED, Trouble};
use crate::output::{say, say_json};
use crate::shape;

pub(super) fn export(wanted: &Export, json: bool) -> Result<ExitCode, Trouble> {
    let Export {
        code, vault, out, ..
    } = wanted;
    let told = match wanted.form {
        ExportForm::Files => return find::export(vault, code, out, json),
        ExportForm::Package => {
            let made = package::export(&sign_in(vault)?, code, out)?;
            shape::Exported {
                copy: file_name(&made.copy),
                manifest: file_name(&made.record),
                evidence: Some(file_name(&made.evidence)),
                folder: Some(file_name(&made.folder)),
            }
        }
        ExportForm::Archive => {
            let made = archive::export(&sign_in(vault)?, code, out, wanted.retention.as_deref())?;
            shape::Exported {
                copy: file_name(&made.copy),
                manifest: file_name(&made.mets),
                evidence: None,
                folder: Some(file_name(&made.folder)),
            }
        }
        ExportForm::Portal => {
            let made = portal::export(&sign_in(vault)?, code, out)?;
            shape::Exported {
                copy: file_name(&made.copy),
                manifest: file_name(&made.json),
                evidence: None,
                folder: None,
            }
        }
    };
    if json {
        say_json(&told);
    } else {
        say(told.folder.as_ref().unwrap_or(&told.copy));
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether a folder says to be a package.
pub(super) fn is_one(folder: &Path) -> bool {
    folder.join("manifest.json").exists() || folder.join("manifest.sig").exists()
}

/// Checks a package; needs no vault.
pub(super) fn verify(folder: &Path, keys: &[PathBuf], json: bool) -> Result<ExitCode, Trouble> {
    let known = slip::known(keys)?;
    let parts = package::verify(&settings(Path::new(""))?, folder, &known)?;
    let answers: Vec<Answer> = parts.iter().filter_map(|part| part.answer).collect();
    let code = if answers.contains(&Answer::Bad) {
        ExitCode::from(REFUSED)
    } else if answers.contains(&Answer::CannotTell) {
        ExitCode::from(PERSON)
    } else {
        ExitCode::SUCCESS
    };
    let told: Vec<shape::PackagePart> = parts.iter().map(shape_of).collect();
    if json {
        say_json(&told);
        return Ok(code);
    }
    for part in told {
        say(&format!(
            "{:<12} {}",
            part.part,
            part.answer.unwrap_or("none")
        ));
        for misfit in part.misfits {
            say(&format!("    {misfit}"));
        }
    }
    Ok(code)
}

fn shape_of(part: &Part) -> shape::PackagePart {
    shape::PackagePart {
        part: part.name.name(),
        answer: part.answer.map(Answer::name),
        misfits: part.misfits.iter().map(ToString::to_string).collect(),
    }
}
