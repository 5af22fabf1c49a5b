//! Sending what was deposited to the centre, and keeping its receipts.

mod bundle;
mod enrol;
mod purge;
mod store;

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use ::sync::{Access, Backoff, HttpCentre, Outcome, Stop};
use chrono::{DateTime, Utc};
use domain::code_template::DigitisationCode;
use domain::delivery::Delivery;
use domain::local_code::LocalCode;
use domain::record::Record;
use domain::rights::Right;
use uuid::Uuid;
use vault::{AskedCentre, Contact, KnownCentre, OutboxTotal};

use crate::error::Refusal;
use crate::{CancelToken, Desk, Error};
use store::OutboxStore;

pub use bundle::{BUNDLE_LIMIT_BYTES, Bundle, take_answer, write_bundle};
pub use enrol::enrol;

/// How often the centre is spoken to where nothing waits: it learns that the desk is there,
/// and the desk whether its clock is right.
const IDLE: Duration = Duration::from_mins(15);
/// How often it is looked whether something waits.
const NAP: Duration = Duration::from_secs(1);
/// So many bytes of files lie sealed for the centre at once: hours of a thin link, and
/// nothing that a disk feels.
const READY_BYTES: u64 = 64 << 20;
/// A clock that is off by more than this is told to the officer.
const SKEW_LIMIT_S: i64 = 300;

/// How this desk and its centre stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentreState {
    /// Where the centre is, or the one that was asked; nothing where there is none.
    pub url: Option<String>,
    /// The desk asked to be let in, and the answer has not come yet.
    pub enrolling: bool,
    /// How many records wait, are parked, and were delivered.
    pub total: OutboxTotal,
    /// How the centre was last spoken to.
    pub contact: Option<Contact>,
    /// By how many seconds this clock is off, where that is too much.
    pub clock_off_s: Option<i64>,
}

/// A record in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRecord {
    /// The paper.
    pub local_code: LocalCode,
    /// The version of its record.
    pub version: u32,
    /// When it was deposited.
    pub deposited_at: DateTime<Utc>,
    /// How it stands.
    pub delivery: Delivery,
}

/// Sends what can be sent now, until it is cancelled. Everybody may: what was deposited
/// belongs at the centre.
pub fn send(desk: &Desk, cancel: &CancelToken) -> Result<Outcome, Error> {
    desk.may(Right::Send)?;
    let _turn = desk.turn_to_send();
    let (centre, there) = centre_of(desk)?;
    let now = desk.clock.now();
    let store = OutboxStore {
        desk,
        recipient: &centre.recipient,
        ready_bytes: READY_BYTES,
    };
    let is_cancelled = || cancel.is_cancelled();
    let mut outcome = ::sync::pass(&store, &there, &centre.receipt_key, now, &is_cancelled)?;
    desk.vault.drop_delivered()?;
    // More may wait than lies ready.
    outcome.report.waiting = desk.vault.read(|read| read.outbox_total())?.waiting;
    let spoke = outcome.report.spoke;
    if spoke {
        purge::purge(desk, &centre.receipt_key, now)?;
    }
    desk.vault.write(|write| {
        write.keep_contact(&Contact {
            tried_at: now,
            spoke_at: spoke.then_some(now),
            skew_s: spoke.then_some(outcome.report.skew_s),
            stop: outcome.stop.as_ref().map(|stop| stop.name().to_owned()),
        })
    })?;
    Ok(outcome)
}

