//! The repository of each organisation and individual (kho quản lý dữ liệu điện tử của tổ chức,
//! cá nhân): what the centre holds, shown according to who has signed in.
//!
//! **Words.** A *holder* is whom papers belong to; a *case* is the dossier that gives an officer
//! the reason to look at its holder; a *viewing* is the row that says who looked.
//!
//! **Invariants.**
//! * Which rows somebody sees is decided by the policies of the database; the code here only
//!   says who asks.
//! * Whatever is shown leaves a viewing, written in the transaction that read it; where it
//!   cannot be written, nothing is shown.
//! * A viewing names keys and keyed digests, never a person.
// Circular 01/2023/TT-VPCP, art. 24: shown according to the account and its authorisation.

pub(crate) mod cases;
pub(crate) mod copies;
pub(crate) mod counts;
pub(crate) mod http;
pub(crate) mod look;
pub(crate) mod page;
pub(crate) mod papers;
pub(crate) mod person;
pub(crate) mod refusal;
pub(crate) mod sessions;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod uploads;
pub(crate) mod verdict;
pub(crate) mod viewings;
