//! Frames that were recorded: a folder of JPEG files, ten of them a second.

use std::fs;
use std::path::{Path, PathBuf};

use super::LIVE_EVERY;
use super::frame::{Coding, Frame};
use crate::error::Error;
use crate::feeder_folder::sheets_in;
use crate::limits::Limits;

/// A recording, played once from its first frame to its last.
#[derive(Debug)]
pub(super) struct Recorded {
    folder: PathBuf,
    name: String,
    frames: Vec<PathBuf>,
    next: usize,
}

impl Recorded {
    pub(super) fn open(folder: &Path) -> Result<Self, Error> {
        let name = folder.file_name().unwrap_or(folder.as_os_str());
        Ok(Self {
            folder: folder.to_path_buf(),
            name: name.to_string_lossy().into_owned(),
            frames: sheets_in(folder)?,
            next: 0,
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The next frame, without waiting for its time; `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<Frame>, Error> {
        if !self.folder.is_dir() {
            return Err(Error::DeviceGone);
        }
        let Some(path) = self.frames.get(self.next) else {
            return Ok(None);
        };
        let length = fs::metadata(path).map_err(|_| Error::DeviceGone)?.len();
        if length > Limits::default().max_file_bytes {
            return Err(Error::FileTooLarge);
        }
        let bytes = fs::read(path).map_err(|_| Error::DeviceGone)?;
        let at = LIVE_EVERY * u32::try_from(self.next).unwrap_or(u32::MAX);
        self.next += 1;
        Ok(Some(Frame {
            bytes,
            coding: Coding::Jpeg,
            at,
        }))
    }
}
