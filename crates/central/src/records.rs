//! Records: announced by an envelope that goes into the station's log, whatever it holds.

use std::collections::HashSet;

use domain::digest::Digest;
use wire::submission::{SealedFile, SubmissionError};
use wire::{Envelope, LogPlace, Missing, ProblemCode, Progress, Submission};

use crate::Centre;
use crate::database::Prepared as _;
use crate::error::Error;
use crate::reach::{Reach, Within};
use crate::stations::Station;

/// No paper has more files, and no envelope has room for them.
const FILES: usize = 4096;
/// No code and no name is longer. One that no index takes would hold up the receipts of all.
const WORD_LIMIT_BYTES: usize = 500;

impl Centre {
    /// Takes an envelope into the log of its station and says what is missing of its record.
    pub(crate) async fn announce(&self, number: u32, bytes: &[u8]) -> Result<Progress, Error> {
        // Its connection is given back before another is asked for: who holds one and waits
        // for a second may wait for ever.
        let standing = self.take(number, bytes).await?;
        self.progress_of(standing).await
    }

    async fn take(&self, number: u32, bytes: &[u8]) -> Result<Standing, Error> {
        let envelope = Envelope::read(bytes).map_err(|_| Error::from(ProblemCode::Malformed))?;
        let place = envelope.place();
        if place.station.number != number {
            return Err(ProblemCode::SignatureWrong.into());
        }
        let within = self.database.within(Reach::Station(number as i32)).await?;
        // Two copies of one envelope that come at once wait here for each other.
        let station = Station::of(&within, number, true).await?;
        let body = envelope
            .open(&station.key)
            .map_err(|_| Error::from(ProblemCode::SignatureWrong))?;
        if let Some(known) = known(&within, number, &envelope.digest()).await? {
            return standing(&within, known).await;
        }
        if let Err(error) = follows(&station, &place) {
            if let Error::Refused(problem) = &error
                && problem.code == ProblemCode::Forked
            {
                mark_forked(&within, &station, &envelope, bytes).await?;
                within.commit().await?;
                tracing::warn!(station = number, "a station was cloned and is shut out");
            }
            return Err(error);
        }
        let outcome = stored(&within, &station, &envelope, body).await?;
        log(&within, &envelope, bytes, outcome).await?;
        within
            .done(
                "UPDATE station SET epoch = $2, sequence = $3, head = $4, seen_at = now()
                 WHERE number = $1",
                &[
                    &station.number,
                    &i32::from(place.station.epoch),
                    &(place.sequence as i64),
                    &envelope.digest().as_bytes().as_slice(),
                ],
            )
            .await?;
        let known = match outcome {
            Ok(id) => Known::Record(id),
            Err(code) => Known::Refused(code),
        };
        let standing = standing(&within, known).await?;
        within.commit().await?;
        Ok(standing)
    }

    /// How the record of an envelope stands.
    pub(crate) async fn progress(&self, number: u32, envelope: &Digest) -> Result<Progress, Error> {
        let standing = {
            let within = self.database.within(Reach::Station(number as i32)).await?;
            Station::of(&within, number, false).await?;
            let known = known(&within, number, envelope).await?;
            standing(&within, known.ok_or(Error::from(ProblemCode::Unknown))?).await?
        };
        self.progress_of(standing).await
    }

    async fn progress_of(&self, standing: Standing) -> Result<Progress, Error> {
        let (id, absent) = match standing {
            Standing::Settled(progress) => return Ok(progress),
            Standing::Open(id, absent) => (id, absent),
        };
        let mut missing = Vec::new();
        for file in absent {
            // Whoever took the last part of it may have died before he could make it whole.
            let whole = file.have_bytes == file.size_bytes
                && self
                    .join_parts(file.station, &file.sealed, file.size_bytes)
                    .await?;
            if !whole {
                let lost = file.have_bytes == file.size_bytes;
                missing.push(Missing {
                    sealed_sha256: file.sealed,
                    have_bytes: if lost { 0 } else { file.have_bytes },
                });
            }
        }
        if !missing.is_empty() {
            return Ok(Progress::Waiting { missing });
        }
        let receipt = self.receipt_of(id).await?;
        Ok(Progress::Received { receipt })
    }
}

/// How far a record has come.
enum Standing {
    /// There is nothing more to do.
    Settled(Progress),
    /// It has no receipt, and these of its files are not stored.
    Open(i64, Vec<AbsentFile>),
}

async fn standing(within: &Within, known: Known) -> Result<Standing, Error> {
    let id = match known {
        Known::Record(id) => id,
        Known::Refused(reason) => return Ok(Standing::Settled(Progress::Parked { reason })),
    };
    let row = within
        .one("SELECT state, receipt FROM record WHERE id = $1", &[&id])
        .await?;
    if let Some(receipt) = row.get("receipt") {
        return Ok(Standing::Settled(Progress::Received { receipt }));
    }
    if row.get::<_, &str>("state") == "conflict" {
        let reason = ProblemCode::Conflict;
        return Ok(Standing::Settled(Progress::Parked { reason }));
    }
    Ok(Standing::Open(id, absent_files(within, id).await?))
}

