//! Doubtful values of all open papers, put together by what they are.

use desk::group::{self, Sort};
use desk::{deposit, effort, review, scan, search};
use domain::audit::Act;
use domain::field::Grade;
use support::paper_maker::{Filling, Kind, Manner, PaperMaker, fonts_folder};
use support::test_desk::{TestDesk, sample};

use crate::scan::document;

#[test]
fn every_doubtful_value_of_every_open_paper_stands_on_its_wall_until_it_is_confirmed() {
    let test = TestDesk::new();
    let maker = PaperMaker::open(&fonts_folder()).unwrap();
    // Number and day by pen are never certain.
    let by_pen = Manner {
        filling: Filling::Pen,
        ..Manner::PLAIN
    };
    for kind in [Kind::OfficialDocument, Kind::BirthCertificate] {
        let id = document(&test).id;
        let file = test.folder().join(format!("{kind:?}.jpg"));
        std::fs::write(&file, &maker.draw_in(kind, 3, 200, by_pen).jpegs(90)[0]).unwrap();
        scan::add_file(test.desk(), id, &file, &mut |_| {}).unwrap();
        let (read, _) = review::extract_document(test.desk(), id, None, &|_| {}).unwrap();
        let kind = read.document.document_type.unwrap().document_type;
        review::change_type(test.desk(), id, &kind).unwrap();
        // Whatever was certain, one value of each paper waits.
        let waits = group::waiting_values(test.desk()).unwrap();
        let review = review::review(test.desk(), id).unwrap();
        let doubtful = review.fields.iter().filter(|field| {
            field.candidate.grade == Grade::Check && field.candidate.evidence.is_some()
        });
        assert_eq!(
            waits.iter().filter(|value| value.document.id == id).count(),
            doubtful.count(),
            "{kind:?}"
        );
    }
    let waits = group::waiting_values(test.desk()).unwrap();
    let sorts: Vec<Sort> = waits.iter().map(|value| value.sort).collect();
    assert!(sorts.is_sorted(), "one sort after the other");
    let papers: std::collections::BTreeSet<_> =
        waits.iter().map(|value| value.document.id).collect();
    assert_eq!(papers.len(), 2, "values of both papers wait");
    for value in &waits {
        let (id, field) = (value.document.id, &value.definition.name);
        review::confirm_field(test.desk(), id, field, &value.candidate.value).unwrap();
    }
    assert!(group::waiting_values(test.desk()).unwrap().is_empty());
    for id in papers {
        review::confirm_all(test.desk(), id).unwrap();
        let record = deposit::deposit(test.desk(), id).unwrap();
        let shown = search::show(test.desk(), &record.local_code.to_string()).unwrap();
        for value in waits.iter().filter(|value| value.document.id == id) {
            let confirmed = Act::FieldConfirmed(id, value.definition.name.to_string());
            assert!(
                shown.history.iter().any(|event| event.act == confirmed),
                "each decision is an ordinary one"
            );
        }
    }
}

#[test]
fn what_a_dossier_cost_is_kept_at_deposit_and_counted_once() {
    let test = TestDesk::new();
    let id = document(&test).id;
    let file = sample("1-official-document.jpg");
    scan::add_file(test.desk(), id, &file, &mut |_| {}).unwrap();
    review::extract_document(test.desk(), id, None, &|_| {}).unwrap();
    assert!(
        effort::count(test.desk(), id, 1, 1).is_err(),
        "nothing is counted before the deposit"
    );
    review::confirm_all(test.desk(), id).unwrap();
    let record = deposit::deposit(test.desk(), id).unwrap();
    effort::count(test.desk(), id, 7, 2).unwrap();
    effort::count(test.desk(), id, 9, 9).unwrap();
    let costs = effort::by_dossier(test.desk(), 10).unwrap();
    let [cost] = costs.as_slice() else {
        panic!("one dossier was counted: {costs:?}");
    };
    assert_eq!(
        (cost.documents, cost.effort.keys, cost.effort.clicks),
        (1, 7, 2)
    );
    let filled = record.values.iter().filter(|value| !value.value.is_empty());
    assert_eq!(cost.effort.prefilled as usize, filled.count());
}
