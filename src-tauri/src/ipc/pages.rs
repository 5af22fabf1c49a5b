//! Putting pages in order, cutting and masking them, and counting them.

use desk::{accounting, by_hand, scan};
use domain::geometry::{QuarterTurn, Rectangle};
use domain::ids::PageId;
use domain::page::Page;
use serde::{Deserialize, Serialize};
use tauri::State;

use super::error::{Answer, ErrorCode, IpcError};
use super::scan::DocumentView;
use super::views::{document_view, id};
use crate::seat::{Seat, at_desk};

/// Asks to turn a page clockwise.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct TurnPage {
    pub(crate) page_id: String,
    pub(crate) degrees: u16,
}

/// Asks to put a page at another place of its document.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct MovePage {
    pub(crate) page_id: String,
    pub(crate) position: u32,
}

/// An area of the upright page, in its pixels.
#[derive(Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct PageArea {
    pub(crate) x: u32,
    pub(crate) y: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// Asks to keep only an area of a page.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct CropPage {
    pub(crate) page_id: String,
    pub(crate) area: PageArea,
}

/// Asks to undo every cut of a page.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct UncropPage {
    pub(crate) page_id: String,
}

/// Asks for a second image of a page with these areas masked.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct MaskPage {
    pub(crate) page_id: String,
    pub(crate) areas: Vec<PageArea>,
}

/// Asks to put the backs, scanned last, between the fronts, scanned before.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct CombineSides {
    pub(crate) document_id: String,
}

/// Asks to take back the masks that were put last on an image.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct UnmaskPage {
    pub(crate) page_id: String,
    pub(crate) masks: usize,
}

/// Asks to put the pages of a document in this order.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct PutInOrder {
    pub(crate) document_id: String,
    pub(crate) page_ids: Vec<String>,
}

/// Why a page is taken out.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum VoidReason {
    Blank,
    Duplicate,
    Rescanned,
    WrongDocument,
    Discarded,
    Separator,
}

/// Why a bad image is kept.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeepReason {
    PaperIsSo,
    NoSecondScan,
}

/// Asks to keep a bad image.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct KeepPage {
    pub(crate) page_id: String,
    pub(crate) reason: KeepReason,
}

/// Asks to take out all pages of a document. They are kept, and can come back.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct DiscardPages {
    pub(crate) document_id: String,
}

/// Asks to take a page out. It is kept, and can come back.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct VoidPage {
    pub(crate) page_id: String,
    pub(crate) reason: VoidReason,
}

/// Asks to put a page back that was taken out.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct RestorePage {
    pub(crate) page_id: String,
}

/// Says how many pages the paper has; `null` takes it back.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct DeclarePages {
    pub(crate) document_id: String,
    pub(crate) pages: Option<u32>,
}

/// Gives the officer's word that the paper is whole although its pages do not add up.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct VouchPages {
    pub(crate) document_id: String,
}

/// Something that does not add up.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum GapView {
    /// The last feed was broken off.
    BrokenOff { stored: u32 },
    /// A source handed over other than is there.
    Lost { delivered: u32, stored: u32 },
    /// By the numbers on the pages, this one is missing.
    Missing { number: u32 },
    /// The officer counted more or fewer pages than there are images.
    Declared { declared: u32, kept: u32 },
}

/// The images of a document counted against its paper.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct AccountingView {
    pub(crate) declared: Option<u32>,
    /// Images that stand for a page of the paper.
    pub(crate) kept: u32,
    /// Second images with a note masked.
    pub(crate) masked: u32,
    /// Empty sides that were set aside.
    pub(crate) blank: u32,
    /// Taken out for another reason.
    pub(crate) removed: u32,
    pub(crate) gaps: Vec<GapView>,
    /// An officer vouches for these gaps.
    pub(crate) vouched: bool,
}

impl From<domain::accounting::Accounting> for AccountingView {
    fn from(counted: domain::accounting::Accounting) -> Self {
        Self {
            declared: counted.declared,
            kept: counted.kept,
            masked: counted.masked,
            blank: counted.blank,
            removed: counted.removed,
            gaps: counted.gaps.into_iter().map(Into::into).collect(),
            vouched: counted.vouched.is_some(),
        }
    }
}

impl From<PageArea> for Rectangle {
    fn from(area: PageArea) -> Self {
        Self::new(area.x, area.y, area.width, area.height)
    }
}

/// Changes a page and answers with its document as it stands then.
async fn change(
    seat: &Seat,
    act: impl FnOnce(&desk::Desk) -> Answer<Page> + Send + 'static,
) -> Answer<DocumentView> {
    at_desk(seat, move |desk| {
        let page = act(desk)?;
        document_view(desk, page.document_id)
    })
    .await
}

