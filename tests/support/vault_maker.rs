//! Work at a vault without a desk: papers with ids of their own, made as fast as the vault
//! takes them.

use std::path::Path;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use domain::access::{AccessRules, PassphraseRule};
use domain::audit::{Act, AuditEvent};
use domain::code::{DossierCode, ProcedureCode};
use domain::code_template::{CodeKind, CodeParts, DigitisationCode};
use domain::copy::ElectronicCopy;
use domain::digest::Digest;
use domain::document::{Document, DocumentState};
use domain::dossier::{Dossier, DossierComponent, Owner, SubmittedAs};
use domain::field::FieldValue;
use domain::geometry::Size;
use domain::ids::OfficerId;
use domain::local_code::Station;
use domain::office::{Office, Officer};
use domain::page::{Page, RawFormat, RawImage};
use domain::record::Record;
use vault::{Error, NewVault, OutboxItem, Passphrase, Sealed, SignIn, Vault, Writer};

use crate::test_desk::now;

/// Lenient enough for a look that tries two passphrases again and again.
pub const RULES: AccessRules = AccessRules {
    passphrase: PassphraseRule {
        letters: 8,
        classes: 1,
    },
    tries: 1_000,
    wait_minutes: 1,
    longest_wait_minutes: 1,
    idle_minutes: 5,
    idle_at_work_minutes: 15,
    disabled_after_days: 45,
};

/// The passphrase after so many changes.
pub fn passphrase(changes: u32) -> Passphrase {
    Passphrase::new(format!("Thu-nghiem-{changes:04}"))
}

/// Opens a vault for its only officer.
///
/// # Errors
/// Those of the vault.
pub fn open(dir: &Path, passphrase: &Passphrase) -> Result<(Vault, Officer), Error> {
    let sign_in = SignIn {
        officer: None,
        passphrase,
        rules: &RULES,
        now: now(),
    };
    Vault::open(dir, &sign_in)
}

/// A vault with one officer, whose passphrase was never changed.
///
/// # Errors
/// Those of the vault.
pub fn create(dir: &Path, office: &Office) -> Result<Vault, Error> {
    let officer = Officer {
        id: id(0, 1),
        name: "Trần Thị Thử".to_owned(),
    };
    let new = NewVault {
        office,
        officer: &officer,
        passphrase: &passphrase(0),
        now: now(),
    };
    Ok(Vault::create(dir, &new)?.0)
}

/// The office of such a vault.
///
/// # Panics
/// Never: its code is one.
pub fn office() -> Office {
    Office {
        code: "H55.242".parse().expect("an agency code"),
        station: Station {
            number: 0x80_0001,
            epoch: 0,
        },
    }
}

fn id<T: FromStr>(maker: u32, count: u64) -> T {
    let text = format!("{maker:08x}-0000-7000-8000-{count:012x}");
    text.parse().unwrap_or_else(|_| panic!("{text} is an id"))
}

/// What makes nouns with ids of their own.
#[derive(Debug)]
pub struct Maker {
    number: u32,
    count: u64,
    /// In whose name.
    pub officer: OfficerId,
    /// When.
    pub now: DateTime<Utc>,
    /// The official code of the next dossier.
    pub dossier_code: Option<DossierCode>,
    /// The procedure of the next dossier.
    pub procedure: Option<ProcedureCode>,
}

impl Maker {
    /// A maker of that number; two of one vault need two.
    pub fn new(number: u32, officer: OfficerId) -> Self {
        Self {
            number,
            count: 1,
            officer,
            now: now(),
            dossier_code: None,
            procedure: None,
        }
    }

    fn id<T: FromStr>(&mut self) -> T {
        self.count += 1;
        id(self.number, self.count)
    }

    fn event(&mut self, act: Act) -> AuditEvent {
        AuditEvent {
            id: self.id(),
            happened_at: self.now,
            officer_id: self.officer,
            act,
        }
    }

    /// Receives a dossier with one component and begins its document.
    ///
    /// # Errors
    /// Those of the vault.
    pub fn begin(&mut self, vault: &Vault, owner: &Owner) -> Result<Document, Error> {
        vault.write(|write| self.begin_in(write, owner))
    }

