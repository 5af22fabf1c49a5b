//! The SANE driver, on the `test` back end of SANE itself, which simulates devices
//! and injects faults.
//!
//! Where SANE or its `test` back end is not installed, the tests say so and pass.

use std::time::Duration;

use crate::child;
use crate::contract::{self, SETTINGS, Tray, scan_all};
use scan::sane::{SaneScanner, list};
use scan::{
    CancelToken, ColourMode, Limits, RawPage, ScanSettings, ScanSource, Scanner, Sides, Trace,
};

/// One simulated device, and the values it starts with.
const TEST_CONF: &str = "number_of_devices 1
mode Gray
depth 8
hand-scanner false
three-pass false
three-pass-order RGB
resolution_min 1.0
resolution_max 600.0
resolution_quant 1.0
resolution 50.0
test-picture \"Color pattern\"
read-limit false
read-delay false
read-status-code \"Default\"
geometry_min 0.0
geometry_max 100.0
geometry_quant 1.0
tl_x 0.0
tl_y 0.0
br_x 80.0
br_y 100.0
";

const DEVICE: &str = "test:0";

/// Runs `body` in a child process in which SANE has one simulated device.
fn with_simulated_device(test: &str, body: impl FnOnce()) {
    let configuration = [("dll.conf", "test\n"), ("test.conf", TEST_CONF)];
    child::with_sane(&format!("sane::{test}"), &configuration, &[], |devices| {
        let known = devices.iter().any(|device| device.id == DEVICE);
        if known {
            body();
        }
        known
    });
}

/// Options that make a sheet come by drops.
const SLOW: [(&str, &str); 4] = [
    ("read-limit", "yes"),
    ("read-limit-size", "100"),
    ("read-delay", "yes"),
    ("read-delay-duration", "50000"),
];

struct SaneTray(SaneScanner);

impl SaneTray {
    fn open() -> Self {
        Self(SaneScanner::open(DEVICE, Trace::off()).unwrap())
    }
}

impl Tray for SaneTray {
    fn scanner(&mut self) -> &mut dyn Scanner {
        &mut self.0
    }

    /// The simulated feeder holds ten sheets again once it has run empty.
    fn load(&mut self) -> usize {
        self.repair();
        scan_all(&mut self.0).1.unwrap();
        10
    }

    fn empty(&mut self) {
        self.0
            .set_option_before_sheet(1, "read-return-value", "SANE_STATUS_NO_DOCS");
    }

    fn break_sheet(&mut self, place: u32) -> &'static str {
        self.0
            .set_option_before_sheet(place, "read-return-value", "SANE_STATUS_JAMMED");
        "jammed"
    }

    fn stall_sheet(&mut self, place: u32) -> bool {
        // This sheet would take minutes.
        for (option, value) in SLOW {
            self.0.set_option_before_sheet(place, option, value);
        }
        true
    }

    fn unplug_after_two(&mut self) -> Box<dyn FnOnce()> {
        self.0
            .set_option_before_sheet(3, "read-return-value", "SANE_STATUS_IO_ERROR");
        Box::new(|| ())
    }

    fn repair(&mut self) {
        self.0.clear_options();
        self.0.set_option_before_sheet(1, "read-delay", "no");
        self.0.set_option_before_sheet(1, "read-limit", "no");
        self.0
            .set_option_before_sheet(1, "read-return-value", "Default");
    }
}

#[test]
fn the_sane_driver_keeps_the_contract() {
    with_simulated_device("the_sane_driver_keeps_the_contract", || {
        contract::holds(&mut SaneTray::open());
    });
}

#[test]
fn every_fault_of_a_device_has_its_name_and_keeps_the_pages_before_it() {
    with_simulated_device(
        "every_fault_of_a_device_has_its_name_and_keeps_the_pages_before_it",
        || {
            for (fault, name) in [
                ("SANE_STATUS_JAMMED", "jammed"),
                ("SANE_STATUS_COVER_OPEN", "cover_open"),
                ("SANE_STATUS_DEVICE_BUSY", "device_busy"),
                ("SANE_STATUS_IO_ERROR", "device_gone"),
                ("SANE_STATUS_CANCELLED", "cancelled"),
                ("SANE_STATUS_ACCESS_DENIED", "access_denied"),
                ("SANE_STATUS_NO_MEM", "device_refused"),
                ("SANE_STATUS_INVAL", "device_refused"),
            ] {
                let mut scanner = SaneScanner::open(DEVICE, Trace::off()).unwrap();
                // The simulated device keeps its faults while it is closed.
                scanner.set_option_before_sheet(1, "read-return-value", "Default");
                scanner.set_option_before_sheet(4, "read-return-value", fault);
                let (pages, outcome) = scan_all(&mut scanner);
                assert_eq!(outcome.unwrap_err().name(), name, "{fault}");
                assert_eq!(pages.len(), 3, "{fault}: three sheets were good");
            }
        },
    );
}

fn one_page(scanner: &mut SaneScanner, settings: ScanSettings) -> RawPage {
    let mut pages = Vec::new();
    scanner
        .scan(&settings, &CancelToken::new(), &mut |page| {
            pages.push(page);
            Ok(())
        })
        .unwrap();
    assert_eq!(pages.len(), 1, "a flatbed gives one page");
    pages.remove(0)
}

