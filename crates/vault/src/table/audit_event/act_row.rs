//! Acts in columns, and back. A name here stands in somebody's trail: it may be added
//! to, never changed.

use domain::audit::Act;
use domain::ids::{DocumentId, DossierId, OfficerId, PageId};
use domain::rights::{Right, Roles};

/// An act taken to pieces.
#[derive(Default)]
pub(super) struct ActRow {
    pub(super) name: &'static str,
    pub(super) dossier_id: Option<DossierId>,
    pub(super) document_id: Option<DocumentId>,
    pub(super) page_id: Option<PageId>,
    pub(super) field: Option<String>,
    pub(super) subject_id: Option<OfficerId>,
}

impl ActRow {
    pub(super) fn of(act: &Act) -> Self {
        let plain = |name| Self {
            name,
            ..Self::default()
        };
        let document = |name, id: &DocumentId| Self {
            document_id: Some(*id),
            ..plain(name)
        };
        let page = |name, id: &DocumentId, page_id: &PageId| Self {
            page_id: Some(*page_id),
            ..document(name, id)
        };
        let field = |name, id: &DocumentId, field: &String| Self {
            field: Some(field.clone()),
            ..document(name, id)
        };
        let dossier_field = |name, id: &DossierId, field: &String| Self {
            dossier_id: Some(*id),
            field: Some(field.clone()),
            ..plain(name)
        };
        let about = |name, id: &OfficerId, roles: Option<&Roles>| Self {
            subject_id: Some(*id),
            field: roles.map(ToString::to_string),
            ..plain(name)
        };
        let dossier = |name, id: &DossierId| Self {
            dossier_id: Some(*id),
            ..plain(name)
        };
        match act {
            Act::VaultMade => plain("vault_made"),
            Act::SignedIn => plain("signed_in"),
            Act::SignInFailed => plain("sign_in_failed"),
            Act::SignInLocked => plain("sign_in_locked"),
            Act::PassphraseChanged => plain("passphrase_changed"),
            Act::Recovered => plain("recovered"),
            Act::OfficerAdded(id, roles) => about("officer_added", id, Some(roles)),
            Act::RolesChanged(id, roles) => about("roles_changed", id, Some(roles)),
            Act::PassphraseReset(id) => about("passphrase_reset", id, None),
            Act::RightRefused(right) => Self {
                field: Some(right.name().to_owned()),
                ..plain("right_refused")
            },
            Act::DossiersListed => plain("dossiers_listed"),
            Act::DossierViewed(id) => dossier("dossier_viewed", id),
            Act::DossierReceived(id) => dossier("dossier_received", id),
            Act::ReuseLooked(id) => dossier("reuse_looked", id),
            Act::Reused(id, document_id) => Self {
                document_id: Some(*document_id),
                ..dossier("reused", id)
            },
            Act::ReuseTakenBack(id, document_id) => Self {
                document_id: Some(*document_id),
                ..dossier("reuse_taken_back", id)
            },
            Act::DigitisingDecided(id, name) => dossier_field("digitising_decided", id, name),
            Act::DocumentBegun(id) => document("document_begun", id),
            Act::PageStored(id, page_id) => page("page_stored", id, page_id),
            Act::PageChanged(id, page_id) => page("page_changed", id, page_id),
            Act::PageVoided(id, page_id) => page("page_voided", id, page_id),
            Act::PageErased(id, page_id, what) => Self {
                field: Some(what.clone()),
                ..page("page_erased", id, page_id)
            },
            Act::PageMasked(id, page_id) => page("page_masked", id, page_id),
            Act::PageKept(id, page_id) => page("page_kept", id, page_id),
            Act::PagesDeclared(id) => document("pages_declared", id),
            Act::PagesVouched(id) => document("pages_vouched", id),
            Act::Extracted(id) => document("extracted", id),
            Act::FieldConfirmed(id, name) => field("field_confirmed", id, name),
            Act::FieldCorrected(id, name) => field("field_corrected", id, name),
            Act::FieldEntered(id, name) => field("field_entered", id, name),
            Act::AllConfirmed(id) => document("all_confirmed", id),
            Act::DisagreementRuled(id, name) => dossier_field("disagreement_ruled", id, name),
            Act::RulingTakenBack(id, name) => dossier_field("ruling_taken_back", id, name),
            Act::OwnerCorrected(id, name) => dossier_field("owner_corrected", id, name),
            Act::Deposited(id) => document("deposited", id),
            Act::Delivered(id) => document("delivered", id),
            Act::Purged(id) => document("purged", id),
            Act::BundleWritten => plain("bundle_written"),
            Act::StationEnrolled => plain("station_enrolled"),
            Act::Viewed(id) => document("viewed", id),
            Act::Revealed(id, name) => field("revealed", id, name),
            Act::WaitingListed => plain("waiting_listed"),
            Act::Searched => plain("searched"),
            Act::CopySigned(id) => document("copy_signed", id),
            Act::CopyTimestamped(id) => document("copy_timestamped", id),
            Act::Exported(id) => document("exported", id),
            Act::SlipIssued(id, what) => dossier_field("slip_issued", id, what),
            Act::DaySheetIssued(what) => Self {
                field: Some(what.clone()),
                ..plain("day_sheet_issued")
            },
            Act::AuditExported => plain("audit_exported"),
            Act::BackedUp => plain("backed_up"),
            Act::Restored => plain("restored"),
        }
    }

