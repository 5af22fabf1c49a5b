//! Slips (phiếu): what a desk prints for people, each with a code that any other desk
//! knows again ([`issue`], [`day_sheet`], [`verify_file`]); and cover slips, sheets to lay
//! before the papers of a stack, each saying in a code which component of which dossier
//! the paper behind it answers ([`print`]).

mod issue;
mod values;
mod verify;

pub use issue::{Answers, IssuedSlip, day_sheet, issue};
pub use verify::{JudgedSlip, SlipAnswer, verify_file, verify_text};

use domain::dossier::DossierComponent;
use domain::ids::{DossierComponentId, DossierId};
use domain::separator::SlipMark;
use extraction::Separation;
use packaging::CoverSlip;

use crate::error::Refusal;
use crate::{Desk, Error, reception};

/// A PDF with a slip for each of these components, in the order of the dossier; for all
/// of them when none is named.
pub fn print(
    desk: &Desk,
    dossier_id: DossierId,
    components: &[DossierComponentId],
) -> Result<Vec<u8>, Error> {
    let dossier = reception::dossier(desk, dossier_id)?;
    let known = |id: &DossierComponentId| dossier.components.iter().any(|at| at.id == *id);
    if !components.iter().all(known) || dossier.components.is_empty() {
        return Err(Refusal::NoSuchPlace.into());
    }
    let number = match &dossier.code {
        Some(code) => code.to_string(),
        None => dossier.provisional_number.clone(),
    };
    let wanted = |at: &&DossierComponent| components.is_empty() || components.contains(&at.id);
    let slips: Vec<CoverSlip> = dossier
        .components
        .iter()
        .enumerate()
        .filter(|(_, at)| wanted(at))
        .map(|(place, component)| slip(dossier_id, &number, place, component))
        .collect();
    let now = desk.clock.now();
    Ok(packaging::make_slips(&slips, now, &desk.text_font)?)
}

fn slip(
    dossier_id: DossierId,
    number: &str,
    place: usize,
    component: &DossierComponent,
) -> CoverSlip {
    let words = &Separation::builtin().slip;
    let mark = SlipMark {
        dossier_id,
        component_id: component.id,
    };
    let code = imaging::qr_code(&mark.to_string()).expect("two ids fit a code");
    let national = component.code.as_ref().map(ToString::to_string);
    let name = [Some(component.name.clone()), national];
    let name: Vec<String> = name
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    CoverSlip {
        code,
        title: words.title.clone(),
        lines: vec![
            format!("{}: {number}", words.dossier),
            format!("{} {}: {}", words.component, place + 1, name.join(" – ")),
            words.hint.clone(),
        ],
    }
}
