//! A piece of the page in two values, ink and paper, for measuring gaps and strokes.

use domain::geometry::Rectangle;
use image::GrayImage;

/// With less contrast than this between ink and paper there is no ink, only noise.
const LEAST_CONTRAST: u8 = 40;

/// A two-valued piece of the page.
#[derive(Clone, Debug)]
pub(crate) struct Strip {
    pub(crate) area: Rectangle,
    ink: Vec<bool>,
}

impl Strip {
    /// Cuts the area out of the page and separates ink from paper at the
    /// threshold that parts the two best (Otsu). The area is cut to the page.
    /// The more frequent value is taken for paper, so light print on a dark
    /// band comes out as ink too.
    pub(crate) fn cut(page: &GrayImage, area: &Rectangle) -> Self {
        let all = Rectangle::new(0, 0, page.width(), page.height());
        let area = area.intersection(&all).unwrap_or_default();
        let stride = page.width() as usize;
        let rows = (area.y..area.bottom()).map(|y| {
            let start = y as usize * stride + area.x as usize;
            &page.as_raw()[start..start + area.width as usize]
        });
        let mut histogram = [0u32; 256];
        for row in rows.clone() {
            for grey in row {
                histogram[usize::from(*grey)] += 1;
            }
        }
        let ink = match threshold(&histogram) {
            None => vec![false; (area.width * area.height) as usize],
            Some(threshold) => {
                let dark: u32 = histogram[..=usize::from(threshold)].iter().sum();
                let ink_is_dark = u64::from(dark) * 2 <= area.area();
                rows.flatten()
                    .map(|grey| (*grey <= threshold) == ink_is_dark)
                    .collect()
            }
        };
        Self { area, ink }
    }

    pub(crate) fn width(&self) -> usize {
        self.area.width as usize
    }

    pub(crate) fn height(&self) -> usize {
        self.area.height as usize
    }

    /// Whether there is ink at a place counted from the strip's own corner.
    pub(crate) fn is_ink(&self, x: usize, y: usize) -> bool {
        self.ink[y * self.width() + x]
    }

    /// Which columns hold ink.
    pub(crate) fn inked_columns(&self) -> Vec<bool> {
        let mut columns = vec![false; self.width()];
        if columns.is_empty() {
            return columns;
        }
        for row in self.ink.chunks_exact(self.width()) {
            for (column, ink) in columns.iter_mut().zip(row) {
                *column |= ink;
            }
        }
        columns
    }
}

/// The longest runs of `false`, each as (start, end), in order.
pub(crate) fn gaps(columns: &[bool]) -> Vec<(usize, usize)> {
    let mut gaps = Vec::new();
    let mut start = None;
    for (x, inked) in columns.iter().chain([&true]).enumerate() {
        match (inked, start) {
            (false, None) => start = Some(x),
            (true, Some(from)) => {
                gaps.push((from, x));
                start = None;
            }
            _ => {}
        }
    }
    gaps
}

/// Otsu's threshold: the grey at or below which lies the darker of the two
/// groups that differ most. `None` when nothing stands out.
fn threshold(histogram: &[u32; 256]) -> Option<u8> {
    let total: f64 = histogram.iter().map(|count| f64::from(*count)).sum();
    let sum: f64 = (0u16..)
        .zip(histogram)
        .map(|(grey, count)| f64::from(grey) * f64::from(*count))
        .sum();
    let (mut below, mut sum_below) = (0.0, 0.0);
    let mut best = (0.0, 0u8, 0.0);
    for (grey, count) in (0u8..=254).zip(histogram) {
        below += f64::from(*count);
        sum_below += f64::from(grey) * f64::from(*count);
        let above = total - below;
        if below < 1.0 || above < 1.0 {
            continue;
        }
        let difference = (sum - sum_below) / above - sum_below / below;
        let between = below * above * difference * difference;
        if between > best.0 {
            best = (between, grey, difference);
        }
    }
    (best.2 >= f64::from(LEAST_CONTRAST)).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn ink_is_the_rarer_value_on_light_and_on_dark_ground() {
        for (ground, print) in [(240u8, 20u8), (30, 220)] {
            let page = GrayImage::from_fn(20, 4, |x, _| {
                Luma([if (5..9).contains(&x) { print } else { ground }])
            });
            let strip = Strip::cut(&page, &Rectangle::new(2, 0, 50, 4));
            let columns = strip.inked_columns();
            assert_eq!(columns.len(), 18, "the area is cut to the page");
            assert_eq!(gaps(&columns), [(0, 3), (7, 18)], "ground {ground}");
        }
    }

    #[test]
    fn an_even_ground_has_no_ink() {
        let page = GrayImage::from_fn(9, 9, |x, _| Luma([200 + x as u8]));
        let strip = Strip::cut(&page, &Rectangle::new(0, 0, 9, 9));
        assert!(strip.inked_columns().iter().all(|ink| !ink));
    }
}
