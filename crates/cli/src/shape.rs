//! The JSON that measuring tools rely on. A name here never changes its meaning.

mod centre;
mod pages;
mod report;
mod reuse;
mod slip;
mod trash;

use desk::reading::{Reading, Times};
use domain::field::{FieldCandidate, Grade};
use domain::geometry::{PageGeometry, Size, Transform};
use domain::page::Page;
use serde::Serialize;

pub(crate) use centre::{BundleWritten, Enrolled, OutboxLine, PassDone};
pub(crate) use pages::{Count, StoredPage};
pub(crate) use report::{KnownShape, ReadingReport};
pub(crate) use reuse::{AnsweredComponent, Decided, OfferedPaper, ReuseReport, Reused};
pub(crate) use slip::{MadeSlip, SlipAsk, SlipKind, VerifiedSlip, WrittenKey};
pub(crate) use trash::{Erased, RestoredPage, TrashedPage};

/// What `report effort --json` prints, one line per dossier.
#[derive(Debug, Serialize)]
pub(crate) struct Effort {
    pub(crate) dossier: String,
    pub(crate) documents: u32,
    pub(crate) keys: u32,
    pub(crate) clicks: u32,
    /// Fields that had been filled in for the officer.
    pub(crate) prefilled: u32,
}

/// What `read --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Read {
    pages: Vec<ReadPage>,
    document: Document,
    fields: Vec<Field>,
    elapsed_ms: Elapsed,
}

#[derive(Debug, Serialize)]
struct ReadPage {
    file: String,
    index: usize,
    width_px: u32,
    height_px: u32,
    dpi: Option<u32>,
    blank: bool,
    turned_deg: u16,
    skew_deg: f32,
    quality: Quality,
    text: String,
    barcodes: Vec<Barcode>,
}

