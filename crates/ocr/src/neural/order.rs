//! Reading order by geometry.
//!
//! Lines are gathered to rows; rows that share a gutter are read as columns when
//! they are columns (the list of recipients beside the signature) and row by row
//! when they are rows of a table or form. The header of an official paper is two
//! columns of two blocks, and Decree 30/2020/NĐ-CP names them in this order: motto
//! and agency, then number, then place and day.

use super::detect::LineBox;
use super::words::ReadLine;

/// Two lines are in one row when they overlap by this part of the lower one.
const SAME_ROW: f32 = 0.5;
/// Columns stand apart by at least this many line heights.
const GUTTER: f32 = 0.8;
/// Rows with something on both sides of the gutter, as a share of the rows of
/// the band, from which the band is a table.
const TABLE: f32 = 0.7;
/// A band of this many rows or fewer at the head of the page is a header.
const HEADER_ROWS: usize = 6;

pub(crate) fn in_reading_order(lines: Vec<ReadLine>) -> Vec<ReadLine> {
    let boxes: Vec<LineBox> = lines.iter().map(|line| line.line).collect();
    let marks: Vec<Mark> = lines.iter().map(|line| Mark::of(&line.text())).collect();
    let mut lines: Vec<Option<ReadLine>> = lines.into_iter().map(Some).collect();
    order(&boxes, &marks)
        .into_iter()
        .filter_map(|index| lines[index].take())
        .collect()
}

/// What a line says about where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// The national motto, which marks the header.
    Motto,
    /// Begins like the number of a paper.
    Number,
    Plain,
}

impl Mark {
    /// Whatever accents the engine lost.
    fn of(text: &str) -> Self {
        let folded = domain::fold::fold(text);
        if folded.contains("chu nghia viet nam") || folded.contains("tu do") {
            return Self::Motto;
        }
        // "Số: 15", "Số 15", a number still to come; but not "Sở Tư pháp".
        match folded
            .strip_prefix("so")
            .map(|rest| rest.trim_start().chars().next())
        {
            Some(next) if next.is_none_or(|next| !next.is_alphabetic()) => Self::Number,
            _ => Self::Plain,
        }
    }
}

/// Indices in reading order.
fn order(boxes: &[LineBox], marks: &[Mark]) -> Vec<usize> {
    let rows = rows(boxes);
    let mut ordered = Vec::with_capacity(boxes.len());
    let mut row = 0;
    while row < rows.len() {
        let Some((gutter, end)) = band(boxes, &rows, row) else {
            ordered.extend(&rows[row]);
            row += 1;
            continue;
        };
        let band = &rows[row..end];
        let is_left = |index: &&usize| boxes[**index].right <= gutter.1;
        let both_sides = band
            .iter()
            .filter(|row| row.iter().any(|i| is_left(&i)) && !row.iter().all(|i| is_left(&i)))
            .count();
        let lines = || band.iter().flatten();
        let header = band.len() <= HEADER_ROWS && lines().any(|index| marks[*index] == Mark::Motto);
        if header || (both_sides as f32) < TABLE * band.len() as f32 {
            let left: Vec<usize> = lines().filter(is_left).copied().collect();
            let right: Vec<usize> = lines().filter(|index| !is_left(index)).copied().collect();
            // Where the second blocks begin; without a motto there is no second block.
            let last_motto = right.iter().rposition(|index| marks[*index] == Mark::Motto);
            let number = left.iter().position(|index| marks[*index] == Mark::Number);
            let left_cut = last_motto.and(number).unwrap_or(left.len());
            let right_cut = last_motto.map_or(0, |last| last + 1);
            ordered.extend(&left[..left_cut]);
            ordered.extend(&right[..right_cut]);
            ordered.extend(&left[left_cut..]);
            ordered.extend(&right[right_cut..]);
        } else {
            ordered.extend(band.iter().flatten());
        }
        row = end;
    }
    ordered
}

/// Lines gathered to rows, top to bottom, each from left to right.
fn rows(boxes: &[LineBox]) -> Vec<Vec<usize>> {
    let mut by_height: Vec<usize> = (0..boxes.len()).collect();
    by_height.sort_by(|one, other| boxes[*one].middle().total_cmp(&boxes[*other].middle()));
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for index in by_height {
        let row = rows.iter_mut().rev().take(2).find(|row| {
            row.iter().all(|other| {
                overlap(&boxes[index], &boxes[*other]) >= SAME_ROW
                    && apart(&boxes[index], &boxes[*other])
            })
        });
        match row {
            Some(row) => row.push(index),
            None => rows.push(vec![index]),
        }
    }
    for row in &mut rows {
        row.sort_by(|one, other| boxes[*one].left.total_cmp(&boxes[*other].left));
    }
    rows
}

