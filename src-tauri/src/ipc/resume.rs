//! Going on where the work stopped.

use desk::resume::{self, Unfinished};
use serde::{Deserialize, Serialize};
use tauri::State;

use super::error::Answer;
use super::views::id;
use crate::seat::{Seat, at_desk};

/// A day of a busy desk; older work is found by searching.
const UNFINISHED_LISTED: usize = 100;

/// A step of the work on one document.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    Scan,
    Review,
    Deposit,
}

/// A document that has pages and is not deposited.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct UnfinishedView {
    pub(crate) dossier_id: String,
    pub(crate) component_id: String,
    pub(crate) provisional_number: String,
    /// By name, or by number where no name is known.
    pub(crate) owner: Option<String>,
    /// The paper, as the list of the procedure calls it.
    pub(crate) name: String,
    pub(crate) pages: u32,
    /// The program ended in the midst of a scan.
    pub(crate) broken_off: bool,
    pub(crate) step: Step,
    /// The field that was in hand.
    pub(crate) field: Option<String>,
    /// RFC 3339, UTC.
    pub(crate) at: String,
}

/// Says where the officer is at work.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct KeepPlace {
    pub(crate) document_id: String,
    pub(crate) step: Step,
    pub(crate) field: Option<String>,
}

impl From<Unfinished> for UnfinishedView {
    fn from(found: Unfinished) -> Self {
        let component = found
            .dossier
            .components
            .iter()
            .find(|component| component.id == found.document.component_id);
        let owner = found.dossier.owner;
        Self {
            dossier_id: found.dossier.id.to_string(),
            component_id: found.document.component_id.to_string(),
            name: component.map_or_else(String::new, |component| component.name.clone()),
            provisional_number: found.dossier.provisional_number,
            owner: owner.name.or(owner.id.map(|id| id.to_string())),
            pages: found.pages,
            broken_off: found.broken_off,
            step: found.place.step.into(),
            field: found.place.field.map(|field| field.to_string()),
            at: found.place.at.to_rfc3339(),
        }
    }
}

#[tauri::command]
pub(crate) async fn list_unfinished(seat: State<'_, Seat>) -> Answer<Vec<UnfinishedView>> {
    at_desk(&seat, |desk| {
        let found = resume::unfinished(desk, UNFINISHED_LISTED)?;
        Ok(found.into_iter().map(Into::into).collect())
    })
    .await
}

#[tauri::command]
pub(crate) async fn keep_place(seat: State<'_, Seat>, request: KeepPlace) -> Answer<()> {
    at_desk(&seat, move |desk| {
        // A line that is no field of the form, such as the type, is no place to come back to.
        let field = request.field.and_then(|name| name.parse().ok());
        let document_id = id(&request.document_id)?;
        Ok(resume::keep_place(
            desk,
            document_id,
            request.step.into(),
            field,
        )?)
    })
    .await
}
