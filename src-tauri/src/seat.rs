//! The seat at this window: who is signed in, and where heavy work is done.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use desk::{CancelToken, Desk, Passphrase, Settings, Vault, session};

use crate::ipc::{Answer, ErrorCode, IpcError};
use crate::page_scheme::Pictures;
use crate::settings::Places;

/// The seat, shared by all commands.
#[derive(Debug)]
pub(crate) struct Seat {
    places: Places,
    desk: RwLock<Option<Arc<Desk>>>,
    /// Stops the scan that is running.
    cancel: Mutex<CancelToken>,
    pub(crate) pictures: Pictures,
}

impl Seat {
    pub(crate) fn new(places: Places) -> Self {
        Self {
            places,
            desk: RwLock::new(None),
            cancel: Mutex::new(CancelToken::new()),
            pictures: Pictures::default(),
        }
    }

    pub(crate) fn places(&self) -> &Places {
        &self.places
    }

    /// The desk, while an officer is signed in.
    pub(crate) fn desk(&self) -> Result<Arc<Desk>, IpcError> {
        // A panic elsewhere leaves the seat as it was, so a poisoned lock is fine.
        let desk = self.desk.read().unwrap_or_else(PoisonError::into_inner);
        desk.clone()
            .ok_or_else(|| IpcError::of(ErrorCode::NotSignedIn))
    }

    pub(crate) fn vault_exists(&self) -> bool {
        self.places.demonstration.is_some() || Vault::exists(&self.places.vault)
    }

    pub(crate) fn settings(&self) -> Result<Settings, desk::Error> {
        Settings::for_this_program(self.places.vault.clone())
    }

    /// Opens the desk with a passphrase; the demonstration's vault is made on the way.
    pub(crate) fn sign_in(&self, passphrase: String) -> Result<(), IpcError> {
        let settings = self.settings()?;
        let is_new = !Vault::exists(&settings.vault);
        let desk = match &self.places.demonstration {
            Some(demonstration) if is_new => {
                if passphrase != desk::demo::PASSPHRASE {
                    return Err(IpcError::of(ErrorCode::WrongPassphrase));
                }
                demonstration.sign_in(&settings)?
            }
            _ => session::sign_in(&settings, &Passphrase::new(passphrase))?,
        };
        self.sit(desk);
        Ok(())
    }

    /// An officer takes the seat.
    pub(crate) fn sit(&self, desk: Desk) {
        *self.desk.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(desk));
    }

    /// The officer leaves; what was shown is forgotten.
    pub(crate) fn stand_up(&self) {
        self.cancel().cancel();
        self.pictures.forget();
        *self.desk.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The window closes.
    pub(crate) fn leave(&self) {
        self.stand_up();
        if let Some(folder) = &self.places.passing
            && let Err(error) = std::fs::remove_dir_all(folder)
        {
            tracing::warn!(%error, "the demonstration's folder could not be removed");
        }
    }

    /// A fresh token for a scan that begins.
    pub(crate) fn new_cancel(&self) -> CancelToken {
        let token = CancelToken::new();
        *self.cancel.lock().unwrap_or_else(PoisonError::into_inner) = token.clone();
        token
    }

    pub(crate) fn cancel(&self) -> CancelToken {
        self.cancel
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Does blocking work away from the window's thread. A panic ends the task, not
/// the window.
pub(crate) async fn aside<T: Send + 'static>(
    task: impl FnOnce() -> Answer<T> + Send + 'static,
) -> Answer<T> {
    match tauri::async_runtime::spawn_blocking(task).await {
        Ok(answer) => answer,
        Err(error) => Err(IpcError::new(ErrorCode::Internal, error.to_string())),
    }
}

/// Does a task of the signed-in officer away from the window's thread.
pub(crate) async fn at_desk<T: Send + 'static>(
    seat: &Seat,
    task: impl FnOnce(&Desk) -> Answer<T> + Send + 'static,
) -> Answer<T> {
    let desk = seat.desk()?;
    aside(move || task(&desk)).await
}
