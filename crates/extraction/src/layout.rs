//! The lines of a paper as places: segments, rows, landmarks and zones.

use std::collections::BTreeMap;

use domain::barcode::Barcode;
use domain::fold::fold;
use domain::geometry::{Rectangle, Size};
use domain::quality::Verdict;
use domain::recognised_text::RecognisedText;

use crate::catalogue::form::{Columns, Form, Landmark, TITLE};
use crate::catalogue::rule::{At, PageChoice, Zone};
use crate::heading::{self, Heading};
use crate::label::{Label, LabelMatch, find_all, match_any_at};
use crate::passage::{Passage, WordAt, outline_of};

/// Two words further apart than this many line heights stand in two columns.
/// Room left for a pen ("Số:      /TB-UBND") is about three heights wide.
const COLUMN_GAP: u32 = 4;

/// What is known of one page when its fields are looked for.
#[derive(Clone, Copy, Debug)]
pub struct PageText<'a> {
    /// What the engines read.
    pub text: &'a RecognisedText,
    /// Size of the upright page.
    pub size: Size,
    /// Codes found on it.
    pub barcodes: &'a [Barcode],
    /// How good its image is.
    pub verdict: Verdict,
}

/// A line, or the part of it that stands in one column.
#[derive(Clone, Debug)]
pub(crate) struct Segment<'a> {
    pub(crate) page: usize,
    pub(crate) outline: Rectangle,
    pub(crate) passage: Passage<'a>,
    /// Its text and what stands right of it on the same row, in lower case without
    /// marks, for patterns. Wide room on a line makes several segments of it:
    /// "Số:" and "/TB-UBND", "Hà Nội, ngày" and "tháng" and "năm".
    pub(crate) row: String,
    /// A stamp or a running head: its numbers and dates are not the paper's.
    pub(crate) avoided: bool,
    /// In the second of two columns, which has nothing to do with the first.
    second_column: bool,
}

impl Segment<'_> {
    /// Printed in capitals, but for a few letters that were misread.
    pub(crate) fn in_capitals(&self) -> bool {
        in_capitals(&self.passage.text)
    }

    pub(crate) fn same_row(&self, other: &Segment<'_>) -> bool {
        self.page == other.page && rows_overlap(&self.outline, &other.outline)
    }
}

pub(crate) fn in_capitals(text: &str) -> bool {
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    let capitals = text.chars().filter(|letter| letter.is_uppercase()).count();
    letters >= 4 && capitals * 5 >= letters * 4
}

fn rows_overlap(one: &Rectangle, other: &Rectangle) -> bool {
    let shared = one
        .bottom()
        .min(other.bottom())
        .saturating_sub(one.y.max(other.y));
    shared * 2 > one.height.min(other.height)
}

pub(crate) fn centre(area: &Rectangle) -> (u32, u32) {
    (area.x + area.width / 2, area.y + area.height / 2)
}

/// The pages of a paper, cut into segments and with landmarks, as one form sees them.
#[derive(Debug)]
pub(crate) struct Layout<'a> {
    pub(crate) pages: &'a [PageText<'a>],
    /// From top to bottom, page by page.
    pub(crate) segments: Vec<Segment<'a>>,
    landmarks: BTreeMap<(usize, String), Rectangle>,
    pub(crate) heading: Option<Heading>,
}

