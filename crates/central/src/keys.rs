//! The centre's keys: its authority for certificates, the key that signs receipts, and the
//! key for whom files are sealed. They lie in one folder that only the centre reads.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use age::secrecy::ExposeSecret as _;
use domain::digest::Digest;
use ed25519_dalek::{Signer as _, SigningKey};
use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{
    BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName,
};
use openssl::x509::{X509, X509Builder, X509Name, X509Req};
use zeroize::Zeroizing;

use crate::error::Error;

const AUTHORITY: &str = "authority.pem";
const AUTHORITY_KEY: &str = "authority.key";
const RECEIPT_KEY: &str = "receipt.key";
const IDENTITY: &str = "identity.age";
/// How long the authority is good for.
const AUTHORITY_DAYS: u32 = 3650;
/// How long a station's certificate is good for.
const STATION_DAYS: u32 = 825;
/// How long the certificate of a running centre is good for; each start makes another.
const SERVER_DAYS: u32 = 90;

/// The keys of a centre.
pub struct Keys {
    authority: X509,
    authority_key: PKey<Private>,
    receipt: SigningKey,
    identity: age::x25519::Identity,
    /// What makes digests of people that nobody can compute who has only the database.
    people: PKey<Private>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

impl Keys {
    /// Makes the keys of a new centre in a folder, unless there are some.
    pub fn make(folder: &Path) -> Result<(), Error> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        if folder.join(AUTHORITY).exists() {
            return Ok(());
        }
        let key = new_key()?;
        let name = name("Trung tâm số hóa")?;
        let mut builder = certificate(&name, &name, &key, AUTHORITY_DAYS)?;
        builder.append_extension(BasicConstraints::new().critical().ca().pathlen(0).build()?)?;
        builder.append_extension(
            KeyUsage::new()
                .critical()
                .key_cert_sign()
                .crl_sign()
                .build()?,
        )?;
        builder.sign(&key, MessageDigest::sha256())?;
        let mut secret = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *secret).map_err(|_| Error::Keys("no randomness".to_owned()))?;
        let identity = age::x25519::Identity::generate();
        write(
            &folder.join(AUTHORITY_KEY),
            &Zeroizing::new(key.private_key_to_pem_pkcs8()?),
        )?;
        write(&folder.join(RECEIPT_KEY), &*secret)?;
        write(
            &folder.join(IDENTITY),
            identity.to_string().expose_secret().as_bytes(),
        )?;
        // Last: where it lies, the others lie too.
        write(&folder.join(AUTHORITY), &builder.build().to_pem()?)
    }

    /// Reads the keys of a centre.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let authority_key = Zeroizing::new(fs::read(folder.join(AUTHORITY_KEY))?);
        let receipt = Zeroizing::new(fs::read(folder.join(RECEIPT_KEY))?);
        let receipt: &[u8; 32] = receipt
            .as_slice()
            .try_into()
            .map_err(|_| Error::Keys("the key for receipts is damaged".to_owned()))?;
        let identity = Zeroizing::new(fs::read_to_string(folder.join(IDENTITY))?);
        // Of the identity, so that one backup holds both, and no older centre lacks it.
        let people = Digest::of_parts(&[b"sohoa people 1\n", identity.trim().as_bytes()]);
        Ok(Self {
            people: PKey::hmac(people.as_bytes())?,
            authority: X509::from_pem(&fs::read(folder.join(AUTHORITY))?)?,
            authority_key: PKey::private_key_from_pem(&authority_key)?,
            receipt: SigningKey::from_bytes(receipt),
            identity: identity
                .trim()
                .parse()
                .map_err(|_| Error::Keys("the identity is damaged".to_owned()))?,
        })
    }

    pub(crate) const fn authority(&self) -> &X509 {
        &self.authority
    }

    /// The authority's certificate, as PEM.
    pub fn authority_pem(&self) -> Result<String, Error> {
        let pem = self.authority.to_pem()?;
        String::from_utf8(pem).map_err(|_| Error::Keys("PEM is not text".to_owned()))
    }

    /// The public key of receipts.
    pub fn receipt_key(&self) -> Digest {
        Digest::from_bytes(self.receipt.verifying_key().to_bytes())
    }

    /// For whom stations seal.
    pub fn recipient(&self) -> String {
        self.identity.to_public().to_string()
    }

    /// The plain bytes of what a station sealed, where it was sealed for this centre and is whole.
    pub(crate) fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let identity = std::iter::once(&self.identity as &dyn age::Identity);
        let mut opened = age::Decryptor::new(sealed).ok()?.decrypt(identity).ok()?;
        let mut plain = Vec::new();
        opened.read_to_end(&mut plain).ok()?;
        Some(plain)
    }

    /// A keyed digest of a word about a person: equal for equal words, and of no use to
    /// whoever has not the key.
    pub(crate) fn digest_of(&self, kind: &str, word: &str) -> Digest {
        let message = [kind.as_bytes(), b"\0", word.as_bytes()].concat();
        let mut digest = [0; 32];
        let mut signer = openssl::sign::Signer::new(MessageDigest::sha256(), &self.people)
            .expect("HMAC takes every key");
        signer
            .sign_oneshot(&mut digest, &message)
            .expect("HMAC takes every message");
        Digest::from_bytes(digest)
    }

    /// Seals what the centre itself is to keep.
    pub(crate) fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, Error> {
        age::encrypt(&self.identity.to_public(), plain)
            .map_err(|_| Error::Keys("sealing failed".to_owned()))
    }

    pub(crate) fn identity(&self) -> &age::x25519::Identity {
        &self.identity
    }

    pub(crate) fn sign_receipt(&self, message: &[u8]) -> [u8; 64] {
        self.receipt.sign(message).to_bytes()
    }

    /// A certificate for the centre itself, under the names by which it is called.
    pub(crate) fn server_certificate(&self, host: &str) -> Result<(X509, PKey<Private>), Error> {
        let key = new_key()?;
        let subject = name(host)?;
        let mut builder = certificate(&subject, self.authority.subject_name(), &key, SERVER_DAYS)?;
        let mut names = SubjectAlternativeName::new();
        if host.parse::<std::net::IpAddr>().is_ok() {
            names.ip(host);
        } else {
            names.dns(host);
        }
        let names = names.build(&builder.x509v3_context(Some(&self.authority), None))?;
        builder.append_extension(names)?;
        builder.append_extension(ExtendedKeyUsage::new().server_auth().build()?)?;
        builder.sign(&self.authority_key, MessageDigest::sha256())?;
        Ok((builder.build(), key))
    }

    /// The certificate of a station, for the key of its request.
    pub(crate) fn station_certificate(
        &self,
        station: u32,
        request_pem: &str,
    ) -> Result<String, Error> {
        let request = X509Req::from_pem(request_pem.as_bytes())?;
        let key = request.public_key()?;
        if !request.verify(&key)? {
            return Err(Error::Keys(
                "the request is not signed by its key".to_owned(),
            ));
        }
        let subject = name(&station.to_string())?;
        let mut builder = X509Builder::new()?;
        fill(
            &mut builder,
            &subject,
            self.authority.subject_name(),
            STATION_DAYS,
        )?;
        builder.set_pubkey(&key)?;
        builder.append_extension(ExtendedKeyUsage::new().client_auth().build()?)?;
        builder.sign(&self.authority_key, MessageDigest::sha256())?;
        let pem = builder.build().to_pem()?;
        String::from_utf8(pem).map_err(|_| Error::Keys("PEM is not text".to_owned()))
    }
}

