//! A station without a vault: what it keeps is what a vault keeps. It signs, chains and sends
//! as a desk does, thousands of times while a desk scans one page.

#![allow(
    clippy::unwrap_used,
    reason = "a station that cannot be made fails whoever wants one"
)]

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use crate::test_centre::TestCentre;
use crate::test_desk::now;
use domain::code_template::{CodeKind, CodeParts, DigitisationCode};
use domain::delivery::{OutgoingFile, StationLogEnd, WaitingRecord};
use domain::digest::Digest;
use domain::dossier::{Dossier, Owner};
use domain::ids::{DocumentId, DossierId, OfficerId, OutboxItemId};
use domain::local_code::{LocalCode, Station};
use domain::office::{Office, Officer};
use domain::record::Record;
use ed25519_dalek::{Signer as _, SigningKey};
use sync::{
    Access, Centre, ConnectionKey, Enrolment, HttpCentre, LogPlace, Outgoing, Parked, Receipt,
    Stop, Store, Ticket, enrol, pass, prepare,
};

/// Whose stations these are.
pub const OFFICE: &str = "H55.242";

/// The station.
#[derive(Clone, Debug)]
pub struct MemoryStation {
    key: SigningKey,
    /// The agency code of its office.
    pub office: String,
    /// Its number and epoch.
    pub station: Station,
    /// How it reaches its centre.
    pub access: Access,
    receipt_key: Digest,
    /// Prepared envelopes, in the order of the log.
    pub log: RefCell<Vec<(WaitingRecord, Vec<u8>)>>,
    /// Sealed files by their digest.
    pub files: RefCell<HashMap<Digest, Vec<u8>>>,
    named: RefCell<HashMap<OutboxItemId, Vec<Digest>>>,
    /// Signed receipts by the row of the outbox.
    pub receipts: RefCell<HashMap<OutboxItemId, Vec<u8>>>,
    /// Why records were parked.
    pub parked: RefCell<Vec<Parked>>,
    parked_items: RefCell<HashSet<OutboxItemId>>,
    /// A sabotaged station makes an envelope anew each time it is asked for it.
    pub forgets_envelopes: bool,
    /// How many ids it has made.
    pub made: Cell<u32>,
}

impl MemoryStation {
    /// Enrols station number so many at a centre.
    pub fn enrolled(centre: &TestCentre, number: u32) -> Self {
        Self::enrolled_in(centre, number, OFFICE)
    }

    /// Enrols it for an office.
    pub fn enrolled_in(centre: &TestCentre, number: u32, office: &str) -> Self {
        let mut seed = [9; 32];
        seed[..4].copy_from_slice(&number.to_be_bytes());
        let key = SigningKey::from_bytes(&seed);
        let station = Station {
            number: 0x80_0000 + number,
            epoch: 0,
        };
        let ticket: Ticket = centre.ticket(office).parse().unwrap();
        let connection = ConnectionKey::generate().unwrap();
        let asked = Enrolment {
            invitation: &ticket.invitation,
            office,
            station,
            key: Digest::from_bytes(key.verifying_key().to_bytes()),
            certificate_request: &connection.request,
        };
        let message = asked.message(|message| key.sign(message).to_bytes());
        let enrolled = enrol(&ticket.url, &ticket.authority, &message).unwrap();
        assert_eq!(enrolled.station, station.number);
        Self {
            key,
            office: office.to_owned(),
            station,
            access: Access {
                url: ticket.url,
                authority: ticket.authority,
                identity: Some((enrolled.certificate, connection.key)),
            },
            receipt_key: ticket.receipt_key,
            log: RefCell::default(),
            files: RefCell::default(),
            named: RefCell::default(),
            receipts: RefCell::default(),
            parked: RefCell::default(),
            parked_items: RefCell::default(),
            forgets_envelopes: false,
            made: Cell::default(),
        }
    }

    fn next_id<T: std::str::FromStr>(&self) -> T {
        self.made.set(self.made.get() + 1);
        let text = format!(
            "{:08x}-0000-7000-8000-{:012x}",
            self.station.number,
            self.made.get()
        );
        text.parse().unwrap_or_else(|_| panic!("{text}"))
    }

    /// Deposits a paper with files of these sizes.
    pub fn deposit(&self, sizes: &[usize]) {
        self.deposit_as(sizes, None);
    }

    /// Deposits a paper under the key of another one.
    pub fn deposit_as(&self, sizes: &[usize], document_id: Option<DocumentId>) {
        self.deposit_whole(sizes, document_id, "", "");
    }

