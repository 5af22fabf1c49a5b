//! Which four edges are those of a sheet, and where exactly they run.

use image::RgbImage;

use super::edges::{Line, closed};
use super::shape::area;

type Point = (f32, f32);
type Colour = [f32; 3];

/// The smallest sheet, as a share of the picture: an identity card beside A3.
const LEAST_SHARE: f32 = 0.025;

/// How far from an edge the two colours are looked at, in pixels.
const BESIDE: f32 = 3.5;

/// The least difference between the paper and what it lies on, in levels.
const LEAST_CONTRAST: f32 = 5.0;

/// How much of each edge must be seen; a thumb may lie on it.
const LEAST_SEEN: f32 = 0.6;

/// The corners of the sheet in the small picture, clockwise from the top left.
pub(super) fn find(picture: &RgbImage, lines: &[Line]) -> Option<[Point; 4]> {
    let clean = closed(picture);
    let pairs = pairs(lines);
    let mut best: Option<(f32, [Point; 4])> = None;
    for (at, one) in pairs.iter().enumerate() {
        for other in &pairs[at + 1..] {
            let Some(corners) = corners(one, other, picture) else {
                continue;
            };
            let least = best.map_or(0.0, |(score, _)| score);
            // Seen whole it would be worth no more than its size.
            if size_counts(picture, &corners) <= least {
                continue;
            }
            let Some(score) = score(&clean, picture, &corners) else {
                continue;
            };
            if score > least {
                best = Some((score, corners));
            }
        }
    }
    best.map(|(_, corners)| corners)
}

/// Lines that may be opposite edges.
fn pairs(lines: &[Line]) -> Vec<[Line; 2]> {
    /// Opposite edges of a sheet that leans away run towards each other.
    const LEAN_DEG: f32 = 30.0;
    let mut pairs = Vec::new();
    for (at, one) in lines.iter().enumerate() {
        for other in &lines[at + 1..] {
            if one.angle_to(other) <= LEAN_DEG {
                pairs.push([*one, *other]);
            }
        }
    }
    pairs
}

/// The corners of two pairs of edges, when they can be those of a sheet.
fn corners(one: &[Line; 2], other: &[Line; 2], picture: &RgbImage) -> Option<[Point; 4]> {
    let steep = one
        .iter()
        .all(|a| other.iter().all(|b| a.angle_to(b) >= 50.0));
    if !steep {
        return None;
    }
    let mut corners = [
        one[0].crossing(&other[0])?,
        one[0].crossing(&other[1])?,
        one[1].crossing(&other[1])?,
        one[1].crossing(&other[0])?,
    ];
    if area(&corners) < 0.0 {
        corners.reverse();
    }
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let inside =
        |(x, y): &Point| (-2.0..=width + 2.0).contains(x) && (-2.0..=height + 2.0).contains(y);
    let convex = (0..4).all(|at| {
        let [p, q, r] = [0, 1, 2].map(|step| corners[(at + step) % 4]);
        (q.0 - p.0) * (r.1 - q.1) - (q.1 - p.1) * (r.0 - q.0) > 0.0
    });
    if !convex || !corners.iter().all(inside) || area(&corners) < LEAST_SHARE * width * height {
        return None;
    }
    let first = (0..4).min_by(|a, b| {
        let sum = |at: usize| corners[at].0 + corners[at].1;
        sum(*a).total_cmp(&sum(*b))
    })?;
    corners.rotate_left(first);
    Some(corners)
}

/// One edge as it is seen.
struct Side {
    /// The colour of the paper along it.
    paper: Colour,
    /// What the paper is more than what it lies on.
    contrast: Colour,
    /// How much of it is seen.
    seen: f32,
}

/// How much four corners look like those of a sheet; `None` when they do not.
fn score(clean: &RgbImage, picture: &RgbImage, corners: &[Point; 4]) -> Option<f32> {
    let mut sides = Vec::with_capacity(4);
    for at in 0..4 {
        let (from, to) = (corners[at], corners[(at + 1) % 4]);
        // What only a thin shadow parts from the table is lost where print is closed over.
        let side = [clean, picture]
            .into_iter()
            .map(|picture| side(picture, from, to))
            .max_by(|a, b| a.seen.total_cmp(&b.seen))?;
        if side.seen < LEAST_SEEN {
            return None;
        }
        sides.push(side);
    }
    if !is_one_paper(&sides) {
        return None;
    }
    let least = sides.iter().map(|side| side.seen).fold(1.0, f32::min);
    let brighter = sides
        .iter()
        .filter(|side| light(side.contrast) > 0.0)
        .count();
    // A mat under the sheet has edges too, and is darker than the sheet.
    let is_light = if brighter >= 3 { 1.0 } else { 0.6 };
    Some(least * is_light * size_counts(picture, corners))
}

