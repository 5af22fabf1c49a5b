//! What twelve accounts see of a town through every door of the repository, and through the
//! database itself.

use std::collections::BTreeSet;

use support::test_centre::{APPLICATION, TestCentre};
use support::test_people::{
    Account, Answer, COMMUNE, DOSSIER, ELSEWHERE, HOLDER_A, HOLDER_B, NEIGHBOUR, Town, ask,
};

/// Who may ask for an operation at all: the roles, and whether only within a case.
const OPERATIONS: &[(&str, &str, &[&str])] = &[
    (
        "GET",
        "/kho/v1/me",
        &["holder", "officer", "supervisor", "auditor"],
    ),
    (
        "POST",
        "/kho/v1/sign-out",
        &["holder", "officer", "supervisor", "auditor"],
    ),
    ("POST", "/kho/v1/papers/search", &["holder", "officer"]),
    ("GET", "/kho/v1/papers/{document}", &["holder", "officer"]),
    (
        "GET",
        "/kho/v1/papers/{document}/copy",
        &["holder", "officer"],
    ),
    ("GET", "/kho/v1/uploads", &["holder", "officer"]),
    ("POST", "/kho/v1/uploads", &["holder"]),
    (
        "GET",
        "/kho/v1/uploads/{upload}/file",
        &["holder", "officer"],
    ),
    ("GET", "/kho/v1/cases", &["officer"]),
    ("POST", "/kho/v1/cases", &["officer"]),
    ("POST", "/kho/v1/cases/{case}/close", &["officer"]),
    ("GET", "/kho/v1/counts", &["supervisor"]),
    ("GET", "/kho/v1/viewings", &["holder", "auditor"]),
];

fn described(centre: &TestCentre) -> BTreeSet<(String, String)> {
    let said = ask(centre, None, "GET", "/kho/openapi.json", &[], b"").json();
    let mut operations = BTreeSet::new();
    for (path, methods) in said["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            operations.insert((method.to_uppercase(), path.clone()));
        }
    }
    operations
}

fn words(account: &Account) -> String {
    serde_json::json!({ "words": "", "case": account.case }).to_string()
}

fn case_of(account: &Account) -> String {
    let case = account.case.as_ref();
    case.map(|case| format!("?case={case}")).unwrap_or_default()
}

fn is_in_force(account: &Account) -> bool {
    account.role != "officer" || account.name == "officer with a case"
}

/// Whoever is not signed in is told so, and whoever may not, that.
fn must_refuse(account: &Account, roles: &[&str]) -> Option<u16> {
    if account.word.is_none() || account.name == "session that is over" {
        Some(401)
    } else if roles.contains(&account.role) {
        None
    } else {
        Some(403)
    }
}

/// Everything that anybody sees and should not, or does not see and should.
fn leaks(town: &Town, uploads: &[(String, &str)]) -> Vec<String> {
    let mut leaks = Vec::new();
    for account in &town.accounts {
        let mut answers: Vec<(String, Answer)> = Vec::new();
        for (method, path, roles) in OPERATIONS {
            // These change something; they are asked of for themselves below.
            if ["/kho/v1/sign-out", "/kho/v1/cases/{case}/close"].contains(path) {
                continue;
            }
            let refused = must_refuse(account, roles);
            let mut asked = |path: String, body: &[u8], granted: u16| {
                let answer = account.ask(&town.centre, method, &path, body);
                let expected = refused.unwrap_or(granted);
                if answer.status != expected {
                    leaks.push(format!(
                        "{}: {method} {path}: {} instead of {expected}",
                        account.name, answer.status
                    ));
                }
                answers.push((path, answer));
            };
            let shown = if is_in_force(account) { 200 } else { 404 };
            let case = case_of(account);
            match *path {
                "/kho/v1/papers/search" => {
                    asked((*path).to_owned(), words(account).as_bytes(), shown);
                }
                "/kho/v1/papers/{document}" | "/kho/v1/papers/{document}/copy" => {
                    for paper in &town.papers {
                        let sees = account.sees.contains(paper) && is_in_force(account);
                        let path = path.replace("{document}", paper) + &case;
                        asked(path, b"", if sees { 200 } else { 404 });
                    }
                }
                "/kho/v1/uploads/{upload}/file" => {
                    for (upload, whose) in uploads {
                        let sees = account.holder == *whose
                            || account.name == "officer with a case" && *whose == HOLDER_A;
                        let path = path.replace("{upload}", upload) + &case;
                        asked(path, b"", if sees { 200 } else { 404 });
                    }
                }
                "/kho/v1/uploads" if *method == "GET" => {
                    asked(format!("{path}{case}"), b"", shown);
                }
                // What is no PDF is refused only after the right was asked for.
                "/kho/v1/uploads" => asked((*path).to_owned(), b"no paper", 415),
                "/kho/v1/cases" if *method == "POST" => {
                    for (holder, granted) in [(HOLDER_B, "COMMUNE"), (HOLDER_A, "BOTH")] {
                        let body = serde_json::json!({
                            "holder": holder, "dossier": DOSSIER, "reason": "reuse",
                        });
                        let there = granted == "BOTH" || account.office == COMMUNE;
                        let granted = if there { 201 } else { 404 };
                        asked((*path).to_owned(), body.to_string().as_bytes(), granted);
                    }
                }
                "/kho/v1/counts" => {
                    asked(format!("{path}?from=2000-01-01&until=2100-01-01"), b"", 200);
                }
                _ => asked((*path).to_owned(), b"", 200),
            }
        }
        for (path, answer) in &answers {
            leaks.extend(
                strange_words(town, account, path, answer)
                    .into_iter()
                    .map(|word| format!("{}: {path}: {word}", account.name)),
            );
        }
        leaks.extend(raw(town, account));
    }
    leaks
}