const FLATBED: ScanSettings = ScanSettings {
    source: ScanSource::Flatbed,
    sides: Sides::One,
    dpi: 100,
    colour: ColourMode::Colour,
};

#[test]
fn the_whole_page_comes_in_the_resolution_and_colour_asked_for() {
    with_simulated_device(
        "the_whole_page_comes_in_the_resolution_and_colour_asked_for",
        || {
            let mut scanner = SaneScanner::open(DEVICE, Trace::off()).unwrap();
            let page = one_page(&mut scanner, FLATBED);
            // 100 mm at 100 dpi.
            assert!((390..=394).contains(&page.size.width_px), "{page:?}");
            assert!((390..=394).contains(&page.size.height_px), "{page:?}");
            assert_eq!(page.dpi, Some(100));
            let colour = scan::decode(&page.bytes, page.format, &Limits::default()).unwrap();
            assert!(colour.color().has_color());
            let grey = ScanSettings {
                colour: ColourMode::Greyscale,
                ..FLATBED
            };
            let page = one_page(&mut scanner, grey);
            let grey = scan::decode(&page.bytes, page.format, &Limits::default()).unwrap();
            assert!(!grey.color().has_color());
            let fine = ScanSettings {
                dpi: 1200,
                ..FLATBED
            };
            let page = one_page(&mut scanner, fine);
            assert_eq!(page.dpi, Some(600), "the nearest that the device offers");
        },
    );
}

#[test]
fn every_kind_of_frame_gives_the_same_picture() {
    with_simulated_device("every_kind_of_frame_gives_the_same_picture", || {
        let picture = |options: &[(&str, &str)]| {
            let mut scanner = SaneScanner::open(DEVICE, Trace::off()).unwrap();
            scanner.set_option_before_sheet(1, "test-picture", "Grid");
            for (option, value) in options {
                scanner.set_option_before_sheet(1, option, value);
            }
            let page = one_page(&mut scanner, FLATBED);
            scan::decode(&page.bytes, page.format, &Limits::default())
                .unwrap()
                .into_rgb8()
        };
        let plain = picture(&[]);
        assert_eq!(picture(&[("depth", "16")]), plain);
        assert_eq!(picture(&[("depth", "1")]), plain);
        assert_eq!(picture(&[("three-pass", "yes")]), plain);
        assert_eq!(
            picture(&[("three-pass", "yes"), ("three-pass-order", "GBR")]),
            plain
        );
        assert_eq!(
            picture(&[("read-limit", "yes"), ("read-limit-size", "700")]),
            plain,
            "however the bytes are cut into reads"
        );
        let padded = picture(&[("ppl-loss", "7")]);
        assert_eq!(padded.height(), plain.height());
        assert_eq!(padded.width(), plain.width() - 7, "padding is not shown");
    });
}

#[test]
fn a_sheet_of_unknown_length_is_read_to_its_end() {
    with_simulated_device("a_sheet_of_unknown_length_is_read_to_its_end", || {
        let mut scanner = SaneScanner::open(DEVICE, Trace::off()).unwrap();
        scanner.set_option_before_sheet(1, "hand-scanner", "yes");
        let page = one_page(&mut scanner, FLATBED);
        assert!(page.size.height_px > 100, "{page:?}");
        assert!(
            (430..=436).contains(&page.size.width_px),
            "eleven centimetres: {page:?}"
        );
    });
}

#[test]
fn cancelling_is_felt_inside_a_page() {
    with_simulated_device("cancelling_is_felt_inside_a_page", || {
        let mut scanner = SaneScanner::open(DEVICE, Trace::off()).unwrap();
        // Without the cancel this page would take minutes.
        for (option, value) in SLOW {
            scanner.set_option_before_sheet(1, option, value);
        }
        let cancel = CancelToken::new();
        let button = cancel.clone();
        let presser = std::thread::spawn(move || {
            // The scan is under way by then, or has not begun; both must end at once.
            std::thread::park_timeout(Duration::from_millis(300));
            button.cancel();
        });
        let outcome = scanner.scan(&FLATBED, &cancel, &mut |_page| panic!("no page may come"));
        assert_eq!(outcome.unwrap_err().name(), "cancelled");
        presser.join().unwrap();
        scanner.clear_options();
        scanner.set_option_before_sheet(1, "read-delay", "no");
        scanner.set_option_before_sheet(1, "read-limit", "no");
        one_page(&mut scanner, FLATBED);
    });
}

#[test]
fn a_device_that_is_not_there_says_so() {
    with_simulated_device("a_device_that_is_not_there_says_so", || {
        for id in ["test:7", "nobody:has:this", "with\0zero"] {
            let absent = SaneScanner::open(id, Trace::off()).unwrap_err();
            assert_eq!(absent.name(), "no_such_device", "{id:?}");
        }
    });
}

#[test]
fn the_list_shows_people_what_it_is() {
    with_simulated_device("the_list_shows_people_what_it_is", || {
        let device = list().unwrap().remove(0);
        assert_eq!(device.id, DEVICE);
        assert!(device.name.contains("frontend-tester"), "{}", device.name);
        let opened = SaneScanner::open(DEVICE, Trace::off())
            .unwrap()
            .describe()
            .unwrap();
        assert_eq!(opened.name, device.name, "opened it keeps its name");
        assert_eq!(opened.sources, ScanSource::ALL);
        assert!(opened.resolutions_dpi.contains(&SETTINGS.dpi));
    });
}
