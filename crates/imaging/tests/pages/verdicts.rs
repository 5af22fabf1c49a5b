//! Office pages are good; each fault is named.

use domain::geometry::QuarterTurn;
use domain::quality::{QualityReason, Verdict};
use image::{DynamicImage, GrayImage, Luma};
use imageproc::filter::gaussian_blur_f32;

use crate::draw::{A4, Chance, fill, grey, line, printed, skewed, stamp, tinted};

fn judged(page: DynamicImage, dpi: Option<u32>) -> (Verdict, Vec<QualityReason>) {
    let quality = imaging::clean(&page, QuarterTurn::None, dpi).quality;
    (quality.verdict, quality.reasons)
}

fn good() -> (Verdict, Vec<QualityReason>) {
    (Verdict::Good, Vec::new())
}

#[test]
fn office_pages_are_good() {
    assert_eq!(judged(grey(printed(A4, 255, 0)), Some(200)), good());
    assert_eq!(judged(grey(printed(A4, 236, 60)), None), good());
    let soft = gaussian_blur_f32(&printed(A4, 240, 40), 0.8);
    assert_eq!(
        judged(grey(soft), Some(200)),
        good(),
        "the softness of a scanner's optics"
    );
    assert_eq!(
        judged(grey(skewed(&printed(A4, 240, 40), 3.0, 240)), Some(200)),
        good()
    );
    let mut coloured = tinted(&printed(A4, 245, 40), [255, 250, 230]);
    stamp(&mut coloured, (1100, 1800), [200, 40, 60]);
    assert_eq!(judged(DynamicImage::ImageRgb8(coloured), Some(200)), good());
    let mut short = GrayImage::from_pixel(A4.0, A4.1, Luma([245]));
    line(&mut short, 300, 900, 500, 40, 2);
    assert_eq!(judged(grey(short), Some(200)), good());
}

#[test]
fn too_few_pixels_are_named() {
    let small = image::imageops::resize(
        &printed(A4, 245, 30),
        1240,
        1754,
        image::imageops::FilterType::Triangle,
    );
    let (verdict, reasons) = judged(grey(small.clone()), None);
    assert_eq!(
        (verdict, reasons),
        (Verdict::Doubtful, vec![QualityReason::LowResolution])
    );
    assert_eq!(judged(grey(small), Some(150)).0, Verdict::Doubtful);
}

#[test]
fn a_resolution_that_cannot_be_is_not_believed() {
    assert_eq!(judged(grey(printed(A4, 245, 30)), Some(72)), good());
}

#[test]
fn soft_edges_are_named() {
    let blurred = gaussian_blur_f32(&printed(A4, 245, 30), 3.0);
    assert!(
        judged(grey(blurred), Some(200))
            .1
            .contains(&QualityReason::Blurred)
    );
}

#[test]
fn faint_print_is_named() {
    assert_eq!(
        judged(grey(printed(A4, 240, 185)), Some(200)).1,
        [QualityReason::Faint]
    );
}

#[test]
fn a_dark_page_is_named() {
    assert_eq!(
        judged(grey(printed(A4, 95, 5)), Some(200)).1,
        [QualityReason::Dark]
    );
}

#[test]
fn noise_is_named() {
    let mut chance = Chance::new(8);
    let mut page = printed(A4, 200, 30);
    for pixel in page.pixels_mut() {
        let noise = (0..4).map(|_| chance.pick(0, 41) as i32 - 20).sum::<i32>();
        pixel.0[0] = (i32::from(pixel.0[0]) + noise).clamp(0, 255) as u8;
    }
    assert!(
        judged(grey(page), Some(200))
            .1
            .contains(&QualityReason::Noisy)
    );
}

#[test]
fn a_sheet_that_leaves_the_frame_is_named() {
    let page = skewed(&printed(A4, 245, 30), 15.0, 245);
    assert_eq!(judged(grey(page), Some(200)).1, [QualityReason::Skewed]);
}

#[test]
fn print_that_the_edge_cuts_is_named_and_a_mark_at_the_edge_is_not() {
    let page = printed(A4, 245, 30);
    let cut = image::imageops::crop_imm(&page, 209, 0, A4.0 - 209, A4.1).to_image();
    assert_eq!(judged(grey(cut), Some(200)).1, [QualityReason::CutOff]);
    let mut marked = page;
    fill(&mut marked, 0, 700, 12, 20, 30);
    assert_eq!(judged(grey(marked), Some(200)), good());
}
