//! How what lies in the outbox stands with the centre: receipts, and reasons to send no more.

use chrono::{DateTime, Utc};
use domain::code_template::DigitisationCode;
use domain::delivery::Delivery;
use domain::ids::{DocumentId, OutboxItemId};
use domain::record::Record;
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::{instant, key};
use crate::error::Error;
use crate::table::search_code::key_of;

/// A line of the outbox, newest deposit first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxLine {
    /// The document.
    pub document_id: DocumentId,
    /// The version of its record.
    pub version: u32,
    /// When it was deposited.
    pub enqueued_at: DateTime<Utc>,
    /// How it stands.
    pub delivery: Delivery,
}

/// How many records stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutboxTotal {
    /// They wait.
    pub waiting: usize,
    /// A person must look.
    pub parked: usize,
    /// The centre has them.
    pub delivered: usize,
}

impl Reader<'_> {
    /// The newest lines of the outbox, at most so many.
    pub fn outbox(&self, limit: usize) -> Result<Vec<OutboxLine>, Error> {
        self.many(
            "outbox",
            "SELECT o.document_id, o.version, o.enqueued_at, p.reason, r.code, r.received_at
             FROM outbox o LEFT JOIN parked p ON p.outbox_id = o.id
                LEFT JOIN receipt r ON r.outbox_id = o.id
             ORDER BY o.sequence DESC LIMIT ?1",
            params![limit as i64],
            |columns| {
                let code: Option<String> = columns.get("code")?;
                let reason: Option<String> = columns.get("reason")?;
                let delivery = match (code.zip(columns.maybe_instant("received_at")?), reason) {
                    (Some((code, received_at)), _) => Delivery::Delivered { code, received_at },
                    (None, Some(reason)) => Delivery::Parked(reason),
                    (None, None) => Delivery::Waiting,
                };
                Ok(OutboxLine {
                    document_id: columns.id("document_id", DocumentId::from_uuid)?,
                    version: columns.get("version")?,
                    enqueued_at: columns.instant("enqueued_at")?,
                    delivery,
                })
            },
        )
    }

    /// How many records stand how.
    pub fn outbox_total(&self) -> Result<OutboxTotal, Error> {
        let total = self.one(
            "outbox",
            "SELECT (SELECT count(*) FROM outbox WHERE has_receipt = 0) AS open,
                (SELECT count(*) FROM receipt) AS delivered,
                (SELECT count(*) FROM parked p JOIN outbox o ON o.id = p.outbox_id
                 WHERE o.has_receipt = 0) AS parked",
            [],
            |columns| {
                let open: i64 = columns.get("open")?;
                let delivered: i64 = columns.get("delivered")?;
                let parked: i64 = columns.get("parked")?;
                Ok(OutboxTotal {
                    waiting: (open - parked) as usize,
                    parked: parked as usize,
                    delivered: delivered as usize,
                })
            },
        )?;
        Ok(total.unwrap_or_default())
    }

    /// The code of a record that stands: the one that the centre confirmed, once it has.
    pub fn code_of(&self, record: &Record) -> Result<DigitisationCode, Error> {
        let confirmed = self.one(
            "receipt",
            "SELECT r.code FROM receipt r JOIN outbox o ON o.id = r.outbox_id
             WHERE o.document_id = ?1 AND o.version = ?2",
            params![key!(record.document_id), record.version],
            |columns| columns.get("code"),
        )?;
        let code = record.code.clone();
        Ok(match confirmed {
            Some(text) => DigitisationCode {
                text,
                provisional: false,
                ..code
            },
            None => code,
        })
    }

    /// The signed receipt of a version of a document.
    pub fn receipt_bytes(&self, id: DocumentId, version: u32) -> Result<Option<Vec<u8>>, Error> {
        self.one(
            "receipt",
            "SELECT bytes FROM receipt r JOIN outbox o ON o.id = r.outbox_id
             WHERE o.document_id = ?1 AND o.version = ?2",
            params![key!(id), version],
            |columns| columns.get("bytes"),
        )
    }
}

impl Writer<'_> {
    /// Keeps the receipt of a record. Repeats change nothing. The sealed files that the
    /// centre now has are named: they may go.
    pub fn keep_receipt(
        &self,
        item: OutboxItemId,
        bytes: &[u8],
        code: &str,
        received_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        self.execute(
            "INSERT INTO receipt VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            params![key!(item), bytes, code, instant(received_at), instant(now)],
        )?;
        // The newest version of a record is the one that search finds.
        self.execute(
            "INSERT OR IGNORE INTO search_code SELECT ?2, r.sequence
             FROM outbox o JOIN record r USING (document_id, version)
             WHERE o.id = ?1 AND NOT EXISTS (SELECT 1 FROM record n
                WHERE n.document_id = r.document_id AND n.version > r.version)",
            params![key!(item), key_of(code)],
        )?;
        self.execute(
            "UPDATE outgoing_file SET dropped = 1
             WHERE dropped = 0 AND sealed_digest IN (SELECT sealed_digest FROM outgoing_file WHERE outbox_id = ?1)",
            params![key!(item)],
        )?;
        Ok(())
    }

    /// Parks a record: it is sent no more until a person looks.
    pub fn park(&self, item: OutboxItemId, reason: &str, now: DateTime<Utc>) -> Result<(), Error> {
        self.execute(
            "INSERT INTO parked VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET reason = excluded.reason, parked_at = excluded.parked_at",
            params![key!(item), reason, instant(now)],
        )
        .map(|_| ())
    }

    /// Lets all parked records be sent again. How many there were.
    pub fn unpark(&self) -> Result<usize, Error> {
        self.execute("DELETE FROM parked", [])
    }
}
