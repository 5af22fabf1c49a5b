//! Reuse before scan: what is already digitised for the owner of a dossier, here or at the
//! centre, and why a component is not digitised.

mod centre;

use std::collections::HashSet;

use domain::audit::Act;
use domain::document::DocumentType;
use domain::dossier::{Dossier, DossierComponent};
use domain::ids::{DocumentId, DossierComponentId, DossierId};
use domain::reuse::{DigitisedPaper, Digitising, Reuse, WhyNot, is_in_force};
use domain::rights::Right;
use vault::{ReuseTotal, Writer};

use crate::error::Refusal;
use crate::{Desk, Error};

pub use centre::{ask_centre, copy_of_answer};

/// More papers of one owner than a person looks through.
const PAPERS_AT_MOST: usize = 200;

/// A component of a dossier, what answers it, and what could.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The component.
    pub component: DossierComponent,
    /// Whether it is to be digitised: what an officer decided, else what follows from the
    /// form in which it was handed in.
    pub digitising: Digitising,
    /// Whether an officer decided that.
    pub decided: bool,
    /// The paper digitised before that answers it.
    pub reused: Option<Reuse>,
    /// The papers that could, those in force in front, and the newest of them first.
    pub offers: Vec<Offer>,
}

/// A paper that is already digitised, for this owner and of this kind.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The newest version of it.
    pub paper: DigitisedPaper,
    /// Whether it is in force today.
    pub in_force: bool,
}

/// What answers each component of a dossier, and what is digitised already.
// Circular 01/2023/TT-VPCP, art. 6 and 8(3): what exists as an electronic copy is not
// copied again.
pub fn of_dossier(desk: &Desk, dossier_id: DossierId) -> Result<Vec<Answered>, Error> {
    desk.may(Right::Find)?;
    desk.vault.write(|write| {
        let dossier = write.dossier(dossier_id)?;
        desk.audit(write, Act::ReuseLooked(dossier_id))?;
        let papers = others(write, &dossier)?;
        let answered = dossier.components.iter().map(|component| {
            let decision = write.digitising_of(component.id)?;
            Ok(Answered {
                digitising: decision.unwrap_or_else(|| by_form(component)),
                decided: decision.is_some(),
                reused: write.reuse_of(component.id)?,
                offers: offers(desk, &dossier, component, &papers),
                component: component.clone(),
            })
        });
        answered.collect()
    })
}

/// The paper that answers a component instead of one of its own, if any does.
pub fn answer_of(
    desk: &Desk,
    component_id: DossierComponentId,
) -> Result<Option<DigitisedPaper>, Error> {
    desk.may(Right::SeeOpenPapers)?;
    desk.vault.read(|read| {
        let Some(reuse) = read.reuse_of(component_id)? else {
            return Ok(None);
        };
        if let Some(record) = read.latest_record(reuse.document_id)? {
            return Ok(Some(record.into()));
        }
        Ok(read.paper_at_centre(reuse.document_id)?)
    })
}

/// The owner's papers that were digitised for other dossiers: those that lie here, and what
/// the centre said of others when it was last asked.
fn others(write: &Writer<'_>, dossier: &Dossier) -> Result<Vec<DigitisedPaper>, Error> {
    let mut others: Vec<DigitisedPaper> = Vec::new();
    let mut own = HashSet::new();
    for record in write.records_of_owner(&dossier.owner, PAPERS_AT_MOST)? {
        own.insert(record.document_id);
        if write.document(record.document_id)?.dossier_id != dossier.id {
            others.push(record.into());
        }
    }
    if let Some(owner_id) = &dossier.owner.id {
        for paper in write.papers_at_centre(owner_id.as_str())? {
            if own.insert(paper.document_id) {
                others.push(paper);
            }
        }
    }
    Ok(others)
}

fn offers(
    desk: &Desk,
    dossier: &Dossier,
    component: &DossierComponent,
    papers: &[DigitisedPaper],
) -> Vec<Offer> {
    let wanted = kind_of(desk, dossier, component);
    let fits = |paper: &&DigitisedPaper| {
        let parts = &paper.code.parts;
        let same = |wanted: Option<String>, found: &str| {
            wanted.is_some_and(|wanted| !found.is_empty() && wanted == found)
        };
        same(
            component.result_type.as_ref().map(ToString::to_string),
            &parts.result_type,
        ) || same(
            component.code.as_ref().map(ToString::to_string),
            &parts.component,
        ) || wanted.as_ref() == Some(&paper.document_type)
    };
    let today = desk.clock.today();
    let mut offers: Vec<Offer> = papers
        .iter()
        .filter(fits)
        .map(|paper| Offer {
            in_force: is_in_force(paper.value("valid_until"), today),
            paper: paper.clone(),
        })
        .collect();
    offers.sort_by_key(|offer| {
        (
            std::cmp::Reverse(offer.in_force),
            std::cmp::Reverse(offer.paper.stored_at),
        )
    });
    offers
}

