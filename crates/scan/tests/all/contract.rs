//! What every scanner does. Each driver passes these same functions; a driver's
//! own tests bring a [`Tray`], which loads and breaks the device.

use std::time::{Duration, Instant};

use scan::{
    CancelToken, ColourMode, Error, Limits, RawPage, ScanSettings, ScanSource, Scanner, Sides,
};

/// A device whose paper a test can handle.
pub(crate) trait Tray {
    fn scanner(&mut self) -> &mut dyn Scanner;
    /// Which sheet a page shows, where the device lets a test tell.
    fn number_of(&self, _page: &RawPage) -> Option<u32> {
        None
    }
    /// Whether the device knows how finely it sees paper. A camera does not.
    fn knows_its_resolution(&self) -> bool {
        true
    }
    /// Makes the sheet at this place (from 1) never end, where a test can.
    fn stall_sheet(&mut self, _place: u32) -> bool {
        false
    }
    /// Prepares that the device goes away when two sheets have come; what is returned
    /// is called then.
    fn unplug_after_two(&mut self) -> Box<dyn FnOnce()>;
    /// Puts paper into the feeder, and says how many sheets.
    fn load(&mut self) -> usize;
    /// Takes all paper out.
    fn empty(&mut self);
    /// Makes the sheet at this place (from 1) fail, and says with which error.
    fn break_sheet(&mut self, place: u32) -> &'static str;
    /// Repairs what `break_sheet` broke.
    fn repair(&mut self);
}

pub(crate) const SETTINGS: ScanSettings = ScanSettings {
    source: ScanSource::Feeder,
    sides: Sides::One,
    dpi: 150,
    colour: ColourMode::Colour,
};

/// Scans what is loaded; the pages that came, and how it ended.
pub(crate) fn scan_all(scanner: &mut dyn Scanner) -> (Vec<RawPage>, Result<(), Error>) {
    let mut pages = Vec::new();
    let outcome = scanner.scan(&SETTINGS, &CancelToken::new(), &mut |page| {
        pages.push(page);
        Ok(())
    });
    (pages, outcome)
}

/// The whole contract.
pub(crate) fn holds(tray: &mut dyn Tray) {
    it_says_what_it_offers(tray);
    every_sheet_comes_once_and_can_be_shown(tray);
    an_empty_feeder_says_so(tray);
    a_cancelled_scan_keeps_what_came_and_the_device_goes_on(tray);
    a_scan_cancelled_before_it_began_takes_nothing(tray);
    a_page_that_could_not_be_stored_ends_the_scan(tray);
    a_fault_in_mid_feed_keeps_the_pages_before_it(tray);
    what_is_not_offered_is_refused_and_what_is_is_taken(tray);
    a_cancel_is_felt_within_a_second(tray);
    // Last, because nothing comes of the device afterwards.
    a_device_that_vanishes_is_gone_and_keeps_what_came(tray);
}

fn it_says_what_it_offers(tray: &mut dyn Tray) {
    let device = tray.scanner().describe().unwrap();
    assert!(!device.id.is_empty() && !device.name.is_empty());
    assert!(device.sources.contains(&ScanSource::Feeder));
    assert_eq!(
        device.resolutions_dpi.contains(&SETTINGS.dpi),
        tray.knows_its_resolution()
    );
    assert!(device.resolutions_dpi.is_sorted());
}

fn every_sheet_comes_once_and_can_be_shown(tray: &mut dyn Tray) {
    let sheets = tray.load();
    let (pages, outcome) = scan_all(tray.scanner());
    outcome.unwrap();
    assert_eq!(
        pages.len(),
        sheets,
        "one page a sheet, and the end is no error"
    );
    for (page, number) in pages.iter().zip(1..) {
        let shown = tray.number_of(page).unwrap_or(number);
        assert_eq!(shown, number, "the pages come in the order of the sheets");
        let image = scan::decode(&page.bytes, page.format, &Limits::default()).unwrap();
        assert_eq!(
            (image.width(), image.height()),
            (page.size.width_px, page.size.height_px)
        );
        let dpi = tray.knows_its_resolution().then_some(SETTINGS.dpi);
        assert_eq!(page.dpi, dpi);
    }
}

fn an_empty_feeder_says_so(tray: &mut dyn Tray) {
    tray.empty();
    let (pages, outcome) = scan_all(tray.scanner());
    assert_eq!(outcome.unwrap_err().name(), "feeder_empty");
    assert!(pages.is_empty());
    tray.repair();
}

