//! Listing scanners and scanning sheets.

use std::process::ExitCode;

use desk::accounting;
use desk::reception::{self, NewComponent, NewDossier};
use desk::scan::{self, Scan};
use desk::{CancelToken, ColourMode, Desk, Device, ScanSettings, ScanSource, Sides};
use domain::document::Document;
use domain::dossier::SubmittedAs;

use super::{settings, sign_in};
use crate::arguments::{self, Source, VaultFolder};
use crate::exit::Trouble;
use crate::output::{say, say_json, tell};
use crate::shape;

pub(super) fn run(arguments: &arguments::Scan, json: bool) -> Result<ExitCode, Trouble> {
    match (&arguments.device, &arguments.vault) {
        (Some(device), Some(vault)) => {
            let desk = sign_in(&VaultFolder {
                vault: vault.clone(),
                officer: arguments.officer.clone(),
            })?;
            sheets(&desk, device, arguments, json)
        }
        (Some(_), None) => {
            tell("say where the vault is with --vault DIR");
            Ok(ExitCode::from(crate::exit::USE))
        }
        (None, _) => list(json),
    }
}

fn list(json: bool) -> Result<ExitCode, Trouble> {
    let settings = settings("".as_ref())?;
    let devices = desk::worker::Crew::new(settings.worker_program, settings.resources).devices()?;
    for device in devices {
        let sources = source_names(&device);
        if json {
            say_json(&shape::Device {
                id: device.id,
                name: device.name,
                sources,
                resolutions_dpi: device.resolutions_dpi,
            });
        } else {
            say(&format!(
                "{}  {}  {}",
                device.id,
                device.name,
                sources.join(", ")
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What `--source` takes for this device.
fn source_names(device: &Device) -> Vec<&'static str> {
    let plain = device.sources.iter().map(|source| match source {
        ScanSource::Feeder => "adf",
        ScanSource::Flatbed => "flatbed",
    });
    plain.chain(device.both_sides.then_some("duplex")).collect()
}

fn sheets(
    desk: &Desk,
    device: &str,
    arguments: &arguments::Scan,
    json: bool,
) -> Result<ExitCode, Trouble> {
    let document = document(desk, arguments.dossier.as_deref())?;
    let (source, sides) = match arguments.source {
        Source::Adf => (ScanSource::Feeder, Sides::One),
        Source::Flatbed => (ScanSource::Flatbed, Sides::One),
        Source::Duplex => (ScanSource::Feeder, Sides::Both),
    };
    let settings = ScanSettings {
        source,
        sides,
        dpi: arguments.dpi,
        colour: if arguments.grey {
            ColourMode::Greyscale
        } else {
            ColourMode::Colour
        },
    };
    let mut number = 0;
    let mut each = |page: &domain::page::Page| {
        number += 1;
        if json {
            say_json(&shape::ScannedPage::new(number, page));
        } else {
            say(&format!(
                "page {number}: {}",
                shape::in_words(page.raw.size, page.raw.dpi)
            ));
        }
    };
    let mut trace = Vec::new();
    let outcome = scan::scan_traced(
        desk,
        document.id,
        &Scan::new(device, &settings),
        &CancelToken::default(),
        &mut each,
        arguments.trace.is_some().then_some(&mut trace),
    );
    if let Some(file) = &arguments.trace {
        // Above all a scan that failed is worth looking at.
        std::fs::write(file, trace.join("\n") + "\n").map_err(|source| {
            desk::Error::FileUnwritable {
                path: file.clone(),
                source,
            }
        })?;
    }
    outcome?;
    let counted = match arguments.pages {
        None => accounting::of_document(desk, document.id)?,
        pages => accounting::declare_pages(desk, document.id, pages)?,
    };
    if !counted.closes() {
        super::pages::tell_count(desk, document.id, json)?;
        return Ok(ExitCode::from(crate::exit::PERSON));
    }
    if !json {
        say(&format!(
            "{number} pages of document {} are stored.",
            document.local_code
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// A new document: in a new dossier, or as one more paper of a known one.
fn document(desk: &Desk, dossier: Option<&str>) -> Result<Document, Trouble> {
    let component = NewComponent {
        name: String::new(),
        code: None,
        result_type: None,
        submitted_as: SubmittedAs::Original,
    };
    if let Some(named) = dossier {
        let dossier = reception::find(desk, named)?;
        return Ok(scan::begin_another(desk, dossier.id, component)?);
    }
    let new = NewDossier {
        components: vec![component],
        ..NewDossier::default()
    };
    let dossier = reception::receive(desk, new)?;
    Ok(scan::begin(desk, dossier.id, dossier.components[0].id)?)
}
