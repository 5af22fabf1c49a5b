//! How often a paper needed no second scan.

use std::process::ExitCode;

use crate::arguments::VaultFolder;
use crate::command::sign_in;
use crate::exit::Trouble;
use crate::output::{say, say_json};
use crate::shape::ReuseReport;

pub(in crate::command) fn reuse(vault: &VaultFolder, json: bool) -> Result<ExitCode, Trouble> {
    let total = desk::reuse::total(&sign_in(vault)?)?;
    if json {
        say_json(&ReuseReport {
            components: total.components,
            digitised: total.digitised,
            reused: total.reused,
            left_out: total.left_out,
            dossiers_with_reuse: total.dossiers_with_reuse,
        });
    } else {
        say(&format!(
            "{} components: {} digitised, {} reused in {} dossiers, {} left out with a reason",
            total.components,
            total.digitised,
            total.reused,
            total.dossiers_with_reuse,
            total.left_out
        ));
    }
    Ok(ExitCode::SUCCESS)
}
