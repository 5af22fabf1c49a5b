//! Papers under a document camera, from recorded frames: through the desk, and through
//! `sohoa`.

use desk::camera::{Shutter, Watch, watch_camera};
use desk::scan::{self, Placement};
use desk::{CancelToken, Error, picture};
use domain::geometry::{Rectangle, Transform};
use domain::page::{Page, RawFormat};
use domain::quality::QualityReason;
use domain::scan_profile::Blanks;
use image::RgbImage;
use serde_json::Value;
use support::table::{LYING, record};
use support::test_desk::{TestDesk, sample};

use crate::command_line::{code, sohoa, text, vault};
use crate::scan::document;

fn paper(name: &str) -> RgbImage {
    image::open(sample(name)).unwrap().into_rgb8()
}

fn recorded(test: &TestDesk, papers: &[&str]) -> String {
    let folder = test.folder().join("frames");
    let papers: Vec<RgbImage> = papers.iter().map(|name| paper(name)).collect();
    record(&folder, &papers).unwrap();
    format!("camera:{}", folder.display())
}

/// Watches until so many pages came, and says how many live pictures there were.
fn watched(test: &TestDesk, device: &str, pages: usize) -> (Vec<Page>, usize) {
    let document = document(test);
    let (cancel, shutter) = (CancelToken::default(), Shutter::default());
    let watch = Watch {
        device,
        placement: Placement::End,
        cancel: &cancel,
        shutter: &shutter,
    };
    let (mut came, mut live) = (Vec::new(), 0);
    let mut each = |page: &Page| {
        came.push(page.clone());
        if came.len() == pages {
            cancel.cancel();
        }
    };
    let mut see = |picture: desk::camera::LivePicture| {
        assert!(picture.jpeg.len() < 200_000, "a live picture is small");
        live += 1;
    };
    watch_camera(test.desk(), document.id, &watch, &mut each, &mut see).unwrap();
    (came, live)
}

#[test]
fn a_paper_under_a_camera_becomes_a_flat_page_and_its_frame_is_kept() {
    let test = TestDesk::new();
    let device = recorded(&test, &["1-official-document.jpg"]);
    let (pages, live) = watched(&test, &device, 1);
    assert!(live >= 6, "{live} live pictures");
    let page = &pages[0];
    let [Transform::Flatten(flat)] = page.by_hand.as_slice() else {
        panic!("the sheet is laid flat: {:?}", page.by_hand);
    };
    for (found, wanted) in flat.corners.iter().zip(LYING) {
        let off = (found.0 - wanted.0).hypot(found.1 - wanted.1);
        assert!(off < 6.0, "{off} pixels off");
    }
    let shape = flat.size.height_px as f32 / flat.size.width_px as f32;
    assert!((shape - std::f32::consts::SQRT_2).abs() < 0.01, "{shape}");
    assert_eq!(
        (page.raw.format, page.raw.size.width_px),
        (RawFormat::Jpeg, 2592)
    );
    let frame = test.folder().join("frames/0006.jpg");
    let bytes = std::fs::read(frame).unwrap();
    assert_eq!(
        page.raw.digest,
        domain::digest::Digest::of(&bytes),
        "as the camera sent it"
    );
    let dpi = page.raw.dpi.expect("A4 has a known size");
    assert!((145..155).contains(&dpi), "{dpi}");
    // What is too coarse for the rules is said while the paper still lies there.
    let looked_at = scan::appraise_page(test.desk(), page.id, Blanks::Keep).unwrap();
    let quality = looked_at.appraisal.as_ref().unwrap().quality.clone();
    assert!(
        quality.reasons.contains(&QualityReason::LowResolution),
        "{quality:?}"
    );
    assert_eq!(
        looked_at.by_hand, page.by_hand,
        "cleaning keeps the outline"
    );
    // The picture that people see is the sheet and not the table.
    let shown = picture::page_picture(test.desk(), page.id, Some(600)).unwrap();
    let shown = image::load_from_memory(&shown).unwrap().into_luma8();
    let light = |x: u32, y: u32| shown.get_pixel(x, y)[0] > 190;
    assert!(
        light(6, 6)
            && light(593, 6)
            && light(6, shown.height() - 7)
            && light(593, shown.height() - 7)
    );
    // A place on it is a place in the frame.
    let raw = looked_at.geometry().to_raw(&Rectangle::new(0, 0, 40, 40));
    assert!(
        raw.x.abs_diff(700) < 60 && raw.y.abs_diff(96) < 60,
        "{raw:?}"
    );
}

