//! Files that are either wholly there or not at all, also after a power cut.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use domain::digest::Digest;
use sha2::{Digest as _, Sha256};

use crate::error::{DamagedPart, Error};

/// What a file is called until it is complete. A file that still has this ending
/// when the vault is opened was never acknowledged and is swept away.
pub(crate) const PARTIAL: &str = "partial";

/// Writes `bytes` as `path`: a partial file in the same folder, forced to the
/// disk, read back, renamed, and the folder forced to the disk.
pub(crate) fn write_file(path: &Path, bytes: &[u8], digest: &Digest) -> Result<(), Error> {
    let partial = partial_of(path);
    let written = write_partial(&partial, bytes, digest).and_then(|()| {
        fs::rename(&partial, path).map_err(Error::file("put a written file in its place"))
    });
    if let Err(error) = written {
        // On a full disk the space is needed; a failure to remove it is no worse than the sweep.
        let _ = fs::remove_file(&partial);
        return Err(error);
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    folder::force(folder).map_err(Error::file("force a folder to the disk"))
}

fn write_partial(partial: &Path, bytes: &[u8], digest: &Digest) -> Result<(), Error> {
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(partial)
        .map_err(Error::file("begin a file"))?;
    file.write_all(bytes).map_err(Error::file("write a file"))?;
    file.sync_all()
        .map_err(Error::file("force a file to the disk"))?;
    drop(file);
    let (found, length) = digest_of_file(partial).map_err(Error::file("read a file back"))?;
    if found != *digest || length != bytes.len() as u64 {
        return Err(Error::Damaged(DamagedPart::ReadBack));
    }
    Ok(())
}

fn partial_of(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(PARTIAL);
    path.with_file_name(name)
}

/// Makes a folder and what is missing above it. A folder whose name is not on the disk
/// could vanish in a power cut together with all that was put into it.
pub(crate) fn make_folder(path: &Path) -> io::Result<()> {
    let path = std::path::absolute(path)?;
    let is_missing = |folder: &&Path| !folder.exists();
    let missing = path.ancestors().take_while(is_missing).count();
    fs::create_dir_all(&path)?;
    // The folder itself too where it was there: whoever made it may have been cut short.
    for folder in path.ancestors().skip(1).take(missing.max(1)) {
        match folder::force(folder) {
            // A folder that was there, and in which this officer may not look around.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
            forced => forced?,
        }
    }
    Ok(())
}

/// SHA-256 and length of a file, without holding it in memory.
pub(crate) fn digest_of_file(path: &Path) -> io::Result<(Digest, u64)> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    let mut length = 0;
    loop {
        let read = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hasher.update(&buffer[..read]);
        length += read as u64;
    }
    Ok((Digest::from_bytes(hasher.finalize().into()), length))
}

/// Removes partial files of `folder`. They were never acknowledged.
pub(crate) fn sweep(folder: &Path) -> io::Result<usize> {
    let mut swept = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == PARTIAL) {
            fs::remove_file(path)?;
            swept += 1;
        }
    }
    Ok(swept)
}

/// A new name in a folder survives a power cut only once the folder itself is on
/// the disk.
#[cfg(unix)]
pub(crate) mod folder {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    pub(crate) fn force(folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }
}

/// Windows opens no folder as a file; NTFS journals names itself, in the order in
/// which they were made.
#[cfg(not(unix))]
pub(crate) mod folder {
    use std::io;
    use std::path::Path;

    #[expect(
        clippy::unnecessary_wraps,
        reason = "the same shape as where folders can be forced"
    )]
    pub(crate) fn force(_: &Path) -> io::Result<()> {
        Ok(())
    }
}
