//! Receiving a dossier: whose papers, for which procedure, which components.

use domain::audit::Act;
use domain::code::{ComponentCode, DossierCode, ProcedureCode, ResultTypeCode};
use domain::dossier::{Dossier, DossierComponent, Owner, SubmittedAs};
use domain::ids::{DossierComponentId, DossierId};
use domain::rights::Right;
use extraction::{TypedQr, UnprovenPart};
use uuid::Uuid;
use vault::Writer;

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

impl NewComponent {
    /// The component with a key of its own.
    pub(crate) fn into_component(self) -> DossierComponent {
        DossierComponent {
            id: DossierComponentId::from_uuid(Uuid::now_v7()),
            name: domain::fold::normalise(&self.name),
            code: self.code,
            result_type: self.result_type,
            submitted_as: self.submitted_as,
            document_id: None,
        }
    }
}

/// Receives a dossier and gives it its provisional number.
pub fn receive(desk: &Desk, new: NewDossier) -> Result<Dossier, Error> {
    receive_coded(desk, new, None)
}

/// The same for a dossier to which the case system has given its code already.
pub fn receive_coded(
    desk: &Desk,
    new: NewDossier,
    code: Option<DossierCode>,
) -> Result<Dossier, Error> {
    desk.may(Right::Receive)?;
    desk.vault.write(|write| receive_in(desk, write, new, code))
}

/// The same as a part of something larger.
pub(crate) fn receive_in(
    desk: &Desk,
    write: &Writer<'_>,
    new: NewDossier,
    code: Option<DossierCode>,
) -> Result<Dossier, Error> {
    let id = DossierId::from_uuid(Uuid::now_v7());
    let components = new
        .components
        .into_iter()
        .map(NewComponent::into_component)
        .collect();
    let dossier = Dossier {
        id,
        provisional_number: write.next_provisional_number(desk.clock.today())?,
        code,
        procedure: new.procedure,
        owner: new.owner,
        received_at: desk.clock.now(),
        received_by: desk.officer.id,
        components,
    };
    write.insert_dossier(&dossier)?;
    desk.audit(write, Act::DossierReceived(id))?;
    Ok(dossier)
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
    desk.may(Right::SeeOpenPapers)?;
    desk.vault.write(|write| {
        let dossier = write.dossier(id)?;
        desk.audit(write, Act::DossierViewed(id))?;
        Ok(dossier)
    })
}

/// A dossier by what names it: its key, or the code that the case system gave.
pub fn find(desk: &Desk, named: &str) -> Result<Dossier, Error> {
    if let Ok(id) = named.parse() {
        return dossier(desk, id);
    }
    let code: DossierCode = named.parse().map_err(|_| Refusal::UnknownCode)?;
    let id = desk.vault.read(|read| read.dossier_of_code(&code))?;
    dossier(desk, id.ok_or(Refusal::UnknownCode)?)
}

/// The newest dossiers first.
pub fn recent(desk: &Desk, limit: usize) -> Result<Vec<Dossier>, Error> {
    desk.may(Right::SeeOpenPapers)?;
    desk.vault.write(|write| {
        desk.audit(write, Act::DossiersListed)?;
        Ok(write.recent_dossiers(limit)?)
    })
}
