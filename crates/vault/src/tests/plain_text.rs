//! Nothing readable lies on the disk, in whatever file.

use std::fs;
use std::path::Path;

use domain::audit::Act;
use domain::dossier::Owner;
use domain::engine::Engine;
use domain::field::{FieldCandidate, Grade};
use domain::geometry::Rectangle;
use domain::recognised_text::{Reading, RecognisedText, TextLine, Word};

use super::{PASSPHRASE, TestVault, value};
use crate::Error;

/// Fifty texts that stand for people's data; long enough not to occur by chance.
fn canaries() -> Vec<String> {
    (0..50)
        .map(|index| format!("CANARY-{index:02}-Nguyễn-Đông"))
        .collect()
}

/// The files under `folder` that hold any of these texts, in UTF-8 or UTF-16.
fn files_with(folder: &Path, texts: &[Vec<u8>], seen: &mut usize) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, texts, seen));
            continue;
        }
        *seen += 1;
        let bytes = fs::read(&path).unwrap();
        let holds = |text: &Vec<u8>| bytes.windows(text.len()).any(|part| part == text);
        if texts.iter().any(holds) {
            found.push(path.display().to_string());
        }
    }
    found
}

/// Puts every canary somewhere a person's data goes.
fn plant(test: &TestVault, canaries: &[String]) {
    let mut next = canaries.iter().cloned().cycle();
    let mut next = || next.next().unwrap();
    for _ in 0..6 {
        let owner = Owner {
            id: Some("001093047064".parse().unwrap()),
            name: Some(next()),
            ..Owner::default()
        };
        let document = test
            .vault
            .write(|writer| test.begin_document(writer, owner))
            .unwrap();
        let pixels = test.vault.seal(next().repeat(500).as_bytes()).unwrap();
        let page = test.page(document.id, 0, pixels);
        let text = next();
        let text = RecognisedText {
            lines: vec![TextLine {
                outline: Rectangle::new(0, 0, 9, 9),
                words: vec![Word {
                    text: text.clone(),
                    outline: Rectangle::new(0, 0, 9, 9),
                    readings: vec![Reading {
                        engine: Engine::Neural,
                        text,
                        confidence: 0.5,
                    }],
                    agreed: false,
                    handwritten: false,
                }],
                read_twice: false,
            }],
        };
        let mut candidate = FieldCandidate::empty("owner_name".parse().unwrap());
        candidate.value = next();
        candidate.grade = Grade::Check;
        test.vault
            .write(|writer| {
                writer.insert_page(&page)?;
                writer.put_recognised_text(page.id, &text)?;
                writer.replace_candidates(document.id, &[candidate])?;
                writer.set_value(document.id, &value("owner_name", &next()))?;
                writer.append_audit(&test.event(Act::PageStored(document.id, page.id)))
            })
            .unwrap();
        test.deposit_version(
            &document,
            1,
            &[
                ("title", &next()),
                ("number", &next()),
                ("owner_id", "001093047064"),
            ],
            &next().repeat(50),
        );
        // Half a deposit that is given up leaves its traces too.
        let given_up = test.vault.write(|writer| {
            writer.set_value(document.id, &value("summary", &next().repeat(2000)))?;
            Err::<(), _>(Error::DiskFull)
        });
        assert!(given_up.is_err());
    }
}

#[test]
fn nothing_planted_is_found_in_any_file() {
    let test = TestVault::new();
    let canaries = canaries();
    plant(&test, &canaries);
    assert_eq!(
        test.vault
            .read(|reader| reader.search("CANARY", 20))
            .unwrap()
            .len(),
        6,
        "they are in there"
    );
    let mut secrets = canaries.clone();
    secrets.extend([
        PASSPHRASE.to_owned(),
        test.recovery_key.to_string(),
        "001093047064".to_owned(),
        "Trần Thị Mẫu".to_owned(),
        "AGE-SECRET-KEY".to_owned(),
        "Giấy khai sinh".to_owned(),
        "CREATE TABLE".to_owned(),
        "%PDF".to_owned(),
        "canary".to_owned(),
    ]);
    let utf_16 = |text: &String| text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut texts: Vec<Vec<u8>> = secrets.iter().map(utf_16).collect();
    texts.extend(secrets.into_iter().map(String::into_bytes));

    // While it is open, with its log and index, and when it is closed.
    let mut seen = 0;
    assert_eq!(files_with(test.dir.path(), &texts, &mut seen), [""; 0]);
    assert!(
        seen > 12,
        "database, log, index, keys, lock, sealed files: {seen}"
    );
    assert!(
        test.dir
            .path()
            .join("vault.db-wal")
            .metadata()
            .unwrap()
            .len()
            > 0
    );
    let dir = test.close();
    assert_eq!(files_with(dir.path(), &texts, &mut seen), [""; 0]);

    // The search does find what is plain, in either writing.
    let plain = tempfile::tempdir().unwrap();
    fs::create_dir(plain.path().join("deep")).unwrap();
    let page = format!("{}{}", "x".repeat(70_000), canaries[33]);
    fs::write(plain.path().join("deep/page"), page).unwrap();
    let wide: Vec<u8> = utf_16(&canaries[7]);
    fs::write(plain.path().join("wide"), wide).unwrap();
    assert_eq!(files_with(plain.path(), &texts, &mut seen).len(), 2);
}

#[test]
fn a_partial_sealed_file_is_sealed_already() {
    let test = TestVault::new();
    let plain = canaries().concat().repeat(40_000);
    let stop = std::sync::atomic::AtomicBool::new(false);
    let texts = [b"CANARY".to_vec()];
    let partials = std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut partials = 0;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                for shard in fs::read_dir(test.dir.path().join("sealed")).unwrap() {
                    for file in fs::read_dir(shard.unwrap().path()).unwrap() {
                        let path = file.unwrap().path();
                        // It may have been renamed meanwhile.
                        let Ok(bytes) = fs::read(&path) else { continue };
                        partials +=
                            usize::from(path.extension().is_some_and(|end| end == "partial"));
                        let found = bytes.windows(6).any(|part| part == texts[0]);
                        assert!(!found, "{}", path.display());
                        fs::remove_file(&path).ok();
                    }
                }
            }
            partials
        });
        for _ in 0..6 {
            // The watcher takes files away, so that reading back or renaming may fail.
            test.vault.seal(&plain.as_bytes()[..20_000_000]).ok();
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        watcher.join().unwrap()
    });
    assert!(partials > 0, "at least one was caught half-way");
}

#[test]
fn nothing_secret_is_shown_for_debugging() {
    let test = TestVault::new();
    let sealed = test.vault.seal(b"CANARY").unwrap();
    let report = test.vault.check().unwrap();
    let shown = test
        .vault
        .write(|writer| Ok::<_, Error>(format!("{writer:?} {:?}", &**writer)))
        .unwrap();
    let shown = format!(
        "{shown} {:?} {:?} {:?} {sealed:?} {report:?} {:?}",
        test.vault,
        super::passphrase(),
        test.recovery_key,
        crate::NewVault {
            office: &super::office(),
            officer: &domain::office::Officer {
                id: test.officer.id,
                name: String::new()
            },
            passphrase: &super::passphrase(),
            now: super::now(),
        }
    );
    for secret in ["CANARY", "bông", "AGE-SECRET", "Trần"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
