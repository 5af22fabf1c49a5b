//! Tokens of officers, through the module of their maker (PKCS#11).
//!
//! A module is a native driver: it is loaded in a worker process and nowhere else.

use std::path::Path;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error as Pkcs11Error, RvError};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, AttributeType, CertificateType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use openssl::hash::{MessageDigest, hash};
use zeroize::Zeroizing;

use crate::certificate::{Certificate, KeyKind};
use crate::error::Error;
use crate::oid;
use crate::tlv::{INTEGER, OBJECT_ID, OCTET_STRING, SEQUENCE, wrap};

/// A token that is plugged in.
#[derive(Clone, Debug)]
pub struct TokenFacts {
    /// What tells it from others.
    pub serial: String,
    /// What its owner called it.
    pub label: String,
    /// Who made it.
    pub maker: String,
    /// The certificates whose key it holds, each as it came.
    pub certificates: Vec<Certificate>,
    /// Tries are few.
    pub few_tries: bool,
    /// One more wrong PIN locks it.
    pub last_try: bool,
    /// It is locked.
    pub locked: bool,
}

/// A module that is loaded.
#[derive(Debug)]
pub struct Module(Pkcs11);

impl Module {
    /// Loads the module of a token's maker.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let module = Pkcs11::new(path).map_err(|_| Error::ModuleAbsent)?;
        let how = CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK);
        module.initialize(how).map_err(failed)?;
        Ok(Self(module))
    }

    /// The tokens that are plugged in, with what they show without a PIN.
    pub fn tokens(&self) -> Result<Vec<TokenFacts>, Error> {
        let slots = self.0.get_slots_with_token().map_err(failed)?;
        let facts = slots.into_iter().filter_map(|slot| self.facts(slot).ok());
        Ok(facts.collect())
    }

    fn facts(&self, slot: Slot) -> Result<TokenFacts, Error> {
        let info = self.0.get_token_info(slot).map_err(failed)?;
        let session = self.0.open_ro_session(slot).map_err(failed)?;
        let mut certificates = certificates(&session)?;
        certificates.retain(|(one, _)| !one.is_authority());
        Ok(TokenFacts {
            serial: info.serial_number().to_owned(),
            label: info.label().to_owned(),
            maker: info.manufacturer_id().to_owned(),
            certificates: certificates.into_iter().map(|(one, _)| one).collect(),
            few_tries: info.user_pin_count_low(),
            last_try: info.user_pin_final_try(),
            locked: info.user_pin_locked(),
        })
    }

    /// Opens a token with its PIN. Where the token says that one try is left, that try is
    /// made only when `use_last_try`.
    pub fn unlock(
        &self,
        serial: &str,
        pin: &Zeroizing<String>,
        use_last_try: bool,
    ) -> Result<Unlocked, Error> {
        let slots = self.0.get_slots_with_token().map_err(failed)?;
        let is_meant = |slot: &Slot| {
            let info = self.0.get_token_info(*slot);
            info.is_ok_and(|info| info.serial_number() == serial)
        };
        let slot = slots.into_iter().find(is_meant).ok_or(Error::TokenGone)?;
        let info = self.0.get_token_info(slot).map_err(failed)?;
        if info.user_pin_locked() {
            return Err(Error::PinLocked);
        }
        if info.user_pin_final_try() && !use_last_try {
            return Err(Error::LastTry);
        }
        let session = self.0.open_ro_session(slot).map_err(failed)?;
        let pin = AuthPin::new(pin.as_str().into());
        match session.login(UserType::User, Some(&pin)) {
            Ok(()) | Err(Pkcs11Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
            Err(error) => {
                let left = self.0.get_token_info(slot);
                let left = left.as_ref();
                return Err(match failed(error) {
                    Error::WrongPin { .. } if left.is_ok_and(|info| info.user_pin_locked()) => {
                        Error::PinLocked
                    }
                    Error::WrongPin { .. } => Error::WrongPin {
                        last_try: left.is_ok_and(|info| info.user_pin_final_try()),
                    },
                    error => error,
                });
            }
        }
        let mechanisms = self.0.get_mechanism_list(slot).map_err(failed)?;
        Ok(Unlocked {
            session,
            hashes: mechanisms.contains(&MechanismType::SHA256_RSA_PKCS),
        })
    }
}

/// A token that signs until this is dropped. The PIN is not kept.
#[derive(Debug)]
pub struct Unlocked {
    session: Session,
    /// The token hashes by itself, which the newer ones insist on.
    hashes: bool,
}

