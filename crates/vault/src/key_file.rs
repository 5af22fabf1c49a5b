//! The key file beside the database: the database key, wrapped once by each
//! officer's passphrase and once to the recovery key. It holds no plain secret.

use std::fs;
use std::path::Path;

use age::x25519::Recipient;
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use domain::digest::Digest;
use domain::ids::OfficerId;
use domain::office::{Account, Officer};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::durable;
use crate::error::{DamagedPart, Error};
use crate::hex;
use crate::passphrase::Passphrase;
use crate::recovery_key::RecoveryKey;
use crate::sealed::{seal_for, unseal_with};

/// Its name in the vault's folder.
pub(crate) const NAME: &str = "keys.json";
/// The newest version that this program reads and the one that it writes. Version 1
/// had one officer and no names; it opens, and the first write makes it a version 2.
const VERSION: u32 = 2;
/// No key file with its wraps comes near this; a larger one is none of ours.
const LIMIT_BYTES: u64 = 256 * 1024;
/// Says what the digest of a key is for, so that it can be mistaken for nothing else.
const CHECK_CONTEXT: &[u8] = b"vault database key check 1\0";

/// The random key of the database. Wiped when dropped.
pub(crate) type DatabaseKey = Zeroizing<[u8; 32]>;

/// What one guess of a passphrase costs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    memory_kib: u32,
    passes: u32,
}

impl Cost {
    /// 64 MiB, three passes: about 130 ms on a slow desk, once per sign-in.
    pub(crate) const PRODUCT: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
    };
    /// Tests open hundreds of vaults.
    #[cfg(test)]
    pub(crate) const TEST: Self = Self {
        memory_kib: 64,
        passes: 1,
    };
    /// A damaged or hostile key file must not be able to ask for all memory.
    const LIMIT: Self = Self {
        memory_kib: 1024 * 1024,
        passes: 16,
    };
}

/// The file as it stands on the disk.
#[derive(Serialize, Deserialize)]
struct KeyFileJson {
    version: u32,
    /// SHA-256 of the serialised keys: a damaged file is told apart from a wrong passphrase.
    digest: Digest,
    keys: KeysJson,
}

/// Only the version, so that a newer file is recognised whatever else it holds.
#[derive(Deserialize)]
struct VersionJson {
    version: u32,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct KeysJson {
    /// Check value of the database key.
    check: Digest,
    officers: Vec<OfficerWrapJson>,
    recovery: RecoveryWrapJson,
}

#[derive(Clone, Serialize, Deserialize)]
struct OfficerWrapJson {
    officer_id: OfficerId,
    /// Only where there are several: then it is readable by everybody at the computer, as
    /// on every sign-in screen, since who wants to sign in must find the own name before
    /// anything is decrypted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    kdf: String,
    memory_kib: u32,
    passes: u32,
    #[serde(with = "hex")]
    salt: Vec<u8>,
    cipher: String,
    #[serde(with = "hex")]
    nonce: Vec<u8>,
    #[serde(with = "hex")]
    wrapped: Vec<u8>,
}

#[derive(Clone, Serialize, Deserialize)]
struct RecoveryWrapJson {
    recipient: String,
    #[serde(with = "hex")]
    wrapped: Vec<u8>,
}

const KDF: &str = "argon2id";
const CIPHER: &str = "xchacha20poly1305";

/// A key file in memory.
pub(crate) struct KeyFile {
    keys: KeysJson,
}

/// An officer who has a passphrase of this vault. One who is alone is not named.
#[derive(Clone, PartialEq, Eq)]
pub struct OfficerAtDoor {
    /// The key.
    pub id: OfficerId,
    /// The name.
    pub name: Option<String>,
}

// In a log an officer is a key, not a name.
impl std::fmt::Debug for OfficerAtDoor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OfficerAtDoor")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl KeyFile {
    /// Wraps a new key for one officer and for recovery.
    pub(crate) fn new(
        key: &DatabaseKey,
        officer: &Officer,
        passphrase: &Passphrase,
        recovery: &Recipient,
        cost: Cost,
    ) -> Result<Self, Error> {
        let check = check_of(key);
        Ok(Self {
            keys: KeysJson {
                check,
                officers: vec![wrap_for_officer(key, &check, officer, passphrase, cost)?],
                recovery: RecoveryWrapJson {
                    recipient: recovery.to_string(),
                    wrapped: seal_for(&[recovery], &**key),
                },
            },
        })
    }

    /// Reads the file; says whether it is missing, newer, or damaged.
    pub(crate) fn read(dir: &Path) -> Result<Self, Error> {
        let path = dir.join(NAME);
        let damaged = || Error::Damaged(DamagedPart::KeyFile);
        let length = fs::metadata(&path)
            .map_err(Error::file("read the key file"))?
            .len();
        if length > LIMIT_BYTES {
            return Err(damaged());
        }
        let bytes = fs::read(&path).map_err(Error::file("read the key file"))?;
        let VersionJson { version } = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
        if version > VERSION {
            return Err(Error::NewerThanProgram {
                found: version,
                known: VERSION,
            });
        }
        let file: KeyFileJson = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
        if file.version == 0 || digest_of(&file.keys) != file.digest {
            return Err(damaged());
        }
        Ok(Self { keys: file.keys })
    }