/// Keys and numbers in an answer that its reader may not see.
fn strange_words(town: &Town, account: &Account, path: &str, answer: &Answer) -> Vec<String> {
    let said = answer.text();
    let mut strange: Vec<String> = Vec::new();
    let listed = path == "/kho/v1/papers/search";
    for paper in &town.papers {
        let sees = account.sees.contains(paper) && is_in_force(account);
        // An auditor sees keys of papers, and nothing else of them; a case names its dossier,
        // whose key is here that of a paper.
        if account.role == "auditor"
            || path == "/kho/v1/cases"
            || (path.contains(paper.as_str()) && answer.status != 200)
        {
            continue;
        }
        if said.contains(paper.as_str()) && !sees {
            strange.push(format!("shows {paper}"));
        }
        if listed && answer.status == 200 && sees && !said.contains(paper.as_str()) {
            strange.push(format!("lacks {paper}"));
        }
    }
    for number in [HOLDER_A, HOLDER_B] {
        // Whose paper it is stands on it, also where it lies in another one's dossier.
        let both = said.contains(&town.papers[2]) && number == HOLDER_B;
        let own =
            account.holder == number || account.name == "officer with a case" && number == HOLDER_A;
        if said.contains(number) && !own && !both {
            strange.push(format!("shows the number {number}"));
        }
    }
    if account.role == "supervisor" && answer.status == 200 {
        let province = account.office == "H55";
        for (office, sees) in [(COMMUNE, true), (NEIGHBOUR, province), (ELSEWHERE, false)] {
            if path.starts_with("/kho/v1/counts") && said.contains(office) != sees {
                strange.push(format!("counts of {office}"));
            }
        }
    }
    strange
}

/// What the account sees when its questions go to the database by hand.
fn raw(town: &Town, account: &Account) -> Vec<String> {
    let asked = |sql: &str| {
        let sql = format!("{} {sql}", account.settings());
        let said = town.centre.postgres.ask_as(APPLICATION, &sql).unwrap();
        let lines = said.lines().skip(5).map(str::to_owned);
        lines
            .filter(|line| line.contains('-') || line.contains('.'))
            .collect::<BTreeSet<_>>()
    };
    let mut strange = Vec::new();
    let signed_in = account.word.is_some();
    let seen = asked("SELECT document_id FROM record");
    let expected = if is_in_force(account) && signed_in {
        account.sees.clone()
    } else {
        BTreeSet::new()
    };
    // Nobody, and whose session is over, says nothing at all to the database.
    let says_nothing = !signed_in || account.name == "session that is over";
    if seen != expected && !says_nothing {
        strange.push(format!(
            "{}: SQL shows {seen:?} instead of {expected:?}",
            account.name
        ));
    }
    let files = asked(
        "SELECT DISTINCT r.document_id FROM record_file f JOIN record r ON r.id = f.record_id",
    );
    if !files.is_subset(&expected) && !says_nothing {
        strange.push(format!("{}: SQL shows files {files:?}", account.name));
    }
    let offices = asked("SELECT DISTINCT office FROM tally");
    let counts: BTreeSet<String> = match account.name {
        "supervisor" => [COMMUNE].map(str::to_owned).into(),
        "supervisor of the province" => [COMMUNE, NEIGHBOUR].map(str::to_owned).into(),
        _ => BTreeSet::new(),
    };
    if offices != counts {
        strange.push(format!("{}: SQL shows counts {offices:?}", account.name));
    }
    strange
}

