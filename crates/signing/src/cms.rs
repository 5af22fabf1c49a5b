//! The signature itself: signed attributes, and the message around them (RFC 5652,
//! ETSI EN 319 122-1).

use domain::digest::Digest;

use crate::certificate::{Certificate, KeyKind};
use crate::error::Error;
use crate::oid;
use crate::tlv::{
    Elements, INTEGER, OBJECT_ID, OCTET_STRING, SEQUENCE, SET, Tlv, numbered, numbered_plain, wrap,
    wrap_set,
};

/// The parameters of an algorithm that has none.
const NOTHING: &[u8] = &[0x05, 0x00];

fn oid(id: &[u8]) -> Vec<u8> {
    wrap(OBJECT_ID, &[id])
}

fn algorithm(id: &[u8]) -> Vec<u8> {
    wrap(SEQUENCE, &[&oid(id)])
}

fn attribute(id: &[u8], value: &[u8]) -> Vec<u8> {
    wrap(SEQUENCE, &[&oid(id), &wrap(SET, &[value])])
}

/// What the key signs: the digest of the file, and which certificate it is signed with,
/// so that nobody can put another one in its place.
// ETSI EN 319 142-1, 6.3: the time of signing stands in the PDF and not here.
pub(crate) fn signed_attributes(digest: &Digest, certificate: &Certificate) -> Vec<u8> {
    let named = wrap(
        SEQUENCE,
        &[&wrap(OCTET_STRING, &[certificate.digest().as_bytes()])],
    );
    let certificates = wrap(SEQUENCE, &[&wrap(SEQUENCE, &[&named])]);
    wrap_set(
        SET,
        vec![
            attribute(oid::CONTENT_TYPE, &oid(oid::DATA)),
            attribute(
                oid::MESSAGE_DIGEST,
                &wrap(OCTET_STRING, &[digest.as_bytes()]),
            ),
            attribute(oid::SIGNING_CERTIFICATE_V2, &certificates),
        ],
    )
}

/// The message: certificates, signed attributes, signature.
pub(crate) fn message(
    attributes: &[u8],
    certificate: &Certificate,
    chain: &[Certificate],
    signature: &[u8],
) -> Result<Vec<u8>, Error> {
    let (issuer, serial) = certificate.issuer_and_serial()?;
    let signature_algorithm = match certificate.key_kind()? {
        // With NULL for parameters, as RFC 4055 has it.
        KeyKind::Rsa => wrap(SEQUENCE, &[&oid(oid::RSA_SHA256), NOTHING]),
        KeyKind::Ec => algorithm(oid::ECDSA_SHA256),
    };
    let set = Elements::of(attributes)
        .tagged(SET)
        .ok_or(Error::SignatureUnreadable)?;
    let signer = wrap(
        SEQUENCE,
        &[
            &wrap(INTEGER, &[&[1]]),
            &wrap(SEQUENCE, &[issuer, serial]),
            &algorithm(oid::SHA256),
            &wrap(numbered(0), &[set.value]),
            &signature_algorithm,
            &wrap(OCTET_STRING, &[signature]),
        ],
    );
    let mut certificates = vec![certificate.der().to_vec()];
    certificates.extend(chain.iter().map(|one| one.der().to_vec()));
    let signed = wrap(
        SEQUENCE,
        &[
            &wrap(INTEGER, &[&[1]]),
            &wrap(SET, &[&algorithm(oid::SHA256)]),
            &wrap(SEQUENCE, &[&oid(oid::DATA)]),
            &wrap_set(numbered(0), certificates),
            &wrap(SET, &[&signer]),
        ],
    );
    Ok(wrap(
        SEQUENCE,
        &[&oid(oid::SIGNED_DATA), &wrap(numbered(0), &[&signed])],
    ))
}

/// A message as it was found. All parts are its own bytes.
#[derive(Clone, Debug)]
pub(crate) struct Message<'a> {
    /// The kind of what is signed, and it itself where it is inside.
    pub(crate) content_type: &'a [u8],
    pub(crate) content: Option<&'a [u8]>,
    pub(crate) certificates: Elements<'a>,
    pub(crate) signer: Signer<'a>,
    /// How many signed it; what is said of a signature is said of the first.
    pub(crate) signers: usize,
}

/// One signer of a message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signer<'a> {
    pub(crate) named_by: NamedBy<'a>,
    pub(crate) digest_algorithm: &'a [u8],
    /// The set of signed attributes: its inner bytes.
    pub(crate) attributes: Option<&'a [u8]>,
    pub(crate) signature_algorithm: &'a [u8],
    pub(crate) signature_parameters: Option<Tlv<'a>>,
    pub(crate) signature: &'a [u8],
    pub(crate) unsigned_attributes: Option<&'a [u8]>,
    /// All of it, to be put together anew with a timestamp.
    whole: &'a [u8],
}

/// How a signer names his certificate.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NamedBy<'a> {
    IssuerAndSerial(&'a [u8], &'a [u8]),
    KeyIdentifier(&'a [u8]),
}

