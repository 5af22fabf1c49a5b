//! Several officers at one desk: who gets in, with what, and what two of them do together.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use chrono::TimeDelta;
use desk::session::{self, Entering};
use desk::{Clock, Desk, Error, Passphrase, Refusal, Settings, deposit, officers, review, search};
use domain::field::FieldName;
use domain::rights::{Role, Roles};
use serde_json::Value;
use support::test_desk::{PASSPHRASE, now, passphrase, program, sample, settings};

use crate::command_line::{code, lines, sohoa, text, vault};

const SECOND: &str = "Lê Văn Mẫu";
const FIRST_DAY: &str = "Tam-thoi-2026";
const OWN: &str = "Rieng-toi-2026";

/// `sohoa` as another officer than the first.
fn as_officer(name: &str, passphrase: &str, new: Option<&str>, arguments: &[&str]) -> Output {
    let mut command = Command::new(program("sohoa"));
    command
        .args(arguments)
        .env("SOHOA_OFFICER", name)
        .env("SOHOA_PASSPHRASE", passphrase);
    if let Some(new) = new {
        command.env("SOHOA_NEW_PASSPHRASE", new);
    }
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A vault with a second officer, who has not signed in yet.
fn with_second(folder: &Path, roles: &str) -> String {
    let vault = vault(folder);
    let first = "Trần Thị Thử";
    let arguments = [
        "officer", "add", SECOND, "--roles", roles, "--vault", &vault,
    ];
    let added = as_officer(first, PASSPHRASE, Some(FIRST_DAY), &arguments);
    assert_eq!(code(&added), 0, "{}", said(&added));
    vault
}

#[test]
fn an_officer_changes_the_first_passphrase_and_uses_the_own_one() {
    let folder = tempfile::tempdir().unwrap();
    let vault = with_second(folder.path(), "digitiser");
    let search = ["search", "x", "--vault", &vault];
    let unnamed = sohoa(&search);
    assert_eq!(code(&unnamed), 2);
    assert!(said(&unnamed).contains("--as NAME"), "{}", said(&unnamed));
    let unchanged = as_officer(SECOND, FIRST_DAY, None, &search);
    assert_eq!(code(&unchanged), 2, "{}", said(&unchanged));
    for (new, why) in [
        ("ngan", "letters"),
        ("chi-chu-thuong-2026", "classes"),
        (FIRST_DAY, "old one"),
    ] {
        let weak = as_officer(SECOND, FIRST_DAY, Some(new), &search);
        assert_eq!(code(&weak), 2);
        assert!(said(&weak).contains(why), "{}", said(&weak));
    }
    let changed = as_officer(SECOND, FIRST_DAY, Some(OWN), &search);
    assert_eq!(code(&changed), 0, "{}", said(&changed));
    assert_eq!(code(&as_officer(SECOND, OWN, None, &search)), 0);
    assert_eq!(code(&as_officer(SECOND, FIRST_DAY, None, &search)), 2);
    assert_eq!(
        code(&as_officer("Trần Thị Thử", PASSPHRASE, None, &search)),
        0
    );
}

#[test]
fn officers_are_listed_with_what_they_may_do() {
    let folder = tempfile::tempdir().unwrap();
    let vault = with_second(folder.path(), "postal,reception");
    let list = ["officer", "list", "--vault", &vault, "--json"];
    let listed = lines(&as_officer("Trần Thị Thử", PASSPHRASE, None, &list));
    assert_eq!(listed[0]["name"], "Trần Thị Thử");
    assert_eq!(listed[0]["must_change"], false);
    assert_eq!(
        listed[1]["roles"],
        serde_json::json!(["reception", "postal"])
    );
    assert_eq!(listed[1]["must_change"], true);
    // Who is no administrator is refused in one sentence, and the trail keeps it.
    let refused = as_officer(SECOND, FIRST_DAY, Some(OWN), &list);
    assert_eq!(code(&refused), 4);
    assert!(said(&refused).contains("none of your roles may do this"));
    let trail = folder.path().join("trail.jsonl");
    let export = ["audit", "export", "--out", text(&trail), "--vault", &vault];
    assert_eq!(
        code(&as_officer("Trần Thị Thử", PASSPHRASE, None, &export)),
        0
    );
    let trail = fs::read_to_string(trail).unwrap();
    let asked = r#""act":"right_refused","dossier_id":null,"document_id":null,"page_id":null,"field":"manage_officers""#;
    assert!(trail.contains(asked), "{trail}");
}

#[test]
fn a_forgotten_passphrase_is_set_anew_by_an_administrator() {
    let folder = tempfile::tempdir().unwrap();
    let vault = with_second(folder.path(), "digitiser");
    let search = ["search", "x", "--vault", &vault];
    assert_eq!(code(&as_officer(SECOND, FIRST_DAY, Some(OWN), &search)), 0);
    let reset = ["officer", "reset", SECOND, "--vault", &vault];
    let first = as_officer("Trần Thị Thử", PASSPHRASE, Some("Lan-hai-2026"), &reset);
    assert_eq!(code(&first), 0, "{}", said(&first));
    assert_eq!(code(&as_officer(SECOND, OWN, None, &search)), 2);
    assert_eq!(code(&as_officer(SECOND, "Lan-hai-2026", None, &search)), 2);
    let changed = as_officer(SECOND, "Lan-hai-2026", Some("Lan-ba-2026"), &search);
    assert_eq!(code(&changed), 0, "{}", said(&changed));
}

#[test]
fn who_guesses_waits_even_with_the_right_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let search = ["search", "x", "--vault", &vault];
    for _ in 0..5 {
        let wrong = as_officer("Trần Thị Thử", "Sai-roi-2026", None, &search);
        assert_eq!(code(&wrong), 2);
        assert!(
            said(&wrong).contains("wrong passphrase"),
            "{}",
            said(&wrong)
        );
    }
    let right = sohoa(&search);
    assert_eq!(code(&right), 2);
    assert!(
        said(&right).contains("the next try is in"),
        "{}",
        said(&right)
    );
}

