//! A full disk is said to be one, and nothing acknowledged suffers.

use domain::document::DocumentState;

use super::{TestVault, value};
use crate::Error;

#[test]
fn a_database_that_cannot_grow_says_so_and_works_on_afterwards() {
    let test = TestVault::new();
    let document = test.begun();
    let limit = |pages: i64| {
        let connection = test.vault.writer_connection();
        connection
            .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
            .unwrap();
    };
    limit(1);
    let full = test.vault.write(|writer| {
        writer.set_document_state(document.id, DocumentState::Extracted)?;
        writer.set_value(document.id, &value("title", &"chữ ".repeat(100_000)))
    });
    assert!(matches!(full, Err(Error::DiskFull)), "{full:?}");
    let state = || {
        test.vault
            .read(|reader| reader.document(document.id))
            .unwrap()
            .state
    };
    assert_eq!(state(), DocumentState::Scanning, "all or nothing");
    limit(1_000_000);
    test.vault
        .write(|writer| {
            writer.set_document_state(document.id, DocumentState::Extracted)?;
            writer.set_value(document.id, &value("title", &"chữ ".repeat(100_000)))
        })
        .unwrap();
    assert_eq!(state(), DocumentState::Extracted);
    assert!(test.vault.check().unwrap().is_sound());
}

/// A real small disk, where this machine lets us have one.
#[cfg(target_os = "linux")]
mod small_disk {
    use std::fs;
    use std::io::Write as _;
    use std::path::PathBuf;
    use std::process::Command;

    use domain::office::Officer;

    use super::super::{create, passphrase};
    use crate::{Error, Vault};

    struct SmallDisk(tempfile::TempDir);

    impl SmallDisk {
        fn mount(size: &str) -> Option<Self> {
            let dir = tempfile::tempdir().unwrap();
            let mounted = Command::new("mount")
                .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
                .arg(dir.path())
                .output()
                .is_ok_and(|output| output.status.success());
            if !mounted {
                let mut out = std::io::stdout();
                writeln!(out, "skipped: this machine lets us mount no small disk").unwrap();
                return None;
            }
            Some(Self(dir))
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        /// Takes all the space that is left but `spare_bytes`.
        fn fill(&self, spare_bytes: u64) {
            let path = self.path("ballast");
            let mut file = fs::OpenOptions::new()
                .create(true)
                .append(true)
                .open(&path)
                .unwrap();
            while file.write_all(&[1; 4096]).is_ok() {}
            let length = file.metadata().unwrap().len();
            file.set_len(length.saturating_sub(spare_bytes)).unwrap();
        }

        fn free(&self) {
            fs::remove_file(self.path("ballast")).unwrap();
        }
    }

    impl Drop for SmallDisk {
        fn drop(&mut self) {
            Command::new("umount")
                .arg("-l")
                .arg(self.0.path())
                .output()
                .ok();
        }
    }

    fn officer() -> Officer {
        Officer {
            id: domain::ids::OfficerId::from_uuid(uuid::Uuid::now_v7()),
            name: "Trần Thị Mẫu".to_owned(),
        }
    }

    #[test]
    fn sealing_and_writing_on_a_full_disk_say_so_and_go_on_once_there_is_space() {
        let Some(disk) = SmallDisk::mount("8m") else {
            return;
        };
        let dir = disk.path("vault");
        let (vault, _) = create(&dir, &officer()).unwrap();
        let before = vault.seal(&vec![1; 50_000]).unwrap();
        let code = vault.write(|writer| writer.next_local_code()).unwrap();

        for spare_bytes in [0, 4096, 20_000] {
            disk.fill(spare_bytes);
            let sealed = vault.seal(&vec![2; 50_000]);
            assert!(matches!(sealed, Err(Error::DiskFull)), "{sealed:?}");
            let mut failed = None;
            for _ in 0..2000 {
                let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
                if let Err(error) = vault.write(|writer| writer.next_provisional_number(day)) {
                    failed = Some(error);
                    break;
                }
            }
            assert!(matches!(failed, Some(Error::DiskFull)), "{failed:?}");
            assert_eq!(vault.unseal(&before.sealed_digest).unwrap().len(), 50_000);
            vault.read(|reader| reader.office()).unwrap();
            disk.free();
            vault.seal(&vec![3; 50_000]).unwrap();
            let next = vault.write(|writer| writer.next_local_code()).unwrap();
            assert!(next.counter() > code.counter());
            assert!(vault.check().unwrap().is_sound());
        }
        // Opened while full it may be refused, but politely, and opens afterwards.
        drop(vault);
        disk.fill(0);
        if let Err(error) = super::super::open(&dir, &passphrase()) {
            assert!(matches!(error, Error::DiskFull), "{error:?}");
        }
        disk.free();
        let (vault, _) = super::super::open(&dir, &passphrase()).unwrap();
        assert!(vault.check().unwrap().is_sound());
        assert_eq!(vault.unseal(&before.sealed_digest).unwrap().len(), 50_000);
    }

    #[test]
    fn a_vault_that_does_not_fit_is_not_made_and_can_be_made_later() {
        let Some(disk) = SmallDisk::mount("4m") else {
            return;
        };
        let dir = disk.path("vault");
        for spare_bytes in [0, 4096, 16_384, 65_536, 131_072, 200_000] {
            disk.fill(spare_bytes);
            match create(&dir, &officer()) {
                Ok((vault, _)) => {
                    drop(vault);
                    fs::remove_dir_all(&dir).unwrap();
                }
                Err(error) => {
                    assert!(matches!(error, Error::DiskFull), "{spare_bytes}: {error:?}");
                    assert!(!Vault::exists(&dir), "{spare_bytes}");
                }
            }
            disk.free();
        }
        create(&dir, &officer()).unwrap();
    }
}