    /// Deposits a paper of somebody in a dossier of somebody, and says its key.
    pub fn deposit_for(&self, paper_owner: &str, dossier_owner: &str) -> DocumentId {
        self.deposit_whole(&[100], None, paper_owner, dossier_owner)
    }

    fn deposit_whole(
        &self,
        sizes: &[usize],
        document_id: Option<DocumentId>,
        paper_owner: &str,
        dossier_owner: &str,
    ) -> DocumentId {
        let document_id = document_id.unwrap_or_else(|| self.next_id());
        let files: Vec<OutgoingFile> = sizes
            .iter()
            .enumerate()
            .map(|(index, size)| {
                let mark = document_id.as_uuid().as_u128().to_be_bytes();
                let bytes: Vec<u8> = mark.iter().copied().cycle().take(*size).collect();
                let bytes = [bytes, vec![index as u8]].concat();
                let sealed_digest = Digest::of(&bytes);
                let file = OutgoingFile {
                    page: index.checked_sub(1).map(|page| page as u32),
                    digest: Digest::of(&mark),
                    size_bytes: bytes.len() as u64,
                    sealed_digest,
                    sealed_size_bytes: bytes.len() as u64,
                };
                self.files.borrow_mut().insert(sealed_digest, bytes);
                file
            })
            .collect();
        let officer = Officer {
            id: OfficerId::from_uuid(document_id.as_uuid()),
            name: "Trần Thị Thử".to_owned(),
        };
        let sequence = self.log.borrow().len() as u64 + 1;
        let record = Record {
            document_id,
            version: 1,
            local_code: LocalCode::new(self.station, sequence as u32).unwrap(),
            document_type: "birth_certificate".parse().unwrap(),
            values: Vec::new(),
            code: DigitisationCode {
                kind: CodeKind::ProcedureResult,
                text: format!("{}.KQ.G15.000031.{sequence}", self.station.number),
                parts: CodeParts {
                    owner_id: paper_owner.to_owned(),
                    ..CodeParts::default()
                },
                provisional: true,
            },
            copy_id: self.next_id(),
            deposited_at: now(),
            deposited_by: officer.id,
        };
        let dossier = Dossier {
            id: DossierId::from_uuid(document_id.as_uuid()),
            provisional_number: "20-0001".to_owned(),
            code: None,
            procedure: None,
            owner: Owner {
                id: (!dossier_owner.is_empty()).then(|| dossier_owner.parse().unwrap()),
                ..Owner::default()
            },
            received_at: now(),
            received_by: officer.id,
            components: Vec::new(),
        };
        let previous = self.log.borrow().last().map(|(entry, _)| entry.envelope);
        let outgoing = Outgoing {
            record: &record,
            manifest: Digest::of(format!("{document_id} {}", self.station.number).as_bytes()),
            parent_manifest: None,
            audit: (1, LogPlace::BEGINNING),
            office: &Office {
                code: self.office.parse().unwrap(),
                station: self.station,
            },
            officer: &officer,
            dossier: &dossier,
            component: None,
            files: &files,
            now: now(),
        };
        let place = LogPlace {
            station: self.station,
            sequence,
            previous: previous.unwrap_or(LogPlace::BEGINNING),
        };
        let envelope = prepare(&outgoing, &place, |message| {
            self.key.sign(message).to_bytes()
        });
        let envelope = envelope.unwrap();
        let entry = WaitingRecord {
            item: self.next_id(),
            document_id,
            version: 1,
            manifest: outgoing.manifest,
            dossier_id: dossier.id,
            sequence,
            envelope: Digest::of(&envelope),
            size_bytes: sizes.iter().sum::<usize>() as u64,
        };
        let sealed = files.iter().map(|file| file.sealed_digest).collect();
        self.named.borrow_mut().insert(entry.item, sealed);
        self.log.borrow_mut().push((entry, envelope));
        document_id
    }

    /// The body of the envelope at a place of the log, as JSON.
    pub fn body_of(&self, sequence: usize) -> serde_json::Value {
        let log = self.log.borrow();
        let envelope = wire::Envelope::read(&log[sequence - 1].1).unwrap();
        let key = self.key.verifying_key().to_bytes();
        serde_json::from_slice(envelope.open(&key).unwrap()).unwrap()
    }

