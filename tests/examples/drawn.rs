//! `make bench-drawn`: how right reading is on drawn papers of every kind, at every
//! level of wear.
//!
//! `SOHOA_SEEDS` says how many papers of each kind are drawn (2 when left out).
//! Seeds from 1 on are those that forms and readers may be tuned with; seeds from
//! 9200 on are for measuring only, and both are reported apart. `SOHOA_DRAWN` may be
//! `tuning` or `measuring` for one half alone, or `blank` for papers whose fields were
//! left open, as one seed in ten draws them. `SOHOA_ONLY` holds words of which a paper's
//! wear or kind must be one.
#![expect(clippy::print_stdout, reason = "a report is printed")]

use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use desk::reading::{Reader, Reading};
use domain::field::{Grade, Source};
use domain::fold::normalise;
use support::paper_maker::{Filling, Kind, Manner, Paper, PaperMaker, Truth, Wear, fonts_folder};
use support::test_desk::settings;

/// The first seed of the papers that are only measured.
const MEASURING: u64 = 9_200;
/// As many as a desk PC has cores, and as the reader keeps workers.
const SIDE_BY_SIDE: usize = 2;
/// Of the quality of an office scanner's JPEG.
const JPEG_QUALITY: u8 = 88;

/// A paper to read.
struct Task {
    wear: (&'static str, Wear),
    kind: Kind,
    seed: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Score {
    papers: usize,
    kind_right: usize,
    kind_certain_wrong: usize,
    printed: usize,
    right: usize,
    certain: usize,
    certain_wrong: usize,
    pen: usize,
    pen_right: usize,
    pen_certain: usize,
    blank: usize,
    blank_certain: usize,
    codes: usize,
    codes_read: usize,
    coded: usize,
    coded_right: usize,
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.papers += other.papers;
        self.kind_right += other.kind_right;
        self.kind_certain_wrong += other.kind_certain_wrong;
        self.printed += other.printed;
        self.right += other.right;
        self.certain += other.certain;
        self.certain_wrong += other.certain_wrong;
        self.pen += other.pen;
        self.pen_right += other.pen_right;
        self.pen_certain += other.pen_certain;
        self.blank += other.blank;
        self.blank_certain += other.blank_certain;
        self.codes += other.codes;
        self.codes_read += other.codes_read;
        self.coded += other.coded;
        self.coded_right += other.coded_right;
    }
}

fn main() {
    let count = std::env::var("SOHOA_SEEDS").map_or(2, |count| {
        count.parse().expect("SOHOA_SEEDS is a number of papers")
    });
    let only: Vec<String> = std::env::var("SOHOA_ONLY")
        .unwrap_or_default()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let half = std::env::var("SOHOA_DRAWN").unwrap_or_default();
    let tuning: Vec<u64> = (1..=count).collect();
    let measuring: Vec<u64> = (MEASURING..MEASURING + count).collect();
    match half.as_str() {
        "tuning" => report("tuning", &tuning, &only),
        "measuring" => report("measuring", &measuring, &only),
        "blank" => {
            let left_open = |seed: &u64| Manner::of_seed(*seed).filling == Filling::Blank;
            let seeds = (MEASURING..).filter(left_open).take(count as usize);
            report("left open", &seeds.collect::<Vec<_>>(), &only);
        }
        _ => {
            report("tuning", &tuning, &only);
            report("measuring", &measuring, &only);
        }
    }
}

fn report(name: &str, seeds: &[u64], only: &[String]) {
    println!("\n== {name}: seeds {seeds:?}");
    let mut tasks = Vec::new();
    for wear in Wear::LEVELS {
        for kind in Kind::ALL {
            let words = format!("{} {kind:?}", wear.0);
            let wanted = |word: &str| only.iter().any(|only| only == word);
            if only.is_empty()
                || words
                    .split(' ')
                    .all(|word| wanted(word) || !names_like(only, word))
            {
                tasks.extend(seeds.iter().map(|&seed| Task { wear, kind, seed }));
            }
        }
    }
    let (scores, notes) = read_all(&tasks);
    for note in notes {
        println!("   {note}");
    }
    print_table(&scores);
}

/// Whether the wanted words name anything of this word's sort: a wear or a kind.
fn names_like(only: &[String], word: &str) -> bool {
    let is_wear = |word: &str| Wear::LEVELS.iter().any(|(name, _)| *name == word);
    only.iter().any(|other| is_wear(other) == is_wear(word))
}

type Scores = BTreeMap<(usize, String), Score>;

fn read_all(tasks: &[Task]) -> (Scores, Vec<String>) {
    let maker = PaperMaker::open(&fonts_folder()).expect("`make setup` fetches the fonts");
    let reader = Reader::new(&settings(Path::new("")));
    let next = AtomicUsize::new(0);
    let results = Mutex::new((Scores::new(), Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let paper = maker
                        .draw_varied(task.kind, task.seed)
                        .scanned(&task.wear.1);
                    let (score, notes) = read_one(&reader, task, &paper);
                    let mut results = results.lock().expect("no thread died");
                    let level = Wear::LEVELS
                        .iter()
                        .position(|(name, _)| *name == task.wear.0)
                        .expect("it is one of them");
                    *results
                        .0
                        .entry((level, format!("{:?}", task.kind)))
                        .or_default() += score;
                    results.1.extend(notes);
                }
            });
        }
    });
    let (scores, mut notes) = results.into_inner().expect("no thread died");
    notes.sort();
    (scores, notes)
}

