//! The station's log: the envelopes that go to the centre, each chained to the one before,
//! and the files that go with them.

use chrono::{DateTime, Utc};
use domain::delivery::{OutgoingFile, StationLogEnd, WaitingRecord};
use domain::digest::Digest;
use domain::ids::{DocumentId, DossierId, OutboxItemId};
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::{Columns, instant, key};
use crate::error::Error;

const TABLE: &str = "station_log";
const FILES: &str = "outgoing_file";

// A record may stand in the log twice: once more in the epoch after the vault was brought
// back, because nobody knows what the vault that is gone has sent.
pub(crate) const V1: &str = "
CREATE TABLE station_log (
    epoch       INTEGER NOT NULL,
    sequence    INTEGER NOT NULL CHECK (sequence >= 1),
    outbox_id   BLOB NOT NULL REFERENCES outbox (id),
    envelope    BLOB NOT NULL,
    digest      BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    prepared_at TEXT NOT NULL,
    PRIMARY KEY (epoch, sequence),
    UNIQUE (outbox_id, epoch)
) STRICT;
CREATE TRIGGER station_log_stays BEFORE DELETE ON station_log
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER station_log_never_changes BEFORE UPDATE ON station_log
BEGIN SELECT RAISE(ABORT, 'the log of a station never changes'); END;
CREATE TABLE outgoing_file (
    outbox_id         BLOB NOT NULL REFERENCES outbox (id),
    -- The electronic copy has none.
    page              INTEGER,
    digest            BLOB NOT NULL CHECK (length(digest) = 32),
    size_bytes        INTEGER NOT NULL,
    sealed_digest     BLOB NOT NULL CHECK (length(sealed_digest) = 32),
    sealed_size_bytes INTEGER NOT NULL,
    -- For whose centre.
    recipient         TEXT NOT NULL,
    -- 0: it lies here; 1: the centre has it; 2: it lies here no longer.
    dropped           INTEGER NOT NULL CHECK (dropped IN (0, 1, 2))
) STRICT;
CREATE UNIQUE INDEX outgoing_file_once
    ON outgoing_file (outbox_id, sealed_digest, coalesce(page, -1));
CREATE INDEX outgoing_file_named ON outgoing_file (sealed_digest);
CREATE INDEX outgoing_file_dropped ON outgoing_file (sealed_digest) WHERE dropped = 1;
CREATE TABLE receipt (
    outbox_id   BLOB PRIMARY KEY REFERENCES outbox (id),
    bytes       BLOB NOT NULL,
    code        TEXT NOT NULL,
    received_at TEXT NOT NULL,
    kept_at     TEXT NOT NULL
) STRICT;
CREATE INDEX receipt_code ON receipt (code);
CREATE TRIGGER receipt_stays BEFORE DELETE ON receipt
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER receipt_never_changes BEFORE UPDATE ON receipt
BEGIN SELECT RAISE(ABORT, 'a receipt never changes'); END;
CREATE TABLE parked (
    outbox_id BLOB PRIMARY KEY REFERENCES outbox (id),
    reason    TEXT NOT NULL,
    parked_at TEXT NOT NULL
) STRICT;";

/// An envelope that goes into the log.
#[derive(Clone, Copy, Debug)]
pub struct StationLogEntry<'a> {
    /// Whose envelope it is.
    pub item: OutboxItemId,
    /// Its place in this epoch's log.
    pub sequence: u64,
    /// Its bytes.
    pub envelope: &'a [u8],
    /// When it was made.
    pub prepared_at: DateTime<Utc>,
}

