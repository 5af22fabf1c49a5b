//! A revision added to the end of a PDF, so that not a byte before it changes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::digest::Digest;
use lopdf::xref::XrefType;
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat};

use crate::error::Error;

/// Offsets in a classic table have ten digits.
const LARGEST_BYTES: usize = 9_999_999_999;

/// A revision in the making.
#[derive(Debug)]
pub(crate) struct Revision<'a> {
    previous: &'a [u8],
    pub(crate) document: Document,
    /// What it adds or replaces, already written out.
    objects: BTreeMap<ObjectId, Vec<u8>>,
    next_id: u32,
}

/// A file with its new revision.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) bytes: Vec<u8>,
    /// Where the body of each object of the revision begins.
    pub(crate) bodies: BTreeMap<ObjectId, usize>,
}

impl<'a> Revision<'a> {
    pub(crate) fn open(previous: &'a [u8]) -> Result<Self, Error> {
        let document = super::open(previous)?;
        // A table that had to be guessed cannot be continued: other readers guess otherwise.
        if document.xref_start == 0 || document.xref_recovery.is_some() {
            return Err(Error::PdfUnreadable);
        }
        let size = document.trailer.get(b"Size").and_then(Object::as_i64);
        let size = size.ok().and_then(|size| u32::try_from(size).ok());
        let next_id = (document.max_id + 1).max(size.unwrap_or(0));
        Ok(Self {
            previous,
            document,
            objects: BTreeMap::new(),
            next_id,
        })
    }

    /// A number for an object that other objects can name before it is written.
    pub(crate) fn reserve(&mut self) -> ObjectId {
        let id = (self.next_id, 0);
        self.next_id += 1;
        id
    }

    /// Sets the body of an object.
    pub(crate) fn put(&mut self, id: ObjectId, object: &Object) {
        let mut body = Vec::new();
        write_object(&mut body, object);
        self.put_raw(id, body);
    }

    /// Sets the body of an object, written out by the caller.
    pub(crate) fn put_raw(&mut self, id: ObjectId, body: Vec<u8>) {
        self.objects.insert(id, body);
    }

    /// Adds a stream.
    pub(crate) fn put_stream(&mut self, id: ObjectId, mut dictionary: Dictionary, content: &[u8]) {
        dictionary.set("Length", content.len() as i64);
        let mut body = Vec::new();
        write_object(&mut body, &Object::Dictionary(dictionary));
        body.extend_from_slice(b"\nstream\n");
        body.extend_from_slice(content);
        body.extend_from_slice(b"\nendstream");
        self.put_raw(id, body);
    }

    /// The previous bytes, the objects, and a table of the kind that the file has.
    pub(crate) fn write(mut self) -> Result<Written, Error> {
        let mut bytes = Vec::with_capacity(self.previous.len() + (1 << 16));
        bytes.extend_from_slice(self.previous);
        if !bytes.ends_with(b"\n") {
            bytes.push(b'\n');
        }
        let (mut offsets, mut bodies) = (BTreeMap::new(), BTreeMap::new());
        for (id, body) in std::mem::take(&mut self.objects) {
            offsets.insert(id, bytes.len());
            bytes.extend_from_slice(format!("{} {} obj\n", id.0, id.1).as_bytes());
            bodies.insert(id, bytes.len());
            bytes.extend_from_slice(&body);
            bytes.extend_from_slice(b"\nendobj\n");
        }
        if bytes.len() > LARGEST_BYTES {
            return Err(Error::PdfUnreadable);
        }
        match self.document.reference_table.cross_reference_type {
            XrefType::CrossReferenceTable => self.write_table(&mut bytes, &offsets),
            XrefType::CrossReferenceStream => self.write_stream(&mut bytes, offsets),
        }
        Ok(Written { bytes, bodies })
    }

    fn write_table(&self, bytes: &mut Vec<u8>, offsets: &BTreeMap<ObjectId, usize>) {
        let start = bytes.len();
        bytes.extend_from_slice(b"xref\n");
        for (first, entries) in sections(offsets) {
            bytes.extend_from_slice(format!("{first} {}\n", entries.len()).as_bytes());
            for (offset, generation) in entries {
                bytes.extend_from_slice(format!("{offset:010} {generation:05} n\r\n").as_bytes());
            }
        }
        bytes.extend_from_slice(b"trailer\n");
        let trailer = self.trailer(&bytes[self.previous.len()..]);
        write_object(bytes, &Object::Dictionary(trailer));
        bytes.extend_from_slice(format!("\nstartxref\n{start}\n%%EOF\n").as_bytes());
    }

