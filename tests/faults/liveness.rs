//! Promise C3: whatever befell link, desk, centre, database or object store while desks were
//! sending, all is delivered within a minute after it is well again.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use domain::dossier::Owner;
use domain::local_code::Station;
use domain::office::Office;
use rustix::process::{Pid, Signal, kill_process};
use support::bad_link::{BadLink, Way};
use support::test_centre::TestCentre;
use support::test_desk::program;
use support::vault_maker::{Maker, create, office, open, passphrase};

use crate::chance::{Chance, number_of};
use crate::delivery::unreadable;

/// The promise.
const HEALED: Duration = Duration::from_mins(1);
/// A slow line, so that a fault comes while something is under way.
const BYTES_PER_S: u64 = 400_000;
const PAPERS: u32 = 2;
const LEAST_PAGE_BYTES: u64 = 60_000;

#[derive(Clone, Copy, Debug)]
enum Fault {
    Cut,
    Buried,
    DeskKilled,
    CentreKilled,
    CentrePaused,
    Partition(Way),
    S3Down,
    DatabaseRestarted,
}

const FAULTS: [Fault; 9] = [
    Fault::Cut,
    Fault::DeskKilled,
    Fault::CentreKilled,
    Fault::CentrePaused,
    Fault::Partition(Way::In),
    Fault::Partition(Way::Out),
    Fault::Partition(Way::Both),
    Fault::S3Down,
    Fault::DatabaseRestarted,
];

/// A desk that sends all the time, as the program does.
struct Desk {
    vault: PathBuf,
    number: u32,
    rounds: u32,
    papers: u32,
    sender: Option<(Child, Receiver<Pass>)>,
    /// The sabotaged one tries once and gives up.
    gives_up: bool,
}

/// What a pass left, and whether the centre was there.
struct Pass {
    waiting: u64,
    stop: Option<String>,
}

impl Desk {
    fn new(vault: PathBuf, number: u32) -> Self {
        let station = Station {
            number: 0x80_0000 + number,
            epoch: 0,
        };
        let office = Office {
            station,
            ..office()
        };
        drop(create(&vault, &office).unwrap());
        Self {
            vault,
            number,
            rounds: 0,
            papers: 0,
            sender: None,
            gives_up: false,
        }
    }

    fn sohoa(&self, words: &[&str]) -> Command {
        // Whatever happens to the test, its processes end with it.
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL"])
            .arg(program("sohoa"))
            .arg("--json")
            .args(words)
            .arg("--vault")
            .arg(&self.vault)
            .env("SOHOA_PASSPHRASE", "Thu-nghiem-0000")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        command
    }

    fn deposit(&mut self, chance: &mut Chance) {
        let (vault, officer) = open(&self.vault, &passphrase(0)).unwrap();
        self.rounds += 1;
        let mut maker = Maker::new(self.number << 16 | self.rounds, officer.id);
        for paper in 0..PAPERS {
            let document = maker.begin(&vault, &Owner::default()).unwrap();
            let length = (LEAST_PAGE_BYTES + chance.below(LEAST_PAGE_BYTES)) as usize;
            let page = maker
                .page(&vault, &document, &vec![paper as u8; length])
                .unwrap();
            let text = format!("giấy {} {} {paper}", self.number, self.rounds);
            maker.deposit(&vault, &document, &[page], &text).unwrap();
            self.papers += 1;
        }
    }

    fn begin_sending(&mut self) {
        let words: &[&str] = if self.gives_up {
            &["sync", "--once"]
        } else {
            &["sync"]
        };
        let mut sender = self.sohoa(words).spawn().unwrap();
        let lines = BufReader::new(sender.stdout.take().unwrap()).lines();
        let (say, hear) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let line: serde_json::Value = serde_json::from_str(&line).unwrap();
                let pass = Pass {
                    waiting: line["waiting"].as_u64().unwrap(),
                    stop: line["stop"].as_str().map(str::to_owned),
                };
                if say.send(pass).is_err() {
                    return;
                }
            }
        });
        self.sender = Some((sender, hear));
    }

    fn end_sending(&mut self) {
        if let Some((mut sender, _)) = self.sender.take() {
            let _ = sender.kill();
            let _ = sender.wait();
        }
    }

    /// Waits for its outbox to be empty; says why it will not be.
    fn is_empty_by(&self, until: Instant) -> Result<(), String> {
        let (_, passes) = self.sender.as_ref().ok_or("it does not send")?;
        let mut stops = Vec::new();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match passes.recv_timeout(left) {
                Ok(pass) if pass.waiting == 0 && pass.stop.is_none() => return Ok(()),
                Ok(pass) => stops.extend(pass.stop),
                Err(RecvTimeoutError::Timeout) => return Err(format!("in time; {stops:?}")),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(format!("it gave up: {stops:?}"));
                }
            }
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.end_sending();
    }
}

struct World {
    centre: TestCentre,
    link: BadLink,
    desks: Vec<Desk>,
    chance: Chance,
    _folder: tempfile::TempDir,
}

impl World {
    fn new(desks: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let centre = TestCentre::start_on_s3();
        let link = BadLink::to(centre.port(), BYTES_PER_S);
        let desks = (1..=desks)
            .map(|number| {
                let desk = Desk::new(folder.path().join(number.to_string()), number);
                let ticket = centre.ticket_by("H55.242", link.port());
                let enrolled = desk.sohoa(&["enrol", &ticket]).output().unwrap();
                assert!(enrolled.status.success(), "{enrolled:?}");
                desk
            })
            .collect();
        Self {
            centre,
            link,
            desks,
            chance: Chance::new(),
            _folder: folder,
        }
    }

