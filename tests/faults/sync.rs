//! Exactly once: requests and answers that are lost, doubled, late and out of order, between
//! the desk's own sender and a real centre; and what a centre does not believe.

use std::cell::{Cell, RefCell};

use domain::digest::Digest;
use support::memory_station::MemoryStation;
use support::test_centre::TestCentre;
use sync::{Centre, Fault, HttpCentre, Stop, Store as _};
use wire::{PartStored, Progress, State};

use crate::chance::{Chance, number_of};

/// A network that does to every request what a bad one does.
struct BadNetwork<'a> {
    there: &'a HttpCentre,
    chance: RefCell<Chance>,
    /// Requests that were given up here and arrive later.
    late: RefCell<Vec<Request>>,
    /// How many requests it harmed.
    harmed: Cell<u32>,
}

#[derive(Clone)]
enum Request {
    Announce(Vec<u8>),
    Part(Digest, u64, Vec<u8>),
}

impl BadNetwork<'_> {
    fn ask<T>(
        &self,
        request: Option<Request>,
        ask: impl Fn() -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let fate = self.chance.borrow_mut().below(10);
        // What was late arrives before or after this one, in any order.
        let arrives = self.chance.borrow_mut().below(3) == 0;
        if arrives {
            self.deliver_one_late();
        }
        self.harmed.set(self.harmed.get() + u32::from(fate < 6));
        match (fate, request) {
            // The request is lost.
            (0, _) => Err(Fault::Stalled),
            // The answer is lost.
            (1..=3, _) => {
                let _ = ask();
                Err(Fault::Stalled)
            }
            // It comes twice.
            (4, _) => {
                let _ = ask();
                ask()
            }
            // It is given up here and comes later all the same.
            (5, Some(request)) => {
                self.late.borrow_mut().push(request);
                Err(Fault::Stalled)
            }
            _ => ask(),
        }
    }

    fn deliver_one_late(&self) {
        let count = self.late.borrow().len() as u64;
        if count > 0 {
            let at = self.chance.borrow_mut().below(count);
            let request = self.late.borrow_mut().swap_remove(at as usize);
            match request {
                Request::Announce(envelope) => drop(self.there.announce(&envelope)),
                Request::Part(sealed, offset, bytes) => {
                    drop(self.there.put_part(&sealed, offset, &bytes));
                }
            }
        }
    }
}

impl Centre for BadNetwork<'_> {
    fn state(&self) -> Result<State, Fault> {
        self.ask(None, || self.there.state())
    }

    fn announce(&self, envelope: &[u8]) -> Result<Progress, Fault> {
        let request = Request::Announce(envelope.to_vec());
        self.ask(Some(request), || self.there.announce(envelope))
    }

    fn progress(&self, envelope: &Digest) -> Result<Progress, Fault> {
        self.ask(None, || self.there.progress(envelope))
    }

    fn put_part(&self, sealed: &Digest, offset: u64, bytes: &[u8]) -> Result<PartStored, Fault> {
        let request = Request::Part(*sealed, offset, bytes.to_vec());
        self.ask(Some(request), || self.there.put_part(sealed, offset, bytes))
    }
}

/// Promise C1. Each seed is a station of its own that deposits, is harmed, and heals.
#[test]
fn whatever_a_network_does_each_record_arrives_once_and_whole() {
    let seeds = number_of("SOHOA_SYNC_SEEDS", 20);
    let centre = TestCentre::start();
    let mut harmed = 0;
    let mut records = 0;
    for seed in 0..seeds {
        let station = MemoryStation::enrolled(&centre, seed);
        let there = station.http();
        let network = BadNetwork {
            there: &there,
            chance: RefCell::new(Chance::of(u64::from(seed))),
            late: RefCell::default(),
            harmed: Cell::default(),
        };
        for _ in 0..4 {
            let sizes = {
                let mut chance = network.chance.borrow_mut();
                let count = 1 + chance.below(3) as usize;
                (0..count)
                    .map(|_| 100 + chance.below(150_000) as usize)
                    .collect::<Vec<_>>()
            };
            station.deposit(&sizes);
            records += 1;
            for _ in 0..3 {
                station.pass(&network);
            }
        }
        harmed += network.harmed.get();
        while !network.late.borrow().is_empty() {
            network.deliver_one_late();
        }
        assert_eq!(
            station.pass(&there),
            None,
            "seed {seed}: it heals in one pass"
        );
        assert!(station.waiting().unwrap().is_empty(), "seed {seed}");
        assert!(station.parked.borrow().is_empty(), "seed {seed}");
        check_there(&centre, &station, seed);
    }
    let there = centre.postgres.ask(
        "SELECT count(*), count(DISTINCT document_id), count(DISTINCT log_index),
            max(log_index) + 1, (SELECT leaves FROM log) FROM record WHERE state = 'received'",
    );
    assert_eq!(
        there,
        format!("{records}|{records}|{records}|{records}|{records}")
    );
    println!("{seeds} seeds, {records} records, {harmed} requests harmed: each arrived once");
    assert!(harmed > seeds * 10, "the network was bad");
}

