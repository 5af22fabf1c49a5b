//! Promises under faults: real processes killed at random moments.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod kill;
