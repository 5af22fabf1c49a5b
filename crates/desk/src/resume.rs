//! Going on where the work stopped: after a pause, a crash or a power cut.

use domain::document::{Document, DocumentState};
use domain::dossier::Dossier;
use domain::field::FieldName;
use domain::ids::DocumentId;
use domain::rights::Right;
use domain::work_place::{Step, WorkPlace};

use crate::{Desk, Error};

/// A document that has pages and is not deposited.
#[derive(Clone, Debug)]
pub struct Unfinished {
    /// The document.
    pub document: Document,
    /// Its dossier.
    pub dossier: Dossier,
    /// Pages that are kept.
    pub pages: u32,
    /// The program ended in the midst of its last feed: sheets may lie in the tray.
    pub broken_off: bool,
    /// Where to go on.
    pub place: WorkPlace,
}

/// Every unfinished document, the one that was worked on last first.
pub fn unfinished(desk: &Desk, limit: usize) -> Result<Vec<Unfinished>, Error> {
    desk.may(Right::SeeOpenPapers)?;
    desk.vault.read(|read| {
        let documents = read.unfinished_documents(limit)?;
        let of = |id| -> Result<Unfinished, Error> {
            let document = read.document(id)?;
            let last_feed = read.feeds_of(id)?.pop();
            // One that this desk began itself is still running.
            let ended_before =
                last_feed.filter(|feed| feed.end.is_none() && feed.begun_at <= desk.signed_in_at);
            let step = match document.state {
                DocumentState::Scanning => Step::Scan,
                _ => Step::Review,
            };
            // A document that went back to scanning has no fields to go on with.
            let place = read
                .work_place(id)?
                .filter(|place| place.step <= step || document.state == DocumentState::Extracted);
            Ok(Unfinished {
                dossier: read.dossier(document.dossier_id)?,
                pages: read.pages_of(id)?.len() as u32,
                broken_off: ended_before.is_some(),
                place: place.unwrap_or(WorkPlace {
                    step,
                    field: None,
                    at: document.created_at,
                }),
                document,
            })
        };
        documents.into_iter().map(of).collect()
    })
}

/// Keeps where the officer is at work.
pub fn keep_place(
    desk: &Desk,
    document_id: DocumentId,
    step: Step,
    field: Option<FieldName>,
) -> Result<(), Error> {
    desk.may(Right::SeeOpenPapers)?;
    let place = WorkPlace {
        step,
        field,
        at: desk.clock.now(),
    };
    Ok(desk
        .vault
        .write(|write| write.set_work_place(document_id, &place))?)
}
