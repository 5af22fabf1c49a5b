//! A copy of the whole vault on another medium, encrypted as it is, and the way back.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::Duration;

use domain::digest::Digest;
use rusqlite::Connection;
use rusqlite::backup::Backup;

use crate::access::{CodesGiven, Reader, Writer};
use crate::database;
use crate::durable;
use crate::error::{DamagedPart, Error};
use crate::key_file::{self, DatabaseKey};
use crate::passphrase::Passphrase;
use crate::recovery_key::RecoveryKey;
use crate::sealed::{FOLDER, SealedFiles};
use crate::table::office::StationKeys;
use crate::vault::{Vault, begin, finish};

/// Where the next database of a copy is made: the one before stays until it is whole.
const NEXT: &str = "next";
/// Where the database of a copy is looked at that is tried out.
const TRIAL: &str = "trial";
/// Database pages that are copied before others may write again.
const PAGES_AT_A_TIME: std::ffi::c_int = 500;
/// Sealed files that are opened again to see that the backup can be read.
const SAMPLES: usize = 20;

/// What a backup holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupReport {
    /// Sealed files that a row names.
    pub sealed_files: usize,
    /// Those of them that were not there from an earlier backup.
    pub copied: usize,
    /// Those that were opened again, drawn by chance.
    pub opened: usize,
}

/// What opens a backup.
#[derive(Clone, Copy, Debug)]
pub enum OpenedBy<'a> {
    /// An officer, the only one where none is named, with the passphrase.
    Officer(Option<&'a str>, &'a Passphrase),
    /// The recovery key.
    RecoveryKey(&'a RecoveryKey),
}

impl OpenedBy<'_> {
    fn key_of(&self, key_file: &key_file::KeyFile) -> Result<DatabaseKey, Error> {
        match self {
            Self::Officer(name, passphrase) => {
                key_file.unwrap_with_passphrase(key_file.named(*name)?, passphrase)
            }
            Self::RecoveryKey(recovery_key) => key_file.unwrap_with_recovery_key(recovery_key),
        }
    }
}

impl Vault {
    /// Writes a copy of the vault into `to`, opens it and looks at it. What lies there
    /// from an earlier backup of this vault is brought up to date; the work at the vault
    /// goes on meanwhile.
    ///
    /// The database is copied first: a sealed file that its rows name is on the disk by
    /// then, and one that comes later belongs to the next backup. It is put in its place
    /// last: killed at any moment, the copy is the one before or the new one.
    pub fn back_up(&self, to: &Path) -> Result<BackupReport, Error> {
        let to = std::path::absolute(to).map_err(Error::file("find the backup's folder"))?;
        durable::make_folder(&to).map_err(Error::file("make the backup's folder"))?;
        let foreign = to.join(key_file::NAME).exists() && !self.is_of_this_vault(&to);
        if foreign || to == self.path() {
            return Err(Error::AlreadyAVault);
        }
        let next = to.join(NEXT);
        fs::create_dir_all(&next).map_err(Error::file("make the backup's folder"))?;
        clear_database(&next)?;
        remove(&next.join(database::NAME))?;
        copy_database(self, &next)?;
        let report = copy_sealed_files(self.path(), &to, &next, self.key())?;
        copy_file(&self.path().join(key_file::NAME), &to.join(key_file::NAME))?;
        clear_database(&to)?;
        fs::rename(next.join(database::NAME), to.join(database::NAME))
            .map_err(Error::file("put the copy in its place"))?;
        fs::remove_dir_all(&next).map_err(Error::file("clear an older copy"))?;
        durable::folder::force(&to).map_err(Error::file("force a folder to the disk"))?;
        Ok(report)
    }

    /// Tries whether the backup in `from` could be brought back: opens it as a restore would,
    /// looks over its database and its trail, reads every sealed file that its rows name, and
    /// opens some. The backup stays as it is; only its database is copied, for so long.
    pub fn try_backup(&self, from: &Path, opened_by: &OpenedBy<'_>) -> Result<BackupReport, Error> {
        if !Self::exists(from) {
            return Err(Error::NotAVault);
        }
        let key = &opened_by.key_of(&key_file::KeyFile::read(from)?)?;
        let trial = self.path().join(TRIAL);
        let clear = || match fs::remove_dir_all(&trial) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Error::file("clear a trial")(error))
            }
            _ => Ok(()),
        };
        clear()?;
        fs::create_dir(&trial).map_err(Error::file("begin a trial"))?;
        let outcome = try_out(from, &trial, key);
        let cleared = clear();
        let report = outcome?;
        cleared.map(|()| report)
    }

    /// Whether a backup in `to` is one of this vault: its key file has this vault's check.
    fn is_of_this_vault(&self, to: &Path) -> bool {
        let check = |dir: &Path| key_file::KeyFile::read(dir).map(|file| file.check()).ok();
        check(to).is_some() && check(to) == check(self.path())
    }

    /// Makes a vault in `dir` from the backup in `from`; passphrases are those of the day
    /// of the backup. The station gets a new epoch: codes that were given after the backup
    /// are never given again.
    pub fn restore(
        from: &Path,
        dir: &Path,
        opened_by: &OpenedBy<'_>,
    ) -> Result<BackupReport, Error> {
        if !Self::exists(from) {
            return Err(Error::NotAVault);
        }
        let dir = &std::path::absolute(dir).map_err(Error::file("find the vault's folder"))?;
        let key = &opened_by.key_of(&key_file::KeyFile::read(from)?)?;
        durable::make_folder(dir).map_err(Error::file("make the vault's folder"))?;
        if Self::exists(dir) {
            return Err(Error::AlreadyAVault);
        }
        begin(dir)?;
        for part in [key_file::NAME, database::NAME] {
            copy_file(&from.join(part), &dir.join(part))?;
        }
        let mut connection = database::open(dir, key)?;
        let transaction = connection.transaction()?;
        Writer::new(&transaction, &CodesGiven::default()).begin_epoch()?;
        transaction.commit()?;
        drop(connection);
        let report = copy_sealed_files(from, dir, dir, key)?;
        finish(dir)?;
        Ok(report)
    }
}

