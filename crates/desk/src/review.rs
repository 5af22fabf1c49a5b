//! Recognising a document, making its copy, extracting, and a person's decisions.

use std::collections::BTreeMap;

use domain::audit::Act;
use domain::document::{Document, DocumentState, DocumentType, RecognisedType, ReviewedField};
use domain::field::{FieldName, FieldValue, Grade, Proposed, Source};
use domain::geometry::{PageGeometry, Size};
use domain::ids::DocumentId;
use domain::page::Page;
use domain::recognised_text::RecognisedText;
use domain::rights::Right;
use extraction::{FieldDefinition, Form};
use zeroize::Zeroizing;

use crate::error::Refusal;
use crate::reading::{self, FirstFields, Kinds, Recognised, Times, form_of};
use crate::scan::changeable;
use crate::second_person::{self, TakesTwo, Turn};
use crate::worker::{PageToRead, ReadPage};
use crate::{Desk, Error, camera, copy, double_feed, kinds, trust};

/// A document as a person reviews it.
#[derive(Clone, Debug)]
pub struct Review {
    /// The document.
    pub document: Document,
    /// Its form; `None` before extraction.
    pub form: Option<Form>,
    /// Its pages, in order.
    pub pages: Vec<Page>,
    /// Its fields in the order of the form.
    pub fields: Vec<ReviewedField>,
    /// The fields that still wait for a person; `document_type` among them while the
    /// type itself is doubtful.
    pub open: Vec<FieldName>,
    /// The fields that take two officers.
    pub takes_two: BTreeMap<FieldName, TakesTwo>,
    /// The fields among those whose next entry is another officer's to make.
    pub for_another: Vec<FieldName>,
}

/// How far extraction has come.
#[derive(Clone, Debug)]
pub enum Progress {
    /// The engines read the pages.
    Recognising,
    /// The head of the first page is read; the rest is still being read.
    FirstFields(FirstFields),
    /// The electronic copy is made.
    Copying,
    /// Fields are proposed.
    Extracting,
}

