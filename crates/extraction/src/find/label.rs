//! What follows a label.

use crate::catalogue::form::FieldDefinition;
use crate::catalogue::rule::LabelRule;
use crate::find::Found;
use crate::label::{Label, LabelMatch, find_all, match_any_at};
use crate::layout::{
    Layout, Passage, Segment, WordAt, begins_with_capital, labels_at, outline_of, right_of,
};

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
            places.push(from_label(field, rule, layout, segment, found));
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
    } else if rest_blank && let Some(next) = row.first().filter(|next| !opens_field(&next.passage))
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
        if opens_field(passage) || match_any_at(&rule.until, &passage.tokens, 0).is_some() {
            break;
        }
        last = *area;
        lines.push(other);
    }
    lines
}
