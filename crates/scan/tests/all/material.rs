//! Real files that are not part of the project, where `SOHOA_MATERIAL` says they lie.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::page::RawFormat;
use scan::{Error, RawPage};

use crate::papers::{pages_of, pixels};

/// No single file may take longer.
const PATIENCE: Duration = Duration::from_secs(10);

const FOLDERS: [&str; 8] = [
    "awkward-pdf",
    "images",
    "barcodes",
    "signed-pdf",
    "papers-real",
    "papers-synthetic",
    "cleanup",
    "mrz",
];

fn material() -> Option<PathBuf> {
    let folder = std::env::var_os("SOHOA_MATERIAL").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: SOHOA_MATERIAL is not set");
    }
    folder
}

fn files_under(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_under(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn outcome(path: &Path) -> (Result<Vec<RawPage>, Error>, Duration) {
    let bytes = fs::read(path).unwrap();
    let begun = Instant::now();
    let outcome = pages_of(&bytes);
    (outcome, begun.elapsed())
}

#[test]
fn every_file_gets_an_answer_in_time() {
    let Some(material) = material() else { return };
    let mut files = Vec::new();
    for folder in FOLDERS {
        files_under(&material.join(folder), &mut files);
    }
    files.sort();
    assert!(files.len() > 100, "the material is there: {}", files.len());
    let mut refused: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut slow = Vec::new();
    for path in &files {
        let (outcome, took) = outcome(path);
        let name = path.strip_prefix(&material).unwrap().display().to_string();
        if took > PATIENCE {
            slow.push((name.clone(), took));
        }
        let kind = path.extension().unwrap_or_default().to_string_lossy();
        match outcome {
            Ok(pages) => {
                for page in &pages {
                    pixels(page);
                }
                let summary: Vec<_> = pages
                    .iter()
                    .map(|page| {
                        (
                            page.format.name(),
                            page.size.width_px,
                            page.size.height_px,
                            page.dpi,
                        )
                    })
                    .collect();
                eprintln!("{name} {took:?} {:?}", &summary[..summary.len().min(3)]);
            }
            Err(error) => {
                eprintln!("{name} {took:?} {}", error.name());
                let is_paper = ["pdf", "png", "jpg", "jpeg", "webp", "tiff"].contains(&&*kind);
                if is_paper {
                    refused.entry(error.name()).or_default().push(name);
                } else {
                    assert_eq!(error.name(), "unknown_format", "{name}");
                }
            }
        }
    }
    // Exactly these are what they are said to be: one wants a password, one is a
    // header and an end mark, and nothing else is refused.
    let expected = BTreeMap::from([
        ("encrypted", vec!["images/encrypted_pdf.pdf".to_owned()]),
        (
            "damaged_structure",
            vec!["awkward-pdf/invalid.pdf".to_owned()],
        ),
    ]);
    assert_eq!(refused, expected);
    assert!(slow.is_empty(), "no file may take so long: {slow:?}");
}

#[test]
fn known_files_come_out_as_they_are_known() {
    let Some(material) = material() else { return };
    let check = |name: &str, count: usize, format: RawFormat, dpi: Option<u32>| {
        let pages = outcome(&material.join(name)).0.unwrap();
        assert_eq!(pages.len(), count, "{name}");
        assert_eq!((pages[0].format, pages[0].dpi), (format, dpi), "{name}");
    };
    check("images/image_pdf.pdf", 1, RawFormat::Jpeg, Some(72));
    check("awkward-pdf/ccitt.pdf", 1, RawFormat::Png, Some(300));
    check("awkward-pdf/jbig2.pdf", 1, RawFormat::Png, Some(300));
    check("barcodes/split-by-asn-2.pdf", 12, RawFormat::Png, Some(200));
    check(
        "barcodes/barcode-fax-image.pdf",
        3,
        RawFormat::Png,
        Some(300),
    );
}
