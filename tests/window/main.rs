//! The real window under `WebDriver`: the built program, its real core, and keys.
//!
//! `make test` runs this under Xvfb. Without a display it says that it was
//! skipped, but fails where `SOHOA_WINDOW_TESTS=required` asks for it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "a skipped test says so")]

mod camera;
mod effort;
mod engine_absent;
mod first_run;
mod keeping;
mod looking;
mod pages;
mod papers_disagree;
mod program;
mod repository;
mod stack;
mod whole_way;
