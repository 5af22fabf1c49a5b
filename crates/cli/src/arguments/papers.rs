//! How papers come in.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use domain::code::ComponentCode;
use domain::code::OwnerId;
use domain::code::ProcedureCode;
use domain::document::DocumentType;
use domain::field::FieldName;

use super::VaultFolder;

#[derive(Debug, Args)]
pub(crate) struct Scan {
    /// List the scanners of this computer.
    #[arg(long, conflicts_with_all = ["device", "vault"])]
    pub(crate) list: bool,
    /// The scanner; `escl:http://HOST/eSCL` is one of the network, `folder:DIR` a folder
    /// that behaves like a feeder.
    #[arg(long, required_unless_present = "list")]
    pub(crate) device: Option<String>,
    /// Where the paper lies.
    #[arg(long, value_enum, default_value_t = Source::Adf)]
    pub(crate) source: Source,
    /// Dots per inch; Circular 02/2019/TT-BNV asks for 200 at least.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(200..=600))]
    pub(crate) dpi: u32,
    /// Greyscale instead of colour.
    #[arg(long)]
    pub(crate) grey: bool,
    /// The dossier the paper belongs to, by its id or the code of the case system; a new
    /// one when left out.
    #[arg(long, value_name = "ID")]
    pub(crate) dossier: Option<String>,
    /// How many pages the paper has; said beforehand, a page that is missing shows.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=500))]
    pub(crate) pages: Option<u32>,
    /// Write what was said to the scanner and what it answered into a file, without
    /// images, serial numbers and addresses.
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// The folder of the vault.
    #[arg(long, value_name = "DIR", env = "SOHOA_VAULT")]
    pub(crate) vault: Option<PathBuf>,
    /// The officer who signs in; a vault with one officer needs no name.
    #[arg(long = "as", value_name = "NAME", env = "SOHOA_OFFICER")]
    pub(crate) officer: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Source {
    /// The automatic document feeder.
    Adf,
    /// The glass.
    Flatbed,
    /// The feeder, both sides of every sheet.
    Duplex,
}

#[derive(Debug, Args)]
pub(crate) struct Stack {
    /// The pages as files, in the order of the stack.
    #[arg(required_unless_present = "device", conflicts_with = "device")]
    pub(crate) files: Vec<PathBuf>,
    /// The scanner, as in `sohoa scan`.
    #[arg(long)]
    pub(crate) device: Option<String>,
    /// Scan both sides of every sheet.
    #[arg(long)]
    pub(crate) duplex: bool,
    /// Dots per inch; Circular 02/2019/TT-BNV asks for 200 at least.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(200..=600))]
    pub(crate) dpi: u32,
    /// The dossier of the papers that no cover slip claims for another, by its id or the
    /// code of the case system; a new one when left out.
    #[arg(long, value_name = "ID")]
    pub(crate) dossier: Option<String>,
    /// Read the papers too, and say where one looks like two.
    #[arg(long)]
    pub(crate) read: bool,
    #[command(flatten)]
    pub(crate) vault: VaultFolder,
}

#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// The folder. A name such as `H38.12-260412-0007_TP-H05.000026.pdf` says to which
    /// dossier and component a file belongs; all others wait in one dossier a day.
    pub(crate) folder: PathBuf,
    #[command(flatten)]
    pub(crate) vault: VaultFolder,
    /// Take what lies there now, and end.
    #[arg(long)]
    pub(crate) once: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Digitise {
    /// The pages of one paper, in order.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) vault: VaultFolder,
    /// Every file is its own paper.
    #[arg(long)]
    pub(crate) each: bool,
    /// The procedure, such as 1.000894.
    #[arg(long)]
    pub(crate) procedure: Option<ProcedureCode>,
    /// The dossier component, such as TP-H05.000026.
    #[arg(long)]
    pub(crate) component: Option<ComponentCode>,
    /// The type of the paper, when it is known.
    #[arg(long = "type", value_name = "KIND")]
    pub(crate) kind: Option<DocumentType>,
    /// Personal number or tax code of the owner.
    #[arg(long)]
    pub(crate) owner: Option<OwnerId>,
    /// A value typed beforehand.
    #[arg(long, value_name = "FIELD=VALUE", value_parser = assignment)]
    pub(crate) set: Vec<(FieldName, String)>,
    /// What may pass without a person.
    #[arg(long, value_enum, default_value_t = Accept::Certain)]
    pub(crate) accept: Accept,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Accept {
    /// Only what is certain.
    Certain,
    /// Every proposed value, in the name of the officer; for machines and tests.
    All,
}

fn assignment(text: &str) -> Result<(FieldName, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as FIELD=VALUE")?;
    let name = name
        .parse()
        .map_err(|error: domain::field::FieldNameError| error.to_string())?;
    Ok((name, value.to_owned()))
}