/// Recognises the pages, makes the electronic copy, proposes the fields.
// Circular 01/2023/TT-VPCP, art. 8(1): the copy stands (and is signed) before extraction.
pub fn extract_document(
    desk: &Desk,
    document_id: DocumentId,
    chosen: Option<&DocumentType>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<(Review, Times), Error> {
    desk.may(Right::Extract)?;
    let document = changeable(desk, document_id)?;
    let pages = desk.vault.read(|read| read.pages_of(document_id))?;
    if pages.is_empty() {
        return Err(Refusal::NoPages.into());
    }
    progress(Progress::Recognising);
    let raws = unseal_all(desk, &pages)?;
    let to_read = pages_to_read(&pages, &raws);
    let sizes: Vec<Size> = pages.iter().map(|page| page.raw.size).collect();
    // A type that an officer chose stays chosen when pages change.
    let kept = document
        .document_type
        .filter(|kept| kept.grade == Grade::Certain)
        .map(|kept| kept.document_type);
    let chosen = chosen.or(kept
        .as_ref()
        .filter(|_| document.state == DocumentState::Extracted));
    let show = |first| progress(Progress::FirstFields(first));
    let kinds = Kinds {
        chosen,
        taught: &|first_page| kinds::propose(desk, first_page),
    };
    let mut recognised =
        reading::recognise(&desk.crew, &desk.catalogue, &to_read, &sizes, kinds, &show)?;
    progress(Progress::Copying);
    let copy = copy::make(
        desk,
        &document.local_code,
        document_id,
        &pages,
        &raws,
        &recognised.pages,
    )?;
    progress(Progress::Extracting);
    let dossier = desk.vault.read(|read| read.dossier(document.dossier_id))?;
    let mut candidates = reading::extract(&desk.catalogue, &mut recognised, Some(&dossier.owner))?;
    let form = form_of(&desk.catalogue, &recognised.document_type.document_type)?;
    let found = recognised.pages.iter().map(|read| read.appraisal.clone());
    let appraisals = double_feed::doubted(&pages, found.collect());
    desk.vault.write(|write| {
        trust::weigh(desk, write, document_id, form, &mut candidates)?;
        for ((page, read), appraisal) in pages.iter().zip(&recognised.pages).zip(appraisals) {
            let appraisal = camera::asked_about(write, page, appraisal)?;
            write.set_transforms(page.id, &read.transforms)?;
            write.set_appraisal(page.id, &appraisal)?;
            write.put_recognised_text(page.id, &read.text)?;
            let size = PageGeometry::new(page.raw.size, &read.transforms).upright_size();
            write.set_page_mark(page.id, extraction::page_mark(&read.text, size))?;
        }
        write.set_engines_used(document_id, &recognised.engines())?;
        if let Some(copy) = &copy {
            write.insert_copy(copy)?;
        }
        write.set_document_type(document_id, &recognised.document_type)?;
        // What a person had chosen beforehand is no proposal.
        if chosen.is_none() {
            write.put_kind_proposal(document_id, &recognised.document_type)?;
        }
        write.replace_candidates(document_id, &candidates)?;
        write.set_document_state(document_id, DocumentState::Extracted)?;
        desk.audit(write, Act::Extracted(document_id))
    })?;
    Ok((standing(desk, document_id)?, recognised.times))
}

fn unseal_all(desk: &Desk, pages: &[Page]) -> Result<Vec<Zeroizing<Vec<u8>>>, Error> {
    let unsealed = pages
        .iter()
        .map(|page| desk.vault.unseal(&page.raw.sealed_digest));
    Ok(unsealed.collect::<Result<_, _>>()?)
}

fn pages_to_read<'a>(pages: &'a [Page], raws: &'a [Zeroizing<Vec<u8>>]) -> Vec<PageToRead<'a>> {
    let pages = pages.iter().zip(raws);
    pages.map(|(page, raw)| PageToRead::of(page, raw)).collect()
}

/// A document as it stands under review. Looking is an act that the trail keeps.
pub fn review(desk: &Desk, document_id: DocumentId) -> Result<Review, Error> {
    desk.may(Right::SeeOpenPapers)?;
    let review = standing(desk, document_id)?;
    desk.vault
        .write(|write| desk.audit(write, Act::Viewed(document_id)))?;
    Ok(review)
}

/// How far a document has come, without anything that stands on it.
#[derive(Clone, Debug)]
pub struct Counts {
    /// The document.
    pub document: Document,
    /// Its pages, in order.
    pub pages: Vec<Page>,
    /// How many fields wait for a person.
    pub waiting: usize,
}

/// How far a document has come. Nobody's data is in it, so the trail does not keep it.
pub fn counts(desk: &Desk, document_id: DocumentId) -> Result<Counts, Error> {
    desk.may(Right::SeeOpenPapers)?;
    let review = standing(desk, document_id)?;
    Ok(Counts {
        waiting: review.open.len() + review.for_another.len(),
        document: review.document,
        pages: review.pages,
    })
}

/// The same for the verbs, whose own act the trail keeps.
pub(crate) fn standing(desk: &Desk, document_id: DocumentId) -> Result<Review, Error> {
    let (document, pages, fields, form, takes_two) = desk.vault.read(|read| {
        let document = read.document(document_id)?;
        let form = document
            .document_type
            .as_ref()
            .and_then(|recognised| desk.catalogue.form(&recognised.document_type))
            .cloned();
        let takes_two = second_person::fields(desk, read, document_id, form.as_ref())?;
        let pages = read.pages_of(document_id)?;
        let fields = read.reviewed_fields(document_id)?;
        Ok::<_, Error>((document, pages, fields, form, takes_two))
    })?;
    let required =
        |name: &FieldName| definition(form.as_ref(), name).is_some_and(|field| field.required);
    let (mut open, mut for_another) = (Vec::new(), Vec::new());
    for field in &fields {
        let name = &field.candidate.name;
        match takes_two.get(name).map(|two| two.turn) {
            Some(Turn::Settled) => {}
            Some(Turn::Another) => for_another.push(name.clone()),
            Some(_) => open.push(name.clone()),
            None if field.is_open(required(name)) => open.push(name.clone()),
            None => {}
        }
    }
    let doubtful = |recognised: &RecognisedType| recognised.grade != Grade::Certain;
    if document.document_type.as_ref().is_some_and(doubtful) {
        open.insert(0, type_line());
    }
    Ok(Review {
        document,
        form,
        pages,
        fields,
        open,
        takes_two,
        for_another,
    })
}

/// Under this name the type of a document waits for a person beside its fields.
fn type_line() -> FieldName {
    "document_type"
        .parse()
        .expect("the name is a constant of the right shape")
}

fn definition<'a>(form: Option<&'a Form>, name: &FieldName) -> Option<&'a FieldDefinition> {
    form?.fields.iter().find(|field| field.name == *name)
}

