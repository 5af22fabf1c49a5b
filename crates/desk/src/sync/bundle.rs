//! For a desk without a network: a file that somebody carries to the centre, and the answer
//! that comes back.

use std::fs::File;
use std::io::{BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

use ::sync::{
    ANSWER_LIMIT_BYTES, Answer, BundleHead, Bundled, Outcome, Report, Stop, Unwritten,
    apply_answer, write_bundle as fill,
};
use chrono::{DateTime, Utc};
use domain::audit::Act;
use domain::digest::Digest;
use domain::rights::Right;
use vault::Contact;

use super::enrol::{join, message};
use super::store::OutboxStore;
use crate::error::Refusal;
use crate::{Desk, Error};

/// What media that are formatted as shops sell them take as one file.
pub const BUNDLE_LIMIT_BYTES: u64 = 3_900_000_000;

/// How the answers of a centre end, where a folder is looked through for them.
const ANSWER: &str = "answer";

/// A bundle that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// The file.
    pub file: PathBuf,
    /// What went into it.
    pub holds: Bundled,
}

/// Writes what waits into a bundle for the centre, with files up to `limit_bytes`: into a new
/// file where `to` is a folder. A desk that asked to be let in and has no answer yet writes
/// that and nothing else.
pub fn write_bundle(desk: &Desk, to: &Path, limit_bytes: u64) -> Result<Bundle, Error> {
    desk.may(Right::Send)?;
    let _turn = desk.turn_to_send();
    let (known, asked) = desk
        .vault
        .read(|read| Ok::<_, Error>((read.known_centre()?, read.asked_centre()?)))?;
    let enrolment = match (&known, &asked) {
        (None, Some(asked)) => Some(message(desk, asked)?),
        _ => None,
    };
    let centre = known.map(|known| known.centre).or(asked);
    let centre = centre.ok_or(Refusal::NoCentre)?;
    // Nothing goes into the log before the station knows its number.
    let ready_bytes = if enrolment.is_some() { 0 } else { limit_bytes };
    let store = OutboxStore {
        desk,
        recipient: &centre.recipient,
        ready_bytes,
    };
    let head = desk.vault.read(|read| {
        let station = read.office()?.station;
        Ok::<_, Error>(BundleHead {
            wire_version: ::sync::VERSION,
            station: station.number,
            epoch: station.epoch,
            made_at: desk.clock.now(),
            answer_to: read.station_recipient()?,
            enrolment,
            waiting: Vec::new(),
        })
    })?;
    // The trail first: what left without a trace would be worse than a trace of what did not.
    desk.vault
        .write(|write| desk.audit(write, Act::BundleWritten))?;
    let file = if to.is_dir() {
        let minute = head.made_at.format("%Y%m%d-%H%M");
        to.join(format!("station-{}-{minute}.bundle", head.station))
    } else {
        to.to_owned()
    };
    let part = file.with_added_extension("part");
    let written = File::create(&part)
        .map_err(Unwritten::To)
        .and_then(|file| {
            fill(
                &store,
                &centre.recipient,
                head,
                limit_bytes,
                BufWriter::new(file),
            )
        })
        .and_then(|(bundled, mut out)| {
            out.flush()
                .and_then(|()| out.get_ref().sync_all())
                .and_then(|()| std::fs::rename(&part, &file))
                .map_err(Unwritten::To)?;
            Ok(bundled)
        });
    match written {
        Ok(holds) => Ok(Bundle { file, holds }),
        Err(error) => {
            let _ = std::fs::remove_file(part);
            Err(match error {
                Unwritten::To(error) => Error::File(error),
                Unwritten::Store(error) => error,
            })
        }
    }
}

/// Keeps what the centre answered to a bundle; of a folder, what the answers in it say that
/// are for this desk. An answer may be read twice; one that is for another desk, or that the
/// centre did not sign, changes nothing.
pub fn take_answer(desk: &Desk, from: &Path) -> Result<Outcome, Error> {
    desk.may(Right::Send)?;
    let _turn = desk.turn_to_send();
    if !from.is_dir() {
        return take_one(desk, from);
    }
    let mut files: Vec<PathBuf> = std::fs::read_dir(from)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .map_err(Error::File)?;
    files.retain(|file| file.extension().is_some_and(|found| found == ANSWER));
    files.sort_unstable();
    let mut all: Option<Outcome> = None;
    for file in files {
        let one = match take_one(desk, &file) {
            Err(Error::Refused(Refusal::NotAnAnswer)) => continue,
            taken => taken?,
        };
        let before = all.take().map(|outcome| outcome.report).unwrap_or_default();
        all = Some(Outcome {
            report: Report {
                delivered: before.delivered + one.report.delivered,
                parked: before.parked + one.report.parked,
                ..one.report
            },
            stop: one.stop,
        });
    }
    all.ok_or(Refusal::NotAnAnswer.into())
}

fn take_one(desk: &Desk, from: &Path) -> Result<Outcome, Error> {
    let mut sealed = Vec::new();
    File::open(from)
        .and_then(|file| file.take(ANSWER_LIMIT_BYTES + 1).read_to_end(&mut sealed))
        .map_err(Error::File)?;
    let bytes = desk
        .vault
        .unseal_letter(&sealed)
        .ok_or(Refusal::NotAnAnswer)?;
    let (known, asked) = desk
        .vault
        .read(|read| Ok::<_, Error>((read.known_centre()?, read.asked_centre()?)))?;
    let opened = |key: &Digest| Answer::open(&bytes, key.as_bytes()).ok();
    let asked = asked.and_then(|centre| {
        let answer = opened(&centre.receipt_key)?;
        (answer.enrolled.is_some() || known.is_none()).then_some((centre, answer))
    });
    if let Some((centre, answer)) = asked {
        // Who takes a desk to a centre does so as an administrator, by whichever way.
        desk.may(Right::Enrol)?;
        if let Some(enrolled) = answer.enrolled {
            join(desk, centre, enrolled)?;
        }
        let stop = answer.problem.map(Stop::from_problem);
        return settle(desk, answer.now, Report::default(), stop);
    }
    let centre = known.ok_or(Refusal::NotAnAnswer)?.centre;
    let answer = opened(&centre.receipt_key).ok_or(Refusal::NotAnAnswer)?;
    let store = OutboxStore {
        desk,
        recipient: &centre.recipient,
        ready_bytes: 0,
    };
    let (report, stop) = apply_answer(&store, &answer, &centre.receipt_key)?;
    desk.vault.drop_delivered()?;
    settle(desk, answer.now, report, stop)
}

fn settle(
    desk: &Desk,
    centre_said_at: DateTime<Utc>,
    mut report: Report,
    stop: Option<Stop>,
) -> Result<Outcome, Error> {
    report.waiting = desk.vault.read(|read| read.outbox_total())?.waiting;
    desk.vault.write(|write| {
        write.keep_contact(&Contact {
            tried_at: desk.clock.now(),
            spoke_at: Some(centre_said_at),
            skew_s: None,
            stop: stop.as_ref().map(|stop| stop.name().to_owned()),
        })
    })?;
    Ok(Outcome { report, stop })
}