#[test]
fn two_papers_laid_one_after_the_other_are_two_pages() {
    let test = TestDesk::new();
    let sheets = ["3-application-page-1.jpg", "3-application-page-2.jpg"];
    let device = recorded(&test, &sheets);
    let (pages, _) = watched(&test, &device, 2);
    assert_ne!(pages[0].raw.digest, pages[1].raw.digest);
    assert_eq!(pages[1].position, 1);
}

#[test]
fn only_a_camera_can_be_watched() {
    let test = TestDesk::new();
    let document = document(&test);
    let watch = Watch {
        device: "folder:/nowhere",
        placement: Placement::End,
        cancel: &CancelToken::default(),
        shutter: &Shutter::default(),
    };
    let refused = watch_camera(test.desk(), document.id, &watch, &mut |_| {}, &mut |_| {});
    assert!(matches!(refused, Err(Error::Scan(error)) if error.name() == "no_such_device"));
}

#[test]
fn the_command_line_takes_the_papers_of_a_camera() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let frames = folder.path().join("frames");
    record(
        &frames,
        &[
            paper("1-official-document.jpg"),
            paper("2-birth-certificate.jpg"),
        ],
    )
    .unwrap();
    let device = format!("camera:{}", text(&frames));
    let scanned = sohoa(&["scan", "--json", "--device", &device, "--vault", &vault]);
    assert_eq!(
        code(&scanned),
        0,
        "{}",
        String::from_utf8_lossy(&scanned.stderr)
    );
    let said = String::from_utf8(scanned.stdout).unwrap();
    let pages: Vec<Value> = said
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(pages.len(), 2, "{said}");
    assert_eq!(
        (&pages[0]["format"], &pages[1]["page"]),
        (&"jpeg".into(), &2.into())
    );
    let gone = sohoa(&[
        "scan",
        "--device",
        "camera:/dev/no-such-camera",
        "--vault",
        &vault,
    ]);
    assert_ne!(code(&gone), 0);
}

#[test]
fn a_picture_without_the_edges_of_a_sheet_is_asked_about_until_somebody_cuts_it() {
    let test = TestDesk::new();
    let folder = test.folder().join("frames");
    // The paper is larger than what the camera sees of it.
    std::fs::create_dir(&folder).unwrap();
    let picture = image::imageops::resize(
        &paper("1-official-document.jpg"),
        2592,
        3665,
        image::imageops::FilterType::Triangle,
    );
    let picture = image::imageops::crop_imm(&picture, 0, 800, 2592, 1944).to_image();
    for frame in 0..12 {
        picture
            .save(folder.join(format!("{frame:04}.jpg")))
            .unwrap();
    }
    let device = format!("camera:{}", folder.display());
    let paper = document(&test);
    let settings = desk::ScanSettings {
        source: desk::ScanSource::Flatbed,
        ..crate::scan::FEEDER
    };
    let mut ids = Vec::new();
    scan::scan_pages(
        test.desk(),
        paper.id,
        &scan::Scan::new(&device, &settings),
        &CancelToken::default(),
        &mut |page| ids.push(page.id),
    )
    .unwrap();
    let page = scan::appraise_page(test.desk(), ids[0], Blanks::Keep).unwrap();
    assert!(page.by_hand.is_empty(), "no sheet was found in it");
    assert!(page.waits_for_rescan(), "{:?}", page.appraisal);
    let quality = page.appraisal.unwrap().quality;
    assert!(quality.reasons.contains(&QualityReason::NoOutline));
    // Where a person says how far the paper goes, nothing is left to ask.
    let area = Rectangle::new(20, 20, 1500, 1500);
    desk::by_hand::crop_page(test.desk(), ids[0], area).unwrap();
    let cut = scan::appraise_page(test.desk(), ids[0], Blanks::Keep).unwrap();
    let quality = cut.appraisal.unwrap().quality;
    assert!(!quality.reasons.contains(&QualityReason::NoOutline));
}
