//! A desk in a temporary folder: the real vault, the real workers, a fixed clock.

use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeZone as _, Utc};
use desk::{Clock, Desk, Passphrase, Resources, Settings, session};
use tempfile::TempDir;

/// The passphrase of every test desk.
pub const PASSPHRASE: &str = "Thu-nghiem-2026";

/// A desk whose folder goes with it.
#[derive(Debug)]
pub struct TestDesk {
    desk: Option<Desk>,
    settings: Settings,
    folder: TempDir,
}

impl TestDesk {
    /// A fresh vault with one officer signed in, at 09:00 on 20/11/2026 in Vietnam.
    ///
    /// # Panics
    /// When the desk cannot be made: then nothing can be tested.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings = settings(&folder.path().join("vault"));
        let office = "H55.242".parse().expect("a valid agency code");
        let (desk, _) = session::create(&settings, office, "Trần Thị Thử", &passphrase())
            .expect("a fresh vault in an empty folder");
        Self {
            desk: Some(desk),
            settings,
            folder,
        }
    }

    /// The same desk with the forms and rules of an office.
    ///
    /// # Panics
    /// When it cannot be opened again.
    pub fn use_forms(&mut self, folder: PathBuf) {
        self.settings.forms = Some(folder);
        self.reopen();
    }

    /// The desk.
    ///
    /// # Panics
    /// While it is closed.
    pub fn desk(&self) -> &Desk {
        self.desk.as_ref().expect("the desk is open")
    }

    /// Closes the desk and signs in again, as after a restart of the computer.
    ///
    /// # Panics
    /// When the vault does not open again.
    pub fn reopen(&mut self) {
        self.desk = None;
        self.desk =
            Some(session::sign_in(&self.settings, &passphrase()).expect("the vault opens again"));
    }

    /// Closes the desk, so that another program may open the vault.
    pub fn close(&mut self) {
        self.desk = None;
    }

    /// The folder of the vault.
    pub fn vault(&self) -> &Path {
        &self.settings.vault
    }

    /// A folder beside the vault.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Default for TestDesk {
    fn default() -> Self {
        Self::new()
    }
}

/// The test passphrase.
pub fn passphrase() -> Passphrase {
    Passphrase::new(PASSPHRASE.to_owned())
}

/// 09:00 on 20/11/2026 in Vietnam.
pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 20, 2, 0, 0)
        .single()
        .expect("a valid instant")
}

/// Settings for a vault in this folder, with the real program as worker.
///
/// # Panics
/// When the resources were not fetched.
pub fn settings(vault: &Path) -> Settings {
    Settings {
        vault: vault.to_owned(),
        resources: Resources::find().expect("`make setup` has fetched the resources"),
        worker_program: program("sohoa"),
        clock: Clock::Fixed(now()),
        forms: None,
    }
}

/// A program of this workspace, built beside the test that asks.
///
/// # Panics
/// When it is not built.
pub fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own path");
    let folder = test
        .ancestors()
        .nth(2)
        .expect("tests lie in target/<profile>/deps");
    let program = folder
        .join(name)
        .with_extension(std::env::consts::EXE_EXTENSION);
    assert!(
        program.is_file(),
        "{name} is not built: `make test` builds it first"
    );
    program
}

/// A file of the fixtures.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name)
}

/// A sample paper, by its file name.
pub fn sample(name: &str) -> PathBuf {
    fixture("samples").join(name)
}

/// The folder of real papers, when the environment names it.
pub fn material() -> Option<PathBuf> {
    let folder = std::env::var_os("SOHOA_MATERIAL").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: SOHOA_MATERIAL is not set");
    }
    folder
}
