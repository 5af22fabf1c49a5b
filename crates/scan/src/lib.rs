//! Foreign bytes and devices become page images.
//!
//! **Words.** A *file* is bytes of unknown worth that somebody handed over; its
//! *pages* come out as [`RawPage`]s, whose bytes are kept as they came wherever
//! that is possible. A *scanner* is a device with a feeder or a flatbed; a
//! *sheet* is one piece of paper in its feeder. [`sane`] drives devices of this
//! computer, [`escl`] those of the network, [`camera`] looks down on a table, and
//! [`feeder_folder`] is a folder that behaves like a loaded feeder; [`devices`] finds and
//! opens all four. A *trace* records what was said to a device and what it answered.
//!
//! **Invariants.** What comes out has been decoded once, so a page that was
//! handed over can be shown; a file that is cut short is an error and never half
//! a page. Pixel counts are checked on the header, before anything is decoded.
//! Pages that were handed over before a fault stay handed over. Nothing here
//! writes a page to disk, and no error carries a person's data. Decoders and
//! drivers are foreign code: a panic in one becomes [`Error::Damaged`], and the
//! crate is meant to run inside a worker process with a time and memory limit,
//! because a crash or an endless loop in one can only be ended from outside.
//!
//! ```
//! use std::ops::ControlFlow;
//! let limits = scan::Limits::default();
//! let refused = scan::pages_of_file(b"not a paper", &limits, &mut |_page| ControlFlow::Continue(()));
//! assert_eq!(refused.unwrap_err().name(), "unknown_format");
//! ```

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, reason = "a test stops at the first surprise")
)]

pub mod camera;
pub mod devices;
mod error;
pub mod escl;
mod exif;
pub mod feeder_folder;
mod file;
mod guard;
mod jpeg;
mod limits;
mod page_png;
mod pdf;
mod resolution;
pub mod sane;
mod scanner;
mod tiff;
mod trace;

pub use error::{Damage, Error};
pub use file::{RawPage, decode, pages_of_file};
pub use limits::Limits;
pub use scanner::{CancelToken, ColourMode, Device, ScanSettings, ScanSource, Scanner, Sides};
pub use trace::{Trace, TraceLines};
