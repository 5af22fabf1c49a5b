//! A folder that behaves like a feeder.

use std::fs;
use std::path::{Path, PathBuf};

use scan::feeder_folder::FolderScanner;
use scan::{CancelToken, Error, RawPage, ScanSettings, ScanSource, Scanner};
use tempfile::TempDir;

use crate::contract::{self, SETTINGS, Tray, scan_all};
use crate::papers::{grey_sheet, jpeg, number_of, pixels, sheet, tiff};

struct FolderTray {
    folder: TempDir,
    scanner: FolderScanner,
}

impl FolderTray {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let scanner = FolderScanner::open(folder.path()).unwrap();
        Self { folder, scanner }
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn numbers(&mut self) -> (Vec<u32>, Result<(), Error>) {
        let (pages, outcome) = scan_all(&mut self.scanner);
        (
            pages.iter().map(|page| number_of(&pixels(page))).collect(),
            outcome,
        )
    }
}

impl Tray for FolderTray {
    fn scanner(&mut self) -> &mut dyn Scanner {
        &mut self.scanner
    }

    fn load(&mut self) -> usize {
        self.empty();
        for number in 1..=5 {
            self.put(&format!("sheet{number}.jpg"), &jpeg(&sheet(number), 150));
        }
        5
    }

    fn empty(&mut self) {
        for entry in fs::read_dir(self.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                fs::remove_dir_all(path).unwrap();
            } else {
                fs::remove_file(path).unwrap();
            }
        }
    }

    fn break_sheet(&mut self, place: u32) -> &'static str {
        let whole = jpeg(&sheet(place), 150);
        self.put(&format!("sheet{place}.jpg"), &whole[..whole.len() / 2]);
        "damaged_cut_short"
    }

    fn number_of(&self, page: &RawPage) -> Option<u32> {
        Some(number_of(&pixels(page)))
    }

    fn unplug_after_two(&mut self) -> Box<dyn FnOnce()> {
        let folder = self.folder.path().to_owned();
        Box::new(move || fs::remove_dir_all(folder).unwrap())
    }

    fn repair(&mut self) {
        self.put("sheet3.jpg", &jpeg(&sheet(3), 150));
    }
}

#[test]
fn the_folder_driver_keeps_the_contract() {
    contract::holds(&mut FolderTray::new());
}

#[test]
fn sheets_come_in_the_order_people_count_and_each_once() {
    let mut tray = FolderTray::new();
    for number in [10, 2, 1, 9] {
        tray.put(&format!("scan {number}.jpg"), &jpeg(&sheet(number), 150));
    }
    tray.put(".hidden", b"no paper");
    tray.put("Thumbs.db", b"no paper");
    assert_eq!(tray.numbers().0, [1, 2, 9, 10]);
    assert_eq!(tray.numbers().1.unwrap_err().name(), "feeder_empty");
}

#[test]
fn a_sheet_leaves_the_tray_only_when_its_pages_are_safe() {
    let mut tray = FolderTray::new();
    let path = tray.put("a.tiff", &tiff(&[1, 2, 3].map(grey_sheet)));
    let mut pages = 0;
    let outcome = tray
        .scanner
        .scan(&SETTINGS, &CancelToken::new(), &mut |_page| {
            assert!(
                path.exists(),
                "while its pages are stored the sheet lies in the tray"
            );
            pages += 1;
            if pages == 2 {
                return Err(Error::Sink("the disk is full".into()));
            }
            Ok(())
        });
    assert_eq!(outcome.unwrap_err().name(), "sink");
    assert!(path.exists(), "its third page is stored nowhere");
    assert_eq!(tray.numbers().0, [1, 2, 3]);
    assert!(!path.exists());
    assert!(tray.folder.path().join("taken/a.tiff").exists());
}

#[test]
fn taking_a_sheet_never_overwrites_one_that_was_taken_before() {
    let mut tray = FolderTray::new();
    for number in [1, 2, 3] {
        tray.put("same.jpg", &jpeg(&sheet(number), 150));
        assert_eq!(tray.numbers().0, [number]);
    }
    let taken = fs::read_dir(tray.folder.path().join("taken"))
        .unwrap()
        .count();
    assert_eq!(taken, 3);
}

#[test]
fn a_bad_sheet_is_named_by_its_place_and_never_by_its_file() {
    let mut tray = FolderTray::new();
    tray.put("1.jpg", &jpeg(&sheet(1), 150));
    tray.put("2 Nguyễn Văn An.txt", "không phải ảnh".as_bytes());
    tray.put("3.jpg", &jpeg(&sheet(3), 150));
    let (numbers, outcome) = tray.numbers();
    assert_eq!(numbers, [1]);
    let error = outcome.unwrap_err();
    assert_eq!((error.name(), error.sheet()), ("unknown_format", Some(2)));
    assert!(!format!("{error} {error:?}").contains("Nguy"));
}

#[test]
fn reloading_puts_the_taken_sheets_back() {
    let mut tray = FolderTray::new();
    assert_eq!(tray.scanner.reload().unwrap(), 0, "nothing was taken yet");
    let sheets = tray.load();
    tray.numbers().1.unwrap();
    assert_eq!(tray.scanner.reload().unwrap(), sheets);
    assert_eq!(tray.numbers().0, [1, 2, 3, 4, 5]);
}

#[test]
fn a_folder_has_no_flatbed() {
    let mut tray = FolderTray::new();
    tray.load();
    let settings = ScanSettings {
        source: ScanSource::Flatbed,
        ..SETTINGS
    };
    let outcome = tray
        .scanner
        .scan(&settings, &CancelToken::new(), &mut |_page| Ok(()));
    assert_eq!(outcome.unwrap_err().name(), "source_not_offered");
}

#[test]
fn a_folder_that_is_absent_or_goes_away_says_so() {
    let absent = FolderScanner::open(Path::new("/no/such/folder"));
    assert_eq!(absent.unwrap_err().name(), "no_such_device");
    let FolderTray {
        folder,
        mut scanner,
    } = FolderTray::new();
    folder.close().unwrap();
    assert_eq!(scan_all(&mut scanner).1.unwrap_err().name(), "device_gone");
}

#[test]
fn a_folder_in_the_tray_is_no_sheet() {
    let mut tray = FolderTray::new();
    fs::create_dir(tray.folder.path().join("more")).unwrap();
    let error = tray.numbers().1.unwrap_err();
    assert_eq!((error.name(), error.sheet()), ("not_a_file", Some(1)));
}

#[cfg(unix)]
#[test]
fn a_link_in_the_tray_is_not_followed() {
    let mut tray = FolderTray::new();
    let elsewhere = TempDir::new().unwrap();
    let secret = elsewhere.path().join("secret.jpg");
    fs::write(&secret, jpeg(&sheet(1), 150)).unwrap();
    std::os::unix::fs::symlink(&secret, tray.folder.path().join("1.jpg")).unwrap();
    let (numbers, outcome) = tray.numbers();
    assert!(numbers.is_empty());
    assert_eq!(outcome.unwrap_err().name(), "not_a_file");
}
