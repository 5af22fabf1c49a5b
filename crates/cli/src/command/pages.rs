//! The pages of a dossier, and how they add up.

use std::process::ExitCode;

use desk::{Desk, accounting, reception, scan};
use domain::accounting::{Accounting, Gap};
use domain::ids::DocumentId;

use super::sign_in;
use crate::arguments::VaultFolder;
use crate::exit::{PERSON, Trouble};
use crate::output::{say, say_json, tell};
use crate::shape;

pub(super) fn run(vault: &VaultFolder, dossier: &str, json: bool) -> Result<ExitCode, Trouble> {
    let desk = sign_in(vault)?;
    let dossier = reception::find(&desk, dossier)?;
    let mut closes = true;
    let documents = dossier.components.iter();
    for document_id in documents.filter_map(|component| component.document_id) {
        let mut pages = scan::pages(&desk, document_id)?;
        pages.extend(scan::voided_pages(&desk, document_id)?);
        for page in &pages {
            let line = shape::StoredPage::from(page);
            if json {
                say_json(&line);
            } else {
                say(&format!(
                    "{}  {}",
                    shape::in_words(page.raw.size, page.raw.dpi),
                    line.state
                ));
            }
        }
        closes &= tell_count(&desk, document_id, json)?.closes();
    }
    Ok(if closes {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(PERSON)
    })
}

/// Says how the images of a document stand against its paper.
pub(super) fn tell_count(
    desk: &Desk,
    document_id: DocumentId,
    json: bool,
) -> Result<Accounting, Trouble> {
    let counted = accounting::of_document(desk, document_id)?;
    if json {
        say_json(&shape::Count::new(document_id, &counted));
        return Ok(counted);
    }
    say(&format!(
        "{} images, {} blank set aside, {} taken out, {} with a note masked",
        counted.kept, counted.blank, counted.removed, counted.masked
    ));
    for gap in &counted.gaps {
        tell(&match gap {
            Gap::BrokenOff { stored } => {
                format!("the last feed was broken off after {stored} pages; scan the rest")
            }
            Gap::Lost { delivered, stored } => {
                format!("the scanner gave {delivered} pages and {stored} are there")
            }
            Gap::Missing { number } => {
                format!("by the numbers on the pages, page {number} is missing")
            }
            Gap::Declared { declared, kept } => {
                format!("the paper has {declared} pages and there are {kept} images")
            }
        });
    }
    Ok(counted)
}
