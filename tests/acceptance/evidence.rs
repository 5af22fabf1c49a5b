//! Evidence that somebody without this program can check.

use std::path::{Path, PathBuf};

use desk::digitise::{Accept, Outcome, Paper, digitise};
use desk::evidence::{Misfit, verify};
use desk::reading::Reader;
use desk::{Error, Resources, export};
use domain::engine::Engine;
use domain::field::{Grade, Source};
use image::{Rgb, RgbImage};
use imageproc::geometric_transformations::{Border, Interpolation, rotate_about_center};
use serde_json::{Value, json};
use support::test_desk::{TestDesk, sample, settings};

const SAMPLE: &str = "1-official-document.jpg";
/// How far two readings of one value may place it apart: half a line of print.
const NEAR_PX: f64 = 16.0;

/// The folder of evidence of a paper that is digitised from this file.
fn exported(test: &TestDesk, file: &Path) -> PathBuf {
    let paper = Paper {
        files: vec![file.to_owned()],
        document_type: Some("official_document".parse().unwrap()),
        accept: Accept::All,
        ..Paper::default()
    };
    let Outcome::Deposited(record) = digitise(test.desk(), &paper).unwrap().0 else {
        panic!("everything was accepted");
    };
    let out = test.folder().join("out");
    let exported = export::export(test.desk(), &record.local_code.to_string(), &out);
    exported.unwrap().evidence
}

fn list(folder: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join("evidence.json")).unwrap()).unwrap()
}

fn corners(folder: &Path, name: &str) -> Vec<(f64, f64)> {
    let list = list(folder);
    let mut fields = list["fields"].as_array().unwrap().iter();
    let field = fields.find(|field| field["name"] == name).unwrap();
    let polygon = field["polygon"].as_array().unwrap();
    let corner = |corner: &Value| (corner[0].as_f64().unwrap(), corner[1].as_f64().unwrap());
    polygon.iter().map(corner).collect()
}

#[test]
fn a_turned_and_a_skewed_page_still_hit() {
    let test = TestDesk::new();
    let page = image::open(sample(SAMPLE)).unwrap().into_rgb8();
    let (width, height) = (f64::from(page.width()), f64::from(page.height()));
    let angle = 2.0_f64.to_radians();
    let turned = image::imageops::rotate90(&page);
    let skewed = rotate_about_center(
        &page,
        angle as f32,
        Interpolation::Bilinear,
        Border::Constant(Rgb([250, 250, 250])),
    );
    let lying = |name: &str, image: &RgbImage| {
        let file = test.folder().join(name);
        image.save(&file).unwrap();
        exported(&test, &file)
    };
    let (upright, turned, skewed) = (
        lying("upright.png", &page),
        lying("turned.png", &turned),
        lying("skewed.png", &skewed),
    );
    let rotate = |(x, y): (f64, f64)| {
        let (dx, dy) = (x - width / 2.0, y - height / 2.0);
        let (sin, cos) = angle.sin_cos();
        (
            width / 2.0 + dx * cos - dy * sin,
            height / 2.0 + dx * sin + dy * cos,
        )
    };
    for name in ["title", "issuer", "signer"] {
        let there = corners(&upright, name);
        for (folder, expected) in [
            (
                &turned,
                there
                    .iter()
                    .map(|(x, y)| (height - y, *x))
                    .collect::<Vec<_>>(),
            ),
            (&skewed, there.iter().copied().map(rotate).collect()),
        ] {
            for (found, expected) in corners(folder, name).into_iter().zip(expected) {
                let off = (found.0 - expected.0).hypot(found.1 - expected.1);
                assert!(off < NEAR_PX, "{name}: {found:?} is not {expected:?}");
            }
        }
    }
}

#[test]
fn what_was_altered_afterwards_is_found() {
    let test = TestDesk::new();
    let folder = exported(&test, &sample(SAMPLE));
    let check = || verify(&settings(Path::new("")), &folder).unwrap();
    assert_eq!(check(), [], "everything fits as it was written");
    let first = list(&folder)["fields"][0].clone();
    let name = first["name"].as_str().unwrap().parse().unwrap();

    let picture = folder.join(first["crop"].as_str().unwrap());
    let whole = std::fs::read(&picture).unwrap();
    let mut painted = image::open(&picture).unwrap().into_rgb8();
    painted.get_pixel_mut(0, 0)[1] ^= 8;
    painted.save(&picture).unwrap();
    assert_eq!(check(), [Misfit::Picture(name)], "one pixel of a piece");
    std::fs::write(&picture, whole).unwrap();

    let written = std::fs::read(folder.join("evidence.json")).unwrap();
    let mut moved = list(&folder);
    let corner = &mut moved["fields"][0]["polygon"][0][0];
    *corner = json!(corner.as_u64().unwrap() + 1);
    std::fs::write(folder.join("evidence.json"), moved.to_string()).unwrap();
    let found = check();
    assert!(
        found
            .iter()
            .any(|misfit| matches!(misfit, Misfit::Place(_))),
        "one corner, one pixel: {found:?}"
    );
    std::fs::write(folder.join("evidence.json"), written).unwrap();

    for file in [
        folder.join("page-1.jpeg"),
        folder.with_extension("json"),
        folder.with_extension("pdf"),
    ] {
        let whole = std::fs::read(&file).unwrap();
        let mut altered = whole.clone();
        *altered.last_mut().unwrap() ^= 1;
        std::fs::write(&file, altered).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!(check(), [Misfit::File(name)]);
        std::fs::write(&file, whole).unwrap();
    }
    assert_eq!(check(), [], "and nothing else was touched");
    std::fs::write(folder.join("evidence.json"), "{}").unwrap();
    assert_eq!(check(), [Misfit::List]);
}