fn try_out(from: &Path, trial: &Path, key: &DatabaseKey) -> Result<BackupReport, Error> {
    copy_file(&from.join(database::NAME), &trial.join(database::NAME))?;
    let connection = database::open(trial, key)?;
    sound(&connection)?;
    let reader = Reader::new(&connection);
    if !reader.verify_audit()?.is_whole() {
        return Err(Error::Damaged(DamagedPart::Database));
    }
    let named = reader.sealed_digests()?;
    let StationKeys { station, recovery } = reader.station_keys()?;
    let sealed = SealedFiles::open(from, station, recovery)?;
    for digest in &named {
        sealed.check(digest)?;
    }
    let opened = open_some(&sealed, &named)?;
    Ok(BackupReport {
        sealed_files: named.len(),
        copied: 0,
        opened,
    })
}

/// What a database left beside it belongs to that one, and to no other.
fn clear_database(dir: &Path) -> Result<(), Error> {
    let beside = database::FILES.into_iter();
    for part in beside.filter(|part| *part != database::NAME) {
        remove(&dir.join(part))?;
    }
    Ok(())
}

fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::file("clear an older copy")(error))
        }
        _ => Ok(()),
    }
}

/// One consistent state of the database, however much is written meanwhile.
fn copy_database(vault: &Vault, to: &Path) -> Result<(), Error> {
    let source = database::open_reader(vault.path(), vault.key())?;
    let mut target = database::connect_new(to, vault.key())?;
    {
        // One state of the vault, held until all of it is copied: a copy of whatever is there
        // would begin anew after each write, and never end where the work does not.
        let held = source.unchecked_transaction()?;
        held.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        let backup = Backup::new(&held, &mut target)?;
        backup.run_to_completion(PAGES_AT_A_TIME, Duration::ZERO, None)?;
    }
    sound(&target)?;
    target.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    drop(target);
    let file = File::open(to.join(database::NAME)).map_err(Error::file("open the copy"))?;
    file.sync_all()
        .map_err(Error::file("force the copy to the disk"))
}

fn sound(connection: &Connection) -> Result<(), Error> {
    let answer: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if answer == "ok" {
        Ok(())
    } else {
        Err(Error::Damaged(DamagedPart::Database))
    }
}

/// Copies a file as a whole or not at all, and reads it back.
fn copy_file(from: &Path, to: &Path) -> Result<(), Error> {
    let partial = to.with_extension(durable::PARTIAL);
    fs::copy(from, &partial).map_err(Error::file("copy a file"))?;
    let copied = File::open(&partial).and_then(|file| file.sync_all());
    copied.map_err(Error::file("force a file to the disk"))?;
    let digest = |path| durable::digest_of_file(path).map_err(Error::file("read a file back"));
    if digest(from)? != digest(&partial)? {
        return Err(Error::Damaged(DamagedPart::ReadBack));
    }
    fs::rename(&partial, to).map_err(Error::file("put the copy in its place"))
}

/// Copies every sealed file that a row of the copied database names, and opens some.
fn copy_sealed_files(
    from: &Path,
    to: &Path,
    database: &Path,
    key: &DatabaseKey,
) -> Result<BackupReport, Error> {
    let connection = database::open_reader(database, key)?;
    let reader = Reader::new(&connection);
    let named = reader.sealed_digests()?;
    let StationKeys { station, recovery } = reader.station_keys()?;
    let sealed = SealedFiles::open(to, station, recovery)?;
    let mut copied = 0;
    for digest in &named {
        if sealed.check(digest).is_ok() {
            continue;
        }
        let name = digest.to_string();
        let source = from
            .join(FOLDER)
            .join(&name[..2])
            .join(format!("{name}.age"));
        let bytes = match fs::read(source) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Error::Damaged(DamagedPart::SealedFileMissing(*digest)));
            }
            Err(error) => return Err(Error::file("read a sealed file")(error)),
        };
        // A damaged file is named, never copied as if it were whole.
        if Digest::of(&bytes) != *digest {
            return Err(Error::Damaged(DamagedPart::SealedFile(*digest)));
        }
        durable::write_file(&sealed.path_of(digest), &bytes, digest)?;
        copied += 1;
    }
    // What was erased here since the last time goes there too.
    for digest in reader.erased_digests()? {
        let destroyed = sealed.destroy(&digest);
        destroyed.map_err(Error::file("destroy a sealed file"))?;
    }
    let opened = open_some(&sealed, &named)?;
    Ok(BackupReport {
        sealed_files: named.len(),
        copied,
        opened,
    })
}

fn open_some(sealed: &SealedFiles, named: &[Digest]) -> Result<usize, Error> {
    let mut opened = 0;
    for digest in drawn(named)? {
        sealed.unseal(digest)?;
        opened += 1;
    }
    Ok(opened)
}

/// Some of them, others each time.
fn drawn(named: &[Digest]) -> Result<Vec<&Digest>, Error> {
    let mut random = [0; SAMPLES * 8];
    getrandom::fill(&mut random).map_err(|_| Error::NoRandomness)?;
    let indices = random.chunks_exact(8).map(|bytes| {
        let bytes: [u8; 8] = bytes.try_into().unwrap_or_default();
        u64::from_le_bytes(bytes) as usize
    });
    let drawn = indices.filter_map(|index| named.get(index.checked_rem(named.len())?));
    Ok(drawn.collect())
}
