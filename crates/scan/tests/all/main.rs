//! Files, folders and devices as the rest of the house meets them.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod airscan;
mod camera;
mod child;
mod contract;
mod damage;
mod escl;
#[expect(
    unreachable_pub,
    reason = "the tests of the whole product share this file, and this crate may not know them"
)]
#[path = "../../../../tests/support/escl_server.rs"]
mod escl_server;
mod files;
mod folder;
mod material;
mod papers;
mod pdf_files;
mod replay;
mod sane;
