//! What a sweep takes and what it leaves: of objects that lie at a centre for any reason, those
//! that no row names and that are old.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, SystemTime};

use domain::digest::Digest;
use support::memory_station::MemoryStation;
use support::test_centre::TestCentre;
use sync::Centre as _;

use crate::chance::{Chance, number_of};

/// Puts an object there as old as that, and says its name.
fn lay(objects: &Path, name: &str, hours: u64) -> String {
    let path = objects.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, name).unwrap();
    age(&path, hours);
    name.to_owned()
}

#[expect(
    clippy::disallowed_methods,
    reason = "how old a file is, its store says by the clock of this machine"
)]
fn age(path: &Path, hours: u64) {
    let file = std::fs::File::options().write(true).open(path).unwrap();
    let then = SystemTime::now() - Duration::from_secs(hours * 3600 + 60);
    file.set_modified(then).unwrap();
}

fn file_name(seed: &str) -> String {
    let name = Digest::of(seed.as_bytes()).to_string();
    format!("files/{}/{name}", &name[..2])
}

fn lies_there(objects: &Path) -> BTreeSet<String> {
    fn walk(folder: &Path, top: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, top, found);
            } else {
                found.insert(path.strip_prefix(top).unwrap().display().to_string());
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(objects, objects, &mut found);
    found
}

/// Files that lie there whole and parts of one that is coming, all of them a week old, and all
/// that a station has sent again and again.
fn named(centre: &TestCentre) -> MemoryStation {
    let station = MemoryStation::enrolled(centre, 1);
    station.deposit(&[3_000, 90_000]);
    assert_eq!(station.pass(&station.http()), None);
    station.deposit(&[100_000]);
    let there = station.http();
    let (_, envelope) = station.log.borrow()[1].clone();
    let progress = there.announce(&envelope).unwrap();
    let wire::Progress::Waiting { missing } = progress else {
        panic!("it waits for its file: {progress:?}");
    };
    let sealed = missing[0].sealed_sha256;
    let bytes = station.files.borrow()[&sealed].clone();
    there.put_part(&sealed, 0, &bytes[..30_000]).unwrap();
    there
        .put_part(&sealed, 30_000, &bytes[30_000..50_000])
        .unwrap();
    // What a holder added is named by a table of its own.
    let upload = lay(&centre.objects(), &file_name("upload"), 0);
    let (_, sealed) = upload.rsplit_once('/').unwrap();
    centre.postgres.ask(&format!(
        "INSERT INTO upload (holder_id, title, plain, sealed, size_bytes, verdict)
         VALUES ('001099000001', 'Đơn', '\\x{sealed}', '\\x{sealed}', 1, '{{}}')"
    ));
    for name in lies_there(&centre.objects()) {
        age(&centre.objects().join(name), 24 * 7);
    }
    station
}

/// What a sweep of this age should leave of what chance lays there beside what is named.
fn check(centre: &TestCentre, seed: u64, kept: &BTreeSet<String>) {
    let mut chance = Chance::of(seed);
    let objects = centre.objects();
    let hours = 1 + chance.below(72);
    let mut stays = kept.clone();
    for orphan in 0..chance.below(12) {
        let old = chance.below(100);
        let seed = format!("{seed} {orphan}");
        let (name, is_ours) = match chance.below(4) {
            0 => (format!("parts/1/{}/000-{orphan}", Digest::of(b"x")), true),
            1 => ("parts/9/left/".to_owned() + &orphan.to_string(), true),
            2 => (file_name(&seed), true),
            // Somebody else's, or no name that this program gives.
            _ => (format!("files/{orphan}/note-{orphan}.txt"), false),
        };
        let name = lay(&objects, &name, old);
        if !is_ours || old < hours {
            stays.insert(name);
        } else {
            stays.remove(&name);
        }
    }
    centre.say(&["sweep", "--hours", &hours.to_string()]);
    let left = lies_there(&objects);
    assert_eq!(left, stays, "seed {seed}, {hours} h");
    for name in left.difference(kept) {
        std::fs::remove_file(objects.join(name)).unwrap();
    }
}

