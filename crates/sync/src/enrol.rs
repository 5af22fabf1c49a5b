//! Becoming a station of a centre.

use domain::digest::Digest;
use domain::local_code::Station;
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::x509::{X509Name, X509Req};
use wire::Ticket;
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
    /// What the administrator of the centre gave.
    pub ticket: &'a Ticket,
    /// The agency code of the office.
    pub office: &'a str,
    /// The station as it calls itself now.
    pub station: Station,
    /// The key with which it signs.
    pub key: Digest,
    /// The key of its connections.
    pub connection: &'a ConnectionKey,
}

/// Enrols at the centre of the ticket. `sign` makes the station's Ed25519 signature.
pub fn enrol(
    enrolment: &Enrolment<'_>,
    sign: impl FnOnce(&[u8]) -> [u8; 64],
) -> Result<Enrolled, Fault> {
    let mut message = wire::Enrolment {
        wire_version: wire::VERSION,
        invitation: enrolment.ticket.invitation.clone(),
        office: enrolment.office.to_owned(),
        station: enrolment.station.number,
        epoch: enrolment.station.epoch,
        key: enrolment.key,
        certificate_request: enrolment.connection.request.clone(),
        signature: Vec::new(),
    };
    message.signature = sign(&message.message()).to_vec();
    let body = serde_json::to_vec(&message).expect("plain fields always make JSON");
    let access = Access {
        url: enrolment.ticket.url.clone(),
        authority: enrolment.ticket.authority.clone(),
        identity: None,
    };
    let centre = HttpCentre::new(&access).ok_or(Fault::Untrusted)?;
    answer(centre.post("/v1/enrolments", "application/json", &body))
}