fn uploaded(town: &Town) -> Vec<(String, &'static str)> {
    [("holder a", HOLDER_A), ("holder b", HOLDER_B)]
        .into_iter()
        .map(|(name, number)| {
            let pdf = b"%PDF-1.7 not much of a paper";
            let answer = town
                .account(name)
                .ask(&town.centre, "POST", "/kho/v1/uploads", pdf);
            assert_eq!(answer.status, 201, "{}", answer.text());
            (answer.json()["id"].as_str().unwrap().to_owned(), number)
        })
        .collect()
}

#[test]
fn twelve_accounts_see_what_is_theirs_through_every_door_and_nothing_else() {
    let town = Town::at(TestCentre::start_for_people("http://127.0.0.1:9", None));
    let known: BTreeSet<(String, String)> = OPERATIONS
        .iter()
        .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    assert_eq!(
        described(&town.centre),
        known,
        "whoever adds an operation says here who may use it"
    );
    assert_eq!(town.accounts.len(), 12);
    let uploads = uploaded(&town);
    let found = leaks(&town, &uploads);
    assert!(found.is_empty(), "{found:#?}");

    // Whoever closes a case sees its holder no more; nobody closes another one's.
    let officer = town.account("officer with a case");
    let close = format!("/kho/v1/cases/{}/close", officer.case.as_ref().unwrap());
    for stranger in ["officer without a case", "officer next door", "auditor"] {
        let refused = town
            .account(stranger)
            .ask(&town.centre, "POST", &close, b"");
        assert!([403, 404].contains(&refused.status), "{stranger}");
    }
    assert_eq!(officer.ask(&town.centre, "POST", &close, b"").status, 204);
    let body = words(officer);
    let after = officer.ask(
        &town.centre,
        "POST",
        "/kho/v1/papers/search",
        body.as_bytes(),
    );
    assert_eq!(after.status, 404);
    // Whoever signs out is out.
    let holder = town.account("holder b");
    let out = holder.ask(&town.centre, "POST", "/kho/v1/sign-out", b"");
    assert_eq!(out.status, 204);
    assert_eq!(
        holder.ask(&town.centre, "GET", "/kho/v1/me", b"").status,
        401
    );
}

#[test]
fn a_policy_that_is_gone_or_lets_everybody_in_is_found() {
    let town = Town::at(TestCentre::start_for_people("http://127.0.0.1:9", None));
    let found = || -> Vec<String> {
        let accounts = town.accounts.iter();
        accounts.flat_map(|account| raw(&town, account)).collect()
    };
    assert_eq!(found(), Vec::<String>::new());
    let sabotage = [
        "DROP POLICY officer_reads ON record;
         CREATE POLICY officer_reads ON record FOR SELECT
            USING ((SELECT current_setting('kho.reach', true)) = 'officer')",
        "DROP POLICY supervisor_counts ON tally;
         CREATE POLICY supervisor_counts ON tally FOR SELECT
            USING ((SELECT current_setting('kho.reach', true)) = 'supervisor')",
        "DROP POLICY holder_reads ON record",
    ];
    let mut before = 0;
    for sql in sabotage {
        town.centre.postgres.ask(sql);
        let after = found();
        assert!(after.len() > before, "not found: {sql}\n{after:#?}");
        before = after.len();
    }
}

#[test]
fn a_form_of_another_site_changes_nothing() {
    let centre = TestCentre::start_for_people("http://127.0.0.1:9", None);
    let holder = Account::signed_in(&centre, "holder", "holder", "", HOLDER_A);
    let word = holder.word.as_deref();
    let path = "/kho/v1/papers/search";
    let forged = ask(&centre, word, "POST", path, &[], b"{}");
    assert_eq!(forged.status, 403, "it cannot add the header of the page");
    let own = holder.ask(&centre, "POST", path, b"{}");
    assert_eq!(own.status, 200);
    assert!(own.head.to_lowercase().contains("cache-control: no-store"));
}
