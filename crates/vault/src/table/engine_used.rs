//! Which engines, in which versions, read a document. The table is made by the
//! migration of [`crate::table::trust`].

use domain::digest::Digest;
use domain::engine::Engine;
use domain::ids::DocumentId;
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::key;
use crate::error::Error;

const TABLE: &str = "engine_used";

/// An engine as it was when it read a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineUsed {
    /// The engine.
    pub engine: Engine,
    /// The version of its library.
    pub version: String,
    /// SHA-256 of its model.
    pub model: Digest,
}

impl Reader<'_> {
    /// The engines that read a document last; none where nobody noted them.
    pub fn engines_used(&self, id: DocumentId) -> Result<Vec<EngineUsed>, Error> {
        self.many(
            TABLE,
            "SELECT engine, version, model FROM engine_used WHERE document_id = ?1
             ORDER BY engine",
            params![key!(id)],
            |columns| {
                Ok(EngineUsed {
                    engine: columns.named("engine", Engine::from_name)?,
                    version: columns.get("version")?,
                    model: columns.digest("model")?,
                })
            },
        )
    }
}

impl Writer<'_> {
    /// Notes which engines read a document, in the place of those before.
    pub fn set_engines_used(&self, id: DocumentId, engines: &[EngineUsed]) -> Result<(), Error> {
        self.execute(
            "DELETE FROM engine_used WHERE document_id = ?1",
            params![key!(id)],
        )?;
        for used in engines {
            self.insert(
                "engine",
                "INSERT INTO engine_used VALUES (?1, ?2, ?3, ?4)",
                params![
                    key!(id),
                    used.engine.name(),
                    used.version,
                    used.model.as_bytes()
                ],
            )?;
        }
        Ok(())
    }
}
