//! The dark borders that a scanner leaves around the paper.

use domain::geometry::Rectangle;
use image::{GrayImage, imageops};

use crate::ink::blobs;
use crate::work::Work;

/// Share of the paper's brightness below which a place is dark.
const DARK_SHARE: f32 = 0.4;

/// A line belongs to a bar when this share of it is dark.
const BAR_SHARE: f32 = 0.3;

/// A bar has ended where no more than this share of a line is dark.
const END_SHARE: f32 = 0.06;

/// Within its length a bar is solid; light print on a dark heading is not.
const SOLID_SHARE: f32 = 0.95;

/// A partial bar may take this share of the page at most …
const MAX_PARTIAL: f32 = 0.12;

/// … and a bar over the whole length this one: a small paper on a dark lid.
const MAX_WHOLE: f32 = 0.45;

/// The part of the work image that is paper, when bars around it are certain;
/// `None` when there is nothing to cut.
pub(crate) fn paper_area(work: &Work) -> Option<Rectangle> {
    let grey = &work.grey;
    let (width, height) = grey.dimensions();
    if width < 64 || height < 64 {
        return None;
    }
    let paper = bright_level(grey);
    // Darker than this is scanner border; ordinary shadows are lighter.
    let dark = (f32::from(paper) * DARK_SHARE) as u8;
    let whole = Rectangle::new(0, 0, width, height);
    let mut area = whole;
    // Twice: a short bar can hide behind the end of one on the next edge, until that is cut.
    for edge in [EDGES, EDGES].concat() {
        let seen = imageops::crop_imm(grey, area.x, area.y, area.width, area.height).to_image();
        let depth = bar_depth(&Strip::new(&seen, edge, dark), paper, work.px_per_mm);
        match edge {
            Edge::Left => {
                area = Rectangle::new(area.x + depth, area.y, area.width - depth, area.height);
            }
            Edge::Right => area.width -= depth,
            Edge::Top => {
                area = Rectangle::new(area.x, area.y + depth, area.width, area.height - depth);
            }
            Edge::Bottom => area.height -= depth,
        }
    }
    let enough = area.width > width / 2 && area.height > height / 2;
    (area != whole && enough).then_some(area)
}

#[derive(Clone, Copy)]
enum Edge {
    Left,
    Right,
    Top,
    Bottom,
}

const EDGES: [Edge; 4] = [Edge::Left, Edge::Right, Edge::Top, Edge::Bottom];

/// A picture seen from one of its edges: `depth` goes inwards, `along` runs along the edge.
struct Strip<'a> {
    grey: &'a GrayImage,
    edge: Edge,
    /// Darker than this is bar.
    dark: u8,
    /// Places along the edge that are dark almost everywhere inwards: the bars of
    /// the two neighbouring edges, which must not be counted to this one.
    foreign: Vec<bool>,
    /// Places along the edge that are not.
    own_length: u32,
}

/// What is dark on one line of a strip.
struct Line {
    /// Dark places.
    count: u32,
    /// Dark places that do not belong to the neighbouring edges.
    own: u32,
    /// The first dark place and one past the last.
    from: u32,
    to: u32,
}

impl<'a> Strip<'a> {
    fn new(grey: &'a GrayImage, edge: Edge, dark: u8) -> Self {
        let mut strip = Self {
            grey,
            edge,
            dark,
            foreign: Vec::new(),
            own_length: 0,
        };
        let (depth, length) = strip.size();
        strip.foreign = (0..length)
            .map(|along| (4..=16).all(|part| strip.at(depth * part / 20, along) < dark))
            .collect();
        strip.own_length = strip.foreign.iter().filter(|foreign| !**foreign).count() as u32;
        strip
    }

    /// Depth of the whole picture and length of the edge.
    fn size(&self) -> (u32, u32) {
        let (width, height) = self.grey.dimensions();
        match self.edge {
            Edge::Left | Edge::Right => (width, height),
            Edge::Top | Edge::Bottom => (height, width),
        }
    }

    fn at(&self, depth: u32, along: u32) -> u8 {
        let (width, height) = self.grey.dimensions();
        let (x, y) = match self.edge {
            Edge::Left => (depth, along),
            Edge::Right => (width - 1 - depth, along),
            Edge::Top => (along, depth),
            Edge::Bottom => (along, height - 1 - depth),
        };
        self.grey.get_pixel(x, y).0[0]
    }

    fn line(&self, depth: u32) -> Line {
        let mut line = Line {
            count: 0,
            own: 0,
            from: self.foreign.len() as u32,
            to: 0,
        };
        for (along, foreign) in (0_u32..).zip(&self.foreign) {
            if self.at(depth, along) < self.dark {
                line.count += 1;
                line.own += u32::from(!foreign);
                line.from = line.from.min(along);
                line.to = along + 1;
            }
        }
        line
    }

    /// The dark share of a line.
    fn share(&self, line: &Line) -> f32 {
        line.own as f32 / self.own_length.max(1) as f32
    }

    /// The strip from the edge to `depth` as a picture of its own, the edge at its top.
    fn to_picture(&self, depth: u32) -> GrayImage {
        let (_, length) = self.size();
        GrayImage::from_fn(length, depth, |x, y| image::Luma([self.at(y, x)]))
    }
}

