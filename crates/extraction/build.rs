//! Lists the form files of `forms/types/` so that they are part of the program:
//! adding a kind of paper means adding a file there and nothing else.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let manifest = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it for build scripts");
    let types = Path::new(&manifest).join("../../forms/types");
    println!("cargo::rerun-if-changed={}", types.display());
    let mut files: Vec<PathBuf> = fs::read_dir(&types)
        .expect("forms/types is part of the project")
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
    fs::write(Path::new(&out).join("form_files.rs"), list).expect("OUT_DIR can be written");
}
