//! PDFs that somebody damaged or built to do harm: they are refused or taken in, within
//! their time and memory, and nothing falls over.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use desk::digitise::{Accept, Outcome, Paper, digitise};
use desk::slips::{self, Answers};
use desk::worker::Crew;
use desk::{Error, export};
use support::test_desk::{TestDesk, program, sample, settings};

use crate::chance::Chance;

/// Files in the short form; `SOHOA_PDFS` sets the long one.
const PDFS: u32 = 24;

/// Nobody waits longer for a file.
const MOST_TIME: Duration = Duration::from_secs(5);

/// No file costs more memory.
const MOST_MEMORY_KB: u64 = 1 << 20;

/// Words that readers of PDF files trust.
const WORDS: [&[u8]; 12] = [
    b"/Length",
    b"/Kids",
    b"/Parent",
    b"/Count",
    b"/Prev",
    b"/Size",
    b"/W",
    b"/ByteRange",
    b"/Contents",
    b"/Filter",
    b"startxref",
    b" obj",
];

/// What stands there instead.
const TROUBLE: [&[u8]; 8] = [
    b"99999999999",
    b"-1",
    b"0 0 R",
    b"1 0 R",
    b"[[[[[[[[",
    b"<<<<<<<<",
    b"/FlateDecode",
    b"",
];

fn pdfs() -> u32 {
    let given = std::env::var("SOHOA_PDFS").ok();
    given.and_then(|count| count.parse().ok()).unwrap_or(PDFS)
}

/// An electronic copy, slips, and signed files of others where they are at hand.
fn whole(test: &TestDesk) -> Vec<Vec<u8>> {
    let paper = Paper {
        files: vec![sample("1-official-document.jpg")],
        document_type: Some("official_document".parse().unwrap()),
        accept: Accept::All,
        ..Paper::default()
    };
    let Outcome::Deposited(record) = digitise(test.desk(), &paper).unwrap().0 else {
        panic!("everything was accepted");
    };
    let mut whole = vec![export::copy_of(test.desk(), record.document_id).unwrap()];
    let sheet = slips::day_sheet(test.desk(), "day_sheet", &Answers::new()).unwrap();
    whole.push(sheet.pdf);
    if let Some(folder) = std::env::var_os("SOHOA_MATERIAL").map(PathBuf::from) {
        for entry in fs::read_dir(folder.join("signed-pdf")).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            // The larger ones only take longer.
            if bytes.starts_with(b"%PDF") && bytes.len() < 1 << 20 {
                whole.push(bytes);
            }
        }
    }
    whole
}

/// One to four changes of a file.
fn mutated(whole: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=chance.below(4) {
        if bytes.len() < 64 {
            break;
        }
        let length = bytes.len() as u64;
        let at = chance.below(length) as usize;
        let end = (at + 1 + chance.below(400) as usize).min(bytes.len());
        match chance.below(7) {
            0 => bytes[at] ^= 1 << chance.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let part = bytes[at..end].to_vec();
                let to = chance.below(length) as usize;
                bytes.splice(to..to, part);
            }
            3 => bytes.truncate(at.max(16)),
            4 => bytes[at..end].fill(chance.below(256) as u8),
            5 => {
                let part = bytes[at..end].to_vec();
                let to = (chance.below(length) as usize).min(bytes.len() - part.len());
                bytes[to..to + part.len()].copy_from_slice(&part);
            }
            // What a reader trusts, with something else behind it.
            _ => {
                let word = WORDS[chance.below(WORDS.len() as u64) as usize];
                let found = bytes[at..]
                    .windows(word.len())
                    .position(|part| part == word);
                if let Some(found) = found {
                    let behind = at + found + word.len();
                    let until = (behind + 1 + chance.below(8) as usize).min(bytes.len());
                    let trouble = TROUBLE[chance.below(TROUBLE.len() as u64) as usize];
                    bytes.splice(behind..until, trouble.iter().copied());
                }
            }
        }
    }
    bytes
}

/// The most memory that any worker of this program has used so far, in kilobytes.
#[cfg(target_os = "linux")]
fn most_memory_kb() -> u64 {
    let own = std::process::id().to_string();
    let number = |status: &str, name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1).map(str::to_owned)
    };
    let mut most = 0;
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let status = fs::read_to_string(entry.path().join("status")).unwrap_or_default();
        if number(&status, "PPid:").as_deref() == Some(own.as_str()) {
            let peak = number(&status, "VmHWM:").and_then(|kb| kb.parse().ok());
            most = most.max(peak.unwrap_or(0));
        }
    }
    most
}

#[cfg(not(target_os = "linux"))]
const fn most_memory_kb() -> u64 {
    0
}

/// Checks a file from the command line, with its worker, in a gigabyte.
fn verify(file: &Path, number: u32) -> (Option<i32>, String) {
    // What any PDF is asked for, and what one that says to be a slip.
    let verb = if number.is_multiple_of(2) {
        "verify"
    } else {
        "slip verify"
    };
    let output = Command::new("sh")
        .args(["-c", "ulimit -v 1048576; exec \"$0\" $2 \"$1\" --json"])
        .arg(program("sohoa"))
        .arg(file)
        .arg(verb)
        .output()
        .unwrap();
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn mutated_pdfs_end_no_program_and_hold_nobody_up() {
    let test = TestDesk::new();
    let whole = whole(&test);
    let here = settings(Path::new(""));
    let crew = Crew::new(here.worker_program.clone(), here.resources.clone());
    let mut chance = Chance::new();
    let file = test.folder().join("mutated.pdf");
    let (mut taken, mut refused, mut judged) = (0, 0, 0);
    let (mut slowest, mut most) = (Duration::ZERO, 0);
    for number in 0..pdfs() {
        let bytes = mutated(&whole[number as usize % whole.len()], &mut chance);
        fs::write(&file, &bytes).unwrap();
        let began = Instant::now();
        match crew.pages_of_file(&bytes, &mut |_| Ok(())) {
            Ok(()) => taken += 1,
            Err(Error::Scan(_)) => refused += 1,
            Err(error) => panic!("file {number}: {error}"),
        }
        slowest = slowest.max(began.elapsed());
        most = most.max(most_memory_kb());
        let began = Instant::now();
        let (code, told) = verify(&file, number);
        assert!(
            matches!(code, Some(0 | 3 | 4)),
            "file {number}: {code:?} {told}"
        );
        // A worker that is lost would end in a refusal, too.
        let fell = ["panicked", "lost", "memory"]
            .iter()
            .any(|word| told.contains(word));
        assert!(!fell, "file {number}: {told}");
        judged += 1;
        slowest = slowest.max(began.elapsed());
        assert!(slowest < MOST_TIME, "file {number} took {slowest:?}");
        assert!(most < MOST_MEMORY_KB, "file {number} took {most} kB");
    }
    println!(
        "{judged} PDFs: {taken} taken in, {refused} refused; slowest {slowest:?}, most {most} kB"
    );
}