fn a_sweep_is_right(centre: &TestCentre) {
    let station = named(centre);
    // A server of S3 keeps notes of its own beside the objects.
    let notes = |name: &String| name.starts_with("files/") || name.starts_with("parts/");
    let kept: BTreeSet<String> = lies_there(&centre.objects())
        .into_iter()
        .filter(notes)
        .collect();
    assert_eq!(kept.len(), 5, "three files and two parts: {kept:?}");
    for seed in 0..u64::from(number_of("SOHOA_SWEEPS", 12)) {
        check(centre, seed, &kept);
    }
    // What was on its way goes on as if nothing had been.
    assert_eq!(station.pass(&station.http()), None);
    assert_eq!(station.receipts.borrow().len(), 2);
}

#[test]
fn a_sweep_takes_what_is_old_and_nameless_and_nothing_else() {
    let centre = TestCentre::start();
    a_sweep_is_right(&centre);
    // The negative control: with its rows gone, all of it is nameless, and it is seen to go.
    let before = lies_there(&centre.objects());
    for name in &before {
        age(&centre.objects().join(name), 24 * 7);
    }
    centre.postgres.ask(
        "DELETE FROM part; DELETE FROM record_file; DELETE FROM file;
         ALTER TABLE upload DISABLE TRIGGER upload_stays; DELETE FROM upload",
    );
    centre.say(&["sweep"]);
    assert!(!before.is_empty());
    assert_eq!(lies_there(&centre.objects()), BTreeSet::new());
}

#[test]
fn a_sweep_of_a_bucket_takes_the_same() {
    a_sweep_is_right(&TestCentre::start_on_s3());
}

/// A row that comes while a sweep is at work: the file lies there since long, its row was lost
/// with the database, and a station announces it anew.
#[test]
fn a_file_that_is_announced_during_a_sweep_has_its_bytes_with_its_receipt() {
    let centre = TestCentre::start();
    let station = MemoryStation::enrolled(&centre, 1);
    for round in 0..number_of("SOHOA_SWEEPS", 12) as usize {
        station.deposit(&[2_000]);
        let files: Vec<Digest> = station.files.borrow().keys().copied().collect();
        for sealed in &files {
            let name = sealed.to_string();
            let path = centre.objects().join("files").join(&name[..2]).join(&name);
            if !path.exists() {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(&path, &station.files.borrow()[sealed]).unwrap();
            }
            age(&path, 24 * 7);
        }
        std::thread::scope(|scope| {
            let sweeping = scope.spawn(|| centre.say(&["sweep"]));
            let there = station.http();
            while station.receipts.borrow().len() <= round {
                station.pass(&there);
            }
            sweeping.join().unwrap();
        });
        for sealed in &files {
            let name = sealed.to_string();
            let path = centre.objects().join("files").join(&name[..2]).join(&name);
            let there = std::fs::read(&path).is_ok_and(|bytes| Digest::of(&bytes) == *sealed);
            assert!(there, "round {round}: a receipt stands for it");
        }
    }
}

/// The centre itself looks once when it starts, at what a crash leaves: parts.
#[test]
fn a_centre_that_starts_takes_old_parts_away() {
    let mut centre = TestCentre::start();
    let part = lay(&centre.objects(), "parts/1/left/1", 48);
    let young = lay(&centre.objects(), "parts/1/left/2", 2);
    centre.restart();
    let began = std::time::Instant::now();
    while lies_there(&centre.objects()).contains(&part) {
        assert!(began.elapsed() < Duration::from_secs(20), "it is collected");
        std::thread::yield_now();
    }
    assert_eq!(lies_there(&centre.objects()), BTreeSet::from([young]));
}
