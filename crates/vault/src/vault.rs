//! The vault: making it, opening it, and its two doors, `read` and `write`.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use domain::access::AccessRules;
use domain::digest::Digest;
use domain::ids::OfficerId;
use domain::office::{Office, Officer};
use domain::rights::Roles;
use rusqlite::{Connection, TransactionBehavior};
use zeroize::Zeroizing;

use crate::access::{CodesGiven, Reader, Writer};
use crate::acknowledged::{self, Acknowledged, Found};
use crate::database;
use crate::door::{self, Door, WrongTry};
use crate::durable;
use crate::error::{DamagedPart, Error};
use crate::key_file::{self, Cost, DatabaseKey, KeyFile, OfficerAtDoor};
use crate::passphrase::Passphrase;
use crate::recovery_key::RecoveryKey;
use crate::sealed::{Sealed, SealedFiles};
use crate::table::office::StationKeys;

/// Held while a program has the vault open.
const LOCK: &str = "lock";
/// There while a vault is being made. Until it goes, there is no vault: nobody
/// has seen the recovery key yet.
const UNFINISHED: &str = "unfinished";

/// What a new vault starts with.
#[derive(Clone, Copy, Debug)]
pub struct NewVault<'a> {
    /// The office at which it stands, and its station.
    pub office: &'a Office,
    /// Its first officer.
    pub officer: &'a Officer,
    /// The officer's passphrase.
    pub passphrase: &'a Passphrase,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Who asks to be let in.
#[derive(Clone, Copy, Debug)]
pub struct SignIn<'a> {
    /// The officer's name; a vault with one officer needs none.
    pub officer: Option<&'a str>,
    /// The officer's passphrase, or the new one where a recovery key opens the vault.
    pub passphrase: &'a Passphrase,
    /// How often one may try, and how long one waits afterwards.
    pub rules: &'a AccessRules,
    /// Now.
    pub now: DateTime<Utc>,
}

/// A vault that is being made: nobody can open it before somebody has its recovery key.
/// Dropped, or cut short in any other way, there is no vault, and the next attempt begins
/// anew.
#[derive(Debug)]
pub struct UnfinishedVault {
    vault: Vault,
}

impl UnfinishedVault {
    /// The recovery key is where it belongs: from here on there is a vault.
    pub fn finish(self) -> Result<Vault, Error> {
        finish(&self.vault.dir)?;
        Ok(self.vault)
    }
}

/// An open vault. It may be shared between threads; one program has it at a time.
pub struct Vault {
    dir: PathBuf,
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
    pub(crate) sealed: SealedFiles,
    given: CodesGiven,
    /// For the wraps of officers who come later.
    key: DatabaseKey,
    /// What was known at the door was not as it was written when the vault was opened.
    pub(crate) door_damaged: bool,
    acknowledged: Acknowledged,
    /// The count of writes was not as it was written when the vault was opened.
    pub(crate) count_damaged: bool,
    /// Released by the system when the program ends, however it ends.
    _lock: File,
}

impl Vault {
    /// Whether a finished vault lies in `dir`.
    pub fn exists(dir: &Path) -> bool {
        !dir.join(UNFINISHED).exists()
            && (dir.join(key_file::NAME).exists() || dir.join(database::NAME).exists())
    }

    /// Makes a vault in `dir`. The recovery key is given out here and never again.
    pub fn create(dir: &Path, new: &NewVault<'_>) -> Result<(Self, RecoveryKey), Error> {
        Self::create_at_cost(dir, new, Cost::PRODUCT)
    }

    /// Makes all of a vault, up to the last step: that is done once somebody has seen the
    /// recovery key, which is given out here and never again.
    pub fn begin(dir: &Path, new: &NewVault<'_>) -> Result<(UnfinishedVault, RecoveryKey), Error> {
        Self::begin_at_cost(dir, new, Cost::PRODUCT)
    }

    pub(crate) fn create_at_cost(
        dir: &Path,
        new: &NewVault<'_>,
        cost: Cost,
    ) -> Result<(Self, RecoveryKey), Error> {
        let (unfinished, recovery_key) = Self::begin_at_cost(dir, new, cost)?;
        Ok((unfinished.finish()?, recovery_key))
    }