/// What lies at the centre is what the station sealed, and the receipts are the same.
fn check_there(centre: &TestCentre, station: &MemoryStation, seed: u32) {
    for (sealed, bytes) in station.files.borrow().iter() {
        let name = sealed.to_string();
        let path = centre.objects().join("files").join(&name[..2]).join(&name);
        assert_eq!(std::fs::read(path).unwrap(), *bytes, "seed {seed}");
    }
    let receipts = centre.postgres.ask(&format!(
        "SELECT encode(sha256(receipt), 'hex') FROM record WHERE station = {} ORDER BY id",
        station.station.number
    ));
    let mut there: Vec<&str> = receipts.lines().collect();
    let mut here: Vec<String> = station
        .receipts
        .borrow()
        .values()
        .map(|bytes| Digest::of(bytes).to_string())
        .collect();
    there.sort_unstable();
    here.sort_unstable();
    assert_eq!(there, here, "seed {seed}");
}

/// The negative control: a sender that does not keep what it has signed is found out.
#[test]
fn a_sender_that_forgets_what_it_signed_is_found_out() {
    let centre = TestCentre::start();
    let mut station = MemoryStation::enrolled(&centre, 1);
    station.deposit(&[1_000]);
    station.forgets_envelopes = true;
    let there = station.http();
    let network = BadNetwork {
        there: &there,
        chance: RefCell::new(Chance::of(3)),
        late: RefCell::default(),
        harmed: Cell::default(),
    };
    let cloned = (0..60).any(|_| station.pass(&network) == Some(Stop::Cloned));
    assert!(cloned, "two envelopes for one place are a fork");
    let standing = centre.postgres.ask("SELECT standing FROM station");
    assert!(["active", "forked"].contains(&standing.as_str()));
    assert!(
        !station.waiting().unwrap().is_empty(),
        "nothing is called delivered"
    );
}

/// Promise C2: who asks at once gets one receipt.
#[test]
fn one_record_announced_by_many_at_once_has_one_receipt() {
    let centre = TestCentre::start();
    let station = MemoryStation::enrolled(&centre, 1);
    station.deposit(&[500]);
    let there = station.http();
    let (entry, envelope) = station.log.borrow()[0].clone();
    there.announce(&envelope).unwrap();
    for (sealed, bytes) in station.files.borrow().iter() {
        there.put_part(sealed, 0, bytes).unwrap();
    }
    let asking: Vec<_> = (0..number_of("SOHOA_RACERS", 40))
        .map(|_| {
            let (there, envelope) = (station.http(), envelope.clone());
            std::thread::spawn(move || there.announce(&envelope))
        })
        .collect();
    let answers: Vec<Progress> = asking
        .into_iter()
        .map(|asked| asked.join().unwrap().unwrap())
        .collect();
    assert!(matches!(answers[0], Progress::Received { .. }));
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(there.progress(&entry.envelope).unwrap(), answers[0]);
    assert_eq!(centre.postgres.ask("SELECT leaves FROM log"), "1");
}

