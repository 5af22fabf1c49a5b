//! Receipts: made for all complete records at once, in the order of the centre's log.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};
use std::time::Instant;

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use domain::ids::DocumentId;
use uuid::Uuid;
use wire::{FinalCode, Receipt};

use crate::Centre;
use crate::database::Prepared as _;
use crate::error::Error;
use crate::log::Log;
use crate::reach::{Reach, Within};

/// So many receipts are made in one transaction.
const BATCH: usize = 256;

/// A complete record that waits for its receipt.
struct Complete {
    id: i64,
    document_id: Uuid,
    version: u32,
    manifest: Digest,
    envelope: Digest,
    station: u32,
    epoch: u16,
    sequence: u64,
    code_base: String,
}

impl Centre {
    /// The receipt of a complete record. Whoever has the turn makes those of all who wait: one
    /// commit for many.
    pub(crate) async fn receipt_of(&self, record: i64) -> Result<Vec<u8>, Error> {
        self.complete().push(record);
        let _turn = self.sealing.lock().await;
        let receipt: Option<Vec<u8>> = {
            let within = self.database.within(Reach::Sealing).await?;
            within
                .one("SELECT receipt FROM record WHERE id = $1", &[&record])
                .await?
                .get("receipt")
        };
        if let Some(receipt) = receipt {
            return Ok(receipt);
        }
        // With the own one among them, also where somebody's turn failed before.
        let mut records: Vec<i64> = {
            let mut complete = self.complete();
            let batch = complete.len().min(BATCH);
            complete.drain(..batch).collect()
        };
        records.push(record);
        let mut receipts = self.seal(&records).await?;
        receipts.remove(&record).ok_or(Error::Damaged("record"))
    }

    fn complete(&self) -> MutexGuard<'_, Vec<i64>> {
        self.complete.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the receipts of those of these records that have none. Their files are stored.
    async fn seal(&self, records: &[i64]) -> Result<HashMap<i64, Vec<u8>>, Error> {
        let began = Instant::now();
        let within = self.database.within(Reach::Sealing).await?;
        // The row of the log is held: other instances wait, and go on where this one ended.
        let row = within
            .one("SELECT leaves, peaks, now() FROM log FOR UPDATE", &[])
            .await?;
        let mut log = Log::from_row(row.get("leaves"), row.get("peaks"))?;
        let now: DateTime<Utc> = row.get(2);
        let complete = complete(&within, records).await?;
        let ordinals = ordinals(&within, &complete).await?;
        let mut sealed = Sealed::default();
        for (record, ordinal) in complete.iter().zip(&ordinals) {
            let receipt = Receipt {
                wire_version: wire::VERSION,
                document_id: DocumentId::from_uuid(record.document_id),
                version: record.version,
                manifest_sha256: record.manifest,
                envelope_sha256: record.envelope,
                station: record.station,
                epoch: record.epoch,
                sequence: record.sequence,
                received_at: now,
                code: FinalCode {
                    text: final_code(&record.code_base, *ordinal),
                    ordinal: *ordinal as u32,
                },
                log: log.add(&record.envelope),
            };
            sealed.ids.push(record.id);
            sealed.indexes.push(receipt.log.index as i64);
            sealed.ordinals.push(*ordinal);
            sealed
                .receipts
                .push(receipt.seal(|message| self.keys.sign_receipt(message)));
        }
        within
            .done(
                "UPDATE record SET state = 'received', received_at = $5, log_index = given.place,
                    code_ordinal = given.ordinal, receipt = given.receipt
                 FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bytea[])
                    AS given (id, place, ordinal, receipt)
                 WHERE record.id = given.id",
                &[
                    &sealed.ids,
                    &sealed.indexes,
                    &sealed.ordinals,
                    &sealed.receipts,
                    &now,
                ],
            )
            .await?;
        within
            .done(
                "INSERT INTO tally (office, day, kind, papers)
                 SELECT office, (received_at AT TIME ZONE interval '7 hours')::date,
                    document_type, count(*)
                 FROM record WHERE id = ANY($1) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
                 ON CONFLICT (office, day, kind)
                    DO UPDATE SET papers = tally.papers + excluded.papers",
                &[&sealed.ids],
            )
            .await?;
        let (leaves, peaks) = log.to_row();
        within
            .done("UPDATE log SET leaves = $1, peaks = $2", &[&leaves, &peaks])
            .await?;
        let count = sealed.ids.len() as u64;
        let mut made: HashMap<i64, Vec<u8>> = sealed.ids.into_iter().zip(sealed.receipts).collect();
        if records.iter().any(|record| !made.contains_key(record)) {
            made.extend(received(&within, records).await?);
        }
        within.commit().await?;
        self.metrics.receipts.inc_by(count);
        let took = began.elapsed().as_secs_f64();
        self.metrics.commit_seconds.observe(took);
        Ok(made)
    }
}

