//! Signing electronic copies at a desk, with a token, in batches.

use std::path::Path;
use std::process::Command;

use desk::digitise::{Accept, Outcome, Paper, digitise};
use desk::signatures::{self, Key as SigningKey, Token};
use desk::{CancelToken, Error, Refusal, SigningError, export, review, scan, search};
use domain::copy::Awaited;
use domain::ids::DocumentId;
use domain::signature::{Answer, Unfit};
use support::test_desk::{PASSPHRASE, TestDesk, program, sample};
use support::test_timestamps::TestTimestamps;
use support::test_token::{Key, PIN, Purpose, TestAuthority, TestTokens};
use zeroize::Zeroizing;

use crate::scan::document;

const OFFICER: &str = "Trần Thị Thử";
const FORMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../forms");

fn extracted(test: &TestDesk, file: &str) -> DocumentId {
    let document = document(test);
    scan::add_file(test.desk(), document.id, &sample(file), &mut |_| {}).unwrap();
    review::extract_document(test.desk(), document.id, None, &|_| {}).unwrap();
    document.id
}

fn deposited(test: &TestDesk) -> DocumentId {
    let paper = Paper {
        files: vec![sample("1-official-document.jpg")],
        accept: Accept::All,
        ..Paper::default()
    };
    match digitise(test.desk(), &paper).unwrap().0 {
        Outcome::Deposited(record) => record.document_id,
        Outcome::NeedsReview(_, open) => panic!("{open:?} are open"),
    }
}

fn only_token(test: &TestDesk) -> Token {
    let mut tokens = signatures::tokens(test.desk()).unwrap();
    assert_eq!(tokens.len(), 1);
    tokens.remove(0)
}

fn key(token: &Token, pin: &str) -> SigningKey {
    SigningKey {
        module: token.module.clone(),
        serial: token.serial.clone(),
        certificate: token.certificates[0].digest,
        pin: Zeroizing::new(pin.to_owned()),
        use_last_try: false,
    }
}

pub(crate) fn sign_all(test: &TestDesk, papers: &[DocumentId]) {
    let key = key(&only_token(test), PIN);
    let batch =
        signatures::sign(test.desk(), &key, papers, &CancelToken::new(), &mut |_| {}).unwrap();
    assert_eq!(batch.signed, papers);
    assert!(batch.stopped_by.is_none(), "{:?}", batch.stopped_by);
}

fn waiting(test: &TestDesk, awaited: Awaited) -> Vec<DocumentId> {
    let waiting = signatures::waiting(test.desk(), awaited).unwrap();
    waiting.iter().map(|one| one.document.id).collect()
}

fn scan_code(test: &TestDesk, paper: DocumentId) -> domain::local_code::LocalCode {
    review::review(test.desk(), paper)
        .unwrap()
        .document
        .local_code
}

fn copied_to(test: &TestDesk, paper: DocumentId, name: &str) -> std::path::PathBuf {
    let path = test.folder().join(name);
    std::fs::write(&path, export::copy_of(test.desk(), paper).unwrap()).unwrap();
    path
}

fn said(program: &str, arguments: &[&str], file: &Path) -> String {
    let out = Command::new(program)
        .args(arguments)
        .arg(file)
        .output()
        .unwrap();
    String::from_utf8_lossy(&out.stdout).into_owned()
}

