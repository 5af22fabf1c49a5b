//! Sealed files: the bytes of pages and copies, each an age file for the station
//! and for recovery, named by the SHA-256 of what is on the disk.
//!
//! The same bytes lie on the disk and go over the wire, so they are hashed once
//! and can be checked without any key.

use std::collections::HashSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use age::x25519::{Identity, Recipient};
use domain::digest::Digest;
use zeroize::Zeroizing;

use crate::durable;
use crate::error::{DamagedPart, Error};

/// The folder of sealed files in the vault's folder.
pub(crate) const FOLDER: &str = "sealed";

/// Bytes that are sealed and safe on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// SHA-256 of the plain bytes.
    pub digest: Digest,
    /// SHA-256 of the sealed file, which is its name.
    pub sealed_digest: Digest,
    /// Length of the plain bytes.
    pub size_bytes: u64,
}

/// The sealed files of one vault.
pub(crate) struct SealedFiles {
    root: PathBuf,
    station: Identity,
    recovery: Recipient,
}

impl SealedFiles {
    /// Makes what is missing of the folders and sweeps what was never acknowledged.
    ///
    /// All 256 folders are made here and forced to the disk at once: a folder
    /// made in passing could vanish in a power cut together with the page in it.
    pub(crate) fn open(dir: &Path, station: Identity, recovery: Recipient) -> Result<Self, Error> {
        let root = dir.join(FOLDER);
        fs::create_dir_all(&root).map_err(Error::file("make the folder of sealed files"))?;
        for shard in 0..=u8::MAX {
            let shard = root.join(format!("{shard:02x}"));
            match fs::create_dir(&shard) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(Error::file("make a folder of sealed files")(error));
                }
                _ => {}
            }
            let swept = durable::sweep(&shard).map_err(Error::file("sweep partial files"))?;
            if swept > 0 {
                tracing::info!(swept, "partial sealed files swept");
            }
        }
        durable::folder::force(&root).map_err(Error::file("force a folder to the disk"))?;
        durable::folder::force(dir).map_err(Error::file("force a folder to the disk"))?;
        Ok(Self {
            root,
            station,
            recovery,
        })
    }

    /// Seals `plain`; when this returns, it survives a power cut.
    pub(crate) fn seal(&self, plain: &[u8]) -> Result<Sealed, Error> {
        let sealed = seal_for(&[&self.station.to_public(), &self.recovery], plain);
        let sealed_digest = Digest::of(&sealed);
        durable::write_file(&self.path_of(&sealed_digest), &sealed, &sealed_digest)?;
        Ok(Sealed {
            digest: Digest::of(plain),
            sealed_digest,
            size_bytes: plain.len() as u64,
        })
    }

    /// Seals `plain` for the centre too. The digest and the length of what was written.
    pub(crate) fn seal_for_centre(
        &self,
        plain: &[u8],
        centre: &Recipient,
    ) -> Result<(Digest, u64), Error> {
        let sealed = seal_for(&[&self.station.to_public(), &self.recovery, centre], plain);
        let digest = Digest::of(&sealed);
        durable::write_file(&self.path_of(&digest), &sealed, &digest)?;
        Ok((digest, sealed.len() as u64))
    }

    /// Up to `limit` sealed bytes from `offset` on; `None` when the file is gone.
    pub(crate) fn read_part(
        &self,
        sealed_digest: &Digest,
        offset: u64,
        limit: usize,
    ) -> io::Result<Option<Vec<u8>>> {
        let mut file = match fs::File::open(self.path_of(sealed_digest)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        file.seek(io::SeekFrom::Start(offset))?;
        let mut part = Vec::new();
        file.take(limit as u64).read_to_end(&mut part)?;
        Ok(Some(part))
    }

    /// The plain bytes again, or the word that the file is gone or damaged.
    pub(crate) fn unseal(&self, sealed_digest: &Digest) -> Result<Zeroizing<Vec<u8>>, Error> {
        let sealed = match fs::read(self.path_of(sealed_digest)) {
            Ok(sealed) => sealed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Error::Damaged(DamagedPart::SealedFileMissing(
                    *sealed_digest,
                )));
            }
            Err(error) => return Err(Error::file("read a sealed file")(error)),
        };
        let damaged = || Error::Damaged(DamagedPart::SealedFile(*sealed_digest));
        if Digest::of(&sealed) != *sealed_digest {
            return Err(damaged());
        }
        unseal_with(&self.station, &sealed).ok_or_else(damaged)
    }

    /// What was sealed for this station elsewhere.
    pub(crate) fn unseal_letter(&self, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        unseal_with(&self.station, sealed)
    }

    /// Checks one file against its name, without opening it.
    pub(crate) fn check(&self, sealed_digest: &Digest) -> Result<(), Error> {
        match durable::digest_of_file(&self.path_of(sealed_digest)) {
            Ok((found, _)) if found == *sealed_digest => Ok(()),
            Ok(_) => Err(Error::Damaged(DamagedPart::SealedFile(*sealed_digest))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Error::Damaged(
                DamagedPart::SealedFileMissing(*sealed_digest),
            )),
            Err(error) => Err(Error::file("read a sealed file")(error)),
        }
    }

    /// Removes a file, if it is there. What stood in it stands elsewhere too.
    pub(crate) fn remove(&self, sealed_digest: &Digest) -> io::Result<()> {
        match fs::remove_file(self.path_of(sealed_digest)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Destroys a file, if it is there: overwritten first, because a name that is gone
    /// leaves the bytes.
    pub(crate) fn destroy(&self, sealed_digest: &Digest) -> io::Result<()> {
        let path = self.path_of(sealed_digest);
        let length = match fs::metadata(&path) {
            Ok(found) => found.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        // Its head holds the only key of its bytes; where a disk writes elsewhere than it
        // is told, the rest is of no use without the vault's own key.
        let mut file = OpenOptions::new().write(true).open(&path)?;
        io::copy(&mut io::repeat(0).take(length), &mut file)?;
        file.sync_all()?;
        drop(file);
        fs::remove_file(&path)?;
        durable::folder::force(path.parent().unwrap_or(&self.root))
    }

    /// How many files no row refers to: sealed, and then the row never came.
    pub(crate) fn count_unreferenced(&self, referenced: &HashSet<Digest>) -> io::Result<u64> {
        let mut count = 0;
        for shard in fs::read_dir(&self.root)? {
            for file in fs::read_dir(shard?.path())? {
                let path = file?.path();
                let digest = path
                    .file_stem()
                    .and_then(|stem| stem.to_str()?.parse().ok());
                count += u64::from(digest.is_none_or(|digest| !referenced.contains(&digest)));
            }
        }
        Ok(count)
    }

    pub(crate) fn path_of(&self, sealed_digest: &Digest) -> PathBuf {
        let name = sealed_digest.to_string();
        self.root.join(&name[..2]).join(format!("{name}.age"))
    }
}

/// An age file of `plain` for these recipients.
pub(crate) fn seal_for(recipients: &[&Recipient], plain: &[u8]) -> Vec<u8> {
    let recipients = recipients
        .iter()
        .map(|recipient| *recipient as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients)
        .expect("there is a recipient, and recipients of one kind go together");
    // Header, and a tag of 16 bytes for every 64 KiB.
    let mut sealed = Vec::with_capacity(plain.len() + plain.len() / 4096 + 1024);
    let seal = || -> io::Result<()> {
        let mut writer = encryptor.wrap_output(&mut sealed)?;
        writer.write_all(plain)?;
        writer.finish().map(|_| ())
    };
    seal().expect("a Vec takes every write");
    sealed
}

/// The plain bytes of an age file; `None` when it was altered or is for somebody else.
pub(crate) fn unseal_with(identity: &Identity, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let decryptor = age::Decryptor::new(sealed).ok()?;
    let mut reader = decryptor
        .decrypt(std::iter::once(identity as &dyn age::Identity))
        .ok()?;
    // As long as the sealed bytes: a buffer that had to grow would leave plain copies behind.
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader.read_to_end(&mut plain).ok()?;
    Some(plain)
}
