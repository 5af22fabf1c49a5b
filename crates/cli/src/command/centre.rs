//! The centre: becoming its station, sending, and how what was sent stands.

use std::io::Read as _;
use std::process::ExitCode;

use desk::{CancelToken, Desk, sync};
use domain::delivery::Delivery;

use super::sign_in;
use crate::arguments::{BundleCommand, Sync, VaultFolder};
use crate::exit::{PERSON, Trouble};
use crate::output::{say, say_json, tell};
use crate::shape::{BundleWritten, Enrolled, OutboxLine, PassDone};

pub(super) fn enrol(vault: &VaultFolder, ticket: &str, json: bool) -> Result<ExitCode, Trouble> {
    let desk = sign_in(vault)?;
    let mut from_input = String::new();
    let ticket = if ticket == "-" {
        let read = std::io::stdin().read_to_string(&mut from_input);
        read.map_err(desk::Error::File)?;
        from_input.as_str()
    } else {
        ticket
    };
    let station = sync::enrol(&desk, ticket)?;
    if json {
        say_json(&Enrolled {
            station: station.number,
        });
    } else {
        say(&format!(
            "This desk is station {} of the centre.",
            station.number
        ));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn sync(arguments: &Sync, json: bool) -> Result<ExitCode, Trouble> {
    let desk = sign_in(&arguments.vault)?;
    if arguments.again {
        sync::try_parked_again(&desk)?;
    }
    if arguments.once {
        return once(&desk, json);
    }
    sync::keep_sending(&desk, &CancelToken::new(), |outcome| {
        answer(&desk, outcome, json);
    })?;
    Ok(ExitCode::SUCCESS)
}

fn once(desk: &Desk, json: bool) -> Result<ExitCode, Trouble> {
    let outcome = sync::send(desk, &CancelToken::new())?;
    answer(desk, &outcome, json);
    let all = outcome.report.waiting == 0 && outcome.report.parked == 0;
    Ok(if all && outcome.stop.is_none() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(PERSON)
    })
}

pub(super) fn bundle(command: &BundleCommand, json: bool) -> Result<ExitCode, Trouble> {
    match command {
        BundleCommand::Write { file, limit, vault } => {
            let limit = limit.map_or(sync::BUNDLE_LIMIT_BYTES, |mb| mb.saturating_mul(1_000_000));
            let bundle = sync::write_bundle(&sign_in(vault)?, file, limit)?;
            let written = bundle.holds;
            if json {
                say_json(&BundleWritten {
                    records: written.records,
                    left: written.left,
                    file_bytes: written.file_bytes,
                    file: bundle.file,
                });
            } else {
                say(&format!(
                    "{} records in it, {} left for the next",
                    written.records, written.left
                ));
            }
            Ok(ExitCode::SUCCESS)
        }
        BundleCommand::Take {
            answer: file,
            vault,
        } => {
            let desk = sign_in(vault)?;
            let outcome = sync::take_answer(&desk, file)?;
            answer(&desk, &outcome, json);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn answer(desk: &Desk, outcome: &desk::SyncOutcome, json: bool) {
    let report = &outcome.report;
    let stop = outcome.stop.as_ref().map(desk::Stop::name);
    if json {
        say_json(&PassDone {
            delivered: report.delivered,
            parked: report.parked,
            waiting: report.waiting,
            sent_bytes: report.sent_bytes,
            clock_ahead_s: report.spoke.then_some(report.skew_s),
            stop,
        });
    } else {
        say(&format!(
            "{} delivered, {} wait, {} parked",
            report.delivered, report.waiting, report.parked
        ));
        if let Some(stop) = stop {
            tell(&format!("stopped: {stop}"));
        }
        if sync::state(desk).is_ok_and(|state| state.clock_off_s.is_some()) {
            tell("the clock of this computer is wrong; nothing is lost by it");
        }
    }
}

pub(super) fn outbox(vault: &VaultFolder, limit: usize, json: bool) -> Result<ExitCode, Trouble> {
    for record in sync::outbox(&sign_in(vault)?, limit)? {
        let (state, code, reason) = match &record.delivery {
            Delivery::Waiting => ("waiting", None, None),
            Delivery::Parked(reason) => ("parked", None, Some(reason.as_str())),
            Delivery::Delivered { code, .. } => ("delivered", Some(code.as_str()), None),
        };
        let line = OutboxLine {
            local_code: record.local_code.to_string(),
            version: record.version,
            deposited_at: record.deposited_at,
            state,
            code,
            reason,
        };
        if json {
            say_json(&line);
        } else {
            say(&format!(
                "{}  version {}  {state} {}",
                line.local_code,
                line.version,
                line.reason.unwrap_or_default()
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}
