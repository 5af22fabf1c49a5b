//! Bringing pages in, from a scanner or from files, and putting them in order.

use std::path::PathBuf;

use desk::{CancelToken, ColourMode, Desk, ScanSettings, Sides, scan};
use domain::geometry::QuarterTurn;
use domain::ids::{DocumentId, PageId};
use domain::page::Page;
use serde::{Deserialize, Serialize};
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager, State};
use tauri_plugin_dialog::DialogExt;

use super::error::{Answer, ErrorCode, IpcError};
use super::views::{document_view, id, page_view};
use crate::seat::{Seat, aside, at_desk};

/// Where a scanner takes its paper from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum ScanSource {
    Feeder,
    Flatbed,
}

/// A device that can be scanned with.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct DeviceView {
    pub(crate) id: String,
    /// As the device calls itself; the demonstration's feeder has no name of its own.
    pub(crate) name: Option<String>,
    pub(crate) sources: Vec<ScanSource>,
    pub(crate) resolutions_dpi: Vec<u32>,
}

/// Asks to scan what lies in a device.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ScanPages {
    pub(crate) dossier_id: String,
    pub(crate) component_id: String,
    pub(crate) device_id: String,
    pub(crate) source: ScanSource,
    pub(crate) dpi: u32,
}

/// How the files that can hold pages end, as people name them.
const FILE_ENDINGS: [&str; 7] = ["pdf", "jpg", "jpeg", "png", "tif", "tiff", "bmp"];

/// Asks the officer for files; the words are those of the dialogue.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ChooseFiles {
    pub(crate) title: String,
    pub(crate) kinds: String,
}

/// Asks to take files in as the pages of a component.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct AddFiles {
    pub(crate) dossier_id: String,
    pub(crate) component_id: String,
    pub(crate) paths: Vec<String>,
}

/// What happens while pages come in.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum ScanProgressView {
    /// A page is durable: sealed, recorded and read back.
    Page { page: PageView },
}

/// Asks for a document with its pages.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct OpenDocument {
    pub(crate) document_id: String,
}

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

/// Why a page is taken out.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum VoidReason {
    Blank,
    Duplicate,
    Rescanned,
    WrongDocument,
    Separator,
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

/// Good enough to stand for the paper?
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Good,
    Doubtful,
    Bad,
}

/// What makes a page hard to read.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum QualityReason {
    LowResolution,
    Blurred,
    Faint,
    Dark,
    Noisy,
    Skewed,
    CutOff,
    FoldedCorner,
    DoubleFeed,
    WayUp,
}

/// One page image; its pixels come over `page://`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct PageView {
    pub(crate) id: String,
    pub(crate) position: u32,
    /// Size of the upright page, the frame in which boxes are given.
    pub(crate) width_px: u32,
    pub(crate) height_px: u32,
    /// Changes whenever the upright picture does, so that no stale one is shown.
    pub(crate) look: String,
    pub(crate) turned_deg: u16,
    /// Nothing stands on it. Known once the page has been read.
    pub(crate) blank: bool,
    /// `null` until the page has been read.
    pub(crate) verdict: Option<Verdict>,
    pub(crate) reasons: Vec<QualityReason>,
    /// Set on a page that was taken out.
    pub(crate) voided: Option<VoidReason>,
}

/// A document with its pages.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct DocumentView {
    pub(crate) id: String,
    pub(crate) local_code: String,
    pub(crate) dossier_id: String,
    pub(crate) component_id: String,
    pub(crate) state: super::reception::DocumentState,
    pub(crate) pages: Vec<PageView>,
    pub(crate) voided_pages: Vec<PageView>,
}

fn device_view(device: desk::Device, named: bool) -> DeviceView {
    DeviceView {
        id: device.id,
        name: named.then_some(device.name),
        sources: device.sources.into_iter().map(Into::into).collect(),
        resolutions_dpi: device.resolutions_dpi,
    }
}

#[tauri::command]
pub(crate) async fn list_devices(seat: State<'_, Seat>) -> Answer<Vec<DeviceView>> {
    if let Some(demonstration) = &seat.places().demonstration {
        return Ok(vec![device_view(demonstration.device(), false)]);
    }
    at_desk(&seat, |desk| {
        Ok(scan::devices(desk)?
            .into_iter()
            .map(|device| device_view(device, true))
            .collect())
    })
    .await
}

