//! Signatures on PDFs: made with a token, judged by ourselves and by independent programs.

use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{DateTime, TimeZone as _, Utc};
use domain::signature::{Answer, Coverage};
use packaging::{CopyPage, CopyRequest, Standard, make_copy};
use signing::{Certificate, Error, Module, Request, TrustStore, judge, sign};
use support::test_token::{Key, MODULE, PIN, Purpose, TestAuthority, TestTokens};
use tempfile::TempDir;
use zeroize::Zeroizing;

const SIGNER: &str = "Trần Thị Thử";

fn at() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 20, 2, 0, 0).unwrap()
}

fn font() -> Vec<u8> {
    let resources = desk::Resources::find().unwrap();
    std::fs::read(resources.text_font()).unwrap()
}

/// An electronic copy of one grey page.
pub(crate) fn copy(standard: Standard) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(827, 1_169, image::Rgb([230, 230, 225]));
    let jpeg = imaging::encode_jpeg(&image::DynamicImage::ImageRgb8(picture), 80);
    let page = CopyPage {
        jpeg: &jpeg,
        size: domain::geometry::Size {
            width_px: 827,
            height_px: 1_169,
        },
        dpi: 100,
        text: &domain::recognised_text::RecognisedText::default(),
        raw_digest: domain::digest::Digest::of(b"raw"),
    };
    let station = domain::local_code::Station {
        number: 0x80_0001,
        epoch: 1,
    };
    make_copy(&CopyRequest {
        pages: &[page],
        local_code: domain::local_code::LocalCode::new(station, 7).unwrap(),
        digitised_by: SIGNER,
        digitised_at: at(),
        font: &font(),
        standard,
    })
    .unwrap()
}

/// A desk's view of a token: the certificate that it signs with, and the signature.
pub(crate) struct Signed {
    pub(crate) pdf: Vec<u8>,
    authority: TestAuthority,
}

impl Signed {
    /// The authority that issued the signer's certificate, as PEM.
    pub(crate) fn authority_pem(&self) -> Vec<u8> {
        self.authority.pem()
    }
}

pub(crate) fn signed_with(kind: Key, standard: Standard) -> Signed {
    let authority = TestAuthority::new();
    let tokens = TestTokens::new();
    let serial = tokens.add("Thử", &authority.issue(SIGNER, kind, Purpose::Signing));
    let module = Module::load(MODULE.as_ref()).unwrap();
    let token = module.tokens().unwrap().remove(0);
    assert_eq!(token.serial, serial);
    let unlocked = module
        .unlock(&serial, &Zeroizing::new(PIN.to_owned()), false)
        .unwrap();
    let certificate = &token.certificates[0];
    let lines = [
        format!("Ký bởi: {SIGNER}"),
        "Thời gian ký: 20/11/2026 09:00:00 +07:00".to_owned(),
    ];
    let request = Request {
        signer: SIGNER,
        signed_at: at(),
        lines: &lines,
        taken: &[],
        font: &font(),
    };
    let pdf = sign(
        &copy(standard),
        &request,
        certificate,
        &unlocked.chain().unwrap(),
        &mut |bytes| unlocked.sign(certificate, bytes).map(Zeroizing::new),
    )
    .unwrap();
    Signed { pdf, authority }
}

fn trusting(authority: &TestAuthority) -> TrustStore {
    TrustStore::new(Certificate::read_all(&authority.pem()).unwrap())
}

