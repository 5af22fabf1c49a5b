//! Finding, showing and exporting records.

use std::path::Path;
use std::process::ExitCode;

use super::{settings, sign_in};
use crate::arguments::VaultFolder;
use crate::exit::{REFUSED, Trouble};
use crate::output::{say, say_json, tell};
use crate::shape;

/// More hits than anybody reads.
const HITS: usize = 100;

pub(super) fn search(vault: &VaultFolder, words: &str, json: bool) -> Result<ExitCode, Trouble> {
    let hits = desk::search::search(&sign_in(vault)?, words, HITS)?;
    for hit in &hits {
        let line = shape::Hit {
            local_code: hit.record.local_code.to_string(),
            code: hit.record.code.text.clone(),
            number: hit.number.clone(),
            owner: hit.owner_name.clone(),
            kind: hit.record.document_type.to_string(),
            day: hit.issued_on.clone(),
        };
        if json {
            say_json(&line);
        } else {
            let rest = [line.number, line.day, line.owner]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>();
            say(&format!(
                "{}  {}  {}",
                line.local_code,
                line.kind,
                rest.join("  ")
            ));
        }
    }
    if hits.is_empty() && !json {
        tell("nothing found");
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn show(
    vault: &VaultFolder,
    code: &str,
    reveal: bool,
    json: bool,
) -> Result<ExitCode, Trouble> {
    let desk = sign_in(vault)?;
    let shown = if reveal {
        desk::search::reveal_all(&desk, code)?
    } else {
        desk::search::show(&desk, code)?
    };
    let record = shown.record;
    let code = desk::sync::code_of(&desk, &record)?;
    if json {
        let fields = record.values.iter().map(|value| shape::ShownField {
            name: value.name.to_string(),
            value: value.value.clone(),
            source: value.source.name(),
            confirmed: value.confirmed_by.is_some(),
            masked: shown.masked.contains(&value.name),
        });
        say_json(&shape::Shown {
            record: record.document_id.to_string(),
            version: record.version,
            local_code: record.local_code.to_string(),
            code: code.text,
            provisional: code.provisional,
            kind: record.document_type.to_string(),
            fields: fields.collect(),
            deposited_at: record.deposited_at.to_rfc3339(),
            events: shown.history.len(),
        });
        return Ok(ExitCode::SUCCESS);
    }
    say(&format!(
        "{}  {}  version {}",
        record.local_code, record.document_type, record.version
    ));
    say(&format!(
        "code: {}{}",
        code.text,
        if code.provisional {
            " (provisional)"
        } else {
            ""
        }
    ));
    for value in record.values.iter().filter(|value| !value.value.is_empty()) {
        say(&format!("  {:<18} {}", value.name.as_str(), value.value));
    }
    say(&format!("deposited {}", record.deposited_at.to_rfc3339()));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn export(
    vault: &VaultFolder,
    code: &str,
    out: &Path,
    json: bool,
) -> Result<ExitCode, Trouble> {
    let exported = desk::export::export(&sign_in(vault)?, code, out)?;
    if json {
        say_json(&shape::Exported {
            copy: exported.copy.display().to_string(),
            manifest: exported.manifest.display().to_string(),
            evidence: Some(exported.evidence.display().to_string()),
            folder: None,
        });
    } else {
        say(&exported.copy.display().to_string());
        say(&exported.manifest.display().to_string());
        say(&exported.evidence.display().to_string());
    }
    Ok(if exported.copy.is_file() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(REFUSED)
    })
}

/// Checks an exported folder of evidence; needs no vault.
pub(super) fn verify(folder: &Path, json: bool) -> Result<ExitCode, Trouble> {
    let misfits = desk::evidence::verify(&settings(Path::new(""))?, folder)?;
    if json {
        say_json(&shape::Verified {
            sound: misfits.is_empty(),
            misfits: misfits.iter().map(ToString::to_string).collect(),
        });
    } else {
        for misfit in &misfits {
            say(&misfit.to_string());
        }
    }
    if misfits.is_empty() {
        if !json {
            say("Everything fits: copy, manifest, raw pages and every piece of evidence.");
        }
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::from(REFUSED))
}
