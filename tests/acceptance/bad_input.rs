//! Bad input gets one sentence, loses nothing acknowledged and leaves the vault usable.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use desk::{Error, ScanError, scan, search, session};
use support::test_desk::{TestDesk, material, passphrase, program, sample, settings};

use crate::pages::one_page;
use crate::scan::document;

#[test]
fn broken_files_are_refused_and_the_pages_before_them_stay() {
    let test = TestDesk::new();
    let document = document(&test);
    one_page(&test, &document, "1-official-document.jpg");
    let jpeg = std::fs::read(sample("2-birth-certificate.jpg")).unwrap();
    let bomb = {
        // A PNG head that promises 100,000 × 100,000 pixels.
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend(100_000u32.to_be_bytes());
        png.extend(100_000u32.to_be_bytes());
        png.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
        png
    };
    for (name, bytes) in [
        ("empty.png", Vec::new()),
        ("text.pdf", b"%PDF-1.7 and then nothing".to_vec()),
        ("half.jpg", jpeg[..jpeg.len() / 2].to_vec()),
        ("bomb.png", bomb),
        ("mislabelled.tiff", b"PK\x03\x04 a zip".to_vec()),
    ] {
        let path = test.folder().join(name);
        std::fs::write(&path, bytes).unwrap();
        let refused = scan::add_file(test.desk(), document.id, &path, &mut |_| {}).unwrap_err();
        assert!(matches!(refused, Error::Scan(_)), "{name}: {refused:?}");
        assert!(
            !refused.to_string().contains(name),
            "no file name in the message, it may name a person"
        );
    }
    assert_eq!(scan::pages(test.desk(), document.id).unwrap().len(), 1);
    let right = test.folder().join("really-a-jpeg.pdf");
    std::fs::write(&right, jpeg).unwrap();
    scan::add_file(test.desk(), document.id, &right, &mut |_| {}).unwrap();
    assert_eq!(
        scan::pages(test.desk(), document.id).unwrap().len(),
        2,
        "type by content, not by name"
    );
}

#[test]
fn a_second_program_on_the_same_vault_is_refused() {
    let mut test = TestDesk::new();
    let second = session::sign_in(&settings(test.vault()), &passphrase()).unwrap_err();
    assert!(
        matches!(second, Error::Vault(desk::VaultError::InUse)),
        "{second}"
    );
    test.close();
    session::sign_in(&settings(test.vault()), &passphrase()).expect("the first program has gone");
}

#[test]
fn a_forgotten_passphrase_is_replaced_with_the_recovery_key() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&folder.path().join("vault"));
    let (desk, key) = session::create(
        &settings,
        "H55.242".parse().unwrap(),
        "Trần Thị Thử",
        &passphrase(),
    )
    .unwrap();
    drop(desk);
    let printed = key.to_string();
    let new = desk::Passphrase::new("Mot-cau-khac-2026".to_owned());
    drop(session::recover(&settings, &printed.parse().unwrap(), None, &new).unwrap());
    let old = session::sign_in(&settings, &passphrase()).unwrap_err();
    assert!(
        matches!(old, Error::Vault(desk::VaultError::WrongPassphrase)),
        "{old}"
    );
    assert!(
        search::search(&session::sign_in(&settings, &new).unwrap(), "x", 1)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn an_absent_scanner_is_named_as_absent() {
    let test = TestDesk::new();
    let document = document(&test);
    let feeder = desk::ScanSettings {
        source: desk::ScanSource::Feeder,
        sides: desk::Sides::One,
        dpi: 200,
        colour: desk::ColourMode::Colour,
    };
    let error = scan::scan_pages(
        test.desk(),
        document.id,
        &scan::Scan::new("no-such:device", &feeder),
        &desk::CancelToken::default(),
        &mut |_| {},
    )
    .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Scan(ScanError::NoSuchDevice | ScanError::SaneAbsent | ScanError::DeviceGone)
        ),
        "{error:?}"
    );
}

/// Every awkward file of others: within its time, with a sentence or a result, never a crash.
#[test]
fn awkward_files_of_others_do_no_harm() {
    let Some(material) = material() else { return };
    let mut files = Vec::new();
    for folder in ["awkward-pdf", "images", "signed-pdf"] {
        for entry in std::fs::read_dir(material.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "pdf") {
                files.push(path);
            }
        }
    }
    assert!(files.len() > 10, "the material is there");
    for file in files {
        let begun = Instant::now();
        let output = Command::new(program("sohoa"))
            .args(["read", "--json"])
            .arg(&file)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let code = output.status.code();
        let told = String::from_utf8_lossy(&output.stderr);
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        assert!(matches!(code, Some(0 | 4)), "{name}: {code:?} {told}");
        assert!(
            code == Some(0) || !told.trim().is_empty(),
            "{name} is refused without a word"
        );
        assert!(!told.contains("panicked"), "{name}: {told}");
        assert!(
            begun.elapsed() < Duration::from_mins(2),
            "{name} took {:?}",
            begun.elapsed()
        );
        if name == "encrypted_pdf.pdf" {
            assert!(
                told.contains("password") || told.contains("encrypted"),
                "{told}"
            );
        }
    }
}
