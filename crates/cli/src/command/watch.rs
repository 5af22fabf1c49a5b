//! Taking in what others put into a folder.

use std::process::ExitCode;
use std::time::Instant;

use desk::watch::{LOOK_EVERY, Outcome, TakenPaper, Watch, What};

use super::{file_name, sign_in};
use crate::arguments;
use crate::exit::{PERSON, REFUSED, Trouble};
use crate::output::{say, say_json};
use crate::shape::{WatchedFile, WatchedPaper};

/// Looks of `--once`: a file that still changes at the last of them is left for the
/// next time.
const LOOKS_ONCE: u32 = 3;

pub(super) fn run(arguments: &arguments::Watch, json: bool) -> Result<ExitCode, Trouble> {
    let desk = sign_in(&arguments.vault)?;
    let mut watch = Watch::open(&arguments.folder)?;
    let (mut refused, mut looks) = (false, 0);
    loop {
        let waiting = watch.look(&desk, Instant::now(), &mut |outcome| {
            refused |= matches!(outcome.what, What::Refused(_));
            tell_of(&outcome, json);
        })?;
        looks += 1;
        if arguments.once && (waiting == 0 || looks == LOOKS_ONCE) {
            return Ok(match (refused, waiting) {
                (true, _) => ExitCode::from(REFUSED),
                (false, 0) => ExitCode::SUCCESS,
                // A file is not finished, or could not be stored now.
                (false, _) => ExitCode::from(PERSON),
            });
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

fn tell_of(outcome: &Outcome, json: bool) {
    let file = file_name(&outcome.file);
    let (state, document, papers, error) = match &outcome.what {
        What::Taken { papers } => {
            let first = papers.first().map(|paper| &paper.document);
            ("taken", first, papers.as_slice(), None)
        }
        What::TakenBefore { document } => ("taken_before", Some(document), [].as_slice(), None),
        What::Refused(error) => ("refused", None, [].as_slice(), Some(error)),
        What::NotMoved(error) => ("not_moved", None, [].as_slice(), Some(error)),
        What::Postponed(error) => ("postponed", None, [].as_slice(), Some(error)),
    };
    let error = error.map(ToString::to_string);
    let pages: usize = papers.iter().map(|paper| paper.pages).sum();
    let shape = WatchedFile {
        state,
        document: document.map(|document| document.id.to_string()),
        local_code: document.map(|document| document.local_code.to_string()),
        pages: (!papers.is_empty()).then_some(pages),
        papers: papers.iter().map(WatchedPaper::from).collect(),
        error,
        file,
    };
    if json {
        say_json(&shape);
        return;
    }
    let file = &shape.file;
    let code = shape.local_code.unwrap_or_default();
    let why = shape.error.unwrap_or_default();
    say(&match &outcome.what {
        What::Taken { papers } => {
            let of_paper = |paper: &TakenPaper| {
                let code = &paper.document.local_code;
                format!("{} pages of document {code}", paper.pages)
            };
            let papers: Vec<String> = papers.iter().map(of_paper).collect();
            format!("{file}: {} are stored.", papers.join(", "))
        }
        What::TakenBefore { .. } => format!("{file}: was taken before, as document {code}."),
        What::Refused(_) => format!("{file}: refused: {why}"),
        What::NotMoved(_) => format!("{file}: is dealt with and cannot be moved away: {why}"),
        What::Postponed(_) => format!("{file}: waits: {why}"),
    });
}
