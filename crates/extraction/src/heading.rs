//! The heading of a paper: "QUYẾT ĐỊNH", "GIẤY KHAI SINH".

use domain::field::Source;
use domain::fold::same_spelling;
use domain::geometry::Rectangle;

use crate::catalogue::form::Form;
use crate::find::Fixed;
use crate::label::{Label, tokens};
use crate::layout::{Layout, Segment, centre};

/// A heading that one of the form's titles matches.
#[derive(Clone, Debug)]
pub(crate) struct Heading {
    pub(crate) page: usize,
    pub(crate) outline: Rectangle,
    /// Index of its segment in the layout.
    pub(crate) segment: usize,
    /// The title as the form writes it, when it is the whole heading.
    pub(crate) known: Option<String>,
    /// Byte range of the heading in its segment.
    pub(crate) range: (usize, usize),
    /// Read with all its marks as the form writes it.
    pub(crate) exact: bool,
}

/// The first heading that the form knows.
pub(crate) fn find(form: &Form, layout: &Layout<'_>) -> Option<Heading> {
    layout
        .segments
        .iter()
        .enumerate()
        .filter(|(_, segment)| may_be_heading(form, layout, segment))
        .find_map(|(index, segment)| match_titles(form, index, segment))
}

/// In capitals, in the zone, and not "QUYẾT ĐỊNH:", which opens the articles.
pub(crate) fn may_be_heading(form: &Form, layout: &Layout<'_>, segment: &Segment<'_>) -> bool {
    segment.in_capitals()
        && !segment.avoided
        && !segment.passage.text.ends_with(':')
        && layout.in_zone(&form.title_zone, segment.page, &segment.outline)
}

fn match_titles(form: &Form, index: usize, segment: &Segment<'_>) -> Option<Heading> {
    let tokens = &segment.passage.tokens;
    for title in &form.titles {
        for first in 0..tokens.len().min(2) {
            let Some(found) = title.text.match_at(tokens, first) else {
                continue;
            };
            // A speck beside the heading reads as a single letter.
            let specks = tokens[..first].iter().chain(&tokens[found.end..]);
            let whole = specks.clone().count() <= 1
                && specks.clone().all(|token| token.end - token.start <= 1);
            let begins = title.starts && first == 0;
            if !(whole || begins) {
                continue;
            }
            let end = if title.starts {
                segment.passage.text.len()
            } else {
                tokens[found.end - 1].end
            };
            let range = (tokens[found.first].start, end);
            let read = segment.passage.text[range.0..range.1].to_uppercase();
            return Some(Heading {
                page: segment.page,
                outline: segment.outline,
                segment: index,
                known: (!title.starts).then(|| title.text.written().to_owned()),
                range,
                exact: title.starts || same_spelling(&read, title.text.written()),
            });
        }
    }
    None
}

/// Whether a text is this title and comes nearer to it than to any other of the form.
pub(crate) fn says(form: &Form, text: &str, title: &str) -> bool {
    let tokens = tokens(text);
    let distance = |label: &Label| {
        let found = label.match_at(&tokens, 0)?;
        (found.end == tokens.len()).then_some(found.distance)
    };
    let Some(nearest) = distance(&Label::new(title)) else {
        return false;
    };
    form.titles
        .iter()
        .filter(|other| !other.starts && other.text.written() != title)
        .filter_map(|other| distance(&other.text))
        .all(|other| other > nearest)
}

/// The title of the form that a heading over several lines is, read with all its marks
/// or not.
pub(crate) fn known(form: &Form, text: &str) -> Option<Fixed> {
    let mut whole = form.titles.iter().filter(|title| !title.starts);
    let title = whole.find(|title| says(form, text, title.text.written()))?;
    let value = title.text.written().to_owned();
    Some(Fixed {
        exact: same_spelling(&text.to_uppercase(), &value),
        value,
        source: Source::Ocr,
    })
}

/// The segments that continue a heading on the lines below it.
pub(crate) fn continued<'l, 'a>(
    layout: &'l Layout<'a>,
    first: &'l Segment<'a>,
    max_lines: usize,
) -> Vec<&'l Segment<'a>> {
    let mut block = vec![first];
    let middle = centre(&first.outline).0;
    for segment in &layout.segments {
        let last = block[block.len() - 1];
        let below = segment.page == last.page
            && segment.outline.y >= last.outline.bottom() - last.outline.height / 3
            && segment.outline.y > last.outline.y;
        let near = segment.outline.y <= last.outline.bottom() + last.outline.height;
        let spans = segment.outline.x <= middle && segment.outline.right() >= middle;
        if below
            && near
            && spans
            && segment.in_capitals()
            && !segment.avoided
            && block.len() < max_lines
        {
            block.push(segment);
        }
    }
    block
}
