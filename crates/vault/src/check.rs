//! Looking over a whole vault.

use std::collections::{BTreeSet, HashSet};

use domain::digest::Digest;
use domain::ids::PageId;
use rusqlite::Connection;

use crate::error::{DamagedPart, Error};
use crate::key_file::KeyFile;
use crate::table::audit_event::AuditTrail;
use crate::vault::Vault;

/// What a look over the whole vault found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckReport {
    /// How many complaints `SQLite` and `SQLCipher` have about the database.
    pub database_faults: usize,
    /// Whether the audit trail is whole.
    pub audit: AuditTrail,
    /// The file that counts wrong passphrases was not as it was written when the vault was
    /// opened. It was begun anew then.
    pub door_damaged: bool,
    /// The key file is not to the letter as it was written. It opens, and is written anew
    /// with the next change of a passphrase.
    pub key_file_damaged: bool,
    /// The file that counts acknowledged writes was not as it was written when the vault was
    /// opened. It was begun anew then.
    pub count_damaged: bool,
    /// Writes that had been acknowledged and were not in the database when it was opened: a
    /// bit had turned over in its log, or an older database was put into its place.
    pub lost_writes: u64,
    /// Sealed files that were read and are as they were written.
    pub sealed_files: usize,
    /// Sealed files whose bytes have changed.
    pub damaged: Vec<Digest>,
    /// Sealed files that a page or copy names and that are gone.
    pub missing: Vec<Digest>,
    /// Pages that are said to be erased, of which the audit trail does not tell.
    pub forged_tombstones: Vec<PageId>,
    /// Sealed files that nothing names: their row never came. They are harmless.
    pub unreferenced: u64,
}

impl CheckReport {
    /// Whether everything that was ever acknowledged is there and unchanged.
    pub fn is_sound(&self) -> bool {
        self.database_faults == 0
            && self.audit.is_whole()
            && !self.door_damaged
            && !self.key_file_damaged
            && !self.count_damaged
            && self.lost_writes == 0
            && self.damaged.is_empty()
            && self.missing.is_empty()
            && self.forged_tombstones.is_empty()
    }
}

/// A part of the sealed files, so that reading all of them can be spread over days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subset {
    number: u8,
    of: u8,
}

/// The text names no part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a part is written as 3/7: a number from 1, and of how many")]
pub struct NotASubset;

impl Subset {
    /// All of them.
    pub const ALL: Self = Self { number: 1, of: 1 };

    /// Every file is in one part of so many: its name decides in which.
    const fn has(self, digest: &Digest) -> bool {
        digest.as_bytes()[0] % self.of == self.number - 1
    }
}

impl std::str::FromStr for Subset {
    type Err = NotASubset;

    fn from_str(text: &str) -> Result<Self, NotASubset> {
        let (number, of) = text.split_once('/').ok_or(NotASubset)?;
        let number: u8 = number.parse().map_err(|_| NotASubset)?;
        let of: u8 = of.parse().map_err(|_| NotASubset)?;
        if (1..=of).contains(&number) {
            Ok(Self { number, of })
        } else {
            Err(NotASubset)
        }
    }
}

impl Vault {
    /// Checks the database, the audit trail, and every sealed file that a row names. A file
    /// may be missing only where the trail says that it was erased.
    pub fn check(&self) -> Result<CheckReport, Error> {
        self.check_subset(Subset::ALL)
    }

    /// The same, but of the sealed files only a part.
    pub fn check_subset(&self, subset: Subset) -> Result<CheckReport, Error> {
        self.destroy_erased()?;
        let database_faults = count_faults(&self.writer_connection())?;
        let (audit, referenced, forged_tombstones, lost_writes) = self.read(|reader| {
            let (forged, lost) = (reader.forged_tombstones()?, reader.lost_writes()?);
            Ok::<_, Error>((
                reader.verify_audit()?,
                reader.sealed_digests()?,
                forged,
                lost,
            ))
        })?;
        let mut report = CheckReport {
            database_faults,
            audit,
            door_damaged: self.door_damaged,
            key_file_damaged: !KeyFile::is_as_written(self.path())?,
            count_damaged: self.count_damaged,
            lost_writes,
            sealed_files: 0,
            damaged: Vec::new(),
            missing: Vec::new(),
            forged_tombstones,
            unreferenced: 0,
        };
        for digest in referenced.iter().filter(|digest| subset.has(digest)) {
            match self.sealed.check(digest) {
                Ok(()) => report.sealed_files += 1,
                Err(Error::Damaged(DamagedPart::SealedFileMissing(digest))) => {
                    report.missing.push(digest);
                }
                Err(Error::Damaged(_)) => report.damaged.push(*digest),
                Err(error) => return Err(error),
            }
        }
        let referenced: HashSet<Digest> = referenced.into_iter().collect();
        report.unreferenced = self
            .sealed
            .count_unreferenced(&referenced)
            .map_err(Error::file("list the sealed files"))?;
        Ok(report)
    }
}

/// `SQLCipher` checks the seal of every database page, `SQLite` what stands on them.
fn count_faults(connection: &Connection) -> Result<usize, Error> {
    // The page seals are checked in the main file only, so the log goes there first.
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    let mut faults = 0;
    for (pragma, sound) in [
        ("PRAGMA cipher_integrity_check", None),
        ("PRAGMA integrity_check", Some("ok")),
        ("PRAGMA foreign_key_check", None),
    ] {
        let mut statement = connection.prepare(pragma)?;
        let mut rows = statement.query([])?;
        loop {
            match rows.next() {
                Ok(None) => break,
                Ok(Some(row)) => {
                    let complaint: Option<String> = row.get(0)?;
                    faults += usize::from(complaint.as_deref() != sound);
                }
                Err(error) => match Error::from(error) {
                    // The page cannot be read at all: a fault, and there is no next row.
                    Error::Damaged(_) => {
                        faults += 1;
                        break;
                    }
                    other => return Err(other),
                },
            }
        }
    }
    Ok(faults)
}

/// Every sealed file that a row names, each once, in order.
pub(crate) fn distinct(digests: impl IntoIterator<Item = Digest>) -> Vec<Digest> {
    let distinct: BTreeSet<Digest> = digests.into_iter().collect();
    distinct.into_iter().collect()
}
