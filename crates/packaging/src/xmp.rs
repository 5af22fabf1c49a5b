//! The copy's facts in its XMP metadata.
//!
//! krilla writes the standard properties. Local code, page digests, digitiser and
//! time are properties of a schema of our own, and PDF/A (ISO 19005-1, 6.7.8;
//! ISO 19005-2, 6.6.2.3) wants such a schema described inside the file, which is
//! what [`SCHEMA`] does. Keywords would have been simpler, but a string in a PDF ends at
//! 32,767 bytes, and a thick paper has more digests than that.

use std::fmt::Write as _;

use chrono::SecondsFormat;
use lopdf::{Document, Object};
use quick_xml::escape::escape;
use quick_xml::events::Event;
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use crate::error::Error;
use crate::read::CopyFacts;

/// The version is part of the name: a reader of another version does not find its
/// properties here.
const NAMESPACE: &str = "urn:sohoa:electronic-copy:1#";

const LOCAL_CODE: &str = "LocalCode";
const PAGE_DIGESTS: &str = "PageDigests";
const DIGITISED_BY: &str = "DigitisedBy";
const DIGITISED_AT: &str = "DigitisedAt";

/// Between these krilla lists the schemas it describes.
const SCHEMAS_BEGIN: &str = "<pdfaExtension:schemas><rdf:Bag>";
const SCHEMAS_END: &str = "</rdf:Bag></pdfaExtension:schemas>";
const PACKET_END: &str = "</rdf:RDF>";

/// Name, type and meaning of each property.
const SCHEMA: [(&str, &str, &str); 4] = [
    (
        LOCAL_CODE,
        "Text",
        "Code that the desk gave to the document",
    ),
    (
        PAGE_DIGESTS,
        "seq Text",
        "SHA-256 of the raw image of each page, in order",
    ),
    (DIGITISED_BY, "Text", "Name of the officer who digitised"),
    (DIGITISED_AT, "Date", "When the paper was digitised"),
];

/// A text as XML can hold it: without control codes, spaces in single file.
pub(crate) fn writable(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|letter: char| letter.is_control() || letter.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect();
    let joined = words.join(" ");
    joined
        .chars()
        .filter(|letter| !matches!(letter, '\u{fffe}' | '\u{ffff}'))
        .collect()
}

/// The same PDF with the facts in its XMP metadata.
pub(crate) fn add_facts(pdf: &[u8], facts: &CopyFacts) -> Result<Vec<u8>, Error> {
    let mut document = Document::load_mem(pdf).map_err(|_| Error::Damaged)?;
    let metadata = metadata_id(&document)?;
    let stream = document
        .get_object_mut(metadata)
        .and_then(Object::as_stream_mut)
        .map_err(|_| Error::Damaged)?;
    let packet = std::str::from_utf8(&stream.content).map_err(|_| Error::Damaged)?;
    let packet = with_facts(packet, facts).ok_or(Error::Damaged)?;
    // Kept uncompressed, so that archives can find it without understanding PDF.
    stream.set_plain_content(packet.into_bytes());
    let mut bytes = Vec::with_capacity(pdf.len() + 8_192);
    document
        .save_to(&mut bytes)
        .expect("memory takes every byte");
    Ok(bytes)
}

fn metadata_id(document: &Document) -> Result<lopdf::ObjectId, Error> {
    document
        .catalog()
        .and_then(|catalog| catalog.get(b"Metadata"))
        .and_then(Object::as_reference)
        .map_err(|_| Error::NotACopy)
}

/// The packet with our properties, and our schema described.
///
/// A packet may describe its schemas in one place only, and krilla has begun that
/// list among its other properties. Validators built on Apache `XmpBox` look for it
/// at the head of a description of its own, so it moves to one, with our entry.
fn with_facts(packet: &str, facts: &CopyFacts) -> Option<String> {
    let (before, rest) = packet.split_once(SCHEMAS_BEGIN)?;
    let (schemas, rest) = rest.split_once(SCHEMAS_END)?;
    let (properties, end) = rest.split_once(PACKET_END)?;
    let schema = schema();
    let values = values(facts);
    Some(format!(
        "{before}{properties}\
         <rdf:Description rdf:about=\"\" \
         xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\" \
         xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" \
         xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\
         {SCHEMAS_BEGIN}{schemas}{schema}{SCHEMAS_END}</rdf:Description>\
         {values}{PACKET_END}{end}"
    ))
}