/// The document type that usually answers a component, where its procedure says so.
fn kind_of(desk: &Desk, dossier: &Dossier, component: &DossierComponent) -> Option<DocumentType> {
    let procedures = desk.catalogue.procedures().iter();
    let procedure = procedures
        .filter(|procedure| Some(&procedure.code) == dossier.procedure.as_ref())
        .find_map(|procedure| {
            let mut lines = procedure.components.iter();
            lines.find(|line| {
                line.name == component.name || line.code.is_some() && line.code == component.code
            })
        });
    procedure.and_then(|line| line.document_type.clone())
}

// Circular 01/2023/TT-VPCP, art. 4: copies on paper are left out.
fn by_form(component: &DossierComponent) -> Digitising {
    if component.submitted_as.is_digitised() {
        Digitising::Digitise
    } else {
        Digitising::LeaveOut(WhyNot::CopyOnPaper)
    }
}

/// Answers a component with a paper that is already digitised, instead of scanning.
pub fn link(
    desk: &Desk,
    dossier_id: DossierId,
    component_id: DossierComponentId,
    document_id: DocumentId,
) -> Result<Reuse, Error> {
    desk.may(Right::Decide)?;
    centre::fetch(desk, dossier_id, document_id)?;
    desk.vault.write(|write| {
        let dossier = write.dossier(dossier_id)?;
        let component = component(&dossier, component_id)?;
        if component.document_id.is_some() || write.reuse_of(component_id)?.is_some() {
            return Err(Refusal::ComponentTaken.into());
        }
        let papers = others(write, &dossier)?;
        let offers = offers(desk, &dossier, component, &papers);
        let offer = offers
            .into_iter()
            .find(|offer| offer.paper.document_id == document_id)
            .ok_or(Refusal::UnknownCode)?;
        if !offer.in_force {
            return Err(Refusal::NotInForce.into());
        }
        let reuse = Reuse {
            component_id,
            document_id,
            version: offer.paper.version,
            reused_at: desk.clock.now(),
            reused_by: desk.officer.id,
        };
        write.insert_reuse(&reuse)?;
        desk.audit(write, Act::Reused(dossier_id, document_id))?;
        Ok(reuse)
    })
}

/// Takes a reuse back: the component waits for a paper again.
pub fn take_back(
    desk: &Desk,
    dossier_id: DossierId,
    component_id: DossierComponentId,
) -> Result<(), Error> {
    desk.may(Right::Decide)?;
    desk.vault.write(|write| {
        component(&write.dossier(dossier_id)?, component_id)?;
        let reuse = write.reuse_of(component_id)?.ok_or(Refusal::NoSuchPlace)?;
        write.take_reuse_back(component_id, desk.clock.now(), desk.officer.id)?;
        Ok(desk.audit(write, Act::ReuseTakenBack(dossier_id, reuse.document_id))?)
    })
}

/// Decides whether a component is digitised, or why it is not.
// Circular 01/2023/TT-VPCP, art. 4.
pub fn decide(
    desk: &Desk,
    dossier_id: DossierId,
    component_id: DossierComponentId,
    decision: Digitising,
) -> Result<(), Error> {
    desk.may(Right::Receive)?;
    desk.vault.write(|write| {
        component(&write.dossier(dossier_id)?, component_id)?;
        write.set_digitising(component_id, decision, desk.clock.now(), desk.officer.id)?;
        let act = Act::DigitisingDecided(dossier_id, decision.name().to_owned());
        Ok(desk.audit(write, act)?)
    })
}

fn component(dossier: &Dossier, id: DossierComponentId) -> Result<&DossierComponent, Error> {
    let found = dossier.components.iter().find(|one| one.id == id);
    Ok(found.ok_or(Refusal::NoSuchPlace)?)
}

/// How the components of all dossiers were answered.
// Decision 766/QD-TTg: reuse is counted.
pub fn total(desk: &Desk) -> Result<ReuseTotal, Error> {
    desk.may(Right::SeeFigures)?;
    Ok(desk.vault.read(|read| read.reuse_total())?)
}
