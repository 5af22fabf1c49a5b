//! Receiving a dossier: whose papers, for which procedure, which components.

use domain::audit::Act;
use domain::code::{ComponentCode, ProcedureCode, ResultTypeCode};
use domain::dossier::{Dossier, DossierComponent, Owner, SubmittedAs};
use domain::ids::{DossierComponentId, DossierId};
use extraction::{TypedQr, UnprovenPart};
use uuid::Uuid;

use crate::error::Refusal;
use crate::{Desk, Error};

/// What the officer enters at reception.
#[derive(Clone, Debug, Default)]
pub struct NewDossier {
    /// Whose papers.
    pub owner: Owner,
    /// The procedure, when known.
    pub procedure: Option<ProcedureCode>,
    /// The components handed in, in order.
    pub components: Vec<NewComponent>,
}

/// One component handed in.
#[derive(Clone, Debug)]
pub struct NewComponent {
    /// Name as in the procedure's list, or as the officer wrote it.
    pub name: String,
    /// National code, when it has one.
    pub code: Option<ComponentCode>,
    /// Result type, when it is a result of an earlier procedure.
    pub result_type: Option<ResultTypeCode>,
    /// In what form.
    pub submitted_as: SubmittedAs,
}

/// Receives a dossier and gives it its provisional number.
pub fn receive(desk: &Desk, new: NewDossier) -> Result<Dossier, Error> {
    let id = DossierId::from_uuid(Uuid::now_v7());
    let components = new
        .components
        .into_iter()
        .map(|component| DossierComponent {
            id: DossierComponentId::from_uuid(Uuid::now_v7()),
            name: domain::fold::normalise(&component.name),
            code: component.code,
            result_type: component.result_type,
            submitted_as: component.submitted_as,
            document_id: None,
        });
    let components = components.collect();
    desk.vault.write(|write| {
        let dossier = Dossier {
            id,
            provisional_number: write.next_provisional_number(desk.clock.today())?,
            code: None,
            procedure: new.procedure,
            owner: new.owner,
            received_at: desk.clock.now(),
            received_by: desk.officer.id,
            components,
        };
        write.insert_dossier(&dossier)?;
        desk.audit(write, Act::DossierReceived(id))?;
        Ok(dossier)
    })
}

/// What the code of an identity card says, as a USB reader typed it.
///
/// A code that cannot be trusted is refused as a whole: half a card filled in would
/// be taken for a whole one.
pub fn read_card(typed: &str) -> Result<TypedQr, Refusal> {
    let card = extraction::undo_typing(typed).ok_or(Refusal::NotACard)?;
    // Names of some peoples of Vietnam are no Vietnamese syllables, and a person
    // compares them with the card; digits and signs stand in no name.
    let name = &card.qr.name;
    let is_name = name
        .chars()
        .all(|letter| letter.is_alphabetic() || " '-.".contains(letter));
    if card.doubtful.contains(&UnprovenPart::Name) && (name.is_ascii() || !is_name) {
        return Err(Refusal::NotACard);
    }
    Ok(card)
}

/// A dossier by its key.
pub fn dossier(desk: &Desk, id: DossierId) -> Result<Dossier, Error> {
    Ok(desk.vault.read(|read| read.dossier(id))?)
}

/// The newest dossiers first.
pub fn recent(desk: &Desk, limit: usize) -> Result<Vec<Dossier>, Error> {
    Ok(desk.vault.read(|read| read.recent_dossiers(limit))?)
}
