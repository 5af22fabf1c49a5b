//! Pages put in order, cut, masked and counted.

use std::path::Path;
use std::sync::Mutex;

use desk::scan::{Coming, Placement, Scan};
use desk::{
    CancelToken, Error, Refusal, Settings, accounting, by_hand, deposit, picture, profiles, resume,
    review, scan, session,
};
use domain::accounting::Gap;
use domain::document::Document;
use domain::field::FieldName;
use domain::geometry::{QuarterTurn, Rectangle};
use domain::ids::PageId;
use domain::page::{KeepReason, VoidReason};
use domain::scan_profile::Blanks;
use domain::work_place::Step;
use support::test_desk::{TestDesk, passphrase, sample, settings};

use crate::scan::{FEEDER, document, load, scanned};

const SHEETS: [&str; 3] = [
    "1-official-document.jpg",
    "2-birth-certificate.jpg",
    "3-application-page-1.jpg",
];

fn order(test: &TestDesk, document: &Document) -> Vec<PageId> {
    let pages = scan::pages(test.desk(), document.id).unwrap();
    assert!(
        (0..)
            .zip(&pages)
            .all(|(place, page)| page.position == place),
        "pages are numbered without gaps"
    );
    pages.iter().map(|page| page.id).collect()
}

fn scanned_at(test: &TestDesk, document: &Document, device: &str, at: Placement) -> Vec<PageId> {
    let mut pages = Vec::new();
    let scan = Scan {
        placement: at,
        ..Scan::new(device, &FEEDER)
    };
    scan::scan_pages(
        test.desk(),
        document.id,
        &scan,
        &CancelToken::default(),
        &mut |page| pages.push(page.id),
    )
    .unwrap();
    pages
}

#[test]
fn sheets_are_put_in_before_a_page_or_in_its_place() {
    let test = TestDesk::new();
    let document = document(&test);
    let tray = test.folder().join("tray");
    let device = load(&tray, &SHEETS[..2]);
    let [first, second] = scanned(&test, &document, &device)
        .unwrap()
        .iter()
        .map(|page| page.id)
        .collect::<Vec<_>>()[..]
    else {
        panic!("two sheets lay in the tray");
    };
    load(&tray, &SHEETS[..2]);
    let between = scanned_at(&test, &document, &device, Placement::Before(second));
    assert_eq!(
        order(&test, &document),
        [first, between[0], between[1], second]
    );
    load(&tray, &SHEETS[..2]);
    let instead = scanned_at(&test, &document, &device, Placement::InPlaceOf(between[0]));
    assert_eq!(
        order(&test, &document),
        [first, instead[0], instead[1], between[1], second]
    );
    let out = scan::voided_pages(test.desk(), document.id).unwrap();
    assert_eq!(out[0].id, between[0]);
    assert_eq!(
        out[0].voided.as_ref().unwrap().reason,
        VoidReason::Rescanned
    );
    assert!(
        accounting::of_document(test.desk(), document.id)
            .unwrap()
            .closes()
    );
}

#[test]
fn a_page_stays_where_nothing_came_in_its_place() {
    let test = TestDesk::new();
    let document = document(&test);
    let tray = test.folder().join("tray");
    let device = load(&tray, &SHEETS[..1]);
    let page = scanned(&test, &document, &device).unwrap()[0].id;
    let scan = Scan {
        placement: Placement::InPlaceOf(page),
        ..Scan::new(&device, &FEEDER)
    };
    scan::scan_pages(
        test.desk(),
        document.id,
        &scan,
        &CancelToken::default(),
        &mut |_| {},
    )
    .unwrap_err();
    assert_eq!(order(&test, &document), [page], "the tray was empty");
}

