//! Gathers the names of papers, fields and procedures from `forms/` for the page, so that a
//! new kind of paper needs no code there either.

use std::path::Path;
use std::{env, fs};

use serde_json::{Map, Value, json};

fn main() {
    let here = env::var("CARGO_MANIFEST_DIR").expect("cargo says where the crate lies");
    let forms = Path::new(&here).join("../../forms");
    println!("cargo::rerun-if-changed={}", forms.display());
    let (mut kinds, mut fields) = (Map::new(), Map::new());
    let types = fs::read_dir(forms.join("types")).expect("forms/types is there");
    for file in types {
        let form = read(&file.expect("a file").path());
        let Some(kind) = form["document_type"].as_str() else {
            continue;
        };
        let labels: Map<String, Value> = form["fields"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|field| Some((field["name"].as_str()?.to_owned(), field["label"].clone())))
            .collect();
        kinds.insert(kind.to_owned(), form["title"].clone());
        fields.insert(kind.to_owned(), labels.into());
    }
    let procedures: Map<String, Value> = read(&forms.join("procedures.json"))["procedures"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| Some((one["code"].as_str()?.to_owned(), one["name"].clone())))
        .collect();
    let names = json!({ "kinds": kinds, "fields": fields, "procedures": procedures });
    let out = env::var("OUT_DIR").expect("cargo says where to write");
    fs::write(Path::new(&out).join("names.json"), names.to_string()).expect("names are written");
}

fn read(file: &Path) -> Value {
    let text = fs::read(file).expect("the form is there");
    serde_json::from_slice(&text).expect("the form is JSON")
}
