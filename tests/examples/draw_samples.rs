//! Draws the sample dossier into `tests/fixtures/samples`:
//! `cargo run -p tests --example draw_samples`.

use std::fs;
use std::path::Path;

use support::paper_maker::{PaperMaker, fonts_folder, samples, samples_json};

/// Small enough for the repository, good enough to read.
const QUALITY: u8 = 72;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/samples");
    fs::create_dir_all(&folder)?;
    let samples = samples(&PaperMaker::open(&fonts_folder())?);
    for sample in &samples {
        for (file, jpeg) in sample.files.iter().zip(sample.paper.jpegs(QUALITY)) {
            fs::write(folder.join(file), jpeg)?;
        }
    }
    let text = format!("{:#}\n", samples_json(&samples));
    fs::write(folder.join("samples.json"), text)
}
