//! `make bench-vault`: a vault after years of work, how quickly it opens, finds and takes
//! the next paper, and how that grows with what is in it.
//!
//! The metadata is of the size of real papers; so that the disk holds it, pages share
//! sealed files, one file for a hundred rows. `SOHOA_DOCUMENTS` says how large it becomes.
#![expect(clippy::print_stdout, reason = "a report is printed")]

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use desk::{Clock, Passphrase, Resources, Settings, search, session};
use domain::dossier::Owner;
use domain::field::{FieldValue, Source};
use support::vault_maker::{Maker, create, office, open, passphrase};
use vault::{Error, Sealed, Vault, Writer};

/// Documents of the largest vault, and pages of each.
const DOCUMENTS: usize = 500_000;
const PAGES: usize = 4;
/// Documents that one transaction takes while the vault is filled.
const AT_A_TIME: usize = 500;
/// Pages that share a sealed file.
const SHARING: usize = 100;
/// Queries of each kind.
const QUERIES: usize = 200;
/// Commits that are measured.
const COMMITS: usize = 100;
/// Storing a page may take so many times what its plain bytes take on the same disk.
const MOST_TIMES: f64 = 3.0;

const FAMILIES: [&str; 12] = [
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ",
];
const SYLLABLES: [&str; 40] = [
    "An", "Bình", "Châu", "Dũng", "Đông", "Giang", "Hà", "Hải", "Hạnh", "Hoà", "Hồng", "Hùng",
    "Hương", "Khánh", "Lan", "Liên", "Linh", "Long", "Mai", "Minh", "Nam", "Nga", "Ngọc", "Oanh",
    "Phúc", "Phương", "Quang", "Quỳnh", "Sơn", "Tâm", "Thảo", "Thắng", "Thuỷ", "Trang", "Trung",
    "Tuấn", "Tùng", "Vân", "Vinh", "Yến",
];
const WORDS: [&str; 30] = [
    "cấp",
    "giấy",
    "khai",
    "sinh",
    "đăng",
    "ký",
    "quyết",
    "định",
    "xác",
    "nhận",
    "cộng",
    "hoà",
    "xã",
    "hội",
    "chủ",
    "nghĩa",
    "việt",
    "nam",
    "độc",
    "lập",
    "tự",
    "do",
    "hạnh",
    "phúc",
    "uỷ",
    "ban",
    "nhân",
    "dân",
    "phường",
    "thôn",
];

/// Numbers that look drawn by chance and are the same each time.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % limit
    }

    fn of<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.below(texts.len())]
    }

    fn name(&mut self) -> String {
        let (family, middle) = (self.of(&FAMILIES), self.of(&SYLLABLES));
        format!("{family} {middle} {}", self.of(&SYLLABLES))
    }

    /// A word that few papers have: two syllables and a number in one.
    fn rare(&mut self) -> String {
        format!(
            "{}{}{}",
            self.of(&SYLLABLES),
            self.of(&WORDS),
            self.below(1_000)
        )
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..90 {
            text.push_str(self.of(&WORDS));
            text.push(' ');
        }
        for _ in 0..10 {
            text.push_str(&self.rare());
            text.push(' ');
        }
        text
    }
}

fn value(name: &str, text: &str) -> FieldValue {
    FieldValue {
        name: name.parse().unwrap_or_else(|error| panic!("{error}")),
        value: text.to_owned(),
        source: Source::Officer,
        evidence: None,
        proposed: None,
        confirmed_by: None,
        confirmed_at: None,
        seconded_by: None,
    }
}

