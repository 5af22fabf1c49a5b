//! Extraction, and the person who looks at what it proposes.

use desk::{Desk, review};
use serde::{Deserialize, Serialize};
use tauri::State;
use tauri::ipc::Channel;

use super::error::Answer;
use super::views::{first_field_views, id, review_view};
use crate::seat::{Seat, at_desk};

/// Asks to recognise, copy and extract a document whose pages are complete.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ExtractDocument {
    pub(crate) document_id: String,
}

/// How far extraction has come.
#[derive(Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum ExtractProgressView {
    /// The engines read the pages.
    Recognising,
    /// What the head of the first page shows; nothing of it is certain yet.
    FirstFields { fields: Vec<FirstFieldView> },
    /// The electronic copy is being made.
    Copying,
    /// The fields are being found.
    Extracting,
}

/// A value that is shown while the rest of the paper is still being read.
#[derive(Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct FirstFieldView {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) value_type: String,
    pub(crate) value: String,
    pub(crate) shown: Vec<ShownWord>,
}

/// Asks for a document under review.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Review {
    pub(crate) document_id: String,
}

/// Asks to put a person's name under a value.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ConfirmField {
    pub(crate) document_id: String,
    pub(crate) field: String,
    pub(crate) value: String,
}

/// Asks to take a decision back.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct UndoField {
    pub(crate) document_id: String,
    pub(crate) field: String,
}

/// Asks to treat the document as another type of paper.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ChangeType {
    pub(crate) document_id: String,
    pub(crate) document_type: String,
}

/// A type of paper to choose from.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct DocumentTypeView {
    pub(crate) name: String,
    pub(crate) title: String,
}

/// How far a value may be trusted.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Grade {
    Empty,
    Check,
    Certain,
}

/// Where a value came from.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Source {
    Ocr,
    Qr,
    Mrz,
    Rule,
    Dossier,
    Officer,
}

/// Why a person must look.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Doubt {
    Handwritten,
    EnginesDisagree,
    OneEngineOnly,
    Unsure,
    RuleFails,
    Contradicts,
    PoorImage,
    KindUncertain,
    PlaceUncertain,
    Sampled,
    PoorRecord,
}

/// Which engine read something.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Engine {
    Neural,
    Tesseract,
    Aster,
}

/// What one engine read for a field.
#[derive(Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ReadingView {
    pub(crate) engine: Engine,
    pub(crate) value: String,
}

/// A box on the upright page, in its pixels.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct OutlineView {
    /// Position of the page in the document, from 0.
    pub(crate) page: u32,
    pub(crate) x: u32,
    pub(crate) y: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// A normal form that is no word of the paper, and how the screen writes it.
#[derive(Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ShownWord {
    pub(crate) value: String,
    pub(crate) shown: String,
}

/// Letters of a value that a person should look at, counted in characters.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct LettersView {
    pub(crate) from: u32,
    pub(crate) to: u32,
}

/// Asks for the words of a page.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct PageWords {
    pub(crate) page_id: String,
}

/// A recognised word and where it stands on the upright page, in reading order.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct WordView {
    pub(crate) text: String,
    pub(crate) x: u32,
    pub(crate) y: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// One field under review.
#[derive(Clone, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one mark of its own on the screen"
)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct FieldView {
    pub(crate) name: String,
    pub(crate) label: String,
    /// `date`, `text`, …: decides how the value is written on the screen.
    pub(crate) value_type: String,
    /// The value that stands: the person's, or else the proposed one.
    pub(crate) value: String,
    pub(crate) shown: Vec<ShownWord>,
    pub(crate) grade: Grade,
    pub(crate) source: Source,
    pub(crate) outline: Option<OutlineView>,
    pub(crate) handwritten: bool,
    pub(crate) readings: Vec<ReadingView>,
    /// The letters of the proposed value on which the readings differ, or of which
    /// an engine was unsure.
    pub(crate) doubtful_letters: Vec<LettersView>,
    pub(crate) doubts: Vec<Doubt>,
    pub(crate) required: bool,
    /// A person has decided.
    pub(crate) confirmed: bool,
    /// A person must still look.
    pub(crate) open: bool,
    /// The field takes two officers.
    pub(crate) second_person: Option<super::second_person::SecondPersonView>,
}

