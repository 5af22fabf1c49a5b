//! How long things are kept (thời hạn bảo quản), and what stays of a page that was erased.

use chrono::{DateTime, TimeDelta, Utc};

use crate::digest::Digest;
use crate::ids::{DocumentId, ElectronicCopyId, FeedId, OfficerId, PageId};

/// The rules of keeping. The numbers are data of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionRules {
    /// Days in the trash before a page that was taken out may be erased.
    pub trash_days: u32,
    /// Days after which the images and copies of a paper go that the centre has; `None` is
    /// never.
    pub delivered_days: Option<u32>,
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
    /// The files that went with it, because its picture stood in them.
    pub files: Vec<ErasedFile>,
}

/// A file that was erased with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErasedFile {
    /// What it was.
    pub what: ErasedKind,
    /// The sealed file.
    pub sealed_digest: Digest,
}

/// What besides the image of a page holds its picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErasedKind {
    /// An older electronic copy.
    Copy(ElectronicCopyId),
    /// The signed file by whose feed the page came.
    Original(FeedId),
}

/// Why the picture of a page that was taken out cannot be erased: it stands in what stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Held {
    /// The signed file of which it is a page is still a paper.
    ByOriginal,
    /// An officer has signed a copy in which it stands.
    BySignature,
    /// A deposited record has a copy in which it stands.
    ByRecord,
}

impl Held {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ByOriginal => "by_original",
            Self::BySignature => "by_signature",
            Self::ByRecord => "by_record",
        }
    }
}

/// Why a page was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EraseReason {
    /// Its days in the trash were over.
    // Circular 01/2023/TT-VPCP, art. 6: personal data is protected; what is no part of any
    // paper is kept no longer than somebody may want it back.
    TrashDaysOver,
    /// It is of a paper that nobody handed in here.
    OfAnother,
    /// The person whose data it shows asked for it.
    // Law 91/2025/QH15 on personal data.
    OnRequest,
    /// It shows no paper at all: a table, a hand, a test.
    NoPaper,
}

impl EraseReason {
    /// All reasons.
    pub const ALL: [Self; 4] = [
        Self::TrashDaysOver,
        Self::OfAnother,
        Self::OnRequest,
        Self::NoPaper,
    ];

    /// The stable name in stores and over the boundary.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TrashDaysOver => "trash_days_over",
            Self::OfAnother => "of_another",
            Self::OnRequest => "on_request",
            Self::NoPaper => "no_paper",
        }
    }

    /// The reason of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

impl Tombstone {
    /// What the audit trail says of it beside the ids: the reason and the digests of what is
    /// gone, the image first. A tombstone of which the trail does not say this is a forged one.
    pub fn inscription(&self) -> String {
        let mut words = vec![
            self.reason.name().to_owned(),
            self.sealed_digest.to_string(),
        ];
        words.extend(self.files.iter().map(|file| file.sealed_digest.to_string()));
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_may_be_erased_when_its_days_are_over_and_never_before() {
        let rules = |trash_days| RetentionRules {
            trash_days,
            delivered_days: None,
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