    fn begin_at_cost(
        dir: &Path,
        new: &NewVault<'_>,
        cost: Cost,
    ) -> Result<(UnfinishedVault, RecoveryKey), Error> {
        new.passphrase.check_strength()?;
        let dir = absolute(dir)?;
        durable::make_folder(&dir).map_err(Error::file("make the vault's folder"))?;
        if Self::exists(&dir) {
            return Err(Error::AlreadyAVault);
        }
        let lock = lock(&dir)?;
        // Another program may have finished one while this one waited for the lock.
        if Self::exists(&dir) {
            return Err(Error::AlreadyAVault);
        }
        begin(&dir)?;

        let key = key_file::new_database_key()?;
        let recovery_key = RecoveryKey::generate();
        let station_keys = StationKeys::new(recovery_key.recipient());
        let mut connection = database::create(&dir, &key)?;
        let given = CodesGiven::default();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let writer = Writer::new(&transaction, &given);
        writer.insert_office(new.office, &station_keys, new.now)?;
        writer.insert_officer(new.officer, Roles::ALONE, false, new.now)?;
        transaction.commit()?;
        // Out of the log: whatever happens to that, there are tables, an office and an officer.
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        let recipient = recovery_key.recipient();
        KeyFile::new(&key, new.officer, new.passphrase, &recipient, cost)?.write(&dir)?;
        let vault = Self::assemble(dir, connection, key, lock)?;

        // What was written must open again before anybody relies on it.
        KeyFile::read(&vault.dir)?.unwrap_with_recovery_key(&recovery_key)?;
        Ok((UnfinishedVault { vault }, recovery_key))
    }

    /// Who has a passphrase of the vault in `dir`; needs none. The one who came last
    /// stands first.
    pub fn officers(dir: &Path) -> Result<Vec<OfficerAtDoor>, Error> {
        let dir = absolute(dir)?;
        if !Self::exists(&dir) {
            return Err(Error::NotAVault);
        }
        let mut officers = KeyFile::read(&dir)?.officers();
        let last = Door::read(&dir).last();
        officers.sort_by_key(|officer| Some(officer.id) != last);
        Ok(officers)
    }

    /// Opens the vault in `dir` for an officer with a passphrase. Wrong ones are counted,
    /// and too many of them have to wait, whatever happens in between.
    pub fn open(dir: &Path, sign_in: &SignIn<'_>) -> Result<(Self, Officer), Error> {
        let (dir, lock) = Self::enter(dir)?;
        let key_file = KeyFile::read(&dir)?;
        let officer_id = key_file.named(sign_in.officer)?;
        let mut door = Door::read(&dir);
        let door_damaged = door.is_damaged();
        door.knock(officer_id, sign_in.rules, sign_in.now)?;
        let key = key_file.unwrap_with_passphrase(officer_id, sign_in.passphrase)?;
        // The passphrase was right, whatever else may be amiss.
        door.let_in(officer_id, sign_in.now)?;
        let (mut vault, officer) = Self::open_with_key(dir, key, officer_id, lock)?;
        vault.door_damaged = door_damaged;
        // A file with one officer knew no name to compare with.
        let wanted = sign_in.officer.map(key_file::folded);
        if wanted.is_some_and(|wanted| wanted != key_file::folded(&officer.name)) {
            return Err(Error::UnknownOfficer);
        }
        Ok((vault, officer))
    }

    /// Opens the vault with the recovery key and gives an officer a new passphrase; the
    /// only one, where none is named.
    pub fn open_with_recovery_key(
        dir: &Path,
        recovery_key: &RecoveryKey,
        new: &SignIn<'_>,
    ) -> Result<(Self, Officer), Error> {
        Self::recover_at_cost(dir, recovery_key, new, Cost::PRODUCT)
    }

    pub(crate) fn recover_at_cost(
        dir: &Path,
        recovery_key: &RecoveryKey,
        new: &SignIn<'_>,
        cost: Cost,
    ) -> Result<(Self, Officer), Error> {
        new.passphrase.check_strength()?;
        let (dir, lock) = Self::enter(dir)?;
        let key_file = KeyFile::read(&dir)?;
        let key = key_file.unwrap_with_recovery_key(recovery_key)?;
        let officer_id = key_file.named(new.officer)?;
        // The old passphrase goes only once the database has opened.
        let (vault, officer) = Self::open_with_key(dir, key, officer_id, lock)?;
        vault.change_key_file(|key_file| {
            key_file.put_passphrase(&vault.key, &officer, new.passphrase, cost)
        })?;
        Door::read(&vault.dir).let_in(officer_id, new.now)?;
        Ok((vault, officer))
    }