/// Promises C2 and C8: what contradicts is kept for a person, and nothing is overwritten.
#[test]
fn two_contents_for_one_version_are_both_kept_and_one_counts() {
    let centre = TestCentre::start();
    let first = MemoryStation::enrolled(&centre, 1);
    let second = MemoryStation::enrolled(&centre, 2);
    // The second calls its paper by the key of the first one's: only a clone can.
    first.deposit(&[500]);
    second.made.set(0);
    second.deposit_as(&[700], Some(first.log.borrow()[0].0.document_id));
    assert_eq!(first.pass(&first.http()), None);
    assert_eq!(second.pass(&second.http()), None);
    assert_eq!(first.receipts.borrow().len(), 1);
    assert_eq!(second.receipts.borrow().len(), 0);
    let parked = second.parked.borrow();
    assert_eq!(parked.len(), 1);
    assert_eq!(parked[0].name(), "conflict");
    let kept = centre
        .postgres
        .ask("SELECT state, count(*) FROM record GROUP BY state ORDER BY state");
    assert_eq!(kept, "conflict|1\nreceived|1");
}

/// Promise C5: a record that the centre will never take does not hold up the next.
#[test]
fn a_message_that_nobody_can_read_is_parked_and_the_others_go_on() {
    let centre = TestCentre::start();
    let station = MemoryStation::enrolled(&centre, 1);
    station.deposit(&[500]);
    station.deposit_raw(br#"{"wire_version":9,"of":"a later program"}"#);
    station.deposit_raw(b"\xff not even JSON");
    station.deposit(&[600]);
    assert_eq!(station.pass(&station.http()), None);
    let parked = station.parked.borrow();
    let reasons: Vec<&str> = parked.iter().map(|why| why.name()).collect();
    assert_eq!(reasons, ["version_unknown", "malformed"]);
    assert_eq!(station.receipts.borrow().len(), 2);
}

/// The same for what looks well and no database can hold: a letter that no text may have, a
/// number out of range, a word longer than an index, two files in one place.
#[test]
fn a_message_that_no_database_can_hold_is_parked_and_the_others_go_on() {
    let centre = TestCentre::start();
    let station = MemoryStation::enrolled(&centre, 1);
    station.deposit(&[500]);
    let sound = station.body_of(1);
    let changed = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut body = sound.clone();
        // Another paper: as the one before it, it would be a repeat.
        body["record"]["document_id"] = "01938d5e-8a40-7000-8000-0000000000ff".into();
        body["manifest_sha256"] = Digest::of(b"another").to_string().into();
        change(&mut body);
        station.deposit_raw(&serde_json::to_vec(&body).unwrap());
    };
    changed(&|body| body["dossier"]["owner"]["name"] = "\u{0}".into());
    changed(&|body| body["record"]["document_type"] = "a\u{0}b".into());
    changed(&|body| body["record"]["version"] = 3_000_000_000_u32.into());
    changed(&|body| body["record"]["code"]["text"] = "7".repeat(9_000).into());
    changed(&|body| body["record"]["code"]["owner_id"] = "7".repeat(9_000).into());
    changed(&|body| {
        let twice = body["files"][0].clone();
        body["files"].as_array_mut().unwrap().push(twice);
    });
    station.deposit(&[600]);
    assert_eq!(station.pass(&station.http()), None);
    let parked = station.parked.borrow();
    assert_eq!(parked.len(), 6);
    assert!(parked.iter().all(|why| why.name() == "malformed"));
    assert_eq!(station.receipts.borrow().len(), 2);
}

/// Promise B1: two vaults that are one station are found out at the first word.
#[test]
fn a_clone_is_found_out_and_a_person_lets_the_right_one_in_again() {
    let centre = TestCentre::start();
    let station = MemoryStation::enrolled(&centre, 1);
    station.deposit(&[500]);
    assert_eq!(station.pass(&station.http()), None);
    let clone = station.clone();
    station.deposit(&[600]);
    clone.deposit(&[700]);
    assert_eq!(station.pass(&station.http()), None);
    assert_eq!(clone.pass(&clone.http()), Some(Stop::Cloned));
    assert_eq!(clone.waiting().unwrap().len(), 1, "nothing of it is lost");
    // Nobody knows yet which one it is.
    assert_eq!(station.pass(&station.http()), Some(Stop::Cloned));
    assert_eq!(centre.postgres.ask("SELECT count(*) FROM fork"), "1");
    centre.tell("release", station.station.number);
    station.deposit(&[800]);
    assert_eq!(station.pass(&station.http()), None);
    assert_eq!(station.receipts.borrow().len(), 3);
}