/// The brightness that a tenth of the picture exceeds.
fn bright_level(grey: &GrayImage) -> u8 {
    let mut counts = [0_u32; 256];
    for sample in grey.as_raw() {
        counts[usize::from(*sample)] += 1;
    }
    let mut above = grey.as_raw().len() as u32 / 10;
    for (value, count) in counts.iter().enumerate().rev() {
        if *count > above {
            return value as u8;
        }
        above -= count;
    }
    0
}

/// How many lines to cut from this edge; 0 when there is no bar or any doubt.
fn bar_depth(strip: &Strip<'_>, paper: u8, px_per_mm: f32) -> u32 {
    let (depth, length) = strip.size();
    if strip.own_length < length / 4 {
        return 0;
    }
    let limit = (depth as f32 * MAX_WHOLE) as u32;
    let share = |at: u32| strip.share(&strip.line(at));
    // A light rim outside the bar comes from scanners that add a white frame.
    let Some(start) = (0..4).find(|at| share(*at) >= BAR_SHARE) else {
        return 0;
    };
    let (mut end, mut mean, mut corner) = (start, 0.0, false);
    while end < limit {
        let line = strip.line(end);
        // Its far side may be ragged; where light print follows instead, no end is found below.
        let solid = line.count as f32 >= SOLID_SHARE * (line.to.saturating_sub(line.from)) as f32;
        if strip.share(&line) < BAR_SHARE || !solid {
            break;
        }
        // A printed bar may bleed off one edge; a scanner's shadow also reaches a corner.
        corner |= line.from < length / 100 + 2 || line.to + length / 100 + 2 > length;
        mean += strip.share(&line);
        end += 1;
    }
    mean /= (end - start).max(1) as f32;
    let allowed = if mean > 0.9 { MAX_WHOLE } else { MAX_PARTIAL };
    if !corner || end as f32 >= depth as f32 * allowed {
        return 0;
    }
    // The far side may be ragged, or slanted where the sheet was fed askew.
    let slack = (length as f32 * 0.02).max(px_per_mm * 2.0) as u32;
    let Some(cut) = (end..(end + slack).min(depth)).find(|at| share(*at) < END_SHARE) else {
        return 0;
    };
    if holds_print(strip, cut + 1, paper, px_per_mm) {
        return 0;
    }
    cut + 1
}

/// Whether the strip to be cut holds ink that is not part of the bar.
fn holds_print(strip: &Strip<'_>, depth: u32, paper: u8, px_per_mm: f32) -> bool {
    let threshold = (f32::from(paper) * 0.65) as u8;
    let dust = px_per_mm;
    blobs(&strip.to_picture(depth), threshold)
        .iter()
        .any(|blob| blob.top > 3 && blob.width().max(blob.height()) as f32 > dust)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    fn page(draw: impl Fn(&mut GrayImage)) -> Work {
        let mut grey = GrayImage::from_pixel(827, 1170, Luma([245]));
        for y in (120..1000).step_by(20) {
            for x in 90..740 {
                if x % 9 < 6 {
                    for dy in 0..7 {
                        grey.put_pixel(x, y + dy, Luma([20]));
                    }
                }
            }
        }
        draw(&mut grey);
        Work {
            grey,
            scale_x: 2.0,
            scale_y: 2.0,
            px_per_mm: 3.94,
        }
    }

    fn fill(grey: &mut GrayImage, area: Rectangle, value: u8) {
        for y in area.y..area.bottom() {
            for x in area.x..area.right() {
                grey.put_pixel(x, y, Luma([value]));
            }
        }
    }

    #[test]
    fn a_page_without_bars_is_left_alone() {
        assert_eq!(paper_area(&page(|_| ())), None);
    }

    #[test]
    fn whole_and_partial_bars_go() {
        let work = page(|grey| {
            fill(grey, Rectangle::new(0, 0, 827, 40), 5);
            fill(grey, Rectangle::new(0, 0, 50, 560), 5);
        });
        assert_eq!(
            paper_area(&work),
            Some(Rectangle::new(51, 41, 827 - 51, 1170 - 41))
        );
    }

    #[test]
    fn a_small_paper_on_a_dark_lid_is_cut_out() {
        let work = page(|grey| {
            fill(grey, Rectangle::new(0, 1100, 827, 70), 30);
            fill(grey, Rectangle::new(760, 0, 67, 1170), 30);
        });
        assert_eq!(paper_area(&work), Some(Rectangle::new(0, 0, 759, 1099)));
    }

    #[test]
    fn print_beside_a_bar_stops_the_cut() {
        let work = page(|grey| {
            fill(grey, Rectangle::new(0, 0, 50, 560), 5);
            fill(grey, Rectangle::new(20, 700, 12, 9), 20);
        });
        assert_eq!(paper_area(&work), None, "a letter stands below the bar");
    }

    #[test]
    fn a_printed_bar_that_reaches_no_corner_is_print() {
        let work = page(|grey| fill(grey, Rectangle::new(100, 1140, 600, 30), 5));
        assert_eq!(paper_area(&work), None);
    }
}