/// A document under review.
#[derive(Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ReviewView {
    pub(crate) document: super::scan::DocumentView,
    pub(crate) document_type: String,
    pub(crate) title: String,
    /// Whether the type of paper itself is certain.
    pub(crate) type_grade: Grade,
    pub(crate) fields: Vec<FieldView>,
    pub(crate) open_count: u32,
    /// Fields that wait for an officer who is not signed in.
    pub(crate) for_another_count: u32,
}

fn progress_view(desk: &Desk, progress: &review::Progress) -> ExtractProgressView {
    match progress {
        review::Progress::Recognising => ExtractProgressView::Recognising,
        review::Progress::FirstFields(first) => ExtractProgressView::FirstFields {
            fields: first_field_views(desk, first),
        },
        review::Progress::Copying => ExtractProgressView::Copying,
        review::Progress::Extracting => ExtractProgressView::Extracting,
    }
}

#[tauri::command]
pub(crate) async fn list_document_types(seat: State<'_, Seat>) -> Answer<Vec<DocumentTypeView>> {
    at_desk(&seat, |desk| {
        Ok(desk.catalogue().forms().iter().map(Into::into).collect())
    })
    .await
}

impl From<&desk::Form> for DocumentTypeView {
    fn from(form: &desk::Form) -> Self {
        Self {
            name: form.document_type.to_string(),
            title: form.title.clone(),
        }
    }
}

#[tauri::command]
pub(crate) async fn extract_document(
    seat: State<'_, Seat>,
    request: ExtractDocument,
    progress: Channel<ExtractProgressView>,
) -> Answer<ReviewView> {
    at_desk(&seat, move |desk| {
        // That the window has gone away meanwhile is no reason to stop reading.
        let report = |step: review::Progress| {
            let _ = progress.send(progress_view(desk, &step));
        };
        let (review, _) = review::extract_document(desk, id(&request.document_id)?, None, &report)?;
        review_view(desk, &review)
    })
    .await
}

#[tauri::command]
pub(crate) async fn review(seat: State<'_, Seat>, request: Review) -> Answer<ReviewView> {
    at_desk(&seat, move |desk| {
        review_view(desk, &review::review(desk, id(&request.document_id)?)?)
    })
    .await
}

#[tauri::command]
pub(crate) async fn confirm_field(
    seat: State<'_, Seat>,
    request: ConfirmField,
) -> Answer<ReviewView> {
    at_desk(&seat, move |desk| {
        let (document_id, field) = (id(&request.document_id)?, id(&request.field)?);
        review_view(
            desk,
            &review::confirm_field(desk, document_id, &field, &request.value)?,
        )
    })
    .await
}

#[tauri::command]
pub(crate) async fn undo_field(seat: State<'_, Seat>, request: UndoField) -> Answer<ReviewView> {
    at_desk(&seat, move |desk| {
        let (document_id, field) = (id(&request.document_id)?, id(&request.field)?);
        review_view(desk, &review::undo_field(desk, document_id, &field)?)
    })
    .await
}

#[tauri::command]
pub(crate) async fn change_type(seat: State<'_, Seat>, request: ChangeType) -> Answer<ReviewView> {
    at_desk(&seat, move |desk| {
        let (document_id, document_type) = (id(&request.document_id)?, id(&request.document_type)?);
        review_view(
            desk,
            &review::change_type(desk, document_id, &document_type)?,
        )
    })
    .await
}

#[tauri::command]
pub(crate) async fn page_words(seat: State<'_, Seat>, request: PageWords) -> Answer<Vec<WordView>> {
    at_desk(&seat, move |desk| {
        let text = review::page_text(desk, id(&request.page_id)?)?.unwrap_or_default();
        let words = text.lines.into_iter().flat_map(|line| line.words);
        Ok(words.map(Into::into).collect())
    })
    .await
}

impl From<domain::recognised_text::Word> for WordView {
    fn from(word: domain::recognised_text::Word) -> Self {
        Self {
            text: word.text,
            x: word.outline.x,
            y: word.outline.y,
            width: word.outline.width,
            height: word.outline.height,
        }
    }
}
