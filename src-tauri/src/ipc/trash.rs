//! The trash: what is in it, back out of it, erased for good.

use desk::{Desk, reception, trash};
use domain::retention;
use serde::{Deserialize, Serialize};
use tauri::State;

use super::error::{Answer, ErrorCode, IpcError};
use super::pages::VoidReason;
use super::scan::PageView;
use super::views::{id, page_view, title_of};
use crate::seat::{Seat, at_desk};

/// A page in the trash.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct TrashedView {
    pub(crate) page: PageView,
    /// What its paper is, as far as that is known.
    pub(crate) title: String,
    pub(crate) local_code: String,
    pub(crate) dossier: String,
    pub(crate) owner: Option<String>,
    pub(crate) reason: VoidReason,
    pub(crate) voided_at: String,
    /// From when on it is erased with the rest.
    pub(crate) erasable_at: String,
    /// Why it cannot be erased at all.
    pub(crate) held: Option<Held>,
}

/// Why the picture of a page cannot be erased.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::enum_variant_names,
    reason = "the window knows them by these names"
)]
pub(crate) enum Held {
    ByOriginal,
    BySignature,
    ByRecord,
}

/// Why a page is erased before its days are over.
#[derive(Clone, Copy, Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum EraseReason {
    OfAnother,
    OnRequest,
    NoPaper,
}

impl From<EraseReason> for retention::EraseReason {
    fn from(reason: EraseReason) -> Self {
        match reason {
            EraseReason::OfAnother => Self::OfAnother,
            EraseReason::OnRequest => Self::OnRequest,
            EraseReason::NoPaper => Self::NoPaper,
        }
    }
}

impl From<retention::Held> for Held {
    fn from(held: retention::Held) -> Self {
        match held {
            retention::Held::ByOriginal => Self::ByOriginal,
            retention::Held::BySignature => Self::BySignature,
            retention::Held::ByRecord => Self::ByRecord,
        }
    }
}

/// Asks to put a page back into its paper.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct PutBack {
    pub(crate) page_id: String,
}

/// Asks to take a page out again that was put back by mistake.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct TakeOutAgain {
    pub(crate) page_id: String,
    pub(crate) reason: VoidReason,
}

/// Asks to erase a page now. This cannot be undone.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ErasePage {
    pub(crate) page_id: String,
    pub(crate) reason: EraseReason,
}

fn in_trash(desk: &Desk) -> Answer<Vec<TrashedView>> {
    let view = |trashed: trash::Trashed| {
        let dossier = reception::dossier(desk, trashed.document.dossier_id)?;
        let component = dossier.components.iter();
        let mut component = component.filter(|one| one.id == trashed.document.component_id);
        let title = title_of(desk, &trashed.document);
        let voided = trashed.page.voided.as_ref();
        let voided = voided.ok_or(IpcError::of(ErrorCode::NotFound))?;
        Ok(TrashedView {
            page: page_view(&trashed.page),
            title: if title.is_empty() {
                component
                    .next()
                    .map_or_else(String::new, |one| one.name.clone())
            } else {
                title
            },
            local_code: trashed.document.local_code.to_string(),
            dossier: match &dossier.code {
                Some(code) => code.to_string(),
                None => dossier.provisional_number.clone(),
            },
            owner: dossier.owner.name.clone(),
            reason: voided.reason.into(),
            voided_at: voided.voided_at.to_rfc3339(),
            erasable_at: trashed.erasable_at.to_rfc3339(),
            held: trashed.held.map(Into::into),
        })
    };
    trash::list(desk)?.into_iter().map(view).collect()
}

#[tauri::command]
pub(crate) async fn list_trash(seat: State<'_, Seat>) -> Answer<Vec<TrashedView>> {
    at_desk(&seat, in_trash).await
}

#[tauri::command]
pub(crate) async fn put_back(seat: State<'_, Seat>, request: PutBack) -> Answer<Vec<TrashedView>> {
    at_desk(&seat, move |desk| {
        trash::restore(desk, id(&request.page_id)?)?;
        in_trash(desk)
    })
    .await
}

#[tauri::command]
pub(crate) async fn take_out_again(
    seat: State<'_, Seat>,
    request: TakeOutAgain,
) -> Answer<Vec<TrashedView>> {
    at_desk(&seat, move |desk| {
        desk::scan::void_page(desk, id(&request.page_id)?, request.reason.into())?;
        in_trash(desk)
    })
    .await
}

#[tauri::command]
pub(crate) async fn erase_page(
    seat: State<'_, Seat>,
    request: ErasePage,
) -> Answer<Vec<TrashedView>> {
    at_desk(&seat, move |desk| {
        trash::erase_now(desk, id(&request.page_id)?, request.reason.into())?;
        in_trash(desk)
    })
    .await
}

/// Erases every page whose days are over. This cannot be undone.
#[tauri::command]
pub(crate) async fn empty_trash(seat: State<'_, Seat>) -> Answer<Vec<TrashedView>> {
    at_desk(&seat, |desk| {
        trash::erase(desk)?;
        in_trash(desk)
    })
    .await
}