impl Unlocked {
    /// The certificates of authorities that the token brings, to send along.
    pub fn chain(&self) -> Result<Vec<Certificate>, Error> {
        let all = certificates(&self.session)?.into_iter();
        Ok(all
            .map(|(one, _)| one)
            .filter(Certificate::is_authority)
            .collect())
    }

    /// Signs with the key of this certificate, after hashing by SHA-256.
    pub fn sign(&self, certificate: &Certificate, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        let key = self.key_of(certificate)?;
        match certificate.key_kind()? {
            KeyKind::Rsa if self.hashes => self.by(&Mechanism::Sha256RsaPkcs, key, bytes),
            KeyKind::Rsa => {
                let digest = sha256(bytes)?;
                let algorithm = [&wrap(OBJECT_ID, &[oid::SHA256])[..], &[0x05, 0x00]].concat();
                let info = wrap(
                    SEQUENCE,
                    &[
                        &wrap(SEQUENCE, &[&algorithm]),
                        &wrap(OCTET_STRING, &[&digest]),
                    ],
                );
                self.by(&Mechanism::RsaPkcs, key, &info)
            }
            KeyKind::Ec => {
                let pair = self.by(&Mechanism::Ecdsa, key, &sha256(bytes)?)?;
                Ok(in_der(&pair))
            }
        }
    }

    fn by(&self, how: &Mechanism<'_>, key: ObjectHandle, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        self.session.sign(how, key, bytes).map_err(failed)
    }

    /// The private key that bears the same identifier as the certificate.
    fn key_of(&self, certificate: &Certificate) -> Result<ObjectHandle, Error> {
        let known = certificates(&self.session)?;
        let (_, id) = known
            .into_iter()
            .find(|(one, _)| one.digest() == certificate.digest())
            .ok_or(Error::NothingToSignWith)?;
        let wanted = [
            Attribute::Class(ObjectClass::PRIVATE_KEY),
            Attribute::Id(id),
        ];
        let keys = self.session.find_objects(&wanted).map_err(failed)?;
        keys.first().copied().ok_or(Error::NothingToSignWith)
    }
}

/// The certificates of a token, each with the identifier that its key bears too.
fn certificates(session: &Session) -> Result<Vec<(Certificate, Vec<u8>)>, Error> {
    let wanted = [
        Attribute::Class(ObjectClass::CERTIFICATE),
        Attribute::CertificateType(CertificateType::X_509),
    ];
    let mut found = Vec::new();
    for object in session.find_objects(&wanted).map_err(failed)? {
        let attributes = session
            .get_attributes(object, &[AttributeType::Value, AttributeType::Id])
            .map_err(failed)?;
        let (mut value, mut id) = (Vec::new(), Vec::new());
        for attribute in attributes {
            match attribute {
                Attribute::Value(bytes) => value = bytes,
                Attribute::Id(bytes) => id = bytes,
                _ => {}
            }
        }
        // What cannot be read is of no use to sign with, and no reason to use no other.
        if let Ok(certificate) = Certificate::read(&value) {
            found.push((certificate, id));
        }
    }
    Ok(found)
}

fn sha256(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let digest = hash(MessageDigest::sha256(), bytes);
    Ok(digest.map_err(|_| Error::KeyUnusable)?.to_vec())
}

/// A token gives the two numbers of an elliptic signature side by side; a message wants
/// them as a sequence (RFC 3279, 2.2.3).
fn in_der(pair: &[u8]) -> Vec<u8> {
    let number = |digits: &[u8]| {
        let zeros = digits.iter().take_while(|digit| **digit == 0).count();
        let digits = &digits[zeros.min(digits.len().saturating_sub(1))..];
        let sign: &[u8] = if digits.first().is_some_and(|first| *first >= 0x80) {
            &[0]
        } else {
            &[]
        };
        wrap(INTEGER, &[sign, digits])
    };
    let (one, two) = pair.split_at(pair.len() / 2);
    wrap(SEQUENCE, &[&number(one), &number(two)])
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "used as a function in map_err"
)]
fn failed(error: Pkcs11Error) -> Error {
    match error {
        Pkcs11Error::Pkcs11(code, _) => match code {
            RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange => {
                Error::WrongPin { last_try: false }
            }
            RvError::PinLocked => Error::PinLocked,
            RvError::PinExpired => Error::PinExpired,
            RvError::TokenNotPresent
            | RvError::DeviceRemoved
            | RvError::DeviceError
            | RvError::SessionHandleInvalid
            | RvError::SessionClosed
            | RvError::SlotIdInvalid => Error::TokenGone,
            // The name of the code and nothing else: no error carries a person's data.
            code => Error::TokenFailed(format!("{code:?}")),
        },
        _ => Error::ModuleAbsent,
    }
}
