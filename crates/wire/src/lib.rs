//! What travels between a desk and a centre: versioned messages, and envelopes that are
//! signed over the exact bytes.
//!
//! **Words.** A [`Submission`] is what a desk says of one deposited version of a document;
//! it stands in an *envelope* ([`envelope`]), signed by the station and chained to the one
//! before it. The files that it names travel beside it, sealed and in parts. A [`Receipt`]
//! is the centre's signed word that all of it lies there. Where there is no network, the same
//! travels in a *bundle* ([`bundle`]).
//!
//! **Invariants.**
//! * A shape that was once sent stays readable; a new shape gets a new version, and the
//!   golden files of the tests hold every version.
//! * Nothing is believed of a message before its signature was checked over the bytes as
//!   they came.
//! * Messages mirror the nouns of `domain` and are none: a change there changes no wire.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")
)]

pub mod answer;
mod base64_text;
pub mod bundle;
pub mod enrolment;
pub mod envelope;
pub mod holdings;
pub mod log_head;
pub mod receipt;
pub mod submission;

#[cfg(test)]
mod tests;

pub use answer::{Accepted, Missing, PartStored, Policy, Problem, ProblemCode, Progress, State};
pub use bundle::{Answer, Answered, BundleHead, BundleWriter, Piece, read_bundle};
pub use enrolment::{Enrolment, Ticket, TicketError};
pub use envelope::{Envelope, EnvelopeError, LogPlace};
pub use holdings::{AskCopy, AskHoldings, Holding, Holdings, OnBehalf};
pub use log_head::{LogGrowth, LogHead};
pub use receipt::{FinalCode, LogProof, Receipt, ReceiptError};
pub use submission::Submission;

/// The version of the messages that this program writes, and the newest that it reads.
pub const VERSION: u32 = 1;
/// No envelope is longer: a manifest of hundreds of pages and fields is far below.
pub const ENVELOPE_LIMIT_BYTES: usize = 1 << 20;
/// The longest part of a file.
pub const PART_LIMIT_BYTES: usize = 4 << 20;
