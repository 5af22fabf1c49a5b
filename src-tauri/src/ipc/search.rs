//! Finding a record again.

use desk::{Desk, Revealed, SearchHit, search};
use serde::{Deserialize, Serialize};
use tauri::State;

use super::deposit::RecordView;
use super::error::Answer;
use super::views::{id, record_view};
use crate::seat::{Seat, at_desk};

/// More hits nobody reads; another word narrows them.
const HITS_SHOWN: usize = 200;

/// Asks for records by code, owner, number or words.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Search {
    pub(crate) words: String,
}

/// Asks for one record.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ShowRecord {
    pub(crate) local_code: String,
}

/// Asks for what is masked of a record.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Reveal {
    pub(crate) local_code: String,
    /// The field; `null` asks for the pictures of the pages.
    pub(crate) field: Option<String>,
}

/// One record that was found.
#[derive(Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct SearchHitView {
    pub(crate) local_code: String,
    pub(crate) code: String,
    pub(crate) number: Option<String>,
    pub(crate) owner_name: Option<String>,
    pub(crate) document_type: String,
    pub(crate) title: Option<String>,
    pub(crate) issued_on: Option<String>,
    /// The words were found as they were typed, accents and all.
    pub(crate) exact: bool,
}

impl From<SearchHit> for SearchHitView {
    fn from(hit: SearchHit) -> Self {
        Self {
            local_code: hit.record.local_code.to_string(),
            code: hit.record.code.text,
            number: hit.number,
            owner_name: hit.owner_name,
            document_type: hit.record.document_type.to_string(),
            title: hit.title,
            issued_on: hit.issued_on,
            exact: hit.exact,
        }
    }
}

#[tauri::command]
pub(crate) async fn search(seat: State<'_, Seat>, request: Search) -> Answer<Vec<SearchHitView>> {
    at_desk(&seat, move |desk| {
        Ok(search::search(desk, &request.words, HITS_SHOWN)?
            .into_iter()
            .map(Into::into)
            .collect())
    })
    .await
}

#[tauri::command]
pub(crate) async fn show_record(seat: State<'_, Seat>, request: ShowRecord) -> Answer<RecordView> {
    at_desk(&seat, move |desk| shown(desk, &request.local_code)).await
}

#[tauri::command]
pub(crate) async fn reveal(seat: State<'_, Seat>, request: Reveal) -> Answer<RecordView> {
    at_desk(&seat, move |desk| {
        let what = match &request.field {
            Some(field) => Revealed::Value(id(field)?),
            None => Revealed::Pictures,
        };
        search::reveal(desk, &request.local_code, &what)?;
        shown(desk, &request.local_code)
    })
    .await
}

fn shown(desk: &Desk, local_code: &str) -> Answer<RecordView> {
    let shown = search::show(desk, local_code)?;
    record_view(desk, &shown.record, &shown.masked, shown.pictures_masked)
}
