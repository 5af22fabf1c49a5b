//! Finding deposited records again.

use domain::audit::{Act, AuditEvent};
use domain::document::Document;
use domain::record::Record;
use vault::SearchHit;

use crate::error::Refusal;
use crate::{Desk, Error};

/// Records by code, owner, number or words; exact spelling first.
pub fn search(desk: &Desk, words: &str, limit: usize) -> Result<Vec<SearchHit>, Error> {
    Ok(desk.vault.read(|read| read.search(words, limit))?)
}

/// A record in full, with its history.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The latest version.
    pub record: Record,
    /// Its document.
    pub document: Document,
    /// What happened to it.
    pub history: Vec<AuditEvent>,
}

/// The latest version of the record that has this local or digitisation code.
/// Looking is itself an act that the trail keeps.
pub fn show(desk: &Desk, code: &str) -> Result<Shown, Error> {
    let record = desk
        .vault
        .read(|read| read.record_by_code(code))?
        .ok_or(Refusal::UnknownCode)?;
    desk.vault.write(|write| {
        desk.audit(write, Act::Viewed(record.document_id))?;
        Ok(Shown {
            document: write.document(record.document_id)?,
            history: write.audit_of(record.document_id)?,
            record,
        })
    })
}
