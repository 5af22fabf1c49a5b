//! The signatures of a PDF, as they stand in the file.

use std::ops::Range;

use chrono::{DateTime, Utc};
use domain::signature::Coverage;
use lopdf::{Dictionary, Document, Object};

use super::{array, dictionary};
use crate::error::Error;

/// Fields of a form beyond this are looked at no more: a paper has a handful of signatures.
const MOST_FIELDS: usize = 10_000;
/// A tree of fields deeper than this has a loop.
const DEEPEST: usize = 32;

/// A signature in a PDF.
#[derive(Debug)]
pub(crate) struct Found {
    /// The name of its field.
    pub(crate) field: String,
    pub(crate) sub_filter: Vec<u8>,
    /// The message, without the zeros behind it.
    pub(crate) message: Vec<u8>,
    /// The parts of the file that it says it covers.
    pub(crate) ranges: Vec<Range<usize>>,
    pub(crate) coverage: Coverage,
    /// The signer's own name and time, which nobody vouches for.
    pub(crate) says_name: Option<String>,
    pub(crate) says_time: Option<DateTime<Utc>>,
    /// Where the message stands, when the ranges leave out just that.
    pub(crate) room: Option<Range<usize>>,
}

/// All signatures, in the order in which they were made as far as the file tells.
pub(crate) fn all(pdf: &[u8]) -> Result<Vec<Found>, Error> {
    let document = super::open(pdf)?;
    let Some(form) = form(&document) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    let mut left = MOST_FIELDS;
    if let Some(fields) = array(&document, form, b"Fields") {
        for field in fields {
            look(
                &document,
                pdf,
                field,
                Inherited::default(),
                DEEPEST,
                &mut left,
                &mut found,
            );
        }
    }
    found.sort_by_key(|found| found.ranges.iter().map(|range| range.end).max());
    Ok(found)
}

/// The file has a form with signatures, going by what it says of itself.
pub(crate) fn form(document: &Document) -> Option<&Dictionary> {
    let (_, root) = dictionary(document, &document.trailer, b"Root")?;
    dictionary(document, root, b"AcroForm").map(|(_, form)| form)
}

/// What a field has from those above it.
#[derive(Clone, Default)]
struct Inherited {
    name: String,
    is_signature: bool,
}

fn look(
    document: &Document,
    pdf: &[u8],
    field: &Object,
    mut inherited: Inherited,
    depth: usize,
    left: &mut usize,
    found: &mut Vec<Found>,
) {
    if depth == 0 || *left == 0 {
        return;
    }
    *left -= 1;
    let Ok(field) = document
        .dereference(field)
        .and_then(|(_, field)| field.as_dict())
    else {
        return;
    };
    if let Some(part) = text(document, field, b"T") {
        if !inherited.name.is_empty() {
            inherited.name.push('.');
        }
        inherited.name.push_str(&part);
    }
    if let Ok(kind) = field.get(b"FT").and_then(Object::as_name) {
        inherited.is_signature = kind == b"Sig";
    }
    if inherited.is_signature
        && let Some((_, signature)) = dictionary(document, field, b"V")
        && let Some(one) = read(document, pdf, &inherited.name, signature)
    {
        found.push(one);
        return;
    }
    if let Some(kids) = array(document, field, b"Kids") {
        for kid in kids {
            look(
                document,
                pdf,
                kid,
                inherited.clone(),
                depth - 1,
                left,
                found,
            );
        }
    }
}

fn read(document: &Document, pdf: &[u8], field: &str, signature: &Dictionary) -> Option<Found> {
    let message = document
        .dereference(signature.get(b"Contents").ok()?)
        .ok()?
        .1
        .as_str()
        .ok()?;
    let numbers: Option<Vec<i64>> = array(document, signature, b"ByteRange")?
        .iter()
        .map(|number| document.dereference(number).ok()?.1.as_i64().ok())
        .collect();
    let numbers = numbers?;
    let ranges: Option<Vec<Range<usize>>> = numbers
        .chunks(2)
        .map(|pair| {
            let [begin, length] = pair else { return None };
            let begin = usize::try_from(*begin).ok()?;
            let end = begin.checked_add(usize::try_from(*length).ok()?)?;
            (end <= pdf.len()).then_some(begin..end)
        })
        .collect();
    let ranges = ranges.unwrap_or_default();
    // What stands behind the message in its room is covered by nothing, and must be nothing.
    let padding = &message[without_padding(message).len()..];
    let is_padded = padding.iter().all(|byte| *byte == 0);
    let room = room(pdf, &ranges, message).filter(|_| is_padded);
    Some(Found {
        field: field.to_owned(),
        sub_filter: signature
            .get(b"SubFilter")
            .and_then(Object::as_name)
            .map(<[u8]>::to_vec)
            .unwrap_or_default(),
        coverage: coverage(pdf, &ranges, room.as_ref()),
        message: without_padding(message).to_vec(),
        ranges,
        says_name: text(document, signature, b"Name"),
        says_time: text(document, signature, b"M").and_then(|text| time(&text)),
        room,
    })
}

