//! The seat at this window: who is signed in, and where heavy work is done.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use desk::camera::Shutter;
use desk::session::{Entering, NewDesk};
use desk::{CancelToken, Clock, Desk, Passphrase, Settings, Vault, session};

use crate::ipc::{Answer, ErrorCode, IpcError};
use crate::page_scheme::{Live, Pictures};
use crate::settings::Places;

/// How long the next officer waits for what the one before has left running.
const LEAVING: Duration = Duration::from_secs(30);
/// The window tells of a hand at most once in this time.
const GRACE: Duration = Duration::from_secs(30);

/// A moment by two clocks: one that nobody can set, and one that goes on while the
/// computer sleeps.
#[derive(Clone, Copy, Debug)]
struct Touched(Instant, DateTime<Utc>);

impl Touched {
    fn now() -> Self {
        Self(Instant::now(), Clock::System.now())
    }

    fn is_older_than(self, limit: Duration) -> bool {
        let by_wall_clock = (Clock::System.now() - self.1).to_std().unwrap_or_default();
        self.0.elapsed().max(by_wall_clock) > limit
    }
}

/// The seat, shared by all commands.
#[derive(Debug)]
pub(crate) struct Seat {
    places: Places,
    desk: RwLock<Option<Arc<Desk>>>,
    /// A vault whose recovery key is being written down.
    unfinished: Mutex<Option<NewDesk>>,
    /// When a hand was last on the desk.
    touched: Mutex<Touched>,
    /// Tasks that are under way.
    at_work: AtomicUsize,
    /// Stops what is being sent to the centre.
    sending: Mutex<CancelToken>,
    /// The desk of who sat here before: its vault is shut when the last task lets it go.
    former: Mutex<Weak<Desk>>,
    /// Stops the scan that is running.
    cancel: Mutex<CancelToken>,
    /// Takes a page of the camera that is watched.
    shutter: Mutex<Shutter>,
    pub(crate) pictures: Pictures,
    pub(crate) live: Live,
}

impl Seat {
    pub(crate) fn new(places: Places) -> Self {
        Self {
            places,
            desk: RwLock::new(None),
            unfinished: Mutex::new(None),
            touched: Mutex::new(Touched::now()),
            at_work: AtomicUsize::new(0),
            sending: Mutex::new(CancelToken::new()),
            former: Mutex::default(),
            cancel: Mutex::new(CancelToken::new()),
            shutter: Mutex::default(),
            pictures: Pictures::default(),
            live: Live::default(),
        }
    }

    pub(crate) fn places(&self) -> &Places {
        &self.places
    }

    /// The desk, while an officer is signed in and has not left it alone for too long.
    /// Asking for it is a touch.
    pub(crate) fn desk(&self) -> Result<Arc<Desk>, IpcError> {
        let desk = self.desk_untouched()?;
        *self.touched() = Touched::now();
        Ok(desk)
    }

    /// The same for what the window asks by itself. A window that fell silent cannot keep
    /// a desk open: the time is taken here.
    // QCVN 12:2026/BCA: locked after five idle minutes, fifteen while it is at work.
    pub(crate) fn desk_untouched(&self) -> Result<Arc<Desk>, IpcError> {
        let desk = self.seated()?;
        let rules = desk.catalogue().access();
        let minutes = if self.at_work.load(Ordering::SeqCst) > 0 {
            rules.idle_at_work_minutes
        } else {
            rules.idle_minutes
        };
        let limit = Duration::from_secs(u64::from(minutes) * 60) + GRACE;
        if self.touched().is_older_than(limit) {
            tracing::info!("the desk was left alone and is locked");
            self.stand_up();
            return Err(IpcError::of(ErrorCode::NotSignedIn));
        }
        Ok(desk)
    }

    /// Idle minutes after which the desk locks: ordinarily, and while it is at work.
    pub(crate) fn idle_minutes(&self) -> (u32, u32) {
        let desk = self.seated().ok();
        desk.map_or((5, 15), |desk| {
            let rules = desk.catalogue().access();
            (rules.idle_minutes, rules.idle_at_work_minutes)
        })
    }