/// A person answers for the value of a field, as proposed or as typed. An empty
/// value says that there is none on the paper.
pub fn confirm_field(
    desk: &Desk,
    document_id: DocumentId,
    name: &FieldName,
    typed: &str,
) -> Result<Review, Error> {
    desk.may(Right::Decide)?;
    let review = reviewable(desk, document_id)?;
    let (value, act) = decided(desk, &review, name, typed)?;
    if review.takes_two.contains_key(name) {
        second_person::enter(desk, document_id, value, act)?;
        return standing(desk, document_id);
    }
    desk.vault.write(|write| {
        write.set_value(document_id, &value)?;
        desk.audit(write, act)
    })?;
    standing(desk, document_id)
}

/// Takes a decision back; the proposal stands again.
pub fn undo_field(desk: &Desk, document_id: DocumentId, name: &FieldName) -> Result<Review, Error> {
    desk.may(Right::Decide)?;
    if reviewable(desk, document_id)?.takes_two.contains_key(name) {
        second_person::take_back(desk, document_id, name)?;
        return standing(desk, document_id);
    }
    desk.vault.write(|write| {
        write.clear_value(document_id, name)?;
        desk.audit(write, Act::FieldCorrected(document_id, name.to_string()))
    })?;
    standing(desk, document_id)
}

/// Confirms everything as proposed, in the name of the signed-in officer. For
/// machines and tests; the trail says that it was done at one stroke. Fields that
/// take two officers stay open: a stroke is nobody's own entry.
pub fn confirm_all(desk: &Desk, document_id: DocumentId) -> Result<Review, Error> {
    desk.may(Right::Decide)?;
    let review = reviewable(desk, document_id)?;
    desk.vault.write(|write| {
        let undecided = |field: &&ReviewedField| {
            field.value.is_none() && !review.takes_two.contains_key(&field.candidate.name)
        };
        for field in review.fields.iter().filter(undecided) {
            let proposed = field.candidate.value.clone();
            let value = value_of(desk, field, proposed, field.candidate.source);
            write.set_value(document_id, &value)?;
        }
        if let Some(recognised) = &review.document.document_type {
            let document_type = recognised.document_type.clone();
            write.set_document_type(
                document_id,
                &RecognisedType {
                    document_type,
                    grade: Grade::Certain,
                },
            )?;
        }
        desk.audit(write, Act::AllConfirmed(document_id))?;
        Ok::<_, Error>(())
    })?;
    crate::cross_check::accept_as_written(desk, document_id)?;
    standing(desk, document_id)
}

/// An officer says what kind of paper it is; its fields are proposed anew.
pub fn change_type(
    desk: &Desk,
    document_id: DocumentId,
    document_type: &DocumentType,
) -> Result<Review, Error> {
    desk.may(Right::Decide)?;
    let form = form_of(&desk.catalogue, document_type)?;
    let before = reviewable(desk, document_id)?;
    let raws = unseal_all(desk, &before.pages)?;
    let to_read = pages_to_read(&before.pages, &raws);
    let mut recognised = recognised_before(desk, &before, document_type)?;
    reading::read_form_lines_again(&desk.crew, &desk.catalogue, &to_read, &mut recognised)?;
    let dossier_id = before.document.dossier_id;
    let dossier = desk.vault.read(|read| read.dossier(dossier_id))?;
    let mut candidates = reading::extract(&desk.catalogue, &mut recognised, Some(&dossier.owner))?;
    desk.vault.write(|write| {
        trust::weigh(desk, write, document_id, form, &mut candidates)?;
        for (page, read) in before.pages.iter().zip(&recognised.pages) {
            write.put_recognised_text(page.id, &read.text)?;
        }
        write.set_document_type(document_id, &recognised.document_type)?;
        write.replace_candidates(document_id, &candidates)?;
        desk.audit(write, Act::Extracted(document_id))
    })?;
    standing(desk, document_id)
}

