//! Real files, where `SOHOA_MATERIAL` names their folder.

use std::path::{Path, PathBuf};

use domain::barcode::BarcodeFormat;
use domain::geometry::{QuarterTurn, Transform};
use domain::quality::{QualityReason, Verdict};
use image::DynamicImage;
use imaging::Cleaned;

/// A folder of the material; `None`, and a line saying so, where there is none.
fn folder(name: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("SOHOA_MATERIAL") else {
        println!("skipped: SOHOA_MATERIAL is not set");
        return None;
    };
    Some(Path::new(&root).join(name))
}

fn pictures(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let ending = path.extension().and_then(|ending| ending.to_str());
            matches!(ending, Some("png" | "jpg" | "webp"))
        })
        .collect();
    files.sort();
    files
}

fn opened(path: &Path) -> DynamicImage {
    image::ImageReader::open(path)
        .unwrap()
        .with_guessed_format()
        .unwrap()
        .decode()
        .unwrap()
}

fn cleaned(path: &Path) -> Cleaned {
    imaging::clean(&opened(path), QuarterTurn::None, None)
}

/// How much ink a crop takes away, in pixels that are dark but not part of a solid bar.
fn print_lost(raw: &DynamicImage, transforms: &[Transform]) -> usize {
    let Some(Transform::Crop(kept)) = transforms.first() else {
        return 0;
    };
    let grey = raw.to_luma8();
    let dark = |x: u32, y: u32| grey.get_pixel(x, y).0[0] < 128;
    let outside =
        |x: u32, y: u32| x < kept.x || y < kept.y || x >= kept.right() || y >= kept.bottom();
    // Ink is dark with paper near by on both sides; a bar is not.
    (8..grey.height() - 8)
        .flat_map(|y| (8..grey.width() - 8).map(move |x| (x, y)))
        .filter(|(x, y)| outside(*x, *y) && dark(*x, *y))
        .filter(|(x, y)| {
            !dark(x - 8, *y) && !dark(x + 8, *y) && !dark(*x, y - 8) && !dark(*x, y + 8)
        })
        .count()
}

#[test]
fn known_skews_and_blanks() {
    let Some(images) = folder("images") else {
        return;
    };
    let skewed = cleaned(&images.join("skewed.jpg"));
    assert!(
        (15.5..=16.5).contains(&skewed.skew_deg.abs()),
        "{}",
        skewed.skew_deg
    );
    let straight = cleaned(&images.join("deskewed.jpg"));
    assert_eq!(straight.skew_deg, 0.0);
    assert!(cleaned(&images.join("blank1.jpg")).blank);
    assert!(!cleaned(&images.join("notblank.jpg")).blank);
}

#[test]
fn noisy_scans_are_straightened_and_cut() {
    let Some(scans) = folder("cleanup") else {
        return;
    };
    for path in pictures(&scans) {
        let raw = opened(&path);
        let cleaned = imaging::clean(&raw, QuarterTurn::None, None);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(!cleaned.blank, "{name} holds print");
        assert_eq!(print_lost(&raw, &cleaned.transforms), 0, "{name}");
        match name.as_str() {
            "imgsrc001.png" => {
                assert!(
                    (cleaned.skew_deg.abs() - 4.0).abs() < 0.3,
                    "{}",
                    cleaned.skew_deg
                );
                assert!(
                    matches!(cleaned.transforms.first(), Some(Transform::Crop(kept)) if kept.x > 190 && kept.x < 230),
                    "the bar on the left goes: {:?}",
                    cleaned.transforms
                );
            }
            "imgsrc002.png" | "imgsrc003.png" | "imgsrc004.png" | "imgsrc005.png" => {
                assert_eq!(cleaned.skew_deg, 0.0, "{name}");
            }
            // Two pages on one sheet, each with its own skew: no angle suits both.
            _ => assert!(cleaned.skew_deg.abs() < 1.5, "{name}: {}", cleaned.skew_deg),
        }
    }
}

#[test]
fn real_papers_are_good_and_hardly_moved() {
    let Some(papers) = folder("papers-real") else {
        return;
    };
    let files = pictures(&papers);
    assert_eq!(files.len(), 4);
    for path in files {
        let raw = opened(&path);
        let cleaned = imaging::clean(&raw, QuarterTurn::None, None);
        assert!(!cleaned.blank, "{path:?}");
        assert_eq!(
            cleaned.quality.verdict,
            Verdict::Good,
            "{path:?} {:?}",
            cleaned.quality
        );
        assert!(
            cleaned.skew_deg.abs() < 1.5,
            "{path:?}: {}",
            cleaned.skew_deg
        );
        assert_eq!(print_lost(&raw, &cleaned.transforms), 0, "{path:?}");
        let upright = imaging::upright(&raw, &cleaned.transforms);
        let again = imaging::clean(&upright, QuarterTurn::None, None);
        assert!(
            again.skew_deg.abs() < 0.2,
            "{path:?} is straight now: {}",
            again.skew_deg
        );
    }
}

#[test]
fn rendered_papers_are_told_by_their_resolution_only() {
    let Some(papers) = folder("papers-synthetic") else {
        return;
    };
    for path in pictures(&papers) {
        let cleaned = cleaned(&path);
        assert!(!cleaned.blank, "{path:?}");
        assert!(
            cleaned
                .quality
                .reasons
                .iter()
                .all(|reason| *reason == QualityReason::LowResolution),
            "{path:?} {:?}",
            cleaned.quality
        );
        assert!(cleaned.skew_deg.abs() < 3.0, "{path:?}");
    }
}

/// Of the pictures in a folder, how many give exactly the text beside them.
fn read_right(folder: &Path, format: BarcodeFormat) -> (usize, usize) {
    let (mut right, mut all) = (0, 0);
    for path in pictures(folder) {
        let wanted = std::fs::read(path.with_extension("txt")).unwrap();
        let wanted = String::from_utf8_lossy(&wanted).into_owned();
        let found = imaging::barcodes(&opened(&path).to_luma8());
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        all += 1;
        if found
            .iter()
            .any(|code| code.format == format && squeezed(&code.text) == squeezed(&wanted))
        {
            right += 1;
        } else {
            println!("{path:?}: {found:?}");
        }
    }
    println!("{folder:?}: {right} of {all}");
    (right, all)
}

#[test]
fn photographed_codes_are_read_and_nothing_else_is() {
    let Some(codes) = folder("barcodes") else {
        return;
    };
    assert_eq!(
        read_right(&codes.join("qrcode-1"), BarcodeFormat::Qr),
        (8, 8)
    );
    assert_eq!(
        read_right(&codes.join("qrcode-3"), BarcodeFormat::Qr),
        (18, 18)
    );
    assert_eq!(
        read_right(&codes.join("qrcode-5"), BarcodeFormat::Qr),
        (16, 16)
    );
    assert_eq!(
        read_right(&codes.join("code128-1"), BarcodeFormat::Code128),
        (6, 6)
    );
    for path in pictures(&codes.join("falsepositives-1")) {
        assert_eq!(imaging::barcodes(&opened(&path).to_luma8()), [], "{path:?}");
    }
}
