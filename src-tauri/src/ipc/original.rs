//! Papers that are signed files, and what their signatures are worth.

use desk::original;
use desk::signatures::FoundSignature;
use domain::signature::{self, Coverage};
use serde::{Deserialize, Serialize};
use tauri::State;

use super::error::Answer;
use super::views::id;
use crate::seat::{Seat, at_desk};

/// Asks whether a paper is a signed file.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ShowOriginal {
    pub(crate) document_id: String,
}

/// What can be said of one property of a signature.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Judged {
    Good,
    Bad,
    CannotTell,
}

/// How much of the file a signature covers.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Covers {
    WholeFile,
    WholeRevision,
    FromStart,
    Unclear,
}

/// A paper that is a signed file.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct OriginalView {
    pub(crate) size_bytes: u64,
    pub(crate) digest: String,
    pub(crate) signatures: Vec<SignatureView>,
}

/// One signature of a file, judged part by part.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct SignatureView {
    pub(crate) name: String,
    pub(crate) issuer: String,
    /// When an authority saw it, else when it says it was made.
    pub(crate) at: Option<String>,
    pub(crate) timestamped: bool,
    pub(crate) is_timestamp: bool,
    pub(crate) digest_algorithm: String,
    pub(crate) answer: Judged,
    pub(crate) intact: Judged,
    pub(crate) covers: Covers,
    pub(crate) algorithm: Judged,
    pub(crate) certificate: Judged,
    pub(crate) chain: Judged,
}

impl From<signature::Answer> for Judged {
    fn from(answer: signature::Answer) -> Self {
        match answer {
            signature::Answer::Good => Self::Good,
            signature::Answer::Bad => Self::Bad,
            signature::Answer::CannotTell => Self::CannotTell,
        }
    }
}

fn signature_view(found: FoundSignature) -> SignatureView {
    let judgement = found.judgement;
    SignatureView {
        name: found.name,
        issuer: found.issuer,
        timestamped: found.timestamped_at.is_some(),
        at: found
            .timestamped_at
            .or(found.says_time)
            .map(|at| at.to_rfc3339()),
        is_timestamp: found.is_timestamp,
        digest_algorithm: found.digest_algorithm,
        answer: judgement.answer().into(),
        intact: judgement.intact.into(),
        covers: match judgement.coverage {
            Coverage::WholeFile => Covers::WholeFile,
            Coverage::WholeRevision => Covers::WholeRevision,
            Coverage::FromStart => Covers::FromStart,
            Coverage::Unclear => Covers::Unclear,
        },
        algorithm: judgement.algorithm.into(),
        certificate: judgement.certificate.into(),
        chain: judgement.chain.into(),
    }
}

#[tauri::command]
pub(crate) async fn show_original(
    seat: State<'_, Seat>,
    request: ShowOriginal,
) -> Answer<Option<OriginalView>> {
    at_desk(&seat, move |desk| {
        let found = original::of_document(desk, id(&request.document_id)?)?;
        Ok(found.map(|found| OriginalView {
            size_bytes: found.file.size_bytes,
            digest: found.file.digest.to_string(),
            signatures: found.signatures.into_iter().map(signature_view).collect(),
        }))
    })
    .await
}
