//! What counts as an empty side.

use domain::geometry::QuarterTurn;
use image::{DynamicImage, GrayImage, Luma};
use imageproc::drawing::draw_filled_circle_mut;

use crate::draw::{A4, dust, fill, grey, line, paper, printed, stamp, tinted};

fn is_blank(page: DynamicImage) -> bool {
    imaging::clean(&page, QuarterTurn::None, Some(200)).blank
}

#[test]
fn empty_paper_is_blank_whatever_its_colour() {
    assert!(is_blank(grey(paper(A4, 255))));
    assert!(is_blank(grey(paper(A4, 190))));
    let yellow = tinted(&paper(A4, 250), [255, 246, 205]);
    assert!(is_blank(DynamicImage::ImageRgb8(yellow)));
}

#[test]
fn dust_holes_borders_and_streaks_are_not_print() {
    let mut page = paper(A4, 244);
    dust(&mut page, 400, 90);
    draw_filled_circle_mut(&mut page, (90, 850), 24, Luma([25]));
    draw_filled_circle_mut(&mut page, (92, 1480), 24, Luma([25]));
    fill(&mut page, 0, 0, 1654, 60, 8);
    fill(&mut page, 1620, 0, 34, 2339, 12);
    fill(&mut page, 800, 0, 2, 2339, 140);
    assert!(is_blank(grey(page)));
}

#[test]
fn what_shines_through_from_the_other_side_is_not_print() {
    let back = printed(A4, 244, 205);
    let through: GrayImage = image::imageops::flip_horizontal(&back);
    assert!(is_blank(grey(imageproc::filter::gaussian_blur_f32(
        &through, 1.5
    ))));
}

#[test]
fn a_single_short_line_is_print() {
    let mut page = paper(A4, 244);
    line(&mut page, 700, 950, 1200, 40, 8);
    assert!(!is_blank(grey(page)));
}

#[test]
fn a_page_number_is_print() {
    let mut page = paper(A4, 244);
    // A "7", 13 pt high, where Decree 30/2020 puts it.
    fill(&mut page, 820, 110, 13, 3, 40);
    for step in 0..20 {
        fill(&mut page, 831 - step / 2, 110 + step, 3, 1, 40);
    }
    assert!(!is_blank(grey(page)));
}

#[test]
fn a_stamp_alone_is_print() {
    for ink in [[205, 60, 70], [60, 80, 190]] {
        let mut page = tinted(&paper(A4, 246), [255, 255, 255]);
        stamp(&mut page, (1200, 1900), ink);
        assert!(!is_blank(DynamicImage::ImageRgb8(page)), "{ink:?}");
    }
}

#[test]
fn a_faint_page_is_print() {
    assert!(!is_blank(grey(printed(A4, 235, 150))));
}
