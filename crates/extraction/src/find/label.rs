//! What follows a label.

use domain::geometry::Rectangle;

use crate::catalogue::form::FieldDefinition;
use crate::catalogue::rule::{At, LabelRule};
use crate::find::Found;
use crate::label::{Label, LabelMatch, find_all, match_any_at};
use crate::layout::{Layout, Segment, begins_with_capital, labels_at, right_of};
use crate::passage::{Passage, WordAt, outline_of};

/// What stands further behind a label than this many line heights was put there for
/// another reason: the serial beside a register number that was left open.
const VALUE_GAP: u32 = 10;

/// "Họ tên:" opens another field when its colon comes this early.
const NEXT_LABEL_CHARS: usize = 40;

pub(super) fn places<'a>(
    field: &FieldDefinition,
    rule: &LabelRule,
    layout: &Layout<'a>,
) -> Vec<Found<'a>> {
    let mut places = Vec::new();
    for segment in layout.segments_for(&rule.zone) {
        let passage = &segment.passage;
        let pattern = rule.line_pattern.as_ref();
        let mut matches = labels_at(&rule.labels, rule.at, passage);
        if matches.is_empty() || pattern.is_some_and(|pattern| !pattern.is_match(&segment.row)) {
            continue;
        }
        matches.retain(|found| is_label(rule, layout, passage, *found));
        for found in matches {
            places.push(if rule.below {
                under_label(rule, layout, segment, found)
            } else {
                from_label(field, rule, layout, segment, found)
            });
        }
    }
    places
}

fn is_label(
    rule: &LabelRule,
    layout: &Layout<'_>,
    passage: &Passage<'_>,
    found: LabelMatch,
) -> bool {
    let after = passage.text[end_of_label(passage, found)..].trim_start();
    (!rule.capital || begins_with_capital(passage, found))
        && (!rule.colon || after.starts_with(':'))
        && match_any_at(&rule.unless_next, &passage.tokens, found.end).is_none()
        && outline_of(passage.words_of(found))
            .is_some_and(|(page, outline)| layout.in_zone(&rule.zone, page, &outline))
}

fn from_label<'a>(
    field: &FieldDefinition,
    rule: &LabelRule,
    layout: &Layout<'a>,
    segment: &Segment<'a>,
    found: LabelMatch,
) -> Found<'a> {
    let passage = &segment.passage;
    let label_start = passage.tokens[found.first].start;
    let label_end = end_of_label(passage, found);
    let label = passage.words_in(label_start, label_end).to_vec();
    let mut words: Vec<WordAt<'a>> = passage.words_in(label_start, passage.text.len()).to_vec();
    // The first word may begin before the label when they were read as one.
    let cut = passage.start_of_word(label_start);
    let rest_blank = !has_letters(&passage.text[label_end..]);
    let row = right_of(segment, &layout.segments);
    if field.value_type.ends_by_itself() {
        words.extend(
            row.iter()
                .flat_map(|next| next.passage.words.iter().copied()),
        );
    } else if rest_blank
        && let Some(next) = row.first().filter(|next| {
            let gap = next.outline.x.saturating_sub(segment.outline.right());
            !opens_field(&next.passage) && gap <= segment.outline.height * VALUE_GAP
        })
    {
        words.extend(next.passage.words.iter().copied());
    }
    for next in lines_below(layout, segment, rule) {
        words.extend(next.passage.words.iter().copied());
    }
    let passage = Passage::new(words);
    let (label_start, label_end) = (label_start - cut, label_end - cut);
    let start = if rule.keep_label {
        label_start
    } else {
        label_end
    };
    Found {
        end: end_at(&rule.until, &passage, label_end),
        passage,
        start,
        label,
        anchored: true,
        stamped: segment.avoided,
        fixed: None,
    }
}

