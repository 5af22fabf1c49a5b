//! The papers nobody here made: no value shown as certain may be wrong.

use desk::reading::Reader;
use domain::field::Grade;
use serde_json::Value;
use support::test_desk::{material, settings};

/// Names of the truth's fields and of ours.
const FIELDS: [(&str, &str); 5] = [
    ("number", "number"),
    ("date", "issued_on"),
    ("agency", "issuer"),
    ("kind", "title"),
    ("signer", "signer"),
];

fn plain(text: &str) -> String {
    domain::fold::fold(&domain::fold::normalise(text))
}

#[test]
fn no_certain_value_is_wrong_on_real_papers() {
    let Some(material) = material() else { return };
    let papers = material.join("papers-real");
    let truth: Value =
        serde_json::from_slice(&std::fs::read(papers.join("fields.json")).unwrap()).unwrap();
    let reader = Reader::new(&settings(std::path::Path::new("")));
    let (mut certain, mut right, mut asked) = (0, 0, 0);
    let mut wrong = Vec::new();
    for (paper, truth) in truth.as_object().unwrap() {
        let file = std::fs::read(papers.join(format!("{paper}_p1.png"))).unwrap();
        let reading = reader.read(&[file], None, &|_| {}).unwrap();
        for (theirs, ours) in FIELDS {
            let Some(expected) = truth.get(theirs) else {
                continue;
            };
            let Some(field) = reading
                .fields
                .iter()
                .find(|field| field.name.as_str() == ours)
            else {
                continue;
            };
            asked += 1;
            let same = match expected.as_str() {
                Some(expected) => plain(expected) == plain(&field.value),
                None => field.grade == Grade::Empty,
            };
            right += usize::from(same);
            certain += usize::from(field.grade == Grade::Certain);
            if field.grade == Grade::Certain && !same {
                wrong.push(format!(
                    "{paper}.{ours}: {:?} is not {expected}",
                    field.value
                ));
            }
        }
    }
    println!("{right} of {asked} fields right, {certain} certain");
    assert!(wrong.is_empty(), "certain and wrong: {wrong:#?}");
    assert!(asked >= 15, "the truth covers the papers");
}
