//! The object store: sealed files, and the parts of those that are still coming.

mod bucket;
#[cfg(test)]
mod tests;

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use axum::body::Bytes;
use chrono::{DateTime, Utc};
use domain::digest::Digest;
use futures_util::stream::BoxStream;
use futures_util::{Stream, TryStreamExt as _};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutPayload, WriteMultipart,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::error::Error;

/// Files up to this size are put together in memory and put at once, which S3 can make
/// conditional; it is the least length of S3's own parts, too.
const WHOLE_BYTES: u64 = 5 << 20;
/// Where whole files lie.
pub(crate) const FILES: &str = "files";
/// Where parts lie.
pub(crate) const PARTS: &str = "parts";

/// Where sealed files lie: a folder, or what speaks S3.
#[derive(Clone, Debug)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    /// The folder, where it is one.
    folder: Option<PathBuf>,
    /// How often the store failed.
    failures: Arc<AtomicU64>,
}

/// An object as the store lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) size_bytes: u64,
    pub(crate) changed_at: DateTime<Utc>,
}

impl Objects {
    /// At a place: a folder, or `s3://bucket/prefix` with keys and endpoint from the usual
    /// `AWS_*` variables.
    pub fn at(place: &str) -> Result<Self, Error> {
        if place.starts_with("s3://") {
            Ok(Self::of(bucket::open(place)?, None))
        } else {
            Self::in_folder(FilePath::new(place))
        }
    }

    /// In a folder. What was put there is forced to the disk before anybody is told.
    pub fn in_folder(folder: &FilePath) -> Result<Self, Error> {
        std::fs::create_dir_all(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self::of(Arc::new(store), Some(folder.to_owned())))
    }

    fn of(store: Arc<dyn ObjectStore>, folder: Option<PathBuf>) -> Self {
        Self {
            store,
            folder,
            failures: Arc::default(),
        }
    }

    /// How often the store failed since the start. What is not there is no failure.
    pub(crate) fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    fn heard<T>(&self, answer: object_store::Result<T>) -> Result<T, Error> {
        if answer.is_err() {
            self.failures.fetch_add(1, Ordering::Relaxed);
        }
        Ok(answer?)
    }

    /// Stores a whole file under its digest, which the caller has compared.
    pub(crate) async fn put_file(&self, sealed: &Digest, bytes: Bytes) -> Result<(), Error> {
        let path = file_path(sealed);
        let payload = PutPayload::from(bytes);
        // In a folder a second put replaces the first at one stroke and is forced to the disk
        // anew: whether the first was, nobody can ask. A bucket keeps what it acknowledged, and
        // one with versions or a lock would keep each repeat as well.
        if self.folder.is_none() {
            let only_new = PutOptions::from(PutMode::Create);
            match self.store.put_opts(&path, payload.clone(), only_new).await {
                Err(object_store::Error::AlreadyExists { .. }) => match self.read(sealed).await {
                    Ok(Some(_)) => return Ok(()),
                    // What lies there is not what its name says.
                    Ok(None) | Err(Error::Damaged(_)) => {}
                    Err(error) => return Err(error),
                },
                answer => return self.heard(answer).map(drop),
            }
        }
        self.heard(self.store.put(&path, payload).await).map(drop)
    }

    /// Stores a part of a station's file, and says under which name. No name comes twice, so
    /// that whoever collects old parts can never take one that was put again.
    pub(crate) async fn put_part(
        &self,
        station: u32,
        sealed: &Digest,
        offset: u64,
        bytes: Bytes,
    ) -> Result<String, Error> {
        let name = format!(
            "{PARTS}/{station}/{sealed}/{offset:012}-{}",
            Uuid::new_v4().simple()
        );
        let path = Path::from(name.as_str());
        self.heard(self.store.put(&path, PutPayload::from(bytes)).await)?;
        Ok(name)
    }

    /// Makes a file of its parts. Whether the whole has its digest; if not, or if a part is
    /// gone, nothing is kept.
    pub(crate) async fn join(
        &self,
        sealed: &Digest,
        parts: &[String],
        size_bytes: u64,
    ) -> Result<bool, Error> {
        if size_bytes > WHOLE_BYTES {
            return self.join_long(sealed, parts).await;
        }
        let mut whole = Vec::with_capacity(size_bytes as usize);
        for part in parts {
            match self.get(&Path::from(part.as_str())).await? {
                Some(bytes) => whole.extend_from_slice(&bytes),
                None => return Ok(false),
            }
        }
        if Digest::of(&whole) != *sealed {
            return Ok(false);
        }
        self.put_file(sealed, whole.into()).await?;
        Ok(true)
    }

