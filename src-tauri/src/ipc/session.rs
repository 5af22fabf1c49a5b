//! Who sits at this desk: making the vault, signing in and out, and the line at
//! the foot of the window.

use desk::{Passphrase, RecoveryKey, backup, officers, session, signatures};
use domain::code::AgencyCode;
use domain::copy::Awaited;
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Manager};

use super::error::{Answer, ErrorCode, IpcError};
use super::reception::non_empty;
use super::review::Engine;
use crate::seat::{Seat, aside};

/// Whether the vault of this desk can be worked with.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum VaultState {
    /// There is none yet: the first run.
    Absent,
    /// It waits for a passphrase.
    Locked,
    /// An officer is signed in.
    Open,
}

/// What the window needs to know before it shows anything.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct DeskStateView {
    pub(crate) vault: VaultState,
    pub(crate) officer_name: Option<String>,
    pub(crate) office_code: Option<String>,
    /// Who may sign in, the one who came last in front; nobody where there is one officer
    /// only, and nothing to choose.
    pub(crate) officers: Vec<String>,
    /// What the officer who is signed in may do.
    pub(crate) rights: Vec<Right>,
    /// Minutes without a hand on the desk after which it locks.
    pub(crate) idle_minutes: u32,
    /// The same while the desk itself is at work.
    pub(crate) idle_at_work_minutes: u32,
    /// Set on the demonstration desk only, whose passphrase is no secret.
    pub(crate) demonstration_passphrase: Option<String>,
}

/// Asks for a new vault.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct CreateVault {
    pub(crate) officer_name: String,
    pub(crate) office_code: String,
    pub(crate) passphrase: String,
}

/// A vault waits for its recovery key to be written down; it is shown this once.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct VaultMadeView {
    pub(crate) recovery_key: String,
}

/// Asks for another passphrase of the officer who is signed in.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ChangePassphrase {
    pub(crate) old: String,
    pub(crate) new: String,
}

/// Something an officer may do, where the window shows it or leaves it away. Whether he
/// really may is asked by the desk.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Right {
    SeeOpenPapers,
    Find,
    Reveal,
    Sign,
    Scan,
    Decide,
    Erase,
    BackUp,
    Send,
    Enrol,
}

impl Right {
    const ALL: [Self; 10] = [
        Self::SeeOpenPapers,
        Self::Find,
        Self::Reveal,
        Self::Sign,
        Self::Scan,
        Self::Decide,
        Self::Erase,
        Self::BackUp,
        Self::Send,
        Self::Enrol,
    ];

    const fn asked(self) -> domain::rights::Right {
        match self {
            Self::SeeOpenPapers => domain::rights::Right::SeeOpenPapers,
            Self::Find => domain::rights::Right::Find,
            Self::Reveal => domain::rights::Right::Reveal,
            Self::Sign => domain::rights::Right::Sign,
            Self::Scan => domain::rights::Right::Scan,
            Self::Decide => domain::rights::Right::Decide,
            Self::Erase => domain::rights::Right::Erase,
            Self::BackUp => domain::rights::Right::BackUp,
            Self::Send => domain::rights::Right::Send,
            Self::Enrol => domain::rights::Right::Enrol,
        }
    }
}

/// Asks to open the vault.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct SignIn {
    /// `null` where there is one officer only.
    pub(crate) officer: Option<String>,
    pub(crate) passphrase: String,
    /// What the passphrase shall be, where somebody else has set it.
    pub(crate) new_passphrase: Option<String>,
}

/// Asks to open the vault with the recovery key and to set a new passphrase.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Recover {
    /// `null` where there is one officer only.
    pub(crate) officer: Option<String>,
    pub(crate) recovery_key: String,
    pub(crate) passphrase: String,
}

/// What the foot of the window says.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct StatusView {
    pub(crate) outbox_waiting: u32,
    /// Records that the centre did not take: a person must look.
    pub(crate) outbox_parked: u32,
    /// Copies that wait for a signature; `null` for who signs none.
    pub(crate) to_sign: Option<u32>,
    /// `null` where the system does not say.
    pub(crate) disk_free_bytes: Option<u64>,
    /// Another backup is due; `null` for who makes none.
    pub(crate) backup_due: Option<bool>,
    /// Acknowledged writes that the disk has lost.
    pub(crate) lost_writes: u64,
    /// Engines that the desk has to do without, the one that is missed most in front.
    pub(crate) absent_engines: Vec<Engine>,
}

fn state_of(seat: &Seat) -> DeskStateView {
    let desk = seat.desk_untouched().ok();
    let vault = match &desk {
        Some(_) => VaultState::Open,
        None if seat.vault_exists() => VaultState::Locked,
        None => VaultState::Absent,
    };
    let demonstration = seat.places().demonstration.is_some();
    let roles = desk.as_ref().and_then(|desk| desk.roles().ok());
    let may = |right: &Right| roles.is_some_and(|roles| roles.may(right.asked()));
    let (idle_minutes, idle_at_work_minutes) = seat.idle_minutes();
    DeskStateView {
        officers: officers(seat),
        rights: Right::ALL.into_iter().filter(may).collect(),
        idle_minutes,
        idle_at_work_minutes,
        vault,
        officer_name: desk.as_ref().map(|desk| desk.officer().name.clone()),
        office_code: desk.as_ref().map(|desk| desk.office().code.to_string()),
        demonstration_passphrase: demonstration.then(|| desk::demo::PASSPHRASE.to_owned()),
    }
}

