//! What goes to the centre.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::VaultFolder;

#[derive(Debug, Args)]
pub(crate) struct Sync {
    #[command(flatten)]
    pub(crate) vault: VaultFolder,
    /// One pass only.
    #[arg(long)]
    pub(crate) once: bool,
    /// Try again what was parked.
    #[arg(long)]
    pub(crate) again: bool,
}

/// What is done with a bundle.
#[derive(Debug, Subcommand)]
pub(crate) enum BundleCommand {
    /// Write what waits into a file, sealed for the centre.
    Write {
        /// The file; in a folder it gets a name of its own.
        file: PathBuf,
        /// So many million bytes of files at most.
        #[arg(long, value_name = "MB")]
        limit: Option<u64>,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Keep what the centre answered to a bundle.
    Take {
        /// The answer, or a folder with answers.
        answer: PathBuf,
        #[command(flatten)]
        vault: VaultFolder,
    },
}
