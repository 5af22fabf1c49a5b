//! What desk and worker say to each other. Both ends are the same program, so
//! these forms need no version.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use domain::engine::Engine;
use domain::local_code::LocalCode;
use serde::{Deserialize, Serialize};
use vault::EngineUsed;

use super::crops::Corners;
use super::mirror;
use super::signer::SignatureMirror;
use crate::signatures::Token;

/// A request to a worker; some carry a payload of bytes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Request {
    /// Payload: a file. Answered by `Page`s, each waiting for `Stored`, then `Done`.
    PagesOfFile,
    /// Answered by `Devices`.
    Devices,
    /// Answered by `Page`s, each waiting for `Stored`, then `Done`. `Cancel` may come
    /// between. When `traced`, any number of `Trace`s come between too.
    Scan {
        device: String,
        settings: mirror::ScanSettings,
        traced: bool,
    },
    /// A camera that somebody watches: like `Scan`, with `Live`s in between, until
    /// `Cancel`. `Steer` may come at any time.
    Watch { device: String, by_stillness: bool },
    /// The shutter is pressed, or what stillness may do has changed.
    Steer { press: bool, by_stillness: bool },
    /// Payload: raw page bytes. Answered by `Appraised`.
    Appraise {
        format: String,
        dpi: Option<u32>,
        /// As in `Read`.
        by_hand: Vec<mirror::Transform>,
        turn: Option<u16>,
        /// Codes are looked for too, which takes longer than all else.
        codes: bool,
    },
    /// Payload: raw page bytes. Answered by `Read`, payload the upright JPEG for
    /// the copy, empty when the raw bytes are already that. With `head_first`, a
    /// `Head` may come before it. The worker keeps the cleaned page under `key` for
    /// `ReadAgain`.
    Read {
        key: String,
        format: String,
        dpi: Option<u32>,
        /// What a person cut or masked, applied before all else.
        by_hand: Vec<mirror::Transform>,
        turn: Option<u16>,
        head_first: bool,
    },
    /// Tesseract reads these lines of a page that was just read.
    ReadAgain {
        key: String,
        text: mirror::Text,
        lines: Vec<usize>,
    },
    /// The third engine reads these words, each by its line and its place there.
    Settle {
        key: String,
        text: mirror::Text,
        words: Vec<(usize, usize)>,
    },
    /// Payload: raw page bytes. Answered by `Picture`, payload a JPEG.
    Picture {
        format: String,
        transforms: Vec<mirror::Transform>,
        width_px: Option<u32>,
    },
    /// Payload: raw page bytes. The worker keeps the upright page under `key` for
    /// `CloseUp`. Answered by `Done`.
    KeepUpright {
        key: String,
        format: String,
        transforms: Vec<mirror::Transform>,
    },
    /// A piece of an upright page: left, top, width, height. Answered by `Picture`,
    /// payload a JPEG, or by `Forgotten`.
    CloseUp {
        key: String,
        area: [u32; 4],
        width_px: u32,
    },
    /// Payload: raw page bytes, or with `whole` a PNG that is itself the piece.
    /// Answered by `Pieces`, payload the pieces as PNG, one after the other.
    Pieces {
        format: String,
        places: Vec<Corners>,
        whole: bool,
    },
    /// Answered by `Tokens`.
    Tokens { module: PathBuf },
    /// Payload: the PIN. The token stays open until the worker ends. Answered by `Done`.
    Unlock {
        module: PathBuf,
        serial: String,
        use_last_try: bool,
    },
    /// Payload: a PDF. Answered by `Pdf`.
    Sign {
        certificate: Digest,
        signer: String,
        signed_at: DateTime<Utc>,
        lines: Vec<String>,
        /// What stands on the first page: left, top, width, height in points.
        taken: Vec<[f32; 4]>,
    },
    /// Payload: a signed PDF. Answered by `Stamped`.
    Timestamp { authority: String, nonce: [u8; 8] },
    /// Payload: a PDF. Answered by `Printed`.
    PrintedText,
    /// Payload: a PDF. Answered by `CopySays`.
    ReadCopy,
    /// Payload: a PDF. Answered by `Judged`.
    Judge { authorities: Option<PathBuf> },
    /// The page just sent is safely stored; go on.
    Stored,
    /// The page just sent could not be stored; end the job, and answer that it ended.
    NotStored,
    /// Stop feeding; what was stored stays.
    Cancel,
}

