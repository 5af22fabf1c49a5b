//! How the nouns look from the window.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Range;

use desk::accounting;
use desk::cross_check::{self, Disagreement};
use desk::doubtful_letters::doubtful_letters;
use desk::reading::FirstFields;
use desk::{Desk, FieldDefinition, Form, reuse, review};
use domain::accounting::Gap;
use domain::copy::Awaited;
use domain::document::{Document, DocumentState as DomainState, ReviewedField};
use domain::dossier::{Dossier, DossierComponent};
use domain::field::{Evidence, FieldName, FieldReading};
use domain::geometry::Transform;
use domain::ids::{DocumentId, DossierId};
use domain::page::Page;
use domain::record::Record;

use super::cross_check::{PersonPart, Settlement};
use super::deposit::{CopySigned, RecordView, ValueView};
use super::error::{Answer, ErrorCode, IpcError};
use super::group::Sort;
use super::pages::{GapView, KeepReason, VoidReason};
use super::profiles::{Blanks, Colour, Sides};
use super::reception::{
    ComponentView, DocumentState, DocumentSummaryView, DossierView, SubmittedAs,
};
use super::resume::Step;
use super::reuse::digitised_view;
use super::review::{
    Doubt, Engine, FieldView, FirstFieldView, Grade, LettersView, OutlineView, ReadingView,
    ReviewView, ShownWord, Source,
};
use super::scan::{DocumentView, PageView, QualityReason, ScanSource, Verdict};
use super::second_person::{self, Turn};
use super::separate::JoinReason;

/// Writes the two ways between a noun's enum and its mirror in the window.
macro_rules! mirror {
    ($($mirror:ident = $noun:path { $($variant:ident),+ })+) => {$(
        impl From<$noun> for $mirror {
            fn from(noun: $noun) -> Self {
                match noun { $(<$noun>::$variant => Self::$variant),+ }
            }
        }

        impl From<$mirror> for $noun {
            fn from(mirror: $mirror) -> Self {
                match mirror { $($mirror::$variant => Self::$variant),+ }
            }
        }
    )+};
}

mirror! {
    SubmittedAs = domain::dossier::SubmittedAs { Original, CertifiedCopy, PlainCopy, Electronic }
    DocumentState = domain::document::DocumentState { Scanning, Extracted, Deposited }
    ScanSource = desk::ScanSource { Feeder, Flatbed }
    ScanSource = domain::scan_profile::Source { Feeder, Flatbed }
    Sides = domain::scan_profile::Sides { One, Both, ByHand }
    Colour = domain::scan_profile::Colour { Colour, Grey }
    Blanks = domain::scan_profile::Blanks { Keep, SetAside }
    Step = domain::work_place::Step { Scan, Review, Deposit }
    VoidReason = domain::page::VoidReason {
        Blank, Duplicate, Rescanned, WrongDocument, Discarded, Separator
    }
    KeepReason = domain::page::KeepReason { PaperIsSo, NoSecondScan }
    Verdict = domain::quality::Verdict { Good, Doubtful, Bad }
    QualityReason = domain::quality::QualityReason {
        LowResolution, Blurred, Faint, Dark, Noisy, Skewed, CutOff, FoldedCorner, DoubleFeed, WayUp,
        NoOutline
    }
    Grade = domain::field::Grade { Empty, Check, Certain }
    Source = domain::field::Source { Ocr, Qr, Mrz, Rule, Dossier, Officer }
    Doubt = domain::field::Doubt {
        Handwritten, EnginesDisagree, OneEngineOnly, Unsure, RuleFails, Contradicts, PoorImage, KindUncertain,
        PlaceUncertain, Sampled, PoorRecord
    }
    Settlement = domain::disagreement::Settlement { FirstRight, OtherRight, TwoPeople, BothAsWritten }
    PersonPart = desk::PersonPart { Name, Id, BirthDate }
    JoinReason = desk::JoinReason { Slip, Count, AnotherKind, Head }
    Sort = desk::group::Sort { Number, Day, Identity, Name, Words }
    Turn = desk::second_person::Turn { First, Second, Decide, Another, Settled }
    Engine = domain::engine::Engine { Neural, Tesseract, Aster }
}

