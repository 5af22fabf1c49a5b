//! Sharing: each received record goes to each outlet once, in the order of the log, as long as
//! it takes. What an outlet will never take is parked for a person and holds up nothing.

use std::time::Duration;

use deadpool_postgres::GenericClient;
use domain::digest::Digest;
use tokio_postgres::Row;
use wire::Submission;

use crate::Centre;
use crate::connectors::{Fault, Outlet, Shared};
use crate::database::Prepared as _;
use crate::error::Error;
use crate::reach::Reach;
use crate::receipts::final_code;

/// So many records are taken up at a time.
const AT_ONCE: i64 = 8;
/// So many leaves of the log get their rows at a time.
const TAKEN_IN: i64 = 500;
/// How long nothing is asked after nothing was found, or the database was away.
const IDLE: Duration = Duration::from_secs(1);
const TROUBLED: Duration = Duration::from_secs(5);
/// The first wait after a failure, and the longest; each is twice the one before.
const FIRST_WAIT_S: f64 = 1.;
const LONGEST_WAIT_S: f64 = 3600.;
/// A longer PDF is parked: it would have to lie in memory whole, twice.
const PDF_LIMIT_BYTES: i64 = 128 << 20;

impl Centre {
    /// Shares with an outlet until the process ends.
    pub async fn keep_sharing(self, outlet: Outlet) {
        loop {
            match self.share_some(&outlet).await {
                Ok(0) => tokio::time::sleep(IDLE).await,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, outlet = outlet.name(), "nothing can be shared now");
                    tokio::time::sleep(TROUBLED).await;
                }
            }
        }
    }

    /// Lets parked records be tried again, at any outlet. How many there were.
    pub async fn share_parked_again(&self) -> Result<u64, Error> {
        let within = self.database.within(Reach::Sharing).await?;
        let parked = within
            .done(
                "UPDATE sharing SET state = 'waiting', tries = 0, next_at = now()
                 WHERE state = 'parked'",
                &[],
            )
            .await?;
        within.commit().await?;
        Ok(parked)
    }

    async fn share_some(&self, outlet: &Outlet) -> Result<usize, Error> {
        let name = outlet.name();
        // One instance at a time shares with an outlet, so that it gets what it gets in order;
        // the turn of one that dies ends with its connection.
        let turn = self.database.within(Reach::Sharing).await?;
        let key = format!("sharing with {name}");
        let turn_is_ours = turn
            .one(
                "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))",
                &[&key],
            )
            .await?;
        if !turn_is_ours.get::<_, bool>(0) {
            return Ok(0);
        }
        let due = {
            let within = self.database.within(Reach::Sharing).await?;
            take_in(&*within, name).await?;
            let due = due(&*within, name).await?;
            within.commit().await?;
            due
        };
        for record in &due {
            let outcome = match self.shared(*record).await? {
                Ok(shared) => outlet.0.share(&shared).await,
                Err(fault) => Err(fault),
            };
            self.settle(name, *record, outcome).await?;
        }
        turn.commit().await?;
        Ok(due.len())
    }

    /// A record with its copy; or why it cannot be shared.
    async fn shared(&self, record: i64) -> Result<Result<Shared, Fault>, Error> {
        let within = self.database.within(Reach::Sharing).await?;
        let row = within
            .maybe(
                "SELECT r.body::text, r.code_base, r.code_ordinal, f.sealed, f.plain, f.size_bytes
                 FROM record r JOIN record_file f ON f.record_id = r.id
                 WHERE r.id = $1 AND f.role = 'copy' ORDER BY f.position LIMIT 1",
                &[&record],
            )
            .await?;
        within.commit().await?;
        let never = |why: &str| Ok(Err(Fault::Never(why.to_owned())));
        let Some(row) = row else {
            return never("it has no electronic copy");
        };
        if row.get::<_, i64>("size_bytes") > PDF_LIMIT_BYTES {
            return never("its electronic copy is too long");
        }
        let Ok(submission) = Submission::from_bytes(row.get::<_, &str>(0).as_bytes()) else {
            return never("its message is of another version");
        };
        let sealed = match self.objects.read(&digest(&row, "sealed")?).await {
            Ok(Some(sealed)) => sealed,
            Ok(None) => return never("its electronic copy is not there"),
            Err(Error::Damaged(_)) => return never("its electronic copy is damaged"),
            Err(error) => return Err(error),
        };
        let pdf_sha256 = digest(&row, "plain")?;
        let pdf = match self.keys.open(&sealed) {
            Some(pdf) if Digest::of(&pdf) == pdf_sha256 => pdf,
            _ => return never("its electronic copy does not open"),
        };
        // The Portal takes PDF only.
        if !pdf.starts_with(b"%PDF-") {
            return never("its electronic copy is no PDF");
        }
        Ok(Ok(Shared {
            submission,
            code: final_code(row.get("code_base"), row.get("code_ordinal")),
            pdf: pdf.into(),
            pdf_sha256,
        }))
    }

    async fn settle(
        &self,
        outlet: &str,
        record: i64,
        outcome: Result<(), Fault>,
    ) -> Result<(), Error> {
        let (state, reason) = match outcome {
            Ok(()) => ("shared", None),
            Err(Fault::Never(why)) => ("parked", Some(why)),
            Err(Fault::Later(why)) => ("waiting", Some(why)),
        };
        if let Some(why) = &reason {
            tracing::warn!(outlet, record, state, why, "a record was not taken");
        }
        let within = self.database.within(Reach::Sharing).await?;
        within
            .done(
                "UPDATE sharing SET state = $3, reason = $4, tries = tries + 1,
                    shared_at = CASE WHEN $3 = 'shared' THEN now() END,
                    next_at = now() + make_interval(secs =>
                        least($6, $5 * power(2, least(tries, 20))))
                 WHERE connector = $1 AND record_id = $2",
                &[
                    &outlet,
                    &record,
                    &state,
                    &reason,
                    &FIRST_WAIT_S,
                    &LONGEST_WAIT_S,
                ],
            )
            .await?;
        within.commit().await
    }
}

