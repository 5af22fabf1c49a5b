//! Codes by themselves.

use std::process::ExitCode;

use domain::code::{AgencyCode, ComponentCode, DossierCode, OwnerId, ProcedureCode};
use domain::local_code::LocalCode;

use crate::exit::REFUSED;
use crate::output::{say, say_json, tell};
use crate::shape::CodeChecked;

/// Says what a code is, by its shape and, where it has one, its check symbol.
pub(super) fn check(typed: &str, json: bool) -> ExitCode {
    let kinds = kinds(typed.trim());
    if json {
        say_json(&CodeChecked {
            code: typed.trim().to_owned(),
            sound: !kinds.is_empty(),
            kinds: kinds.clone(),
        });
    } else if kinds.is_empty() {
        tell("That is no code that this program knows, or it was mistyped.");
    } else {
        say(&kinds.join(", "));
    }
    if kinds.is_empty() {
        ExitCode::from(REFUSED)
    } else {
        ExitCode::SUCCESS
    }
}

fn kinds(typed: &str) -> Vec<&'static str> {
    let all = [
        ("local_code", typed.parse::<LocalCode>().is_ok()),
        ("dossier_code", typed.parse::<DossierCode>().is_ok()),
        ("procedure_code", typed.parse::<ProcedureCode>().is_ok()),
        ("component_code", typed.parse::<ComponentCode>().is_ok()),
        ("owner_id", typed.parse::<OwnerId>().is_ok()),
        ("agency_code", typed.parse::<AgencyCode>().is_ok()),
    ];
    let is_one = all.into_iter().filter(|(_, is_one)| *is_one);
    is_one.map(|(kind, _)| kind).collect()
}