#[tauri::command]
pub(crate) async fn turn_page(seat: State<'_, Seat>, request: TurnPage) -> Answer<DocumentView> {
    let turn =
        QuarterTurn::from_degrees(request.degrees).ok_or(IpcError::of(ErrorCode::NotFound))?;
    change(&seat, move |desk| {
        Ok(by_hand::turn_page(desk, id(&request.page_id)?, turn)?)
    })
    .await
}

#[tauri::command]
pub(crate) async fn move_page(seat: State<'_, Seat>, request: MovePage) -> Answer<DocumentView> {
    change(&seat, move |desk| {
        Ok(scan::move_page(
            desk,
            id(&request.page_id)?,
            request.position,
        )?)
    })
    .await
}

#[tauri::command]
pub(crate) async fn crop_page(seat: State<'_, Seat>, request: CropPage) -> Answer<DocumentView> {
    change(&seat, move |desk| {
        let area = request.area.into();
        Ok(by_hand::crop_page(desk, id(&request.page_id)?, area)?)
    })
    .await
}

#[tauri::command]
pub(crate) async fn uncrop_page(
    seat: State<'_, Seat>,
    request: UncropPage,
) -> Answer<DocumentView> {
    change(&seat, move |desk| {
        Ok(by_hand::uncrop_page(desk, id(&request.page_id)?)?)
    })
    .await
}

#[tauri::command]
pub(crate) async fn mask_page(seat: State<'_, Seat>, request: MaskPage) -> Answer<DocumentView> {
    change(&seat, move |desk| {
        let areas: Vec<Rectangle> = request.areas.into_iter().map(Into::into).collect();
        Ok(by_hand::mask_page(desk, id(&request.page_id)?, &areas)?)
    })
    .await
}

#[tauri::command]
pub(crate) async fn combine_sides(
    seat: State<'_, Seat>,
    request: CombineSides,
) -> Answer<DocumentView> {
    at_desk(&seat, move |desk| {
        let document_id = id(&request.document_id)?;
        scan::combine_sides(desk, document_id)?;
        document_view(desk, document_id)
    })
    .await
}

#[tauri::command]
pub(crate) async fn void_page(seat: State<'_, Seat>, request: VoidPage) -> Answer<DocumentView> {
    change(&seat, move |desk| {
        let reason = request.reason.into();
        Ok(scan::void_page(desk, id(&request.page_id)?, reason)?)
    })
    .await
}

#[tauri::command]
pub(crate) async fn keep_page(seat: State<'_, Seat>, request: KeepPage) -> Answer<DocumentView> {
    change(&seat, move |desk| {
        let reason = request.reason.into();
        Ok(scan::keep_page(desk, id(&request.page_id)?, reason)?)
    })
    .await
}

#[tauri::command]
pub(crate) async fn discard_pages(
    seat: State<'_, Seat>,
    request: DiscardPages,
) -> Answer<DocumentView> {
    at_desk(&seat, move |desk| {
        let document_id = id(&request.document_id)?;
        scan::discard_pages(desk, document_id)?;
        document_view(desk, document_id)
    })
    .await
}

#[tauri::command]
pub(crate) async fn restore_page(
    seat: State<'_, Seat>,
    request: RestorePage,
) -> Answer<DocumentView> {
    change(&seat, move |desk| {
        Ok(scan::restore_page(desk, id(&request.page_id)?)?)
    })
    .await
}

#[tauri::command]
pub(crate) async fn declare_pages(
    seat: State<'_, Seat>,
    request: DeclarePages,
) -> Answer<DocumentView> {
    at_desk(&seat, move |desk| {
        let document_id = id(&request.document_id)?;
        accounting::declare_pages(desk, document_id, request.pages)?;
        document_view(desk, document_id)
    })
    .await
}

#[tauri::command]
pub(crate) async fn vouch_pages(
    seat: State<'_, Seat>,
    request: VouchPages,
) -> Answer<DocumentView> {
    at_desk(&seat, move |desk| {
        let document_id = id(&request.document_id)?;
        accounting::vouch(desk, document_id)?;
        document_view(desk, document_id)
    })
    .await
}

#[tauri::command]
pub(crate) async fn unmask_page(
    seat: State<'_, Seat>,
    request: UnmaskPage,
) -> Answer<DocumentView> {
    change(&seat, move |desk| {
        Ok(by_hand::unmask_page(
            desk,
            id(&request.page_id)?,
            request.masks,
        )?)
    })
    .await
}

#[tauri::command]
pub(crate) async fn put_in_order(
    seat: State<'_, Seat>,
    request: PutInOrder,
) -> Answer<DocumentView> {
    at_desk(&seat, move |desk| {
        let document_id = id(&request.document_id)?;
        let order: Answer<Vec<PageId>> = request.page_ids.iter().map(|page| id(page)).collect();
        scan::put_in_order(desk, document_id, &order?)?;
        document_view(desk, document_id)
    })
    .await
}
