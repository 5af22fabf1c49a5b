//! What a holder adds to the own repository, and how people come in.

use domain::digest::Digest;
use packaging::Standard;
use support::test_centre::TestCentre;
use support::test_people::{Account, HOLDER_A, HOLDER_B, ask};
use support::test_token::Key;

use crate::signatures::{copy, signed_with};

fn upload(centre: &TestCentre, account: &Account, title: &str, pdf: &[u8]) -> serde_json::Value {
    let headers = [("X-Kho", "1"), ("X-Kho-Title", title)];
    let word = account.word.as_deref();
    let answer = ask(centre, word, "POST", "/kho/v1/uploads", &headers, pdf);
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

#[test]
fn an_uploaded_file_is_judged_sealed_and_comes_back_byte_for_byte() {
    let signed = signed_with(Key::Rsa(3072), Standard::PdfA2b);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("authority.pem"), signed.authority_pem()).unwrap();
    let centre = TestCentre::start_for_people("http://127.0.0.1:9", Some(folder.path()));
    let holder = Account::signed_in(&centre, "holder", "holder", "", HOLDER_A);
    let another = Account::signed_in(&centre, "another", "holder", "", HOLDER_B);

    let good = upload(&centre, &holder, r#""\u0110\u01a1n""#, &signed.pdf);
    assert_eq!(good["title"], "Đơn");
    assert_eq!(good["verdict"]["answer"], "good", "{good}");
    let mut changed = signed.pdf.clone();
    let middle = changed.len() / 3;
    changed[middle] ^= 1;
    let bad = upload(&centre, &holder, r#""b""#, &changed);
    assert!(
        ["bad", "unreadable"].contains(&bad["verdict"]["answer"].as_str().unwrap()),
        "{bad}"
    );
    let plain = upload(&centre, &holder, r#""c""#, &copy(Standard::PdfA2b));
    assert_eq!(plain["verdict"]["answer"], "unsigned");
    // The same file once more is another one: nothing is written over.
    let again = upload(&centre, &holder, r#""d""#, &signed.pdf);
    assert_ne!(again["id"], good["id"]);
    let rows = centre
        .postgres
        .ask("SELECT count(*), count(DISTINCT sealed), count(DISTINCT plain) FROM upload");
    assert_eq!(rows, "4|4|3");

    let path = format!("/kho/v1/uploads/{}/file", good["id"].as_str().unwrap());
    let back = holder.ask(&centre, "GET", &path, b"");
    assert_eq!(back.status, 200);
    assert_eq!(Digest::of(&back.body), Digest::of(&signed.pdf));
    assert!(!back.head.contains(HOLDER_A));
    assert_eq!(another.ask(&centre, "GET", &path, b"").status, 404);

    // What lies on the disk is sealed; an object that was altered is not handed out whole.
    let sealed = centre
        .postgres
        .ask("SELECT encode(sealed, 'hex') FROM upload WHERE title = 'Đơn'");
    let file = centre
        .objects()
        .join(format!("files/{}/{sealed}", &sealed[..2]));
    let mut bytes = std::fs::read(&file).unwrap();
    assert!(bytes.starts_with(b"age-encryption.org/v1"));
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let broken = holder.ask(&centre, "GET", &path, b"");
    assert!(
        broken.body.len() < signed.pdf.len(),
        "the end of a damaged file must not come"
    );
}

#[test]
fn what_is_no_pdf_too_long_or_badly_named_is_refused() {
    let centre = TestCentre::start_for_people("http://127.0.0.1:9", None);
    let holder = Account::signed_in(&centre, "holder", "holder", "", HOLDER_A);
    let check = |body: &[u8], title: &str, expected: u16| {
        let headers = [("X-Kho", "1"), ("X-Kho-Title", title)];
        let word = holder.word.as_deref();
        let answer = ask(&centre, word, "POST", "/kho/v1/uploads", &headers, body);
        assert_eq!(answer.status, expected, "{}", answer.text());
    };
    check(b"MZ not a paper", r#""a""#, 415);
    check(b"%PDF-1.7", r#""line\nbreak""#, 400);
    check(b"%PDF-1.7", "no JSON", 400);
    let long = [b"%PDF-1.7".as_slice(), &vec![b' '; 20 << 20]].concat();
    check(&long, r#""a""#, 413);
    // What brings a reader of PDFs down costs the one answer, and the centre goes on.
    let deep = [b"%PDF-1.7\n1 0 obj\n".as_slice(), &b"[".repeat(4 << 20)].concat();
    check(&deep, r#""a""#, 201);
    assert_eq!(holder.ask(&centre, "GET", "/kho/v1/me", b"").status, 200);
}

#[test]
fn a_sign_in_that_this_browser_did_not_begin_lets_nobody_in() {
    let centre = TestCentre::start_for_people("http://127.0.0.1:9", None);
    for (path, cookie) in [
        ("/kho/signed-in", ""),
        ("/kho/signed-in?state=a&code=b", ""),
        ("/kho/signed-in?state=a&code=b", "__Host-kho-sign-in=c"),
        (
            "/kho/signed-in?state=a&error=access_denied",
            "__Host-kho-sign-in=a",
        ),
    ] {
        let answer = ask(&centre, None, "GET", path, &[("Cookie", cookie)], b"");
        assert_eq!(answer.status, 303, "{path}");
        assert!(answer.head.contains("/kho/#sign_in_failed"), "{path}");
        assert!(!answer.head.contains("__Host-kho="), "{path}");
    }
    // One that was never begun, or ended before, is nobody's either.
    let unknown = ask(
        &centre,
        None,
        "GET",
        "/kho/signed-in?state=a&code=b",
        &[("Cookie", "__Host-kho-sign-in=a")],
        b"",
    );
    assert!(
        unknown.head.contains("/kho/#no_account"),
        "{}",
        unknown.head
    );
    assert_eq!(centre.postgres.ask("SELECT count(*) FROM session"), "0");
}
