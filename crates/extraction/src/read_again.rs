//! Which lines the second engine must read.

use std::collections::BTreeSet;

use crate::catalogue::form::Form;
use crate::catalogue::rule::Rule;
use crate::find::{places, zone_of};
use crate::identity::on_paper::is_zone_line;
use crate::layout::{Layout, PageText};

/// A line of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineRef {
    /// Position of the page in the document, from 0.
    pub page: usize,
    /// Index of the line within the page's recognised text.
    pub line: usize,
}

/// Where the label of a decisive field was not found, the first lines of its zone
/// are read again. A header has hardly more lines than this.
const ZONE_LINES: usize = 8;

/// The lines whose words feed a field, in the order of the paper.
pub fn lines_to_read_again(form: &Form, pages: &[PageText<'_>]) -> Vec<LineRef> {
    let layout = Layout::new(form, pages);
    let mut lines = BTreeSet::new();
    for field in &form.fields {
        let mut found = false;
        for rule in field.find.iter().chain(&field.same_as) {
            for place in places(form, field, rule, &layout) {
                found = true;
                // A value reaches a little further than its place when a label of
                // the next field was misread, so the whole place counts.
                let words = place.passage.words_in(0, place.end.max(1));
                lines.extend(words.iter().chain(&place.label).map(|at| LineRef {
                    page: at.page,
                    line: at.line,
                }));
            }
        }
        // Only the check digits tell which engine read a zone right.
        if field
            .find
            .iter()
            .any(|rule| matches!(rule, Rule::Mrz { .. }))
        {
            let zone = layout
                .segments
                .iter()
                .filter(|segment| is_zone_line(segment));
            lines.extend(
                zone.filter_map(|segment| segment.passage.words.first())
                    .map(|at| LineRef {
                        page: at.page,
                        line: at.line,
                    }),
            );
        }
        if !found && field.required && field.decisive {
            for zone in field.find.iter().filter_map(zone_of) {
                let in_zone = layout
                    .segments
                    .iter()
                    .filter(|segment| layout.in_zone(zone, segment.page, &segment.outline))
                    .filter_map(|segment| segment.passage.words.first())
                    .take(ZONE_LINES);
                lines.extend(in_zone.map(|at| LineRef {
                    page: at.page,
                    line: at.line,
                }));
            }
        }
    }
    lines.into_iter().collect()
}