/// A file of a record that is not stored whole.
struct AbsentFile {
    station: i32,
    sealed: Digest,
    have_bytes: u64,
    size_bytes: u64,
}

async fn absent_files(within: &Within, record: i64) -> Result<Vec<AbsentFile>, Error> {
    let rows = within
        .rows(
            "SELECT DISTINCT ON (f.sealed) f.station, f.sealed, f.have_bytes, f.size_bytes
             FROM record_file r JOIN file f USING (station, sealed)
             WHERE r.record_id = $1 AND f.stored_at IS NULL",
            &[&record],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let sealed: &[u8] = row.get("sealed");
            let sealed = sealed.try_into().map_err(|_| Error::Damaged("file"))?;
            Ok(AbsentFile {
                station: row.get("station"),
                sealed: Digest::from_bytes(sealed),
                have_bytes: row.get::<_, i64>("have_bytes") as u64,
                size_bytes: row.get::<_, i64>("size_bytes") as u64,
            })
        })
        .collect()
}

/// What is known of an envelope.
#[derive(Clone, Copy)]
enum Known {
    Record(i64),
    Refused(ProblemCode),
}

async fn known(within: &Within, number: u32, envelope: &Digest) -> Result<Option<Known>, Error> {
    let row = within
        .maybe(
            "SELECT record_id, refused FROM envelope WHERE digest = $1 AND station = $2",
            &[&envelope.as_bytes().as_slice(), &(number as i32)],
        )
        .await?;
    Ok(row.map(|row| match row.get::<_, Option<i64>>("record_id") {
        Some(id) => Known::Record(id),
        None => Known::Refused(ProblemCode::from_name(
            row.get::<_, Option<&str>>("refused").unwrap_or_default(),
        )),
    }))
}

/// Whether a place is the next one of a station's log.
fn follows(station: &Station, place: &LogPlace) -> Result<(), Error> {
    let accepted = &station.accepted;
    let epoch = place.station.epoch;
    if epoch < accepted.epoch {
        return Err(station.problem(ProblemCode::Superseded));
    }
    if epoch > accepted.epoch {
        // A station that was brought back begins anew; what it says of before is of no use.
        return if place.sequence == 1 && place.previous == LogPlace::BEGINNING {
            Ok(())
        } else {
            Err(station.problem(ProblemCode::OutOfOrder))
        };
    }
    if place.sequence > accepted.sequence + 1 {
        return Err(station.problem(ProblemCode::OutOfOrder));
    }
    if place.sequence == accepted.sequence + 1 && place.previous == accepted.head {
        return Ok(());
    }
    // This place, or the one before it, holds something else.
    Err(station.problem(ProblemCode::Forked))
}

async fn mark_forked(
    within: &Within,
    station: &Station,
    envelope: &Envelope,
    bytes: &[u8],
) -> Result<(), Error> {
    within
        .done(
            "INSERT INTO fork (digest, station, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            &[
                &envelope.digest().as_bytes().as_slice(),
                &station.number,
                &bytes,
            ],
        )
        .await?;
    within
        .done(
            "UPDATE station SET standing = 'forked' WHERE number = $1",
            &[&station.number],
        )
        .await?;
    Ok(())
}

/// Stores the record of an envelope; or says why it is none, and leaves no trace of it.
async fn stored(
    within: &Within,
    station: &Station,
    envelope: &Envelope,
    body: &[u8],
) -> Result<Result<i64, ProblemCode>, Error> {
    let submission = match read(body) {
        Ok(submission) => submission,
        Err(code) => return Ok(Err(code)),
    };
    // A message that the database refuses would be refused each time, and whatever the station
    // says after it would wait for ever.
    within.mark().await?;
    match keep(within, station, envelope, &submission, body).await {
        Ok(id) => Ok(Ok(id)),
        Err(Error::Unstorable(why)) => {
            tracing::warn!(station = station.number, why, "a record cannot be stored");
            within.back_to_mark().await?;
            Ok(Err(ProblemCode::Malformed))
        }
        Err(error) => Err(error),
    }
}

fn read(body: &[u8]) -> Result<Submission, ProblemCode> {
    let submission = Submission::from_bytes(body).map_err(|error| match error {
        SubmissionError::VersionUnknown => ProblemCode::VersionUnknown,
        SubmissionError::Shape => ProblemCode::Malformed,
    })?;
    let fits = |file: &SealedFile| {
        i32::try_from(file.position).is_ok()
            && file.sealed_size_bytes > 0
            && [file.sealed_size_bytes, file.size_bytes]
                .iter()
                .all(|size| i64::try_from(*size).is_ok())
    };
    let places: HashSet<_> = submission
        .files
        .iter()
        .map(|file| (file.role, file.position))
        .collect();
    let record = &submission.record;
    let words = [
        &record.code.text,
        &record.code.owner_id,
        &record.document_type,
    ];
    let sound = !submission.files.is_empty()
        && submission.files.len() <= FILES
        && submission.files.iter().all(fits)
        // A receipt speaks of every file that was named, so none may hide behind another.
        && places.len() == submission.files.len()
        && words.iter().all(|word| word.len() <= WORD_LIMIT_BYTES)
        && i32::try_from(record.version).is_ok_and(|version| version >= 1);
    sound.then_some(submission).ok_or(ProblemCode::Malformed)
}

