//! Reading an electronic copy back.

use std::fmt;

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use domain::local_code::LocalCode;
use lopdf::{Dictionary, Document, Object};

use crate::error::Error;
use crate::xmp::Properties;

/// What an electronic copy says of itself.
#[derive(Clone, PartialEq, Eq)]
pub struct CopyFacts {
    /// How many pages it has.
    pub pages: usize,
    /// The document's local code.
    pub local_code: LocalCode,
    /// Digests of the raw pages it was made from, in order.
    pub raw_digests: Vec<Digest>,
    /// The name of the officer who digitised.
    pub digitised_by: String,
    /// When, in whole seconds.
    pub digitised_at: DateTime<Utc>,
}

// The officer's name stays out of logs.
impl fmt::Debug for CopyFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CopyFacts")
            .field("pages", &self.pages)
            .field("local_code", &self.local_code)
            .field("raw_digests", &self.raw_digests)
            .field("digitised_at", &self.digitised_at)
            .finish_non_exhaustive()
    }
}

/// Reads a copy that [`crate::make_copy`] wrote, signed since then or not.
pub fn read_copy(pdf: &[u8]) -> Result<CopyFacts, Error> {
    facts_of(&Document::load_mem(pdf).map_err(|_| Error::Damaged)?)
}

fn facts_of(document: &Document) -> Result<CopyFacts, Error> {
    let properties = Properties::of(document)?;
    let local_code = properties.local_code.ok_or(Error::NotACopy)?;
    let digitised_at = properties.digitised_at.ok_or(Error::NotACopy)?;
    let raw_digests: Result<Vec<Digest>, _> = properties
        .page_digests
        .iter()
        .map(|digest| digest.parse())
        .collect();
    Ok(CopyFacts {
        pages: document.get_pages().len(),
        local_code: local_code.parse().map_err(|_| Error::Damaged)?,
        raw_digests: raw_digests.map_err(|_| Error::Damaged)?,
        digitised_by: properties.digitised_by.ok_or(Error::NotACopy)?,
        digitised_at: DateTime::parse_from_rfc3339(&digitised_at)
            .map_err(|_| Error::Damaged)?
            .with_timezone(&Utc),
    })
}

/// Compares a copy with what it was to hold: facts, pages, and each page's picture
/// byte for byte.
pub(crate) fn verify(pdf: &[u8], expected: &CopyFacts, pictures: &[&[u8]]) -> Result<(), Error> {
    let document = Document::load_mem(pdf).map_err(|_| Error::Damaged)?;
    let found = facts_of(&document)?;
    let differs = |what| Err(Error::ReadBackDiffers { what });
    if found.pages != expected.pages {
        return differs("page count");
    }
    if found.local_code != expected.local_code {
        return differs("local code");
    }
    if found.raw_digests != expected.raw_digests {
        return differs("page digests");
    }
    if found != *expected {
        return differs("digitiser or time");
    }
    for (page, picture) in document.get_pages().values().zip(pictures) {
        if picture_of(&document, *page) != Some(picture) {
            return differs("page pictures");
        }
    }
    Ok(())
}

/// The bytes of the one picture of a page.
fn picture_of(document: &Document, page: lopdf::ObjectId) -> Option<&[u8]> {
    let inner = |dictionary: &'_ Dictionary, key: &[u8]| match dictionary.get(key) {
        Ok(Object::Reference(id)) => document.get_dictionary(*id).ok().cloned(),
        Ok(Object::Dictionary(dictionary)) => Some(dictionary.clone()),
        _ => None,
    };
    let page = document.get_dictionary(page).ok()?;
    let objects = inner(&inner(page, b"Resources")?, b"XObject")?;
    let mut pictures = objects.iter().filter_map(|(_, object)| {
        let stream = document
            .get_object(object.as_reference().ok()?)
            .ok()?
            .as_stream()
            .ok()?;
        let kind = stream.dict.get(b"Subtype").and_then(Object::as_name).ok()?;
        (kind == b"Image").then_some(stream.content.as_slice())
    });
    let picture = pictures.next()?;
    pictures.next().is_none().then_some(picture)
}
