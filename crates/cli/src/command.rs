//! One function per command.

mod demo;
mod digitise;
mod find;
mod form;
mod kinds;
mod pages;
mod read;
mod report;
mod scan;
mod stack;
mod vault;
mod watch;

use std::path::Path;
use std::process::ExitCode;

use desk::{Desk, Passphrase, Settings, session};

use crate::arguments::{Arguments, Command, FormCommand, KindsCommand, ReportCommand};
use crate::exit::Trouble;

pub(crate) fn run(arguments: Arguments) -> Result<ExitCode, Trouble> {
    let json = arguments.json;
    match arguments.command {
        Command::Demo { dir } => demo::run(dir, json),
        Command::Init {
            vault,
            office,
            officer,
        } => vault::init(&vault.vault, office, &officer, json),
        Command::Recover { vault } => vault::recover(&vault.vault),
        Command::Check { vault } => vault::check(&vault.vault),
        Command::Read { files, kind } => read::run(&files, kind.as_ref(), json),
        Command::Form(FormCommand::Check { file }) => form::check(&file, json),
        Command::Kinds(KindsCommand::Learn { vault }) => kinds::learn(&vault.vault, json),
        Command::Kinds(KindsCommand::Forget { vault }) => kinds::forget(&vault.vault, json),
        Command::Report(ReportCommand::Reading { vault, known }) => {
            report::reading(vault.as_deref(), known.as_ref(), json)
        }
        Command::Pages { dossier, vault } => pages::run(&vault.vault, &dossier, json),
        Command::Scan(scan) => scan::run(&scan, json),
        Command::Stack(stack) => stack::run(&stack, json),
        Command::Slips {
            vault,
            dossier,
            out,
        } => stack::slips(&vault.vault, &dossier, &out, json),
        Command::Watch(watch) => watch::run(&watch, json),
        Command::Digitise(digitise) => digitise::run(&digitise, json),
        Command::Search { words, vault } => find::search(&vault.vault, &words.join(" "), json),
        Command::Show { code, vault } => find::show(&vault.vault, &code, json),
        Command::Report(ReportCommand::Effort { vault }) => report::effort(&vault.vault, json),
        Command::Verify { folder } => find::verify(&folder, json),
        Command::Export { code, vault, out } => find::export(&vault.vault, &code, &out, json),
    }
}

fn settings(vault: &Path) -> Result<Settings, Trouble> {
    Ok(Settings::for_this_program(vault.to_owned())?)
}

fn sign_in(vault: &Path) -> Result<Desk, Trouble> {
    Ok(session::sign_in(
        &settings(vault)?,
        &passphrase("Passphrase: ")?,
    )?)
}

/// From `SOHOA_PASSPHRASE` or the terminal, never from an argument, which every
/// user of the computer could see.
fn passphrase(prompt: &str) -> Result<Passphrase, Trouble> {
    if let Ok(passphrase) = std::env::var("SOHOA_PASSPHRASE") {
        return Ok(Passphrase::new(passphrase));
    }
    rpassword::prompt_password(prompt)
        .map(Passphrase::new)
        .map_err(|_| Trouble::NoPassphrase)
}

fn file_name(path: &Path) -> String {
    path.display().to_string()
}
