//! Looking at the signatures of a PDF: what holds, what does not, what cannot be told.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::signature::{Answer, Judgement};
use openssl::cms::CmsContentInfo;
use openssl::hash::{Hasher, MessageDigest};
use openssl::pkey::Id;
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Verifier};

use crate::certificate::Certificate;
use crate::cms::{Message, NamedBy};
use crate::error::Error;
use crate::oid;
use crate::pdf::found::{self, Found};
use crate::timestamp;
use crate::tlv::{
    Elements, INTEGER, OBJECT_ID, OCTET_STRING, SEQUENCE, SET, numbered, wrap, wrap_set,
};
use crate::trust::TrustStore;

/// What is found out about one signature of a PDF.
#[derive(Clone)]
pub struct SignatureFacts {
    /// The name of its field.
    pub field: String,
    /// The certificate it was made with.
    pub signer: Option<Certificate>,
    /// The name that it gives itself, where its certificate is missing.
    pub says_name: Option<String>,
    /// When it says it was made.
    pub says_time: Option<DateTime<Utc>>,
    /// When an authority saw it.
    pub timestamped_at: Option<DateTime<Utc>>,
    /// No person's: a timestamp over the whole file.
    pub is_timestamp: bool,
    /// The digest it is made with, as the standards call it.
    pub digest_algorithm: &'static str,
    /// What holds.
    pub judgement: Judgement,
}

// Names stay out of logs.
impl fmt::Debug for SignatureFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignatureFacts")
            .field("signer", &self.signer)
            .field("says_time", &self.says_time)
            .field("timestamped_at", &self.timestamped_at)
            .field("is_timestamp", &self.is_timestamp)
            .field("digest_algorithm", &self.digest_algorithm)
            .field("judgement", &self.judgement)
            .finish_non_exhaustive()
    }
}

/// Judges every signature of a PDF, in the order in which they were made.
pub fn judge(pdf: &[u8], trust: &TrustStore) -> Result<Vec<SignatureFacts>, Error> {
    let found = found::all(pdf)?;
    Ok(found
        .iter()
        .map(|found| judge_one(pdf, found, trust))
        .collect())
}

fn judge_one(pdf: &[u8], found: &Found, trust: &TrustStore) -> SignatureFacts {
    let message = in_order(&found.message);
    let message = Message::read(&message);
    let seen = message.map(|message| see(pdf, found, &message));
    let is_timestamp = found.sub_filter == b"ETSI.RFC3161";
    let mut facts = SignatureFacts {
        field: found.field.clone(),
        signer: None,
        says_name: found.says_name.clone(),
        says_time: found.says_time,
        timestamped_at: None,
        is_timestamp,
        digest_algorithm: "",
        judgement: Judgement {
            intact: Answer::CannotTell,
            coverage: found.coverage,
            algorithm: Answer::CannotTell,
            certificate: Answer::CannotTell,
            chain: Answer::CannotTell,
        },
    };
    let Some(seen) = seen else { return facts };
    facts.digest_algorithm = seen.digest_algorithm;
    facts.timestamped_at = seen.timestamped_at;
    facts.judgement.intact = seen.intact;
    facts.judgement.algorithm = seen.algorithm;
    if let (Some(signer), Some(at)) = (&seen.signer, seen.timestamped_at.or(found.says_time)) {
        let fits = signer.is_valid_at(at) && (is_timestamp || signer.is_for_signing());
        facts.judgement.certificate = if fits { Answer::Good } else { Answer::Bad };
        facts.judgement.chain = trust.judge(signer, &seen.brought, at);
    }
    facts.signer = seen.signer;
    facts
}

/// A message whose lengths are told by its ends is written anew, as it must be to be read
/// by length; what was signed inside is not touched by that.
pub(crate) fn in_order(message: &[u8]) -> Vec<u8> {
    if Message::read(message).is_some() {
        return message.to_vec();
    }
    CmsContentInfo::from_der(message)
        .and_then(|read| read.to_der())
        .unwrap_or_else(|_| message.to_vec())
}

/// What one message says and what of it holds.
pub(crate) struct Seen {
    pub(crate) signer: Option<Certificate>,
    pub(crate) brought: Vec<Certificate>,
    pub(crate) intact: Answer,
    pub(crate) algorithm: Answer,
    pub(crate) digest_algorithm: &'static str,
    pub(crate) timestamped_at: Option<DateTime<Utc>>,
}

