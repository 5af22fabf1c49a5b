//! How noisy a picture is, and the filter against it.

use image::GrayImage;

use crate::pixels::View;

/// Side of the patches that are looked at.
const PATCH: usize = 16;

/// Patches across and down.
const PATCHES: usize = 40;

/// The standard deviation of the noise on the paper, in grey levels.
///
/// Measured in small patches by a mask that answers neither to slopes nor to
/// straight edges (Immerkær 1996); of all patches the quieter third counts,
/// because the others hold print.
pub(crate) fn deviation(view: View<'_>) -> f32 {
    let (width, height) = (view.width() as usize, view.height() as usize);
    if width < 4 * PATCH || height < 4 * PATCH {
        return 0.0;
    }
    let places = |length: usize| {
        let count = PATCHES.min(length / PATCH);
        (0..count).map(move |at| at * (length - PATCH) / count)
    };
    let mut deviations = Vec::with_capacity(PATCHES * PATCHES);
    let mut band = vec![0_u8; width * PATCH];
    for top in places(height) {
        for (y, row) in (top as u32..).zip(band.chunks_exact_mut(width)) {
            view.row(y, row);
        }
        deviations.extend(places(width).map(|left| patch_deviation(&band, width, left)));
    }
    deviations.sort_by(f32::total_cmp);
    deviations[deviations.len() / 3]
}

fn patch_deviation(band: &[u8], width: usize, left: usize) -> f32 {
    let at = |x: usize, y: usize| i32::from(band[y * width + x]);
    let mut sum = 0;
    for y in 1..PATCH - 1 {
        for x in left + 1..left + PATCH - 1 {
            let corners = at(x - 1, y - 1) + at(x + 1, y - 1) + at(x - 1, y + 1) + at(x + 1, y + 1);
            let sides = at(x, y - 1) + at(x - 1, y) + at(x + 1, y) + at(x, y + 1);
            sum += (corners - 2 * sides + 4 * at(x, y)).abs();
        }
    }
    let count = ((PATCH - 2) * (PATCH - 2)) as f32;
    sum as f32 / count * (std::f32::consts::FRAC_PI_2.sqrt() / 6.0)
}

/// The middle value of every three by three pixels; the outermost pixels stay.
pub(crate) fn median(image: &GrayImage) -> GrayImage {
    let (width, height) = image.dimensions();
    let row = width as usize;
    if width < 3 || height < 3 {
        return image.clone();
    }
    let mut out = image.clone();
    let source = image.as_raw();
    let mut low = vec![0_u8; row];
    let mut middle = vec![0_u8; row];
    let mut high = vec![0_u8; row];
    let target = out.as_mut().chunks_exact_mut(row).skip(1);
    for (window, target) in source.windows(3 * row).step_by(row).zip(target) {
        let (above, rest) = window.split_at(row);
        let (here, below) = rest.split_at(row);
        // Sorts each column of three; whole rows at a time, so that the
        // compiler can do it in vectors.
        for x in 0..row {
            let (a, b, c) = (above[x], here[x], below[x]);
            let (least, most) = (a.min(b), a.max(b));
            low[x] = least.min(c);
            high[x] = most.max(c);
            middle[x] = least.max(most.min(c));
        }
        // The median of nine is the median of: the largest low, the median
        // middle, the smallest high.
        for (x, sample) in target[1..row - 1].iter_mut().enumerate() {
            let largest_low = low[x].max(low[x + 1]).max(low[x + 2]);
            let smallest_high = high[x].min(high[x + 1]).min(high[x + 2]);
            let middle = median_of(middle[x], middle[x + 1], middle[x + 2]);
            *sample = median_of(largest_low, middle, smallest_high);
        }
    }
    out
}

fn median_of(a: u8, b: u8, c: u8) -> u8 {
    a.min(b).max(a.max(b).min(c))
}

/// A blur of one pixel's width (σ = 1), by two passes of the weights 1, 2, 1.
pub(crate) fn softened(image: &GrayImage) -> GrayImage {
    let (width, height) = image.dimensions();
    let row = width as usize;
    if width < 3 || height < 3 {
        return image.clone();
    }
    let mut out = image.clone();
    let source = image.as_raw();
    // Twice (1, 2, 1) is (1, 4, 6, 4, 1): columns first, over whole rows.
    let line = |y: usize| &source[y * row..(y + 1) * row];
    let last = height as usize - 1;
    let mut column = vec![0_u16; row];
    for (y, target) in out.as_mut().chunks_exact_mut(row).enumerate() {
        let (a, b) = (line(y.saturating_sub(2)), line(y.saturating_sub(1)));
        let (d, e) = (line((y + 1).min(last)), line((y + 2).min(last)));
        for (x, sum) in column.iter_mut().enumerate() {
            let outer = u16::from(a[x]) + u16::from(e[x]);
            let inner = u16::from(b[x]) + u16::from(d[x]);
            *sum = outer + 4 * inner + 6 * u16::from(line(y)[x]);
        }
        for (five, sample) in column.array_windows::<5>().zip(&mut target[2..]) {
            let five = five.map(u32::from);
            let sum = five[0] + five[4] + 4 * (five[1] + five[3]) + 6 * five[2];
            *sample = ((sum + 128) >> 8) as u8;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::Pixels;
    use image::Luma;
    use std::borrow::Cow;

    /// Noise without a random number generator: a fixed mixing of the place.
    fn mixed(x: u32, y: u32) -> f32 {
        let mut sum = 0.0;
        for salt in 0..4_u32 {
            let mut value = x.wrapping_mul(0x9E37_79B9) ^ y.wrapping_mul(0x85EB_CA6B) ^ (salt << 7);
            value = (value ^ (value >> 15)).wrapping_mul(0x2C1B_3C6D);
            value = (value ^ (value >> 12)).wrapping_mul(0x297A_2D39);
            sum += ((value ^ (value >> 15)) & 0xFFFF) as f32 / 65535.0 - 0.5;
        }
        sum * 3.0_f32.sqrt()
    }

    #[test]
    fn the_noise_that_was_put_in_is_found() {
        for put_in in [0.0, 5.0, 20.0] {
            let page = GrayImage::from_fn(800, 800, |x, y| {
                Luma([(150.0 + put_in * mixed(x, y)).round().clamp(0.0, 255.0) as u8])
            });
            let found = deviation(View::whole(&Pixels::Grey(Cow::Borrowed(&page))));
            assert!(
                (found - put_in).abs() < 1.0 + put_in * 0.1,
                "{put_in}: {found}"
            );
        }
    }

    #[test]
    fn the_median_takes_specks_and_leaves_edges() {
        let mut page = GrayImage::from_fn(20, 20, |x, _| Luma([if x < 10 { 0 } else { 255 }]));
        let clean = page.clone();
        page.put_pixel(15, 5, Luma([0]));
        page.put_pixel(4, 12, Luma([255]));
        assert_eq!(median(&page), clean);
    }
}
