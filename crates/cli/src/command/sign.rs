//! Signing electronic copies, and judging the signatures of any PDF.

use std::path::Path;
use std::process::ExitCode;

use desk::signatures::{self, FoundSignature, Key, Token, WaitingCopy};
use desk::{CancelToken, Desk, Refusal};
use domain::copy::{Awaited, ElectronicCopy};
use domain::document::DocumentState;
use domain::ids::DocumentId;
use domain::local_code::LocalCode;
use domain::signature::{Answer, Unfit};
use zeroize::Zeroizing;

use super::{settings, sign_in};
use crate::arguments::SignCommand;
use crate::exit::{PERSON, REFUSED, Trouble};
use crate::output::{say, say_json, tell};
use crate::shape;

pub(super) fn run(command: SignCommand, json: bool) -> Result<ExitCode, Trouble> {
    match command {
        SignCommand::Waiting { vault } => waiting(&sign_in(&vault)?, json),
        SignCommand::Tokens { vault } => tokens(&sign_in(&vault)?, json),
        SignCommand::Papers {
            codes,
            vault,
            token,
            use_last_try,
        } => papers(
            &sign_in(&vault)?,
            &codes,
            token.as_deref(),
            use_last_try,
            json,
        ),
        SignCommand::History { code, vault } => history(&sign_in(&vault)?, &code, json),
        SignCommand::Timestamps { vault } => {
            let desk = sign_in(&vault)?;
            let stamped = signatures::timestamp(&desk, &CancelToken::new())?;
            let left = signatures::count_waiting(&desk, Awaited::Timestamp)?;
            answer(json, stamped, left, None);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn waiting(desk: &Desk, json: bool) -> Result<ExitCode, Trouble> {
    let shape = |waiting: WaitingCopy| shape::WaitingCopy {
        local_code: waiting.document.local_code.to_string(),
        pages: waiting.copy.pages.len(),
        digitised_by: waiting.digitised_by,
        digitised_at: waiting.copy.made_at.to_rfc3339(),
        deposited: waiting.document.state == DocumentState::Deposited,
    };
    let waiting = signatures::waiting(desk, Awaited::Signature)?.into_iter();
    let waiting: Vec<shape::WaitingCopy> = waiting.map(shape).collect();
    if json {
        say_json(&waiting);
    } else {
        for one in waiting {
            say(&format!("{}  {} pages", one.local_code, one.pages));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn history(desk: &Desk, code: &LocalCode, json: bool) -> Result<ExitCode, Trouble> {
    let shape = |copy: ElectronicCopy| {
        let signature = copy.signature.as_ref();
        shape::CopyMade {
            sha256: copy.digest.to_string(),
            pages: copy.pages.len(),
            made_at: copy.made_at.to_rfc3339(),
            born_electronic: copy.born_electronic,
            signed_at: signature.map(|one| one.signed_at.to_rfc3339()),
            timestamped_at: signature
                .and_then(|one| one.timestamped_at)
                .map(|at| at.to_rfc3339()),
        }
    };
    let copies = signatures::history(desk, code)?.into_iter();
    let copies: Vec<shape::CopyMade> = copies.map(shape).collect();
    if json {
        say_json(&copies);
        return Ok(ExitCode::SUCCESS);
    }
    for one in copies {
        let signed = one.signed_at.map(|at| format!("  signed {at}"));
        say(&format!(
            "{}  {} pages{}",
            one.made_at,
            one.pages,
            signed.unwrap_or_default()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn tokens(desk: &Desk, json: bool) -> Result<ExitCode, Trouble> {
    let shape = |token: Token| shape::Token {
        certificates: token
            .certificates
            .iter()
            .map(|one| shape::TokenCertificate {
                sha256: one.digest.to_string(),
                name: one.name.clone(),
                issuer: one.issuer.clone(),
                valid_until: one.valid_until.to_rfc3339(),
                unfit: one.unfit_for(desk).map(Unfit::name),
            })
            .collect(),
        serial: token.serial,
        label: token.label,
        maker: token.maker,
        few_tries: token.few_tries,
        last_try: token.last_try,
        locked: token.locked,
    };
    let found = signatures::tokens(desk)?.into_iter();
    let found: Vec<shape::Token> = found.map(shape).collect();
    if json {
        say_json(&found);
        return Ok(ExitCode::SUCCESS);
    }
    for token in found {
        say(&format!("{}  {}", token.serial, token.label));
        for one in token.certificates {
            let why = one.unfit.map(|unfit| format!(" ({unfit})"));
            say(&format!("    {}{}", one.name, why.unwrap_or_default()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn papers(
    desk: &Desk,
    codes: &[LocalCode],
    serial: Option<&str>,
    use_last_try: bool,
    json: bool,
) -> Result<ExitCode, Trouble> {
    let waiting = signatures::waiting(desk, Awaited::Signature)?;
    let of_code = |code: &LocalCode| {
        let found = waiting.iter().find(|one| one.document.local_code == *code);
        found.map(|one| one.document.id)
    };
    let papers: Vec<DocumentId> = if codes.is_empty() {
        waiting.iter().map(|one| one.document.id).collect()
    } else {
        let found: Option<Vec<DocumentId>> = codes.iter().map(of_code).collect();
        found.ok_or(desk::Error::Refused(Refusal::NothingToSign))?
    };
    if papers.is_empty() {
        answer(json, 0, 0, None);
        return Ok(ExitCode::SUCCESS);
    }
    let tokens = signatures::tokens(desk)?;
    let mut meant = tokens
        .iter()
        .filter(|token| serial.is_none_or(|serial| token.serial == serial));
    let token = meant.next();
    if meant.next().is_some() {
        return Err(Trouble::WhichToken);
    }
    let token = token.ok_or(desk::Error::Signing(desk::SigningError::TokenGone))?;
    // One that is fit, else the first, whose fault is then told.
    let mut certificates = token.certificates.iter();
    let certificate = certificates
        .clone()
        .find(|one| one.unfit_for(desk).is_none())
        .or_else(|| certificates.next())
        .ok_or(desk::Error::Signing(desk::SigningError::NothingToSignWith))?;
    let key = Key {
        module: token.module.clone(),
        serial: token.serial.clone(),
        certificate: certificate.digest,
        pin: pin()?,
        use_last_try,
    };
    let batch = signatures::sign(desk, &key, &papers, &CancelToken::new(), &mut |_| {})?;
    let left = signatures::count_waiting(desk, Awaited::Signature)?;
    let code = match &batch.stopped_by {
        None => ExitCode::SUCCESS,
        Some(_) => ExitCode::from(PERSON),
    };
    let why = batch.stopped_by.map(|error| error.to_string());
    answer(json, batch.signed.len(), left, why);
    Ok(code)
}

fn answer(json: bool, signed: usize, waiting: usize, stopped_by: Option<String>) {
    if json {
        say_json(&shape::SignedBatch {
            signed,
            waiting,
            stopped_by,
        });
        return;
    }
    say(&format!("{signed} done, {waiting} waiting"));
    if let Some(why) = stopped_by {
        tell(&why);
    }
}

/// From `SOHOA_PIN` or the terminal, never from an argument.
fn pin() -> Result<Zeroizing<String>, Trouble> {
    if let Ok(pin) = std::env::var("SOHOA_PIN") {
        return Ok(Zeroizing::new(pin));
    }
    rpassword::prompt_password("PIN of the token: ")
        .map(Zeroizing::new)
        .map_err(|_| Trouble::NoPin)
}

/// Judges the signatures of a PDF; needs no vault.
pub(super) fn judge(file: &Path, json: bool) -> Result<ExitCode, Trouble> {
    let found = signatures::judge(&settings(Path::new(""))?, file)?;
    let worst = found.iter().map(|one| one.judgement.answer());
    let code = match worst.max_by_key(|answer| match answer {
        Answer::Good => 0,
        Answer::CannotTell => 1,
        Answer::Bad => 2,
    }) {
        Some(Answer::Good) => ExitCode::SUCCESS,
        Some(Answer::CannotTell) | None => ExitCode::from(PERSON),
        Some(Answer::Bad) => ExitCode::from(REFUSED),
    };
    let shapes: Vec<shape::JudgedSignature> = found.into_iter().map(judged).collect();
    if json {
        say_json(&shapes);
        return Ok(code);
    }
    if shapes.is_empty() {
        say("The file has no signature.");
    }
    for one in shapes {
        say(&format!("{}: {}", one.name, one.answer));
        let parts = [
            ("intact", one.intact),
            ("covers", one.coverage),
            ("algorithm", one.algorithm),
            ("certificate", one.certificate),
            ("authority", one.chain),
        ];
        for (part, says) in parts {
            say(&format!("    {part}: {says}"));
        }
    }
    Ok(code)
}

fn judged(found: FoundSignature) -> shape::JudgedSignature {
    let judgement = found.judgement;
    shape::JudgedSignature {
        name: found.name,
        issuer: found.issuer,
        certificate_sha256: found.certificate.map(|digest| digest.to_string()),
        signed_at: found.says_time.map(|at| at.to_rfc3339()),
        timestamped_at: found.timestamped_at.map(|at| at.to_rfc3339()),
        is_timestamp: found.is_timestamp,
        digest_algorithm: found.digest_algorithm,
        intact: judgement.intact.name(),
        coverage: judgement.coverage.name(),
        algorithm: judgement.algorithm.name(),
        certificate: judgement.certificate.name(),
        chain: judgement.chain.name(),
        answer: judgement.answer().name(),
    }
}