impl<'a> Message<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut outer = Elements::of(bytes).enter(SEQUENCE)?;
        (outer.tagged(OBJECT_ID)?.value == oid::SIGNED_DATA).then_some(())?;
        let mut signed = outer.enter(numbered(0))?.enter(SEQUENCE)?;
        let version = signed.tagged(INTEGER)?;
        (version.value.len() == 1 && (1..=5).contains(&version.value[0])).then_some(())?;
        let mut digests = signed.enter(SET)?;
        let mut content = signed.enter(SEQUENCE)?;
        let content_type = content.tagged(OBJECT_ID)?.value;
        let inner = content
            .enter(numbered(0))
            .and_then(|mut inner| inner.next());
        let certificates = signed
            .enter(numbered(0))
            .unwrap_or_else(|| Elements::of(&[]));
        let _revocations = signed.tagged(numbered(1));
        let mut signers = signed.enter(SET)?;
        let signer = Signer::read(signers.tagged(SEQUENCE)?)?;
        // RFC 5652, 5.1: the digests that the signers use are named before what is signed.
        digests
            .any(|one| algorithm_of(Elements::of(one.value)) == Some(signer.digest_algorithm))
            .then_some(())?;
        Some(Self {
            content_type,
            content: inner.map(|inner| inner.value),
            certificates,
            signer,
            signers: 1 + signers.count(),
        })
    }
}

impl<'a> Signer<'a> {
    fn read(found: Tlv<'a>) -> Option<Self> {
        let mut parts = Elements::of(found.value);
        let version = parts.tagged(INTEGER)?;
        (version.value == [1] || version.value == [3]).then_some(())?;
        let named_by = if let Some(identifier) = parts.tagged(numbered_plain(0)) {
            NamedBy::KeyIdentifier(identifier.value)
        } else {
            let mut named = parts.enter(SEQUENCE)?;
            NamedBy::IssuerAndSerial(named.tagged(SEQUENCE)?.whole, named.tagged(INTEGER)?.whole)
        };
        let digest_algorithm = algorithm_of(parts.enter(SEQUENCE)?)?;
        let attributes = parts.tagged(numbered(0)).map(|found| found.value);
        let mut algorithm = parts.enter(SEQUENCE)?;
        let signature_algorithm = algorithm.tagged(OBJECT_ID)?.value;
        let signature_parameters = algorithm.next();
        let is_plain = signature_parameters.is_none_or(|found| found.whole == NOTHING);
        (is_plain || signature_algorithm == oid::RSA_PSS).then_some(())?;
        let signature = parts.tagged(OCTET_STRING)?.value;
        let unsigned_attributes = parts.tagged(numbered(1)).map(|found| found.value);
        Some(Self {
            named_by,
            digest_algorithm,
            attributes,
            signature_algorithm,
            signature_parameters,
            signature,
            unsigned_attributes,
            whole: found.whole,
        })
    }

    /// The value of a signed attribute.
    pub(crate) fn attribute(&self, id: &[u8]) -> Option<Tlv<'a>> {
        value_of(self.attributes?, id)
    }

    /// The value of an attribute that is not signed.
    pub(crate) fn unsigned_attribute(&self, id: &[u8]) -> Option<Tlv<'a>> {
        value_of(self.unsigned_attributes?, id)
    }
}

/// The algorithm that a digest is named by; its parameters are absent or nothing.
fn algorithm_of(mut parts: Elements<'_>) -> Option<&[u8]> {
    let id = parts.tagged(OBJECT_ID)?.value;
    match parts.next() {
        None => Some(id),
        Some(parameters) => (parameters.whole == NOTHING).then_some(id),
    }
}

/// The first value of an attribute.
fn value_of<'a>(attributes: &'a [u8], id: &[u8]) -> Option<Tlv<'a>> {
    Elements::of(attributes).find_map(|attribute| {
        let mut parts = Elements::of(attribute.value);
        (parts.tagged(OBJECT_ID)?.value == id).then_some(())?;
        parts.enter(SET)?.next()
    })
}

/// The same message with a timestamp beside its signature.
pub(crate) fn with_timestamp(message: &[u8], token: &[u8]) -> Option<Vec<u8>> {
    let found = Message::read(message)?;
    let stamp = attribute(oid::TIMESTAMP_TOKEN, token);
    let mut others = found
        .signer
        .unsigned_attributes
        .map_or_else(Vec::new, |set| {
            let kept = Elements::of(set).filter(|attribute| {
                let id = Elements::of(attribute.value).tagged(OBJECT_ID);
                id.map(|id| id.value) != Some(oid::TIMESTAMP_TOKEN)
            });
            kept.map(|attribute| attribute.whole.to_vec()).collect()
        });
    others.push(stamp);
    let inside = Elements::of(found.signer.whole).enter(SEQUENCE)?;
    let mut parts: Vec<&[u8]> = inside
        .filter(|part| part.tag != numbered(1))
        .map(|part| part.whole)
        .collect();
    let others = wrap_set(numbered(1), others);
    parts.push(&others);
    let signer = wrap(SEQUENCE, &parts);
    let mut outer = Elements::of(message).enter(SEQUENCE)?;
    let kind = outer.tagged(OBJECT_ID)?;
    let signed = outer.enter(numbered(0))?.enter(SEQUENCE)?;
    let mut parts: Vec<&[u8]> = signed.map(|part| part.whole).collect();
    // The signers come last, and our messages have one.
    parts.pop()?;
    let signers = wrap(SET, &[&signer]);
    parts.push(&signers);
    let signed = wrap(SEQUENCE, &parts);
    Some(wrap(
        SEQUENCE,
        &[kind.whole, &wrap(numbered(0), &[&signed])],
    ))
}
