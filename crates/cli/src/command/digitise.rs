//! The whole way for files.

use std::path::PathBuf;
use std::process::ExitCode;

use desk::Desk;
use desk::digitise::{Accept, Outcome, Paper, digitise};
use domain::dossier::Owner;

use super::{file_name, sign_in};
use crate::arguments::{self, Digitise};
use crate::exit::{PERSON, Trouble};
use crate::output::{say, say_json, tell};
use crate::shape::Digitised;

pub(super) fn run(arguments: &Digitise, json: bool) -> Result<ExitCode, Trouble> {
    let desk = sign_in(&arguments.vault)?;
    let papers: Vec<Vec<PathBuf>> = if arguments.each {
        arguments
            .files
            .iter()
            .map(|file| vec![file.clone()])
            .collect()
    } else {
        vec![arguments.files.clone()]
    };
    let mut code = ExitCode::SUCCESS;
    let mut trouble = None;
    for files in papers {
        match one(&desk, arguments, files, json) {
            Ok(true) => {}
            Ok(false) => code = ExitCode::from(PERSON),
            // One bad paper never stops the others.
            Err(error) => {
                tell(&error.to_string());
                trouble = Some(error);
            }
        }
    }
    match trouble {
        Some(trouble) => Ok(trouble.code()),
        None => Ok(code),
    }
}

/// True when the paper is deposited, false when a person is needed.
fn one(
    desk: &Desk,
    arguments: &Digitise,
    files: Vec<PathBuf>,
    json: bool,
) -> Result<bool, Trouble> {
    let file = file_name(&files[0]);
    tell(&format!("digitising {file}"));
    let paper = Paper {
        files,
        procedure: arguments.procedure.clone(),
        component: arguments.component.clone(),
        owner: Owner {
            id: arguments.owner.clone(),
            name: None,
            ..Owner::default()
        },
        document_type: arguments.kind.clone(),
        set: arguments.set.clone(),
        accept: match arguments.accept {
            arguments::Accept::Certain => Accept::Certain,
            arguments::Accept::All => Accept::All,
        },
    };
    let (outcome, review, _) = digitise(desk, &paper)?;
    let copy = desk::export::latest_copy(desk, review.document.id)?;
    let digitised = Digitised {
        file,
        record: review.document.id.to_string(),
        local_code: review.document.local_code.to_string(),
        code: match &outcome {
            Outcome::Deposited(record) => Some(record.code.text.clone()),
            Outcome::NeedsReview(..) => None,
        },
        copy: copy.map(|copy| copy.digest.to_string()),
        state: match &outcome {
            Outcome::Deposited(_) => "deposited",
            Outcome::NeedsReview(..) => "needs_review",
        },
        to_check: review.open.iter().map(ToString::to_string).collect(),
    };
    if json {
        say_json(&digitised);
    } else {
        let what = match &digitised.code {
            Some(code) => format!("deposited, code {code} (provisional)"),
            None => format!(
                "stored; a person must look at: {}",
                digitised.to_check.join(", ")
            ),
        };
        say(&format!("{}: {what}", digitised.local_code));
    }
    Ok(matches!(outcome, Outcome::Deposited(_)))
}
