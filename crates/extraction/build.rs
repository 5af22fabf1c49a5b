//! Lists the form files of `forms/types/` and the slips of `forms/slips/` so that they are
//! part of the program: adding a kind of paper means adding a file there and nothing else.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    list("types", "form_files.rs");
    list("slips", "slip_files.rs");
}

fn list(folder: &str, to: &str) {
    let manifest = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it for build scripts");
    let folder = Path::new(&manifest).join("../../forms").join(folder);
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the folder is part of the project")
        .map(|entry| entry.expect("the folder can be listed").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    files.sort();
    let mut list = String::from("&[\n");
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.file_name().expect("a file has a name");
        let (name, path) = (name.to_string_lossy(), file.to_string_lossy());
        writeln!(list, "    ({name:?}, include_str!({path:?})),").expect("a String takes all text");
    }
    list.push_str("]\n");
    let out = env::var("OUT_DIR").expect("cargo sets it for build scripts");
    fs::write(Path::new(&out).join(to), list).expect("OUT_DIR can be written");
}
