//! A stack at once: scanned, split at its separators, and looked over for papers that
//! lie joined.

use std::fs;

use desk::profiles::settings_of;
use desk::separate::{self, Split};
use desk::{CancelToken, Desk, reception, review, slips};
use domain::ids::DossierId;
use domain::page::Page;
use domain::separator::Separator;
use serde::{Deserialize, Serialize};
use tauri::State;
use tauri::ipc::Channel;

use super::error::Answer;
use super::profiles;
use super::scan::{DocumentView, ScanProgressView};
use super::views::{document_view, id, page_view};
use crate::seat::{Seat, at_desk};

/// Asks to scan all that lies in the feeder and to split it.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ScanStack {
    pub(crate) dossier_id: String,
    pub(crate) device_id: String,
    /// Its place in the list of profiles.
    pub(crate) profile: usize,
}

/// Asks where the pages of a document look like two papers.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Joins {
    pub(crate) document_id: String,
}

/// Asks to make this page and all behind it a paper of their own.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct SplitBefore {
    pub(crate) page_id: String,
}

/// Asks for a cover slip for each component, to be printed.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct PrintSlips {
    pub(crate) dossier_id: String,
}

/// Where the slips were written to.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct SlipsView {
    pub(crate) file: String,
}

/// How a stack was split.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct StackView {
    pub(crate) papers: Vec<StackPaperView>,
    /// Named separators behind which no page came.
    pub(crate) without_pages: usize,
    /// Separators that were read and set aside.
    pub(crate) separators: usize,
}

/// One paper of a stack.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct StackPaperView {
    pub(crate) document_id: String,
    pub(crate) local_code: String,
    pub(crate) dossier_id: String,
    pub(crate) component_id: String,
    pub(crate) pages: usize,
    /// `null` for the first paper of a stack that begins without a separator.
    pub(crate) opened_by: Option<OpenedBy>,
    pub(crate) unknown_slip: bool,
}

/// What opened a paper of a stack.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum OpenedBy {
    Plain,
    Component,
    Slip,
}

/// Takes a split back; names the paper that was begun by it.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct UndoSplit {
    pub(crate) document_id: String,
}

/// Says that no other paper begins at a page.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct KeepJoined {
    pub(crate) page_id: String,
}

/// A page that looks like the beginning of another paper.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct JoinView {
    pub(crate) page_id: String,
    pub(crate) reason: JoinReason,
}

/// What speaks for another paper.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum JoinReason {
    Slip,
    Count,
    AnotherKind,
    Head,
}

fn stack_view(desk: &Desk, split: &Split) -> Answer<StackView> {
    let mut papers = Vec::new();
    for paper in &split.papers {
        let document = review::review(desk, paper.document_id)?.document;
        papers.push(StackPaperView {
            document_id: document.id.to_string(),
            local_code: document.local_code.to_string(),
            dossier_id: document.dossier_id.to_string(),
            component_id: document.component_id.to_string(),
            pages: paper.pages.len(),
            opened_by: paper.opened_by.as_ref().map(|opened_by| match opened_by {
                Separator::Plain => OpenedBy::Plain,
                Separator::Component(_) => OpenedBy::Component,
                Separator::Slip(_) => OpenedBy::Slip,
            }),
            unknown_slip: paper.unknown_slip,
        });
    }
    Ok(StackView {
        papers,
        without_pages: split.without_pages.len(),
        separators: split.separators,
    })
}

/// A window that does not listen any more is no reason to stop storing.
fn report(progress: &Channel<ScanProgressView>) -> impl FnMut(&Page) + '_ {
    |page| {
        let _ = progress.send(ScanProgressView::Page {
            page: page_view(page),
        });
    }
}

#[tauri::command]
pub(crate) async fn scan_stack(
    seat: State<'_, Seat>,
    request: ScanStack,
    progress: Channel<ScanProgressView>,
) -> Answer<StackView> {
    let cancel: CancelToken = seat.new_cancel();
    at_desk(&seat, move |desk| {
        let dossier_id: DossierId = id(&request.dossier_id)?;
        let profile = profiles::at(desk, request.profile)?;
        let settings = settings_of(&profile);
        let split = separate::scan_stack(
            desk,
            Some(dossier_id),
            profile.device.as_ref().unwrap_or(&request.device_id),
            &settings,
            &cancel,
            &mut report(&progress),
        )?;
        stack_view(desk, &split)
    })
    .await
}

#[tauri::command]
pub(crate) async fn joins(seat: State<'_, Seat>, request: Joins) -> Answer<Vec<JoinView>> {
    at_desk(&seat, move |desk| {
        let joins = separate::joins(desk, id(&request.document_id)?)?;
        let views = joins.into_iter().map(|join| JoinView {
            page_id: join.page_id.to_string(),
            reason: join.reason.into(),
        });
        Ok(views.collect())
    })
    .await
}

#[tauri::command]
pub(crate) async fn split_before(
    seat: State<'_, Seat>,
    request: SplitBefore,
) -> Answer<DocumentView> {
    at_desk(&seat, move |desk| {
        let another = separate::split_before(desk, id(&request.page_id)?)?;
        document_view(desk, another.id)
    })
    .await
}

/// Answers with the paper from which the other had been split off.
#[tauri::command]
pub(crate) async fn undo_split(seat: State<'_, Seat>, request: UndoSplit) -> Answer<DocumentView> {
    at_desk(&seat, move |desk| {
        let before = separate::undo_split(desk, id(&request.document_id)?)?;
        document_view(desk, before.id)
    })
    .await
}

#[tauri::command]
pub(crate) async fn keep_joined(seat: State<'_, Seat>, request: KeepJoined) -> Answer<()> {
    at_desk(&seat, move |desk| {
        separate::keep_joined(desk, id(&request.page_id)?)?;
        Ok(())
    })
    .await
}

#[tauri::command]
pub(crate) async fn print_slips(seat: State<'_, Seat>, request: PrintSlips) -> Answer<SlipsView> {
    let folder = seat.places().exports.clone();
    at_desk(&seat, move |desk| {
        let dossier_id: DossierId = id(&request.dossier_id)?;
        let pdf = slips::print(desk, dossier_id, &[])?;
        let number = reception::dossier(desk, dossier_id)?.provisional_number;
        let path = folder.join(format!("to-bia-{number}.pdf"));
        let unwritable = |source| desk::Error::FileUnwritable {
            path: path.clone(),
            source,
        };
        fs::create_dir_all(&folder).map_err(unwritable)?;
        fs::write(&path, pdf).map_err(unwritable)?;
        Ok(SlipsView {
            file: path.display().to_string(),
        })
    })
    .await
}