/// Those among whom one chooses.
fn officers(seat: &Seat) -> Vec<String> {
    let settings = seat.settings().ok();
    let known = settings.and_then(|settings| session::officers(&settings).ok());
    let names = known.unwrap_or_default().into_iter();
    let names: Vec<String> = names.filter_map(|officer| officer.name).collect();
    if names.len() > 1 { names } else { Vec::new() }
}

/// Free room where the vault lies, in its nearest folder that is there.
#[cfg(unix)]
fn disk_free_bytes(seat: &Seat) -> Option<u64> {
    let folder = seat
        .places()
        .vault
        .ancestors()
        .find(|folder| folder.is_dir())?;
    let room = rustix::fs::statvfs(folder).ok()?;
    Some(room.f_bavail * room.f_frsize)
}

/// Not asked of other systems yet; the window then says nothing about it.
#[cfg(not(unix))]
fn disk_free_bytes(_: &Seat) -> Option<u64> {
    None
}

#[tauri::command]
pub(crate) async fn desk_state(app: AppHandle) -> Answer<DeskStateView> {
    aside(move || Ok(state_of(&app.state::<Seat>()))).await
}

#[tauri::command]
pub(crate) async fn create_vault(app: AppHandle, request: CreateVault) -> Answer<VaultMadeView> {
    aside(move || {
        let seat = app.state::<Seat>();
        let office = request.office_code.trim().parse::<AgencyCode>();
        let office = office.map_err(|_| IpcError::of(ErrorCode::OfficeCodeInvalid))?;
        let officer =
            non_empty(&request.officer_name).ok_or(IpcError::of(ErrorCode::OfficerNameMissing))?;
        let passphrase = Passphrase::new(request.passphrase);
        // One that was begun before holds the folder, and nobody will finish it any more.
        drop(seat.take_unfinished());
        let (new, recovery_key) = session::begin(&seat.settings()?, office, &officer, &passphrase)?;
        seat.keep_unfinished(new);
        Ok(VaultMadeView {
            recovery_key: recovery_key.to_string(),
        })
    })
    .await
}

/// The officer has written the recovery key down: from here on there is a vault.
#[tauri::command]
pub(crate) async fn recovery_key_kept(app: AppHandle) -> Answer<DeskStateView> {
    aside(move || {
        let seat = app.state::<Seat>();
        let new = seat.take_unfinished();
        let new = new.ok_or(IpcError::of(ErrorCode::NotSignedIn))?;
        seat.sit(new.finish()?);
        Ok(state_of(&seat))
    })
    .await
}

#[tauri::command]
pub(crate) async fn change_passphrase(app: AppHandle, request: ChangePassphrase) -> Answer<()> {
    aside(move || {
        let desk = app.state::<Seat>().desk()?;
        let (old, new) = (Passphrase::new(request.old), Passphrase::new(request.new));
        Ok(officers::change_passphrase(&desk, &old, &new)?)
    })
    .await
}

#[tauri::command]
pub(crate) async fn sign_in(app: AppHandle, request: SignIn) -> Answer<DeskStateView> {
    aside(move || {
        let seat = app.state::<Seat>();
        seat.sign_in(
            request.officer.as_deref(),
            request.passphrase,
            request.new_passphrase.map(Passphrase::new).as_ref(),
        )?;
        Ok(state_of(&seat))
    })
    .await
}

/// A hand was on the desk.
#[tauri::command]
pub(crate) async fn still_here(app: AppHandle) -> Answer<()> {
    aside(move || app.state::<Seat>().desk().map(|_| ())).await
}

#[tauri::command]
pub(crate) async fn recover(app: AppHandle, request: Recover) -> Answer<DeskStateView> {
    aside(move || {
        let seat = app.state::<Seat>();
        let key = request
            .recovery_key
            .parse::<RecoveryKey>()
            .map_err(desk::Error::Vault)?;
        seat.sit(session::recover(
            &seat.settings()?,
            &key,
            request.officer.as_deref(),
            &Passphrase::new(request.passphrase),
        )?);
        Ok(state_of(&seat))
    })
    .await
}

#[tauri::command]
pub(crate) async fn sign_out(app: AppHandle) -> Answer<DeskStateView> {
    aside(move || {
        let seat = app.state::<Seat>();
        seat.stand_up();
        Ok(state_of(&seat))
    })
    .await
}

#[tauri::command]
pub(crate) async fn status(app: AppHandle) -> Answer<StatusView> {
    aside(move || {
        let seat = app.state::<Seat>();
        // Asked by the clock, not by a hand.
        let desk = seat.desk_untouched()?;
        let absent = desk.absent_engines();
        let outbox = desk.outbox_total()?;
        let signs = desk.roles()?.may(domain::rights::Right::Sign);
        let to_sign = if signs {
            Some(signatures::count_waiting(&desk, Awaited::Signature)? as u32)
        } else {
            None
        };
        let backs_up = desk.roles()?.may(domain::rights::Right::BackUp);
        let backup_due = if backs_up {
            Some(backup::state(&desk)?.is_due)
        } else {
            None
        };
        Ok(StatusView {
            to_sign,
            backup_due,
            lost_writes: desk.lost_writes()?,
            outbox_waiting: outbox.waiting as u32,
            outbox_parked: outbox.parked as u32,
            absent_engines: absent.into_iter().map(Into::into).collect(),
            disk_free_bytes: disk_free_bytes(&seat),
        })
    })
    .await
}
