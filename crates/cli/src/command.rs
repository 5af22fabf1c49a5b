//! One function per command.

mod audit;
mod centre;
mod code;
mod demo;
mod digitise;
mod find;
mod form;
mod kinds;
mod officer;
mod package;
mod pages;
mod read;
mod report;
mod reuse;
mod scan;
mod sign;
mod slip;
mod stack;
mod trash;
mod vault;
mod watch;

use std::path::Path;
use std::process::ExitCode;

use desk::session::Entering;
use desk::{Desk, Passphrase, Refusal, Settings, session};

use crate::arguments::{
    Arguments, CodeCommand, Command, FormCommand, KindsCommand, ReportCommand, VaultFolder,
};
use crate::exit::Trouble;

pub(crate) fn run(arguments: Arguments) -> Result<ExitCode, Trouble> {
    let json = arguments.json;
    match arguments.command {
        Command::Demo { dir } => demo::run(dir, json),
        Command::Init {
            vault,
            office,
            officer,
        } => vault::init(&vault, office, &officer, json),
        Command::Recover { vault } => vault::recover(&vault),
        Command::Backup { folder, vault } => vault::back_up(&vault, &folder, json),
        Command::Restore {
            folder,
            recovery_key,
            vault,
        } => vault::restore(&vault, &folder, recovery_key, json),
        Command::Check { subset, vault } => vault::check(&vault, subset, json),
        Command::Read { files, kind } => read::run(&files, kind.as_ref(), json),
        Command::Form(FormCommand::Check { file }) => form::check(&file, json),
        Command::Kinds(KindsCommand::Learn { vault }) => kinds::learn(&vault, json),
        Command::Kinds(KindsCommand::Forget { vault }) => kinds::forget(&vault, json),
        Command::Report(ReportCommand::Reading {
            vault,
            officer,
            known,
        }) => {
            let vault = vault.map(|vault| VaultFolder { vault, officer });
            report::reading(vault.as_ref(), known.as_ref(), json)
        }
        Command::Pages { dossier, vault } => pages::run(&vault, &dossier, json),
        Command::Scan(scan) => scan::run(&scan, json),
        Command::Stack(stack) => stack::run(&stack, json),
        Command::Slips {
            vault,
            dossier,
            out,
        } => stack::slips(&vault, &dossier, &out, json),
        Command::Slip(command) => slip::run(command, json),
        Command::Watch(watch) => watch::run(&watch, json),
        Command::Digitise(digitise) => digitise::run(&digitise, json),
        Command::Search { words, vault } => find::search(&vault, &words.join(" "), json),
        Command::Show {
            code,
            vault,
            reveal,
        } => find::show(&vault, &code, reveal, json),
        Command::Officer(command) => officer::run(command, json),
        Command::Report(ReportCommand::Reuse { vault }) => report::reuse(&vault, json),
        Command::Reuse(command) => reuse::run(command, json),
        Command::Trash(command) => trash::run(command, json),
        Command::Audit(command) => audit::run(command, json),
        Command::Code(CodeCommand::Check { code }) => Ok(code::check(&code, json)),
        Command::Report(ReportCommand::Effort { vault }) => report::effort(&vault, json),
        Command::Verify { path, key } if package::is_one(&path) => {
            package::verify(&path, &key, json)
        }
        Command::Verify { path, .. } if path.is_dir() => find::verify(&path, json),
        Command::Verify { path, .. } => sign::judge(&path, json),
        Command::Sign(command) => sign::run(command, json),
        Command::Enrol { ticket, vault } => centre::enrol(&vault, &ticket, json),
        Command::Sync(sync) => centre::sync(&sync, json),
        Command::Bundle(bundle) => centre::bundle(&bundle, json),
        Command::Outbox { limit, vault } => centre::outbox(&vault, limit, json),
        Command::Export(wanted) => package::export(&wanted, json),
    }
}

fn settings(vault: &Path) -> Result<Settings, Trouble> {
    Ok(Settings::for_this_program(vault.to_owned())?)
}

/// Signs in. A passphrase that somebody else has set is changed on the way.
fn sign_in(vault: &VaultFolder) -> Result<Desk, Trouble> {
    let settings = settings(&vault.vault)?;
    let passphrase = passphrase("Passphrase: ")?;
    let mut entering = Entering {
        officer: vault.officer.as_deref(),
        passphrase: &passphrase,
        new_passphrase: None,
    };
    match session::enter(&settings, &entering) {
        Err(desk::Error::Refused(Refusal::PassphraseMustChange)) => {
            let new = new_passphrase("New passphrase, of your own: ")?;
            entering.new_passphrase = Some(&new);
            Ok(session::enter(&settings, &entering)?)
        }
        answer => Ok(answer?),
    }
}

/// From `SOHOA_PASSPHRASE` or the terminal, never from an argument, which every
/// user of the computer could see.
fn passphrase(prompt: &str) -> Result<Passphrase, Trouble> {
    secret("SOHOA_PASSPHRASE", prompt)
}

/// A passphrase that is to be set, from `SOHOA_NEW_PASSPHRASE` or the terminal.
fn new_passphrase(prompt: &str) -> Result<Passphrase, Trouble> {
    secret("SOHOA_NEW_PASSPHRASE", prompt)
}

fn secret(variable: &str, prompt: &str) -> Result<Passphrase, Trouble> {
    if let Ok(passphrase) = std::env::var(variable) {
        return Ok(Passphrase::new(passphrase));
    }
    rpassword::prompt_password(prompt)
        .map(Passphrase::new)
        .map_err(|_| Trouble::NoPassphrase)
}

fn file_name(path: &Path) -> String {
    path.display().to_string()
}