impl Reader<'_> {
    /// Where the log of this epoch ends.
    pub fn station_log_end(&self) -> Result<StationLogEnd, Error> {
        let epoch = self.office()?.station.epoch;
        let end = self.one(
            TABLE,
            "SELECT sequence, digest FROM station_log WHERE epoch = ?1
             ORDER BY sequence DESC LIMIT 1",
            params![epoch],
            |columns| {
                Ok(StationLogEnd {
                    epoch,
                    sequence: columns.get::<i64>("sequence")? as u64,
                    head: columns.digest("digest")?,
                })
            },
        )?;
        Ok(end.unwrap_or(StationLogEnd {
            epoch,
            sequence: 0,
            head: Digest::from_bytes([0; 32]),
        }))
    }

    /// The envelope at a place of this epoch's log.
    pub fn envelope_at(&self, sequence: u64) -> Result<Option<Vec<u8>>, Error> {
        let epoch = self.office()?.station.epoch;
        self.one(
            TABLE,
            "SELECT envelope FROM station_log WHERE epoch = ?1 AND sequence = ?2",
            params![epoch, sequence as i64],
            |columns| columns.get("envelope"),
        )
    }

    /// The next record, in the order of deposit, that is not in the log of this epoch, has
    /// no receipt and is not parked.
    pub fn next_to_prepare(&self) -> Result<Option<crate::OutboxItem>, Error> {
        let epoch = self.office()?.station.epoch;
        self.one(
            "outbox",
            "SELECT * FROM outbox o
             WHERE o.has_receipt = 0
               AND NOT EXISTS (SELECT 1 FROM station_log l WHERE l.outbox_id = o.id AND l.epoch = ?1)
               AND NOT EXISTS (SELECT 1 FROM parked p WHERE p.outbox_id = o.id)
             ORDER BY sequence LIMIT 1",
            params![epoch],
            |columns| {
                Ok(crate::OutboxItem {
                    id: columns.id("id", OutboxItemId::from_uuid)?,
                    document_id: columns.id("document_id", DocumentId::from_uuid)?,
                    version: columns.get("version")?,
                    manifest_digest: columns.digest("manifest_digest")?,
                    enqueued_at: columns.instant("enqueued_at")?,
                })
            },
        )
    }

    /// The digest of the manifest of an earlier version.
    pub fn manifest_digest_of(
        &self,
        id: DocumentId,
        version: u32,
    ) -> Result<Option<Digest>, Error> {
        self.one(
            "outbox",
            "SELECT manifest_digest FROM outbox WHERE document_id = ?1 AND version = ?2",
            params![key!(id), version],
            |columns| columns.digest("manifest_digest"),
        )
    }

    /// How far the trail had come when a record went into the outbox.
    pub fn audit_end_at(&self, item: OutboxItemId) -> Result<Option<(u64, Digest)>, Error> {
        let end = self.one(
            "outbox",
            "SELECT audit_position, audit_hash FROM outbox WHERE id = ?1",
            params![key!(item)],
            |columns| {
                let position: Option<i64> = columns.get("audit_position")?;
                let hash: Option<[u8; 32]> = columns.get("audit_hash")?;
                Ok(position.zip(hash))
            },
        )?;
        Ok(end
            .flatten()
            .map(|(position, hash)| (position as u64, Digest::from_bytes(hash))))
    }

    /// What waits in this epoch's log, in its order.
    pub fn waiting_records(&self) -> Result<Vec<WaitingRecord>, Error> {
        let epoch = self.office()?.station.epoch;
        self.many(
            TABLE,
            "SELECT l.sequence, l.digest, o.id, o.document_id, o.version, o.manifest_digest,
                d.dossier_id,
                (SELECT coalesce(sum(sealed_size_bytes), 0) FROM outgoing_file f
                 WHERE f.outbox_id = o.id) AS size_bytes
             FROM outbox o JOIN station_log l ON l.outbox_id = o.id AND l.epoch = ?1
                JOIN document d ON d.id = o.document_id
             WHERE o.has_receipt = 0
               AND NOT EXISTS (SELECT 1 FROM parked p WHERE p.outbox_id = o.id)
             ORDER BY l.sequence",
            params![epoch],
            |columns| {
                Ok(WaitingRecord {
                    item: columns.id("id", OutboxItemId::from_uuid)?,
                    document_id: columns.id("document_id", DocumentId::from_uuid)?,
                    version: columns.get("version")?,
                    manifest: columns.digest("manifest_digest")?,
                    dossier_id: columns.id("dossier_id", DossierId::from_uuid)?,
                    sequence: columns.get::<i64>("sequence")? as u64,
                    envelope: columns.digest("digest")?,
                    size_bytes: columns.get::<i64>("size_bytes")? as u64,
                })
            },
        )
    }

    /// The last place of this epoch's log whose record has a receipt; 0 when none has.
    pub fn last_confirmed(&self) -> Result<u64, Error> {
        let epoch = self.office()?.station.epoch;
        let last = self.one(
            TABLE,
            "SELECT max(l.sequence) AS last FROM station_log l JOIN receipt USING (outbox_id)
             WHERE l.epoch = ?1",
            params![epoch],
            |columns| columns.get::<Option<i64>>("last"),
        )?;
        Ok(last.flatten().unwrap_or(0) as u64)
    }

    /// The sealed files of a record that lie here for the centre, with their lengths.
    pub fn outgoing_files(&self, item: OutboxItemId) -> Result<Vec<(Digest, u64)>, Error> {
        self.many(
            FILES,
            "SELECT sealed_digest, sealed_size_bytes FROM outgoing_file
             WHERE outbox_id = ?1 AND dropped = 0 ORDER BY page",
            params![key!(item)],
            |columns| {
                let size: i64 = columns.get("sealed_size_bytes")?;
                Ok((columns.digest("sealed_digest")?, size as u64))
            },
        )
    }

    /// The file of a document that was sealed for the centre before, if any was.
    pub fn outgoing_file_of(
        &self,
        id: DocumentId,
        digest: &Digest,
        recipient: &str,
    ) -> Result<Option<OutgoingFile>, Error> {
        self.one(
            FILES,
            "SELECT f.* FROM outgoing_file f JOIN outbox o ON o.id = f.outbox_id
             WHERE o.document_id = ?1 AND f.digest = ?2 AND f.recipient = ?3 LIMIT 1",
            params![key!(id), digest.as_bytes(), recipient],
            outgoing_file,
        )
    }
}

