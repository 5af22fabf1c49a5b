//! Giving the code, storing for good, and taking a copy out.

use desk::{deposit, export};
use serde::{Deserialize, Serialize};
use tauri::State;

use super::error::{Answer, ErrorCode, IpcError};
use super::review::{ShownWord, Source};
use super::views::{id, record_view};
use crate::seat::{Seat, at_desk};

/// Asks to give the code and to store.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct DepositDocument {
    pub(crate) document_id: String,
    /// Keys pressed since the deposit before.
    pub(crate) keys: u32,
    /// Clicks since then.
    pub(crate) clicks: u32,
}

/// Asks to write copy and manifest of a record into a folder.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ExportRecord {
    pub(crate) local_code: String,
}

/// Where the export lies.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ExportView {
    pub(crate) folder: String,
}

/// A stored value.
#[derive(Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ValueView {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) value_type: String,
    pub(crate) value: String,
    pub(crate) shown: Vec<ShownWord>,
    pub(crate) source: Source,
    /// A person answers for it.
    pub(crate) confirmed: bool,
    /// All but its last signs is covered until the officer asks for it.
    pub(crate) masked: bool,
}

/// Whether the electronic copy bears its digitiser's signature.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum CopySigned {
    /// It waits for one.
    No,
    /// No authority has said when.
    WithoutTimestamp,
    WithTimestamp,
    /// It is a signed file that was handed in.
    BornElectronic,
}

/// A stored record, which never changes.
#[derive(Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct RecordView {
    pub(crate) document_id: String,
    pub(crate) dossier_id: String,
    pub(crate) local_code: String,
    /// The digitisation code.
    pub(crate) code: String,
    /// True until a centre has confirmed the code.
    pub(crate) provisional: bool,
    pub(crate) version: u32,
    pub(crate) document_type: String,
    pub(crate) title: String,
    pub(crate) values: Vec<ValueView>,
    /// The pictures of the pages are shown only to who asks for them.
    pub(crate) pictures_masked: bool,
    pub(crate) copy_size_bytes: u64,
    pub(crate) copy_digest: String,
    pub(crate) signed: CopySigned,
    /// When it was signed, by an authority's clock or else by the desk's.
    pub(crate) signed_at: Option<String>,
    pub(crate) deposited_at: String,
    /// `null` when it was another officer than the one signed in.
    pub(crate) deposited_by: Option<String>,
    pub(crate) pages: Vec<super::scan::PageView>,
}

#[tauri::command]
pub(crate) async fn deposit_document(
    seat: State<'_, Seat>,
    request: DepositDocument,
) -> Answer<RecordView> {
    at_desk(&seat, move |desk| {
        let record = deposit::deposit(desk, id(&request.document_id)?)?;
        // The record stands: that its cost is not kept is no failure of the deposit.
        if let Err(error) =
            desk::effort::count(desk, record.document_id, request.keys, request.clicks)
        {
            tracing::warn!(%error, "what a document cost was not kept");
        }
        // Who deposited has just seen all of it.
        record_view(desk, &record, &[], false)
    })
    .await
}

#[tauri::command]
pub(crate) async fn export_record(
    seat: State<'_, Seat>,
    request: ExportRecord,
) -> Answer<ExportView> {
    let folder = seat.places().exports.clone();
    at_desk(&seat, move |desk| {
        let exported =
            export::export(desk, &request.local_code, &folder).map_err(|error| match error {
                desk::Error::File(source) => {
                    IpcError::new(ErrorCode::ExportFailed, source.to_string())
                }
                other => other.into(),
            })?;
        Ok(ExportView {
            folder: exported
                .copy
                .parent()
                .unwrap_or(&folder)
                .display()
                .to_string(),
        })
    })
    .await
}
