//! The centre seen from a desk: what waits is announced, its files follow in parts, and a
//! receipt that was verified is the end of it.
//!
//! **Words.** A [`Store`] is where the desk keeps what waits; a [`Centre`] is who answers;
//! one [`pass`] does what can be done now. [`HttpCentre`] speaks to a real one.
//!
//! **Invariants.**
//! * What is sent twice has one effect: envelopes and files are named by their digests.
//! * After a cut at most one part is sent again.
//! * Nothing counts as delivered without a receipt that the pinned key of the centre signed.
//! * A record that the centre will never take is parked, and does not hold up the next.
//! * The clock of the desk orders nothing.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")
)]

mod backoff;
mod bundle;
mod client;
mod enrol;
mod pass;
mod prepare;
mod store;

#[cfg(test)]
mod tests;

pub use backoff::Backoff;
pub use bundle::{Bundled, Unwritten, apply_answer, write_bundle};
pub use client::{Access, Centre, Fault, HttpCentre};
pub use enrol::{ConnectionKey, Enrolment, enrol};
pub use pass::{Outcome, Report, Stop, pass};
pub use prepare::{Outgoing, prepare};
pub use store::{Parked, Store};
pub use wire::bundle::{ANSWER_LIMIT_BYTES, Answer, BundleHead};
pub use wire::enrolment::Enrolled;
pub use wire::submission::Officer as WireOfficer;
pub use wire::{AskCopy, AskHoldings, Holding, Holdings, OnBehalf};
pub use wire::{Enrolment as EnrolmentMessage, LogPlace, Receipt, Ticket, VERSION};