/// The gap between two ranges, when it holds the message and nothing else.
fn room(pdf: &[u8], ranges: &[Range<usize>], message: &[u8]) -> Option<Range<usize>> {
    let [one, two] = ranges else { return None };
    let gap = pdf.get(one.end..two.start)?;
    let inside = gap.strip_prefix(b"<")?.strip_suffix(b">")?;
    // Digits only: white space would be room for something that nobody signed.
    let mut digits = inside.iter().map(|byte| (*byte as char).to_digit(16));
    for byte in message {
        let (high, low) = (digits.next()??, digits.next().unwrap_or(Some(0))?);
        if high << 4 | low != u32::from(*byte) {
            return None;
        }
    }
    digits.next().is_none().then_some(one.end..two.start)
}

/// How much of the file the ranges cover.
fn coverage(pdf: &[u8], ranges: &[Range<usize>], room: Option<&Range<usize>>) -> Coverage {
    let (Some(first), Some(last), Some(_)) = (ranges.first(), ranges.last(), room) else {
        return Coverage::Unclear;
    };
    if first.start != 0 {
        return Coverage::Unclear;
    }
    if last.end == pdf.len() {
        return Coverage::WholeFile;
    }
    // A revision ends with the mark of the end and at most one end of line.
    let covered = pdf[..last.end].trim_ascii_end();
    if covered.ends_with(b"%%EOF") {
        Coverage::WholeRevision
    } else {
        Coverage::FromStart
    }
}

/// The message without the zeros that fill its room; its own length tells where it ends.
fn without_padding(message: &[u8]) -> &[u8] {
    match crate::tlv::Elements::of(message).next() {
        Some(found) => found.whole,
        None => message,
    }
}

fn text(document: &Document, parent: &Dictionary, key: &[u8]) -> Option<String> {
    let object = document.dereference(parent.get(key).ok()?).ok()?.1;
    lopdf::decode_text_string(object).ok()
}

/// A date of a PDF: `D:YYYYMMDDHHmmSS±HH'mm'`, of which the end may be missing
/// (ISO 32000-1, 7.9.4).
fn time(text: &str) -> Option<DateTime<Utc>> {
    let text = text.strip_prefix("D:").unwrap_or(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, zone) = text.split_at(digits);
    let part = |from: usize, until: usize, or: u32| match digits.get(from..until) {
        Some(part) => part.parse().ok(),
        None => Some(or),
    };
    let year: i32 = digits.get(..4)?.parse().ok()?;
    let day = chrono::NaiveDate::from_ymd_opt(year, part(4, 6, 1)?, part(6, 8, 1)?)?;
    let at = day.and_hms_opt(part(8, 10, 0)?, part(10, 12, 0)?, part(12, 14, 0)?)?;
    let sign = match zone.bytes().next() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => 0,
    };
    let mut numbers = zone
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse::<i32>().unwrap_or(0));
    let offset_s = numbers.next().unwrap_or(0) * 3_600 + numbers.next().unwrap_or(0) * 60;
    let offset = chrono::FixedOffset::east_opt(sign * offset_s)?;
    Some(at.and_local_timezone(offset).single()?.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let found = time(text).map(|at| at.to_rfc3339());
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn dates_are_read_with_their_zone_and_without_their_end() {
        check("D:20261122141507+07'00'", Some("2026-11-22T07:15:07+00:00"));
        check("D:20261122141507+07'00", Some("2026-11-22T07:15:07+00:00"));
        check("D:20261122141507Z", Some("2026-11-22T14:15:07+00:00"));
        check("D:20261122", Some("2026-11-22T00:00:00+00:00"));
        check("2026", Some("2026-01-01T00:00:00+00:00"));
        check("D:20261322", None);
        check("hôm nay", None);
    }
}
