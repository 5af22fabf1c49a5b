//! The public keys of stations: what tells a slip or a package of another desk.
//!
//! An administrator puts a file for each station that is known into the folder
//! `stations` of the office's forms; each desk writes its own with [`write_own`].

use std::path::Path;

use domain::code::AgencyCode;
use domain::digest::Digest;
use domain::rights::Right;
use serde::{Deserialize, Serialize};

use crate::error::Refusal;
use crate::export::write_whole;
use crate::{Desk, Error, Settings};

/// Their folder in the office's own forms.
const FOLDER: &str = "stations";

/// The version of the file.
const VERSION: u32 = 1;

/// More stations than any office knows.
const MOST_STATIONS: usize = 10_000;

/// A station whose signatures can be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StationKey {
    /// Its number.
    pub station: u32,
    /// The office that it belongs to.
    pub office: AgencyCode,
    /// Its public key.
    pub public_key: [u8; 32],
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    #[serde(rename = "$schema", default, skip_serializing)]
    _schema: Option<String>,
    version: u32,
    station: u32,
    office: AgencyCode,
    /// 32 bytes, written as a digest is.
    public_key: Digest,
}

/// This desk's own key.
pub(crate) fn own(desk: &Desk) -> Result<StationKey, Error> {
    Ok(StationKey {
        station: desk.office.station.number,
        office: desk.office.code.clone(),
        public_key: desk.vault.read(|read| read.station_key())?,
    })
}

/// Writes this desk's own key into a file, for others to know it by.
pub fn write_own(desk: &Desk, file: &Path) -> Result<StationKey, Error> {
    desk.may(Right::SeeOpenPapers)?;
    let key = own(desk)?;
    let mut text = serde_json::to_vec_pretty(&KeyFile {
        _schema: None,
        version: VERSION,
        station: key.station,
        office: key.office.clone(),
        public_key: Digest::from_bytes(key.public_key),
    })
    .expect("numbers and codes always make JSON");
    text.push(b'\n');
    write_whole(file, &text)?;
    Ok(key)
}

/// The key in a file. One that cannot be used is an error and never passed over:
/// somebody meant something by it.
pub fn read(file: &Path) -> Result<StationKey, Error> {
    let text = std::fs::read(file).map_err(|source| Error::FileUnreadable {
        path: file.to_owned(),
        source,
    })?;
    let read: Option<KeyFile> = serde_json::from_slice(&text).ok();
    let read = read
        .filter(|read| read.version == VERSION)
        .ok_or(Refusal::StationUnusable)?;
    Ok(StationKey {
        station: read.station,
        office: read.office,
        public_key: *read.public_key.as_bytes(),
    })
}

/// The stations that the office knows; needs no vault.
pub fn known(settings: &Settings) -> Result<Vec<StationKey>, Error> {
    known_in(settings.forms.as_deref())
}

pub(crate) fn known_in(forms: Option<&Path>) -> Result<Vec<StationKey>, Error> {
    let Some(folder) = forms.map(|forms| forms.join(FOLDER)) else {
        return Ok(Vec::new());
    };
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .take(MOST_STATIONS)
        .collect();
    files.sort();
    files.iter().map(|file| read(file)).collect()
}
