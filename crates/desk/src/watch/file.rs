//! Files of a watched folder: found, read as what they are, and moved away.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// How a file looked. Equal looks mean that nobody wrote to it in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Look {
    ordinary: bool,
    size_bytes: u64,
    modified_at: Option<SystemTime>,
}

/// Why a file was not read.
pub(super) enum Unfit {
    /// It does not look as it did.
    Changed,
    /// It is nothing that is ever taken.
    Never(scan::Error),
    /// The system refused it; that may pass.
    NotNow(io::Error),
}

impl Look {
    fn of(metadata: &Metadata) -> Self {
        Self {
            ordinary: metadata.is_file(),
            size_bytes: metadata.len(),
            modified_at: metadata.modified().ok(),
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.size_bytes == 0
    }

    /// No link, device or pipe.
    pub(super) const fn is_ordinary(&self) -> bool {
        self.ordinary
    }
}

/// Files that systems and half-done copies put into every folder.
fn is_no_paper(name: &str) -> bool {
    let name = name.to_lowercase();
    name.starts_with(['.', '~'])
        || ["thumbs.db", "desktop.ini"].contains(&name.as_str())
        || [".tmp", ".part", ".crdownload", ".filepart"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// Everything in the folder that is not a folder itself.
pub(super) fn list(folder: &Path, limit: usize) -> io::Result<BTreeMap<PathBuf, Look>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if is_no_paper(&name) {
            continue;
        }
        // A file that went away between the two questions is no trouble.
        let Ok(metadata) = fs::symlink_metadata(&path) else {
            continue;
        };
        if !metadata.is_dir() {
            found.insert(path, Look::of(&metadata));
        }
        if found.len() == limit {
            break;
        }
    }
    Ok(found)
}

/// Makes a folder that may be there already, but not a link in its place: files would
/// leave through it.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => Err(io::ErrorKind::NotADirectory.into()),
        Err(_) => fs::create_dir(path),
    }
}

/// The bytes of a file that looks as it did before and after they were read.
pub(super) fn read(path: &Path, look: &Look) -> Result<Vec<u8>, Unfit> {
    if !look.ordinary {
        return Err(Unfit::Never(scan::Error::NotAFile));
    }
    let limit = crate::Limits::default().max_file_bytes;
    if look.size_bytes > limit {
        return Err(Unfit::Never(scan::Error::FileTooLarge));
    }
    let mut file = open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Unfit::Changed,
        _ => Unfit::NotNow(error),
    })?;
    let is_as_before = |file: &File| {
        let metadata = file.metadata().map_err(Unfit::NotNow)?;
        if Look::of(&metadata) == *look {
            Ok(())
        } else {
            Err(Unfit::Changed)
        }
    };
    is_as_before(&file)?;
    let mut bytes = Vec::with_capacity(look.size_bytes as usize);
    (&mut file)
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(Unfit::NotNow)?;
    is_as_before(&file)?;
    Ok(bytes)
}

/// Opens the file itself: a link that has come into its place is not followed, and a
/// pipe does not make anybody wait.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Moves a file into a folder, over nothing that lies there, with a reason beside it.
pub(super) fn move_to(folder: &Path, path: &Path, reason: Option<&str>) -> io::Result<()> {
    // Somebody may have tidied up since the watch began.
    make_folder(folder)?;
    let name = path.file_name().unwrap_or_default();
    let mut target = folder.join(name);
    let mut copy = 1;
    while fs::symlink_metadata(&target).is_ok() {
        copy += 1;
        let mut numbered = Path::new(name).file_stem().unwrap_or_default().to_owned();
        numbered.push(format!(" ({copy})"));
        if let Some(extension) = path.extension() {
            numbered.push(".");
            numbered.push(extension);
        }
        target = folder.join(numbered);
    }
    if let Some(reason) = reason {
        // The reason first: a file without one would puzzle people.
        let mut beside = target.as_os_str().to_owned();
        beside.push(".txt");
        let mut file = File::create(beside)?;
        file.write_all(reason.as_bytes())?;
        file.sync_all()?;
    }
    fs::rename(path, &target)?;
    // Both folders know of it for good, so that a power cut brings nothing back.
    for folder in [Some(folder), path.parent()].into_iter().flatten() {
        sync_folder(folder)?;
    }
    Ok(())
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