impl From<Gap> for GapView {
    fn from(gap: Gap) -> Self {
        match gap {
            Gap::BrokenOff { stored } => Self::BrokenOff { stored },
            Gap::Lost { delivered, stored } => Self::Lost { delivered, stored },
            Gap::Missing { number } => Self::Missing { number },
            Gap::Declared { declared, kept } => Self::Declared { declared, kept },
        }
    }
}

/// Reads an id that came from the window.
pub(crate) fn id<T: std::str::FromStr>(text: &str) -> Answer<T> {
    text.parse().map_err(|_| IpcError::of(ErrorCode::NotFound))
}

/// A page as it is shown now.
pub(crate) fn page_view(page: &Page) -> PageView {
    let size = page.geometry().upright_size();
    let mut look = DefaultHasher::new();
    format!("{:?}", page.transforms).hash(&mut look);
    let appraisal = page.appraisal.as_ref();
    PageView {
        id: page.id.to_string(),
        position: page.position,
        width_px: size.width_px,
        height_px: size.height_px,
        look: format!("{:x}", look.finish()),
        turned_deg: page.turn().unwrap_or_default().degrees(),
        blank: appraisal.is_some_and(|appraisal| appraisal.blank),
        waits_for_rescan: page.waits_for_rescan(),
        kept_bad: page.kept_bad.as_ref().map(|kept| kept.reason.into()),
        masked_from: page.masked_from.map(|id| id.to_string()),
        cropped: page
            .by_hand
            .iter()
            .any(|step| matches!(step, Transform::Crop(_) | Transform::Flatten(_))),
        verdict: appraisal.map(|appraisal| appraisal.quality.verdict.into()),
        reasons: appraisal
            .map(|appraisal| {
                appraisal
                    .quality
                    .reasons
                    .iter()
                    .map(|reason| (*reason).into())
                    .collect()
            })
            .unwrap_or_default(),
        voided: page.voided.as_ref().map(|voided| voided.reason.into()),
    }
}

/// A document with its pages, kept and taken out.
pub(crate) fn document_view(desk: &Desk, document_id: DocumentId) -> Answer<DocumentView> {
    let voided = desk::scan::voided_pages(desk, document_id)?;
    let review = review::counts(desk, document_id)?;
    document_of(desk, &review.document, &review.pages, &voided)
}

fn document_of(
    desk: &Desk,
    document: &Document,
    pages: &[Page],
    voided: &[Page],
) -> Answer<DocumentView> {
    Ok(DocumentView {
        id: document.id.to_string(),
        local_code: document.local_code.to_string(),
        dossier_id: document.dossier_id.to_string(),
        component_id: document.component_id.to_string(),
        state: document.state.into(),
        pages: pages.iter().map(page_view).collect(),
        voided_pages: voided.iter().map(page_view).collect(),
        accounting: accounting::of_document(desk, document.id)?.into(),
    })
}

/// A dossier and how far its components have come.
pub(crate) fn dossier_view(desk: &Desk, dossier: &Dossier) -> Answer<DossierView> {
    let disagreements = cross_check::of_dossier(desk, dossier.id)?;
    let components = dossier
        .components
        .iter()
        .map(|component| component_view(desk, component, &disagreements));
    let procedure = dossier.procedure.as_ref();
    let known = procedure.and_then(|code| {
        desk.catalogue()
            .procedures()
            .iter()
            .find(|known| known.code == *code)
    });
    Ok(DossierView {
        id: dossier.id.to_string(),
        provisional_number: dossier.provisional_number.clone(),
        code: dossier.code.as_ref().map(ToString::to_string),
        procedure: procedure.map(ToString::to_string),
        procedure_name: known.map(|known| known.name.clone()),
        owner_id: dossier.owner.id.as_ref().map(ToString::to_string),
        owner_name: dossier.owner.name.clone(),
        owner_birth_on: dossier.owner.birth_on.map(|day| day.to_string()),
        owner_sex: dossier.owner.sex.clone(),
        owner_address: dossier.owner.address.clone(),
        received_at: dossier.received_at.to_rfc3339(),
        components: components.collect::<Answer<_>>()?,
    })
}

/// The dossier of that key, as it stands now.
pub(crate) fn dossier_now(desk: &Desk, dossier_id: DossierId) -> Answer<DossierView> {
    dossier_view(desk, &desk::reception::dossier(desk, dossier_id)?)
}

