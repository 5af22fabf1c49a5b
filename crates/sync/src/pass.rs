//! One pass: announce what is new, send what is missing, keep what comes back.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use domain::delivery::{StationLogEnd, WaitingRecord};
use domain::digest::Digest;
use wire::{Accepted, Missing, Problem, ProblemCode, Progress, Receipt};

use crate::client::{Centre, Fault};
use crate::store::{Parked, Store};

/// The first part of a file, before anything is known of the link.
const FIRST_PART_BYTES: usize = 64 << 10;
const SMALLEST_PART_BYTES: usize = 16 << 10;
/// A part that took less lets the next be twice as long …
const QUICK: Duration = Duration::from_secs(1);
/// … and one that took more, half as long: after a cut, no more than this is lost.
const SLOW: Duration = Duration::from_secs(8);
/// A file that came out wrong at the centre is sent so often before it is parked.
const TRIES: usize = 2;

/// What a pass did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Records that got their receipt.
    pub delivered: usize,
    /// Records that were parked.
    pub parked: usize,
    /// Records that still wait.
    pub waiting: usize,
    /// Bytes of files that were handed over.
    pub sent_bytes: u64,
    /// The centre answered.
    pub spoke: bool,
    /// How much the desk's clock is ahead of the centre's, in seconds.
    pub skew_s: i64,
}

/// Why a pass ended before everything was delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Try again later.
    Later(Fault),
    /// The centre has this station's log further than the vault has it: an older copy of
    /// the vault was brought back without beginning a new epoch.
    RolledBack,
    /// The centre has another log of this station: the vault was cloned.
    Cloned,
    /// The officer left the desk.
    Cancelled,
    /// A receipt is not what it should be: whoever signs there is not the known centre.
    ReceiptWrong,
}

impl Stop {
    /// The stable name in views and logs.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Later(Fault::Unreachable) => "unreachable",
            Self::Later(Fault::Stalled) => "stalled",
            Self::Later(Fault::Untrusted) => "untrusted",
            Self::Later(Fault::Garbled) => "garbled",
            Self::Later(Fault::Refused(problem)) => problem.code.name(),
            Self::Cancelled => "cancelled",
            Self::RolledBack => "rolled_back",
            Self::Cloned => "cloned",
            Self::ReceiptWrong => "receipt_wrong",
        }
    }

    /// What a refusal by the centre comes to.
    pub fn from_problem(problem: Problem) -> Self {
        match problem.code {
            ProblemCode::Forked => Self::Cloned,
            _ => Self::Later(Fault::Refused(problem)),
        }
    }

    /// How long the centre asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Later(Fault::Refused(problem)) => {
                let seconds = problem.retry_after_s?;
                Some(Duration::from_secs(u64::from(seconds)))
            }
            _ => None,
        }
    }
}

/// What a pass did, and why it ended early, if it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What it did.
    pub report: Report,
    /// Why it ended early.
    pub stop: Option<Stop>,
}

enum Ended<E> {
    Stop(Stop),
    Store(E),
}

impl<E> From<Stop> for Ended<E> {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl<E> From<Fault> for Ended<E> {
    fn from(fault: Fault) -> Self {
        Self::Stop(Stop::Later(fault))
    }
}

/// Does what can be done now, until it is cancelled. `key` signs the receipts that are
/// believed.
pub fn pass<S: Store>(
    store: &S,
    centre: &impl Centre,
    key: &Digest,
    now: DateTime<Utc>,
    is_cancelled: &dyn Fn() -> bool,
) -> Result<Outcome, S::Error> {
    let mut pass = Pass {
        store,
        centre,
        key,
        is_cancelled,
        report: Report::default(),
        part_bytes: FIRST_PART_BYTES,
        part_limit_bytes: SMALLEST_PART_BYTES,
    };
    let ended = pass.run(now);
    let stop = match ended {
        Ok(()) => None,
        Err(Ended::Stop(stop)) => Some(stop),
        Err(Ended::Store(error)) => return Err(error),
    };
    let mut report = pass.report;
    report.waiting = store.waiting()?.len();
    Ok(Outcome { report, stop })
}

struct Pass<'a, S, C> {
    store: &'a S,
    centre: &'a C,
    key: &'a Digest,
    is_cancelled: &'a dyn Fn() -> bool,
    report: Report,
    part_bytes: usize,
    part_limit_bytes: usize,
}

