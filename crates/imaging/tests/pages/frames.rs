//! The upright picture and `PageGeometry` speak of the same places.

use domain::geometry::{PageGeometry, QuarterTurn, Rectangle, Size, Transform};
use image::{DynamicImage, GrayImage, Luma};
use proptest::prelude::*;

use crate::draw::{A4, fill, grey, paper, printed, skewed, tinted};

/// The middle of the darkest thing on a page.
fn centre_of_ink(page: &GrayImage) -> Option<(f32, f32)> {
    let (mut x_sum, mut y_sum, mut weight) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (x, y, pixel) in page.enumerate_pixels() {
        let dark = f64::from(255 - pixel.0[0]);
        x_sum += dark * (f64::from(x) + 0.5);
        y_sum += dark * (f64::from(y) + 0.5);
        weight += dark;
    }
    // Half of the marker's ink at least: it may lie in a corner that was cut.
    (weight > 255.0 * 81.0 * 0.97).then(|| ((x_sum / weight) as f32, (y_sum / weight) as f32))
}

fn marked(colour: bool, at: (u32, u32)) -> DynamicImage {
    let mut page = paper((640, 820), 255);
    fill(&mut page, at.0 as i32, at.1 as i32, 9, 9, 0);
    if colour {
        DynamicImage::ImageRgb8(tinted(&page, [255, 255, 255]))
    } else {
        grey(page)
    }
}

fn check(colour: bool, at: (u32, u32), transforms: &[Transform]) -> bool {
    let raw = marked(colour, at);
    let upright = imaging::upright(&raw, transforms);
    let size = Size {
        width_px: 640,
        height_px: 820,
    };
    let geometry = PageGeometry::new(size, transforms);
    let expected = geometry.upright_size();
    assert_eq!(
        (upright.width(), upright.height()),
        (expected.width_px, expected.height_px)
    );
    let Some((x, y)) = centre_of_ink(&upright.to_luma8()) else {
        return false;
    };
    let (raw_x, raw_y) = geometry.point_to_raw(x, y);
    let (wanted_x, wanted_y) = (at.0 as f32 + 4.5, at.1 as f32 + 4.5);
    assert!(
        (raw_x - wanted_x).abs() < 0.25 && (raw_y - wanted_y).abs() < 0.25,
        "{raw_x},{raw_y} for {wanted_x},{wanted_y} after {transforms:?}"
    );
    let area = Rectangle::new(x as u32 - 2, y as u32 - 2, 4, 4);
    let back = geometry.to_raw(&area);
    assert!(
        back.intersection(&Rectangle::new(at.0, at.1, 9, 9))
            .is_some(),
        "the box comes back to the marker"
    );
    true
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_marker_on_the_upright_page_maps_back_to_its_raw_place(
        colour in any::<bool>(),
        x in 80_u32..540, y in 80_u32..720,
        left in 0_u32..70, top in 0_u32..70, right in 0_u32..70, bottom in 0_u32..70,
        quarter in 0_u16..4, angle in -19.0_f32..19.0, second in 0_u16..4,
    ) {
        let crop = Rectangle::new(left, top, 640 - left - right, 820 - top - bottom);
        let turn = QuarterTurn::from_degrees(quarter * 90).unwrap();
        let afterwards = QuarterTurn::from_degrees(second * 90).unwrap();
        let mut transforms = vec![
            Transform::Crop(crop),
            Transform::Turn(turn),
            Transform::Deskew { angle_deg: angle },
        ];
        let seen = check(colour, (x, y), &transforms);
        // A person may turn the page again after it was straightened.
        transforms.push(Transform::Turn(afterwards));
        prop_assert_eq!(check(colour, (x, y), &transforms), seen);
    }
}

#[test]
fn most_markers_are_found_at_all() {
    let transforms = [
        Transform::Crop(Rectangle::new(10, 20, 600, 780)),
        Transform::Turn(QuarterTurn::Left),
        Transform::Deskew { angle_deg: 3.7 },
    ];
    assert!(check(true, (300, 400), &transforms));
    assert!(check(false, (200, 600), &transforms));
}

