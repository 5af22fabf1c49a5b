//! Milliseconds per stage for the pictures named on the command line; with
//! `--out FOLDER` the pictures of each stage are written there to be looked at.
#![expect(clippy::print_stdout, reason = "printing is what this program is for")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use domain::geometry::QuarterTurn;

/// Each stage runs so many times; the fastest run is what the machine can do.
const RUNS: usize = 15;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out: Option<PathBuf> = None;
    let mut files = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--out" {
            out = arguments.next().map(PathBuf::from);
        } else {
            files.push(PathBuf::from(argument));
        }
    }
    if files.is_empty() {
        return Err("usage: stages [--out FOLDER] FILE…".into());
    }
    for file in files {
        measure(&file, out.as_deref())?;
    }
    Ok(())
}

fn timed<T>(work: impl Fn() -> T) -> (T, f64) {
    let mut best = f64::MAX;
    let mut kept = None;
    for _ in 0..RUNS {
        let start = Instant::now();
        kept = Some(work());
        best = best.min(start.elapsed().as_secs_f64() * 1000.0);
    }
    (kept.expect("RUNS is not zero"), best)
}

fn measure(file: &Path, out: Option<&Path>) -> Result<(), Box<dyn std::error::Error>> {
    let raw = image::ImageReader::open(file)?
        .with_guessed_format()?
        .decode()?;
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let (cleaned, clean_ms) = timed(|| imaging::clean(&raw, QuarterTurn::None, None));
    let (upright, upright_ms) = timed(|| imaging::upright(&raw, &cleaned.transforms));
    let (reading, reading_ms) = timed(|| imaging::for_reading(&upright));
    let (codes, codes_ms) = timed(|| imaging::barcodes(&reading));
    let (small, small_ms) = timed(|| imaging::thumbnail(&upright, 240));
    let (jpeg, jpeg_ms) = timed(|| imaging::encode_jpeg(&upright, 80));
    println!("{name} {}×{} {:?}", raw.width(), raw.height(), raw.color());
    println!(
        "  clean {clean_ms:.1} ms, upright {upright_ms:.1} ms, for_reading {reading_ms:.1} ms, together {:.1} ms",
        clean_ms + upright_ms + reading_ms
    );
    println!(
        "  barcodes {codes_ms:.1} ms ({}), thumbnail {small_ms:.1} ms, jpeg {jpeg_ms:.1} ms ({} KiB)",
        codes.len(),
        jpeg.len() / 1024
    );
    println!(
        "  skew {:.2}°, blank {}, {} {:?}, {:?}",
        cleaned.skew_deg,
        cleaned.blank,
        cleaned.quality.verdict.name(),
        cleaned.quality.reasons,
        cleaned.transforms
    );
    for code in &codes {
        println!("  {:?} {:?} at {:?}", code.format, code.text, code.outline);
    }
    if let Some(out) = out {
        std::fs::create_dir_all(out)?;
        upright.save(out.join(format!("{name}.upright.png")))?;
        reading.save(out.join(format!("{name}.reading.png")))?;
        small.save(out.join(format!("{name}.small.png")))?;
    }
    Ok(())
}
