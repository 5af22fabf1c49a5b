//! The rules of the house, checked.
//!
//! Each rule is a function from what lies in the tree to a list of complaints.
//! One test runs it over the real tree, which must draw none; another runs it
//! over a small sample that breaks the rule, which must draw one: a check that
//! cannot complain checks nothing.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod tidy {
    mod arrows;
    mod domain;
    mod licences;
    mod loose_ends;
    mod names;
    mod sockets;
    mod tree;
    mod window;
}
