//! The audit trail handed out, and checked.

use std::path::Path;
use std::process::ExitCode;

use desk::{AuditMark, AuditTrail, KnownOfAudit, Tampering, audit};

use super::sign_in;
use crate::arguments::{AuditCommand, VaultFolder};
use crate::exit::{REFUSED, Trouble};
use crate::output::{say, say_json, tell};
use crate::shape;

pub(super) fn run(command: AuditCommand, json: bool) -> Result<ExitCode, Trouble> {
    match command {
        AuditCommand::Export { out, vault } => {
            let mark = audit::export(&sign_in(&vault)?, &out)?;
            let exported = shape::AuditExported {
                file: out.display().to_string(),
                events: mark.position,
                mark: mark.to_string(),
            };
            if json {
                say_json(&exported);
            } else {
                say(&exported.file);
                say(&format!("mark to write down elsewhere: {mark}"));
            }
            Ok(ExitCode::SUCCESS)
        }
        AuditCommand::Verify {
            path,
            mark,
            key,
            officer,
        } if path.is_dir() => {
            let vault = VaultFolder {
                vault: path,
                officer,
            };
            let (trail, end) = audit::verify(&sign_in(&vault)?)?;
            let flaw = match trail {
                AuditTrail::BrokenAt { position } => Some((Tampering::Altered, position, None)),
                AuditTrail::Whole { events } => mark
                    .iter()
                    .find(|known| known.position > events)
                    .map(|_| (Tampering::TailCut, events + 1, None)),
            };
            // In the vault the key is the vault's own.
            drop(key);
            Ok(answer(end, None, None, flaw, json))
        }
        AuditCommand::Verify {
            path, mark, key, ..
        } => verify_file(&path, mark, key, json),
    }
}

fn verify_file(
    file: &Path,
    marks: Vec<AuditMark>,
    public_key: Option<String>,
    json: bool,
) -> Result<ExitCode, Trouble> {
    let report = audit::verify_file(file, &KnownOfAudit { marks, public_key })?;
    let flaw = report
        .flaw
        .map(|flaw| (flaw.tampering, flaw.position, Some(flaw.line)));
    Ok(answer(
        report.end,
        Some(report.heads),
        Some(report.public_key),
        flaw,
        json,
    ))
}

fn answer(
    end: AuditMark,
    heads: Option<u64>,
    public_key: Option<String>,
    flaw: Option<(Tampering, u64, Option<usize>)>,
    json: bool,
) -> ExitCode {
    let sound = flaw.is_none();
    let verified = shape::AuditVerified {
        sound,
        events: end.position,
        heads,
        mark: end.to_string(),
        public_key,
        tampering: flaw.map(|(tampering, ..)| tampering.name()),
        position: flaw.map(|(_, position, _)| position),
        line: flaw.and_then(|(.., line)| line),
    };
    if json {
        say_json(&verified);
    } else if let Some((tampering, position, _)) = flaw {
        tell(&format!(
            "The trail is not as it was written: {} at position {position}; {} events before it hold.",
            tampering.name().replace('_', " "),
            position.saturating_sub(1),
        ));
    } else {
        say(&format!(
            "The trail is whole: {} events, mark {}.",
            verified.events, verified.mark
        ));
        if let Some(key) = &verified.public_key {
            say(&format!("signed by the key {key}"));
        }
    }
    if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(REFUSED)
    }
}
