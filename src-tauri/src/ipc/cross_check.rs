//! Papers of one dossier that say different things of one person.

use desk::cross_check::{self as verb, Disagreement, Side};
use desk::{Desk, PersonPart as Part};
use domain::differing::differing;
use domain::disagreement::Place;
use domain::ids::DocumentId;
use serde::{Deserialize, Serialize};
use tauri::State;

use super::error::Answer;
use super::review::{LettersView, OutlineView};
use super::scan::PageView;
use super::views::{id, letters_views, outline_view, page_view};
use crate::seat::{Seat, at_desk};

/// Asks for what waits at a paper.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct CrossCheck {
    pub(crate) document_id: String,
}

/// How a person settles it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Settlement {
    FirstRight,
    OtherRight,
    TwoPeople,
    BothAsWritten,
}

/// What papers differ in.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum PersonPart {
    Name,
    Id,
    BirthDate,
}

/// A field of a paper; without a paper, of the owner as received.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct PlaceView {
    pub(crate) document_id: Option<String>,
    pub(crate) field: String,
}

/// One side of a disagreement.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct SideView {
    pub(crate) place: PlaceView,
    pub(crate) value: String,
    /// The letters that the other side does not have.
    pub(crate) letters: Vec<LettersView>,
    /// The papers that say so, as the dossier names them; none for the owner as
    /// received.
    pub(crate) papers: Vec<String>,
    pub(crate) as_received: bool,
    /// Where it can be seen.
    pub(crate) page: Option<PageView>,
    pub(crate) outline: Option<OutlineView>,
}

/// Two sayings that differ.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct DisagreementView {
    pub(crate) part: PersonPart,
    pub(crate) first: SideView,
    pub(crate) other: SideView,
}

/// Asks to settle the disagreement of two places.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Rule {
    pub(crate) document_id: String,
    pub(crate) first: PlaceView,
    pub(crate) other: PlaceView,
    pub(crate) settlement: Settlement,
}

/// A ruling, to take back by.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct RulingView {
    pub(crate) id: String,
}

/// Asks to take a ruling back.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct TakeBackRuling {
    pub(crate) ruling_id: String,
}

#[tauri::command]
pub(crate) async fn cross_check(
    seat: State<'_, Seat>,
    request: CrossCheck,
) -> Answer<Vec<DisagreementView>> {
    at_desk(&seat, move |desk| {
        let document_id: DocumentId = id(&request.document_id)?;
        let waiting = verb::of_document(desk, document_id)?;
        waiting
            .iter()
            .map(|disagreement| disagreement_view(desk, disagreement))
            .collect()
    })
    .await
}

#[tauri::command]
pub(crate) async fn rule(seat: State<'_, Seat>, request: Rule) -> Answer<RulingView> {
    at_desk(&seat, move |desk| {
        let document_id: DocumentId = id(&request.document_id)?;
        let dossier_id = desk::review::counts(desk, document_id)?.document.dossier_id;
        let (first, other) = (place(&request.first)?, place(&request.other)?);
        let ruling = verb::rule(desk, dossier_id, &first, &other, request.settlement.into())?;
        Ok(RulingView {
            id: ruling.id.to_string(),
        })
    })
    .await
}

#[tauri::command]
pub(crate) async fn take_back_ruling(seat: State<'_, Seat>, request: TakeBackRuling) -> Answer<()> {
    at_desk(&seat, move |desk| {
        Ok(verb::take_back(desk, id(&request.ruling_id)?)?)
    })
    .await
}

fn place(view: &PlaceView) -> Answer<Place> {
    Ok(Place {
        document_id: view.document_id.as_deref().map(id).transpose()?,
        field: id(&view.field)?,
    })
}

fn disagreement_view(desk: &Desk, disagreement: &Disagreement) -> Answer<DisagreementView> {
    let (first, other) = (&disagreement.first, &disagreement.other);
    Ok(DisagreementView {
        part: disagreement.part.into(),
        first: side_view(desk, disagreement.part, first, &other.saying.value)?,
        other: side_view(desk, disagreement.part, other, &first.saying.value)?,
    })
}

fn side_view(desk: &Desk, part: Part, side: &Side, beside: &str) -> Answer<SideView> {
    let saying = &side.saying;
    let mut papers = Vec::new();
    for document_id in saying.places.iter().filter_map(|place| place.document_id) {
        let document = desk::review::counts(desk, document_id)?.document;
        let dossier = desk::reception::dossier(desk, document.dossier_id)?;
        let component = dossier
            .components
            .into_iter()
            .find(|component| component.id == document.component_id);
        papers.extend(component.map(|component| component.name));
    }
    papers.dedup();
    let page = match &side.seen {
        None => None,
        Some((document_id, evidence)) => {
            let pages = desk::scan::pages(desk, *document_id)?;
            pages.get(evidence.page).map(page_view)
        }
    };
    let first = &saying.places[0];
    Ok(SideView {
        place: PlaceView {
            document_id: first.document_id.as_ref().map(ToString::to_string),
            field: first.field.to_string(),
        },
        letters: letters_views(&telling_letters(part, &saying.value, beside)),
        value: saying.value.clone(),
        as_received: saying
            .places
            .iter()
            .any(|place| place.document_id.is_none()),
        papers,
        outline: side
            .seen
            .as_ref()
            .map(|(_, evidence)| outline_view(evidence)),
        page,
    })
}

/// The letters in which one side differs; capitals of a name tell nothing.
fn telling_letters(part: Part, value: &str, beside: &str) -> Vec<std::ops::Range<usize>> {
    match part {
        Part::Name => differing(&value.to_uppercase(), &[&beside.to_uppercase()]),
        Part::Id | Part::BirthDate => differing(value, &[beside]),
    }
}