fn add(
    maker: &mut Maker,
    write: &Writer<'_>,
    drawn: &mut Drawn,
    sealed: Sealed,
) -> Result<(), Error> {
    let name = drawn.name();
    let id = format!("0{:011}", drawn.below(99_999_999_999));
    let owner = Owner {
        id: id.parse().ok(),
        name: Some(name.clone()),
        birth_on: NaiveDate::from_ymd_opt(1950 + drawn.below(70) as i32, 1, 1),
        ..Owner::default()
    };
    let document = maker.begin_in(write, &owner)?;
    let mut pages = Vec::new();
    for _ in 0..PAGES {
        pages.push(maker.page_in(write, &document, sealed)?);
    }
    let number = format!("{}/{}", drawn.below(5_000), 1990 + drawn.below(37));
    let values = [
        value("owner_name", &name),
        value("owner_id", &id),
        value("number", &number),
        value("title", "Giấy khai sinh"),
        value("issuer", "Uỷ ban nhân dân phường Hoà Bình"),
        value("issued_on", "2019-05-17"),
        value("summary", &format!("{} {}", drawn.rare(), drawn.name())),
    ];
    maker.deposit_in(write, &document, &pages, sealed, &values, &drawn.text())?;
    Ok(())
}

fn fill(vault: &Vault, maker: &mut Maker, drawn: &mut Drawn, documents: usize) {
    let mut sealed = None;
    for batch in 0..documents.div_ceil(AT_A_TIME) {
        let begun = batch * AT_A_TIME;
        let filled = vault.write(|write| {
            for index in begun..documents.min(begun + AT_A_TIME) {
                if (index * PAGES).is_multiple_of(SHARING) {
                    let image = format!("page image {index}").repeat(50);
                    sealed = Some(vault.seal(image.as_bytes())?);
                }
                let sealed = sealed.expect("the first page has one");
                add(maker, write, drawn, sealed)?;
            }
            Ok::<_, Error>(())
        });
        filled.expect("the vault takes them");
    }
}

/// The middle one, and those that 95 and 99 of a hundred are not above.
fn spread(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1_000.0;
    format!(
        "p50 {:7.1} ms  p95 {:7.1} ms  p99 {:7.1} ms",
        at(50),
        at(95),
        at(99)
    )
}

fn folder_bytes(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let size = entries.map(|entry| match entry.metadata() {
        Ok(found) if found.is_dir() => folder_bytes(&entry.path()),
        Ok(found) => found.len(),
        Err(_) => 0,
    });
    size.sum()
}

/// Draws what somebody types.
type Query = fn(&mut Drawn) -> String;

fn measure(dir: &Path, documents: usize, drawn: &mut Drawn) {
    let settings = Settings {
        vault: dir.to_owned(),
        resources: Resources::find().expect("`make setup` has fetched the resources"),
        worker_program: "none".into(),
        clock: Clock::System,
        forms: None,
    };
    let begun = Instant::now();
    let secret: Passphrase = passphrase(0);
    let desk = session::sign_in(&settings, &secret).expect("the vault opens");
    let opened = begun.elapsed();
    println!(
        "{documents} documents, {} pages, {:.2} GB: open and signed in after {:.2} s",
        documents * PAGES,
        folder_bytes(dir) as f64 / 1e9,
        opened.as_secs_f64()
    );
    let kinds: [(&str, Query); 6] = [
        ("a word that few papers have", |drawn| drawn.rare()),
        ("two words and a rare one", |drawn| {
            let (first, second) = (drawn.of(&WORDS), drawn.of(&WORDS));
            format!("{first} {second} {}", drawn.rare())
        }),
        ("a name", |drawn| drawn.name()),
        ("a name without marks", |drawn| {
            domain::fold::fold(&drawn.name())
        }),
        ("the beginning of a number", |drawn| {
            format!("{}/", drawn.below(5_000))
        }),
        ("one word that most papers have", |drawn| {
            drawn.of(&WORDS).to_owned()
        }),
    ];
    for (what, query) in kinds {
        let mut found = 0;
        let times = (0..QUERIES).map(|_| {
            let words = query(drawn);
            let begun = Instant::now();
            let hits = search::search(&desk, &words, 50).expect("an answer");
            found += usize::from(!hits.is_empty());
            begun.elapsed()
        });
        let times = times.collect();
        println!(
            "  {what:32} {}  ({found} of {QUERIES} found)",
            spread(times)
        );
    }
    drop(desk);
    let (vault, officer) = open(dir, &secret).expect("the vault opens");
    let times = (0..QUERIES).map(|_| {
        let words = drawn.name();
        let begun = Instant::now();
        let hits = vault.read(|read| read.search(&words, 50));
        hits.expect("an answer");
        begun.elapsed()
    });
    let what = "a name, and nothing in the trail";
    println!("  {what:32} {}", spread(times.collect()));
    let mut maker = Maker::new(documents as u32, officer.id);
    let sealed = vault.seal(b"the last page").expect("sealed");
    let times = (0..COMMITS).map(|_| {
        let begun = Instant::now();
        let added = vault.write(|write| add(&mut maker, write, drawn, sealed));
        added.expect("the vault takes it");
        begun.elapsed()
    });
    println!(
        "  {:32} {}",
        "a paper in one commit",
        spread(times.collect())
    );
}

