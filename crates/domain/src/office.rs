//! The office, its station and its officers.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::code::AgencyCode;
use crate::ids::OfficerId;
use crate::local_code::Station;
use crate::rights::Roles;

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

/// An officer as this desk knows him: what he may do, and whether he comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The officer.
    pub officer: Officer,
    /// What the officer may do.
    pub roles: Roles,
    /// The passphrase was set by somebody else, and is changed at the next sign-in.
    pub must_change: bool,
    /// Since when the desk knows the officer.
    pub created_at: DateTime<Utc>,
    /// When the officer last came, or was let in anew; nothing where a vault was made
    /// before anybody counted.
    pub active_at: Option<DateTime<Utc>>,
}

impl Account {
    /// Whether nobody has come under this name for so long that it is shut.
    // QCVN 12:2026/BCA: accounts that nobody uses are disabled.
    pub fn is_asleep(&self, disabled_after_days: u32, now: DateTime<Utc>) -> bool {
        self.active_at
            .is_some_and(|active_at| (now - active_at).num_days() >= i64::from(disabled_after_days))
    }
}
