//! The ink on a page: a flattened work image and its connected blobs.

use image::GrayImage;

use crate::background::Background;

/// The grey picture with its paper made white (255).
pub(crate) fn flattened(grey: &GrayImage, background: &Background) -> GrayImage {
    let (width, height) = grey.dimensions();
    let gains = background.gains(width, height, 255.0, 8.0);
    let mut flat = grey.clone();
    let mut gain = vec![0_u16; width as usize];
    for (y, row) in (0_u32..).zip(flat.as_mut().chunks_exact_mut(width as usize)) {
        gains(y, &mut gain);
        for (sample, gain) in row.iter_mut().zip(&gain) {
            *sample = ((u32::from(*sample) * u32::from(*gain)) >> 8).min(255) as u8;
        }
    }
    flat
}

/// A connected piece of ink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Blob {
    /// First column.
    pub(crate) left: u32,
    /// First row.
    pub(crate) top: u32,
    /// One past the last column.
    pub(crate) right: u32,
    /// One past the last row.
    pub(crate) bottom: u32,
    /// Number of its pixels.
    pub(crate) area: u32,
    /// Its darkest sample.
    pub(crate) darkest: u8,
}

impl Blob {
    /// Width in pixels.
    pub(crate) fn width(&self) -> u32 {
        self.right - self.left
    }

    /// Height in pixels.
    pub(crate) fn height(&self) -> u32 {
        self.bottom - self.top
    }

    /// The share of its box that it fills.
    pub(crate) fn fill(&self) -> f32 {
        self.area as f32 / (self.width() * self.height()) as f32
    }

    fn join(&mut self, other: &Self) {
        self.left = self.left.min(other.left);
        self.top = self.top.min(other.top);
        self.right = self.right.max(other.right);
        self.bottom = self.bottom.max(other.bottom);
        self.area += other.area;
        self.darkest = self.darkest.min(other.darkest);
    }
}

/// All pieces of pixels darker than `threshold`, joined over edges and corners,
/// in the order of their first pixel.
pub(crate) fn blobs(grey: &GrayImage, threshold: u8) -> Vec<Blob> {
    let width = grey.width() as usize;
    let mut found: Vec<Blob> = Vec::new();
    let mut parent: Vec<u32> = Vec::new();
    let mut above: Vec<(u32, u32, u32)> = Vec::new();
    let mut here: Vec<(u32, u32, u32)> = Vec::new();
    if width == 0 {
        return found;
    }
    for (y, row) in (0_u32..).zip(grey.as_raw().chunks_exact(width)) {
        here.clear();
        let mut next_above = 0;
        let mut x = 0;
        while x < width {
            let Some(skip) = row[x..].iter().position(|sample| *sample < threshold) else {
                break;
            };
            let left = x + skip;
            let run = row[left..]
                .iter()
                .position(|sample| *sample >= threshold)
                .unwrap_or(width - left);
            let right = left + run;
            let darkest = row[left..right].iter().copied().min().unwrap_or(0);
            let label = found.len() as u32;
            parent.push(label);
            found.push(Blob {
                left: left as u32,
                top: y,
                right: right as u32,
                bottom: y + 1,
                area: run as u32,
                darkest,
            });
            // Runs above that end before this one begins cannot touch a later run either.
            while next_above < above.len() && above[next_above].1 < left as u32 {
                next_above += 1;
            }
            for (from, _, other) in &above[next_above..] {
                if *from > right as u32 {
                    break;
                }
                unite(&mut parent, label, *other);
            }
            here.push((left as u32, right as u32, label));
            x = right;
        }
        std::mem::swap(&mut above, &mut here);
    }
    for label in (0..found.len()).rev() {
        let root = root_of(&mut parent, label as u32) as usize;
        if root != label {
            let piece = found[label];
            found[root].join(&piece);
        }
    }
    (0..)
        .zip(found)
        .filter(|(label, _)| parent[*label as usize] == *label)
        .map(|(_, blob)| blob)
        .collect()
}

fn root_of(parent: &mut [u32], label: u32) -> u32 {
    let mut root = label;
    while parent[root as usize] != root {
        root = parent[root as usize];
    }
    let mut at = label;
    while parent[at as usize] != root {
        at = std::mem::replace(&mut parent[at as usize], root);
    }
    root
}

/// The older label becomes the root, so that a blob keeps the place of its first pixel.
fn unite(parent: &mut [u32], one: u32, other: u32) {
    let (one, other) = (root_of(parent, one), root_of(parent, other));
    let (old, new) = (one.min(other), one.max(other));
    parent[new as usize] = old;
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    #[test]
    fn a_u_is_one_blob_and_two_dots_are_two() {
        let mut page = GrayImage::from_pixel(20, 10, Luma([255]));
        for y in 1..6 {
            page.put_pixel(2, y, Luma([0]));
            page.put_pixel(6, y, Luma([0]));
        }
        for x in 2..7 {
            page.put_pixel(x, 6, Luma([0]));
        }
        page.put_pixel(12, 3, Luma([90]));
        page.put_pixel(13, 4, Luma([90]));
        page.put_pixel(17, 8, Luma([90]));
        let found = blobs(&page, 128);
        assert_eq!(
            found
                .iter()
                .map(|blob| (blob.left, blob.width(), blob.height(), blob.area))
                .collect::<Vec<_>>(),
            [(2, 5, 6, 15), (12, 2, 2, 2), (17, 1, 1, 1)]
        );
    }
}