#[derive(Debug, Serialize)]
struct Quality {
    verdict: &'static str,
    reasons: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct Barcode {
    format: &'static str,
    text: String,
}

#[derive(Debug, Serialize)]
struct Document {
    r#type: String,
    grade: &'static str,
}

#[derive(Debug, Serialize)]
struct Field {
    name: String,
    value: Option<String>,
    grade: &'static str,
    source: &'static str,
    page: Option<usize>,
    /// Left, top, width, height in pixels of the raw image.
    r#box: Option<[u32; 4]>,
    handwritten: bool,
    doubts: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct Elapsed {
    clean: u64,
    recognise: u64,
    extract: u64,
    total: u64,
    /// Until the head of the first page showed a field.
    first_field: Option<u64>,
}

impl Read {
    pub(crate) fn new(reading: &Reading, file_names: &[String]) -> Self {
        let recognised = &reading.recognised;
        let pages = reading.received.iter().zip(&recognised.pages).enumerate();
        let geometries: Vec<PageGeometry> = reading
            .received
            .iter()
            .zip(&recognised.pages)
            .map(|(received, page)| PageGeometry::new(received.size, &page.transforms))
            .collect();
        Self {
            pages: pages
                .map(|(index, (received, page))| ReadPage {
                    file: file_names[reading.file_of_page[index]].clone(),
                    index,
                    width_px: received.size.width_px,
                    height_px: received.size.height_px,
                    dpi: received.dpi,
                    blank: page.appraisal.blank,
                    turned_deg: turned(&page.transforms),
                    skew_deg: page.skew_deg,
                    quality: Quality {
                        verdict: page.appraisal.quality.verdict.name(),
                        reasons: page
                            .appraisal
                            .quality
                            .reasons
                            .iter()
                            .map(|reason| reason.name())
                            .collect(),
                    },
                    text: page.text.text(),
                    barcodes: page
                        .appraisal
                        .barcodes
                        .iter()
                        .map(|code| Barcode {
                            format: code.format.name(),
                            text: code.text.clone(),
                        })
                        .collect(),
                })
                .collect(),
            document: Document {
                r#type: recognised.document_type.document_type.to_string(),
                grade: recognised.document_type.grade.name(),
            },
            fields: reading
                .fields
                .iter()
                .map(|field| Field::new(field, &geometries))
                .collect(),
            elapsed_ms: recognised.times.into(),
        }
    }
}

impl Field {
    fn new(field: &FieldCandidate, geometries: &[PageGeometry]) -> Self {
        let raw = field.evidence.and_then(|evidence| {
            let area = geometries.get(evidence.page)?.to_raw(&evidence.outline);
            Some([area.x, area.y, area.width, area.height])
        });
        Self {
            name: field.name.to_string(),
            value: (field.grade != Grade::Empty).then(|| field.value.clone()),
            grade: field.grade.name(),
            source: field.source.name(),
            page: field.evidence.map(|evidence| evidence.page),
            r#box: raw,
            handwritten: field.handwritten,
            doubts: field.doubts.iter().map(|doubt| doubt.name()).collect(),
        }
    }
}

impl From<Times> for Elapsed {
    fn from(times: Times) -> Self {
        Self {
            clean: times.clean_ms,
            recognise: times.recognise_ms,
            extract: times.extract_ms,
            total: times.total_ms,
            first_field: times.first_field_ms,
        }
    }
}

fn turned(transforms: &[Transform]) -> u16 {
    let turns = transforms.iter().map(|step| match step {
        Transform::Turn(turn) => turn.degrees(),
        _ => 0,
    });
    turns.sum::<u16>() % 360
}

/// One line of `digitise --json`, printed when the paper is durable.
#[derive(Debug, Serialize)]
pub(crate) struct Digitised {
    pub(crate) file: String,
    pub(crate) record: String,
    pub(crate) local_code: String,
    pub(crate) code: Option<String>,
    /// SHA-256 of the electronic copy.
    pub(crate) copy: Option<String>,
    pub(crate) state: &'static str,
    pub(crate) to_check: Vec<String>,
}

/// One line of `scan --json`, printed when the page is stored.
#[derive(Debug, Serialize)]
pub(crate) struct ScannedPage {
    page: usize,
    id: String,
    document: String,
    sha256: String,
    format: &'static str,
    width_px: u32,
    height_px: u32,
    dpi: Option<u32>,
}

impl ScannedPage {
    pub(crate) fn new(number: usize, page: &Page) -> Self {
        Self {
            page: number,
            id: page.id.to_string(),
            document: page.document_id.to_string(),
            sha256: page.raw.digest.to_string(),
            format: page.raw.format.name(),
            width_px: page.raw.size.width_px,
            height_px: page.raw.size.height_px,
            dpi: page.raw.dpi,
        }
    }
}

/// One line of `watch --json`, printed when the file is dealt with.
#[derive(Debug, Serialize)]
pub(crate) struct WatchedFile {
    pub(crate) file: String,
    pub(crate) state: &'static str,
    pub(crate) document: Option<String>,
    pub(crate) local_code: Option<String>,
    pub(crate) pages: Option<usize>,
    /// More than one where cover slips lay between the pages.
    pub(crate) papers: Vec<WatchedPaper>,
    pub(crate) error: Option<String>,
}

/// A paper of a watched file.
#[derive(Debug, Serialize)]
pub(crate) struct WatchedPaper {
    pub(crate) document: String,
    pub(crate) pages: usize,
    /// Its cover slip and the empty back of that.
    pub(crate) set_aside: usize,
}

impl From<&desk::watch::TakenPaper> for WatchedPaper {
    fn from(paper: &desk::watch::TakenPaper) -> Self {
        Self {
            document: paper.document.id.to_string(),
            pages: paper.pages,
            set_aside: paper.set_aside,
        }
    }
}

/// One line of `scan --list --json`.
#[derive(Debug, Serialize)]
pub(crate) struct Device {
    pub(crate) id: String,
    pub(crate) name: String,
    /// As `--source` takes them.
    pub(crate) sources: Vec<&'static str>,
    pub(crate) resolutions_dpi: Vec<u32>,
}

/// One line of `search --json`.
#[derive(Debug, Serialize)]
pub(crate) struct Hit {
    pub(crate) local_code: String,
    pub(crate) code: String,
    pub(crate) number: Option<String>,
    pub(crate) owner: Option<String>,
    pub(crate) kind: String,
    pub(crate) day: Option<String>,
}

/// What `show --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Shown {
    pub(crate) record: String,
    pub(crate) version: u32,
    pub(crate) local_code: String,
    pub(crate) code: String,
    pub(crate) provisional: bool,
    pub(crate) kind: String,
    pub(crate) fields: Vec<ShownField>,
    pub(crate) deposited_at: String,
    pub(crate) events: usize,
}

#[derive(Debug, Serialize)]
pub(crate) struct ShownField {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) source: &'static str,
    pub(crate) confirmed: bool,
    /// All but its last signs is covered; `--reveal` shows it.
    pub(crate) masked: bool,
}