/// A worker's answer.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    /// Payload: raw page bytes.
    Page {
        format: String,
        width_px: u32,
        height_px: u32,
        dpi: Option<u32>,
        /// How the sheet in the picture of a camera is laid flat.
        by_hand: Vec<mirror::Transform>,
    },
    /// Payload: the small JPEG of this moment.
    Live {
        width_px: u32,
        height_px: u32,
        outline: Option<[(f32, f32); 4]>,
        is_taken: bool,
    },
    /// The stream of pages has ended well.
    Done,
    /// A line of what was said to the scanner and what it answered.
    Trace(String),
    /// The scanners found.
    Devices(Vec<mirror::Device>),
    /// The head of the page that is being read.
    Head {
        transforms: Vec<mirror::Transform>,
        text: mirror::Text,
    },
    /// What was found out about a page without reading it.
    Appraised {
        transforms: Vec<mirror::Transform>,
        appraisal: mirror::Appraisal,
    },
    /// What was found out about a page.
    Read(Box<ReadAnswer>),
    /// The text with Tesseract's readings in it.
    Text(mirror::Text),
    /// The page is not kept here any more; read it again first.
    Forgotten,
    /// Payload: a JPEG.
    Picture,
    /// The digest and the length of each piece in the payload.
    Pieces(Vec<(Digest, usize)>),
    /// The tokens that are plugged in.
    Tokens(Vec<Token>),
    /// Payload: a PDF.
    Pdf,
    /// Payload: the PDF with its timestamp.
    Stamped { at: DateTime<Utc> },
    /// What stands on a PDF, as far as it is text.
    Printed(String),
    /// What an electronic copy says of itself.
    CopySays {
        pages: usize,
        local_code: LocalCode,
        raw_digests: Vec<Digest>,
    },
    /// What holds of the signatures of a PDF.
    Judged(Vec<SignatureMirror>),
    /// The task failed; the worker itself is well.
    Failed(Failure),
}

/// What reading a page gave.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ReadAnswer {
    pub(super) transforms: Vec<mirror::Transform>,
    pub(super) skew_deg: f32,
    pub(super) appraisal: mirror::Appraisal,
    pub(super) text: mirror::Text,
    pub(super) times: ReadTimes,
    pub(super) engines: Vec<EngineAtWork>,
    /// Why an engine is not at work.
    pub(super) notice: Option<String>,
}

/// An engine that is loaded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct EngineAtWork {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) model: Digest,
}

impl EngineAtWork {
    pub(super) fn into_used(self) -> Option<EngineUsed> {
        Some(EngineUsed {
            engine: Engine::from_name(&self.name)?,
            version: self.version,
            model: self.model,
        })
    }
}

/// Milliseconds per stage of reading a page.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct ReadTimes {
    /// Decoding, turning, straightening, levelling, codes.
    pub(crate) clean_ms: u64,
    /// Finding and reading lines.
    pub(crate) recognise_ms: u64,
}

/// Why a task failed, in a form that crosses the pipe.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Failure {
    /// An error of the scan crate, by its stable name, and the sheet it happened on.
    Scan { name: String, sheet: Option<u32> },
    /// An error of the signing crate, by its stable name, and a token's own code.
    Signing { name: String, code: String },
    /// The PDF is none that this program made, or is damaged.
    NotOurPdf,
    /// An engine's own words.
    Recognise(String),
    /// Nobody is there to read: which file is not what it should be.
    EngineAbsent(String),
    /// The two ends do not understand each other: a bug.
    Protocol,
}
