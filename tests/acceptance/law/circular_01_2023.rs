//! Circular 01/2023/TT-VPCP.

use desk::{Error, Refusal, deposit, review, scan, search};
use domain::audit::Act;
use support::test_desk::{TestDesk, sample};

use crate::pages::one_page;
use crate::scan::document;

// Art. 7: copy, extract, assign the code, store, in this order.
#[test]
fn art_7_no_step_can_be_left_out_or_swapped() {
    let test = TestDesk::new();
    let document = document(&test);
    let extract =
        |test: &TestDesk| review::extract_document(test.desk(), document.id, None, &|_| {});
    assert!(
        matches!(extract(&test), Err(Error::Refused(Refusal::NoPages))),
        "no extraction without a copy"
    );
    one_page(&test, &document, "1-official-document.jpg");
    let early = deposit::deposit(test.desk(), document.id);
    assert!(
        matches!(early, Err(Error::Refused(Refusal::NotExtracted))),
        "no deposit without extraction"
    );
    extract(&test).unwrap();
    review::confirm_all(test.desk(), document.id).unwrap();
    let record = deposit::deposit(test.desk(), document.id).unwrap();
    let shown = search::show(test.desk(), &record.local_code.to_string()).unwrap();
    let place = |wanted: fn(&Act) -> bool| {
        shown
            .history
            .iter()
            .position(|event| wanted(&event.act))
            .unwrap()
    };
    let order = [
        place(|act| matches!(act, Act::PageStored(..))),
        place(|act| matches!(act, Act::Extracted(_))),
        place(|act| matches!(act, Act::AllConfirmed(_))),
        place(|act| matches!(act, Act::Deposited(_))),
    ];
    assert!(
        order.is_sorted(),
        "the trail shows the steps in the order of the law: {order:?}"
    );
}

// Art. 8(2)(c): as many images as physical pages, in the right order.
#[test]
fn art_8_2_the_copy_has_every_page_in_order() {
    let test = TestDesk::new();
    let document = document(&test);
    for page in ["3-application-page-2.jpg", "3-application-page-1.jpg"] {
        scan::add_file(test.desk(), document.id, &sample(page), &mut |_| {}).unwrap();
    }
    let pages = scan::pages(test.desk(), document.id).unwrap();
    scan::move_page(test.desk(), pages[1].id, 0).unwrap();
    review::extract_document(test.desk(), document.id, None, &|_| {}).unwrap();
    let in_order: Vec<_> = scan::pages(test.desk(), document.id)
        .unwrap()
        .iter()
        .map(|page| page.raw.digest)
        .collect();
    assert_eq!(in_order, [pages[1].raw.digest, pages[0].raw.digest]);
    let pdf = desk::export::copy_of(test.desk(), document.id).unwrap();
    let facts = desk::read_copy(&pdf).unwrap();
    assert_eq!(
        facts.raw_digests, in_order,
        "the copy names the raw images of its pages in order"
    );
    assert_eq!(facts.pages, 2);
}

// Art. 9: the basic fields every paper has.
#[test]
fn art_9_every_form_has_the_basic_fields() {
    let basic = [
        "owner_id",
        "title",
        "number",
        "issued_on",
        "issuer",
        "summary",
        "valid_until",
        "scope",
    ];
    for form in desk::Catalogue::builtin().forms() {
        for name in basic {
            assert!(
                form.fields.iter().any(|field| field.name.as_str() == name),
                "{} lacks {name}",
                form.document_type
            );
        }
    }
}

// Art. 10: an owner without identification leaves that part of the code blank.
#[test]
fn art_10_a_missing_owner_leaves_its_part_blank() {
    let test = TestDesk::new();
    let document = document(&test);
    one_page(&test, &document, "1-official-document.jpg");
    review::extract_document(test.desk(), document.id, None, &|_| {}).unwrap();
    let owner_id = "owner_id".parse().unwrap();
    // An empty value says that there is none on the paper.
    review::confirm_field(test.desk(), document.id, &owner_id, "").unwrap();
    review::confirm_all(test.desk(), document.id).unwrap();
    let record = deposit::deposit(test.desk(), document.id).unwrap();
    assert!(record.code.text.starts_with('.'), "{}", record.code.text);
    assert_eq!(record.code.parts.owner_id, "");
    assert!(record.code.provisional, "no centre has confirmed it");
}
