//! How many writes were acknowledged, kept beside the database.
//!
//! `SQLite`'s log is a chain of checksums. After a kill it is read again, and where a bit
//! has turned over in it the chain ends: what was committed from there on is gone without
//! a word. The database counts its writes, and each count is put into this file once its
//! commit is on the disk; a database that counts fewer has lost some.
//!
//! The file is not forced to the disk with each write. It can only lag behind what is
//! there, which hides a loss and never feigns one. It is shorter than a sector, so that a
//! power cut leaves it as it was or as it became.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use domain::digest::Digest;

use crate::durable;
use crate::error::Error;

/// Its name in the vault's folder.
pub(crate) const NAME: &str = "acknowledged";
/// The count and the digest of it.
const LENGTH: usize = 8 + 32;
/// Says what the digest is for.
const CONTEXT: &[u8] = b"acknowledged writes 1\0";

/// The file, open for the next count.
pub(crate) struct Acknowledged {
    file: Mutex<Option<File>>,
}

/// What was found in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A vault that is new, was brought back, or is older than this file.
    Nothing,
    /// So many writes were acknowledged.
    Count(u64),
    /// It is not as it was written.
    Damaged,
}

impl Acknowledged {
    pub(crate) fn find(dir: &Path) -> Found {
        let bytes = match std::fs::read(dir.join(NAME)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Found::Nothing,
            Err(_) => return Found::Damaged,
        };
        // A new file whose bytes had not reached the disk when the power was cut.
        if bytes.iter().all(|byte| *byte == 0) {
            return Found::Nothing;
        }
        let count = bytes.first_chunk().map(|count| u64::from_le_bytes(*count));
        match count {
            Some(count) if bytes == written(count) => Found::Count(count),
            _ => Found::Damaged,
        }
    }

    /// Begins with what the database counts.
    pub(crate) fn begin(dir: &Path, count: u64) -> Result<Self, Error> {
        let bytes = written(count);
        let path = dir.join(NAME);
        durable::write_file(&path, &bytes, &Digest::of(&bytes))?;
        let file = OpenOptions::new()
            .write(true)
            .open(path)
            .map_err(Error::file("open the count of writes"))?;
        Ok(Self {
            file: Mutex::new(Some(file)),
        })
    }

    /// A write is on the disk. Where the file refuses it stays behind, which is no reason
    /// to call a write failed that has succeeded.
    pub(crate) fn put(&self, count: u64) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let put = file.as_mut().map(|file| {
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&written(count))
        });
        if matches!(put, Some(Err(_))) {
            *file = None;
        }
    }
}

fn written(count: u64) -> [u8; LENGTH] {
    let count = count.to_le_bytes();
    let digest = Digest::of(&[CONTEXT, &count].concat());
    let mut bytes = [0; LENGTH];
    bytes[..8].copy_from_slice(&count);
    bytes[8..].copy_from_slice(digest.as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_found_and_every_bit_that_turns_over_shows() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Acknowledged::find(dir.path()), Found::Nothing);
        let acknowledged = Acknowledged::begin(dir.path(), 3).unwrap();
        acknowledged.put(4);
        assert_eq!(Acknowledged::find(dir.path()), Found::Count(4));
        let path = dir.path().join(NAME);
        let whole = std::fs::read(&path).unwrap();
        for bit in 0..whole.len() * 8 {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            std::fs::write(&path, damaged).unwrap();
            assert_eq!(Acknowledged::find(dir.path()), Found::Damaged, "{bit}");
        }
        std::fs::write(&path, [0; LENGTH]).unwrap();
        assert_eq!(Acknowledged::find(dir.path()), Found::Nothing);
    }
}
