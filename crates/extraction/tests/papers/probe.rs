use domain::engine::Engine;
use domain::field::Grade;
use domain::geometry::{Rectangle, Size};
use domain::quality::Verdict;
use domain::recognised_text::{Reading, RecognisedText, TextLine, Word};
use extraction::*;
use std::collections::BTreeMap;
#[test]
fn probe() {
    let Some(dir) = std::env::var_os("EXTR_TSV") else {
        return;
    };
    let catalogue = Catalogue::builtin();
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "tsv"))
        .collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let mut lines: BTreeMap<(u32, u32, u32), TextLine> = BTreeMap::new();
        let mut size = Size {
            width_px: 1,
            height_px: 1,
        };
        for row in text.lines().skip(1) {
            let c: Vec<&str> = row.split('\t').collect();
            let n = |i: usize| c[i].parse::<u32>().unwrap();
            if c[0] == "1" {
                size = Size {
                    width_px: n(8),
                    height_px: n(9),
                };
            }
            if c[0] == "5" && !c[11].trim().is_empty() {
                let outline = Rectangle::new(n(6), n(7), n(8), n(9));
                let confidence = c[10].parse::<f32>().unwrap() / 100.0;
                let r = |engine| Reading {
                    engine,
                    text: c[11].into(),
                    confidence,
                };
                let word = Word {
                    text: c[11].into(),
                    outline,
                    readings: vec![r(Engine::Neural), r(Engine::Tesseract)],
                    agreed: confidence > 0.8,
                    handwritten: false,
                };
                let line = lines.entry((n(2), n(3), n(4))).or_insert(TextLine {
                    outline,
                    words: vec![],
                    read_twice: true,
                });
                line.outline = line.outline.union(&outline);
                line.words.push(word);
            }
        }
        let recognised = RecognisedText {
            lines: lines.into_values().collect(),
        };
        let page = PageText {
            text: &recognised,
            size,
            barcodes: &[],
            verdict: Verdict::Good,
        };
        let start = std::time::Instant::now();
        let kind = recognise_type(&catalogue, &[page]);
        let t1 = start.elapsed();
        let form = catalogue.form(&kind.document_type).unwrap();
        let again = lines_to_read_again(&catalogue, form, &[page]);
        let kind2 = domain::document::RecognisedType {
            grade: Grade::Certain,
            ..kind.clone()
        };
        let start = std::time::Instant::now();
        let fields = extract(&catalogue, form, &kind2, &[page], &Context::default());
        eprintln!(
            "== {} {} {} again {}/{} lines, recognise {t1:?} extract {:?}",
            file.display(),
            kind.document_type,
            kind.grade.name(),
            again.len(),
            recognised.lines.len(),
            start.elapsed()
        );
        for f in &fields {
            if f.grade != Grade::Empty || f.evidence.is_some() {
                eprintln!("   {}", crate::support::shown(f));
            }
        }
    }
}
