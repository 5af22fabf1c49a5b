//! A folder that behaves like a feeder loaded with paper: for desks whose device
//! or copier drops files into a folder, and for showing the program without a
//! device.
//!
//! Files are sheets, in the natural order of their names. A sheet leaves the tray,
//! into the subfolder `taken`, only after its pages were accepted, so whatever
//! happens in between it still lies in the tray. A crash between the first and the
//! last page of a many-paged file can hand a page over twice, never not at all.

use std::cmp::Ordering;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::file::{RawPage, pages_of_file};
use crate::limits::Limits;
use crate::scanner::{CancelToken, Device, ScanSettings, ScanSource, Scanner, Sides};

/// Ids of such folders begin so.
pub const PREFIX: &str = "folder:";

/// Where sheets go that were taken.
const TAKEN: &str = "taken";

/// Files that systems put into every folder and that are no paper.
const NO_PAPER: [&str; 3] = ["thumbs.db", "desktop.ini", "icon\r"];

/// Resolutions at which PDF pages can be drawn; images have the one they have.
const RESOLUTIONS_DPI: [u32; 5] = [150, 200, 300, 400, 600];

/// A folder as a feeder.
#[derive(Debug)]
pub struct FolderScanner {
    folder: PathBuf,
    limits: Limits,
}

impl FolderScanner {
    /// Opens a folder. [`Error::NoSuchDevice`] when there is none.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        if !folder.is_dir() {
            return Err(Error::NoSuchDevice);
        }
        Ok(Self {
            folder: folder.to_path_buf(),
            limits: Limits::default(),
        })
    }

    /// The same folder, its files held to these limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Puts all taken sheets back into the tray, and returns how many. A sheet whose
    /// name lies in the tray again stays taken.
    pub fn reload(&self) -> Result<usize, Error> {
        let mut count = 0;
        for sheet in sheets_in(&self.folder.join(TAKEN))? {
            let Some(name) = sheet.file_name() else {
                continue;
            };
            let back = self.folder.join(name);
            if fs::symlink_metadata(&back).is_err() {
                fs::rename(&sheet, &back)?;
                count += 1;
            }
        }
        Ok(count)
    }

    fn scan_sheet(
        &self,
        sheet: &Path,
        dpi: u32,
        cancel: &CancelToken,
        each: &mut dyn FnMut(RawPage) -> Result<(), Error>,
        place: u32,
    ) -> Result<(), Error> {
        let bytes = self
            .read_sheet(sheet)
            .map_err(|error| error.at_sheet(place))?;
        let limits = Limits {
            rasterise_dpi: dpi,
            ..self.limits
        };
        let mut stopped_by = None;
        pages_of_file(
            &bytes,
            &limits,
            &mut |page| match cancel.check().and_then(|()| each(page)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    stopped_by = Some(error);
                    ControlFlow::Break(())
                }
            },
        )
        .map_err(|error| error.at_sheet(place))?;
        stopped_by.map_or(Ok(()), Err)?;
        self.take(sheet)
    }

    /// What failed on a folder that is no longer there failed because of that.
    fn gone_or(&self, error: Error) -> Error {
        let is_io = error.name() == "io";
        if is_io && !self.folder.is_dir() {
            Error::DeviceGone
        } else {
            error
        }
    }

    fn read_sheet(&self, sheet: &Path) -> Result<Vec<u8>, Error> {
        // A link could lead to any file of the machine, a pipe or a device never ends.
        let kind = fs::symlink_metadata(sheet)?;
        if !kind.is_file() {
            return Err(Error::NotAFile);
        }
        if kind.len() > self.limits.max_file_bytes {
            return Err(Error::FileTooLarge);
        }
        Ok(fs::read(sheet)?)
    }

    /// Moves an accepted sheet out of the tray, over nothing that lies there.
    fn take(&self, sheet: &Path) -> Result<(), Error> {
        let taken = self.folder.join(TAKEN);
        // Only this one folder: a tray that was taken away must not come back by itself.
        if let Err(error) = fs::create_dir(&taken)
            && error.kind() != std::io::ErrorKind::AlreadyExists
        {
            return Err(error.into());
        }
        let stem = sheet.file_stem().unwrap_or_default().to_os_string();
        let mut target = taken.join(sheet.file_name().unwrap_or_default());
        let mut copy = 1;
        while fs::symlink_metadata(&target).is_ok() {
            copy += 1;
            let mut name = stem.clone();
            name.push(format!(" ({copy})"));
            if let Some(extension) = sheet.extension() {
                name.push(".");
                name.push(extension);
            }
            target = taken.join(name);
        }
        Ok(fs::rename(sheet, target)?)
    }
}

