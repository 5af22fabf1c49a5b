//! `make bench`: what reading costs and how right it is, beside other programs
//! on the same pages in the same run.
//!
//! Pages: the sample papers, and `papers-real` and `papers-synthetic` when
//! `SOHOA_MATERIAL` names the folder that holds them.
#![expect(clippy::print_stdout, reason = "a report is printed")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use desk::digitise::{Accept, Paper, digitise};
use desk::reading::Reader;
use domain::field::Grade;
use domain::fold::normalise;
use serde_json::Value;
use support::test_desk::{TestDesk, fixture, settings};

/// One page with what is known to stand on it.
struct Page {
    file: PathBuf,
    text: Option<String>,
    /// Field name → value; an empty value says that the field is blank on the page.
    fields: BTreeMap<String, String>,
}

fn main() {
    report("samples", &samples());
    if let Some(material) = std::env::var_os("SOHOA_MATERIAL").map(PathBuf::from) {
        report("papers-real", &real(&material.join("papers-real")));
        report(
            "papers-synthetic",
            &with_texts(&material.join("papers-synthetic"), "synth_"),
        );
    } else {
        println!("papers-real and papers-synthetic are left out: SOHOA_MATERIAL is not set");
    }
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("the truth is there")).expect("the truth is JSON")
}

fn samples() -> Vec<Page> {
    let folder = fixture("samples");
    let papers = json(&folder.join("samples.json"));
    let mut pages = Vec::new();
    for paper in papers["papers"].as_array().expect("a list of papers") {
        let files: Vec<&str> = paper["files"]
            .as_array()
            .expect("files")
            .iter()
            .filter_map(Value::as_str)
            .collect();
        for (index, file) in files.iter().enumerate() {
            // Fields of a paper of several pages are proposed from all of them: only single pages are scored.
            let fields = if files.len() == 1 {
                strings(&paper["fields"])
            } else {
                BTreeMap::new()
            };
            let text = paper["page_texts"]
                .get(index)
                .and_then(Value::as_str)
                .map(str::to_owned);
            pages.push(Page {
                file: folder.join(file),
                text,
                fields,
            });
        }
    }
    pages
}

fn strings(object: &Value) -> BTreeMap<String, String> {
    let entries = object.as_object().into_iter().flatten();
    entries
        .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
        .collect()
}

fn real(folder: &Path) -> Vec<Page> {
    let fields = json(&folder.join("fields.json"));
    let names = [
        ("number", "number"),
        ("date", "issued_on"),
        ("agency", "issuer"),
        ("kind", "title"),
        ("summary", "summary"),
        ("signer", "signer"),
    ];
    let mut pages = with_texts(folder, "real_");
    for page in &mut pages {
        let stem = page
            .file
            .file_stem()
            .expect("a page has a name")
            .to_string_lossy()
            .replace("_p1", "");
        let known = strings(&fields[&stem]);
        for (theirs, ours) in names {
            if let Some(value) = known.get(theirs) {
                page.fields.insert(ours.to_owned(), value.clone());
            }
        }
    }
    pages
}

fn with_texts(folder: &Path, prefix: &str) -> Vec<Page> {
    let mut pages = Vec::new();
    for paper in json(&folder.join("truth.json"))
        .as_array()
        .expect("a list of papers")
    {
        let id = paper["doc_id"].as_str().expect("an id");
        let candidates = [format!("{id}_p1.png"), format!("{prefix}{id}_p1.png")];
        let Some(file) = candidates
            .iter()
            .map(|name| folder.join(name))
            .find(|file| file.is_file())
        else {
            continue;
        };
        pages.push(Page {
            file,
            text: paper["text"].as_str().map(str::to_owned),
            fields: BTreeMap::new(),
        });
    }
    pages
}

#[derive(Default)]
struct Score {
    edits: usize,
    letters: usize,
    right: usize,
    known: usize,
    certain: usize,
    certain_wrong: usize,
}

fn report(name: &str, pages: &[Page]) {
    println!("\n== {name}: {} pages", pages.len());
    let reader = Reader::new(&settings(Path::new("")));
    // The first page pays for loading the engines; it is read once before.
    let warm = fs::read(&pages[0].file).expect("a page");
    reader
        .read(&[warm], None, &|_| {})
        .expect("a page that reads");
    let mut score = Score::default();
    let (mut clean, mut recognise, mut extract, mut total) = (0, 0, 0, 0);
    let mut first_fields: Vec<u64> = Vec::new();
    for page in pages {
        let reading = reader
            .read(&[fs::read(&page.file).expect("a page")], None, &|_| {})
            .expect("a page that reads");
        let times = reading.recognised.times;
        clean += times.clean_ms;
        recognise += times.recognise_ms;
        extract += times.extract_ms;
        total += times.total_ms;
        // Where the head shows nothing, the first field comes with all the others;
        // a page without any field has no first one.
        if reading
            .fields
            .iter()
            .any(|field| field.grade != Grade::Empty)
        {
            first_fields.push(times.first_field_ms.unwrap_or(times.total_ms));
        }
        if let Some(truth) = &page.text {
            let text: Vec<String> = reading
                .recognised
                .pages
                .iter()
                .map(|page| page.text.text())
                .collect();
            count_edits(&mut score, truth, &text.join("\n"));
        }
        for (field, truth) in &page.fields {
            let Some(found) = reading
                .fields
                .iter()
                .find(|found| found.name.as_str() == field)
            else {
                continue;
            };
            let same = normalise(truth).to_lowercase() == normalise(&found.value).to_lowercase();
            score.known += 1;
            score.right += usize::from(same);
            score.certain += usize::from(found.grade == Grade::Certain);
            score.certain_wrong += usize::from(found.grade == Grade::Certain && !same);
            if !same {
                let name = page.file.file_name().unwrap_or_default().to_string_lossy();
                println!(
                    "   {} {name} {field}: {:?}, on the paper {truth:?}",
                    found.grade.name(),
                    found.value
                );
            }
        }
    }
    let count = pages.len() as u64;
    println!(
        "per page: clean {} ms, recognise {} ms, extract {} ms, total {} ms",
        clean / count,
        recognise / count,
        extract / count,
        total / count
    );
    println!(
        "first field: {} ms on average, {} ms at most",
        first_fields.iter().sum::<u64>() / first_fields.len().max(1) as u64,
        first_fields.iter().max().unwrap_or(&0)
    );
    print_score(&score);
    let ours = whole_way(pages);
    println!(
        "whole way (scan, clean, recognise, copy, extract, code, deposit): {ours:.1} pages/min on this machine's cores"
    );
    peers(pages, ours);
}

