//! The papers nobody here made: no value shown as certain may be wrong.

use desk::reading::Reader;
use domain::engine::Engine;
use domain::field::Grade;
use extraction::Mrz;
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

/// The specimens of ICAO Doc 9303, photographed.
const SPECIMENS: [(&str, &str); 2] = [
    ("passport-td2.jpg", "D23145890 740812 120415"),
    ("passport-td3.jpg", "L898902C3 740812 120415"),
];

// ICAO Doc 9303, parts 4 and 6.
#[test]
fn a_zone_whose_check_digits_hold_is_read_right() {
    let Some(material) = material() else { return };
    let reader = Reader::new(&settings(std::path::Path::new("")));
    for (name, expected) in SPECIMENS {
        let file = std::fs::read(material.join("mrz").join(name)).unwrap();
        let reading = reader.read(&[file], None, &|_| {}).unwrap();
        let lines_by = |engine: Option<Engine>| -> Vec<String> {
            let pages = reading.recognised.pages.iter();
            pages
                .flat_map(|page| &page.text.lines)
                .map(|line| {
                    let words = line.words.iter().map(|word| match engine {
                        Some(engine) => word.reading(engine).map_or("", |read| read.text.as_str()),
                        None => word.text.as_str(),
                    });
                    words.collect()
                })
                .collect()
        };
        for engine in [None, Some(Engine::Neural), Some(Engine::Tesseract)] {
            let lines = lines_by(engine);
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let found = Mrz::find(&lines);
            println!("{name} by {engine:?}: {found:?}");
            if let Some(zone) = found.filter(Mrz::is_sound) {
                let read = format!("{} {} {}", zone.number, zone.birth, zone.expiry);
                assert_eq!(
                    read, expected,
                    "check digits that hold prove number and days"
                );
            }
        }
    }
}
