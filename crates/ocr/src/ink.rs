//! Pixels as the models want them: ink maps, 0 = paper, 1 = ink.

use domain::geometry::Rectangle;
use image::GrayImage;

/// Percentiles and factor that tell light print on a dark ground: the bright
/// tail of the greys is then the longer one.
const TAILS: (f32, f32) = (0.02, 0.98);

/// An ink map, row by row.
#[derive(Clone, Debug)]
pub(crate) struct InkMap {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<f32>,
}

/// A window on the page in whole pixels. It may reach over the edges of the
/// page; what lies outside is paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) width: usize,
    pub(crate) height: usize,
}

impl Window {
    /// The whole page.
    pub(crate) fn whole(page: &GrayImage) -> Self {
        Self {
            x: 0,
            y: 0,
            width: page.width() as usize,
            height: page.height() as usize,
        }
    }
}

/// Resamples a window of the page to `width` × `height` ink. Shrinking averages
/// over the exact area of each new pixel, growing interpolates: the models were
/// trained on such images, and a sharper filter costs them letters.
/// `light_on_dark` swaps ink and paper, outside the page too.
pub(crate) fn sample(
    page: &GrayImage,
    window: Window,
    width: usize,
    height: usize,
    light_on_dark: bool,
) -> InkMap {
    let across = taps(window.x, window.width, page.width() as usize, width);
    let down = taps(window.y, window.height, page.height() as usize, height);
    let ink_of: Vec<f32> = (0..=255u16)
        .map(|grey| {
            let ink = 1.0 - f32::from(grey) / 255.0;
            if light_on_dark { 1.0 - ink } else { ink }
        })
        .collect();
    let stride = page.width() as usize;
    let pixels = page.as_raw();
    let mut map = vec![0.0f32; width * height];
    let mut row_ink = vec![0.0f32; width];
    let mut row_done = usize::MAX;
    // Rows of the page are squeezed one at a time and added to the rows of the
    // map that they fall into; a row may fall into two neighbouring ones.
    for (y, tap) in down.iter().enumerate() {
        for (offset, weight) in tap.weights.iter().enumerate() {
            let source = tap.start + offset;
            if source != row_done {
                let row = &pixels[source * stride..(source + 1) * stride];
                for (ink, tap) in row_ink.iter_mut().zip(&across) {
                    *ink = tap
                        .weights
                        .iter()
                        .zip(&row[tap.start..])
                        .map(|(weight, grey)| weight * ink_of[usize::from(*grey)])
                        .sum();
                }
                row_done = source;
            }
            for (ink, part) in map[y * width..(y + 1) * width].iter_mut().zip(&row_ink) {
                *ink += weight * part;
            }
        }
    }
    InkMap {
        width,
        height,
        pixels: map,
    }
}

/// Whether the print in this area of the page is lighter than its ground.
pub(crate) fn is_light_on_dark(page: &GrayImage, area: &Rectangle) -> bool {
    let mut histogram = [0usize; 256];
    let stride = page.width() as usize;
    for y in area.y..area.bottom().min(page.height()) {
        let start = y as usize * stride;
        for grey in &page.as_raw()[start + area.x as usize..start + area.right() as usize] {
            histogram[usize::from(*grey)] += 1;
        }
    }
    let total: usize = histogram.iter().sum();
    let percentile = |share: f32| {
        let rank = (share * total as f32) as usize;
        let mut below = 0;
        histogram
            .iter()
            .position(|count| {
                below += count;
                below > rank
            })
            .unwrap_or(255) as i32
    };
    let (low, middle, high) = (percentile(TAILS.0), percentile(0.5), percentile(TAILS.1));
    high - middle > 2 * (middle - low) + 8
}

/// Which pixels of the page, and how much of each, make one new pixel.
struct Tap {
    start: usize,
    weights: Vec<f32>,
}

fn taps(origin: i64, extent: usize, limit: usize, count: usize) -> Vec<Tap> {
    let step = extent as f64 / count as f64;
    (0..count)
        .map(|index| {
            let mut tap = Tap {
                start: 0,
                weights: Vec::new(),
            };
            let mut add = |position: i64, weight: f64| {
                let at = position + origin;
                if weight > 1e-9 && at >= 0 && (at as usize) < limit {
                    if tap.weights.is_empty() {
                        tap.start = at as usize;
                    }
                    tap.weights.push(weight as f32);
                }
            };
            if step > 1.0 {
                let (low, high) = (index as f64 * step, (index + 1) as f64 * step);
                for position in low.floor() as i64..high.ceil() as i64 {
                    let covered = high.min((position + 1) as f64) - low.max(position as f64);
                    add(position, covered / step);
                }
            } else {
                let centre = ((index as f64 + 0.5) * step - 0.5).clamp(0.0, extent as f64 - 1.0);
                let left = centre.floor();
                add(left as i64, 1.0 - (centre - left));
                add(left as i64 + 1, centre - left);
            }
            tap
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn shrinking_averages_over_exact_areas_and_outside_is_paper() {
        let page = GrayImage::from_fn(6, 2, |x, _| Luma([if x < 3 { 0 } else { 255 }]));
        let map = sample(&page, Window::whole(&page), 4, 1, false);
        assert_eq!(map.pixels, [1.0, 1.0, 0.0, 0.0]);
        let around = Window {
            x: -2,
            y: -1,
            width: 4,
            height: 4,
        };
        let map = sample(&page, around, 2, 2, false);
        assert_eq!(map.pixels, [0.0, 0.5, 0.0, 0.5]);
    }

    #[test]
    fn growing_interpolates() {
        let page = GrayImage::from_fn(2, 1, |x, _| Luma([if x == 0 { 0 } else { 255 }]));
        let map = sample(&page, Window::whole(&page), 4, 1, false);
        assert_eq!(map.pixels, [1.0, 0.75, 0.25, 0.0]);
    }

    #[test]
    fn light_print_on_dark_ground_is_ink() {
        let page = GrayImage::from_pixel(2, 2, Luma([255]));
        let map = sample(&page, Window::whole(&page), 2, 2, true);
        assert_eq!(map.pixels, [1.0; 4]);
    }
}