/// Our schema, as one more entry of the list that krilla has begun.
fn schema() -> String {
    let mut xml = format!(
        "<rdf:li rdf:parseType=\"Resource\">\
         <pdfaSchema:schema>Electronic copy of a paper</pdfaSchema:schema>\
         <pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI>\
         <pdfaSchema:prefix>copy</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    );
    for (name, value_type, meaning) in SCHEMA {
        let _ = write!(
            xml,
            "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>{name}</pdfaProperty:name>\
             <pdfaProperty:valueType>{value_type}</pdfaProperty:valueType>\
             <pdfaProperty:category>external</pdfaProperty:category>\
             <pdfaProperty:description>{meaning}</pdfaProperty:description></rdf:li>"
        );
    }
    xml.push_str("</rdf:Seq></pdfaSchema:property></rdf:li>");
    xml
}

fn values(facts: &CopyFacts) -> String {
    let mut xml = format!(
        "<rdf:Description rdf:about=\"\" xmlns:copy=\"{NAMESPACE}\">\
         <copy:{LOCAL_CODE}>{}</copy:{LOCAL_CODE}><copy:{PAGE_DIGESTS}><rdf:Seq>",
        facts.local_code
    );
    for digest in &facts.raw_digests {
        let _ = write!(xml, "<rdf:li>{digest}</rdf:li>");
    }
    let _ = write!(
        xml,
        "</rdf:Seq></copy:{PAGE_DIGESTS}><copy:{DIGITISED_BY}>{}</copy:{DIGITISED_BY}>\
         <copy:{DIGITISED_AT}>{}</copy:{DIGITISED_AT}></rdf:Description>",
        escape(facts.digitised_by.as_str()),
        facts
            .digitised_at
            .to_rfc3339_opts(SecondsFormat::Secs, true)
    );
    xml
}

/// Our properties as they stand in the file.
#[derive(Default)]
pub(crate) struct Properties {
    pub(crate) local_code: Option<String>,
    pub(crate) page_digests: Vec<String>,
    pub(crate) digitised_by: Option<String>,
    pub(crate) digitised_at: Option<String>,
}

impl Properties {
    /// Reads them from the document's XMP metadata.
    pub(crate) fn of(document: &Document) -> Result<Self, Error> {
        let stream = document
            .get_object(metadata_id(document)?)
            .and_then(Object::as_stream)
            .map_err(|_| Error::Damaged)?;
        let packet = std::str::from_utf8(&stream.content).map_err(|_| Error::NotACopy)?;
        Self::parse(packet)
    }

    fn parse(packet: &str) -> Result<Self, Error> {
        let mut reader = NsReader::from_str(packet);
        let mut properties = Self::default();
        let mut open: Option<String> = None;
        let mut text = String::new();
        loop {
            let (namespace, event) = reader.read_resolved_event().map_err(|_| Error::Damaged)?;
            let ours = namespace == ResolveResult::Bound(Namespace(NAMESPACE));
            match event {
                Event::Start(start) => {
                    if ours {
                        open = Some(start.local_name().into_inner().to_owned());
                    }
                    text.clear();
                }
                Event::Text(piece) => text.push_str(&piece),
                Event::GeneralRef(reference) => {
                    text.push(letter_of(&reference).ok_or(Error::Damaged)?);
                }
                Event::End(end) => {
                    let item = end.local_name().into_inner() == "li";
                    if let Some(name) = open.as_deref()
                        && (ours || item)
                    {
                        properties.take(name, item, &text);
                    }
                    if ours {
                        open = None;
                    }
                }
                Event::Eof => return Ok(properties),
                _ => {}
            }
        }
    }

    fn take(&mut self, name: &str, item: bool, text: &str) {
        match (name, item) {
            (LOCAL_CODE, false) => self.local_code = Some(text.to_owned()),
            (PAGE_DIGESTS, true) => self.page_digests.push(text.to_owned()),
            (DIGITISED_BY, false) => self.digitised_by = Some(text.to_owned()),
            (DIGITISED_AT, false) => self.digitised_at = Some(text.to_owned()),
            _ => {}
        }
    }
}

/// The letter that an XML reference stands for.
fn letter_of(reference: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    match &**reference {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => reference.resolve_char_ref().ok().flatten(),
    }
}
