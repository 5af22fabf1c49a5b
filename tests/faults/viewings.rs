//! Whatever is shown leaves a viewing: counted over random questions, and without a name.

use support::test_centre::TestCentre;
use support::test_people::{Account, Answer, DOSSIER, HOLDER_A, HOLDER_B, HOLDER_C, Town};

use crate::chance::{Chance, number_of};

/// Questions in the short form; `SOHOA_VIEWINGS` sets the long one.
const QUESTIONS: u32 = 300;

/// Whether an answer showed something, or a case was refused, which is kept too.
fn leaves_a_viewing(path: &str, method: &str, account: &Account, status: u16) -> bool {
    let refused =
        status == 404 && method == "POST" && path == "/kho/v1/cases" && account.role == "officer";
    path != "/kho/v1/me" && (status < 300 || refused)
}

fn random_question(town: &Town, chance: &mut Chance, uploads: &mut Vec<String>) -> bool {
    let account = &town.accounts[chance.below(town.accounts.len() as u64) as usize];
    let paper = &town.papers[chance.below(town.papers.len() as u64) as usize];
    let case = account.case.as_ref();
    let query = case.map(|case| format!("?case={case}")).unwrap_or_default();
    let search = serde_json::json!({ "words": "birth", "case": case }).to_string();
    let holder = [HOLDER_A, HOLDER_B, HOLDER_C][chance.below(3) as usize];
    let open = serde_json::json!({ "holder": holder, "dossier": DOSSIER, "reason": "reuse" });
    let upload = uploads
        .get(chance.below(uploads.len().max(1) as u64) as usize)
        .cloned()
        .unwrap_or_else(|| paper.clone());
    let (method, path, body) = match chance.below(11) {
        0 | 1 => ("POST", "/kho/v1/papers/search".to_owned(), search),
        2 => (
            "GET",
            format!("/kho/v1/papers/{paper}{query}"),
            String::new(),
        ),
        3 => (
            "GET",
            format!("/kho/v1/papers/{paper}/copy{query}"),
            String::new(),
        ),
        4 => ("GET", format!("/kho/v1/uploads{query}"), String::new()),
        5 => ("POST", "/kho/v1/cases".to_owned(), open.to_string()),
        6 => ("GET", "/kho/v1/cases".to_owned(), String::new()),
        7 => (
            "GET",
            "/kho/v1/counts?from=2020-01-01&until=2030-01-01".to_owned(),
            String::new(),
        ),
        8 => ("GET", "/kho/v1/viewings".to_owned(), String::new()),
        9 => (
            "GET",
            format!("/kho/v1/uploads/{upload}/file{query}"),
            String::new(),
        ),
        _ if uploads.len() < 20 => (
            "POST",
            "/kho/v1/uploads".to_owned(),
            "%PDF-1.7 a paper".to_owned(),
        ),
        _ => ("GET", "/kho/v1/me".to_owned(), String::new()),
    };
    let answer = account.ask(&town.centre, method, &path, body.as_bytes());
    if answer.status == 201 && path == "/kho/v1/uploads" {
        uploads.push(answer.json()["id"].as_str().unwrap().to_owned());
    }
    assert!(answer.status < 500, "{method} {path}: {}", answer.text());
    leaves_a_viewing(&path, method, account, answer.status)
}

fn viewings(town: &Town) -> u32 {
    let count = town.centre.postgres.ask("SELECT count(*) FROM viewing");
    count.parse().unwrap()
}

#[test]
fn whatever_is_shown_is_kept_and_nobody_is_named_there() {
    let town = Town::at(TestCentre::start_for_people("http://127.0.0.1:9", None));
    let mut chance = Chance::new();
    let questions = number_of("SOHOA_VIEWINGS", QUESTIONS);
    let before = viewings(&town);
    let mut uploads = Vec::new();
    let shown = (0..questions)
        .filter(|_| random_question(&town, &mut chance, &mut uploads))
        .count() as u32;
    let kept = viewings(&town) - before;
    println!("{questions} questions, {shown} answered, {kept} viewings");
    assert_eq!(kept, shown, "each answer has its viewing, and none has two");
    assert!(
        shown > questions / 10,
        "most were refused: this proves nothing"
    );

    let rows = town
        .centre
        .postgres
        .ask("SELECT string_agg(viewing::text, ' ') FROM viewing");
    let log = town.centre.log();
    for number in [HOLDER_A, HOLDER_B, HOLDER_C] {
        assert!(!rows.contains(number), "a viewing names nobody");
        assert!(!log.contains(number), "neither does the log");
    }

    // The count itself finds one that is missing.
    town.centre.postgres.ask(
        "ALTER TABLE viewing DISABLE TRIGGER viewing_stays;
         DELETE FROM viewing WHERE id = (SELECT max(id) FROM viewing)",
    );
    assert_ne!(viewings(&town) - before, shown);
}

#[test]
fn where_no_viewing_can_be_written_nothing_is_shown() {
    let town = Town::at(TestCentre::start_for_people("http://127.0.0.1:9", None));
    let case = town.account("officer with a case").case.clone().unwrap();
    let asked = || -> Vec<Answer> {
        let mut answers = Vec::new();
        for (name, query) in [
            ("holder a", String::new()),
            ("officer with a case", format!("?case={case}")),
        ] {
            for path in ["", "/copy"] {
                let path = format!("/kho/v1/papers/{}{path}{query}", town.papers[0]);
                answers.push(town.account(name).ask(&town.centre, "GET", &path, b""));
            }
        }
        answers
    };
    assert!(asked().iter().all(|answer| answer.status == 200));
    town.centre
        .postgres
        .ask("DROP POLICY people_look ON viewing");
    for answer in asked() {
        assert_eq!(answer.status, 500);
        assert_eq!(answer.json()["code"], "internal");
        assert!(!answer.text().contains(&town.papers[0]));
    }
}
