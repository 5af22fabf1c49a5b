//! The centre: takes what stations deposited, exactly once, and answers with a receipt.
//!
//! **Words.** A *station* is an enrolled desk; its *log* is the chain of envelopes that it
//! sends. A record is *announced* by its envelope, and *received* when all its files lie in
//! the object store and it has its receipt. It is *shared* when an *outlet*, another system
//! of the State, has taken it.
//!
//! **Invariants.**
//! * Bytes lie in the object store before a row says so, and a receipt is signed only when
//!   every file of its record was read whole under its digest.
//! * A repeat gets the same receipt, byte for byte.
//! * Nothing received is changed or deleted; what contradicts it is kept beside it.
//! * Nothing that must last lies in memory alone: any instance answers any request, and any may die.
//! * Whoever serves owns no table: each transaction says for whom it works ([`reach`]), and
//!   the policies of the database show it no other row.
//! * No log line, error or path carries a person's words.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")
)]

mod api;
pub mod arguments;
mod audit;
mod bundle;
mod connection;
mod connectors;
mod database;
mod error;
mod files;
mod holdings;
mod keys;
mod kho;
mod log;
mod metrics;
mod objects;
mod reach;
mod receipts;
mod records;
mod sharing;
mod stations;
mod sweep;

pub use audit::Audited;
pub use bundle::BundleTaken;
pub use connectors::Outlet;
pub use database::Database;
pub use error::Error;
pub use keys::Keys;
pub use objects::Objects;
pub use sweep::Swept;

use std::sync::Arc;

/// A running centre: everything a request needs.
#[derive(Clone)]
pub struct Centre {
    pub(crate) database: Database,
    pub(crate) objects: Objects,
    pub(crate) keys: Arc<Keys>,
    /// Receipts are made for many records at once, by one task at a time.
    pub(crate) sealing: Arc<tokio::sync::Mutex<()>>,
    /// Records whose files are all stored, and that wait for that.
    pub(crate) complete: Arc<std::sync::Mutex<Vec<i64>>>,
    /// So many bodies at most are held in memory.
    pub(crate) bodies: Arc<tokio::sync::Semaphore>,
    pub(crate) metrics: Arc<metrics::Metrics>,
    pub(crate) tiles: log::Tiles,
}

impl std::fmt::Debug for Centre {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Centre").finish_non_exhaustive()
    }
}

/// So many parts are taken at once: 64 of 4 MiB are 256 MiB.
const BODIES: usize = 64;

impl Centre {
    /// A centre on a database that has been migrated.
    pub fn new(database: Database, objects: Objects, keys: Keys) -> Self {
        Self {
            database,
            objects,
            keys: Arc::new(keys),
            sealing: Arc::default(),
            complete: Arc::default(),
            bodies: Arc::new(tokio::sync::Semaphore::new(BODIES)),
            metrics: Arc::default(),
            tiles: log::Tiles::default(),
        }
    }

    /// Serves until the process ends. Clients are let in by this centre's own authority.
    pub async fn serve(self, listener: tokio::net::TcpListener, name: &str) -> Result<(), Error> {
        if !self.database.is_bound().await? {
            return Err(Error::Unbound);
        }
        connection::serve(self, listener, name).await
    }

    /// Serves figures and health, to this machine only: neither asks who one is.
    pub async fn serve_figures(self, listener: tokio::net::TcpListener) -> Result<(), Error> {
        metrics::serve(self, listener).await
    }

    /// Serves people until the process ends, by the settings in a file.
    pub async fn serve_people(
        self,
        listener: tokio::net::TcpListener,
        name: &str,
        settings: &std::path::Path,
    ) -> Result<(), Error> {
        let settings = kho::settings::Settings::read(settings)?;
        if !self.database.is_bound().await? {
            return Err(Error::Unbound);
        }
        connection::serve_people(self, listener, name, settings).await
    }
}
