//! What the tests of the product share.
//!
//! **Words.** [`paper_maker`] draws invented papers with the truth about them, so
//! that no real person's paper enters the repository. [`test_desk`] is a desk in a
//! temporary folder: the real vault, the real workers, a fixed clock. [`escl_server`]
//! is a network scanner that follows a script; [`vault_maker`] fills a vault without a desk.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        reason = "a test that cannot go on says so by panicking"
    )
)]

pub mod escl_server;
pub mod paper_maker;
pub mod test_desk;
pub mod vault_maker;
