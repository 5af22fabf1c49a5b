//! Reuse before scan: what is digitised already for the owner of a dossier.

use std::process::ExitCode;

use desk::reuse::{self, Offer};
use domain::reuse::Digitising;

use super::sign_in;
use crate::arguments::{DecisionName, ReuseCommand, VaultFolder};
use crate::exit::Trouble;
use crate::output::{say, say_json};
use crate::shape::{AnsweredComponent, Decided, OfferedPaper, Reused};

pub(super) fn run(command: ReuseCommand, json: bool) -> Result<ExitCode, Trouble> {
    match command {
        ReuseCommand::List {
            dossier,
            ask_centre,
            vault,
        } => list(&vault, &dossier, ask_centre, json),
        ReuseCommand::Link {
            dossier,
            component,
            code,
            vault,
        } => link(&vault, &dossier, component, &code, json),
        ReuseCommand::Undo {
            dossier,
            component,
            vault,
        } => undo(&vault, &dossier, component, json),
        ReuseCommand::Decide {
            dossier,
            component,
            decision,
            vault,
        } => decide(&vault, &dossier, component, decision, json),
    }
}

fn list(
    vault: &VaultFolder,
    dossier: &str,
    ask_centre: bool,
    json: bool,
) -> Result<ExitCode, Trouble> {
    let desk = sign_in(vault)?;
    let dossier = desk::reception::find(&desk, dossier)?;
    if ask_centre {
        reuse::ask_centre(&desk, dossier.id)?;
    }
    for (index, answered) in reuse::of_dossier(&desk, dossier.id)?.iter().enumerate() {
        let line = AnsweredComponent {
            component: index + 1,
            name: answered.component.name.clone(),
            digitising: answered.digitising.name(),
            decided: answered.decided,
            has_own_paper: answered.component.document_id.is_some(),
            reused: answered.reused.is_some(),
            offers: answered.offers.iter().map(offered).collect(),
        };
        if json {
            say_json(&line);
            continue;
        }
        say(&format!(
            "{}  {}: {}{}",
            line.component,
            line.name,
            line.digitising,
            if line.reused { ", reused" } else { "" }
        ));
        for offer in &line.offers {
            say(&format!(
                "   {}  {}  {}  {}{}{}",
                offer.local_code,
                offer.issued_on.as_deref().unwrap_or("–"),
                offer.issuer.as_deref().unwrap_or("–"),
                offer.valid_until.as_deref().unwrap_or("–"),
                if offer.in_force { "" } else { "  not in force" },
                if offer.at_centre {
                    "  at the centre"
                } else {
                    ""
                },
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn offered(offer: &Offer) -> OfferedPaper {
    let value = |name: &str| offer.paper.value(name).map(str::to_owned);
    OfferedPaper {
        local_code: offer.paper.local_code.to_string(),
        document_type: offer.paper.document_type.to_string(),
        at_centre: offer.paper.at_centre.is_some(),
        issued_on: value("issued_on"),
        issuer: value("issuer"),
        valid_until: value("valid_until"),
        in_force: offer.in_force,
    }
}

/// The component of that number, from 1, as `reuse list` shows it.
fn component(
    dossier: &domain::dossier::Dossier,
    number: usize,
) -> Result<domain::ids::DossierComponentId, Trouble> {
    let component = number
        .checked_sub(1)
        .and_then(|index| dossier.components.get(index));
    let refusal = || desk::Error::from(desk::Refusal::NoSuchPlace);
    Ok(component.ok_or_else(refusal)?.id)
}

fn link(
    vault: &VaultFolder,
    dossier: &str,
    number: usize,
    code: &str,
    json: bool,
) -> Result<ExitCode, Trouble> {
    let desk = sign_in(vault)?;
    let dossier = desk::reception::find(&desk, dossier)?;
    let id = component(&dossier, number)?;
    let answered = reuse::of_dossier(&desk, dossier.id)?;
    let offers = answered.iter().flat_map(|one| &one.offers);
    let offered = offers
        .map(|offer| &offer.paper)
        .find(|paper| paper.local_code.to_string() == code || paper.code.text == code);
    let paper = match offered {
        Some(paper) => paper.clone(),
        None => desk::search::show(&desk, code)?.record.into(),
    };
    reuse::link(&desk, dossier.id, id, paper.document_id)?;
    let local_code = paper.local_code.to_string();
    if json {
        say_json(&Reused {
            component: number,
            local_code,
        });
    } else {
        say(&format!("Component {number} is answered by {local_code}."));
    }
    Ok(ExitCode::SUCCESS)
}

fn undo(
    vault: &VaultFolder,
    dossier: &str,
    number: usize,
    json: bool,
) -> Result<ExitCode, Trouble> {
    let desk = sign_in(vault)?;
    let dossier = desk::reception::find(&desk, dossier)?;
    reuse::take_back(&desk, dossier.id, component(&dossier, number)?)?;
    if !json {
        say(&format!("Component {number} waits for a paper again."));
    }
    Ok(ExitCode::SUCCESS)
}

fn decide(
    vault: &VaultFolder,
    dossier: &str,
    number: usize,
    DecisionName(decision): DecisionName,
    json: bool,
) -> Result<ExitCode, Trouble> {
    let desk = sign_in(vault)?;
    let dossier = desk::reception::find(&desk, dossier)?;
    reuse::decide(&desk, dossier.id, component(&dossier, number)?, decision)?;
    if json {
        say_json(&Decided {
            component: number,
            digitising: Digitising::name(decision),
        });
    } else {
        say(&format!("Component {number}: {}.", decision.name()));
    }
    Ok(ExitCode::SUCCESS)
}
