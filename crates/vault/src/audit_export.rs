//! The audit trail as a file that anybody can check who has no key of the vault: one
//! line of JSON for each event, signed heads between them, and a signed closing line.

use chrono::{DateTime, Utc};
use domain::code::AgencyCode;
use domain::digest::Digest;
use domain::ids::DocumentId;
use domain::local_code::Station;
use domain::office::Office;
use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};

use crate::access::Reader;
use crate::audit_chain::{BEGINNING, EventRow, HeadToSign};
use crate::column::instant;
use crate::error::Error;
use crate::hex;

/// The version of the file.
const VERSION: u32 = 1;

#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
enum Line {
    Header(Header),
    Event(Event),
    Head(Head),
    Closing(Closing),
}

#[derive(Clone, Serialize, Deserialize)]
struct Header {
    audit_export: u32,
    office: AgencyCode,
    station: u32,
    epoch: u16,
    #[serde(with = "hex")]
    public_key: Vec<u8>,
    /// After which events a signed head follows: none of them can be left out unseen.
    heads: Vec<u64>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Event {
    position: u64,
    #[serde(with = "hex")]
    id: Vec<u8>,
    happened_at: String,
    #[serde(with = "hex")]
    officer_id: Vec<u8>,
    act: String,
    #[serde(with = "hex::maybe")]
    dossier_id: Option<Vec<u8>>,
    #[serde(with = "hex::maybe")]
    document_id: Option<Vec<u8>>,
    #[serde(with = "hex::maybe")]
    page_id: Option<Vec<u8>>,
    field: Option<String>,
    #[serde(with = "hex::maybe")]
    subject_id: Option<Vec<u8>>,
    hash: Digest,
}

#[derive(Clone, Serialize, Deserialize)]
struct Head {
    position: u64,
    hash: Digest,
    signed_at: String,
    #[serde(with = "hex")]
    signature: Vec<u8>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Closing {
    position: u64,
    hash: Digest,
    /// SHA-256 of every byte before this line.
    digest: Digest,
    closed_at: String,
    #[serde(with = "hex")]
    signature: Vec<u8>,
}

/// How far a trail had come, as somebody wrote it down elsewhere: `POSITION:HASH`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditMark {
    /// The number of events.
    pub position: u64,
    /// The hash of the last of them.
    pub hash: Digest,
}

/// The text is no mark of an audit trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a mark of an audit trail is a number, a colon and 64 hexadecimal digits")]
pub struct NotAMark;

impl std::fmt::Display for AuditMark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.position, self.hash)
    }
}

impl std::str::FromStr for AuditMark {
    type Err = NotAMark;

    fn from_str(text: &str) -> Result<Self, NotAMark> {
        let (position, hash) = text.trim().split_once(':').ok_or(NotAMark)?;
        Ok(Self {
            position: position.parse().map_err(|_| NotAMark)?,
            hash: hash.parse().map_err(|_| NotAMark)?,
        })
    }
}

/// What somebody knows of a trail from elsewhere. Without it, whoever holds the vault's
/// key could write another trail, and an older export could stand for the newest.
#[derive(Clone, Debug, Default)]
pub struct KnownOfAudit {
    /// Marks that must stand in the trail.
    pub marks: Vec<AuditMark>,
    /// The station's public key, as 64 hexadecimal digits.
    pub public_key: Option<String>,
}

/// What was done to a trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tampering {
    /// The file is no export that this program can read.
    NotAnExport,
    /// What stands there is not what was written.
    Altered,
    /// Something that was there is not, or stands elsewhere.
    MissingOrMoved,
    /// The end is gone.
    TailCut,
    /// Something follows the end.
    Added,
    /// Another key has signed it.
    OtherKey,
}

impl Tampering {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotAnExport => "not_an_export",
            Self::Altered => "altered",
            Self::MissingOrMoved => "missing_or_moved",
            Self::TailCut => "tail_cut",
            Self::Added => "added",
            Self::OtherKey => "other_key",
        }
    }
}

/// The first place at which a trail is not as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// What was done.
    pub tampering: Tampering,
    /// The position of the event at fault, or of the one that should follow.
    pub position: u64,
    /// The line of the file, from 1.
    pub line: usize,
}

/// What an export says of itself, as far as it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditExportReport {
    /// Events that hold, from the first.
    pub events: u64,
    /// Signed heads that hold among them.
    pub heads: u64,
    /// Where what holds ends.
    pub end: AuditMark,
    /// The station's public key, to be compared with what is known of it.
    pub public_key: String,
    /// The first place that does not hold.
    pub flaw: Option<Flaw>,
}

