//! What the centre has goes from the desk when the days of keeping are over, and nothing else.

use desk::{Error, VaultError, audit, export, search, sync};
use support::test_centre::TestCentre;
use support::test_desk::TestDesk;
use support::test_token::{Key, Purpose, TestAuthority, TestTokens};

use crate::centre::{OFFICE, deposited, send};
use crate::sign::sign_all;
use crate::trash::{later, sealed_files};

/// A desk of a centre, with one signed and one unsigned paper that lie there.
fn with_two_papers_at(centre: &TestCentre) -> (TestDesk, [domain::record::Record; 2]) {
    let (authority, tokens, mut test) = (TestAuthority::new(), TestTokens::new(), TestDesk::new());
    tokens.add(
        "Thử",
        &authority.issue("Trần Thị Thử", Key::Rsa(2_048), Purpose::Signing),
    );
    let signed = deposited(test.desk());
    sign_all(&test, &[signed.document_id]);
    let unsigned = deposited(test.desk());
    sync::enrol(test.desk(), &centre.ticket(OFFICE)).unwrap();
    assert_eq!(send(test.desk()).unwrap().report.delivered, 3);
    test.close();
    // Who stays away for 45 days is let in no more.
    for days in [40, 80] {
        drop(later(test.vault(), days));
    }
    (test, [signed, unsigned])
}

// QCVN 12:2026/BCA and the law on personal data: kept no longer than is needed.
#[test]
fn the_files_of_a_delivered_paper_go_after_their_days_and_the_paper_is_still_found() {
    let centre = TestCentre::start();
    let (test, [signed, unsigned]) = with_two_papers_at(&centre);
    let before = sealed_files(test.vault()).len();
    let (_, desk) = later(test.vault(), 89);
    send(&desk).unwrap();
    assert_eq!(sealed_files(test.vault()).len(), before);
    drop(desk);

    let (_, desk) = later(test.vault(), 91);
    send(&desk).unwrap();
    // One page, its copy, and the copy with the signature.
    assert_eq!(sealed_files(test.vault()).len(), before - 3);
    let gone = export::copy_of(&desk, signed.document_id);
    assert!(matches!(gone, Err(Error::Vault(VaultError::Purged))));
    assert!(export::copy_of(&desk, unsigned.document_id).is_ok());
    let shown = search::show(&desk, &signed.local_code.to_string()).unwrap();
    let number = |values: &[domain::field::FieldValue]| values[0].value.clone();
    assert_eq!(number(&shown.record.values), number(&signed.values));
    let hits = search::search(&desk, &signed.code.text, 5).unwrap();
    assert!(
        hits.iter()
            .any(|hit| hit.record.document_id == signed.document_id)
    );
    assert!(desk.check_vault().unwrap().is_sound());
    let trail = test.folder().join("trail.jsonl");
    audit::export(&desk, &trail).unwrap();
    let told = std::fs::read_to_string(&trail).unwrap();
    assert_eq!(told.matches("\"purged\"").count(), 1);

    // A correction needs none of what went.
    let name = "signer".parse().unwrap();
    desk::deposit::correct(&desk, signed.document_id, &name, "Lê Văn Mẫu").unwrap();
    assert_eq!(send(&desk).unwrap().report.delivered, 1);
    // And nothing else may be gone.
    let backup = test.folder().join("medium");
    desk::backup::back_up(&desk, &backup).unwrap();
    std::fs::remove_file(&sealed_files(test.vault())[0]).unwrap();
    assert_eq!(desk.check_vault().unwrap().missing.len(), 1);
}

/// Promise C9: a row that says "delivered" lets nothing go; the receipt does, if the key of
/// the desk's centre signed it.
#[test]
fn nothing_goes_for_a_receipt_that_is_not_believed() {
    let [centre, other] = [TestCentre::start(), TestCentre::start()];
    let (test, _) = with_two_papers_at(&centre);
    let before = sealed_files(test.vault()).len();
    let (_, desk) = later(test.vault(), 91);
    sync::enrol(&desk, &other.ticket(OFFICE)).unwrap();
    assert_eq!(send(&desk).unwrap().stop, None);
    assert_eq!(sealed_files(test.vault()).len(), before);
}
