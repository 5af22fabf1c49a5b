//! What can be typed after `sohoa export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::VaultFolder;

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The local or digitisation code.
    pub(crate) code: String,
    #[command(flatten)]
    pub(crate) vault: VaultFolder,
    /// The folder.
    #[arg(long)]
    pub(crate) out: PathBuf,
    /// In which form.
    #[arg(long, value_enum, default_value_t = ExportForm::Package)]
    pub(crate) form: ExportForm,
    /// How long the archive keeps it, by the code of `retention.json`; only for the
    /// form of archives.
    #[arg(long, value_name = "CODE")]
    pub(crate) retention: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportForm {
    /// Everything that is known of the record, signed by the station.
    Package,
    /// Copy, manifest and evidence beside each other.
    Files,
    /// What archives take: METS, PREMIS and EAD.
    Archive,
    /// What portals take: PDF, JSON and XLSX.
    Portal,
}
