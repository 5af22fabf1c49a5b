//! A copy of the whole vault on another medium, encrypted as it is, and the way back.

use std::path::Path;

use chrono::TimeDelta;
use domain::audit::Act;
use domain::rights::Right;
use vault::{BackupReport, LastBackup, OpenedBy, Passphrase, RecoveryKey, Vault};

use crate::error::Refusal;
use crate::session::{self, Entering};
use crate::{Desk, Error, Settings};

/// An office can do the work of so many days again, while the papers are still at hand.
const DUE_AFTER_DAYS: i64 = 7;

/// How it stands with the backups of this desk.
#[derive(Clone, Debug)]
pub struct State {
    /// The backup that was made last.
    pub last: Option<LastBackup>,
    /// Whether it is time for another one.
    pub is_due: bool,
}

/// How it stands with the backups of this desk.
pub fn state(desk: &Desk) -> Result<State, Error> {
    desk.may(Right::BackUp)?;
    let last = desk.vault.read(|read| read.last_backup())?;
    let until = desk.clock.now() - TimeDelta::days(DUE_AFTER_DAYS);
    Ok(State {
        is_due: last.as_ref().is_none_or(|last| last.made_at < until),
        last,
    })
}

/// Tries whether the backup that was made last could be brought back, with the officer's
/// passphrase, as on the day when the desk is gone.
pub fn try_out(desk: &Desk, passphrase: &Passphrase) -> Result<BackupReport, Error> {
    desk.may(Right::BackUp)?;
    let last = desk.vault.read(|read| read.last_backup())?;
    let folder = last.ok_or(Refusal::NoBackup)?.folder;
    // A name that the key file knows only where there are several.
    let officers = Vault::officers(Path::new(&folder))?;
    let name = (officers.len() > 1).then_some(desk.officer.name.as_str());
    let opened_by = OpenedBy::Officer(name, passphrase);
    let report = desk.vault.try_backup(Path::new(&folder), &opened_by)?;
    let now = desk.clock.now();
    desk.vault
        .write(|write| write.note_backup_tried(&folder, report.sealed_files, now))?;
    Ok(report)
}

/// Brings the copy in `folder` up to date, or makes it. Work goes on meanwhile.
// QCVN 12:2026/BCA: three copies on two media, one of them away from the desk.
pub fn back_up(desk: &Desk, folder: &Path) -> Result<BackupReport, Error> {
    desk.may(Right::BackUp)?;
    desk.vault.write(|write| desk.audit(write, Act::BackedUp))?;
    let report = desk.vault.back_up(folder)?;
    let folder = std::path::absolute(folder).map_err(Error::File)?;
    let (folder, now) = (folder.to_string_lossy(), desk.clock.now());
    desk.vault
        .write(|write| write.note_backup(&folder, report.sealed_files, now))?;
    Ok(report)
}

/// Makes a vault from a copy and signs its officer in, with the passphrase of the day of
/// the copy.
pub fn restore(
    settings: &Settings,
    from: &Path,
    officer: Option<&str>,
    passphrase: &Passphrase,
) -> Result<Desk, Error> {
    Vault::restore(
        from,
        &settings.vault,
        &OpenedBy::Officer(officer, passphrase),
    )?;
    let entering = Entering {
        officer,
        passphrase,
        new_passphrase: None,
    };
    let desk = session::enter(settings, &entering)?;
    desk.vault.write(|write| desk.audit(write, Act::Restored))?;
    Ok(desk)
}

/// The same with the recovery key, and a new passphrase for an officer: the way back when
/// nobody knows a passphrase of the day of the copy.
pub fn restore_with_recovery_key(
    settings: &Settings,
    from: &Path,
    key: &RecoveryKey,
    officer: Option<&str>,
    new_passphrase: &Passphrase,
) -> Result<Desk, Error> {
    // Refused before anything is made: a vault that nobody may enter is in the way.
    session::check_new_passphrase(settings, new_passphrase)?;
    Vault::restore(from, &settings.vault, &OpenedBy::RecoveryKey(key))?;
    let desk = session::recover(settings, key, officer, new_passphrase)?;
    desk.vault.write(|write| desk.audit(write, Act::Restored))?;
    Ok(desk)
}