impl<S: Store, C: Centre> Pass<'_, S, C> {
    fn run(&mut self, now: DateTime<Utc>) -> Result<(), Ended<S::Error>> {
        let mut end = self.store.prepare().map_err(Ended::Store)?;
        let state = self.centre.state().map_err(|fault| match fault {
            Fault::Refused(problem) => Stop::from_problem(problem),
            fault => Stop::Later(fault),
        })?;
        self.report.spoke = true;
        self.report.skew_s = (now - state.now).num_seconds();
        self.part_limit_bytes = (state.policy.part_limit_bytes as usize)
            .clamp(SMALLEST_PART_BYTES, wire::PART_LIMIT_BYTES);
        let mut announced = self.announced(&state.accepted, end)?;
        loop {
            let waiting = self.store.waiting().map_err(Ended::Store)?;
            // All manifests go before the first image: they are small, and tell the centre
            // what there is even if the link breaks off again.
            let mut known = self.announce(announced, end.sequence, &waiting)?;
            announced = end.sequence;
            // Some have got their receipt by that alone.
            let waiting = self.store.waiting().map_err(Ended::Store)?;
            for entry in in_turn(waiting) {
                let progress = match known.remove(&entry.envelope) {
                    Some(progress) => progress,
                    None => self.centre.progress(&entry.envelope)?,
                };
                self.deliver(&entry, progress)?;
            }
            end = self.store.prepare().map_err(Ended::Store)?;
            if end.sequence == announced {
                return Ok(());
            }
        }
    }

    /// The last place of this epoch's log that the centre has, when it is the same log.
    fn announced(&self, accepted: &Accepted, end: StationLogEnd) -> Result<u64, Ended<S::Error>> {
        if accepted.epoch < end.epoch {
            return Ok(0);
        }
        if accepted.epoch > end.epoch {
            return Err(Ended::Stop(Stop::Cloned));
        }
        if accepted.sequence > end.sequence {
            return Err(Ended::Stop(Stop::RolledBack));
        }
        if accepted.sequence > 0 {
            let ours = self
                .store
                .envelope_at(accepted.sequence)
                .map_err(Ended::Store)?;
            let Some(ours) = ours else {
                return Err(Ended::Stop(Stop::RolledBack));
            };
            if Digest::of(&ours) != accepted.head {
                // Two envelopes for one place: the centre must see both to know of it.
                let _ = self.centre.announce(&ours);
                return Err(Ended::Stop(Stop::Cloned));
            }
        }
        Ok(accepted.sequence)
    }

    /// Hands over the envelopes after `last`, in the order of the log.
    fn announce(
        &mut self,
        last: u64,
        end: u64,
        waiting: &[WaitingRecord],
    ) -> Result<HashMap<Digest, Progress>, Ended<S::Error>> {
        let mut known = HashMap::new();
        for sequence in last + 1..=end {
            self.may_go_on()?;
            let envelope = self.store.envelope_at(sequence).map_err(Ended::Store)?;
            let Some(envelope) = envelope else {
                return Err(Ended::Stop(Stop::RolledBack));
            };
            let progress = match self.centre.announce(&envelope) {
                Ok(progress) => progress,
                Err(Fault::Refused(problem)) => return Err(Stop::from_problem(problem).into()),
                Err(fault) => return Err(fault.into()),
            };
            let digest = Digest::of(&envelope);
            if let Progress::Received { .. } | Progress::Parked { .. } = progress
                && let Some(entry) = waiting.iter().find(|entry| entry.envelope == digest)
            {
                self.deliver(entry, progress.clone())?;
            }
            known.insert(digest, progress);
        }
        Ok(known)
    }

    /// Brings one record to its end.
    fn deliver(
        &mut self,
        entry: &WaitingRecord,
        progress: Progress,
    ) -> Result<(), Ended<S::Error>> {
        let mut progress = progress;
        let mut tries = 0;
        loop {
            let missing = match progress {
                Progress::Received { receipt } => return self.keep(entry, &receipt),
                Progress::Parked { reason } => return self.park(entry, Parked::ByCentre(reason)),
                Progress::Waiting { missing } => missing,
            };
            let sent_before = self.report.sent_bytes;
            for file in &missing {
                match self.send(file)? {
                    Sent::Whole => {}
                    Sent::DamagedHere => return self.park(entry, Parked::DamagedHere),
                    Sent::WrongThere => tries += 1,
                }
            }
            if tries >= TRIES {
                return self.park(entry, Parked::ByCentre(ProblemCode::DigestWrong));
            }
            // A centre that misses what it says it has would make this run in circles.
            if tries == 0 && self.report.sent_bytes == sent_before {
                return Err(Fault::Garbled.into());
            }
            progress = self.centre.progress(&entry.envelope)?;
        }
    }

    /// Sends what is missing of a file, part after part.
    fn send(&mut self, file: &Missing) -> Result<Sent, Ended<S::Error>> {
        let sealed = &file.sealed_sha256;
        let mut offset = file.have_bytes;
        loop {
            self.may_go_on()?;
            let part = self
                .store
                .read_part(sealed, offset, self.part_bytes)
                .map_err(Ended::Store)?;
            let Some(part) = part else {
                return Ok(Sent::DamagedHere);
            };
            if part.is_empty() {
                return Ok(Sent::Whole);
            }
            let began = Instant::now();
            match self.centre.put_part(sealed, offset, &part) {
                Ok(stored) => {
                    self.report.sent_bytes += part.len() as u64;
                    self.pace(began.elapsed());
                    // A centre that has less than before would make this run in circles.
                    if stored.have_bytes <= offset {
                        return Err(Fault::Garbled.into());
                    }
                    offset = stored.have_bytes;
                }
                Err(Fault::Refused(Problem {
                    code: ProblemCode::OffsetWrong,
                    have_bytes: Some(have),
                    ..
                })) if have != offset => offset = have,
                Err(Fault::Refused(problem)) if problem.code == ProblemCode::DigestWrong => {
                    return Ok(Sent::WrongThere);
                }
                Err(fault) => return Err(fault.into()),
            }
        }
    }

    fn may_go_on(&self) -> Result<(), Ended<S::Error>> {
        if (self.is_cancelled)() {
            return Err(Ended::Stop(Stop::Cancelled));
        }
        Ok(())
    }

    fn pace(&mut self, took: Duration) {
        if took < QUICK {
            self.part_bytes *= 2;
        } else if took > SLOW {
            self.part_bytes /= 2;
        }
        self.part_bytes = self
            .part_bytes
            .clamp(SMALLEST_PART_BYTES, self.part_limit_bytes);
    }

    fn keep(&mut self, entry: &WaitingRecord, bytes: &[u8]) -> Result<(), Ended<S::Error>> {
        if !keep(self.store, entry, bytes, self.key).map_err(Ended::Store)? {
            return Err(Ended::Stop(Stop::ReceiptWrong));
        }
        self.report.delivered += 1;
        Ok(())
    }

    fn park(&mut self, entry: &WaitingRecord, why: Parked) -> Result<(), Ended<S::Error>> {
        park(self.store, entry, why).map_err(Ended::Store)?;
        self.report.parked += 1;
        Ok(())
    }
}