/// Follows the centre's log: each leaf is a received record and gets its row. Leaves come in
/// their order and are committed with the log, so that none is passed over.
async fn take_in(client: &impl GenericClient, outlet: &str) -> Result<(), Error> {
    client
        .done(
            "INSERT INTO sharing_place (connector) VALUES ($1) ON CONFLICT DO NOTHING",
            &[&outlet],
        )
        .await?;
    client
        .done(
            "WITH place AS (
                SELECT log_index FROM sharing_place WHERE connector = $1 FOR UPDATE
             ), leaves AS (
                SELECT r.id, r.log_index FROM record r, place
                WHERE r.log_index >= place.log_index ORDER BY r.log_index LIMIT $2
             ), taken AS (
                INSERT INTO sharing (connector, record_id) SELECT $1, id FROM leaves
                ON CONFLICT DO NOTHING
             )
             UPDATE sharing_place SET log_index = (SELECT max(log_index) + 1 FROM leaves)
             WHERE connector = $1 AND EXISTS (SELECT 1 FROM leaves)",
            &[&outlet, &TAKEN_IN],
        )
        .await?;
    Ok(())
}

/// What may go now, the oldest first.
async fn due(client: &impl GenericClient, outlet: &str) -> Result<Vec<i64>, Error> {
    let rows = client
        .rows(
            "SELECT record_id FROM sharing
             WHERE connector = $1 AND state = 'waiting' AND next_at <= now()
             ORDER BY record_id LIMIT $2",
            &[&outlet, &AT_ONCE],
        )
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

fn digest(row: &Row, column: &str) -> Result<Digest, Error> {
    let bytes: &[u8] = row.get(column);
    let bytes = bytes
        .try_into()
        .map_err(|_| Error::Damaged("record_file"))?;
    Ok(Digest::from_bytes(bytes))
}