fn read_one(reader: &Reader, task: &Task, paper: &Paper) -> (Score, Vec<String>) {
    let id = format!("{} {:?} {}", task.wear.0, task.kind, task.seed);
    let reading = reader
        .read(&paper.jpegs(JPEG_QUALITY), None, &|_| {})
        .expect("a page that reads");
    let truth = &paper.truth;
    let mut score = Score {
        papers: 1,
        ..Score::default()
    };
    let mut notes = Vec::new();
    let kind = &reading.recognised.document_type;
    if kind.document_type.as_str() == truth.document_type {
        score.kind_right = 1;
    } else {
        score.kind_certain_wrong = usize::from(kind.grade == Grade::Certain);
        notes.push(format!(
            "{id} KIND {} {}",
            kind.document_type,
            kind.grade.name()
        ));
    }
    for (name, value) in &truth.fields {
        score_field(&mut score, &mut notes, &id, &reading, truth, (name, value));
    }
    for name in &truth.blank {
        let found = reading
            .fields
            .iter()
            .find(|field| field.name.as_str() == *name);
        score.blank += 1;
        if let Some(found) = found.filter(|found| found.grade == Grade::Certain) {
            score.blank_certain += 1;
            notes.push(format!("{id} BLANK CERTAIN {name} {:?}", found.value));
        }
    }
    let seen: Vec<&str> = reading
        .recognised
        .pages
        .iter()
        .flat_map(|page| &page.appraisal.barcodes)
        .map(|code| code.text.as_str())
        .collect();
    score.codes = truth.codes.len();
    for code in &truth.codes {
        if seen.contains(&code.as_str()) {
            score.codes_read += 1;
        } else {
            notes.push(format!("{id} CODE not read"));
        }
    }
    (score, notes)
}

fn score_field(
    score: &mut Score,
    notes: &mut Vec<String>,
    id: &str,
    reading: &Reading,
    truth: &Truth,
    (name, value): (&str, &str),
) {
    let found = reading
        .fields
        .iter()
        .find(|field| field.name.as_str() == name);
    let same = found.is_some_and(|found| {
        normalise(value).to_lowercase() == normalise(&found.value).to_lowercase()
    });
    let certain = found.is_some_and(|found| found.grade == Grade::Certain);
    if found.is_some_and(|found| found.source == Source::Qr) {
        score.coded += 1;
        score.coded_right += usize::from(same);
    }
    let by_pen = truth.handwritten.contains(&name);
    if by_pen {
        score.pen += 1;
        score.pen_right += usize::from(same);
        score.pen_certain += usize::from(certain);
    } else {
        score.printed += 1;
        score.right += usize::from(same);
        score.certain += usize::from(certain);
    }
    let wrong = certain && !same;
    score.certain_wrong += usize::from(wrong);
    let doubts: Vec<&str> = found
        .into_iter()
        .flat_map(|found| &found.doubts)
        .map(|doubt| doubt.name())
        .collect();
    if !same || (certain && by_pen) || (!certain && !by_pen) {
        let mark = match (wrong, same) {
            (true, _) => "CERTAIN WRONG",
            (false, true) if by_pen => "PEN CERTAIN",
            (false, true) => "unsure",
            (false, false) => "wrong",
        };
        let seen = found.map_or("(no such field)", |found| found.value.as_str());
        let readings: Vec<&str> = found
            .into_iter()
            .flat_map(|found| &found.readings)
            .map(|reading| reading.value.as_str())
            .collect();
        notes.push(format!(
            "{id} {mark} {name}: {seen:?} of {readings:?}, on the paper {value:?} {}",
            doubts.join(" ")
        ));
    }
}

fn print_table(scores: &Scores) {
    println!(
        "\n{:<8} {:<26} {:>7} {:>8} {:>9} {:>9} {:>7} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "wear",
        "kind",
        "papers",
        "kind ok",
        "right",
        "certain",
        "wrong!",
        "pen ok",
        "pen cert",
        "blank!",
        "codes",
        "by code"
    );
    let mut sums: BTreeMap<usize, Score> = BTreeMap::new();
    for ((level, kind), score) in scores {
        print_line(Wear::LEVELS[*level].0, kind, score);
        *sums.entry(*level).or_default() += *score;
    }
    println!();
    let mut all = Score::default();
    for (level, score) in &sums {
        print_line(Wear::LEVELS[*level].0, "all kinds", score);
        all += *score;
    }
    print_line("all", "all kinds", &all);
}

fn print_line(wear: &str, kind: &str, score: &Score) {
    println!(
        "{wear:<8} {kind:<26} {:>7} {:>7.1}% {:>8.1}% {:>8.1}% {:>7} {:>4}/{:<4} {:>9} {:>4}/{:<4} {:>4}/{:<4} {:>4}/{:<4}",
        score.papers,
        percent(score.kind_right, score.papers),
        percent(score.right, score.printed),
        percent(score.certain, score.printed),
        score.certain_wrong,
        score.pen_right,
        score.pen,
        score.pen_certain,
        score.blank_certain,
        score.blank,
        score.codes_read,
        score.codes,
        score.coded_right,
        score.coded,
    );
}

fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        100.0 * part as f64 / whole as f64
    }
}
