//! Timestamps: what is asked of an authority, and what its token says (RFC 3161).

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::digest::Digest;
use domain::signature::Answer;

use ureq::tls::{TlsConfig, TlsProvider};

use crate::cms::Message;
use crate::error::Error;
use crate::judge::{digest_by, in_order, see_message};
use crate::oid;
use crate::tlv::{Elements, GENERALIZED_TIME, INTEGER, OBJECT_ID, OCTET_STRING, SEQUENCE, wrap};

/// The type of a request, sent with it (RFC 3161, 3.4).
const REQUEST_TYPE: &str = "application/timestamp-query";

/// Carries a question to an authority at this address, and brings its answer.
pub fn ask_authority(
    address: &str,
    question: &[u8],
    limit: Duration,
    most_bytes: u64,
) -> Result<Vec<u8>, Error> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(limit))
        .tls_config(
            TlsConfig::builder()
                .provider(TlsProvider::NativeTls)
                .build(),
        )
        .build()
        .into();
    let mut answer = agent
        .post(address)
        .content_type(REQUEST_TYPE)
        .send(question)
        .map_err(|_| Error::AuthoritySilent)?;
    let body = answer.body_mut().with_config().limit(most_bytes);
    body.read_to_vec().map_err(|_| Error::AuthoritySilent)
}

/// What is asked of an authority.
#[derive(Debug)]
pub(crate) struct Question {
    imprint: Digest,
    nonce: [u8; 8],
}

impl Question {
    /// For the signature of this message; the nonce makes an old answer useless.
    pub(crate) fn about(message: &[u8], nonce: [u8; 8]) -> Option<Self> {
        let read = Message::read(message)?;
        Some(Self {
            imprint: Digest::of(read.signer.signature),
            nonce,
        })
    }

    /// The request.
    pub(crate) fn request(&self) -> Vec<u8> {
        let algorithm = wrap(SEQUENCE, &[&wrap(OBJECT_ID, &[oid::SHA256])]);
        let imprint = wrap(OCTET_STRING, &[self.imprint.as_bytes()]);
        wrap(
            SEQUENCE,
            &[
                &wrap(INTEGER, &[&[1]]),
                &wrap(SEQUENCE, &[&algorithm, &imprint]),
                &self.nonce_element(),
                // The certificate of the authority is wanted: a signature is to be judged
                // where no network is.
                &[0x01, 0x01, 0xff],
            ],
        )
    }

    fn nonce_element(&self) -> Vec<u8> {
        // A leading zero keeps it positive, and no further one may stand there.
        let mut digits = vec![0x01];
        digits.extend_from_slice(&self.nonce);
        wrap(INTEGER, &[&digits])
    }

    /// The token of an answer that fits the question.
    pub(crate) fn token(&self, answer: &[u8]) -> Result<(Vec<u8>, DateTime<Utc>), Error> {
        let found = || {
            let mut parts = Elements::of(answer).enter(SEQUENCE)?;
            let status = parts.enter(SEQUENCE)?.tagged(INTEGER)?.value;
            // Granted, or granted with changes.
            (status == [0] || status == [1]).then_some(())?;
            let token = in_order(parts.tagged(SEQUENCE)?.whole);
            let read = Message::read(&token)?;
            let content = info_in(&read)?;
            let info = Statement::read(content)?;
            let asked = info.imprint == (oid::SHA256, self.imprint.as_bytes().as_slice())
                && info.nonce.map(|nonce| wrap(INTEGER, &[nonce])) == Some(self.nonce_element());
            (asked && see_message(&read, &[content]).intact == Answer::Good).then_some(())?;
            let at = info.at;
            Some((token, at))
        };
        found().ok_or(Error::TimestampRefused)
    }
}

/// What a token says.
#[derive(Debug)]
pub(crate) struct Statement<'a> {
    pub(crate) at: DateTime<Utc>,
    /// The digest it is about: algorithm and value.
    imprint: (&'a [u8], &'a [u8]),
    nonce: Option<&'a [u8]>,
}

impl<'a> Statement<'a> {
    pub(crate) fn read(content: &'a [u8]) -> Option<Self> {
        let mut parts = Elements::of(content).enter(SEQUENCE)?;
        let _version = parts.tagged(INTEGER)?;
        let _policy = parts.tagged(OBJECT_ID)?;
        let mut imprint = parts.enter(SEQUENCE)?;
        let algorithm = imprint.enter(SEQUENCE)?.tagged(OBJECT_ID)?.value;
        let imprint = (algorithm, imprint.tagged(OCTET_STRING)?.value);
        let _serial = parts.tagged(INTEGER)?;
        let at = time(parts.tagged(GENERALIZED_TIME)?.value)?;
        let nonce = parts
            .find(|part| part.tag == INTEGER)
            .map(|part| part.value);
        Some(Self { at, imprint, nonce })
    }

    /// It is about this content.
    pub(crate) fn is_of(&self, content: &[&[u8]]) -> bool {
        let (algorithm, digest) = self.imprint;
        digest_by(algorithm, content).as_deref() == Some(digest)
    }
}

/// What a token carries.
fn info_in<'a>(token: &Message<'a>) -> Option<&'a [u8]> {
    token
        .content
        .filter(|_| token.content_type == oid::TIMESTAMP_INFO)
}

/// `YYYYMMDDHHMMSS[.f…]Z` (RFC 3161, 2.4.2).
fn time(text: &[u8]) -> Option<DateTime<Utc>> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let text = text.split('.').next()?;
    let at = NaiveDateTime::parse_from_str(text, "%Y%m%d%H%M%S").ok()?;
    Some(at.and_utc())
}

/// When the message was timestamped, if its token is intact and about its signature.
pub(crate) fn of(message: &Message<'_>) -> Option<DateTime<Utc>> {
    let token = message.signer.unsigned_attribute(oid::TIMESTAMP_TOKEN)?;
    let token = in_order(token.whole);
    let read = Message::read(&token)?;
    let content = info_in(&read)?;
    let info = Statement::read(content)?;
    let holds = info.is_of(&[message.signer.signature])
        && see_message(&read, &[content]).intact == Answer::Good;
    holds.then_some(info.at)
}
