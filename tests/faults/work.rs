//! Work at a vault, done by a process of its own on whatever disk it is given, which says
//! after each step that it is done; and the look afterwards whether all of that is there.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use domain::digest::Digest;
use domain::dossier::Owner;
use domain::ids::PageId;
use domain::office::Officer;
use support::test_desk::now;
use support::vault_maker::{Maker, create, office, open, passphrase};
use tempfile::TempDir;
use vault::{Error, OpenedBy, Vault};

/// Names the folder in which a child finds or makes its vault. Unset in an ordinary run.
const CHILD_FOLDER: &str = "SOHOA_FAULTS_FOLDER";
/// What it shall do there: the numbers of a [`Work`].
const CHILD_WORK: &str = "SOHOA_FAULTS_WORK";

/// What a process shall do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Work {
    /// Tells the processes of one vault apart.
    pub(crate) number: u32,
    /// How many papers it digitises.
    pub(crate) papers: u32,
    /// How large their page images are.
    pub(crate) page_bytes: u32,
}

/// The process that works: one step after the other, and a line after each. It goes on
/// once it is told to, so that whoever listens knows what was on the disk by then.
#[test]
fn child_that_works() {
    let Some(folder) = std::env::var_os(CHILD_FOLDER).map(PathBuf::from) else {
        return;
    };
    let numbers = std::env::var(CHILD_WORK).unwrap();
    let numbers: Vec<u32> = numbers
        .split(' ')
        .map(|text| text.parse().unwrap())
        .collect();
    let [number, papers, page_bytes, changes] = numbers[..] else {
        panic!("four numbers");
    };
    let image = vec![b'p'; page_bytes as usize];
    let dir = folder.join("vault");
    if !Vault::exists(&dir) {
        if attempt("create", || create(&dir, &office())).is_none() {
            return;
        }
        say("vault");
    }
    let Some((vault, officer, changes)) = attempt("open", || open_after(&dir, changes)) else {
        return;
    };
    say(&format!("passphrase {changes}"));
    let mut maker = Maker::new(number, officer.id);
    for paper in 0..papers {
        let begun = attempt("begin", || maker.begin(&vault, &Owner::default()));
        let Some(document) = begun else { continue };
        say(&format!("code {}", document.local_code));
        let mut pages = Vec::new();
        for _ in 0..2 {
            let Some(page) = attempt("page", || maker.page(&vault, &document, &image)) else {
                continue;
            };
            say(&format!("page {} {}", page.id, page.raw.sealed_digest));
            pages.push(page);
        }
        let text = format!("giấy {paper} ").repeat(300);
        let deposited = attempt("deposit", || {
            maker.deposit(&vault, &document, &pages, &text)
        });
        if deposited.is_some() {
            say(&format!("record {}", document.local_code));
        }
    }
    let new = passphrase(changes + 1);
    let put = attempt("passphrase", || vault.put_passphrase(&officer, &new, now()));
    if put.is_some() {
        say(&format!("passphrase {}", changes + 1));
    }
    if attempt("back_up", || vault.back_up(&folder.join("copy"))).is_some() {
        say("copy");
    }
    say("end");
}

/// Opens a vault whose passphrase was changed so often, or once more: the power may have
/// failed after a change and before the word of it.
fn open_after(dir: &Path, changes: u32) -> Result<(Vault, Officer, u32), Error> {
    let opened =
        |changes| open(dir, &passphrase(changes)).map(|(vault, officer)| (vault, officer, changes));
    match opened(changes) {
        Err(Error::WrongPassphrase) => opened(changes + 1),
        answer => answer,
    }
}

/// Tries twice, and says so when it fails; what a fault may bring is an answer, never a
/// panic, and never a word of damage.
fn attempt<T>(what: &str, mut act: impl FnMut() -> Result<T, Error>) -> Option<T> {
    for _ in 0..2 {
        match act() {
            Ok(done) => return Some(done),
            Err(
                error @ (Error::DiskFull
                | Error::File { .. }
                | Error::Database(_)
                | Error::AlreadyAVault),
            ) => say(&format!("error {what}: {error}")),
            Err(error) => {
                say(&format!("wrong {what}: {error:?}"));
                return None;
            }
        }
    }
    None
}

fn say(line: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "\n#{line}").unwrap();
    out.flush().unwrap();
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

/// A working process.
pub(crate) struct Worker {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Worker {
    pub(crate) fn start(folder: &Path, work: Work, told: &Told) -> Self {
        let Work {
            number,
            papers,
            page_bytes,
        } = work;
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "work::child_that_works", "--nocapture"])
            .env(CHILD_FOLDER, folder)
            .env(
                CHILD_WORK,
                format!("{number} {papers} {page_bytes} {}", told.changes),
            )
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    /// The next thing that it says; it waits until [`Self::go_on`].
    pub(crate) fn next(&mut self) -> Option<String> {
        let mut line = String::new();
        loop {
            line.clear();
            if self.lines.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            if let Some(said) = line.strip_prefix('#') {
                return Some(said.trim_end().to_owned());
            }
        }
    }

    pub(crate) fn go_on(&mut self) {
        let mut input = self.child.stdin.as_ref().unwrap();
        writeln!(input).unwrap();
    }

