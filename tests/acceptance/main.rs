//! The product's tasks without its window: one file per task.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(
    clippy::print_stdout,
    reason = "what was measured belongs to the result"
)]

mod bad_input;
mod bundle;
mod camera;
mod centre;
mod centre_rights;
mod command_line;
mod cross_check;
mod deposit;
mod drawn_kinds;
mod escl;
mod evidence;
mod group;
mod keeping;
mod kinds;
mod law;
mod officers;
mod originals;
mod packages;
mod pages;
mod purged;
mod real_papers;
mod reception;
mod repository;
mod repository_rights;
mod reuse;
mod reuse_from_centre;
mod review;
mod rights;
mod scan;
mod sharing;
mod sign;
mod signatures;
mod slips;
mod stack;
mod trash;
mod trust;
mod watch;
mod watched_slips;
mod whole_way;
