//! A document camera, played from recorded frames. The driver is the same as behind a
//! real one, but for where its frames come from.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use domain::geometry::Corners;
use domain::page::RawFormat;
use image::{DynamicImage, Rgb, RgbImage, imageops};
use scan::camera::{CameraScanner, PREFIX, Seen, Shutter};
use scan::{CancelToken, Error, RawPage, ScanSettings, ScanSource, Scanner, Trace};
use tempfile::TempDir;

use crate::contract::{self, SETTINGS, Tray, scan_all};
use crate::papers::{jpeg, number_of, pixels, sheet};

/// Where a sheet lies on the table.
const LEFT: u32 = 110;
const TOP: u32 = 20;

fn table() -> RgbImage {
    RgbImage::from_pixel(420, 320, Rgb([45, 40, 38]))
}

fn lying(number: u32) -> RgbImage {
    let mut picture = table();
    imageops::replace(&mut picture, &sheet(number), LEFT.into(), TOP.into());
    picture
}

/// An arm that reaches this far from the right.
fn reached_into(mut under: RgbImage, reach: u32) -> RgbImage {
    let width = under.width();
    for (x, y, pixel) in under.enumerate_pixels_mut() {
        if x + reach > width && (120..200).contains(&y) {
            *pixel = Rgb([190, 140, 110]);
        }
    }
    under
}

/// Somebody lays this on the table, takes the hand away and waits a second.
fn laid(picture: &RgbImage) -> Vec<RgbImage> {
    let hand = [120, 240, 120].map(|reach| reached_into(picture.clone(), reach));
    let still = vec![picture.clone(); 10];
    hand.into_iter().chain(still).collect()
}

/// Paper is what is light on this table.
fn eye(picture: &DynamicImage) -> Option<Corners> {
    let grey = picture.to_luma8();
    let light = grey.pixels().filter(|pixel| pixel[0] > 215).count();
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
    (light * 8 > grey.pixels().len()).then_some(corners)
}

struct CameraTray {
    folder: TempDir,
    scanner: CameraScanner,
}

impl CameraTray {
    fn showing(frames: &[RgbImage]) -> Self {
        let folder = TempDir::new().unwrap();
        for (number, frame) in frames.iter().enumerate() {
            let file = folder.path().join(format!("{number}.jpg"));
            fs::write(file, jpeg(frame, 72)).unwrap();
        }
        let scanner = open(&folder);
        Self { folder, scanner }
    }

    fn of_sheets(numbers: impl IntoIterator<Item = u32>) -> Self {
        let frames: Vec<RgbImage> = numbers
            .into_iter()
            .flat_map(|number| laid(&lying(number)))
            .collect();
        Self::showing(&frames)
    }

    fn frames_of(&self, place: u32) -> Vec<PathBuf> {
        let frames = laid(&table()).len() as u32;
        let numbers = (place - 1) * frames..place * frames;
        numbers
            .map(|number| self.folder.path().join(format!("{number}.jpg")))
            .collect()
    }
}

fn open(folder: &TempDir) -> CameraScanner {
    let id = format!("{PREFIX}{}", folder.path().display());
    CameraScanner::open(&id, Trace::off())
        .unwrap()
        .with_eye(eye)
}

fn shown(page: &RawPage) -> u32 {
    number_of(&pixels(page).crop_imm(LEFT, TOP, 200, 280))
}

impl Tray for CameraTray {
    fn scanner(&mut self) -> &mut dyn Scanner {
        &mut self.scanner
    }

    fn number_of(&self, page: &RawPage) -> Option<u32> {
        Some(shown(page))
    }

    fn knows_its_resolution(&self) -> bool {
        false
    }

    fn load(&mut self) -> usize {
        *self = Self::of_sheets(1..=5);
        5
    }

    fn empty(&mut self) {
        *self = Self::showing(&vec![table(); 12]);
    }

    /// The camera fails while the third paper lies under it.
    fn break_sheet(&mut self, place: u32) -> &'static str {
        let frame = &self.frames_of(place)[0];
        fs::remove_file(frame).unwrap();
        "device_gone"
    }

    fn unplug_after_two(&mut self) -> Box<dyn FnOnce()> {
        let folder = self.folder.path().to_owned();
        Box::new(move || fs::remove_dir_all(folder).unwrap())
    }

    fn repair(&mut self) {
        let frame = &self.frames_of(3)[0];
        fs::write(frame, jpeg(&lying(3), 72)).unwrap();
    }
}

