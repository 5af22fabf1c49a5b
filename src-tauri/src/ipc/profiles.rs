//! Scan profiles: one key for one way of scanning.

use desk::Desk;
use desk::profiles::{self, Profiles};
use domain::scan_profile::ScanProfile;
use serde::{Deserialize, Serialize};
use tauri::State;

use super::error::{Answer, ErrorCode, IpcError};
use super::scan::ScanSource;
use crate::seat::{Seat, at_desk};

/// Which sides of a sheet are scanned.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sides {
    One,
    Both,
    ByHand,
}

/// In colour or not.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Colour {
    Colour,
    Grey,
}

/// What becomes of empty sides.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Blanks {
    Keep,
    SetAside,
}

/// One way to scan.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ProfileView {
    pub(crate) name: String,
    /// `null`: the device chosen at the desk.
    pub(crate) device: Option<String>,
    pub(crate) source: ScanSource,
    pub(crate) sides: Sides,
    pub(crate) dpi: u32,
    pub(crate) colour: Colour,
    pub(crate) blanks: Blanks,
}

/// The profiles of this desk, in the order of their keys.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ProfilesView {
    pub(crate) profiles: Vec<ProfileView>,
    /// An administrator decided them.
    pub(crate) locked: bool,
}

/// Asks to put these profiles in the place of those before.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct SetProfiles {
    pub(crate) profiles: Vec<ProfileView>,
}

impl From<ScanProfile> for ProfileView {
    fn from(profile: ScanProfile) -> Self {
        Self {
            name: profile.name,
            device: profile.device,
            source: profile.source.into(),
            sides: profile.sides.into(),
            dpi: profile.dpi,
            colour: profile.colour.into(),
            blanks: profile.blanks.into(),
        }
    }
}

impl From<ProfileView> for ScanProfile {
    fn from(profile: ProfileView) -> Self {
        Self {
            name: domain::fold::normalise(&profile.name),
            device: profile.device,
            source: profile.source.into(),
            sides: profile.sides.into(),
            dpi: profile.dpi,
            colour: profile.colour.into(),
            blanks: profile.blanks.into(),
        }
    }
}

impl From<Profiles> for ProfilesView {
    fn from(profiles: Profiles) -> Self {
        Self {
            profiles: profiles.profiles.into_iter().map(Into::into).collect(),
            locked: profiles.locked,
        }
    }
}

/// The profile at this place of the desk's own list: a window cannot talk a locked one
/// into something else.
pub(super) fn at(desk: &Desk, place: usize) -> Answer<ScanProfile> {
    let mut profiles = profiles::profiles(desk)?.profiles.into_iter();
    profiles
        .nth(place)
        .ok_or_else(|| IpcError::of(ErrorCode::NotFound))
}

#[tauri::command]
pub(crate) async fn list_profiles(seat: State<'_, Seat>) -> Answer<ProfilesView> {
    at_desk(&seat, |desk| Ok(profiles::profiles(desk)?.into())).await
}

#[tauri::command]
pub(crate) async fn set_profiles(
    seat: State<'_, Seat>,
    request: SetProfiles,
) -> Answer<ProfilesView> {
    at_desk(&seat, move |desk| {
        let profiles: Vec<ScanProfile> = request.profiles.into_iter().map(Into::into).collect();
        Ok(profiles::set_profiles(desk, &profiles)?.into())
    })
    .await
}
