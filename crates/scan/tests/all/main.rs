//! Files, folders and devices as the rest of the house meets them.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod contract;
mod damage;
mod files;
mod folder;
mod material;
mod papers;
mod pdf_files;
mod sane;
