//! The audit trail (nhật ký): who did what to which id, never what it says.

use chrono::{DateTime, Utc};

use crate::ids::{AuditEventId, DocumentId, DossierId, OfficerId, PageId};
use crate::rights::{Right, Roles};

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
    /// Somebody gave a wrong passphrase under the name of this officer.
    SignInFailed,
    /// Wrong passphrases brought a wait before the next try.
    SignInLocked,
    /// The officer set a passphrase of his own.
    PassphraseChanged,
    /// The vault was opened with its recovery key.
    Recovered,
    /// An officer was added, with these roles.
    OfficerAdded(OfficerId, Roles),
    /// An officer has these roles from now on.
    RolesChanged(OfficerId, Roles),
    /// An officer was given a passphrase by somebody else.
    PassphraseReset(OfficerId),
    /// The officer asked for what none of his roles may do.
    RightRefused(Right),
    /// The list of dossiers was looked at.
    DossiersListed,
    /// A dossier was looked at.
    DossierViewed(DossierId),
    /// A dossier was received.
    DossierReceived(DossierId),
    /// What is digitised already for the owner of a dossier was looked at.
    ReuseLooked(DossierId),
    /// A component of the dossier is answered by this paper, which was digitised before.
    Reused(DossierId, DocumentId),
    /// That was taken back.
    ReuseTakenBack(DossierId, DocumentId),
    /// It was decided whether a component of the dossier is digitised, or why not.
    DigitisingDecided(DossierId, String),
    /// A document was begun.
    DocumentBegun(DocumentId),
    /// A page was stored.
    PageStored(DocumentId, PageId),
    /// A page was turned, moved or otherwise changed in its transforms or place.
    PageChanged(DocumentId, PageId),
    /// A page was taken out.
    PageVoided(DocumentId, PageId),
    /// A page that had been taken out was erased: the reason, and the digest of the sealed
    /// file that is gone.
    PageErased(DocumentId, PageId, String),
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
    /// What was received about the owner of a dossier was put right in this part.
    OwnerCorrected(DossierId, String),
    /// A record was deposited.
    Deposited(DocumentId),
    /// The centre has a version of the record, and its receipt lies here.
    Delivered(DocumentId),
    /// The files of a paper went from here: the centre has them.
    Purged(DocumentId),
    /// What waits went into a bundle for the centre.
    BundleWritten,
    /// The desk became a station of a centre.
    StationEnrolled,
    /// Personal data was looked at.
    Viewed(DocumentId),
    /// A masked value of this field, or the picture of the paper, was revealed.
    Revealed(DocumentId, String),
    /// The values that wait on all open papers were looked at.
    WaitingListed,
    /// Deposited records were searched.
    Searched,
    /// The electronic copy was signed with the officer's token.
    CopySigned(DocumentId),
    /// An authority's timestamp was put on a signed copy.
    CopyTimestamped(DocumentId),
    /// The electronic copy left the vault.
    Exported(DocumentId),
    /// A slip about a dossier was made: its kind and its number.
    SlipIssued(DossierId, String),
    /// The sheet of a day was made: its kind and its number.
    DaySheetIssued(String),
    /// The audit trail left the vault.
    AuditExported,
    /// A copy of the whole vault was written, encrypted as it is.
    BackedUp,
    /// The vault was made anew from such a copy; what came after the copy is not in it.
    Restored,
}
