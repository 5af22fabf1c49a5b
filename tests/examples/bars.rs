//! `make bench`: the figures that page images are held to, each beside its bar and,
//! where another program does the same, beside that one in the same run.
//!
//! Drawn pages always; the pictures of `SOHOA_MATERIAL` where it is set. zxing-cpp is
//! asked through the Python of `SOHOA_PEER_PYTHON`, unpaper where it is installed.
#![expect(clippy::print_stdout, reason = "a report is printed")]

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use domain::barcode::{Barcode, BarcodeFormat};
use domain::geometry::QuarterTurn;
use domain::quality::{QualityReason, Verdict};
use image::{DynamicImage, GrayImage, Rgb};
use imageproc::geometric_transformations::{Border, Interpolation, rotate_about_center};
use serde_json::Value;
use support::paper_maker::{Kind, PaperMaker, Wear, fonts_folder};

fn main() {
    let maker = PaperMaker::open(&fonts_folder()).expect("`make setup` fetches the fonts");
    let mut bars = Bars::default();
    if let Some(material) = std::env::var_os("SOHOA_MATERIAL").map(PathBuf::from) {
        known_pictures(&mut bars, &material.join("images"));
        codes(&mut bars, &material.join("barcodes"));
    } else {
        println!("known pictures and codes are left out: SOHOA_MATERIAL is not set");
    }
    verdicts(&mut bars, &maker);
    deskew(&mut bars, &maker);
    println!("\n{} bars met, {} not", bars.met, bars.missed);
}

/// What is printed, and counted for the last line.
#[derive(Default)]
struct Bars {
    met: usize,
    missed: usize,
}