/// Keeps a record, or finds the one that says the same.
async fn keep(
    within: &Within,
    station: &Station,
    envelope: &Envelope,
    submission: &Submission,
    body: &[u8],
) -> Result<i64, Error> {
    let record = &submission.record;
    let document_id = record.document_id.as_uuid();
    let version = record.version as i32;
    let manifest = submission.manifest_sha256;
    // Two stations may send one document at once, when one was cloned from the other.
    within.hold_document(document_id).await?;
    let before = within
        .maybe(
            "SELECT id, manifest, station FROM record
             WHERE document_id = $1 AND version = $2 AND state <> 'conflict'",
            &[&document_id, &version],
        )
        .await?;
    let mut state = "announced";
    if let Some(before) = before {
        let same = before.get::<_, &[u8]>("manifest") == manifest.as_bytes()
            && before.get::<_, i32>("station") == station.number;
        if same {
            return Ok(before.get("id"));
        }
        state = "conflict";
    }
    let body = std::str::from_utf8(body).map_err(|_| Error::from(ProblemCode::Malformed))?;
    let parent = submission.parent_manifest_sha256;
    let row = within
        .one(
            "INSERT INTO record (document_id, version, manifest, parent_manifest, envelope,
                station, state, local_code, document_type, owner_id, code_base, body)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::text::jsonb)
             RETURNING id",
            &[
                &document_id,
                &version,
                &manifest.as_bytes().as_slice(),
                &parent.as_ref().map(|parent| parent.as_bytes().as_slice()),
                &envelope.digest().as_bytes().as_slice(),
                &station.number,
                &state,
                &record.local_code.to_string(),
                &record.document_type,
                &record.code.owner_id,
                &record.code.text,
                &body,
            ],
        )
        .await?;
    let id: i64 = row.get("id");
    files(within, station, id, &submission.files).await?;
    Ok(id)
}

async fn files(
    within: &Within,
    station: &Station,
    record: i64,
    files: &[SealedFile],
) -> Result<(), Error> {
    let sealed: Vec<&[u8]> = files
        .iter()
        .map(|file| file.sealed_sha256.as_bytes().as_slice())
        .collect();
    let plain: Vec<&[u8]> = files
        .iter()
        .map(|file| file.sha256.as_bytes().as_slice())
        .collect();
    let sealed_sizes: Vec<i64> = files
        .iter()
        .map(|file| file.sealed_size_bytes as i64)
        .collect();
    let sizes: Vec<i64> = files.iter().map(|file| file.size_bytes as i64).collect();
    let roles: Vec<&str> = files.iter().map(|file| file.role.name()).collect();
    let positions: Vec<i32> = files.iter().map(|file| file.position as i32).collect();
    let total: i64 = sealed_sizes
        .iter()
        .fold(0, |total, size| total.saturating_add(*size));
    if total > station.room_bytes {
        return Err(ProblemCode::OverQuota.into());
    }
    within
        .done(
            "INSERT INTO file (station, sealed, size_bytes)
             SELECT DISTINCT ON (sealed) $1, sealed, size
             FROM unnest($2::bytea[], $3::bigint[]) AS given (sealed, size)
             ON CONFLICT DO NOTHING",
            &[&station.number, &sealed, &sealed_sizes],
        )
        .await?;
    within
        .done(
            "INSERT INTO record_file (record_id, role, position, station, sealed, plain, size_bytes)
             SELECT $1, role, position, $2, sealed, plain, size
             FROM unnest($3::text[], $4::integer[], $5::bytea[], $6::bytea[], $7::bigint[])
                AS given (role, position, sealed, plain, size)",
            &[&record, &station.number, &roles, &positions, &sealed, &plain, &sizes],
        )
        .await?;
    within
        .done(
            "UPDATE station SET used_bytes = used_bytes + $2 WHERE number = $1",
            &[&station.number, &total],
        )
        .await?;
    Ok(())
}

/// Keeps an envelope as it came, with its record or with why it is none.
async fn log(
    within: &Within,
    envelope: &Envelope,
    bytes: &[u8],
    outcome: Result<i64, ProblemCode>,
) -> Result<(), Error> {
    let place = envelope.place();
    within
        .done(
            "INSERT INTO envelope (digest, station, epoch, sequence, bytes, record_id, refused)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            &[
                &envelope.digest().as_bytes().as_slice(),
                &(place.station.number as i32),
                &i32::from(place.station.epoch),
                &(place.sequence as i64),
                &bytes,
                &outcome.ok(),
                &outcome.err().map(ProblemCode::name),
            ],
        )
        .await?;
    Ok(())
}
