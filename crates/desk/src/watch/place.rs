//! Where a taken file's pages go, decided once and kept with the digest of its bytes.

use domain::code::ComponentCode;
use domain::digest::Digest;
use domain::document::{Document, DocumentState};
use domain::dossier::{Dossier, DossierComponent, SubmittedAs};
use domain::separator::SlipMark;
use vault::{TakenFile, Writer};

use super::marker::Marker;
use crate::error::Refusal;
use crate::reception::{self, NewComponent, NewDossier};
use crate::{Desk, Error, scan};

/// What says where a paper goes.
#[derive(Clone, Copy)]
pub(super) enum Whither<'m> {
    /// The name of its file.
    Name(&'m Marker),
    /// The cover slip before it; where that is of another vault, the name.
    Slip(SlipMark, &'m Marker),
}

/// The document that takes a file's pages.
pub(super) struct Place {
    pub(super) taken: TakenFile,
    pub(super) document: Document,
    /// Whether the file was seen for the first time.
    pub(super) is_new: bool,
}

/// The place of a paper, found again or made. Dossier, document and the note of the
/// paper are written together, so that a crash leaves all of them or none.
pub(super) fn begin(desk: &Desk, whither: Whither<'_>, digest: Digest) -> Result<Place, Error> {
    desk.vault.write(|write| {
        let named = match whither {
            Whither::Slip(slip, _) => of_slip(write, slip)?,
            Whither::Name(_) => None,
        };
        let (Whither::Slip(_, marker) | Whither::Name(marker)) = whither;
        let dossier = match &named {
            Some((dossier, _)) => dossier.clone(),
            None => dossier(desk, write, marker)?,
        };
        if let Some(taken) = write.taken_file(digest, dossier.id)? {
            let document = write.document(taken.document_id)?;
            if !taken.finished {
                changeable(&document)?;
            }
            return Ok(Place {
                taken,
                document,
                is_new: false,
            });
        }
        let document = match &named {
            Some((_, component)) => document_behind(desk, write, &dossier, component)?,
            None => document(desk, write, &dossier, marker.component.as_ref())?,
        };
        let waits = named.is_none() && marker.dossier.is_none();
        let taken = TakenFile {
            digest,
            dossier_id: dossier.id,
            document_id: document.id,
            waiting_on: waits.then(|| desk.clock.today()),
            finished: false,
        };
        write.begin_taken_file(&taken, desk.clock.now())?;
        Ok(Place {
            taken,
            document,
            is_new: true,
        })
    })
}

/// All pages are stored.
pub(super) fn finish(desk: &Desk, taken: &TakenFile) -> Result<(), Error> {
    let now = desk.clock.now();
    desk.vault
        .write(|write| Ok(write.finish_taken_file(taken, now)?))
}

fn changeable(document: &Document) -> Result<(), Error> {
    if document.state == DocumentState::Deposited {
        return Err(Refusal::AlreadyDeposited.into());
    }
    Ok(())
}

/// The dossier that the marker names, or today's waiting one.
fn dossier(desk: &Desk, write: &Writer<'_>, marker: &Marker) -> Result<Dossier, Error> {
    let known = match &marker.dossier {
        Some(code) => write.dossier_of_code(code)?,
        None => write.waiting_dossier(desk.clock.today())?,
    };
    if let Some(id) = known {
        return Ok(write.dossier(id)?);
    }
    let new = NewDossier::default();
    reception::receive_in(desk, write, new, marker.dossier.clone())
}

/// The document of the component that the marker names; without one, a new document:
/// a file is a paper.
fn document(
    desk: &Desk,
    write: &Writer<'_>,
    dossier: &Dossier,
    named: Option<&ComponentCode>,
) -> Result<Document, Error> {
    let component = named.and_then(|code| {
        let mut components = dossier.components.iter();
        components.find(|component| component.code.as_ref() == Some(code))
    });
    let Some(component) = component else {
        let new = NewComponent {
            name: String::new(),
            code: named.cloned(),
            result_type: None,
            submitted_as: SubmittedAs::Original,
        };
        return scan::begin_another_in(desk, write, dossier.id, new);
    };
    let Some(id) = component.document_id else {
        // A paper that was digitised before answers it; that is taken back first.
        if write.reuse_of(component.id)?.is_some() {
            return Err(Refusal::ComponentTaken.into());
        }
        return scan::new_document(desk, write, dossier.id, component.id);
    };
    let document = write.document(id)?;
    changeable(&document)?;
    Ok(document)
}

/// What a slip names, where this vault has it.
fn of_slip(
    write: &Writer<'_>,
    slip: SlipMark,
) -> Result<Option<(Dossier, DossierComponent)>, Error> {
    let dossier = match write.dossier(slip.dossier_id) {
        Ok(dossier) => dossier,
        Err(vault::Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let mut components = dossier.components.iter();
    let component = components.find(|one| one.id == slip.component_id).cloned();
    Ok(component.map(|component| (dossier, component)))
}

/// The document of the component that a slip names. Where it is deposited, or a paper that
/// was digitised before answers it, this is one more paper of the same kind.
fn document_behind(
    desk: &Desk,
    write: &Writer<'_>,
    dossier: &Dossier,
    component: &DossierComponent,
) -> Result<Document, Error> {
    if let Some(id) = component.document_id {
        let begun = write.document(id)?;
        if begun.state != DocumentState::Deposited {
            return Ok(begun);
        }
    } else if write.reuse_of(component.id)?.is_none() {
        return scan::new_document(desk, write, dossier.id, component.id);
    }
    let again = NewComponent {
        name: component.name.clone(),
        code: component.code.clone(),
        result_type: component.result_type.clone(),
        submitted_as: component.submitted_as,
    };
    scan::begin_another_in(desk, write, dossier.id, again)
}
