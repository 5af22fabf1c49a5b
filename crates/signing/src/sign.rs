//! Signing a PDF, and adding a timestamp to it later.

use chrono::{DateTime, Utc};
use domain::signature::{Answer, Coverage};
use zeroize::Zeroizing;

use crate::certificate::Certificate;
use crate::cms;
use crate::error::Error;
use crate::judge::judge;
use crate::pdf::field::{Prepared, Request, fill};
use crate::pdf::found;
use crate::timestamp::Question;
use crate::trust::TrustStore;

/// Room for a timestamp beside the signature: a token of a public authority with its
/// chain has five to seven kilobytes.
const TIMESTAMP_ROOM_BYTES: usize = 8 << 10;
/// Longer than any signature of a key that is in use: RSA with 8,192 bits.
const SIGNATURE_ROOM_BYTES: usize = 1 << 10;

/// Signs bytes with the key of a certificate; what it gets is to be hashed by SHA-256.
pub type SignBytes<'a> = dyn FnMut(&[u8]) -> Result<Zeroizing<Vec<u8>>, Error> + 'a;

/// Carries a question to an authority for timestamps, and brings its answer.
pub type AskAuthority<'a> = dyn FnMut(&[u8]) -> Result<Vec<u8>, Error> + 'a;

/// Signs a PDF as a new revision, and reads it back before giving it away.
// ETSI EN 319 142-1: PAdES B-B.
pub fn sign(
    pdf: &[u8],
    request: &Request<'_>,
    certificate: &Certificate,
    chain: &[Certificate],
    sign_bytes: &mut SignBytes<'_>,
) -> Result<Vec<u8>, Error> {
    let certificates: usize = chain.iter().map(|one| one.der().len()).sum();
    let room = SIGNATURE_ROOM_BYTES + TIMESTAMP_ROOM_BYTES + certificate.der().len() + certificates;
    let prepared = Prepared::new(pdf, request, room)?;
    let attributes = cms::signed_attributes(&prepared.digest(), certificate);
    let signature = sign_bytes(&attributes)?;
    let message = cms::message(&attributes, certificate, chain, &signature)?;
    let signed = prepared.finish(&message)?;
    read_back(&signed, certificate)?;
    Ok(signed)
}

fn read_back(signed: &[u8], certificate: &Certificate) -> Result<(), Error> {
    let found = judge(signed, &TrustStore::default())?;
    let last = found.last().ok_or(Error::ReadBackDiffers)?;
    let is_ours = last.signer.as_ref().map(Certificate::digest) == Some(certificate.digest());
    let holds = last.judgement.intact == Answer::Good
        && last.judgement.coverage == Coverage::WholeFile
        && is_ours;
    holds.then_some(()).ok_or(Error::ReadBackDiffers)
}

/// Adds a timestamp to the last signature of a PDF. Nothing that was signed changes.
// ETSI EN 319 142-1: PAdES B-T.
pub fn add_timestamp(
    pdf: &[u8],
    nonce: [u8; 8],
    ask: &mut AskAuthority<'_>,
) -> Result<(Vec<u8>, DateTime<Utc>), Error> {
    let found = found::all(pdf)?;
    let last = found.last().ok_or(Error::SignatureUnreadable)?;
    let room = last.room.clone().ok_or(Error::SignatureUnreadable)?;
    let question = Question::about(&last.message, nonce).ok_or(Error::SignatureUnreadable)?;
    let answer = ask(&question.request())?;
    let (token, at) = question.token(&answer)?;
    let message = cms::with_timestamp(&last.message, &token).ok_or(Error::SignatureUnreadable)?;
    let mut stamped = pdf.to_vec();
    fill(&mut stamped, &room, &message)?;
    let seen = judge(&stamped, &TrustStore::default())?;
    let seen = seen.last().ok_or(Error::ReadBackDiffers)?;
    if seen.judgement.intact != Answer::Good || seen.timestamped_at != Some(at) {
        return Err(Error::ReadBackDiffers);
    }
    Ok((stamped, at))
}
