//! The office, its station and its officers.

use std::fmt;

use crate::code::AgencyCode;
use crate::ids::OfficerId;
use crate::local_code::Station;

/// The office (Bộ phận Một cửa) at which this desk stands, and the desk's station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// Its agency code.
    pub code: AgencyCode,
    /// The station that gives the local codes.
    pub station: Station,
}

/// An officer (cán bộ).
#[derive(Clone, PartialEq, Eq)]
pub struct Officer {
    /// The key.
    pub id: OfficerId,
    /// The name that stands on what this officer did.
    pub name: String,
}

// In a log an officer is a key, not a name.
impl fmt::Debug for Officer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Officer")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
