//! Code and store: afterwards a record is immutable.

use desk::digitise::{Accept, Outcome, Paper, digitise};
use desk::{Error, Refusal, deposit, export, review, scan, search};
use support::test_desk::{TestDesk, sample};

fn deposited(test: &TestDesk) -> domain::record::Record {
    let paper = Paper {
        files: vec![sample("1-official-document.jpg")],
        accept: Accept::All,
        ..Paper::default()
    };
    match digitise(test.desk(), &paper).unwrap().0 {
        Outcome::Deposited(record) => *record,
        Outcome::NeedsReview(_, open) => panic!("{open:?} are open"),
    }
}

#[test]
fn a_deposited_document_does_not_change_any_more() {
    let test = TestDesk::new();
    let record = deposited(&test);
    let desk = test.desk();
    let id = record.document_id;
    let page = scan::pages(desk, id).unwrap()[0].id;
    let refusals: [Result<(), Error>; 5] = [
        deposit::deposit(desk, id).map(drop),
        scan::add_file(desk, id, &sample("2-birth-certificate.jpg"), &mut |_| {}),
        scan::void_page(desk, page, domain::page::VoidReason::Blank).map(drop),
        review::extract_document(desk, id, None, &|_| {}).map(drop),
        review::confirm_field(desk, id, &"number".parse().unwrap(), "1/QĐ-UBND").map(drop),
    ];
    for refusal in refusals {
        assert!(
            matches!(refusal, Err(Error::Refused(Refusal::AlreadyDeposited))),
            "{refusal:?}"
        );
    }
}

#[test]
fn a_correction_is_a_new_version_and_the_old_one_stays() {
    let mut test = TestDesk::new();
    let first = deposited(&test);
    let corrected = deposit::correct(
        test.desk(),
        first.document_id,
        &"number".parse().unwrap(),
        "77/QĐ-UBND",
    )
    .unwrap();
    assert_eq!((first.version, corrected.version), (1, 2));
    assert_eq!(corrected.value("number"), Some("77/QĐ-UBND"));
    assert_eq!(
        corrected.local_code, first.local_code,
        "it is the same paper"
    );
    test.reopen();
    let hits = search::search(test.desk(), "77/QĐ-UBND", 10).unwrap();
    assert_eq!(hits.len(), 1, "the latest version is found, once");
    assert_eq!(hits[0].record.version, 2);
    assert_eq!(
        test.desk().outbox_total().unwrap().waiting,
        2,
        "both versions are for the centre"
    );
}

#[test]
fn what_is_exported_is_what_was_stored() {
    let test = TestDesk::new();
    let record = deposited(&test);
    let out = test.folder().join("out");
    let exported = export::export(test.desk(), &record.local_code.to_string(), &out).unwrap();
    let pdf = std::fs::read(&exported.copy).unwrap();
    let copy = export::latest_copy(test.desk(), record.document_id)
        .unwrap()
        .unwrap();
    assert_eq!(domain::digest::Digest::of(&pdf), copy.digest);
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&exported.manifest).unwrap()).unwrap();
    let text = manifest.to_string();
    for expected in [
        record.local_code.to_string(),
        record.code.text.clone(),
        copy.digest.to_string(),
    ] {
        assert!(text.contains(&expected), "the manifest names {expected}");
    }
    let unknown = export::export(test.desk(), "no-such-code", &out).unwrap_err();
    assert!(
        matches!(unknown, Error::Refused(Refusal::UnknownCode)),
        "{unknown}"
    );
}
