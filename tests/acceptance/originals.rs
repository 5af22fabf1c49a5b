//! Papers that are born electronic: kept byte for byte, judged, and never edited.

use desk::{Error, Refusal, by_hand, export, original, review, scan, signatures};
use domain::copy::Awaited;
use domain::page::VoidReason;
use domain::signature::{Answer, Coverage};
use packaging::Standard;
use support::test_desk::{TestDesk, sample};
use support::test_token::Key;

use crate::scan::document;
use crate::signatures::signed_with;

#[test]
fn a_signed_file_is_kept_byte_for_byte_and_is_its_own_copy() {
    let test = TestDesk::new();
    let signed = signed_with(Key::Rsa(2_048), Standard::PdfA2b).pdf;
    let file = test.folder().join("signed.pdf");
    std::fs::write(&file, &signed).unwrap();
    let paper = document(&test).id;
    scan::add_file(test.desk(), paper, &file, &mut |_| {}).unwrap();
    let found = original::of_document(test.desk(), paper).unwrap().unwrap();
    assert_eq!(found.signatures.len(), 1);
    let judgement = found.signatures[0].judgement;
    assert_eq!(judgement.intact, Answer::Good);
    assert_eq!(judgement.coverage, Coverage::WholeFile);

    review::extract_document(test.desk(), paper, None, &|_| {}).unwrap();
    assert!(
        export::copy_of(test.desk(), paper).unwrap() == signed,
        "byte for byte"
    );
    let waiting = signatures::waiting(test.desk(), Awaited::Signature).unwrap();
    assert!(waiting.is_empty(), "nobody signs what others have signed");

    // Nothing is added to it, taken out of it or cut from it.
    let page = scan::pages(test.desk(), paper).unwrap()[0].id;
    let area = domain::geometry::Rectangle {
        x: 0,
        y: 0,
        width: 200,
        height: 200,
    };
    let refusals: [Result<(), Error>; 4] = [
        scan::add_file(
            test.desk(),
            paper,
            &sample("1-official-document.jpg"),
            &mut |_| {},
        ),
        scan::void_page(test.desk(), page, VoidReason::Blank).map(drop),
        by_hand::crop_page(test.desk(), page, area).map(drop),
        by_hand::mask_page(test.desk(), page, &[area]).map(drop),
    ];
    for refused in refusals {
        assert!(
            matches!(refused, Err(Error::Refused(Refusal::ElectronicOriginal))),
            "{refused:?}"
        );
    }
    // Given up as a whole, the paper can be scanned instead.
    scan::discard_pages(test.desk(), paper).unwrap();
    scan::add_file(
        test.desk(),
        paper,
        &sample("1-official-document.jpg"),
        &mut |_| {},
    )
    .unwrap();
    assert!(original::of_document(test.desk(), paper).unwrap().is_none());
    // Neither comes back beside the other: the paper would pass for a scanned one.
    let mixed = scan::restore_page(test.desk(), page);
    assert!(
        matches!(mixed, Err(Error::Refused(Refusal::ElectronicOriginal))),
        "{mixed:?}"
    );
    let scanned = scan::pages(test.desk(), paper).unwrap()[0].id;
    scan::discard_pages(test.desk(), paper).unwrap();
    scan::restore_page(test.desk(), page).unwrap();
    let mixed = scan::restore_page(test.desk(), scanned);
    assert!(
        matches!(mixed, Err(Error::Refused(Refusal::ElectronicOriginal))),
        "{mixed:?}"
    );
    assert!(original::of_document(test.desk(), paper).unwrap().is_some());
    let report = test.desk().check_vault().unwrap();
    assert!(
        report.damaged.is_empty() && report.missing.is_empty(),
        "{report:?}"
    );
    assert_eq!(
        report.unreferenced, 0,
        "the file that was given up is still named"
    );
}

#[test]
fn a_signed_file_does_not_mix_with_scanned_pages() {
    let test = TestDesk::new();
    let file = test.folder().join("signed.pdf");
    std::fs::write(&file, signed_with(Key::Rsa(2_048), Standard::PdfA2b).pdf).unwrap();
    let paper = document(&test).id;
    scan::add_file(
        test.desk(),
        paper,
        &sample("1-official-document.jpg"),
        &mut |_| {},
    )
    .unwrap();
    let refused = scan::add_file(test.desk(), paper, &file, &mut |_| {});
    assert!(matches!(
        refused,
        Err(Error::Refused(Refusal::ElectronicOriginal))
    ));
    assert_eq!(scan::pages(test.desk(), paper).unwrap().len(), 1);
}

#[test]
fn a_file_that_only_mentions_a_signature_is_scanned_as_ever() {
    let test = TestDesk::new();
    let mut plain = crate::signatures::copy(Standard::PdfA2b);
    plain.extend_from_slice(b"% /ByteRange is only a word here\n");
    let file = test.folder().join("plain.pdf");
    std::fs::write(&file, plain).unwrap();
    let paper = document(&test).id;
    scan::add_file(test.desk(), paper, &file, &mut |_| {}).unwrap();
    assert!(original::of_document(test.desk(), paper).unwrap().is_none());
}
