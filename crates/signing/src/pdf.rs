//! What of a PDF a signature touches.

pub(crate) mod field;
pub(crate) mod found;
pub(crate) mod revision;

use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::error::Error;

/// The document, unless it is encrypted.
pub(crate) fn open(pdf: &[u8]) -> Result<Document, Error> {
    let document = Document::load_mem(pdf).map_err(|_| Error::PdfUnreadable)?;
    if document.trailer.has(b"Encrypt") {
        return Err(Error::PdfEncrypted);
    }
    Ok(document)
}

/// The dictionary behind an entry, given directly or by reference.
pub(crate) fn dictionary<'a>(
    document: &'a Document,
    parent: &'a Dictionary,
    key: &[u8],
) -> Option<(Option<ObjectId>, &'a Dictionary)> {
    match parent.get(key).ok()? {
        Object::Reference(id) => Some((Some(*id), document.get_dictionary(*id).ok()?)),
        Object::Dictionary(dictionary) => Some((None, dictionary)),
        _ => None,
    }
}

/// The array behind an entry, given directly or by reference.
pub(crate) fn array<'a>(
    document: &'a Document,
    parent: &'a Dictionary,
    key: &[u8],
) -> Option<&'a Vec<Object>> {
    document
        .dereference(parent.get(key).ok()?)
        .ok()?
        .1
        .as_array()
        .ok()
}
