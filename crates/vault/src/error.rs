//! What can go wrong with a vault. No variant carries a person's data: ids,
//! digests and names of columns only.

use std::io;

use domain::digest::Digest;
use domain::ids::DocumentId;

/// Why the vault did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder holds no vault.
    #[error("this folder holds no vault")]
    NotAVault,
    /// The folder already holds one.
    #[error("this folder already holds a vault")]
    AlreadyAVault,
    /// Another program has it open.
    #[error("another program has this vault open")]
    InUse,
    /// A newer program wrote it; writing with this one could lose what it does not know.
    #[error("the vault has format {found}, this program knows {known}")]
    NewerThanProgram {
        /// The format found.
        found: u32,
        /// The newest format that this program knows.
        known: u32,
    },
    /// The passphrase opens no wrap, and the key file is whole.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// Several officers have a passphrase of this vault, and none was named.
    #[error("this vault has several officers, and none was named")]
    OfficerNotNamed,
    /// No officer of that name has a passphrase of this vault.
    #[error("no officer of that name may open this vault")]
    UnknownOfficer,
    /// Too many wrong passphrases: the next try must wait.
    #[error("too many wrong passphrases; the next try is in {left_s} seconds")]
    MustWait {
        /// Seconds that are left.
        left_s: u32,
    },
    /// The recovery key belongs to another vault.
    #[error("this recovery key belongs to another vault")]
    WrongRecoveryKey,
    /// The text is no recovery key: a typing error, caught by its check symbols.
    #[error("this text is not a recovery key")]
    RecoveryKeyMistyped,
    /// The passphrase is too short.
    #[error("a passphrase needs at least {minimum_length} letters")]
    WeakPassphrase {
        /// Fewest letters.
        minimum_length: usize,
    },
    /// What is on the disk is not what was written.
    #[error("damaged: {0}")]
    Damaged(DamagedPart),
    /// The disk is full. What was acknowledged before is safe.
    #[error("the disk is full")]
    DiskFull,
    /// There is no such thing in the vault.
    #[error("no {noun} {id}")]
    NotFound {
        /// What was looked for, in English.
        noun: &'static str,
        /// Its id.
        id: String,
    },
    /// The file went: the centre has it, and the days of keeping are over.
    #[error("the file lies at the centre and here no longer")]
    Purged,
    /// It is already there, or already belongs to something else.
    #[error("the vault refuses this {noun}: it is there already, or what it refers to is not")]
    Refused {
        /// What was to be stored, in English.
        noun: &'static str,
    },
    /// A record must follow the latest version of its document.
    #[error("document {document_id}: version {found} does not follow version {latest}")]
    VersionOutOfOrder {
        /// The document.
        document_id: DocumentId,
        /// The latest version in the vault; 0 when there is none.
        latest: u32,
        /// The version that was to be stored.
        found: u32,
    },
    /// The counter of this station and epoch has reached its end.
    #[error("the local codes of this station are used up")]
    LocalCodesUsedUp,
    /// A file of the vault could not be read or written.
    #[error("cannot {attempt}")]
    File {
        /// What was attempted.
        attempt: &'static str,
        /// The system's answer.
        #[source]
        source: io::Error,
    },
    /// The database refused.
    #[error("the database could not do it")]
    Database(#[source] rusqlite::Error),
    /// The system gives no random numbers, so no key can be made.
    #[error("the system gives no random numbers")]
    NoRandomness,
    /// There is not enough memory to stretch a passphrase.
    #[error("not enough memory to stretch the passphrase")]
    OutOfMemory,
}

/// Which part of a vault is damaged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DamagedPart {
    /// The key file is missing beside a database, or its content does not fit its checksum.
    #[error("the key file")]
    KeyFile,
    /// The database is missing, or the right key does not open it.
    #[error("the database")]
    Database,
    /// A value in the database that this program cannot have written.
    #[error("column {column} of table {table}")]
    Row {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// A sealed file has other bytes than were written.
    #[error("sealed file {0}")]
    SealedFile(Digest),
    /// A sealed file is gone.
    #[error("sealed file {0} is missing")]
    SealedFileMissing(Digest),
    /// Bytes read back after writing differ from what was written: a failing disk.
    #[error("bytes just written read back differently")]
    ReadBack,
}

impl Error {
    /// An IO error of the file system, with "disk full" told apart.
    pub(crate) fn file(attempt: &'static str) -> impl Fn(io::Error) -> Self {
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::File { attempt, source },
        }
    }

    pub(crate) fn not_found(noun: &'static str, id: &impl ToString) -> Self {
        Self::NotFound {
            noun,
            id: id.to_string(),
        }
    }

    /// A constraint that `noun` breaks; every other error stays what it is.
    pub(crate) fn refusing(noun: &'static str) -> impl Fn(Self) -> Self {
        move |error| match error {
            Self::Database(source)
                if source.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) =>
            {
                Self::Refused { noun }
            }
            other => other,
        }
    }
}

/// `SQLITE_IOERR_SHMSIZE`: the WAL index could not grow, which is a full disk.
const SHARED_MEMORY_SIZE: i32 = 4874;

impl From<rusqlite::Error> for Error {
    fn from(source: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match source.sqlite_error() {
            Some(found)
                if found.code == ErrorCode::DiskFull
                    || found.extended_code == SHARED_MEMORY_SIZE =>
            {
                Self::DiskFull
            }
            Some(found)
                if matches!(
                    found.code,
                    ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt
                ) =>
            {
                Self::Damaged(DamagedPart::Database)
            }
            _ => Self::Database(source),
        }
    }
}
