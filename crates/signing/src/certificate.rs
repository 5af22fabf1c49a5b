//! A certificate: whose it is, from when to when, and what it is meant for.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Public};
use openssl::x509::{X509, X509NameRef};
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages};

use crate::error::Error;
use crate::tlv::{Elements, INTEGER, SEQUENCE, numbered};

/// Keys shorter than this are no longer used (Circular 39/2017/TT-BTTTT asks for 2048).
const FEWEST_RSA_BITS: u32 = 2_048;

/// A certificate as it came, and what it says.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    read: X509,
    parsed: x509_cert::Certificate,
}

// Whose it is stays out of logs.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("digest", &self.digest())
            .finish_non_exhaustive()
    }
}

/// The kinds of key that are signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA, with the padding of PKCS#1.
    Rsa,
    /// An elliptic curve.
    Ec,
}

impl Certificate {
    /// Reads a certificate in DER.
    pub fn read(der: &[u8]) -> Result<Self, Error> {
        let unreadable = |_| Error::CertificateUnreadable;
        let read = X509::from_der(der).map_err(unreadable)?;
        let parsed =
            x509_cert::Certificate::from_der(der).map_err(|_| Error::CertificateUnreadable)?;
        Ok(Self {
            der: der.to_vec(),
            read,
            parsed,
        })
    }

    /// Every certificate in a PEM file, or the one of a DER file.
    pub fn read_all(file: &[u8]) -> Result<Vec<Self>, Error> {
        if !file.starts_with(b"-----") && Elements::of(file).next().is_some() {
            return Ok(vec![Self::read(file)?]);
        }
        let stack = X509::stack_from_pem(file).map_err(|_| Error::CertificateUnreadable)?;
        let der = stack.iter().map(|read| {
            let der = read.to_der().map_err(|_| Error::CertificateUnreadable)?;
            Self::read(&der)
        });
        der.collect()
    }

    /// The bytes it came in.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-256 of its bytes.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.der)
    }

    /// Whose it is, as people read it.
    pub fn name(&self) -> String {
        common_name(self.read.subject_name())
    }

    /// Who issued it, as people read it.
    pub fn issuer(&self) -> String {
        common_name(self.read.issuer_name())
    }

    /// From when to when it is valid.
    pub fn validity(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let validity = &self.parsed.tbs_certificate.validity;
        let instant = |time: x509_cert::time::Time| DateTime::from(time.to_system_time());
        (instant(validity.not_before), instant(validity.not_after))
    }

    /// It was valid then.
    pub fn is_valid_at(&self, at: DateTime<Utc>) -> bool {
        let (from, until) = self.validity();
        (from..=until).contains(&at)
    }

    /// It says that its key may sign papers; where it says nothing, it may.
    pub fn is_for_signing(&self) -> bool {
        let tbs = &self.parsed.tbs_certificate;
        let authority = matches!(tbs.get::<BasicConstraints>(), Ok(Some((_, found))) if found.ca);
        let usage = match tbs.get::<KeyUsage>() {
            Ok(Some((_, usage))) => {
                usage.0.contains(KeyUsages::DigitalSignature)
                    || usage.0.contains(KeyUsages::NonRepudiation)
            }
            Ok(None) => true,
            Err(_) => false,
        };
        usage && !authority
    }

    /// It signs certificates of others.
    pub fn is_authority(&self) -> bool {
        let tbs = &self.parsed.tbs_certificate;
        matches!(tbs.get::<BasicConstraints>(), Ok(Some((_, found))) if found.ca)
    }

    /// It was issued by this one, going by name and signature.
    pub fn is_issued_by(&self, issuer: &Self) -> bool {
        issuer
            .read
            .public_key()
            .and_then(|key| self.read.verify(&key))
            .unwrap_or(false)
    }

    /// The kind of its key, where it is one that is signed with.
    pub fn key_kind(&self) -> Result<KeyKind, Error> {
        match self.public_key()?.id() {
            Id::RSA => Ok(KeyKind::Rsa),
            Id::EC => Ok(KeyKind::Ec),
            _ => Err(Error::KeyUnusable),
        }
    }

    /// Its key is long enough by the rules of today.
    pub fn is_strong(&self) -> bool {
        self.public_key().is_ok_and(|key| match key.id() {
            Id::RSA | Id::RSA_PSS => key.bits() >= FEWEST_RSA_BITS,
            Id::DSA => false,
            _ => true,
        })
    }

    pub(crate) fn public_key(&self) -> Result<PKey<Public>, Error> {
        self.read
            .public_key()
            .map_err(|_| Error::CertificateUnreadable)
    }

    pub(crate) fn x509(&self) -> &X509 {
        &self.read
    }

    /// Issuer and serial number as they stand in it.
    pub(crate) fn issuer_and_serial(&self) -> Result<(&[u8], &[u8]), Error> {
        let found = || {
            let mut fields = Elements::of(&self.der).enter(SEQUENCE)?.enter(SEQUENCE)?;
            // The version, where it is not the first.
            let _ = fields.tagged(numbered(0));
            let serial = fields.tagged(INTEGER)?;
            let _algorithm = fields.tagged(SEQUENCE)?;
            Some((fields.tagged(SEQUENCE)?.whole, serial.whole))
        };
        found().ok_or(Error::CertificateUnreadable)
    }

    /// The identifier of its key that others name it by.
    pub(crate) fn key_identifier(&self) -> Option<Vec<u8>> {
        Some(self.read.subject_key_id()?.as_slice().to_vec())
    }
}

fn common_name(name: &X509NameRef) -> String {
    let by = |nid| {
        let entry = name.entries_by_nid(nid).next()?;
        let text = entry.data().to_string().ok()?;
        Some(String::from(&*text))
    };
    by(Nid::COMMONNAME)
        .or_else(|| by(Nid::ORGANIZATIONNAME))
        .unwrap_or_default()
}
