//! Figures about the work at a desk.

mod effort;
mod reading;
mod reuse;

pub(super) use effort::effort;
pub(super) use reading::reading;
pub(super) use reuse::reuse;
