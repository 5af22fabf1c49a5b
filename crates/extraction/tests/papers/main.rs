//! Papers laid out by hand, as if recognised, and what is made of them.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop loudly"
)]

mod support;

mod birth_certificate;
mod doubts;
mod forms;
mod kinds;
mod listed_values;
mod official_document;
mod other;
mod real_papers;
mod second_reading;
mod typed_values;
