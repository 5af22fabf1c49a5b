//! Bringing pages in.

use crate::pages::one_page;
use std::path::Path;

use desk::reception::{NewComponent, NewDossier};
use desk::{
    CancelToken, ColourMode, Error, Refusal, ScanError, ScanSettings, ScanSource, Sides, by_hand,
    deposit, picture, reception, review, scan,
};
use domain::document::{Document, DocumentState};
use domain::dossier::SubmittedAs;
use domain::geometry::{QuarterTurn, Rectangle};
use domain::page::{Page, VoidReason};
use support::test_desk::{TestDesk, sample};

pub(crate) const FEEDER: ScanSettings = ScanSettings {
    source: ScanSource::Feeder,
    sides: Sides::One,
    dpi: 200,
    colour: ColourMode::Colour,
};

pub(crate) fn document(test: &TestDesk) -> Document {
    let component = NewComponent {
        name: "Giấy tờ".into(),
        code: None,
        result_type: None,
        submitted_as: SubmittedAs::Original,
    };
    let new = NewDossier {
        components: vec![component],
        ..NewDossier::default()
    };
    let dossier = reception::receive(test.desk(), new).unwrap();
    scan::begin(test.desk(), dossier.id, dossier.components[0].id).unwrap()
}

pub(crate) fn load(tray: &Path, sheets: &[&str]) -> String {
    std::fs::create_dir_all(tray).unwrap();
    for (index, sheet) in sheets.iter().enumerate() {
        std::fs::copy(sample(sheet), tray.join(format!("{index}.jpg"))).unwrap();
    }
    format!("folder:{}", tray.display())
}

pub(crate) fn scanned(
    test: &TestDesk,
    document: &Document,
    device: &str,
) -> Result<Vec<Page>, Error> {
    let mut pages = Vec::new();
    scan::scan_pages(
        test.desk(),
        document.id,
        &scan::Scan::new(device, &FEEDER),
        &CancelToken::default(),
        &mut |page| {
            pages.push(page.clone());
        },
    )?;
    Ok(pages)
}

#[test]
fn a_page_is_stored_before_anybody_hears_of_it() {
    let test = TestDesk::new();
    let document = document(&test);
    let device = load(
        &test.folder().join("tray"),
        &["3-application-page-1.jpg", "3-application-page-2.jpg"],
    );
    let mut seen = 0;
    scan::scan_pages(
        test.desk(),
        document.id,
        &scan::Scan::new(&device, &FEEDER),
        &CancelToken::default(),
        &mut |page| {
            seen += 1;
            let stored = scan::pages(test.desk(), document.id).unwrap();
            assert_eq!(
                stored.last(),
                Some(page),
                "the page is in the vault when it is announced"
            );
            assert_eq!(stored.len(), seen);
        },
    )
    .unwrap();
    assert_eq!(seen, 2);
}

#[test]
fn an_empty_tray_says_so_and_a_scan_after_loading_goes_on() {
    let test = TestDesk::new();
    let document = document(&test);
    let tray = test.folder().join("tray");
    let device = load(&tray, &[]);
    let empty = scanned(&test, &document, &device).unwrap_err();
    assert!(
        matches!(empty, Error::Scan(ScanError::FeederEmpty)),
        "{empty}"
    );
    assert!(
        empty.retryable(),
        "paper can be put in and the key pressed again"
    );
    load(&tray, &["1-official-document.jpg"]);
    assert_eq!(scanned(&test, &document, &device).unwrap().len(), 1);
    load(&tray, &["2-birth-certificate.jpg"]);
    scanned(&test, &document, &device).unwrap();
    let pages = scan::pages(test.desk(), document.id).unwrap();
    assert_eq!(
        pages.iter().map(|page| page.position).collect::<Vec<_>>(),
        [0, 1],
        "later sheets come after earlier ones"
    );
}

#[test]
fn a_bad_sheet_in_mid_feed_leaves_the_good_ones_before_it() {
    let test = TestDesk::new();
    let document = document(&test);
    let tray = test.folder().join("tray");
    let device = load(&tray, &["1-official-document.jpg"]);
    std::fs::write(tray.join("1.jpg"), b"\xff\xd8\xff\xe0 no picture at all").unwrap();
    let error = scanned(&test, &document, &device).unwrap_err();
    assert!(matches!(error, Error::Scan(_)), "{error}");
    assert_eq!(
        scan::pages(test.desk(), document.id).unwrap().len(),
        1,
        "the first sheet is stored"
    );
    assert!(
        tray.join("1.jpg").exists(),
        "the bad sheet still lies in the tray"
    );
}

#[test]
fn a_cancel_stops_between_sheets_and_keeps_what_was_stored() {
    let test = TestDesk::new();
    let document = document(&test);
    let sheets = ["1-official-document.jpg"; 6];
    let device = load(&test.folder().join("tray"), &sheets);
    let cancel = CancelToken::default();
    let mut stored = 0;
    let outcome = scan::scan_pages(
        test.desk(),
        document.id,
        &scan::Scan::new(&device, &FEEDER),
        &cancel,
        &mut |_| {
            stored += 1;
            if stored == 2 {
                cancel.cancel();
            }
        },
    );
    assert!(
        matches!(outcome, Err(Error::Scan(ScanError::Cancelled))),
        "{outcome:?}"
    );
    assert!(
        (2..6).contains(&stored),
        "the feeder stopped early, after {stored} sheets"
    );
    assert_eq!(scan::pages(test.desk(), document.id).unwrap().len(), stored);
}