fn print_score(score: &Score) {
    if score.letters > 0 {
        println!(
            "character error: {:.2} %",
            percent(score.edits, score.letters)
        );
    }
    if score.known > 0 {
        println!(
            "fields: {} of {} right; certain {} ({:.0} %), of these wrong {}",
            score.right,
            score.known,
            score.certain,
            percent(score.certain, score.known),
            score.certain_wrong
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a report")]
fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole as f64
}

fn count_edits(score: &mut Score, truth: &str, text: &str) {
    let letters = |text: &str| normalise(text).chars().collect::<Vec<char>>();
    let (truth, text) = (letters(truth), letters(text));
    score.edits += strsim::generic_levenshtein(&truth, &text);
    score.letters += truth.len();
}

/// Pages per minute of the whole way: every page is a paper of its own, one vault.
fn whole_way(pages: &[Page]) -> f64 {
    let test = TestDesk::new();
    let paper = |page: &Page| Paper {
        files: vec![page.file.clone()],
        accept: Accept::All,
        ..Paper::default()
    };
    digitise(test.desk(), &paper(&pages[0])).expect("a page that goes the whole way");
    let begun = Instant::now();
    // One paper of all pages: its pages are worked on side by side.
    let whole = Paper {
        files: pages.iter().map(|page| page.file.clone()).collect(),
        accept: Accept::All,
        ..Paper::default()
    };
    digitise(test.desk(), &whole).expect("pages that go the whole way");
    per_minute(pages.len(), begun)
}

#[expect(clippy::cast_precision_loss, reason = "counts of a report")]
fn per_minute(pages: usize, begun: Instant) -> f64 {
    pages as f64 * 60.0 / begun.elapsed().as_secs_f64()
}

/// The same pages through programs that are installed, two at a time as ours.
fn peers(pages: &[Page], ours: f64) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let tesseract = |page: &Path, number: usize| {
        let mut command = Command::new("tesseract");
        command
            .arg(page)
            .arg(folder.path().join(number.to_string()))
            .args(["-l", "vie"])
            .env("OMP_THREAD_LIMIT", "1");
        command
    };
    if let Some(rate) = two_at_a_time(pages, &tesseract) {
        let mut score = Score::default();
        for (number, page) in pages.iter().enumerate() {
            let text =
                fs::read_to_string(folder.path().join(format!("{number}.txt"))).unwrap_or_default();
            if let Some(truth) = &page.text {
                count_edits(&mut score, truth, &text);
            }
        }
        println!(
            "plain tesseract: {rate:.1} pages/min (ours ×{:.2})",
            ours / rate
        );
        print_score(&score);
    }
    let ocrmypdf = |page: &Path, number: usize| {
        let mut command = Command::new("ocrmypdf");
        command
            .args([
                "--deskew",
                "--clean",
                "--jobs",
                "1",
                "--image-dpi",
                "200",
                "-l",
                "vie",
                "--quiet",
            ])
            .arg(page)
            .arg(folder.path().join(format!("{number}.pdf")))
            .env("OMP_THREAD_LIMIT", "1");
        command
    };
    if let Some(rate) = two_at_a_time(pages, &ocrmypdf) {
        println!(
            "ocrmypdf --deskew --clean: {rate:.1} pages/min (ours ×{:.2})",
            ours / rate
        );
    }
}

/// `None` when the program is not installed or refuses the pages.
fn two_at_a_time(
    pages: &[Page],
    command: &(dyn Fn(&Path, usize) -> Command + Sync),
) -> Option<f64> {
    let begun = Instant::now();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let failed = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(page) = pages.get(number) else { break };
                    let status = command(&page.file, number)
                        .stdout(Stdio::null())
                        .stderr(Stdio::null())
                        .status();
                    if !status.is_ok_and(|status| status.success()) {
                        failed.store(true, std::sync::atomic::Ordering::Relaxed);
                    }
                }
            });
        }
    });
    if failed.into_inner() {
        None
    } else {
        Some(per_minute(pages.len(), begun))
    }
}
