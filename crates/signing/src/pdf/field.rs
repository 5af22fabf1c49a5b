//! Adding a signature field with its room for the signature.

use std::ops::Range;

use chrono::{DateTime, FixedOffset, Utc};
use domain::digest::Digest;
use lopdf::{Dictionary, Object, ObjectId};

use super::revision::{Revision, text_string, write_hex, write_object};
use super::{array, dictionary};
use crate::appearance::{Area, Drawing};
use crate::error::Error;

/// Vietnam has one time zone and no summer time.
const UTC_OFFSET_S: i32 = 7 * 3_600;
/// Print, and locked: what a widget of a signature is (ISO 19005-2, 6.3.2).
const WIDGET_FLAGS: i64 = 4 | 128;
/// Signatures exist; add to the file, never write it anew.
const SIGNATURE_FLAGS: i64 = 3;

/// What a signature says of itself beside its certificate.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The signer's name.
    pub signer: &'a str,
    /// When it is signed.
    pub signed_at: DateTime<Utc>,
    /// The lines that are seen on the first page; none for a signature without a picture.
    pub lines: &'a [String],
    /// What stands on the first page already and is not to be covered.
    pub taken: &'a [Area],
    /// A TrueType font with the letters of the lines.
    pub font: &'a [u8],
}

/// A file with room for a signature.
#[derive(Debug)]
pub(crate) struct Prepared {
    bytes: Vec<u8>,
    /// The signature's hexadecimal digits with their brackets.
    room: Range<usize>,
}

impl Prepared {
    /// Adds a field to the file, with room for a signature of so many bytes.
    pub(crate) fn new(pdf: &[u8], request: &Request<'_>, room_bytes: usize) -> Result<Self, Error> {
        let mut revision = Revision::open(pdf)?;
        let page_id = revision.document.page_iter().next().ok_or(Error::NoPage)?;
        let (signature, widget) = (revision.reserve(), revision.reserve());
        let field_name = put_in_form(&mut revision, widget)?;
        put_widget(
            &mut revision,
            page_id,
            (widget, signature),
            &field_name,
            request,
        )?;
        let (body, places) = signature_body(request, room_bytes);
        revision.put_raw(signature, body);
        let written = revision.write()?;
        let begin = written.bodies[&signature];
        let mut bytes = written.bytes;
        let room = begin + places.contents.start..begin + places.contents.end;
        let ranges = format!("[0 {} {} {}]", room.start, room.end, bytes.len() - room.end);
        let field = begin + places.ranges.start..begin + places.ranges.end;
        debug_assert!(ranges.len() <= field.len(), "the widest numbers fit");
        bytes[field.clone()].fill(b' ');
        bytes[field.start..field.start + ranges.len()].copy_from_slice(ranges.as_bytes());
        Ok(Self { bytes, room })
    }

    /// SHA-256 of all that the signature covers: every byte but its own.
    pub(crate) fn digest(&self) -> Digest {
        Digest::of_parts(&[&self.bytes[..self.room.start], &self.bytes[self.room.end..]])
    }

    /// The file with the signature in its room.
    pub(crate) fn finish(mut self, signature: &[u8]) -> Result<Vec<u8>, Error> {
        fill(&mut self.bytes, &self.room, signature)?;
        Ok(self.bytes)
    }
}

/// Writes a signature into its room; what is left over stays zero.
pub(crate) fn fill(bytes: &mut [u8], room: &Range<usize>, signature: &[u8]) -> Result<(), Error> {
    let mut hex = Vec::with_capacity(room.len());
    write_hex(&mut hex, signature);
    if hex.len() > room.len() {
        return Err(Error::NoRoom {
            needed: signature.len(),
            kept: room.len() / 2 - 1,
        });
    }
    let room = &mut bytes[room.clone()];
    room.fill(b'0');
    room[..hex.len() - 1].copy_from_slice(&hex[..hex.len() - 1]);
    room[room.len() - 1] = b'>';
    Ok(())
}

/// Where the numbers of the byte range and the digits of the signature go.
struct Places {
    ranges: Range<usize>,
    contents: Range<usize>,
}

fn signature_body(request: &Request<'_>, room_bytes: usize) -> (Vec<u8>, Places) {
    let zone = FixedOffset::east_opt(UTC_OFFSET_S).expect("seven hours are less than a day");
    let signed_at = request.signed_at.with_timezone(&zone);
    let mut body = Vec::with_capacity(room_bytes * 2 + 512);
    body.extend_from_slice(
        b"<</Type /Sig/Filter /Adobe.PPKLite/SubFilter /ETSI.CAdES.detached/Name ",
    );
    write_object(&mut body, &text_string(request.signer));
    body.extend_from_slice(
        signed_at
            .format("/M (D:%Y%m%d%H%M%S+07'00')/ByteRange ")
            .to_string()
            .as_bytes(),
    );
    let begin = body.len();
    // As wide as the widest: an offset has at most ten digits in a classic table.
    body.extend_from_slice(b"[0 0000000000 0000000000 0000000000]");
    let ranges = begin..body.len();
    body.extend_from_slice(b"/Contents ");
    let begin = body.len();
    body.push(b'<');
    body.resize(body.len() + room_bytes * 2, b'0');
    body.push(b'>');
    let contents = begin..body.len();
    body.extend_from_slice(b">>");
    (body, Places { ranges, contents })
}