#[test]
fn backs_come_between_their_fronts_from_the_last_sheet_on() {
    let test = TestDesk::new();
    let tray = test.folder().join("tray");
    let feed = |document: &Document, sheets: &[&str]| -> Vec<PageId> {
        let device = load(&tray, sheets);
        let pages = scanned(&test, document, &device).unwrap();
        pages.iter().map(|page| page.id).collect()
    };
    let even = document(&test);
    let before = feed(&even, &SHEETS[..1]);
    let fronts = feed(&even, &SHEETS);
    let backs = feed(&even, &SHEETS);
    scan::combine_sides(test.desk(), even.id).unwrap();
    assert_eq!(
        order(&test, &even),
        [
            before[0], fronts[0], backs[2], fronts[1], backs[1], fronts[2], backs[0]
        ]
    );
    // Empty sides are set aside as they come, and are sides of their sheets nonetheless.
    let half_empty = document(&test);
    let fronts = feed(&half_empty, &SHEETS);
    let backs = feed(&half_empty, &SHEETS);
    scan::void_page(test.desk(), backs[2], VoidReason::Blank).unwrap();
    scan::void_page(test.desk(), backs[0], VoidReason::Blank).unwrap();
    scan::combine_sides(test.desk(), half_empty.id).unwrap();
    assert_eq!(
        order(&test, &half_empty),
        [fronts[0], fronts[1], backs[1], fronts[2]]
    );
    let uneven = document(&test);
    feed(&uneven, &SHEETS);
    let refused = scan::combine_sides(test.desk(), uneven.id).unwrap_err();
    assert!(
        matches!(refused, Error::Refused(Refusal::NoBacks)),
        "{refused}"
    );
    feed(&uneven, &SHEETS[..2]);
    let as_they_came = order(&test, &uneven);
    let refused = scan::combine_sides(test.desk(), uneven.id).unwrap_err();
    assert!(
        matches!(
            refused,
            Error::Refused(Refusal::SidesDiffer {
                fronts: 3,
                backs: 2
            })
        ),
        "{refused}"
    );
    assert_eq!(order(&test, &uneven), as_they_came);
}

#[test]
fn a_cut_stays_through_turns_and_reading_and_can_be_undone() {
    let test = TestDesk::new();
    let document = document(&test);
    let id = one_page(&test, &document, "1-official-document.jpg");
    let whole = scan::pages(test.desk(), document.id).unwrap()[0]
        .geometry()
        .upright_size();
    let area = Rectangle::new(100, 60, 900, 700);
    by_hand::crop_page(test.desk(), id, area).unwrap();
    by_hand::turn_page(test.desk(), id, QuarterTurn::Right).unwrap();
    by_hand::turn_page(test.desk(), id, QuarterTurn::Left).unwrap();
    let read = |test: &TestDesk| {
        let (review, _) =
            review::extract_document(test.desk(), document.id, None, &|_| {}).unwrap();
        review.pages[0].geometry()
    };
    let cut = read(&test).to_raw(&Rectangle::new(0, 0, 1, 1));
    assert!(
        cut.x.abs_diff(100) <= 12 && cut.y.abs_diff(60) <= 12,
        "the corner lies where it was cut: {cut:?}"
    );
    let beyond = by_hand::crop_page(test.desk(), id, Rectangle::new(500, 500, 900, 300));
    assert!(matches!(beyond, Err(Error::Refused(Refusal::NoSuchPlace))));
    by_hand::uncrop_page(test.desk(), id).unwrap();
    let again = read(&test).upright_size();
    assert!(
        again.width_px.abs_diff(whole.width_px) < 40
            && again.height_px.abs_diff(whole.height_px) < 40,
        "{again:?} is the whole page again"
    );
}

/// Scans so many sheets of the tray; then the feeder jams.
fn jammed_after(test: &TestDesk, document: &Document, device: &str, sheets: usize) -> Vec<PageId> {
    let cancel = CancelToken::default();
    let mut pages = Vec::new();
    let mut each = |page: &domain::page::Page| {
        pages.push(page.id);
        if pages.len() == sheets {
            cancel.cancel();
        }
    };
    let scan = Scan::new(device, &FEEDER);
    let broken = scan::scan_pages(test.desk(), document.id, &scan, &cancel, &mut each);
    assert!(broken.is_err());
    pages
}

#[test]
fn a_jam_among_the_backs_or_the_fronts_parts_no_sheet_from_its_back() {
    let test = TestDesk::new();
    let tray = test.folder().join("tray");
    for (front_jam, back_jam) in [(false, true), (true, false), (true, true)] {
        let document = document(&test);
        let run = |jam: bool| -> Vec<PageId> {
            let device = load(&tray, &SHEETS);
            let mut came = Vec::new();
            if jam {
                came.extend(jammed_after(&test, &document, &device, 1));
            }
            // The rest of the stack still lies in the tray.
            let rest = scanned(&test, &document, &device).unwrap();
            came.extend(rest.iter().map(|page| page.id));
            came
        };
        let (fronts, backs) = (run(front_jam), run(back_jam));
        assert_eq!((fronts.len(), backs.len()), (3, 3));
        let as_they_came = order(&test, &document);
        scan::combine_sides(test.desk(), document.id).unwrap();
        assert_eq!(
            order(&test, &document),
            [
                fronts[0], backs[2], fronts[1], backs[1], fronts[2], backs[0]
            ]
        );
        // A wrong order is taken back as a whole.
        scan::put_in_order(test.desk(), document.id, &as_they_came).unwrap();
        assert_eq!(order(&test, &document), as_they_came);
        let lost = scan::put_in_order(test.desk(), document.id, &as_they_came[1..]);
        assert!(lost.is_err(), "no page is left out of an order");
    }
}