    /// Hands every line to `each` until the work ends, in peace and without a panic.
    pub(crate) fn work(mut self, mut each: impl FnMut(&str)) {
        while let Some(line) = self.next() {
            each(&line);
            self.go_on();
        }
        assert!(self.child.wait().unwrap().success(), "the work panicked");
    }
}

/// What a worker said that it had done.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    vault: bool,
    pages: Vec<(PageId, Digest)>,
    records: Vec<String>,
    codes: HashSet<String>,
    changes: u32,
    /// Pages that were there when a copy of the vault was finished, and the changes of
    /// the passphrase by then.
    copied: Option<(usize, u32)>,
    /// Codes that were given twice, and answers that no fault explains.
    pub(crate) wrong: Vec<String>,
    /// Steps that failed, and said so.
    pub(crate) errors: usize,
}

impl Told {
    pub(crate) fn take(&mut self, line: &str) {
        match *line.split(' ').collect::<Vec<_>>() {
            ["vault"] => self.vault = true,
            ["code", code] => {
                if !self.codes.insert(code.to_owned()) {
                    self.wrong.push(format!("{code} was given twice"));
                }
            }
            ["page", page, digest] => {
                let page = page.parse().unwrap_or_else(|_| panic!("{line}"));
                self.pages.push((page, digest.parse().unwrap()));
            }
            ["record", code] => self.records.push(code.to_owned()),
            ["passphrase", changes] => self.changes = changes.parse().unwrap(),
            ["copy"] => self.copied = Some((self.pages.len(), self.changes)),
            ["error", ..] => self.errors += 1,
            ["end"] => {}
            _ => self.wrong.push(line.to_owned()),
        }
    }

    /// Whether anything was said to be done.
    pub(crate) fn is_empty(&self) -> bool {
        !self.vault && self.codes.is_empty()
    }

    /// What of it is not in the folder, or is not as it should be.
    pub(crate) fn amiss(&self, folder: &Path) -> Vec<String> {
        let mut amiss = self.wrong.clone();
        let dir = folder.join("vault");
        if !Vault::exists(&dir) {
            if !self.is_empty() {
                amiss.push("the vault is gone".to_owned());
            } else if let Err(error) = create(&dir, &office()) {
                amiss.push(format!("no vault can be made any more: {error}"));
            }
            return amiss;
        }
        match open_after(&dir, self.changes) {
            Ok((vault, ..)) => self.look(&vault, self.pages.len(), &mut amiss),
            Err(error) => amiss.push(format!("the vault does not open: {error}")),
        }
        if let Some((pages, changes)) = self.copied {
            self.look_at_copy(folder, pages, changes, &mut amiss);
        }
        amiss
    }

    fn look(&self, vault: &Vault, pages: usize, amiss: &mut Vec<String>) {
        match vault.check() {
            Ok(report) if report.is_sound() => {}
            other => amiss.push(format!("not sound: {other:?}")),
        }
        for (page, digest) in &self.pages[..pages] {
            let row = vault.read(|read| read.page(*page));
            let named = row.is_ok_and(|row| row.raw.sealed_digest == *digest);
            if !named || vault.unseal(digest).is_err() {
                amiss.push(format!("page {page} is lost"));
            }
        }
        let next = vault.write(|write| write.next_local_code());
        match next {
            Ok(code) if self.codes.contains(&code.to_string()) => {
                amiss.push(format!("{code} is given again"));
            }
            Ok(_) => {}
            Err(error) => amiss.push(format!("no code can be given: {error}")),
        }
        for code in &self.records {
            let found = vault.read(|read| read.record_by_code(code));
            if !matches!(found, Ok(Some(_))) {
                amiss.push(format!("record {code} is lost"));
            }
        }
    }

    /// The copy was finished before the last records came, and holds all pages until then;
    /// the next one may have been on its way.
    fn look_at_copy(&self, folder: &Path, pages: usize, changes: u32, amiss: &mut Vec<String>) {
        let back = folder.join("back");
        let restored = (changes..=self.changes + 1).map(|changes| {
            let passphrase = passphrase(changes);
            let opened_by = OpenedBy::Officer(None, &passphrase);
            Vault::restore(&folder.join("copy"), &back, &opened_by).map(|_| changes)
        });
        let restored: Vec<_> = restored.collect();
        let Some(changes) = restored.iter().find_map(|one| one.as_ref().ok()) else {
            amiss.push(format!("the copy cannot be brought back: {restored:?}"));
            return;
        };
        match open_after(&back, *changes) {
            Ok((vault, ..)) => {
                let before = Self {
                    records: Vec::new(),
                    codes: HashSet::new(),
                    ..self.clone()
                };
                before.look(&vault, pages, amiss);
            }
            Err(error) => amiss.push(format!("the copy does not open: {error}")),
        }
    }
}

/// A temporary folder in memory where there is one: nobody pulls the plug there, and
/// flushing to a disk is most of what the work costs.
pub(crate) fn folder_in_memory() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

/// How often, from the environment or in the short form.
pub(crate) fn times(variable: &str, short: usize) -> usize {
    let given = std::env::var(variable).ok();
    given.and_then(|given| given.parse().ok()).unwrap_or(short)
}
