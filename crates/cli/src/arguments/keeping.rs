//! What is kept, and what may go.

use std::path::PathBuf;

use clap::Subcommand;
use desk::AuditMark;
use domain::ids::PageId;
use domain::retention::EraseReason;

use super::VaultFolder;

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Write the whole trail into a file that anybody can check.
    Export {
        /// The file.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Check an exported trail, without a vault or key; or the trail of a vault.
    Verify {
        /// The file, or the folder of the vault.
        path: PathBuf,
        /// A mark of the trail that was written down elsewhere; may be given more than once.
        #[arg(long, value_name = "POSITION:HASH")]
        mark: Vec<AuditMark>,
        /// The station's public key, as it is known from elsewhere.
        #[arg(long, value_name = "HEX")]
        key: Option<String>,
        /// The officer who signs in at a vault; one with one officer needs no name.
        #[arg(long = "as", value_name = "NAME", env = "SOHOA_OFFICER")]
        officer: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum TrashCommand {
    /// List the pages in the trash, and from when on each may be erased.
    List {
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Put a page back into its paper.
    Restore {
        /// The page, by its id.
        page: PageId,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Erase every page whose days in the trash are over, or one before; this cannot be undone.
    Erase {
        /// One page, by its id, whatever its days.
        #[arg(long, requires = "reason")]
        page: Option<PageId>,
        /// Why that page is not to be kept: `of_another`, `on_request` or `no_paper`.
        #[arg(long, requires = "page", value_parser = erase_reason)]
        reason: Option<EraseReason>,
        #[command(flatten)]
        vault: VaultFolder,
    },
}

fn erase_reason(text: &str) -> Result<EraseReason, String> {
    let given = EraseReason::from_name(text);
    given
        .filter(|reason| *reason != EraseReason::TrashDaysOver)
        .ok_or_else(|| "the reasons are of_another, on_request and no_paper".to_owned())
}