    fn touched(&self) -> MutexGuard<'_, Touched> {
        self.touched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn seated(&self) -> Result<Arc<Desk>, IpcError> {
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
    pub(crate) fn sign_in(
        &self,
        officer: Option<&str>,
        passphrase: String,
        new_passphrase: Option<&Passphrase>,
    ) -> Result<(), IpcError> {
        let settings = self.settings()?;
        self.await_former();
        let is_new = !Vault::exists(&settings.vault);
        let desk = match &self.places.demonstration {
            Some(demonstration) if is_new => {
                if passphrase != desk::demo::PASSPHRASE {
                    return Err(IpcError::of(ErrorCode::WrongPassphrase));
                }
                demonstration.sign_in(&settings)?
            }
            _ => session::enter(
                &settings,
                &Entering {
                    officer,
                    passphrase: &Passphrase::new(passphrase),
                    new_passphrase,
                },
            )?,
        };
        self.sit(desk);
        Ok(())
    }

    /// A vault waits until its recovery key is written down.
    pub(crate) fn keep_unfinished(&self, new: NewDesk) {
        *self.unfinished() = Some(new);
    }

    pub(crate) fn take_unfinished(&self) -> Option<NewDesk> {
        self.unfinished().take()
    }

    fn unfinished(&self) -> MutexGuard<'_, Option<NewDesk>> {
        self.unfinished
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// An officer takes the seat.
    pub(crate) fn sit(&self, desk: Desk) {
        *self.touched() = Touched::now();
        *self.desk.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(desk));
    }

    /// The officer leaves; what was shown is forgotten.
    pub(crate) fn stand_up(&self) {
        self.cancel().cancel();
        let sending = std::mem::take(&mut *lock(&self.sending));
        sending.cancel();
        self.pictures.forget();
        self.live.forget();
        let left = self
            .desk
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(desk) = left {
            *lock(&self.former) = Arc::downgrade(&desk);
        }
    }

    /// A part of a file that is on its way to the centre holds the vault a little longer
    /// than the officer sits there.
    fn await_former(&self) {
        let former = lock(&self.former).clone();
        let until = Instant::now() + LEAVING;
        while former.strong_count() > 0 && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// What stops the sending that goes on at this desk.
    pub(crate) fn sending(&self) -> CancelToken {
        lock(&self.sending).clone()
    }

    /// Sends to the centre what waits, for as long as the window is open: each pass as the
    /// officer who sits there, none while nobody does.
    pub(crate) fn keep_sending(&self) {
        let mut pace = desk::sync::Pace::default();
        loop {
            std::thread::sleep(Duration::from_secs(1));
            let Ok(desk) = self.seated() else {
                pace = desk::sync::Pace::default();
                continue;
            };
            if let Err(error) = pace.step(&desk, &self.sending()) {
                tracing::warn!(%error, "what waits could not be sent");
            }
        }
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

    /// A fresh shutter for a camera that is watched from now on.
    pub(crate) fn new_shutter(&self) -> Shutter {
        let shutter = Shutter::default();
        *self.shutter.lock().unwrap_or_else(PoisonError::into_inner) = shutter.clone();
        shutter
    }

    pub(crate) fn shutter(&self) -> Shutter {
        let shutter = self.shutter.lock().unwrap_or_else(PoisonError::into_inner);
        shutter.clone()
    }

    pub(crate) fn cancel(&self) -> CancelToken {
        self.cancel
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
    seat.at_work.fetch_add(1, Ordering::SeqCst);
    let answer = aside(move || task(&desk)).await;
    seat.at_work.fetch_sub(1, Ordering::SeqCst);
    answer
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_desk_is_left_alone_by_whichever_clock_went_further() {
        let now = Touched::now();
        let asleep = Touched(now.0, now.1 - TimeDelta::minutes(6));
        let turned_back = now.0.checked_sub(Duration::from_mins(6));
        let turned_back = turned_back.map(|then| Touched(then, now.1 + TimeDelta::days(1)));
        for moment in [Some(asleep), turned_back].into_iter().flatten() {
            assert!(moment.is_older_than(Duration::from_mins(5)));
            assert!(!moment.is_older_than(Duration::from_mins(10)));
        }
        assert!(!now.is_older_than(Duration::from_mins(5)));
    }
}
