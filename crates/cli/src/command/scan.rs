//! Listing scanners and scanning sheets.

use std::process::ExitCode;

use desk::reception::{self, NewComponent, NewDossier};
use desk::{CancelToken, ColourMode, ScanSettings, ScanSource, scan};
use domain::dossier::SubmittedAs;

use super::{settings, sign_in};
use crate::arguments::{Scan, Source};
use crate::exit::Trouble;
use crate::output::{say, say_json, tell};
use crate::shape;

pub(super) fn run(arguments: &Scan, json: bool) -> Result<ExitCode, Trouble> {
    match (&arguments.device, &arguments.vault) {
        (Some(device), Some(vault)) => {
            let desk = sign_in(vault)?;
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
        let sources: Vec<&str> = device
            .sources
            .iter()
            .map(|source| source_name(*source))
            .collect();
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

fn source_name(source: ScanSource) -> &'static str {
    match source {
        ScanSource::Feeder => "adf",
        ScanSource::Flatbed => "flatbed",
    }
}

fn sheets(
    desk: &desk::Desk,
    device: &str,
    arguments: &Scan,
    json: bool,
) -> Result<ExitCode, Trouble> {
    let dossier = reception::receive(
        desk,
        NewDossier {
            components: vec![NewComponent {
                name: String::new(),
                code: None,
                result_type: None,
                submitted_as: SubmittedAs::Original,
            }],
            ..NewDossier::default()
        },
    )?;
    let document = scan::begin(desk, dossier.id, dossier.components[0].id)?;
    let settings = ScanSettings {
        source: match arguments.source {
            Source::Adf => ScanSource::Feeder,
            Source::Flatbed => ScanSource::Flatbed,
        },
        dpi: arguments.dpi,
        colour: if arguments.grey {
            ColourMode::Greyscale
        } else {
            ColourMode::Colour
        },
    };
    let mut number = 0;
    scan::scan_pages(
        desk,
        document.id,
        device,
        &settings,
        &CancelToken::default(),
        &mut |page| {
            number += 1;
            if json {
                say_json(&shape::ScannedPage::new(number, page));
            } else {
                say(&format!(
                    "page {number}: {}",
                    shape::in_words(page.raw.size, page.raw.dpi)
                ));
            }
        },
    )?;
    if !json {
        say(&format!(
            "{number} pages of document {} are stored.",
            document.local_code
        ));
    }
    Ok(ExitCode::SUCCESS)
}
