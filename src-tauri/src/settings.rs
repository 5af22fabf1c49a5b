//! Where this desk keeps its things, decided once when the program starts.

use std::path::PathBuf;

use desk::demo::Demonstration;
use tauri::{AppHandle, Manager};

/// Asks for the demonstration desk; `make run` does.
const DEMONSTRATION_ARGUMENT: &str = "--demo";
const DEMONSTRATION: &str = "SOHOA_DEMO";
/// The folder of the vault; for the demonstration, the folder of all its things.
const VAULT: &str = "SOHOA_VAULT";

/// The folders of this desk.
#[derive(Debug)]
pub(crate) struct Places {
    pub(crate) vault: PathBuf,
    /// Where exported copies go.
    pub(crate) exports: PathBuf,
    pub(crate) demonstration: Option<Demonstration>,
    /// Made for this run alone; goes with it.
    pub(crate) passing: Option<PathBuf>,
}

impl Places {
    /// From the arguments, the environment and the system's own folders.
    pub(crate) fn find(app: &AppHandle) -> Result<Self, Box<dyn std::error::Error>> {
        let named = std::env::var_os(VAULT).map(PathBuf::from);
        // What was exported outlives a demonstration that goes with its run.
        let documents = app
            .path()
            .document_dir()
            .or_else(|_| app.path().home_dir())?;
        let exports = documents.join("so-hoa-mot-cua");
        if asks_for_demonstration() {
            return Self::demonstration(named, exports);
        }
        let vault = match named {
            Some(vault) => vault,
            None => app.path().app_local_data_dir()?.join("vault"),
        };
        Ok(Self {
            vault,
            exports,
            demonstration: None,
            passing: None,
        })
    }

    fn demonstration(
        named: Option<PathBuf>,
        exports: PathBuf,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let passing = named.is_none();
        let folder = named.unwrap_or_else(|| {
            std::env::temp_dir().join(format!("so-hoa-mot-cua-{}", std::process::id()))
        });
        let demonstration = Demonstration::at(&folder)?;
        Ok(Self {
            vault: demonstration.vault(),
            exports,
            demonstration: Some(demonstration),
            passing: passing.then_some(folder),
        })
    }
}

fn asks_for_demonstration() -> bool {
    std::env::var_os(DEMONSTRATION).is_some_and(|value| value == "1")
        || std::env::args_os().any(|argument| argument == DEMONSTRATION_ARGUMENT)
}
