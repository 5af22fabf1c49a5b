//! The scripted network scanner is judged by a client that somebody else wrote: SANE's
//! `airscan` back end reads it, and through it our SANE driver. What our own driver
//! learns from the script is then no invention of ours.

use std::time::Duration;

use scan::escl::EsclScanner;
use scan::sane::SaneScanner;
use scan::{CancelToken, RawPage, ScanSettings, ScanSource, Scanner, Sides, Trace};

use crate::child;
use crate::contract::{SETTINGS, scan_all};
use crate::escl_server::{EsclServer, Script, Sheet};
use crate::papers::{jpeg, number_of, pixels, sheet};

const TEST: &str = "airscan::an_independent_client_scans_the_same_from_the_scripted_device";
const URL: &str = "SOHOA_ESCL_URL";

/// The sheet stands in the upper left corner of what a client asks for.
fn numbers(pages: &[RawPage]) -> Vec<u32> {
    pages
        .iter()
        .map(|page| number_of(&pixels(page).crop_imm(0, 0, 200, 280)))
        .collect()
}

/// Tells what the device was asked when the test fails.
struct Tell<'a>(&'a EsclServer);

impl Drop for Tell<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the device was asked: {:#?}", self.0.requests());
        }
    }
}

fn stack() -> Vec<Sheet> {
    let page = |number| jpeg(&sheet(number), 150);
    (1..=3)
        .map(|number| Sheet::TwoSided(page(number), page(number + 3)))
        .collect()
}

#[test]
fn an_independent_client_scans_the_same_from_the_scripted_device() {
    let server = EsclServer::scripted(Script {
        // It knows options that our driver does not use.
        crashes_on_unknown: false,
        // And starts a feeder without asking whether it is empty.
        jams_when_empty: false,
        // Where the whole stack is through at once, it says that the feeder is empty
        // before it has handed over its pages.
        takes: Duration::from_millis(200),
        ..Script::default()
    });
    let _told = Tell(&server);
    let url = server.url();
    let airscan = format!(
        "[devices]\n\"Invented\" = {url}, eSCL\n[options]\ndiscovery = disable\nws-discovery = off\n"
    );
    server.load(stack());
    let configuration = [
        ("dll.conf", "airscan\n"),
        ("airscan.conf", airscan.as_str()),
    ];
    child::with_sane(TEST, &configuration, &[(URL, &url)], |devices| {
        let found = devices
            .iter()
            .find(|device| device.id.starts_with("airscan:"));
        let Some(device) = found else { return false };
        let mut theirs = SaneScanner::open(&device.id, Trace::off()).unwrap();
        let described = theirs.describe().unwrap();
        assert_eq!(described.sources, ScanSource::ALL);
        assert!(described.both_sides);
        let (pages, outcome) = scan_all(&mut theirs);
        outcome.unwrap();
        assert_eq!(numbers(&pages), [1, 2, 3], "the fronts, sheet by sheet");
        let empty = scan_all(&mut theirs).1.unwrap_err();
        assert_eq!(empty.name(), "feeder_empty");
        drop(theirs);
        // The same device is empty for our own driver too.
        let id = format!("escl:{}", std::env::var(URL).unwrap());
        let mut ours = EsclScanner::open(&id, Trace::off()).unwrap();
        let described = ours.describe().unwrap();
        assert_eq!((described.sources.len(), described.both_sides), (2, true));
        assert_eq!(scan_all(&mut ours).1.unwrap_err().name(), "feeder_empty");
        true
    });
    server.load(stack());
    let mut pages = Vec::new();
    let both = ScanSettings {
        sides: Sides::Both,
        ..SETTINGS
    };
    let mut ours = EsclScanner::open(&server.id(), Trace::off()).unwrap();
    ours.scan(&both, &CancelToken::new(), &mut |page| {
        pages.push(page);
        Ok(())
    })
    .unwrap();
    assert_eq!(numbers(&pages), [1, 4, 2, 5, 3, 6]);
}