    /// Whether the file is to the letter what this program writes: a bit may turn over and
    /// leave the same keys, such as one that makes a capital of a letter. Of an older form
    /// nothing is said.
    pub(crate) fn is_as_written(dir: &Path) -> Result<bool, Error> {
        let file = Self::read(dir)?;
        let bytes = fs::read(dir.join(NAME)).map_err(Error::file("read the key file"))?;
        let VersionJson { version } =
            serde_json::from_slice(&bytes).map_err(|_| Error::Damaged(DamagedPart::KeyFile))?;
        Ok(version != VERSION || bytes == file.bytes())
    }

    /// Puts the file on the disk, whole or not at all.
    pub(crate) fn write(&self, dir: &Path) -> Result<(), Error> {
        let bytes = self.bytes();
        durable::write_file(&dir.join(NAME), &bytes, &Digest::of(&bytes))
    }

    fn bytes(&self) -> Vec<u8> {
        let file = KeyFileJson {
            version: VERSION,
            digest: digest_of(&self.keys),
            keys: self.keys.clone(),
        };
        serde_json::to_vec_pretty(&file).expect("plain fields and strings always serialise")
    }

    /// The check value of the database key: equal for all key files of one vault.
    pub(crate) const fn check(&self) -> Digest {
        self.keys.check
    }

    /// Who has a passphrase of this vault, in the order in which they came.
    pub(crate) fn officers(&self) -> Vec<OfficerAtDoor> {
        let officers = self.keys.officers.iter().map(|wrap| OfficerAtDoor {
            id: wrap.officer_id,
            name: wrap.name.clone(),
        });
        officers.collect()
    }

    /// The one officer whom this name means. A file with one officer knows no name: then
    /// the database has the last word.
    pub(crate) fn named(&self, name: Option<&str>) -> Result<OfficerId, Error> {
        let wraps = &self.keys.officers;
        let Some(name) = name else {
            return match wraps.as_slice() {
                [] => Err(Error::Damaged(DamagedPart::KeyFile)),
                [only] => Ok(only.officer_id),
                _ => Err(Error::OfficerNotNamed),
            };
        };
        let wanted = folded(name);
        let is_meant = |wrap: &&OfficerWrapJson| {
            wrap.name
                .as_deref()
                .is_none_or(|known| folded(known) == wanted)
        };
        let meant = wraps.iter().find(is_meant).ok_or(Error::UnknownOfficer)?;
        Ok(meant.officer_id)
    }

    /// The database key, with the passphrase of this officer.
    pub(crate) fn unwrap_with_passphrase(
        &self,
        officer_id: OfficerId,
        passphrase: &Passphrase,
    ) -> Result<DatabaseKey, Error> {
        let mut wraps = self.keys.officers.iter();
        let wrap = wraps
            .find(|wrap| wrap.officer_id == officer_id)
            .ok_or(Error::UnknownOfficer)?;
        let key = unwrap_for_officer(wrap, &self.keys.check, passphrase)?;
        self.checked(key.ok_or(Error::WrongPassphrase)?)
    }

    /// The database key through the recovery key.
    pub(crate) fn unwrap_with_recovery_key(
        &self,
        recovery_key: &RecoveryKey,
    ) -> Result<DatabaseKey, Error> {
        if recovery_key.recipient().to_string() != self.keys.recovery.recipient {
            return Err(Error::WrongRecoveryKey);
        }
        let damaged = || Error::Damaged(DamagedPart::KeyFile);
        let plain = unseal_with(recovery_key.identity(), &self.keys.recovery.wrapped)
            .ok_or_else(damaged)?;
        let mut key = DatabaseKey::default();
        if plain.len() != key.len() {
            return Err(damaged());
        }
        key.copy_from_slice(&plain);
        self.checked(key)
    }

    /// Gives an officer a passphrase, the first one or another. The database key and the
    /// wraps of all others stay as they are.
    pub(crate) fn put_passphrase(
        &mut self,
        key: &DatabaseKey,
        officer: &Officer,
        passphrase: &Passphrase,
        cost: Cost,
    ) -> Result<(), Error> {
        let wrap = wrap_for_officer(key, &self.keys.check, officer, passphrase, cost)?;
        let mut wraps = self.keys.officers.iter_mut();
        match wraps.find(|known| known.officer_id == officer.id) {
            Some(known) => *known = wrap,
            None => self.keys.officers.push(wrap),
        }
        Ok(())
    }

    /// Takes an officer's passphrase away.
    pub(crate) fn remove_passphrase(&mut self, officer_id: OfficerId) {
        self.keys
            .officers
            .retain(|wrap| wrap.officer_id != officer_id);
    }

