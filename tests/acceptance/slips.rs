//! Slips: made from a dossier, read by other people's programs, and told from altered ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use desk::reception::{self, NewComponent, NewDossier};
use desk::slips::{self, Answers, IssuedSlip, SlipAnswer, verify_file, verify_text};
use desk::stations::{self, StationKey};
use desk::{Error, Refusal};
use domain::dossier::{Dossier, Owner, SubmittedAs};
use image::RgbImage;
use packaging::{Sheet, SheetFonts, SheetPaper, SheetPart};
use proptest::prelude::*;
use support::paper_maker::{Paper, Wear};
use support::test_desk::{TestDesk, sample, settings};

use crate::command_line::{code, lines, sohoa, text};

/// Kinds about a dossier, and what each must be told.
const KINDS: [(&str, &[(&str, &str)]); 4] = [
    ("receipt", &[("due_on", "2026-12-01")]),
    (
        "supplement",
        &[
            ("what", "Nộp bản chính Giấy chứng sinh."),
            ("reason", "Giấy tờ đã nộp là bản sao."),
        ],
    ),
    ("refusal", &[("reason", "Không thuộc thẩm quyền.")]),
    ("hand_back", &[("kept", "2")]),
];

pub(crate) fn answers(said: &[(&str, &str)]) -> Answers {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    said.iter().map(own).collect()
}

/// A dossier of three components, the first of them scanned.
pub(crate) fn dossier(test: &TestDesk) -> Dossier {
    let component = |name: &str, submitted_as| NewComponent {
        name: name.to_owned(),
        code: None,
        result_type: None,
        submitted_as,
    };
    let dossier = reception::receive_coded(
        test.desk(),
        NewDossier {
            owner: Owner {
                id: Some("001199000017".parse().unwrap()),
                name: Some("Nguyễn Thị Thử Nghiệm".to_owned()),
                address: Some("Xã Mẫu, tỉnh Thái Nguyên".to_owned()),
                ..Owner::default()
            },
            procedure: Some("1.001193".parse().unwrap()),
            components: vec![
                component("Tờ khai đăng ký khai sinh", SubmittedAs::Original),
                component("Giấy chứng sinh", SubmittedAs::CertifiedCopy),
                component("Giấy chứng nhận kết hôn", SubmittedAs::Electronic),
            ],
        },
        Some("H55.242-261120-0001".parse().unwrap()),
    )
    .unwrap();
    let paper = desk::scan::begin(test.desk(), dossier.id, dossier.components[0].id).unwrap();
    let file = sample("3-application-page-1.jpg");
    desk::scan::add_file(test.desk(), paper.id, &file, &mut |_| {}).unwrap();
    dossier
}

fn made(test: &TestDesk, dossier: &Dossier, kind: &str, said: &[(&str, &str)]) -> IssuedSlip {
    slips::issue(test.desk(), kind, dossier.id, &answers(said)).unwrap()
}

/// All slips that the program brings, by kind.
fn all(test: &TestDesk) -> BTreeMap<String, IssuedSlip> {
    let dossier = dossier(test);
    let mut slips: BTreeMap<String, IssuedSlip> = KINDS
        .iter()
        .map(|(kind, said)| ((*kind).to_owned(), made(test, &dossier, kind, said)))
        .collect();
    let sheet = slips::day_sheet(test.desk(), "day_sheet", &Answers::new()).unwrap();
    slips.insert("day_sheet".to_owned(), sheet);
    slips
}

fn own_key(test: &TestDesk) -> Vec<StationKey> {
    let file = test.folder().join("station.json");
    stations::write_own(test.desk(), &file).unwrap();
    vec![stations::read(&file).unwrap()]
}

fn written(test: &TestDesk, name: &str, bytes: &[u8]) -> PathBuf {
    let file = test.folder().join(name);
    fs::write(&file, bytes).unwrap();
    file
}

/// What a program of others says; `None` where it is not installed.
fn asked(program: &str, arguments: &[&str]) -> Option<(bool, String)> {
    let Ok(output) = Command::new(program).args(arguments).output() else {
        eprintln!("skipped: {program} is not installed");
        return None;
    };
    let said = [output.stdout, output.stderr].concat();
    Some((
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    ))
}

fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn every_kind_of_slip_is_made_and_known_again_in_its_pdf() {
    let test = TestDesk::new();
    let known = own_key(&test);
    let slips = all(&test);
    let shipped: Vec<&str> = test
        .desk()
        .catalogue()
        .slips()
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(
        slips.keys().map(String::as_str).collect::<Vec<_>>(),
        shipped
    );
    for (kind, slip) in &slips {
        let file = written(&test, &format!("{kind}.pdf"), &slip.pdf);
        let judged = verify_file(&settings(Path::new("")), &file, &known).unwrap();
        assert_eq!(judged.answer, SlipAnswer::Genuine, "{kind}");
        assert_eq!(judged.printed, Some(true), "{kind}");
        assert_eq!(judged.number, Some(slip.number), "{kind}");
        let stranger = verify_file(&settings(Path::new("")), &file, &[]).unwrap();
        assert_eq!(stranger.answer, SlipAnswer::UnknownStation, "{kind}");
    }
    let numbers: std::collections::BTreeSet<_> = slips.values().map(|slip| slip.number).collect();
    assert_eq!(numbers.len(), slips.len(), "no number is given twice");
}

// Circular 01/2023/TT-VPCP, art. 26: what the code of a receipt carries.
#[test]
fn the_code_of_a_receipt_says_what_the_law_asks_for() {
    let test = TestDesk::new();
    let dossier = dossier(&test);
    let slip = made(&test, &dossier, "receipt", KINDS[0].1);
    let judged = verify_text(&slip.code, &own_key(&test));
    assert_eq!(
        judged.lines,
        [
            "Mã hồ sơ: H55.242-261120-0001",
            "Thủ tục: 1.001193",
            "Định danh: 001199000017",
            "Giấy: GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
            "Hệ thống: Số hóa Một cửa",
            "Cấp lúc: 20/11/2026 09:00",
            "Hẹn trả: 01/12/2026",
        ]
    );
    assert_eq!(judged.office.unwrap().as_str(), "H55.242");
}

#[test]
fn what_is_printed_comes_back_from_programs_of_others() {
    let test = TestDesk::new();
    for (kind, slip) in all(&test) {
        let file = written(&test, &format!("{kind}.pdf"), &slip.pdf);
        let file = file.to_str().unwrap();
        if let Some((well, said)) = asked("qpdf", &["--check", file]) {
            assert!(well, "{kind}: {said}");
        }
        if let Some((_, said)) = asked("pdftotext", &["-raw", file, "-"]) {
            let title = test.desk().catalogue().slip(&kind).unwrap().title.clone();
            for part in [
                title.as_str(),
                "Độc lập - Tự do - Hạnh phúc",
                "Trần Thị Thử",
            ] {
                assert!(
                    without_spaces(&said).contains(&without_spaces(part)),
                    "{kind}: {part} in {said}"
                );
            }
        }
        let text = String::from_utf8_lossy(&slip.pdf);
        assert!(
            text.contains("pdfaid:part") && text.contains("/OutputIntents"),
            "{kind} is PDF/A"
        );
    }
}

/// Scans of each slip at each level of wear; `SOHOA_SLIP_SCANS` sets more.
const SCANS: u64 = 1;

/// A slip as a printer and a scanner at 150 dpi leave it.
fn scans(test: &TestDesk, kind: &str, slip: &IssuedSlip) -> Option<Vec<(String, PathBuf)>> {
    let pdf = written(test, &format!("{kind}.pdf"), &slip.pdf);
    let stem = test.folder().join(kind);
    let arguments = ["-r", "150", "-png", "-f", "1", "-l", "1", "-singlefile"];
    let arguments = [
        &arguments[..],
        &[pdf.to_str().unwrap(), stem.to_str().unwrap()],
    ]
    .concat();
    asked("pdftoppm", &arguments)?;
    let page: RgbImage = image::open(stem.with_extension("png")).unwrap().into_rgb8();
    let rounds = std::env::var("SOHOA_SLIP_SCANS").ok();
    let rounds = rounds.and_then(|rounds| rounds.parse().ok());
    let rounds = rounds.unwrap_or(SCANS);
    let wears = [Wear::CLEAN, Wear::OFFICE, Wear::WORN, Wear::TIRED];
    let mut files = Vec::new();
    for (number, wear) in wears.iter().enumerate() {
        for seed in 0..rounds {
            let scanned = Paper::of_image(page.clone(), 150, seed).scanned(wear);
            let name = format!("{kind}-{number}-{seed}.jpg");
            let file = written(test, &name, &scanned.jpegs(80)[0]);
            files.push((name, file));
        }
    }
    Some(files)
}

