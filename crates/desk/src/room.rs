//! Room on the disk where the vault lies.

use crate::error::Refusal;
use crate::{Desk, Error};

/// No scan begins with less room. A page takes a few megabytes, its copies as much again,
/// and the system of a desk needs room for itself before it stops.
const LEAST_BYTES: u64 = 1_000_000_000;

/// Names another bound, in megabytes: for desks with very small or very large disks.
const LEAST_MB: &str = "SOHOA_LEAST_ROOM_MB";

/// Refuses to begin what brings pages in while there is little room: a disk that fills up
/// in mid stack leaves a citizen waiting.
pub(crate) fn enough(desk: &Desk) -> Result<(), Error> {
    let given = std::env::var(LEAST_MB).ok();
    let megabytes: Option<u64> = given.and_then(|given| given.parse().ok());
    let least = megabytes.map_or(LEAST_BYTES, |megabytes| megabytes.saturating_mul(1_000_000));
    match free_bytes(desk) {
        Some(free) if free < least => Err(Refusal::TooLittleRoom(free).into()),
        _ => Ok(()),
    }
}

/// Free bytes where the vault lies; `None` where the system does not say.
#[cfg(unix)]
pub(crate) fn free_bytes(desk: &Desk) -> Option<u64> {
    let room = rustix::fs::statvfs(desk.vault.path()).ok()?;
    Some(room.f_bavail.saturating_mul(room.f_frsize))
}

/// Not asked of other systems yet.
#[cfg(not(unix))]
pub(crate) fn free_bytes(_: &Desk) -> Option<u64> {
    None
}
