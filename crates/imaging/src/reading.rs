//! Evening out what lies behind the print: for the engines, and gently for the eye.

use std::borrow::Cow;

use domain::geometry::Size;
use image::{DynamicImage, GrayImage};

use crate::background::Background;
use crate::leaders;
use crate::noise;
use crate::pixels::{Pixels, View, per_pixel};
use crate::rules;
use crate::tones::Tones;
use crate::upright::Samples;
use crate::work::{Resolution, Work, resized};

/// Noise above this deviation is filtered; below it the filter would only cost
/// the dots of i and ạ.
const NOISY_DEVIATION: f32 = 7.0;

/// Above this one the median of nine pixels is itself noise, and only a blur helps.
const VERY_NOISY_DEVIATION: f32 = 16.0;

/// How much of the light that red ink sends back is put into the grey, in
/// 256ths. Red stamps lie over print and red titles stand alone: at this share a
/// stamp is lighter than the print under it, and a title still darker than paper.
const RED_SHARE: i32 = 184;

/// The picture that engines see: the same frame and size, grey; red ink
/// weakened, noise filtered where there is any, the paper made white and the ink
/// black, dotted and ruled lines taken out. A clean page comes out as it went in.
pub fn for_reading(upright: &DynamicImage) -> GrayImage {
    let mut grey = match Pixels::of(upright) {
        Pixels::Grey(image) => image.into_owned(),
        Pixels::Colour(image) => per_pixel(&image, |red, green, blue| {
            let (red, green, blue) = (i32::from(red), i32::from(green), i32::from(blue));
            let luma = (red * 77 + green * 150 + blue * 29) >> 8;
            (luma + (((red - luma).max(0) * RED_SHARE) >> 8)) as u8
        }),
    };
    if grey.width() == 0 || grey.height() == 0 {
        return grey;
    }
    let background = background_of(&grey);
    let deviation = noise::deviation(View::whole(&pixels_of(&grey)));
    if deviation > VERY_NOISY_DEVIATION {
        grey = noise::softened(&grey);
    } else if deviation > NOISY_DEVIATION {
        grey = noise::median(&grey);
    }
    let tones = Tones::of(View::whole(&pixels_of(&grey)), &background);
    let table = Stretch::for_engines(tones).table();
    let (width, height) = grey.dimensions();
    let gains = background.gains(width, height, 255.0, 4.0);
    let mut gain = vec![0_u16; width as usize];
    for (y, row) in (0_u32..).zip(grey.as_mut().chunks_exact_mut(width as usize)) {
        gains(y, &mut gain);
        for (sample, gain) in row.iter_mut().zip(&gain) {
            *sample = table[lifted(*sample, *gain)];
        }
    }
    leaders::erase(&mut grey);
    rules::erase(&mut grey);
    grey
}

fn lifted(sample: u8, gain: u16) -> usize {
    ((u32::from(sample) * u32::from(gain)) >> 8).min(255) as usize
}

fn background_of(grey: &GrayImage) -> Background {
    let size = Size {
        width_px: grey.width(),
        height_px: grey.height(),
    };
    Background::estimate(&Work::of(&pixels_of(grey), Resolution::of(size, None)).grey)
}

fn pixels_of(grey: &GrayImage) -> Pixels<'_> {
    Pixels::Grey(Cow::Borrowed(grey))
}

/// Evens out background and contrast in place, for people: the paper keeps its
/// tint, pictures are not blown up, and faint ink becomes darker.
pub(crate) fn level<const N: usize>(page: &mut Samples<'_, N>) {
    /// Paper is brought to this, a little below white: paper, not a hole.
    const PAPER: f32 = 248.0;
    /// Deep shadows are lifted this many times at most, or their noise would show.
    const LIMIT: f32 = 2.5;
    let (width, height) = (page.width, page.height);
    if width == 0 || height == 0 {
        return;
    }
    let factor = (width.max(height) / 1170).max(1);
    let small = ((width / factor).max(1), (height / factor).max(1));
    let reduced = resized(
        &page.values,
        (width, height),
        small,
        Samples::<N>::KIND,
        fast_image_resize::FilterType::Box,
    );
    // The brightest channel: tinted paper is not dark paper.
    let (pixels, _) = reduced.as_chunks::<N>();
    let brightest = pixels
        .iter()
        .map(|pixel| pixel.iter().copied().max().unwrap_or(255))
        .collect();
    let grey = GrayImage::from_raw(small.0, small.1, brightest).expect("one sample per pixel");
    let background = Background::estimate(&grey);
    let tones = Tones::of(View::whole(&pixels_of(&grey)), &background);
    let table = Stretch::for_people(tones).table();
    let gains = background.gains(width, height, PAPER, LIMIT);
    let mut gain = vec![0_u16; width as usize];
    let values = page.values.to_mut();
    for (y, row) in (0_u32..).zip(values.chunks_exact_mut(width as usize * N)) {
        gains(y, &mut gain);
        let (pixels, _) = row.as_chunks_mut::<N>();
        for (pixel, gain) in pixels.iter_mut().zip(&gain) {
            *pixel = pixel.map(|sample| table[lifted(sample, *gain)]);
        }
    }
}

/// What becomes black and what becomes white.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    black: f32,
    white: f32,
}

impl Stretch {
    fn for_engines(tones: Option<Tones>) -> Self {
        let Some(tones) = tones else {
            return Self {
                black: 0.0,
                white: 249.0,
            };
        };
        // Noise and texture of the paper become white.
        let white = tones.paper - (1.5 * tones.texture).clamp(6.0, 60.0);
        // Ink that is dark already keeps its soft edges.
        let black = if tones.ink > 80.0 {
            (tones.ink * 0.8).min(white - 40.0)
        } else {
            0.0
        };
        Self { black, white }
    }

    fn for_people(tones: Option<Tones>) -> Self {
        Self {
            black: tones.map_or(0.0, |tones| (tones.ink - 70.0).clamp(0.0, 110.0)),
            white: 248.0,
        }
    }

    fn table(self) -> [u8; 256] {
        std::array::from_fn(|level| {
            let share = (level as f32 - self.black) / (self.white - self.black);
            (share * 255.0).round().clamp(0.0, 255.0) as u8
        })
    }
}
