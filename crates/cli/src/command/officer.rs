//! The officers of a vault.

use std::process::ExitCode;

use desk::officers;
use domain::office::Account;
use domain::rights::Roles;

use super::{new_passphrase, passphrase, sign_in};
use crate::arguments::{OfficerCommand, VaultFolder};
use crate::exit::Trouble;
use crate::output::{say, say_json};
use crate::shape;

pub(super) fn run(command: OfficerCommand, json: bool) -> Result<ExitCode, Trouble> {
    match command {
        OfficerCommand::Add { name, roles, vault } => add(&vault, &name, roles, json),
        OfficerCommand::Role { name, roles, vault } => {
            let account = officers::set_roles(&sign_in(&vault)?, &name, roles.unwrap_or_default())?;
            tell_of(&account, json);
            Ok(ExitCode::SUCCESS)
        }
        OfficerCommand::Reset { name, vault } => {
            let desk = sign_in(&vault)?;
            let first = new_passphrase("First passphrase of the officer: ")?;
            tell_of(&officers::reset(&desk, &name, &first)?, json);
            Ok(ExitCode::SUCCESS)
        }
        OfficerCommand::Passphrase { vault } => {
            let desk = sign_in(&vault)?;
            let old = passphrase("Passphrase once more: ")?;
            officers::change_passphrase(&desk, &old, &new_passphrase("New passphrase: ")?)?;
            if !json {
                say("The new passphrase holds from now on.");
            }
            Ok(ExitCode::SUCCESS)
        }
        OfficerCommand::List { vault } => {
            for account in officers::list(&sign_in(&vault)?)? {
                tell_of(&account, json);
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn add(vault: &VaultFolder, name: &str, roles: Roles, json: bool) -> Result<ExitCode, Trouble> {
    let desk = sign_in(vault)?;
    let first = new_passphrase("First passphrase of the officer: ")?;
    let officer = officers::add(&desk, name, roles, &first)?;
    let known = officers::list(&desk)?;
    let added = known.iter().find(|one| one.officer.id == officer.id);
    if let Some(account) = added {
        tell_of(account, json);
    }
    Ok(ExitCode::SUCCESS)
}

fn tell_of(account: &Account, json: bool) {
    let line = shape::Officer {
        id: account.officer.id.to_string(),
        name: account.officer.name.clone(),
        roles: account.roles.each().map(|role| role.name()).collect(),
        must_change: account.must_change,
        active_at: account.active_at.map(|at| at.to_rfc3339()),
    };
    if json {
        say_json(&line);
        return;
    }
    let roles = if line.roles.is_empty() {
        "may not sign in".to_owned()
    } else {
        line.roles.join(", ")
    };
    let change = if line.must_change {
        "; changes the passphrase at the next sign-in"
    } else {
        ""
    };
    say(&format!("{}: {roles}{change}", line.name));
}
