//! The object store: sealed files, and the parts of those that are still coming.

use std::path::Path as FilePath;
use std::sync::Arc;

use axum::body::Bytes;
use domain::digest::Digest;
use futures_util::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload, WriteMultipart};
use sha2::{Digest as _, Sha256};

use crate::error::Error;

/// Where sealed files lie: a folder, or what speaks S3.
#[derive(Clone, Debug)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
}

impl Objects {
    /// In a folder. What was put there is forced to the disk before anybody is told.
    pub fn in_folder(folder: &FilePath) -> Result<Self, Error> {
        std::fs::create_dir_all(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self {
            store: Arc::new(store),
        })
    }

    /// Stores a whole file under its digest.
    pub(crate) async fn put_file(&self, sealed: &Digest, bytes: Vec<u8>) -> Result<(), Error> {
        self.store
            .put(&file_path(sealed), PutPayload::from(bytes))
            .await?;
        Ok(())
    }

    /// Stores a part under a name that is its own.
    pub(crate) async fn put_part(&self, name: &str, bytes: Vec<u8>) -> Result<(), Error> {
        self.store
            .put(&Path::from(name), PutPayload::from(bytes))
            .await?;
        Ok(())
    }

    /// Makes a file of its parts. Whether the whole has its digest; if not, nothing is kept.
    pub(crate) async fn join(&self, sealed: &Digest, parts: &[String]) -> Result<bool, Error> {
        let mut hasher = Sha256::new();
        let mut upload = WriteMultipart::new(self.store.put_multipart(&file_path(sealed)).await?);
        for part in parts {
            let bytes = self
                .store
                .get(&Path::from(part.as_str()))
                .await?
                .bytes()
                .await?;
            hasher.update(&bytes);
            upload.wait_for_capacity(2).await?;
            upload.put(bytes);
        }
        if Digest::from_bytes(hasher.finalize().into()) == *sealed {
            upload.finish().await?;
            Ok(true)
        } else {
            upload.abort().await?;
            Ok(false)
        }
    }

    /// Whether a file lies there, whole.
    pub(crate) async fn size_of(&self, sealed: &Digest) -> Result<Option<u64>, Error> {
        match self.store.head(&file_path(sealed)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The bytes of a file, as they come.
    pub(crate) async fn read_file(
        &self,
        sealed: &Digest,
    ) -> Result<BoxStream<'static, Result<Bytes, object_store::Error>>, Error> {
        Ok(self.store.get(&file_path(sealed)).await?.into_stream())
    }

    /// Lets parts go whose file is whole. One that stays costs room and nothing else.
    pub(crate) async fn drop_parts(&self, parts: &[String]) {
        for part in parts {
            if let Err(error) = self.store.delete(&Path::from(part.as_str())).await {
                tracing::warn!(%error, "a part that is not needed any more stays");
            }
        }
    }
}

fn file_path(sealed: &Digest) -> Path {
    let name = sealed.to_string();
    Path::from(format!("files/{}/{name}", &name[..2]))
}