#[test]
fn a_batch_is_signed_under_one_pin_and_what_is_signed_holds() {
    let (authority, tokens, test) = (TestAuthority::new(), TestTokens::new(), TestDesk::new());
    tokens.add(
        "Thử",
        &authority.issue(OFFICER, Key::Rsa(2_048), Purpose::Signing),
    );
    let open = extracted(&test, "2-birth-certificate.jpg");
    let stored = deposited(&test);
    assert_eq!(waiting(&test, Awaited::Signature), [open, stored]);
    let listed = signatures::waiting(test.desk(), Awaited::Signature).unwrap();
    let code = listed[1].document.local_code.to_string();
    let wrong = signatures::sign(
        test.desk(),
        &key(&only_token(&test), "000000"),
        &[open],
        &CancelToken::new(),
        &mut |_| {},
    );
    assert!(matches!(
        wrong,
        Err(Error::Signing(SigningError::WrongPin { last_try: false }))
    ));
    sign_all(&test, &[open, stored]);
    assert!(waiting(&test, Awaited::Signature).is_empty());
    assert_eq!(waiting(&test, Awaited::Timestamp), [open, stored]);

    let settings = desk::Settings {
        forms: Some(test.folder().join("forms")),
        ..support::test_desk::settings(test.vault())
    };
    let authorities = test.folder().join("forms/authorities");
    std::fs::create_dir_all(&authorities).unwrap();
    std::fs::write(authorities.join("test.pem"), authority.pem()).unwrap();
    for paper in [open, stored] {
        let file = copied_to(&test, paper, "signed.pdf");
        let found = signatures::judge(&settings, &file).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].judgement.answer(), Answer::Good, "{found:?}");
        assert_eq!(found[0].name, OFFICER);
        let judged = said("pdfsig", &["-nocert"], &file);
        assert!(judged.contains("Signature is Valid"), "{judged}");
        assert!(judged.contains("Total document signed"), "{judged}");
    }
    // The record is a new version with the same values, and the words can still be found.
    let shown = search::show(test.desk(), &code).unwrap();
    assert_eq!(shown.record.version, 2);
    let file = copied_to(&test, stored, "stored.pdf");
    let out = Command::new("pdftotext")
        .arg(&file)
        .arg("-")
        .output()
        .unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    assert!(text.contains("QUYẾT ĐỊNH"), "{text}");
}

#[test]
fn only_ones_own_certificate_that_is_valid_and_for_signing_signs() {
    let authority = TestAuthority::new();
    let check = |name: &str, purpose: Purpose, expected: Unfit| {
        let (tokens, test) = (TestTokens::new(), TestDesk::new());
        tokens.add("Thử", &authority.issue(name, Key::Rsa(2_048), purpose));
        let paper = extracted(&test, "2-birth-certificate.jpg");
        let token = only_token(&test);
        let unfit = token.certificates[0].unfit_for(test.desk());
        assert_eq!(unfit, Some(expected));
        let refused = signatures::sign(
            test.desk(),
            &key(&token, PIN),
            &[paper],
            &CancelToken::new(),
            &mut |_| {},
        );
        assert!(
            matches!(refused, Err(Error::Refused(Refusal::CertificateUnfit(why))) if why == expected),
            "{refused:?}"
        );
        assert_eq!(
            waiting(&test, Awaited::Signature),
            [paper],
            "nothing is lost"
        );
    };
    check("Lê Văn Khác", Purpose::Signing, Unfit::AnotherPerson);
    check(OFFICER, Purpose::SigningThatEnded, Unfit::Expired);
    check(OFFICER, Purpose::Encryption, Unfit::AnotherPurpose);
}

#[test]
fn a_token_that_is_pulled_out_costs_nothing_that_was_signed() {
    let (authority, tokens, test) = (TestAuthority::new(), TestTokens::new(), TestDesk::new());
    tokens.add(
        "Thử",
        &authority.issue(OFFICER, Key::Rsa(2_048), Purpose::Signing),
    );
    let papers = [
        extracted(&test, "2-birth-certificate.jpg"),
        extracted(&test, "1-official-document.jpg"),
    ];
    let key = key(&only_token(&test), PIN);
    let batch = signatures::sign(test.desk(), &key, &papers, &CancelToken::new(), &mut |_| {
        tokens.pull_out();
    })
    .unwrap();
    assert_eq!(batch.signed, papers[..1]);
    assert!(
        matches!(batch.stopped_by, Some(Error::Signing(_))),
        "{:?}",
        batch.stopped_by
    );
    assert_eq!(waiting(&test, Awaited::Signature), papers[1..]);
    assert!(signatures::tokens(test.desk()).unwrap().is_empty());
}

#[test]
fn a_paper_read_again_keeps_its_signature_and_a_changed_one_waits_anew() {
    let (authority, tokens, test) = (TestAuthority::new(), TestTokens::new(), TestDesk::new());
    tokens.add(
        "Thử",
        &authority.issue(OFFICER, Key::Rsa(2_048), Purpose::Signing),
    );
    let paper = extracted(&test, "2-birth-certificate.jpg");
    sign_all(&test, &[paper]);
    review::extract_document(test.desk(), paper, None, &|_| {}).unwrap();
    assert!(
        waiting(&test, Awaited::Signature).is_empty(),
        "it is the same copy"
    );
    scan::add_file(
        test.desk(),
        paper,
        &sample("3-application-page-2.jpg"),
        &mut |_| {},
    )
    .unwrap();
    review::extract_document(test.desk(), paper, None, &|_| {}).unwrap();
    assert_eq!(waiting(&test, Awaited::Signature), [paper]);
    sign_all(&test, &[paper]);
    let code = scan_code(&test, paper);
    let copies = signatures::history(test.desk(), &code).unwrap();
    let signed: Vec<bool> = copies.iter().map(|copy| copy.signature.is_some()).collect();
    assert_eq!(signed, [false, true, false, true], "the history shows both");
}

