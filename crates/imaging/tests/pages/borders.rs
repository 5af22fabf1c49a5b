//! Dark scanner borders go; print stays.

use domain::geometry::{QuarterTurn, Rectangle, Transform};
use image::GrayImage;

use crate::draw::{A4, fill, grey, paper, printed, skewed};

fn crop_of(page: GrayImage) -> Option<Rectangle> {
    imaging::clean(&grey(page), QuarterTurn::None, Some(200))
        .transforms
        .into_iter()
        .find_map(|step| match step {
            Transform::Crop(area) => Some(area),
            _ => None,
        })
}

#[test]
fn a_page_without_borders_keeps_its_size() {
    assert_eq!(crop_of(printed(A4, 246, 30)), None);
    assert_eq!(crop_of(skewed(&printed(A4, 246, 30), 3.0, 246)), None);
}

#[test]
fn dark_bars_on_all_sides_go_to_the_pixel() {
    let mut page = printed(A4, 246, 30);
    fill(&mut page, 0, 0, 1654, 70, 10);
    fill(&mut page, 0, 2289, 1654, 50, 10);
    fill(&mut page, 0, 0, 44, 2339, 20);
    fill(&mut page, 1600, 0, 54, 2339, 20);
    let kept = crop_of(page).expect("four bars are certain");
    for (found, wanted) in [
        (kept.x, 44),
        (kept.y, 70),
        (kept.right(), 1600),
        (kept.bottom(), 2289),
    ] {
        assert!(found.abs_diff(wanted) <= 5, "{found} for {wanted}");
    }
    assert!(kept.x >= 44 && kept.y >= 70 && kept.right() <= 1600 && kept.bottom() <= 2289);
}

#[test]
fn a_small_paper_on_a_dark_lid_is_cut_out() {
    let mut page = paper(A4, 20);
    let small = printed((1200, 1650), 246, 30);
    image::imageops::overlay(&mut page, &small, 0, 0);
    let kept = crop_of(page).expect("a lid is certain");
    assert!(kept.right().abs_diff(1200) <= 5 && kept.bottom().abs_diff(1650) <= 5);
}

#[test]
fn a_dark_heading_with_light_print_is_kept() {
    let mut page = printed(A4, 246, 30);
    fill(&mut page, 0, 0, 1654, 160, 30);
    for x in (200..1400).step_by(40) {
        fill(&mut page, x, 50, 20, 60, 240);
    }
    assert_eq!(crop_of(page), None);
}

#[test]
fn print_next_to_a_bar_is_never_cut() {
    let mut page = printed(A4, 246, 30);
    fill(&mut page, 0, 0, 60, 1100, 10);
    fill(&mut page, 20, 1500, 14, 22, 30);
    assert_eq!(crop_of(page), None);
}