fn component_view(
    desk: &Desk,
    component: &DossierComponent,
    disagreements: &[Disagreement],
) -> Answer<ComponentView> {
    Ok(ComponentView {
        id: component.id.to_string(),
        name: component.name.clone(),
        code: component.code.as_ref().map(ToString::to_string),
        submitted_as: component.submitted_as.into(),
        to_digitise: component.submitted_as.is_digitised(),
        document: component
            .document_id
            .map(|document_id| summary(desk, document_id, disagreements))
            .transpose()?,
        reused: reuse::answer_of(desk, component.id)?.map(|paper| digitised_view(desk, &paper)),
    })
}

fn summary(
    desk: &Desk,
    document_id: DocumentId,
    disagreements: &[Disagreement],
) -> Answer<DocumentSummaryView> {
    let review = review::counts(desk, document_id)?;
    let disagreeing = disagreements
        .iter()
        .filter(|_| review.document.state == DomainState::Extracted)
        .filter(|disagreement| disagreement.waits_at(document_id));
    let counted = accounting::of_document(desk, document_id)?;
    let blank = |page: &&Page| {
        page.appraisal
            .as_ref()
            .is_some_and(|appraisal| appraisal.blank)
    };
    Ok(DocumentSummaryView {
        id: document_id.to_string(),
        local_code: review.document.local_code.to_string(),
        state: review.document.state.into(),
        pages: counted.kept,
        blank_pages: review.pages.iter().filter(blank).count() as u32,
        voided_pages: counted.blank + counted.removed,
        open_fields: (review.waiting + disagreeing.count()) as u32,
    })
}

/// What kind of paper it is, as its form calls it; empty while that is not known.
pub(crate) fn title_of(desk: &Desk, document: &Document) -> String {
    let kind = document.document_type.as_ref();
    let form = kind.and_then(|kind| desk.catalogue().form(&kind.document_type));
    form.map(|form| form.title.clone()).unwrap_or_default()
}

/// A document under review. Refused while it is not extracted.
pub(crate) fn review_view(desk: &Desk, review: &review::Review) -> Answer<ReviewView> {
    let not_extracted = || IpcError::of(ErrorCode::NotExtracted);
    let form = review.form.as_ref().ok_or_else(not_extracted)?;
    let recognised = review
        .document
        .document_type
        .as_ref()
        .ok_or_else(not_extracted)?;
    let letters = doubtful_letters(desk, review)?;
    let fields = review.fields.iter().filter_map(|field| {
        let name = &field.candidate.name;
        let definition = definition(form, name.as_str())?;
        let view = FieldView {
            open: review.open.contains(name),
            doubtful_letters: letters_views(letters.get(name).map_or(&[], Vec::as_slice)),
            ..field_view(definition, field)
        };
        Some(second_person::as_seen(review.takes_two.get(name), view))
    });
    Ok(ReviewView {
        document: document_of(desk, &review.document, &review.pages, &[])?,
        document_type: form.document_type.to_string(),
        title: form.title.clone(),
        type_grade: recognised.grade.into(),
        fields: fields.collect(),
        open_count: review.open.len() as u32,
        for_another_count: review.for_another.len() as u32,
    })
}

/// What the head of a page shows, with the labels of its form.
pub(crate) fn first_field_views(desk: &Desk, first: &FirstFields) -> Vec<FirstFieldView> {
    let Some(form) = desk.catalogue().form(&first.document_type) else {
        return Vec::new();
    };
    let fields = first.fields.iter().filter_map(|field| {
        let definition = definition(form, field.name.as_str())?;
        Some(FirstFieldView {
            name: field.name.to_string(),
            label: definition.label.clone(),
            value_type: definition.value_type.name().to_owned(),
            value: field.value.clone(),
            shown: shown(definition),
        })
    });
    fields.collect()
}

fn definition<'a>(form: &'a Form, name: &str) -> Option<&'a FieldDefinition> {
    form.fields.iter().find(|field| field.name.as_str() == name)
}

