//! Cases: what gives an officer the reason to look at a holder.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use utoipa::ToSchema;
use uuid::Uuid;

use super::look::{Act, Look};
use super::person::Person;
use super::refusal::Refusal;
use crate::database::Prepared as _;

/// How long a case stays in hand: longer than a dossier waits over a weekend, and then the
/// reason is given anew.
const CASE_DAYS: i32 = 7;

/// Why an officer looks.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    /// The dossier is being handled.
    Handling,
    /// Whether a paper that is asked for lies here already.
    Reuse,
    /// What a supplement refers to.
    Supplement,
    /// Somebody complained.
    Complaint,
}

impl Reason {
    const fn name(self) -> &'static str {
        match self {
            Self::Handling => "handling",
            Self::Reuse => "reuse",
            Self::Supplement => "supplement",
            Self::Complaint => "complaint",
        }
    }
}

/// A case to be opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenCase {
    /// The number of the holder, as it stands on the dossier.
    pub(crate) holder: String,
    /// The dossier's code or the number of the day.
    dossier: String,
    /// Why.
    reason: Reason,
}

/// A case in hand.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Case {
    /// Its key.
    id: Uuid,
    /// The key of the dossier.
    dossier: Uuid,
    /// Why it was opened.
    reason: String,
    /// When.
    opened_at: DateTime<Utc>,
    /// Until when.
    expires_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, dossier_id, reason, opened_at, expires_at";

impl Case {
    fn from_row(row: &Row) -> Self {
        Self {
            id: row.get("id"),
            dossier: row.get("dossier_id"),
            reason: row.get("reason"),
            opened_at: row.get("opened_at"),
            expires_at: row.get("expires_at"),
        }
    }
}

/// Opens a case, where a dossier of the officer's own office names this holder.
pub(crate) async fn open(
    mut look: Look<'_>,
    officer: &Person,
    asked: &OpenCase,
) -> Result<Case, Refusal> {
    let holder = look.whose()?.id.clone();
    if holder.is_empty() {
        return Err(Refusal::Malformed);
    }
    let dossier = look
        .within()
        .maybe(
            "SELECT dossier_id FROM record
             WHERE office = $1 AND (owner_id = $2 OR dossier_owner_id = $2)
                AND state <> 'conflict' AND dossier_id IS NOT NULL
                AND $3 IN (body #>> '{dossier,code}', body #>> '{dossier,provisional_number}')
             LIMIT 1",
            &[&officer.office, &holder, &asked.dossier],
        )
        .await?;
    let Some(dossier) = dossier else {
        // That it was tried is kept too.
        return look
            .shown(Act::RefusedCase, &[], Err(Refusal::NotFound))
            .await?;
    };
    let dossier: Uuid = dossier.get(0);
    let row = look
        .within()
        .one(
            &format!(
                "INSERT INTO holder_case (person, office, holder_id, dossier_id, reason, expires_at)
                 VALUES ($1, $2, $3, $4, $5, now() + make_interval(days => {CASE_DAYS}))
                 RETURNING {COLUMNS}"
            ),
            &[
                &officer.digest.as_bytes().as_slice(),
                &officer.office,
                &holder,
                &dossier,
                &asked.reason.name(),
            ],
        )
        .await?;
    let case = Case::from_row(&row);
    look.within_case(case.id, asked.reason.name());
    look.shown(Act::OpenedCase, &[dossier], case).await
}

/// The officer's own cases that are in hand.
pub(crate) async fn list(look: Look<'_>) -> Result<Vec<Case>, Refusal> {
    let rows = look
        .within()
        .rows(
            &format!(
                "SELECT {COLUMNS} FROM holder_case
                 WHERE closed_at IS NULL AND expires_at > now() ORDER BY opened_at DESC"
            ),
            &[],
        )
        .await?;
    let cases: Vec<Case> = rows.iter().map(Case::from_row).collect();
    let things: Vec<Uuid> = cases.iter().map(|case| case.dossier).collect();
    look.shown(Act::ListedCases, &things, cases).await
}

/// Closes a case: from then on its holder is not seen any more.
pub(crate) async fn close(look: Look<'_>, case: Uuid) -> Result<(), Refusal> {
    look.within()
        .done(
            "UPDATE holder_case SET closed_at = now() WHERE id = $1 AND closed_at IS NULL",
            &[&case],
        )
        .await?;
    look.shown(Act::ClosedCase, &[], ()).await
}