fn written(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// What poppler says of the signatures: each valid or not, and how much is covered.
fn pdfsig(pdf: &Path) -> String {
    let out = Command::new("pdfsig")
        .arg("-nocert")
        .arg(pdf)
        .output()
        .unwrap();
    String::from_utf8_lossy(&out.stdout).into_owned()
}

#[test]
fn a_copy_that_a_token_signed_holds_for_us_and_for_others() {
    for (kind, standard) in [
        (Key::Rsa(3_072), Standard::PdfA2b),
        (Key::Rsa(2_048), Standard::PdfA1b),
    ] {
        let signed = signed_with(kind, standard);
        let found = judge(&signed.pdf, &trusting(&signed.authority)).unwrap();
        assert_eq!(found.len(), 1);
        let judgement = found[0].judgement;
        assert_eq!(judgement.answer(), Answer::Good, "{judgement:?}");
        assert_eq!(judgement.coverage, Coverage::WholeFile);
        assert_eq!(found[0].signer.as_ref().unwrap().name(), SIGNER);
        assert_eq!(found[0].says_time, Some(at()));
        let folder = tempfile::tempdir().unwrap();
        let path = written(&folder, "signed.pdf", &signed.pdf);
        let said = pdfsig(&path);
        assert!(said.contains("Signature is Valid"), "{said}");
        assert!(said.contains("Total document signed"), "{said}");
        let checked = Command::new("qpdf")
            .arg("--check")
            .arg(&path)
            .output()
            .unwrap();
        assert!(checked.status.success(), "{checked:?}");
    }
}

#[test]
fn an_elliptic_key_signs_too() {
    let signed = signed_with(Key::Ec, Standard::PdfA2b);
    let found = judge(&signed.pdf, &trusting(&signed.authority)).unwrap();
    assert_eq!(found[0].judgement.answer(), Answer::Good);
    let folder = tempfile::tempdir().unwrap();
    let said = pdfsig(&written(&folder, "signed.pdf", &signed.pdf));
    assert!(said.contains("Signature is Valid"), "{said}");
}

/// How many changed bytes are tried; the long run names a larger number.
fn changes() -> usize {
    let named = std::env::var("SOHOA_MUTATIONS").ok();
    named.and_then(|count| count.parse().ok()).unwrap_or(40)
}

/// The file with one bit changed, at a place that follows from the round. A hexadecimal
/// digit written small is the same digit, and no change.
fn changed(pdf: &[u8], round: usize) -> Vec<u8> {
    let mut state = 88_172_645_463_325_252_u64.wrapping_mul(round as u64 * 2 + 1);
    loop {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let place = (state % pdf.len() as u64) as usize;
        let mut changed = pdf.to_vec();
        changed[place] ^= 1 << (state >> 40 & 7);
        if !changed[place].eq_ignore_ascii_case(&pdf[place]) {
            return changed;
        }
    }
}

#[test]
fn one_changed_bit_is_found_wherever_it_stands() {
    let signed = signed_with(Key::Rsa(2_048), Standard::PdfA2b);
    let trust = trusting(&signed.authority);
    let folder = tempfile::tempdir().unwrap();
    let whole = written(&folder, "whole.pdf", &signed.pdf);
    let (mut files, mut passed) = (vec![whole], Vec::new());
    for round in 0..changes() {
        let changed = changed(&signed.pdf, round);
        let ours = judge(&changed, &trust);
        let holds = |found: Vec<signing::SignatureFacts>| {
            found.len() == 1 && found[0].judgement.answer() == Answer::Good
        };
        if ours.is_ok_and(holds) {
            passed.push(round);
        }
        files.push(written(&folder, &format!("{round}.pdf"), &changed));
    }
    assert!(passed.is_empty(), "rounds {passed:?} pass with us");
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let mut fooled = 0;
    for path in &paths[1..] {
        let said = pdfsig(path);
        let valid = said.contains("Signature is Valid");
        fooled += usize::from(valid && said.contains("Total document signed"));
    }
    println!("poppler takes {fooled} of {} for whole", paths.len() - 1);
    let Some(peer) = peer_says(&paths) else {
        return;
    };
    let accepts = |found: &serde_json::Value| {
        found[0][1] == "ENTIRE_FILE" && found[0][3] == true && found[1].is_null()
    };
    assert!(accepts(&peer[0]), "the whole file is accepted: {}", peer[0]);
    let fooled = peer[1..].iter().filter(|found| accepts(found)).count();
    println!("pyHanko takes {fooled} of {} for whole", paths.len() - 1);
}

#[test]
fn what_is_added_after_signing_is_told_from_what_was_signed() {
    let signed = signed_with(Key::Rsa(2_048), Standard::PdfA2b);
    let trust = trusting(&signed.authority);
    let mut longer = signed.pdf.clone();
    longer.extend_from_slice(b"% one line more\n");
    let judgement = judge(&longer, &trust).unwrap()[0].judgement;
    assert_eq!(judgement.coverage, Coverage::WholeRevision);
    assert_eq!(judgement.intact, Answer::Good);
    assert_eq!(judgement.answer(), Answer::CannotTell);
}

#[test]
fn an_authority_that_nobody_listed_is_no_reason_to_call_a_signature_bad() {
    let signed = signed_with(Key::Rsa(2_048), Standard::PdfA2b);
    let nobody = judge(&signed.pdf, &TrustStore::default()).unwrap()[0].judgement;
    assert_eq!(
        (nobody.intact, nobody.chain),
        (Answer::Good, Answer::CannotTell)
    );
    let other = TestAuthority::named("Cơ quan chứng thực khác");
    let another = judge(&signed.pdf, &trusting(&other)).unwrap()[0].judgement;
    assert_eq!(another.chain, Answer::CannotTell);
}

#[test]
fn a_token_says_what_is_wrong() {
    let authority = TestAuthority::new();
    let tokens = TestTokens::new();
    let serial = tokens.add(
        "Thử",
        &authority.issue(SIGNER, Key::Rsa(2_048), Purpose::Signing),
    );
    let module = Module::load(MODULE.as_ref()).unwrap();
    let unlock = |serial: &str, pin: &str| {
        let unlocked = module.unlock(serial, &Zeroizing::new(pin.to_owned()), false);
        unlocked.map(|_| ()).unwrap_err()
    };
    assert_eq!(
        unlock(&serial, "999999"),
        Error::WrongPin { last_try: false }
    );
    assert_eq!(unlock("0000", PIN), Error::TokenGone);
    let absent = Module::load("/nowhere/module.so".as_ref()).unwrap_err();
    assert_eq!(absent, Error::ModuleAbsent);
}

/// What pyHanko says of the signatures of files: one line of JSON per file.
const PEER: &str = r"
import json, sys
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext
def look(path):
    found = []
    with open(path, 'rb') as file:
        for one in PdfFileReader(file, strict=False).embedded_signatures:
            one.compute_integrity_info()
            stamp = one.sig_object.get('/Type', '/Sig') == '/DocTimeStamp'
            validate = validate_pdf_timestamp if stamp else validate_pdf_signature
            nobody = ValidationContext(allow_fetching=False, trust_roots=[])
            status = validate(one, nobody, skip_diff=True)
            found.append([
                one.field_name, one.coverage.name, one.md_algorithm,
                bool(status.intact and status.valid),
            ])
    return found
for path in sys.argv[1:]:
    try:
        print(json.dumps(look(path)))
    except Exception as failure:
        print(json.dumps([[type(failure).__name__, '', '', False]]))
";

/// The peer's answers, for each file in order; `None` where it is not installed.
fn peer_says(files: &[&Path]) -> Option<Vec<serde_json::Value>> {
    let Some(python) = std::env::var_os("SOHOA_PEER_PYTHON") else {
        eprintln!("skipped: SOHOA_PEER_PYTHON is not set");
        return None;
    };
    let out = Command::new(python)
        .arg("-c")
        .arg(PEER)
        .args(files)
        .output()
        .unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let complaint = String::from_utf8_lossy(&out.stderr);
    assert_eq!(lines.len(), files.len(), "{complaint}");
    Some(lines)
}

/// Our answers in the peer's words.
fn we_say(pdf: &[u8]) -> serde_json::Value {
    let found = judge(pdf, &TrustStore::default()).unwrap();
    let found = found.iter().map(|one| {
        let coverage = match one.judgement.coverage {
            Coverage::WholeFile => "ENTIRE_FILE",
            Coverage::WholeRevision => "ENTIRE_REVISION",
            Coverage::FromStart => "CONTIGUOUS_BLOCK_FROM_START",
            Coverage::Unclear => "UNCLEAR",
        };
        let digest = one.digest_algorithm.to_lowercase().replace('-', "");
        serde_json::json!([
            one.field,
            coverage,
            digest,
            one.judgement.intact == Answer::Good
        ])
    });
    found.collect()
}

#[test]
fn signatures_of_others_are_judged_as_another_program_judges_them() {
    let Some(material) = support::test_desk::material() else {
        return;
    };
    let mut files = Vec::new();
    for folder in ["signed-pdf", "papers-real"] {
        let entries = std::fs::read_dir(material.join(folder)).unwrap().flatten();
        let pdfs = entries.map(|entry| entry.path());
        files.extend(pdfs.filter(|path| path.extension().is_some_and(|one| one == "pdf")));
    }
    // Its one signature holds no message at all: the peer ends with a failure, and we say
    // that it cannot be told.
    files.retain(|path| path.file_name().is_some_and(|name| name != "base.pdf"));
    files.sort();
    assert!(files.len() >= 15, "the material is not where it should be");
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let Some(peer) = peer_says(&paths) else {
        return;
    };
    for (path, peer) in paths.iter().zip(peer) {
        let ours = we_say(&std::fs::read(path).unwrap());
        assert_eq!(ours, peer, "{}", path.display());
    }
}