fn enter(settings: &Settings, name: &str, passphrase: &str) -> Result<Desk, Error> {
    let passphrase = Passphrase::new(passphrase.to_owned());
    let entering = Entering {
        officer: Some(name),
        passphrase: &passphrase,
        new_passphrase: None,
    };
    session::enter(settings, &entering)
}

/// Adds the second officer and lets him change his passphrase.
fn add_second(desk: &Desk, settings: &Settings) -> impl FnOnce() + use<> {
    let first = Passphrase::new(FIRST_DAY.to_owned());
    officers::add(desk, SECOND, Roles::of(&[Role::Digitiser]), &first).unwrap();
    let settings = settings.clone();
    move || {
        let entering = Entering {
            officer: Some(SECOND),
            passphrase: &first,
            new_passphrase: Some(&Passphrase::new(OWN.to_owned())),
        };
        drop(session::enter(&settings, &entering).unwrap());
    }
}

#[test]
fn who_does_not_come_for_45_days_is_let_in_anew_by_an_administrator() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings(&folder.path().join("vault"));
    let office = "H55.242".parse().unwrap();
    let (desk, _) = session::create(&settings, office, "Trần Thị Thử", &passphrase()).unwrap();
    let change = add_second(&desk, &settings);
    drop(desk);
    change();
    let mut on_day = |day| {
        settings.clock = Clock::Fixed(now() + TimeDelta::days(day));
        settings.clone()
    };
    // The first comes now and then, the second does not.
    drop(enter(&on_day(30), "Trần Thị Thử", PASSPHRASE).unwrap());
    drop(enter(&on_day(44), SECOND, OWN).unwrap());
    assert!(matches!(
        enter(&on_day(89), SECOND, OWN),
        Err(Error::Refused(Refusal::OfficerDisabled))
    ));
    let desk = enter(&on_day(74), "Trần Thị Thử", PASSPHRASE).unwrap();
    drop(desk);
    let desk = enter(&on_day(89), "Trần Thị Thử", PASSPHRASE).unwrap();
    officers::reset(&desk, SECOND, &Passphrase::new("Lan-hai-2026".to_owned())).unwrap();
    drop(desk);
    assert!(matches!(
        enter(&on_day(89), SECOND, "Lan-hai-2026"),
        Err(Error::Refused(Refusal::PassphraseMustChange))
    ));
}

/// An office's own forms: the number of an official document takes two officers.
fn forms_with_two_officers(folder: &Path) {
    let forms = Path::new(env!("CARGO_MANIFEST_DIR")).join("../forms");
    fs::create_dir_all(folder.join("types")).unwrap();
    for name in ["procedures.json", "code_templates.json"] {
        fs::copy(forms.join(name), folder.join(name)).unwrap();
    }
    for entry in fs::read_dir(forms.join("types")).unwrap() {
        let path = entry.unwrap().path();
        let mut form: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        if form["document_type"] == "official_document" {
            for field in form["fields"].as_array_mut().unwrap() {
                field["second_person"] = (field["name"] == "number").into();
            }
        }
        let to = folder.join("types").join(path.file_name().unwrap());
        fs::write(to, form.to_string()).unwrap();
    }
}

