//! From paper to a coded, searchable, stored record.

use std::path::{Path, PathBuf};

use desk::digitise::{Accept, Outcome, Paper, digitise};
use desk::{export, search};
use support::test_desk::{TestDesk, sample};

fn paper(files: &[&str]) -> Paper {
    Paper {
        files: files.iter().map(|file| sample(file)).collect(),
        accept: Accept::All,
        ..Paper::default()
    }
}

fn deposited(outcome: Outcome) -> domain::record::Record {
    match outcome {
        Outcome::Deposited(record) => *record,
        Outcome::NeedsReview(_, open) => panic!("everything was accepted, yet {open:?} are open"),
    }
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_under(&path));
        } else {
            files.push(path);
        }
    }
    files
}

fn holds(haystack: &[u8], needle: &str) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle.as_bytes())
}

#[test]
fn three_sample_papers_become_records_that_are_found_again() {
    let test = TestDesk::new();
    let desk = test.desk();
    let mut codes = Vec::new();
    for files in [
        &["1-official-document.jpg"][..],
        &["2-birth-certificate.jpg"],
        &["3-application-page-1.jpg", "3-application-page-2.jpg"],
    ] {
        let (outcome, review, _) = digitise(desk, &paper(files)).unwrap();
        assert_eq!(
            review.pages.len(),
            files.len(),
            "as many images as physical pages"
        );
        let record = deposited(outcome);
        assert!(record.code.provisional, "no centre has confirmed it");
        codes.push((
            record.local_code.to_string(),
            record.code.text,
            record.document_type,
        ));
    }
    let kinds: Vec<&str> = codes.iter().map(|code| code.2.as_str()).collect();
    assert_eq!(kinds, ["official_document", "birth_certificate", "other"]);
    for (local_code, code, _) in &codes {
        assert_eq!(
            search::show(desk, local_code)
                .unwrap()
                .record
                .local_code
                .to_string(),
            *local_code
        );
        let hits = search::search(desk, code, 10).unwrap();
        assert!(
            hits.iter().any(|hit| hit.record.code.text == *code),
            "the digitisation code finds its record"
        );
    }
    assert_eq!(
        desk.outbox_total().unwrap().waiting,
        3,
        "every record waits in the outbox"
    );
    let report = desk.check_vault().unwrap();
    assert!(report.is_sound(), "{report:?}");
}

#[test]
fn words_without_marks_find_words_with_marks() {
    let test = TestDesk::new();
    let desk = test.desk();
    let (outcome, ..) = digitise(desk, &paper(&["2-birth-certificate.jpg"])).unwrap();
    let record = deposited(outcome);
    let name = record
        .value("owner_name")
        .expect("the sample names a child")
        .to_owned();
    for words in [name.clone(), domain::fold::fold(&name), name.to_lowercase()] {
        let hits = search::search(desk, &words, 10).unwrap();
        assert_eq!(hits.len(), 1, "one record is found by its owner's name");
        assert_eq!(hits[0].record.local_code, record.local_code);
    }
    assert!(
        search::search(desk, "khôngcóaitênnày", 10)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn nothing_of_a_paper_stands_readable_on_the_disk() {
    let mut test = TestDesk::new();
    let (outcome, ..) = digitise(test.desk(), &paper(&["2-birth-certificate.jpg"])).unwrap();
    let record = deposited(outcome);
    let name = record.value("owner_name").unwrap().to_owned();
    let folded = domain::fold::fold(&name);
    // Still open: the write-ahead log is on the disk too.
    let look = |needle: &str, folder: &Path| {
        files_under(folder)
            .iter()
            .any(|file| holds(&std::fs::read(file).unwrap_or_default(), needle))
    };
    for needle in [
        name.as_str(),
        folded.as_str(),
        "GIẤY KHAI SINH",
        "owner_name",
        "JFIF",
        "%PDF",
    ] {
        assert!(
            !look(needle, test.vault()),
            "{needle:?} stands in the vault's files"
        );
    }
    // The search itself can fail: the exported copy and manifest are plain.
    let out = test.folder().join("out");
    export::export(test.desk(), &record.local_code.to_string(), &out).unwrap();
    assert!(
        look(&name, &out) && look("%PDF", &out),
        "the exported files are readable"
    );
    test.close();
    assert!(
        !look(&name, test.vault()),
        "closing leaves nothing behind either"
    );
}
