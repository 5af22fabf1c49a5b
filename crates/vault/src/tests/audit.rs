//! The audit trail is read back, and tampering with it is noticed even when it is
//! done with the key.

use domain::audit::Act;
use domain::ids::{DocumentId, DossierId, PageId};
use domain::rights::{Right, Role, Roles};
use uuid::Uuid;

use super::TestVault;
use crate::{AuditTrail, Error};

fn acts() -> Vec<Act> {
    let dossier = DossierId::from_uuid(Uuid::now_v7());
    let document = DocumentId::from_uuid(Uuid::now_v7());
    let page = PageId::from_uuid(Uuid::now_v7());
    vec![
        Act::VaultMade,
        Act::SignedIn,
        Act::DossierReceived(dossier),
        Act::DocumentBegun(document),
        Act::PageStored(document, page),
        Act::PageChanged(document, page),
        Act::PageVoided(document, page),
        Act::Extracted(document),
        Act::FieldConfirmed(document, "number".to_owned()),
        Act::FieldCorrected(document, "owner_name".to_owned()),
        Act::AllConfirmed(document),
        Act::Deposited(document),
        Act::Viewed(document),
        Act::Exported(document),
    ]
}

fn with_trail() -> (TestVault, Vec<domain::audit::AuditEvent>) {
    let test = TestVault::new();
    let events: Vec<_> = acts().into_iter().map(|act| test.event(act)).collect();
    for event in &events {
        test.vault
            .write(|writer| writer.append_audit(event))
            .unwrap();
    }
    (test, events)
}

fn verify(test: &TestVault) -> AuditTrail {
    test.vault.read(|reader| reader.verify_audit()).unwrap()
}

#[test]
fn every_act_comes_back_and_the_trail_is_whole() {
    let (test, events) = with_trail();
    assert_eq!(verify(&test), AuditTrail::Whole { events: 14 });
    let test = test.reopened();
    assert_eq!(verify(&test), AuditTrail::Whole { events: 14 });
    let Act::DocumentBegun(document) = events[3].act else {
        panic!("the fourth act begins a document");
    };
    let found = test.vault.read(|reader| reader.audit_of(document)).unwrap();
    assert_eq!(found, events[3..]);
}

#[test]
fn an_event_of_a_transaction_that_is_given_up_leaves_no_gap() {
    let (test, _) = with_trail();
    let given_up = test.vault.write(|writer| {
        writer.append_audit(&test.event(Act::SignedIn))?;
        Err::<(), _>(Error::DiskFull)
    });
    assert!(given_up.is_err());
    let event = test.event(Act::SignedIn);
    test.vault
        .write(|writer| writer.append_audit(&event))
        .unwrap();
    assert_eq!(verify(&test), AuditTrail::Whole { events: 15 });
}

#[test]
fn tampering_with_the_key_in_hand_is_found_at_its_position() {
    for (tampering, position) in [
        ("UPDATE audit_event SET happened_at = '2026-11-03T02:03:04.000000006Z' WHERE position = 5", 5),
        ("UPDATE audit_event SET happened_at = '2026-11-03T02:03:04.5Z' WHERE position = 5", 5),
        ("UPDATE audit_event SET officer_id = zeroblob(16) WHERE position = 1", 1),
        ("UPDATE audit_event SET act = 'viewed' WHERE position = 14", 14),
        ("UPDATE audit_event SET field = NULL WHERE position = 9", 9),
        ("UPDATE audit_event SET field = '' WHERE position = 2", 2),
        ("UPDATE audit_event SET page_id = NULL WHERE position = 6", 6),
        ("UPDATE audit_event SET hash = zeroblob(32) WHERE position = 7", 7),
        ("UPDATE audit_event SET hash_before = zeroblob(32) WHERE position = 7", 7),
        ("DELETE FROM audit_event WHERE position = 4", 4),
        ("DELETE FROM audit_event WHERE position = 1", 1),
        ("DELETE FROM audit_event WHERE position > 12", 13),
        ("DELETE FROM audit_event", 1),
        ("UPDATE audit_event SET position = 99 WHERE position = 3;
          UPDATE audit_event SET position = 3 WHERE position = 4;
          UPDATE audit_event SET position = 4 WHERE position = 99", 3),
        ("INSERT INTO audit_event SELECT 15, zeroblob(16), happened_at, officer_id, act, dossier_id,
          document_id, page_id, field, hash, hash, NULL FROM audit_event WHERE position = 14", 15),
        ("UPDATE audit_event SET subject_id = zeroblob(16) WHERE position = 8", 8),
        ("UPDATE audit_head SET signature = zeroblob(64) WHERE position = 2", 2),
        ("UPDATE audit_head SET signed_at = '2026-11-03T02:03:04.000000006Z' WHERE position = 2", 2),
        ("UPDATE audit_head SET position = 3 WHERE position = 2", 3),
        ("UPDATE counter SET last = 20 WHERE name = 'audit_event'", 15),
    ] {
        let (test, _) = with_trail();
        let connection = test.vault.writer_connection();
        connection
            .execute_batch(
                "DROP TRIGGER audit_event_stays; DROP TRIGGER audit_event_never_changes;
                 DROP TRIGGER audit_head_never_changes;",
            )
            .unwrap();
        connection.execute_batch(tampering).unwrap();
        drop(connection);
        assert_eq!(verify(&test), AuditTrail::BrokenAt { position }, "{tampering}");
        assert!(!test.vault.check().unwrap().is_sound(), "{tampering}");
    }
}

#[test]
fn an_act_of_every_kind_survives_its_row() {
    let test = TestVault::new();
    let document = DocumentId::from_uuid(Uuid::now_v7());
    let dossier = DossierId::from_uuid(Uuid::now_v7());
    let officer = test.officer.id;
    let roles = Roles::of(&[Role::Auditor, Role::Postal]);
    let field = "owner_id".to_owned();
    let acts = [
        Act::SignInFailed,
        Act::SignInLocked,
        Act::PassphraseChanged,
        Act::Recovered,
        Act::OfficerAdded(officer, roles),
        Act::RolesChanged(officer, Roles::NONE),
        Act::PassphraseReset(officer),
        Act::RightRefused(Right::Export),
        Act::DossiersListed,
        Act::DossierViewed(dossier),
        Act::OwnerCorrected(dossier, field.clone()),
        Act::Revealed(document, field),
        Act::WaitingListed,
        Act::Searched,
        Act::CopySigned(document),
        Act::CopyTimestamped(document),
        Act::Delivered(document),
        Act::Purged(document),
        Act::BundleWritten,
        Act::StationEnrolled,
        Act::SlipIssued(dossier, "receipt 1".to_owned()),
        Act::DaySheetIssued("day_sheet 2".to_owned()),
        Act::AuditExported,
        Act::BackedUp,
        Act::Restored,
    ];
    let events: Vec<_> = acts.into_iter().map(|act| test.event(act)).collect();
    for event in &events {
        test.vault
            .write(|writer| writer.append_audit(event))
            .unwrap();
    }
    let found = test.vault.read(|reader| reader.audit()).unwrap();
    assert_eq!(found, events);
}