/// Enters the widget into the document's form; gives the field's name.
fn put_in_form(revision: &mut Revision<'_>, widget: ObjectId) -> Result<String, Error> {
    let document = &revision.document;
    let root_id = document
        .trailer
        .get(b"Root")
        .and_then(Object::as_reference)
        .map_err(|_| Error::PdfUnreadable)?;
    let root = document
        .get_dictionary(root_id)
        .map_err(|_| Error::PdfUnreadable)?;
    let (form_id, mut form) = match dictionary(document, root, b"AcroForm") {
        Some((id, form)) => (id, form.clone()),
        None => (None, Dictionary::new()),
    };
    let mut fields = array(document, &form, b"Fields")
        .cloned()
        .unwrap_or_default();
    let name = format!("Signature{}", fields.len() + 1);
    fields.push(widget.into());
    form.set("Fields", fields);
    form.set("SigFlags", SIGNATURE_FLAGS);
    let mut root = root.clone();
    if let Some(id) = form_id {
        revision.put(id, &Object::Dictionary(form));
    } else {
        root.set("AcroForm", form);
        revision.put(root_id, &Object::Dictionary(root));
    }
    Ok(name)
}

fn put_widget(
    revision: &mut Revision<'_>,
    page_id: ObjectId,
    (widget, signature): (ObjectId, ObjectId),
    name: &str,
    request: &Request<'_>,
) -> Result<(), Error> {
    let document = &revision.document;
    let mut page = document
        .get_dictionary(page_id)
        .map_err(|_| Error::PdfUnreadable)?
        .clone();
    let mut notes = array(document, &page, b"Annots")
        .cloned()
        .unwrap_or_default();
    notes.push(widget.into());
    page.set("Annots", notes);
    let sheet = media_box(revision, page_id).ok_or(Error::PdfUnreadable)?;
    let mut field = Dictionary::new();
    field.set("Type", "Annot");
    field.set("Subtype", "Widget");
    field.set("FT", "Sig");
    field.set("T", Object::string_literal(name));
    field.set("F", WIDGET_FLAGS);
    field.set("P", page_id);
    field.set("V", signature);
    let numbers = |numbers: [f32; 4]| -> Object {
        let rounded = numbers.map(|number| Object::Real((number * 100.0).round() / 100.0));
        rounded.to_vec().into()
    };
    if request.lines.is_empty() {
        field.set("Rect", numbers([0.0; 4]));
    } else {
        let drawing = Drawing::new(request.font, request.lines)?;
        let [left, bottom, right, top] = sheet;
        let area = drawing.place((right - left, top - bottom), request.taken);
        let (x, y) = (left + area.x, top - area.y);
        field.set("Rect", numbers([x, y - area.height, x + area.width, y]));
        let picture = revision.reserve();
        let mut form = Dictionary::new();
        form.set("Type", "XObject");
        form.set("Subtype", "Form");
        form.set("BBox", numbers([0.0, 0.0, drawing.width, drawing.height]));
        form.set("Resources", Dictionary::new());
        let mut stream = lopdf::Stream::new(form, drawing.content);
        stream.compress().map_err(|_| Error::FontUnusable)?;
        revision.put_stream(picture, stream.dict, &stream.content);
        let mut looks = Dictionary::new();
        looks.set("N", picture);
        field.set("AP", looks);
    }
    revision.put(widget, &Object::Dictionary(field));
    revision.put(page_id, &Object::Dictionary(page));
    Ok(())
}

/// The page's sheet: left, bottom, right, top, which it may have from its parents.
fn media_box(revision: &Revision<'_>, page_id: ObjectId) -> Option<[f32; 4]> {
    /// Deeper than any tree of pages; a loop ends here.
    const DEEPEST: usize = 32;
    let document = &revision.document;
    let mut node = document.get_dictionary(page_id).ok()?;
    for _ in 0..DEEPEST {
        if let Some(numbers) = array(document, node, b"MediaBox") {
            let mut found = [0.0; 4];
            for (place, number) in found.iter_mut().zip(numbers) {
                *place = document.dereference(number).ok()?.1.as_float().ok()?;
            }
            let [left, bottom, right, top] = found;
            return Some([
                left.min(right),
                bottom.min(top),
                left.max(right),
                bottom.max(top),
            ]);
        }
        node = dictionary(document, node, b"Parent")?.1;
    }
    None
}
