//! A document camera that an officer watches.

use std::sync::Mutex;

use desk::camera::{self, LivePicture, Watch};
use desk::scan::{self, Coming};
use serde::{Deserialize, Serialize};
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager, State};

use super::error::Answer;
use super::profiles;
use super::scan::{DocumentView, PageView, PlacementView, begin};
use super::views::{document_view, page_view};
use crate::seat::{Seat, aside, at_desk};

/// Asks to watch a camera until `cancel_scan`.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct WatchCamera {
    pub(crate) dossier_id: String,
    pub(crate) component_id: String,
    pub(crate) device_id: String,
    /// Its place in the list of profiles; it says what becomes of empty sides.
    pub(crate) profile: usize,
    pub(crate) placement: PlacementView,
    /// A page is taken by itself once a paper lies still.
    pub(crate) by_stillness: bool,
}

/// What an officer sees and gets while a camera is watched.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum CameraProgressView {
    /// The picture of this moment, which comes over `page://live`.
    Live { live: LiveView },
    /// A page is durable: sealed, recorded and read back.
    Page { page: PageView },
    /// It was looked at. It may have been taken out as empty.
    Appraised { page: PageView },
}

/// The picture of one moment.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct LiveView {
    /// Another one for each picture.
    pub(crate) number: u32,
    pub(crate) width_px: u32,
    pub(crate) height_px: u32,
    /// The corners of the sheet that was found, clockwise, as x and y in pixels.
    pub(crate) outline: Option<Vec<(f32, f32)>>,
    /// What lies there is a page already.
    pub(crate) taken: bool,
}

/// Asks that a page is taken by itself, or not.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct SetStillness {
    pub(crate) by_stillness: bool,
}

/// Keeps the picture for `page://live`, and says what the window is told of it.
fn live_view(seat: &Seat, picture: LivePicture) -> LiveView {
    let LivePicture {
        jpeg,
        size,
        outline,
        is_taken,
    } = picture;
    LiveView {
        number: seat.live.show(jpeg),
        width_px: size.0,
        height_px: size.1,
        outline: outline.map(Vec::from),
        taken: is_taken,
    }
}

#[tauri::command]
pub(crate) async fn watch_camera(
    app: AppHandle,
    seat: State<'_, Seat>,
    request: WatchCamera,
    progress: Channel<CameraProgressView>,
) -> Answer<DocumentView> {
    let cancel = seat.new_cancel();
    let shutter = seat.new_shutter();
    shutter.set_by_stillness(request.by_stillness);
    at_desk(&seat, move |desk| {
        let seat = app.state::<Seat>();
        let document_id = begin(desk, &request.dossier_id, &request.component_id)?;
        let profile = profiles::at(desk, request.profile)?;
        let watch = Watch {
            device: &request.device_id,
            placement: request.placement.try_into()?,
            cancel: &cancel,
            shutter: &shutter,
        };
        // Two threads tell: the one that watches, and the one that looks at pages.
        let channel = Mutex::new(progress);
        let tell = |view: CameraProgressView| {
            // That the window has gone away is no reason to stop storing.
            let channel = channel.lock().map(|channel| channel.send(view));
            drop(channel);
        };
        let told = |coming: Coming<'_>| {
            tell(match coming {
                Coming::Stored(page) => CameraProgressView::Page {
                    page: page_view(page),
                },
                Coming::Appraised(page) => CameraProgressView::Appraised {
                    page: page_view(page),
                },
            });
        };
        let watched = scan::appraising(desk, profile.blanks, &told, |each| {
            camera::watch_camera(desk, document_id, &watch, each, &mut |picture| {
                let live = live_view(&seat, picture);
                tell(CameraProgressView::Live { live });
            })
        });
        seat.live.forget();
        watched?;
        document_view(desk, document_id)
    })
    .await
}

#[tauri::command]
pub(crate) async fn press_shutter(app: AppHandle) -> Answer<()> {
    aside(move || {
        app.state::<Seat>().shutter().press();
        Ok(())
    })
    .await
}

#[tauri::command]
pub(crate) async fn set_stillness(app: AppHandle, request: SetStillness) -> Answer<()> {
    aside(move || {
        let seat = app.state::<Seat>();
        seat.shutter().set_by_stillness(request.by_stillness);
        Ok(())
    })
    .await
}
