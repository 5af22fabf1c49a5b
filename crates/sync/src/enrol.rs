//! Becoming a station of a centre.

use domain::digest::Digest;
use domain::local_code::Station;
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::x509::{X509Name, X509Req};
use wire::enrolment::Enrolled;
use zeroize::Zeroizing;

use crate::client::{Access, Fault, HttpCentre, answer};

/// The key of a station's connections, and the request for its certificate. Kept before
/// anything is sent: whoever asks again with the same key gets the same answer.
pub struct ConnectionKey {
    /// The private key, as PEM.
    pub key: Zeroizing<String>,
    /// The certificate request, as PEM.
    pub request: String,
}

impl std::fmt::Debug for ConnectionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConnectionKey").finish_non_exhaustive()
    }
}

impl ConnectionKey {
    /// A new key. `None` when OpenSSL cannot make one.
    pub fn generate() -> Option<Self> {
        let make = || -> Result<(Vec<u8>, Vec<u8>), ErrorStack> {
            let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
            let key = PKey::from_ec_key(EcKey::generate(&group)?)?;
            let mut name = X509Name::builder()?;
            name.append_entry_by_nid(Nid::COMMONNAME, "station")?;
            let mut request = X509Req::builder()?;
            request.set_subject_name(&name.build())?;
            request.set_pubkey(&key)?;
            request.sign(&key, MessageDigest::sha256())?;
            Ok((key.private_key_to_pem_pkcs8()?, request.build().to_pem()?))
        };
        let (key, request) = make().ok()?;
        Some(Self {
            key: Zeroizing::new(String::from_utf8(key).ok()?),
            request: String::from_utf8(request).ok()?,
        })
    }
}

/// Who wants to become a station.
#[derive(Clone, Copy, Debug)]
pub struct Enrolment<'a> {
    /// The word that the administrator of the centre gave.
    pub invitation: &'a str,
    /// The agency code of the office.
    pub office: &'a str,
    /// The station as it calls itself now.
    pub station: Station,
    /// The key with which it signs.
    pub key: Digest,
    /// The request for the certificate of its connections, as PEM.
    pub certificate_request: &'a str,
}

impl Enrolment<'_> {
    /// The message that asks to be let in. `sign` makes the station's Ed25519 signature.
    pub fn message(&self, sign: impl FnOnce(&[u8]) -> [u8; 64]) -> wire::Enrolment {
        let mut message = wire::Enrolment {
            wire_version: wire::VERSION,
            invitation: self.invitation.to_owned(),
            office: self.office.to_owned(),
            station: self.station.number,
            epoch: self.station.epoch,
            key: self.key,
            certificate_request: self.certificate_request.to_owned(),
            signature: Vec::new(),
        };
        message.signature = sign(&message.message()).to_vec();
        message
    }
}

/// Enrols at the centre at `url`, whose authority is known.
pub fn enrol(url: &str, authority: &str, message: &wire::Enrolment) -> Result<Enrolled, Fault> {
    let body = serde_json::to_vec(message).expect("plain fields always make JSON");
    let access = Access {
        url: url.to_owned(),
        authority: authority.to_owned(),
        identity: None,
    };
    let centre = HttpCentre::new(&access).ok_or(Fault::Untrusted)?;
    answer(centre.post("/v1/enrolments", "application/json", &body))
}
