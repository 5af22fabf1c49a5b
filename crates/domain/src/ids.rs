//! The registry of ids. An id is a key and is never shown to people.

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUIDv7 that `desk` made, or that the vault gave back.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare value, for a key column or a wire field.
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A dossier (hồ sơ).
    DossierId,
    /// One component (thành phần hồ sơ) of a dossier.
    DossierComponentId,
    /// A document (giấy tờ). Made and stored with the first page, before any network.
    DocumentId,
    /// A page (trang) of a document.
    PageId,
    /// One run of a source that handed over pages.
    FeedId,
    /// An officer (cán bộ).
    OfficerId,
    /// An entry of the audit trail (nhật ký).
    AuditEventId,
    /// An electronic copy (bản sao điện tử).
    ElectronicCopyId,
    /// A ruling about papers that disagree.
    RulingId,
    /// A row of the outbox.
    OutboxItemId,
}
