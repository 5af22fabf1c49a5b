//! What lies here of a person, for the desk that has a dossier of that person in hand.
//!
//! What is shown is written down in the transaction that reads it: what cannot be written
//! down is not shown.

use domain::digest::Digest;
use tokio_postgres::Row;
use wire::{AskCopy, AskHoldings, Holding, Holdings, OnBehalf, ProblemCode, Submission};

use crate::Centre;
use crate::database::Prepared as _;
use crate::error::Error;
use crate::reach::{Reach, Within};
use crate::receipts::final_code;
use crate::stations::Station;

/// More papers of one person than anybody looks through.
const PAPERS_AT_MOST: i64 = 200;

/// So often a station asks in a day at most: ten times what the busiest desk does, and far from
/// what whoever stole one would like.
const LOOKS_A_DAY: i64 = 500;

/// What tells a paper from others. All else of it is shown only with its copy.
// Circular 01/2023/TT-VPCP, art. 9: the basic fields.
const FIELDS: &[&str] = &[
    "number",
    "issued_on",
    "issuer",
    "title",
    "valid_until",
    "scope",
];

impl Centre {
    /// The papers of a person, each in its newest version.
    pub(crate) async fn holdings(&self, number: u32, ask: &AskHoldings) -> Result<Holdings, Error> {
        asked_well(ask.wire_version, &ask.owner_id)?;
        let reach = Reach::Holdings(number as i32, &ask.owner_id);
        let within = self.database.within(reach).await?;
        Station::of(&within, number, false).await?;
        has_looks_left(&within, number).await?;
        let rows = within
            .rows(
                "SELECT id, body, code_base, code_ordinal, received_at FROM (
                    SELECT DISTINCT ON (document_id) * FROM record
                    WHERE owner_id = $1 AND owner_id <> '' AND state = 'received'
                    ORDER BY document_id, version DESC) AS newest
                 ORDER BY received_at DESC LIMIT $2",
                &[&ask.owner_id, &PAPERS_AT_MOST],
            )
            .await?;
        let papers: Vec<Holding> = rows.iter().map(holding).collect::<Result<_, _>>()?;
        let ids: Vec<i64> = rows.iter().map(|row| row.get("id")).collect();
        keep(&within, number, &ask.on_behalf, "list", &ids).await?;
        within.commit().await?;
        Ok(Holdings { papers })
    }

    /// The electronic copy of a paper of a person.
    pub(crate) async fn copy(&self, number: u32, ask: &AskCopy) -> Result<Vec<u8>, Error> {
        asked_well(ask.wire_version, &ask.owner_id)?;
        let reach = Reach::Holdings(number as i32, &ask.owner_id);
        let within = self.database.within(reach).await?;
        Station::of(&within, number, false).await?;
        has_looks_left(&within, number).await?;
        let version = i32::try_from(ask.version).map_err(|_| Error::from(ProblemCode::Unknown))?;
        let row = within
            .maybe(
                "SELECT r.id, f.sealed, f.plain FROM record r
                    JOIN record_file f ON f.record_id = r.id AND f.role = 'copy'
                 WHERE r.document_id = $1 AND r.version = $2 AND r.owner_id = $3 AND r.owner_id <> ''
                    AND r.state = 'received' ORDER BY f.position LIMIT 1",
                &[&ask.document_id.as_uuid(), &version, &ask.owner_id],
            )
            .await?;
        let row = row.ok_or(Error::from(ProblemCode::Unknown))?;
        let (sealed, plain) = (digest(&row, "sealed")?, digest(&row, "plain")?);
        keep(&within, number, &ask.on_behalf, "copy", &[row.get("id")]).await?;
        within.commit().await?;
        let bytes = self.objects.read(&sealed).await?;
        let bytes = bytes.and_then(|bytes| self.keys.open(&bytes));
        let bytes = bytes.ok_or(Error::Damaged("sealed file"))?;
        // What comes out must be what the station had signed.
        if Digest::of(&bytes) != plain {
            return Err(Error::Damaged("file"));
        }
        Ok(bytes)
    }
}

fn asked_well(version: u32, owner_id: &str) -> Result<(), Error> {
    if version > wire::VERSION {
        return Err(ProblemCode::VersionUnknown.into());
    }
    // Papers of people without a number lie together under none.
    if owner_id.is_empty() {
        return Err(ProblemCode::Malformed.into());
    }
    Ok(())
}

fn digest(row: &Row, column: &str) -> Result<Digest, Error> {
    let bytes: &[u8] = row.get(column);
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| Error::Damaged(""))?;
    Ok(Digest::from_bytes(bytes))
}

fn holding(row: &Row) -> Result<Holding, Error> {
    let body: serde_json::Value = row.get("body");
    let submission: Submission =
        serde_json::from_value(body).map_err(|_| Error::Damaged("record"))?;
    let copy = submission
        .files
        .iter()
        .find(|file| file.role == wire::submission::FileRole::Copy)
        .ok_or(Error::Damaged("record"))?;
    let mut code = submission.record.code;
    code.text = final_code(row.get("code_base"), row.get("code_ordinal"));
    let fields = submission.record.fields.into_iter();
    Ok(Holding {
        document_id: submission.record.document_id,
        version: submission.record.version,
        local_code: submission.record.local_code,
        document_type: submission.record.document_type,
        code,
        fields: fields
            .filter(|field| FIELDS.contains(&field.name.as_str()))
            .collect(),
        received_at: row.get("received_at"),
        copy_sha256: copy.sha256,
        copy_size_bytes: copy.size_bytes,
    })
}

async fn has_looks_left(within: &Within, station: u32) -> Result<(), Error> {
    let looks: i64 = within
        .one(
            "SELECT count(*) FROM shown_to_station
             WHERE station = $1 AND shown_at > now() - interval '1 day'",
            &[&(station as i32)],
        )
        .await?
        .get(0);
    if looks < LOOKS_A_DAY {
        Ok(())
    } else {
        Err(ProblemCode::OverQuota.into())
    }
}

/// Writes down what is shown, to whom and why.
async fn keep(
    within: &Within,
    station: u32,
    on_behalf: &OnBehalf,
    what: &str,
    records: &[i64],
) -> Result<(), Error> {
    within
        .done(
            "INSERT INTO shown_to_station (station, officer, dossier, what, records)
             VALUES ($1, $2, $3, $4, $5)",
            &[
                &(station as i32),
                &on_behalf.officer.id.as_uuid(),
                &on_behalf.dossier.as_uuid(),
                &what,
                &records,
            ],
        )
        .await?;
    Ok(())
}
