//! The demonstration desk: a fresh vault and a feeder loaded with sample papers.
//! Everything about it is real but the people on the papers.

use std::fs;
use std::path::{Path, PathBuf};

use ::scan::feeder_folder::PREFIX;
use vault::{Passphrase, Vault};

use crate::{Desk, Device, Error, ScanSource, Settings, session};

/// The passphrase of the demonstration desk, shown on its sign-in screen.
pub const PASSPHRASE: &str = "Mot-cua-2026";
/// The demonstration office: a commune-level agency code.
pub const OFFICE: &str = "H55.242";
/// The demonstration officer.
pub const OFFICER: &str = "Trần Minh Anh";

/// The procedure whose components the sample papers are, in their order.
pub const PROCEDURE: &str = "1.001776";

const TRAY: &str = "tray";
const NEXT: &str = "next-paper";

/// One sample paper: the sheets a person would put into the tray together.
type Sheets = &'static [(&'static str, &'static [u8])];

macro_rules! sheet {
    ($name:literal) => {
        (
            $name,
            include_bytes!(concat!("../../../tests/fixtures/samples/", $name)).as_slice(),
        )
    };
}

const PAPERS: [Sheets; 3] = [
    &[sheet!("1-official-document.jpg")],
    &[sheet!("2-birth-certificate.jpg")],
    &[
        sheet!("3-application-page-1.jpg"),
        sheet!("3-application-page-2.jpg"),
    ],
];

/// The number of sample papers.
pub const PAPER_COUNT: usize = PAPERS.len();

/// Where the demonstration desk keeps its things.
#[derive(Clone, Debug)]
pub struct Demonstration {
    folder: PathBuf,
}

impl Demonstration {
    /// A demonstration in this folder; the tray is made, empty.
    pub fn at(folder: &Path) -> Result<Self, Error> {
        fs::create_dir_all(folder.join(TRAY)).map_err(Error::File)?;
        // The tray's path is the scanner's id and travels to a worker: make it absolute.
        let folder = folder.canonicalize().map_err(Error::File)?;
        if !folder.join(NEXT).exists() {
            fs::write(folder.join(NEXT), "0").map_err(Error::File)?;
        }
        Ok(Self { folder })
    }

    /// The folder of its vault.
    pub fn vault(&self) -> PathBuf {
        self.folder.join("vault")
    }

    /// Its scanner: a folder that behaves like a feeder.
    pub fn device(&self) -> Device {
        Device {
            id: format!("{PREFIX}{}", self.folder.join(TRAY).display()),
            name: "demonstration feeder".to_owned(),
            sources: vec![ScanSource::Feeder],
            both_sides: false,
            resolutions_dpi: vec![200],
        }
    }

    /// Signs in, making the vault when there is none.
    pub fn sign_in(&self, settings: &Settings) -> Result<Desk, Error> {
        let passphrase = Passphrase::new(PASSPHRASE.to_owned());
        if Vault::exists(&settings.vault) {
            return session::sign_in(settings, &passphrase);
        }
        let office = OFFICE
            .parse()
            .expect("the demonstration's agency code is a constant of the right shape");
        Ok(session::create(settings, office, OFFICER, &passphrase)?.0)
    }
}

/// Loads the next sample paper when the demonstration's tray is empty, as a
/// person at the desk would. Other devices are left alone.
pub(crate) fn load_tray(device: &str) -> Result<(), Error> {
    let Some(tray) = device.strip_prefix(PREFIX).map(Path::new) else {
        return Ok(());
    };
    let Some(next) = tray
        .parent()
        .map(|folder| folder.join(NEXT))
        .filter(|next| next.is_file())
    else {
        return Ok(());
    };
    let loaded = fs::read_dir(tray)
        .map_err(Error::File)?
        .any(|entry| entry.is_ok_and(|entry| entry.file_type().is_ok_and(|kind| kind.is_file())));
    if loaded {
        return Ok(());
    }
    let index: usize = fs::read_to_string(&next)
        .map_err(Error::File)?
        .trim()
        .parse()
        .unwrap_or(0);
    for (name, sheet) in PAPERS[index % PAPERS.len()] {
        fs::write(tray.join(name), sheet).map_err(Error::File)?;
    }
    fs::write(&next, ((index + 1) % PAPERS.len()).to_string()).map_err(Error::File)
}