/// One line of `officer list --json`.
#[derive(Debug, Serialize)]
pub(crate) struct Officer {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) roles: Vec<&'static str>,
    pub(crate) must_change: bool,
    pub(crate) active_at: Option<String>,
}

/// What `audit export --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct AuditExported {
    pub(crate) file: String,
    pub(crate) events: u64,
    /// How far the trail has come, to be written down elsewhere.
    pub(crate) mark: String,
}

/// What `audit verify --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct AuditVerified {
    pub(crate) sound: bool,
    pub(crate) events: u64,
    /// Signed heads that hold; `null` for a vault.
    pub(crate) heads: Option<u64>,
    pub(crate) mark: String,
    pub(crate) public_key: Option<String>,
    /// `altered`, `missing_or_moved`, `tail_cut`, `added`, `other_key` or `not_an_export`.
    pub(crate) tampering: Option<&'static str>,
    /// The position of the event at fault, or of the one that should follow.
    pub(crate) position: Option<u64>,
    pub(crate) line: Option<usize>,
}

/// What `code check --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct CodeChecked {
    pub(crate) code: String,
    pub(crate) sound: bool,
    pub(crate) kinds: Vec<&'static str>,
}

/// One line of `kinds learn --json`.
#[derive(Debug, Serialize)]
pub(crate) struct TaughtKind {
    pub(crate) kind: String,
    pub(crate) lessons: usize,
}

/// What `kinds forget --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Forgotten {
    pub(crate) lessons: usize,
}

/// What `init --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct VaultMade {
    pub(crate) vault: String,
    pub(crate) recovery_key: String,
}

/// What `check --json` prints.
#[derive(Debug, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an answer of its own, under its own name"
)]
pub(crate) struct Checked {
    pub(crate) sound: bool,
    pub(crate) database_faults: usize,
    pub(crate) audit_whole: bool,
    /// The file that counts wrong passphrases was damaged, and was begun anew.
    pub(crate) door_damaged: bool,
    /// The key file is not to the letter as it was written.
    pub(crate) key_file_damaged: bool,
    /// The file that counts acknowledged writes was damaged, and was begun anew.
    pub(crate) count_damaged: bool,
    /// Acknowledged writes that were not in the database when it was opened.
    pub(crate) lost_writes: u64,
    /// Sealed files that are as they were written.
    pub(crate) sealed_files: usize,
    pub(crate) damaged: Vec<String>,
    pub(crate) missing: Vec<String>,
    /// Pages that are said to be erased, of which the audit trail does not tell.
    pub(crate) forged_tombstones: Vec<String>,
    /// Sealed files that no row names; they are harmless.
    pub(crate) unreferenced: u64,
}

/// What `backup --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct BackedUp {
    pub(crate) folder: String,
    pub(crate) sealed_files: usize,
    /// Files that were not in the copy before.
    pub(crate) copied: usize,
    /// Files that were opened again, drawn by chance.
    pub(crate) opened: usize,
}

/// What `restore --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Restored {
    pub(crate) vault: String,
    pub(crate) epoch: u16,
}

/// What `export --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Exported {
    pub(crate) copy: String,
    pub(crate) manifest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) evidence: Option<String>,
    /// The folder that holds all of it, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) folder: Option<String>,
}

/// What `verify --json` prints of a package, one for each part.
#[derive(Debug, Serialize)]
pub(crate) struct PackagePart {
    pub(crate) part: &'static str,
    /// `good`, `bad` or `cannot_tell`; nothing where there is nothing to hold.
    pub(crate) answer: Option<&'static str>,
    pub(crate) misfits: Vec<String>,
}

/// What `verify --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Verified {
    pub(crate) sound: bool,
    pub(crate) misfits: Vec<String>,
}

/// What `form check --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct FormChecked {
    pub(crate) file: String,
    pub(crate) document_type: String,
    pub(crate) fields: usize,
}

