//! What the officer's work costs: keys and clicks per dossier, counted by the
//! window and kept when a document is deposited.

use domain::ids::DocumentId;
use domain::rights::Right;
use vault::{DossierEffort, Effort};

use crate::error::Refusal;
use crate::{Desk, Error};

/// Keeps how many keys and clicks a deposited document took.
pub fn count(desk: &Desk, document_id: DocumentId, keys: u32, clicks: u32) -> Result<(), Error> {
    desk.may(Right::Deposit)?;
    desk.vault.write(|write| {
        let record = write
            .latest_record(document_id)?
            .ok_or(Refusal::NotExtracted)?;
        let prefilled = record.values.iter().filter(|value| {
            let proposed = value.proposed.as_ref().map(|proposed| &proposed.value);
            !proposed.unwrap_or(&value.value).is_empty()
        });
        let effort = Effort {
            keys,
            clicks,
            prefilled: prefilled.count() as u32,
        };
        write.insert_effort(document_id, effort, desk.clock.now())?;
        Ok(())
    })
}

/// What dossiers cost, the newest first.
pub fn by_dossier(desk: &Desk, limit: usize) -> Result<Vec<DossierEffort>, Error> {
    desk.may(Right::SeeFigures)?;
    Ok(desk.vault.read(|read| read.efforts(limit))?)
}
