//! How exactly skew is found, and when it is left alone.

use domain::geometry::{QuarterTurn, Transform};
use image::{DynamicImage, Luma};
use imageproc::drawing::{draw_filled_ellipse_mut, draw_hollow_circle_mut};

use crate::draw::{A4, Chance, grey, line, paper, printed, skewed};

fn deskews(page: &DynamicImage) -> (f32, Vec<Transform>) {
    let cleaned = imaging::clean(page, QuarterTurn::None, Some(200));
    (cleaned.skew_deg, cleaned.transforms)
}

#[test]
fn skew_is_found_to_a_sixth_of_a_degree() {
    let page = printed(A4, 246, 30);
    let mut worst = 0.0_f32;
    for tenths in (-150..=150).step_by(20) {
        let put_in = tenths as f32 / 10.0;
        let (found, transforms) = deskews(&grey(skewed(&page, put_in, 246)));
        worst = worst.max((found - put_in).abs());
        assert!(
            (found - put_in).abs() <= 0.15,
            "skewed by {put_in}°, found {found}°"
        );
        assert_eq!(
            transforms.first(),
            Some(&Transform::Deskew { angle_deg: -found }),
            "the deskew undoes what was found"
        );
    }
    println!("worst error {worst:.3}°");
}

#[test]
fn a_straight_page_is_not_turned() {
    let (found, transforms) = deskews(&grey(printed(A4, 246, 30)));
    assert_eq!((found, transforms), (0.0, Vec::new()));
}

#[test]
fn the_skew_is_measured_in_the_turned_frame() {
    let page = skewed(&printed(A4, 246, 30), 2.0, 246);
    let sideways = DynamicImage::ImageLuma8(image::imageops::rotate270(&page));
    let cleaned = imaging::clean(&sideways, QuarterTurn::Right, Some(200));
    assert!(
        (cleaned.skew_deg - 2.0).abs() <= 0.15,
        "{}",
        cleaned.skew_deg
    );
    assert_eq!(cleaned.transforms[0], Transform::Turn(QuarterTurn::Right));
}

#[test]
fn a_single_short_line_does_not_turn_the_page() {
    let mut page = paper(A4, 246);
    line(&mut page, 600, 1000, 400, 30, 3);
    assert_eq!(deskews(&grey(skewed(&page, 4.0, 246))).0, 0.0);
}

#[test]
fn a_stamp_and_a_signature_do_not_turn_the_page() {
    let mut page = paper(A4, 246);
    for radius in 110..118 {
        draw_hollow_circle_mut(&mut page, (900, 1500), radius, Luma([60]));
    }
    let mut chance = Chance::new(5);
    let (mut x, mut y) = (700_i32, 1800_i32);
    for _ in 0..300 {
        draw_filled_ellipse_mut(&mut page, (x, y), 3, 3, Luma([40]));
        x += chance.pick(0, 4) as i32;
        y += chance.pick(0, 9) as i32 - 4;
    }
    assert_eq!(deskews(&grey(page)).0, 0.0);
}

#[test]
fn scattered_marks_do_not_turn_the_page() {
    let mut page = paper(A4, 246);
    let mut chance = Chance::new(9);
    for _ in 0..1500 {
        let (x, y) = (chance.pick(50, 1600) as i32, chance.pick(50, 2280) as i32);
        let (width, height) = (chance.pick(3, 9) as i32, chance.pick(3, 9) as i32);
        draw_filled_ellipse_mut(&mut page, (x, y), width, height, Luma([40]));
    }
    assert_eq!(deskews(&grey(page)).0, 0.0);
}
