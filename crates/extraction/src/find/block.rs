//! Blocks of lines over or under a landmark.

use crate::catalogue::rule::Zone;
use crate::find::Found;
use crate::label::{Label, match_any_at};
use crate::layout::{Layout, Segment, centre};

/// The lines under a landmark that stand under its middle, up to a gap, to a
/// label that opens the body, or to a line in capitals after lines that are not.
pub(super) fn below<'a>(
    layout: &Layout<'a>,
    landmark: &str,
    until: &[Label],
    max_lines: usize,
    zone: &Zone,
) -> Vec<Found<'a>> {
    let mut places = Vec::new();
    for page in 0..layout.pages.len() {
        let Some(mark) = layout.landmark(page, landmark) else {
            continue;
        };
        let middle = centre(mark).0;
        let mut block: Vec<&Segment<'a>> = Vec::new();
        let mut last = *mark;
        for segment in &layout.segments {
            let area = &segment.outline;
            let under = segment.page == page
                && area.y > last.y
                && area.y + area.height / 3 >= last.bottom()
                && area.x <= middle
                && area.right() >= middle
                && layout.in_zone(zone, page, area)
                && !segment.passage.tokens.is_empty();
            if !under || segment.avoided {
                continue;
            }
            // The first line may stand a little off its heading; after that a gap
            // of a line means that the body begins.
            let height = last.height.max(area.height);
            let allowed = if block.is_empty() {
                height * 8 / 5
            } else {
                height
            };
            let new_case = block
                .first()
                .is_some_and(|first| segment.in_capitals() && !first.in_capitals());
            if area.y > last.bottom() + allowed
                || new_case
                || block.len() >= max_lines
                || match_any_at(until, &segment.passage.tokens, 0).is_some()
            {
                break;
            }
            last = *area;
            block.push(segment);
        }
        if !block.is_empty() {
            places.push(Found::whole(&block, true));
        }
    }
    places
}

/// The lines in capitals over a landmark: the agency over its number.
pub(super) fn above<'a>(
    layout: &Layout<'a>,
    landmark: &str,
    level_with: Option<&str>,
    max_lines: usize,
    zone: &Zone,
) -> Vec<Found<'a>> {
    let mut places = Vec::new();
    for page in 0..layout.pages.len() {
        let mark = layout.landmark(page, landmark);
        let level = level_with.and_then(|name| layout.landmark(page, name));
        let heading = layout
            .heading
            .as_ref()
            .filter(|heading| heading.page == page);
        if mark.is_none() && level.is_none() && heading.is_none() {
            continue;
        }
        let block: Vec<&Segment<'a>> = layout
            .segments
            .iter()
            .filter(|segment| {
                let area = &segment.outline;
                segment.page == page
                    && !segment.avoided
                    && segment.in_capitals()
                    // A symbol whose number was left blank is in capitals too.
                    && !segment.passage.text.contains('/')
                    && layout.in_zone(zone, page, area)
                    && mark.is_none_or(|mark| centre(area).1 < mark.y)
                    && level.is_none_or(|level| centre(area).1 + level.height * 3 / 2 > level.y)
                    // Without its landmark the block ends where the heading begins.
                    && heading.is_none_or(|heading| area.bottom() < heading.outline.y)
            })
            .take(max_lines)
            .collect();
        if !block.is_empty() {
            places.push(Found::whole(&block, mark.is_some() || level.is_some()));
        }
    }
    places
}