#[derive(Default)]
struct Sealed {
    ids: Vec<i64>,
    indexes: Vec<i64>,
    ordinals: Vec<i32>,
    receipts: Vec<Vec<u8>>,
}

/// Receipts that another instance made meanwhile.
async fn received(within: &Within, records: &[i64]) -> Result<Vec<(i64, Vec<u8>)>, Error> {
    let rows = within
        .rows(
            "SELECT id, receipt FROM record WHERE id = ANY($1) AND receipt IS NOT NULL",
            &[&records],
        )
        .await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

async fn complete(within: &Within, records: &[i64]) -> Result<Vec<Complete>, Error> {
    let rows = within
        .rows(
            "SELECT r.id, r.document_id, r.version, r.manifest, r.envelope, r.station, r.code_base,
                e.epoch, e.sequence
             FROM record r JOIN envelope e ON e.digest = r.envelope
             WHERE r.state = 'announced' AND r.id = ANY($1) ORDER BY r.id",
            &[&records],
        )
        .await?;
    let digest = |bytes: &[u8]| {
        let bytes = bytes.try_into().map_err(|_| Error::Damaged("record"))?;
        Ok::<_, Error>(Digest::from_bytes(bytes))
    };
    rows.iter()
        .map(|row| {
            Ok(Complete {
                id: row.get("id"),
                document_id: row.get("document_id"),
                version: row.get::<_, i32>("version") as u32,
                manifest: digest(row.get("manifest"))?,
                envelope: digest(row.get("envelope"))?,
                station: row.get::<_, i32>("station") as u32,
                epoch: row.get::<_, i32>("epoch") as u16,
                sequence: row.get::<_, i64>("sequence") as u64,
                code_base: row.get("code_base"),
            })
        })
        .collect()
}

/// The ordinal of each record's code: that of its document where it has one, else the next.
async fn ordinals(within: &Within, complete: &[Complete]) -> Result<Vec<i32>, Error> {
    let bases: Vec<&str> = complete.iter().map(|record| &*record.code_base).collect();
    let documents: Vec<Uuid> = complete.iter().map(|record| record.document_id).collect();
    let mut next: HashMap<String, i32> = HashMap::new();
    for row in within
        .rows(
            "SELECT base, max(ordinal) FROM code WHERE base = ANY($1) GROUP BY base",
            &[&bases],
        )
        .await?
    {
        next.insert(row.get(0), row.get::<_, i32>(1) + 1);
    }
    let mut known: HashMap<(String, Uuid), i32> = HashMap::new();
    for row in within
        .rows(
            "SELECT base, document_id, ordinal FROM code
             WHERE base = ANY($1) AND document_id = ANY($2)",
            &[&bases, &documents],
        )
        .await?
    {
        known.insert((row.get(0), row.get(1)), row.get(2));
    }
    let mut given: (Vec<&str>, Vec<i32>, Vec<Uuid>) = Default::default();
    let mut ordinals = Vec::with_capacity(complete.len());
    for record in complete {
        let key = (record.code_base.clone(), record.document_id);
        let ordinal = *known.entry(key).or_insert_with(|| {
            let next = next.entry(record.code_base.clone()).or_default();
            let ordinal = *next;
            *next += 1;
            given.0.push(&record.code_base);
            given.1.push(ordinal);
            given.2.push(record.document_id);
            ordinal
        });
        ordinals.push(ordinal);
    }
    within
        .done(
            "INSERT INTO code SELECT * FROM unnest($1::text[], $2::integer[], $3::uuid[])",
            &[&given.0, &given.1, &given.2],
        )
        .await?;
    Ok(ordinals)
}

/// The code with its ordinal, where the same code came before.
// Circular 01/2023/TT-VPCP, art. 10: a code that repeats gets an ordinal behind it.
pub(crate) fn final_code(base: &str, ordinal: i32) -> String {
    if ordinal == 0 {
        base.to_owned()
    } else {
        format!("{base}.{ordinal:02}")
    }
}