impl<'a> Layout<'a> {
    pub(crate) fn new(form: &Form, pages: &'a [PageText<'a>]) -> Self {
        let cutting: Vec<Label> = form
            .landmarks
            .iter()
            .filter(|mark| mark.cuts_line)
            .flat_map(|mark| mark.labels.iter().cloned())
            .collect();
        let mut segments = Vec::new();
        for (index, page) in pages.iter().enumerate() {
            segments.extend(segments_of_page(index, page, &cutting));
        }
        let mut layout = Self {
            pages,
            segments: Vec::new(),
            landmarks: BTreeMap::new(),
            heading: None,
        };
        layout.place(form, segments);
        if let Some(columns) = &form.columns
            && let Some(cut) = layout.cut_at_columns(columns)
        {
            layout.place(form, cut);
        }
        layout
    }

    /// Sorts the segments and finds what stands between them.
    fn place(&mut self, form: &Form, mut segments: Vec<Segment<'a>>) {
        segments.sort_by_key(|segment| {
            let middle = centre(&segment.outline).1;
            (segment.page, middle, segment.outline.x)
        });
        mark_avoided(&mut segments, &form.avoid);
        let rows: Vec<String> = segments
            .iter()
            .map(|segment| row_text(segment, &segments))
            .collect();
        for (segment, row) in segments.iter_mut().zip(rows) {
            segment.row = row;
        }
        self.segments = segments;
        self.place_landmarks(form);
    }

    /// The segments, those between the landmarks cut where the second column begins.
    /// An engine may read both columns as one line; `None` where there are none.
    fn cut_at_columns(&self, columns: &Columns) -> Option<Vec<Segment<'a>>> {
        let page =
            (0..self.pages.len()).find(|page| self.landmark(*page, &columns.second).is_some())?;
        let second = self.landmark(page, &columns.second)?;
        let edge = second.x.saturating_sub(second.height / 2);
        let end = columns
            .until
            .as_deref()
            .and_then(|name| self.landmark(page, name))
            .map_or(u32::MAX, |mark| mark.y);
        let mut cut = Vec::new();
        for segment in &self.segments {
            let middle = centre(&segment.outline).1;
            let inside = segment.page == page && middle >= second.y && middle < end;
            if !inside {
                cut.push(segment.clone());
                continue;
            }
            let (right, left): (Vec<_>, Vec<_>) = segment
                .passage
                .words
                .iter()
                .copied()
                .partition(|at| at.word.outline.x >= edge);
            for (words, second_column) in [(left, false), (right, true)] {
                if let Some((_, outline)) = outline_of(&words) {
                    cut.push(Segment {
                        outline,
                        passage: Passage::new(words),
                        second_column,
                        ..segment.clone()
                    });
                }
            }
        }
        Some(cut)
    }

    fn place_landmarks(&mut self, form: &Form) {
        self.landmarks.clear();
        // The heading needs no landmark but the zones of others need the heading.
        self.heading = heading::find(form, self);
        if let Some(heading) = &self.heading {
            self.landmarks
                .insert((heading.page, TITLE.to_owned()), heading.outline);
        }
        for mark in &form.landmarks {
            for page in 0..self.pages.len() {
                if let Some(outline) = self.find_landmark(mark, page) {
                    self.landmarks.insert((page, mark.name.clone()), outline);
                }
            }
        }
    }

    fn find_landmark(&self, mark: &Landmark, page: usize) -> Option<Rectangle> {
        let on_page = self.segments.iter().filter(|segment| segment.page == page);
        for segment in on_page.filter(|segment| !segment.avoided) {
            let passage = &segment.passage;
            let pattern = mark.line_pattern.as_ref();
            if pattern.is_some_and(|pattern| !pattern.is_match(&segment.row)) {
                continue;
            }
            for found in labels_at(&mark.labels, mark.at, passage) {
                let words = passage.words_of(found);
                let allowed = (!mark.capital || begins_with_capital(passage, found))
                    && match_any_at(&mark.unless_next, &passage.tokens, found.end).is_none();
                if let Some((_, outline)) = outline_of(words).filter(|_| allowed)
                    && self.in_zone(&mark.zone, page, &outline)
                {
                    return Some(outline);
                }
            }
        }
        None
    }

    pub(crate) fn landmark(&self, page: usize, name: &str) -> Option<&Rectangle> {
        self.landmarks.get(&(page, name.to_owned()))
    }

    /// Whether the centre of a box lies in a zone.
    pub(crate) fn in_zone(&self, zone: &Zone, page: usize, area: &Rectangle) -> bool {
        if zone.page == PageChoice::First && page != 0 {
            return false;
        }
        let (x, y) = centre(area);
        let size = self.pages[page].size;
        let across = x as f32 / size.width_px.max(1) as f32;
        let down = y as f32 / size.height_px.max(1) as f32;
        let mark =
            |name: &Option<String>| name.as_deref().and_then(|name| self.landmark(page, name));
        (zone.left..=zone.right).contains(&across)
            && (zone.top..=zone.bottom).contains(&down)
            && mark(&zone.above).is_none_or(|mark| y < mark.y)
            && mark(&zone.below).is_none_or(|mark| y > mark.bottom())
            && mark(&zone.left_of).is_none_or(|mark| x < mark.x)
            && mark(&zone.right_of).is_none_or(|mark| x > mark.right())
            && mark(&zone.beside).is_none_or(|mark| y + mark.height > mark.y)
    }

    /// The segments in the order in which a zone's pages are searched.
    pub(crate) fn segments_for(&self, zone: &Zone) -> Vec<&Segment<'a>> {
        let mut segments: Vec<&Segment<'a>> = self.segments.iter().collect();
        if zone.page == PageChoice::Last {
            segments.sort_by_key(|segment| usize::MAX - segment.page);
        }
        segments
    }
}

/// The matches of labels at their allowed place on a line. The number of an item
/// ("1.", "II)") may stand before the start of a line.
pub(crate) fn labels_at(labels: &[Label], at: At, passage: &Passage<'_>) -> Vec<LabelMatch> {
    let tokens = &passage.tokens;
    if at == At::Anywhere {
        return find_all(labels, tokens);
    }
    let item = match tokens.as_slice() {
        [first, second, ..] => {
            let sign = passage.text[first.end..second.start].trim();
            first.folded.len() <= 3 && matches!(sign, "." | ")" | "/")
        }
        _ => false,
    };
    match_any_at(labels, tokens, 0)
        .or_else(|| item.then(|| match_any_at(labels, tokens, 1)).flatten())
        .into_iter()
        .collect()
}

/// S and s, or V and v, differ by nothing but their height, so one engine that saw a
/// capital is enough.
pub(crate) fn begins_with_capital(passage: &Passage<'_>, found: LabelMatch) -> bool {
    let start = passage.tokens[found.first].start;
    let capital = |text: &str| text.chars().next().is_some_and(char::is_uppercase);
    capital(&passage.text[start..])
        || (passage.start_of_word(start) == start
            && passage.words_in(start, start + 1).iter().any(|place| {
                let mut readings = place.word.readings.iter();
                readings.any(|reading| capital(&reading.text))
            }))
}

