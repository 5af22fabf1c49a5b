//! The wall of crops: every doubtful value of the desk, by sort.

use desk::group::{self, WaitingValue};
use serde::Serialize;
use tauri::State;

use super::error::Answer;
use super::review::{OutlineView, ShownWord};
use super::scan::PageView;
use super::views::{outline_view, page_view, shown};
use crate::seat::{Seat, at_desk};

/// What sort of value it is.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sort {
    Number,
    Day,
    Identity,
    Name,
    Words,
}

/// One value that waits for a person, and the place it was read at.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct WaitingValueView {
    pub(crate) document_id: String,
    pub(crate) field: String,
    pub(crate) label: String,
    pub(crate) value_type: String,
    pub(crate) value: String,
    pub(crate) shown: Vec<ShownWord>,
    pub(crate) sort: Sort,
    /// It looks unlike the others of its field, or breaks its rule.
    pub(crate) stranger: bool,
    pub(crate) page: PageView,
    pub(crate) outline: Option<OutlineView>,
}

impl From<&WaitingValue> for WaitingValueView {
    fn from(waiting: &WaitingValue) -> Self {
        let candidate = &waiting.candidate;
        Self {
            document_id: waiting.document.id.to_string(),
            field: candidate.name.to_string(),
            label: waiting.definition.label.clone(),
            value_type: waiting.definition.value_type.name().to_owned(),
            value: candidate.value.clone(),
            shown: shown(&waiting.definition),
            sort: waiting.sort.into(),
            stranger: waiting.stranger,
            page: page_view(&waiting.page),
            outline: candidate.evidence.as_ref().map(outline_view),
        }
    }
}

#[tauri::command]
pub(crate) async fn list_waiting_values(seat: State<'_, Seat>) -> Answer<Vec<WaitingValueView>> {
    at_desk(&seat, |desk| {
        let waiting = group::waiting_values(desk)?;
        Ok(waiting.iter().map(Into::into).collect())
    })
    .await
}