fn new_key() -> Result<PKey<Private>, Error> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    Ok(PKey::from_ec_key(EcKey::generate(&group)?)?)
}

fn name(common_name: &str) -> Result<X509Name, Error> {
    let mut name = X509Name::builder()?;
    name.append_entry_by_nid(Nid::COMMONNAME, common_name)?;
    Ok(name.build())
}

fn certificate(
    subject: &openssl::x509::X509NameRef,
    issuer: &openssl::x509::X509NameRef,
    key: &PKey<Private>,
    days: u32,
) -> Result<X509Builder, Error> {
    let mut builder = X509Builder::new()?;
    fill(&mut builder, subject, issuer, days)?;
    builder.set_pubkey(key)?;
    Ok(builder)
}

fn fill(
    builder: &mut X509Builder,
    subject: &openssl::x509::X509NameRef,
    issuer: &openssl::x509::X509NameRef,
    days: u32,
) -> Result<(), Error> {
    let mut serial = BigNum::new()?;
    serial.rand(127, MsbOption::MAYBE_ZERO, false)?;
    builder.set_version(2)?;
    builder.set_serial_number(&*serial.to_asn1_integer()?)?;
    builder.set_subject_name(subject)?;
    builder.set_issuer_name(issuer)?;
    builder.set_not_before(&*Asn1Time::days_from_now(0)?)?;
    builder.set_not_after(&*Asn1Time::days_from_now(days)?)?;
    Ok(())
}

/// Writes a file that only its owner reads, and forces it to the disk.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(())
}
