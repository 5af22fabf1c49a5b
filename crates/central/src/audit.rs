//! Audit: everything that was received, read again from the envelopes that stations signed,
//! and compared with what the database says of it now.

use domain::digest::Digest;
use tokio_postgres::Row;
use wire::{Envelope, LogHead, LogPlace, Receipt, Submission};

use crate::Centre;
use crate::database::Prepared as _;
use crate::error::Error;
use crate::log::Log;
use crate::reach::Reach;

/// So many leaves are read at a time.
const BATCH: i64 = 1_000;
/// More complaints are counted, and not told one by one.
const TOLD: usize = 100;

/// What an audit found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audited {
    /// Leaves of the log that were read.
    pub leaves: u64,
    /// Envelopes of all stations that were read.
    pub envelopes: u64,
    /// How much is not as it was signed.
    pub complaint_count: u64,
    /// The first of it: places of the log and what is wrong there, never whose.
    pub complaints: Vec<String>,
}

impl Audited {
    fn complain(&mut self, complaint: String) {
        self.complaint_count += 1;
        if self.complaints.len() < TOLD {
            self.complaints.push(complaint);
        }
    }
}

impl Centre {
    /// The head of the log, signed now.
    pub async fn log_head(&self) -> Result<LogHead, Error> {
        let within = self.database.within(Reach::Log).await?;
        let row = within
            .one("SELECT leaves, peaks, now() FROM log", &[])
            .await?;
        let log = Log::from_row(row.get("leaves"), row.get("peaks"))?;
        let sign = |message: &[u8]| self.keys.sign_receipt(message);
        Ok(LogHead::seal(log.leaves(), log.root(), row.get(2), sign))
    }

    /// Reads everything again. `earlier` are heads that were kept elsewhere: what they saw must
    /// be there still.
    pub async fn audit(&self, earlier: &[LogHead]) -> Result<Audited, Error> {
        let mut audited = Audited::default();
        let key = self.keys.receipt_key();
        let mut kept: Vec<&LogHead> = Vec::new();
        for head in earlier {
            if head.is_signed_by(&key) {
                kept.push(head);
            } else {
                audited.complain(format!("a head of {} leaves: not signed here", head.leaves));
            }
        }
        // What is received while it is read is left to the next audit.
        let within = self.database.within(Reach::Auditing).await?;
        let row = within.one("SELECT leaves, peaks FROM log", &[]).await?;
        let now = Log::from_row(row.get("leaves"), row.get("peaks"))?;
        let mut log = Log::default();
        while log.leaves() < now.leaves() {
            let (begin, end) = (log.leaves() as i64, now.leaves() as i64);
            let rows = within
                .rows(
                    "SELECT r.log_index, r.envelope, r.body::text, r.receipt, e.bytes, s.key
                     FROM record r LEFT JOIN envelope e ON e.digest = r.envelope
                     LEFT JOIN station s ON s.number = r.station
                     WHERE r.log_index >= $1 AND r.log_index < $2 ORDER BY r.log_index LIMIT $3",
                    &[&begin, &end, &BATCH],
                )
                .await?;
            if rows.is_empty() {
                audited.complain(format!("leaf {begin} and all after it: gone"));
                break;
            }
            for row in rows {
                for missing in log.leaves()..row.get::<_, i64>("log_index") as u64 {
                    audited.complain(format!("leaf {missing}: gone"));
                    // What came after it can still be compared, but for its proof.
                    log.add(&Digest::from_bytes([0; 32]));
                }
                if let Err(why) = leaf(&row, &mut log, &key) {
                    audited.complain(format!("leaf {}: {why}", row.get::<_, i64>("log_index")));
                }
                audited.leaves += 1;
                for head in kept.iter().filter(|head| head.leaves == log.leaves()) {
                    if head.root != log.root() {
                        let leaves = head.leaves;
                        audited.complain(format!("the head of {leaves} leaves: another log"));
                    }
                }
            }
        }
        if log != now {
            audited.complain("the log: its root is not that of its leaves".to_owned());
        }
        for head in kept.iter().filter(|head| head.leaves > now.leaves()) {
            let (then, now) = (head.leaves, now.leaves());
            audited.complain(format!("the head of {then} leaves: only {now} are left"));
        }
        within.commit().await?;
        self.audit_stations(&mut audited).await?;
        Ok(audited)
    }

