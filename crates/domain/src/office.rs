//! The office, its station and its officers.

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    /// The key.
    pub id: OfficerId,
    /// The name that stands on what this officer did.
    pub name: String,
}