impl Bars {
    fn say(&mut self, what: &str, figure: &str, bar: &str, met: bool) {
        let sign = if met { "met" } else { "NOT MET" };
        println!("{sign:8} {what}: {figure} (bar: {bar})");
        if met {
            self.met += 1;
        } else {
            self.missed += 1;
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The median of a few runs in milliseconds, after one for nothing.
fn timed<T>(runs: usize, work: impl Fn() -> T) -> (T, f64) {
    let kept = work();
    let times = (0..runs).map(|_| {
        let begun = Instant::now();
        std::hint::black_box(work());
        begun.elapsed().as_secs_f64() * 1000.0
    });
    let times = median(times.collect());
    (kept, times)
}

fn clean(page: &DynamicImage, dpi: Option<u32>) -> imaging::Cleaned {
    imaging::clean(page, QuarterTurn::None, dpi)
}

fn opened(path: &Path) -> DynamicImage {
    let reader = image::ImageReader::open(path).expect("a picture of the material");
    let reader = reader.with_guessed_format().expect("a file that reads");
    reader.decode().expect("a picture that decodes")
}

// ---------------------------------------------------------------- drawn pages

/// Every kind of paper at three angles of its own, so that all of −15° to +15° is seen.
fn deskew(bars: &mut Bars, maker: &PaperMaker) {
    let (mut worst, mut untouched, mut pages) = (0.0_f32, 0, 0);
    let mut errors = Vec::new();
    for (number, kind) in (0_u8..).zip(Kind::ALL) {
        for part in 0..3_u8 {
            let angle = -15.0 + f32::from(part) * 10.0 + f32::from(number);
            let straight = Wear {
                skew_deg: 0.0,
                ..Wear::OFFICE
            };
            let paper = maker.draw(kind, 40 + u64::from(part)).scanned(&straight);
            let page = rotate_about_center(
                paper.page(),
                angle.to_radians(),
                Interpolation::Bilinear,
                Border::Constant(Rgb([240; 3])),
            );
            let found = clean(&DynamicImage::ImageRgb8(page), Some(paper.dpi)).skew_deg;
            pages += 1;
            if found == 0.0 && angle.abs() > 0.2 {
                untouched += 1;
                println!("         left alone: {kind:?} at {angle:.1}°");
                continue;
            }
            let error = (found - angle).abs();
            if error > 0.2 {
                println!("         {kind:?} at {angle:.1}°: found {found:.2}°");
            }
            worst = worst.max(error);
            errors.push(f64::from(error));
        }
    }
    bars.say(
        "deskew of drawn pages from −15° to +15°",
        &format!(
            "{worst:.2}° at worst, {:.2}° median, {untouched} of {pages} left alone",
            median(errors)
        ),
        "0.2°",
        worst <= 0.2,
    );
}

/// Office wear at 300 dpi: how long a verdict takes, and how often it asks a person for nothing.
fn verdicts(bars: &mut Bars, maker: &PaperMaker) {
    let mut times = Vec::new();
    for kind in [
        Kind::OfficialDocument,
        Kind::Application,
        Kind::LandCertificate,
    ] {
        let paper = maker.draw_at(kind, 3, 300).scanned(&Wear::OFFICE);
        let page = DynamicImage::ImageRgb8(paper.page().clone());
        times.push(timed(5, || clean(&page, Some(300))).1);
    }
    let longest = times.iter().copied().fold(0.0, f64::max);
    bars.say(
        "verdict on a colour A4 page of 300 dpi",
        &format!("{:.0} ms, {longest:.0} ms at worst", median(times)),
        "60 ms",
        longest <= 60.0,
    );
    for (level, wear) in [("office", Wear::OFFICE), ("worn", Wear::WORN)] {
        let (mut pages, mut alarms) = (0, 0);
        for kind in Kind::ALL {
            for seed in 60..64 {
                let paper = maker.draw_varied(kind, seed).scanned(&wear);
                for page in &paper.pages {
                    let page = DynamicImage::ImageRgb8(page.clone());
                    let quality = clean(&page, Some(paper.dpi)).quality;
                    pages += 1;
                    if quality.verdict != Verdict::Good {
                        alarms += 1;
                        let reasons = quality.reasons.iter().copied().map(QualityReason::name);
                        println!(
                            "         {level} {kind:?} {seed}: {}",
                            reasons.collect::<Vec<_>>().join(", ")
                        );
                    }
                }
            }
        }
        println!("         alarms on drawn pages, {level}: {alarms} of {pages}");
        if level == "office" {
            bars.say(
                "false alarms on drawn pages at office wear",
                &format!("{alarms} of {pages}"),
                "1 in 100",
                alarms * 100 <= pages,
            );
        }
    }
}

// ---------------------------------------------------------------- the material

fn known_pictures(bars: &mut Bars, images: &Path) {
    let skewed = clean(&opened(&images.join("skewed.jpg")), None).skew_deg;
    bars.say(
        "skewed.jpg",
        &format!("{:.2}°", skewed.abs()),
        "15.5–16.5°",
        (15.5..=16.5).contains(&skewed.abs()),
    );
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for (name, blank) in [("blank1.jpg", true), ("notblank.jpg", false)] {
        let page = opened(&images.join(name));
        let (cleaned, took) = timed(5, || clean(&page, None));
        bars.say(
            name,
            if cleaned.blank { "blank" } else { "not blank" },
            if blank { "blank" } else { "not blank" },
            cleaned.blank == blank,
        );
        ours.push(took);
        theirs.extend(unpaper(&page));
    }
    if theirs.is_empty() {
        println!("unpaper is left out: it is not installed");
        return;
    }
    let (ours, theirs) = (median(ours), median(theirs));
    bars.say(
        "blank verdict beside unpaper",
        &format!(
            "{ours:.1} ms, unpaper {theirs:.0} ms, ×{:.0}",
            theirs / ours
        ),
        "×10",
        theirs >= 10.0 * ours,
    );
}

/// Milliseconds that unpaper takes for a page; none where it is not installed.
fn unpaper(page: &DynamicImage) -> Option<f64> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (from, to) = (folder.path().join("in.pgm"), folder.path().join("out.pgm"));
    let grey = page.to_luma8();
    let mut pgm = format!("P5\n{} {}\n255\n", grey.width(), grey.height()).into_bytes();
    pgm.extend_from_slice(grey.as_raw());
    fs::write(&from, pgm).expect("room for a page");
    let begun = Instant::now();
    let status = Command::new("unpaper")
        .args([&from, &to])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let took = begun.elapsed().as_secs_f64() * 1000.0;
    status.is_ok_and(|status| status.success()).then_some(took)
}

/// What paperless-ngx finds on its own test papers: file, page from 1, text.
const SEPARATORS: [(&str, usize, &str); 27] = [
    ("barcode-128-asn-too-large.pdf", 1, "ASN4294967296"),
    ("barcode-39-asn-123.pdf", 1, "ASN00123"),
    ("barcode-39-asn-invalid.pdf", 1, "ASNXYZXYZ"),
    ("barcode-fax-image.pdf", 2, "PATCHT"),
    ("barcode-qr-custom.pdf", 1, "CUSTOM BARCODE"),
    ("patch-code-t-double.pdf", 2, "PATCHT"),
    ("patch-code-t-double.pdf", 3, "PATCHT"),
    ("patch-code-t-middle.pdf", 2, "PATCHT"),
    ("patch-code-t-middle-distorted.pdf", 2, "PATCHT"),
    ("patch-code-t-middle-reverse.pdf", 2, "PATCHT"),
    ("patch-code-t-qr.pdf", 1, "PATCHT"),
    ("several-patcht-codes.pdf", 3, "PATCHT"),
    ("several-patcht-codes.pdf", 6, "PATCHT"),
    ("split-by-asn-2.pdf", 1, "ASN00123"),
    ("split-by-asn-2.pdf", 3, "PATCHT"),
    ("split-by-asn-2.pdf", 5, "ASN00124"),
    ("split-by-asn-2.pdf", 6, "ASN00125"),
    ("split-by-asn-2.pdf", 9, "ASN00126"),
    ("split-by-asn-2.pdf", 11, "ASN00127"),
    ("split-by-tag-mixed-asn.pdf", 1, "ASN12345"),
    ("split-by-tag-mixed-asn.pdf", 3, "TAG:personal"),
    ("split-by-tag-mixed-asn.pdf", 5, "ASN13456"),
    ("split-by-tag-mixed-asn.pdf", 7, "TAG:business"),
    ("../images/patcht.jpg", 1, "PATCHT"),
    ("../images/patcht.jpg", 1, "T"),
    ("../images/patcht_cropped_bl.jpg", 1, "PATCHT"),
    ("../images/patcht_cropped_bl.jpg", 1, "T"),
];

/// A page of the material with the codes that we and the other reader found.
struct Read {
    name: String,
    page: usize,
    found: Vec<Barcode>,
    ms: f64,
    picture: PathBuf,
}

fn codes(bars: &mut Bars, folder: &Path) {
    let pictures = tempfile::tempdir().expect("a temporary folder");
    let mut files: Vec<&str> = SEPARATORS.iter().map(|(file, _, _)| *file).collect();
    files.dedup();
    let mut read = Vec::new();
    for name in files {
        for (page, image) in (1..).zip(pages_of(&folder.join(name))) {
            let picture = pictures.path().join(format!("{}.png", read.len()));
            image.save(&picture).expect("room for a page");
            let (found, ms) = timed(3, || imaging::barcodes(&image));
            read.push(Read {
                name: name.to_owned(),
                page,
                found,
                ms,
                picture,
            });
        }
    }
    let mut right = 0;
    for (file, page, text) in SEPARATORS {
        let here = read
            .iter()
            .find(|read| read.name == file && read.page == page);
        let is_found = here.is_some_and(|read| read.found.iter().any(|code| code.text == text));
        right += usize::from(is_found);
        if !is_found {
            println!("         not found: {text} on page {page} of {file}");
        }
    }
    let extra: usize = read
        .iter()
        .flat_map(|read| read.found.iter().map(move |code| (read, code)))
        .filter(|(read, code)| {
            let known = (read.name.as_str(), read.page, code.text.as_str());
            // The sheets of patch T carry its bars beside the code.
            let with_bars = (read.name.as_str(), read.page, "PATCHT");
            let is_patch = code.format == BarcodeFormat::Patch && SEPARATORS.contains(&with_bars);
            let is_extra = !SEPARATORS.contains(&known) && !is_patch;
            if is_extra {
                println!(
                    "         not on the paper: {} on page {} of {}",
                    code.format.name(),
                    read.page,
                    read.name
                );
            }
            is_extra
        })
        .count();
    bars.say(
        "codes on the papers of paperless-ngx",
        &format!(
            "{right} of {} found, {extra} that are not there",
            SEPARATORS.len()
        ),
        "all, and no other",
        right == SEPARATORS.len() && extra == 0,
    );
    beside_zxing(bars, &read);
    for (name, all) in [("qrcode-1", 8), ("qrcode-3", 18), ("qrcode-5", 16)] {
        let right = photographs(&folder.join(name));
        bars.say(name, &format!("{right} of {all}"), "all", right == all);
    }
    let wrong: usize = photographs_in(&folder.join("falsepositives-1"))
        .iter()
        .map(|path| imaging::barcodes(&opened(path).to_luma8()).len())
        .sum();
    bars.say(
        "falsepositives-1",
        &format!("{wrong} found"),
        "none",
        wrong == 0,
    );
}

fn pages_of(file: &Path) -> Vec<GrayImage> {
    let bytes = fs::read(file).expect("a file of the material");
    let mut pages = Vec::new();
    let limits = scan::Limits::default();
    scan::pages_of_file(&bytes, &limits, &mut |page| {
        let image = scan::decode(&page.bytes, page.format, &limits).expect("a page that decodes");
        pages.push(image.to_luma8());
        ControlFlow::Continue(())
    })
    .expect("a file that reads");
    pages
}

fn beside_zxing(bars: &mut Bars, read: &[Read]) {
    let Some(python) = std::env::var_os("SOHOA_PEER_PYTHON") else {
        println!("zxing-cpp is left out: SOHOA_PEER_PYTHON is not set");
        return;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/zxing_peer.py");
    let output = Command::new(python)
        .arg(script)
        .args(read.iter().map(|read| &read.picture))
        .stderr(Stdio::inherit())
        .output()
        .expect("the Python of SOHOA_PEER_PYTHON starts");
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let theirs: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect();
    if theirs.len() != read.len() {
        println!("zxing-cpp is left out: it did not come to the end");
        return;
    }
    let mut behind = 0;
    for (ours, theirs) in read.iter().zip(&theirs) {
        for text in theirs["texts"].as_array().into_iter().flatten() {
            if !ours
                .found
                .iter()
                .any(|code| Some(code.text.as_str()) == text.as_str())
            {
                behind += 1;
                println!(
                    "         zxing-cpp found {text} on page {} of {}",
                    ours.page, ours.name
                );
            }
        }
    }
    bars.say(
        "codes that zxing-cpp finds and we do not",
        &behind.to_string(),
        "none",
        behind == 0,
    );
    let ours = median(read.iter().map(|read| read.ms).collect());
    let times = theirs
        .iter()
        .map(|page| page["ms"].as_f64().unwrap_or_default());
    let theirs = median(times.collect());
    bars.say(
        "time for the codes of a page, median, beside zxing-cpp for the same symbologies",
        &format!(
            "{ours:.0} ms, zxing-cpp {theirs:.0} ms, ×{:.2}",
            ours / theirs
        ),
        "×1.5",
        ours <= 1.5 * theirs,
    );
}

fn photographs_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of the material");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a folder that lists").path())
        .filter(|path| path.extension().is_some_and(|ending| ending != "txt"))
        .collect();
    files.sort();
    files
}

/// How many pictures of a folder give exactly the text beside them.
fn photographs(folder: &Path) -> usize {
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    photographs_in(folder)
        .iter()
        .filter(|path| {
            let wanted = fs::read(path.with_extension("txt")).unwrap_or_default();
            let wanted = squeezed(&String::from_utf8_lossy(&wanted));
            imaging::barcodes(&opened(path).to_luma8())
                .iter()
                .any(|code| code.format == BarcodeFormat::Qr && squeezed(&code.text) == wanted)
        })
        .count()
}