/// How much of the lower line's height both share.
fn overlap(one: &LineBox, other: &LineBox) -> f32 {
    let shared = one.bottom.min(other.bottom) - one.top.max(other.top);
    shared / one.height().min(other.height()).max(1.0)
}

/// Lines one above the other are never in one row, however tall one of them is.
fn apart(one: &LineBox, other: &LineBox) -> bool {
    let shared = one.right.min(other.right) - one.left.max(other.left);
    shared < 0.3 * one.width().min(other.width())
}

/// From a row with two lines that stand apart: the gutter between them, and the
/// row after the last that leaves this gutter free.
fn band(boxes: &[LineBox], rows: &[Vec<usize>], start: usize) -> Option<((f32, f32), usize)> {
    let mut widest: Option<(f32, f32)> = None;
    for pair in rows[start].windows(2) {
        let gap = (boxes[pair[0]].right, boxes[pair[1]].left);
        let height = boxes[pair[0]].height().min(boxes[pair[1]].height());
        if gap.1 - gap.0 >= GUTTER * height
            && widest.is_none_or(|widest| gap.1 - gap.0 > widest.1 - widest.0)
        {
            widest = Some(gap);
        }
    }
    let mut gutter = widest?;
    let mut end = start + 1;
    while end < rows.len() {
        let mut next = gutter;
        for line in rows[end].iter().map(|index| &boxes[*index]) {
            if line.middle_x() < f32::midpoint(gutter.0, gutter.1) {
                next.0 = next.0.max(line.right);
            } else {
                next.1 = next.1.min(line.left);
            }
        }
        let height = boxes[rows[end][0]].height();
        if next.1 - next.0 < 0.5 * height {
            break;
        }
        gutter = next;
        end += 1;
    }
    Some((gutter, end))
}

impl LineBox {
    fn middle_x(&self) -> f32 {
        f32::midpoint(self.left, self.right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines as (name, left, top, right), 20 high, given in any order.
    fn check(lines: &[(&str, f32, f32, f32)], expected: &[&str]) {
        let boxes: Vec<LineBox> = lines
            .iter()
            .map(|(_, left, top, right)| LineBox {
                left: *left,
                top: *top,
                right: *right,
                bottom: top + 20.0,
            })
            .collect();
        let mark = |name: &str| match name {
            "motto 1" | "motto 2" => Mark::Motto,
            "number" => Mark::Number,
            _ => Mark::Plain,
        };
        let marks: Vec<Mark> = lines.iter().map(|line| mark(line.0)).collect();
        let found: Vec<&str> = order(&boxes, &marks)
            .into_iter()
            .map(|index| lines[index].0)
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_header_is_read_block_by_block() {
        check(
            &[
                ("summary", 150.0, 190.0, 600.0),
                ("motto 2", 450.0, 30.0, 700.0),
                ("agency 2", 50.0, 32.0, 300.0),
                ("motto 1", 400.0, 0.0, 800.0),
                ("agency 1", 60.0, 2.0, 290.0),
                ("number", 80.0, 70.0, 250.0),
                ("date", 450.0, 72.0, 700.0),
                ("body", 50.0, 220.0, 800.0),
            ],
            &[
                "agency 1", "agency 2", "motto 1", "motto 2", "number", "date", "summary", "body",
            ],
        );
    }

    #[test]
    fn a_number_is_told_from_words_that_begin_alike() {
        for text in ["Số: 15/QĐ-UBND", "Só 729 /QĐ-TTg", "SỐ:", "số"] {
            assert_eq!(Mark::of(text), Mark::Number, "{text}");
        }
        for text in ["SỞ TƯ PHÁP", "Sông Hồng", "Quyển số: 01"] {
            assert_ne!(Mark::of(text), Mark::Number, "{text}");
        }
        assert_eq!(Mark::of("Đôc lâp - Tư do - Hanh phuc"), Mark::Motto);
    }

    #[test]
    fn recipients_are_read_before_the_signature() {
        check(
            &[
                ("body", 0.0, 0.0, 800.0),
                ("recipients", 0.0, 60.0, 100.0),
                ("rank", 500.0, 60.0, 700.0),
                ("- one", 0.0, 90.0, 150.0),
                ("- two", 0.0, 120.0, 200.0),
                ("- three", 0.0, 150.0, 150.0),
                ("name", 500.0, 152.0, 700.0),
            ],
            &[
                "body",
                "recipients",
                "- one",
                "- two",
                "- three",
                "rank",
                "name",
            ],
        );
    }

    #[test]
    fn rows_of_a_form_are_read_row_by_row() {
        check(
            &[
                ("born", 0.0, 0.0, 300.0),
                ("sex", 400.0, 1.0, 500.0),
                ("people", 0.0, 31.0, 250.0),
                ("nation", 400.0, 30.0, 550.0),
            ],
            &["born", "sex", "people", "nation"],
        );
    }
}
