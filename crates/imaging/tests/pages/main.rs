//! Pages drawn here, and real ones where `SOHOA_MATERIAL` points to them.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot unwrap has already failed"
)]

mod blankness;
mod borders;
mod codes;
mod draw;
mod frames;
mod material;
mod readability;
mod skews;
mod verdicts;