#[test]
fn a_timestamp_comes_later_and_changes_nothing_that_was_signed() {
    let (authority, tokens, mut test) = (TestAuthority::new(), TestTokens::new(), TestDesk::new());
    tokens.add(
        "Thử",
        &authority.issue(OFFICER, Key::Rsa(2_048), Purpose::Signing),
    );
    let paper = deposited(&test);
    sign_all(&test, &[paper]);
    let none = signatures::timestamp(test.desk(), &CancelToken::new());
    assert!(matches!(
        none,
        Err(Error::Refused(Refusal::NoTimestampAuthority))
    ));

    let before = export::copy_of(test.desk(), paper).unwrap();
    let stamps = TestTimestamps::start(&authority);
    let forms = test.folder().join("forms");
    copy_folder(Path::new(FORMS), &forms);
    let rules = std::fs::read_to_string(forms.join("signing.json")).unwrap();
    let ours = format!("\"timestamp_authority\": \"{}\"", stamps.address());
    std::fs::write(
        forms.join("signing.json"),
        rules.replace("\"timestamp_authority\": null", &ours),
    )
    .unwrap();
    test.use_forms(forms);
    assert_eq!(
        signatures::timestamp(test.desk(), &CancelToken::new()).unwrap(),
        1
    );
    assert!(waiting(&test, Awaited::Timestamp).is_empty());
    let after = export::copy_of(test.desk(), paper).unwrap();
    assert_eq!(before.len(), after.len(), "the room for it was there");
    let file = copied_to(&test, paper, "stamped.pdf");
    let found = signatures::judge(&support::test_desk::settings(test.vault()), &file).unwrap();
    assert!(found[0].timestamped_at.is_some());
    assert_eq!(found[0].judgement.intact, Answer::Good);
    let judged = said("pdfsig", &["-nocert"], &file);
    assert!(judged.contains("Signature is Valid"), "{judged}");
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn the_command_line_signs_what_waits_and_judges_a_file() {
    let (authority, tokens, mut test) = (TestAuthority::new(), TestTokens::new(), TestDesk::new());
    tokens.add(
        "Thử",
        &authority.issue(OFFICER, Key::Rsa(2_048), Purpose::Signing),
    );
    let paper = deposited(&test);
    let file = copied_to(&test, paper, "unsigned.pdf");
    let vault = test.vault().to_owned();
    test.close();
    let sohoa = |arguments: &[&str]| {
        let out = Command::new(program("sohoa"))
            .args(arguments)
            .arg("--json")
            .env("SOHOA_PASSPHRASE", PASSPHRASE)
            .env("SOHOA_PIN", PIN)
            .output()
            .unwrap();
        let text = String::from_utf8(out.stdout).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        (out.status.code(), json)
    };
    let vault = vault.to_str().unwrap();
    let (code, unsigned) = sohoa(&["verify", file.to_str().unwrap()]);
    assert_eq!((code, unsigned), (Some(3), serde_json::json!([])));
    let (_, waiting) = sohoa(&["sign", "waiting", "--vault", vault]);
    assert_eq!(waiting.as_array().unwrap().len(), 1);
    let (_, found) = sohoa(&["sign", "tokens", "--vault", vault]);
    assert_eq!(found[0]["certificates"][0]["name"], OFFICER);
    assert!(found[0]["certificates"][0]["unfit"].is_null());
    let (code, signed) = sohoa(&["sign", "papers", "--vault", vault]);
    assert_eq!(
        (code, &signed["signed"], &signed["waiting"]),
        (Some(0), &1.into(), &0.into())
    );
    test.reopen();
    let file = copied_to(&test, paper, "signed.pdf");
    let (code, judged) = sohoa(&["verify", file.to_str().unwrap()]);
    assert_eq!(code, Some(3), "nobody was listed whom this computer trusts");
    assert_eq!(judged[0]["intact"], "good");
    assert_eq!(judged[0]["chain"], "cannot_tell");
}
