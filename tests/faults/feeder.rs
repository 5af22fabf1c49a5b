//! A page of which an officer was told survives `kill -9` in the middle of a feeder,
//! whatever drives the scanner.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use desk::Desk;
use serde_json::Value;
use support::escl_server::{EsclServer, Sheet};
use support::test_desk::{PASSPHRASE, passphrase, program, sample, settings};

use crate::chance::{Chance, kills};

/// Sheets in each feeder: more than are scanned before the kill.
const SHEETS: usize = 20;

/// The longest wait before a kill: opening the vault takes a part of it.
const LONGEST_MS: u64 = 3_000;

/// The ways in, by turns.
const WAYS: u32 = 3;

/// The scanners, loaded anew before each scan.
struct Feeders {
    folder: PathBuf,
    server: EsclServer,
    page: Vec<u8>,
}

impl Feeders {
    fn new(folder: &Path) -> Self {
        // SANE simulates a device whose feeder holds ten sheets.
        let sane = folder.join("sane");
        fs::create_dir(&sane).unwrap();
        fs::write(sane.join("dll.conf"), "test\n").unwrap();
        fs::write(sane.join("test.conf"), "number_of_devices 1\n").unwrap();
        Self {
            folder: folder.to_owned(),
            server: EsclServer::start(),
            page: fs::read(sample("3-application-page-1.jpg")).unwrap(),
        }
    }

    /// Loads the scanner of this round, and returns its id.
    fn load(&self, round: u32) -> String {
        match round % WAYS {
            0 => {
                let tray = self.folder.join("tray");
                let _not_there = fs::remove_dir_all(&tray);
                fs::create_dir(&tray).unwrap();
                for sheet in 0..SHEETS {
                    fs::write(tray.join(format!("{sheet}.jpg")), &self.page).unwrap();
                }
                format!("folder:{}", tray.display())
            }
            1 => {
                self.server
                    .load(vec![Sheet::Page(self.page.clone()); SHEETS]);
                self.server.id()
            }
            _ => "test:0".to_owned(),
        }
    }

    /// Scans until it is killed; the pages of which it told.
    fn scan_and_kill(&self, vault: &Path, round: u32, after: Duration) -> Vec<String> {
        let mut child = Command::new(program("sohoa"))
            .args(["scan", "--json", "--device", &self.load(round), "--vault"])
            .arg(vault)
            .env("SOHOA_PASSPHRASE", PASSPHRASE)
            .env("SANE_CONFIG_DIR", self.folder.join("sane"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let reader =
            std::thread::spawn(move || output.lines().map_while(Result::ok).collect::<Vec<_>>());
        std::thread::sleep(after);
        child.kill().unwrap();
        child.wait().unwrap();
        let lines = reader.join().unwrap();
        lines
            .iter()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .map(|line| line["id"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// Those of the pages that cannot be shown.
fn lost<'a>(desk: &Desk, pages: &'a [String]) -> Vec<&'a String> {
    let is_lost = |page: &&String| {
        desk::picture::page_picture(desk, page.parse().unwrap(), Some(50)).is_err()
    };
    pages.iter().filter(is_lost).collect()
}

fn fresh_vault(folder: &Path) -> desk::Settings {
    let settings = settings(&folder.join("vault"));
    let office = "H55.242".parse().unwrap();
    drop(desk::session::create(&settings, office, "Trần Thị Thử", &passphrase()).unwrap());
    settings
}

#[test]
fn a_page_that_was_told_of_survives_a_kill_in_mid_feed() {
    let mut chance = Chance::new();
    let folder = tempfile::tempdir().unwrap();
    let settings = fresh_vault(folder.path());
    let feeders = Feeders::new(folder.path());
    let mut told = vec![Vec::new(); WAYS as usize];
    for round in 0..kills() {
        let after = Duration::from_millis(200 + chance.below(LONGEST_MS));
        let pages = feeders.scan_and_kill(&settings.vault, round, after);
        told[(round % WAYS) as usize].extend(pages);
    }
    let desk = desk::session::sign_in(&settings, &passphrase()).unwrap();
    let report = desk.check_vault().unwrap();
    assert!(report.is_sound(), "{report:?}");
    let [folder_pages, escl_pages, sane_pages] = [0, 1, 2].map(|way: usize| told[way].len());
    println!(
        "{} kills; told of {folder_pages} pages of a folder, {escl_pages} of the network, {sane_pages} of SANE",
        kills()
    );
    for pages in &told {
        assert_eq!(
            lost(&desk, pages),
            Vec::<&String>::new(),
            "told of and lost"
        );
    }
    assert!(
        folder_pages > 0 && escl_pages > 0,
        "some pages of each must have been told of, or nothing was tried"
    );
    assert_eq!(feeders.server.is_hurt(), None);
}

/// The negative control: with a page taken away, this very search must find it.
#[test]
fn a_page_that_is_missing_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let settings = fresh_vault(folder.path());
    let feeders = Feeders::new(folder.path());
    let mut told = Vec::new();
    // Longer each time, until the machine was quick enough to scan a page.
    for tries in 1..20 {
        told = feeders.scan_and_kill(&settings.vault, 0, Duration::from_secs(tries));
        if !told.is_empty() {
            break;
        }
    }
    let mut files = Vec::new();
    sealed_files(&settings.vault, &mut files);
    let largest = files
        .iter()
        .max_by_key(|file| fs::metadata(file).unwrap().len());
    fs::remove_file(largest.unwrap()).unwrap();
    let desk = desk::session::sign_in(&settings, &passphrase()).unwrap();
    assert!(!desk.check_vault().unwrap().is_sound());
    assert!(
        !lost(&desk, &told).is_empty(),
        "a page is gone and was not missed"
    );
}

/// Files of the vault that are neither its database nor its key.
fn sealed_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            sealed_files(&path, found);
        } else if name.len() >= 60 {
            found.push(path);
        }
    }
}
