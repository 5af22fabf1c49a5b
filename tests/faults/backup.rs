//! Backups that are written while the work goes on, and each of them brought back.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use desk::{Desk, Settings, backup, reception, scan, session};
use domain::dossier::SubmittedAs;
use support::test_desk::{passphrase, sample, settings};

/// Backups in the short form; `SOHOA_BACKUPS` sets the long one.
const BACKUPS: usize = 4;

/// A desk with some pages.
fn desk(settings: &Settings) -> Desk {
    let office = "H55.242".parse().unwrap();
    let (desk, _) = session::create(settings, office, "Trần Thị Thử", &passphrase()).unwrap();
    for _ in 0..3 {
        let component = reception::NewComponent {
            name: String::new(),
            code: None,
            result_type: None,
            submitted_as: SubmittedAs::Original,
        };
        let new = reception::NewDossier {
            components: vec![component],
            ..reception::NewDossier::default()
        };
        let dossier = reception::receive(&desk, new).unwrap();
        let document = scan::begin(&desk, dossier.id, dossier.components[0].id).unwrap();
        let file = sample("3-application-page-1.jpg");
        scan::add_file(&desk, document.id, &file, &mut |_| {}).unwrap();
    }
    desk
}

fn restored(from: &Path, settings: &Settings) -> Result<Desk, desk::Error> {
    backup::restore(settings, from, None, &passphrase())
}

#[test]
fn every_backup_under_writes_is_whole_and_comes_back() {
    let backups = std::env::var("SOHOA_BACKUPS").ok();
    let backups = backups
        .and_then(|backups| backups.parse().ok())
        .unwrap_or(BACKUPS);
    let folder = tempfile::tempdir().unwrap();
    let settings_of = |name: &str| settings(&folder.path().join(name));
    let desk = desk(&settings_of("vault"));
    let (stop, written) = (AtomicBool::new(false), AtomicUsize::new(0));
    let mut sizes = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::SeqCst) {
                reception::receive(&desk, reception::NewDossier::default()).unwrap();
                written.fetch_add(1, Ordering::SeqCst);
            }
        });
        for round in 0..backups {
            let to = folder.path().join("medium");
            let before = written.load(Ordering::SeqCst);
            let report = backup::back_up(&desk, &to).unwrap();
            assert_eq!(report.sealed_files, 3);
            let name = format!("restored-{round}");
            let back = restored(&to, &settings_of(&name)).unwrap();
            assert!(back.check_vault().unwrap().is_sound());
            let dossiers = reception::recent(&back, usize::MAX >> 1).unwrap().len();
            assert!(dossiers >= before, "{dossiers} of {before}");
            sizes.push(dossiers);
            drop(back);
            fs::remove_dir_all(folder.path().join(name)).unwrap();
        }
        stop.store(true, Ordering::SeqCst);
    });
    println!("{backups} backups, {sizes:?} dossiers");
    assert!(
        sizes.is_sorted() && sizes[0] < *sizes.last().unwrap(),
        "nothing was written meanwhile"
    );
}

/// The negative control: a backup of which a byte changed is not taken for a whole one.
#[test]
fn a_backup_with_a_changed_byte_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let settings_of = |name: &str| settings(&folder.path().join(name));
    let desk = desk(&settings_of("vault"));
    let medium = folder.path().join("medium");
    backup::back_up(&desk, &medium).unwrap();
    let mut sealed = Vec::new();
    files(&medium.join("sealed"), &mut sealed);
    assert_eq!(sealed.len(), 3);
    let whole = fs::read(&sealed[1]).unwrap();
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 1;
    fs::write(&sealed[1], damaged).unwrap();
    assert!(restored(&medium, &settings_of("damaged")).is_err());
    assert!(!desk::Vault::exists(&folder.path().join("damaged")));
    fs::remove_file(&sealed[1]).unwrap();
    assert!(restored(&medium, &settings_of("damaged")).is_err());
    // The next backup brings it back, and a restored vault gives other codes.
    backup::back_up(&desk, &medium).unwrap();
    let back = restored(&medium, &settings_of("restored")).unwrap();
    assert!(back.office().station.epoch > desk.office().station.epoch);
    assert_eq!(fs::read(&sealed[1]).unwrap(), whole);
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}
