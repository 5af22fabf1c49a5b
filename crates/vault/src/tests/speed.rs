//! Bars for a desk after months of work.

use std::io::Write as _;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use domain::dossier::Owner;

use super::{TestVault, passphrase, value};
use crate::Error;

const DOCUMENTS: usize = 2_000;
const FAMILIES: [&str; 8] = ["Nguyễn", "Trần", "Lê", "Phạm", "Đặng", "Vũ", "Bùi", "Đỗ"];
const GIVEN: [&str; 7] = ["An", "Bình", "Đông", "Hoà", "Ước", "Khánh", "Minh"];

fn timed<T>(what: &str, limit: Duration, act: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let made = act();
    let took = begun.elapsed();
    writeln!(std::io::stdout(), "{what}: {took:?}").unwrap();
    assert!(took <= limit, "{what} took {took:?}, more than {limit:?}");
    made
}

fn fill(test: &TestVault) {
    let filled = test.vault.write(|writer| {
        for number in 0..DOCUMENTS {
            let (family, given) = (FAMILIES[number % 8], GIVEN[number / 8 % 7]);
            let name = format!("{family} Văn {given}");
            let owner = Owner {
                id: None,
                name: Some(name.clone()),
                ..Owner::default()
            };
            let document = test.begin_document(writer, owner)?;
            let mut copy = test.copy_without_file(document.id);
            copy.size_bytes = number as u64;
            let mut record = test.record(&document, &copy, 1);
            record.values = vec![
                value("owner_name", &name),
                value("number", &format!("{number}/2026")),
            ];
            writer.insert_copy(&copy)?;
            let text =
                format!("Cộng hoà xã hội chủ nghĩa Việt Nam, số {number}, {name} ").repeat(12);
            writer.insert_record(&record, &text)?;
        }
        Ok::<_, Error>(())
    });
    filled.unwrap();
}

#[test]
fn a_large_vault_is_quick() {
    let test = TestVault::new();
    timed("fill", Duration::from_mins(5), || fill(&test));
    let search = |words: &str| {
        let limit = Duration::from_millis(200);
        let hits = timed(&format!("search {words:?}"), limit, || {
            test.vault.read(|reader| reader.search(words, 50)).unwrap()
        });
        assert!(!hits.is_empty(), "{words}");
    };
    for words in [
        "nguyen",
        "Đặng Văn Ước",
        "1234/2026",
        "800",
        "công hoà xa hoi",
        "d",
    ] {
        search(words);
    }
    let page = vec![7; 1_500_000];
    let day = NaiveDate::from_ymd_opt(2026, 11, 3).unwrap();
    for _ in 0..3 {
        let sealed = timed("seal 1.5 MB", Duration::from_secs(1), || {
            test.vault.seal(&page)
        });
        timed("unseal 1.5 MB", Duration::from_millis(200), || {
            test.vault.unseal(&sealed.unwrap().sealed_digest).unwrap()
        });
        timed("one commit", Duration::from_millis(500), || {
            test.vault
                .write(|writer| writer.next_provisional_number(day))
                .unwrap()
        });
    }
    let dir = test.close();
    timed("open", Duration::from_secs(3), || {
        super::open(dir.path(), &passphrase()).unwrap()
    });
}