impl Desk {
    /// One speaks to the centre at a time.
    fn turn_to_send(&self) -> std::sync::MutexGuard<'_, ()> {
        self.sending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The centre that this desk belongs to, and the way there. No connection is open yet.
pub(crate) fn centre_of(desk: &Desk) -> Result<(AskedCentre, HttpCentre), Error> {
    let known = desk.vault.read(|read| read.known_centre())?;
    let KnownCentre {
        centre,
        certificate,
    } = known.ok_or(Refusal::NoCentre)?;
    let access = Access {
        url: centre.url.clone(),
        authority: centre.authority.clone(),
        identity: Some((certificate, centre.connection_key.clone())),
    };
    let there = HttpCentre::new(&access).ok_or(Error::Centre(::sync::Fault::Untrusted))?;
    Ok((centre, there))
}

/// When to send next: soon where something waits, seldom where nothing does, and after what
/// did not go well with waits that grow.
#[derive(Debug, Default)]
pub struct Pace {
    backoff: Backoff,
    next: Option<Instant>,
    /// The last record of the outbox that a pass has seen.
    last: i64,
}

impl Pace {
    /// Sends, if it is time. Costs next to nothing where it is not.
    pub fn step(&mut self, desk: &Desk, cancel: &CancelToken) -> Result<Option<Outcome>, Error> {
        let (enrolled, last) = desk
            .vault
            .read(|read| Ok::<_, Error>((read.has_centre()?, read.last_enqueued()?)))?;
        let is_due = self.next.is_none_or(|next| Instant::now() >= next);
        if !enrolled || !(is_due || last > self.last) {
            return Ok(None);
        }
        self.last = last;
        let sent = send(desk, cancel);
        let stop = match &sent {
            Ok(outcome) => outcome.stop.as_ref(),
            Err(_) => Some(&Stop::Cancelled),
        };
        let wait = match stop {
            None => {
                self.backoff.reset();
                IDLE
            }
            Some(stop) => {
                if sent
                    .as_ref()
                    .is_ok_and(|outcome| outcome.report.delivered > 0)
                {
                    self.backoff.reset();
                }
                let chance = Uuid::new_v4().as_u128() as u64;
                self.backoff.after_failure(chance, stop.retry_after())
            }
        };
        self.next = Some(Instant::now() + wait);
        sent.map(Some)
    }
}

/// Sends again and again until it is cancelled, and tells of each pass.
pub fn keep_sending(
    desk: &Desk,
    cancel: &CancelToken,
    mut tell: impl FnMut(&Outcome),
) -> Result<(), Error> {
    let mut pace = Pace::default();
    while !cancel.is_cancelled() {
        if let Some(outcome) = pace.step(desk, cancel)? {
            tell(&outcome);
        }
        std::thread::sleep(NAP);
    }
    Ok(())
}

/// The code that stands: the one that the centre confirmed, once it has.
pub fn code_of(desk: &Desk, record: &Record) -> Result<DigitisationCode, Error> {
    Ok(desk.vault.read(|read| read.code_of(record))?)
}

/// Lets parked records be sent again. How many there were.
pub fn try_parked_again(desk: &Desk) -> Result<usize, Error> {
    desk.may(Right::Enrol)?;
    Ok(desk.vault.write(|write| write.unpark())?)
}

/// How this desk and its centre stand.
pub fn state(desk: &Desk) -> Result<CentreState, Error> {
    desk.may(Right::Send)?;
    desk.vault.read(|read| {
        let known = read.known_centre()?.map(|known| known.centre.url);
        let asked = read.asked_centre()?.map(|asked| asked.url);
        let contact = read.contact()?;
        let skew = contact.as_ref().and_then(|contact| contact.skew_s);
        Ok(CentreState {
            enrolling: asked.is_some(),
            url: known.or(asked),
            total: read.outbox_total()?,
            contact,
            clock_off_s: skew.filter(|skew| skew.abs() > SKEW_LIMIT_S),
        })
    })
}

/// The newest records of the outbox: the officer's own, or all for whoever may see figures.
pub fn outbox(desk: &Desk, limit: usize) -> Result<Vec<OutboxRecord>, Error> {
    desk.may(Right::Send)?;
    let all = desk.roles()?.may(Right::SeeFigures);
    desk.vault.read(|read| {
        let mut records = Vec::new();
        for line in read.outbox(limit)? {
            let of_version = read.records_of(line.document_id)?.into_iter();
            let record = of_version
                .filter(|record| record.version == line.version)
                .find(|record| all || record.deposited_by == desk.officer.id);
            records.extend(record.map(|record| OutboxRecord {
                local_code: record.local_code,
                version: record.version,
                deposited_at: record.deposited_at,
                delivery: line.delivery,
            }));
        }
        Ok(records)
    })
}