#[test]
fn nothing_to_do_changes_no_pixel() {
    let raw = grey(printed((800, 1100), 240, 20));
    assert_eq!(imaging::upright(&raw, &[]), raw);
    let turned = imaging::upright(&raw, &[Transform::Turn(QuarterTurn::Right)]);
    assert_eq!(
        turned,
        DynamicImage::ImageLuma8(image::imageops::rotate90(raw.as_luma8().unwrap()))
    );
    let half = imaging::upright(&raw, &[Transform::Turn(QuarterTurn::Half)]);
    assert_eq!(
        half,
        DynamicImage::ImageLuma8(image::imageops::rotate180(raw.as_luma8().unwrap()))
    );
    let left = imaging::upright(&raw, &[Transform::Turn(QuarterTurn::Left)]);
    assert_eq!(
        left,
        DynamicImage::ImageLuma8(image::imageops::rotate270(raw.as_luma8().unwrap()))
    );
}

#[test]
fn what_the_scan_does_not_show_is_white_and_grey_stays_grey() {
    let raw = DynamicImage::ImageLuma8(GrayImage::from_pixel(400, 600, Luma([0])));
    let transforms = [
        Transform::Crop(Rectangle::new(50, 50, 300, 500)),
        Transform::Deskew { angle_deg: 10.0 },
    ];
    let upright = imaging::upright(&raw, &transforms);
    let page = upright.as_luma8().expect("grey stays grey");
    assert_eq!(page.dimensions(), (300, 500));
    assert_eq!(
        page.get_pixel(1, 1).0[0],
        255,
        "the border outside the crop does not come back"
    );
    assert_eq!(page.get_pixel(150, 250).0[0], 0);
}

#[test]
fn even_paper_stays_even_when_straightened() {
    let raw = DynamicImage::ImageLuma8(GrayImage::from_pixel(500, 700, Luma([237])));
    let upright = imaging::upright(&raw, &[Transform::Deskew { angle_deg: 1.3 }]);
    let page = upright.as_luma8().unwrap();
    for y in 60..640 {
        for x in 60..440 {
            assert_eq!(page.get_pixel(x, y).0[0], 237);
        }
    }
}

#[test]
fn impossible_lists_are_obeyed_without_a_panic() {
    let raw = marked(true, (300, 400));
    for transforms in [
        vec![Transform::Deskew { angle_deg: 90.0 }],
        vec![Transform::Deskew { angle_deg: -200.0 }],
        vec![
            Transform::Deskew { angle_deg: 5.0 },
            Transform::Deskew { angle_deg: -5.0 },
        ],
        vec![Transform::Crop(Rectangle::new(600, 800, 100, 100))],
        vec![
            Transform::Crop(Rectangle::new(0, 0, 0, 0)),
            Transform::Deskew { angle_deg: 5.0 },
        ],
        vec![
            Transform::Crop(Rectangle::new(0, 0, 1, 1)),
            Transform::Deskew { angle_deg: 5.0 },
            Transform::Level,
        ],
    ] {
        let size = Size {
            width_px: 640,
            height_px: 820,
        };
        let expected = PageGeometry::new(size, &transforms).upright_size();
        let upright = imaging::upright(&raw, &transforms);
        assert_eq!(
            (upright.width(), upright.height()),
            (expected.width_px, expected.height_px),
            "{transforms:?}"
        );
    }
}

#[test]
fn the_same_page_gives_the_same_answer() {
    let page = skewed(&printed(A4, 200, 60), 2.3, 200);
    let raw = DynamicImage::ImageRgb8(tinted(&page, [255, 240, 210]));
    let once = imaging::clean(&raw, QuarterTurn::None, None);
    assert_eq!(once, imaging::clean(&raw, QuarterTurn::None, None));
    let upright = imaging::upright(&raw, &once.transforms);
    assert_eq!(upright, imaging::upright(&raw, &once.transforms));
    let reading = imaging::for_reading(&upright);
    assert_eq!(reading, imaging::for_reading(&upright));
    assert_eq!(imaging::barcodes(&reading), imaging::barcodes(&reading));
    assert_eq!(
        imaging::encode_jpeg(&upright, 80),
        imaging::encode_jpeg(&upright, 80)
    );
    assert_eq!(
        imaging::thumbnail(&upright, 200),
        imaging::thumbnail(&upright, 200)
    );
}

#[test]
fn pictures_without_a_pixel_and_slivers_are_survived() {
    for (width, height) in [(0, 0), (1, 1), (1, 3000), (3000, 1), (7, 9), (65, 65)] {
        let raw = DynamicImage::new_rgb8(width, height);
        let cleaned = imaging::clean(&raw, QuarterTurn::Right, None);
        let upright = imaging::upright(&raw, &cleaned.transforms);
        let reading = imaging::for_reading(&upright);
        assert_eq!(reading.dimensions(), (upright.width(), upright.height()));
        assert!(imaging::barcodes(&reading).is_empty());
        imaging::thumbnail(&upright, 100);
    }
}