#[test]
fn evidence_names_the_engines_with_their_models_and_who_answers() {
    let test = TestDesk::new();
    let list = list(&exported(&test, &sample(SAMPLE)));
    let engines = list["engines"].as_array().unwrap();
    let names: Vec<&str> = engines
        .iter()
        .map(|engine| engine["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["aster", "neural", "tesseract"]);
    for engine in engines {
        assert_eq!(engine["model_sha256"].as_str().unwrap().len(), 64);
        assert!(!engine["version"].as_str().unwrap().is_empty());
    }
    let officer = test.desk().officer().id.to_string();
    let fields = list["fields"].as_array().unwrap();
    assert!(!fields.is_empty());
    for field in fields {
        assert_eq!(field["confirmed_by"], json!(officer), "{}", field["name"]);
        assert!(field["confirmed_at"].is_string());
    }
}

/// A copy of the resources in which one file is treated so.
fn resources(folder: &Path, file: &str, treat: impl Fn(&Path)) -> Resources {
    let whole = Resources::find().unwrap();
    for part in ["models", "tessdata", "aster", "fonts"] {
        std::fs::create_dir_all(folder.join(part)).unwrap();
        for entry in std::fs::read_dir(whole.folder().join(part)).unwrap() {
            let entry = entry.unwrap();
            let copy = folder.join(part).join(entry.file_name());
            std::fs::copy(entry.path(), copy).unwrap();
        }
    }
    treat(&folder.join(file));
    Resources::at(folder.to_owned()).unwrap()
}

fn alter(file: &Path) {
    let mut bytes = std::fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(file, bytes).unwrap();
}

#[test]
fn without_its_own_language_file_the_other_engine_carries_on_and_says_so() {
    let remove: fn(&Path) = |file| std::fs::remove_file(file).unwrap();
    for treat in [remove, alter] {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings(Path::new(""));
        settings.resources = resources(folder.path(), "tessdata/vie.traineddata", treat);
        let page = std::fs::read(sample(SAMPLE)).unwrap();
        let reading = Reader::new(&settings).read(&[page], None, &|_| {}).unwrap();
        let notice = reading.recognised.notice().expect("one sentence");
        assert!(notice.contains("vie.traineddata"), "{notice}");
        let read: Vec<_> = reading
            .fields
            .iter()
            .filter(|field| field.source == Source::Ocr && field.grade != Grade::Empty)
            .collect();
        assert!(!read.is_empty(), "the neural engine carries on");
        for field in read {
            assert_eq!(field.grade, Grade::Check, "{}", field.name);
        }
    }
}

#[test]
fn without_the_neural_models_tesseract_carries_on_alone_and_says_so() {
    let remove: fn(&Path) = |file| std::fs::remove_file(file).unwrap();
    for treat in [remove, alter] {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings(Path::new(""));
        settings.resources = resources(folder.path(), "models/rec.onnx", treat);
        let page = std::fs::read(sample(SAMPLE)).unwrap();
        let reading = Reader::new(&settings).read(&[page], None, &|_| {}).unwrap();
        let notice = reading.recognised.notice().expect("one sentence");
        assert!(notice.contains("models/rec.onnx"), "{notice}");
        let text = reading.recognised.pages[0].text.text();
        assert!(text.contains("QUYẾT ĐỊNH"), "{text}");
        let words = reading.recognised.pages[0].text.lines.iter();
        for word in words.flat_map(|line| &line.words) {
            assert!(word.reading(Engine::Neural).is_none());
        }
        let read: Vec<_> = reading
            .fields
            .iter()
            .filter(|field| field.source == Source::Ocr && field.grade != Grade::Empty)
            .collect();
        assert!(!read.is_empty(), "Tesseract carries on");
        for field in read {
            assert_eq!(field.grade, Grade::Check, "{}", field.name);
        }
    }
}

#[test]
fn where_nobody_can_read_the_file_is_named_and_never_used() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings(Path::new(""));
    settings.resources = resources(folder.path(), "models/rec.onnx", alter);
    alter(&folder.path().join("tessdata/vie.traineddata"));
    let page = std::fs::read(sample(SAMPLE)).unwrap();
    let refused = Reader::new(&settings)
        .read(&[page], None, &|_| {})
        .unwrap_err();
    let Error::EngineAbsent { reason } = &refused else {
        panic!("{refused}");
    };
    assert!(reason.contains("models/rec.onnx"), "{reason}");
}
