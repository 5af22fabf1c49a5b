//! What can be typed after `sohoa`.

mod export;
mod slip;

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};
use desk::{AuditMark, Subset};
use domain::code::{AgencyCode, ComponentCode, OwnerId, ProcedureCode};
use domain::document::DocumentType;
use domain::field::FieldName;
use domain::ids::PageId;
use domain::local_code::LocalCode;
use domain::retention::EraseReason;
use domain::reuse::Digitising;
use domain::rights::Roles;

pub(crate) use export::{Export, ExportForm};
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
pub(crate) enum ReuseCommand {
    /// Show what answers each component of a dossier, and what of its owner is digitised
    /// already.
    List {
        /// The dossier, by its id or the code of the case system.
        #[arg(long, value_name = "ID")]
        dossier: String,
        /// Ask the centre first.
        #[arg(long)]
        ask_centre: bool,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Answer a component with a paper that is digitised already.
    Link {
        /// The dossier, by its id or the code of the case system.
        #[arg(long, value_name = "ID")]
        dossier: String,
        /// The number of the component, as `reuse list` shows it.
        #[arg(long, value_name = "N")]
        component: usize,
        /// The local or digitisation code of the paper.
        code: String,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Take that back: the component waits for a paper again.
    Undo {
        /// The dossier, by its id or the code of the case system.
        #[arg(long, value_name = "ID")]
        dossier: String,
        /// The number of the component, as `reuse list` shows it.
        #[arg(long, value_name = "N")]
        component: usize,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Decide whether a component is digitised, or why it is not.
    Decide {
        /// The dossier, by its id or the code of the case system.
        #[arg(long, value_name = "ID")]
        dossier: String,
        /// The number of the component, as `reuse list` shows it.
        #[arg(long, value_name = "N")]
        component: usize,
        /// `digitise`, `shared_already`, `copy_on_paper`, `only_presented`, `state_secret`
        /// or `not_named`.
        decision: DecisionName,
        #[command(flatten)]
        vault: VaultFolder,
    },
}

/// A decision by its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DecisionName(pub(crate) Digitising);

impl FromStr for DecisionName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let decision = Digitising::from_name(text).map(Self);
        decision.ok_or("there is no decision of that name")
    }
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

fn erase_reason(text: &str) -> Result<EraseReason, String> {
    let given = EraseReason::from_name(text);
    given
        .filter(|reason| *reason != EraseReason::TrashDaysOver)
        .ok_or_else(|| "the reasons are of_another, on_request and no_paper".to_owned())
}

fn assignment(text: &str) -> Result<(FieldName, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as FIELD=VALUE")?;
    let name = name
        .parse()
        .map_err(|error: domain::field::FieldNameError| error.to_string())?;
    Ok((name, value.to_owned()))
}
