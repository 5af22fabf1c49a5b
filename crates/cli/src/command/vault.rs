//! Making, recovering and checking a vault.

use std::path::Path;
use std::process::ExitCode;

use desk::{RecoveryKey, Subset, session};
use domain::code::AgencyCode;
use domain::digest::Digest;

use super::{new_passphrase, passphrase, settings, sign_in};
use crate::arguments::VaultFolder;
use crate::exit::{REFUSED, Trouble};
use crate::output::{say, say_json, tell};
use crate::shape::{BackedUp, Checked, Restored, VaultMade};

pub(super) fn init(
    vault: &Path,
    office: AgencyCode,
    officer: &str,
    json: bool,
) -> Result<ExitCode, Trouble> {
    let passphrase = passphrase("New passphrase: ")?;
    let (new, recovery_key) = session::begin(&settings(vault)?, office, officer, &passphrase)?;
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
    // Only now: cut short before, there is no vault rather than one whose key nobody saw.
    drop(new.finish()?);
    Ok(ExitCode::SUCCESS)
}

pub(super) fn recover(vault: &VaultFolder) -> Result<ExitCode, Trouble> {
    session::recover(
        &settings(&vault.vault)?,
        &recovery_key()?,
        vault.officer.as_deref(),
        &passphrase("New passphrase: ")?,
    )?;
    say("The vault opens with the new passphrase.");
    Ok(ExitCode::SUCCESS)
}

fn recovery_key() -> Result<RecoveryKey, Trouble> {
    let typed = match std::env::var("SOHOA_RECOVERY_KEY") {
        Ok(key) => key,
        Err(_) => {
            rpassword::prompt_password("Recovery key: ").map_err(|_| Trouble::NoPassphrase)?
        }
    };
    typed.parse().map_err(|_| Trouble::NotARecoveryKey)
}

pub(super) fn back_up(vault: &VaultFolder, folder: &Path, json: bool) -> Result<ExitCode, Trouble> {
    let report = desk::backup::back_up(&sign_in(vault)?, folder)?;
    if json {
        say_json(&BackedUp {
            folder: folder.display().to_string(),
            sealed_files: report.sealed_files,
            copied: report.copied,
            opened: report.opened,
        });
    } else {
        say(&format!(
            "The copy in {} is up to date: {} sealed files, {} of them new, {} opened again to see that they can be read.",
            folder.display(),
            report.sealed_files,
            report.copied,
            report.opened
        ));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn restore(
    vault: &VaultFolder,
    folder: &Path,
    by_recovery_key: bool,
    json: bool,
) -> Result<ExitCode, Trouble> {
    let (settings, officer) = (settings(&vault.vault)?, vault.officer.as_deref());
    let desk = if by_recovery_key {
        let key = recovery_key()?;
        let new = new_passphrase("New passphrase: ")?;
        desk::backup::restore_with_recovery_key(&settings, folder, &key, officer, &new)?
    } else {
        desk::backup::restore(&settings, folder, officer, &passphrase("Passphrase: ")?)?
    };
    let epoch = desk.office().station.epoch;
    if json {
        say_json(&Restored {
            vault: vault.vault.display().to_string(),
            epoch,
        });
    } else {
        say(&format!(
            "The vault stands in {}; its codes go on in epoch {epoch}.",
            vault.vault.display()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn check(vault: &VaultFolder, subset: Subset, json: bool) -> Result<ExitCode, Trouble> {
    let report = sign_in(vault)?.check_subset(subset)?;
    if json {
        let names = |digests: &[Digest]| digests.iter().map(ToString::to_string).collect();
        say_json(&Checked {
            sound: report.is_sound(),
            database_faults: report.database_faults,
            audit_whole: report.audit.is_whole(),
            door_damaged: report.door_damaged,
            key_file_damaged: report.key_file_damaged,
            count_damaged: report.count_damaged,
            lost_writes: report.lost_writes,
            sealed_files: report.sealed_files,
            damaged: names(&report.damaged),
            missing: names(&report.missing),
            forged_tombstones: report
                .forged_tombstones
                .iter()
                .map(ToString::to_string)
                .collect(),
            unreferenced: report.unreferenced,
        });
        return Ok(if report.is_sound() {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(REFUSED)
        });
    }
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
    for page in &report.forged_tombstones {
        tell(&format!(
            "Page {page} is said to be erased, and the audit trail knows nothing of it."
        ));
    }
    if report.lost_writes > 0 {
        tell(&format!(
            "{} writes that had been acknowledged are gone: the log of the database was damaged, or an older database was put into its place.",
            report.lost_writes
        ));
    }
    if report.key_file_damaged {
        tell("The key file has changed and still opens; a change of a passphrase writes it anew.");
    }
    if report.count_damaged {
        tell("The file that counts writes was damaged; it was begun anew.");
    }
    if report.door_damaged {
        tell("The file that counts wrong passphrases was damaged; it was begun anew.");
    }
    for digest in report.damaged.iter().chain(&report.missing) {
        tell(&format!("  {digest}"));
    }
    Ok(ExitCode::from(REFUSED))
}
