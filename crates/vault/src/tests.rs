//! The store with real encrypted files in temporary folders. Only the cost of
//! stretching a passphrase is lower than in the product.

#![allow(
    clippy::redundant_closure_for_method_calls,
    reason = "a method of a reader names one lifetime, the closure takes any"
)]

mod audit;
mod backup;
mod crash;
mod damage;
mod full_disk;
mod keys;
mod migration;
mod officers;
mod plain_text;
mod rows;
mod search;
mod speed;
mod trust;

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use domain::access::{AccessRules, PassphraseRule};
use domain::audit::{Act, AuditEvent};
use domain::code_template::{CodeKind, CodeParts, DigitisationCode};
use domain::copy::ElectronicCopy;
use domain::digest::Digest;
use domain::document::{Document, DocumentState};
use domain::dossier::{Dossier, DossierComponent, Owner, SubmittedAs};
use domain::field::{FieldValue, Source};
use domain::geometry::Size;
use domain::ids::{
    AuditEventId, DocumentId, DossierComponentId, DossierId, ElectronicCopyId, OfficerId, PageId,
};
use domain::local_code::{LocalCode, Station};
use domain::office::{Office, Officer};
use domain::page::{Page, RawFormat, RawImage};
use domain::record::Record;
use tempfile::TempDir;
use uuid::Uuid;

use crate::key_file::{self, Cost, KeyFile};
use crate::{Error, NewVault, Passphrase, RecoveryKey, Sealed, SignIn, Vault, Writer, database};

const PASSPHRASE: &str = "bông lúa vàng";

fn passphrase() -> Passphrase {
    Passphrase::new(PASSPHRASE.to_owned())
}

fn office() -> Office {
    Office {
        code: "H55.242".parse().unwrap(),
        station: Station {
            number: 0x80_0001,
            epoch: 1,
        },
    }
}

fn now() -> DateTime<Utc> {
    "2026-11-03T02:03:04.000000005Z".parse().unwrap()
}

/// Lenient enough for tests that guess.
const RULES: AccessRules = AccessRules {
    passphrase: PassphraseRule {
        letters: 8,
        classes: 1,
    },
    tries: 5,
    wait_minutes: 15,
    longest_wait_minutes: 240,
    idle_minutes: 5,
    idle_at_work_minutes: 15,
    disabled_after_days: 45,
};

fn sign_in<'a>(officer: Option<&'a str>, passphrase: &'a Passphrase) -> SignIn<'a> {
    SignIn {
        officer,
        passphrase,
        rules: &RULES,
        now: now(),
    }
}

/// The only officer signs in.
fn open(dir: &Path, passphrase: &Passphrase) -> Result<(Vault, Officer), Error> {
    Vault::open(dir, &sign_in(None, passphrase))
}

/// A vault in a temporary folder.
struct TestVault {
    vault: Vault,
    officer: Officer,
    recovery_key: RecoveryKey,
    dir: TempDir,
}