    async fn join_long(&self, sealed: &Digest, parts: &[String]) -> Result<bool, Error> {
        let upload = self.store.put_multipart(&file_path(sealed)).await;
        let mut upload = WriteMultipart::new(self.heard(upload)?);
        match self.carry(parts, &mut upload).await {
            Ok(Some(digest)) if digest == *sealed => {
                self.heard(upload.finish().await)?;
                Ok(true)
            }
            other => {
                // What cannot be taken back now is collected later, by the sweep or by a rule
                // of the bucket.
                let _ = upload.abort().await;
                other.map(|_| false)
            }
        }
    }

    /// Reads parts into an upload, never more than a few of them in memory. The digest of the
    /// whole, unless a part is gone.
    async fn carry(
        &self,
        parts: &[String],
        upload: &mut WriteMultipart,
    ) -> Result<Option<Digest>, Error> {
        let mut hasher = Sha256::new();
        for part in parts {
            let Some(bytes) = self.get(&Path::from(part.as_str())).await? else {
                return Ok(None);
            };
            hasher.update(&bytes);
            self.heard(upload.wait_for_capacity(2).await)?;
            upload.put(bytes);
        }
        Ok(Some(Digest::from_bytes(hasher.finalize().into())))
    }

    async fn get(&self, path: &Path) -> Result<Option<Bytes>, Error> {
        let got = match self.store.get(path).await {
            Ok(got) => got.bytes().await,
            Err(error) => Err(error),
        };
        match got {
            Ok(bytes) => Ok(Some(bytes)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            failed => self.heard(failed).map(Some),
        }
    }

    /// A whole file, if it lies there; an error where it is not what its name says.
    pub(crate) async fn read(&self, sealed: &Digest) -> Result<Option<Bytes>, Error> {
        match self.get(&file_path(sealed)).await? {
            Some(bytes) if Digest::of(&bytes) != *sealed => Err(Error::Damaged("object")),
            found => Ok(found),
        }
    }

    /// Whether a file lies there, whole.
    pub(crate) async fn size_of(&self, sealed: &Digest) -> Result<Option<u64>, Error> {
        match self.store.head(&file_path(sealed)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            failed => self.heard(failed).map(|found| Some(found.size)),
        }
    }

    /// The bytes of a file, as they come.
    pub(crate) async fn read_file(
        &self,
        sealed: &Digest,
    ) -> Result<BoxStream<'static, Result<Bytes, object_store::Error>>, Error> {
        Ok(self.store.get(&file_path(sealed)).await?.into_stream())
    }

    /// Lets parts go whose file is whole. One that stays costs room until the next sweep.
    pub(crate) async fn drop_parts(&self, parts: &[String]) {
        for part in parts {
            if let Err(error) = self.remove(part).await {
                tracing::warn!(%error, "a part that is not needed any more stays");
            }
        }
    }

    /// Removes an object. One that is gone already is as good.
    pub(crate) async fn remove(&self, name: &str) -> Result<(), Error> {
        match self.store.delete(&Path::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            failed => self.heard(failed),
        }
    }

    /// Everything that lies under [`FILES`] or [`PARTS`].
    pub(crate) fn list(&self, under: &str) -> impl Stream<Item = Result<Listed, Error>> + use<> {
        let listed = self.store.list(Some(&Path::from(under)));
        listed
            .map_ok(|found| Listed {
                name: found.location.to_string(),
                size_bytes: found.size,
                changed_at: found.last_modified,
            })
            .map_err(Error::from)
    }

    /// Whether the store answers at all.
    pub(crate) async fn answers(&self) -> Result<(), Error> {
        self.size_of(&Digest::from_bytes([0; 32])).await.map(drop)
    }

    /// Removes what puts that were cut off left in a folder, and says how many. A bucket does
    /// so itself, by its rule for uploads that were never finished.
    pub(crate) async fn clear_staged(&self, before: DateTime<Utc>) -> Result<u64, Error> {
        let Some(folder) = self.folder.clone() else {
            return Ok(0);
        };
        let cleared = tokio::task::spawn_blocking(move || {
            let folders = [folder.join(FILES), folder.join(PARTS)];
            folders.iter().try_fold(0, |cleared, folder| {
                Ok(cleared + clear_staged(folder, before.into())?)
            })
        });
        let cleared: std::io::Result<u64> = cleared.await.map_err(std::io::Error::other)?;
        Ok(cleared?)
    }
}

/// A file that is being put bears its later name, `#` and a number, and is never listed.
fn clear_staged(folder: &FilePath, before: SystemTime) -> std::io::Result<u64> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let mut cleared = 0;
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            cleared += clear_staged(&entry.path(), before)?;
        } else if entry.file_name().to_string_lossy().contains('#')
            && entry.metadata()?.modified()? < before
        {
            std::fs::remove_file(entry.path())?;
            cleared += 1;
        }
    }
    Ok(cleared)
}

/// The name of a whole file.
pub(crate) fn file_path(sealed: &Digest) -> Path {
    let name = sealed.to_string();
    Path::from(format!("{FILES}/{}/{name}", &name[..2]))
}
