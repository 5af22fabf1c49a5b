//! Promises under faults: real processes killed at random moments.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(
    clippy::print_stdout,
    reason = "the seed and the counts belong to the result"
)]

mod audit;
mod backup;
mod bit_rot;
mod canaries;
mod chance;
mod codes;
mod delivery;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(target_os = "linux")]
mod failing_disk;
mod feeder;
mod figures;
#[cfg(target_os = "linux")]
mod full_disk;
mod kill;
mod liveness;
mod log_audit;
mod mutated_pdfs;
mod objects;
mod orphans;
#[cfg(target_os = "linux")]
mod power_cut;
mod sync;
mod viewings;
mod watched;
mod work;