impl TestVault {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let officer = Officer {
            id: OfficerId::from_uuid(Uuid::now_v7()),
            name: "Trần Thị Mẫu".to_owned(),
        };
        let (vault, recovery_key) = create(dir.path(), &officer).unwrap();
        Self {
            vault,
            officer,
            recovery_key,
            dir,
        }
    }

    /// Closes the vault and gives its folder.
    fn close(self) -> TempDir {
        self.dir
    }

    fn reopened(self) -> Self {
        let Self {
            vault,
            officer,
            recovery_key,
            dir,
        } = self;
        drop(vault);
        let (vault, opened_by) = open(dir.path(), &passphrase()).unwrap();
        assert_eq!(opened_by, officer);
        Self {
            vault,
            officer,
            recovery_key,
            dir,
        }
    }

    fn dossier(&self, owner: Owner) -> Dossier {
        let id = DossierId::from_uuid(Uuid::now_v7());
        Dossier {
            id,
            provisional_number: "03-0001".to_owned(),
            code: None,
            procedure: Some("1.000894".parse().unwrap()),
            owner,
            received_at: now(),
            received_by: self.officer.id,
            components: vec![DossierComponent {
                id: DossierComponentId::from_uuid(Uuid::now_v7()),
                name: "Giấy khai sinh".to_owned(),
                code: Some("TP-H05.000026".parse().unwrap()),
                result_type: None,
                submitted_as: SubmittedAs::Original,
                document_id: None,
            }],
        }
    }

    /// A document in a dossier of its own.
    fn begin_document(&self, writer: &Writer<'_>, owner: Owner) -> Result<Document, Error> {
        let dossier = self.dossier(owner);
        writer.insert_dossier(&dossier)?;
        let document = Document {
            id: DocumentId::from_uuid(Uuid::now_v7()),
            local_code: writer.next_local_code()?,
            dossier_id: dossier.id,
            component_id: dossier.components[0].id,
            document_type: None,
            created_at: now(),
            created_by: self.officer.id,
            state: DocumentState::Scanning,
        };
        writer.insert_document(&document)?;
        writer.set_component_document(document.component_id, document.id)?;
        Ok(document)
    }

    fn begun(&self) -> Document {
        self.vault
            .write(|writer| self.begin_document(writer, Owner::default()))
            .unwrap()
    }

    fn page(&self, document_id: DocumentId, position: u32, sealed: Sealed) -> Page {
        Page {
            id: PageId::from_uuid(Uuid::now_v7()),
            document_id,
            feed_id: None,
            masked_from: None,
            position,
            raw: RawImage {
                digest: sealed.digest,
                sealed_digest: sealed.sealed_digest,
                size_bytes: sealed.size_bytes,
                format: RawFormat::Jpeg,
                size: Size {
                    width_px: 1654,
                    height_px: 2339,
                },
                dpi: Some(200),
            },
            by_hand: Vec::new(),
            transforms: Vec::new(),
            appraisal: None,
            scanned_at: now(),
            scanned_by: self.officer.id,
            mark: None,
            kept_bad: None,
            joined: None,
            voided: None,
        }
    }

    fn copy(&self, document_id: DocumentId) -> ElectronicCopy {
        let sealed = self.vault.seal(b"%PDF-1.7 a copy").unwrap();
        ElectronicCopy {
            digest: sealed.digest,
            sealed_digest: sealed.sealed_digest,
            size_bytes: sealed.size_bytes,
            ..self.copy_without_file(document_id)
        }
    }

    fn copy_without_file(&self, document_id: DocumentId) -> ElectronicCopy {
        let digest = Digest::of(b"no file");
        ElectronicCopy {
            id: ElectronicCopyId::from_uuid(Uuid::now_v7()),
            document_id,
            digest,
            sealed_digest: digest,
            size_bytes: 0,
            pages: vec![digest],
            made_at: now(),
            digitised_by: self.officer.id,
            signature: None,
            born_electronic: false,
        }
    }

    fn record(&self, document: &Document, copy: &ElectronicCopy, version: u32) -> Record {
        Record {
            document_id: document.id,
            version,
            local_code: document.local_code,
            document_type: "birth_certificate".parse().unwrap(),
            values: Vec::new(),
            code: DigitisationCode {
                kind: CodeKind::ProcedureResult,
                parts: CodeParts::default(),
                text: format!(".KQ.G15.000031.{}", document.local_code.counter()),
                provisional: true,
            },
            copy_id: copy.id,
            deposited_at: now() + TimeDelta::seconds(i64::from(version)),
            deposited_by: self.officer.id,
        }
    }

    /// Deposits a paper with these fields and this recognised text.
    fn deposit(&self, owner: Owner, fields: &[(&str, &str)], full_text: &str) -> Record {
        let document = self
            .vault
            .write(|writer| self.begin_document(writer, owner))
            .unwrap();
        self.deposit_version(&document, 1, fields, full_text)
    }

    fn deposit_version(
        &self,
        document: &Document,
        version: u32,
        fields: &[(&str, &str)],
        full_text: &str,
    ) -> Record {
        let copy = self.copy(document.id);
        let mut record = self.record(document, &copy, version);
        record.values = fields
            .iter()
            .map(|(name, text)| value(name, text))
            .collect();
        let part = |name| record.value(name).unwrap_or_default().to_owned();
        let (owner_id, number) = (part("owner_id"), part("number"));
        record.code.text = format!("{owner_id}.KQ.G15.000031.{number}");
        record.code.parts.owner_id = owner_id;
        record.code.parts.number = number;
        self.vault
            .write(|writer| {
                writer.insert_copy(&copy)?;
                writer.insert_record(&record, full_text)
            })
            .unwrap();
        record
    }

    fn event(&self, act: Act) -> AuditEvent {
        AuditEvent {
            id: AuditEventId::from_uuid(Uuid::now_v7()),
            happened_at: now(),
            officer_id: self.officer.id,
            act,
        }
    }
}

fn create(dir: &Path, officer: &Officer) -> Result<(Vault, RecoveryKey), Error> {
    let new = NewVault {
        office: &office(),
        officer,
        passphrase: &passphrase(),
        now: now(),
    };
    Vault::create_at_cost(dir, &new, Cost::TEST)
}

/// The schema before there were roles and signed heads.
const BEFORE_ROLES: usize = 23;

/// Makes a vault as a program did that knew only the first of the migrations.
fn old_vault(dir: &Path, migrations: usize) -> (Officer, RecoveryKey) {
    let officer = Officer {
        id: OfficerId::from_uuid(Uuid::now_v7()),
        name: "Trần Thị Mẫu".to_owned(),
    };
    let key = key_file::new_database_key().unwrap();
    let recovery_key = RecoveryKey::generate();
    let recipient = recovery_key.recipient();
    let connection = database::create_as_of(dir, &key, migrations).unwrap();
    let day = "2025-01-02T03:04:05.000000000Z";
    let identity = RecoveryKey::generate().to_string();
    connection
        .execute(
            "INSERT INTO office VALUES (1, 'H55.242', 8388609, 1, ?1, ?2, ?3)",
            rusqlite::params![identity, recipient.to_string(), day],
        )
        .unwrap();
    connection
        .execute(
            "INSERT INTO officer VALUES (?1, ?2, ?3)",
            rusqlite::params![officer.id.as_uuid().into_bytes(), officer.name, day],
        )
        .unwrap();
    KeyFile::new(&key, &officer, &passphrase(), &recipient, Cost::TEST)
        .unwrap()
        .write(dir)
        .unwrap();
    (officer, recovery_key)
}

fn value(name: &str, text: &str) -> FieldValue {
    FieldValue {
        name: name.parse().unwrap(),
        value: text.to_owned(),
        source: Source::Officer,
        evidence: None,
        proposed: None,
        confirmed_by: None,
        confirmed_at: None,
        seconded_by: None,
    }
}

fn code_at(counter: u32) -> LocalCode {
    LocalCode::new(office().station, counter).unwrap()
}
