//! The nouns of the one-stop shop and the rules of law about them.
//!
//! **Words.** A [`dossier::Dossier`] (hồ sơ) has components; each component is
//! answered by a [`document::Document`] (giấy tờ), whose [`page::Page`]s are raw
//! scanner bytes plus a list of transforms. Recognition gives
//! [`recognised_text::RecognisedText`]; extraction proposes
//! [`field::FieldCandidate`]s; a person confirms [`field::FieldValue`]s; deposit
//! makes a [`record::Record`], which never changes afterwards.
//!
//! **Invariants.** No IO, no clock, no SQL, no pixels. Entities derive no
//! `Serialize`: the vault's rows, the wire's forms and the window's views are
//! separate mirrors, so that a change of a screen can never make an old archive
//! unreadable. Only validated value types (ids, codes, digests) serialise, and
//! only through their one validating door.
//!
//! ```
//! use domain::code::TaxCode;
//! let code: TaxCode = "0100109106".parse().expect("the check digit is right");
//! assert_eq!(code.as_str(), "0100109106");
//! ```

#![warn(missing_docs)]

pub mod access;
pub mod accounting;
pub mod audit;
pub mod barcode;
pub mod code;
pub mod code_template;
pub mod copy;
pub mod delivery;
pub mod differing;
pub mod digest;
pub mod disagreement;
pub mod document;
pub mod dossier;
pub mod engine;
pub mod feed;
pub mod field;
pub mod fold;
pub mod geometry;
pub mod ids;
pub mod local_code;
pub mod office;
pub mod original;
pub mod page;
pub mod person_name;
pub mod quality;
pub mod recognised_text;
pub mod record;
pub mod retention;
pub mod reuse;
pub mod rights;
pub mod scan_profile;
pub mod second_person;
pub mod separator;
pub mod signature;
pub mod slip;
pub mod trust;
pub mod typing;
pub mod work_place;