/// Of two sheets that are seen as well the larger: print and pictures lie on paper too.
fn size_counts(picture: &RgbImage, corners: &[Point; 4]) -> f32 {
    let share = area(corners) / (picture.width() as f32 * picture.height() as f32);
    share.powf(0.3)
}

/// Whether the same paper lies along all four edges. Light may fall off, colour not.
fn is_one_paper(sides: &[Side]) -> bool {
    let spread = |values: &mut dyn Iterator<Item = f32>| {
        let (low, high) = values.fold((f32::MAX, f32::MIN), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        (low, high)
    };
    let (dark, bright) = spread(&mut sides.iter().map(|side| light(side.paper)));
    let tint = |from: usize, to: usize| {
        let (low, high) = spread(
            &mut sides
                .iter()
                .map(|side| (side.paper[from] - side.paper[to]) / light(side.paper).max(30.0)),
        );
        high - low
    };
    bright < 2.4 * dark.max(1.0) && tint(0, 1) < 0.17 && tint(1, 2) < 0.17
}

fn light(colour: Colour) -> f32 {
    (colour[0] + 2.0 * colour[1] + colour[2]) / 4.0
}

fn side(picture: &RgbImage, from: Point, to: Point) -> Side {
    const SAMPLES: usize = 40;
    let (along, inwards) = directions(from, to);
    let length = (to.0 - from.0).hypot(to.1 - from.1);
    let mut seen: Vec<(Colour, Colour)> = Vec::with_capacity(SAMPLES);
    for sample in 0..SAMPLES {
        let share = 0.04 + 0.92 * sample as f32 / (SAMPLES - 1) as f32;
        let at = (
            from.0 + along.0 * length * share,
            from.1 + along.1 * length * share,
        );
        let beside =
            |off: f32| colour_at(picture, (at.0 + inwards.0 * off, at.1 + inwards.1 * off));
        if let (Some(paper), Some(table)) = (beside(BESIDE), beside(-BESIDE)) {
            seen.push((paper, std::array::from_fn(|at| paper[at] - table[at])));
        }
    }
    let paper = mean(seen.iter().map(|(paper, _)| *paper));
    let contrast = mean(seen.iter().map(|(_, contrast)| *contrast));
    let strength = norm(contrast);
    let wanted = LEAST_CONTRAST.max(0.3 * strength);
    let clear = seen
        .iter()
        .filter(|(_, one)| strength >= LEAST_CONTRAST && dot(*one, contrast) / strength >= wanted);
    Side {
        paper,
        contrast,
        seen: clear.count() as f32 / SAMPLES as f32,
    }
}

/// The directions along an edge and inwards, each a pixel long.
fn directions(from: Point, to: Point) -> (Point, Point) {
    let length = (to.0 - from.0).hypot(to.1 - from.1).max(1.0);
    let along = ((to.0 - from.0) / length, (to.1 - from.1) / length);
    (along, (-along.1, along.0))
}

fn colour_at(picture: &RgbImage, (x, y): Point) -> Option<Colour> {
    if x < 0.0 || y < 0.0 {
        return None;
    }
    let pixel = picture.get_pixel_checked(x as u32, y as u32)?;
    Some(pixel.0.map(f32::from))
}

fn mean(colours: impl Iterator<Item = Colour>) -> Colour {
    let (mut sum, mut count) = ([0.0; 3], 0.0_f32);
    for colour in colours {
        for (sum, value) in sum.iter_mut().zip(colour) {
            *sum += value;
        }
        count += 1.0;
    }
    sum.map(|sum| sum / count.max(1.0))
}

fn dot(a: Colour, b: Colour) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn norm(colour: Colour) -> f32 {
    dot(colour, colour).sqrt()
}

/// The corners in the fine picture, each edge put where the colour changes most.
pub(super) fn place(fine: &RgbImage, rough: &[Point; 4]) -> [Point; 4] {
    /// A corner that moves further was placed on something else.
    const FURTHEST: f32 = 14.0;
    let edges: Vec<(Point, Point)> = (0..4)
        .map(|at| edge(fine, rough[at], rough[(at + 1) % 4]))
        .collect();
    std::array::from_fn(|at| {
        let before = edges[(at + 3) % 4];
        let crossing = crossing(before, edges[at]).unwrap_or(rough[at]);
        let moved = (crossing.0 - rough[at].0).hypot(crossing.1 - rough[at].1);
        if moved <= FURTHEST {
            crossing
        } else {
            rough[at]
        }
    })
}

/// The edge near these two corners, as two points of it.
fn edge(fine: &RgbImage, from: Point, to: Point) -> (Point, Point) {
    const SAMPLES: usize = 80;
    const FEWEST: usize = 24;
    let (along, inwards) = directions(from, to);
    let length = (to.0 - from.0).hypot(to.1 - from.1);
    let contrast = side(fine, from, to).contrast;
    let strength = norm(contrast).max(1.0);
    // Points by their way along the edge and their distance from it.
    let mut points: Vec<(f32, f32)> = Vec::with_capacity(SAMPLES);
    for sample in 0..SAMPLES {
        let way = length * (0.04 + 0.92 * sample as f32 / (SAMPLES - 1) as f32);
        let at = (from.0 + along.0 * way, from.1 + along.1 * way);
        let step = |off: f32| {
            let beside = |off: f32| {
                colour_at(
                    fine,
                    (at.0 + inwards.0 * off + 0.5, at.1 + inwards.1 * off + 0.5),
                )
            };
            let (paper, table) = (beside(off + 1.5)?, beside(off - 1.5)?);
            let change = std::array::from_fn(|at| paper[at] - table[at]);
            Some(dot(change, contrast) / strength)
        };
        if let Some(off) = steepest(step) {
            points.push((way, off));
        }
    }
    let mut line = (0.0, 0.0);
    for _ in 0..4 {
        if points.len() < FEWEST {
            return (from, to);
        }
        line = fitted(&points);
        let off = |(way, off): &(f32, f32)| (off - line.0 - line.1 * way).abs();
        let mut offs: Vec<f32> = points.iter().map(off).collect();
        offs.sort_by(f32::total_cmp);
        let bound = 2.5 * offs[offs.len() / 2] + 0.35;
        points.retain(|point| off(point) <= bound);
    }
    let on = |way: f32| {
        let off = line.0 + line.1 * way;
        (
            from.0 + along.0 * way + inwards.0 * off,
            from.1 + along.1 * way + inwards.1 * off,
        )
    };
    (on(0.0), on(length))
}

/// Where the colour changes most, in pixels from the rough edge.
fn steepest(step: impl Fn(f32) -> Option<f32>) -> Option<f32> {
    const REACH: i32 = 9;
    const LEAST: f32 = 3.0;
    let steps: Vec<f32> = (-REACH..=REACH)
        .map(|off| step(off as f32).unwrap_or(0.0))
        .collect();
    let best = (1..steps.len() - 1).max_by(|a, b| steps[*a].total_cmp(&steps[*b]))?;
    if steps[best] < LEAST {
        return None;
    }
    let (before, top, after) = (steps[best - 1], steps[best], steps[best + 1]);
    let bend = before - 2.0 * top + after;
    let shift = if bend < -0.01 {
        0.5 * (before - after) / bend
    } else {
        0.0
    };
    Some(best as f32 - REACH as f32 + shift.clamp(-0.5, 0.5))
}

/// The line through points, as its height at nothing and its rise.
fn fitted(points: &[(f32, f32)]) -> (f32, f32) {
    let count = points.len() as f32;
    let middle = |of: fn(&(f32, f32)) -> f32| points.iter().map(of).sum::<f32>() / count;
    let (way, off) = (middle(|point| point.0), middle(|point| point.1));
    let (mut both, mut square) = (0.0, 0.0);
    for point in points {
        both += (point.0 - way) * (point.1 - off);
        square += (point.0 - way) * (point.0 - way);
    }
    let rise = if square > 0.0 { both / square } else { 0.0 };
    (off - rise * way, rise)
}

/// Where two edges, each through two points, cross.
fn crossing((a, b): (Point, Point), (c, d): (Point, Point)) -> Option<Point> {
    let (u, v) = ((b.0 - a.0, b.1 - a.1), (d.0 - c.0, d.1 - c.1));
    let whole = u.0 * v.1 - u.1 * v.0;
    if whole.abs() < 1.0 {
        return None;
    }
    let share = ((c.0 - a.0) * v.1 - (c.1 - a.1) * v.0) / whole;
    Some((a.0 + u.0 * share, a.1 + u.1 * share))
}
