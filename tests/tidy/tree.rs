//! Reading the tree as it would be committed.

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the project: its path from the top, with `/`, and its text (empty
/// where it is no text).
pub(crate) struct TreeFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl TreeFile {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    pub(crate) fn has_extension(&self, extensions: &[&str]) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|found| extensions.iter().any(|wanted| found == *wanted))
    }

    /// Code that ships, as against code that proves it.
    pub(crate) fn is_test(&self) -> bool {
        self.path.starts_with("tests/")
            || self.path.contains("/tests/")
            || self.path.ends_with("/tests.rs")
            || self.path.ends_with(".test.ts")
            || self.path.ends_with(".test-support.ts")
    }

    /// The Rust text without the test modules at its end and without comments.
    pub(crate) fn shipped_rust(&self) -> String {
        let shipped = self
            .text
            .split("#[cfg(test)]\nmod ")
            .next()
            .unwrap_or_default();
        shipped
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n")
    }
}

pub(crate) fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}

/// The names right under the top folder, without what `.gitignore` leaves out.
pub(crate) fn top_entries() -> Vec<String> {
    let ignored = Ignored::read();
    let mut names: Vec<String> = fs::read_dir(top())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !ignored.covers(name))
        .collect();
    names.sort();
    names
}

/// Every file that is not left out by `.gitignore`.
pub(crate) fn files() -> Vec<TreeFile> {
    let ignored = Ignored::read();
    let mut found = Vec::new();
    walk(&top(), "", &ignored, &mut found);
    assert!(
        found.len() > 20,
        "the walk must reach the tree, or every check below is empty"
    );
    found
}

fn walk(folder: &Path, prefix: &str, ignored: &Ignored, found: &mut Vec<TreeFile>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(Result::unwrap).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if ignored.covers(&path) {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            walk(&entry.path(), &format!("{path}/"), ignored, found);
        } else {
            let text =
                String::from_utf8(fs::read(entry.path()).unwrap_or_default()).unwrap_or_default();
            found.push(TreeFile { path, text });
        }
    }
}

/// What git leaves out. Our `.gitignore` uses three shapes only: `/path` from
/// the top, `name` at any depth, and `*.ending`.
struct Ignored(Vec<String>);

impl Ignored {
    fn read() -> Self {
        let mut lines = vec!["/.git".to_owned()];
        let file = fs::read_to_string(top().join(".gitignore")).unwrap();
        lines.extend(
            file.lines()
                .map(str::trim)
                .filter(|line| !line.is_empty() && !line.starts_with('#'))
                .map(str::to_owned),
        );
        Self(lines)
    }

    fn covers(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.0.iter().any(|line| {
            let line = line.trim_end_matches('/');
            match (line.strip_prefix('/'), line.strip_prefix('*')) {
                (Some(from_top), _) => path == from_top,
                (None, Some(ending)) => name.ends_with(ending),
                (None, None) => name == line,
            }
        })
    }
}

#[test]
fn git_s_list_of_what_to_leave_out_is_understood() {
    let ignored = Ignored(vec![
        "/ui/dist".to_owned(),
        "node_modules".to_owned(),
        "*.log".to_owned(),
    ]);
    for covered in [
        "ui/dist",
        "ui/node_modules",
        "a/b/node_modules",
        "crates/x.log",
    ] {
        assert!(ignored.covers(covered), "{covered} is left out");
    }
    for kept in ["dist", "ui/src", "crates/log.rs"] {
        assert!(!ignored.covers(kept), "{kept} belongs to the tree");
    }
}