    fn write_stream(&mut self, bytes: &mut Vec<u8>, mut offsets: BTreeMap<ObjectId, usize>) {
        let own = self.reserve();
        let start = bytes.len();
        offsets.insert(own, start);
        let (mut index, mut rows) = (Vec::new(), Vec::new());
        for (first, entries) in sections(&offsets) {
            index.push(Object::Integer(i64::from(first)));
            index.push(Object::Integer(entries.len() as i64));
            for (offset, generation) in entries {
                rows.push(1);
                rows.extend_from_slice(&(offset as u64).to_be_bytes()[3..]);
                rows.extend_from_slice(&generation.to_be_bytes());
            }
        }
        let mut trailer = self.trailer(&bytes[self.previous.len()..]);
        trailer.set("Type", "XRef");
        trailer.set("W", vec![1.into(), 5.into(), 2.into()]);
        trailer.set("Index", index);
        trailer.set("Length", rows.len() as i64);
        bytes.extend_from_slice(format!("{} {} obj\n", own.0, own.1).as_bytes());
        write_object(bytes, &Object::Dictionary(trailer));
        bytes.extend_from_slice(b"\nstream\n");
        bytes.extend_from_slice(&rows);
        bytes.extend_from_slice(b"\nendstream\nendobj\n");
        bytes.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
    }

    /// Root, information and identity as before; the second half of the identity is new
    /// for a new revision, and follows from its bytes (ISO 32000-1, 14.4).
    fn trailer(&self, added: &[u8]) -> Dictionary {
        let mut trailer = Dictionary::new();
        trailer.set("Size", i64::from(self.next_id));
        trailer.set("Prev", self.document.xref_start as i64);
        for key in [&b"Root"[..], b"Info"] {
            if let Ok(value) = self.document.trailer.get(key) {
                trailer.set(key, value.clone());
            }
        }
        let digest = Digest::of(added);
        let second = Object::String(digest.as_bytes()[..16].to_vec(), StringFormat::Hexadecimal);
        let id = self.document.trailer.get(b"ID").and_then(Object::as_array);
        let first = id.ok().and_then(|id| id.first()).cloned();
        trailer.set("ID", vec![first.unwrap_or_else(|| second.clone()), second]);
        trailer
    }
}

/// Runs of object numbers, each with offset and generation.
fn sections(offsets: &BTreeMap<ObjectId, usize>) -> Vec<(u32, Vec<(usize, u16)>)> {
    let mut sections: Vec<(u32, Vec<(usize, u16)>)> = Vec::new();
    for (&(number, generation), &offset) in offsets {
        match sections.last_mut() {
            Some((first, entries)) if *first + entries.len() as u32 == number => {
                entries.push((offset, generation));
            }
            _ => sections.push((number, vec![(offset, generation)])),
        }
    }
    sections
}

/// Writes an object so that every reader reads the same (ISO 32000-1, 7.3).
pub(crate) fn write_object(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Integer(value) => out.extend_from_slice(value.to_string().as_bytes()),
        // The shortest form that reads back as the same number, and never with an exponent.
        Object::Real(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Object::Name(name) => write_name(out, name),
        Object::String(string, StringFormat::Hexadecimal) => write_hex(out, string),
        Object::String(string, StringFormat::Literal) => write_literal(out, string),
        Object::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                write_object(out, item);
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => write_dictionary(out, dictionary),
        Object::Stream(stream) => {
            write_dictionary(out, &stream.dict);
            out.extend_from_slice(b"\nstream\n");
            out.extend_from_slice(&stream.content);
            out.extend_from_slice(b"\nendstream");
        }
        Object::Reference((number, generation)) => {
            out.extend_from_slice(format!("{number} {generation} R").as_bytes());
        }
    }
}

fn write_dictionary(out: &mut Vec<u8>, dictionary: &Dictionary) {
    out.extend_from_slice(b"<<");
    for (key, value) in dictionary {
        write_name(out, key);
        out.push(b' ');
        write_object(out, value);
    }
    out.extend_from_slice(b">>");
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for &byte in name {
        if byte.is_ascii_alphanumeric() || b"-_.+*:@!'\"$&,;=?^`|~".contains(&byte) {
            out.push(byte);
        } else {
            out.extend_from_slice(format!("#{byte:02X}").as_bytes());
        }
    }
}

pub(crate) fn write_hex(out: &mut Vec<u8>, bytes: &[u8]) {
    let mut hex = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(hex, "{byte:02X}");
    }
    out.push(b'<');
    out.extend_from_slice(hex.as_bytes());
    out.push(b'>');
}

fn write_literal(out: &mut Vec<u8>, string: &[u8]) {
    out.push(b'(');
    for &byte in string {
        match byte {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            // An end of line would be read as another one.
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\n' => out.extend_from_slice(b"\\n"),
            _ => out.push(byte),
        }
    }
    out.push(b')');
}

/// A text string: plain where it can be, otherwise UTF-16 (ISO 32000-1, 7.9.2).
pub(crate) fn text_string(text: &str) -> Object {
    if text.is_ascii() {
        return Object::String(text.as_bytes().to_vec(), StringFormat::Literal);
    }
    let mut bytes = vec![0xfe, 0xff];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}