/// A field as it stands, its letters not yet looked at.
fn field_view(definition: &FieldDefinition, field: &ReviewedField) -> FieldView {
    let candidate = &field.candidate;
    let decided = field.value.as_ref();
    let evidence = decided.map_or(candidate.evidence, |value| value.evidence);
    FieldView {
        name: candidate.name.to_string(),
        label: definition.label.clone(),
        value_type: definition.value_type.name().to_owned(),
        value: decided
            .map_or(&candidate.value, |value| &value.value)
            .clone(),
        shown: shown(definition),
        grade: candidate.grade.into(),
        source: decided
            .map_or(candidate.source, |value| value.source)
            .into(),
        outline: evidence.as_ref().map(outline_view),
        handwritten: candidate.handwritten,
        readings: distinct(&candidate.readings),
        doubts: candidate
            .doubts
            .iter()
            .map(|doubt| (*doubt).into())
            .collect(),
        doubtful_letters: Vec::new(),
        required: definition.required,
        confirmed: decided.is_some(),
        open: false,
        second_person: None,
    }
}

/// A place on a page.
pub(crate) fn outline_view(evidence: &Evidence) -> OutlineView {
    OutlineView {
        page: evidence.page as u32,
        x: evidence.outline.x,
        y: evidence.outline.y,
        width: evidence.outline.width,
        height: evidence.outline.height,
    }
}

/// Letters to look at.
pub(crate) fn letters_views(letters: &[Range<usize>]) -> Vec<LettersView> {
    let views = letters.iter().map(|range| LettersView {
        from: range.start as u32,
        to: range.end as u32,
    });
    views.collect()
}

/// What the engines read, each value once: two equal ones leave nothing to choose.
fn distinct(readings: &[FieldReading]) -> Vec<ReadingView> {
    let mut views: Vec<ReadingView> = Vec::new();
    for reading in readings {
        if views.iter().all(|view| view.value != reading.value) {
            views.push(ReadingView {
                engine: reading.engine.into(),
                value: reading.value.clone(),
            });
        }
    }
    views
}

pub(crate) fn shown(definition: &FieldDefinition) -> Vec<ShownWord> {
    let words = definition.shown.iter();
    words
        .map(|(value, shown)| ShownWord {
            value: value.clone(),
            shown: shown.clone(),
        })
        .collect()
}

/// A stored record, with the labels of its form. What is masked of it is covered already.
pub(crate) fn record_view(
    desk: &Desk,
    record: &Record,
    masked: &[FieldName],
    pictures_masked: bool,
) -> Answer<RecordView> {
    let review = review::counts(desk, record.document_id)?;
    let copy = desk::export::latest_copy(desk, record.document_id)?
        .ok_or_else(|| IpcError::of(ErrorCode::NotExtracted))?;
    let form = desk.catalogue().form(&record.document_type);
    let values = record.values.iter().map(|value| {
        let definition = form.and_then(|form| definition(form, value.name.as_str()));
        ValueView {
            name: value.name.to_string(),
            label: definition.map_or_else(
                || value.name.to_string(),
                |definition| definition.label.clone(),
            ),
            value_type: definition
                .map_or("text", |definition| definition.value_type.name())
                .to_owned(),
            shown: definition.map(shown).unwrap_or_default(),
            value: value.value.clone(),
            source: value.source.into(),
            confirmed: value.confirmed_by.is_some(),
            masked: masked.contains(&value.name),
        }
    });
    let officer = desk.officer();
    let code = desk::sync::code_of(desk, record)?;
    Ok(RecordView {
        document_id: record.document_id.to_string(),
        dossier_id: review.document.dossier_id.to_string(),
        local_code: record.local_code.to_string(),
        code: code.text,
        provisional: code.provisional,
        version: record.version,
        document_type: record.document_type.to_string(),
        title: form.map_or_else(
            || record.document_type.to_string(),
            |form| form.title.clone(),
        ),
        values: values.collect(),
        pictures_masked,
        copy_size_bytes: copy.size_bytes,
        copy_digest: copy.digest.to_string(),
        signed: match copy.waits_for() {
            _ if copy.born_electronic => CopySigned::BornElectronic,
            Some(Awaited::Signature) => CopySigned::No,
            Some(Awaited::Timestamp) => CopySigned::WithoutTimestamp,
            None => CopySigned::WithTimestamp,
        },
        signed_at: copy.signature.as_ref().map(|signature| {
            let at = signature.timestamped_at.unwrap_or(signature.signed_at);
            at.to_rfc3339()
        }),
        deposited_at: record.deposited_at.to_rfc3339(),
        deposited_by: (record.deposited_by == officer.id).then(|| officer.name.clone()),
        pages: review.pages.iter().map(page_view).collect(),
    })
}