    /// Something goes wrong, lasts, and is well again.
    fn befall(&mut self, fault: Fault, lasts: Duration) {
        match fault {
            Fault::Cut => self.link.cut(),
            Fault::Buried => self.link.bury(),
            Fault::DeskKilled => {
                for desk in &mut self.desks {
                    desk.end_sending();
                }
                std::thread::sleep(lasts);
                for desk in &mut self.desks {
                    desk.begin_sending();
                }
            }
            Fault::CentreKilled => {
                self.centre.kill();
                std::thread::sleep(lasts);
                self.centre.restart();
            }
            Fault::CentrePaused => {
                let process = Pid::from_raw(self.centre.process() as i32).unwrap();
                kill_process(process, Signal::STOP).unwrap();
                std::thread::sleep(lasts);
                kill_process(process, Signal::CONT).unwrap();
            }
            Fault::Partition(way) => {
                self.link.hold(way);
                std::thread::sleep(lasts);
                // A router in between has forgotten what it carried, or it has not.
                if self.chance.below(2) == 0 {
                    self.link.cut();
                }
                self.link.release();
            }
            Fault::S3Down => {
                let s3 = self.centre.s3.as_mut().unwrap();
                s3.kill();
                std::thread::sleep(lasts);
                s3.restart();
            }
            Fault::DatabaseRestarted => {
                self.centre.postgres.kill();
                std::thread::sleep(lasts);
                self.centre.postgres.restart();
            }
        }
    }

    /// One run: all desks send, faults come, and it heals. How long that took.
    fn run(&mut self, faults: &[Fault], lasts_ms: u64) -> Result<Duration, String> {
        for desk in &mut self.desks {
            desk.end_sending();
            desk.deposit(&mut self.chance);
        }
        let before = self.link.carried();
        for desk in &mut self.desks {
            desk.begin_sending();
        }
        // Somewhere between the first word and the last byte.
        let all = self.desks.len() as u64 * u64::from(PAPERS) * LEAST_PAGE_BYTES;
        let least = before + 5_000 + self.chance.below(all - 10_000);
        let until = Instant::now() + HEALED;
        while self.link.carried() < least && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(2));
        }
        for fault in faults {
            let lasts = Duration::from_millis(100 + self.chance.below(lasts_ms));
            self.befall(*fault, lasts);
        }
        let healed = Instant::now();
        for desk in &self.desks {
            desk.is_empty_by(healed + HEALED)?;
        }
        let took = healed.elapsed();
        let said = unreadable(&self.centre);
        if !said.is_empty() {
            return Err(format!("a receipt stands for what is not there: {said:?}"));
        }
        Ok(took)
    }

    /// Nothing is lost, and nothing is there twice.
    fn is_whole(&self) {
        let papers: u32 = self.desks.iter().map(|desk| desk.papers).sum();
        let there = self.centre.postgres.ask(
            "SELECT count(*), count(DISTINCT document_id), count(DISTINCT log_index), max(log_index) + 1
             FROM record WHERE state = 'received'",
        );
        assert_eq!(there, format!("{papers}|{papers}|{papers}|{papers}"));
    }
}

#[test]
fn whatever_befell_all_is_delivered_within_a_minute_after_it_healed() {
    let runs = number_of("SOHOA_LIVENESS", 1);
    let is_long = runs > 1;
    let mut world = World::new(2);
    let mut worst = Duration::ZERO;
    for kind in FAULTS {
        let mut took = Vec::new();
        for run in 0..runs {
            let healed = if is_long {
                // Another fault comes before the first is over.
                let other = FAULTS[world.chance.below(FAULTS.len() as u64) as usize];
                let faults = [other, kind];
                let faults = if run % 2 == 0 { &faults[1..] } else { &faults };
                world.run(faults, 4_000)
            } else {
                world.run(&[kind], 700)
            };
            took.push(healed.unwrap_or_else(|why| panic!("{kind:?}, run {run}: not empty {why}")));
        }
        took.sort_unstable();
        let last = *took.last().unwrap();
        println!(
            "{kind:?}: {runs} of {runs} healed; p50 {} ms, longest {} ms",
            took[took.len() / 2].as_millis(),
            last.as_millis()
        );
        worst = worst.max(last);
    }
    world.is_whole();
    assert!(worst <= HEALED);
}

/// A connection that a middle forgot: only the desk's own patience finds out, 25 s later.
#[test]
fn a_connection_that_moves_nothing_any_more_is_given_up_for_a_new_one() {
    let mut world = World::new(1);
    for _ in 0..number_of("SOHOA_LIVENESS", 1).div_ceil(5) {
        let took = world.run(&[Fault::Buried], 100);
        println!("buried: healed in {} ms", took.unwrap().as_millis());
    }
    world.is_whole();
}

/// The negative control.
#[test]
fn a_sender_that_gives_up_is_found_out() {
    let mut world = World::new(1);
    world.desks[0].gives_up = true;
    let found = world.run(&[Fault::CentreKilled, Fault::Cut], 500);
    let why = found.unwrap_err();
    assert!(why.starts_with("it gave up"), "{why}");
}