/// What the vault holds of an earlier recognition, under another type.
fn recognised_before(
    desk: &Desk,
    before: &Review,
    document_type: &DocumentType,
) -> Result<Recognised, Error> {
    let mut pages = Vec::with_capacity(before.pages.len());
    for page in &before.pages {
        let text = desk.vault.read(|read| read.recognised_text(page.id))?;
        pages.push(ReadPage {
            transforms: page.transforms.clone(),
            skew_deg: 0.0,
            appraisal: page.appraisal.clone().ok_or(Refusal::NotExtracted)?,
            text: text.ok_or(Refusal::NotExtracted)?,
            is_second_image: page.masked_from.is_some(),
            jpeg: None,
            times: crate::worker::ReadTimes::default(),
            engines: Vec::new(),
            notice: None,
        });
    }
    Ok(Recognised {
        pages,
        sizes: before.pages.iter().map(|page| page.raw.size).collect(),
        document_type: RecognisedType {
            document_type: document_type.clone(),
            grade: Grade::Certain,
        },
        times: Times::default(),
    })
}

/// The recognised text of a page, for showing words in the image.
pub fn page_text(
    desk: &Desk,
    page_id: domain::ids::PageId,
) -> Result<Option<RecognisedText>, Error> {
    desk.may(Right::SeeOpenPapers)?;
    let page = desk.vault.read(|read| read.page(page_id))?;
    desk.saw(page.document_id)?;
    Ok(desk.vault.read(|read| read.recognised_text(page_id))?)
}

fn reviewable(desk: &Desk, document_id: DocumentId) -> Result<Review, Error> {
    changeable(desk, document_id)?;
    let review = standing(desk, document_id)?;
    if review.document.state != DocumentState::Extracted {
        return Err(Refusal::NotExtracted.into());
    }
    Ok(review)
}

/// The value a person decided on, and what the trail says of it.
fn decided(
    desk: &Desk,
    review: &Review,
    name: &FieldName,
    typed: &str,
) -> Result<(FieldValue, Act), Error> {
    let unknown = || Refusal::UnknownField(name.clone());
    let field = review
        .fields
        .iter()
        .find(|field| field.candidate.name == *name)
        .ok_or_else(unknown)?;
    let definition = definition(review.form.as_ref(), name).ok_or_else(unknown)?;
    let typed = domain::fold::normalise(typed);
    let value = if typed.is_empty() {
        typed
    } else {
        extraction::normal_form(definition, &typed)
            .map_err(|_| Refusal::ValueBreaksRule(name.clone()))?
    };
    let document_id = review.document.id;
    if value == field.candidate.value {
        let value = value_of(desk, field, value, field.candidate.source);
        Ok((value, Act::FieldConfirmed(document_id, name.to_string())))
    } else {
        let value = value_of(desk, field, value, Source::Officer);
        Ok((value, Act::FieldCorrected(document_id, name.to_string())))
    }
}

fn value_of(desk: &Desk, field: &ReviewedField, value: String, source: Source) -> FieldValue {
    let candidate = &field.candidate;
    FieldValue {
        name: candidate.name.clone(),
        value,
        source,
        evidence: candidate.evidence,
        proposed: (candidate.grade != Grade::Empty).then(|| Proposed {
            value: candidate.value.clone(),
            grade: candidate.grade,
        }),
        confirmed_by: Some(desk.officer.id),
        confirmed_at: Some(desk.clock.now()),
        seconded_by: None,
    }
}
