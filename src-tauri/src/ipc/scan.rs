//! Bringing pages in, from a scanner or from files, and putting them in order.

use std::path::PathBuf;

use desk::profiles::settings_of;
use desk::scan::{self, Coming, Placement, Scan};
use desk::{CancelToken, Desk};
use domain::ids::DocumentId;
use domain::scan_profile::Blanks;
use serde::{Deserialize, Serialize};
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager, State};
use tauri_plugin_dialog::DialogExt;

use super::error::{Answer, IpcError};
use super::pages::{AccountingView, KeepReason, VoidReason};
use super::profiles;
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
    /// Its feeder scans both sides of a sheet by itself.
    pub(crate) both_sides: bool,
    pub(crate) resolutions_dpi: Vec<u32>,
    /// It looks down on a table, and can be watched.
    pub(crate) camera: bool,
}

/// Asks to scan what lies in a device.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ScanPages {
    pub(crate) dossier_id: String,
    pub(crate) component_id: String,
    pub(crate) device_id: String,
    /// Its place in the list of profiles.
    pub(crate) profile: usize,
    pub(crate) placement: PlacementView,
}

/// Where the pages that come in shall stand.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "at", rename_all = "snake_case")]
pub(crate) enum PlacementView {
    End,
    Before { page_id: String },
    InPlaceOf { page_id: String },
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
    /// It was looked at. It may have been taken out as empty.
    Appraised { page: PageView },
}

/// Asks for a document with its pages.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct OpenDocument {
    pub(crate) document_id: String,
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
    NoOutline,
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
    /// A bad image: it is to be scanned again, or kept with a reason.
    pub(crate) waits_for_rescan: bool,
    pub(crate) kept_bad: Option<KeepReason>,
    /// The page that this one is an image of too, with a note masked.
    pub(crate) masked_from: Option<String>,
    /// Something was cut off by hand.
    pub(crate) cropped: bool,
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
    pub(crate) accounting: AccountingView,
}

impl TryFrom<PlacementView> for Placement {
    type Error = IpcError;
    fn try_from(placement: PlacementView) -> Answer<Self> {
        Ok(match placement {
            PlacementView::End => Self::End,
            PlacementView::Before { page_id } => Self::Before(id(&page_id)?),
            PlacementView::InPlaceOf { page_id } => Self::InPlaceOf(id(&page_id)?),
        })
    }
}

fn device_view(device: desk::Device, named: bool) -> DeviceView {
    DeviceView {
        camera: desk::camera::is_camera(&device.id),
        id: device.id,
        name: named.then_some(device.name),
        sources: device.sources.into_iter().map(Into::into).collect(),
        both_sides: device.both_sides,
        resolutions_dpi: device.resolutions_dpi,
    }
}

#[tauri::command]
pub(crate) async fn list_devices(seat: State<'_, Seat>) -> Answer<Vec<DeviceView>> {
    if let Some(demonstration) = &seat.places().demonstration {
        let mut devices = vec![device_view(demonstration.device(), false)];
        // A recorded camera is offered for training; real devices are left alone.
        let recorded = desk::camera::recorded().map(|device| device_view(device, true));
        devices.extend(recorded);
        return Ok(devices);
    }
    at_desk(&seat, |desk| {
        Ok(scan::devices(desk)?
            .into_iter()
            .map(|device| device_view(device, true))
            .collect())
    })
    .await
}

/// Tells the window of each page as soon as it is durable, and again when it was looked
/// at. That the window has gone away meanwhile is no reason to stop storing.
fn report(progress: &Channel<ScanProgressView>, coming: Coming<'_>) {
    let _ = progress.send(match coming {
        Coming::Stored(page) => ScanProgressView::Page {
            page: page_view(page),
        },
        Coming::Appraised(page) => ScanProgressView::Appraised {
            page: page_view(page),
        },
    });
}

pub(super) fn begin(desk: &Desk, dossier_id: &str, component_id: &str) -> Answer<DocumentId> {
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
        let profile = profiles::at(desk, request.profile)?;
        let settings = settings_of(&profile);
        let device = profile.device.as_ref().unwrap_or(&request.device_id);
        let scan = Scan {
            placement: request.placement.try_into()?,
            ..Scan::new(device, &settings)
        };
        let told = |coming: Coming<'_>| report(&progress, coming);
        scan::appraising(desk, profile.blanks, &told, |each| {
            scan::scan_pages(desk, document_id, &scan, &cancel, each)
        })?;
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
        let told = |coming: Coming<'_>| report(&progress, coming);
        scan::appraising(desk, Blanks::Keep, &told, |each| {
            let mut paths = request.paths.iter().map(PathBuf::from);
            paths.try_for_each(|path| scan::add_file(desk, document_id, &path, each))
        })?;
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