#[test]
fn masks_are_taken_back_the_last_first_and_with_the_last_goes_the_image() {
    let test = TestDesk::new();
    let document = document(&test);
    let id = one_page(&test, &document, "1-official-document.jpg");
    let (one, other) = (
        Rectangle::new(150, 120, 500, 160),
        Rectangle::new(150, 620, 500, 160),
    );
    let masked = by_hand::mask_page(test.desk(), id, &[one]).unwrap();
    let before = masked.by_hand.clone();
    by_hand::mask_page(test.desk(), masked.id, &[other]).unwrap();
    let again = by_hand::unmask_page(test.desk(), masked.id, 1).unwrap();
    assert_eq!(again.by_hand, before);
    let refused = by_hand::unmask_page(test.desk(), masked.id, 2);
    assert!(refused.is_err(), "there is only one mask left");
    by_hand::unmask_page(test.desk(), masked.id, 1).unwrap();
    assert_eq!(order(&test, &document), [id], "the page itself stays");
    assert!(by_hand::unmask_page(test.desk(), id, 1).is_err());
}

#[test]
fn a_note_is_masked_on_a_second_image_and_stands_on_the_first() {
    let test = TestDesk::new();
    let document = document(&test);
    let id = one_page(&test, &document, "1-official-document.jpg");
    by_hand::turn_page(test.desk(), id, QuarterTurn::None).unwrap();
    // The head of the paper, as a note that somebody wrote there.
    let note = Rectangle::new(150, 120, 500, 160);
    let masked = by_hand::mask_page(test.desk(), id, &[note]).unwrap();
    assert_eq!(masked.masked_from, Some(id));
    assert_eq!(order(&test, &document), [id, masked.id]);
    let ink_at = |page: PageId, area: Rectangle| {
        let jpeg = picture::close_up(test.desk(), page, area, area.width).unwrap();
        let piece = image::load_from_memory(&jpeg).unwrap().to_luma8();
        piece.pixels().filter(|pixel| pixel[0] < 128).count()
    };
    let beside = Rectangle::new(800, 120, 700, 160);
    assert!(ink_at(id, note) > 500, "the first image bears the note");
    assert_eq!(ink_at(masked.id, note), 0, "the second does not");
    assert_eq!(ink_at(id, beside), ink_at(masked.id, beside));
    let (review, _) = review::extract_document(test.desk(), document.id, None, &|_| {}).unwrap();
    assert_eq!(
        ink_at(masked.id, Rectangle::new(160, 130, 480, 140)),
        0,
        "cleaning does not bring it back"
    );
    for field in &review.fields {
        let page = field.candidate.evidence.map(|evidence| evidence.page);
        assert_ne!(page, Some(1), "values are read on the first image");
    }
    let counted = accounting::of_document(test.desk(), document.id).unwrap();
    assert_eq!((counted.kept, counted.masked), (1, 1));
    scan::void_page(test.desk(), id, VoidReason::Rescanned).unwrap();
    assert!(
        order(&test, &document).is_empty(),
        "without the first there is no second"
    );
    scan::restore_page(test.desk(), masked.id).unwrap();
    assert_eq!(
        order(&test, &document),
        [id, masked.id],
        "the second brings the first along"
    );
    let device = load(&test.folder().join("tray"), &SHEETS[1..2]);
    let instead = scanned_at(&test, &document, &device, Placement::InPlaceOf(id));
    assert_eq!(
        order(&test, &document),
        instead,
        "a page scanned again has no note yet"
    );
}

