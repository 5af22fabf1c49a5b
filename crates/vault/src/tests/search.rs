//! Finding deposited records.

use domain::dossier::Owner;
use proptest::prelude::*;

use super::TestVault;
use crate::SearchHit;

fn owner(name: &str, id: Option<&str>) -> Owner {
    Owner {
        id: id.map(|id| id.parse().unwrap()),
        name: Some(name.to_owned()),
        ..Owner::default()
    }
}

struct Papers(TestVault);

impl Papers {
    fn new(names: &[&str]) -> Self {
        let test = TestVault::new();
        for name in names {
            test.deposit(owner(name, None), &[("owner_name", name)], "");
        }
        Self(test)
    }

    fn hits(&self, words: &str) -> Vec<SearchHit> {
        self.0
            .vault
            .read(|reader| reader.search(words, 20))
            .unwrap()
    }

    fn names(&self, words: &str) -> Vec<String> {
        let hits = self.hits(words).into_iter();
        hits.map(|hit| hit.owner_name.unwrap()).collect()
    }
}

#[test]
fn words_without_marks_find_names_with_them() {
    let papers = Papers::new(&["Nguyễn Văn Đông", "Trần Thị Ước", "Lê Hoà Bình"]);
    for (words, name) in [
        ("nguyen", "Nguyễn Văn Đông"),
        ("dong", "Nguyễn Văn Đông"),
        ("NGUYEN DONG", "Nguyễn Văn Đông"),
        ("đông nguyễn", "Nguyễn Văn Đông"),
        ("Nguye\u{302}\u{303}n", "Nguyễn Văn Đông"),
        ("uoc", "Trần Thị Ước"),
        ("hòa", "Lê Hoà Bình"),
    ] {
        assert_eq!(papers.names(words), [name], "{words}");
    }
    assert_eq!(
        papers.names("nguyen tran"),
        [""; 0],
        "every word must be there"
    );
    assert_eq!(papers.names("phạm"), [""; 0]);
}

#[test]
fn exact_spelling_comes_first() {
    let names = ["Nguyên Đồng", "Nguyễn Đông", "Nguyen Dong", "Nguyện Động"];
    let papers = Papers::new(&names);
    for name in names {
        let hits = papers.hits(name);
        assert_eq!(hits.len(), 4, "{name}");
        assert_eq!(hits[0].owner_name.as_deref(), Some(name));
        let exact: Vec<bool> = hits.iter().map(|hit| hit.exact).collect();
        assert_eq!(exact, [true, false, false, false], "{name}");
    }
    let placed = Papers::new(&["Hoá", "Hoà"]);
    assert_eq!(
        placed.names("hòa"),
        ["Hoà", "Hoá"],
        "where the tone stands is no other spelling"
    );
}

#[test]
fn the_last_word_may_be_unfinished() {
    let papers = Papers::new(&["Nguyễn Văn Đông"]);
    for words in ["ngu", "nguyễn v", "nguyen van do", "Nguyễn Văn Đ"] {
        assert_eq!(papers.names(words).len(), 1, "{words}");
    }
    assert_eq!(papers.names("ngu van").len(), 0, "the others must be whole");
}

#[test]
fn numbers_and_codes_are_found_from_their_beginning() {
    let test = TestVault::new();
    let fields = [
        ("number", "12/2026"),
        ("owner_id", "001093047064"),
        ("title", "Giấy khai sinh"),
    ];
    let record = test.deposit(owner("Nguyễn Văn Đông", Some("001093047064")), &fields, "");
    test.deposit(
        owner("Lê Hoà", None),
        &[("number", "729/QĐ-TTg"), ("summary", "Về việc 12")],
        "",
    );
    let local = record.local_code.to_string();
    let papers = Papers(test);
    for words in [
        "12/2026",
        "12-2026",
        "12/20",
        "12/",
        &local,
        &local.to_lowercase(),
        &local.replace('-', ""),
        &local.replace('0', "O"),
        &local[..15],
        &record.code.text,
        "001093047064.KQ.G15",
        "001093047064",
        "0010930",
    ] {
        let hits = papers.hits(words);
        assert!(!hits.is_empty(), "{words}");
        assert_eq!(hits[0].record, record, "{words}");
        assert!(hits[0].exact, "{words}");
    }
    let hit = &papers.hits("729/qd-ttg")[0];
    assert_eq!(hit.number.as_deref(), Some("729/QĐ-TTg"));
    assert_eq!(hit.title.as_deref(), Some("Về việc 12"));
    assert_eq!(
        papers.names("khai 12/2026"),
        ["Nguyễn Văn Đông"],
        "a number among words"
    );
    assert_eq!(papers.names("93047064").len(), 0, "not from the middle");
    assert_eq!(
        papers.names("03-0001").len(),
        2,
        "the dossier's number of the day"
    );
}

