//! A copy of the whole vault on another medium, encrypted as it is, and the way back.

use std::path::Path;

use domain::audit::Act;
use domain::rights::Right;
use vault::{BackupReport, OpenedBy, Passphrase, RecoveryKey, Vault};

use crate::session::{self, Entering};
use crate::{Desk, Error, Settings};

/// Brings the copy in `folder` up to date, or makes it. Work goes on meanwhile.
// QCVN 12:2026/BCA: three copies on two media, one of them away from the desk.
pub fn back_up(desk: &Desk, folder: &Path) -> Result<BackupReport, Error> {
    desk.may(Right::BackUp)?;
    desk.vault.write(|write| desk.audit(write, Act::BackedUp))?;
    Ok(desk.vault.back_up(folder)?)
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
