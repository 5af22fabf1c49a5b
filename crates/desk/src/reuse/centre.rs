//! Papers of an owner that lie at the centre: asked for before anything is scanned, and
//! fetched once they answer something, so that they are at hand without a network.

use ::sync::{AskCopy, AskHoldings, Holding, OnBehalf, VERSION, WireOfficer};
use domain::audit::Act;
use domain::code_template::{CodeKind, CodeParts, DigitisationCode};
use domain::dossier::Dossier;
use domain::ids::{DocumentId, DossierComponentId, DossierId};
use domain::reuse::{CopyAtCentre, DigitisedPaper, KnownValue};
use domain::rights::Right;
use zeroize::Zeroizing;

use crate::error::Refusal;
use crate::sync::centre_of;
use crate::{Desk, Error};

/// Asks the centre what it has of the owner of a dossier, and keeps what it says; from then
/// on it is offered. How many papers there are. An owner without a number is known by none.
pub fn ask_centre(desk: &Desk, dossier_id: DossierId) -> Result<usize, Error> {
    desk.may(Right::Find)?;
    let dossier = desk.vault.read(|read| read.dossier(dossier_id))?;
    let Some(owner_id) = &dossier.owner.id else {
        return Ok(0);
    };
    let (_, centre) = centre_of(desk)?;
    let ask = AskHoldings {
        wire_version: VERSION,
        owner_id: owner_id.to_string(),
        on_behalf: on_behalf(desk, &dossier),
    };
    let found = centre.holdings(&ask).map_err(Error::Centre)?;
    let papers: Vec<_> = found.papers.iter().filter_map(paper).collect();
    let now = desk.clock.now();
    desk.vault.write(|write| {
        desk.audit(write, Act::ReuseLooked(dossier_id))?;
        for (paper, copy) in &papers {
            write.keep_paper_at_centre(owner_id.as_str(), paper, copy, now)?;
        }
        Ok::<_, Error>(())
    })?;
    Ok(papers.len())
}

/// Fetches the copy of a paper at the centre, unless it or the paper itself lies here.
pub(super) fn fetch(desk: &Desk, dossier_id: DossierId, id: DocumentId) -> Result<(), Error> {
    let (dossier, known, here) = desk.vault.read(|read| {
        let here = read.latest_record(id)?.is_some();
        Ok::<_, Error>((read.dossier(dossier_id)?, read.paper_at_centre(id)?, here))
    })?;
    let (Some(paper), false) = (known, here) else {
        return Ok(());
    };
    let (Some(owner_id), Some(listed)) = (&dossier.owner.id, paper.at_centre) else {
        return Ok(());
    };
    if listed.sealed_digest.is_some() {
        return Ok(());
    }
    let (_, centre) = centre_of(desk)?;
    let ask = AskCopy {
        wire_version: VERSION,
        owner_id: owner_id.to_string(),
        document_id: id,
        version: paper.version,
        on_behalf: on_behalf(desk, &dossier),
    };
    let copy = centre.copy(&ask, &listed.digest, listed.size_bytes);
    let copy = Zeroizing::new(copy.map_err(Error::Centre)?);
    let sealed = desk.vault.seal(&copy)?.sealed_digest;
    desk.vault
        .write(|write| write.keep_copy_of_centre(id, paper.version, &sealed))?;
    Ok(())
}

/// The electronic copy of the paper that answers a component, wherever it was digitised.
pub fn copy_of_answer(desk: &Desk, component_id: DossierComponentId) -> Result<Vec<u8>, Error> {
    desk.may(Right::Export)?;
    let answer = super::answer_of(desk, component_id)?.ok_or(Refusal::NoSuchPlace)?;
    let Some(copy) = answer.at_centre else {
        return crate::export::copy_of(desk, answer.document_id);
    };
    let sealed = copy.sealed_digest.ok_or(Refusal::NoSuchPlace)?;
    desk.vault
        .write(|write| desk.audit(write, Act::Exported(answer.document_id)))?;
    Ok(desk.vault.unseal(&sealed)?.to_vec())
}

fn on_behalf(desk: &Desk, dossier: &Dossier) -> OnBehalf {
    OnBehalf {
        dossier: dossier.id,
        officer: WireOfficer {
            id: desk.officer.id,
            name: desk.officer.name.clone(),
        },
    }
}

/// A paper as the centre tells of it; nothing where this program does not know such.
fn paper(holding: &Holding) -> Option<(DigitisedPaper, CopyAtCentre)> {
    let copy = CopyAtCentre {
        digest: holding.copy_sha256,
        size_bytes: holding.copy_size_bytes,
        sealed_digest: None,
    };
    let code = &holding.code;
    let values = holding.fields.iter().filter_map(|field| {
        Some(KnownValue {
            name: field.name.parse().ok()?,
            value: field.value.clone(),
        })
    });
    let paper = DigitisedPaper {
        document_id: holding.document_id,
        version: holding.version,
        local_code: holding.local_code,
        document_type: holding.document_type.parse().ok()?,
        code: DigitisationCode {
            kind: CodeKind::from_name(&code.kind)?,
            text: code.text.clone(),
            parts: CodeParts {
                owner_id: code.owner_id.clone(),
                result_type: code.result_type.clone(),
                number: code.number.clone(),
                procedure: code.procedure.clone(),
                component: code.component.clone(),
            },
            provisional: false,
        },
        values: values.collect(),
        stored_at: holding.received_at,
        at_centre: Some(copy),
    };
    Some((paper, copy))
}
