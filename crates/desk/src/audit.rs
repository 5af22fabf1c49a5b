//! The audit trail (nhật ký) handed out, and checked by whoever got it.

use std::path::Path;

use domain::audit::Act;
use domain::rights::Right;
use vault::{AuditExportReport, AuditMark, AuditTrail, KnownOfAudit};

use crate::export::write_whole;
use crate::{Desk, Error};

/// Writes the whole trail into a file that can be checked without the vault. The file
/// ends with the act of writing it.
pub fn export(desk: &Desk, file: &Path) -> Result<AuditMark, Error> {
    desk.may(Right::ReadAudit)?;
    let (written, mark) = desk.vault.write(|write| {
        desk.audit(write, Act::AuditExported)?;
        let written = write.export_audit(desk.clock.now())?;
        Ok::<_, Error>((written, write.audit_mark()?))
    })?;
    write_whole(file, &written)?;
    Ok(mark)
}

/// Checks an exported trail; needs no vault and no key. What is known of the trail from
/// elsewhere makes the answer stronger.
pub fn verify_file(file: &Path, known: &KnownOfAudit) -> Result<AuditExportReport, Error> {
    let bytes = std::fs::read(file).map_err(|source| Error::FileUnreadable {
        path: file.to_owned(),
        source,
    })?;
    Ok(vault::verify_audit_export(&bytes, known))
}

/// Checks the trail in the vault itself: every event, every signed head, and every end
/// that was sent along with a record.
pub fn verify(desk: &Desk) -> Result<(AuditTrail, AuditMark), Error> {
    desk.may(Right::CheckVault)?;
    Ok(desk
        .vault
        .read(|read| Ok::<_, vault::Error>((read.verify_audit()?, read.audit_mark()?)))?)
}
