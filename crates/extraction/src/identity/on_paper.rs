//! The machine-readable zone among the lines of a paper.

use domain::engine::Engine;
use domain::field::Evidence;
use domain::geometry::Rectangle;

use crate::identity::mrz::{Mrz, MrzKind};
use crate::layout::{Layout, Segment};
use crate::passage::text_by;

/// A zone and where it stands.
pub(crate) struct ZoneOnPaper {
    pub(crate) mrz: Mrz,
    pub(crate) evidence: Option<Evidence>,
}

/// A line of a zone has at least this many letters, digits and fillers.
const LINE_CHARS: usize = 14;

/// Whether a line may belong to a zone.
pub(crate) fn is_zone_line(segment: &Segment<'_>) -> bool {
    let text = &segment.passage.text;
    let fillers = text
        .chars()
        .filter(|letter| matches!(letter, '<' | '«'))
        .count();
    let wide = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .count();
    let lower = text.chars().any(char::is_lowercase);
    wide >= LINE_CHARS && (fillers >= 2 || (!lower && wide >= 28))
}

/// The zone on a paper. Each line may be taken as the two engines made it
/// together or as one of them read it alone; the check digits choose.
pub(crate) fn zone_on_paper(layout: &Layout<'_>) -> Option<ZoneOnPaper> {
    let lines: Vec<&Segment<'_>> = layout
        .segments
        .iter()
        .filter(|segment| is_zone_line(segment))
        .collect();
    let mut unsound = None;
    for kind in [MrzKind::Td1, MrzKind::Td3, MrzKind::Td2] {
        for window in lines.windows(kind.lines()) {
            if window.iter().any(|segment| segment.page != window[0].page) {
                continue;
            }
            let Some(mrz) = best_reading(kind, window) else {
                continue;
            };
            let outline = Rectangle::union_all(window.iter().map(|segment| &segment.outline));
            let page = window[0].page;
            let found = ZoneOnPaper {
                evidence: outline.map(|outline| Evidence { page, outline }),
                mrz,
            };
            if found.mrz.is_sound() {
                return Some(found);
            }
            unsound = unsound.or(Some(found));
        }
    }
    unsound
}

fn best_reading(kind: MrzKind, window: &[&Segment<'_>]) -> Option<Mrz> {
    let readings: Vec<Vec<String>> = window
        .iter()
        .map(|segment| {
            let mut readings = vec![segment.passage.text.clone()];
            for engine in [Engine::Tesseract, Engine::Neural] {
                let text = text_by(&segment.passage.words, engine).unwrap_or_default();
                if !text.is_empty() && !readings.contains(&text) {
                    readings.push(text);
                }
            }
            readings
        })
        .collect();
    let count: usize = readings.iter().map(Vec::len).product();
    let all = (0..count).filter_map(|number| {
        let mut rest = number;
        let lines: Vec<&str> = readings
            .iter()
            .map(|choices| {
                let at = rest % choices.len();
                rest /= choices.len();
                choices[at].as_str()
            })
            .collect();
        Mrz::find(&lines).filter(|mrz| mrz.kind == kind)
    });
    all.min_by_key(|mrz| (mrz.failed.len(), mrz.repaired))
}
