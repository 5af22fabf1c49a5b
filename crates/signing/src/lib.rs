//! Digital signatures on PDF papers: made with an officer's token, timestamped, judged.
//!
//! **Words.** A *token* (thiết bị ký số) holds an officer's key and signs without ever
//! giving it away; its *module* is the driver of its maker, its *PIN* opens it. A
//! *certificate* says whose a key is. A *revision* is what is added to the end of a PDF; a
//! signature is one. A *timestamp* is an authority's word for the time. The *trust store*
//! lists the authorities that an office trusts. A *judgement* answers, part by part, what
//! holds of a signature: good, bad, or cannot tell.
//!
//! **Invariants.** Not a byte before a new revision changes. What is signed is read back
//! and judged before it is given away. A PIN is neither kept nor written anywhere. A
//! judgement needs no network, and what is not at hand is *cannot tell*, never *bad*.
//! [`Module`] runs foreign native code and belongs in a worker process; so does [`judge`],
//! which reads foreign bytes.
//!
//! ```no_run
//! use signing::{Module, Request, TrustStore, judge, sign};
//! # let (pdf, font, pin) = (vec![], vec![], zeroize::Zeroizing::new(String::new()));
//! let module = Module::load("/usr/lib/softhsm/libsofthsm2.so".as_ref())?;
//! let token = module.tokens()?.remove(0);
//! let unlocked = module.unlock(&token.serial, &pin, false)?;
//! let certificate = &token.certificates[0];
//! let request = Request {
//!     signer: "Trần Minh Anh",
//!     signed_at: chrono::DateTime::UNIX_EPOCH,
//!     lines: &["Ký bởi: Trần Minh Anh".to_owned()],
//!     taken: &[],
//!     font: &font,
//! };
//! let signed = sign(&pdf, &request, certificate, &unlocked.chain()?, &mut |bytes| {
//!     unlocked.sign(certificate, bytes).map(Into::into)
//! })?;
//! assert_eq!(judge(&signed, &TrustStore::default())?.len(), 1);
//! # Ok::<(), signing::Error>(())
//! ```

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, reason = "a test stops at the first surprise")
)]

mod appearance;
mod certificate;
mod cms;
mod error;
mod judge;
mod oid;
mod pdf;
mod sign;
mod timestamp;
mod tlv;
mod token;
mod trust;

pub use appearance::Area;
pub use certificate::{Certificate, KeyKind};
pub use error::Error;
pub use judge::{SignatureFacts, judge};
pub use pdf::field::Request;
pub use sign::{AskAuthority, SignBytes, add_timestamp, sign};
pub use timestamp::ask_authority;
pub use token::{Module, TokenFacts, Unlocked};
pub use trust::TrustStore;