#[test]
fn pages_can_be_moved_turned_taken_out_and_put_back() {
    let mut test = TestDesk::new();
    let document = document(&test);
    let device = load(
        &test.folder().join("tray"),
        &[
            "1-official-document.jpg",
            "2-birth-certificate.jpg",
            "3-application-page-1.jpg",
        ],
    );
    let pages = scanned(&test, &document, &device).unwrap();
    let order = |test: &TestDesk| -> Vec<_> {
        scan::pages(test.desk(), document.id)
            .unwrap()
            .iter()
            .map(|page| page.id)
            .collect()
    };
    let [first, second, third] = [pages[0].id, pages[1].id, pages[2].id];
    scan::move_page(test.desk(), third, 0).unwrap();
    assert_eq!(order(&test), [third, first, second]);
    scan::void_page(test.desk(), first, VoidReason::Duplicate).unwrap();
    assert_eq!(order(&test), [third, second]);
    assert_eq!(
        scan::voided_pages(test.desk(), document.id).unwrap()[0].id,
        first,
        "taken out, not deleted"
    );
    test.reopen();
    scan::restore_page(test.desk(), first).unwrap();
    assert_eq!(
        order(&test),
        [third, first, second],
        "a page comes back to its place, even after a restart"
    );
    let upright = by_hand::turn_page(test.desk(), third, QuarterTurn::Right)
        .unwrap()
        .geometry()
        .upright_size();
    assert_eq!(
        (upright.width_px, upright.height_px),
        (pages[2].raw.size.height_px, pages[2].raw.size.width_px)
    );
    let picture = picture::page_picture(test.desk(), third, Some(200)).unwrap();
    let picture = image::load_from_memory(&picture).unwrap();
    assert!(
        picture.width() == 200 && picture.width() > picture.height(),
        "the turned page is shown lying"
    );
    assert_eq!(
        scan::pages(test.desk(), document.id).unwrap()[0].raw,
        pages[2].raw,
        "the raw image is untouched"
    );
}

#[test]
fn a_page_added_after_extraction_asks_for_extraction_again() {
    let test = TestDesk::new();
    let document = document(&test);
    one_page(&test, &document, "1-official-document.jpg");
    let (reviewed, _) = review::extract_document(test.desk(), document.id, None, &|_| {}).unwrap();
    assert_eq!(reviewed.document.state, DocumentState::Extracted);
    one_page(&test, &document, "2-birth-certificate.jpg");
    let refused = deposit::deposit(test.desk(), document.id).unwrap_err();
    assert!(
        matches!(refused, Error::Refused(Refusal::NotExtracted)),
        "{refused}"
    );
}

#[test]
fn a_close_up_shows_that_place_and_costs_little() {
    let test = TestDesk::new();
    let document = document(&test);
    one_page(&test, &document, "1-official-document.jpg");
    let id = scan::pages(test.desk(), document.id).unwrap()[0].id;
    // Turned, so that the place is one of the upright page and not of the raw one.
    by_hand::turn_page(test.desk(), id, QuarterTurn::Right).unwrap();
    let whole = picture::page_picture(test.desk(), id, None).unwrap();
    let page = image::load_from_memory(&whole).unwrap().to_luma8();
    let mut bytes = 0;
    for place in 0..50 {
        let area = Rectangle::new(100 + 20 * place, 150 + 15 * place, 400, 60);
        let piece = picture::close_up(test.desk(), id, area, 400).unwrap();
        bytes += piece.len();
        let piece = image::load_from_memory(&piece).unwrap().to_luma8();
        assert_eq!(piece.dimensions(), (400, 60));
        let differs: u64 = piece
            .enumerate_pixels()
            .map(|(x, y, pixel)| {
                u64::from(pixel[0].abs_diff(page.get_pixel(area.x + x, area.y + y)[0]))
            })
            .sum();
        assert!(
            differs < 8 * 400 * 60,
            "place {place} shows something else: {differs}"
        );
    }
    assert!(
        bytes < 2 * whole.len(),
        "a wall of fifty weighs less than two pages: {bytes} of {}",
        whole.len()
    );
    let small = picture::close_up(test.desk(), id, Rectangle::new(0, 0, 400, 60), 100).unwrap();
    let small = image::load_from_memory(&small).unwrap();
    assert_eq!((small.width(), small.height()), (100, 15));
    let (width, height) = page.dimensions();
    for beyond in [
        Rectangle::new(width - 399, 0, 400, 60),
        Rectangle::new(0, height, 1, 1),
        Rectangle::new(0, 0, 0, 60),
        Rectangle::new(u32::MAX, 0, 2, 2),
    ] {
        let refused = picture::close_up(test.desk(), id, beyond, 400).unwrap_err();
        assert!(
            matches!(refused, Error::Refused(Refusal::NoSuchPlace)),
            "{refused}"
        );
    }
}
