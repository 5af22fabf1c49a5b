//! The centre: what waits for it, what it has, and becoming its station.

use std::path::PathBuf;

use desk::Desk;
use desk::sync::{self, OutboxRecord};
use domain::delivery::Delivery;
use serde::{Deserialize, Serialize};
use tauri::State;

use super::error::Answer;
use crate::seat::{Seat, aside, at_desk};

/// Why not everything could be sent: one variant for each sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum CentreStop {
    /// No network, or the centre is not there.
    Unreachable,
    /// The link breaks off again and again.
    Stalled,
    Untrusted,
    /// It is there and cannot do it now.
    Busy,
    /// The station is shut out.
    Revoked,
    /// The vault was copied, or an older copy of it was brought back.
    TwoVaults,
    OverQuota,
    Other,
}

impl CentreStop {
    fn of(name: &str) -> Self {
        match name {
            "unreachable" => Self::Unreachable,
            "stalled" => Self::Stalled,
            "untrusted" | "receipt_wrong" | "not_a_station" => Self::Untrusted,
            "busy" | "internal" | "garbled" => Self::Busy,
            "revoked" => Self::Revoked,
            "cloned" | "rolled_back" | "forked" | "superseded" => Self::TwoVaults,
            "over_quota" => Self::OverQuota,
            _ => Self::Other,
        }
    }
}

/// How a record stands with the centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeliveryState {
    Waiting,
    Delivered,
    /// Another content lies at the centre under the same number and version.
    ParkedConflict,
    /// What is to be sent is damaged here.
    ParkedDamaged,
    /// The centre's program is older than this one.
    ParkedNewer,
    ParkedOther,
}

/// How this desk and its centre stand.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct CentreView {
    /// `null` where the desk belongs to no centre.
    pub(crate) url: Option<String>,
    /// The desk asked to be let in, and no answer came.
    pub(crate) enrolling: bool,
    pub(crate) waiting: usize,
    pub(crate) parked: usize,
    pub(crate) delivered: usize,
    /// When the centre last answered.
    pub(crate) spoke_at: Option<String>,
    pub(crate) stop: Option<CentreStop>,
    /// By how many minutes this computer's clock is off, where that is too much.
    pub(crate) clock_off_minutes: Option<i64>,
    pub(crate) records: Vec<OutboxView>,
}

/// A record in the outbox.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct OutboxView {
    pub(crate) local_code: String,
    pub(crate) version: u32,
    pub(crate) deposited_at: String,
    pub(crate) state: DeliveryState,
    pub(crate) received_at: Option<String>,
}

/// Asks to make the desk a station of the centre of a ticket.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct EnrolDesk {
    pub(crate) ticket: String,
}

/// Asks to write what waits into a bundle in that folder, or to read the answers there.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct CarryIn {
    pub(crate) folder: String,
}

/// A bundle that was written.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct BundleView {
    pub(crate) file: String,
    pub(crate) records: usize,
    /// They did not fit.
    pub(crate) left: usize,
    pub(crate) centre: CentreView,
}

/// What the answers said.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct AnswerView {
    pub(crate) delivered: usize,
    pub(crate) centre: CentreView,
}

/// So many records are listed; older ones are found by the search.
const LISTED: usize = 200;

fn record(record: OutboxRecord) -> OutboxView {
    let received_at = match &record.delivery {
        Delivery::Delivered { received_at, .. } => Some(received_at.to_rfc3339()),
        _ => None,
    };
    OutboxView {
        local_code: record.local_code.to_string(),
        version: record.version,
        deposited_at: record.deposited_at.to_rfc3339(),
        received_at,
        state: match record.delivery {
            Delivery::Waiting => DeliveryState::Waiting,
            Delivery::Delivered { .. } => DeliveryState::Delivered,
            Delivery::Parked(reason) => match reason.as_str() {
                "conflict" => DeliveryState::ParkedConflict,
                "damaged_here" | "digest_wrong" => DeliveryState::ParkedDamaged,
                "version_unknown" => DeliveryState::ParkedNewer,
                _ => DeliveryState::ParkedOther,
            },
        },
    }
}

fn view(desk: &Desk) -> Answer<CentreView> {
    let state = sync::state(desk)?;
    let contact = state.contact;
    Ok(CentreView {
        url: state.url,
        enrolling: state.enrolling,
        waiting: state.total.waiting,
        parked: state.total.parked,
        delivered: state.total.delivered,
        spoke_at: contact
            .as_ref()
            .and_then(|contact| contact.spoke_at)
            .map(|at| at.to_rfc3339()),
        stop: contact.and_then(|contact| contact.stop.as_deref().map(CentreStop::of)),
        clock_off_minutes: state.clock_off_s.map(|seconds| seconds / 60),
        records: sync::outbox(desk, LISTED)?
            .into_iter()
            .map(record)
            .collect(),
    })
}

#[tauri::command]
pub(crate) async fn centre_state(seat: State<'_, Seat>) -> Answer<CentreView> {
    // The list renews itself while it is looked at; that is no hand on the desk.
    let desk = seat.desk_untouched()?;
    aside(move || view(&desk)).await
}

#[tauri::command]
pub(crate) async fn send_now(seat: State<'_, Seat>) -> Answer<CentreView> {
    let cancel = seat.sending();
    at_desk(&seat, move |desk| {
        sync::send(desk, &cancel)?;
        view(desk)
    })
    .await
}

#[tauri::command]
pub(crate) async fn enrol_desk(seat: State<'_, Seat>, request: EnrolDesk) -> Answer<CentreView> {
    let cancel = seat.sending();
    at_desk(&seat, move |desk| {
        sync::enrol(desk, &request.ticket)?;
        sync::send(desk, &cancel)?;
        view(desk)
    })
    .await
}

#[tauri::command]
pub(crate) async fn write_bundle(seat: State<'_, Seat>, request: CarryIn) -> Answer<BundleView> {
    at_desk(&seat, move |desk| {
        let folder = PathBuf::from(request.folder);
        let bundle = sync::write_bundle(desk, &folder, sync::BUNDLE_LIMIT_BYTES)?;
        let name = bundle.file.file_name().unwrap_or(bundle.file.as_os_str());
        Ok(BundleView {
            file: name.to_string_lossy().into_owned(),
            records: bundle.holds.records,
            left: bundle.holds.left,
            centre: view(desk)?,
        })
    })
    .await
}

#[tauri::command]
pub(crate) async fn take_answer(seat: State<'_, Seat>, request: CarryIn) -> Answer<AnswerView> {
    at_desk(&seat, move |desk| {
        let outcome = sync::take_answer(desk, &PathBuf::from(request.folder))?;
        Ok(AnswerView {
            delivered: outcome.report.delivered,
            centre: view(desk)?,
        })
    })
    .await
}

#[tauri::command]
pub(crate) async fn try_parked_again(seat: State<'_, Seat>) -> Answer<CentreView> {
    let cancel = seat.sending();
    at_desk(&seat, move |desk| {
        sync::try_parked_again(desk)?;
        sync::send(desk, &cancel)?;
        view(desk)
    })
    .await
}