#[test]
fn worn_slips_at_150_dpi_are_read_by_our_reader_and_by_another() {
    let test = TestDesk::new();
    let known = own_key(&test);
    let mut scanned: Vec<(String, PathBuf, String)> = Vec::new();
    for (kind, slip) in all(&test) {
        let Some(files) = scans(&test, &kind, &slip) else {
            return;
        };
        scanned.extend(
            files
                .into_iter()
                .map(|(name, file)| (name, file, slip.code.clone())),
        );
    }
    let here = settings(Path::new(""));
    let mut unread = Vec::new();
    for (name, file, code) in &scanned {
        let page = image::open(file).unwrap().into_luma8();
        let mut found = imaging::barcodes(&page).into_iter();
        if !found.any(|found| found.text == *code) {
            unread.push(name.clone());
        }
        // The whole way through a worker, for the worst of them.
        if name.ends_with("-3-0.jpg") {
            let judged = verify_file(&here, file, &known).unwrap();
            assert_eq!(judged.answer, SlipAnswer::Genuine, "{name}");
            assert_eq!(judged.printed, None, "{name}: a picture has no words");
        }
    }
    println!(
        "our reader: {} of {}",
        scanned.len() - unread.len(),
        scanned.len()
    );
    assert!(unread.is_empty(), "{unread:?}");
    let Some(python) = std::env::var_os("SOHOA_PEER_PYTHON") else {
        eprintln!("zxing-cpp is left out: SOHOA_PEER_PYTHON is not set");
        return;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/zxing_peer.py");
    let files = scanned.iter().map(|(_, file, _)| file);
    let output = Command::new(python)
        .arg(script)
        .args(files)
        .output()
        .unwrap();
    let found = lines(&output);
    assert_eq!(
        found.len(),
        scanned.len(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for ((name, _, code), found) in scanned.iter().zip(found) {
        assert_eq!(found["texts"][0].as_str(), Some(code.as_str()), "{name}");
    }
    println!("zxing-cpp: {0} of {0}", scanned.len());
}

/// A slip of which somebody kept the code and printed other words around it.
#[test]
fn other_words_around_a_genuine_code_are_noticed() {
    let test = TestDesk::new();
    let dossier = dossier(&test);
    let slip = made(&test, &dossier, "hand_back", &[]);
    let modules = imaging::qr_code_of_long_text(&slip.code).unwrap();
    let font = fs::read(settings(Path::new("")).resources.text_font()).unwrap();
    let fonts = SheetFonts {
        regular: &font,
        bold: &font,
        italic: &font,
    };
    let sheet = Sheet {
        paper: SheetPaper::A4,
        code_modules: modules.len(),
        agency: Vec::new(),
        motto: Vec::new(),
        number: format!("Số: {}", slip.number),
        title: "PHIẾU GIAO TRẢ GIẤY TỜ SAU SỐ HÓA".to_owned(),
        parts: vec![SheetPart::Line(
            "Đã giao trả 20 trang.".to_owned(),
            packaging::LineManner::Plain,
        )],
        page_word: "Trang".to_owned(),
    };
    let forged = packaging::lay_out(&sheet, &fonts).unwrap();
    let forged = forged
        .write(&modules, support::test_desk::now(), &fonts)
        .unwrap();
    let file = written(&test, "forged.pdf", &forged);
    let known = own_key(&test);
    let judged = verify_file(&settings(Path::new("")), &file, &known).unwrap();
    assert_eq!(
        (judged.answer, judged.printed),
        (SlipAnswer::Altered, Some(false))
    );
    assert_eq!(
        verify_text(&slip.code, &known).answer,
        SlipAnswer::Genuine,
        "the code alone is genuine"
    );
}

#[test]
fn any_changed_letter_of_a_code_is_refused() {
    let test = TestDesk::new();
    let dossier = dossier(&test);
    let slip = made(&test, &dossier, "receipt", KINDS[0].1);
    let known = own_key(&test);
    assert_eq!(verify_text(&slip.code, &known).answer, SlipAnswer::Genuine);
    let letters: Vec<char> = slip.code.chars().collect();
    let refused = |letters: &[char]| {
        let text: String = letters.iter().collect();
        text == slip.code || verify_text(&text, &known).answer != SlipAnswer::Genuine
    };
    // Each place once for sure, then by chance with any letter.
    for at in 0..letters.len() {
        let mut other = letters.clone();
        other[at] = if letters[at] == '0' { '1' } else { '0' };
        assert!(refused(&other), "changed at {at}");
        other.remove(at);
        assert!(refused(&other), "taken out at {at}");
        if at > 0 {
            let mut swapped = letters.clone();
            swapped.swap(at, at - 1);
            assert!(refused(&swapped), "swapped at {at}");
        }
    }
    proptest!(|(at in 0..letters.len(), letter in any::<char>(), insert in any::<bool>())| {
        let mut other = letters.clone();
        if insert {
            other.insert(at, letter);
        } else {
            other[at] = letter;
        }
        prop_assert!(refused(&other));
    });
}

#[test]
fn what_a_slip_asks_for_must_be_said_and_nothing_else() {
    let test = TestDesk::new();
    let dossier = dossier(&test);
    let issue = |kind: &str, said: &[(&str, &str)]| {
        let refused = slips::issue(test.desk(), kind, dossier.id, &answers(said));
        match refused {
            Err(Error::Refused(refusal)) => refusal,
            other => panic!("{kind} {said:?}: {other:?}"),
        }
    };
    assert_eq!(
        issue("receipt", &[]),
        Refusal::AnswerMissing("due_on".into())
    );
    assert_eq!(
        issue("receipt", &[("due_on", "31/02/2026")]),
        Refusal::AnswerUnusable("due_on".into())
    );
    assert_eq!(
        issue("hand_back", &[("kept", "4")]),
        Refusal::AnswerUnusable("kept".into())
    );
    assert_eq!(
        issue("refusal", &[("reason", "x"), ("why", "y")]),
        Refusal::AnswerUnusable("why".into())
    );
    assert_eq!(
        issue("day_sheet", &[]),
        Refusal::UnknownSlip,
        "a day is no dossier"
    );
    assert_eq!(issue("letter", &[]), Refusal::UnknownSlip);
}

#[test]
fn slips_come_from_the_command_line_and_stand_in_the_trail() {
    let mut test = TestDesk::new();
    let dossier = dossier(&test);
    test.close();
    let (vault, folder) = (test.vault().to_owned(), test.folder().to_owned());
    let vault = text(&vault);
    let (out, key) = (folder.join("receipt.pdf"), folder.join("station.json"));
    let id = dossier.id.to_string();
    let made = sohoa(&[
        "slip",
        "receipt",
        "--dossier",
        &id,
        "--set",
        "due_on=01/12/2026",
        "--out",
        text(&out),
        "--vault",
        vault,
        "--json",
    ]);
    assert_eq!(code(&made), 0, "{}", String::from_utf8_lossy(&made.stderr));
    let slip = lines(&made).remove(0);
    let sheet = folder.join("day.pdf");
    let made = sohoa(&["slip", "daysheet", "--out", text(&sheet), "--vault", vault]);
    assert_eq!(code(&made), 0, "{}", String::from_utf8_lossy(&made.stderr));
    let cover = sohoa(&[
        "slip",
        "cover",
        "--dossier",
        &id,
        "--out",
        text(&folder.join("cover.pdf")),
        "--vault",
        vault,
    ]);
    assert_eq!(
        code(&cover),
        0,
        "{}",
        String::from_utf8_lossy(&cover.stderr)
    );
    assert_eq!(
        code(&sohoa(&[
            "slip",
            "key",
            "--out",
            text(&key),
            "--vault",
            vault
        ])),
        0
    );
    let listed = sohoa(&["slip", "list", "--vault", vault, "--json"]);
    assert_eq!(lines(&listed).len(), 5);

    let verify = |slip: &str, more: &[&str]| {
        let output = sohoa(&[&["slip", "verify", slip, "--json"], more].concat());
        (
            code(&output),
            lines(&output)[0]["answer"].as_str().unwrap().to_owned(),
        )
    };
    let with_key = ["--key", text(&key)];
    assert_eq!(verify(text(&out), &with_key), (0, "genuine".to_owned()));
    assert_eq!(verify(text(&out), &[]), (3, "unknown_station".to_owned()));
    let said = slip["code"].as_str().unwrap();
    assert_eq!(verify(said, &with_key), (0, "genuine".to_owned()));
    assert_eq!(
        verify(&said.replace("01/12", "02/12"), &with_key),
        (4, "altered".to_owned())
    );
    assert_eq!(verify("an den", &with_key), (4, "not_a_slip".to_owned()));
    assert_eq!(
        verify(text(&sample("2-birth-certificate.jpg")), &with_key),
        (4, "not_a_slip".to_owned())
    );

    let trail = folder.join("trail.jsonl");
    assert_eq!(
        code(&sohoa(&[
            "audit",
            "export",
            "--out",
            text(&trail),
            "--vault",
            vault
        ])),
        0
    );
    let trail = fs::read_to_string(trail).unwrap();
    let number = slip["number"].as_str().unwrap();
    assert!(trail.contains(&format!("receipt {number}")) && trail.contains("day_sheet_issued"));
    assert!(!trail.contains("Nguyễn Thị Thử Nghiệm"), "ids only");
}
