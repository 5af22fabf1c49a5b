//! Figures about the work at a desk.

mod effort;
mod reading;

pub(super) use effort::effort;
pub(super) use reading::reading;
