//! Worker processes: where foreign bytes and native drivers live.
//!
//! A worker is this same program started with one hidden argument. It is fed
//! through pipes, never through plain files, under a memory limit that it sets
//! itself and time limits that the desk keeps. If it crashes or falls silent it
//! is ended and the request is tried once more with a fresh one; the desk itself
//! never goes down with a decoder, a driver or an engine.

mod camera;
mod close_up;
mod crew;
mod crops;
mod engines;
mod frame;
mod limits;
mod message;
mod mirror;
mod own_pdf;
mod page;
mod process;
mod server;
mod signer;
mod turns;

pub(crate) use camera::Hand;
pub(crate) use close_up::PageToShow;
pub use crew::Crew;
pub(crate) use crew::side_by_side;
pub(crate) use crops::Corners;
pub(crate) use message::ReadTimes;
pub use page::{PageHead, PageToRead, ReadPage, ReceivedPage};
pub(crate) use signer::{SignRequest, SignerProcess};

/// The hidden argument that makes the program a worker.
pub const ARGUMENT: &str = "--serve-as-worker";

/// Serves as worker and never returns, when the program was started as one.
/// Every program of the product calls this first in `main`.
pub fn run_if_asked() {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|argument| argument == ARGUMENT)
    {
        std::process::exit(server::serve());
    }
}