    /// Names the officers where there is somebody to choose, and nobody where there is not.
    pub(crate) fn put_names(&mut self, accounts: &[Account]) {
        let several = self.keys.officers.len() > 1;
        for wrap in &mut self.keys.officers {
            let mut known = accounts.iter().map(|account| &account.officer);
            let known = known.find(|officer| several && officer.id == wrap.officer_id);
            wrap.name = known.map(|officer| officer.name.clone());
        }
    }

    /// Without this, a key of another vault would first be noticed by `SQLite`, as
    /// "not a database", which also means a damaged one.
    fn checked(&self, key: DatabaseKey) -> Result<DatabaseKey, Error> {
        if check_of(&key) == self.keys.check {
            Ok(key)
        } else {
            Err(Error::Damaged(DamagedPart::KeyFile))
        }
    }
}

/// A new random key.
pub(crate) fn new_database_key() -> Result<DatabaseKey, Error> {
    let mut key = DatabaseKey::default();
    fill_random(&mut *key)?;
    Ok(key)
}

fn fill_random(bytes: &mut [u8]) -> Result<(), Error> {
    getrandom::fill(bytes).map_err(|_| Error::NoRandomness)
}

fn check_of(key: &DatabaseKey) -> Digest {
    let mut bytes = Zeroizing::new(Vec::with_capacity(CHECK_CONTEXT.len() + key.len()));
    bytes.extend_from_slice(CHECK_CONTEXT);
    bytes.extend_from_slice(&**key);
    Digest::of(&bytes)
}

pub(crate) fn digest_of(keys: &KeysJson) -> Digest {
    Digest::of(&serde_json::to_vec(keys).expect("plain fields and strings always serialise"))
}

/// Names are compared as people do: without regard to capitals, marks as they stand.
pub(crate) fn folded(name: &str) -> String {
    domain::fold::normalise(name).to_lowercase()
}

/// What the cipher binds to the wrap: whose it is and which key it holds.
fn bound_to(officer_id: OfficerId, check: &Digest) -> Vec<u8> {
    let mut bytes = officer_id.as_uuid().as_bytes().to_vec();
    bytes.extend_from_slice(check.as_bytes());
    bytes
}

fn wrap_for_officer(
    key: &DatabaseKey,
    check: &Digest,
    officer: &Officer,
    passphrase: &Passphrase,
    cost: Cost,
) -> Result<OfficerWrapJson, Error> {
    let (mut salt, mut nonce) = (vec![0; 16], vec![0; 24]);
    fill_random(&mut salt)?;
    fill_random(&mut nonce)?;
    let stretched = stretch(passphrase, &salt, cost)?;
    let wrapped = XChaCha20Poly1305::new((&*stretched).into())
        .encrypt(
            XNonce::from_slice(&nonce),
            Payload {
                msg: &**key,
                aad: &bound_to(officer.id, check),
            },
        )
        .expect("32 bytes are far below the cipher's limit");
    Ok(OfficerWrapJson {
        officer_id: officer.id,
        name: None,
        kdf: KDF.to_owned(),
        memory_kib: cost.memory_kib,
        passes: cost.passes,
        salt,
        cipher: CIPHER.to_owned(),
        nonce,
        wrapped,
    })
}

/// `None`: the passphrase is not this officer's.
fn unwrap_for_officer(
    wrap: &OfficerWrapJson,
    check: &Digest,
    passphrase: &Passphrase,
) -> Result<Option<DatabaseKey>, Error> {
    let known = wrap.kdf == KDF
        && wrap.cipher == CIPHER
        && wrap.nonce.len() == 24
        && wrap.memory_kib <= Cost::LIMIT.memory_kib
        && wrap.passes <= Cost::LIMIT.passes;
    if !known {
        return Err(Error::Damaged(DamagedPart::KeyFile));
    }
    let cost = Cost {
        memory_kib: wrap.memory_kib,
        passes: wrap.passes,
    };
    let stretched = stretch(passphrase, &wrap.salt, cost)?;
    let opened = XChaCha20Poly1305::new((&*stretched).into()).decrypt(
        XNonce::from_slice(&wrap.nonce),
        Payload {
            msg: wrap.wrapped.as_slice(),
            aad: &bound_to(wrap.officer_id, check),
        },
    );
    let Ok(opened) = opened.map(Zeroizing::new) else {
        return Ok(None);
    };
    let mut key = DatabaseKey::default();
    if opened.len() != key.len() {
        return Err(Error::Damaged(DamagedPart::KeyFile));
    }
    key.copy_from_slice(&opened);
    Ok(Some(key))
}

fn stretch(passphrase: &Passphrase, salt: &[u8], cost: Cost) -> Result<Zeroizing<[u8; 32]>, Error> {
    let mut stretched = Zeroizing::new([0; 32]);
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(stretched.len()))
        .map_err(|_| Error::Damaged(DamagedPart::KeyFile))?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut *stretched)
        .map_err(|error| match error {
            argon2::Error::OutOfMemory => Error::OutOfMemory,
            _ => Error::Damaged(DamagedPart::KeyFile),
        })?;
    Ok(stretched)
}
