//! Making, recovering and checking a vault.

use std::path::Path;
use std::process::ExitCode;

use desk::{RecoveryKey, session};
use domain::code::AgencyCode;

use super::{passphrase, settings, sign_in};
use crate::arguments::VaultFolder;
use crate::exit::{REFUSED, Trouble};
use crate::output::{say, say_json, tell};
use crate::shape::VaultMade;

pub(super) fn init(
    vault: &Path,
    office: AgencyCode,
    officer: &str,
    json: bool,
) -> Result<ExitCode, Trouble> {
    let passphrase = passphrase("New passphrase: ")?;
    let (_, recovery_key) = session::create(&settings(vault)?, office, officer, &passphrase)?;
    if json {
        say_json(&VaultMade {
            vault: vault.display().to_string(),
            recovery_key: recovery_key.to_string(),
        });
    } else {
        say(&format!("The vault stands in {}.", vault.display()));
        say("Recovery key, shown this once; write it down and lock it away:");
        say(&format!("  {recovery_key}"));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn recover(vault: &VaultFolder) -> Result<ExitCode, Trouble> {
    let typed = match std::env::var("SOHOA_RECOVERY_KEY") {
        Ok(key) => key,
        Err(_) => {
            rpassword::prompt_password("Recovery key: ").map_err(|_| Trouble::NoPassphrase)?
        }
    };
    let key: RecoveryKey = typed.parse().map_err(|_| Trouble::NotARecoveryKey)?;
    session::recover(
        &settings(&vault.vault)?,
        &key,
        vault.officer.as_deref(),
        &passphrase("New passphrase: ")?,
    )?;
    say("The vault opens with the new passphrase.");
    Ok(ExitCode::SUCCESS)
}

pub(super) fn check(vault: &VaultFolder) -> Result<ExitCode, Trouble> {
    let report = sign_in(vault)?.check_vault()?;
    if report.is_sound() {
        say(&format!(
            "Everything is sound: {} sealed files, the database and the audit trail.",
            report.sealed_files
        ));
        return Ok(ExitCode::SUCCESS);
    }
    tell(&format!(
        "Damage was found: {} faults of the database, {} sealed files changed, {} missing, audit trail {}: restore from a backup.",
        report.database_faults,
        report.damaged.len(),
        report.missing.len(),
        if report.audit.is_whole() {
            "whole"
        } else {
            "broken"
        },
    ));
    for digest in report.damaged.iter().chain(&report.missing) {
        tell(&format!("  {digest}"));
    }
    Ok(ExitCode::from(REFUSED))
}
