//! The verbs: every task an officer can do, as plain functions.
//!
//! **Words.** [`session`] opens a [`Desk`]; [`reception`] receives a dossier;
//! [`scan`] brings pages in, [`camera`] those laid under one, [`watch`] those that others put into a folder, and
//! [`separate`] those of a whole stack, split where [`slips`] lie between its papers;
//! [`review`] recognises, makes the copy, extracts and lets a person confirm,
//! [`second_person`] two where a field takes two; [`cross_check`] compares the papers
//! of a dossier and [`group`] puts the doubtful values of all papers together;
//! [`deposit`] assigns the code and stores; [`search`] and [`export`] find it again.
//! [`reuse`] finds what need not be scanned again. [`trash`] keeps what was taken out, and erases it when its days are over.
//! [`officers`] says who may sign in and do what; [`audit`] hands the trail out.
//! [`digitise`] is the whole way in one call, and [`reading`] the part of it that needs
//! no vault. [`trust`] is what people found when they looked, and what follows from it
//! for the next paper; [`kinds`] is what their corrections taught about kinds of paper.
//!
//! **Invariants.** Each verb asks first whether one of the officer's roles has the right
//! to it, and writes what was seen or changed into the audit trail. This is the only crate that knows more than one tool and the
//! only one that asks the clock. A page is sealed on disk and recorded before
//! anybody is told of it. Foreign bytes and native drivers stay in worker
//! processes ([`worker`]); a crash there costs one retry. The window, the command
//! line and the tests are thin faces over these same functions.
//!
//! ```no_run
//! use desk::{Settings, reception, search, session};
//! # fn main() -> Result<(), desk::Error> {
//! let settings = Settings::for_this_program("vault".into())?;
//! let passphrase = vault::Passphrase::new("Mot-cua-2026".to_owned());
//! let desk = session::sign_in(&settings, &passphrase)?;
//! for hit in search::search(&desk, "nguyen", 20)? {
//!     println!("{}", hit.record.local_code);
//! }
//! # Ok(())
//! # }
//! ```

#![warn(missing_docs)]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")
)]

pub mod accounting;
pub mod archive;
pub mod audit;
pub mod backup;
pub mod by_hand;
pub mod camera;
mod clock;
mod copy;
pub mod cross_check;
pub mod demo;
pub mod deposit;
pub mod digitise;
mod double_feed;
pub mod doubtful_letters;
pub mod effort;
mod error;
pub mod evidence;
pub mod export;
pub mod group;
pub mod kinds;
pub mod known;
pub mod officers;
pub mod original;
pub mod package;
pub mod picture;
pub mod portal;
pub mod profiles;
pub mod reading;
pub mod reception;
mod resources;
pub mod resume;
pub mod reuse;
pub mod review;
mod room;
pub mod scan;
pub mod search;
pub mod second_person;
pub mod separate;
pub mod session;
pub mod signatures;
pub mod slips;
pub mod stations;
pub mod sync;
pub mod trash;
pub mod trust;
pub mod watch;
pub mod worker;

pub use clock::Clock;
pub use error::{Error, Refusal};
pub use resources::Resources;
pub use session::{Desk, Revealed, Settings};

// What the faces need of the tools, so that they know only this crate.
pub use ::scan::{
    CancelToken, ColourMode, Device, Error as ScanError, Limits, ScanSettings, ScanSource, Sides,
};
pub use ::sync::{Fault, Outcome as SyncOutcome, Stop};
pub use extraction::{
    AskShape, Calibration, Catalogue, FieldDefinition, Form, FormFault, JoinReason, PersonPart,
    Procedure, ProcedureComponent, RuleFailure, SlipSubject, SlipTemplate, UnprovenPart,
    check_form,
};
pub use packaging::{CopyFacts, read_copy};
pub use signing::Error as SigningError;
pub use vault::{
    AuditExportReport, AuditMark, AuditTrail, Contact, DossierEffort, Effort, Error as VaultError,
    Flaw, KindTotal, KnownOfAudit, LastBackup, OfficerAtDoor, OutboxTotal, Passphrase, RecoveryKey,
    ReuseTotal, SearchHit, Subset, Tampering, Vault, verify_audit_export,
};