fn segments_of_page<'a>(page: usize, text: &PageText<'a>, cutting: &[Label]) -> Vec<Segment<'a>> {
    let mut segments = Vec::new();
    for (line, recognised) in text.text.lines.iter().enumerate() {
        let words: Vec<WordAt<'a>> = recognised
            .words
            .iter()
            .map(|word| WordAt { page, line, word })
            .collect();
        for part in cut_at_labels(cut_at_gaps(words, recognised.outline.height), cutting) {
            let outline = outline_of(&part).map(|(_, outline)| outline);
            if let Some(outline) = outline {
                segments.push(Segment {
                    page,
                    outline,
                    passage: Passage::new(part),
                    row: String::new(),
                    avoided: false,
                    second_column: false,
                });
            }
        }
    }
    segments
}

fn cut_at_gaps(words: Vec<WordAt<'_>>, line_height: u32) -> Vec<Vec<WordAt<'_>>> {
    let mut parts: Vec<Vec<WordAt<'_>>> = Vec::new();
    for place in words {
        match parts.last_mut() {
            Some(part)
                if part.last().is_none_or(|last| {
                    place.word.outline.x
                        <= last.word.outline.right() + line_height.max(1) * COLUMN_GAP
                }) =>
            {
                part.push(place);
            }
            _ => parts.push(vec![place]),
        }
    }
    parts
}

/// Cuts before landmarks that begin a column, wherever they stand on a line.
fn cut_at_labels<'a>(parts: Vec<Vec<WordAt<'a>>>, cutting: &[Label]) -> Vec<Vec<WordAt<'a>>> {
    let mut cut = Vec::new();
    for part in parts {
        let passage = Passage::new(part);
        let mut edges = vec![0];
        for found in find_all(cutting, &passage.tokens) {
            let start = passage.tokens[found.first].start;
            let end = passage.tokens[found.end - 1].end;
            edges.extend(passage.spans.iter().position(|span| span.1 > start));
            edges.extend(passage.spans.iter().position(|span| span.0 >= end));
        }
        edges.push(passage.words.len());
        edges.dedup();
        for pair in edges.windows(2) {
            if pair[0] < pair[1] {
                cut.push(passage.words[pair[0]..pair[1]].to_vec());
            }
        }
    }
    cut
}

/// The segments further right on the same row, from left to right.
pub(crate) fn right_of<'l, 'a>(
    segment: &Segment<'a>,
    segments: &'l [Segment<'a>],
) -> Vec<&'l Segment<'a>> {
    let mut row: Vec<&Segment<'a>> = segments
        .iter()
        .filter(|other| {
            !other.avoided
                && other.second_column == segment.second_column
                && other.outline.x >= segment.outline.right()
                && other.same_row(segment)
        })
        .collect();
    row.sort_by_key(|other| other.outline.x);
    row
}

fn row_text(segment: &Segment<'_>, segments: &[Segment<'_>]) -> String {
    let mut text = fold(&segment.passage.text);
    for next in right_of(segment, segments) {
        text.push(' ');
        text.push_str(&fold(&next.passage.text));
    }
    text
}

/// Marks stamps and running heads, and what stands in the frame of a stamp: on
/// its row to the right, and up to four lines below.
fn mark_avoided(segments: &mut [Segment<'_>], avoid: &[Label]) {
    let stamps: Vec<usize> = (0..segments.len())
        .filter(|index| is_stamp(&segments[*index], avoid))
        .collect();
    for index in 0..segments.len() {
        let framed = stamps
            .iter()
            .any(|stamp| *stamp == index || in_stamp_frame(&segments[*stamp], &segments[index]));
        segments[index].avoided = framed;
    }
}

fn is_stamp(segment: &Segment<'_>, avoid: &[Label]) -> bool {
    let passage = &segment.passage;
    avoid.iter().any(|label| {
        let Some(found) = label.match_at(&passage.tokens, 0) else {
            return false;
        };
        if !label.is_single() {
            return true;
        }
        // One word alone is too little unless it is written just as in the form
        // and hardly anything follows: "ĐẾN", not "đến năm 2030 ...".
        let token = &passage.tokens[found.first];
        passage.text[token.start..token.end] == *label.written() && passage.tokens.len() <= 8
    })
}

fn in_stamp_frame(stamp: &Segment<'_>, other: &Segment<'_>) -> bool {
    if stamp.page != other.page {
        return false;
    }
    let (frame, area) = (&stamp.outline, &other.outline);
    let height = frame.height.max(1);
    let beside = rows_overlap(frame, area)
        && area.x >= frame.x
        && area.x < frame.right() + height * COLUMN_GAP;
    let below = area.y >= frame.y
        && area.y < frame.bottom() + height * 4
        && area.x < frame.right() + height * 2
        && area.right() + height * 2 > frame.x
        && area.width <= frame.width.max(height * 6) * 3 / 2;
    beside || below
}
