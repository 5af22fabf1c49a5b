//! A copy of the whole vault on another medium, encrypted as it is, and the way back.

use std::path::Path;

use domain::audit::Act;
use domain::rights::Right;
use vault::{BackupReport, OpenedBy, Passphrase, Vault};

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
