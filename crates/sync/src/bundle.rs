//! The same without a network: what waits goes into a file that somebody carries, and the
//! answer comes back the same way.

use std::collections::HashSet;
use std::io::{self, Write};

use domain::digest::Digest;
use wire::{Answer, BundleHead, BundleWriter, Progress};

use crate::pass::{Report, Stop, in_turn, keep, park};
use crate::store::{Parked, Store};

/// What went into a bundle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bundled {
    /// Records all of which is in it.
    pub records: usize,
    /// Records that wait and of which something is not in it.
    pub left: usize,
    /// How many bytes of files.
    pub file_bytes: u64,
}

/// Why there is no bundle.
#[derive(Debug)]
pub enum Unwritten<E> {
    /// What it was written to failed.
    To(io::Error),
    /// The store failed.
    Store(E),
}

/// Writes what waits into a bundle: all envelopes that the centre may not have, then whole
/// files up to `limit_bytes`, at least one. What is damaged here is parked.
pub fn write_bundle<S: Store, W: Write>(
    store: &S,
    recipient: &str,
    mut head: BundleHead,
    limit_bytes: u64,
    out: W,
) -> Result<(Bundled, W), Unwritten<S::Error>> {
    let end = store.prepare().map_err(Unwritten::Store)?;
    let waiting = store.waiting().map_err(Unwritten::Store)?;
    head.waiting = waiting.iter().map(|entry| entry.envelope).collect();
    let mut bundle = BundleWriter::begin(recipient, &head, out).map_err(Unwritten::To)?;
    let confirmed = store.confirmed().map_err(Unwritten::Store)?;
    for sequence in confirmed + 1..=end.sequence {
        let envelope = store.envelope_at(sequence).map_err(Unwritten::Store)?;
        if let Some(envelope) = envelope {
            bundle.envelope(&envelope).map_err(Unwritten::To)?;
        }
    }
    let mut bundled = Bundled::default();
    let mut written = HashSet::new();
    for entry in in_turn(waiting) {
        let mut is_whole = true;
        for (sealed, size_bytes) in store.files_of(&entry).map_err(Unwritten::Store)? {
            if written.contains(&sealed) {
                continue;
            }
            if bundled.file_bytes > 0 && bundled.file_bytes + size_bytes > limit_bytes {
                is_whole = false;
                continue;
            }
            let bytes = store
                .read_part(&sealed, 0, size_bytes as usize + 1)
                .map_err(Unwritten::Store)?;
            let Some(bytes) = bytes.filter(|bytes| Digest::of(bytes) == sealed) else {
                park(store, &entry, Parked::DamagedHere).map_err(Unwritten::Store)?;
                is_whole = false;
                break;
            };
            bundle.file(&sealed, &bytes).map_err(Unwritten::To)?;
            written.insert(sealed);
            bundled.file_bytes += size_bytes;
        }
        if is_whole {
            bundled.records += 1;
        } else {
            bundled.left += 1;
        }
    }
    let out = bundle.finish().map_err(Unwritten::To)?;
    Ok((bundled, out))
}

/// Keeps what an answer says of records that wait: receipts that `key` signed, and reasons
/// to send no more.
pub fn apply_answer<S: Store>(
    store: &S,
    answer: &Answer,
    key: &Digest,
) -> Result<(Report, Option<Stop>), S::Error> {
    let mut report = Report::default();
    let waiting = store.waiting()?;
    for answered in &answer.records {
        let Some(entry) = waiting
            .iter()
            .find(|entry| entry.envelope == answered.envelope)
        else {
            continue;
        };
        match &answered.progress {
            Progress::Received { receipt } => {
                if !keep(store, entry, receipt, key)? {
                    return Ok((report, Some(Stop::ReceiptWrong)));
                }
                report.delivered += 1;
            }
            Progress::Parked { reason } => {
                park(store, entry, Parked::ByCentre(*reason))?;
                report.parked += 1;
            }
            Progress::Waiting { .. } => {}
        }
    }
    let stop = answer.problem.clone().map(Stop::from_problem);
    Ok((report, stop))
}
