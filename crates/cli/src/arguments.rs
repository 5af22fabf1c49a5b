//! What can be typed after `sohoa`.

mod centre;
mod export;
mod keeping;
mod papers;
mod reuse;
mod slip;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use desk::Subset;
use domain::code::AgencyCode;
use domain::document::DocumentType;
use domain::local_code::LocalCode;
use domain::rights::Roles;

pub(crate) use centre::{BundleCommand, Sync};
pub(crate) use export::{Export, ExportForm};
pub(crate) use keeping::{AuditCommand, TrashCommand};
pub(crate) use papers::{Accept, Digitise, Scan, Source, Stack, Watch};
pub(crate) use reuse::{DecisionName, ReuseCommand};
pub(crate) use slip::{MakeSlip, SlipCommand};

/// Turns paper dossiers into trusted data: scan, extract, assign the code, store, find.
#[derive(Debug, Parser)]
#[command(
    name = "sohoa",
    version,
    after_help = "Exit codes: 0 success, 2 bad use, 3 a person is needed, 4 refused or damaged input."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Print results as JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Digitise the sample dossier of three papers, end to end, on a demonstration desk.
    Demo {
        /// Where the demonstration desk and the exported copies go; a new temporary folder when left out.
        #[arg(long)]
        dir: Option<PathBuf>,
    },
    /// Make a vault. The passphrase comes from `SOHOA_PASSPHRASE` or the terminal.
    Init {
        /// The folder of the vault.
        #[arg(long, value_name = "DIR", env = "SOHOA_VAULT")]
        vault: PathBuf,
        /// Agency code of the office, such as H55.242.
        #[arg(long)]
        office: AgencyCode,
        /// Name of the officer, as it shall stand on what they do.
        #[arg(long)]
        officer: String,
    },
    /// Show what the machine sees on the pages of one paper and proposes; no vault.
    Read {
        /// The pages: PNG, JPEG, TIFF, WebP, BMP or PDF.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The type of the paper, when it is known.
        #[arg(long = "type", value_name = "KIND")]
        kind: Option<DocumentType>,
    },
    /// The forms that say what papers there are and where their fields stand.
    #[command(subcommand)]
    Form(FormCommand),
    /// Kinds of paper that this desk's officers taught by their corrections.
    #[command(subcommand)]
    Kinds(KindsCommand),
    /// What people and known-answer pages found out about this desk.
    #[command(subcommand)]
    Report(ReportCommand),
    /// List scanners, or scan sheets into the vault.
    Scan(Scan),
    /// Show the pages of a dossier and whether they add up.
    Pages {
        /// The dossier, by its id or the code of the case system.
        #[arg(long, value_name = "ID")]
        dossier: String,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Take what is put into a folder into the vault, until the program is ended.
    Watch(Watch),
    /// Take a stack of papers into the vault, split where separator sheets lie in it.
    Stack(Stack),
    /// Write cover slips to be printed and laid before the papers of a stack.
    Slips {
        #[command(flatten)]
        vault: VaultFolder,
        /// The dossier, by its id or the code of the case system.
        #[arg(long, value_name = "ID")]
        dossier: String,
        /// The file, a PDF.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Slips for people, each with a code that any desk knows again.
    #[command(subcommand)]
    Slip(SlipCommand),
    /// Digitise files into the vault: scan, copy, extract, code, deposit.
    Digitise(Digitise),
    /// Find records by code, owner, number or words.
    Search {
        /// The words; without marks they find words with marks.
        #[arg(required = true)]
        words: Vec<String>,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Show a record by its local or digitisation code.
    Show {
        /// The code.
        code: String,
        #[command(flatten)]
        vault: VaultFolder,
        /// Show masked values too; the audit trail keeps each of them.
        #[arg(long)]
        reveal: bool,
    },
    /// Check an exported package, or a folder of evidence against its copy and manifest, or
    /// judge the signatures of a PDF; no vault.
    Verify {
        /// The folder, `CODE` or `CODE.evidence`, or the PDF.
        path: PathBuf,
        /// A file with the key of a station, beside those that the office's forms hold in
        /// `stations`; may be given more than once.
        #[arg(long, value_name = "FILE")]
        key: Vec<PathBuf>,
    },
    /// Sign electronic copies with a token, or see what waits for that.
    #[command(subcommand)]
    Sign(SignCommand),
    /// Write a record into a folder: as a package that proves itself, or as archives or
    /// portals take it.
    Export(Export),
    /// Sign in with the recovery key and set a new passphrase.
    Recover {
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// The officers of a vault: who may sign in, and what each may do.
    #[command(subcommand)]
    Officer(OfficerCommand),
    /// The audit trail: hand it out, or check it.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Papers that are digitised already and need no second scan.
    #[command(subcommand)]
    Reuse(ReuseCommand),
    /// Pages that were taken out of their papers.
    #[command(subcommand)]
    Trash(TrashCommand),
    /// Make this desk a station of a centre, with the ticket that the centre gave.
    Enrol {
        /// The ticket; `-` reads it from standard input.
        ticket: String,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Send what was deposited to the centre, again and again until it is stopped.
    Sync(Sync),
    /// Without a network: carry what waits to the centre in a file, and bring its answer back.
    #[command(subcommand)]
    Bundle(BundleCommand),
    /// What waits for the centre, what it has, and what a person must look at.
    Outbox {
        /// So many of the newest records.
        #[arg(long, default_value_t = 100)]
        limit: usize,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Codes by themselves.
    #[command(subcommand)]
    Code(CodeCommand),
    /// Copy the whole vault to another medium, encrypted as it is, or bring such a copy up
    /// to date.
    Backup {
        /// The folder of the copy.
        folder: PathBuf,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Make a vault from such a copy, with the passphrases of the day of the copy.
    Restore {
        /// The folder of the copy.
        folder: PathBuf,
        /// Open the copy with the recovery key, from `SOHOA_RECOVERY_KEY` or the terminal,
        /// and set a new passphrase.
        #[arg(long)]
        recovery_key: bool,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Read every stored byte again and say what is damaged.
    Check {
        /// Read only a part of the sealed files, such as `3/7`; a week of nights reads all.
        #[arg(long, value_name = "K/N", default_value = "1/1")]
        subset: Subset,
        #[command(flatten)]
        vault: VaultFolder,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum OfficerCommand {
    /// Add an officer. The first passphrase comes from `SOHOA_NEW_PASSPHRASE` or the
    /// terminal, and the officer changes it at the first sign-in.
    Add {
        /// The name, as it shall stand on what the officer does.
        name: String,
        /// What the officer is, with commas between: reception, digitiser, postal,
        /// supervisor, auditor, administrator.
        #[arg(long)]
        roles: Roles,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Give an officer these roles instead of those before; without any the officer may
    /// not sign in any more.
    Role {
        /// The officer's name.
        name: String,
        /// The roles, with commas between.
        #[arg(long)]
        roles: Option<Roles>,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Give an officer who forgot the passphrase another first one.
    Reset {
        /// The officer's name.
        name: String,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Change the own passphrase.
    Passphrase {
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// List the officers.
    List {
        #[command(flatten)]
        vault: VaultFolder,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum SignCommand {
    /// The copies that wait for a signature.
    Waiting {
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// The tokens that are plugged in.
    Tokens {
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Sign copies under one PIN, which comes from `SOHOA_PIN` or the terminal.
    Papers {
        /// Local codes of the papers; all that wait when there is none.
        codes: Vec<LocalCode>,
        #[command(flatten)]
        vault: VaultFolder,
        /// The serial number of the token, where more than one is plugged in.
        #[arg(long)]
        token: Option<String>,
        /// Use up the one try that is left for the PIN.
        #[arg(long)]
        use_last_try: bool,
    },
    /// Every copy that was made of a paper, signed or not.
    History {
        /// The local code of the paper.
        code: LocalCode,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Ask the office's authority for timestamps on signed copies that have none.
    Timestamps {
        #[command(flatten)]
        vault: VaultFolder,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum CodeCommand {
    /// Say what a code is, and whether it was mistyped.
    Check {
        /// The code.
        code: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum FormCommand {
    /// Check a form file against the schema and the rules of the catalogue.
    Check {
        /// The file.
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum KindsCommand {
    /// Draw all lessons anew from the deposited papers.
    Learn {
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Forget all that was taught; papers deposited afterwards teach again.
    Forget {
        #[command(flatten)]
        vault: VaultFolder,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// Keys and clicks per dossier, and per field that was filled in beforehand.
    Effort {
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// How many components were answered by a paper that had been digitised before.
    Reuse {
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// How often `certain` was wrong and a check needless, per kind and field; no values.
    Reading {
        /// The folder of the vault whose record is shown.
        #[arg(
            long,
            value_name = "DIR",
            env = "SOHOA_VAULT",
            required_unless_present = "known"
        )]
        vault: Option<PathBuf>,
        /// The officer who signs in; a vault with one officer needs no name.
        #[arg(long = "as", value_name = "NAME", env = "SOHOA_OFFICER")]
        officer: Option<String>,
        /// A folder of pages with their truth beside them, to be read and compared.
        #[arg(long, value_name = "FOLDER")]
        known: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct VaultFolder {
    /// The folder of the vault.
    #[arg(long, value_name = "DIR", env = "SOHOA_VAULT")]
    pub(crate) vault: PathBuf,
    /// The officer who signs in; a vault with one officer needs no name.
    #[arg(long = "as", value_name = "NAME", env = "SOHOA_OFFICER")]
    pub(crate) officer: Option<String>,
}
