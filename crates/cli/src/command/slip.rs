//! Slips: made, and told from altered ones.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser as _;
use desk::slips::{self, Answers, JudgedSlip, SlipAnswer};
use desk::stations::{self, StationKey};
use desk::{AskShape, Desk, SlipSubject, reception};

use super::{file_name, settings, sign_in};
use crate::arguments::{MakeSlip, SlipCommand, VaultFolder};
use crate::exit::{PERSON, REFUSED, Trouble};
use crate::output::{say, say_json, tell};
use crate::shape;

/// The sheets that part a stack carry no data of the system, and are no kind of `forms/`.
const COVER: &str = "cover";

/// More than any code of a slip holds.
const MOST_BYTES: u64 = 64 * 1024;

pub(super) fn run(command: SlipCommand, json: bool) -> Result<ExitCode, Trouble> {
    match command {
        SlipCommand::List { vault } => {
            list(&sign_in(&vault)?, json);
            Ok(ExitCode::SUCCESS)
        }
        SlipCommand::Verify { slip, key } => verify(&slip, &key, json),
        SlipCommand::Key { out, vault } => key(&vault, &out, json),
        SlipCommand::Make(words) => {
            let program = std::iter::once("sohoa slip".into());
            let wanted = MakeSlip::try_parse_from(program.chain(words));
            // Bad use, told as any other.
            make(&wanted.unwrap_or_else(|error| error.exit()), json)
        }
    }
}

fn list(desk: &Desk, json: bool) {
    for kind in desk.catalogue().slips() {
        let asks = kind.asks.iter().map(|ask| shape::SlipAsk {
            name: ask.name.clone(),
            label: ask.label.clone(),
            shape: match ask.shape {
                AskShape::Text => "text",
                AskShape::Day => "day",
                AskShape::Components => "components",
            },
            required: ask.required,
        });
        let kind = shape::SlipKind {
            kind: kind.name.clone(),
            title: kind.title.clone(),
            asks: asks.collect(),
        };
        if json {
            say_json(&kind);
            continue;
        }
        say(&format!("{:<12} {}", kind.kind, kind.title));
        for ask in kind.asks {
            let need = if ask.required { " (required)" } else { "" };
            say(&format!("    {:<20} {}{need}", ask.name, ask.label));
        }
    }
}

fn make(wanted: &MakeSlip, json: bool) -> Result<ExitCode, Trouble> {
    let json = json || wanted.json;
    let desk = sign_in(&wanted.vault)?;
    let named = |kind: &str| {
        let plain = |text: &str| text.replace(['_', '-'], "").to_lowercase();
        plain(kind) == plain(&wanted.kind)
    };
    if named(COVER) {
        let dossier = wanted.dossier.as_deref().unwrap_or_default();
        return super::stack::covers(&desk, dossier, &wanted.out, json);
    }
    let mut kinds = desk.catalogue().slips().iter();
    let kind = kinds.find(|kind| named(&kind.name));
    let kind = kind.ok_or(desk::Error::Refused(desk::Refusal::UnknownSlip))?;
    let said = wanted.set.iter();
    let answers: Answers = said.map(|one| (one.0.clone(), one.1.clone())).collect();
    let slip = match kind.about {
        SlipSubject::Day => slips::day_sheet(&desk, &kind.name, &answers)?,
        SlipSubject::Dossier => {
            let dossier = wanted.dossier.as_deref().unwrap_or_default();
            let dossier = reception::find(&desk, dossier)?;
            slips::issue(&desk, &kind.name, dossier.id, &answers)?
        }
    };
    std::fs::write(&wanted.out, &slip.pdf).map_err(|source| desk::Error::FileUnwritable {
        path: wanted.out.clone(),
        source,
    })?;
    if json {
        say_json(&shape::MadeSlip {
            file: file_name(&wanted.out),
            number: slip.number.to_string(),
            code: slip.code,
        });
    } else {
        say(&file_name(&wanted.out));
    }
    Ok(ExitCode::SUCCESS)
}

fn key(vault: &VaultFolder, out: &Path, json: bool) -> Result<ExitCode, Trouble> {
    let key = stations::write_own(&sign_in(vault)?, out)?;
    if json {
        say_json(&shape::WrittenKey {
            file: file_name(out),
            station: key.station,
            office: key.office.to_string(),
        });
    } else {
        say(&file_name(out));
    }
    Ok(ExitCode::SUCCESS)
}

/// The stations that are known: those of the office's forms, and those that were named.
pub(super) fn known(files: &[PathBuf]) -> Result<Vec<StationKey>, Trouble> {
    let mut known = stations::known(&settings(Path::new(""))?)?;
    for file in files {
        known.push(stations::read(file)?);
    }
    Ok(known)
}

fn verify(slip: &str, keys: &[PathBuf], json: bool) -> Result<ExitCode, Trouble> {
    let known = known(keys)?;
    let file = Path::new(slip);
    let judged = if slip == "-" {
        let mut text = String::new();
        let read = std::io::stdin().take(MOST_BYTES).read_to_string(&mut text);
        read.map_err(desk::Error::File)?;
        // A reader that types like a keyboard ends with a line break.
        slips::verify_text(text.trim_end_matches(['\r', '\n']), &known)
    } else if file.is_file() {
        slips::verify_file(&settings(Path::new(""))?, file, &known)?
    } else {
        slips::verify_text(slip, &known)
    };
    let code = match judged.answer {
        SlipAnswer::Genuine => ExitCode::SUCCESS,
        SlipAnswer::UnknownStation => ExitCode::from(PERSON),
        SlipAnswer::Altered | SlipAnswer::NotASlip => ExitCode::from(REFUSED),
    };
    tell_of(judged, json);
    Ok(code)
}

fn tell_of(judged: JudgedSlip, json: bool) {
    let shape = shape::VerifiedSlip {
        answer: judged.answer.name(),
        number: judged.number.map(|number| number.to_string()),
        office: judged.office.map(|office| office.to_string()),
        lines: judged.lines,
        printed: judged.printed,
    };
    if json {
        say_json(&shape);
        return;
    }
    match judged.answer {
        SlipAnswer::Genuine => {
            let office = shape.office.unwrap_or_default();
            say(&format!("genuine: made by a station of {office}"));
        }
        SlipAnswer::UnknownStation => tell("The station that made it is not known here."),
        SlipAnswer::Altered => {
            tell("This is not as any station made it.");
            return;
        }
        SlipAnswer::NotASlip => {
            tell("There is no code of a slip.");
            return;
        }
    }
    for line in shape.lines {
        say(&format!("    {line}"));
    }
    if shape.printed.is_none() {
        say("compare these lines with what is printed");
    }
}