    /// Puts any body into the log, as a later program may write it.
    pub fn deposit_raw(&self, body: &[u8]) {
        let sequence = self.log.borrow().len() as u64 + 1;
        let previous = self.log.borrow().last().map(|(entry, _)| entry.envelope);
        let place = LogPlace {
            station: self.station,
            sequence,
            previous: previous.unwrap_or(LogPlace::BEGINNING),
        };
        let sign = |message: &[u8]| self.key.sign(message).to_bytes();
        let envelope = wire::envelope::seal_submission(&place, body.to_vec(), sign);
        let entry = WaitingRecord {
            item: self.next_id(),
            document_id: self.next_id(),
            version: 1,
            manifest: Digest::of(body),
            dossier_id: self.next_id(),
            sequence,
            envelope: Digest::of(&envelope),
            size_bytes: 0,
        };
        self.log.borrow_mut().push((entry, envelope));
    }

    /// One pass of the desk's own sender; why it ended early, if it did.
    pub fn pass(&self, centre: &impl Centre) -> Option<Stop> {
        let outcome = pass(self, centre, &self.receipt_key, now(), &|| false);
        outcome.unwrap_or_else(|never| match never {}).stop
    }

    /// The key that its centre signs receipts with.
    pub fn receipt_key(&self) -> Digest {
        self.receipt_key
    }

    /// Its centre, over the network.
    pub fn http(&self) -> HttpCentre {
        HttpCentre::new(&self.access).unwrap()
    }
}

impl Store for MemoryStation {
    type Error = std::convert::Infallible;

    fn prepare(&self) -> Result<StationLogEnd, Self::Error> {
        let log = self.log.borrow();
        let last = log.last().map(|(entry, _)| entry.envelope);
        Ok(StationLogEnd {
            epoch: self.station.epoch,
            sequence: log.len() as u64,
            head: last.unwrap_or(LogPlace::BEGINNING),
        })
    }

    fn envelope_at(&self, sequence: u64) -> Result<Option<Vec<u8>>, Self::Error> {
        let log = self.log.borrow();
        let envelope = log
            .get(sequence as usize - 1)
            .map(|(_, bytes)| bytes.clone());
        if self.forgets_envelopes {
            self.made.set(self.made.get() + 1);
            let body = format!(r#"{{"wire_version":1,"again":{}}}"#, self.made.get());
            let place = LogPlace {
                station: self.station,
                sequence,
                previous: LogPlace::BEGINNING,
            };
            let sign = |message: &[u8]| self.key.sign(message).to_bytes();
            return Ok(Some(wire::envelope::seal_submission(
                &place,
                body.into_bytes(),
                sign,
            )));
        }
        Ok(envelope)
    }

    fn waiting(&self) -> Result<Vec<WaitingRecord>, Self::Error> {
        let receipts = self.receipts.borrow();
        let log = self.log.borrow();
        let parked = self.parked_items.borrow();
        let waiting = log
            .iter()
            .map(|(entry, _)| entry)
            .filter(|entry| !receipts.contains_key(&entry.item) && !parked.contains(&entry.item));
        Ok(waiting.cloned().collect())
    }

    fn confirmed(&self) -> Result<u64, Self::Error> {
        let (log, receipts) = (self.log.borrow(), self.receipts.borrow());
        let confirmed = log
            .iter()
            .rposition(|(entry, _)| receipts.contains_key(&entry.item));
        Ok(confirmed.map_or(0, |index| index as u64 + 1))
    }

    fn files_of(&self, entry: &WaitingRecord) -> Result<Vec<(Digest, u64)>, Self::Error> {
        let named = &self.named.borrow()[&entry.item];
        let files = self.files.borrow();
        Ok(named
            .iter()
            .map(|sealed| (*sealed, files[sealed].len() as u64))
            .collect())
    }

    fn read_part(
        &self,
        sealed: &Digest,
        offset: u64,
        limit: usize,
    ) -> Result<Option<Vec<u8>>, Self::Error> {
        let files = self.files.borrow();
        Ok(files.get(sealed).map(|bytes| {
            let rest = &bytes[(offset as usize).min(bytes.len())..];
            rest[..limit.min(rest.len())].to_vec()
        }))
    }

    fn keep_receipt(
        &self,
        entry: &WaitingRecord,
        _: &Receipt,
        bytes: &[u8],
    ) -> Result<(), Self::Error> {
        let before = self
            .receipts
            .borrow_mut()
            .insert(entry.item, bytes.to_vec());
        // A repeat is the same receipt, byte for byte.
        assert!(before.is_none_or(|before| before == bytes));
        Ok(())
    }

    fn park(&self, entry: &WaitingRecord, why: Parked) -> Result<(), Self::Error> {
        self.parked_items.borrow_mut().insert(entry.item);
        self.parked.borrow_mut().push(why);
        Ok(())
    }
}