fn a_cancelled_scan_keeps_what_came_and_the_device_goes_on(tray: &mut dyn Tray) {
    let sheets = tray.load();
    let cancel = CancelToken::new();
    let button = cancel.clone();
    let mut came = 0;
    let outcome = tray.scanner().scan(&SETTINGS, &cancel, &mut |_page| {
        came += 1;
        if came == 2 {
            button.cancel();
        }
        Ok(())
    });
    assert_eq!(outcome.unwrap_err().name(), "cancelled");
    assert_eq!(came, 2, "nothing comes after the button was pressed");
    let (rest, outcome) = scan_all(tray.scanner());
    outcome.unwrap();
    assert_eq!(
        rest.len(),
        sheets - 2,
        "the device goes on, and no sheet was lost"
    );
}

fn a_scan_cancelled_before_it_began_takes_nothing(tray: &mut dyn Tray) {
    let sheets = tray.load();
    let cancel = CancelToken::new();
    cancel.cancel();
    let outcome = tray.scanner().scan(&SETTINGS, &cancel, &mut |_page| {
        panic!("no page may come");
    });
    assert_eq!(outcome.unwrap_err().name(), "cancelled");
    assert_eq!(
        scan_all(tray.scanner()).0.len(),
        sheets,
        "all paper is still there"
    );
}

fn a_page_that_could_not_be_stored_ends_the_scan(tray: &mut dyn Tray) {
    tray.load();
    let mut offered = 0;
    let outcome = tray
        .scanner()
        .scan(&SETTINGS, &CancelToken::new(), &mut |_page| {
            offered += 1;
            if offered == 3 {
                return Err(Error::Sink("the disk is full".into()));
            }
            Ok(())
        });
    assert_eq!(outcome.unwrap_err().name(), "sink");
    assert_eq!(offered, 3, "no further page is drawn in");
    let (_, outcome) = scan_all(tray.scanner());
    outcome.unwrap();
}

fn a_fault_in_mid_feed_keeps_the_pages_before_it(tray: &mut dyn Tray) {
    tray.load();
    let expected = tray.break_sheet(3);
    let (pages, outcome) = scan_all(tray.scanner());
    assert_eq!(outcome.unwrap_err().name(), expected);
    assert_eq!(pages.len(), 2, "two sheets were good");
    tray.repair();
    let (_, outcome) = scan_all(tray.scanner());
    outcome.unwrap();
}

fn what_is_not_offered_is_refused_and_what_is_is_taken(tray: &mut dyn Tray) {
    let device = tray.scanner().describe().unwrap();
    for source in ScanSource::ALL {
        for sides in [Sides::One, Sides::Both] {
            let offered = device.sources.contains(&source)
                && (sides == Sides::One || (source == ScanSource::Feeder && device.both_sides));
            tray.load();
            let settings = ScanSettings {
                source,
                sides,
                ..SETTINGS
            };
            let mut pages = 0;
            let outcome = tray
                .scanner()
                .scan(&settings, &CancelToken::new(), &mut |_page| {
                    pages += 1;
                    Ok(())
                });
            let asked = format!("{source:?}, {sides:?}");
            if offered {
                outcome.unwrap_or_else(|error| panic!("{asked} is offered: {error}"));
                assert!(pages > 0, "{asked}");
            } else {
                assert_eq!(outcome.unwrap_err().name(), "source_not_offered", "{asked}");
                assert_eq!(pages, 0, "{asked}: no sheet was drawn in");
            }
        }
    }
}

fn a_cancel_is_felt_within_a_second(tray: &mut dyn Tray) {
    tray.load();
    if !tray.stall_sheet(2) {
        return;
    }
    let cancel = CancelToken::new();
    let button = cancel.clone();
    let (came, first_came) = std::sync::mpsc::channel();
    let presser = std::thread::spawn(move || {
        first_came.recv().unwrap();
        // The second sheet is being waited for by then, or soon is.
        std::thread::park_timeout(Duration::from_millis(400));
        button.cancel();
        Instant::now()
    });
    let outcome = tray.scanner().scan(&SETTINGS, &cancel, &mut |_page| {
        came.send(()).unwrap();
        Ok(())
    });
    let pressed_at = presser.join().unwrap();
    assert_eq!(outcome.unwrap_err().name(), "cancelled");
    let felt_after = pressed_at.elapsed();
    assert!(felt_after < Duration::from_secs(1), "{felt_after:?}");
    tray.repair();
}

fn a_device_that_vanishes_is_gone_and_keeps_what_came(tray: &mut dyn Tray) {
    tray.load();
    let mut unplug = Some(tray.unplug_after_two());
    let mut came = 0;
    let outcome = tray
        .scanner()
        .scan(&SETTINGS, &CancelToken::new(), &mut |_page| {
            came += 1;
            if came == 2 {
                unplug.take().expect("it is unplugged once")();
            }
            Ok(())
        });
    assert_eq!(outcome.unwrap_err().name(), "device_gone");
    assert_eq!(came, 2, "two sheets were good");
}
