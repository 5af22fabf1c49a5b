//! Reads page images and prints what the engines made of them, with the time
//! of each stage:
//!
//! ```text
//! OMP_THREAD_LIMIT=1 cargo run -p ocr --example read_page -- page.png…
//! ```
//!
//! With `--json` one line of JSON per text line, for measuring. Models are taken
//! from `SOHOA_RESOURCES` or `src-tauri/resources`.
#![allow(clippy::print_stdout, reason = "printing is what this program is for")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use domain::engine::Engine;
use domain::geometry::Rectangle;
use domain::recognised_text::TextLine;
use ocr::{Models, Reader};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let resources = std::env::var_os("SOHOA_RESOURCES").map_or_else(
        || {
            PathBuf::from(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/../../src-tauri/resources"
            ))
        },
        PathBuf::from,
    );
    let started = Instant::now();
    let mut reader = Reader::open(&Models {
        neural: resources.join("models"),
        tessdata: resources.join("tessdata"),
        aster: Some(resources.join("aster")),
    })?;
    eprintln!(
        "open {:.0} ms, tesseract {}",
        ms(started.elapsed()),
        reader.has_tesseract()
    );
    let (flags, paths): (Vec<String>, Vec<String>) = std::env::args()
        .skip(1)
        .partition(|argument| argument.starts_with("--"));
    let json = flags.iter().any(|flag| flag == "--json");
    for path in paths {
        let page = image::open(&path)?.into_luma8();
        let started = Instant::now();
        let turn = reader.orientation(&page)?;
        let orientation = started.elapsed();
        let started = Instant::now();
        let mut text = reader.read_page(&page)?;
        let read = started.elapsed();
        let lines: Vec<usize> = (0..text.lines.len()).collect();
        let started = Instant::now();
        reader.read_again(&page, &mut text, &lines)?;
        let again = started.elapsed();
        let started = Instant::now();
        let words: Vec<(usize, usize)> = text
            .lines
            .iter()
            .enumerate()
            .flat_map(|(line, read)| (0..read.words.len()).map(move |word| (line, word)))
            .collect();
        reader.settle(&page, &mut text, &words)?;
        let settle = started.elapsed();
        for line in &text.lines {
            if json {
                println!("{}", as_json(&path, line));
            } else {
                show(line);
            }
        }
        eprintln!(
            "{path}: orientation {:.0} ms ({turn:?}), read_page {:.0} ms, read_again {:.0} ms = {:.1} ms/line over {} lines, settle {:.0} ms",
            ms(orientation),
            ms(read),
            ms(again),
            ms(again) / lines.len().max(1) as f64,
            lines.len(),
            ms(settle),
        );
    }
    Ok(())
}

fn show(line: &TextLine) {
    let area = line.outline;
    println!("[{} {} {} {}]", area.x, area.y, area.width, area.height);
    for engine in Engine::ALL {
        println!(
            "  {:9} {}",
            engine.name(),
            line.text_of(engine).unwrap_or_default()
        );
    }
    // A question mark before what is not agreed, a pen before what is handwritten.
    let words: Vec<String> = line
        .words
        .iter()
        .map(|word| {
            let doubt = if word.agreed { "" } else { "?" };
            let pen = if word.handwritten { "✍" } else { "" };
            format!("{doubt}{pen}{}", word.text)
        })
        .collect();
    println!("  {:9} {}", "both", words.join(" "));
}

fn as_json(path: &str, line: &TextLine) -> serde_json::Value {
    let corners = |area: &Rectangle| [area.x, area.y, area.width, area.height];
    let words: Vec<serde_json::Value> = line
        .words
        .iter()
        .map(|word| {
            let readings: serde_json::Map<String, serde_json::Value> = word
                .readings
                .iter()
                .map(|reading| {
                    let value = serde_json::json!([reading.text, reading.confidence]);
                    (reading.engine.name().to_owned(), value)
                })
                .collect();
            serde_json::json!({
                "text": word.text, "box": corners(&word.outline), "readings": readings,
                "agreed": word.agreed, "handwritten": word.handwritten,
            })
        })
        .collect();
    serde_json::json!({"file": path, "box": corners(&line.outline), "words": words})
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
