//! The whole way in one call: files in, a deposited record out, or a document
//! that waits for a person.

use std::path::PathBuf;

use domain::code::{ComponentCode, ProcedureCode};
use domain::document::{Document, DocumentType};
use domain::dossier::{Owner, SubmittedAs};
use domain::field::FieldName;
use domain::page::{KeepReason, Page};
use domain::record::Record;

use crate::reading::Times;
use crate::reception::{NewComponent, NewDossier};
use crate::review::Review;
use crate::{Desk, Error, deposit, reception, review, scan};

/// How much may pass without a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Accept {
    /// Only what is certain.
    #[default]
    Certain,
    /// Every proposed value and every image, in the name of the signed-in officer.
    All,
}

/// One paper to digitise.
#[derive(Clone, Debug, Default)]
pub struct Paper {
    /// Its pages, as files in order.
    pub files: Vec<PathBuf>,
    /// The procedure it belongs to.
    pub procedure: Option<ProcedureCode>,
    /// The component it answers.
    pub component: Option<ComponentCode>,
    /// The owner.
    pub owner: Owner,
    /// Its type, when it is known beforehand.
    pub document_type: Option<DocumentType>,
    /// Values typed beforehand.
    pub set: Vec<(FieldName, String)>,
    /// How much may pass.
    pub accept: Accept,
}

/// What became of a paper.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is deposited.
    Deposited(Box<Record>),
    /// These fields wait for a person, or a bad image does; pages, copy and proposals are
    /// stored.
    NeedsReview(Box<Document>, Vec<FieldName>),
}

/// Digitises one paper; everything it returns is durable.
pub fn digitise(desk: &Desk, paper: &Paper) -> Result<(Outcome, Review, Times), Error> {
    let dossier = reception::receive(
        desk,
        NewDossier {
            owner: paper.owner.clone(),
            procedure: paper.procedure.clone(),
            components: vec![component_of(desk, paper)],
        },
    )?;
    let document = scan::begin(desk, dossier.id, dossier.components[0].id)?;
    for file in &paper.files {
        scan::add_file(desk, document.id, file, &mut |_| {})?;
    }
    let (mut review, times) =
        review::extract_document(desk, document.id, paper.document_type.as_ref(), &|_| {})?;
    // Whoever names the owner of the paper answers for it, whatever the paper says.
    let owner = paper.owner.id.iter().map(|id| (owner_id(), id.to_string()));
    let has_field = |name: &FieldName| {
        review
            .fields
            .iter()
            .any(|field| field.candidate.name == *name)
    };
    let named: Vec<(FieldName, String)> = owner.filter(|(name, _)| has_field(name)).collect();
    for (name, typed) in named.iter().chain(&paper.set) {
        review = review::confirm_field(desk, document.id, name, typed)?;
    }
    if paper.accept == Accept::All {
        review = review::confirm_all(desk, document.id)?;
        for page in review.pages.iter().filter(|page| page.waits_for_rescan()) {
            scan::keep_page(desk, page.id, KeepReason::NoSecondScan)?;
        }
    }
    let waiting = [review.open.as_slice(), &review.for_another].concat();
    let is_bad = |page: &Page| page.waits_for_rescan() && paper.accept == Accept::Certain;
    let outcome = if waiting.is_empty() && !review.pages.iter().any(is_bad) {
        Outcome::Deposited(Box::new(deposit::deposit(desk, document.id)?))
    } else {
        Outcome::NeedsReview(Box::new(review.document.clone()), waiting)
    };
    Ok((outcome, review, times))
}

fn owner_id() -> FieldName {
    "owner_id"
        .parse()
        .expect("the name is a constant of the right shape")
}

/// The component as the procedure's list has it, where it has it.
fn component_of(desk: &Desk, paper: &Paper) -> NewComponent {
    let procedures = desk.catalogue.procedures();
    let listed = procedures
        .iter()
        .filter(|procedure| {
            paper
                .procedure
                .as_ref()
                .is_some_and(|code| *code == procedure.code)
        })
        .flat_map(|procedure| &procedure.components)
        .find(|component| paper.component.is_some() && component.code == paper.component);
    NewComponent {
        name: listed.map_or_else(String::new, |component| component.name.clone()),
        code: paper.component.clone(),
        result_type: listed.and_then(|component| component.result_type.clone()),
        submitted_as: SubmittedAs::Original,
    }
}