#[test]
fn two_officers_who_sign_in_enter_one_field_each_without_seeing_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings(&folder.path().join("vault"));
    let forms = folder.path().join("forms");
    forms_with_two_officers(&forms);
    settings.forms = Some(forms);
    let office = "H55.242".parse().unwrap();
    let (desk, _) = session::create(&settings, office, "Trần Thị Thử", &passphrase()).unwrap();
    let first_id = desk.officer().id;
    let change = add_second(&desk, &settings);
    let paper = desk::digitise::Paper {
        files: vec![sample("1-official-document.jpg")],
        accept: desk::digitise::Accept::All,
        ..desk::digitise::Paper::default()
    };
    let number: FieldName = "number".parse().unwrap();
    let (outcome, seen, _) = desk::digitise::digitise(&desk, &paper).unwrap();
    assert!(matches!(outcome, desk::digitise::Outcome::NeedsReview(..)));
    assert_eq!(seen.open, std::slice::from_ref(&number));
    let id = seen.document.id;
    review::confirm_field(&desk, id, &number, "115/NQ-CP").unwrap();
    assert!(matches!(
        deposit::deposit(&desk, id),
        Err(Error::Refused(Refusal::AnotherOfficer(_)))
    ));
    drop(desk);
    change();

    let desk = enter(&settings, SECOND, OWN).unwrap();
    let seen = review::review(&desk, id).unwrap();
    assert_eq!(seen.open, std::slice::from_ref(&number), "it is his turn");
    assert!(
        seen.takes_two[&number].entries.is_empty(),
        "and he sees nothing"
    );
    review::confirm_field(&desk, id, &number, "115/NQ-CP").unwrap();
    let record = deposit::deposit(&desk, id).unwrap();
    let mut values = record.values.iter();
    let value = values.find(|value| value.name == number).unwrap();
    assert_eq!(value.confirmed_by, Some(desk.officer().id));
    assert_eq!(value.seconded_by, Some(first_id));
}

#[test]
fn sensitive_values_are_masked_until_they_are_revealed_and_that_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let vault = vault(folder.path());
    let file = sample("1-official-document.jpg");
    let number = "001093047064";
    let digitised = sohoa(&[
        "digitise",
        text(&file),
        "--vault",
        &vault,
        "--owner",
        number,
        "--accept",
        "all",
        "--json",
    ]);
    assert_eq!(code(&digitised), 0, "{}", said(&digitised));
    let local_code = lines(&digitised)[0]["local_code"]
        .as_str()
        .unwrap()
        .to_owned();
    let owner = |shown: &Value| {
        let fields = shown["fields"].as_array().unwrap().clone();
        let field = fields.into_iter().find(|field| field["name"] == "owner_id");
        field.unwrap()
    };
    let show = |more: &[&str]| {
        let arguments = [&["show", &local_code, "--vault", &vault, "--json"], more].concat();
        lines(&sohoa(&arguments))[0].clone()
    };
    let masked = owner(&show(&[]));
    assert_eq!(masked["value"], "•••••••••064");
    assert_eq!(masked["masked"], true);
    let revealed = owner(&show(&["--reveal"]));
    assert_eq!(revealed["value"], number);
    assert_eq!(
        owner(&show(&[]))["value"],
        "•••••••••064",
        "and not for ever"
    );
    let trail = folder.path().join("trail.jsonl");
    let exported = sohoa(&["audit", "export", "--out", text(&trail), "--vault", &vault]);
    assert_eq!(code(&exported), 0, "{}", said(&exported));
    let trail = fs::read_to_string(trail).unwrap();
    assert_eq!(trail.matches(r#""act":"revealed""#).count(), 1);
    assert!(!trail.contains(number), "the trail holds no personal data");
}

#[test]
fn every_look_is_in_the_trail() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("vault"));
    let office = "H55.242".parse().unwrap();
    let (desk, _) = session::create(&settings, office, "Trần Thị Thử", &passphrase()).unwrap();
    let events = || desk::audit::verify(&desk).unwrap().1.position;
    let before = events();
    for _ in 0..10 {
        search::search(&desk, "nguyen", 5).unwrap();
        desk::reception::recent(&desk, 5).unwrap();
        desk::group::waiting_values(&desk).unwrap();
    }
    assert_eq!(events() - before, 30, "as many events as looks");
}
