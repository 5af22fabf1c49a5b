//! Promises under faults: real processes killed at random moments.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(
    clippy::print_stdout,
    reason = "the seed and the counts belong to the result"
)]

mod audit;
mod backup;
mod chance;
mod feeder;
mod kill;
mod watched;
