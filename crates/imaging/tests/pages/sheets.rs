//! What happens to sheets of paper: corners that fold, two that go through as one.

use domain::geometry::QuarterTurn;
use domain::quality::QualityReason;
use image::{GrayImage, Luma, imageops};

use crate::draw::{A4, dust, grey, line, printed, skewed};

fn reasons(page: GrayImage, dpi: u32) -> Vec<QualityReason> {
    imaging::clean(&grey(page), QuarterTurn::None, Some(dpi))
        .quality
        .reasons
}

/// A corner folded along a line with these legs: what lies outside is lid or paper, and
/// the fold throws a shadow.
fn folded(page: &mut GrayImage, (across, down): (f32, f32), lid: u8, shadow: u8) {
    for y in 0..down as u32 + 6 {
        for x in 0..across as u32 + 6 {
            let (fx, fy) = (x as f32, y as f32);
            // Above 0 inside the sheet, in pixels square to the fold.
            let inside = (fx / across + fy / down - 1.0) * across * down / across.hypot(down);
            if inside < -2.0 {
                page.put_pixel(x, y, Luma([lid]));
            } else if inside <= 2.0 {
                page.put_pixel(x, y, Luma([shadow]));
            }
        }
    }
}

fn at_every_corner(page: &GrayImage) -> [GrayImage; 4] {
    [
        page.clone(),
        imageops::flip_horizontal(page),
        imageops::flip_vertical(page),
        imageops::rotate180(page),
    ]
}

#[test]
fn a_folded_corner_is_named_before_a_dark_and_a_light_lid() {
    for (legs, lid, shadow) in [
        ((200.0, 200.0), 20, 20),
        ((150.0, 300.0), 45, 30),
        ((400.0, 260.0), 30, 30),
        ((200.0, 200.0), 244, 120),
        ((330.0, 180.0), 250, 90),
        ((120.0, 140.0), 240, 110),
    ] {
        let mut page = printed(A4, 244, 30);
        folded(&mut page, legs, lid, shadow);
        for page in at_every_corner(&page) {
            assert_eq!(
                reasons(page, 200),
                [QualityReason::FoldedCorner],
                "{legs:?} before {lid}"
            );
        }
    }
}

#[test]
fn frames_stamps_wedges_and_print_at_a_corner_are_no_fold() {
    let clear = |page: GrayImage, what: &str| {
        for page in at_every_corner(&page) {
            let reasons = reasons(page, 200);
            assert!(
                !reasons.contains(&QualityReason::FoldedCorner),
                "{what}: {reasons:?}"
            );
        }
    };
    clear(printed(A4, 244, 30), "print");
    let mut framed = printed(A4, 244, 30);
    for at in 0..300 {
        for thick in 0..4 {
            framed.put_pixel(at, thick, Luma([30]));
            framed.put_pixel(thick, at, Luma([30]));
        }
    }
    clear(framed, "a frame");
    let mut wedge = printed(A4, 244, 30);
    folded(&mut wedge, (1200.0, 60.0), 20, 20);
    clear(wedge, "the wedge of a sheet that lies askew");
    let mut small = printed(A4, 244, 30);
    folded(&mut small, (40.0, 40.0), 20, 20);
    clear(small, "a dog-ear of 5 mm");
    let mut stamp = printed(A4, 244, 30);
    imageproc::drawing::draw_hollow_circle_mut(&mut stamp, (60, 60), 140, Luma([80]));
    clear(stamp, "a stamp over the corner");
    let mut dusty = printed(A4, 244, 30);
    dust(&mut dusty, 400, 60);
    clear(skewed(&dusty, 3.0, 244), "dust");
    let mut written = printed(A4, 244, 30);
    for base in (30..240).step_by(35) {
        line(&mut written, 0, 300, base, 30, base as u64);
    }
    clear(written, "print in the corner");
}

#[test]
fn a_sheet_as_long_as_two_is_suspected_and_known_formats_are_not() {
    let height = |mm: f32| (mm / 25.4 * 200.0) as u32;
    let check = |width: f32, length: f32, suspected: bool| {
        let found = reasons(printed((height(width), height(length)), 244, 30), 200);
        assert_eq!(
            found.contains(&QualityReason::DoubleFeed),
            suspected,
            "{width} × {length} mm"
        );
    };
    check(210.0, 297.0, false);
    check(210.0, 303.0, false);
    check(215.9, 279.4, false);
    check(215.9, 355.6, false);
    check(210.0, 330.2, false);
    check(148.0, 210.0, false);
    check(210.0, 316.0, true);
    check(210.0, 380.0, true);
    check(212.0, 480.0, true);
    check(297.0, 420.0, false);
}
