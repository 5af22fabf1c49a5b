//! The audit trail. Each event carries a hash over itself and the hash before it,
//! so that one that was changed, taken out or put elsewhere is noticed.

use domain::audit::{Act, AuditEvent};
use domain::ids::{AuditEventId, DocumentId, DossierId, OfficerId, PageId};
use rusqlite::params;
use sha2::{Digest as _, Sha256};

use crate::access::{Reader, Writer};
use crate::column::{Columns, instant, key};
use crate::error::Error;

const TABLE: &str = "audit_event";
/// The counter that remembers how long the trail is, so that a missing tail shows.
const LENGTH: &str = "audit_event";
/// What the first event follows.
const BEGINNING: [u8; 32] = [0; 32];
/// Says what is hashed and how; another way of hashing gets another name.
const CONTEXT: &[u8] = b"vault audit event 1\0";

pub(crate) const V1: &str = "
CREATE TABLE audit_event (
    position    INTEGER PRIMARY KEY CHECK (position >= 1),
    id          BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    happened_at TEXT NOT NULL,
    officer_id  BLOB NOT NULL,
    act         TEXT NOT NULL,
    dossier_id  BLOB,
    document_id BLOB,
    page_id     BLOB,
    field       TEXT,
    hash_before BLOB NOT NULL CHECK (length(hash_before) = 32),
    hash        BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX audit_event_of_document ON audit_event (document_id, position);
CREATE TRIGGER audit_event_stays BEFORE DELETE ON audit_event
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER audit_event_never_changes BEFORE UPDATE ON audit_event
BEGIN SELECT RAISE(ABORT, 'an audit event never changes'); END;";

/// Whether the audit trail is as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditTrail {
    /// Every event is there and unchanged.
    Whole {
        /// How many there are.
        events: u64,
    },
    /// Up to here it is whole; the event at this position is not, or is not there.
    BrokenAt {
        /// Position in the trail, from 1.
        position: u64,
    },
}

impl AuditTrail {
    /// Whether every event is there and unchanged.
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Whole { .. })
    }
}

/// An event as it stands in its row. Hashed as stored, so that every change of a
/// column shows, also one that would read back as the same event.
struct Row {
    position: i64,
    id: Vec<u8>,
    happened_at: String,
    officer_id: Vec<u8>,
    act: String,
    dossier_id: Option<Vec<u8>>,
    document_id: Option<Vec<u8>>,
    page_id: Option<Vec<u8>>,
    field: Option<String>,
    hash_before: [u8; 32],
}

impl Row {
    fn hash(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(CONTEXT);
        hasher.update(self.position.to_be_bytes());
        for part in [
            Some(self.id.as_slice()),
            Some(self.happened_at.as_bytes()),
            Some(self.officer_id.as_slice()),
            Some(self.act.as_bytes()),
            self.dossier_id.as_deref(),
            self.document_id.as_deref(),
            self.page_id.as_deref(),
            self.field.as_deref().map(str::as_bytes),
            Some(self.hash_before.as_slice()),
        ] {
            // With its length, and "none" told apart from "empty": no two events
            // give the same bytes.
            let length = part.map_or(u64::MAX, |part| part.len() as u64);
            hasher.update(length.to_be_bytes());
            hasher.update(part.unwrap_or_default());
        }
        hasher.finalize().into()
    }
}

impl Reader<'_> {
    /// What happened to a document, oldest first.
    pub fn audit_of(&self, id: DocumentId) -> Result<Vec<AuditEvent>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM audit_event WHERE document_id = ?1 ORDER BY position",
            params![key!(id)],
            event,
        )
    }

    /// Goes through the whole trail and names the first position at which it is
    /// not as it was written.
    pub fn verify_audit(&self) -> Result<AuditTrail, Error> {
        let mut before = BEGINNING;
        let mut events = 0_u64;
        let mut broken = false;
        self.many(
            TABLE,
            "SELECT * FROM audit_event ORDER BY position",
            [],
            |columns| {
                if !broken {
                    let (row, hash) = row(columns)?;
                    let whole = row.position == events as i64 + 1
                        && row.hash_before == before
                        && row.hash() == hash;
                    if whole {
                        events += 1;
                        before = hash;
                    } else {
                        broken = true;
                    }
                }
                Ok(())
            },
        )?;
        if broken || events != u64::from(self.last_of(LENGTH)?) {
            return Ok(AuditTrail::BrokenAt {
                position: events + 1,
            });
        }
        Ok(AuditTrail::Whole { events })
    }
}

