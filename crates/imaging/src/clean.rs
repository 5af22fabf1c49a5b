//! What has to be done to a raw page, and what is to be said of it.

use domain::geometry::{QuarterTurn, Rectangle, Size, Transform};
use domain::quality::{Quality, Verdict};
use image::{DynamicImage, GrayImage};

use crate::background::Background;
use crate::blank::is_blank;
use crate::border::paper_area;
use crate::ink::{blobs, flattened};
use crate::noise;
use crate::pixels::{Pixels, View};
use crate::quality::{Evidence, judge};
use crate::skew::{self, Skew};
use crate::tones::Tones;
use crate::work::{Resolution, Work};

/// Darker than this in a flattened picture is ink.
const INK: u8 = 212;

/// Smaller skews are neither seen nor felt by the engines.
const LEAST_SKEW_DEG: f32 = 0.15;

/// What cleaning found.
#[derive(Clone, Debug, PartialEq)]
pub struct Cleaned {
    /// From the raw image to the upright page: crop, turn, level, deskew, each
    /// only where needed.
    pub transforms: Vec<Transform>,
    /// Clockwise degrees by which the print was skewed before the deskew; 0 when
    /// that is not certain.
    pub skew_deg: f32,
    /// Whether nothing stands on the page.
    pub blank: bool,
    /// Whether the picture is good enough to stand for the paper.
    pub quality: Quality,
}

/// Finds borders, skew, blankness and quality of a raw page. `turn` makes it
/// upright; `dpi` is what the scanner said.
pub fn clean(raw: &DynamicImage, turn: QuarterTurn, dpi: Option<u32>) -> Cleaned {
    let size = Size {
        width_px: raw.width(),
        height_px: raw.height(),
    };
    if size.width_px == 0 || size.height_px == 0 {
        return nothing();
    }
    let pixels = Pixels::of(raw);
    let resolution = Resolution::of(size, dpi);
    let whole = Work::of(&pixels, resolution);
    let mut transforms = Vec::new();

    let paper = paper_area(&whole);
    let (work, seen) = match paper {
        Some(area) => {
            let crop = in_source(&whole, area, size);
            transforms.push(Transform::Crop(crop));
            (whole.cropped(area), crop)
        }
        None => (whole, Rectangle::new(0, 0, size.width_px, size.height_px)),
    };
    if turn != QuarterTurn::None {
        transforms.push(Transform::Turn(turn));
    }
    // Paper and tones are the same whichever way the sheet lies; lines and margins are not.
    let background = Background::estimate(&work.grey);
    let view = View::part(&pixels, seen);
    let tones = Tones::of(view, &background);
    let flat = Work {
        grey: flattened(&work.grey, &background),
        ..work
    }
    .turned(turn);
    let ink = blobs(&flat.grey, INK);
    let blank = is_blank(&flat, &ink);
    let skew_deg = if blank { 0.0 } else { sure_skew(&flat.grey) };
    // Before the deskew: the white corners that it brings in are no paper.
    if !blank && needs_level(&background, tones) {
        transforms.push(Transform::Level);
    }
    if skew_deg != 0.0 {
        transforms.push(Transform::Deskew {
            angle_deg: -skew_deg,
        });
    }
    let quality = judge(&Evidence {
        view,
        flat: &flat,
        resolution,
        background: &background,
        tones,
        noise_deviation: noise::deviation(view),
        blobs: &ink,
        skew_deg,
        blank,
        size: Size {
            width_px: seen.width,
            height_px: seen.height,
        },
    });
    Cleaned {
        transforms,
        skew_deg,
        blank,
        quality,
    }
}

/// The skew to be undone; 0 when it is small or not certain.
fn sure_skew(flat: &GrayImage) -> f32 {
    skew::measure(flat)
        .filter(Skew::is_sure)
        .map(|skew| skew.angle_deg)
        .filter(|angle| angle.abs() >= LEAST_SKEW_DEG)
        .unwrap_or(0.0)
}

/// A part of the work image in source pixels; cut lines are rounded inwards, so
/// that no rim of a bar stays.
fn in_source(work: &Work, area: Rectangle, size: Size) -> Rectangle {
    let low = |value: u32, scale: f32| (value as f32 * scale).ceil() as u32;
    let high = |value: u32, whole: u32, scale: f32, limit: u32| {
        if value == whole {
            limit
        } else {
            ((value as f32 * scale).floor() as u32).min(limit)
        }
    };
    let (width, height) = work.grey.dimensions();
    let (left, top) = (low(area.x, work.scale_x), low(area.y, work.scale_y));
    let right = high(area.right(), width, work.scale_x, size.width_px);
    let bottom = high(area.bottom(), height, work.scale_y, size.height_px);
    Rectangle::new(left, top, right - left, bottom - top)
}

/// Whether a person would want the picture evened out.
fn needs_level(background: &Background, tones: Option<Tones>) -> bool {
    /// Photographs and bars have edges; a shadow has none.
    const FEW_STEPS: usize = 8;
    let even = background.share(0.15) >= 0.78 * background.share(0.95);
    let uneven = !even && background.sudden_steps < FEW_STEPS;
    let dark = background.share(0.5) < 185.0;
    let faint = tones.is_some_and(|tones| tones.ink > 0.6 * tones.paper);
    uneven || dark || faint
}

/// A page without a pixel.
fn nothing() -> Cleaned {
    Cleaned {
        transforms: Vec::new(),
        skew_deg: 0.0,
        blank: true,
        quality: Quality {
            verdict: Verdict::Bad,
            reasons: Vec::new(),
        },
    }
}