/// Sends each page to the window as soon as it is durable. That the window has
/// gone away meanwhile is no reason to stop storing.
fn report(progress: &Channel<ScanProgressView>) -> impl FnMut(&Page) + '_ {
    |page| {
        let _ = progress.send(ScanProgressView::Page {
            page: page_view(page),
        });
    }
}

fn begin(desk: &Desk, dossier_id: &str, component_id: &str) -> Answer<DocumentId> {
    Ok(scan::begin(desk, id(dossier_id)?, id(component_id)?)?.id)
}

#[tauri::command]
pub(crate) async fn scan_pages(
    seat: State<'_, Seat>,
    request: ScanPages,
    progress: Channel<ScanProgressView>,
) -> Answer<DocumentView> {
    let cancel: CancelToken = seat.new_cancel();
    at_desk(&seat, move |desk| {
        let document_id = begin(desk, &request.dossier_id, &request.component_id)?;
        let settings = ScanSettings {
            source: request.source.into(),
            sides: Sides::One,
            dpi: request.dpi,
            colour: ColourMode::Colour,
        };
        scan::scan_pages(
            desk,
            document_id,
            &request.device_id,
            &settings,
            &cancel,
            &mut report(&progress),
        )?;
        document_view(desk, document_id)
    })
    .await
}

#[tauri::command]
pub(crate) async fn cancel_scan(app: AppHandle) -> Answer<()> {
    aside(move || {
        app.state::<Seat>().cancel().cancel();
        Ok(())
    })
    .await
}

/// The system's own dialogue, since a web page learns no paths from its own.
#[tauri::command]
pub(crate) async fn choose_files(app: AppHandle, request: ChooseFiles) -> Answer<Vec<String>> {
    app.state::<Seat>().desk()?;
    aside(move || {
        let chosen = app
            .dialog()
            .file()
            .set_title(request.title)
            .add_filter(request.kinds, &FILE_ENDINGS)
            .blocking_pick_files()
            .unwrap_or_default();
        let paths = chosen.into_iter().filter_map(|path| path.into_path().ok());
        Ok(paths
            .map(|path| path.to_string_lossy().into_owned())
            .collect())
    })
    .await
}

#[tauri::command]
pub(crate) async fn add_files(
    seat: State<'_, Seat>,
    request: AddFiles,
    progress: Channel<ScanProgressView>,
) -> Answer<DocumentView> {
    at_desk(&seat, move |desk| {
        let document_id = begin(desk, &request.dossier_id, &request.component_id)?;
        for path in request.paths.iter().map(PathBuf::from) {
            scan::add_file(desk, document_id, &path, &mut report(&progress))?;
        }
        document_view(desk, document_id)
    })
    .await
}

#[tauri::command]
pub(crate) async fn open_document(
    seat: State<'_, Seat>,
    request: OpenDocument,
) -> Answer<DocumentView> {
    at_desk(&seat, move |desk| {
        document_view(desk, id(&request.document_id)?)
    })
    .await
}

#[tauri::command]
pub(crate) async fn turn_page(seat: State<'_, Seat>, request: TurnPage) -> Answer<DocumentView> {
    let turn =
        QuarterTurn::from_degrees(request.degrees).ok_or(IpcError::of(ErrorCode::NotFound))?;
    at_desk(&seat, move |desk| {
        let page = scan::turn_page(desk, id(&request.page_id)?, turn)?;
        document_view(desk, page.document_id)
    })
    .await
}

#[tauri::command]
pub(crate) async fn move_page(seat: State<'_, Seat>, request: MovePage) -> Answer<DocumentView> {
    at_desk(&seat, move |desk| {
        let page = scan::move_page(desk, id(&request.page_id)?, request.position)?;
        document_view(desk, page.document_id)
    })
    .await
}

#[tauri::command]
pub(crate) async fn void_page(seat: State<'_, Seat>, request: VoidPage) -> Answer<DocumentView> {
    at_desk(&seat, move |desk| {
        let page = scan::void_page(desk, id(&request.page_id)?, request.reason.into())?;
        document_view(desk, page.document_id)
    })
    .await
}

#[tauri::command]
pub(crate) async fn restore_page(
    seat: State<'_, Seat>,
    request: RestorePage,
) -> Answer<DocumentView> {
    at_desk(&seat, move |desk| {
        let page_id: PageId = id(&request.page_id)?;
        let page = scan::restore_page(desk, page_id)?;
        document_view(desk, page.document_id)
    })
    .await
}
