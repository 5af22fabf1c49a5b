//! What the trail says of one document, for somebody who gets its package: each event as
//! it stands in the trail, with the hash before it and its own.
//!
//! By itself an excerpt shows that no event in it was changed. That none is left out is
//! the word of the station, which signs the package; a whole export of the trail proves
//! it, since the positions and hashes of an excerpt stand there too.

use domain::digest::Digest;
use domain::ids::DocumentId;
use serde::{Deserialize, Serialize};

use crate::access::Reader;
use crate::audit_export::Event;
use crate::error::Error;

/// An event and the hash that it follows.
#[derive(Serialize, Deserialize)]
struct Line {
    before: Digest,
    event: Event,
}

/// What holds of an excerpt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditExcerptReport {
    /// Events that hold, from the first.
    pub events: usize,
    /// The line at fault, from 1.
    pub flaw: Option<usize>,
}

impl Reader<'_> {
    /// What the trail says of a document, one line for each event. It holds ids and names
    /// of fields, and no person's data.
    pub fn audit_excerpt(&self, id: DocumentId) -> Result<Vec<u8>, Error> {
        let mut written = Vec::new();
        self.each_event_of(id, |row, before, hash| {
            let line = Line {
                before: Digest::from_bytes(before),
                event: Event::of(row, hash),
            };
            written.extend_from_slice(text_of(&line).as_bytes());
            written.push(b'\n');
            Ok(())
        })?;
        Ok(written)
    }
}

fn text_of(line: &Line) -> String {
    serde_json::to_string(line).expect("plain fields and strings always serialise")
}

/// Checks an excerpt of the trail about this document; needs no vault and no key.
pub fn verify_audit_excerpt(file: &[u8], id: DocumentId) -> AuditExcerptReport {
    let mut report = AuditExcerptReport {
        events: 0,
        flaw: None,
    };
    let mut last: Option<Event> = None;
    // A file without its last line break was cut, and one that begins with none is empty.
    let mut lines: Vec<&[u8]> = file.split(|byte| *byte == b'\n').collect();
    let is_whole = lines.pop() == Some(b"") && !lines.is_empty();
    for text in &lines {
        let line = serde_json::from_slice::<Line>(text).ok();
        // Read and written again it must be the same: no byte is without meaning.
        let line = line.filter(|line| text_of(line).as_bytes() == *text);
        let holds = line.as_ref().is_some_and(|line| {
            line.event.holds_after(&line.before)
                && line.event.is_about(id)
                && last
                    .as_ref()
                    .is_none_or(|last| line.event.follows(last, &line.before))
        });
        let Some(line) = line.filter(|_| holds) else {
            report.flaw = Some(report.events + 1);
            return report;
        };
        report.events += 1;
        last = Some(line.event);
    }
    if !is_whole {
        report.flaw = Some(report.events + 1);
    }
    report
}