#[test]
fn a_name_in_a_field_weighs_more_than_the_word_on_the_paper() {
    let test = TestVault::new();
    let text = "Ông Phạm Hùng đã ký. ".repeat(3);
    test.deposit(owner("Lê Hoà", None), &[], &text);
    test.deposit(
        owner("Phạm Hùng", None),
        &[],
        &"Một tờ giấy dài. ".repeat(20),
    );
    test.deposit(owner("Lê Bình", None), &[], &text);
    let names = Papers(test).names("phạm hùng");
    assert_eq!(names.len(), 3);
    assert_eq!(names[0], "Phạm Hùng");
}

#[test]
fn only_the_newest_version_is_found() {
    let test = TestVault::new();
    let document = test.begun();
    test.deposit_version(
        &document,
        1,
        &[("owner_name", "Nguyễn Sai"), ("number", "11/2026")],
        "sai",
    );
    let second = test.deposit_version(
        &document,
        2,
        &[("owner_name", "Trần Đúng"), ("number", "12/2026")],
        "",
    );
    let papers = Papers(test.reopened());
    for words in ["nguyễn", "sai", "11/2026"] {
        assert_eq!(papers.names(words).len(), 0, "{words}");
    }
    for words in ["trần", "12/2026", &document.local_code.to_string()] {
        let hits = papers.hits(words);
        assert_eq!(hits.len(), 1, "{words}");
        assert_eq!(hits[0].record, second);
    }
}

#[test]
fn what_is_not_deposited_is_not_found() {
    let test = TestVault::new();
    test.vault
        .write(|writer| {
            let document = test.begin_document(writer, owner("Nguyễn Văn Đông", None))?;
            writer.set_value(document.id, &super::value("owner_name", "Nguyễn Văn Đông"))
        })
        .unwrap();
    assert_eq!(Papers(test).names("nguyễn").len(), 0);
}

#[test]
fn as_many_are_given_as_were_asked_for() {
    let papers = Papers::new(&["Nguyễn An", "Nguyễn Bình", "Nguyen Chi"]);
    for limit in 0..4 {
        let hits = papers.0.vault.read(|reader| reader.search("nguyễn", limit));
        assert_eq!(hits.unwrap().len(), limit);
    }
}

#[test]
fn a_hit_shows_nobody_in_a_log() {
    let papers = Papers::new(&["Nguyễn Văn Đông"]);
    let shown = format!("{:?}", papers.hits("nguyen"));
    assert!(
        shown.contains("local_code") && !shown.contains("Nguy"),
        "{shown}"
    );
}

#[test]
fn no_query_is_ever_syntax() {
    let papers = Papers::new(&["Nguyễn Văn Đông", "OR NEAR NOT"]);
    for words in [
        "nguyen OR dong",
        "NOT nguyen",
        "NEAR(nguyen dong)",
        "exact_values:nguyen",
        "{folded_text}:dong",
        "nguyen*",
        "^nguyen",
        "\"nguyen",
        "nguyen\"",
        "a + b",
        "-nguyen",
        "(((",
        "'; DROP TABLE record; --",
        "\u{0}",
        "nguyen\u{0}dong",
        "%",
        "_",
    ] {
        papers.hits(words);
    }
    assert_eq!(papers.names("or near not"), ["OR NEAR NOT"]);
    assert_eq!(
        papers.names("nguyen OR near").len(),
        0,
        "OR is a word like any other"
    );
    assert_eq!(papers.names("nguyen*"), ["Nguyễn Văn Đông"]);
    assert_eq!(papers.names("   ").len(), 0);
    assert_eq!(papers.names(&"nguyen ".repeat(10_000)), ["Nguyễn Văn Đông"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]
    #[test]
    fn no_text_makes_search_fail(queries in prop::collection::vec("\\PC{0,24}|[\"*:(){}^+ANDORT a-c-]{0,16}", 40)) {
        let papers = Papers::new(&["Nguyễn Văn Đông"]);
        for words in queries {
            let found = papers.0.vault.read(|reader| reader.search(&words, 5));
            prop_assert!(found.is_ok(), "{words:?} {found:?}");
        }
    }
}
