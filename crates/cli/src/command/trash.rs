//! The trash: what is in it, back out of it, and erased for good.

use std::process::ExitCode;

use domain::ids::PageId;
use domain::page::VoidReason;
use domain::retention::{EraseReason, Held};

use super::sign_in;
use crate::arguments::{TrashCommand, VaultFolder};
use crate::exit::Trouble;
use crate::output::{say, say_json};
use crate::shape::{Erased, RestoredPage, TrashedPage};

pub(super) fn run(command: TrashCommand, json: bool) -> Result<ExitCode, Trouble> {
    match command {
        TrashCommand::List { vault } => list(&vault, json),
        TrashCommand::Restore { page, vault } => restore(&vault, page, json),
        TrashCommand::Erase {
            page,
            reason,
            vault,
        } => erase(&vault, page.zip(reason), json),
    }
}

fn list(vault: &VaultFolder, json: bool) -> Result<ExitCode, Trouble> {
    for trashed in desk::trash::list(&sign_in(vault)?)? {
        let voided = trashed.page.voided.as_ref();
        let line = TrashedPage {
            id: trashed.page.id.to_string(),
            document: trashed.document.local_code.to_string(),
            reason: voided.map_or("", |voided| VoidReason::name(voided.reason)),
            voided_at: voided.map(|voided| voided.voided_at),
            erasable_at: trashed.erasable_at,
            held: trashed.held.map(Held::name),
        };
        if json {
            say_json(&line);
        } else {
            let until = match trashed.held {
                None => format!(
                    "may be erased from {} on",
                    line.erasable_at.format("%Y-%m-%d")
                ),
                Some(Held::ByRecord) => "stays: a deposited record shows it".to_owned(),
                Some(Held::BySignature) => "stays: a signed copy shows it".to_owned(),
                Some(Held::ByOriginal) => "stays: its signed file is still a paper".to_owned(),
            };
            say(&format!(
                "{}  paper {}, taken out as {}, {until}",
                line.id, line.document, line.reason
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn restore(vault: &VaultFolder, page: PageId, json: bool) -> Result<ExitCode, Trouble> {
    let page = desk::trash::restore(&sign_in(vault)?, page)?;
    if json {
        say_json(&RestoredPage {
            id: page.id.to_string(),
            position: page.position,
        });
    } else {
        say(&format!("It is page {} again.", page.position + 1));
    }
    Ok(ExitCode::SUCCESS)
}

fn erase(
    vault: &VaultFolder,
    one: Option<(PageId, EraseReason)>,
    json: bool,
) -> Result<ExitCode, Trouble> {
    let desk = sign_in(vault)?;
    let stones = match one {
        Some((page, reason)) => desk::trash::erase_now(&desk, page, reason)?,
        None => desk::trash::erase(&desk)?,
    };
    for stone in &stones {
        if json {
            say_json(&Erased {
                id: stone.page_id.to_string(),
                sealed_digest: stone.sealed_digest.to_string(),
                reason: stone.reason.name(),
                files: stone.files.len(),
            });
        }
    }
    if !json {
        say(&format!("{} pages are erased.", stones.len()));
    }
    Ok(ExitCode::SUCCESS)
}
