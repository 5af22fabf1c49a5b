//! Pages, text and values → the electronic copy and its manifest, both read again
//! before they are believed.
//!
//! **Words.** The *electronic copy* (bản sao điện tử) is one PDF/A per paper: every
//! page is the picture people see, with the recognised text behind it, so that it
//! can be searched and copied. Its metadata say what is known when it is made:
//! local code, digests of the raw pages, who digitised, and when. The *manifest*
//! (bản kê) stands beside the copy and carries what comes later: fields and
//! digitisation code. The *evidence* says where each field stands on the raw pages.
//! A *cover slip* (tờ bìa) is printed, laid before a paper, and found again in the stack.
//!
//! **Invariants.** Same input, same bytes: no clock, no random id. The JPEG of a
//! page is embedded as it came. Nothing is drawn over a page, and the top left
//! corner of the first one stays free for the digitiser's signature. A text that
//! cannot be drawn never costs the copy. [`make_copy`] gives back only what it has
//! read again and found equal.
//!
//! ```no_run
//! # use domain::{digest::Digest, geometry::Size, local_code::{LocalCode, Station}, recognised_text::RecognisedText};
//! # let (jpeg, font, digitised_at) = (vec![], vec![], chrono::DateTime::UNIX_EPOCH);
//! use packaging::{CopyPage, CopyRequest, Standard, make_copy, read_copy};
//! let page = CopyPage {
//!     jpeg: &jpeg,
//!     size: Size { width_px: 1654, height_px: 2339 },
//!     dpi: 200,
//!     text: &RecognisedText::default(),
//!     raw_digest: Digest::of(b"the scanner's bytes"),
//! };
//! let local_code = LocalCode::new(Station { number: 0x80_0001, epoch: 1 }, 7).expect("in range");
//! let pdf = make_copy(&CopyRequest {
//!     pages: &[page],
//!     local_code,
//!     digitised_by: "Trần Minh Anh",
//!     digitised_at,
//!     font: &font,
//!     standard: Standard::PdfA2b,
//! })?;
//! assert_eq!(read_copy(&pdf)?.local_code, local_code);
//! # Ok::<(), packaging::Error>(())
//! ```

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        reason = "a test that cannot go on says so by panicking"
    )
)]

mod archive;
mod copy;
mod error;
mod evidence;
mod manifest;
mod package;
mod portal;
mod read;
mod sheet;
mod slip;
mod text_layer;
mod xml;
mod xmp;

pub use archive::{Archived, ArchivedEvent, ArchivedFile, archive};
pub use copy::{CopyPage, CopyRequest, MAX_PAGES, Standard, make_copy};
pub use error::Error;
pub use evidence::{
    EVIDENCE_VERSION, EngineFacts, EvidenceList, FieldEvidence, RawPage, read_evidence,
    write_evidence,
};
pub use manifest::{MANIFEST_VERSION, manifest};
pub use package::{
    MOST_FILES, PACKAGE_VERSION, PackageFile, PackageManifest, RecordSays, SignatureVerdict,
    is_plain_path, read_package_manifest, read_record, read_seal, write_package_manifest,
    write_seal, write_verdicts,
};
pub use portal::{portal_json, portal_table};
pub use read::{CopyFacts, read_copy};
pub use sheet::{
    Cell, LaidOutSheet, LineManner, Sheet, SheetFonts, SheetPaper, SheetPart, Signer, lay_out,
    printed_text,
};
pub use slip::{CoverSlip, make_slips};