#[test]
fn pages_that_do_not_add_up_are_not_deposited_without_a_word() {
    let test = TestDesk::new();
    let document = document(&test);
    let tray = test.folder().join("tray");
    let device = load(&tray, &["1-official-document.jpg"]);
    std::fs::write(tray.join("1.jpg"), b"\xff\xd8\xff\xe0 no picture at all").unwrap();
    scanned(&test, &document, &device).unwrap_err();
    let gaps = |test: &TestDesk| {
        accounting::of_document(test.desk(), document.id)
            .unwrap()
            .gaps
    };
    assert_eq!(gaps(&test), [Gap::BrokenOff { stored: 1 }]);
    review::extract_document(test.desk(), document.id, None, &|_| {}).unwrap();
    review::confirm_all(test.desk(), document.id).unwrap();
    let refused = deposit::deposit(test.desk(), document.id).unwrap_err();
    assert!(
        matches!(refused, Error::Refused(Refusal::PagesUnaccounted)),
        "{refused}"
    );
    accounting::vouch(test.desk(), document.id).unwrap();
    // A word holds for what was amiss when it was given.
    accounting::declare_pages(test.desk(), document.id, Some(2)).unwrap();
    assert_eq!(
        gaps(&test),
        [
            Gap::BrokenOff { stored: 1 },
            Gap::Declared {
                declared: 2,
                kept: 1
            }
        ]
    );
    let refused = deposit::deposit(test.desk(), document.id).unwrap_err();
    assert!(
        matches!(refused, Error::Refused(Refusal::PagesUnaccounted)),
        "{refused}"
    );
    empty(&tray);
    load(&tray, &["3-application-page-1.jpg"]);
    scanned(&test, &document, &device).unwrap();
    assert!(gaps(&test).is_empty(), "the second page has come");
    let blank = scan::pages(test.desk(), document.id).unwrap()[1].id;
    scan::void_page(test.desk(), blank, VoidReason::Blank).unwrap();
    assert!(
        gaps(&test).is_empty(),
        "whether an empty side was counted is the officer's affair"
    );
    review::extract_document(test.desk(), document.id, None, &|_| {}).unwrap();
    review::confirm_all(test.desk(), document.id).unwrap();
    deposit::deposit(test.desk(), document.id).unwrap();
}

#[test]
fn every_unfinished_document_is_offered_where_it_was_left() {
    let mut test = TestDesk::new();
    let [first, second, third] = [(); 3].map(|()| document(&test));
    for document in [&first, &second] {
        one_page(&test, document, "1-official-document.jpg");
    }
    review::extract_document(test.desk(), first.id, None, &|_| {}).unwrap();
    let field: FieldName = "number".parse().unwrap();
    resume::keep_place(test.desk(), first.id, Step::Review, Some(field.clone())).unwrap();
    test.reopen();
    let unfinished = resume::unfinished(test.desk(), 10).unwrap();
    let found: Vec<_> = unfinished
        .iter()
        .map(|found| {
            (
                found.document.id,
                found.place.step,
                found.place.field.clone(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (first.id, Step::Review, Some(field)),
            (second.id, Step::Scan, None)
        ],
        "the one without a page is no unfinished work: {:?}",
        third.id
    );
    one_page(&test, &first, "3-application-page-1.jpg");
    let unfinished = resume::unfinished(test.desk(), 10).unwrap();
    assert_eq!(
        (unfinished[0].document.id, unfinished[0].place.step),
        (first.id, Step::Scan),
        "a document whose pages changed is read again first"
    );
}

pub(crate) fn one_page(test: &TestDesk, document: &Document, file: &str) -> PageId {
    let mut id = None;
    scan::add_file(test.desk(), document.id, &sample(file), &mut |page| {
        id = Some(page.id);
    })
    .unwrap();
    id.unwrap()
}

fn empty(tray: &Path) {
    for entry in std::fs::read_dir(tray).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::remove_file(path).unwrap();
        }
    }
}

#[test]
fn a_page_is_appraised_while_others_come_and_empty_sides_are_set_aside() {
    let test = TestDesk::new();
    let document = document(&test);
    let tray = test.folder().join("tray");
    let device = load(&tray, &SHEETS[..2]);
    let white = image::GrayImage::from_pixel(1654, 2339, image::Luma([250]));
    white.save(tray.join("2.png")).unwrap();
    let said = Mutex::new(Vec::new());
    scan::appraising(
        test.desk(),
        Blanks::SetAside,
        &|coming| {
            let (id, is_looked_at) = match coming {
                Coming::Stored(page) => (page.id, false),
                Coming::Appraised(page) => {
                    assert!(page.appraisal.is_some());
                    (page.id, true)
                }
            };
            said.lock().unwrap().push((id, is_looked_at));
        },
        |each| {
            let scan = Scan::new(&device, &FEEDER);
            scan::scan_pages(
                test.desk(),
                document.id,
                &scan,
                &CancelToken::default(),
                each,
            )
        },
    )
    .unwrap();
    let kept = scan::pages(test.desk(), document.id).unwrap();
    let out = scan::voided_pages(test.desk(), document.id).unwrap();
    assert_eq!((kept.len(), out.len()), (2, 1));
    assert_eq!(out[0].voided.as_ref().unwrap().reason, VoidReason::Blank);
    for page in kept.iter().chain(&out) {
        let heard: Vec<bool> = said
            .lock()
            .unwrap()
            .iter()
            .filter(|(id, _)| *id == page.id)
            .map(|(_, is_looked_at)| *is_looked_at)
            .collect();
        assert_eq!(heard, [false, true], "stored first, then looked at");
    }
    let counted = accounting::of_document(test.desk(), document.id).unwrap();
    assert_eq!((counted.kept, counted.blank, counted.removed), (2, 1, 0));
    assert!(counted.closes());
}