    /// The same as a part of something larger.
    ///
    /// # Errors
    /// Those of the vault.
    pub fn begin_in(&mut self, write: &Writer<'_>, owner: &Owner) -> Result<Document, Error> {
        let component = DossierComponent {
            id: self.id(),
            name: "Giấy khai sinh".to_owned(),
            code: None,
            result_type: None,
            submitted_as: SubmittedAs::Original,
            document_id: None,
        };
        let dossier = Dossier {
            id: self.id(),
            provisional_number: write.next_provisional_number(self.now.date_naive())?,
            code: self.dossier_code.clone(),
            procedure: self.procedure.clone(),
            owner: owner.clone(),
            received_at: self.now,
            received_by: self.officer,
            components: vec![component.clone()],
        };
        write.insert_dossier(&dossier)?;
        let document = Document {
            id: self.id(),
            local_code: write.next_local_code()?,
            dossier_id: dossier.id,
            component_id: component.id,
            document_type: None,
            created_at: self.now,
            created_by: self.officer,
            state: DocumentState::Scanning,
        };
        write.insert_document(&document)?;
        write.set_component_document(component.id, document.id)?;
        write.append_audit(&self.event(Act::DocumentBegun(document.id)))?;
        Ok(document)
    }

    /// Seals a page image and writes its row.
    ///
    /// # Errors
    /// Those of the vault.
    pub fn page(
        &mut self,
        vault: &Vault,
        document: &Document,
        image: &[u8],
    ) -> Result<Page, Error> {
        let sealed = vault.seal(image)?;
        vault.write(|write| self.page_in(write, document, sealed))
    }

    /// Writes the row of a page whose image is sealed.
    ///
    /// # Errors
    /// Those of the vault.
    pub fn page_in(
        &mut self,
        write: &Writer<'_>,
        document: &Document,
        sealed: Sealed,
    ) -> Result<Page, Error> {
        let page = Page {
            id: self.id(),
            document_id: document.id,
            feed_id: None,
            masked_from: None,
            position: u32::MAX,
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
            scanned_at: self.now,
            scanned_by: self.officer,
            mark: None,
            kept_bad: None,
            voided: None,
            joined: None,
        };
        write.insert_page(&page)?;
        write.append_audit(&self.event(Act::PageStored(document.id, page.id)))?;
        Ok(page)
    }

    /// Makes a copy and deposits the document in one transaction.
    ///
    /// # Errors
    /// Those of the vault.
    pub fn deposit(
        &mut self,
        vault: &Vault,
        document: &Document,
        pages: &[Page],
        text: &str,
    ) -> Result<Record, Error> {
        let sealed = vault.seal(&[b"%PDF-1.7 ".as_slice(), text.as_bytes()].concat())?;
        vault.write(|write| self.deposit_in(write, document, pages, sealed, &[], text))
    }

    /// Deposits a document whose copy is sealed, with these values.
    ///
    /// # Errors
    /// Those of the vault.
    pub fn deposit_in(
        &mut self,
        write: &Writer<'_>,
        document: &Document,
        pages: &[Page],
        sealed: Sealed,
        values: &[FieldValue],
        text: &str,
    ) -> Result<Record, Error> {
        let copy = ElectronicCopy {
            id: self.id(),
            document_id: document.id,
            digest: sealed.digest,
            sealed_digest: sealed.sealed_digest,
            size_bytes: sealed.size_bytes,
            pages: pages.iter().map(|page| page.raw.digest).collect(),
            made_at: self.now,
            digitised_by: self.officer,
            signature: None,
            born_electronic: false,
        };
        let value = |name: &str| {
            let found = values.iter().find(|value| value.name.as_str() == name);
            found.map(|value| value.value.clone()).unwrap_or_default()
        };
        let parts = CodeParts {
            owner_id: value("owner_id"),
            number: value("number"),
            ..CodeParts::default()
        };
        let record = Record {
            document_id: document.id,
            version: 1,
            local_code: document.local_code,
            code: DigitisationCode {
                kind: CodeKind::OtherPaper,
                text: format!(
                    "{}.{}.{}",
                    parts.owner_id, parts.number, document.local_code
                ),
                parts,
                provisional: true,
            },
            document_type: "birth_certificate"
                .parse()
                .unwrap_or_else(|error| panic!("{error}")),
            values: values.to_vec(),
            copy_id: copy.id,
            deposited_at: self.now,
            deposited_by: self.officer,
        };
        write.insert_copy(&copy)?;
        write.insert_record(&record, text)?;
        write.set_document_state(document.id, DocumentState::Deposited)?;
        write.append_audit(&self.event(Act::Deposited(document.id)))?;
        write.enqueue(&OutboxItem {
            id: self.id(),
            document_id: document.id,
            version: 1,
            manifest_digest: Digest::of(text.as_bytes()),
            enqueued_at: self.now,
        })?;
        Ok(record)
    }
}