impl Writer<'_> {
    /// Adds an event to the end of the trail.
    pub fn append_audit(&self, event: &AuditEvent) -> Result<(), Error> {
        let last = self.last_of(LENGTH)?;
        let before = self.one(
            TABLE,
            "SELECT hash FROM audit_event WHERE position = ?1",
            params![last],
            |columns| columns.get::<[u8; 32]>("hash"),
        )?;
        let act = ActRow::of(&event.act);
        let bytes = |id: [u8; 16]| id.to_vec();
        let row = Row {
            position: i64::from(last) + 1,
            id: bytes(key!(event.id)),
            happened_at: instant(event.happened_at),
            officer_id: bytes(key!(event.officer_id)),
            act: act.name.to_owned(),
            dossier_id: act.dossier_id.map(|id| bytes(key!(id))),
            document_id: act.document_id.map(|id| bytes(key!(id))),
            page_id: act.page_id.map(|id| bytes(key!(id))),
            field: act.field,
            hash_before: before.unwrap_or(BEGINNING),
        };
        self.insert(
            "audit event",
            "INSERT INTO audit_event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                row.position,
                row.id,
                row.happened_at,
                row.officer_id,
                row.act,
                row.dossier_id,
                row.document_id,
                row.page_id,
                row.field,
                row.hash_before,
                row.hash(),
            ],
        )?;
        self.set_last(LENGTH, last + 1)
    }
}

fn row(columns: &Columns<'_>) -> Result<(Row, [u8; 32]), Error> {
    let row = Row {
        position: columns.get("position")?,
        id: columns.get("id")?,
        happened_at: columns.get("happened_at")?,
        officer_id: columns.get("officer_id")?,
        act: columns.get("act")?,
        dossier_id: columns.get("dossier_id")?,
        document_id: columns.get("document_id")?,
        page_id: columns.get("page_id")?,
        field: columns.get("field")?,
        hash_before: columns.get("hash_before")?,
    };
    Ok((row, columns.get("hash")?))
}

fn event(columns: &Columns<'_>) -> Result<AuditEvent, Error> {
    let act = ActRow {
        name: "",
        dossier_id: columns.maybe_id("dossier_id", DossierId::from_uuid)?,
        document_id: columns.maybe_id("document_id", DocumentId::from_uuid)?,
        page_id: columns.maybe_id("page_id", PageId::from_uuid)?,
        field: columns.get("field")?,
    };
    let name: String = columns.get("act")?;
    Ok(AuditEvent {
        id: columns.id("id", AuditEventId::from_uuid)?,
        happened_at: columns.instant("happened_at")?,
        officer_id: columns.id("officer_id", OfficerId::from_uuid)?,
        act: act.act(&name).ok_or_else(|| columns.damaged("act"))?,
    })
}

/// An act taken to pieces.
#[derive(Default)]
struct ActRow {
    name: &'static str,
    dossier_id: Option<DossierId>,
    document_id: Option<DocumentId>,
    page_id: Option<PageId>,
    field: Option<String>,
}

impl ActRow {
    fn of(act: &Act) -> Self {
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
        match act {
            Act::VaultMade => plain("vault_made"),
            Act::SignedIn => plain("signed_in"),
            Act::DossierReceived(id) => Self {
                dossier_id: Some(*id),
                ..plain("dossier_received")
            },
            Act::DocumentBegun(id) => document("document_begun", id),
            Act::PageStored(id, page_id) => page("page_stored", id, page_id),
            Act::PageChanged(id, page_id) => page("page_changed", id, page_id),
            Act::PageVoided(id, page_id) => page("page_voided", id, page_id),
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
            Act::Deposited(id) => document("deposited", id),
            Act::Viewed(id) => document("viewed", id),
            Act::Exported(id) => document("exported", id),
        }
    }

    fn act(self, name: &str) -> Option<Act> {
        let (document, page, field) = (self.document_id, self.page_id, self.field);
        Some(match name {
            "vault_made" => Act::VaultMade,
            "signed_in" => Act::SignedIn,
            "dossier_received" => Act::DossierReceived(self.dossier_id?),
            "document_begun" => Act::DocumentBegun(document?),
            "page_stored" => Act::PageStored(document?, page?),
            "page_changed" => Act::PageChanged(document?, page?),
            "page_voided" => Act::PageVoided(document?, page?),
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
            "deposited" => Act::Deposited(document?),
            "viewed" => Act::Viewed(document?),
            "exported" => Act::Exported(document?),
            _ => return None,
        })
    }
}