/// One line of `demo --json`.
#[derive(Debug, Serialize)]
pub(crate) struct DemoPaper {
    pub(crate) paper: usize,
    pub(crate) pages: usize,
    pub(crate) kind: String,
    pub(crate) local_code: String,
    pub(crate) code: String,
    pub(crate) copy: String,
    pub(crate) fields: Vec<DemoField>,
    pub(crate) elapsed_ms: u64,
}

#[derive(Debug, Serialize)]
pub(crate) struct DemoField {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) grade: &'static str,
}

/// The size of a page in words, for people.
pub(crate) fn in_words(size: Size, dpi: Option<u32>) -> String {
    match dpi {
        Some(dpi) => format!("{}×{} px, {dpi} dpi", size.width_px, size.height_px),
        None => format!("{}×{} px", size.width_px, size.height_px),
    }
}

/// The last line of `stack --json`, after a line for each page.
#[derive(Debug, Serialize)]
pub(crate) struct Stack {
    pub(crate) papers: Vec<PaperOfStack>,
    /// Separators that named a paper behind which no page came.
    pub(crate) without_pages: Vec<String>,
    pub(crate) separators: usize,
}

/// A paper of a stack.
#[derive(Debug, Serialize)]
pub(crate) struct PaperOfStack {
    pub(crate) document: String,
    pub(crate) local_code: String,
    pub(crate) dossier: String,
    pub(crate) component: String,
    pub(crate) component_code: Option<String>,
    pub(crate) pages: usize,
    pub(crate) opened_by: Option<&'static str>,
    pub(crate) unknown_slip: bool,
    /// Empty until the paper was read.
    pub(crate) joins: Vec<Join>,
}

/// A page that may begin another paper.
#[derive(Debug, Serialize)]
pub(crate) struct Join {
    /// Its number in the paper, from 1.
    pub(crate) page: usize,
    pub(crate) page_id: String,
    pub(crate) reason: &'static str,
}

/// What `slips --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Slips {
    pub(crate) dossier: String,
    pub(crate) slips: usize,
}

/// A copy that waits for a signature.
#[derive(Debug, Serialize)]
pub(crate) struct WaitingCopy {
    pub(crate) local_code: String,
    pub(crate) pages: usize,
    pub(crate) digitised_by: String,
    pub(crate) digitised_at: String,
    pub(crate) deposited: bool,
}

/// A copy that was made of a paper.
#[derive(Debug, Serialize)]
pub(crate) struct CopyMade {
    pub(crate) sha256: String,
    pub(crate) pages: usize,
    pub(crate) made_at: String,
    /// It is the signed file that was handed in.
    pub(crate) born_electronic: bool,
    pub(crate) signed_at: Option<String>,
    pub(crate) timestamped_at: Option<String>,
}

/// A token that is plugged in.
#[derive(Debug, Serialize)]
pub(crate) struct Token {
    pub(crate) serial: String,
    pub(crate) label: String,
    pub(crate) maker: String,
    pub(crate) few_tries: bool,
    pub(crate) last_try: bool,
    pub(crate) locked: bool,
    pub(crate) certificates: Vec<TokenCertificate>,
}

/// A certificate on a token.
#[derive(Debug, Serialize)]
pub(crate) struct TokenCertificate {
    pub(crate) sha256: String,
    pub(crate) name: String,
    pub(crate) issuer: String,
    pub(crate) valid_until: String,
    /// Why this officer does not sign with it, if so.
    pub(crate) unfit: Option<&'static str>,
}

/// What became of a batch of signatures.
#[derive(Debug, Serialize)]
pub(crate) struct SignedBatch {
    pub(crate) signed: usize,
    pub(crate) waiting: usize,
    pub(crate) stopped_by: Option<String>,
}

/// What holds of one signature of a PDF.
#[derive(Debug, Serialize)]
pub(crate) struct JudgedSignature {
    pub(crate) name: String,
    pub(crate) issuer: String,
    pub(crate) certificate_sha256: Option<String>,
    pub(crate) signed_at: Option<String>,
    pub(crate) timestamped_at: Option<String>,
    pub(crate) is_timestamp: bool,
    pub(crate) digest_algorithm: String,
    pub(crate) intact: &'static str,
    pub(crate) coverage: &'static str,
    pub(crate) algorithm: &'static str,
    pub(crate) certificate: &'static str,
    pub(crate) chain: &'static str,
    /// All of it in one word.
    pub(crate) answer: &'static str,
}
