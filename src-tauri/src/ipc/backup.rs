//! Backups: how it stands with them, another one, and whether the last could be brought back.

use std::path::PathBuf;

use desk::{Desk, Passphrase, backup};
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Manager as _, State};
use tauri_plugin_dialog::DialogExt as _;

use super::error::Answer;
use crate::seat::{Seat, aside, at_desk};

/// How it stands with the backups of this desk.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct BackupView {
    pub(crate) last: Option<LastBackupView>,
    /// It is time for another one.
    pub(crate) is_due: bool,
}

/// The backup that was made last.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct LastBackupView {
    pub(crate) folder: String,
    pub(crate) made_at: String,
    pub(crate) sealed_files: usize,
    /// When it was last opened to see that it can be brought back.
    pub(crate) tried_at: Option<String>,
}

/// Asks for the system's own dialogue. Its words come from the window.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ChooseFolder {
    pub(crate) title: String,
}

/// Asks for a backup in that folder.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct BackUp {
    pub(crate) folder: String,
}

/// Asks to try the last backup out with the officer's passphrase.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct TryBackup {
    pub(crate) passphrase: String,
}

fn state(desk: &Desk) -> Answer<BackupView> {
    let state = backup::state(desk)?;
    Ok(BackupView {
        is_due: state.is_due,
        last: state.last.map(|last| LastBackupView {
            folder: last.folder,
            made_at: last.made_at.to_rfc3339(),
            sealed_files: last.sealed_files,
            tried_at: last.tried_at.map(|at| at.to_rfc3339()),
        }),
    })
}

#[tauri::command]
pub(crate) async fn backup_state(seat: State<'_, Seat>) -> Answer<BackupView> {
    at_desk(&seat, state).await
}

#[tauri::command]
pub(crate) async fn choose_folder(app: AppHandle, request: ChooseFolder) -> Answer<Option<String>> {
    app.state::<Seat>().desk()?;
    aside(move || {
        let dialog = app.dialog().file().set_title(request.title);
        let chosen = dialog.blocking_pick_folder();
        let path = chosen.and_then(|folder| folder.into_path().ok());
        Ok(path.map(|path| path.to_string_lossy().into_owned()))
    })
    .await
}

#[tauri::command]
pub(crate) async fn back_up(seat: State<'_, Seat>, request: BackUp) -> Answer<BackupView> {
    at_desk(&seat, move |desk| {
        backup::back_up(desk, &PathBuf::from(request.folder))?;
        state(desk)
    })
    .await
}

#[tauri::command]
pub(crate) async fn try_backup(seat: State<'_, Seat>, request: TryBackup) -> Answer<BackupView> {
    at_desk(&seat, move |desk| {
        backup::try_out(desk, &Passphrase::new(request.passphrase))?;
        state(desk)
    })
    .await
}
