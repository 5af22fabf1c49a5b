//! Signing electronic copies: what waits, which tokens are plugged in, and the batch.

use std::path::PathBuf;

use desk::signatures::{self, Key, Token, WaitingCopy};
use desk::{Desk, Error, Refusal};
use domain::copy::Awaited;
use domain::ids::DocumentId;
use domain::signature::Unfit;
use serde::{Deserialize, Serialize};
use tauri::State;
use tauri::ipc::Channel;
use zeroize::Zeroizing;

use super::error::{Answer, ErrorCode, IpcError};
use super::views::{id, title_of};
use crate::seat::{Seat, at_desk};

/// What waits for the officer's signature.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ToSignView {
    pub(crate) papers: Vec<PaperToSignView>,
    /// Signed copies that have no timestamp yet.
    pub(crate) without_timestamp: usize,
}

/// A paper whose copy waits for a signature.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct PaperToSignView {
    pub(crate) document_id: String,
    pub(crate) local_code: String,
    pub(crate) title: String,
    pub(crate) pages: usize,
    pub(crate) digitised_by: String,
    /// By the officer who is signed in.
    pub(crate) own: bool,
    pub(crate) digitised_at: String,
    pub(crate) deposited: bool,
}

/// A token that is plugged in.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct TokenView {
    pub(crate) module: String,
    pub(crate) serial: String,
    pub(crate) label: String,
    pub(crate) few_tries: bool,
    pub(crate) last_try: bool,
    pub(crate) locked: bool,
    pub(crate) certificates: Vec<CertificateView>,
}

/// A certificate on a token.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct CertificateView {
    pub(crate) digest: String,
    pub(crate) name: String,
    pub(crate) issuer: String,
    pub(crate) valid_until: String,
    /// Why the officer does not sign with it, if so.
    pub(crate) unfit: Option<ErrorCode>,
}

/// Asks to sign the copies of these papers under one PIN.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct SignPapers {
    pub(crate) module: String,
    pub(crate) serial: String,
    pub(crate) certificate: String,
    pub(crate) pin: String,
    pub(crate) use_last_try: bool,
    pub(crate) document_ids: Vec<String>,
}

/// One paper is signed and stored.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct SignProgressView {
    pub(crate) document_id: String,
}

/// What became of a batch.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct SignedView {
    pub(crate) signed: usize,
    /// Why it ended early, if it did; what was signed stays signed.
    pub(crate) stopped_by: Option<ErrorCode>,
    pub(crate) waiting: ToSignView,
}

pub(super) const fn code_of_unfit(unfit: Unfit) -> ErrorCode {
    match unfit {
        Unfit::Expired => ErrorCode::CertificateExpired,
        Unfit::NotYetValid => ErrorCode::CertificateNotYetValid,
        Unfit::AnotherPurpose | Unfit::WeakKey => ErrorCode::CertificateForAnotherUse,
        Unfit::AnotherPerson => ErrorCode::CertificateOfAnother,
    }
}

fn to_sign(desk: &Desk) -> Answer<ToSignView> {
    let own = desk.officer().id;
    let view = |waiting: WaitingCopy| PaperToSignView {
        document_id: waiting.document.id.to_string(),
        local_code: waiting.document.local_code.to_string(),
        title: title_of(desk, &waiting.document),
        pages: waiting.copy.pages.len(),
        own: waiting.copy.digitised_by == own,
        digitised_by: waiting.digitised_by,
        digitised_at: waiting.copy.made_at.to_rfc3339(),
        deposited: waiting.document.state == domain::document::DocumentState::Deposited,
    };
    let papers = signatures::waiting(desk, Awaited::Signature)?;
    Ok(ToSignView {
        papers: papers.into_iter().map(view).collect(),
        without_timestamp: signatures::count_waiting(desk, Awaited::Timestamp)?,
    })
}

fn token_view(desk: &Desk, token: Token) -> TokenView {
    let certificates = token.certificates.iter().map(|one| CertificateView {
        digest: one.digest.to_string(),
        name: one.name.clone(),
        issuer: one.issuer.clone(),
        valid_until: one.valid_until.to_rfc3339(),
        unfit: one.unfit_for(desk).map(code_of_unfit),
    });
    TokenView {
        certificates: certificates.collect(),
        module: token.module.to_string_lossy().into_owned(),
        serial: token.serial,
        label: token.label,
        few_tries: token.few_tries,
        last_try: token.last_try,
        locked: token.locked,
    }
}

#[tauri::command]
pub(crate) async fn list_to_sign(seat: State<'_, Seat>) -> Answer<ToSignView> {
    at_desk(&seat, to_sign).await
}

#[tauri::command]
pub(crate) async fn list_tokens(seat: State<'_, Seat>) -> Answer<Vec<TokenView>> {
    at_desk(&seat, |desk| {
        let tokens = signatures::tokens(desk)?;
        Ok(tokens
            .into_iter()
            .map(|token| token_view(desk, token))
            .collect())
    })
    .await
}

#[tauri::command]
pub(crate) async fn sign_papers(
    seat: State<'_, Seat>,
    request: SignPapers,
    progress: Channel<SignProgressView>,
) -> Answer<SignedView> {
    let cancel = seat.new_cancel();
    at_desk(&seat, move |desk| {
        let key = Key {
            module: PathBuf::from(request.module),
            serial: request.serial,
            certificate: request
                .certificate
                .parse()
                .map_err(|_| IpcError::of(ErrorCode::NotFound))?,
            pin: Zeroizing::new(request.pin),
            use_last_try: request.use_last_try,
        };
        let papers: Answer<Vec<DocumentId>> =
            request.document_ids.iter().map(|paper| id(paper)).collect();
        let batch = signatures::sign(desk, &key, &papers?, &cancel, &mut |paper| {
            // A window that is gone is no reason to stop: what is signed is stored.
            let _ = progress.send(SignProgressView {
                document_id: paper.to_string(),
            });
        })?;
        Ok(SignedView {
            signed: batch.signed.len(),
            stopped_by: batch.stopped_by.map(|error| IpcError::from(error).code),
            waiting: to_sign(desk)?,
        })
    })
    .await
}

/// Asks the office's authority to put timestamps on what has none. An office without an
/// authority, or without a network, simply goes on.
#[tauri::command]
pub(crate) async fn add_timestamps(seat: State<'_, Seat>) -> Answer<ToSignView> {
    let cancel = seat.new_cancel();
    at_desk(&seat, move |desk| {
        match signatures::timestamp(desk, &cancel) {
            Ok(_) | Err(Error::Refused(Refusal::NoTimestampAuthority)) => {}
            Err(error) => tracing::info!(%error, "no timestamps yet"),
        }
        to_sign(desk)
    })
    .await
}