#[test]
fn profiles_are_the_desks_own_until_the_office_decides_them() {
    let test = TestDesk::new();
    let builtin = profiles::profiles(test.desk()).unwrap();
    assert!(!builtin.locked && builtin.profiles.len() > 1);
    let mut own = vec![builtin.profiles[0].clone()];
    own[0].name = "Giấy khai sinh".into();
    own[0].dpi = 300;
    profiles::set_profiles(test.desk(), &own).unwrap();
    assert_eq!(profiles::profiles(test.desk()).unwrap().profiles, own);
    own[0].dpi = 100;
    let refused = profiles::set_profiles(test.desk(), &own).unwrap_err();
    assert!(
        matches!(refused, Error::Refused(Refusal::ProfilesUnusable)),
        "{refused}"
    );
    let forms = test.folder().join("forms");
    copy_folder(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../forms"),
        &forms,
    );
    let file = forms.join("scan_profiles.json");
    std::fs::write(
        &file,
        r#"[{"name":"Chung","source":"flatbed","sides":"one","dpi":300,"colour":"grey","blanks":"keep"}]"#,
    )
    .unwrap();
    let settings = Settings {
        forms: Some(forms),
        ..settings(&test.folder().join("office"))
    };
    let office = "H55.242".parse().unwrap();
    let (desk, _) = session::create(&settings, office, "Trần Thị Thử", &passphrase()).unwrap();
    let decided = profiles::profiles(&desk).unwrap();
    assert!(decided.locked);
    assert_eq!(decided.profiles[0].name, "Chung");
    own[0].dpi = 300;
    let refused = profiles::set_profiles(&desk, &own).unwrap_err();
    assert!(
        matches!(refused, Error::Refused(Refusal::Locked)),
        "{refused}"
    );
    std::fs::write(&file, "[]").unwrap();
    let unusable = profiles::profiles(&desk).unwrap_err();
    assert!(
        matches!(unusable, Error::Refused(Refusal::PolicyUnusable)),
        "a list that cannot be used is not passed over: {unusable}"
    );
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copy = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &copy);
        } else {
            std::fs::copy(&path, &copy).unwrap();
        }
    }
}

#[test]
fn a_bad_image_is_scanned_again_or_kept_with_a_reason() {
    let test = TestDesk::new();
    let document = document(&test);
    let tray = test.folder().join("tray");
    let device = load(&tray, &["1-official-document.jpg"]);
    // So small that no print on it can be read.
    let tiny = image::open(sample("1-official-document.jpg")).unwrap();
    let tiny = tiny.thumbnail(400, 600);
    tiny.save(tray.join("1.png")).unwrap();
    let pages = scanned(&test, &document, &device).unwrap();
    review::extract_document(test.desk(), document.id, None, &|_| {}).unwrap();
    review::confirm_all(test.desk(), document.id).unwrap();
    let refused = deposit::deposit(test.desk(), document.id).unwrap_err();
    assert!(
        matches!(refused, Error::Refused(Refusal::PagesBad(1))),
        "{refused}"
    );
    let kept = scan::keep_page(test.desk(), pages[1].id, KeepReason::NoSecondScan).unwrap();
    assert!(!kept.waits_for_rescan());
    deposit::deposit(test.desk(), document.id).unwrap();
}

#[test]
fn a_scan_that_is_given_up_can_be_put_back_page_by_page() {
    let test = TestDesk::new();
    let document = document(&test);
    let device = load(&test.folder().join("tray"), &SHEETS);
    let pages = scanned(&test, &document, &device).unwrap();
    assert_eq!(scan::discard_pages(test.desk(), document.id).unwrap(), 3);
    assert!(order(&test, &document).is_empty());
    assert!(
        resume::unfinished(test.desk(), 10).unwrap().is_empty(),
        "nothing is left to go on with"
    );
    for page in &pages {
        scan::restore_page(test.desk(), page.id).unwrap();
    }
    let before: Vec<PageId> = pages.iter().map(|page| page.id).collect();
    assert_eq!(order(&test, &document), before);
}
