//! When a paper was laid and the hand is gone.
//!
//! Pictures are compared small and without their common brightness, since a camera
//! changes its exposure by itself and a lamp flickers.

use std::time::Duration;

use image::imageops::{FilterType, resize};
use image::{DynamicImage, GrayImage};

/// As long nothing may move before a page is taken.
const QUIET: Duration = Duration::from_millis(600);

/// Width in which pictures are compared, in pixels: two millimetres of a table are one.
const WIDTH: u32 = 200;

/// A pixel that changed by more than this is no noise, in levels.
const LEVEL: i32 = 12;

/// A hand covers far more, a page that was pushed a little about as much.
const MOVED_SHARE: f32 = 0.004;

/// What was laid anew differs at its edges or in its print.
const NEW_SHARE: f32 = 0.003;

/// What was seen so far.
#[derive(Debug, Default)]
pub(super) struct Stillness {
    last: Option<GrayImage>,
    quiet_since: Option<Duration>,
    taken: Option<GrayImage>,
    /// Something moved since a page was taken.
    moved: bool,
    is_new: bool,
}

impl Stillness {
    /// Sees the picture of this moment. Says whether it has been quiet for long enough,
    /// and whether what lies there differs from what was taken last.
    pub(super) fn see(&mut self, at: Duration, picture: &DynamicImage) -> (bool, bool) {
        let now = small(picture);
        let moves = self
            .last
            .as_ref()
            .is_none_or(|last| changed(last, &now) > MOVED_SHARE);
        if moves {
            self.quiet_since = None;
            self.moved = true;
        }
        let since = *self.quiet_since.get_or_insert(at);
        let is_quiet = !moves && at.saturating_sub(since) >= QUIET;
        self.is_new = match &self.taken {
            None => true,
            Some(taken) => self.moved && changed(taken, &now) > NEW_SHARE,
        };
        if is_quiet && !self.is_new {
            // The hand came and went, and the same paper lies there as before.
            self.moved = false;
        }
        self.last = Some(now);
        (is_quiet, self.is_new)
    }

    /// What was seen last is a page now.
    pub(super) fn taken(&mut self) {
        self.taken.clone_from(&self.last);
        self.moved = false;
        self.is_new = false;
    }

    /// Whether what lies there was taken.
    pub(super) fn is_taken(&self) -> bool {
        !self.is_new
    }
}

fn small(picture: &DynamicImage) -> GrayImage {
    let height = (picture.height() * WIDTH / picture.width().max(1)).max(1);
    resize(&picture.to_luma8(), WIDTH, height, FilterType::Triangle)
}

/// The share of pixels that changed by more than all of them did.
fn changed(before: &GrayImage, after: &GrayImage) -> f32 {
    if before.dimensions() != after.dimensions() {
        return 1.0;
    }
    let steps = || {
        let pairs = before.as_raw().iter().zip(after.as_raw());
        pairs.map(|(before, after)| i32::from(*after) - i32::from(*before))
    };
    let count = before.as_raw().len().max(1);
    let mut sorted: Vec<i32> = steps().collect();
    // The middle step: what is laid on a part of the picture does not shift it.
    let (_, common, _) = sorted.select_nth_unstable(count / 2);
    let common = *common;
    let moved = steps().filter(|step| (step - common).abs() > LEVEL).count();
    moved as f32 / count as f32
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;

    /// A dark table, and on it what a test lays there.
    fn table() -> RgbImage {
        RgbImage::from_pixel(400, 300, Rgb([50, 50, 50]))
    }

    fn paper(at: u32, lines: u32) -> RgbImage {
        let mut picture = table();
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            if (at..at + 150).contains(&x) && (40..250).contains(&y) {
                let is_line = y % 20 < 6 && (y - 40) / 20 < lines && x > at + 20 && x < at + 130;
                *pixel = if is_line { Rgb([40; 3]) } else { Rgb([240; 3]) };
            }
        }
        picture
    }

    fn hand(mut under: RgbImage, reach: u32) -> RgbImage {
        for (x, y, pixel) in under.enumerate_pixels_mut() {
            if x > 400 - reach && (100..180).contains(&y) {
                *pixel = Rgb([180, 130, 100]);
            }
        }
        under
    }

    /// Shows pictures ten times a second, and says at which of them a page is taken.
    fn taken(pictures: &[RgbImage]) -> Vec<usize> {
        let mut stillness = Stillness::default();
        let mut taken = Vec::new();
        for (number, picture) in pictures.iter().enumerate() {
            let at = Duration::from_millis(100 * number as u64);
            let (is_quiet, is_new) = stillness.see(at, &picture.clone().into());
            if is_quiet && is_new {
                stillness.taken();
                taken.push(number);
            }
        }
        taken
    }

    fn held(picture: &RgbImage, times: usize) -> Vec<RgbImage> {
        vec![picture.clone(); times]
    }

    fn reaching(under: &RgbImage) -> Vec<RgbImage> {
        let steps = [60, 120, 180, 240, 180, 120, 60];
        steps.map(|reach| hand(under.clone(), reach)).to_vec()
    }

    #[test]
    fn a_paper_is_taken_once_when_the_hand_is_gone() {
        let page = paper(120, 6);
        let pictures = [reaching(&page), held(&page, 40)].concat();
        assert_eq!(taken(&pictures), [13], "0.6 s after the hand left");
    }

    #[test]
    fn another_paper_is_taken_and_the_same_one_is_not() {
        let (page, same_place, moved) = (paper(120, 6), paper(120, 7), paper(124, 6));
        for (next, pages) in [(&page, 1), (&same_place, 2), (&moved, 2)] {
            let pictures = [held(&page, 10), reaching(&page), held(next, 10)].concat();
            assert_eq!(taken(&pictures).len(), pages);
        }
    }

    #[test]
    fn a_picture_that_only_grows_darker_is_the_same() {
        let page = paper(120, 6);
        let darker = |by: u8| {
            let mut picture = page.clone();
            for pixel in picture.pixels_mut() {
                *pixel = Rgb(pixel.0.map(|value| value.saturating_sub(by)));
            }
            picture
        };
        let slowly: Vec<RgbImage> = (0..40).map(darker).collect();
        assert_eq!(
            taken(&[held(&page, 10), slowly, held(&darker(39), 10)].concat()).len(),
            1
        );
    }

    #[test]
    fn what_moves_all_the_time_is_never_taken() {
        let pictures: Vec<RgbImage> = (0..60).map(|step| paper(60 + 5 * (step % 12), 6)).collect();
        assert!(taken(&pictures).is_empty());
    }
}