impl Reader<'_> {
    /// The whole trail as a file, closed and signed. It holds ids and names of fields, and
    /// no person's data.
    pub fn export_audit(&self, now: DateTime<Utc>) -> Result<Vec<u8>, Error> {
        let office = Office {
            station: self.station_of_trail()?,
            ..self.office()?
        };
        let key = self.audit_key()?;
        let mut heads = self.audit_heads()?.into_iter().peekable();
        let mut written = Vec::new();
        push(
            &mut written,
            &Line::Header(Header {
                audit_export: VERSION,
                office: office.code,
                station: office.station.number,
                epoch: office.station.epoch,
                public_key: key.verifying_key().to_bytes().to_vec(),
                heads: self
                    .audit_heads()?
                    .iter()
                    .map(|head| head.end.position as u64)
                    .collect(),
            }),
        );
        let mut end = (0, BEGINNING);
        self.each_event(|row, _, hash| {
            end = (row.position, hash);
            push(&mut written, &Line::Event(Event::of(row, hash)));
            while let Some(head) = heads.next_if(|head| head.end.position <= end.0) {
                push(
                    &mut written,
                    &Line::Head(Head {
                        position: head.end.position as u64,
                        hash: Digest::from_bytes(head.end.hash),
                        signed_at: head.signed_at,
                        signature: head.signature,
                    }),
                );
            }
            Ok(())
        })?;
        let digest = Digest::of(&written);
        let closed_at = instant(now);
        let closing = HeadToSign {
            station: office.station,
            position: end.0,
            hash: end.1,
            signed_at: &closed_at,
        };
        let signature = closing.sign_closing(&key, digest.as_bytes()).to_vec();
        push(
            &mut written,
            &Line::Closing(Closing {
                position: end.0 as u64,
                hash: Digest::from_bytes(end.1),
                digest,
                closed_at,
                signature,
            }),
        );
        Ok(written)
    }

    /// How far the trail has come, to be written down elsewhere.
    pub fn audit_mark(&self) -> Result<AuditMark, Error> {
        let end = self.audit_end()?;
        Ok(AuditMark {
            position: end.position as u64,
            hash: Digest::from_bytes(end.hash),
        })
    }
}

fn text_of(line: &Line) -> String {
    serde_json::to_string(line).expect("plain fields and strings always serialise")
}

fn push(written: &mut Vec<u8>, line: &Line) {
    written.extend_from_slice(text_of(line).as_bytes());
    written.push(b'\n');
}

impl Event {
    pub(crate) fn of(row: EventRow, hash: [u8; 32]) -> Self {
        Self {
            position: row.position as u64,
            id: row.id,
            happened_at: row.happened_at,
            officer_id: row.officer_id,
            act: row.act,
            dossier_id: row.dossier_id,
            document_id: row.document_id,
            page_id: row.page_id,
            field: row.field,
            subject_id: row.subject_id,
            hash: Digest::from_bytes(hash),
        }
    }

    /// Whether its hash is that of itself after this one.
    pub(crate) fn holds_after(&self, before: &Digest) -> bool {
        self.row().hash(before.as_bytes()) == *self.hash.as_bytes()
    }

    pub(crate) fn is_about(&self, id: DocumentId) -> bool {
        self.document_id.as_deref() == Some(id.as_uuid().as_bytes())
    }

    /// Whether it stands behind another, and right behind it where the positions say so.
    pub(crate) fn follows(&self, last: &Self, before: &Digest) -> bool {
        self.position > last.position && (self.position > last.position + 1 || *before == last.hash)
    }

    fn row(&self) -> EventRow {
        EventRow {
            position: self.position as i64,
            id: self.id.clone(),
            happened_at: self.happened_at.clone(),
            officer_id: self.officer_id.clone(),
            act: self.act.clone(),
            dossier_id: self.dossier_id.clone(),
            document_id: self.document_id.clone(),
            page_id: self.page_id.clone(),
            field: self.field.clone(),
            subject_id: self.subject_id.clone(),
        }
    }
}

/// Checks an exported trail. Nothing but the file is needed, and what is known of the
/// trail from elsewhere makes the answer stronger.
pub fn verify_audit_export(file: &[u8], known: &KnownOfAudit) -> AuditExportReport {
    let mut walk = Walk::default();
    if let Err(flaw) = walk.through(file, known) {
        walk.report.flaw = Some(flaw);
    }
    walk.report
}

/// A walk through a file, up to the first flaw.
struct Walk {
    report: AuditExportReport,
    station: Station,
    key: Option<VerifyingKey>,
    heads: Vec<u64>,
    line: usize,
    closed: bool,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            report: AuditExportReport {
                events: 0,
                heads: 0,
                end: AuditMark {
                    position: 0,
                    hash: Digest::from_bytes(BEGINNING),
                },
                public_key: String::new(),
                flaw: None,
            },
            station: Station {
                number: 0,
                epoch: 0,
            },
            key: None,
            heads: Vec::new(),
            line: 0,
            closed: false,
        }
    }
}

impl Walk {
    fn flaw(&self, tampering: Tampering, position: u64) -> Flaw {
        Flaw {
            tampering,
            position,
            line: self.line,
        }
    }

