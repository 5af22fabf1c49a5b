//! Connectors: how what was received reaches other systems of the State. One module each.

mod case_system;
mod folder;
mod mapping;

use std::fmt;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use domain::digest::Digest;
use wire::Submission;

pub(crate) use mapping::Mapping;

use crate::error::Error;

/// A received record, and its electronic copy as a PDF.
pub(crate) struct Shared {
    pub(crate) submission: Submission,
    /// The digitisation code that the receipt confirmed.
    pub(crate) code: String,
    pub(crate) pdf: Bytes,
    pub(crate) pdf_sha256: Digest,
}

/// Why a record was not taken. The words go into the database and the log: they name a status
/// or a field and hold nobody's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It may be taken another time.
    Later(String),
    /// It will never be taken as it is: a person looks at it.
    Never(String),
}

/// The work of handing one record over.
pub(crate) type Handing<'a> = Pin<Box<dyn Future<Output = Result<(), Fault>> + Send + 'a>>;

/// Another system. What it is given twice, it must take for one.
// Circular 01/2023/TT-VPCP, art. 25: digitisation results are connected and shared.
pub(crate) trait Connector: fmt::Debug + Send + Sync {
    /// Its stable name: what was shared is remembered under it.
    fn name(&self) -> &'static str;

    /// Hands a record over.
    fn share<'a>(&'a self, record: &'a Shared) -> Handing<'a>;
}

/// A way to another system that was chosen on the command line.
#[derive(Clone, Debug)]
pub struct Outlet(pub(crate) Arc<dyn Connector>);

impl Outlet {
    /// Of what kind it is.
    pub fn name(&self) -> &'static str {
        self.0.name()
    }

    /// The system at a place: `https://…` for one that speaks HTTP, otherwise a folder that
    /// somebody carries on. `names` is a file that replaces the names of fields that come with
    /// the program, `word` what proves to the system who asks, and `patience` how long it may
    /// take to answer.
    pub fn to(
        place: &str,
        names: Option<&Path>,
        word: Option<String>,
        patience: Duration,
    ) -> Result<Self, Error> {
        let mapping = match names {
            Some(names) => Mapping::read(&std::fs::read_to_string(names)?)?,
            None => Mapping::built_in()?,
        };
        let is_url = place.starts_with("https://") || place.starts_with("http://");
        Ok(Self(if is_url {
            Arc::new(case_system::CaseSystem::at(place, mapping, word, patience)?)
        } else {
            Arc::new(folder::Folder::at(Path::new(place), mapping)?)
        }))
    }
}
