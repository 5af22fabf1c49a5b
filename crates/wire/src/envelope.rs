//! The envelope: a `COSE_Sign1` (RFC 9052) around the exact bytes of a message. Its protected
//! header says whose it is and where it stands in the station's log, so that the log can be
//! followed also through messages that nobody can read any more.

use coset::cbor::value::Value;
use coset::{CborSerializable as _, CoseSign1, CoseSign1Builder, HeaderBuilder, Label, iana};
use domain::digest::Digest;
use domain::local_code::Station;
use ed25519_dalek::{Signature, VerifyingKey};

/// The content type of what a station sends.
const SUBMISSION: &str = "application/vnd.sohoa.submission+json";
/// The content type of what a centre signs.
const RECEIPT: &str = "application/vnd.sohoa.receipt+json";
/// The content type of a centre's answer to a bundle.
const ANSWER: &str = "application/vnd.sohoa.answer+json";

/// Where a message stands in the log of its station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogPlace {
    /// The station, with its epoch: each epoch has a log of its own.
    pub station: Station,
    /// From 1, without gaps.
    pub sequence: u64,
    /// The digest of the envelope before it; zeros before the first.
    pub previous: Digest,
}

impl LogPlace {
    /// What the first envelope of an epoch follows.
    pub const BEGINNING: Digest = Digest::from_bytes([0; 32]);
}

/// Why an envelope is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// The bytes are not such an envelope.
    #[error("not an envelope of this kind")]
    Shape,
    /// It is signed by somebody else, or was altered.
    #[error("the signature does not hold")]
    Signature,
}

/// An envelope whose signature nobody has checked yet.
#[derive(Clone, Debug)]
pub struct Envelope {
    digest: Digest,
    place: LogPlace,
    signed: CoseSign1,
}

/// The envelope of a submission. `sign` makes the station's Ed25519 signature.
pub fn seal_submission(
    place: &LogPlace,
    body: Vec<u8>,
    sign: impl FnOnce(&[u8]) -> [u8; 64],
) -> Vec<u8> {
    let protected = HeaderBuilder::new()
        .algorithm(iana::Algorithm::EdDSA)
        .content_type(SUBMISSION.to_owned())
        .text_value("station".to_owned(), Value::from(place.station.number))
        .text_value("epoch".to_owned(), Value::from(place.station.epoch))
        .text_value("sequence".to_owned(), Value::from(place.sequence))
        .text_value(
            "previous".to_owned(),
            Value::Bytes(place.previous.as_bytes().to_vec()),
        )
        .build();
    signed(protected, body, sign)
}

/// The envelope of a receipt. `sign` makes the centre's Ed25519 signature.
pub(crate) fn seal_receipt(body: Vec<u8>, sign: impl FnOnce(&[u8]) -> [u8; 64]) -> Vec<u8> {
    signed(kind(RECEIPT), body, sign)
}

/// The envelope of an answer to a bundle. `sign` makes the centre's Ed25519 signature.
pub(crate) fn seal_answer(body: Vec<u8>, sign: impl FnOnce(&[u8]) -> [u8; 64]) -> Vec<u8> {
    signed(kind(ANSWER), body, sign)
}

fn kind(content_type: &str) -> coset::Header {
    HeaderBuilder::new()
        .algorithm(iana::Algorithm::EdDSA)
        .content_type(content_type.to_owned())
        .build()
}

fn signed(
    protected: coset::Header,
    body: Vec<u8>,
    sign: impl FnOnce(&[u8]) -> [u8; 64],
) -> Vec<u8> {
    CoseSign1Builder::new()
        .protected(protected)
        .payload(body)
        .create_signature(&[], |message| sign(message).to_vec())
        .build()
        .to_vec()
        .expect("plain values always make CBOR")
}

/// The message of a receipt that `key` signed.
pub(crate) fn open_receipt(bytes: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, EnvelopeError> {
    open(bytes, RECEIPT, key)
}

/// The message of an answer that `key` signed.
pub(crate) fn open_answer(bytes: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, EnvelopeError> {
    open(bytes, ANSWER, key)
}

fn open(bytes: &[u8], content_type: &str, key: &[u8; 32]) -> Result<Vec<u8>, EnvelopeError> {
    let signed = read(bytes, content_type)?;
    verify(&signed, key)?;
    signed.payload.ok_or(EnvelopeError::Shape)
}

impl Envelope {
    /// Reads the envelope of a submission.
    pub fn read(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        if bytes.len() > crate::ENVELOPE_LIMIT_BYTES {
            return Err(EnvelopeError::Shape);
        }
        let signed = read(bytes, SUBMISSION)?;
        let number = |name: &str| {
            let value = value(&signed, name)?.as_integer();
            value
                .and_then(|value| u64::try_from(value).ok())
                .ok_or(EnvelopeError::Shape)
        };
        let previous: [u8; 32] = value(&signed, "previous")?
            .as_bytes()
            .and_then(|bytes| bytes.as_slice().try_into().ok())
            .ok_or(EnvelopeError::Shape)?;
        let place = LogPlace {
            station: Station {
                number: number("station")?
                    .try_into()
                    .map_err(|_| EnvelopeError::Shape)?,
                epoch: number("epoch")?
                    .try_into()
                    .map_err(|_| EnvelopeError::Shape)?,
            },
            sequence: number("sequence")?,
            previous: Digest::from_bytes(previous),
        };
        Ok(Self {
            digest: Digest::of(bytes),
            place,
            signed,
        })
    }

    /// The digest of all its bytes.
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// Where it says that it stands. Believe it after [`Self::open`].
    pub const fn place(&self) -> LogPlace {
        self.place
    }

    /// The message, when `key` signed it.
    pub fn open(&self, key: &[u8; 32]) -> Result<&[u8], EnvelopeError> {
        verify(&self.signed, key)?;
        self.signed.payload.as_deref().ok_or(EnvelopeError::Shape)
    }
}

fn read(bytes: &[u8], content_type: &str) -> Result<CoseSign1, EnvelopeError> {
    let signed = CoseSign1::from_slice(bytes).map_err(|_| EnvelopeError::Shape)?;
    let header = &signed.protected.header;
    let is_it = matches!(&header.content_type, Some(coset::ContentType::Text(found)) if found == content_type)
        && header.alg == Some(coset::Algorithm::Assigned(iana::Algorithm::EdDSA))
        // What stands outside the signature could be changed by anybody on the way.
        && signed.unprotected.is_empty();
    if is_it {
        Ok(signed)
    } else {
        Err(EnvelopeError::Shape)
    }
}

fn value<'a>(signed: &'a CoseSign1, name: &str) -> Result<&'a Value, EnvelopeError> {
    let rest = &signed.protected.header.rest;
    let found = rest
        .iter()
        .find(|(label, _)| matches!(label, Label::Text(found) if found == name));
    found.map(|(_, value)| value).ok_or(EnvelopeError::Shape)
}

fn verify(signed: &CoseSign1, key: &[u8; 32]) -> Result<(), EnvelopeError> {
    let key = VerifyingKey::from_bytes(key).map_err(|_| EnvelopeError::Signature)?;
    signed.verify_signature(&[], |signature, message| {
        let signature = Signature::from_slice(signature).map_err(|_| EnvelopeError::Signature)?;
        key.verify_strict(message, &signature)
            .map_err(|_| EnvelopeError::Signature)
    })
}