/// A label over its value: the words of the next lines from where the label begins.
/// What stands left of that belongs to another label.
fn under_label<'a>(
    rule: &LabelRule,
    layout: &Layout<'a>,
    segment: &Segment<'a>,
    found: LabelMatch,
) -> Found<'a> {
    let label = segment.passage.words_of(found).to_vec();
    let from = outline_of(&label).map_or(segment.outline, |(_, outline)| outline);
    let edge = from.x.saturating_sub(from.height);
    let mut last = from;
    let mut words: Vec<WordAt<'a>> = Vec::new();
    for other in &layout.segments {
        let area = &other.outline;
        let under = other.page == segment.page
            && !other.avoided
            && area.y + area.height / 3 >= last.bottom()
            && area.y <= last.bottom() + last.height
            && area.right() > edge
            && area.x <= from.right();
        if !under {
            continue;
        }
        let ends = !labels_at(&rule.until, At::LineStart, &other.passage).is_empty();
        if ends || opens_field(&other.passage) {
            break;
        }
        last = Rectangle {
            y: area.y,
            height: area.height,
            ..from
        };
        let inside = other
            .passage
            .words
            .iter()
            .skip_while(|at| at.word.outline.x < edge);
        words.extend(inside);
        if lines_of(&words) >= rule.lines {
            break;
        }
    }
    let passage = Passage::new(words);
    Found {
        start: 0,
        end: end_at(&rule.until, &passage, 0),
        passage,
        label,
        anchored: true,
        stamped: segment.avoided,
        fixed: None,
    }
}

fn lines_of(words: &[WordAt<'_>]) -> usize {
    let mut lines: Vec<usize> = words.iter().map(|at| at.line).collect();
    lines.dedup();
    lines.len()
}

fn has_letters(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// Where the label of the next field begins.
fn end_at(until: &[Label], passage: &Passage<'_>, from: usize) -> usize {
    find_all(until, &passage.tokens)
        .into_iter()
        .map(|found| passage.tokens[found.first].start)
        .find(|start| *start >= from)
        .unwrap_or(passage.text.len())
}

/// Where a label ends, its note in brackets with it: "Họ và tên (chữ in hoa):".
fn end_of_label(passage: &Passage<'_>, found: LabelMatch) -> usize {
    let end = passage.tokens[found.end - 1].end;
    let after = &passage.text[end..];
    let note = after
        .trim_start()
        .strip_prefix('(')
        .and_then(|note| note.split_once(')'))
        .filter(|(note, _)| note.chars().count() <= NEXT_LABEL_CHARS);
    note.map_or(end, |(_, rest)| passage.text.len() - rest.len())
}

/// Whether another field's label opens a line.
fn opens_field(passage: &Passage<'_>) -> bool {
    passage
        .text
        .chars()
        .take(NEXT_LABEL_CHARS)
        .any(|letter| letter == ':')
}

/// The lines below in the same column that continue a value.
fn lines_below<'l, 'a>(
    layout: &'l Layout<'a>,
    segment: &Segment<'a>,
    rule: &LabelRule,
) -> Vec<&'l Segment<'a>> {
    let mut lines: Vec<&Segment<'a>> = Vec::new();
    let mut last = segment.outline;
    for other in &layout.segments {
        if lines.len() + 1 >= rule.lines {
            break;
        }
        let area = &other.outline;
        let below = other.page == segment.page && area.y + area.height / 3 >= last.bottom();
        if !below || other.avoided {
            continue;
        }
        if area.y > last.bottom() + last.height {
            break;
        }
        let shared = i64::from(area.right().min(segment.outline.right()))
            - i64::from(area.x.max(segment.outline.x));
        if shared * 2 < i64::from(area.width.min(segment.outline.width)) {
            continue;
        }
        let passage = &other.passage;
        // "II. Thông tin thửa đất" opens the next field in spite of its number.
        let ends = !labels_at(&rule.until, At::LineStart, passage).is_empty();
        if opens_field(passage) || ends {
            break;
        }
        last = *area;
        lines.push(other);
    }
    lines
}
