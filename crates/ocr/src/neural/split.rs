//! Lines that the detector drew across two columns are cut apart.
//!
//! Vietnamese official papers open with two columns on one height: the issuing
//! agency on the left, the national motto on the right (Decree 30/2020/NĐ-CP,
//! appendix I). The space between them is only twice as wide as a generous word
//! space, and read as one line they would mix two fields.

use image::GrayImage;

use super::detect::LineBox;
use crate::strip::{self, Strip};

/// A gap between columns is at least this wide, in line heights …
const GUTTER: f32 = 1.1;
/// … and at least this many times the line's median word gap: justified print
/// and the blanks around a written-in day are wide throughout.
const GUTTER_TO_WORD_GAP: f32 = 2.4;
/// Narrower gaps lie between letters, in line heights.
const WORD_GAP: f32 = 0.15;
/// A lone gap has no word gap to compare with and must be this wide.
const LONE_GUTTER: f32 = 1.6;

pub(crate) fn columns_apart(page: &GrayImage, lines: Vec<LineBox>) -> Vec<LineBox> {
    lines.into_iter().flat_map(|line| cut(page, line)).collect()
}

fn cut(page: &GrayImage, line: LineBox) -> Vec<LineBox> {
    let height = line.height();
    if line.width() < 4.0 * height {
        return vec![line];
    }
    let strip = Strip::cut(page, &line.rectangle(page));
    let columns = strip.inked_columns();
    let first = columns.iter().position(|ink| *ink).unwrap_or(0);
    let last = columns.iter().rposition(|ink| *ink).unwrap_or(0);
    let inner: Vec<(usize, usize)> = strip::gaps(&columns)
        .into_iter()
        .filter(|(from, to)| *from > first && *to <= last)
        .filter(|(from, to)| (to - from) as f32 >= WORD_GAP * height)
        .collect();
    let mut parts = Vec::new();
    let mut rest = line;
    for (from, to) in gutters(&inner, height) {
        let origin = strip.area.x as f32;
        let margin = (height * WORD_GAP).min((to - from) as f32 / 2.0);
        parts.push(LineBox {
            right: origin + from as f32 + margin,
            ..rest
        });
        rest.left = origin + to as f32 - margin;
    }
    parts.push(rest);
    parts
}

fn gutters(gaps: &[(usize, usize)], height: f32) -> Vec<(usize, usize)> {
    let width = |gap: &(usize, usize)| (gap.1 - gap.0) as f32;
    let mut widths: Vec<f32> = gaps.iter().map(width).collect();
    widths.sort_by(f32::total_cmp);
    let least = match widths.as_slice() {
        [] => return Vec::new(),
        [_] => LONE_GUTTER * height,
        // The lower median, so that of two gaps the narrower is the word gap.
        _ => (GUTTER_TO_WORD_GAP * widths[(widths.len() - 1) / 2]).max(GUTTER * height),
    };
    gaps.iter()
        .filter(|gap| width(gap) >= least)
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(gaps: &[usize], cuts: &[usize]) {
        let mut at = 0;
        let placed: Vec<(usize, usize)> = gaps
            .iter()
            .map(|width| {
                at += 100 + width;
                (at - width, at)
            })
            .collect();
        let found: Vec<usize> = gutters(&placed, 30.0)
            .iter()
            .map(|(from, to)| to - from)
            .collect();
        assert_eq!(found, cuts, "gaps {gaps:?} in a line 30 pixels high");
    }

    #[test]
    fn a_gap_that_stands_out_parts_two_columns() {
        check(&[10, 11, 10, 54, 12, 9, 10], &[54]);
        // Justified print, and the blanks around a day written in by hand.
        check(&[25, 28, 26, 30], &[]);
        check(&[11, 37, 26, 25, 37], &[]);
        check(&[], &[]);
        check(&[40], &[]);
        check(&[60], &[60]);
    }
}
