//! All scanners behind one door: what there is, and opening one by its id.

use std::path::Path;

use crate::camera::{self, CameraScanner};
use crate::error::Error;
use crate::escl::{self, EsclScanner};
use crate::feeder_folder::{self, FolderScanner};
use crate::sane::{self, SaneScanner};
use crate::scanner::{Device, Scanner};
use crate::trace::Trace;

/// Opens the device of this id. The beginning of the id says by which driver:
/// `folder:`, `escl:`, `camera:`, and everything else is a name that SANE gave.
pub fn open(id: &str, trace: Trace) -> Result<Box<dyn Scanner>, Error> {
    if let Some(folder) = id.strip_prefix(feeder_folder::PREFIX) {
        return Ok(Box::new(FolderScanner::open(Path::new(folder))?));
    }
    if id.starts_with(escl::PREFIX) {
        return Ok(Box::new(EsclScanner::open(id, trace)?));
    }
    if id.starts_with(camera::PREFIX) {
        return Ok(Box::new(CameraScanner::open(id, trace)?));
    }
    Ok(Box::new(SaneScanner::open(id, trace)?))
}

/// Every device that can be found now, described as far as it answers: one that is
/// busy or asleep is still offered.
pub fn list() -> Vec<Device> {
    // Both ways of looking mostly wait for answers.
    let network = std::thread::spawn(escl::list);
    // No SANE on this computer is no trouble: there are other ways in.
    let of_sane = sane::list().unwrap_or_default();
    // SANE's own back end for cameras knows neither pages nor stillness.
    let of_sane: Vec<Device> = of_sane
        .into_iter()
        .filter(|device| !device.id.starts_with("v4l:"))
        .collect();
    let mut of_network = network.join().unwrap_or_default();
    // SANE drives some network scanners itself, under ids that are ours: once is enough.
    let (twice, of_sane): (Vec<_>, Vec<_>) = of_sane
        .into_iter()
        .partition(|device| device.id.starts_with(escl::PREFIX));
    for device in twice {
        let is_same = |other: &Device| escl::is_same(&other.id, &device.id);
        if !of_network.iter().any(is_same) {
            of_network.push(device);
        }
    }
    // One that sleeps is waited for, so all are asked at once; SANE is asked in turn.
    let asked: Vec<_> = of_network
        .into_iter()
        .map(|device| std::thread::spawn(|| described(device)))
        .collect();
    let mut found: Vec<Device> = of_sane.into_iter().map(described).collect();
    found.extend(asked.into_iter().filter_map(|one| one.join().ok()));
    // Cameras are listed as they are, since opening one switches its light on.
    found.extend(camera::list());
    found
}

fn described(device: Device) -> Device {
    open(&device.id, Trace::off())
        .and_then(|scanner| scanner.describe())
        .unwrap_or(device)
}