#[test]
fn the_camera_driver_keeps_the_contract() {
    contract::holds(&mut CameraTray::of_sheets(1..=5));
}

#[test]
fn a_page_keeps_the_bytes_of_its_frame() {
    let mut tray = CameraTray::of_sheets([3]);
    let (pages, outcome) = scan_all(&mut tray.scanner);
    outcome.unwrap();
    let page = &pages[0];
    assert_eq!((page.format, page.dpi), (RawFormat::Jpeg, None));
    assert_eq!(page.bytes, jpeg(&lying(3), 72));
}

#[test]
fn the_same_paper_is_taken_once_however_long_it_lies() {
    let frames = [laid(&lying(2)), laid(&lying(2)), vec![lying(2); 60]].concat();
    let (pages, outcome) = scan_all(&mut CameraTray::showing(&frames).scanner);
    outcome.unwrap();
    assert_eq!(pages.len(), 1);
}

#[test]
fn an_empty_table_between_papers_is_no_page() {
    let frames = [
        laid(&table()),
        laid(&lying(1)),
        laid(&table()),
        laid(&lying(2)),
        laid(&table()),
    ];
    let (pages, outcome) = scan_all(&mut CameraTray::showing(&frames.concat()).scanner);
    outcome.unwrap();
    assert_eq!(pages.iter().map(shown).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn a_frame_that_was_torn_on_the_wire_is_passed_over() {
    let mut tray = CameraTray::of_sheets([1, 2]);
    for path in tray.frames_of(1).into_iter().skip(5).step_by(2) {
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    }
    let (pages, outcome) = scan_all(&mut tray.scanner);
    outcome.unwrap();
    assert_eq!(pages.iter().map(shown).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn asked_for_once_it_takes_what_lies_there() {
    let mut tray = CameraTray::of_sheets([4, 5]);
    let settings = ScanSettings {
        source: ScanSource::Flatbed,
        ..SETTINGS
    };
    let mut pages = Vec::new();
    tray.scanner
        .scan(&settings, &CancelToken::new(), &mut |page| {
            pages.push(shown(&page));
            Ok(())
        })
        .unwrap();
    assert_eq!(pages, [4]);
}

/// Watches a recording until it has shown so many pictures.
fn watch(
    tray: &mut CameraTray,
    shutter: &Shutter,
    mut each: impl FnMut(usize),
) -> (Vec<bool>, Vec<u32>) {
    let cancel = CancelToken::new();
    let (mut live, mut pages) = (Vec::new(), Vec::new());
    let outcome = tray.scanner.watch(&cancel, shutter, &mut |seen| {
        match seen {
            Seen::Live(picture) => {
                assert!(image::load_from_memory(&picture.jpeg).is_ok());
                each(live.len());
                live.push(picture.is_taken);
                if live.len() == 16 {
                    cancel.cancel();
                }
            }
            Seen::Page(page) => pages.push(shown(&page)),
        }
        Ok(())
    });
    assert_eq!(outcome.unwrap_err().name(), "cancelled");
    (live, pages)
}

#[test]
fn whoever_watches_sees_a_live_picture_and_each_page_that_is_taken() {
    let began = Instant::now();
    let (live, pages) = watch(&mut CameraTray::of_sheets([2]), &Shutter::default(), |_| {});
    assert_eq!(pages, [2]);
    assert_eq!(
        (live[0], live[15]),
        (false, true),
        "it says that the page was taken"
    );
    let a_second = live.len() as f32 / began.elapsed().as_secs_f32();
    assert!(a_second <= 10.5, "{a_second} pictures a second");
}

#[test]
fn the_shutter_takes_what_lies_there_at_once_and_again() {
    let shutter = Shutter::default();
    shutter.set_by_stillness(false);
    let button = shutter.clone();
    // The recording has ended by the second time, and its last picture stays.
    let (_, pages) = watch(&mut CameraTray::of_sheets([3]), &shutter, |picture| {
        if picture == 4 || picture == 14 {
            button.press();
        }
    });
    assert_eq!(pages, [3, 3]);
}

#[test]
fn what_is_no_camera_is_no_such_device() {
    for id in ["camera:/dev/null", "camera:/no/such/camera", "camera:"] {
        let refused: Result<_, Error> = CameraScanner::open(id, Trace::off()).map(|_| ());
        assert_eq!(refused.unwrap_err().name(), "no_such_device", "{id}");
    }
}