/// How long a page takes to be stored for good, against the same bytes written plain into a
/// file of their own and forced to the same disk, in turns.
fn compare(dir: &Path, folder: &Path) {
    println!("a page against the same bytes written plain and forced to the disk");
    let (vault, officer) = open(dir, &passphrase(0)).expect("the vault opens");
    let mut maker = Maker::new(2_000_000, officer.id);
    for size_bytes in [300_000, 1_000_000, 3_000_000] {
        let document = maker.begin(&vault, &Owner::default()).expect("begun");
        let mut drawn = Drawn(size_bytes as u64);
        let (mut plain, mut stored) = (Vec::new(), Vec::new());
        for turn in 0..COMMITS / 2 {
            let image: Vec<u8> = (0..size_bytes).map(|_| drawn.below(256) as u8).collect();
            let begun = Instant::now();
            let path = folder.join(format!("plain-{turn}"));
            let mut file = File::create(&path).expect("a file");
            file.write_all(&image).expect("written");
            file.sync_all().expect("forced");
            plain.push(begun.elapsed());
            drop(file);
            std::fs::remove_file(path).expect("removed");
            let begun = Instant::now();
            maker.page(&vault, &document, &image).expect("stored");
            stored.push(begun.elapsed());
        }
        let middle = |times: &mut Vec<Duration>| {
            times.sort_unstable();
            times[times.len() / 2].as_secs_f64() * 1_000.0
        };
        let (plain, stored) = (middle(&mut plain), middle(&mut stored));
        let ratio = stored / plain;
        let bar = if ratio <= MOST_TIMES {
            "met"
        } else {
            "NOT MET"
        };
        println!(
            "  {:4} kB   plain {plain:6.1} ms   stored {stored:6.1} ms   {ratio:4.2} times (bar {MOST_TIMES}: {bar})",
            size_bytes / 1_000
        );
    }
}

fn main() {
    let given = std::env::var("SOHOA_DOCUMENTS").ok();
    let largest = given
        .and_then(|given| given.parse().ok())
        .unwrap_or(DOCUMENTS);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let dir = folder.path().join("vault");
    // 7 kB of rows and index for each document, as measured.
    println!(
        "about {:.1} GB of disk are needed",
        largest as f64 * 7_000.0 / 1e9
    );
    drop(create(&dir, &office()).expect("a fresh vault"));
    compare(&dir, folder.path());
    let mut drawn = Drawn(2_026);
    let mut documents = 0;
    let mut number = 1_000_000;
    for size in [largest / 100, largest / 10, largest] {
        number += 1;
        let begun = Instant::now();
        let (vault, officer) = open(&dir, &passphrase(0)).expect("the vault opens");
        let mut maker = Maker::new(number, officer.id);
        fill(&vault, &mut maker, &mut drawn, size - documents);
        documents = size;
        drop(vault);
        println!("filled in {:.0} s", begun.elapsed().as_secs_f64());
        measure(&dir, documents, &mut drawn);
    }
}
