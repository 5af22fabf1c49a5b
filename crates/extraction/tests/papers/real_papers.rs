//! The texts of real papers, laid out as if both engines had read them alike.

use std::env;
use std::fs;
use std::path::PathBuf;

use domain::field::Grade;
use extraction::{Catalogue, recognise_type};
use serde_json::Value;

use crate::support::{Page, WIDTH, field, fields};

/// Lays out an official document from its plain text.
fn laid_out(text: &str) -> Page {
    const PITCH: u32 = 42;
    let (left, right, middle) = (470, 1130, WIDTH / 2);
    let mut page = Page::new();
    let mut lines = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .peekable();
    let (mut left_y, mut right_y) = (180, 180);
    for line in lines.by_ref() {
        if line.contains("ngày") && line.contains("tháng") {
            page = page.centred(right, left_y, line);
            break;
        }
        if line.starts_with("CỘNG H") || line.starts_with("Độc lập") {
            page = page.centred(right, right_y, line);
            right_y += PITCH;
        } else {
            left_y += if line.starts_with("Số") {
                PITCH / 2
            } else {
                0
            };
            page = page.centred(left, left_y, line);
            left_y += if line.starts_with("Số") { 0 } else { PITCH };
        }
    }
    let mut y = left_y + 120;
    let rest: Vec<&str> = text
        .lines()
        .skip_while(|line| !line.contains("tháng"))
        .skip(1)
        .collect();
    let blocks: Vec<Vec<&str>> = rest
        .split(|line| line.trim().is_empty())
        .filter(|block| !block.is_empty())
        .map(<[&str]>::to_vec)
        .collect();
    let recipients = blocks
        .iter()
        .position(|block| block[0].starts_with("Nơi nhận"));
    for (index, block) in blocks.iter().enumerate() {
        match recipients {
            Some(at) if index == at => {
                for (row, line) in block.iter().enumerate() {
                    page = page.line(200, y + row as u32 * PITCH, line);
                }
            }
            Some(at) if index > at => {
                for line in block {
                    page = page.centred(1240, y, line);
                    y += PITCH;
                }
                y += 160;
            }
            _ => {
                for line in block {
                    for part in wrapped(line) {
                        page = if index == 0 {
                            page.centred(middle, y, &part)
                        } else {
                            page.line(200, y, &part)
                        };
                        y += PITCH;
                    }
                }
                y += 60;
            }
        }
    }
    page
}

fn wrapped(line: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for word in line.split_whitespace() {
        let last = parts.last_mut().unwrap();
        if last.chars().count() + word.chars().count() > 85 {
            parts.push(word.to_owned());
        } else {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    parts
}

#[test]
fn the_fields_of_real_official_documents_are_right() {
    let Some(material) = env::var_os("SOHOA_MATERIAL") else {
        eprintln!("skipped: SOHOA_MATERIAL is not set");
        return;
    };
    let folder = PathBuf::from(material).join("papers-real");
    let json = |name: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(folder.join(name)).unwrap()).unwrap()
    };
    let (truth, expected) = (json("truth.json"), json("fields.json"));
    let papers = truth.as_array().unwrap();
    assert!(!papers.is_empty());
    for paper in papers {
        let id = paper["doc_id"].as_str().unwrap();
        let page = laid_out(paper["text"].as_str().unwrap());
        let kind = recognise_type(&Catalogue::builtin(), &[page.as_text()]);
        assert_eq!(kind.document_type.as_str(), "official_document", "{id}");
        assert_eq!(kind.grade, Grade::Certain, "{id}");
        let candidates = fields("official_document", &[page]);
        for (name, key) in [
            ("number", "number"),
            ("issued_on", "date"),
            ("issuer", "agency"),
            ("title", "kind"),
            ("summary", "summary"),
        ] {
            let candidate = field(&candidates, name);
            let right = expected[id][key].as_str();
            assert_eq!(candidate.value, right.unwrap_or_default(), "{id} {name}");
            let grade = if right.is_some() {
                Grade::Certain
            } else {
                Grade::Empty
            };
            assert_eq!(candidate.grade, grade, "{id} {name} {:?}", candidate.doubts);
        }
        if let Some(signer) = expected[id]["signer"].as_str() {
            assert_eq!(field(&candidates, "signer").value, signer, "{id}");
        }
    }
}