fn outgoing_file(columns: &Columns<'_>) -> Result<OutgoingFile, Error> {
    Ok(OutgoingFile {
        page: columns.get("page")?,
        digest: columns.digest("digest")?,
        size_bytes: columns.get::<i64>("size_bytes")? as u64,
        sealed_digest: columns.digest("sealed_digest")?,
        sealed_size_bytes: columns.get::<i64>("sealed_size_bytes")? as u64,
    })
}

impl Writer<'_> {
    /// Adds the next envelope to the log of this epoch, with its files.
    pub fn append_to_station_log(
        &self,
        entry: &StationLogEntry<'_>,
        files: &[OutgoingFile],
        recipient: &str,
    ) -> Result<(), Error> {
        let epoch = self.office()?.station.epoch;
        if entry.sequence != self.station_log_end()?.sequence + 1 {
            return Err(Error::Refused {
                noun: "log entry out of order",
            });
        }
        self.insert(
            "log entry",
            "INSERT INTO station_log VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                epoch,
                entry.sequence as i64,
                key!(entry.item),
                entry.envelope,
                Digest::of(entry.envelope).as_bytes(),
                instant(entry.prepared_at),
            ],
        )?;
        for file in files {
            // One that went with an earlier version lies where that one lies; one that was
            // prepared in an earlier epoch is there already.
            self.execute(
                "INSERT INTO outgoing_file VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, coalesce(
                    (SELECT max(dropped) FROM outgoing_file WHERE sealed_digest = ?5), 0))
                 ON CONFLICT DO NOTHING",
                params![
                    key!(entry.item),
                    file.page,
                    file.digest.as_bytes(),
                    file.size_bytes as i64,
                    file.sealed_digest.as_bytes(),
                    file.sealed_size_bytes as i64,
                    recipient,
                ],
            )?;
        }
        Ok(())
    }

    pub(crate) fn mark_dropped(&self, digest: &Digest) -> Result<(), Error> {
        self.execute(
            "UPDATE outgoing_file SET dropped = 2 WHERE sealed_digest = ?1",
            params![digest.as_bytes()],
        )
        .map(|_| ())
    }
}

impl Reader<'_> {
    /// Transport files that the centre has and that still may lie here.
    pub(crate) fn dropped_files(&self) -> Result<Vec<Digest>, Error> {
        self.many(
            FILES,
            "SELECT DISTINCT sealed_digest FROM outgoing_file WHERE dropped = 1",
            [],
            |columns| columns.digest("sealed_digest"),
        )
    }
}
