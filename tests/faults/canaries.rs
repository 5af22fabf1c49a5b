//! Nothing that stands on a paper or is said of a person is readable at rest: planted
//! through the whole flow, and searched for in every file that it leaves behind.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use support::test_desk::{PASSPHRASE, program, sample};
use unicode_normalization::UnicodeNormalization as _;

/// Texts that stand for people's data, besides the words of the page.
const PLANTED: usize = 38;
/// Words of the page that are long enough not to occur by chance.
const WORDS: usize = 10;

/// Ways in which a text may stand in a file.
fn encodings(text: &str) -> Vec<Vec<u8>> {
    let bytes = text.as_bytes();
    let wide = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect();
    let hex = |digit: fn(&u8) -> String| bytes.iter().map(digit).collect::<String>().into_bytes();
    let mut encodings = vec![
        bytes.to_vec(),
        wide(u16::to_le_bytes),
        wide(u16::to_be_bytes),
        text.nfd().collect::<String>().into_bytes(),
        hex(|byte| format!("{byte:02x}")),
        hex(|byte| format!("{byte:02X}")),
    ];
    // It may begin at any of three places of a group; its first and last signs depend on
    // what stands around it.
    for before in 0..3 {
        let padded = [vec![0; before], bytes.to_vec()].concat();
        let encoded = base64(&padded);
        let whole = padded.len() / 3 * 4;
        encodings.push(encoded[if before == 0 { 0 } else { 4 }..whole].to_vec());
    }
    encodings
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let groups = bytes.chunks(3).flat_map(|group| {
        let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        [18, 12, 6, 0].map(|shift| SIGNS[(bits >> shift & 63) as usize])
    });
    groups.collect()
}

/// Texts by their first bytes, so that a file is gone through once.
struct Search {
    by_head: HashMap<[u8; 4], Vec<(usize, Vec<u8>)>>,
}

impl Search {
    fn new(texts: &[String]) -> Self {
        let mut by_head: HashMap<[u8; 4], Vec<_>> = HashMap::new();
        for (index, text) in texts.iter().enumerate() {
            for encoded in encodings(text) {
                let head = encoded[..4].try_into().unwrap();
                by_head.entry(head).or_default().push((index, encoded));
            }
        }
        Self { by_head }
    }

    /// Which of the texts stand in any file below a folder, and how many files there are.
    fn below(&self, folder: &Path, seen: &mut usize, found: &mut Vec<(usize, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                self.below(&path, seen, found);
                continue;
            }
            // A socket or pipe holds nothing.
            let Ok(bytes) = fs::read(&path) else { continue };
            *seen += 1;
            for (at, head) in bytes.windows(4).enumerate() {
                let head: &[u8; 4] = head.try_into().unwrap();
                for (index, text) in self.by_head.get(head).into_iter().flatten() {
                    if bytes[at..].starts_with(text) {
                        found.push((*index, path.display().to_string()));
                    }
                }
            }
        }
    }
}

/// `sohoa` in a world of its own, whose every word goes into a log.
struct World<'f> {
    folder: &'f Path,
}

impl World<'_> {
    fn command(&self, arguments: &[&str]) -> Command {
        let path = |name: &str| {
            let path = self.folder.join(name);
            fs::create_dir_all(&path).unwrap();
            path
        };
        let log = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.join("log"))
            .unwrap();
        let mut command = Command::new(program("sohoa"));
        command
            .args(arguments)
            .env("SOHOA_PASSPHRASE", PASSPHRASE)
            .env("SOHOA_VAULT", self.folder.join("vault"))
            .env("SOHOA_DISCOVERY", "loopback")
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "full")
            .env("TMPDIR", path("temporary"))
            .env("HOME", path("home"))
            .current_dir(path("work"))
            .stderr(log);
        command
    }

    fn run(&self, arguments: &[&str]) -> Vec<Value> {
        let output = self.command(arguments).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect()
    }
}

#[test]
fn nothing_planted_is_readable_in_any_file_that_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let world = World {
        folder: folder.path(),
    };
    let paper = sample("1-official-document.jpg");
    let paper = paper.to_str().unwrap();
    let mut texts: Vec<String> = (0..PLANTED)
        .map(|index| format!("Đậu-{index:02}-Chim-Yến"))
        .collect();
    let (owner, officer) = ("001093047064", "Trần Thị Hoàng Yến");
    world.run(&["init", "--office", "H55.242", "--officer", officer]);
    let summary = format!("summary={}", texts.join(" "));
    let digitise = [
        "digitise", paper, "--accept", "all", "--owner", owner, "--set", &summary, "--json",
    ];
    let records = world.run(&digitise);
    let code = records[0]["local_code"].as_str().unwrap();

    // The words that the machine read on the page.
    let read = world.run(&["read", paper, "--json"]);
    let on_page = read[0]["pages"][0]["text"].as_str().unwrap();
    let words = on_page.split_whitespace().collect::<Vec<_>>();
    let phrases = words.chunks(4).map(|words| words.join(" "));
    texts.extend(phrases.filter(|phrase| phrase.len() > 20).take(WORDS));
    texts.extend([owner.to_owned(), officer.to_owned()]);
    assert_eq!(texts.len(), 50);

    let found = world.run(&["search", &texts[7], "--json"]);
    assert_eq!(found.len(), 1, "they are in there");
    world.run(&["show", code, "--reveal", "--json"]);
    let copy = folder.path().join("copy");
    world.run(&["backup", copy.to_str().unwrap()]);
    // A program that is killed, and one that dies of itself, in mid work.
    for signal in ["-KILL", "-ABRT"] {
        let mut child = world
            .command(&digitise)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(1_500));
        let pid = child.id().to_string();
        Command::new("kill").args([signal, &pid]).status().unwrap();
        child.wait().unwrap();
    }
    let log = folder.path().join("vault/vault.db-wal");
    assert!(
        log.exists(),
        "what the killed program wrote is searched as well"
    );

    let search = Search::new(&texts);
    let (mut seen, mut found) = (0, Vec::new());
    search.below(folder.path(), &mut seen, &mut found);
    println!(
        "{} texts in {} ways, {seen} files",
        texts.len(),
        encodings("xxxx").len()
    );
    assert_eq!(found, Vec::<(usize, String)>::new());
    assert!(seen > 8, "vault, copy, log: {seen}");

    // The negative control: in a plain copy each of them is found in each way.
    let plain = tempfile::tempdir().unwrap();
    let mut written = 0;
    for text in &texts {
        for (way, encoded) in encodings(text).into_iter().enumerate() {
            let bytes = [b"..".as_slice(), &encoded, b".."].concat();
            fs::write(plain.path().join(format!("{written}-{way}")), bytes).unwrap();
            written += 1;
        }
    }
    let mut found = Vec::new();
    search.below(plain.path(), &mut seen, &mut found);
    let mut files: Vec<String> = found.into_iter().map(|(_, file)| file).collect();
    files.sort();
    files.dedup();
    assert_eq!(files.len(), written, "each of them, in each way");
}
