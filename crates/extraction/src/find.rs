//! From a rule of a form to the places on the paper where a value may stand.

mod block;
mod label;
mod signature;

use domain::field::Source;

use crate::catalogue::form::{FieldDefinition, Form};
use crate::catalogue::rule::{At, LabelRule, Rule, Zone};
use crate::heading;
use crate::label::Label;
use crate::layout::{Layout, Segment, labels_at};
use crate::passage::{Passage, WordAt, outline_of};
use crate::pattern::Pattern;

/// A place where a value may stand.
#[derive(Clone, Debug)]
pub(crate) struct Found<'a> {
    /// The words from the label to where the value ends at the latest.
    pub(crate) passage: Passage<'a>,
    /// Where reading begins.
    pub(crate) start: usize,
    /// Where reading ends at the latest.
    pub(crate) end: usize,
    /// The words of the label.
    pub(crate) label: Vec<WordAt<'a>>,
    /// Its label or landmark was found, not only its place.
    pub(crate) anchored: bool,
    /// It stands within a stamp.
    pub(crate) stamped: bool,
    /// The value, where the form knows it and the paper only has to name it.
    pub(crate) fixed: Option<Fixed>,
}

/// A value that the form holds.
#[derive(Clone, Debug)]
pub(crate) struct Fixed {
    pub(crate) value: String,
    /// The paper says it just as the form does.
    pub(crate) exact: bool,
    pub(crate) source: Source,
}

/// All places for one rule, in the order of the paper. Rules that look at no
/// text find none.
pub(crate) fn places<'a>(
    form: &Form,
    field: &FieldDefinition,
    rule: &Rule,
    layout: &Layout<'a>,
) -> Vec<Found<'a>> {
    match rule {
        Rule::Label(rule) => label::places(field, rule, layout),
        Rule::Title { any_heading } => title_places(form, layout, *any_heading),
        Rule::BlockBelow {
            landmark,
            until,
            max_lines,
            zone,
        } => block::below(layout, landmark, until, *max_lines, zone),
        Rule::BlockAbove {
            landmark,
            level_with,
            max_lines,
            zone,
        } => block::above(layout, landmark, level_with.as_deref(), *max_lines, zone),
        Rule::Signature { labels, zone } => signature::places(layout, labels, zone),
        Rule::Implied {
            labels,
            at,
            value,
            zone,
        } => implied_places(layout, labels, *at, value, zone),
        Rule::Pattern { pattern, zone } => pattern_places(layout, pattern, zone),
        Rule::Term { labels, zone, .. } => label::places(field, &term_rule(labels, zone), layout),
        Rule::Constant { .. }
        | Rule::Compose { .. }
        | Rule::IdentityQr { .. }
        | Rule::Mrz { .. }
        | Rule::Dossier { .. } => Vec::new(),
    }
}

/// The zone of a rule, for looking again where nothing was found.
pub(crate) fn zone_of(rule: &Rule) -> Option<&Zone> {
    match rule {
        Rule::Label(rule) => Some(&rule.zone),
        Rule::BlockBelow { zone, .. }
        | Rule::BlockAbove { zone, .. }
        | Rule::Signature { zone, .. }
        | Rule::Pattern { zone, .. }
        | Rule::Term { zone, .. }
        | Rule::Implied { zone, .. } => Some(zone),
        _ => None,
    }
}

impl<'a> Found<'a> {
    /// A value that fills whole segments.
    fn whole(segments: &[&Segment<'a>], anchored: bool) -> Self {
        let words = segments
            .iter()
            .flat_map(|segment| without_rules(&segment.passage.words))
            .copied()
            .collect();
        let passage = Passage::new(words);
        Self {
            start: 0,
            end: passage.text.len(),
            passage,
            label: Vec::new(),
            anchored,
            stamped: segments.iter().any(|segment| segment.avoided),
            fixed: None,
        }
    }
}

/// Drawn lines beside print read as dashes; they end no word of a value.
fn without_rules<'w, 'a>(words: &'w [WordAt<'a>]) -> &'w [WordAt<'a>] {
    let is_word = |place: &WordAt<'_>| place.word.text.chars().any(char::is_alphanumeric);
    let first = words.iter().position(is_word).unwrap_or(0);
    let end = words.iter().rposition(is_word).map_or(0, |last| last + 1);
    words.get(first..end).unwrap_or_default()
}

