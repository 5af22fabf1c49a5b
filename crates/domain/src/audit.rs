//! The audit trail (nhật ký): who did what to which id, never what it says.

use chrono::{DateTime, Utc};

use crate::ids::{AuditEventId, DocumentId, DossierId, OfficerId, PageId};

/// An entry of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// Its key.
    pub id: AuditEventId,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
    /// Who did it.
    pub officer_id: OfficerId,
    /// What was done.
    pub act: Act,
}

/// What was done. Ids and names of fields only: the trail holds no personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A vault was made.
    VaultMade,
    /// An officer signed in.
    SignedIn,
    /// A dossier was received.
    DossierReceived(DossierId),
    /// A document was begun.
    DocumentBegun(DocumentId),
    /// A page was stored.
    PageStored(DocumentId, PageId),
    /// A page was turned, moved or otherwise changed in its transforms or place.
    PageChanged(DocumentId, PageId),
    /// A page was taken out.
    PageVoided(DocumentId, PageId),
    /// A second image of a page was made, with parts of it masked.
    PageMasked(DocumentId, PageId),
    /// A bad image was kept, with a reason.
    PageKept(DocumentId, PageId),
    /// The pages of the paper were counted.
    PagesDeclared(DocumentId),
    /// A person said that the paper is whole although its pages do not add up.
    PagesVouched(DocumentId),
    /// The electronic copy was made and fields were proposed.
    Extracted(DocumentId),
    /// A field was confirmed as proposed.
    FieldConfirmed(DocumentId, String),
    /// A field was typed or corrected.
    FieldCorrected(DocumentId, String),
    /// One of the two officers whom a field takes made an entry of his own.
    FieldEntered(DocumentId, String),
    /// Every proposed value was confirmed at one stroke, by a machine in the
    /// name of the officer (`--accept all`).
    AllConfirmed(DocumentId),
    /// Papers of the dossier said different things in this field, and a person
    /// ruled about it.
    DisagreementRuled(DossierId, String),
    /// A ruling was taken back.
    RulingTakenBack(DossierId, String),
    /// A record was deposited.
    Deposited(DocumentId),
    /// Personal data was looked at.
    Viewed(DocumentId),
    /// The electronic copy left the vault.
    Exported(DocumentId),
}
