//! A folder that is watched.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use desk::watch::{LOOK_EVERY, Outcome, Watch, What};
use desk::{reception, scan};
use domain::dossier::Dossier;
use support::test_desk::{TestDesk, sample};

/// A watched folder whose time passes when a test says so.
pub(crate) struct Folder {
    test: TestDesk,
    path: PathBuf,
    watch: Watch,
    now: Instant,
}

impl Folder {
    pub(crate) fn new() -> Self {
        let test = TestDesk::new();
        let path = test.folder().join("drop");
        fs::create_dir(&path).unwrap();
        let watch = Watch::open(&path).unwrap();
        Self {
            test,
            path,
            watch,
            now: Instant::now(),
        }
    }

    pub(crate) fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path.join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn desk(&self) -> &desk::Desk {
        self.test.desk()
    }

    fn put_sample(&self, name: &str, paper: &str) -> PathBuf {
        self.put(name, &fs::read(sample(paper)).unwrap())
    }

    /// One look, so much later.
    fn look_after(&mut self, looks: u32) -> Vec<Outcome> {
        self.now += LOOK_EVERY * looks;
        let mut outcomes = Vec::new();
        self.watch
            .look(self.test.desk(), self.now, &mut |outcome| {
                outcomes.push(outcome);
            })
            .unwrap();
        outcomes
    }

    /// Two looks, so that what lies there is finished.
    pub(crate) fn take(&mut self) -> Vec<Outcome> {
        let mut outcomes = self.look_after(1);
        outcomes.extend(self.look_after(1));
        outcomes
    }

