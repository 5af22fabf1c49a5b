//! What the engines and what people are given to see.

use domain::geometry::{QuarterTurn, Transform};
use image::{DynamicImage, GrayImage, Luma};

use crate::draw::{A4, Chance, printed, skewed, stamp, tinted};

fn mean(page: &GrayImage, keep: impl Fn(u32, u32) -> bool) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for (x, y, pixel) in page.enumerate_pixels() {
        if keep(x, y) {
            sum += f64::from(pixel.0[0]);
            count += 1.0;
        }
    }
    sum / f64::max(count, 1.0)
}

#[test]
fn a_clean_page_comes_out_as_it_went_in() {
    let page = skewed(&printed(A4, 255, 0), 0.4, 255);
    let reading = imaging::for_reading(&DynamicImage::ImageLuma8(page.clone()));
    // Soft edges may become harder; no ink may come or go.
    let moved = page
        .pixels()
        .zip(reading.pixels())
        .filter(|(before, after)| (before.0[0] < 128) != (after.0[0] < 128))
        .count();
    assert!(moved * 500 < page.len(), "{moved} pixels changed sides");
}

#[test]
fn faint_noisy_print_in_a_shadow_becomes_black_on_white() {
    let clean = printed(A4, 255, 0);
    let mut chance = Chance::new(4);
    let faded = GrayImage::from_fn(A4.0, A4.1, |x, y| {
        let paper = 225.0 - 70.0 * (x as f32 / A4.0 as f32);
        let ink = 0.38 * (1.0 - f32::from(clean.get_pixel(x, y).0[0]) / 255.0);
        let noise = (0..3).map(|_| chance.pick(0, 17) as f32 - 8.0).sum::<f32>();
        Luma([(paper * (1.0 - ink) + noise).clamp(0.0, 255.0) as u8])
    });
    let reading = imaging::for_reading(&DynamicImage::ImageLuma8(faded));
    assert_eq!(reading.dimensions(), A4);
    let is_ink = |x: u32, y: u32| clean.get_pixel(x, y).0[0] < 128;
    let (ink, paper) = (mean(&reading, is_ink), mean(&reading, |x, y| !is_ink(x, y)));
    assert!(ink < 90.0 && paper > 243.0, "ink {ink}, paper {paper}");
    let right = |x: u32, y: u32| !is_ink(x, y) && x > A4.0 * 9 / 10;
    assert!(mean(&reading, right) > 243.0, "the shadow is gone");
}

#[test]
fn red_stamps_weaken_and_black_and_blue_print_stays() {
    let mut page = tinted(&printed(A4, 250, 25), [255, 255, 255]);
    let clean = page.clone();
    stamp(&mut page, (820, 1200), [200, 45, 60]);
    // In pieces, for an unbroken stroke would be a ruled line.
    for x in (300..700).filter(|x| x % 100 < 60) {
        for y in 2150..2156 {
            page.put_pixel(x, y, image::Rgb([40, 60, 160]));
        }
    }
    let reading = imaging::for_reading(&DynamicImage::ImageRgb8(page.clone()));
    let is_red = |x: u32, y: u32| {
        page.get_pixel(x, y).0 == [200, 45, 60] && clean.get_pixel(x, y).0[0] > 200
    };
    let is_black = |x: u32, y: u32| page.get_pixel(x, y).0[0] < 40 && y < 2100;
    let is_blue = |x: u32, y: u32| page.get_pixel(x, y).0 == [40, 60, 160];
    let (red, black, blue) = (
        mean(&reading, is_red),
        mean(&reading, is_black),
        mean(&reading, is_blue),
    );
    assert!(red > 140.0, "a stamp over print is light: {red}");
    assert!(red < 225.0, "a red title can still be read: {red}");
    assert!(black < 40.0 && blue < 90.0, "black {black}, blue {blue}");
}

#[test]
fn an_even_bright_page_is_not_levelled_and_a_shadowed_one_is() {
    let page = printed(A4, 240, 40);
    let cleaned = imaging::clean(
        &DynamicImage::ImageLuma8(page.clone()),
        QuarterTurn::None,
        Some(200),
    );
    assert!(!cleaned.transforms.contains(&Transform::Level));

    let shadowed = GrayImage::from_fn(A4.0, A4.1, |x, y| {
        let light = 1.0 - 0.5 * (x as f32 / A4.0 as f32);
        Luma([(f32::from(page.get_pixel(x, y).0[0]) * light) as u8])
    });
    let raw = DynamicImage::ImageLuma8(shadowed);
    let cleaned = imaging::clean(&raw, QuarterTurn::None, Some(200));
    assert_eq!(cleaned.transforms, [Transform::Level]);
    let upright = imaging::upright(&raw, &cleaned.transforms).to_luma8();
    let paper_at = |from: u32, to: u32| mean(&upright, |x, y| (from..to).contains(&x) && y < 200);
    let (left, right) = (paper_at(20, 120), paper_at(1530, 1630));
    assert!(left > 235.0 && right > 235.0, "left {left}, right {right}");
}

#[test]
fn level_keeps_the_tint_of_the_paper() {
    let raw = DynamicImage::ImageRgb8(tinted(&printed(A4, 170, 40), [255, 240, 200]));
    let upright = imaging::upright(&raw, &[Transform::Level]).to_rgb8();
    let [red, green, blue] = upright.get_pixel(60, 60).0;
    assert!(
        red > green && green > blue && red > 240,
        "{red} {green} {blue}"
    );
}
