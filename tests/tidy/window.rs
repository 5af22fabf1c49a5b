//! The tiers of the front end, and its one file of words.

use super::tree::{TreeFile, files};

/// The only file that may speak to Tauri.
const CALL: &str = "ui/src/ipc/call.ts";

fn front_end(files: &[TreeFile]) -> impl Iterator<Item = &TreeFile> {
    files
        .iter()
        .filter(|file| file.path.starts_with("ui/src/") && file.has_extension(&["ts", "svelte"]))
}

/// What a file imports: the text after `from`, `import` or `import(`.
fn imports(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for opening in [
        "from \"",
        "from '",
        "import \"",
        "import '",
        "import(\"",
        "import('",
    ] {
        let quote = &opening[opening.len() - 1..];
        found.extend(
            text.split(opening)
                .skip(1)
                .filter_map(|rest| rest.split(quote).next()),
        );
    }
    found
}

/// Where a relative import leads, from the top of the tree.
fn resolve(importer: &str, import: &str) -> String {
    let mut folders: Vec<&str> = importer.split('/').collect();
    folders.pop();
    for step in import.split('/') {
        match step {
            "." => {}
            ".." => {
                folders.pop();
            }
            name => folders.push(name),
        }
    }
    folders.join("/")
}

fn wrong_imports(files: &[TreeFile]) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in front_end(files) {
        for import in imports(&file.text) {
            if import.starts_with("@tauri-apps") && file.path != CALL {
                complaints.push(format!("{}: only {CALL} imports {import}", file.path));
            }
            if !import.starts_with('.') {
                continue;
            }
            let target = resolve(&file.path, import);
            let is_part = file.path.starts_with("ui/src/parts/");
            if is_part
                && ["state", "ipc", "screens"]
                    .iter()
                    .any(|tier| target.starts_with(&format!("ui/src/{tier}/")))
            {
                complaints.push(format!("{}: a part may not import {target}", file.path));
            }
            let screen = |path: &str| {
                path.strip_prefix("ui/src/screens/")
                    .and_then(|rest| rest.split_once('/'))
                    .map(|(name, _)| name.to_owned())
            };
            if let (Some(own), Some(other)) = (screen(&file.path), screen(&target))
                && own != other
            {
                complaints.push(format!(
                    "{}: a screen may not import the screen {other}",
                    file.path
                ));
            }
        }
    }
    complaints
}

/// Vietnamese letters that English has not.
fn is_vietnamese(letter: char) -> bool {
    letter.is_alphabetic() && matches!(letter, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

fn without_comments(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    loop {
        let openings = [("/*", "*/"), ("<!--", "-->"), ("//", "\n")];
        let next = openings
            .iter()
            .filter_map(|pair| rest.find(pair.0).map(|at| (at, pair)))
            .min_by_key(|(at, _)| *at);
        let Some((at, (opening, closing))) = next else {
            kept.push_str(rest);
            return kept;
        };
        kept.push_str(&rest[..at]);
        let inside = &rest[at + opening.len()..];
        // A web address is no comment.
        if *opening == "//" && kept.ends_with(':') {
            kept.push_str("//");
            rest = inside;
            continue;
        }
        rest = inside
            .find(closing)
            .map_or("", |end| &inside[end + closing.len()..]);
        kept.push('\n');
    }
}

fn words_outside_their_file(files: &[TreeFile]) -> Vec<String> {
    front_end(files)
        .filter(|file| !file.is_test() && !file.path.starts_with("ui/src/text/"))
        .flat_map(|file| {
            let code = without_comments(&file.text);
            let lines: Vec<String> = code
                .lines()
                .filter(|line| line.chars().any(is_vietnamese))
                .map(|line| line.trim().to_owned())
                .collect();
            lines
                .into_iter()
                .map(|line| format!("{}: {line}", file.path))
        })
        .collect()
}

#[test]
fn the_tiers_of_the_front_end_hold() {
    let complaints = wrong_imports(&files());
    assert!(
        complaints.is_empty(),
        "parts ← screens ← App, and one door to Tauri: {complaints:#?}"
    );
}

#[test]
fn every_word_on_screen_comes_from_the_text_folder() {
    let complaints = words_outside_their_file(&files());
    assert!(
        complaints.is_empty(),
        "an officer must be able to read all words in one place: {complaints:#?}"
    );
}

#[test]
fn a_part_that_knows_state_a_screen_that_knows_a_screen_and_a_second_door_are_found() {
    let sample = [
        TreeFile::new(
            "ui/src/parts/Button.svelte",
            "import { session } from \"../state/session.svelte\";",
        ),
        TreeFile::new(
            "ui/src/screens/scan/Scan.svelte",
            "import Box from '../review/Box.svelte'; import Row from './Row.svelte';",
        ),
        TreeFile::new(
            "ui/src/state/x.svelte.ts",
            "import { invoke } from \"@tauri-apps/api/core\";",
        ),
        TreeFile::new(CALL, "import { invoke } from \"@tauri-apps/api/core\";"),
    ];
    let expected = [
        "ui/src/parts/Button.svelte: a part may not import ui/src/state/session.svelte",
        "ui/src/screens/scan/Scan.svelte: a screen may not import the screen review",
        "ui/src/state/x.svelte.ts: only ui/src/ipc/call.ts imports @tauri-apps/api/core",
    ];
    assert_eq!(wrong_imports(&sample), expected);
}

#[test]
fn a_word_written_into_a_screen_is_found() {
    let sample = [
        TreeFile::new(
            "ui/src/screens/scan/Scan.svelte",
            "<!-- giấy tờ -->\n// hồ sơ\n<button>Quét</button>\n<p>ok https://x /* đ */</p>",
        ),
        TreeFile::new("ui/src/text/vi.ts", "export const scan = \"Quét\";"),
        TreeFile::new(
            "ui/src/state/scan.test.ts",
            "expect(name).toBe(\"Đỗ Văn Mẫu\");",
        ),
    ];
    assert_eq!(
        words_outside_their_file(&sample),
        ["ui/src/screens/scan/Scan.svelte: <button>Quét</button>"]
    );
}