    pub(super) fn act(self, name: &str) -> Option<Act> {
        let (document, page, field) = (self.document_id, self.page_id, self.field);
        Some(match name {
            "vault_made" => Act::VaultMade,
            "signed_in" => Act::SignedIn,
            "sign_in_failed" => Act::SignInFailed,
            "sign_in_locked" => Act::SignInLocked,
            "passphrase_changed" => Act::PassphraseChanged,
            "recovered" => Act::Recovered,
            "officer_added" => Act::OfficerAdded(self.subject_id?, field?.parse().ok()?),
            "roles_changed" => Act::RolesChanged(self.subject_id?, field?.parse().ok()?),
            "passphrase_reset" => Act::PassphraseReset(self.subject_id?),
            "right_refused" => Act::RightRefused(Right::from_name(&field?)?),
            "dossiers_listed" => Act::DossiersListed,
            "dossier_viewed" => Act::DossierViewed(self.dossier_id?),
            "dossier_received" => Act::DossierReceived(self.dossier_id?),
            "reuse_looked" => Act::ReuseLooked(self.dossier_id?),
            "reused" => Act::Reused(self.dossier_id?, document?),
            "reuse_taken_back" => Act::ReuseTakenBack(self.dossier_id?, document?),
            "digitising_decided" => Act::DigitisingDecided(self.dossier_id?, field?),
            "document_begun" => Act::DocumentBegun(document?),
            "page_stored" => Act::PageStored(document?, page?),
            "page_changed" => Act::PageChanged(document?, page?),
            "page_voided" => Act::PageVoided(document?, page?),
            "page_erased" => Act::PageErased(document?, page?, field?),
            "page_masked" => Act::PageMasked(document?, page?),
            "page_kept" => Act::PageKept(document?, page?),
            "pages_declared" => Act::PagesDeclared(document?),
            "pages_vouched" => Act::PagesVouched(document?),
            "extracted" => Act::Extracted(document?),
            "field_confirmed" => Act::FieldConfirmed(document?, field?),
            "field_corrected" => Act::FieldCorrected(document?, field?),
            "field_entered" => Act::FieldEntered(document?, field?),
            "all_confirmed" => Act::AllConfirmed(document?),
            "disagreement_ruled" => Act::DisagreementRuled(self.dossier_id?, field?),
            "ruling_taken_back" => Act::RulingTakenBack(self.dossier_id?, field?),
            "owner_corrected" => Act::OwnerCorrected(self.dossier_id?, field?),
            "deposited" => Act::Deposited(document?),
            "delivered" => Act::Delivered(document?),
            "purged" => Act::Purged(document?),
            "bundle_written" => Act::BundleWritten,
            "station_enrolled" => Act::StationEnrolled,
            "viewed" => Act::Viewed(document?),
            "revealed" => Act::Revealed(document?, field?),
            "waiting_listed" => Act::WaitingListed,
            "searched" => Act::Searched,
            "copy_signed" => Act::CopySigned(document?),
            "copy_timestamped" => Act::CopyTimestamped(document?),
            "exported" => Act::Exported(document?),
            "slip_issued" => Act::SlipIssued(self.dossier_id?, field?),
            "day_sheet_issued" => Act::DaySheetIssued(field?),
            "audit_exported" => Act::AuditExported,
            "backed_up" => Act::BackedUp,
            "restored" => Act::Restored,
            _ => return None,
        })
    }
}