    /// Gives an officer a passphrase, the first one or another; the tries before are
    /// forgotten. Nobody else's passphrase changes, and neither does the database key.
    pub fn put_passphrase(
        &self,
        officer: &Officer,
        passphrase: &Passphrase,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        self.put_passphrase_at_cost(officer, passphrase, now, Cost::PRODUCT)
    }

    pub(crate) fn put_passphrase_at_cost(
        &self,
        officer: &Officer,
        passphrase: &Passphrase,
        now: DateTime<Utc>,
        cost: Cost,
    ) -> Result<(), Error> {
        passphrase.check_strength()?;
        self.change_key_file(|key_file| {
            key_file.put_passphrase(&self.key, officer, passphrase, cost)
        })?;
        Door::read(&self.dir).forgive(officer.id, now)
    }

    /// Takes an officer's passphrase away.
    pub fn remove_passphrase(&self, officer_id: OfficerId) -> Result<(), Error> {
        self.change_key_file(|key_file| {
            key_file.remove_passphrase(officer_id);
            Ok(())
        })
    }

    fn change_key_file(
        &self,
        change: impl FnOnce(&mut KeyFile) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut key_file = KeyFile::read(&self.dir)?;
        change(&mut key_file)?;
        key_file.put_names(&self.read(|reader| reader.accounts())?);
        key_file.write(&self.dir)
    }

