//! Kinds of paper that were taught by corrections.

use std::process::ExitCode;

use super::sign_in;
use crate::arguments::VaultFolder;
use crate::exit::Trouble;
use crate::output::{say, say_json};
use crate::shape::{Forgotten, TaughtKind};

pub(super) fn learn(vault: &VaultFolder, json: bool) -> Result<ExitCode, Trouble> {
    for (kind, lessons) in desk::kinds::learn(&sign_in(vault)?)? {
        let kind = kind.to_string();
        if json {
            say_json(&TaughtKind { kind, lessons });
        } else {
            say(&format!("{kind}: {lessons} papers"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn forget(vault: &VaultFolder, json: bool) -> Result<ExitCode, Trouble> {
    let lessons = desk::kinds::forget(&sign_in(vault)?)?;
    if json {
        say_json(&Forgotten { lessons });
    } else {
        say(&format!("{lessons} lessons are forgotten."));
    }
    Ok(ExitCode::SUCCESS)
}