fn title_places<'a>(form: &Form, layout: &Layout<'a>, any_heading: bool) -> Vec<Found<'a>> {
    if let Some(heading) = &layout.heading {
        let segment = &layout.segments[heading.segment];
        if let Some(known) = &heading.known {
            let mut found = Found::whole(&[segment], true);
            found.passage = segment.passage.clone();
            (found.start, found.end) = heading.range;
            found.fixed = Some(Fixed {
                value: known.clone(),
                exact: heading.exact,
                source: Source::Ocr,
            });
            return vec![found];
        }
        let mut found = Found::whole(&heading::continued(layout, segment, 3), true);
        found.fixed = heading::known(form, &found.passage.text);
        return vec![found];
    }
    let first = layout
        .segments
        .iter()
        .find(|segment| any_heading && is_any_heading(form, layout, segment));
    first
        .map(|segment| Found::whole(&heading::continued(layout, segment, 3), false))
        .into_iter()
        .collect()
}

/// A line in capitals about the middle of the page that is no landmark.
fn is_any_heading(form: &Form, layout: &Layout<'_>, segment: &Segment<'_>) -> bool {
    let middle = layout.pages[segment.page].size.width_px / 2;
    let tokens = &segment.passage.tokens;
    let landmark = form
        .landmarks
        .iter()
        .any(|mark| !labels_at(&mark.labels, At::LineStart, &segment.passage).is_empty());
    heading::may_be_heading(form, layout, segment)
        && !landmark
        && tokens.len() >= 2
        && (segment.outline.x..segment.outline.right()).contains(&middle)
}

/// The pattern is its own landmark: what it matches needs no label.
fn pattern_places<'a>(layout: &Layout<'a>, pattern: &Pattern, zone: &Zone) -> Vec<Found<'a>> {
    let mut places = Vec::new();
    for segment in layout.segments_for(zone) {
        let Some((start, end)) = pattern.find(&segment.passage.text) else {
            continue;
        };
        let words = segment.passage.words_in(start, end);
        let allowed =
            outline_of(words).is_some_and(|(page, outline)| layout.in_zone(zone, page, &outline));
        if allowed {
            places.push(Found {
                passage: segment.passage.clone(),
                start,
                end,
                label: Vec::new(),
                anchored: true,
                stamped: segment.avoided,
                fixed: None,
            });
        }
    }
    places
}

/// A term may run on to the next line.
fn term_rule(labels: &[Label], zone: &Zone) -> LabelRule {
    LabelRule {
        labels: labels.to_vec(),
        at: At::Anywhere,
        capital: false,
        colon: false,
        keep_label: false,
        unless_next: Vec::new(),
        until: Vec::new(),
        line_pattern: None,
        lines: 2,
        unique: false,
        below: false,
        zone: zone.clone(),
    }
}

fn implied_places<'a>(
    layout: &Layout<'a>,
    labels: &[Label],
    at: At,
    value: &str,
    zone: &Zone,
) -> Vec<Found<'a>> {
    let mut places = Vec::new();
    for segment in layout.segments_for(zone) {
        for found in labels_at(labels, at, &segment.passage) {
            let words = segment.passage.words_of(found);
            let allowed = outline_of(words)
                .is_some_and(|(page, outline)| layout.in_zone(zone, page, &outline));
            if allowed {
                let passage = Passage::new(words.to_vec());
                places.push(Found {
                    start: 0,
                    end: passage.text.len(),
                    label: words.to_vec(),
                    passage,
                    anchored: true,
                    stamped: segment.avoided,
                    fixed: Some(Fixed {
                        value: value.to_owned(),
                        exact: true,
                        source: Source::Rule,
                    }),
                });
            }
        }
    }
    places
}