    /// Whether this is the officer's passphrase. Not counted: the vault is open.
    pub fn is_passphrase_of(
        &self,
        officer_id: OfficerId,
        passphrase: &Passphrase,
    ) -> Result<bool, Error> {
        match KeyFile::read(&self.dir)?.unwrap_with_passphrase(officer_id, passphrase) {
            Ok(_) => Ok(true),
            Err(Error::WrongPassphrase) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Hands the wrong passphrases that were given while the vault was shut to `tell`,
    /// which writes them into the audit trail, and forgets them afterwards: killed in
    /// between, they are told twice rather than never.
    pub fn tell_wrong_tries<E: From<Error>>(
        &self,
        tell: impl FnOnce(&[WrongTry]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut door = Door::read(&self.dir);
        let untold = door.untold();
        if untold.is_empty() {
            return Ok(());
        }
        tell(&untold)?;
        Ok(door.told()?)
    }

    /// Finds a finished vault and takes its lock.
    fn enter(dir: &Path) -> Result<(PathBuf, File), Error> {
        let dir = absolute(dir)?;
        if !Self::exists(&dir) {
            return Err(Error::NotAVault);
        }
        let lock = lock(&dir)?;
        if !dir.join(key_file::NAME).exists() {
            return Err(Error::Damaged(DamagedPart::KeyFile));
        }
        durable::sweep(&dir).map_err(Error::file("sweep partial files"))?;
        Ok((dir, lock))
    }

    fn open_with_key(
        dir: PathBuf,
        key: DatabaseKey,
        officer_id: OfficerId,
        lock: File,
    ) -> Result<(Self, Officer), Error> {
        let connection = database::open(&dir, &key)?;
        let officer = Reader::new(&connection).officer(officer_id)?;
        Ok((Self::assemble(dir, connection, key, lock)?, officer))
    }

    fn assemble(
        dir: PathBuf,
        mut connection: Connection,
        key: DatabaseKey,
        lock: File,
    ) -> Result<Self, Error> {
        let StationKeys { station, recovery } = Reader::new(&connection).station_keys()?;
        let given = CodesGiven::default();
        // A vault made before trails were signed gets its key when it is next opened.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let writer = Writer::new(&transaction, &given);
        writer.make_audit_key()?;
        let told = Acknowledged::find(&dir);
        let found = writer.write_count()?;
        let count = match told {
            Found::Count(acknowledged) if acknowledged > found => {
                writer.note_lost_writes(acknowledged, found)?;
                acknowledged
            }
            _ => found,
        };
        transaction.commit()?;
        Ok(Self {
            acknowledged: Acknowledged::begin(&dir, count)?,
            count_damaged: told == Found::Damaged,
            reader: Mutex::new(database::open_reader(&dir, &key)?),
            writer: Mutex::new(connection),
            sealed: SealedFiles::open(&dir, station, recovery)?,
            given,
            dir,
            key,
            door_damaged: false,
            _lock: lock,
        })
    }

    pub(crate) const fn key(&self) -> &DatabaseKey {
        &self.key
    }

    /// The folder in which it lies.
    pub fn path(&self) -> &Path {
        &self.dir
    }

    /// Seals bytes into a file of their own. When this returns they survive a
    /// power cut; only then may a row name them.
    pub fn seal(&self, plain: &[u8]) -> Result<Sealed, Error> {
        self.sealed.seal(plain)
    }

    /// The plain bytes of a sealed file. Its digest and its seal are checked.
    pub fn unseal(&self, sealed_digest: &Digest) -> Result<Zeroizing<Vec<u8>>, Error> {
        let plain = self.sealed.unseal(sealed_digest);
        plain.map_err(|error| self.said_of_missing(error))
    }

    /// Reads one consistent state, also while another thread writes.
    pub fn read<T, E: From<Error>>(
        &self,
        act: impl FnOnce(&Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = hold(&self.reader);
        let transaction = connection.transaction().map_err(Error::from)?;
        act(&Reader::new(&transaction))
    }

    /// Writes in one transaction; when this returns `Ok`, it survives a power cut.
    ///
    /// There is one writer: a `write` inside a `write` would wait for itself.
    /// A code or number from inside may be shown only after this has returned.
    pub fn write<T, E: From<Error>>(
        &self,
        act: impl FnOnce(&Writer<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = hold(&self.writer);
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(Error::from)?;
        let writer = Writer::new(&transaction, &self.given);
        let made = act(&writer)?;
        let count = writer.count_write()?;
        transaction.commit().map_err(Error::from)?;
        self.acknowledged.put(count);
        Ok(made)
    }

    /// Destroys the sealed files of erased pages. Where a kill came in between, the next
    /// call does the rest.
    pub fn destroy_erased(&self) -> Result<(), Error> {
        for digest in self.read(|reader| reader.erased_digests())? {
            let destroyed = self.sealed.destroy(&digest);
            destroyed.map_err(Error::file("destroy a sealed file"))?;
        }
        Ok(())
    }

    pub(crate) fn writer_connection(&self) -> MutexGuard<'_, Connection> {
        hold(&self.writer)
    }

    #[cfg(test)]
    pub(crate) fn reader_connection(&self) -> MutexGuard<'_, Connection> {
        hold(&self.reader)
    }
}

/// A panic while the lock was held has rolled its transaction back; the
/// connection behind it is sound.
fn hold(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A relative path would follow a change of the working folder, and `SQLite` would
/// read one that begins with `file:` as a URI.
fn absolute(dir: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(dir).map_err(Error::file("find the vault's folder"))
}

fn lock(dir: &Path) -> Result<File, Error> {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(dir.join(LOCK))
        .map_err(Error::file("open the vault's lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::InUse),
        Err(TryLockError::Error(error)) => Err(Error::file("lock the vault")(error)),
    }
}

/// Marks the vault as unfinished and clears what an interrupted attempt left.
pub(crate) fn begin(dir: &Path) -> Result<(), Error> {
    let mark = dir.join(UNFINISHED);
    let file = File::create(&mark).map_err(Error::file("begin a vault"))?;
    file.sync_all().map_err(Error::file("begin a vault"))?;
    durable::folder::force(dir).map_err(Error::file("force a folder to the disk"))?;
    for left_over in
        database::FILES
            .into_iter()
            .chain([key_file::NAME, door::NAME, acknowledged::NAME])
    {
        match fs::remove_file(dir.join(left_over)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Error::file("clear an unfinished vault")(error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// From here on there is a vault.
pub(crate) fn finish(dir: &Path) -> Result<(), Error> {
    let mark = dir.join(UNFINISHED);
    fs::remove_file(&mark).map_err(Error::file("finish the vault"))?;
    durable::folder::force(dir).map_err(|error| {
        // Nobody will see the recovery key of a vault that could not be finished.
        let _ = File::create(&mark);
        Error::file("force a folder to the disk")(error)
    })
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").finish_non_exhaustive()
    }
}