impl Scanner for FolderScanner {
    fn describe(&self) -> Result<Device, Error> {
        let name = self.folder.file_name().unwrap_or(self.folder.as_os_str());
        Ok(Device {
            id: format!("{PREFIX}{}", self.folder.display()),
            name: name.to_string_lossy().into_owned(),
            sources: vec![ScanSource::Feeder],
            both_sides: false,
            resolutions_dpi: RESOLUTIONS_DPI.to_vec(),
        })
    }

    fn scan(
        &mut self,
        settings: &ScanSettings,
        cancel: &CancelToken,
        each: &mut dyn FnMut(RawPage) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if settings.source != ScanSource::Feeder || settings.sides != Sides::One {
            return Err(Error::SourceNotOffered);
        }
        if !self.folder.is_dir() {
            return Err(Error::DeviceGone);
        }
        let sheets = sheets_in(&self.folder)?;
        if sheets.is_empty() {
            return Err(Error::FeederEmpty);
        }
        for (sheet, place) in sheets.iter().zip(1..) {
            cancel.check()?;
            self.scan_sheet(sheet, settings.dpi, cancel, each, place)
                .map_err(|error| self.gone_or(error))?;
        }
        Ok(())
    }
}

/// What lies in a tray, in natural order of the names; nothing when there is no tray.
pub(crate) fn sheets_in(tray: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = match fs::read_dir(tray) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let mut sheets = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_lowercase();
        let hidden = name.starts_with('.') || NO_PAPER.contains(&name.as_str());
        let taken = name == TAKEN && entry.file_type()?.is_dir();
        if !hidden && !taken {
            sheets.push((name, entry.path()));
        }
    }
    sheets.sort_by(|(a, path_a), (b, path_b)| natural(a, b).then_with(|| path_a.cmp(path_b)));
    Ok(sheets.into_iter().map(|(_, path)| path).collect())
}

/// Numbers inside names by their value: sheet 2 comes before sheet 10.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (number_a, rest_a) = split_digits(a);
        let (number_b, rest_b) = split_digits(b);
        if !number_a.is_empty() && !number_b.is_empty() {
            let (value_a, value_b) = (
                number_a.trim_start_matches('0'),
                number_b.trim_start_matches('0'),
            );
            let order = (value_a.len().cmp(&value_b.len()))
                .then_with(|| value_a.cmp(value_b))
                .then_with(|| number_a.len().cmp(&number_b.len()));
            if order.is_ne() {
                return order;
            }
            (a, b) = (rest_a, rest_b);
            continue;
        }
        let (mut letters_a, mut letters_b) = (a.chars(), b.chars());
        match (letters_a.next(), letters_b.next()) {
            (None, None) => return Ordering::Equal,
            (first_a, first_b) if first_a != first_b => return first_a.cmp(&first_b),
            _ => (a, b) = (letters_a.as_str(), letters_b.as_str()),
        }
    }
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_sorted_as_people_count() {
        let mut names = ["b2", "a10.png", "a2.png", "a02.png", "a1.png", "a", "a2"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(
            names,
            ["a", "a1.png", "a2", "a2.png", "a02.png", "a10.png", "b2"]
        );
    }
}
