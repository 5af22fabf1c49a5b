//! What a dossier cost in keys and clicks.

use std::process::ExitCode;

use crate::arguments::VaultFolder;
use crate::command::sign_in;
use crate::exit::Trouble;
use crate::output::{say, say_json, tell};
use crate::shape;

/// More dossiers than a desk receives in a month.
const DOSSIERS: usize = 1000;

pub(in crate::command) fn effort(vault: &VaultFolder, json: bool) -> Result<ExitCode, Trouble> {
    let dossiers = desk::effort::by_dossier(&sign_in(vault)?, DOSSIERS)?;
    for dossier in &dossiers {
        let line = shape::Effort {
            dossier: dossier.provisional_number.clone(),
            documents: dossier.documents,
            keys: dossier.effort.keys,
            clicks: dossier.effort.clicks,
            prefilled: dossier.effort.prefilled,
        };
        if json {
            say_json(&line);
        } else {
            say(&format!(
                "{}  {} documents  {} keys  {} clicks  {} fields filled in beforehand  {} keys per field",
                line.dossier,
                line.documents,
                line.keys,
                line.clicks,
                line.prefilled,
                per_field(line.keys, line.prefilled),
            ));
        }
    }
    if dossiers.is_empty() && !json {
        tell("nothing was deposited in the window yet");
    }
    Ok(ExitCode::SUCCESS)
}

fn per_field(keys: u32, fields: u32) -> String {
    if fields == 0 {
        return "–".to_owned();
    }
    format!("{:.2}", f64::from(keys) / f64::from(fields))
}
