//! The vault (kho): the desk's encrypted store, and the only crate that knows
//! `SQLite` or writes people's data to the desk's disk.
//!
//! **Words.** A [`Vault`] lies in one folder: an encrypted database, a key file
//! beside it with one wrap for each officer, and *sealed files*, one for each raw page
//! image and each electronic copy. [`Vault::read`] gives a [`Reader`] with one consistent state,
//! [`Vault::write`] a [`Writer`] with one transaction. A [`RecoveryKey`] opens the
//! vault when the [`Passphrase`] is lost.
//!
//! **Invariants.**
//! * Nothing readable ever lies on the disk, partial files included; but where there
//!   are several officers, the key file names them, so that one can choose.
//! * A sealed file is on the disk before a row names it: a crash may leave a file
//!   without a row, which is harmless, never a row without its file.
//! * What [`Vault::seal`] or [`Vault::write`] has acknowledged survives a kill
//!   and a power cut.
//! * A local code once given is never given again.
//! * Records, copies and audit events never change; nothing is deleted, but for the image
//!   of a page that was taken out and erased, of which the trail tells.
//! * A migration is never edited; a vault of a newer program is refused.
//! * No error and no `{:?}` of this crate carries a person's data.
//!
//! ```
//! use chrono::Utc;
//! use domain::{ids::OfficerId, local_code::Station, office::{Office, Officer}};
//! use vault::{NewVault, Passphrase, Vault};
//!
//! # let dir = tempfile::tempdir().expect("a folder");
//! # let dir = dir.path();
//! let passphrase = Passphrase::new("bốn từ rất dài".to_owned());
//! let office = Office {
//!     code: "H55.242".parse().expect("an agency code"),
//!     station: Station { number: 1 << 23, epoch: 1 },
//! };
//! let officer = Officer {
//!     id: OfficerId::from_uuid(uuid::Uuid::now_v7()),
//!     name: "Trần Thị Mẫu".to_owned(),
//! };
//! let new = NewVault { office: &office, officer: &officer, passphrase: &passphrase, now: Utc::now() };
//! let (vault, _recovery_key) = Vault::create(dir, &new)?;
//! let sealed = vault.seal(b"the bytes of a page")?;
//! assert_eq!(*vault.unseal(&sealed.sealed_digest)?, b"the bytes of a page");
//! let code = vault.write(|writer| writer.next_local_code())?;
//! assert_eq!(code.counter(), 1);
//! # Ok::<(), vault::Error>(())
//! ```

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")
)]

mod access;
mod acknowledged;
mod audit_chain;
mod audit_excerpt;
mod audit_export;
mod backup;
mod check;
mod column;
mod database;
mod delivery;
mod door;
mod durable;
mod error;
mod hex;
mod json;
mod key_file;
mod passphrase;
mod recovery_key;
mod sealed;
mod station_seal;
mod table;
mod vault;

#[cfg(test)]
mod tests;

pub use access::{Reader, Writer};
pub use audit_excerpt::{AuditExcerptReport, verify_audit_excerpt};
pub use audit_export::{
    AuditExportReport, AuditMark, Flaw, KnownOfAudit, NotAMark, Tampering, verify_audit_export,
};
pub use backup::{BackupReport, OpenedBy};
pub use check::{CheckReport, NotASubset, Subset};
pub use door::WrongTry;
pub use error::{DamagedPart, Error};
pub use key_file::OfficerAtDoor;
pub use passphrase::{MINIMUM_LENGTH, Passphrase};
pub use recovery_key::RecoveryKey;
pub use sealed::Sealed;
pub use station_seal::{SealOf, is_sealed_by_station};
pub use table::audit_event::AuditTrail;
pub use table::backup_state::LastBackup;
pub use table::centre::{AskedCentre, Contact, KnownCentre};
pub use table::delivery::{OutboxLine, OutboxTotal};
pub use table::effort::{DossierEffort, Effort};
pub use table::engine_used::EngineUsed;
pub use table::kind_lesson::KindLesson;
pub use table::kind_proposal::KindTotal;
pub use table::outbox::OutboxItem;
pub use table::purged_file::KeptReceipt;
pub use table::reuse::ReuseTotal;
pub use table::search_word::SearchHit;
pub use table::station_log::StationLogEntry;
pub use table::taken_file::TakenFile;
pub use table::tombstone::Picture;
pub use table::trust::LookTotal;
pub use vault::{NewVault, SignIn, UnfinishedVault, Vault};
