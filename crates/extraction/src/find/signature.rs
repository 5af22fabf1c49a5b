//! The name under the words in whose capacity somebody signs.

use crate::catalogue::rule::{PageChoice, Zone};
use crate::find::Found;
use crate::label::{Label, match_any_at};
use crate::layout::{Layout, Segment, begins_with_capital, centre};
use crate::passage::outline_of;
use crate::read::name;

/// A line with more words than this is body text, not "PHÓ CHÁNH VĂN PHÒNG".
const CAPACITY_WORDS: usize = 10;

pub(super) fn places<'a>(layout: &Layout<'a>, labels: &[Label], zone: &Zone) -> Vec<Found<'a>> {
    let mut pages: Vec<usize> = (0..layout.pages.len()).collect();
    if zone.page == PageChoice::Last {
        pages.reverse();
    }
    pages
        .into_iter()
        .filter_map(|page| on_page(layout, labels, zone, page))
        .collect()
}

fn on_page<'a>(
    layout: &Layout<'a>,
    labels: &[Label],
    zone: &Zone,
    page: usize,
) -> Option<Found<'a>> {
    let on_page = || {
        layout
            .segments
            .iter()
            .filter(|segment| segment.page == page)
    };
    let capacities: Vec<&Segment<'a>> = on_page()
        .filter(|segment| is_capacity(layout, labels, zone, segment))
        .collect();
    let reach = layout.pages[page].size.height_px * 35 / 100;
    // The lowest line that has a name under it: "TL.", "KT.", then the post itself.
    for capacity in capacities.iter().rev() {
        let area = &capacity.outline;
        let names: Vec<&Segment<'a>> = on_page()
            .filter(|segment| {
                let middle = centre(&segment.outline).0;
                segment.outline.y >= area.bottom().saturating_sub(area.height / 3)
                    && segment.outline.y <= area.bottom() + reach
                    && middle + area.width / 2 >= area.x
                    && middle <= area.right() + area.width / 2
                    && !is_capacity(layout, labels, zone, segment)
                    && is_whole_name(&segment.passage.text)
            })
            .collect();
        // Decree 30/2020/NĐ-CP, annex I: the signer's name in small letters; words
        // in capitals under the post are those of the seal.
        let chosen = names
            .iter()
            .rev()
            .find(|segment| !segment.in_capitals())
            .or(names.last());
        if let Some(segment) = chosen {
            let mut found = Found::whole(&[segment], true);
            found.label.clone_from(&capacity.passage.words);
            return Some(found);
        }
    }
    None
}

fn is_capacity(layout: &Layout<'_>, labels: &[Label], zone: &Zone, segment: &Segment<'_>) -> bool {
    let passage = &segment.passage;
    if passage.tokens.len() > CAPACITY_WORDS {
        return false;
    }
    // The edge of a seal may read as a letter or two before it.
    let found = (0..passage.tokens.len().min(3))
        .find_map(|first| match_any_at(labels, &passage.tokens, first));
    found.is_some_and(|found| {
        begins_with_capital(passage, found)
            && outline_of(passage.words_of(found))
                .is_some_and(|(page, outline)| layout.in_zone(zone, page, &outline))
    })
}

fn is_whole_name(text: &str) -> bool {
    let read = name::read(text);
    let Some(value) = read.value().filter(|value| value.sound) else {
        return false;
    };
    let outside = [&text[..value.start], &text[value.end..]];
    outside
        .iter()
        .all(|rest| !rest.chars().any(char::is_alphanumeric))
}