    /// Each station's log is one chain in each epoch, without a gap.
    async fn audit_stations(&self, audited: &mut Audited) -> Result<(), Error> {
        let within = self.database.within(Reach::Auditing).await?;
        let stations = within
            .rows("SELECT number, key, epoch, sequence FROM station", &[])
            .await?;
        for station in stations {
            let number: i32 = station.get("number");
            let Ok(key) = <[u8; 32]>::try_from(station.get::<_, &[u8]>("key")) else {
                audited.complain(format!("station {number}: its key is none"));
                continue;
            };
            let (mut epoch, mut sequence) = (-1, 0);
            let mut previous = LogPlace::BEGINNING;
            loop {
                let rows = within
                    .rows(
                        "SELECT epoch, sequence, digest, bytes FROM envelope
                         WHERE station = $1 AND (epoch, sequence) > ($2, $3)
                         ORDER BY epoch, sequence LIMIT $4",
                        &[&number, &epoch, &sequence, &BATCH],
                    )
                    .await?;
                if rows.is_empty() {
                    break;
                }
                for row in rows {
                    let (of, at): (i32, i64) = (row.get("epoch"), row.get("sequence"));
                    if of != epoch {
                        (epoch, sequence, previous) = (of, 0, LogPlace::BEGINNING);
                    }
                    let place = format!("station {number}, epoch {of}, envelope {at}");
                    if at != sequence + 1 {
                        audited.complain(format!("{place}: what was before it is gone"));
                    }
                    match chained(&row, &key) {
                        Some(link) if link.previous == previous || at != sequence + 1 => {}
                        Some(_) => audited.complain(format!("{place}: it follows another")),
                        None => audited.complain(format!("{place}: not what was signed")),
                    }
                    audited.envelopes += 1;
                    sequence = at;
                    previous = digest(&row, "digest").unwrap_or(LogPlace::BEGINNING);
                }
            }
            let known: (i32, i64) = (station.get("epoch"), station.get("sequence"));
            if epoch >= 0 && known != (epoch, sequence) {
                audited.complain(format!("station {number}: its last envelopes are gone"));
            }
        }
        Ok(())
    }
}

fn digest(row: &Row, column: &str) -> Option<Digest> {
    let bytes: Option<&[u8]> = row.get(column);
    Some(Digest::from_bytes(bytes?.try_into().ok()?))
}

/// The place that an envelope has in its station's log, if it is the one that was signed.
fn chained(row: &Row, key: &[u8; 32]) -> Option<LogPlace> {
    let envelope = Envelope::read(row.get("bytes")).ok()?;
    let place = envelope.place();
    let is_here = digest(row, "digest") == Some(envelope.digest())
        && i32::from(place.station.epoch) == row.get::<_, i32>("epoch")
        && place.sequence as i64 == row.get::<_, i64>("sequence");
    (is_here && envelope.open(key).is_ok()).then_some(place)
}

/// Compares a leaf with the envelope that its station signed and the receipt that went out.
fn leaf(row: &Row, log: &mut Log, receipt_key: &Digest) -> Result<(), &'static str> {
    let leaf = digest(row, "envelope").ok_or("no digest")?;
    let proof = log.add(&leaf);
    let bytes: Option<&[u8]> = row.get("bytes");
    let envelope = Envelope::read(bytes.ok_or("its envelope is gone")?);
    let envelope = envelope.map_err(|_| "its envelope is none")?;
    if envelope.digest() != leaf {
        return Err("its envelope is another");
    }
    let key: Option<&[u8]> = row.get("key");
    let key = key.and_then(|key| key.try_into().ok());
    let body = envelope.open(key.ok_or("its station is gone")?);
    let body = body.map_err(|_| "its station did not sign it")?;
    let said = Submission::from_bytes(body).map_err(|_| "its envelope holds no record")?;
    let kept = Submission::from_bytes(row.get::<_, &str>(2).as_bytes());
    if kept.ok().as_ref() != Some(&said) {
        return Err("its row does not say what was signed");
    }
    let receipt: Option<&[u8]> = row.get("receipt");
    let receipt = Receipt::open(receipt.unwrap_or_default(), receipt_key.as_bytes());
    let receipt = receipt.map_err(|_| "its receipt does not hold")?;
    if receipt.envelope_sha256 != leaf || receipt.log != proof {
        return Err("its receipt proves another log");
    }
    Ok(())
}
