//! What the tests of the product share.
//!
//! **Words.** [`paper_maker`] draws invented papers with the truth about them, so
//! that no real person's paper enters the repository. [`test_desk`] is a desk in a
//! temporary folder: the real vault, the real workers, a fixed clock; [`test_token`] a token
//! with what an authority issued for it; [`test_centre`] a centre on a database of its own, [`test_s3`] a bucket for it,
//! [`bad_link`] what lies between it and its desks, [`recorded_peer`] whom it shares with, and at which
//! [`test_people`] look whom [`test_provider`] signs in. [`escl_server`] is a network scanner that follows a
//! script, [`table`] what a document camera sees, and [`separator_sheet`] what lies between
//! the papers of a stack; [`vault_maker`] fills a vault without a desk.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        reason = "a test that cannot go on says so by panicking"
    )
)]

pub mod bad_link;
pub mod escl_server;
pub mod memory_station;
pub mod paper_maker;
pub mod recorded_peer;
pub mod separator_sheet;
pub mod table;
pub mod test_centre;
pub mod test_desk;
pub mod test_people;
pub mod test_provider;
pub mod test_s3;
pub mod test_timestamps;
pub mod test_token;
pub mod vault_maker;
