//! How long things are kept (thời hạn bảo quản), and what stays of a page that was erased.

use chrono::{DateTime, TimeDelta, Utc};

use crate::digest::Digest;
use crate::ids::{DocumentId, OfficerId, PageId};

/// The rules of keeping. The numbers are data of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionRules {
    /// Days in the trash before a page that was taken out may be erased.
    pub trash_days: u32,
    /// The retention periods of archives, in the order of their codes.
    // Circular 05/2025/TT-BNV: the codes of retention periods.
    pub periods: Vec<RetentionPeriod>,
}

/// A retention period (thời hạn bảo quản) of archives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionPeriod {
    /// Its code, `01`.
    pub code: String,
    /// How long; `None` is for ever.
    pub years: Option<u32>,
}

impl RetentionRules {
    /// From when on a page may be erased that was taken out then.
    pub fn erasable_at(&self, voided_at: DateTime<Utc>) -> DateTime<Utc> {
        let days = TimeDelta::days(i64::from(self.trash_days));
        voided_at
            .checked_add_signed(days)
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

/// What stays of an erased page: its row, and this. The image is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// The page.
    pub page_id: PageId,
    /// Its document.
    pub document_id: DocumentId,
    /// The sealed file that held its image.
    pub sealed_digest: Digest,
    /// When.
    pub erased_at: DateTime<Utc>,
    /// By whom.
    pub erased_by: OfficerId,
    /// Why.
    pub reason: EraseReason,
}

/// Why a page was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EraseReason {
    /// Its days in the trash were over.
    // Circular 01/2023/TT-VPCP, art. 6: personal data is protected; what is no part of any
    // paper is kept no longer than somebody may want it back.
    TrashDaysOver,
}

impl EraseReason {
    /// All reasons.
    pub const ALL: [Self; 1] = [Self::TrashDaysOver];

    /// The stable name in stores and over the boundary.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TrashDaysOver => "trash_days_over",
        }
    }

    /// The reason of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

impl Tombstone {
    /// What the audit trail says of it beside the ids: the reason and the digest of what is
    /// gone. A tombstone of which the trail does not say this is a forged one.
    pub fn inscription(&self) -> String {
        format!("{} {}", self.reason.name(), self.sealed_digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_may_be_erased_when_its_days_are_over_and_never_before() {
        let rules = |trash_days| RetentionRules {
            trash_days,
            periods: Vec::new(),
        };
        let voided_at = DateTime::UNIX_EPOCH;
        for (days, hours) in [(30, 720), (1, 24)] {
            let erasable = rules(days).erasable_at(voided_at);
            assert_eq!((erasable - voided_at).num_hours(), hours);
        }
        assert!(rules(u32::MAX).erasable_at(voided_at) > voided_at, "never");
    }
}