fn see(pdf: &[u8], found: &Found, message: &Message<'_>) -> Seen {
    let covered: Vec<&[u8]> = found
        .ranges
        .iter()
        .map(|range| &pdf[range.clone()])
        .collect();
    match found.sub_filter.as_slice() {
        // The message carries a digest of the file, and that is what is signed.
        b"adbe.pkcs7.sha1" => {
            let content = message.content.unwrap_or_default();
            let mut seen = see_message(message, &[content]);
            let digest = digest(MessageDigest::sha1(), &covered);
            seen.intact = worse(seen.intact, digest.as_deref() == Some(content));
            seen.algorithm = Answer::Bad;
            seen
        }
        b"ETSI.RFC3161" => {
            let content = message.content.unwrap_or_default();
            let mut seen = see_message(message, &[content]);
            let info = timestamp::Statement::read(content);
            seen.timestamped_at = info.as_ref().map(|info| info.at);
            seen.intact = worse(seen.intact, info.is_some_and(|info| info.is_of(&covered)));
            seen
        }
        b"adbe.pkcs7.detached" | b"ETSI.CAdES.detached" => {
            let mut seen = see_message(message, &covered);
            seen.timestamped_at = timestamp::of(message);
            seen
        }
        _ => Seen {
            intact: Answer::CannotTell,
            ..see_message(message, &covered)
        },
    }
}

const fn worse(answer: Answer, holds: bool) -> Answer {
    if holds { answer } else { Answer::Bad }
}

/// Looks at a message that signs `content`, which may stand in pieces.
pub(crate) fn see_message(message: &Message<'_>, content: &[&[u8]]) -> Seen {
    let brought: Vec<Certificate> = message
        .certificates
        .clone()
        .filter_map(|one| Certificate::read(one.whole).ok())
        .collect();
    let signer = brought
        .iter()
        .find(|one| is_named(one, message.signer.named_by))
        .cloned();
    let known = digest_of(message.signer.digest_algorithm);
    let mut seen = Seen {
        intact: Answer::CannotTell,
        algorithm: Answer::CannotTell,
        digest_algorithm: known.map_or("", |(_, name, _)| name),
        timestamped_at: None,
        brought,
        signer: None,
    };
    if let (Some(signer), Some((algorithm, _, is_strong))) = (&signer, known) {
        seen.algorithm = if is_strong && signer.is_strong() {
            Answer::Good
        } else {
            Answer::Bad
        };
        seen.intact = match is_intact(message, content, signer, algorithm) {
            // Nothing was looked at of the others.
            Answer::Good if message.signers > 1 => Answer::CannotTell,
            answer => answer,
        };
    }
    seen.signer = signer;
    seen
}

fn is_named(certificate: &Certificate, by: NamedBy<'_>) -> bool {
    match by {
        NamedBy::IssuerAndSerial(issuer, serial) => certificate
            .issuer_and_serial()
            .is_ok_and(|found| found == (issuer, serial)),
        NamedBy::KeyIdentifier(identifier) => {
            certificate.key_identifier().as_deref() == Some(identifier)
        }
    }
}

/// The algorithm, its name, and whether nobody has broken it.
fn digest_of(id: &[u8]) -> Option<(MessageDigest, &'static str, bool)> {
    let known = if id == oid::SHA256 {
        (MessageDigest::sha256(), "SHA-256", true)
    } else if id == oid::SHA384 {
        (MessageDigest::sha384(), "SHA-384", true)
    } else if id == oid::SHA512 {
        (MessageDigest::sha512(), "SHA-512", true)
    } else if id == oid::SHA224 {
        (MessageDigest::sha224(), "SHA-224", true)
    } else if id == oid::SHA1 {
        (MessageDigest::sha1(), "SHA-1", false)
    } else if id == oid::MD5 {
        (MessageDigest::md5(), "MD5", false)
    } else {
        return None;
    };
    Some(known)
}

pub(crate) fn digest(algorithm: MessageDigest, parts: &[&[u8]]) -> Option<Vec<u8>> {
    let mut hasher = Hasher::new(algorithm).ok()?;
    for part in parts {
        hasher.update(part).ok()?;
    }
    Some(hasher.finish().ok()?.to_vec())
}

/// The digest that a named algorithm gives of these parts.
pub(crate) fn digest_by(id: &[u8], parts: &[&[u8]]) -> Option<Vec<u8>> {
    digest(digest_of(id)?.0, parts)
}

fn is_intact(
    message: &Message<'_>,
    content: &[&[u8]],
    signer: &Certificate,
    algorithm: MessageDigest,
) -> Answer {
    let verify = |signed: &[&[u8]]| verify(message, signer, algorithm, signed);
    let Some(attributes) = message.signer.attributes else {
        return verify(content);
    };
    let stated = message.signer.attribute(oid::MESSAGE_DIGEST);
    let found = digest(algorithm, content);
    if stated.is_none() || stated.map(|stated| stated.value) != found.as_deref() {
        return Answer::Bad;
    }
    let kind = message.signer.attribute(oid::CONTENT_TYPE);
    if kind.is_none_or(|kind| kind.value != message.content_type) {
        return Answer::Bad;
    }
    if !names_this(message, signer) {
        return Answer::Bad;
    }
    // As they stand; some programs sign them in their proper order and write them in another.
    match verify(&[&wrap(SET, &[attributes])]) {
        Answer::Bad => {
            let ordered = Elements::of(attributes).map(|one| one.whole.to_vec());
            verify(&[&wrap_set(SET, ordered.collect())])
        }
        answer => answer,
    }
}