/// Promise C6.
#[test]
fn a_station_that_is_shut_out_sends_nothing_more_and_loses_nothing() {
    let centre = TestCentre::start();
    let station = MemoryStation::enrolled(&centre, 1);
    station.deposit(&[500]);
    assert_eq!(station.pass(&station.http()), None);
    centre.tell("revoke", station.station.number);
    station.deposit(&[600]);
    let stop = station.pass(&station.http());
    assert_eq!(stop.map(|stop| stop.name()), Some("revoked"));
    assert_eq!(centre.postgres.ask("SELECT count(*) FROM record"), "1");
    assert_eq!(station.waiting().unwrap().len(), 1);
}

/// Promise E9: nobody but a station of this centre is heard, and no other centre is believed.
#[test]
fn a_wrong_a_foreign_an_expired_and_a_missing_certificate_are_refused() {
    let centre = TestCentre::start();
    let stranger = TestCentre::start();
    let station = MemoryStation::enrolled(&centre, 1);
    assert!(station.http().state().is_ok(), "the right one is let in");
    let refused = |change: &dyn Fn(&mut sync::Access)| {
        let mut access = station.access.clone();
        change(&mut access);
        HttpCentre::new(&access).unwrap().state().unwrap_err()
    };
    let without = refused(&|access| access.identity = None);
    assert!(
        matches!(without, Fault::Refused(ref problem) if problem.code.name() == "not_a_station")
    );
    let other = MemoryStation::enrolled(&stranger, 1);
    let foreign = refused(&|access| access.identity = other.access.identity.clone());
    assert!(
        matches!(foreign, Fault::Untrusted | Fault::Stalled),
        "{foreign:?}"
    );
    let expired = centre.expired_certificate(station.station.number);
    let expired = refused(&|access| access.identity = Some(expired.clone()));
    assert!(
        matches!(expired, Fault::Untrusted | Fault::Stalled),
        "{expired:?}"
    );
    let lured = refused(&|access| access.url = other.access.url.clone());
    assert_eq!(lured, Fault::Untrusted, "another centre answers");
    let seen = centre.postgres.ask("SELECT count(*) FROM station");
    assert_eq!(seen, "1");
    // What is stored for one station is not there for another.
    station.deposit(&[500]);
    assert_eq!(station.pass(&station.http()), None);
    let second = MemoryStation::enrolled(&centre, 2);
    let (entry, _) = station.log.borrow()[0].clone();
    let asked = second.http().progress(&entry.envelope);
    assert!(matches!(asked, Err(Fault::Refused(ref problem)) if problem.code.name() == "unknown"));
}

/// A centre that dies after the last part of a file came, and before it made the file whole,
/// does it later.
#[test]
fn parts_that_nobody_put_together_are_put_together_at_the_next_word() {
    let centre = TestCentre::start();
    let station = MemoryStation::enrolled(&centre, 1);
    station.deposit(&[400_000]);
    let there = station.http();
    let (entry, envelope) = station.log.borrow()[0].clone();
    there.announce(&envelope).unwrap();
    let (sealed, bytes) = station
        .files
        .borrow()
        .iter()
        .next()
        .map(|(a, b)| (*a, b.clone()))
        .unwrap();
    there.put_part(&sealed, 0, &bytes[..100_000]).unwrap();
    // What the row of the last part says, by the hand that died after it.
    let object = format!("parts/left/{}", Digest::of(b"left"));
    let left = centre.objects().join(&object);
    std::fs::create_dir_all(left.parent().unwrap()).unwrap();
    std::fs::write(&left, &bytes[100_000..]).unwrap();
    centre.postgres.ask(&format!(
        "UPDATE file SET have_bytes = size_bytes;
         INSERT INTO part SELECT station, sealed, 100000, size_bytes - 100000, '{object}' FROM file"
    ));
    let progress = there.progress(&entry.envelope).unwrap();
    assert!(
        matches!(progress, Progress::Received { .. }),
        "{progress:?}"
    );
    assert_eq!(station.pass(&there), None);
    assert_eq!(station.receipts.borrow().len(), 1);
}
