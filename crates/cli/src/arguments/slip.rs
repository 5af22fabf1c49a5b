//! What can be typed after `sohoa slip`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Parser, Subcommand};

use super::VaultFolder;

#[derive(Debug, Subcommand)]
pub(crate) enum SlipCommand {
    /// List the kinds of slips, and what each asks for.
    List {
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Tell a genuine slip from an altered one; no vault.
    Verify {
        /// A scanned slip, a PDF, the text of its code, or `-` for such a text from the
        /// standard input.
        slip: String,
        /// A file with the key of a station, beside those that the office's forms hold in
        /// `stations`; may be given more than once.
        #[arg(long, value_name = "FILE")]
        key: Vec<PathBuf>,
    },
    /// Write the public key of this station, for others to know its slips by.
    Key {
        /// The file.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Make a slip of a kind: `receipt`, `supplement`, `refusal`, `hand_back`, `day_sheet`,
    /// `cover`, or another of the office's own.
    #[command(external_subcommand)]
    Make(Vec<OsString>),
}

/// Which kinds there are is data, so that the words after one are read by themselves.
#[derive(Debug, Parser)]
#[command(name = "sohoa slip KIND")]
pub(crate) struct MakeSlip {
    /// The kind, by its name.
    pub(crate) kind: String,
    /// The dossier, by its id or the code of the case system.
    #[arg(long, value_name = "ID")]
    pub(crate) dossier: Option<String>,
    /// What the slip asks for, such as `due_on=2026-12-01`; may be given more than once.
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<Said>,
    /// The file, a PDF.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) vault: VaultFolder,
    /// Print results as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// An answer and what it answers.
#[derive(Clone, Debug)]
pub(crate) struct Said(pub(crate) String, pub(crate) String);

impl FromStr for Said {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) = text.split_once('=').ok_or("an answer is NAME=VALUE")?;
        Ok(Self(name.to_owned(), value.to_owned()))
    }
}
