//! Pages drawn here, and real ones where `SOHOA_MATERIAL` points to them.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot unwrap has already failed"
)]
#![allow(
    clippy::print_stdout,
    clippy::float_cmp,
    clippy::needless_pass_by_value,
    clippy::unnecessary_debug_formatting,
    reason = "a test says what it skipped and measured, and 0.0 means that nothing was changed"
)]

mod blankness;
mod borders;
mod codes;
mod draw;
mod frames;
mod material;
mod outlines;
mod readability;
mod sheets;
mod skews;
mod verdicts;