/// Keeps the receipt of a record, if it is one that `key` signed.
pub(crate) fn keep<S: Store>(
    store: &S,
    entry: &WaitingRecord,
    bytes: &[u8],
    key: &Digest,
) -> Result<bool, S::Error> {
    let receipt = Receipt::open(bytes, key.as_bytes()).and_then(|receipt| {
        receipt.is_for(entry.document_id, entry.version, &entry.manifest)?;
        Ok(receipt)
    });
    match receipt {
        Ok(receipt) => store.keep_receipt(entry, &receipt, bytes).map(|()| true),
        Err(error) => {
            tracing::error!(%error, "a receipt is not believed");
            Ok(false)
        }
    }
}

pub(crate) fn park<S: Store>(
    store: &S,
    entry: &WaitingRecord,
    why: Parked,
) -> Result<(), S::Error> {
    tracing::warn!(reason = why.name(), "a record is parked");
    store.park(entry, why)
}

enum Sent {
    Whole,
    DamagedHere,
    WrongThere,
}

/// Small dossiers before large ones, and one dossier after the other.
pub(crate) fn in_turn(mut waiting: Vec<WaitingRecord>) -> Vec<WaitingRecord> {
    let mut sizes = HashMap::new();
    for entry in &waiting {
        *sizes.entry(entry.dossier_id).or_insert(0) += entry.size_bytes;
    }
    waiting.sort_by_key(|entry| (sizes[&entry.dossier_id], entry.dossier_id, entry.sequence));
    waiting
}
