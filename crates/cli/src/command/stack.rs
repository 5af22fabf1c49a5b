//! A stack of papers at once, and the slips that part it.

use std::path::Path;
use std::process::ExitCode;

use desk::separate::{self, Split, StackPaper};
use desk::{
    CancelToken, ColourMode, Desk, ScanSettings, ScanSource, Sides, reception, review, slips,
};
use domain::document::Document;
use domain::page::Page;
use domain::separator::Separator;

use super::sign_in;
use crate::arguments::{Stack, VaultFolder};
use crate::exit::{PERSON, Trouble};
use crate::output::{say, say_json};
use crate::shape;

pub(super) fn run(arguments: &Stack, json: bool) -> Result<ExitCode, Trouble> {
    let desk = sign_in(&arguments.vault)?;
    let dossier = match &arguments.dossier {
        Some(named) => Some(reception::find(&desk, named)?.id),
        None => None,
    };
    let mut number = 0;
    let mut each = |page: &Page| {
        number += 1;
        if json {
            say_json(&shape::ScannedPage::new(number, page));
        }
    };
    let split = if let Some(device) = &arguments.device {
        let settings = ScanSettings {
            source: ScanSource::Feeder,
            sides: if arguments.duplex {
                Sides::Both
            } else {
                Sides::One
            },
            dpi: arguments.dpi,
            colour: ColourMode::Colour,
        };
        let cancel = CancelToken::default();
        separate::scan_stack(&desk, dossier, device, &settings, &cancel, &mut each)?
    } else {
        let files: Vec<&Path> = arguments.files.iter().map(AsRef::as_ref).collect();
        separate::add_stack(&desk, dossier, &files, &mut each)?
    };
    report(&desk, &split, arguments.read, json)
}

/// Says how the stack was split; a person is needed where something is open.
fn report(desk: &Desk, split: &Split, read: bool, json: bool) -> Result<ExitCode, Trouble> {
    let mut is_open = !split.without_pages.is_empty();
    let mut papers = Vec::new();
    for paper in &split.papers {
        let shape = paper_shape(desk, paper, read)?;
        is_open |= !shape.joins.is_empty() || shape.unknown_slip;
        if !json {
            say(&format!(
                "{}  {} pages  {}",
                shape.local_code,
                shape.pages,
                shape.component_code.as_deref().unwrap_or(&shape.component)
            ));
            for join in &shape.joins {
                say(&format!(
                    "  page {} may begin another paper: {}",
                    join.page, join.reason
                ));
            }
        }
        papers.push(shape);
    }
    let without_pages: Vec<String> = split.without_pages.iter().map(name).collect();
    if json {
        say_json(&shape::Stack {
            papers,
            without_pages,
            separators: split.separators,
        });
    } else {
        for missing in without_pages {
            say(&format!("no page came behind the separator {missing}"));
        }
    }
    Ok(if is_open {
        ExitCode::from(PERSON)
    } else {
        ExitCode::SUCCESS
    })
}

fn paper_shape(
    desk: &Desk,
    paper: &StackPaper,
    read: bool,
) -> Result<shape::PaperOfStack, Trouble> {
    let document: Document = if read {
        let (review, _) = review::extract_document(desk, paper.document_id, None, &|_| {})?;
        review.document
    } else {
        review::review(desk, paper.document_id)?.document
    };
    let joins = separate::joins(desk, paper.document_id)?;
    let joins = joins.iter().filter_map(|join| {
        let place = paper.pages.iter().position(|page| *page == join.page_id)?;
        Some(shape::Join {
            page: place + 1,
            page_id: join.page_id.to_string(),
            reason: join.reason.name(),
        })
    });
    let dossier = reception::dossier(desk, document.dossier_id)?;
    let component = dossier
        .components
        .into_iter()
        .find(|component| component.id == document.component_id);
    Ok(shape::PaperOfStack {
        document: document.id.to_string(),
        local_code: document.local_code.to_string(),
        dossier: document.dossier_id.to_string(),
        component: component
            .as_ref()
            .map(|component| component.name.clone())
            .unwrap_or_default(),
        component_code: component
            .and_then(|component| component.code)
            .map(|code| code.to_string()),
        pages: paper.pages.len(),
        opened_by: paper.opened_by.as_ref().map(kind),
        unknown_slip: paper.unknown_slip,
        joins: joins.collect(),
    })
}

fn kind(separator: &Separator) -> &'static str {
    match separator {
        Separator::Plain => "plain",
        Separator::Component(_) => "component",
        Separator::Slip(_) => "slip",
    }
}

fn name(separator: &Separator) -> String {
    match separator {
        Separator::Plain => "T".to_owned(),
        Separator::Component(code) => code.to_string(),
        Separator::Slip(slip) => slip.component_id.to_string(),
    }
}

pub(super) fn slips(
    vault: &VaultFolder,
    dossier: &str,
    out: &Path,
    json: bool,
) -> Result<ExitCode, Trouble> {
    covers(&sign_in(vault)?, dossier, out, json)
}

/// Writes the cover slips of a dossier.
pub(super) fn covers(
    desk: &Desk,
    dossier: &str,
    out: &Path,
    json: bool,
) -> Result<ExitCode, Trouble> {
    let dossier = reception::find(desk, dossier)?;
    let pdf = slips::print(desk, dossier.id, &[])?;
    std::fs::write(out, pdf).map_err(|source| desk::Error::FileUnwritable {
        path: out.to_owned(),
        source,
    })?;
    if json {
        say_json(&shape::Slips {
            dossier: dossier.id.to_string(),
            slips: dossier.components.len(),
        });
    } else {
        say(&format!(
            "{} slips are in {}",
            dossier.components.len(),
            super::file_name(out)
        ));
    }
    Ok(ExitCode::SUCCESS)
}