    fn through(&mut self, file: &[u8], known: &KnownOfAudit) -> Result<(), Flaw> {
        let mut at = 0;
        while at < file.len() {
            self.line += 1;
            let next = self.report.events + 1;
            if self.closed {
                return Err(self.flaw(Tampering::Added, next));
            }
            // A line without its end was cut in the middle.
            let Some(length) = file[at..].iter().position(|byte| *byte == b'\n') else {
                return Err(self.flaw(Tampering::TailCut, next));
            };
            let text = &file[at..at + length];
            // Read and written again it must be the same: no byte is without meaning.
            let line = serde_json::from_slice::<Line>(text)
                .ok()
                .filter(|line| text_of(line).as_bytes() == text);
            match (line, self.line) {
                (Some(Line::Header(header)), 1) => self.begin(header, known)?,
                (_, 1) => return Err(self.flaw(Tampering::NotAnExport, next)),
                (Some(Line::Event(event)), _) => self.event(&event, known)?,
                (Some(Line::Head(head)), _) => self.head(&head)?,
                (Some(Line::Closing(closing)), _) => {
                    self.closing(&closing, &Digest::of(&file[..at]))?;
                }
                (None | Some(Line::Header(_)), _) => {
                    return Err(self.flaw(Tampering::Altered, next));
                }
            }
            at += length + 1;
        }
        self.line += 1;
        let next = self.report.events + 1;
        if self.line == 1 {
            return Err(self.flaw(Tampering::NotAnExport, next));
        }
        let further = |mark: &AuditMark| mark.position > self.report.events;
        if !self.closed || known.marks.iter().any(further) {
            return Err(self.flaw(Tampering::TailCut, next));
        }
        Ok(())
    }

    fn begin(&mut self, header: Header, known: &KnownOfAudit) -> Result<(), Flaw> {
        let key: Option<[u8; 32]> = header.public_key.as_slice().try_into().ok();
        self.key = key.and_then(|key| VerifyingKey::from_bytes(&key).ok());
        if header.audit_export != VERSION || self.key.is_none() {
            return Err(self.flaw(Tampering::NotAnExport, 1));
        }
        hex::push(&mut self.report.public_key, &header.public_key);
        let expected = known.public_key.as_ref();
        if expected.is_some_and(|key| !key.eq_ignore_ascii_case(&self.report.public_key)) {
            return Err(self.flaw(Tampering::OtherKey, 1));
        }
        self.station = Station {
            number: header.station,
            epoch: header.epoch,
        };
        self.heads = header.heads;
        Ok(())
    }

    /// A head that should stand here and does not.
    fn no_head_is_due(&self) -> Result<(), Flaw> {
        let due = self.heads.get(self.report.heads as usize);
        if due.is_some_and(|due| *due <= self.report.events) {
            return Err(self.flaw(Tampering::MissingOrMoved, self.report.events));
        }
        Ok(())
    }

    fn event(&mut self, event: &Event, known: &KnownOfAudit) -> Result<(), Flaw> {
        self.no_head_is_due()?;
        let next = self.report.events + 1;
        if event.position != next {
            return Err(self.flaw(Tampering::MissingOrMoved, next));
        }
        if event.row().hash(self.report.end.hash.as_bytes()) != *event.hash.as_bytes() {
            return Err(self.flaw(Tampering::Altered, next));
        }
        let end = AuditMark {
            position: next,
            hash: event.hash,
        };
        let contradicts = |mark: &AuditMark| mark.position == next && *mark != end;
        if known.marks.iter().any(contradicts) {
            return Err(self.flaw(Tampering::Altered, next));
        }
        self.report.events = next;
        self.report.end = end;
        Ok(())
    }

    fn is_end(&self, position: u64, hash: Digest) -> bool {
        self.report.end == AuditMark { position, hash }
    }

    fn to_sign<'a>(&self, signed_at: &'a str) -> HeadToSign<'a> {
        HeadToSign {
            station: self.station,
            position: self.report.events as i64,
            hash: *self.report.end.hash.as_bytes(),
            signed_at,
        }
    }

    fn head(&mut self, head: &Head) -> Result<(), Flaw> {
        let due = self.heads.get(self.report.heads as usize) == Some(&self.report.events);
        if !due || head.position != self.report.events {
            return Err(self.flaw(Tampering::MissingOrMoved, self.report.events.max(1)));
        }
        let signed = self.key.as_ref().is_some_and(|key| {
            self.to_sign(&head.signed_at)
                .is_signed(key, &head.signature)
        });
        if !signed || !self.is_end(head.position, head.hash) {
            return Err(self.flaw(Tampering::Altered, self.report.events));
        }
        self.report.heads += 1;
        Ok(())
    }

    fn closing(&mut self, closing: &Closing, digest: &Digest) -> Result<(), Flaw> {
        self.no_head_is_due()?;
        if closing.position > self.report.events {
            return Err(self.flaw(Tampering::MissingOrMoved, self.report.events + 1));
        }
        let signed = self.key.as_ref().is_some_and(|key| {
            self.to_sign(&closing.closed_at).is_closing_signed(
                key,
                digest.as_bytes(),
                &closing.signature,
            )
        });
        if !signed
            || closing.digest != *digest
            || !self.is_end(closing.position, closing.hash)
            || self.heads.len() as u64 != self.report.heads
        {
            return Err(self.flaw(Tampering::Altered, self.report.events + 1));
        }
        self.closed = true;
        Ok(())
    }
}