/// Where the signed attributes say which certificate it is, it is this one.
fn names_this(message: &Message<'_>, signer: &Certificate) -> bool {
    let first = |id| {
        message
            .signer
            .attribute(id)
            .map(|found| Elements::of(found.value))
            .and_then(|mut list| list.enter(SEQUENCE)?.enter(SEQUENCE))
    };
    if let Some(mut named) = first(oid::SIGNING_CERTIFICATE_V2) {
        let algorithm = named
            .enter(SEQUENCE)
            .and_then(|mut found| Some(found.tagged(OBJECT_ID)?.value))
            .unwrap_or(oid::SHA256);
        let stated = named.tagged(OCTET_STRING).map(|found| found.value.to_vec());
        return stated == digest_by(algorithm, &[signer.der()]);
    }
    if let Some(mut named) = first(oid::SIGNING_CERTIFICATE) {
        let stated = named.tagged(OCTET_STRING).map(|found| found.value.to_vec());
        return stated == digest(MessageDigest::sha1(), &[signer.der()]);
    }
    true
}

/// Whether the signature over `signed` is by the certificate's key.
fn verify(
    message: &Message<'_>,
    signer: &Certificate,
    algorithm: MessageDigest,
    signed: &[&[u8]],
) -> Answer {
    let Ok(key) = signer.public_key() else {
        return Answer::CannotTell;
    };
    let by = message.signer.signature_algorithm;
    let signature = message.signer.signature;
    let verified = || -> Result<Option<bool>, openssl::error::ErrorStack> {
        let own_digest = [
            (oid::RSA_MD5, MessageDigest::md5()),
            (oid::RSA_SHA1, MessageDigest::sha1()),
            (oid::RSA_SHA256, MessageDigest::sha256()),
            (oid::RSA_SHA384, MessageDigest::sha384()),
            (oid::RSA_SHA512, MessageDigest::sha512()),
            (oid::ECDSA_SHA1, MessageDigest::sha1()),
            (oid::ECDSA_SHA256, MessageDigest::sha256()),
            (oid::ECDSA_SHA384, MessageDigest::sha384()),
            (oid::ECDSA_SHA512, MessageDigest::sha512()),
        ];
        if by == oid::ED25519 && key.id() == Id::ED25519 {
            let mut verifier = Verifier::new_without_digest(&key)?;
            return verifier
                .verify_oneshot(signature, &signed.concat())
                .map(Some);
        }
        let named = own_digest.iter().find(|(id, _)| *id == by);
        let pss = (by == oid::RSA_PSS).then(|| Pss::read(message)).flatten();
        let digest = match (named, &pss) {
            (Some((_, digest)), _) => *digest,
            (None, Some(pss)) => pss.digest,
            (None, None) if by == oid::RSA || by == oid::EC_KEY => algorithm,
            (None, None) => return Ok(None),
        };
        let mut verifier = Verifier::new(digest, &key)?;
        if let Some(pss) = pss {
            verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
            verifier.set_rsa_mgf1_md(pss.mask)?;
            verifier.set_rsa_pss_saltlen(RsaPssSaltlen::custom(pss.salt_bytes))?;
        }
        for part in signed {
            verifier.update(part)?;
        }
        verifier.verify(signature).map(Some)
    };
    match verified() {
        Ok(Some(true)) => Answer::Good,
        // A signature of the wrong length or shape is an error of OpenSSL and none of ours.
        Ok(Some(false)) | Err(_) => Answer::Bad,
        Ok(None) => Answer::CannotTell,
    }
}

/// The parameters of RSASSA-PSS (RFC 4055, 3.1).
struct Pss {
    digest: MessageDigest,
    mask: MessageDigest,
    salt_bytes: i32,
}

impl Pss {
    fn read(message: &Message<'_>) -> Option<Self> {
        let parameters = message.signer.signature_parameters?;
        let mut parts = Elements::of(parameters.value);
        let hash = |mut inside: Elements<'_>| {
            let id = inside.enter(SEQUENCE)?.tagged(OBJECT_ID)?.value;
            Some(digest_of(id)?.0)
        };
        let digest = match parts.enter(numbered(0)) {
            Some(inside) => hash(inside)?,
            None => MessageDigest::sha1(),
        };
        let mask = match parts.enter(numbered(1)) {
            Some(mut inside) => {
                let mut algorithm = inside.enter(SEQUENCE)?;
                (algorithm.tagged(OBJECT_ID)?.value == oid::RSA_MGF1).then_some(())?;
                hash(algorithm)?
            }
            None => MessageDigest::sha1(),
        };
        let salt_bytes = match parts.enter(numbered(2)) {
            Some(mut inside) => {
                let digits = inside.tagged(INTEGER)?.value;
                (digits.len() <= 2).then_some(())?;
                digits
                    .iter()
                    .fold(0, |sum, digit| sum << 8 | i32::from(*digit))
            }
            None => 20,
        };
        Some(Self {
            digest,
            mask,
            salt_bytes,
        })
    }
}