    fn names_in(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path.join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    pub(crate) fn dossiers(&self) -> Vec<Dossier> {
        reception::recent(self.test.desk(), 100).unwrap()
    }

    /// Pages of each document of a dossier.
    fn pages(&self, dossier: &Dossier) -> Vec<usize> {
        let documents = dossier.components.iter().filter_map(|one| one.document_id);
        documents
            .map(|id| scan::pages(self.test.desk(), id).unwrap().len())
            .collect()
    }
}

fn is_taken(outcome: &Outcome) -> bool {
    matches!(outcome.what, What::Taken { .. })
}

const LETTER: &str = "1-official-document.jpg";
const BIRTH: &str = "2-birth-certificate.jpg";

#[test]
fn a_file_is_taken_only_when_it_has_stopped_changing() {
    let mut folder = Folder::new();
    let bytes = fs::read(sample(LETTER)).unwrap();
    let path = folder.put("scan.jpg", &bytes[..1000]);
    assert!(folder.look_after(1).is_empty(), "it was never seen before");
    fs::write(&path, &bytes[..5000]).unwrap();
    assert!(folder.look_after(1).is_empty(), "it has grown");
    fs::write(&path, &bytes).unwrap();
    assert!(folder.look_after(1).is_empty(), "it has grown again");
    assert!(folder.look_after(0).is_empty(), "two looks at once are one");
    let outcomes = folder.look_after(1);
    assert!(
        matches!(outcomes.as_slice(), [one] if is_taken(one)),
        "{outcomes:?}"
    );
    assert!(!path.exists());
    assert_eq!(folder.names_in("done"), ["scan.jpg"]);
    let dossier = &folder.dossiers()[0];
    assert_eq!(folder.pages(dossier), [1]);
    let page = &scan::pages(
        folder.test.desk(),
        dossier.components[0].document_id.unwrap(),
    )
    .unwrap()[0];
    assert_eq!(page.raw.digest, domain::digest::Digest::of(&bytes));
}

#[test]
fn an_empty_file_is_given_time_to_be_written() {
    let mut folder = Folder::new();
    let path = folder.put("scan.jpg", b"");
    assert!(folder.take().is_empty());
    assert!(path.exists());
    let outcomes = folder.look_after(20);
    assert!(matches!(outcomes[0].what, What::Refused(_)), "{outcomes:?}");
}

#[test]
fn a_bad_file_is_put_aside_with_its_reason_and_stops_nothing() {
    let mut folder = Folder::new();
    let whole = fs::read(sample(LETTER)).unwrap();
    folder.put("1 cut.jpg", &whole[..whole.len() / 2]);
    folder.put("2 note.txt", b"no paper at all");
    folder.put("3 good.jpg", &whole);
    let outcomes = folder.take();
    assert_eq!(outcomes.len(), 3);
    assert_eq!(outcomes.iter().filter(|one| is_taken(one)).count(), 1);
    assert_eq!(
        folder.names_in("refused"),
        ["1 cut.jpg", "1 cut.jpg.txt", "2 note.txt", "2 note.txt.txt"]
    );
    let reason = fs::read_to_string(folder.path.join("refused/1 cut.jpg.txt")).unwrap();
    assert_eq!(reason, "the file is damaged: its end is missing\n");
    assert_eq!(folder.names_in("done"), ["3 good.jpg"]);
    assert_eq!(folder.dossiers().len(), 1, "bad files begin no dossier");
}

#[cfg(unix)]
#[test]
fn links_pipes_and_what_lies_elsewhere_are_refused() {
    let mut folder = Folder::new();
    let secret = folder.test.folder().join("secret.jpg");
    fs::copy(sample(LETTER), &secret).unwrap();
    std::os::unix::fs::symlink(&secret, folder.path.join("1 link.jpg")).unwrap();
    rustix::fs::mkfifoat(
        rustix::fs::CWD,
        folder.path.join("2 pipe.jpg"),
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
    )
    .unwrap();
    fs::create_dir(folder.path.join("3 folder")).unwrap();
    let outcomes = folder.take();
    assert_eq!(outcomes.len(), 2, "{outcomes:?}");
    assert!(
        outcomes
            .iter()
            .all(|one| matches!(one.what, What::Refused(_)))
    );
    assert!(secret.exists(), "what the link leads to is untouched");
    assert!(folder.dossiers().is_empty());
    // A link in the place of `done` would lead files out.
    let other = folder.test.folder().join("other");
    fs::create_dir(&other).unwrap();
    std::os::unix::fs::symlink(folder.test.folder(), other.join("done")).unwrap();
    assert!(Watch::open(&other).is_err());
}

#[test]
fn a_file_waits_in_the_dossier_of_its_day_unless_its_name_says_more() {
    let mut folder = Folder::new();
    folder.put_sample("a.jpg", LETTER);
    folder.put_sample("b.jpg", BIRTH);
    let marked = "H38.12-260412-0007_TP-H05.000026";
    folder.put_sample(&format!("{marked}_1.jpg"), "3-application-page-1.jpg");
    folder.put_sample(&format!("{marked}_2.jpg"), "3-application-page-2.jpg");
    assert!(folder.take().iter().all(is_taken));
    let dossiers = folder.dossiers();
    assert_eq!(dossiers.len(), 2);
    let of = |code: Option<&str>| {
        let mut all = dossiers.iter();
        let code = code.map(|code| code.parse().unwrap());
        all.find(|dossier| dossier.code == code).unwrap()
    };
    assert_eq!(folder.pages(of(None)), [1, 1], "each file is a paper");
    let named = of(Some("H38.12-260412-0007"));
    assert_eq!(folder.pages(named), [2], "two files of one component");
    assert_eq!(
        named.components[0]
            .code
            .as_ref()
            .map(ToString::to_string)
            .as_deref(),
        Some("TP-H05.000026")
    );
    // The next file of the day joins the same dossier, after a restart too.
    folder.test.reopen();
    folder.watch = Watch::open(&folder.path).unwrap();
    folder.put_sample("c.jpg", "3-application-page-1.jpg");
    assert!(folder.take().iter().all(is_taken));
    assert_eq!(folder.dossiers().len(), 2);
}

#[test]
fn the_same_bytes_are_told_and_not_doubled() {
    let mut folder = Folder::new();
    folder.put_sample("a.jpg", LETTER);
    folder.take();
    folder.put_sample("a.jpg", LETTER);
    folder.put_sample("again.jpg", LETTER);
    let outcomes = folder.take();
    assert_eq!(outcomes.len(), 2);
    let before = |one: &Outcome| matches!(one.what, What::TakenBefore { .. });
    assert!(outcomes.iter().all(before), "{outcomes:?}");
    assert_eq!(folder.pages(&folder.dossiers()[0]), [1]);
    assert_eq!(folder.names_in("done"), ["a (2).jpg", "a.jpg", "again.jpg"]);
    // For another dossier it is another paper.
    folder.put_sample("H38.12-260412-0007.jpg", LETTER);
    assert!(folder.take().iter().all(is_taken));
}

#[test]
fn a_file_that_cannot_be_moved_away_is_dealt_with_once() {
    let mut folder = Folder::new();
    let path = folder.put_sample("a.jpg", LETTER);
    let done = folder.path.join("done");
    fs::remove_dir(&done).unwrap();
    // A file in the place of the folder: nothing can be moved there.
    fs::write(&done, b"in the way").unwrap();
    let outcomes = folder.take();
    let stuck = outcomes
        .iter()
        .filter(|one| matches!(one.what, What::NotMoved(_)))
        .count();
    assert!(stuck >= 1, "{outcomes:?}");
    assert!(folder.look_after(1).is_empty() && folder.look_after(5).is_empty());
    assert!(path.exists());
    assert_eq!(folder.pages(&folder.dossiers()[0]), [1], "taken once");
    // After a restart with the way free it is known by its bytes.
    fs::remove_file(&done).unwrap();
    folder.watch = Watch::open(&folder.path).unwrap();
    let outcomes = folder.take();
    assert!(
        outcomes
            .iter()
            .any(|one| matches!(one.what, What::TakenBefore { .. })),
        "{outcomes:?}"
    );
    assert!(!Path::new(&path).exists());
}
